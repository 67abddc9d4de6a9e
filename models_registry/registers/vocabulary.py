"""The words that registers use for one thing: fields, kinds, places. What a list holds comes from the caller."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from common.text import clean, compare_key
from models_registry.boxes import HAMLET_LIMIT
from models_registry.enums import Kind, SubjectKind, Verdict
from models_registry.registers.abbreviations import initials, stands_for
from models_registry.registers.hamlets import hamlet_in, hamlet_number


@lru_cache(maxsize=8192)
def compact(text: str) -> str:
    return compare_key(text).replace(" ", "")


_NUMBERING = re.compile(
    r"^\s*(?:(?:phần|mục|biểu|bảng|phụ lục|danh sách)(?: số)?\s+)?(?:\(?(?:[IVXivx]{1,5}|[A-ZĐa-zđ]|\d{1,2})\s*[.)\-:/]+\s*)+",
    re.IGNORECASE,
)
_COUNT_BEHIND = re.compile(
    r"[:(\-–]?\s*(?:(?:tổng\s*(?:số|cộng)?|có)\s*:?\s*)?(\d{1,6})\s*(?:mô hình|mh|đăng ký)?\s*\)?\s*[.:;]?\s*$", re.IGNORECASE
)
_NO_COUNT_BEFORE = re.compile(r"(năm|giai đoạn|quý|tháng|\d[/\-])\s*$", re.IGNORECASE)
_FIELD_PREFIX = re.compile(
    r"^(?:(?:nhung|cac|so|nhom|phan|mo hinh|mh|dien hinh|dan van kheo|dang ki|thuoc|trong|tren|ve|doi voi|phat trien|dam bao|bao dam|giu vung|giu gin) )*(?:(?:linh vuc|lv|mang) )?(?:ve )?"
)


@lru_cache(maxsize=4096)
def bare_section(text: str) -> tuple[str, int | None]:
    """A section's words without numbering and count: 'II. LĨNH VỰC KINH TẾ (23 mô hình)' -> ('LĨNH VỰC KINH TẾ', 23)."""
    words = _NUMBERING.sub("", text)
    counted = _COUNT_BEHIND.search(words)
    if counted and counted.start() > 0 and not _NO_COUNT_BEFORE.search(words[: counted.start(1)]):
        return words[: counted.start()].strip(" :.-"), int(counted[1])
    return words.strip(" :.-"), None


def without_numbering(text: str) -> str:
    """'II. CHI BỘ THÔN 3' -> 'CHI BỘ THÔN 3'."""
    return _NUMBERING.sub("", text)


_REMARK = re.compile(r"(?<=\S)\s*\([^()]*\)\s*$")
_NO_FIELD = frozenset(("", "tt", "cn", "mh", "lv", "m", "c"))  # short for other things than a field


class FieldBook:
    """Field names, short names and synonyms -> field id."""

    def __init__(self, fields: Iterable[tuple[int, str, Iterable[str]]]) -> None:
        self.names: list[str] = []
        self.name_of: dict[int, str] = {}
        self._ids: dict[str, int] = {}
        self._short: dict[str, set[int]] = {}
        for pk, name, others in fields:
            self.names.append(name)
            self.name_of[pk] = name
            for word in (name, *others):
                if key := compact(word):
                    self._ids.setdefault(key, pk)
                if len(short := initials(compare_key(word))) > 1:
                    self._short.setdefault(short, set()).add(pk)
        self.match = lru_cache(maxsize=4096)(self._match)

    def _match(self, text: str) -> int | None:
        key = compact(text)
        if key in self._ids:
            return self._ids[key]
        words = _FIELD_PREFIX.sub("", compare_key(_NUMBERING.sub("", text)))
        found = self._ids.get(words.replace(" ", ""))
        meant = self._short.get(key, set()) if found is None and key not in _NO_FIELD else set()
        if found is None and not meant and len(words := compare_key(text)) < 40 and " " in words:  # "K.tế", "VH, XH"
            meant = {self._ids[compact(name)] for name in self.names if stands_for(words, compare_key(name))}
        if found is None and len(meant) != 1 and (bare := _REMARK.sub("", text)) != text:  # "Kinh tế (giảm nghèo, sản xuất)"
            return self._match(bare)
        return next(iter(meant)) if len(meant) == 1 else found


