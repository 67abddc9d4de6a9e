"""Sheets of one model each, a label beside or before its value in every row, read as the rows of a table."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from models_registry.registers.headings import Column, Heading, Role, column_of
from models_registry.registers.vocabulary import FieldBook

FEWEST = 3  # labels besides the title that make a form
MOST_LINES = 5000  # lines of a document that are looked at for forms
_LINE = 100  # letters of a line that names place and day of signing
_NUMBER = re.compile(r"^\(?(?:\d{1,2}|[IVX]{1,4}|[a-zđ])\s*[.)/\-:]\s*(?=\S)")
NUMBER_ALONE = re.compile(r"^\(?(?:\d{1,2}|[IVX]{1,4}|[a-zđ])\s*[.)]{0,2}$")
_SIGNED_ON = re.compile(r"\bngày\s+\d{1,2}\s+tháng\s+\d{1,2}\s+năm\s+\d{4}", re.IGNORECASE)
_LABEL = re.compile(r"^([^:]{2,100}?)\s*:\s*(.*)$", re.DOTALL)
_BOX = re.compile(r"([☐□▢☒☑☑✓✔■])\s*([^☐□▢☒☑✓✔■]*)|\[\s*(x?)\s*\]\s*([^\[]*)", re.IGNORECASE)
_TICKED = frozenset("☒☑✓✔■xX")
TELLING = frozenset(Role) - {Role.NUMBER, Role.COUNT, Role.MARK, Role.NOTE}

Texts = tuple[int, list[str]]


@dataclass
class Form:
    """One filled form: the row of its title, and what stands beside each label."""

    row: int
    values: dict[tuple[Role, str], list[str]] = field(default_factory=dict)


@dataclass
class Forms:
    """Forms laid out as a table: a heading of the labels met, and a row for each form."""

    heading: Heading
    above: list[Texts]
    """What stands before the first form: whose it is."""
    rows: list[tuple[int, list[str]]]
    note: str
    """What was found, for who sent it."""


def forms_in(rows: list[Texts], fields: FieldBook) -> Forms | None:
    """The forms of a sheet, or None where it holds none. A form begins with the title's label."""
    forms: list[Form] = []
    columns: dict[tuple[Role, str], Column] = {}
    last: list[str] | None = None
    ahead: dict[tuple[Role, str], list[str]] = {}  # said before the title that it belongs to: the day in a form's head
    for number, label, value, column in _pairs(rows, fields):
        if column is None:
            if last is not None and label and not value:
                last.append(label)  # a value that goes on in a paragraph of its own
            continue
        key = (column.role, column.box)
        if column.role == Role.TITLE:
            if not value:
                continue
            forms.append(Form(number, ahead))
            ahead = {}
        values = forms[-1].values if forms else ahead
        last = None
        if key not in values or column.role == Role.REGISTERED_ON:
            columns.setdefault(key, column)
            kept = (values if key not in values else ahead)[key] = [value] if value else []
            last = kept if column.role in (Role.BOX, Role.CONTENT) else None
    filled = [form for form in forms if len(form.values) > FEWEST]
    if not filled or len(filled) != len(forms):
        return None
    return _table(filled, columns, [item for item in rows if item[0] < forms[0].row])


def _pairs(rows: list[Texts], fields: FieldBook) -> Iterator[tuple[int, str, str, Column | None]]:
    """(row, label, value, what the label means); words that are no label stand as one without a value."""
    for number, cells in rows:
        words = [cell for cell in dict.fromkeys(cells) if cell]
        if len(words) > 1 and NUMBER_ALONE.match(words[0]):
            words = words[1:]
        if not words:
            continue
        if len(words[0]) < _LINE and (signed := _SIGNED_ON.search(words[-1])) and not _LABEL.match(words[-1]):
            yield number, "Ngày ký phiếu", signed[0], Column(0, "Ngày ký phiếu", Role.REGISTERED_ON)
            continue
        label, values = words[0], words[1:]
        if not values and (said := _LABEL.match(label)):
            label, values = said[1], [said[2]]
        label = _NUMBER.sub("", label).strip(" :.")
        column = column_of(0, label, fields)
        if column is not None and column.role in TELLING:
            yield number, label, _chosen("\n".join(value for value in values if value)), column
        elif column is None or column.role == Role.MARK:
            yield number, " ".join(words), "", None


def _chosen(value: str) -> str:
    """What is ticked among boxes to tick; the value itself where it has none."""
    boxes = [(mark[1] or mark[3], (mark[2] or mark[4] or "").strip(" ,;/\t\n")) for mark in _BOX.finditer(value)]
    ticked = [words for tick, words in boxes if tick in _TICKED and tick and words]
    return ", ".join(ticked) if boxes else value.strip()


def _table(forms: list[Form], columns: dict[tuple[Role, str], Column], above: list[Texts]) -> Forms:
    placed = [Column(index, column.label, column.role, box=column.box) for index, column in enumerate(columns.values())]
    at = forms[0].row
    rows = [(form.row, ["\n".join(form.values.get(key, ())) for key in columns]) for form in forms]
    return Forms(Heading(at, at, placed), above, rows, f"{len(rows)} phiếu, mỗi phiếu một mô hình.")
