"""The rectangle that a sheet spans, and what of it is hidden or struck through, out of its XML."""

import re

from models_registry.registers.formats.colours import colour_in
from models_registry.registers.formats.table import CELL_LIMIT, MOST_COLUMNS, Marks

_PLAIN = b'<c r="'
_OTHER = (b"<c ", b"<c>", b"<c/", b"<c\n", b"<c\r", b"<c\t")
_FAR = re.compile(rb'<c r="(?:[A-Z]{2}|[A-Z]\d{6}|[^A-Z])')
_REFERENCE = re.compile(rb"""\br=["']([A-Za-z]{1,3})(\d{1,8})["']""")
_CELL_TAG = re.compile(rb"<(?:[\w.-]+:)?c[\s/>]")
_ROW_TAG = re.compile(rb"<(?:[\w.-]+:)?row\s([^<>]*)>")
_CELL = re.compile(rb"<(?:[\w.-]+:)?c\s([^<>]*)>")
_ROW = re.compile(rb"""\br=["'](\d{1,8})["']""")
_HIDDEN = re.compile(rb"""\bhidden=["'](?:1|true)["']|\bht=["']0["']""")
_STYLE = re.compile(rb"""\bs=["'](\d{1,6})["']""")
_MOST_MARKS = 200_000


class QuickSpan:
    """A sheet that is surely small enough: every cell says where it stands, as all programs write it, and within Z99999."""

    def __init__(self) -> None:
        self._left, self.is_small = b"", True

    def take(self, chunk: bytes) -> bytes:
        """Returns what of it was whole elements."""
        text = self._left + chunk
        end = text.rfind(b"<")
        self._left, text = text[end:], text[:end]
        plain = text.count(_PLAIN)
        if b":c" in text or sum(map(text.count, _OTHER)) != plain or _FAR.search(text):
            self.is_small = False
        return text


class LooseSpan:
    """A rectangle that is surely big enough, from references alone: only where it does not settle the matter are cells counted."""

    def __init__(self) -> None:
        self._left, self._cells, self._references, self._rows, self._columns = b"", 0, 0, 0, set[bytes]()

    def take(self, chunk: bytes) -> None:
        text = self._left + chunk
        end = text.rfind(b"<")
        self._left, text = text[end:], text[:end]
        self._cells += len(_CELL_TAG.findall(text))
        found = _REFERENCE.findall(text)
        if found:
            self._references += len(found)
            self._columns.update(letters for letters, _ in found)
            self._rows = max(self._rows, *map(int, {row for _, row in found}))

    @property
    def is_small(self) -> bool:
        """Every cell says where it stands, and they span no more than may be built."""
        widest = max((column_number(letters) for letters in self._columns), default=0)
        return self._cells <= self._references and widest <= MOST_COLUMNS and self._rows * widest <= CELL_LIMIT


class SheetMarks:
    """Hidden rows and struck cells of an Excel sheet, out of what `QuickSpan` hands on."""

    def __init__(self, struck: set[int], filled: dict[int, str]) -> None:
        self.found = Marks()
        self._filled = {b"%d" % style: colour for style, colour in filled.items()}
        styles = b"|".join(self._filled)
        self._coloured = re.compile(rb"""<(?:[\w.-]+:)?c\s([^<>]*\bs=["'](%s)["'][^<>]*)>""" % styles)
        self._struck = {b"%d" % style for style in struck}

    def take(self, text: bytes) -> None:
        if (b"hidden" in text or b"ht=" in text) and len(self.found.hidden_rows) < _MOST_MARKS:
            tags = (tag for tag in _ROW_TAG.findall(text) if _HIDDEN.search(tag))
            self.found.hidden_rows += [int(row[1]) for tag in tags if (row := _ROW.search(tag))]
        for tag in _CELL.findall(text) if self._struck and len(self.found.struck) < _MOST_MARKS else ():
            style, at = _STYLE.search(tag), _REFERENCE.search(tag)
            if style and at and style[1] in self._struck:
                self.found.struck.setdefault(int(at[2]), []).append(column_number(at[1]) - 1)
        for tag, style in self._coloured.findall(text) if self._filled and len(self.found.filled) < _MOST_MARKS else ():
            if (at := _REFERENCE.search(tag)) and int(at[2]) not in self.found.filled:
                self.found.filled[int(at[2])] = column_number(at[1]) - 1, self._filled[style]


