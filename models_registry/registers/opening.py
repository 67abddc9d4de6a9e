"""Open a register by what it is, not by what it is called, and refuse whole what is no register or would not fit."""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
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
_DIMENSION = re.compile(rb'<dimension ref="[A-Z]+\d+:([A-Z]+)(\d+)"')
_LAST_ROW = re.compile(rb'<row [^>]*?r="(\d+)"')

Row = list[Any]


class RegisterUnreadable(DomainError):
    """The whole file is refused."""


@dataclass(frozen=True)
class Sheet:
    name: str
    hidden: bool
    rows: Iterator[tuple[int, Row]]
    """(row number as the sheet shows it, cells from column A on; an empty cell is '')"""


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
    try:
        with path.open("rb") as file:
            book = CalamineWorkbook.from_filelike(file)
    except PasswordError as error:
        raise _encrypted() from error
    except (CalamineError, OSError, ValueError) as error:
        raise _not_a_spreadsheet() from error
    for meta in book.sheets_metadata:
        if meta.typ != SheetTypeEnum.WorkSheet:
            continue
        try:
            sheet = book.get_sheet_by_name(meta.name)
        except (CalamineError, OSError, ValueError) as error:
            raise RegisterUnreadable(f"Trang “{meta.name}” hỏng, không đọc được. Xin mở tệp và lưu lại.") from error
        yield Sheet(meta.name, meta.visible != SheetVisibleEnum.Visible, _numbered(sheet))


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
    is_sheet = info.filename.startswith("xl/worksheets/") and info.filename.endswith(".xml")
    first, last = b"", b""
    while left > 0 and (packed := raw.read(min(left, 65536))):
        left -= len(packed)
        while packed:
            chunk = packed if stored else inflate.decompress(packed, 4 * 1024 * 1024)
            packed = b"" if stored else inflate.unconsumed_tail
            size += len(chunk)
            if size > limit:
                raise RegisterUnreadable("Tệp bung ra quá 200 MB. Xin xóa ảnh, định dạng thừa rồi gửi lại.")
            if is_sheet and chunk:
                first = first or chunk[:4096]
                last = (last + chunk)[-65536:]
    if is_sheet:
        _check_span(first, last)
    return size


def _check_span(first: bytes, last: bytes) -> None:
    rows = max((int(number) for number in _LAST_ROW.findall(last)), default=0)
    columns = 1
    if match := _DIMENSION.search(first):
        columns = sum((byte - 64) * 26**power for power, byte in enumerate(reversed(match[1])))
        rows = max(rows, int(match[2]))
    if rows * columns > CELL_LIMIT:
        raise RegisterUnreadable(f"Một trang trải tới dòng {rows}: có ô thừa ở rất xa. Xin xóa các dòng, cột trống rồi gửi lại.")


def _open_text(path: Path) -> Iterator[Sheet]:
    """A csv file: UTF-8, UTF-16, Windows-1258, or the bytes of an old font; separated by comma, semicolon or tab."""
    text = _decode(path.read_bytes())
    sample = text[:65536]
    if "\x00" in sample or sample.lstrip()[:1] in ("<", "{", "%") or not any(c in sample for c in ",;\t"):
        raise _not_a_spreadsheet()
    lines = sample.splitlines()[:50]
    separator = max(",;\t", key=lambda mark: sum(line.count(mark) for line in lines))

    def rows() -> Iterator[tuple[int, Row]]:
        try:
            yield from enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator), start=1)
        except csv.Error as error:
            raise _not_a_spreadsheet() from error

    yield Sheet(path.stem[:31], False, rows())


def _decode(raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", errors="replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    as_latin, as_windows = raw.decode("latin-1"), raw.decode("cp1258", errors="replace")
    old_font = max(plausibility(from_tcvn3(as_latin[:65536])), plausibility(from_vni(as_latin[:65536])))
    return as_windows if plausibility(as_windows[:65536]) > old_font else as_latin
