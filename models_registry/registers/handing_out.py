"""Registers handed out: an empty one with drop-downs, and an upload with its errors marked in it."""

import tempfile
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import IO, Any

import xlsxwriter

from models_registry.enums import Kind, SubjectKind
from models_registry.registers.cells import texts_of, usual_encoding
from models_registry.registers.opening import open_register
from models_registry.registers.reading import Mends, index_of, letter, mended
from models_registry.registers.side_by_side import whole_sheet
from models_registry.sources import source_of

TEMPLATE_ROWS = 500
HEAD = (  # heading, width
    ("STT", 6),
    ("Tên mô hình", 50),
    ("Tập thể, cá nhân thực hiện", 36),
    ("Địa bàn", 24),
    ("Lĩnh vực", 26),
    ("Tập thể/cá nhân", 16),
    ("Đăng ký mới/duy trì", 20),
    ("Nội dung, cách làm", 60),
    ("Ngày đăng ký", 14),
    ("Ghi chú", 24),
)
SIFTED_ROWS = 200  # first rows of a sheet that its font is told from


def empty_register(*, title: str, fields: Iterable[str], places: Iterable[str], first: date, last: date) -> IO[bytes]:
    """A register to fill in: drop-downs for place, field, who and kind; days of the season alone."""
    file = tempfile.SpooledTemporaryFile(max_size=4 * 1024 * 1024)  # noqa: SIM115  the response closes it
    book = xlsxwriter.Workbook(file, {"default_date_format": "dd/mm/yyyy"})
    base = {"font_name": "Times New Roman", "font_size": 12}
    heading = book.add_format(base | {"bold": True, "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True})
    body = book.add_format(base | {"border": 1, "valign": "top", "text_wrap": True})
    day = book.add_format(base | {"border": 1, "valign": "top", "num_format": "dd/mm/yyyy"})
    sheet, lists = book.add_worksheet("Danh sách"), book.add_worksheet("Danh mục")
    sheet.write(0, 0, title, book.add_format(base | {"bold": True, "font_size": 14}))
    for column, (words, width) in enumerate(HEAD):
        sheet.write(2, column, words, heading)
        sheet.set_column(column, column, width, day if words == "Ngày đăng ký" else body)
    choices = {
        "Địa bàn": list(places),
        "Lĩnh vực": list(fields),
        "Tập thể/cá nhân": [kind.label for kind in SubjectKind],
        "Đăng ký mới/duy trì": [kind.label for kind in Kind],
    }
    for at, (words, listed) in enumerate(choices.items()):
        lists.write_column(0, at, listed)
        column = [head for head, _ in HEAD].index(words)
        if listed:
            source = f"='Danh mục'!${letter(at)}$1:${letter(at)}${len(listed)}"
            said = {"error_title": words, "error_message": "Xin chọn trong danh sách."}
            sheet.data_validation(3, column, 3 + TEMPLATE_ROWS, column, {"validate": "list", "source": source} | said)
    column = [head for head, _ in HEAD].index("Ngày đăng ký")
    window = {"validate": "date", "criteria": "between", "minimum": first, "maximum": last}
    said = {"error_title": "Ngày đăng ký", "error_message": f"Từ {first:%d/%m/%Y} đến {last:%d/%m/%Y}."}
    sheet.data_validation(3, column, 3 + TEMPLATE_ROWS, column, window | said)
    sheet.freeze_panes(3, 2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    lists.hide()
    book.close()
    file.seek(0)
    return file


def marked_register(
    path: Path,
    rejected: list[dict[str, Any]],
    mends: Mends,
    called: str = "",
    parted: dict[tuple[str, int], list[dict[str, str]]] | None = None,
) -> IO[bytes]:
    """The upload as an Excel file in Unicode: what is wrong stands red in its cell, the reason at the row's end; `called` as it was read.
    `parted`: what each of a row's models says in its columns; they are rows of their own.
    """
    several = {source_of(whole_sheet(sheet), number): models for (sheet, number), models in (parted or {}).items()}
    wrong: dict[str, list[dict[str, Any]]] = {}
    for row in rejected:
        sheet_name, nth = whole_sheet(row["sheet"]), row.get("nth", 0)
        source = source_of(sheet_name, row["row"], nth if source_of(sheet_name, row["row"]) in several else 0)
        wrong.setdefault(source, []).extend([row, *row.get("more", [])])
    typed: Mends = {}
    for mended_row, cells in mends.items():
        name, _, row_number = mended_row.rpartition("!")
        typed.setdefault(f"{whole_sheet(name)}!{row_number}", {}).update(cells)
    file = tempfile.SpooledTemporaryFile(max_size=4 * 1024 * 1024)  # noqa: SIM115  the response closes it
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "default_date_format": "dd/mm/yyyy"})
    base = {"font_name": "Times New Roman", "font_size": 12, "valign": "top"}
    plain, red = book.add_format(base), book.add_format(base | {"bg_color": "#fde3dc", "font_color": "#a8200d", "border": 1})
    dated = book.add_format(base | {"num_format": "dd/mm/yyyy"})
    for opened in open_register(path, called):
        sheet = book.add_worksheet(opened.name[:31])
        head, rows = [], mended(opened.name, opened.rows, typed)
        for item in rows:
            head.append(item)
            if len(head) == SIFTED_ROWS:
                break
        usual, below = usual_encoding(head), 0
        for number, whole in (*head, *rows):
            models = several.get(source_of(opened.name, number), [])
            for nth, raw in enumerate([_over(whole, cells) for cells in models] or [whole], 1):
                below += nth > 1
                flaws = wrong.get(source_of(opened.name, number, nth if models else 0), [])
                _write(sheet, number - 1 + below, raw, usual, flaws=flaws, formats=(plain, dated, red))
    book.close()
    file.seek(0)
    return file


def _over(row: list[Any], cells: dict[str, str]) -> list[Any]:
    """A row with other texts in some of its cells."""
    texts = {index: text for column, text in cells.items() if (index := index_of(column)) >= 0}
    return [texts.get(at, row[at] if at < len(row) else "") for at in range(max([len(row), *(at + 1 for at in texts)]))]


def _write(
    sheet: Any, at: int, raw: list[Any], usual: str, *, flaws: list[dict[str, Any]], formats: tuple[Any, Any, Any]
) -> None:
    """Write one row, what is wrong in red."""
    plain, dated, red = formats
    marked = {index for flaw in flaws for index in _span(flaw["column"])}
    for column, text in enumerate(texts_of(raw, usual)):
        if isinstance(raw[column], date) and column not in marked:
            sheet.write_datetime(at, column, raw[column], dated)
        elif isinstance(raw[column], int | float) and column not in marked:
            sheet.write_number(at, column, raw[column], plain)
        elif text or column in marked:
            sheet.write_string(at, column, text, red if column in marked else plain)
    if flaws:
        behind = max(len(raw), max(marked, default=0) + 1)
        sheet.write_string(at, behind, "Cần sửa: " + " ".join(flaw["message"] for flaw in flaws), red)


def _span(columns: str) -> range:
    """'D' -> 3; 'D:G' -> 3 to 6."""
    first, _, last = columns.partition(":")
    start, end = index_of(first), index_of(last or first)
    return range(start, end + 1) if 0 <= start <= end else range(0)
