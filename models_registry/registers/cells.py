"""Cells as stored text: one encoding, NFC, no stray white space."""

import re
from datetime import date
from functools import lru_cache
from typing import Any

from common.dates import write_day
from common.old_fonts import UNICODE, is_in_old_font, majority, surely_unicode, to_unicode
from common.text import clean

_BOX = re.compile(r"([☐□▢☒☑☑✓✔■])\s*([^☐□▢☒☑✓✔■]*)|\[\s*(x?)\s*\]\s*([^\[]*)", re.IGNORECASE)
_TICKED = frozenset("☒☑✓✔■xX")


class Typed(str):
    """A text that was typed on the portal over a cell: Unicode, whatever the sheet's font."""

    __slots__ = ()


class Told(Typed):
    """A text of the file made Unicode because somebody said how it is to be read; nothing was typed over it."""

    __slots__ = ()


@lru_cache(maxsize=32768)
def _short(value: str, usual: str) -> str:
    return clean(to_unicode(value, usual)[0])


@lru_cache(maxsize=32768)
def _modern(value: str) -> str | None:
    """A text of a Unicode sheet; None where it can only be of an old font."""
    if surely_unicode(value):
        return clean(value)
    return None if is_in_old_font(value) else text_of(value, UNICODE)


def text_of(value: Any, usual: str) -> str:
    """A cell's text; a whole number without its '.0'; `usual` is the encoding where the text itself leaves a doubt."""
    if isinstance(value, Typed):
        return clean(value)
    if isinstance(value, str):
        if value.isascii():
            return value if value.isalnum() else " ".join(value.replace("\x00", "").split())
        return _short(value, usual) if len(value) < 60 else clean(to_unicode(value, usual)[0])
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return write_day(value) if isinstance(value, date) else str(value)


def texts_of(row: list[Any], usual: str) -> list[str]:
    """A row's texts. Rows pasted from another office keep that office's font: a doubtful cell follows its own row."""
    if usual == UNICODE:
        texts = [_modern(cell) if cell.__class__ is str else text_of(cell, UNICODE) for cell in row]
        if None not in texts:
            return texts  # type: ignore[return-value]
    usual = majority((cell for cell in row if isinstance(cell, str)), otherwise=usual)
    return [text_of(cell, usual) if cell != "" else "" for cell in row]


def whole_day(parts: list[str]) -> str:
    """'15', '3', '2024' -> '15/3/2024'; a part that is missing between others is a question mark, which is no day."""
    while parts and not parts[-1]:
        parts = parts[:-1]
    return "/".join(part or "?" for part in parts)


def usual_encoding(rows: list[tuple[int, list[Any]]]) -> str:
    """The encoding of most of a sheet's first cells."""
    return majority((cell for _, row in rows for cell in row if isinstance(cell, str) and cell), otherwise=UNICODE)


@lru_cache(maxsize=4096)
def ticked(value: str) -> str:
    """What is ticked among boxes to tick; the value itself where it has none."""
    boxes = [(mark[1] or mark[3], (mark[2] or mark[4] or "").strip(" ,;/\t\n")) for mark in _BOX.finditer(value)]
    ticked = [words for tick, words in boxes if tick in _TICKED and tick and words]
    return ", ".join(ticked) if boxes else value.strip()
