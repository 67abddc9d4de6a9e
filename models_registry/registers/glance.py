"""A first look at a file: what stands above its tables, and what its rows say of doers and places; whose register it is, is told by these."""

from dataclasses import dataclass, field
from datetime import date
from itertools import chain, islice
from pathlib import Path

from common.dates import read_day
from common.old_fonts import UNICODE
from models_registry.registers.cells import texts_of, usual_encoding
from models_registry.registers.finding import DEEPEST, FURTHEST, SEARCHED_ROWS, find_further, find_heading
from models_registry.registers.forms import forms_in
from models_registry.registers.headings import Heading, Role
from models_registry.registers.opening import Row, Sheet, open_register
from models_registry.registers.vocabulary import FieldBook

TITLE_CELLS = 60
_OF_A_TABLE = 4  # cells in a row from which on it is no title
_FEWEST_ALIKE = 4  # rows of a table that say the same
LOOKED_AT = 400  # rows of a file


@dataclass
class Glance:
    title: list[str] = field(default_factory=list)
    """The cells above its tables."""
    rows: list[str] = field(default_factory=list)
    """Of each row below a heading, doer and place in one text."""
    days: list[date] = field(default_factory=list)
    """The days on which they were registered, as far as they can be read."""
    first_line: str = ""
    """The first row that says something, where no table was found or nothing stands above it."""
    sheets: int = 0
    in_each_row: list[str] = field(default_factory=list)
    """What a column says in each row alike: for whom a form was filled in."""


def glance(path: Path, fields: FieldBook) -> Glance:
    """Look at a file's first rows. Raises RegisterUnreadable where it cannot be opened."""
    found = Glance()
    for sheet in open_register(path):
        found.sheets += 1
        if not sheet.hidden and len(found.rows) < LOOKED_AT:
            _look_at(sheet, fields, found)
    return found


def _look_at(sheet: Sheet, fields: FieldBook, found: Glance) -> None:
    head = list(islice(sheet.rows, SEARCHED_ROWS))
    usual = usual_encoding(head)
    heading = next((one for encoding in dict.fromkeys((usual, UNICODE)) if (one := _heading(head, encoding, fields))), None)
    while heading is None and len(head) < FURTHEST and (more := list(islice(sheet.rows, SEARCHED_ROWS - DEEPEST))):
        head += more
        heading = find_further([(number, texts_of(row, usual)) for number, row in head[-SEARCHED_ROWS:]], fields)
    texts = [(number, texts_of(row, usual)) for number, row in head]
    lines = [(number, [cell for cell in cells if cell]) for number, cells in texts]
    found.first_line = found.first_line or next((" | ".join(cells)[:200] for _, cells in lines if cells), "")
    forms = forms_in(texts, fields)
    begins = forms.heading.first_row if forms else heading.first_row if heading else 0
    titles = [cells for number, cells in lines if (number < begins if begins else len(cells) < _OF_A_TABLE)]
    above = [cell for cells in titles for cell in cells]
    room = TITLE_CELLS - len(found.title)
    found.title += above if len(above) <= room else [*above[: room // 2], *above[len(above) - (room - room // 2) :]]
    if forms:
        columns = [column.index for column in forms.heading.columns if column.role in (Role.PLACE, Role.SUBJECT)]
        found.rows += (" | ".join(cells[index] for index in columns if cells[index]) for _, cells in forms.rows)
    elif heading and not heading.is_summary:
        columns = [column.index for role in (Role.PLACE, Role.SUBJECT) for column in [heading.first(role)] if column]
        day = heading.first(Role.REGISTERED_ON)
        body = chain([item for item in head if item[0] > heading.last_row], sheet.rows)
        alike: list[str] | None = None
        for _, row in islice(body, LOOKED_AT - len(found.rows)):
            cells = texts_of(row, usual)
            if sum(map(bool, cells)) >= _OF_A_TABLE:
                alike = (
                    cells if alike is None else [one if one == other else "" for one, other in zip(alike, cells, strict=False)]
                )
            found.rows.append(" | ".join(cells[index] for index in columns if index < len(cells) and cells[index]))
            if day and day.index < len(cells) and (read := read_day(cells[day.index].partition(" ")[0])):
                found.days.append(read)
        if len(found.rows) >= _FEWEST_ALIKE:
            found.in_each_row += filter(None, alike or ())


def _heading(head: list[tuple[int, Row]], encoding: str, fields: FieldBook) -> Heading | None:
    return find_heading([(number, texts_of(row, encoding)) for number, row in head], fields)
