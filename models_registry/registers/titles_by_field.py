"""Registers in which the name of a model stands in the column of its field: 'Tên mô hình thuộc lĩnh vực' over 'Kinh tế', 'Văn hóa'."""

from collections.abc import Iterator

from models_registry.registers.headings import Heading, Role
from models_registry.registers.no_rows import NUMBERED
from models_registry.registers.opening import Row
from models_registry.registers.vocabulary import is_mark

_FEWEST_CELLS = 3  # of a row without a number
MARK = "x"

Body = Iterator[tuple[int, Row]]


def named(heading: Heading, body: Body) -> Body:
    """The rows of the body with the name in a column of its own and a mark where it stood."""
    number = heading.first(Role.NUMBER)
    title = next(column.index for column in heading.columns if column.role == Role.TITLE)
    for at, row in body:
        filled = [index for index in heading.names_by_field if index < len(row) and row[index] != ""]
        is_numbered = number is not None and number.index < len(row) and _is_number(row[number.index])
        is_row = is_numbered or (number is None and sum(cell != "" for cell in row) >= _FEWEST_CELLS)
        name = row[filled[0]] if len(filled) == 1 else ""
        if not is_row or not isinstance(name, str) or not name or is_mark(name) or name.strip().isdecimal():
            yield at, row
            continue
        cells = [*row, *[""] * (title + 1 - len(row))]
        cells[filled[0]] = MARK
        cells[title] = cells[title] or name
        yield at, cells


def _is_number(cell: object) -> bool:
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
    return bool(NUMBERED.match(text.strip()))
