"""Triggers that refuse a write, on PostgreSQL and on SQLite alike: what must never be changed is guarded by the database itself.

SQLite drops a table's triggers when a later migration rebuilds the table (any added or altered column): such a migration
ends with the table's guards again. `tests/common/test_migrations.py` compares the triggers of a new database with those of
one that was migrated on.
"""

from collections.abc import Iterable
from typing import Any

from django.db.migrations.operations.base import Operation


def changed(columns: Iterable[str]) -> str:
    """The condition that one of the columns is about to get another value."""
    return " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns)


class Refuse(Operation):
    """Let the database refuse `event` on the rows of `table` for which `when` holds.

    `event`: INSERT, DELETE, UPDATE, `UPDATE OF a, b`, or TRUNCATE, which only PostgreSQL knows. `when`: SQL over OLD and NEW,
    may ask other tables.
    `only`: the one database vendor that needs the trigger. The trigger is called `<table>_<name>`.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, table: str, name: str, event: str, *, when: str, message: str, only: str = "") -> None:
        self.table, self.name, self.event = table, name, event
        self.when, self.message, self.only = when, message, only

    @property
    def trigger(self) -> str:
        return f"{self.table}_{self.name}"

    def state_forwards(self, app_label: str, state: Any) -> None:
        pass

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        vendor = schema_editor.connection.vendor
        if self.only and vendor != self.only:
            return
        each = "STATEMENT" if self.event == "TRUNCATE" else "ROW"
        create = f"CREATE TRIGGER {self.trigger} BEFORE {self.event} ON {self.table} FOR EACH {each}"
        if vendor == "postgresql":  # the condition stands in the function: a WHEN clause may not ask other tables
            row = "OLD" if self.event == "DELETE" else "NEW"
            schema_editor.execute(
                f"CREATE FUNCTION {self.trigger}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {self.when} THEN RAISE "
                f"EXCEPTION '{self.message}' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN {row}; END $$"
            )
            schema_editor.execute(f"{create} EXECUTE FUNCTION {self.trigger}()")
        else:
            schema_editor.execute(f"{create} WHEN {self.when} BEGIN SELECT RAISE(ABORT, '{self.message}'); END")

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        vendor = schema_editor.connection.vendor
        if self.only and vendor != self.only:
            return
        if vendor == "postgresql":
            schema_editor.execute(f"DROP FUNCTION {self.trigger}() CASCADE")
        else:
            schema_editor.execute(f"DROP TRIGGER {self.trigger}")

    def describe(self) -> str:
        return f"Refuse {self.event} on {self.table}: {self.message}"


class Lift(Refuse):
    """Take a guard away, by the arguments of the `Refuse` that made it."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        super().database_backwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        super().database_forwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"No longer refuse {self.event} on {self.table}: {self.message}"


def refuse_all(table: str, keys: Iterable[str], message: str) -> list[Refuse]:
    """Let the database refuse every UPDATE, DELETE and TRUNCATE; on SQLite also INSERT OR REPLACE, which deletes the row that has
    one of the unique `keys` without asking a trigger.
    """
    same = " OR ".join(f"there.{key} = NEW.{key}" for key in keys)
    taken = f"EXISTS (SELECT 1 FROM {table} there WHERE {same})"  # noqa: S608  # nosec B608  names of ours alone
    return [
        Refuse(table, "stays", "UPDATE", when="TRUE", message=message),
        Refuse(table, "kept", "DELETE", when="TRUE", message=message),
        Refuse(table, "whole", "TRUNCATE", when="TRUE", message=message, only="postgresql"),
        Refuse(table, "place", "INSERT", when=taken, message=message, only="sqlite"),
    ]


class Statements(Operation):
    """SQL for one database vendor alone."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, vendor: str, forwards: Iterable[str], backwards: Iterable[str]) -> None:
        self.vendor, self.forwards, self.backwards = vendor, list(forwards), list(backwards)

    def state_forwards(self, app_label: str, state: Any) -> None:
        pass

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        self._execute(schema_editor, self.forwards)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        self._execute(schema_editor, self.backwards)

    def _execute(self, schema_editor: Any, statements: list[str]) -> None:
        if schema_editor.connection.vendor == self.vendor:
            for statement in statements:
                schema_editor.execute(statement)

    def describe(self) -> str:
        return f"SQL for {self.vendor}"
