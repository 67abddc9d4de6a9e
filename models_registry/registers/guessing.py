"""What a column's values say where its heading does not: which role it has, whether it holds two, and how sure that is."""

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from functools import lru_cache

from common.dates import month_before_day, read_day, read_day_within, read_month, read_part_of_year
from common.text import clean, compare_key, quoted
from models_registry.registers.doers import kind_of_doer
from models_registry.registers.hamlets import hamlet_in
from models_registry.registers.headings import GIVEN, HEADED, LOOSE, REMEMBERED, SHAPED, SHORT, Column, Role
from models_registry.registers.reading import letter
from models_registry.registers.vocabulary import NOWHERE, FieldBook, PlaceBook, PlaceUnknown, match_kind, match_subject_kind
from organisation.models import PLACE_KINDS

Test = Callable[[str], bool]
ENOUGH, MOST = 0.8, 0.6  # share of a column's values: to take it where no heading speaks, to hold a heading for confirmed
_APART = re.compile(r"[;|()\n]")  # parts two things without doubt; the others may stand within one ("Văn hóa - xã hội")
_SPLIT = re.compile(r"[,;:/|()\n+]|\s[-–]\s|\s(?:và|&)\s")
_MOST_PIECES = 6  # of a cell that says two or three things
_MEANS = re.compile(r"\s*[:=.–-]\s*")
_COMMITTEE = re.compile(r"^(dang uy|dang bo|ubnd|uy ban nhan dan) (xa|phuong|thi tran|dac khu) ")
_OF_A_PLACE = re.compile(rf"\b(?:{PLACE_KINDS})\s+\w", re.IGNORECASE)  # a place may be called "new" or "old"
_SHORT_BEHIND = re.compile(r"([^()/;,]+?)\s*\((\w{1,3})\)")  # "Mới (M) / Duy trì (D)"
_SHORT = 4  # letters of a word that stands for another in a column
_ENDS = re.compile(r"\s*(?:\((?:tập thể|cá nhân|TT|CN)\)|[,;–-]\s*(?:tập thể|cá nhân))\s*$", re.IGNORECASE)
_BEGINS = re.compile(r"^\s*(tập thể|cá nhân|TT|CN)\s*(?:[:\-–]\s*)?(?=\S)", re.IGNORECASE)
_DOER_BEHIND = re.compile(r"^(.+?)\s*(?:\(([^()]{3,})\)|[;\n]\s*([^;\n(][^;\n]*))\s*\.?$")
_DOER_BEHIND_DASH = re.compile(r"^(.{5,}?)\s+[-–—]+\s+([^–—]+?)\s*\.?$")
_PLACE_BEHIND = re.compile(r"^(.{3,}?\S)(?:\s+[-–—]+\s+|\s*[;,\n(]\s*)((?:(?!\s[-–—]\s)[^;,()\n])+?)\)?\s*\.?$")
_NO_PLACE = re.compile(r"^(?:\w+ (?:trưởng|phó)\b|tổ (?!dân phố\b)\D*$)", re.IGNORECASE)  # 'Tổ trưởng', 'Tổ vay vốn'
_BETWEEN = re.compile(r"\s+[-–—]+\s+|\s*[;,()\n]\s*")
_LABEL_OF_DOER = re.compile(r"^(?:đơn vị|tập thể|cá nhân|người|chủ thể|cơ quan|tổ chức)\b[^:]{0,40}:\s*", re.IGNORECASE)
_KIND_BEHIND = re.compile(r"^(.{5,}?)\s*(?:\(([^()]{1,40})\))\s*\.?$")
_PARTS_BEHIND = re.compile(r"^(.{5,}?)\s*\(([^()]{2,100})\)\s*\.?$")
_KINDS_BEHIND = {Role.KIND: match_kind, Role.SUBJECT_KIND: match_subject_kind}
_SURE = {HEADED: 95, SHORT: 85, LOOSE: 60, SHAPED: 60}
_BY_HAND = {GIVEN: "Cán bộ chọn", REMEMBERED: "Đã nhớ từ lần nạp trước"}


@dataclass(frozen=True, slots=True)
class Guess:
    """What a column was taken for, why, and how sure that is in per cent."""

    column: str
    role: str
    sure: int
    why: str

    def as_dict(self) -> dict[str, str | int]:
        return asdict(self)


