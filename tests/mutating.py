"""Registers spoiled at random, within their packing too: what a disk, a mail server, a converter or an enemy makes of a file."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from tests import odd_formats as odd
from tests import registers as made

ROWS = [["DANH SÁCH"], made.HEAD, *(made.row(f"Mô hình số {n}", number=n) for n in range(1, 7))]
MAKERS: dict[str, Callable[[Path, Any], Path]] = {
    "xlsx": made.xlsx,
    "xls": made.xls,
    "ods": made.ods,
    "csv": made.text_file,
    "xlsb": odd.xlsb,
    "docx": odd.docx,
    "web": odd.web_page,
    "xml": odd.xml_2003,
    "pdf": lambda path, rows: odd.pdf(path, rows[1:]),
}
_PIECES = (
    b"\xff\xff\xff\xff", b"\x00" * 8, b"\x7f", b"\x80\x00", b"999999999", b"-1", b"<", b">", b'"', b"<!DOCTYPE a [<!ENTITY b 'c'>]>&b;",
    b'<td colspan="99999999" rowspan="99999999">', b"<w:tbl>", b"</w:tc>", b'<w:gridSpan w:val="99999999"/>', b'ss:Index="99999999"',
    b'r="XFD1048576"', b'table:number-columns-repeated="99999999"', b"\r\n", b'""', b";", b"\xc3", "ố".encode(), b"/Kids [1 0 R]", b"1 0 R",
    b"1e308", b"-9" * 200, b"NaN", b"2958466", b"x" * 4000, b"<f>REPT(A1,99999)</f>", b"=A1&A1", b'<w:numPr><w:numId w:val="-1"/></w:numPr>',
    b'<w:numFmt w:val="lowerRoman"/>', b"<w:p/>",
)  # fmt: skip


def whole(folder: Path) -> dict[str, bytes]:
    """One good register of each format."""
    return {name: make(folder / name, ROWS).read_bytes() for name, make in MAKERS.items()}


@st.composite
def change(draw: Any, data: bytes) -> bytes:
    """The data with one thing wrong."""
    at = draw(st.integers(0, max(len(data) - 1, 0)))
    end = min(len(data), at + draw(st.sampled_from((1, 2, 4, 16, 200, 5000))))
    kind = draw(st.sampled_from(("flip", "cut", "double", "insert", "replace", "end", "many")))
    if kind == "flip":
        return data[:at] + bytes([data[at] ^ (1 << draw(st.integers(0, 7)))]) + data[at + 1 :] if data else data
    if kind == "cut":
        return data[:at] + data[end:]
    if kind == "double":
        return data[:end] + data[at:end] * draw(st.sampled_from((1, 3, 500))) + data[end:]
    if kind == "end":
        return data[:at]
    piece = draw(st.sampled_from(_PIECES))
    if kind == "many":
        return data[:at] + piece * draw(st.sampled_from((10, 3000))) + data[at:]
    return data[:at] + piece + data[at if kind == "insert" else at + len(piece) :]


@st.composite
def spoiled(draw: Any, files: dict[str, bytes]) -> tuple[str, bytes]:
    """(format, a file of it with a few things wrong)."""
    name = draw(st.sampled_from(sorted(files)))
    data = files[name]
    for _ in range(draw(st.integers(1, 4))):
        if data.startswith(b"PK") and draw(st.integers(0, 3)):
            data = draw(_inside(data))
        else:
            data = draw(change(data))
    return name, data


@st.composite
def _inside(draw: Any, data: bytes) -> bytes:
    """A packed file with a part spoiled, lost or under another's name, packed again as if nothing had been."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
    except Exception:  # spoiled before
        return bytes(draw(change(data)))
    if not parts:
        return data
    chosen, other = draw(st.sampled_from(sorted(parts))), draw(st.sampled_from(sorted(parts)))
    match draw(st.integers(0, 7)):
        case 0:
            del parts[chosen]
        case 1:
            parts[chosen], parts[other] = parts[other], parts[chosen]
        case _:
            parts[chosen] = draw(change(parts[chosen]))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return packed.getvalue()
