"""A Word document (.docx): its tables and, between them, its paragraphs, in their order, as one sheet."""

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from models_registry.registers.formats.colours import colour_in
from models_registry.registers.formats.numbering import Numbering, W, value
from models_registry.registers.formats.packed import opened, unpacked
from models_registry.registers.formats.table import Lines, Table
from models_registry.registers.refusing import RegisterUnreadable, not_a_spreadsheet, unpacks_too_much

Element = Any
DOCUMENT_LIMIT = 64 * 1024 * 1024  # a list of a thousand rows unpacks to two
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_TBL, _TR, _TC, _P, _R = (f"{W}{name}" for name in ("tbl", "tr", "tc", "p", "r"))
_GONE = frozenset((_FALLBACK, f"{W}moveFrom", f"{W}del"))
_AROUND = frozenset(f"{W}{name}" for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"))
_BREAKS = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
_TICKS = frozenset(("52", "53", "54", "78", "FB", "FC", "FD", "FE"))  # of Wingdings
FEWEST_WITHIN = 3  # cells of a row of a table within a cell
MOST_EVENTS = 300_000  # beginnings and ends of paragraphs, rows, tables
MOST_IN_ONE = 4 * 1024 * 1024  # bytes of one paragraph or row


def too_many_parts() -> RegisterUnreadable:
    return RegisterUnreadable("Tệp Word có quá nhiều đoạn. Xin bỏ phần thừa, hoặc chia thành nhiều tệp rồi gửi.")


def tables(raw: bytes, name: str) -> Iterator[Table]:
    lines = Lines(name[:31])
    with opened(raw) as parts:
        reading = _Document(Numbering(raw, parts))
        parser: Any = etree.XMLPullParser(
            events=("start", "end"), tag=(_TBL, _TR, _P, _FALLBACK), resolve_entities=False, no_network=True, huge_tree=False
        )
        left, open_since = DOCUMENT_LIMIT, 0
        try:
            for chunk in unpacked(raw, parts["word/document.xml"]):
                left -= len(chunk)
                if left < 0:
                    raise unpacks_too_much(DOCUMENT_LIMIT)
                for start in range(0, len(chunk), 65536):  # each piece is let go before the next is built
                    parser.feed(chunk[start : start + 65536])
                    open_since = 0 if reading.take(parser.read_events(), lines) else open_since + 65536
                    if open_since > MOST_IN_ONE:
                        raise too_many_parts()
            parser.close()
        except etree.XMLSyntaxError as error:
            raise not_a_spreadsheet() from error
        reading.take(parser.read_events(), lines)
    yield lines.table


class _Document:
    """Goes through a document's paragraphs and rows; each is let go once it has been read."""

    def __init__(self, numbering: Numbering) -> None:
        self._depth, self._left = 0, MOST_EVENTS
        self._fallbacks = 0  # what a drawing says once more for an older Word
        self._numbering = numbering

    def take(self, events: Any, lines: Lines) -> bool:
        """Whether some paragraph or row ended."""
        has_ended = False
        for event, element in events:
            self._left -= 1
            if self._left < 0:
                raise too_many_parts()
            if element.tag == _FALLBACK:
                self._fallbacks += 1 if event == "start" else -1
            elif self._fallbacks:
                continue
            elif element.tag == _TBL:
                self._depth += 1 if event == "start" else -1
                if self._depth == 1 and event == "start":
                    lines.begin_table()
            elif event == "start" or self._depth > 1 or (self._depth == 1 and element.tag == _P):
                continue
            elif element.tag == _TR:
                self._row(element, lines)
                _let_go(element)
                has_ended = True
            else:
                said = self._line(element) if len(element) else ""
                if texts := [text for text in re.split(r"[\t\n]+", said) if text.strip()]:
                    lines.line(texts)
                _let_go(element)
                has_ended = True
        return has_ended

    def _row(self, row: Element, lines: Lines) -> None:
        about = row.find(f"{W}trPr")
        if about is not None and about.find(f"{W}del") is not None:  # a row that was deleted while changes were tracked
            return
        within: list[Element] = []
        lines.begin_row()
        for _ in range(min(_number(about, "gridBefore") or 0, 100)):
            lines.cell("")
        for cell in _cells(row):
            shape = cell.find(f"{W}tcPr")
            across = min(_number(shape, "gridSpan") or 1, 1000)
            merge = shape.find(f"{W}vMerge") if shape is not None else None
            is_under = merge is not None and merge.get(f"{W}val", "continue") != "restart"
            shade = shape.find(f"{W}shd") if shape is not None else None
            tables_within = [child for child in cell if child.tag == _TBL and _is_table(child)]
            within += tables_within
            text, struck = ("", False) if is_under else self._text(child for child in cell if child not in tables_within)
            lines.cell(
                text.strip(),
                across=across,
                struck=struck,
                colour="" if shade is None else colour_in(shade.get(f"{W}fill", "")),
                top=None if merge is None else not is_under,
            )
        lines.end_row(hidden=about is not None and about.find(f"{W}hidden") is not None)
        for table in within:  # the page is laid out by a table
            lines.begin_table()
            for inner in table.iterchildren(_TR):
                self._row(inner, lines)

    def _line(self, paragraph: Element) -> str:
        """A paragraph's text as it is seen: behind the number that Word counts."""
        text = "".join(part for part, _ in _runs(paragraph))
        number = self._numbering.of(paragraph) if text.strip() else ""
        return f"{number} {text.lstrip()}" if number else text

    def _text(self, elements: Any) -> tuple[str, bool]:
        """The text of a cell's paragraphs, each on a line, and whether all of it is struck through. A number that Word counts by
        itself is the text where there is no other.
        """
        texts: list[tuple[str, bool]] = []
        counted = ""
        for element in elements:
            for paragraph in element.iter(_P):
                if texts:
                    texts.append(("\n", True))
                texts += _runs(paragraph)
                counted = counted or self._numbering.of(paragraph).strip(".)-")
        text = "".join(part for part, _ in texts)
        said = [is_struck for part, is_struck in texts if part.strip()]
        return (text, bool(said) and all(said)) if text.strip() else (counted, False)


def _is_table(element: Element) -> bool:
    """Whether a table within a cell is one by itself, no way of laying out the cell."""
    rows = [sum(1 for _ in _cells(row)) for row in element.iterchildren(_TR)]
    return len(rows) > 1 and max(rows) >= FEWEST_WITHIN


def _let_go(element: Element) -> None:
    """What has been read, and the nothing before it, takes no more memory."""
    element.clear()
    parent = element.getparent()
    while parent is not None and parent[0] is not element:
        del parent[0]


def _cells(row: Element) -> Iterator[Element]:
    for child in row:
        if child.tag == _TC:
            yield child
        elif child.tag in _AROUND:
            yield from _cells(child)


def _runs(element: Element) -> Iterator[tuple[str, bool]]:
    """(text, whether it is struck through) of each run, without what was deleted, moved away or hidden."""
    for child in element:
        if child.tag == _R:
            about = child.find(f"{W}rPr")
            if not _is_on(about, "vanish"):
                is_struck = _is_on(about, "strike") or _is_on(about, "dstrike")
                yield "".join(_said(one) for one in child), is_struck
        elif child.tag not in _GONE and child.tag != _P:
            yield from _runs(child)


def _said(element: Element) -> str:
    if element.tag == f"{W}t":
        return element.text or ""
    if element.tag == f"{W}sym":
        return "x" if element.get(f"{W}char", "")[-2:].upper() in _TICKS else ""
    return _BREAKS.get(element.tag, "")


def _is_on(about: Element, what: str) -> bool:
    found = about.find(f"{W}{what}") if about is not None else None
    return found is not None and found.get(f"{W}val", "1") not in ("0", "false", "off")


def _number(about: Element, what: str) -> int | None:
    said = value(about, what)
    return int(said) if said.isdecimal() and len(said) < 6 else None