@dataclass(frozen=True)
class ByValue:
    """Which roles a value fits, by the lists of a season and unit."""

    fields: FieldBook
    places: PlaceBook
    window: tuple[date, date] = (date.min, date.max)
    written_on: date | None = None
    """The day in the letterhead or over the signature of the paper."""

    def tests(self) -> dict[Role, Test]:
        return {
            Role.SUBJECT_KIND: lambda text: match_subject_kind(text) is not None,
            Role.KIND: lambda text: match_kind(text) is not None and len(text) < 40 and not _OF_A_PLACE.search(text),
            Role.FIELD: lambda text: self.fields.match(text) is not None,
            Role.PLACE: self.is_place,
            Role.REGISTERED_ON: lambda text: (
                (read_day(text) or read_month(text) or read_day_within(text, *self.window) or read_part_of_year(text, 2000))
                is not None
            ),
        }

    def is_place(self, text: str) -> bool:
        try:
            return self.places.match(text) is not NOWHERE or self.places.is_own(text)
        except PlaceUnknown:
            return False

    def is_where(self, text: str) -> bool:
        """Whether it names a hamlet or a place."""
        return bool(hamlet_in(text)) or self.is_place(text)

    def is_committee(self, text: str) -> bool:
        """Whether it names a place or its committee and nothing else, so that it says where and not who."""
        return self.places.is_name(text) or bool(_COMMITTEE.match(compare_key(text)))

    def is_in_season(self, text: str) -> bool:
        """A day that no heading calls the registration's is one only within the season."""
        day = read_day(text)
        return day is not None and self.window[0] <= day <= self.window[1]

    def are_to_come(self, values: list[str]) -> bool:
        """Whether all are days after that on which the paper was written: nobody had registered on them."""
        days = [read_day(text) for text in values]
        return self.written_on is not None and bool(days) and all(day is not None and day > self.written_on for day in days)

    def is_month_in_season(self, text: str) -> bool:
        """As `is_in_season`, of a month and its year; that in which the season opens counts from then on."""
        month = read_month(text)
        return month is not None and self.window[0].replace(day=1) <= month <= self.window[1]


def legend_in(label: str, test: Test) -> dict[str, str]:
    """What short words of a column mean where its heading says so: 'Hình thức (M: mới; D: duy trì)' -> {'m': 'mới', 'd': 'duy trì'}."""
    pieces = re.split(r"[;()\n]" if ";" in label else r"[,()\n]", label)
    pairs = [pair for piece in pieces if len(pair := _MEANS.split(piece.strip(), maxsplit=1)) == 2]
    pairs += [[found[2], found[1].strip()] for found in _SHORT_BEHIND.finditer(label)]
    both = [*pairs, *((short, long) for long, short in pairs)]
    found = {compare_key(short): long for short, long in both if len(short) <= _SHORT and len(short) < len(long) and test(long)}
    return found if len(found) > 1 else {}


def is_month_first(values: list[str], is_day: Test) -> bool:
    """Whether a column's days were written month first, as online forms in English do: only so are they days, all of them."""
    stamps = [text for text in values if month_before_day(text) != text]
    return bool(stamps) and not all(map(is_day, stamps)) and all(is_day(month_before_day(text)) for text in stamps)


def share(test: Test, values: list[str]) -> float:
    return sum(test(value) for value in values) / len(values) if values else 0.0


@lru_cache(maxsize=4096)
def parts(text: str) -> tuple[str, ...]:
    """The pieces of a cell that says two things: 'Tập thể, đăng ký mới', 'Tập thể mới', 'Cá nhân: bà Hoa'."""
    found = [part.strip() for part in _SPLIT.split(text) if part.strip()]
    if found and (begins := _BEGINS.match(found[0])):
        found[:1] = [begins[1], found[0][begins.end() :].strip()]
    whole = [part.strip() for part in _APART.split(text) if part.strip()]
    runs = [run for part in whole for run in _runs(part)]
    return tuple(dict.fromkeys([*(whole if len(whole) > 1 else []), *runs, *found]))


def _runs(text: str) -> list[str]:
    """Neighbouring pieces together, the longest first, for what has a dash or a stroke of its own: 'Văn hóa - xã hội', '12/3/2024'."""
    ends = [at.span() for at in _SPLIT.finditer(text)]
    begins, behind = [0, *(end for _, end in ends)], [*(start for start, _ in ends), len(text)]
    if begin := _BEGINS.match(text[: behind[0]]):
        begins, behind = [0, begin.end(), *begins[1:]], [len(begin[1]), *behind]
    count = len(begins)
    if not 2 < count <= _MOST_PIECES:
        return []
    return [text[begins[at] : behind[at + n - 1]].strip() for n in range(count - 1, 1, -1) for at in range(count - n + 1)]


def name_and_doer(text: str) -> tuple[str, str]:
    """What stands in a column of both: 'Tuyến đường hoa (Hội Phụ nữ)', 'Tuyến đường hoa - Hội Phụ nữ' -> ('Tuyến đường hoa', 'Hội
    Phụ nữ').
    """
    if found := _DOER_BEHIND.match(text):
        return found[1], _LABEL_OF_DOER.sub("", clean(found[2] or found[3]))
    found = _DOER_BEHIND_DASH.match(text)
    return (found[1], found[2]) if found and kind_of_doer(found[2]) else (text, "")


