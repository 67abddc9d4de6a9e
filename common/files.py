"""Files that people send: what they really are, by content; a photo made upright, small and clean of all metadata."""

import io
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pi_heif
from django.core.files.uploadedfile import UploadedFile
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from common.exceptions import DomainError

pi_heif.register_heif_opener(thumbnails=False)

FILE_LIMIT = 20 * 1024 * 1024
PIXEL_LIMIT = 50_000_000
UNPACKED_LIMIT = 200 * 1024 * 1024
ENTRY_LIMIT = 5000
WIDTHS = (1600, 800, 400)
QUALITY = 80
STRIP = 240  # rows of a HEIC taken over at a time

Image.MAX_IMAGE_PIXELS = 2 * PIXEL_LIMIT  # past this Pillow itself refuses; ours comes first and says why


class FileRefused(DomainError):
    """The file is not one that the portal takes; the message says why."""


@dataclass(frozen=True)
class FileKind:
    """What a file is by its content: a name for people, its media type, its suffix, whether it is a photo."""

    name: str
    content_type: str
    suffix: str
    is_photo: bool = False


JPEG = FileKind("JPEG", "image/jpeg", ".jpg", True)
PNG = FileKind("PNG", "image/png", ".png", True)
WEBP = FileKind("WebP", "image/webp", ".webp", True)
HEIC = FileKind("HEIC", "image/heic", ".heic", True)
PDF = FileKind("PDF", "application/pdf", ".pdf")
DOCX = FileKind("Word", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx")
XLSX = FileKind("Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx")
TAKEN = "ảnh JPEG, PNG, WebP, HEIC; tệp PDF, Word (.docx), Excel (.xlsx)"

_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1"}
_KNOWN_BAD = (  # first bytes of what people do send, and the words for it
    (b"MZ", "tệp chương trình"),
    (b"\x7fELF", "tệp chương trình"),
    (b"#!", "tệp lệnh"),
    (b"Rar!", "tệp nén RAR"),
    (b"7z\xbc\xaf", "tệp nén 7z"),
    (b"\x1f\x8b", "tệp nén gzip"),
    (b"\xd0\xcf\x11\xe0", "tệp Office đời cũ (.doc, .xls); xin lưu thành .docx hoặc .xlsx"),
    (b"GIF8", "ảnh GIF"),
)


def check_file(file: IO[bytes], size: int) -> FileKind:
    """What the file is; the read position ends at the start. Raises FileRefused with the reason."""
    if size == 0:
        raise FileRefused("Tệp rỗng, không có dữ liệu.")
    if size > FILE_LIMIT:
        raise FileRefused(f"Tệp lớn {size / 1024 / 1024:.0f} MB, quá 20 MB.")
    file.seek(0)
    head = file.read(1024)
    kind = _kind_of(head)
    if kind is None and head.startswith(b"PK\x03\x04"):
        kind = _check_office(file)
    if kind is None:
        raise FileRefused(f"Cổng không nhận {_what_it_is(head)}. Nhận được: {TAKEN}.")
    if kind.is_photo:
        _check_photo(file)
    file.seek(0)
    return kind


def _kind_of(head: bytes) -> FileKind | None:
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS:
        return HEIC
    return PDF if head.lstrip().startswith(b"%PDF-") else None


def _what_it_is(head: bytes) -> str:
    for start, words in _KNOWN_BAD:
        if head.startswith(start):
            return words
    text = head.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if b"<svg" in text:
        return "ảnh SVG (có thể chứa lệnh)"
    if text.startswith((b"<!doctype html", b"<html", b"<script", b"<?php")):
        return "trang web hoặc mã lệnh"
    return "loại tệp này"


def _check_office(file: IO[bytes]) -> FileKind:
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            kind = DOCX if "word/document.xml" in names else XLSX if "xl/workbook.xml" in names else None
            if kind is None or "[Content_Types].xml" not in names:
                raise FileRefused(f"Cổng không nhận tệp nén. Nhận được: {TAKEN}.")
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                raise FileRefused("Tệp có chứa macro (lệnh chạy được). Xin lưu lại không có macro rồi gửi.")
            if any(entry.flag_bits & 1 for entry in entries):
                raise FileRefused("Tệp đặt mật khẩu. Xin bỏ mật khẩu rồi gửi lại.")
            _measure(archive, entries)
            return kind
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, NotImplementedError, OSError) as error:
        raise FileRefused("Tệp hỏng, không mở được.") from error


