"""What every format yields: tables of numbered rows, and what of them was hidden or struck through."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from models_registry.registers.refusing import RegisterUnreadable, too_far

CELL_LIMIT = 4_000_000  # cells of a rectangle: a stray cell at its far corner would fill the memory
MOST_TOLD = 1_000_000  # cells that are told one by one, in formats that Python goes through: fifty thousand rows of twenty
MOST_COLUMNS = 16_384  # of a sheet, in Excel and LibreOffice

Row = list[Any]
Merged = tuple[int, int, int]  # first row, last row, column from 0


@dataclass
class Marks:
    """What a sheet's reader must not take for granted."""

    hidden_rows: list[int] = field(default_factory=list)
    struck: dict[int, list[int]] = field(default_factory=dict)
    """Row -> the columns (from 0) that are struck through."""
    filled: dict[int, tuple[int, str]] = field(default_factory=dict)
    """Row -> its first cell that has a colour: column (from 0), colour."""
    overprinted: dict[int, bool] = field(default_factory=dict)
    """Row in which lines are printed over one another -> whether it is settled which is whose."""


@dataclass
class Table:
    """One sheet, or a document with all its tables in their order; the lines between them are rows of one cell."""

    name: str
    rows: Iterable[tuple[int, Row]] = ()
    hidden: bool = False
    merged: list[Merged] = field(default_factory=list)
    marks: Marks = field(default_factory=Marks)

    def head(self) -> dict[str, Any]:
        said = {"name": self.name, "hidden": self.hidden, "merged": self.merged}
        return (
            said
            | {"hidden_rows": self.marks.hidden_rows, "struck": list(self.marks.struck.items())}
            | {"filled": [(row, *first) for row, first in self.marks.filled.items()]}
            | {"overprinted": list(self.marks.overprinted.items())}
        )


class Lines:
    """Rows put together one by one, with cells that reach over several columns or rows: a table's, a document's."""

    def __init__(self, name: str) -> None:
        self.table = Table(name, rows=[])
        self.rows: list[tuple[int, Row]] = self.table.rows  # type: ignore[assignment]
        self._cells = self._told = 0
        self._number = 0
        self._reach: dict[int, int] = {}  # column -> rows below that a cell above still covers
        self._tops: dict[int, int] = {}  # column -> the merged cell that is open there

    def begin_table(self) -> None:
        self._reach, self._tops = {}, {}

    def begin_row(self, number: int | None = None, is_settled: bool | None = None) -> None:
        """`number`: as the file says it; otherwise the next. `is_settled`: of lines that are printed over one another."""
        self._number = number if number is not None and number > self._number else self._number + 1
        if is_settled is not None:
            self.table.marks.overprinted[self._number] = is_settled
        self._row: Row = []
        self._covered = {column for column, left in self._reach.items() if left > 0}
        self._reach = {column: left - 1 for column, left in self._reach.items() if left > 1}

    def cell(
        self,
        value: Any,
        *,
        across: int = 1,
        down: int = 1,
        struck: bool = False,
        colour: str = "",
        at: int | None = None,
        top: bool | None = None,
    ) -> None:
        """`across`, `down`: how many columns and rows it covers. `at`: its column, where the file says it. `top`: whether it begins
        a merged cell, or carries it on; None where each cell stands for itself.
        """
        column = len(self._row) if at is None else max(at, len(self._row))
        while at is None and column in self._covered:
            column += 1
        self._count(column + across - len(self._row))
        self._row += [""] * (column - len(self._row)) + [value] + [""] * (across - 1)
        if struck and value != "":
            self.table.marks.struck.setdefault(self._number, []).append(column)
        if colour:
            self.table.marks.filled.setdefault(self._number, (column, colour))
        if top is False and column in self._tops:
            self.table.merged[self._tops[column]] = (self.table.merged[self._tops[column]][0], self._number, column)
        elif top:
            self._tops[column] = len(self.table.merged)
            self.table.merged.append((self._number, self._number, column))
        if down > 1:
            self.table.merged.append((self._number, self._number + down - 1, column))
            self._reach |= dict.fromkeys(range(column, column + across), down - 1)

    def end_row(self, *, hidden: bool = False) -> None:
        if hidden:
            self.table.marks.hidden_rows.append(self._number)
        if any(cell != "" for cell in self._row):
            self.rows.append((self._number, self._row))

    def line(self, texts: list[str]) -> None:
        """What stands outside of tables."""
        self.begin_table()
        self.begin_row()
        for text in texts:
            self.cell(text)
        self.end_row()

    def _count(self, more: int) -> None:
        self._told += 1
        if self._told > MOST_TOLD:
            raise RegisterUnreadable("Tệp có hơn một triệu ô, không phải sổ đăng ký. Xin chia thành nhiều tệp.")
        self._cells += more
        if self._cells > CELL_LIMIT or len(self._row) + more > MOST_COLUMNS:
            raise too_far(self._number, len(self._row) + more)
