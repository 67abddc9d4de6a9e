"""Tables beside one another on one sheet, each with the same columns: each is read as a sheet of its own, on which the others are blank."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice, pairwise, tee
from typing import Any

from common.text import compare_key
from models_registry.registers.blocks import other_year
from models_registry.registers.cells import texts_of, usual_encoding
from models_registry.registers.finding import SEARCHED_ROWS, find_heading, heads_register
from models_registry.registers.formats.table import MOST_COLUMNS
from models_registry.registers.headings import Role, column_of
from models_registry.registers.no_rows import NUMBERED, SIGNATURE
from models_registry.registers.opening import Row, Sheet
from models_registry.registers.reading import letter
from models_registry.registers.vocabulary import FieldBook

FEWEST_COLUMNS = 3  # that two tables have in common
MOST_LABELS = 40  # lines of a form that are looked at
_BESIDE = " · cột "

Span = tuple[int, int]  # a table's first column, and the first behind its last


def whole_sheet(name: str) -> str:
    """The sheet that a table stands on: 'Trang 1 · cột I-O' -> 'Trang 1'."""
    return name.partition(_BESIDE)[0]


def apart(sheet: Sheet, fields: FieldBook, season: set[int]) -> Iterator[tuple[Sheet, int]]:
    """The sheet, or one sheet for each of the tables that stand beside one another on it: their rows keep number and columns. With
    each the other year than the season's whose models it has, if one beside it has the season's.
    """
    first = list(islice(sheet.rows, SEARCHED_ROWS))
    rows = chain(first, sheet.rows)
    usual = usual_encoding(first)
    texts = [(number, texts_of(row, usual)) for number, row in first]
    found = _forms(texts, fields) or _tables(texts, fields)
    if not found:
        yield replace(sheet, rows=rows), 0
        return
    head, spans = found
    above = next((number for number, cells in reversed(texts) if number < head and any(cells)), 0)
    caption = next((cells for number, cells in texts if number == above), [])
    years = [other_year(caption[begin:behind], season) if _is_parted(caption, spans) else 0 for begin, behind in spans]
    cuts = [*(begin for begin, _ in spans[1:]), MOST_COLUMNS]
    for n, (cut, copy) in enumerate(zip(pairwise([0, *cuts]), tee(rows, len(spans)), strict=True)):
        first_column, behind = spans[n]
        name = f"{sheet.name}{_BESIDE}{letter(first_column)}-{letter(behind - 1)}" if n else sheet.name
        own = range(*cut)
        merged = tuple(it for it in sheet.merged if it[2] in own)
        struck = {row: kept for row, columns in sheet.struck.items() if (kept := columns & {*own})}
        part = replace(sheet, name=name, rows=_of_one(copy, own, spans, above, usual), merged=merged, struck=struck)
        yield part, 0 if all(years) else years[n]


def _tables(texts: list[tuple[int, list[str]]], fields: FieldBook) -> tuple[int, list[Span]] | None:
    """(the heading's row, the columns of each table) where a heading has the same columns several times over."""
    heading = find_heading(texts, fields)
    if heading is None:
        return None
    titles = [column for column in heading.columns if column.index in heading.names_under]
    titles = titles or [column for column in heading.columns if column.role == Role.TITLE]
    if len(titles) < 2:
        return None
    numbers = [column.index for column in heading.columns if column.role == Role.NUMBER]
    if len(numbers) < len(titles) and len({compare_key(title.label) for title in titles}) > 1:
        return None
    begins = [max([at for at in numbers if at <= title.index], default=title.index) for title in titles]
    ends = [*begins[1:], 1 + max(heading.levels)]
    spans = list(zip(begins, ends, strict=True))
    labels = [
        {
            (column.role, column.kind, column.subject_kind, column.field_id)
            for column in heading.columns
            if begin <= column.index < end
        }
        for begin, end in spans
    ]
    is_twice = all(len(labels[0] & other) >= FEWEST_COLUMNS for other in labels[1:])
    if not is_twice or len(set(begins)) < len(begins):
        return None
    at, label = titles[0].index, titles[0].label
    return next(number for number, cells in texts if at < len(cells) and cells[at] == label), spans


def _forms(texts: list[tuple[int, list[str]]], fields: FieldBook) -> tuple[int, list[Span]] | None:
    """As `_tables`, of forms or tables on their side: the same labels stand in several columns of each line."""
    for n, (number, cells) in enumerate(texts):
        labels = [
            at
            for at, cell in enumerate(cells)
            if (column := column_of(at, cell.strip(" :"), fields)) and column.role == Role.TITLE
        ]
        if len(labels) < 2 or heads_register(cells, fields):
            continue
        further = [other for _, other in texts[n : n + MOST_LABELS] if _has_alike(other, labels)]
        known = {column.role for other in further if (column := column_of(0, other[labels[0]].strip(" :"), fields))}
        if len(known) > FEWEST_COLUMNS:
            return number, list(pairwise([*labels, max(map(len, further))]))
    return None


def _has_alike(cells: list[str], columns: list[int]) -> bool:
    found = {compare_key(cells[at]) if at < len(cells) else "" for at in columns}
    return len(found) == 1 and found != {""}


def _of_one(rows: Iterator[tuple[int, Row]], own: range, spans: list[Span], above: int, usual: str) -> Iterator[tuple[int, Row]]:
    """The rows of one table, the cells of the others blank. What stands above all tables or signs them is of each."""
    for number, row in rows:
        is_shared = number <= above and (number < above or not _is_parted(row, spans))
        if is_shared or (number > above and _signs(texts_of(row, usual), spans)):
            yield number, row
        elif any(cell != "" for cell in row[own.start : own.stop]):
            yield number, ["" if at not in own else cell for at, cell in enumerate(row)]


def _is_parted(row: Sequence[Any], spans: list[Span]) -> bool:
    """Whether a row says something in several of the tables: 'A. TẬP THỂ' beside 'B. CÁ NHÂN'."""
    return sum(any(cell != "" for cell in row[begin:end]) for begin, end in spans) > 1


def _signs(texts: list[str], spans: list[Span]) -> bool:
    """Whether a row is of who signs, and says nothing of models: "KT" may stand for a field."""
    begins = [begin for begin, _ in spans]
    is_data = any(begin < len(texts) and NUMBERED.match(texts[begin]) for begin in begins) or _has_alike(texts, begins)
    return not is_data and any(" " in (words := compare_key(text)) and SIGNATURE.match(words) for text in texts)
