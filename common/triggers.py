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

    `event`: INSERT, DELETE, UPDATE or `UPDATE OF a, b`. `when`: SQL over OLD and NEW, may ask other tables.
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
        create = f"CREATE TRIGGER {self.trigger} BEFORE {self.event} ON {self.table} FOR EACH ROW"
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
