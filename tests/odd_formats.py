"""Make registers in formats that no library of ours writes, or writes only in its own way: Word, web pages, XML, xlsb, PDF."""

import html
import struct
import zipfile
from collections.abc import Collection, Iterator
from importlib import import_module
from pathlib import Path
from typing import IO, Any

from common.apart.packing import pack, unpack

Rows = list[list[Any]]
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_SHEETS = "urn:schemas-microsoft-com:office:spreadsheet"


def read_here(reader: str, file: IO[bytes], *arguments: Any, refused: Any) -> Iterator[Any]:
    """Instead of `read_apart`, in this process, where the format is the point and not how its reader is held."""
    module, _, name = reader.partition(":")
    for value in getattr(import_module(module), name)(file, *arguments):
        yield value if isinstance(value, bytes) else unpack(pack(value))


def packed(path: Path, parts: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


def paragraph(text: str, run: str = "", about: str = "") -> str:
    return f'<w:p>{about}<w:r><w:rPr>{run}</w:rPr><w:t xml:space="preserve">{html.escape(text)}</w:t></w:r></w:p>'


def cell(text: Any, about: str = "", run: str = "", numbered: bool = False) -> str:
    """A cell of a Word table; `numbered`: Word counts it by itself."""
    counted = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>' if numbered else ""
    return f"<w:tc><w:tcPr>{about}</w:tcPr>{paragraph(str(text), run, counted)}</w:tc>"


def line(row: list[Any], about: str = "", run: str = "") -> str:
    cells = "".join(one if isinstance(one, str) and one.startswith("<w:tc>") else cell(one, run=run) for one in row)
    return f"<w:tr><w:trPr>{about}</w:trPr>{cells}</w:tr>"


def table(rows: list[Any]) -> str:
    return f"<w:tbl>{''.join(row if isinstance(row, str) else line(row) for row in rows)}</w:tbl>"


def docx(path: Path, body: str | Rows, doctype: str = "") -> Path:
    """`body`: rows of one table, or what stands in the document."""
    inside = body if isinstance(body, str) else table(body)
    return packed(
        path,
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
            "word/document.xml": f"{doctype}<w:document {_W}><w:body>{inside}</w:body></w:document>",
        },
    )


def web_page(path: Path, rows: Rows, encoding: str = "utf-8", head: str = "", before: str = "<h2>DANH SÁCH</h2>") -> Path:
    lines = "".join(
        f"<tr>{''.join(one if str(one).startswith('<td') else f'<td>{html.escape(str(one))}</td>' for one in row)}</tr>"
        for row in rows
    )
    page = f'<html><head><meta charset="{encoding}">{head}</head><body>{before}<table border=1>{lines}</table></body></html>'
    path.write_bytes(page.encode(encoding, "xmlcharrefreplace"))
    return path


def xml_2003(
    path: Path, rows: Rows, *, styles: str = "", hidden_sheet: bool = False, attributes: dict[int, str] | None = None
) -> Path:
    """`attributes`: of a row, by its number from 1."""
    lines = []
    for number, row in enumerate(rows, start=1):
        cells = "".join(
            f'<Cell><Data ss:Type="{"Number" if isinstance(one, int) else "String"}">{html.escape(str(one))}</Data></Cell>'
            for one in row
        )
        lines.append(f"<Row {(attributes or {}).get(number, '')}>{cells}</Row>")
    about = "<x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions>" if hidden_sheet else ""
    path.write_text(
        f'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="{_SHEETS}" xmlns:ss="{_SHEETS}" '
        f'xmlns:x="urn:schemas-microsoft-com:office:excel"><Styles>{styles}</Styles>'
        f'<Worksheet ss:Name="DS"><Table>{"".join(lines)}</Table>{about}</Worksheet></Workbook>'
    )
    return path


