"""Photos, read apart: how many pixels they say they have; made upright, small and clean of all metadata."""

import io
from collections.abc import Iterator
from typing import IO, Any

import pillow_heif
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from common.exceptions import FileRefused

pillow_heif.register_heif_opener(thumbnails=False)

PIXEL_LIMIT = 50_000_000
QUALITY = 80
STRIP = 240  # rows of a HEIC taken over at a time

Image.MAX_IMAGE_PIXELS = 2 * PIXEL_LIMIT  # past this Pillow itself refuses; ours comes first and says why

_FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")  # MPO, of which some telephones make theirs, opens as JPEG
_TOO_MANY = f"Ảnh có quá nhiều điểm ảnh (hơn {PIXEL_LIMIT // 1_000_000} triệu). Xin gửi ảnh nhỏ hơn."


def measured(file: IO[bytes]) -> Iterator[Any]:
    """Width and height in pixels, nothing decoded. Raises FileRefused."""
    with _opened(file) as image:
        yield [image.width, image.height]


def variants(file: IO[bytes], widths: list[int]) -> Iterator[Any]:
    """A photo as WebP in the widths, largest first: [width asked for, width, height], then its bytes. Raises FileRefused.

    Upright, in sRGB, nothing of its metadata left. A JPEG is decoded at the smallest scale that serves the largest size
    (libjpeg's draft mode); each size is made from the one before.
    """
    try:
        image = _upright(file, widths[0])
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise FileRefused("Ảnh hỏng giữa chừng, không đọc hết được. Xin gửi lại ảnh gốc.") from error
    for asked in widths:
        image.thumbnail((asked, asked), Image.Resampling.LANCZOS, reducing_gap=None)
        out = io.BytesIO()
        image.save(out, "WEBP", quality=QUALITY, method=4)
        yield [asked, image.width, image.height]
        yield out.getvalue()


def _opened(file: IO[bytes]) -> Image.Image:
    """The photo, not yet decoded; refused when it has too many pixels."""
    try:
        image = Image.open(file, formats=_FORMATS)
    except Image.DecompressionBombError as error:
        raise FileRefused(_TOO_MANY) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise FileRefused("Ảnh hỏng, không mở được.") from error
    if image.width * image.height > PIXEL_LIMIT:
        raise FileRefused(_TOO_MANY)
    return image


def _upright(file: IO[bytes], most: int) -> Image.Image:
    """The photo, no side longer than `most`, turned as it was held, in sRGB, without metadata."""
    with _opened(file) as opened:
        is_heic = opened.format == "HEIF"
        image, profile = (None, None) if is_heic else _drafted(opened, most)
    if image is None:
        image, profile = _heic(file, most)
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image.convert("RGBA"))
    if profile and image.mode in ("RGB", "RGBA", "L"):
        image = _to_srgb(image, profile)
    image = image.convert("RGB")
    image.info = {}
    return image


def _drafted(opened: Image.Image, most: int) -> tuple[Image.Image, bytes | None]:
    scale = min(1.0, most / max(opened.size))
    opened.draft("RGB", (round(opened.width * scale), round(opened.height * scale)))
    opened.thumbnail((most, most), Image.Resampling.LANCZOS, reducing_gap=None)
    return ImageOps.exif_transpose(opened), opened.info.get("icc_profile")


def _heic(file: IO[bytes], most: int) -> tuple[Image.Image, bytes | None]:
    """A HEIC reduced while it is taken over from the decoder, which has no draft mode: the whole never lies there twice.

    The decoder has turned it already.
    """
    file.seek(0)
    decoded = pillow_heif.open_heif(file, convert_hdr_to_8bit=True)
    (width, height), mode, profile = decoded.size, decoded.mode, decoded.info.get("icc_profile")
    factor = max(1, max(width, height) // most)
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