_ABOUT = re.compile(
    r"^(phan |muc )?((i|ii|iii|iv|v|a|b|c|d) )?(doi voi |so |nhung |cac |danh sach )*(mo hinh |mh |dien hinh )*(cua |la |ve )?(mot )?"
)
_YEAR_BEHIND = re.compile(r"( (tu|trong))? nam \d{4}$| tu (nhung |cac )?nam truoc$")


@lru_cache(maxsize=4096)
def match_kind(text: str) -> Kind | None:
    """New or maintained, out of a cell's words; None when the words say neither or both."""
    words = compare_key(text)
    is_new = bool(re.search(r"\bmoi\b|\bdkm\b|\blan dau\b", words)) or words == "m"
    is_old = bool(re.search(r"\b(duy tri|nhan rong|tiep tuc|cu)\b", words)) or words in ("dt", "nr", "dt nr", "c")
    if is_new == is_old:
        return None
    return Kind.NEW if is_new else Kind.MAINTAINED


@lru_cache(maxsize=4096)
def heads_kind(words: str) -> Kind | None:
    """The kind that a heading or a section names and nothing else: 'MH mới', 'Đăng ký mới năm 2024', 'Mô hình cũ'."""
    plain = re.sub(r"\bdk", "dang ki ", _YEAR_BEHIND.sub("", compare_key(words))).replace("  ", " ")
    plain = _ABOUT.sub("", plain)
    named = re.fullmatch(
        r"(dang ki |xay dung |lam )*moi|(dang ki )?(tiep tuc )?(duy tri|nhan rong|cu)( va)?( duy tri| nhan rong)?( tu nam)?|dt nr|tiep tuc|(dang ki )?lan dau",
        plain,
    )
    return match_kind(plain) if named else None


_CHOSEN = re.compile(r"^\s*\(?\d\s*[.):\-]\s*(?=\D)")  # "1. Tập thể", of a list to choose from


@lru_cache(maxsize=4096)
def match_subject_kind(text: str) -> SubjectKind | None:
    words = compare_key(_CHOSEN.sub("", text))
    if words not in ("tt", "cn", "c nhan"):
        words = _ABOUT.sub("", words)
    if words in ("tap the", "tt", "t the", "tthe"):
        return SubjectKind.COLLECTIVE
    return SubjectKind.INDIVIDUAL if words in ("ca nhan", "cn", "c nhan", "cnhan") else None


@lru_cache(maxsize=4096)
def subject_kind_in(text: str) -> SubjectKind | None:
    """As `match_subject_kind`, of a cell that says more: 'Tập thể thực hiện', 'Mô hình của cá nhân'; None where it names both."""
    if (found := match_subject_kind(text)) or len(text) > _LONGEST_WORDS:
        return found
    words = compare_key(text)
    named = [kind for kind, short in _SUBJECTS if re.search(rf"\b{short}\b", words)]
    return named[0] if len(named) == 1 else None


_LONGEST_WORDS = 60  # letters of a cell that chooses from a list
_SUBJECTS = ((SubjectKind.COLLECTIVE, "tap the"), (SubjectKind.INDIVIDUAL, "ca nhan"))


_VERDICTS = (
    (Verdict.EFFECTIVE, r"((mo hinh|dang|con|co|van|hoat dong|phat huy|duy tri) )*hieu qua( (cao|tot|ro ret))?"),
    (Verdict.STRENGTHEN, r"(can |phai |can phai )?(tiep tuc )?cung co"),
    (Verdict.PAUSED, r"(da |dang )?tam (dung|ngung|ngung hoat dong|dung hoat dong)"),
    (Verdict.ENDED, r"(da )?(ket thuc|giai the|dung han|ngung han)|khong con (hoat dong|duy tri)"),
)


