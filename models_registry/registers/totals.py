"""The totals that a register states, beside what was read: parts must add up, and where they do not, it is said."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class _Section:
    label: str
    said: int | None
    begun_at: int


@dataclass
class Totals:
    """Counts of a sheet: all rows, rows by marked column, rows of the open section and since the last total."""

    rows: int = 0
    _marks: Counter[int] = field(default_factory=Counter)
    _rows_before: int = 0
    _marks_before: Counter[int] = field(default_factory=Counter)
    _open: dict[str, _Section] = field(default_factory=dict)

    def count(self, marked: list[int]) -> None:
        self.rows += 1
        for index in marked:
            self._marks[index] += 1

    def begin(self, what: str, label: str, said: int | None) -> list[str]:
        """A section begins: the one of its sort before it ends. Returns the sentence when its count did not hold."""
        wrong = self._close(what)
        self._open[what] = _Section(label, said, self.rows)
        return wrong

    def _close(self, what: str) -> list[str]:
        section = self._open.pop(what, None)
        if section is None or section.said is None or section.said == self.rows - section.begun_at:
            return []
        return [f"Mục “{section.label[:60]}” ghi {section.said}, đọc được {self.rows - section.begun_at} dòng."]

    def close_all(self) -> list[str]:
        return [wrong for what in list(self._open) for wrong in self._close(what)]

    def compare(self, said: list[tuple[str, int, str]]) -> list[tuple[str, tuple[int, int]]]:
        """(heading, number, what it counts) of one total row -> those that fit neither the whole nor the part since the last total."""
        wrong = []
        for where, number, what in said:
            if what == "all":
                fits = {self.rows, self.rows - self._rows_before}
                read = self.rows
            else:
                index = int(what.removeprefix("mark:"))
                fits = {self._marks[index], self._marks[index] - self._marks_before[index]}
                read = self._marks[index]
            if number not in fits:
                wrong.append((where, (number, read)))
        self._rows_before, self._marks_before = self.rows, self._marks.copy()
        return wrong
