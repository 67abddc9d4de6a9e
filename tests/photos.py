"""Photos and papers for tests, with the metadata that telephones put in."""

import io
import zipfile
from typing import Any

import pillow_heif
from PIL import Image, ImageCms

GPS, ORIENTATION, MAKE = 0x8825, 0x0112, 0x010F


def picture(width: int = 1200, height: int = 900) -> Image.Image:
    """Red on the left, blue on the right: turning it shows."""
    image = Image.new("RGB", (width, height), "red")
    image.paste("blue", (width // 2, 0, width, height))
    return image


def exif(orientation: int = 1) -> Image.Exif:
    """Place, maker and orientation, as a telephone writes them."""
    data = Image.Exif()
    data[ORIENTATION], data[MAKE] = orientation, "Phone Maker"
    data.get_ifd(GPS).update({1: "N", 2: (10.0, 55.0, 0.0), 3: "E", 4: (108.0, 6.0, 0.0)})
    return data


def photo(form: str = "JPEG", width: int = 1200, height: int = 900, orientation: int = 1, **more: Any) -> bytes:
    out = io.BytesIO()
    image = picture(width, height)
    if form == "HEIF":
        pillow_heif.from_pillow(image).save(out, exif=exif(orientation).tobytes(), quality=80)
    else:
        image.save(out, form, exif=exif(orientation).tobytes(), **more)
    return out.getvalue()


def colour_profile(name: str = "sRGB", *, swapped: bool = False) -> bytes:
    """A colour profile under a name of four letters; `swapped`: its red is sRGB's green and the other way round."""
    data = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = data.replace("sRGB".encode("utf-16-be"), name.encode("utf-16-be"))
    if swapped:  # the names of two tags in the table of tags
        data = data.replace(b"rXYZ", b"????", 1).replace(b"gXYZ", b"rXYZ", 1).replace(b"????", b"gXYZ", 1)
    return data


def office(main: str = "word/document.xml", **parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(main, "<x/>")
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), data)
    return out.getvalue()


PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