def column_number(letters: bytes) -> int:
    """1 for A, 27 for AA."""
    return sum((b - 64) * 26**power for power, b in enumerate(reversed(letters.upper())))


class SheetSpan:
    """Rows and columns that an Excel sheet spans: a cell that does not say where it stands is right of the one before."""

    def __init__(self) -> None:
        self.rows = self.columns = 0
        self._row = self._column = 0
        self._at = (0, 0)
        self._is_value = False

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(" ")[2]
        if name == "row":
            number = attributes.get("r", "")
            self._row, self._column = int(number) if re.fullmatch(r"\d{1,8}", number) else self._row + 1, 0
        elif name == "c":
            stated = re.fullmatch(r"([A-Za-z]{1,3})(\d{1,8})", attributes.get("r", ""))
            self._column = column_number(stated[1].encode()) if stated else self._column + 1
            self._at = (int(stated[2]) if stated else self._row, self._column)
        self._is_value = name in ("v", "t")

    def end(self, name: str) -> None:
        self._is_value = False

    def text(self, _: str) -> None:
        if self._is_value:
            self.rows, self.columns = max(self.rows, self._at[0]), max(self.columns, self._at[1])


class TableSpan:
    """Rows and columns that the tables of an OpenDocument sheet span, at most: cells and rows may stand for many."""

    def __init__(self) -> None:
        self.rows = self.columns = 0
        self.marks: dict[str, Marks] = {}
        self._rows = self._columns = 0
        self._cell, self._width, self._repeated = 1, 0, 1
        self._style, self._struck_styles = "", set[str]()
        self._hidden, self._struck, self._is_struck = False, list[int](), False
        self._fills, self._first, self._colour = dict[str, str](), (0, ""), ""
        self._table = Marks()

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(" ")[2]
        if name == "table":
            self._rows = 0
            self._table = self.marks.setdefault(_said(attributes, "name"), Marks())
        elif name == "table-row":
            self._repeated, self._columns, self._width = _times(attributes, "number-rows-repeated"), 0, 0
            self._hidden, self._struck = _said(attributes, "visibility") in ("collapse", "filter"), []
            self._first = (0, "")
        elif name in ("table-cell", "covered-table-cell"):
            self._columns += _times(attributes, "number-columns-repeated")
            self._is_struck = (style := _said(attributes, "style-name")) in self._struck_styles
            self._colour = self._fills.get(style, "")
            if any(key.rpartition(" ")[2] in ("value", "value-type") for key in attributes):
                self._fill()
        elif name == "style":
            self._style = _said(attributes, "name")
        elif name == "table-cell-properties":
            if colour := colour_in(_said(attributes, "background-color")):
                self._fills[self._style] = colour
        elif name == "text-properties":
            lines = [_said(attributes, f"text-line-through-{what}") for what in ("style", "type")]
            if any(line not in ("", "none") for line in lines):
                self._struck_styles.add(self._style)

    def _fill(self) -> None:
        if self._is_struck and self._width < self._columns:
            self._struck.append(self._columns - 1)
        if self._colour and not self._first[1]:
            self._first = self._columns - 1, self._colour
        self._width = self._columns

    def end(self, name: str) -> None:
        if name.rpartition(" ")[2] != "table-row":
            return
        self._rows += self._repeated
        if self._width:
            self.rows, self.columns = max(self.rows, self._rows), max(self.columns, self._width)
            numbers = range(self._rows - self._repeated + 1, min(self._rows, _MOST_MARKS) + 1)
            if self._hidden:
                self._table.hidden_rows += numbers
            if self._struck:
                self._table.struck |= dict.fromkeys(numbers, self._struck)
            if self._first[1]:
                self._table.filled |= dict.fromkeys(numbers, self._first)

    def text(self, said: str) -> None:
        if said.strip():
            self._fill()


def _said(attributes: dict[str, str], what: str) -> str:
    return next((value for key, value in attributes.items() if key.rpartition(" ")[2] == what), "")


def _times(attributes: dict[str, str], what: str) -> int:
    stated = _said(attributes, what)
    return int(stated) if stated.isdecimal() and len(stated) < 10 else 1
