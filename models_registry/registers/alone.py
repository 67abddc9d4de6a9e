"""One row read again by itself, by the rules that read it in its file."""

from dataclasses import replace

from models_registry.registers.layouts import Layout
from models_registry.registers.reading import DOUBLE, ONE, PARTS, ReadRow, RefusedRow, RegisterContext
from models_registry.registers.row_boxes import PART_OF
from models_registry.registers.rows import RowReader
from models_registry.registers.sections import Sections
from models_registry.sources import where

_SHEET = Layout(
    at={role: PARTS.index(part) for role, part in PART_OF.items()},
    contents=[PARTS.index("content")],
    notes=[PARTS.index("note")],
    width=len(PARTS),
)


def read_alone(context: RegisterContext, source: str, parts: dict[str, str], seen: dict[str, str]) -> ReadRow | RefusedRow:
    """A row by what it says in each of PARTS, as if it stood in a register with a column for each. `seen`: see RowReader."""
    sheet, number, nth = where(source)
    cells = [parts.get(part, "") for part in PARTS]
    context = replace(context, mends={source: {part: parts[part] for part in (DOUBLE, ONE) if part in parts}})
    row, _ = RowReader(sheet, _SHEET, context, Sections(context), seen).read(number, cells, cells, nth)
    if isinstance(row, RefusedRow):  # its columns are not the file's
        return replace(row, flaws=tuple(replace(flaw, column="") for flaw in row.flaws))
    return row
