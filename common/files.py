"""Files that people send: what they really are, by content; what is kept of them. They are opened apart, never in here."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import UploadedFile

from common.antivirus import scan
from common.apart.parent import read_apart
from common.exceptions import FileRefused
from common.sizes import FILE_LIMIT, FILE_MEGABYTES
from common.text import clean

WIDTHS = (1600, 800, 400)  # of a photo, in pixels


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
PHOTOS = (JPEG, PNG, WEBP, HEIC)
PAPERS = (PDF, DOCX, XLSX)
_OFFICE_NAMES = {DOCX: "Word (.docx)", XLSX: "Excel (.xlsx)"}

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


@dataclass(frozen=True)
class Received:
    """A file that was sent and may be kept: what it is, and its content, without what reached or ran elsewhere."""

    kind: FileKind
    name: str
    content: "File[bytes]"
    size: int
    digest: str
    """SHA-256 of the content, in hex."""


@dataclass(frozen=True)
class Variant:
    """One size of a photo: the width asked for, and what came out, as WebP."""

    asked: int
    width: int
    height: int
    data: bytes


def named_kinds(kinds: Sequence[FileKind]) -> str:
    """Kinds of files as a sentence lists them: 'ảnh JPEG, PNG; tệp PDF, Word (.docx)'."""
    photos = ", ".join(kind.name for kind in kinds if kind.is_photo)
    papers = ", ".join(_OFFICE_NAMES.get(kind, kind.name) for kind in kinds if not kind.is_photo)
    return "; ".join(f"{what} {names}" for what, names in (("ảnh", photos), ("tệp", papers)) if names)


def receive(
    file: "UploadedFile[bytes]", *, unnamed: str = "tep", is_form: bool = False, taken: Sequence[FileKind] = PHOTOS + PAPERS
) -> Received:
    """Look a file over before it is kept; `is_form`: papers will be issued out of it. Raises FileRefused with the reason, and
    with the kinds that are `taken` here.
    """
    kind, content = _looked_over(file, taken, is_form=is_form)
    digest = hashlib.sha256()
    for chunk in content.chunks():
        digest.update(chunk)
    content.seek(0)
    name = clean(Path(file.name or "").name)[-200:] or f"{unnamed}{kind.suffix}"
    return Received(kind, name, content, content.size, digest.hexdigest())


def is_pdf(file: "UploadedFile[bytes]") -> bool:
    """By its first bytes."""
    file.seek(0)
    return _kind_of(file.read(1024)) == PDF


def check_photo(file: "UploadedFile[bytes]") -> None:
    """Raises FileRefused, which names the file, for what is no photo."""
    try:
        _looked_over(file, PHOTOS)
    except FileRefused as refused:
        raise FileRefused(f"{file.name}: {refused}") from refused


def shrunk_photo(file: "UploadedFile[bytes]") -> bytes:
    """A photo that was sent, at its largest size (`photo_variants`). Raises FileRefused, which names the file."""
    check_photo(file)
    return next(photo_variants(file)).data


def photo_variants(file: IO[bytes]) -> Iterator[Variant]:
    """A photo in the sizes of `WIDTHS`, largest first: upright, in sRGB, nothing of its metadata left. Raises FileRefused."""
    said = read_apart("common.photos:variants", file, WIDTHS, refused=FileRefused)
    for asked, width, height in said:
        yield Variant(asked, width, height, next(said))


@dataclass(frozen=True)
class PaperPage:
    """One page of a stored paper: how many it has, what is written on this one as far as a file tells."""

    number: int
    count: int
    text: str = ""


def is_shown_by_page(content_type: str) -> bool:
    """Whether a paper is of a kind whose pages can be drawn: a PDF, or a photo, which is one page."""
    return content_type == PDF.content_type or content_type.startswith("image/")


def paper_page(file: IO[bytes], content_type: str, number: int) -> PaperPage:
    """Raises FileRefused for a page that is not there, and for a file that cannot be opened."""
    if content_type != PDF.content_type:
        return PaperPage(1, 1)
    count, text = next(read_apart("common.pdf_pages:outline", file, number, refused=FileRefused))
    return PaperPage(number, count, text)


def page_picture(file: IO[bytes], content_type: str, number: int) -> bytes:
    """A page of a stored paper as WebP. Raises FileRefused."""
    if content_type != PDF.content_type:
        return next(photo_variants(file)).data
    return bytes(next(read_apart("common.pdf_pages:picture", file, number, refused=FileRefused)))


def _looked_over(
    file: "UploadedFile[bytes]", taken: Sequence[FileKind], *, is_form: bool = False
) -> tuple[FileKind, "File[bytes]"]:
    """What the file is, and the content that may be kept."""
    size = file.size or 0
    if size == 0:
        raise FileRefused("Tệp rỗng, không có dữ liệu.")
    if size > FILE_LIMIT:
        raise FileRefused(f"Tệp lớn {size / 1024 / 1024:.0f} MB, quá {FILE_MEGABYTES} MB.")
    file.seek(0)
    head = file.read(1024)
    kind, is_office = _kind_of(head), head.startswith(b"PK\x03\x04")
    if kind is None and not is_office:
        raise FileRefused(f"Cổng không nhận {_what_it_is(head)}. Nhận được: {named_kinds(taken)}.")
    if kind:
        _check_taken(kind, taken)
    scan(file)
    content: File[bytes] = file
    if kind is None:
        suffix, *cleaned = read_apart("common.office:inspected", file, is_form, refused=FileRefused)
        kind = DOCX if suffix == DOCX.suffix else XLSX
        _check_taken(kind, taken)
        content = ContentFile(cleaned[0], file.name) if cleaned else file
    elif kind.is_photo:
        list(read_apart("common.photos:measured", file, refused=FileRefused))
    content.seek(0)
    return kind, content


def _check_taken(kind: FileKind, taken: Sequence[FileKind]) -> None:
    if kind not in taken:
        raise FileRefused(f"Ở đây không nhận {named_kinds([kind])}. Nhận được: {named_kinds(taken)}.")


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
