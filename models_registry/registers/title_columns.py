"""Registers in which the name of a model stands below what it is: a field, a kind of registration or of doer."""

from collections.abc import Callable, Iterator

from models_registry.registers.headings import Heading, Role
from models_registry.registers.no_rows import NUMBERED
from models_registry.registers.opening import Row
from models_registry.registers.several import SeveralModels, all_of
from models_registry.registers.vocabulary import is_mark

_FEWEST_CELLS = 3  # of a row without a number
MARK = "x"

Body = Iterator[tuple[int, Row]]


def named(heading: Heading, body: Body, several: SeveralModels, is_whole: Callable[[int], bool]) -> Body:
    """The rows of the body with the name in a column of its own and a mark where it stood; a row of several names as a row for each,
    unless it is known to be one.
    """
    number = heading.first(Role.NUMBER)
    title = next(column.index for column in heading.columns if column.role == Role.TITLE)
    for at, row in body:
        filled = [index for index in heading.names_under if index < len(row) and row[index] != ""]
        is_numbered = number is not None and number.index < len(row) and _is_number(row[number.index])
        is_row = is_numbered or (number is None and sum(cell != "" for cell in row) >= _FEWEST_CELLS)
        names = [(index, name) for index in filled for name in several.titles_in(row[index]) or [row[index]]] if is_row else []
        if not names or not all(_is_name(name) for _, name in names) or (len(names) > 1 and is_whole(at)):
            yield at, row
            continue
        models, owned = [], []
        for index, name in names:
            cells = [*row, *[""] * (title + 1 - len(row))]
            for other in filled:
                cells[other] = ""
            owned.append([name if column == index else cell for column, cell in enumerate(cells)])
            cells[index] = MARK
            cells[title] = cells[title] or name
            models.append(cells)
        yield from ((at, model) for model in all_of(models, row, owned))


def _is_name(cell: object) -> bool:
    return isinstance(cell, str) and bool(cell.strip()) and not is_mark(cell) and not cell.strip().isdecimal()


def _is_number(cell: object) -> bool:
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
    return bool(NUMBERED.match(text.strip()))
