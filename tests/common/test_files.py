"""Files by their content: what is taken, what is refused and why, what is left of a photo."""

import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from common.exceptions import FileRefused
from common.files import photo_variants, receive
from common.sizes import FILE_LIMIT
from tests.photos import PDF, colour_profile, exif, office, photo, picture


def check(data: bytes) -> Any:
    return receive(SimpleUploadedFile("tep", data)).kind


@pytest.mark.usefixtures("started_anew")
@pytest.mark.parametrize(
    "data, name",
    [
        (lambda: photo("JPEG"), "JPEG"),
        (lambda: photo("PNG"), "PNG"),
        (lambda: photo("WEBP"), "WebP"),
        (lambda: photo("HEIF"), "HEIC"),
        (lambda: PDF, "PDF"),
        (office, "Word"),
        (lambda: office("xl/workbook.xml"), "Excel"),
    ],
)
def test_what_is_taken(data: Callable[[], bytes], name: str) -> None:
    assert check(data()).name == name


def bomb_png(width: int, height: int) -> bytes:
    """A PNG that says how big it is and holds next to nothing."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + head
    data = b"IDAT" + zlib.compress(b"\0" * 100)
    end = b"IEND"
    parts = (struct.pack(">I", len(p) - 4) + p + struct.pack(">I", zlib.crc32(p)) for p in (chunk, data, end))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def locked(data: bytes) -> bytes:
    """The zip as if its first entry were encrypted, by the directory's word."""
    changed = bytearray(data)
    changed[changed.find(b"PK\x01\x02") + 8] |= 1
    return bytes(changed)


@pytest.mark.parametrize(
    "data, why",
    [
        (b"", "rỗng"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "SVG"),
        (b"<?xml version='1.0'?>\n<svg onload='x'/>", "SVG"),
        (b"<!DOCTYPE html><script>x</script>", "trang web"),
        (b"\xef\xbb\xbf <html>", "trang web"),
        (b"MZ\x90\x00", "chương trình"),
        (b"\x7fELF\x02", "chương trình"),
        (b"#!/bin/sh\n", "tệp lệnh"),
        (b"Rar!\x1a\x07", "RAR"),
        (b"7z\xbc\xaf\x27\x1c", "7z"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"GIF89a", "GIF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "đời cũ"),
        (b"PK\x03\x04rubbish", "hỏng"),
        (lambda: office("evil.exe"), "tệp nén"),
        (lambda: office(word__vbaProject_dot_bin=b"x"), "macro"),
        (lambda: office(word__media_dot_bin=b"\0" * (210 * 1024 * 1024)), "200 MB"),
        (lambda: bomb_png(20000, 20000), "điểm ảnh"),
        (lambda: bomb_png(100000, 100000), "điểm ảnh"),
        (lambda: bomb_png(10000, 6000), r"hơn 50 triệu"),
        (lambda: office(**{f"part{number}": b"" for number in range(4999)}), "quá nhiều phần"),
        (lambda: locked(office()), "mật khẩu"),
        (b"\xff\xd8\xff\xe0 not a photo", "Ảnh hỏng"),
        (b"chu viet thuong", "loại tệp này"),
    ],
)
def test_what_is_refused_and_why(data: bytes | Callable[[], bytes], why: str) -> None:
    """What is dear to make is made here: each process of a run collects every test."""
    with pytest.raises(FileRefused, match=why):
        check(data() if callable(data) else data)


def test_too_big() -> None:
    with pytest.raises(FileRefused, match="quá 20 MB"):
        check(b"\xff\xd8\xff" + bytes(FILE_LIMIT))


def variants(tmp_path: Path, data: bytes) -> list[Any]:
    return list(photo_variants(io.BytesIO(data)))


@pytest.mark.usefixtures("started_anew")
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", pytest.param("HEIF", marks=pytest.mark.long)])
def test_three_sizes_without_any_metadata(tmp_path: Path, form: str) -> None:
    made = variants(tmp_path, photo(form, 2400, 1800))
    assert [(one.asked, one.width, one.height) for one in made] == [(1600, 1600, 1200), (800, 800, 600), (400, 400, 300)]
    for one in made:
        image = Image.open(io.BytesIO(one.data))
        assert image.format == "WEBP"
        assert dict(image.getexif()) == {}
        assert not {"exif", "xmp", "icc_profile"} & set(image.info)
        assert b"Phone Maker" not in one.data


@pytest.mark.parametrize("orientation, left_top", [(1, "red"), (3, "blue"), (6, "red"), (8, "blue")])
def test_turned_upright(tmp_path: Path, orientation: int, left_top: str) -> None:
    made = variants(tmp_path, photo("JPEG", 1000, 600, orientation))
    image = Image.open(io.BytesIO(made[0].data)).convert("RGB")
    assert image.size == ((1000, 600) if orientation in (1, 3) else (600, 1000))
    red, _, blue = image.getpixel((20, 20))  # type: ignore[misc]
    assert ("red" if red > blue else "blue") == left_top


@pytest.mark.long
def test_a_heic_comes_out_as_it_was_drawn(tmp_path: Path) -> None:
    for width, height in ((2401, 1799), (1000, 700), (700, 2333)):
        made = variants(tmp_path, photo("HEIF", width, height))
        image = Image.open(io.BytesIO(made[0].data)).convert("RGB")
        assert max(image.size) == min(1600, max(width, height))
        assert abs(image.width / image.height - width / height) < 0.01
        left, right = image.getpixel((image.width // 4, image.height - 4)), image.getpixel((3 * image.width // 4, 4))
        assert left[0] > 200 > 80 > left[2] and right[2] > 200 > 80 > right[0]  # type: ignore[index]


def test_transparent_becomes_white_and_a_small_one_is_not_blown_up(tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (300, 200), (0, 0, 0, 0)).save(out, "PNG")
    made = variants(tmp_path, out.getvalue())
    assert [(one.width, one.height) for one in made] == [(300, 200)] * 3
    assert Image.open(io.BytesIO(made[0].data)).convert("RGB").getpixel((10, 10)) == (255, 255, 255)


def test_odd_colour_spaces(tmp_path: Path) -> None:
    for mode in ("L", "CMYK"):
        out = io.BytesIO()
        picture().convert(mode).save(out, "JPEG", exif=exif(), icc_profile=b"rubbish")
        assert len(variants(tmp_path, out.getvalue())) == 3
    out = io.BytesIO()
    picture().convert("P").save(out, "PNG", transparency=0)
    assert len(variants(tmp_path, out.getvalue())) == 3


@pytest.mark.parametrize(
    "profile, left",
    [(colour_profile(), "red"), (colour_profile("wide"), "red"), (colour_profile("wide", swapped=True), "green")],
    ids=["srgb", "alike", "swapped"],
)
def test_colours_of_another_profile_are_taken_over(tmp_path: Path, profile: bytes, left: str) -> None:
    out = io.BytesIO()
    picture().save(out, "PNG", icc_profile=profile)
    red, green, blue = Image.open(io.BytesIO(variants(tmp_path, out.getvalue())[0].data)).convert("RGB").getpixel((20, 20))  # type: ignore[misc]
    assert (red > 200, green > 200, blue < 60) == (left == "red", left == "green", True)


def test_a_photo_that_breaks_off_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="giữa chừng"):
        variants(tmp_path, photo("JPEG", 3000, 2000)[:9000])
