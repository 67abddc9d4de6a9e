"""Packed files: their parts, unpacked piece by piece and no further than the limits. The sizes that a zip states may lie."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from xml.parsers import expat

from models_registry.registers.refusing import RegisterUnreadable, encrypted, not_a_spreadsheet, unpacks_too_much

UNPACKED_LIMIT = 200 * 1024 * 1024
ENTRY_LIMIT = 5000
SMALL_PART = 8 * 1024 * 1024  # what is kept whole: styles, relations


@contextmanager
def opened(raw: bytes) -> Iterator[dict[str, zipfile.ZipInfo]]:
    """The parts of an archive by name; whatever turns out broken is no spreadsheet. Raises RegisterUnreadable."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            entries = archive.infolist()
            if len(entries) > ENTRY_LIMIT:
                raise RegisterUnreadable("Tệp có quá nhiều phần bên trong. Xin lưu lại thành tệp mới rồi gửi.")
            if any(entry.flag_bits & 1 for entry in entries):
                raise encrypted()
            yield {entry.filename: entry for entry in entries}
    except (zipfile.BadZipFile, zlib.error, LookupError, ValueError, EOFError, NotImplementedError, expat.ExpatError) as error:
        raise not_a_spreadsheet() from error


def unpacked(raw: bytes, entry: zipfile.ZipInfo) -> Iterator[bytes]:
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


def part(raw: bytes, entry: zipfile.ZipInfo | None, limit: int = SMALL_PART) -> bytes:
    """A part kept whole; nothing where there is none."""
    if entry is None:
        return b""
    data = bytearray()
    for chunk in unpacked(raw, entry):
        data += chunk
        if len(data) > limit:
            raise unpacks_too_much(limit)
    return bytes(data)
