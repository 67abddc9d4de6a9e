"""Section rows: "I. LĨNH VỰC KINH TẾ (23 mô hình)", "1. Đăng ký mới", "Xã Hàm Hiệp" speak for the rows below them."""

import re
from dataclasses import dataclass, field
from typing import Any

from common.text import compare_key, quoted
from models_registry.enums import Kind, SubjectKind
from models_registry.registers.fills import speaks_of_colours
from models_registry.registers.reading import RegisterContext
from models_registry.registers.vocabulary import NOWHERE, Place, PlaceUnknown, bare_section, heads_kind, match_subject_kind

ROMAN, LETTER, DIGIT, PLAIN = "roman", "letter", "digit", "plain"
BLOCK = "block"  # no numbering: the title of one of several tables

_COUNTED = re.compile(r"^(.+?)\s*[:(–-]\s*(\d{1,4})\s*(?:mô hình|mh|đăng ký)\b.*$", re.IGNORECASE)  # "Xã X: 4 mô hình (2 mới)"
_LONGEST_TITLE = 250  # letters
_OF_REGISTER = re.compile(r"\b(mo hinh|danh sach|dien hinh|dang ki|dan van kheo)\b")
_FIELD_BEHIND = re.compile(r"\blinh vuc (.+)")
_SAID_OF_ALL: tuple[tuple[str, tuple[tuple[Kind | SubjectKind, re.Pattern[str]], ...]], ...] = (
    (
        "subject_kind",
        ((SubjectKind.COLLECTIVE, re.compile(r"\btap the\b")), (SubjectKind.INDIVIDUAL, re.compile(r"\bca nhan\b"))),
    ),
    (
        "kind",
        (
            (Kind.NEW, re.compile(r"\b(dang ki|xay dung|mo hinh|dan van kheo) moi\b")),
            (Kind.MAINTAINED, re.compile(r"\b(duy tri|nhan rong)\b")),
        ),
    ),
)


def numbering_of(text: str) -> str:
    """How a section is numbered: roman, letter, digit, or not at all."""
    words = re.sub(r"^\s*(phần|mục|biểu|bảng|phụ lục|danh sách)( số)?\s+", "", text, flags=re.IGNORECASE)
    if re.match(r"^\(?[IVX]{1,5}(\s*[.)\-:/]|\s*$)", words):
        return ROMAN
    if re.match(r"^\(?[A-ZĐa-zđ](\s*[.)\-:/]|\s*$)", words):
        return LETTER
    return DIGIT if re.match(r"^\(?\d{1,2}(\s*[.)\-:/]|\s*$)", words) else PLAIN


@dataclass
class _Open:
    what: str
    value: Any
    label: str
    numbering: str
    said: int | None
    begun_at: int


