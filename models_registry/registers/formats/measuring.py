"""How much a packed spreadsheet holds, counted before anything is built of it: calamine builds the whole rectangle that a sheet
spans, from the first cell to the last one that holds something. On the way: which rows are hidden or struck through.
"""

import posixpath
import re
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.parsers import expat

from models_registry.registers.formats import binary
from models_registry.registers.formats.colours import WHITE, of_palette
from models_registry.registers.formats.packed import UNPACKED_LIMIT, opened, part, unpacked
from models_registry.registers.formats.spans import LooseSpan, QuickSpan, SheetMarks, SheetSpan, TableSpan
from models_registry.registers.formats.table import CELL_LIMIT, MOST_COLUMNS, Marks
from models_registry.registers.refusing import encrypted, not_a_spreadsheet, too_far, unpacks_too_much

MANIFEST = "META-INF/manifest.xml"
MANIFEST_LIMIT = 1024 * 1024


def measure(raw: bytes) -> dict[str, Marks]:
    """Unpack without keeping anything, and stop at the limits -> what to mark of each sheet, by its name.

    Raises RegisterUnreadable.
    """
    with opened(raw) as parts:
        if b"encryption-data" in part(raw, parts.get(MANIFEST), MANIFEST_LIMIT):
            raise encrypted()
        (struck, filled), names = _styles(raw, parts), _sheet_names(raw, parts)
        found: dict[str, Marks] = {}
        left = UNPACKED_LIMIT
        for name, entry in parts.items():
            size, marks = _look_through(raw, entry, left, struck, filled)
            left -= size
            if name == "content.xml":
                found |= marks
            elif marks and name in names:
                found[names[name]] = marks[""]
        return found


def _look_through(
    raw: bytes, entry: zipfile.ZipInfo, limit: int, struck: set[int], filled: dict[int, str]
) -> tuple[int, dict[str, Marks]]:
    """The bytes that a part unpacks to; what is in a sheet is looked at."""
    size, quick, marks, is_sheet = 0, QuickSpan(), SheetMarks(struck, filled), False
    span = binary.SheetSpan(struck, filled) if entry.filename.endswith(".bin") and "/worksheets/" in entry.filename else None
    for chunk in unpacked(raw, entry):
        is_sheet = is_sheet or (size == 0 and b"worksheet" in chunk[:4096])
        size += len(chunk)
        if size > limit:
            raise unpacks_too_much(UNPACKED_LIMIT)
        if span:
            span.take(chunk)
            _check(span)
        elif is_sheet:
            marks.take(quick.take(chunk))
    if span:
        return size, {"": span.marks}
    if entry.filename == "content.xml":
        table = TableSpan()
        _parse(table, unpacked(raw, entry))
        return size, table.marks
    if is_sheet and not quick.is_small:
        loose = LooseSpan()
        for chunk in unpacked(raw, entry):
            loose.take(chunk)
        if not loose.is_small:
            _parse(SheetSpan(), unpacked(raw, entry))
    return size, {"": marks.found} if is_sheet else {}


def _check(span: Any) -> None:
    if span.rows * span.columns > CELL_LIMIT or span.columns > MOST_COLUMNS:
        raise too_far(span.rows, span.columns)


def _parse(span: SheetSpan | TableSpan, chunks: Iterator[bytes]) -> None:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = span.begin, span.end, span.text
    parser.StartDoctypeDeclHandler = refuse_declarations
    for chunk in chunks:
        parser.Parse(chunk)
        _check(span)
    parser.Parse(b"", True)


def refuse_declarations(*_: Any) -> None:
    raise not_a_spreadsheet()


