"""What is taken out of a zip, under which name, and what is refused by name; nothing of it is written."""

import io
import stat
import struct
import zipfile
import zlib
from typing import Any

import pytest

from models_registry.registers import unzipping
from models_registry.registers.refusing import RegisterUnreadable


def zipped(*entries: tuple[str | zipfile.ZipInfo, bytes]) -> io.BytesIO:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return out


def listed(file: io.BytesIO) -> list[tuple[str, str]]:
    return [(piece["name"], piece["error"]) for piece in unzipping.members(file) if isinstance(piece, dict)]


def named(raw: bytes, extra: bytes = b"") -> io.BytesIO:
    """A zip with one file whose name is these bytes, without the mark of UTF-8."""
    info = zipfile.ZipInfo("x" * len(raw))
    info.extra = extra
    return io.BytesIO(zipped((info, b"1")).getvalue().replace(b"x" * len(raw), raw))


def test_a_file_comes_with_its_name_and_bytes() -> None:
    assert list(unzipping.members(zipped(("Đợt 1/Xã Hàm Thuận.xlsx", b"sheet")))) == [
        {"name": "Đợt 1/Xã Hàm Thuận.xlsx", "error": ""},
        b"sheet",
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "cp1258"])
def test_a_name_is_read_as_its_sender_wrote_it(encoding: str) -> None:
    as_windows_has_it = "Xa\u0303 Hàm Thuâ\u0323n.xlsx"
    assert listed(named(as_windows_has_it.encode(encoding))) == [("Xã Hàm Thuận.xlsx", "")]


def test_a_name_of_an_old_zip_of_dos_stays_readable() -> None:
    assert listed(named("Xa Hàm½ Thuan.xlsx".encode("cp437"))) == [("Xa Hàm½ Thuan.xlsx", "")]


def test_the_name_beside_the_name_counts() -> None:
    raw, name = b"Xa H?m Thu?n.xlsx", "Xã Hàm Thuận.xlsx".encode()
    field = b"\1" + struct.pack("<L", zlib.crc32(raw)) + name
    assert listed(named(raw, struct.pack("<HH", 0x7075, len(field)) + field)) == [("Xã Hàm Thuận.xlsx", "")]


def _link() -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("so.xlsx")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


@pytest.mark.parametrize(
    "entry, error",
    [
        ("../../so.xlsx", unzipping.OUTSIDE),
        ("/etc/so.xlsx", unzipping.OUTSIDE),
        ("C:\\so.xlsx", unzipping.OUTSIDE),
        (_link(), unzipping.LINK),
        ("trong.zip", unzipping.NESTED),
        (".", ""),  # no name at all
    ],
)
def test_what_is_no_register_is_refused_by_name_and_the_others_go_on(entry: Any, error: str) -> None:
    assert [why for _, why in listed(zipped((entry, b"x"), ("xa.csv", b"x")))] == [error, ""]


@pytest.mark.parametrize("name", ["__MACOSX/._so.xlsx", "Đợt 1/~$so.xlsx", "Thumbs.db", "a/.DS_Store"])
def test_what_the_sender_s_machine_put_in_is_passed_over(name: str) -> None:
    assert listed(zipped((name, b"x"), ("xa.csv", b"x"))) == [("xa.csv", "")]


def test_a_locked_file_is_refused_alone() -> None:
    file = zipped(("khoa.xlsx", b"x"), ("xa.csv", b"x"))
    with zipfile.ZipFile(file) as archive:
        offsets = [archive.infolist()[0].header_offset + 6, archive.start_dir + 8]
    raw = bytearray(file.getvalue())
    for offset in offsets:
        raw[offset] |= 1
    assert listed(io.BytesIO(raw)) == [("khoa.xlsx", unzipping.LOCKED), ("xa.csv", "")]


def test_a_broken_file_is_refused_alone() -> None:
    file = zipped(("hong.csv", b"a" * 500), ("xa.csv", b"x"))
    raw = bytearray(file.getvalue())
    raw[40] ^= 0xFF
    assert listed(io.BytesIO(raw)) == [("hong.csv", unzipping.BROKEN), ("xa.csv", "")]


def test_a_bomb_ends_where_it_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unzipping, "FILE_LIMIT", 1000)
    monkeypatch.setattr(unzipping, "UNPACKED_LIMIT", 1500)
    file = zipped(("a.csv", b"0" * 1200), ("b.csv", b"0" * 400), ("c.csv", b"0"))
    assert [error for _, error in listed(file)] == [unzipping.BIG, unzipping.TOO_MUCH, unzipping.TOO_MUCH]


def test_no_more_files_than_one_send_may_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unzipping, "MOST_FILES", 1)
    assert [error for _, error in listed(zipped(("a.csv", b"1"), ("b.csv", b"1")))] == ["", unzipping.TOO_MANY]


def test_an_office_file_is_no_zip_of_files() -> None:
    assert list(unzipping.members(zipped(("[Content_Types].xml", b"<x/>"), ("xl/workbook.xml", b"<x/>")))) == []


@pytest.mark.parametrize("raw", [b"", b"PK\x03\x04 broken", b"Rar!"])
def test_what_is_no_zip_is_refused_whole(raw: bytes) -> None:
    with pytest.raises(RegisterUnreadable, match="Tệp nén hỏng"):
        list(unzipping.members(io.BytesIO(raw)))
