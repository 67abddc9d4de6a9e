"""Public tables as CSV, JSON and Excel: columns declared once, for open data and for the tables of the pages."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import IO, Any

from django.http import StreamingHttpResponse

from common.exports import Column, write_xlsx

BOM = "\ufeff"  # without it Excel takes UTF-8 for the machine's own code page
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class DataColumn:
    """A column: its name in files, its heading for people, what it holds, how a row gives it (str, int, float, Decimal, date,
    bool; None: unknown)."""

    name: str
    heading: str
    words: str
    value: Callable[[Any], Any]
    width: int = 16


def _plain(value: Any) -> Any:
    """As JSON and CSV write it."""
    if isinstance(value, date):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value


def _cell(value: Any) -> str:
    """A CSV cell; a text that a spreadsheet would take for a formula gets an apostrophe before it."""
    value = _plain(value)
    if isinstance(value, bool):
        return "1" if value else "0"
    text = "" if value is None else str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA) else text


def csv_lines(columns: list[DataColumn], rows: Iterable[Any]) -> Iterator[str]:
    """RFC 4180 with a byte order mark, a line at a time."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)

    def line(cells: Iterable[str]) -> str:
        writer.writerow(cells)
        text = buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
        return text

    yield BOM + line(column.name for column in columns)
    for row in rows:
        yield line(_cell(column.value(row)) for column in columns)


def csv_response(name: str, columns: list[DataColumn], rows: Iterable[Any]) -> StreamingHttpResponse:
    """A table as a CSV file to keep."""
    response = StreamingHttpResponse(csv_lines(columns, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def json_lines(head: dict[str, Any], columns: list[DataColumn], rows: Iterable[Any]) -> Iterator[str]:
    """One object: the head's members, then `rows`, written a row at a time."""
    yield json.dumps(head, ensure_ascii=False)[:-1] + (", " if head else "") + '"rows": ['
    for number, row in enumerate(rows):
        told = {column.name: _plain(column.value(row)) for column in columns}
        yield (",\n" if number else "\n") + json.dumps(told, ensure_ascii=False)
    yield "\n]}\n"


def xlsx_file(
    title: str, columns: list[DataColumn], rows: Iterable[Any], notes: Iterable[str], *, has_total: bool = False
) -> IO[bytes]:
    shown = [Column(one.heading, one.width, one.value) for one in columns]
    return write_xlsx(title, shown, rows, notes=notes, has_total=has_total)