def _measure(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    """Unpack without keeping anything and stop at the limit."""
    if len(entries) > ENTRY_LIMIT:
        raise FileRefused("Tệp có quá nhiều phần bên trong.")
    unpacked = 0
    for entry in entries:
        with archive.open(entry) as part:
            while chunk := part.read(1024 * 1024):
                unpacked += len(chunk)
                if unpacked > UNPACKED_LIMIT:
                    raise FileRefused("Tệp bung ra quá 200 MB. Xin bớt ảnh bên trong rồi gửi lại.")


_PHOTO_FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")  # MPO, of which some telephones make theirs, opens as JPEG


def _open_photo(file: IO[bytes] | Path) -> Image.Image:
    """The photo, not yet decoded; refused when it has too many pixels."""
    try:
        image = Image.open(file, formats=_PHOTO_FORMATS)
    except Image.DecompressionBombError as error:
        raise FileRefused(_TOO_MANY) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise FileRefused("Ảnh hỏng, không mở được.") from error
    if image.width * image.height > PIXEL_LIMIT:
        raise FileRefused(_TOO_MANY)
    return image


_TOO_MANY = f"Ảnh có quá nhiều điểm ảnh (hơn {PIXEL_LIMIT // 1_000_000} triệu). Xin gửi ảnh nhỏ hơn."


def _check_photo(file: IO[bytes]) -> None:
    file.seek(0)
    with _open_photo(file):
        pass


@dataclass(frozen=True)
class Variant:
    """One size of a photo: the width asked for, and what came out."""

    asked: int
    width: int
    height: int
    data: bytes


def shrunk_photo(file: UploadedFile) -> bytes:
    """A photo that was sent, at its largest size (`photo_variants`). Raises FileRefused, which names the file."""
    if not check_file(file.file, file.size or 0).is_photo:  # type: ignore[arg-type]
        raise FileRefused(f"{file.name}: ở đây chỉ nhận ảnh.")
    with tempfile.NamedTemporaryFile(suffix=".photo") as source:
        for chunk in file.chunks():
            source.write(chunk)
        source.flush()
        return next(photo_variants(Path(source.name))).data


def photo_variants(source: Path) -> Iterator[Variant]:
    """A photo as WebP in WIDTHS, largest first: upright, in sRGB, nothing of its metadata left. Raises FileRefused.

    A JPEG is decoded at the smallest scale that serves the largest size (libjpeg's draft mode); each size is made from
    the one before.
    """
    try:
        image = _upright(source)
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise FileRefused("Ảnh hỏng giữa chừng, không đọc hết được. Xin gửi lại ảnh gốc.") from error
    for asked in WIDTHS:
        image.thumbnail((asked, asked), Image.Resampling.LANCZOS, reducing_gap=None)
        out = io.BytesIO()
        image.save(out, "WEBP", quality=QUALITY, method=4)
        yield Variant(asked, image.width, image.height, out.getvalue())


def _upright(source: Path) -> Image.Image:
    """The photo at the size of the largest variant, turned as it was held, in sRGB, without metadata."""
    with source.open("rb") as file:
        is_heic = _kind_of(file.read(32)) is HEIC
    image, profile = _heic(source) if is_heic else _drafted(source)
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image.convert("RGBA"))
    if profile and image.mode in ("RGB", "RGBA", "L"):
        image = _to_srgb(image, profile)
    image = image.convert("RGB")
    image.info = {}
    return image


def _drafted(source: Path) -> tuple[Image.Image, bytes | None]:
    with _open_photo(source) as opened:
        scale = min(1.0, WIDTHS[0] / max(opened.size))
        opened.draft("RGB", (round(opened.width * scale), round(opened.height * scale)))
        opened.thumbnail((WIDTHS[0], WIDTHS[0]), Image.Resampling.LANCZOS, reducing_gap=None)
        return ImageOps.exif_transpose(opened), opened.info.get("icc_profile")


def _heic(source: Path) -> tuple[Image.Image, bytes | None]:
    """A HEIC reduced while it is taken over from the decoder, which has no draft mode: the whole never lies there twice.

    The decoder has turned it already.
    """
    decoded = pi_heif.open_heif(source, convert_hdr_to_8bit=True)
    (width, height), mode, profile = decoded.size, decoded.mode, decoded.info.get("icc_profile")
    if width * height > PIXEL_LIMIT:
        raise FileRefused(_TOO_MANY)
    factor = max(1, max(width, height) // WIDTHS[0])
    pixels, stride, rows = decoded.data, decoded.stride, STRIP // factor * factor  # decodes here, before there is more to hold
    image = Image.new(mode, (-(-width // factor), -(-height // factor)))
    for top in range(0, height, rows):
        count = min(rows, height - top)
        strip = Image.frombuffer(mode, (width, count), pixels[top * stride : (top + count) * stride], "raw", mode, stride, 1)
        image.paste(strip.reduce(factor), (0, top // factor))
    return image, profile


def _to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "srgb" in ImageCms.getProfileDescription(source).lower():
            return image
        converted = ImageCms.profileToProfile(image.convert("RGB"), source, ImageCms.createProfile("sRGB"))
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image  # a profile that cannot be read says nothing about the colours
    return converted or image
