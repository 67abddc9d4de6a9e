"""Lists as Excel files. Columns are declared once; every text cell is written as text, so that none becomes a formula."""

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import IO, Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

ROW_LIMIT = 50_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True)
class Column:
    """A column: its heading, its width in characters, how a row gives its value (str, int, Decimal, date; None: empty), and whether
    the sum of its whole numbers says something."""

    heading: str
    width: int
    value: Callable[[Any], Any]
    adds_up: bool = True


def write_xlsx(
    title: str, columns: list[Column], rows: Iterable[Any], *, notes: Iterable[str] = (), has_total: bool = False
) -> IO[bytes]:
    """A sheet with a title, notes, a heading that stays in view and filters, and one line a row; memory does not grow with the rows.
    `has_total`: how many rows the filters leave, and the sums of what they leave, below them.
    """
    file = tempfile.SpooledTemporaryFile(max_size=4 * 1024 * 1024)  # noqa: SIM115  the response closes it
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "default_date_format": "dd/mm/yyyy"})
    heading = book.add_format(_FONT | {"bold": True, "text_wrap": True, "valign": "vcenter", "align": "center", "border": 1})
    sheet = book.add_worksheet("Danh sách")
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    for index, column in enumerate(columns):
        sheet.set_column(index, index, column.width)
    top = _write_head(book, sheet, title, notes)
    for index, column in enumerate(columns):
        sheet.write_string(top, index, column.heading, heading)
    sheet.freeze_panes(top + 1, 0)
    sheet.repeat_rows(top)
    line, sums, filled = _write_rows(book, sheet, columns, rows, top)
    if has_total and line > top:
        counted = next((index for index in range(len(columns)) if index in filled), 0)
        look = book.add_format(_FONT | {"bold": True, "num_format": "#,##0"})  # not wrapped: words run on beside a narrow column
        _total(sheet, (top + 1, line), counted, sums, look)
    sheet.autofilter(top, 0, max(line, top + 1), len(columns) - 1)
    book.close()
    file.seek(0)
    return file


_FONT = {"font_name": "Times New Roman", "font_size": 12}


def _write_head(book: Any, sheet: Any, title: str, notes: Iterable[str]) -> int:
    """The title and the notes; the line of the heading below them."""
    line = 0
    sheet.write_string(line, 0, title, book.add_format(_FONT | {"bold": True, "font_size": 14}))
    for note in notes:
        line += 1
        sheet.write_string(line, 0, note, book.add_format(_FONT | {"italic": True}))
    return line + 2


def _write_rows(
    book: Any, sheet: Any, columns: list[Column], rows: Iterable[Any], line: int
) -> tuple[int, dict[int, int], set[int]]:
    """(the last line, the sums of columns, the columns that are empty in no row)"""
    cell = _FONT | {"valign": "top", "border": 1, "border_color": "#8b8074"}
    wrapped, number = book.add_format(cell | {"text_wrap": True}), book.add_format(cell | {"num_format": "#,##0"})
    part, day = book.add_format(cell | {"num_format": "#,##0.00"}), book.add_format(cell | {"num_format": "dd/mm/yyyy"})
    sums, filled = dict[int, int](), set(range(len(columns)))
    for row in rows:
        line += 1
        for index, column in enumerate(columns):
            value = column.value(row)
            if isinstance(value, date):
                sheet.write_datetime(line, index, value, day)
            elif isinstance(value, int):
                sheet.write_number(line, index, value, number)
                if column.adds_up:
                    sums[index] = sums.get(index, 0) + value
            elif isinstance(value, Decimal):
                sheet.write_number(line, index, value, part)
            else:
                sheet.write_string(line, index, str(value or ""), wrapped)
                if not value:
                    filled.discard(index)
    return line, sums, filled


def _total(sheet: Any, span: tuple[int, int], counted: int, sums: dict[int, int], look: Any) -> None:
    """The line below: outside of what is filtered, and counting only the rows that the filters leave (SUBTOTAL), by a column that is
    empty in none of them."""
    first, last = span
    rows = f"{xl_rowcol_to_cell(first, counted)}:{xl_rowcol_to_cell(last, counted)}"
    sheet.write_formula(last + 1, 0, f'="Cộng: "&SUBTOTAL(103,{rows})&" dòng"', look, f"Cộng: {last - first + 1} dòng")
    for index, total in sums.items():
        of = f"{xl_rowcol_to_cell(first, index)}:{xl_rowcol_to_cell(last, index)}"
        sheet.write_formula(last + 1, index, f"=SUBTOTAL(109,{of})", look, total)
