"""How much a packed spreadsheet holds, counted before anything is built of it: calamine builds the whole rectangle that a sheet
spans, from the first cell to the last one that holds something.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any
from xml.parsers import expat

from common.exceptions import DomainError

UNPACKED_LIMIT = 200 * 1024 * 1024
ENTRY_LIMIT = 5000
MANIFEST = "META-INF/manifest.xml"
MANIFEST_LIMIT = 1024 * 1024
CELL_LIMIT = 8_000_000  # cells of the rectangle: a stray cell at its far corner would fill the memory
MOST_COLUMNS = 16_384  # of a sheet, in Excel and LibreOffice

_REFERENCE = re.compile(rb"""\br=["']([A-Za-z]{1,3})(\d{1,8})["']""")
_CELL_TAG = re.compile(rb"<(?:[\w.-]+:)?c[\s/>]")


class RegisterUnreadable(DomainError):
    """The whole file is refused."""


def encrypted() -> RegisterUnreadable:
    return RegisterUnreadable("Tệp đặt mật khẩu. Xin bỏ mật khẩu (Lưu thành, bỏ “Mật khẩu để mở”) rồi gửi lại.")


def not_a_spreadsheet() -> RegisterUnreadable:
    return RegisterUnreadable("Tệp không phải bảng tính. Cổng đọc được .xlsx, .xls, .ods và .csv.")


def measure(raw: bytes) -> None:
    """Unpack without keeping anything, and stop at the limits: the sizes that a zip states may lie. Raises RegisterUnreadable."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            if not names & {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}:
                raise not_a_spreadsheet()
            if len(entries) > ENTRY_LIMIT:
                raise RegisterUnreadable("Tệp có quá nhiều phần bên trong. Xin lưu lại thành tệp mới rồi gửi.")
            unpacked = 0
            for entry in sorted(entries, key=lambda entry: entry.filename != MANIFEST):  # it says whether the others are locked
                if entry.flag_bits & 1:
                    raise encrypted()
                unpacked += _look_through(raw, entry, UNPACKED_LIMIT - unpacked)
    except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, EOFError, NotImplementedError, expat.ExpatError) as error:
        raise not_a_spreadsheet() from error


def _look_through(raw: bytes, entry: zipfile.ZipInfo, limit: int) -> int:
    """The bytes that an entry unpacks to; what is in a sheet or a manifest is looked at."""
    size, quick, manifest = 0, _QuickSpan(), b""
    is_sheet, is_manifest, is_table = False, entry.filename == MANIFEST, entry.filename == "content.xml"
    for chunk in _unpacked(raw, entry):
        is_sheet = is_sheet or (size == 0 and b"worksheet" in chunk[:4096])
        size += len(chunk)
        if size > limit or (is_manifest and size > MANIFEST_LIMIT):
            raise RegisterUnreadable("Tệp bung ra quá 200 MB. Xin xóa ảnh, định dạng thừa rồi gửi lại.")
        if is_sheet:
            quick.take(chunk)
        manifest += chunk if is_manifest else b""
    if b"encryption-data" in manifest:
        raise encrypted()
    if is_table or (is_sheet and not quick.is_small):
        _check_exactly(_TableSpan() if is_table else _SheetSpan(), _unpacked(raw, entry))
    return size


def _unpacked(raw: bytes, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    file = io.BytesIO(raw)
    file.seek(entry.header_offset)
    header = file.read(30)
    file.seek(entry.header_offset + 30 + int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"))
    left, stored = entry.compress_size, entry.compress_type == zipfile.ZIP_STORED
    if not stored and entry.compress_type != zipfile.ZIP_DEFLATED:
        raise not_a_spreadsheet()
    inflate = zlib.decompressobj(-15)
    while left > 0 and (packed := file.read(min(left, 65536))):
        left -= len(packed)
        while packed:
            chunk = packed if stored else inflate.decompress(packed, 4 * 1024 * 1024)
            packed = b"" if stored else inflate.unconsumed_tail
            yield chunk


class _QuickSpan:
    """A rectangle that is surely big enough, from references alone: only where it does not settle the matter are cells counted."""

    def __init__(self) -> None:
        self._left, self._cells, self._references, self._rows, self._columns = b"", 0, 0, 0, set[bytes]()

    def take(self, chunk: bytes) -> None:
        text = self._left + chunk
        end = text.rfind(b"<")
        self._left, text = text[end:], text[:end]
        self._cells += len(_CELL_TAG.findall(text))
        found = _REFERENCE.findall(text)
        if found:
            self._references += len(found)
            self._columns.update(letters for letters, _ in found)
            self._rows = max(self._rows, *map(int, {row for _, row in found}))

    @property
    def is_small(self) -> bool:
        """Every cell says where it stands, and they span no more than may be built."""
        widest = max((_column(letters) for letters in self._columns), default=0)
        return self._cells <= self._references and widest <= MOST_COLUMNS and self._rows * widest <= CELL_LIMIT


def _column(letters: bytes) -> int:
    """1 for A, 27 for AA."""
    return sum((b - 64) * 26**power for power, b in enumerate(reversed(letters.upper())))


def _check_exactly(span: "_SheetSpan | _TableSpan", chunks: Iterator[bytes]) -> None:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = span.begin, span.end, span.text
    parser.StartDoctypeDeclHandler = _refuse_declarations
    for chunk in chunks:
        parser.Parse(chunk)
        if span.rows * span.columns > CELL_LIMIT or span.columns > MOST_COLUMNS:
            raise RegisterUnreadable(
                f"Một trang trải tới dòng {span.rows}, cột thứ {span.columns}: có ô thừa ở rất xa. "
                "Xin xóa các dòng, cột trống rồi gửi lại."
            )
    parser.Parse(b"", True)


def _refuse_declarations(*_: Any) -> None:
    raise not_a_spreadsheet()


class _SheetSpan:
    """Rows and columns that an Excel sheet spans: a cell that does not say where it stands is right of the one before."""

    def __init__(self) -> None:
        self.rows = self.columns = 0
        self._row = self._column = 0
        self._at = (0, 0)
        self._is_value = False

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(" ")[2]
        if name == "row":
            number = attributes.get("r", "")
            self._row, self._column = int(number) if re.fullmatch(r"\d{1,8}", number) else self._row + 1, 0
        elif name == "c":
            stated = re.fullmatch(r"([A-Za-z]{1,3})(\d{1,8})", attributes.get("r", ""))
            self._column = _column(stated[1].encode()) if stated else self._column + 1
            self._at = (int(stated[2]) if stated else self._row, self._column)
        self._is_value = name in ("v", "t")

    def end(self, name: str) -> None:
        self._is_value = False

    def text(self, _: str) -> None:
        if self._is_value:
            self.rows, self.columns = max(self.rows, self._at[0]), max(self.columns, self._at[1])


class _TableSpan:
    """Rows and columns that the tables of an OpenDocument sheet span, at most: cells and rows may stand for many."""

    def __init__(self) -> None:
        self.rows = self.columns = 0
        self._rows = self._columns = 0
        self._cell, self._width, self._repeated = 1, 0, 1

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(" ")[2]
        if name == "table":
            self._rows = 0
        elif name == "table-row":
            self._repeated, self._columns, self._width = _times(attributes, "number-rows-repeated"), 0, 0
        elif name in ("table-cell", "covered-table-cell"):
            self._columns += _times(attributes, "number-columns-repeated")
            if any(key.rpartition(" ")[2] in ("value", "value-type") for key in attributes):
                self._width = self._columns

    def end(self, name: str) -> None:
        if name.rpartition(" ")[2] != "table-row":
            return
        self._rows += self._repeated
        if self._width:
            self.rows, self.columns = max(self.rows, self._rows), max(self.columns, self._width)

    def text(self, said: str) -> None:
        if said.strip():
            self._width = self._columns


def _times(attributes: dict[str, str], what: str) -> int:
    stated = next((value for key, value in attributes.items() if key.rpartition(" ")[2] == what), "1")
    return int(stated) if stated.isdecimal() and len(stated) < 10 else 1
