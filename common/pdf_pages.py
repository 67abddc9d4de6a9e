"""Pages of a PDF, read apart: how many there are, what is written on one, one as a picture."""

import io
from collections.abc import Iterator
from typing import IO, Any

import pypdfium2

from common.exceptions import FileRefused

WIDTH, HEIGHT = 1200, 3600  # pixels at most
QUALITY = 80
TEXT = 20_000  # letters of a page


def outline(file: IO[bytes], number: int) -> Iterator[Any]:
    """[number of pages, the text of one]. Raises FileRefused."""
    document, page = _page(file, number)
    yield [len(document), page.get_textpage().get_text_bounded()[:TEXT]]


def picture(file: IO[bytes], number: int) -> Iterator[Any]:
    """One page as WebP. Raises FileRefused."""
    _, page = _page(file, number)
    scale = min(WIDTH / page.get_width(), HEIGHT / page.get_height())
    out = io.BytesIO()
    page.render(scale=scale).to_pil().convert("RGB").save(out, "WEBP", quality=QUALITY, method=2)
    yield out.getvalue()


def _page(file: IO[bytes], number: int) -> tuple[pypdfium2.PdfDocument, pypdfium2.PdfPage]:
    try:
        document = pypdfium2.PdfDocument(file.read())
        if 1 <= number <= len(document):
            return document, document[number - 1]
    except pypdfium2.PdfiumError as error:
        raise FileRefused("Không mở được tệp PDF này: tệp hỏng hoặc có mật khẩu.") from error
    raise FileRefused(f"Tệp không có trang {number}.")
