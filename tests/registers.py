"""Make registers for tests: any layout, any format, any of the old encodings; and tell what was read of one."""

import csv
import io
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from common.old_fonts import _TCVN3_MARKED, _VNI_BASES, _VNI_MARKS, _VNI_SINGLE
from models_registry.registers.reading import ReadRow, RefusedRow

Rows = list[list[Any]]
HEAD = [
    "STT",
    "Tên mô hình",
    "Tập thể, cá nhân thực hiện",
    "Địa bàn",
    "Lĩnh vực",
    "Loại hình",
    "Đăng ký mới/Duy trì",
    "Nội dung, cách làm",
    "Ngày đăng ký",
    "Ghi chú",
]


def row(title: str = "Tuyến đường hoa", **given: Any) -> list[Any]:
    """A good row of Phan Thiết in 2024, in the order of HEAD."""
    values = {
        "number": 1,
        "title": title,
        "subject": "Hội Liên hiệp Phụ nữ phường Phú Hài",
        "place": "Phường Phú Hài",
        "field": "Văn hóa - xã hội",
        "subject_kind": "Tập thể",
        "kind": "Đăng ký mới",
        "content": "Vận động từng hộ.",
        "day": "15/3/2024",
        "note": "",
    } | given
    return list(values.values())


def to_tcvn3(text: str) -> str:
    """As a machine with .VnTime would hold it; capitals with marks are lost to small letters, as they were."""
    codes = {new: old for old, new in _TCVN3_MARKED.items()}
    return "".join(codes.get(c) or codes.get(c.lower()) or c for c in unicodedata.normalize("NFC", text))


def to_vni(text: str) -> str:
    codes = {new: old for old, new in _VNI_SINGLE.items()}
    for base in [*"aeouyAEOUY", *_VNI_BASES]:
        plain = _VNI_BASES.get(base, base)
        codes.setdefault(unicodedata.normalize("NFC", plain), base)
        for mark, combining in _VNI_MARKS.items():
            made = unicodedata.normalize("NFC", plain + combining)
            if len(made) == 1:
                codes.setdefault(made, base + (mark.upper() if base.isupper() else mark))
    return "".join(codes.get(c, c) for c in unicodedata.normalize("NFC", text))


def nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def spelled(rows: Rows, how: Callable[[str], str]) -> Rows:
    return [[how(cell) if isinstance(cell, str) else cell for cell in line] for line in rows]


def xlsx(path: Path, rows: Rows | dict[str, Rows], merged: list[tuple[int, int, int, int]] | None = None) -> Path:
    """`rows` of one sheet, or name -> rows; `merged`: (first row, first column, last row, last column) from 0."""
    with xlsxwriter.Workbook(path) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for name, lines in (rows if isinstance(rows, dict) else {"Danh sách": rows}).items():
            sheet = book.add_worksheet(name)
            for r, line in enumerate(lines):
                for c, cell in enumerate(line):
                    if isinstance(cell, date):
                        sheet.write_datetime(r, c, cell, day)
                    elif cell != "":
                        sheet.write(r, c, cell)
            for first_row, first_column, last_row, last_column in merged or []:
                sheet.merge_range(first_row, first_column, last_row, last_column, lines[first_row][first_column])
    return path


def xls(path: Path, rows: Rows) -> Path:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("Sheet1")
    style = xlwt.easyxf(num_format_str="dd/mm/yyyy")
    for r, line in enumerate(rows):
        for c, cell in enumerate(line):
            if isinstance(cell, date):
                sheet.write(r, c, cell, style)
            elif cell != "":
                sheet.write(r, c, cell)
    book.save(str(path))
    return path


def ods(path: Path, rows: Rows) -> Path:
    book = OpenDocumentSpreadsheet()
    sheet = Table(name="Danh sách")
    for line in rows:
        made = TableRow()
        for cell in line:
            if isinstance(cell, date):
                box = TableCell(valuetype="date", datevalue=cell.isoformat())
            elif isinstance(cell, int | float):
                box = TableCell(valuetype="float", value=cell)
            else:
                box = TableCell(valuetype="string")
                box.addElement(P(text=cell))
            made.addElement(box)
        sheet.addElement(made)
    book.spreadsheet.addElement(sheet)
    book.save(str(path))
    return path


def text_file(path: Path, rows: Rows, encoding: str = "utf-8-sig", separator: str = ",") -> Path:
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(
        [[f"{cell:%d/%m/%Y}" if isinstance(cell, date) else cell for cell in line] for line in rows]
    )
    path.write_bytes(out.getvalue().encode(encoding))
    return path


def told(rows: Iterator[ReadRow | RefusedRow], *names: str) -> dict[str, tuple[Any, ...]]:
    """Of each row that is good what it says, of each other one its flaws' codes."""
    return {
        row.title: tuple(getattr(row, name) for name in names)
        if isinstance(row, ReadRow)
        else tuple(flaw.code for flaw in row.flaws)
        for row in rows
    }
