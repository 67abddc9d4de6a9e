"""Registers typed without room in their columns: a text that is too long for its cell goes on in the row below, which has no number.
Such rows are one.
"""

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, field
from itertools import chain, islice

from common.dates import read_day
from common.old_fonts import UNICODE
from common.text import compare_key
from models_registry.registers.blocks import heads_block
from models_registry.registers.cells import Told, Typed, texts_of
from models_registry.registers.doers import is_doer
from models_registry.registers.headings import Heading, Role, column_of
from models_registry.registers.no_rows import NUMBERED, SIGNATURE, TOTAL
from models_registry.registers.opening import Row
from models_registry.registers.vocabulary import FieldBook, bare_section, heads_kind, is_mark, match_subject_kind

AHEAD = 60  # rows below the heading that tell
ENOUGH = 3  # rows that plainly go on, from which it is this register's way
MOST_LINES = 5  # below a model's first
FEWEST_CELLS = 3  # of a model's first row
PLAINLY, PERHAPS = "plainly", "perhaps"

Texts = tuple[int, list[str]]
Body = Iterator[tuple[int, Row]]


@dataclass
class CarriedOn:
    """How rows go on in a table: `number`, `title`: the columns of numbers and names. `is_usual`: whether many of its rows do."""

    number: int
    title: int
    fields: FieldBook
    is_usual: bool = False
    last_row: int = 0
    rows: dict[int, bool] = field(default_factory=dict)
    """The rows that were put together: whether somebody should look at them."""

    def joined(self, body: Body, usual: str) -> Body:
        first: tuple[int, Row] | None = None
        lines = 0
        for number, row in body:
            is_below = self._has_no_number(row)
            if first and is_below and lines < MOST_LINES and (goes_on := self._join(first[1], row, usual)):
                is_plain = self.is_usual and goes_on == PLAINLY
                self.rows[first[0]] = self.rows.get(first[0], False) or not is_plain
                lines += 1
                continue
            if first:
                yield first
            first, lines = None if is_below else (number, copy(row)), 0
            if is_below:
                yield number, row
        if first:
            yield first

    def _join(self, first: Row, row: Row, usual: str) -> str:
        """Put a row's words behind those above them where they go on with these: plainly, perhaps or not at all (empty)."""
        above, below = texts_of(first, usual), texts_of(row, usual)
        is_model = NUMBERED.match(above[self.number]) and sum(map(bool, above)) >= FEWEST_CELLS
        goes_on = self.goes_on(above, below) if is_model else ""
        if goes_on:
            _add(first, row, above, below)
        return goes_on

    def shown(self, rows: list[Texts]) -> list[Texts]:
        """A sheet's rows as they are read."""
        above = [row for row in rows if row[0] <= self.last_row]
        return [*above, *self.joined((row for row in rows if row[0] > self.last_row), UNICODE)]

    def goes_on(self, first: list[str], cells: list[str]) -> str:
        """Whether a row without a number says the rest of what the one above it begins: plainly, since words begin in small letters,
        perhaps, or not at all (empty).
        """
        filled = [at for at, cell in enumerate(cells) if cell]
        above = [at for at, cell in enumerate(first) if cell and at != self.number]
        if not filled or not set(filled) < set(above) or any(map(self._is_other, (cells[at] for at in filled))):
            return ""
        if any(read_day(first[at]) or (self._is_value(first[at]) and self._is_value(cells[at])) for at in filled):
            return ""  # a whole day has no more words
        if any(_is_heading_of(cells[at], first[at]) for at in filled):
            return ""
        of_title = cells[self.title] if self.title in filled else ""
        telling = [self.title] if " " in of_title else filled  # a further name of a group, whatever stands beside it
        begins_small = any(cells[at][0].islower() and not first[at][0].islower() for at in telling)
        if begins_small and not (of_title and is_doer(of_title)):
            return PLAINLY
        is_apart = (filled == [self.title] and self._is_section(of_title)) or 2 * len(filled) > len(above) + 1
        if not self.is_usual or (is_apart and not begins_small):
            return ""
        return PERHAPS if of_title else PLAINLY

    def _has_no_number(self, row: Row) -> bool:
        return self.number >= len(row) or not str(row[self.number]).strip()

    def _is_other(self, cell: str) -> bool:
        """Whether a cell is a total, who signs, a mark or begins with a label: no more words of another."""
        label = cell.partition(":")[0] if ":" in cell else ""
        if TOTAL.match(cell) or SIGNATURE.match(compare_key(cell)) or is_mark(cell) or cell.startswith(("-", "–", "+", "*")):
            return True
        if cell.startswith("(") and not self.is_usual:
            return True
        return NUMBERED.match(cell) is not None or (bool(label) and column_of(0, label, self.fields) is not None)

    def _is_value(self, cell: str) -> bool:
        """Whether a cell says a field or a kind, whole."""
        return self.fields.match(cell) is not None or bool(heads_kind(cell) or match_subject_kind(cell))

    def _is_section(self, cell: str) -> bool:
        return heads_block(cell) or self._is_value(bare_section(cell)[0])


def _is_heading_of(words: str, above: str) -> bool:
    """Whether words are in capitals below others, as who signs."""
    return words.isupper() and " " in words and not above.isupper()


def _add(first: Row, row: Row, above: list[str], below: list[str]) -> None:
    """Put a row's words behind those above them, in the font that they have in common; a text that was typed on the portal over the
    first stands for all. `above`, `below`: the same as texts.
    """
    for at, words in enumerate(below):
        if words and type(first[at]) is not Typed:
            are_the_files = first[at].__class__ is str and row[at].__class__ is str
            first[at] = f"{first[at]} {row[at]}" if are_the_files else Told(f"{above[at]} {words}")


def carried_on(heading: Heading, body: Body, usual: str, fields: FieldBook) -> tuple[Body, CarriedOn | None]:
    """The rows of the body, those whose text goes on below them together with what does."""
    number, title = heading.first(Role.NUMBER), heading.first(Role.TITLE)
    if number is None or title is None or heading.names_under:
        return body, None
    ahead = list(islice(body, AHEAD))
    found = CarriedOn(number.index, title.index, fields, last_row=heading.last_row)
    found.is_usual = _plain_lines(found, [texts_of(row, usual) for _, row in ahead]) >= ENOUGH
    return found.joined(chain(ahead, body), usual), found


def _plain_lines(found: CarriedOn, rows: list[list[str]]) -> int:
    """How many rows plainly go on with the one above, or with what goes on with that."""
    first, told = list[str](), 0
    for cells in rows:
        if found.number < len(cells) and NUMBERED.match(cells[found.number]):
            first = cells
        elif first and any(cells) and found.goes_on(first, cells) == PLAINLY:
            told += 1
        else:
            first = []
    return told
