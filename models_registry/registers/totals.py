"""The totals that a register states, beside what was read: parts must add up, and where they do not, it is said."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Totals:
    """Counts of a sheet: all rows and rows by marked column, since the beginning and since the last total."""

    rows: int = 0
    _marks: Counter[int] = field(default_factory=Counter)
    _rows_before: int = 0
    _marks_before: Counter[int] = field(default_factory=Counter)

    def count(self, marked: list[int]) -> None:
        self.rows += 1
        if marked:
            self._marks.update(marked)

    def compare(self, said: list[tuple[int | None, int]]) -> list[tuple[int | None, int, int]]:
        """(marked column or None for all, number) of one total row -> (column, number, read) of those that do not hold.

        A number holds when it fits the whole so far, or the part since the last total.
        """
        wrong = []
        for column, number in said:
            read = self.rows if column is None else self._marks[column]
            before = self._rows_before if column is None else self._marks_before[column]
            if number not in (read, read - before):
                wrong.append((column, number, read))
        self._rows_before, self._marks_before = self.rows, self._marks.copy()
        return wrong
