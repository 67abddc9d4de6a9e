"""A web page, also one that is named .xls, or kept with its pictures (.mht): its tables and the text between them, as one sheet."""

import email
import email.policy
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from models_registry.registers.formats.colours import colour_in
from models_registry.registers.formats.frames import without_frame
from models_registry.registers.formats.table import Lines, Table
from models_registry.registers.formats.text import decode
from models_registry.registers.refusing import RegisterUnreadable, not_a_spreadsheet

_CHARSET = re.compile(rb"""charset\s*=\s*["']?([\w-]{2,20})""", re.IGNORECASE)
_STRUCK_CLASS = re.compile(r"\.([\w-]+)\s*\{[^{}]*text-decoration:[^;{}]*line-through", re.IGNORECASE)
_STRUCK = re.compile(r"text-decoration[^;]*:[^;]*line-through", re.IGNORECASE)
_COLOURED_CLASS = re.compile(r"\.([\w-]+)\s*\{[^{}]*?\bbackground(?:-color)?\s*:\s*([^;{}]+)", re.IGNORECASE)
_COLOURED = re.compile(r"\bbackground(?:-color)?\s*:\s*([^;]+)", re.IGNORECASE)
_NO_DISPLAY = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_SILENT = frozenset(("script", "noscript", "template", "title"))
_BREAKING = frozenset(("br", "p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "hr", "center", "caption"))
_EMPTY = frozenset(("br", "hr", "img", "input", "meta", "link", "col", "base", "area", "wbr"))
MOST_TAGS, DEEPEST = 3_000_000, 50_000
MOST_COLUMNS, MOST_ROWS = 1000, 65_534  # that a cell may cover, as browsers take it


def tables(raw: bytes, name: str) -> Iterator[Table]:
    if not raw.lstrip().lower().startswith(b"mime-version:"):
        yield _page(raw, name, b"")
        return
    for part in email.message_from_bytes(raw, policy=email.policy.compat32).walk():
        if part.get_content_type() == "text/html":
            charset = (part.get_content_charset() or "").encode("ascii", "replace")
            yield _page(part.get_payload(decode=True) or b"", name, charset)  # type: ignore[arg-type]


def _page(raw: bytes, name: str, charset: bytes) -> Table:
    page = _Page(name)
    parser: Any = etree.HTMLParser(target=page, encoding="utf-8", no_network=True, huge_tree=False)
    text = _text(raw, charset).encode("utf-8", "replace")
    try:
        for start in range(0, len(text), 65536):
            parser.feed(text[start : start + 65536])
        parser.close()
    except (etree.LxmlError, ValueError) as error:
        raise not_a_spreadsheet() from error
    return without_frame(page.lines.table)


def _text(raw: bytes, charset: bytes) -> str:
    """UTF-8 where it is, whatever the page says; else what it says; else what it looks like."""
    said = charset or (found[1] if (found := _CHARSET.search(raw[:4096])) else b"")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    name = said.decode("ascii", "replace").lower()
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff") or name in ("", "utf-8", "unicode", "windows-1252", "iso-8859-1"):
        return decode(raw)
    try:
        return raw.decode(name, "replace")
    except LookupError:
        return decode(raw)


class _Page:
    """Takes a page tag by tag; nothing of it is built. A table within a cell is a table of its own."""

    def __init__(self, name: str) -> None:
        self.lines = Lines(name[:31])
        self._open: list[tuple[str, bool, bool]] = []  # tag, whether it strikes through, whether it hides
        self._struck = self._hidden = self._silent = 0
        self._style: list[str] | None = None
        self._struck_classes: set[str] = set()
        self._coloured_classes: dict[str, str] = {}
        self._row_colour = ""
        self._texts: list[str] = []
        self._plain = False  # whether some text of the cell is not struck through
        self._cell: dict[str, Any] | None = None
        self._is_label = False  # whether the cell is a heading's, or a row's number beside it: its colour is not the row's
        self._in_row = self._row_hidden = False
        self._tags = 0

    def start(self, tag: str, attributes: Any) -> None:
        self._tags += 1
        if self._tags > MOST_TAGS or len(self._open) > DEEPEST:
            raise RegisterUnreadable("Trang web có quá nhiều thẻ, không phải sổ đăng ký. Xin chia thành nhiều tệp.")
        if tag in _BREAKING:
            self._texts.append("\n")
        if tag == "table":
            self._flush()
            self._end_row()
            self.lines.begin_table()
        elif tag == "tr":
            self._flush()
            self._end_row()
            self.lines.begin_row()
            self._in_row, self._row_colour = True, self._colour_of(attributes)
        elif tag in ("td", "th"):
            self._flush()
            if not self._in_row:
                self.lines.begin_row()
                self._in_row, self._row_colour = True, ""
            self._cell, self._plain, self._is_label = dict(attributes), False, tag == "th"
        elif tag == "style":
            self._style = []
        self._silent += tag in _SILENT
        if tag not in _EMPTY:
            style = attributes.get("style", "")
            classes = attributes.get("class", "").split()
            strikes = tag in ("s", "strike", "del") or bool(_STRUCK.search(style) or self._struck_classes.intersection(classes))
            hides = "hidden" in attributes or bool(_NO_DISPLAY.search(style))
            self._open.append((tag, strikes, hides))
            self._struck += strikes
            self._hidden += hides
            self._row_hidden = self._hidden > 0 if tag == "tr" else self._row_hidden

    def _colour_of(self, attributes: Any) -> str:
        """What a row or a cell is coloured: by itself, else by its class."""
        told = _COLOURED.search(attributes.get("style", ""))
        own = colour_in(told[1] if told else attributes.get("bgcolor", ""))
        named = (self._coloured_classes[name] for name in attributes.get("class", "").split() if name in self._coloured_classes)
        return own or next(named, "")

    def end(self, tag: str) -> None:
        if tag in _BREAKING:
            self._texts.append("\n")
        if tag in ("td", "th", "tr", "table"):
            self._flush()
        if tag in ("tr", "table"):
            self._end_row()
        if tag == "style":
            style = "".join(self._style or ())
            self._struck_classes |= set(_STRUCK_CLASS.findall(style))
            self._coloured_classes |= {
                name: colour for name, told in _COLOURED_CLASS.findall(style) if (colour := colour_in(told))
            }
            self._style = None
        self._silent -= tag in _SILENT
        if self._open and tag not in _EMPTY:
            _, strikes, hides = self._open.pop()
            self._struck -= strikes
            self._hidden -= hides

    def data(self, text: str) -> None:
        if self._style is not None:
            self._style.append(text)
        elif not self._silent:
            self._texts.append(text)
            self._plain = self._plain or (not self._struck and bool(text.strip()))

    def comment(self, text: str) -> None:
        """Excel keeps its styles in a comment."""
        if self._style is not None:
            self._style.append(text)

    def pi(self, *_: Any) -> None:
        pass

    def close(self) -> None:
        self._flush()
        self._end_row()

    def _flush(self) -> None:
        """What was read so far is a cell, or lines outside of one."""
        text, self._texts = "".join(self._texts), []
        if self._cell is None:
            for line in text.split("\n") if not self._in_row else ():
                if line.strip():
                    self.lines.line([line.strip()])
            return
        about, self._cell = self._cell, None
        across, down = _times(about.get("colspan"), MOST_COLUMNS), _times(about.get("rowspan"), MOST_ROWS)
        said = " ".join(text.split())
        colour = "" if self._is_label else self._colour_of(about) or self._row_colour
        self.lines.cell(said, across=across, down=down, struck=bool(said) and not self._plain, colour=colour)

    def _end_row(self) -> None:
        if self._in_row:
            self.lines.end_row(hidden=self._row_hidden)
            self._in_row = False


def _times(said: str | None, most: int) -> int:
    return min(int(said), most) or 1 if said and said.isdecimal() and len(said) < 12 else 1
