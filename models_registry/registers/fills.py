"""Colours of rows that a note explains: 'Dòng tô màu vàng: mô hình đăng ký mới; dòng không tô màu: mô hình duy trì'."""

import re
from collections.abc import Iterable
from colorsys import rgb_to_hsv
from typing import Any

from common.text import compare_key
from models_registry.enums import Kind, SubjectKind
from models_registry.registers.headings import Role
from models_registry.registers.vocabulary import FieldBook, match_kind, subject_kind_in

NO_COLOUR, ANY_COLOUR = "", "*"
Meanings = dict[str, Any]  # by the word for a colour, or by the colour as the file has it

_PIECES = re.compile(r"[;,.()\n]")
_COLOURED = re.compile(
    r"\b(?P<none>(?:(?:khong|chua) (?:(?:to|co|boi) )*(?:mau|nen)|(?:nen |mau |de )+trang))\b"
    r"|\b(?<!rau )(?<!hoa )(?<!cay )(?:(?:to|boi|nen|co) )*mau(?: (?P<name>vang|do|cam|hong|tim|xam|nau|xanh(?: (?:la cay|duong|lam|luc|nuoc|da))?))?\b"
)
_BLUE, _GREEN = ("xanh duong", "xanh lam", "xanh nuoc", "xanh da"), ("xanh la cay", "xanh luc")  # "xanh là" may be either
_HUES = ((15, "do"), (40, "cam"), (70, "vang"), (165, "xanh la"), (260, "xanh duong"), (300, "tim"), (345, "hong"), (360, "do"))
_GREY = 0.15  # saturation below which a colour is none


def speaks_of_colours(line: str) -> bool:
    """Whether a line says what some colour of the rows means: it is no title of them all."""
    return "màu" in line.casefold() and _COLOURED.search(compare_key(line)) is not None


def fills_in(lines: Iterable[str], colours: set[str], fields: FieldBook) -> dict[Role, Meanings]:
    """What the colours of rows mean by the notes beside the table: {role: {colour of the file: value}}; NO_COLOUR is that of rows
    without one. `colours`: those of the rows.
    """
    said: dict[Role, Meanings] = {}
    for line in filter(speaks_of_colours, lines):
        for piece in _PIECES.split(line):
            words = compare_key(piece)
            if (found := _COLOURED.search(words)) is None:
                continue
            word = NO_COLOUR if found["none"] else found["name"] or ANY_COLOUR
            meant = _meaning(words[found.end() :], fields) or _meaning(words[: found.start()], fields)
            if meant:
                said.setdefault(meant[0], {}).setdefault(word, meant[1])
    told = {role: _by_colour(role, words, colours) for role, words in said.items()}
    return {role: meanings for role, meanings in told.items() if meanings}


def _meaning(words: str, fields: FieldBook) -> tuple[Role, Any] | None:
    words = re.sub(r"^(?:la|thi|cho|voi) ", "", words.strip())
    if kind := match_kind(words):
        return Role.KIND, kind
    if subject_kind := subject_kind_in(words):
        return Role.SUBJECT_KIND, subject_kind
    field_id = fields.match(words) if words else None
    return (Role.FIELD, field_id) if field_id is not None else None


def _by_colour(role: Role, words: Meanings, colours: set[str]) -> Meanings:
    """The meanings by the colours themselves. One colour needs no name; of a list of two the other one may go without saying."""
    named = {word: meant for word, meant in words.items() if word != NO_COLOUR}
    if len(colours) == 1 and len(named) == 1:
        found = dict.fromkeys(colours, next(iter(named.values())))
    else:
        known = {colour: [meant for word, meant in named.items() if _is_called(colour, word)] for colour in colours}
        found = {colour: meant[0] for colour, meant in known.items() if len(meant) == 1}
    if NO_COLOUR in words:
        found[NO_COLOUR] = words[NO_COLOUR]
    both = {Role.KIND: tuple(Kind), Role.SUBJECT_KIND: tuple(SubjectKind)}.get(role, ())
    meant = set(found.values())
    if len(colours) == 1 and len(both) == 2 and len(found) == 1:
        other = next(kind for kind in both if kind not in meant)
        found |= dict.fromkeys({NO_COLOUR, *colours} - set(found), other)
    return found


def _is_called(colour: str, word: str) -> bool:
    name = _name_of(colour)
    if word in _BLUE or word in _GREEN:
        return name == ("xanh duong" if word in _BLUE else "xanh la")
    return bool(name) and (name == word or (word == "xanh" and name.startswith("xanh")))


def _name_of(colour: str) -> str:
    """What a colour is called: 'FFFF00' -> 'vang'; empty for one that is told otherwise than by its three parts."""
    if not re.fullmatch(r"[0-9A-F]{6}", colour):
        return ""
    hue, saturation, _ = rgb_to_hsv(*(int(colour[n : n + 2], 16) / 255 for n in (0, 2, 4)))
    return "xam" if saturation < _GREY else next(name for most, name in _HUES if 360 * hue <= most)
