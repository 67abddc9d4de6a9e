"""A sheet that was saved with its frame: the letters of its columns above it, the numbers of its rows beside it."""

from dataclasses import replace
from string import ascii_uppercase

from models_registry.registers.formats.table import Marks, Row, Table

FEWEST_COLUMNS = 2


def without_frame(table: Table) -> Table:
    """The sheet itself, its rows numbered as it showed them; a table without a frame as it is."""
    rows = list(table.rows)
    if not rows or not _are_letters(rows[0][1]):
        return table
    numbers = {at: int(row[0]) for at, row in rows[1:] if isinstance(row[0], str) and row[0].isdecimal() and len(row[0]) < 8}
    told = list(numbers.values())
    if len(numbers) < len(rows) - 1 or told != sorted(set(told)):
        return table
    marks = Marks(
        [numbers[at] for at in table.marks.hidden_rows if at in numbers],
        {
            numbers[at]: [column - 1 for column in columns if column]
            for at, columns in table.marks.struck.items()
            if at in numbers
        },
        {numbers[at]: (column - 1, colour) for at, (column, colour) in table.marks.filled.items() if at in numbers and column},
    )
    merged = [
        (numbers[top], numbers.get(end, numbers[top]), column - 1)
        for top, end, column in table.merged
        if top in numbers and column
    ]
    return replace(table, rows=[(numbers[at], row[1:]) for at, row in rows[1:]], merged=merged, marks=marks)


def _are_letters(row: Row) -> bool:
    """Whether a row is '', 'A', 'B', 'C', as far as it goes."""
    return len(row) > FEWEST_COLUMNS and row[0] == "" and row[1:27] == list(ascii_uppercase)[: len(row) - 1]