def _record(kind: int, data: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    length = len(data)
    size = b""
    while True:
        byte, length = length & 0x7F, length >> 7
        size += bytes([byte | (0x80 if length else 0)])
        if not length:
            return head + size + data


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def xlsb(
    path: Path,
    rows: Rows,
    *,
    hidden: Collection[int] = (),
    struck: Collection[int] = (),
    filled: dict[int, tuple[int, int, int, str]] | None = None,
    far: bool = False,
) -> Path:
    """After [MS-XLSB]. `hidden`, `struck`: rows from 1; `filled`: of rows the pattern, how its colour is told, its number, its parts;
    `far`: one more cell, at the sheet's far corner.
    """
    filled = filled or {}
    width = max(map(len, rows))
    sheet = _record(129) + _record(148, struct.pack("<4I", 0, len(rows) - 1, 0, width - 1)) + _record(145)
    lines = [(n, list(enumerate(row))) for n, row in enumerate(rows)] + ([(1_048_575, [(16_383, "x")])] if far else [])
    for n, row in lines:
        sheet += _record(0, struct.pack("<IIHBB", n, 0, 300, 0, 0x10 if n + 1 in hidden else 0) + b"\0" * 5)
        for column, text in row:
            style = 2 + [*filled].index(n + 1) if n + 1 in filled else int(n + 1 in struck)
            sheet += _record(6, struct.pack("<II", column, style) + _wide(str(text)))
    sheet += _record(146) + _record(130)
    fonts = b"".join(_record(43, struct.pack("<HH", 220, strike) + b"\0" * 17 + _wide("Arial")) for strike in (0, 8))
    fills = b"".join(
        _record(45, struct.pack("<IBBh", pattern, how << 1, number, 0) + bytes.fromhex(parts) + b"\xff" + b"\0" * 48)
        for pattern, how, number, parts in ((0, 0, 64, "000000"), *filled.values())
    )
    cells = [(0, 0), (1, 0), *((0, fill) for fill in range(1, len(filled) + 1))]
    styles = b"".join(_record(47, struct.pack("<HHHH", 0xFFFF, 0, font, fill) + b"\0" * 8) for font, fill in cells)
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    return packed(
        path,
        {
            "[Content_Types].xml": "<Types/>",
            "xl/workbook.bin": _record(131)
            + _record(143)
            + _record(156, struct.pack("<II", 0, 1) + _wide("rId1") + _wide("DS"))
            + _record(144)
            + _record(132),
            "xl/_rels/workbook.bin.rels": f'<Relationships><Relationship Id="rId1" Type="{relation}/worksheet" '
            'Target="worksheets/sheet1.bin"/></Relationships>',
            "xl/styles.bin": _record(278)
            + fonts
            + fills
            + _record(617, struct.pack("<I", len(cells)))
            + styles
            + _record(618)
            + _record(279),
            "xl/worksheets/sheet1.bin": sheet,
        },
    )


def pdf(
    path: Path,
    rows: Rows,
    title: str = "DANH SÁCH ĐĂNG KÝ",
    size: str = '"a4", flipped: true',
    repeats: bool = True,
    ruled: bool = True,
    about: str = "",
    columns: int | str = 0,
) -> Path:
    """A table that goes on over pages, its head repeated on each. `about`: more that is said of the table, for typst; `columns`:
    how many or how wide, where the head's row does not tell.
    """
    import typst

    def written(row: list[Any] | str) -> str:
        return (
            row
            if isinstance(row, str)
            else ", ".join("[" + str(one).replace("\\", "\\\\").replace("/", "\\/") + "]" for one in row)
        )

    head = f"table.header(repeat: {str(repeats).lower()}, {written(rows[0])})"
    lines = ",\n".join(written(row) for row in rows[1:])
    about = about if ruled else f"stroke: none, {about}"
    path.write_bytes(
        typst.compile(
            f"#set page(paper: {size})\n#set text(size: 8pt)\n= {title}\n#table(columns: {columns or len(rows[0])}, {about}{head},\n{lines})".encode()
        )
    )
    return path
