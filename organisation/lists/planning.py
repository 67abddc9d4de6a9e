"""What a list of units would do: each line held against the others and against the units that are there. Pure.

A line without a key is the unit of its name below its parent. So the parent is found first, up to the top.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation

from common.converters import UnitKeyConverter
from common.dates import read_day, write_day
from common.text import compare_key, fold
from organisation.lists.reading import Line

NEW, CHANGED, ENDED, SAME, REFUSED = "new", "changed", "ended", "same", "refused"
LONGEST_NAME, LONGEST_CODE = 200, 10
_KEY = re.compile(UnitKeyConverter.regex)


@dataclass(frozen=True)
class KnownLevel:
    key: str
    name: str
    rank: int
    gathers: bool
    words: frozenset[str]
    """What a list may call it, as `compare_key` has it."""


@dataclass(frozen=True)
class KnownVersion:
    """What a unit was from a day to a day, as the database has it; in a plan also what a line would make of it."""

    key: str
    name: str
    place: str
    level: str
    parent: str
    official_code: str
    lat: Decimal | None
    lon: Decimal | None
    valid_from: date | None
    valid_to: date | None

    def meets(self, other: "KnownVersion") -> bool:
        return (self.valid_from or date.min) < (other.valid_to or date.max) and (other.valid_from or date.min) < (
            self.valid_to or date.max
        )

    def is_on(self, day: date) -> bool:
        return (self.valid_from or date.min) <= day < (self.valid_to or date.max)

    def is_called(self, words: str) -> bool:
        return words in (compare_key(self.name), compare_key(self.place) if self.place else None)


@dataclass(frozen=True)
class KnownUnits:
    """The units that are there; `nameless` is the key of the first unit while it has no name."""

    levels: tuple[KnownLevel, ...]
    versions: tuple[KnownVersion, ...] = ()
    successions: frozenset[tuple[str, str, date]] = frozenset()
    nameless: str = ""


@dataclass
class PlannedLine:
    """A line with what it would do, in words; `version` and `followed_by` (keys) are what would be stored."""

    line: Line
    does: str = ""
    words: list[str] = field(default_factory=list)
    version: KnownVersion | None = None
    followed_by: list[str] = field(default_factory=list)
    level_name: str = ""
    before: KnownVersion | None = None
    """What it changes."""

    @property
    def name(self) -> str:
        return self.line.texts.get("name", "")

    @property
    def is_kept(self) -> bool:
        """Whether storing the list would write it."""
        return self.does in (NEW, CHANGED, ENDED)

    def refuse(self, words: str) -> None:
        self.does = REFUSED
        self.words = [*(self.words if self.version is None else []), words]


_MAY_LACK = ("place", "official_code", "lat", "lon", "valid_from", "valid_to")  # columns: without one, nothing of it changes
_CHANGES = {
    "name": "tên",
    "place": "địa bàn",
    "level": "cấp",
    "parent": "cấp trên",
    "official_code": "mã hành chính",
    "lat": "vĩ độ",
    "lon": "kinh độ",
}


class Planner:
    """Plans a list. Lines that are refused take those that lean on them along."""

    def __init__(self, lines: Sequence[Line], known: KnownUnits) -> None:
        self.known = known
        self.levels = {level.key: level for level in known.levels}
        self.planned = [PlannedLine(line) for line in lines]
        self.of_unit: dict[str, list[KnownVersion]] = defaultdict(list)
        for version in known.versions:
            self.of_unit[version.key].append(version)
        self._called_so: dict[str, list[PlannedLine]] = defaultdict(list)
        for one in self.planned:
            texts = one.line.texts
            said = {texts.get("key", ""), *(compare_key(texts.get(name, "")) for name in ("name", "place"))}
            for words in said - {""}:
                self._called_so[words].append(one)
        self._made: set[str] = set()
        self._open: list[PlannedLine] = []

    def plan(self) -> list[PlannedLine]:
        for one in self.planned:
            self._settle(one)
        self._hold_against_each_other()
        for one in self.planned:
            if one.does != REFUSED and one.line.texts.get("successors"):
                self._follow(one)
        self._refuse_what_leans()
        for one in self.planned:
            if one.does != REFUSED:
                self._say(one)
        return self.planned

    def _settle(self, one: PlannedLine) -> None:
        """Find a line's own days and level, its parent, then which unit it is."""
        if one.version is not None or one.does == REFUSED or one in self._open:
            return
        self._open.append(one)
        read = self._read(one)
        if read is not None:
            parent = self._parent(one, read)
            if one.does != REFUSED:
                one.version = self._identified(one, read, parent)
                self._check_key(one)
        self._open.pop()

    def _read(self, one: PlannedLine) -> KnownVersion | None:
        """What the line says by itself; None where something cannot be read."""
        texts = one.line.texts
        level = self._level(texts.get("kind", ""))
        flaws = []
        if not texts.get("name"):
            flaws.append("Chưa ghi tên đơn vị.")
        if len(texts.get("name", "")) > LONGEST_NAME or len(texts.get("place", "")) > LONGEST_NAME:
            flaws.append(f"Tên, địa bàn dài quá {LONGEST_NAME} ký tự.")
        if len(texts.get("official_code", "")) > LONGEST_CODE:
            flaws.append(f"Mã hành chính dài quá {LONGEST_CODE} ký tự.")
        if level is None:
            flaws.append(f"Không có cấp “{texts['kind']}”." if texts.get("kind") else "Chưa ghi cấp.")
        days: dict[str, date | None] = {}
        numbers: dict[str, Decimal | None] = {}
        for name, label in (("valid_from", "Từ ngày"), ("valid_to", "Đến trước ngày")):
            days[name] = read_day(texts[name]) if texts.get(name) else None
            if texts.get(name) and days[name] is None:
                flaws.append(f"{label}: “{texts[name]}” không phải một ngày; viết ngày/tháng/năm.")
        for name, label, most in (("lat", "Vĩ độ", 90), ("lon", "Kinh độ", 180)):
            numbers[name] = number = _number(texts.get(name, ""))
            if texts.get(name) and (number is None or abs(number) > most):
                flaws.append(f"{label}: “{texts[name]}” không phải tọa độ; viết như 10,93.")
        starts, ends = days["valid_from"], days["valid_to"]
        if starts and ends and ends <= starts:
            flaws.append(f"Kết thúc {write_day(ends)} không sau ngày bắt đầu {write_day(starts)}.")
        for words in flaws:
            one.refuse(words)
        if flaws or level is None:
            return None
        one.level_name = level.name
        code = texts.get("official_code", "")
        return KnownVersion(
            "", texts["name"], texts.get("place", ""), level.key, "", code, numbers["lat"], numbers["lon"], starts, ends
        )

    def _level(self, text: str) -> KnownLevel | None:
        words = compare_key(text)
        found = [level for level in self.known.levels if text.lower() == level.key or words in level.words]
        return found[0] if len(found) == 1 else None

    def _parent(self, one: PlannedLine, read: KnownVersion) -> str:
        """The key of the unit above; a refused line where there is none, or no single one."""
        text = one.line.texts.get("parent", "")
        if not text:
            top = max((level.rank for level in self.known.levels if level.gathers), default=0)
            if self.levels[read.level].rank < top:
                one.refuse("Chưa ghi cấp trên.")
            return ""
        found = self._named(text, read, besides=one)
        if one.does == REFUSED:  # the way up led back here
            return ""
        higher = {key: above for key, above in found.items() if self.levels[above.level].rank > self.levels[read.level].rank}
        if len(higher) == 1:
            return next(iter(higher))
        if higher:
            one.refuse(f"Có {len(higher)} đơn vị tên “{text}”; xin ghi mã đơn vị cấp trên.")
        elif found:
            above = next(iter(found.values()))
            level, other = self.levels[read.level].name, self.levels[above.level].name
            one.refuse(f"Cấp trên “{above.name}” ({other}) không cao hơn cấp của đơn vị này ({level}).")
        elif one.line.texts.get("key") == text or read.is_called(compare_key(text)):
            one.refuse("Đơn vị không thể là cấp trên của chính nó.")
        else:
            one.refuse(f"Không có đơn vị cấp trên “{text}” trong thời gian này, hoặc đơn vị ấy chưa ghi được.")
        return ""

    def _named(self, text: str, during: KnownVersion, *, besides: PlannedLine) -> dict[str, KnownVersion]:
        """key -> the units that a text names, of the list and of those there, in the time of `during`: by key, else by name."""
        words, found = compare_key(text), dict[str, KnownVersion]()
        named = {id(other): other for word in (text, words) for other in self._called_so.get(word, ()) if other is not besides}
        for other in named.values():
            if other in self._open and other.version is None:
                around = self._open[self._open.index(other) :]
                for line in around:
                    line.refuse(f"Cấp trên vòng tròn: {' → '.join(one.name for one in [*around, other])}.")
                return {}
            self._settle(other)
            if other.version and other.version.meets(during):
                found[other.version.key] = other.version
        for version in self.known.versions:
            if version.key not in found and version.meets(during) and (version.key == text or version.is_called(words)):
                found[version.key] = version
        return {text: found[text]} if text in found else found

    def _identified(self, one: PlannedLine, read: KnownVersion, parent: str) -> KnownVersion:
        """The line's version with the key that it has, or that of the unit there of the same name, or a new one."""
        key = one.line.texts.get("key", "")
        if not key and not parent and self.known.nameless and self.levels[read.level].gathers:
            key = self.known.nameless
        key = key or self._there(read, parent) or self._new_key(read, parent)
        made = replace(read, key=key, parent=parent)
        before = self._before(made, alone="valid_from" not in one.line.texts)
        kept = {} if before is None else {n: getattr(before, n) for n in _MAY_LACK if n not in one.line.texts}
        return replace(made, **kept)

    def _before(self, version: KnownVersion, *, alone: bool = False) -> KnownVersion | None:
        """What a line changes: the unit's version of that first day, else its only one where but the first day is another
        (`alone`: whatever it is called).
        """
        there = self.of_unit.get(version.key, [])
        same_day = next((other for other in there if other.valid_from == version.valid_from), None)
        if same_day is not None or len(there) != 1 or self._lines_of(version.key) > 1:
            return same_day
        return there[0] if alone or compare_key(there[0].name) == compare_key(version.name) else None

    def _there(self, read: KnownVersion, parent: str) -> str:
        words = compare_key(read.name)
        same = [v for v in self.known.versions if v.parent == parent and compare_key(v.name) == words]
        exact = [v for v in same if v.valid_from == read.valid_from] or [v for v in same if v.meets(read)]
        return exact[0].key if exact else ""

    def _new_key(self, read: KnownVersion, parent: str) -> str:
        """'xa-a' below the top, 'huyen-b/xa-a' below that; with a number where another unit has it."""
        own = fold(read.place or read.name).replace(" ", "-")[:55].strip("-") or "don-vi"
        is_below_top = not parent or "/" in parent or not self._parent_of(parent)
        base = own if is_below_top else f"{parent}/{own}"
        taken = self.of_unit.keys() | self._made | {line.line.texts.get("key", "") for line in self.planned}
        key, number = base, 2
        while key in taken:
            key, number = f"{base}-{number}", number + 1
        self._made.add(key)
        return key

    def _parent_of(self, key: str) -> str:
        made = [one.version for one in self.planned if one.version and one.version.key == key]
        return next((version.parent for version in [*made, *self.of_unit.get(key, [])] if version.parent), "")

    def _check_key(self, one: PlannedLine) -> None:
        if one.version and not _KEY.fullmatch(one.version.key):
            one.refuse(
                f"Mã “{one.version.key}” không dùng được: chỉ chữ thường không dấu, số, gạch nối, nhiều nhất một gạch chéo."
            )

    def _hold_against_each_other(self) -> None:
        """No two of one name below one parent, of one code, at the top, or of one unit at one time."""
        kept: list[tuple[KnownVersion, str]] = []
        standing = [one.version for one in self.planned if one.version and one.does != REFUSED]
        replaced = {id(before) for version in standing if (before := self._before(version))}
        there = [(other, f"{other.name} đã có") for other in self.known.versions if id(other) not in replaced]
        for one in self.planned:
            if one.does == REFUSED or one.version is None:
                continue
            said = self._against(one.version, kept) or self._against(one.version, there)
            if said:
                one.refuse(said)
            else:
                kept.append((one.version, f"dòng {one.line.number}"))

    def _lines_of(self, key: str) -> int:
        return sum(one.version is not None and one.version.key == key for one in self.planned)

    def _against(self, version: KnownVersion, others: Iterable[tuple[KnownVersion, str]]) -> str:
        top = max((level.rank for level in self.known.levels if level.gathers), default=0)
        for other, where in others:
            if not other.meets(version):
                continue
            if other.key == version.key:
                return f"Hai khoảng thời gian của một đơn vị chồng lên nhau: {where}."
            if other.parent == version.parent and compare_key(other.name) == compare_key(version.name):
                return f"Trùng tên với {where}, cùng một cấp trên."
            if version.official_code and other.official_code == version.official_code and other.level == version.level:
                return f"Mã hành chính {version.official_code} trùng với {where}."
            if self.levels[version.level].rank == self.levels[other.level].rank == top:
                return f"Hai đơn vị cùng đứng đầu trong một thời gian: {where}. Đơn vị cũ phải có ngày kết thúc."
        return ""

    def _follow(self, one: PlannedLine) -> None:
        """Who carries on what the unit did, from the day on which it is there no more."""
        version = one.version
        assert version is not None
        if version.valid_to is None:
            one.refuse("Có đơn vị kế tục thì phải ghi ngày kết thúc (Đến trước ngày).")
            return
        since = replace(version, valid_from=version.valid_to, valid_to=None)
        for text in filter(None, (part.strip() for part in one.line.texts["successors"].split(";"))):
            found = {
                key: other
                for key, other in self._named(text, since, besides=one).items()
                if other.is_on(version.valid_to) and key != version.key
            }
            alike = {
                key: other for key, other in found.items() if self.levels[other.level].rank == self.levels[version.level].rank
            }
            found = alike or found
            if len(found) != 1:
                day = write_day(version.valid_to)
                lacks = f"Không có đơn vị kế tục “{text}” vào ngày {day}."
                one.refuse(f"Có {len(found)} đơn vị tên “{text}”; xin ghi mã đơn vị kế tục." if found else lacks)
                return
            one.followed_by += found

    def _refuse_what_leans(self) -> None:
        """A line whose parent or successor is new and refused is refused too, down to the last."""
        while True:
            stays = {one.version.key for one in self.planned if one.version and one.does != REFUSED} | self.of_unit.keys()
            leaning = [
                one
                for one in self.planned
                if one.does != REFUSED
                and one.version
                and not stays.issuperset(filter(None, [one.version.parent, *one.followed_by]))
            ]
            if not leaning:
                return
            for one in leaning:
                one.refuse("Cấp trên hoặc đơn vị kế tục ở một dòng chưa ghi được; xin sửa dòng ấy trước.")

    def _say(self, one: PlannedLine) -> None:
        version = one.version
        assert version is not None
        one.before = before = self._before(version)
        follows = [key for key in one.followed_by if (version.key, key, version.valid_to) not in self.known.successions]
        one.words = [f"kế tục: {', '.join(self._called(key) for key in follows)}"] if follows else []
        if before is None:
            one.does = NEW
            one.words.insert(0, f"bản mới của {version.key}" if version.key in self.of_unit else f"mã {version.key}")
            return
        changes = [
            f"{label}: {self._shown(name, getattr(before, name))} → {self._shown(name, getattr(version, name))}"
            for name, label in _CHANGES.items()
            if getattr(before, name) != getattr(version, name)
        ]
        if before.valid_from != version.valid_from:
            changes.append(f"từ ngày: {_day(before.valid_from)} → {_day(version.valid_from)}")
        if before.valid_to != version.valid_to:
            changes.append(f"đến trước ngày: {_day(before.valid_to)} → {_day(version.valid_to)}")
        one.words = changes + one.words
        ends = version.valid_to is not None and before.valid_to is None
        one.does = ENDED if ends else CHANGED if one.words else SAME

    def _called(self, key: str) -> str:
        made = [one.version for one in self.planned if one.version and one.version.key == key]
        return next((version.name for version in [*made, *self.of_unit.get(key, [])]), key)

    def _shown(self, name: str, value: object) -> str:
        if name == "level":
            return self.levels[str(value)].name
        if name == "parent":
            return self._called(str(value)) if value else "không"
        return str(value) if value not in (None, "") else "trống"


def _day(day: date | None) -> str:
    return write_day(day) if day else "không hạn"


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text.replace(",", ".")) if text else None
    except InvalidOperation:
        return None
    return number.quantize(Decimal("0.000001")) if number is not None and number.is_finite() and abs(number) < 1000 else None