@lru_cache(maxsize=1024)
def match_verdict(text: str) -> Verdict | None:
    """How a model stands at the end of a year, out of a cell's words."""
    words = compare_key(text)
    return next((verdict for verdict, pattern in _VERDICTS if re.fullmatch(pattern, words)), None)


_MARKS = frozenset(("x", "х", "v", "✓", "✔", "√", "+", "*", "1", "1.0", "01", "có", "●", "þ", "ü", "đ"))
_COUNT = re.compile(r"(?!(?:19|20)\d\d$)\d+(?:[.,]\d+)?")  # of models, not a year in which one began
_NOT_MARKED = frozenset(("", "0", "-", "–", "—", "không", "o", "khong", "."))


def is_mark(text: str) -> bool:
    return text.casefold().strip("().,; ") in _MARKS


def is_tick(text: str) -> bool:
    """As `is_mark`, of what can be no number and no code."""
    return is_mark(text) and not any(map(str.isdigit, text))


def is_marked(text: str) -> bool:
    """Whether a cell under a column of marks says yes: a mark, or words or a year written there instead of one; a count is none."""
    words = text.casefold().strip()
    return words not in _NOT_MARKED and (is_mark(words) or not _COUNT.fullmatch(words))


_PLACE_KINDS = {
    "x": "xa",
    "xa": "xa",
    "p": "phuong",
    "ph": "phuong",
    "phuong": "phuong",
    "tt": "thi tran",
    "thi tran": "thi tran",
    "ttr": "thi tran",
    "dac khu": "dac khu",
}
_KIND_PREFIX = re.compile(r"^(thi tran|dac khu|phuong|ttr|ph|xa|tt|x|p) (?=.)")
_COMMITTEE = re.compile(r"^(dang uy|dang bo|uy ban nhan dan|ubnd|khoi dan van) ")
_ANY_COMMITTEE = re.compile(
    r"^(ban chap hanh )?(dang (uy|ui|bo)|huyen (uy|ui)|thanh (uy|ui)|thi (uy|ui)|tinh (uy|ui)|uy ban nhan dan|ubnd) "
)
_WHOLE_UNIT = re.compile(
    r"^(toan|trong|ca|cap|tai|tren dia ban|dia ban|tren dia ban toan|pham vi)? ?"
    r"(tinh|huyen|thi xa|thanh pho|xa|phuong|thi tran|dac khu|dia ban|don vi|nganh)"
    r"( uy)?$|^toan (tinh|huyen|thi xa|thanh pho|xa|phuong|thi tran|dac khu|don vi|nganh)\b.*$|^(tai )?cac (xa|phuong)( phuong)?( thi tran)?$"
)
_LAST_KIND = re.compile(r"^.* (?=(?:xa|phuong|thi tran|dac khu) )")
_HAMLET = re.compile(r"^(thon|khu pho|kp|ap|ban|buon|bon|to dan pho|tdp|to|xom|khu dan cu|khu vuc|lang) ")
_MORE_THAN_HAMLET = re.compile(r"[,;(/]|\s[-–]\s")
_FORMER = re.compile(r"^(truoc day la|nay la|cu) | (cu|truoc day)$")


def bare_name(sheet: str) -> str:
    """What a sheet is named after, folded: '1. DS Kinh tế 2024' -> 'kinh te'."""
    return re.sub(r"^(\d+ |(ds|danh sach) )+|( nam)? \d{4}$", "", compare_key(sheet.replace("_", " ")))


@dataclass(frozen=True)
class Place:
    """Where a model is: a unit below the one that keeps the register, or words of a place within it; the hamlet, if one is told."""

    unit_id: int | None
    key: str
    name: str
    hamlet: str = ""

    def at(self, hamlet: str) -> "Place":
        """The same place, of which only a hamlet is meant."""
        name = f"{hamlet}, {self.name}" if self.name else hamlet
        return Place(self.unit_id, f"{self.key}#{compact(hamlet)}", name, hamlet)

    @property
    def key_of_number(self) -> str:
        """The key that it had where the register's cell had the hamlet's number alone; empty for hamlets with a name."""
        number, within = hamlet_number(self.hamlet), self.key.rpartition("#")
        return f"{within[0]}#{compact(number)}" if number and within[1] else ""


