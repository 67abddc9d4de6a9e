"""A csv file: UTF-8, UTF-16, Windows-1258, or the bytes of an old font; separated by comma, semicolon, tab or bar."""

import csv
import io
import re
from collections.abc import Iterator
from typing import Any

from common.old_fonts import from_tcvn3, from_vni, plausibility
from models_registry.registers.formats.table import Row, Table
from models_registry.registers.refusing import not_a_spreadsheet

_BRACKETS = re.compile(r"\([^()]*\)")
_ITEM = re.compile(r"\s*(?:\d{1,4}\s*[.)/]|[-–+•*])\s+\D")  # "1/ Tuyến đường hoa - Hội Phụ nữ, thôn 3"
_SAID = re.compile(r"sep=([,;\t|])\r?\n", re.IGNORECASE)  # Excel's own first line


def tables(raw: bytes, name: str) -> Iterator[Table]:
    yield Table(name[:31], _rows(raw))


def _rows(raw: bytes) -> Iterator[tuple[int, Row]]:
    text = decode(raw)
    sample = text[:65536]
    if "\x00" in sample or sample.lstrip()[:1] in ("<", "{", "%") or not any(c in sample for c in ",;\t|"):
        raise not_a_spreadsheet()
    lines = sample.splitlines()[:50]
    said = _SAID.match(text)
    separator = said[1] if said else max(",;\t|", key=lambda mark: sum(line.count(mark) for line in lines))
    text = text[said.end() :] if said else text
    quoting: Any = csv.QUOTE_NONE if _quotes_are_loose(text, separator) else csv.QUOTE_MINIMAL
    if not said and separator != "\t" and _is_list(lines, separator):
        yield from ((number, [line]) for number, line in enumerate(text.splitlines(), start=1))
        return
    try:
        read = csv.reader(io.StringIO(text, newline=""), delimiter=separator, quoting=quoting)
        yield from enumerate(read, start=2 if said else 1)
    except csv.Error as error:
        raise not_a_spreadsheet() from error


def _is_list(lines: list[str], separator: str) -> bool:
    """Whether the text is a list, whose separators are but commas of sentences: a space behind each, now more, now fewer, or within
    brackets.
    """
    items = [line for line in lines if _ITEM.match(line)]
    counts = {line.count(separator) for line in items}
    are_commas = all(line.count(separator) == line.count(f"{separator} ") for line in items)
    return are_commas and (len(counts) > 1 or any(separator in words for line in items for words in _BRACKETS.findall(line)))


def _quotes_are_loose(text: str, separator: str) -> bool:
    """Whether some text begins with a quotation mark that is not the format's: read as one, it would swallow whole lines."""
    try:
        cells = (cell for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator) for cell in row)
        return any("\n" in cell and cell.count(separator) >= 3 for cell in cells)
    except csv.Error:
        return True


def decode(raw: bytes) -> str:
    """A text whose encoding nobody states."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", errors="replace")
    if raw[1:200:2].count(0) > 40:
        return raw.decode("utf-16-le", errors="replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    as_latin, as_windows = raw.decode("latin-1"), raw.decode("cp1258", errors="replace")
    old_font = max(plausibility(from_tcvn3(as_latin[:65536])), plausibility(from_vni(as_latin[:65536])))
    return as_windows if plausibility(as_windows[:65536]) > old_font else as_latin
