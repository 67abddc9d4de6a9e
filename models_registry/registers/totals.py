"""The totals that a register states, beside what was read: parts must add up, and where they do not, it is said."""

from collections import Counter
from dataclasses import dataclass, field

NAMED = 5  # rows that are there twice, in one sentence


@dataclass
class Totals:
    """Counts of a sheet: all rows and rows by marked column, since the beginning and since the last total."""

    rows: int = 0
    doubles: list[str] = field(default_factory=list)
    """The rows among them that say what an earlier row said, in words."""
    _marks: Counter[int] = field(default_factory=Counter)
    _before: tuple[int, int] = (0, 0)
    _marks_before: Counter[int] = field(default_factory=Counter)

    def count(self, marked: list[int]) -> None:
        self.rows += 1
        if marked:
            self._marks.update(marked)

    def compare(self, said: list[tuple[int | None, int]]) -> list[tuple[int | None, int, int]]:
        """(marked column or None for all, number) of one total row -> (column, number, read) of those that do not hold.

        A number holds when it fits the whole so far, or the part since the last total or the last unit's rows. That of all rows counts none twice.
        """
        wrong = []
        all_rows, all_doubles = self._before
        for column, number in said:
            if column is None:
                read, part = self.rows - len(self.doubles), self.rows - all_rows - (len(self.doubles) - all_doubles)
            else:
                read, part = self._marks[column], self._marks[column] - self._marks_before[column]
            if number not in (read, part):
                wrong.append((column, number, read))
        self.begin_part()
        return wrong

    def begin_part(self) -> None:
        """From here on rows are counted for the next total, too."""
        self._before, self._marks_before = (self.rows, len(self.doubles)), self._marks.copy()


def doubles_told(doubles: list[str]) -> str:
    """The end of a sentence that says how many rows were read: those that are there twice, the first few by name."""
    if not doubles:
        return ""
    named = "; ".join(doubles[:NAMED]) + ("; …" if len(doubles) > NAMED else "")
    return f", {len(doubles)} dòng trùng ({named})"