def _sheet_names(raw: bytes, parts: dict[str, zipfile.ZipInfo]) -> dict[str, str]:
    """Part -> the name of the sheet that it holds."""
    relations = part(raw, parts.get("xl/_rels/workbook.xml.rels") or parts.get("xl/_rels/workbook.bin.rels"))
    targets = {one["Id"]: one["Target"] for one in _elements(relations, "Relationship") if {"Id", "Target"} <= one.keys()}
    if "xl/workbook.bin" in parts:
        named = binary.sheet_names(part(raw, parts["xl/workbook.bin"]))
    else:
        sheets = _elements(part(raw, parts.get("xl/workbook.xml")), "sheet")
        named = {one["id"]: one["name"] for one in sheets if {"id", "name"} <= one.keys()}
    return {
        posixpath.normpath(posixpath.join("/xl", targets[key])).lstrip("/"): name for key, name in named.items() if key in targets
    }


def _styles(raw: bytes, parts: dict[str, zipfile.ZipInfo]) -> tuple[set[int], dict[int, str]]:
    """The numbers of the cell styles whose font is struck through; of those that have a colour, with it."""
    if "xl/styles.bin" in parts:
        return binary.styles_in(part(raw, parts["xl/styles.bin"]))
    styles = part(raw, parts.get("xl/styles.xml"))
    return _struck_styles(styles), _filled_styles(styles)


def _struck_styles(styles: bytes) -> set[int]:
    if b"strike" not in styles:
        return set()
    fonts = re.findall(rb"<(?:\w+:)?font(?:\s[^>]*)?(?:/>|>(.*?)</(?:\w+:)?font>)", styles, re.DOTALL)
    struck = {n for n, font in enumerate(fonts) if re.search(rb"<(?:\w+:)?strike(?!\s+val=[\"'](?:0|false|none)[\"'])", font)}
    cells = re.search(rb"<(?:\w+:)?cellXfs\b(.*?)</(?:\w+:)?cellXfs>", styles, re.DOTALL)
    used = re.findall(rb"<(?:\w+:)?xf\s[^>]*?\bfontId=[\"'](\d{1,6})[\"']", cells[1]) if cells else []
    return {n for n, font in enumerate(used) if int(font) in struck}


def _filled_styles(styles: bytes) -> dict[int, str]:
    """Style -> its colour: three parts in hexadecimal, or how else the file tells it."""
    if b"solid" not in styles:
        return {}
    fills = [_colour(fill) for fill in re.findall(rb"<(?:\w+:)?fill(?:\s*/>|>(.*?)</(?:\w+:)?fill>)", styles, re.DOTALL)]
    cells = re.search(rb"<(?:\w+:)?cellXfs\b(.*?)</(?:\w+:)?cellXfs>", styles, re.DOTALL)
    used = re.findall(rb"<(?:\w+:)?xf\s([^>]*)>", cells[1]) if cells else []
    numbers = (re.search(rb"\bfillId=[\"'](\d{1,6})[\"']", style) for style in used)
    coloured = {n: int(found[1]) for n, found in enumerate(numbers) if found}
    return {n: colour for n, fill in coloured.items() if fill < len(fills) and (colour := fills[fill])}


def _colour(fill: bytes) -> str:
    """The colour of a solid pattern; empty for another, and for white."""
    found = re.search(rb"<(?:\w+:)?fgColor\s([^>]*?)/?>", fill) if b"solid" in fill else None
    if found is None:
        return ""
    if told := re.search(rb"\brgb=[\"'](?:[0-9A-Fa-f]{2})?([0-9A-Fa-f]{6})[\"']", found[1]):
        colour = told[1].decode().upper()
        return "" if colour == WHITE else colour
    if told := re.search(rb"\bindexed=[\"'](\d{1,3})[\"']", found[1]):
        return of_palette(int(told[1]))
    words = found[1].decode("ascii", "replace").strip()
    return "" if re.fullmatch(r"theme=.0.", words) else words[:60]


def _elements(data: bytes, wanted: str) -> list[dict[str, str]]:
    """The attributes of the elements of one name, without their namespaces."""
    found: list[dict[str, str]] = []

    def begin(tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(" ")[2] == wanted:
            found.append({key.rpartition(" ")[2]: value for key, value in attributes.items()})

    if data:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler, parser.StartDoctypeDeclHandler = begin, refuse_declarations
        parser.Parse(data, True)
    return found
