"""The files in a zip that somebody sent, read apart: each with its name, its bytes, or why it is not taken. Nothing is written here, so
that a name can lead nowhere; what a zip says of its sizes is not believed.
"""

import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import IO

from common.sizes import FILE_LIMIT, FILE_MEGABYTES
from models_registry.registers.refusing import RegisterUnreadable

MOST_FILES = 200  # of one send
UNPACKED_LIMIT = 300 * 1024 * 1024
ENTRY_LIMIT = 5000
PIECE = 1024 * 1024
_UNICODE_PATH, _IS_UTF8 = 0x7075, 0x800

LOCKED = "Tệp đặt mật khẩu. Xin bỏ mật khẩu rồi gửi lại."
BIG = f"Tệp lớn hơn {FILE_MEGABYTES} MB. Xin chia sổ thành nhiều tệp."
LINK = "Đường dẫn tắt, không phải tệp. Xin gửi chính tệp sổ."
OUTSIDE = "Tên trong tệp nén trỏ ra ngoài tệp nén, nên cổng không mở."
OF_SYSTEM = "Tệp phụ của máy (macOS, Windows, tệp khóa tạm của Office), không phải sổ."
NESTED = "Tệp nén nằm trong tệp nén. Xin mở ra rồi gửi từng sổ."
TOO_MANY = f"Mỗi lần gửi đến {MOST_FILES} tệp; xin gửi tệp này ở lần sau."
TOO_MUCH = f"Tệp nén bung ra quá {UNPACKED_LIMIT // 1024 // 1024} MB nên cổng dừng trước tệp này. Xin chia thành nhiều lần gửi."
BROKEN = "Tệp hỏng trong tệp nén, không mở được. Xin nén lại rồi gửi."
EMPTY = "Tệp rỗng, không có dữ liệu."
_SYSTEM = {"thumbs.db", "desktop.ini", ".ds_store"}
_OFFICE = {"[Content_Types].xml", "content.xml", "mimetype"}


def is_of_system(name: str) -> bool:
    """Whether nobody sent it: macOS, Windows and Office put such files beside those that somebody did. They are passed over."""
    path = PurePosixPath(name.replace("\\", "/"))
    last = path.name.casefold()
    return "__MACOSX" in path.parts or last.startswith(("~$", ".~lock", "._")) or last in _SYSTEM


def members(file: IO[bytes]) -> Iterator[dict[str, str] | bytes]:
    """Of each file in the zip {"name", "error"}, and where nothing is against it, its bytes. One that is an Office file itself yields
    nothing. Raises RegisterUnreadable where there is no zip to open.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            if len(entries) > ENTRY_LIMIT:
                raise RegisterUnreadable(f"Tệp nén có {len(entries)} mục, quá nhiều. Xin chỉ nén các tệp sổ.")
            if not _OFFICE.isdisjoint(entry.filename for entry in entries):
                return
            sent = [entry for entry in entries if not entry.filename.endswith("/") and not is_of_system(name_of(entry))]
            yield from _each(archive, sent)
    except (zipfile.BadZipFile, ValueError, OSError, struct.error, NotImplementedError) as error:
        raise RegisterUnreadable("Tệp nén hỏng, không mở được. Xin nén lại rồi gửi.") from error


def _each(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> Iterator[dict[str, str] | bytes]:
    left, taken = UNPACKED_LIMIT, 0
    for entry in entries:
        name = name_of(entry)
        error = _against(entry, name) or (TOO_MANY if taken >= MOST_FILES else "") or (TOO_MUCH if left <= 0 else "")
        data = b""
        if not error:
            data, error = _unpacked(archive, entry, min(left, FILE_LIMIT))
            left -= len(data)
        yield {"name": name, "error": error}
        if not error:
            taken += 1
            yield data


def _against(entry: zipfile.ZipInfo, name: str) -> str:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or name[1:2] == ":":
        return OUTSIDE
    if stat.S_ISLNK(entry.external_attr >> 16):
        return LINK
    if entry.flag_bits & 1:
        return LOCKED
    return NESTED if path.suffix.lower() == ".zip" else ""


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limit: int) -> tuple[bytes, str]:
    data = bytearray()
    try:
        with archive.open(entry) as part:
            while chunk := part.read(PIECE):
                data += chunk
                if len(data) > limit:
                    return bytes(data), BIG if limit == FILE_LIMIT else TOO_MUCH
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, NotImplementedError, struct.error):
        return bytes(data), BROKEN
    return bytes(data), "" if data else EMPTY


def name_of(entry: zipfile.ZipInfo) -> str:
    """The name as its sender saw it: Windows writes names in the code page of its language, others in UTF-8 without saying so."""
    if entry.flag_bits & _IS_UTF8:
        name = entry.filename
    else:
        raw = entry.orig_filename.encode("cp437", "replace")
        name = _unicode_path(entry, raw) or _decoded(raw)
    name = unicodedata.normalize("NFC", name).replace("\\", "/")
    return "".join(char for char in name if char.isprintable())[-255:] or "(không tên)"


def _decoded(raw: bytes) -> str:
    for encoding in ("utf-8", "cp1258"):
        try:
            name = unicodedata.normalize("NFC", raw.decode(encoding))
        except UnicodeDecodeError:
            continue
        if encoding == "utf-8" or all(char.isascii() or char.isalpha() for char in name):
            return name
    return raw.decode("cp437")


def _unicode_path(entry: zipfile.ZipInfo, raw: bytes) -> str:
    """The name in the extra field of Info-ZIP, where it is of this very name."""
    extra = entry.extra
    while len(extra) >= 4:
        kind, length = struct.unpack("<HH", extra[:4])
        field, extra = extra[4 : 4 + length], extra[4 + length :]
        if kind == _UNICODE_PATH and length > 5 and struct.unpack("<L", field[1:5])[0] == zlib.crc32(raw):
            return field[5:].decode("utf-8", "replace")
    return ""
