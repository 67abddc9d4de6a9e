"""The numbers that Word counts by itself: of lists, and of styles that are lists."""

import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from typing import Any

from lxml import etree

from models_registry.registers.formats.packed import part

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PART_LIMIT = 4 * 1024 * 1024
LONGEST = 20  # letters of a number
_LEVELS = 9
_DEEPEST = 10  # styles that are based on one another
_ROMAN = [(1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX")]
_ROMAN += [(5, "V"), (4, "IV"), (1, "I")]
Element = Any
Level = tuple[str, str]  # how it is written, with what around it: ("decimal", "%1.")
_USUAL: Level = ("decimal", "%1.")


class Numbering:
    """Counts the paragraphs of a document, in their order."""

    def __init__(self, raw: bytes, parts: dict[str, zipfile.ZipInfo]) -> None:
        self._levels: dict[tuple[str, int], Level] = {}  # (list, level)
        self._lists: dict[str, str] = {}  # number -> the list that it counts
        self._styles: dict[str, tuple[str, str, str]] = {}  # style -> its number, level, the style that it is based on
        self._counts: dict[str, Counter[int]] = {}
        for about in _elements(part(raw, parts.get("word/numbering.xml"), PART_LIMIT), "abstractNum"):
            for level in about.iterfind(f"{W}lvl"):
                at = (about.get(f"{W}abstractNumId", ""), _level(level.get(f"{W}ilvl", "")))
                self._levels[at] = (value(level, "numFmt") or "decimal", value(level, "lvlText")[:LONGEST])
        for about in _elements(part(raw, parts.get("word/numbering.xml"), PART_LIMIT), "num"):
            self._lists[about.get(f"{W}numId", "")] = value(about, "abstractNumId")
        for about in _elements(part(raw, parts.get("word/styles.xml"), PART_LIMIT), "style"):
            said = about.find(f"{W}pPr/{W}numPr")
            self._styles[about.get(f"{W}styleId", "")] = (value(said, "numId"), value(said, "ilvl"), value(about, "basedOn"))

    def of(self, paragraph: Element) -> str:
        """'1.', 'II.', 'a)', '-' for a bullet; empty for a paragraph that is not counted."""
        number, said = self._named(paragraph.find(f"{W}pPr"))
        if not number or number == "0":
            return ""
        of_list, level = self._lists.get(number, number), _level(said)
        counts = self._counts.setdefault(of_list, Counter())
        counts[level] += 1
        for deeper in range(level + 1, _LEVELS):
            counts[deeper] = 0
        kind, around = self._levels.get((of_list, level), _USUAL)
        if kind == "none":
            return ""
        if kind == "bullet":
            return "-"

        def written(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            return _written(max(counts[at], 1), self._levels.get((of_list, at), _USUAL)[0])

        return re.sub(r"%([1-9])", written, around).strip()[:LONGEST]

    def _named(self, about: Element) -> tuple[str, str]:
        """A paragraph's number and level, its own or its style's."""
        said = about.find(f"{W}numPr") if about is not None else None
        if said is not None and value(said, "numId"):
            return value(said, "numId"), value(said, "ilvl")
        style = value(about, "pStyle")
        for _ in range(_DEEPEST):
            number, level, style = self._styles.get(style, ("", "", ""))
            if number or not style:
                return number, value(said, "ilvl") or level
        return "", ""


def value(about: Element, what: str) -> str:
    found = about.find(f"{W}{what}") if about is not None else None
    return "" if found is None else str(found.get(f"{W}val", ""))


def _elements(data: bytes, wanted: str) -> Iterator[Element]:
    """The elements of one name right below the root; none of a part that is broken."""
    if not data:
        return
    try:
        yield from etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True)).iterfind(f"{W}{wanted}")
    except etree.XMLSyntaxError:
        return


def _level(said: str) -> int:
    return min(int(said), _LEVELS - 1) if said.isdecimal() and len(said) < 3 else 0


def _written(number: int, kind: str) -> str:
    if kind in ("upperRoman", "lowerRoman") and number < 4000:
        text = ""
        for size, letters in _ROMAN:
            text += letters * (number // size)
            number %= size
        return text if kind == "upperRoman" else text.lower()
    if kind in ("upperLetter", "lowerLetter") and number <= 26:
        return chr((65 if kind == "upperLetter" else 97) + number - 1)
    return str(number)