NOWHERE = Place(None, "", "")


class PlaceUnknown(ValueError):
    """No such place in the unit, or more than one; the text says which."""


class PlaceBook:
    """The places of one unit: the same commune name exists in two districts, so nothing is matched outside."""

    def __init__(
        self,
        unit_name: str,
        own_places: Iterable[str],
        places: Iterable[tuple[int, str, str, str]],
        *,
        former: Iterable[tuple[str, int | None, str]] = (),
        successor_name: Callable[[str], str] = lambda key: "",
        is_of_place: bool = True,
    ) -> None:
        """`places`: (unit id, unit key, place, committee's name) of the units below, as they were in the season. `former`: places
        that ended before it, with the id and key of the place below that they went into, or none for the unit itself. `successor_name`: the name of the unit that a former place went into, by its key; empty for none.
        `is_of_place`: whether the unit is that of a place; a committee of no place is at work in those of others.
        """
        self.unit_name = unit_name
        self._former = {_place_key(name): (pk, key) for name, pk, key in former if name}
        self._former = {_bare(name): into for name, into in self._former.items()} | self._former
        self._successor_name, self._is_of_place = successor_name, is_of_place
        own = {_place_key(name) for name in own_places if name}
        self._own = own | {_bare(key) for key in own}
        self._by_key: dict[str, Place] = {}
        self._by_compact: dict[str, set[Place]] = {}
        self._by_bare: dict[str, set[Place]] = {}
        for pk, key, place, committee in places:
            found = Place(pk, key, place)
            for name in (place, committee):
                self._by_key.setdefault(_place_key(name), found)
            self._by_bare.setdefault(_bare(_place_key(place)), set()).add(found)
            for name in (_place_key(place), _bare(_place_key(place))):
                self._by_compact.setdefault(name.replace(" ", ""), set()).add(found)
        self.match = lru_cache(maxsize=16384)(self._match)

    def _match(self, text: str) -> Place:
        """The place meant; NOWHERE for no text or the whole unit. Raises PlaceUnknown."""
        key = _place_key(text)
        if not key or _WHOLE_UNIT.match(key):
            return NOWHERE
        if place := self._look_up(key):
            return place
        parts = [part for part in re.split(r"[,;()/]|\s[-–]\s", text) if part.strip()]
        found = {place for part in parts if (place := self._look_up(_place_key(part)))}
        former = [old for part in parts if (old := _FORMER.sub("", _place_key(part))) in self._former]
        if len(found) == 1:
            place = found.pop()  # with a former one beside it: which of those that went into it, the words tell
            return replace(place, name=clean(text)) if (place.unit_id, place.key) in map(self._former.get, former) else place
        if not found and (place := self._look_up(_LAST_KIND.sub("", key))):
            return place
        if len(found) > 1:
            raise PlaceUnknown(f"ghi {len(found)} địa bàn, mỗi dòng chỉ một")
        is_own = any(_place_key(part) in self._own for part in parts)
        return self._within(former[0] if is_own and len(former) == 1 else key, text)

    def _within(self, key: str, text: str) -> Place:
        """The unit itself, a hamlet of it, or what a place that is there no more went into, with its words. Raises PlaceUnknown."""
        if key in self._own:
            return NOWHERE
        if not self._by_key and _HAMLET.match(key):
            words = clean(text)
            is_whole = self._is_of_place or not _MORE_THAN_HAMLET.search(words)  # else the commune stands behind the hamlet alone
            return Place(None, key, words, hamlet_in(text) if is_whole else words[:HAMLET_LIMIT])
        old = _FORMER.sub("", key)
        if old in self._former:
            pk, of_place = self._former[old]
            return Place(pk, of_place or old, clean(text))
        if old in self._own:
            return NOWHERE
        if heir := self._successor_name(old):
            raise PlaceUnknown(f"nay thuộc {heir}, không thuộc {self.unit_name}")
        raise PlaceUnknown(f"không có trong {self.unit_name}")

    def elsewhere(self, text: str) -> Place | None:
        """Where a committee of no place is at work, by the words alone; None for a unit that keeps to its own places."""
        key, words = _place_key(text), clean(text)[:HAMLET_LIMIT]
        return None if self._is_of_place or self._by_key else Place(None, f"#{compact(key)}", words, words)

    def of_sheet(self, name: str) -> Place | None:
        """The place that a sheet is named after: '1. Xã X', '02 Phú Long', 'PhúLong', 'DS Phú Long', 'Xã X 2024'."""
        words = bare_name(name)
        for text in (words, words.replace(" ", "")):
            try:
                place = self._match(text)
            except PlaceUnknown:
                alike = self._by_compact.get(text, set())
                place = next(iter(alike)) if len(alike) == 1 else NOWHERE
            if place.unit_id:
                return place
        return None

    def of_doer(self, text: str) -> Place:
        """Where who does it is, by the one place below that the name tells: 'Chi bộ thôn 3, xã X'; NOWHERE where it tells none."""
        try:
            found = self.match(text) if text else NOWHERE
        except PlaceUnknown:
            return NOWHERE
        return found if found.unit_id else NOWHERE

    def is_name(self, text: str) -> bool:
        """Whether the words are a place's name and nothing else: not a committee or an office there."""
        key = _kind_spelled(compare_key(text))
        return key in self._by_key or key in self._by_bare

    def is_own(self, text: str) -> bool:
        """Whether the words name the whole unit itself."""
        key = _place_key(text)
        return bool(key) and (key in self._own or bool(_WHOLE_UNIT.match(key)))

    def _look_up(self, key: str) -> Place | None:
        if place := self._by_key.get(key):
            return place
        named_alike = self._by_bare.get(key, set())
        if len(named_alike) > 1:
            raise PlaceUnknown("có hơn một nơi cùng tên; xin ghi cả loại địa bàn trước tên")
        return next(iter(named_alike), None)