@dataclass
class Sections:
    """The open sections, outermost first. One that begins ends the one of its sort, and all that was opened inside that."""

    context: RegisterContext
    fills: dict[str, Any] = field(default_factory=dict)
    """What speaks for rows where neither they nor a section say it: {"field": …, "kind": …, "subject_kind": …, "place": …}."""
    _stack: list[_Open] = field(default_factory=list)

    def _value(self, what: str) -> Any:
        if not self._stack:
            return self.fills.get(what)
        return next((section.value for section in reversed(self._stack) if section.what == what), self.fills.get(what))

    def says(self, what: str) -> bool:
        return any(section.what == what for section in self._stack)

    @property
    def field_id(self) -> int | None:
        field_id: int | None = self._value("field")
        return field_id

    @property
    def kind(self) -> Kind | None:
        kind: Kind | None = self._value("kind")
        return kind

    @property
    def subject_kind(self) -> SubjectKind | None:
        subject_kind: SubjectKind | None = self._value("subject_kind")
        return subject_kind

    @property
    def place(self) -> Place | None:
        place: Place | None = self._value("place")
        return place

    @property
    def hamlet(self) -> str:
        """That of a table's own title."""
        return self._value("hamlet") or ""

    @property
    def doer(self) -> str:
        """Who does what stands below, by a line that names nothing else."""
        return self._value("doer") or ""

    @property
    def has_block(self) -> bool:
        return any(section.numbering == BLOCK for section in self._stack)

    def meaning(self, text: str) -> tuple[str, Any, int | None] | None:
        """(what the section is about, its value, the count that it states), or None for words that say nothing known."""
        if (found := self._meaning(text)) or not (counted := _COUNTED.match(text)):
            return found
        return self._meaning(f"{counted[1]} ({counted[2]})")

    def _meaning(self, text: str) -> tuple[str, Any, int | None] | None:
        words, said = bare_section(text)
        if not words or len(words) > 120:
            return None
        if (field_id := self.context.fields.match(words)) is not None:
            return "field", field_id, said
        if subject_kind := match_subject_kind(words):
            return "subject_kind", subject_kind, said
        if kind := heads_kind(words):
            return "kind", kind, said
        try:
            place = self.context.places.match(words)
        except PlaceUnknown:
            return None
        known = place.unit_id or self.context.places.is_own(words)
        return ("place", place if place.unit_id else NOWHERE, said) if known else None

    def begin(self, text: str, numbering: str, at_row: int, said: int | None) -> list[str]:
        """Open the section that the words name. Returns sentences about ended sections whose count did not hold."""
        found = self.meaning(text)
        if found is None:
            raise ValueError(text)
        what, value, stated = found
        return self._begin(_Open(what, value, text, numbering, stated if stated is not None else said, at_row))

    def begin_block(
        self, what: str, value: Place | str, title: str, at_row: int, numbering: str = BLOCK, *, said: int | None = None
    ) -> list[str]:
        """As `begin`, of the place or the hamlet that a table's own title names, or a line within the table."""
        return self._begin(_Open(what, value, title, numbering, said, at_row))

    def end_blocks(self, at_row: int) -> list[str]:
        return self.unknown(BLOCK, at_row)[1]

    def _begin(self, section: _Open) -> list[str]:
        level = next((i for i, s in enumerate(self._stack) if s.what == section.what), len(self._stack))
        if section.what not in ("doer", "hamlet"):  # a body's hamlet is told by the same line
            level = min(level, self._beside("doer", section.numbering))
        wrong = self._end_from(level, section.begun_at)
        self._stack.append(section)
        return wrong

    def _beside(self, what: str, numbering: str) -> int:
        """Where a section of a sort stands that is numbered as another one is, so that it ends where that begins."""
        found = (i for i, s in enumerate(self._stack) if s.what == what and s.numbering == numbering)
        return next(found, len(self._stack))

    def end_beside(self, what: str, numbering: str, at_row: int) -> list[str]:
        return self._end_from(self._beside(what, numbering), at_row)

    def hear(self, line: str) -> list[tuple[str, str]]:
        """What a title says of all rows below it: [(what, the list's own words)], of each thing that it names one of alone:
        'Danh sách mô hình đăng ký mới lĩnh vực kinh tế'.
        """
        words, fields = compare_key(line), self.context.fields
        if len(line) > _LONGEST_TITLE or not _OF_REGISTER.search(words) or speaks_of_colours(line):
            return []
        found = []
        about = _FIELD_BEHIND.search(words)
        named = {pk for pk, name in fields.name_of.items() if compare_key(name) in words}
        behind = about[1].split() if about else []
        field_id = next((pk for n in range(len(behind), 0, -1) if (pk := fields.match(" ".join(behind[:n]))) is not None), None)
        if field_id is not None and named <= {field_id}:
            found.append(("field", fields.name_of[field_id]))
        for what, pair in _SAID_OF_ALL:
            meant = [kind for kind, pattern in pair if pattern.search(words)]
            found += [(what, str(meant[0].label))] if len(meant) == 1 else []
        return found

    def unknown(self, numbering: str, at_row: int) -> tuple[bool, list[str]]:
        """Words that look like a section but name nothing known: what stood at their level no longer speaks for the rows below."""
        level = next((i for i, s in enumerate(self._stack) if s.numbering == numbering), None)
        return (False, []) if level is None else (True, self._end_from(level, at_row))

    @property
    def depth(self) -> int:
        return len(self._stack)

    def end_all(self, at_row: int, *, within: int = 0) -> list[str]:
        """`within`: how many of the outermost go on."""
        return self._end_from(within, at_row)

    def _end_from(self, level: int, at_row: int) -> list[str]:
        ended, self._stack = self._stack[level:], self._stack[:level]
        return [
            f"Mục {quoted(s.label[:60])} ghi {s.said}, đọc được {at_row - s.begun_at} dòng."
            for s in ended
            if s.said is not None and s.said != at_row - s.begun_at
        ]
