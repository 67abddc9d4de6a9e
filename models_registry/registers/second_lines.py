"""Registers of which each model fills several rows of the sheet: name and day in the first, who does it below the name. Each is one row."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice

from common.old_fonts import UNICODE
from common.text import compare_key
from models_registry.registers.cells import texts_of
from models_registry.registers.headings import Heading, Role, column_of, understand
from models_registry.registers.no_rows import NUMBERED, SIGNATURE, TOTAL
from models_registry.registers.opening import Row
from models_registry.registers.vocabulary import FieldBook

AHEAD = 60  # rows below the heading that tell
FEWEST = 2  # models
MOST_LINES = 3  # below a model's first
MOST_CELLS = 3  # of such a line
_NEARLY_ALL = 0.8  # share of the models that have as many lines, of the columns that most have

Texts = tuple[int, list[str]]
Body = Iterator[tuple[int, Row]]
Place = tuple[int, int]  # of a cell of a model: line below its first, column


@dataclass(frozen=True)
class SecondLines:
    """Which cells below a model's first row stand behind it, in which columns. `head`: the row that says what they hold."""

    number: int
    columns: dict[Place, int]
    head: Texts | None
    last_row: int

    def joined(self, body: Body, usual: str) -> Body:
        rest = (item for item in body if not self.head or item[0] != self.head[0])
        return _joined(rest, self.number, self.columns, usual)

    def shown(self, rows: list[Texts]) -> list[Texts]:
        """A sheet's rows as they are read."""
        above = [self._headed(row) for row in rows if row[0] <= self.last_row]
        return [*above, *self.joined((row for row in rows if row[0] > self.last_row), UNICODE)]

    def _headed(self, row: Texts) -> Texts:
        if not self.head or row[0] != self.head[0]:
            return row
        cells = [*row[1], *[""] * (max(self.columns.values()) + 1 - len(row[1]))]
        for (line, at), index in self.columns.items():
            if not line and at < len(row[1]):
                cells[at], cells[index] = "", cells[at]
        return row[0], cells


def joined_lines(
    heading: Heading, head: list[Texts], body: Body, usual: str, fields: FieldBook
) -> tuple[Body, SecondLines | None]:
    """The rows of the body, those of one model as one: what stands below its first row stands behind it, in columns of their own.
    The heading learns what these hold where a row of it says so. `head`: the heading's own rows.
    """
    ahead = list(islice(body, AHEAD))
    body = chain(ahead, body)
    number = heading.first(Role.NUMBER)
    if number is None or not ahead:
        return body, None
    texts = [(at, texts_of(row, usual)) for at, row in ahead]
    labels, texts = _second_head(heading, head, texts, fields)
    below = _lines_below(texts, number.index)
    if not below:
        return body, None
    first = head[: len(head) - bool(labels and labels[0] <= heading.last_row)]
    if first and len(first) < len(head):  # its last row heads the second lines, and was taken for more of the first
        upper = understand(first, fields)
        heading.columns, heading.ignored, heading.levels = upper.columns, upper.ignored, upper.levels
    width = 1 + max([at for _, at in below] + [column.index for column in heading.columns] + [at for at, _ in heading.ignored])
    columns = {place: width + n for n, place in enumerate(sorted(below))}
    heading.width = width + len(columns)
    if labels:
        heading.last_row = max(heading.last_row, labels[0])
        heading.words.append([cell for cell in labels[1] if cell])
        _tell(heading, columns, labels[1], fields)
    second = SecondLines(number.index, columns, labels, heading.last_row)
    return second.joined(body, usual), second


def _second_head(heading: Heading, head: list[Texts], texts: list[Texts], fields: FieldBook) -> tuple[Texts | None, list[Texts]]:
    """The row that heads the second lines, the heading's last or the one below it, and the rows below that."""
    number = heading.first(Role.NUMBER)
    last = head[-1] if len(head) > 1 else None
    for row, rest in ((texts[0], texts[1:]), (last, texts)):
        if row is None or number is None or _at(row[1], number.index):
            continue
        words = [(at, cell) for at, cell in enumerate(row[1]) if cell]
        above = [cells for n, cells in (head if row is texts[0] else head[:-1]) if n < row[0]]
        stand_below = all(any(_at(cells, at) for cells in above) for at, _ in words)
        if 0 < len(words) <= MOST_CELLS and stand_below and all(column_of(at, cell, fields) for at, cell in words):
            return row, rest
    return None, texts


def _lines_below(texts: list[Texts], number: int) -> set[Place]:
    """Where the cells of second lines stand, if nearly all models have as many of them; none where most have one row."""
    models: list[tuple[list[str], list[list[str]]]] = []
    for _, cells in texts:
        if NUMBERED.match(_at(cells, number)):
            models.append((cells, []))
        elif models and _is_line(cells, number):
            models[-1][1].append(cells)
    if len(models) < FEWEST:
        return set()
    depth, often = Counter(len(lines) for _, lines in models).most_common(1)[0]
    if not 0 < depth <= MOST_LINES or often < _NEARLY_ALL * len(models):
        return set()
    alike = [(first, lines) for first, lines in models if len(lines) == depth]
    places = Counter((n, at) for _, lines in alike for n, cells in enumerate(lines) for at, cell in enumerate(cells) if cell)
    found = {place for place, times in places.items() if times >= _NEARLY_ALL * len(alike)}
    is_short = all(2 * sum(map(bool, cells)) <= sum(map(bool, first)) for first, lines in alike for cells in lines)
    return found if len(found) == len(places) and len(found) <= MOST_CELLS and is_short else set()


def _is_line(cells: list[str], number: int) -> bool:
    words = [cell for cell in cells if cell]
    return bool(words) and not _at(cells, number) and not _ends(words)


def _ends(words: list[str]) -> bool:
    """Whether a row is a total or who signs."""
    return any(TOTAL.match(word) or SIGNATURE.match(compare_key(word)) for word in words)


def _tell(heading: Heading, columns: dict[Place, int], labels: list[str], fields: FieldBook) -> None:
    for (line, at), index in columns.items():
        label = _at(labels, at) if not line else ""
        column = column_of(index, label, fields) if label else None
        if column:
            heading.columns.append(column)
        elif label:
            heading.ignored.append((index, label))


def _joined(body: Body, number: int, columns: dict[Place, int], usual: str) -> Body:
    depth, places = 1 + max(line for line, _ in columns), {at for _, at in columns}
    model: tuple[int, Row] | None = None
    lines = depth
    for row_number, row in body:
        cells = texts_of(row, usual)
        if model and lines < depth and _is_line(cells, number) and all(at in places for at, cell in enumerate(cells) if cell):
            first = model[1]
            for at, cell in enumerate(row):
                if (index := columns.get((lines, at))) is not None and cell != "":
                    first += [""] * (index + 1 - len(first))
                    first[index] = cell if first[index] == "" else first[index]
            lines += 1
            continue
        if model:
            yield model
            model = None
        if NUMBERED.match(_at(cells, number)):
            model, lines = (row_number, list(row)), 0
        else:
            yield row_number, row
    if model:
        yield model


def _at(cells: list[str], index: int) -> str:
    return cells[index] if index < len(cells) else ""