@lru_cache(maxsize=8192)
def place_key(text: str) -> str:
    """A place's name as it is compared: 'X. Hàm Hiệp' -> 'xa ham hiep'."""
    return _place_key(text)


@lru_cache(maxsize=8192)
def _place_key(text: str) -> str:
    return _kind_spelled(_COMMITTEE.sub("", compare_key(text)))


def _kind_spelled(key: str) -> str:
    """'x ham hiep' -> 'xa ham hiep': the kind of place written out."""
    if match := _KIND_PREFIX.match(key):
        return f"{_PLACE_KINDS[match[1]]} {key[match.end() :]}"
    return key


def _bare(key: str) -> str:
    return re.sub(r"^(thi tran|dac khu|phuong|xa|huyen|thi xa|thanh pho|tinh) ", "", key)


def names_of_place(*names: str) -> set[str]:
    """How people write a place, folded: 'xa ham hiep', 'ham hiep'."""
    keys = {key for name in names if (key := compare_key(name))}
    return keys | {_bare(key) for key in keys}


def former_place(words: str, former: Iterable[tuple[int, Iterable[str]]], own: Iterable[str]) -> int | None:
    """The one unit of before that a place's words name: 'Thôn 9 (Xã Hàm Chính cũ)'. `former`, `own`: names with their kind.

    A place that has kept its name is the one of before only where the words say so.
    """
    padded, kept = f" {compare_key(words)} ", {compare_key(name) for name in own}
    found = {
        pk
        for pk, names in former
        for key in map(compare_key, names)
        if key and (f" {key} cu " in padded or (key not in kept and f" {key} " in padded))
    }
    return found.pop() if len(found) == 1 else None


def plain_place(text: str) -> str:
    """A place or a committee without what sort it is, folded: 'Đảng ủy xã Hàm Hiệp', 'X. Hàm Hiệp' -> 'ham hiep'."""
    return _bare(_kind_spelled(_ANY_COMMITTEE.sub("", compare_key(text))))
