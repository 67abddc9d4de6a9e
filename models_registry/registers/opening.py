"""Open a register by what it is, not by what it is called, and refuse whole what is no register or would not fit."""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from common.exceptions import DomainError
from common.old_fonts import from_tcvn3, from_vni, plausibility

FILE_LIMIT = 20 * 1024 * 1024
UNPACKED_LIMIT = 200 * 1024 * 1024
CELL_LIMIT = 8_000_000  # cells of the rectangle that a sheet spans: a stray cell at its far corner would fill the memory

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_CELL = re.compile(rb"""r=["']([A-Z]{1,3})(\d+)["']""")

Row = list[Any]


class RegisterUnreadable(DomainError):
    """The whole file is refused."""


@dataclass(frozen=True)
class Sheet:
    name: str
    hidden: bool
    rows: Iterator[tuple[int, Row]]
    """(row number as the sheet shows it, cells from column A on; an empty cell is '')"""
    merged: tuple[tuple[int, int, int], ...] = ()
    """Cells merged downwards: (first row, last row, column from 0)."""


def open_register(path: Path) -> Iterator[Sheet]:
    """The sheets of an xlsx, xlsm, xlsb, xls, ods or csv file, one after the other. Raises RegisterUnreadable."""
    size = path.stat().st_size
    if size > FILE_LIMIT:
        raise RegisterUnreadable(f"Tệp lớn hơn 20 MB ({size / 1024 / 1024:.0f} MB). Xin chia sổ thành nhiều tệp.")
    if size == 0:
        raise RegisterUnreadable("Tệp rỗng, không có dữ liệu.")
    with path.open("rb") as file:
        head = file.read(8)
    if head.startswith(_ZIP):
        _check_unpacked(path)
    elif head == _OLE:
        if _OLE_ENCRYPTED in path.read_bytes():
            raise _encrypted()
    else:
        yield from _open_text(path)
        return
    yield from _open_workbook(path)


def _encrypted() -> RegisterUnreadable:
    return RegisterUnreadable("Tệp đặt mật khẩu. Xin bỏ mật khẩu (Lưu thành, bỏ “Mật khẩu để mở”) rồi gửi lại.")


def _not_a_spreadsheet() -> RegisterUnreadable:
    return RegisterUnreadable("Tệp không phải bảng tính. Cổng đọc được .xlsx, .xls, .ods và .csv.")


def _open_workbook(path: Path) -> Iterator[Sheet]:
    with path.open("rb") as file:
        book = _guarded(CalamineWorkbook.from_filelike, file)
    for meta in book.sheets_metadata:
        if meta.typ != SheetTypeEnum.WorkSheet:
            continue
        sheet = _guarded(book.get_sheet_by_name, meta.name)
        ranges = sheet.merged_cell_ranges or []
        merged = tuple((top + 1, end + 1, c) for (top, left), (end, right) in ranges for c in range(left, right + 1) if end > top)
        yield Sheet(meta.name, meta.visible != SheetVisibleEnum.Visible, _numbered(sheet), merged)


def _guarded(read: Callable[..., Any], *arguments: Any) -> Any:
    """Call the reader; whatever it cannot read, and its own crash on a damaged file, is a file refused whole."""
    try:
        return read(*arguments)
    except PasswordError as error:
        raise _encrypted() from error
    except (CalamineError, OSError, ValueError) as error:
        raise _not_a_spreadsheet() from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # the Rust side's crash, which is no Exception
            raise
        raise _not_a_spreadsheet() from error


def _numbered(sheet: Any) -> Iterator[tuple[int, Row]]:
    """calamine's rows begin at the first used cell: put the empty columns back and count rows as the sheet does."""
    if sheet.start is None:
        return
    first_row, first_column = sheet.start
    before: Row = [""] * first_column
    for number, row in enumerate(sheet.iter_rows(), start=1):
        if number > first_row or any(cell != "" for cell in row):
            yield number, (row if len(row) > sheet.end[1] else before + row)


def _check_unpacked(path: Path) -> None:
    """Unpack without keeping anything, and stop at the limit: the sizes that a zip states may lie."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if not names & {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}:
                raise _not_a_spreadsheet()
            if "content.xml" in names and b"encryption-data" in archive.read("META-INF/manifest.xml"):
                raise _encrypted()
            unpacked = 0
            with path.open("rb") as raw:
                for info in archive.infolist():
                    if info.flag_bits & 1:
                        raise _encrypted()
                    unpacked += _unpack(raw, info, UNPACKED_LIMIT - unpacked)
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, NotImplementedError) as error:
        raise _not_a_spreadsheet() from error


def _unpack(raw: Any, info: zipfile.ZipInfo, limit: int) -> int:
    raw.seek(info.header_offset)
    header = raw.read(30)
    raw.seek(info.header_offset + 30 + int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"))
    left, size = info.compress_size, 0
    stored = info.compress_type == zipfile.ZIP_STORED
    if not stored and info.compress_type != zipfile.ZIP_DEFLATED:
        raise _not_a_spreadsheet()
    inflate = zlib.decompressobj(-15)
    is_sheet, rows, columns = False, 0, set[bytes]()
    while left > 0 and (packed := raw.read(min(left, 65536))):
        left -= len(packed)
        while packed:
            chunk = packed if stored else inflate.decompress(packed, 4 * 1024 * 1024)
            packed = b"" if stored else inflate.unconsumed_tail
            is_sheet = is_sheet or (size == 0 and b"worksheet" in chunk[:4096])
            size += len(chunk)
            if size > limit:
                raise RegisterUnreadable("Tệp bung ra quá 200 MB. Xin xóa ảnh, định dạng thừa rồi gửi lại.")
            if is_sheet and (cells := _CELL.findall(chunk)):
                columns.update(letters for letters, _ in cells)
                rows = max(rows, int(cells[0][1]), int(cells[-1][1]))
    _check_span(rows, columns)
    return size


def _check_span(rows: int, columns: set[bytes]) -> None:
    widest = max((sum((b - 64) * 26**power for power, b in enumerate(reversed(name))) for name in columns), default=0)
    if rows * widest > CELL_LIMIT:
        raise RegisterUnreadable(
            f"Một trang trải tới dòng {rows}, cột thứ {widest}: có ô thừa ở rất xa. Xin xóa các dòng, cột trống rồi gửi lại."
        )


def _open_text(path: Path) -> Iterator[Sheet]:
    """A csv file: UTF-8, UTF-16, Windows-1258, or the bytes of an old font; separated by comma, semicolon or tab."""
    text = _decode(path.read_bytes())
    sample = text[:65536]
    if "\x00" in sample or sample.lstrip()[:1] in ("<", "{", "%") or not any(c in sample for c in ",;\t"):
        raise _not_a_spreadsheet()
    lines = sample.splitlines()[:50]
    separator = max(",;\t", key=lambda mark: sum(line.count(mark) for line in lines))

    quoting: Any = csv.QUOTE_NONE if _quotes_are_loose(text, separator) else csv.QUOTE_MINIMAL

    def rows() -> Iterator[tuple[int, Row]]:
        try:
            yield from enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator, quoting=quoting), start=1)
        except csv.Error as error:
            raise _not_a_spreadsheet() from error

    yield Sheet(path.stem[:31], False, rows())


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
