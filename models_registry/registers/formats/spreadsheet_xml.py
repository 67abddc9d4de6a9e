"""XML Spreadsheet 2003, which tools like to name .xls."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from xml.parsers import expat

from models_registry.registers.formats.colours import colour_in
from models_registry.registers.formats.table import Lines, Table
from models_registry.registers.refusing import not_a_spreadsheet

_SPACE = "urn:schemas-microsoft-com:office:spreadsheet"


def tables(raw: bytes, name: str) -> Iterator[Table]:
    book = _Book(name)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = book.begin, book.end, book.text
    parser.StartDoctypeDeclHandler = _refuse_declarations
    try:
        for start in range(0, len(raw), 65536):
            parser.Parse(raw[start : start + 65536])
            yield from book.taken()
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise not_a_spreadsheet() from error
    yield from book.taken()


def _refuse_declarations(*_: Any) -> None:
    raise not_a_spreadsheet()


class _Book:
    """What is open in the workbook; sheets are complete at their end, where it is said whether they are hidden."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._done: list[Table] = []
        self._struck: set[str] = set()
        self._filled: dict[str, str] = {}
        self._style = ""
        self._lines: Lines | None = None
        self._texts: list[str] | None = None
        self._kind = ""
        self._value: Any = ""
        self._row: dict[str, str] | None = None  # what is said of the row that is open

    def taken(self) -> list[Table]:
        done, self._done = self._done, []
        return done

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(" ")[2]
        said = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        if name == "Style":
            self._style = said.get("ID", "")
        elif name == "Font" and said.get("StrikeThrough") == "1":
            self._struck.add(self._style)
        elif name == "Interior" and said.get("Pattern") == "Solid":
            self._filled[self._style] = colour_in(said.get("Color", ""))
        elif name == "Worksheet":
            self._lines = Lines(said.get("Name", self._name)[:31])
        elif name == "Visible" and self._lines:
            self._texts = []
        elif name == "Row" and self._lines:
            self._lines.begin_row(_number(said.get("Index")))
            self._row = said
        elif name == "Cell":
            self._cell, self._value, self._texts = said, "", None
        elif name == "Data":
            self._kind, self._texts = said.get("Type", ""), []

    def text(self, said: str) -> None:
        if self._texts is not None:
            self._texts.append(said)

    def end(self, tag: str) -> None:
        name = tag.rpartition(" ")[2]
        if self._lines is None:
            return
        if name == "Data":
            self._value, self._texts = _value(self._kind, "".join(self._texts or ())), None
        elif name == "Cell" and self._row is not None:
            at = _number(self._cell.get("Index"))
            across, down = (1 + (_number(self._cell.get(key)) or 0) for key in ("MergeAcross", "MergeDown"))
            style = self._cell.get("StyleID", self._row.get("StyleID", ""))
            struck, colour = style in self._struck, self._filled.get(style, "")
            self._lines.cell(self._value, across=across, down=down, struck=struck, colour=colour, at=at - 1 if at else None)
        elif name == "Row" and self._row is not None:
            self._lines.end_row(hidden=self._row.get("Hidden") == "1")
            self._row = None
        elif name == "Visible":
            self._lines.table.hidden, self._texts = "".join(self._texts or ()) != "SheetVisible", None
        elif name == "Worksheet":
            self._done.append(self._lines.table)
            self._lines = None


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 9 else None


def _value(kind: str, text: str) -> Any:
    try:
        if kind == "Number":
            return float(text)
        return datetime.fromisoformat(text).date() if kind == "DateTime" else text
    except ValueError:
        return text