def doer_and_place(test: Test, text: str) -> tuple[str, str]:
    """What stands in a column of both: 'Chi hội Phụ nữ - Thôn 3' -> ('Chi hội Phụ nữ', 'Thôn 3'), where `test` knows a place."""
    found = _PLACE_BEHIND.match(text)
    is_place = found is not None and test(found[2]) and not _NO_PLACE.match(found[2])
    are_several = found is not None and any(map(test, _BETWEEN.split(found[1])[1:]))  # 'Ông A (thôn 3), bà B (thôn 4)'
    return (found[1], found[2]) if found and is_place and not are_several else (text, "")


def without_label(text: str) -> str:
    """'Đơn vị thực hiện: Chi bộ thôn 3' -> 'Chi bộ thôn 3'."""
    return _LABEL_OF_DOER.sub("", text) or text


def has_doer(text: str) -> bool:
    """Whether a name has who does it behind it, by its shape."""
    return kind_of_doer(name_and_doer(text)[1]) is not None


def name_and_kind(role: Role, text: str) -> tuple[str, str]:
    """'Tuyến đường hoa (duy trì)' -> ('Tuyến đường hoa', 'duy trì')."""
    found = _KIND_BEHIND.match(text)
    return (found[1], found[2]) if found and _KINDS_BEHIND[role](found[2]) else (text, "")


def name_and_part(test: Test, text: str) -> tuple[str, str]:
    """'Tuyến đường hoa (kinh tế; duy trì)' -> ('Tuyến đường hoa (duy trì)', 'kinh tế'): of things in brackets the one that `test` knows."""
    found = _PARTS_BEHIND.match(text)
    if not found:
        return text, ""
    for separator in ("", ";", ","):
        pieces = [piece.strip() for piece in found[2].split(separator)] if separator else [found[2].strip()]
        known = [piece for piece in pieces if test(piece)]
        if len(known) == 1:
            rest = f"{separator} ".join(piece for piece in pieces if piece not in known)
            return f"{found[1]} ({rest})" if rest else found[1], known[0]
    return text, ""


def without_kind(text: str) -> str:
    """'Tập thể: Chi bộ thôn 3', 'Chi bộ thôn 3 (tập thể)' -> 'Chi bộ thôn 3'."""
    return _ENDS.sub("", _BEGINS.sub("", text, count=1)) or text


def by_heading(column: Column, role: Role, test: Test | None, values: list[str]) -> Guess:
    """How far the values bear out what a heading says; what was said by hand needs no bearing out."""
    if column.how in _BY_HAND:
        return Guess(letter(column.index), role.value, 100, _BY_HAND[column.how])
    sure, said = _SURE[column.how], f"Tiêu đề {quoted(column.label)}"
    if column.how == SHORT:
        said = f"Tiêu đề viết tắt {quoted(column.label)}"
    if column.how == SHAPED:
        return Guess(letter(column.index), role.value, sure, f"{_unsaid(column.label)}; các giá trị dài, mỗi dòng một khác")
    if test and values:
        held = share(test, values)
        if held < MOST:
            return Guess(
                letter(column.index), role.value, round(sure * (0.5 + held / 2)), f"{said}, nhưng ít giá trị đúng với nghĩa ấy"
            )
        said = f"{said}, {_per_cent(held)} giá trị đúng với nghĩa ấy" if held < 1 else said
    if role != column.role:
        return Guess(
            letter(column.index), role.value, min(sure, 85), f"{said} có thể là nhiều thứ; giá trị cho biết là {role.value}"
        )
    return Guess(letter(column.index), role.value, sure, said)


def by_values(index: int, label: str, role: Role, held: float) -> Guess:
    said = f"{_unsaid(label)}; {_per_cent(held)} giá trị là {role.value}"
    return Guess(letter(index), role.value, round(90 * held), said)


def _unsaid(label: str) -> str:
    return f"Tiêu đề {quoted(label)} không nói rõ" if label else "Cột không có tiêu đề"


def by_part(index: int, label: str, role: Role, held: float, example: str) -> Guess:
    said = f"Cột {quoted(label)} ghi hai điều trong một ô, ví dụ {quoted(example[:60])}"
    return Guess(letter(index), role.value, round(85 * held), said)


def part_of_day(index: int, label: str) -> Guess:
    return Guess(letter(index), Role.REGISTERED_ON.value, _SURE[HEADED], f"Tiêu đề {quoted(label)} cạnh cột ngày")


def _per_cent(held: float) -> str:
    return f"{round(100 * held)}%"
