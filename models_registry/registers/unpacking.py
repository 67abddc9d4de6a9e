"""Opening a register, read apart: by what it is, not by what it is called; refused whole where it is none or would not fit.

What a packed file holds is counted before anything is built of it (`measuring`).
"""

import csv
import io
from collections.abc import Callable, Iterator
from typing import IO, Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from common.old_fonts import from_tcvn3, from_vni, plausibility
from models_registry.registers.measuring import MOST_COLUMNS, RegisterUnreadable, encrypted, measure, not_a_spreadsheet

BATCH = 200_000  # letters and cells handed on at a time, and one row
MOST_LETTERS = 100_000  # of a cell; Excel holds 32,767

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")

Row = list[Any]


def sheets(file: IO[bytes], name: str) -> Iterator[Any]:
    """Of each sheet {"name", "hidden", "merged"}, then its rows in batches: [[number as the sheet shows it, cells], ...].

    xlsx, xlsm, xlsb, xls, ods or csv; a csv file's sheet is called `name`. Raises RegisterUnreadable.
    """
    raw = file.read()
    if raw.startswith(_ZIP):
        measure(raw)
    elif not raw.startswith(_OLE):
        yield {"name": name[:31], "hidden": False, "merged": []}
        yield from _batches(_text_rows(raw))
        return
    elif _OLE_ENCRYPTED in raw:
        raise encrypted()
    yield from _workbook(raw)


def _batches(rows: Iterator[tuple[int, Row]]) -> Iterator[list[tuple[int, Row]]]:
    """Some rows at a time: who takes them holds little."""
    batch: list[tuple[int, Row]] = []
    weight = 0
    for number, row in rows:
        if len(row) > MOST_COLUMNS:
            raise RegisterUnreadable(f"Dòng {number} có hơn {MOST_COLUMNS} cột, không phải sổ đăng ký.")
        letters = [len(cell) for cell in row if isinstance(cell, str)]
        if max(letters, default=0) > MOST_LETTERS:
            raise RegisterUnreadable(f"Dòng {number} có một ô dài hơn {MOST_LETTERS // 1000} nghìn chữ, không phải sổ đăng ký.")
        batch.append((number, row))
        weight += len(row) + sum(letters)
        if weight > BATCH:
            yield batch
            batch, weight = [], 0
    if batch:
        yield batch


def _workbook(raw: bytes) -> Iterator[Any]:
    book = _guarded(CalamineWorkbook.from_filelike, io.BytesIO(raw))
    for meta in book.sheets_metadata:
        if meta.typ != SheetTypeEnum.WorkSheet:
            continue
        sheet = _guarded(book.get_sheet_by_name, meta.name)
        ranges = sheet.merged_cell_ranges or []
        merged = [(top + 1, end + 1, c) for (top, left), (end, right) in ranges for c in range(left, right + 1) if end > top]
        yield {"name": meta.name, "hidden": meta.visible != SheetVisibleEnum.Visible, "merged": merged}
        yield from _batches(_numbered(sheet))


def _guarded(read: Callable[..., Any], *arguments: Any) -> Any:
    """Call the reader; whatever it cannot read, and its own crash on a damaged file, is a file refused whole."""
    try:
        return read(*arguments)
    except PasswordError as error:
        raise encrypted() from error
    except (CalamineError, OSError, ValueError) as error:
        raise not_a_spreadsheet() from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # the Rust side's crash, which is no Exception
            raise
        raise not_a_spreadsheet() from error


def _numbered(sheet: Any) -> Iterator[tuple[int, Row]]:
    """calamine's rows begin at the first used cell: put the empty columns back and count rows as the sheet does."""
    if sheet.start is None:
        return
    first_row, first_column = sheet.start
    before: Row = [""] * first_column
    for number, row in enumerate(sheet.iter_rows(), start=1):
        if number > first_row or any(cell != "" for cell in row):
            yield number, (row if len(row) > sheet.end[1] else before + row)


def _text_rows(raw: bytes) -> Iterator[tuple[int, Row]]:
    """A csv file: UTF-8, UTF-16, Windows-1258, or the bytes of an old font; separated by comma, semicolon or tab."""
    text = _decode(raw)
    sample = text[:65536]
    if "\x00" in sample or sample.lstrip()[:1] in ("<", "{", "%") or not any(c in sample for c in ",;\t"):
        raise not_a_spreadsheet()
    lines = sample.splitlines()[:50]
    separator = max(",;\t", key=lambda mark: sum(line.count(mark) for line in lines))
    quoting: Any = csv.QUOTE_NONE if _quotes_are_loose(text, separator) else csv.QUOTE_MINIMAL
    try:
        yield from enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator, quoting=quoting), start=1)
    except csv.Error as error:
        raise not_a_spreadsheet() from error


def _quotes_are_loose(text: str, separator: str) -> bool:
    """Whether some text begins with a quotation mark that is not the format's: read as one, it would swallow whole lines."""
    try:
        cells = (cell for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator) for cell in row)
        return any("\n" in cell and cell.count(separator) >= 3 for cell in cells)
    except csv.Error:
        return True


def _decode(raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", errors="replace")
    if raw[1:200:2].count(0) > 40:
        return raw.decode("utf-16-le", errors="replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    as_latin, as_windows = raw.decode("latin-1"), raw.decode("cp1258", errors="replace")
    old_font = max(plausibility(from_tcvn3(as_latin[:65536])), plausibility(from_vni(as_latin[:65536])))
    return as_windows if plausibility(as_windows[:65536]) > old_font else as_latin
