"""The tree of units, kept over tests: nearly all of them leave the units alone, and reading a thousand of them takes longer than
many a test. It is read anew in a test that wrote to a table of units, after a change of stage, and wherever nothing is to be
remembered or nothing is rolled back.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connection

from organisation.tree import UnitTree

TABLES = ("organisation_unit", "organisation_level")  # how their names begin


class KeptTree:
    """`touched`: the units may be others than those of `kept`, until the test's savepoint is undone."""

    def __init__(self) -> None:
        self.kept: dict[str, Any] = {}
        self.touched = True
        connection.execute_wrappers.append(self.watch)
        read = UnitTree.__init__

        def read_or_keep(tree: UnitTree) -> None:
            if self.touched or not settings.REMEMBER_SECONDS:
                return read(tree)
            if not self.kept:
                read(tree)
                self.kept = dict(vars(tree))
            vars(tree).update(self.kept)  # what it asks for later stays this test's own
            return None

        UnitTree.__init__ = read_or_keep  # type: ignore[method-assign]

    def watch(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.startswith("SELECT") and any(table in sql for table in TABLES):
            self.touched = True
        return execute(sql, params, many, context)
