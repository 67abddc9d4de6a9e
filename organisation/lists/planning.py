"""What a list of units would do: each line held against the others and against the units that are there. Pure.

A line without a key is the unit of its name below its parent, so lines of higher levels are settled first. A parent stands on a higher
level: that is why nothing can go round in a circle.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from common.converters import UnitKeyConverter
from common.dates import write_day
from common.text import compare_key, fold
from organisation.lists.known import CHANGED, ENDED, NEW, SAME, KnownUnits, KnownVersion, PlannedLine, settled
from organisation.lists.reading import Line
from organisation.lists.values import read_values

_KEY = re.compile(UnitKeyConverter.regex)
_LEANS = "Cấp trên hoặc đơn vị kế tục ở một dòng chưa ghi được; xin sửa dòng ấy trước."
_CHANGES = {
    "name": "tên",
    "place": "địa bàn",
    "level": "cấp",
    "parent": "cấp trên",
    "official_code": "mã hành chính",
    "lat": "vĩ độ",
    "lon": "kinh độ",
    "valid_from": "từ ngày",
    "valid_to": "đến trước ngày",
}
_MAY_LACK = ("place", "official_code", "lat", "lon", "valid_from", "valid_to")
"""Of a column that the list lacks nothing changes."""


class Planner:
    """Plans a list. Lines that are refused take those that lean on them along."""

    def __init__(self, lines: Sequence[Line], known: KnownUnits) -> None:
        self.known = known
        self.levels = {level.key: level for level in known.levels}
        self.top = max((level.rank for level in known.levels if level.gathers), default=0)
        self.there: dict[str, list[KnownVersion]] = defaultdict(list)
        self.called_there: dict[str, list[KnownVersion]] = defaultdict(list)
        self.called: dict[str, list[KnownVersion]] = defaultdict(list)
        for version in known.versions:
            self.there[version.key].append(version)
            _call(self.called_there, version)
        self.planned = [PlannedLine(line) for line in lines]
        self.of_key: dict[str, list[KnownVersion]] = defaultdict(list)
        self.given = {line.texts.get("key", "") for line in lines}

    def plan(self) -> list[PlannedLine]:
        for one in self.planned:
            read_values(one, self.known.levels)
        read = [(one, one.read) for one in self.planned if one.read is not None]
        for one, values in sorted(read, key=lambda pair: (-self._rank(pair[1]), pair[1].valid_from or date.min)):
            self._settle(one, values)
        for one, version in settled(self.planned):
            self._fill(one, version)
        self._hold_against_each_other()
        for one, version in settled(self.planned):
            if one.line.texts.get("successors"):
                self._follow(one, version)
        self._refuse_what_leans()
        for one, version in settled(self.planned):
            self._say(one, version)
        return self.planned

    def _rank(self, version: KnownVersion | None) -> int:
        return self.levels[version.level].rank if version else 0

    def _settle(self, one: PlannedLine, read: KnownVersion) -> None:
        """Find the unit above, then which unit the line is."""
        parent = self._parent(one, read)
        if one.is_refused:
            return
        key = one.line.texts.get("key", "") or self._key_there(read, parent) or self._new_key(read, parent)
        if not _KEY.fullmatch(key):
            one.refuse(f"Mã “{key}” không dùng được: chỉ chữ thường không dấu, số, gạch nối, nhiều nhất một gạch chéo.")
            return
        one.version = replace(read, key=key, parent=parent)
        self.of_key[key].append(one.version)
        _call(self.called, one.version)

    def _parent(self, one: PlannedLine, read: KnownVersion) -> str:
        """The key of the unit above. The line is refused where there is none, or no single one."""
        text, rank = one.line.texts.get("parent", ""), self._rank(read)
        if not text:
            if rank < self.top:
                one.refuse("Chưa ghi cấp trên.")
            return ""
        found = self._named(text, read)
        higher = {key: above for key, above in found.items() if self._rank(above) > rank}
        if len(higher) == 1:
            return next(iter(higher))
        if higher:
            one.refuse(f"Có {len(higher)} đơn vị tên “{text}”; xin ghi mã đơn vị cấp trên.")
        elif text == one.line.texts.get("key") or read.is_called(compare_key(text)):
            one.refuse("Đơn vị không thể là cấp trên của chính nó.")
        elif below := [*found.values(), *self._lines_named(text)]:
            own, other = self.levels[read.level].name, self.levels[below[0].level].name
            one.refuse(f"Cấp trên “{below[0].name}” ({other}) không cao hơn cấp của đơn vị này ({own}).")
        else:
            one.refuse(f"Không có đơn vị cấp trên “{text}” trong thời gian này, hoặc dòng của đơn vị ấy chưa ghi được.")
        return ""

    def _named(self, text: str, during: KnownVersion) -> dict[str, KnownVersion]:
        """key -> the units that a text names, of the list and of those there, in the time of `during`; a key names but one."""
        named = [
            version
            for words in (text, compare_key(text))
            for version in (*self._not_replaced(self.called_there.get(words, ())), *self.called.get(words, ()))
        ]
        found = {version.key: version for version in named if version.meets(during)}
        return {text: found[text]} if text in found else found

    def _not_replaced(self, versions: Iterable[KnownVersion]) -> list[KnownVersion]:
        """What exists and no settled line replaces."""
        said = {(new.key, new.valid_from) for version in versions for new in self.of_key.get(version.key, ())}
        return [version for version in versions if (version.key, version.valid_from) not in said]

    def _lines_named(self, text: str) -> list[KnownVersion]:
        """Lines that a text names and that are not settled: none of them is higher up."""
        words = compare_key(text)
        read = [(one.read, one.line.texts.get("key")) for one in self.planned if one.version is None and not one.is_refused]
        return [version for version, key in read if version and (version.is_called(words) or key == text)]

    def _key_there(self, read: KnownVersion, parent: str) -> str:
        """The key of the unit of that name below that parent; at the top also of the first unit, as long as it has no name."""
        if not parent and self.known.nameless and self.levels[read.level].gathers:
            return self.known.nameless
        words = compare_key(read.name)
        same = [v for v in self.called_there.get(words, ()) if v.parent == parent and compare_key(v.name) == words]
        met = [version for version in same if version.meets(read) and version.key not in self.of_key]
        found = [version for version in same if version.valid_from == read.valid_from] or met
        return found[0].key if found else ""

    def _new_key(self, read: KnownVersion, parent: str) -> str:
        """'xa-a' right below the top, 'huyen-b/xa-a' further down; with a number where another unit has it."""
        own = fold(read.place or read.name).replace(" ", "-")[:55].strip("-") or "don-vi"
        above = [*self.of_key.get(parent, ()), *self.there.get(parent, ())]
        is_further_down = "/" not in parent and any(version.parent for version in above)
        base = f"{parent}/{own}" if is_further_down else own
        key, number = base, 2
        while key in self.there or key in self.of_key or key in self.given:
            key, number = f"{base}-{number}", number + 1
        return key

    def _fill(self, one: PlannedLine, version: KnownVersion) -> None:
        """Find what the line replaces, and take from there what the list has no column for."""
        there, texts = self.there.get(version.key, []), one.line.texts
        same_day = [other for other in there if other.valid_from == version.valid_from]
        if not same_day and len(there) == len(self.of_key[version.key]) == 1:
            is_same = "valid_from" not in texts or compare_key(there[0].name) == compare_key(version.name)
            same_day = there if is_same else []
        if same_day:
            one.before = same_day[0]
            one.version = replace(version, **{name: getattr(same_day[0], name) for name in _MAY_LACK if name not in texts})

    def _hold_against_each_other(self) -> None:
        """No two of one unit at one time, of one name below one parent, of one official code, at the top."""
        replaced = {id(one.before) for one in self.planned if one.before}
        near: dict[tuple[str, ...], list[tuple[KnownVersion, str]]] = defaultdict(list)
        for version in self.known.versions:
            if id(version) not in replaced:
                self._keep(near, version, f"{version.name} đã có")
        for one, version in settled(self.planned):
            if said := self._against(near, version):
                one.refuse(said)
            else:
                self._keep(near, version, f"dòng {one.line.number}")

    def _marks(self, version: KnownVersion) -> dict[tuple[str, ...], str]:
        """What no other unit of the same time may share -> what is said where one does."""
        found = {
            ("key", version.key): "Cùng một đơn vị, cùng thời gian với {}.",
            ("name", version.parent, compare_key(version.name)): "Trùng tên với {}, cùng một cấp trên.",
        }
        if version.official_code:
            found["code", version.level, version.official_code] = f"Mã hành chính {version.official_code} trùng với {{}}."
        if self._rank(version) == self.top:
            found["top",] = "Hai đơn vị cùng đứng đầu trong một thời gian: {}. Đơn vị cũ phải có ngày kết thúc."
        return found

    def _keep(self, near: dict[tuple[str, ...], list[tuple[KnownVersion, str]]], version: KnownVersion, where: str) -> None:
        for mark in self._marks(version):
            near[mark].append((version, where))

    def _against(self, near: dict[tuple[str, ...], list[tuple[KnownVersion, str]]], version: KnownVersion) -> str:
        for mark, words in self._marks(version).items():
            for other, where in near.get(mark, ()):
                if other.meets(version):
                    return words.format(where)
        return ""

    def _follow(self, one: PlannedLine, version: KnownVersion) -> None:
        """Who carries on what the unit did, from the day on which it is there no more."""
        day = version.valid_to
        if day is None:
            one.refuse("Có đơn vị kế tục thì phải ghi ngày kết thúc (Đến trước ngày).")
            return
        after = replace(version, valid_from=day, valid_to=None)
        for text in filter(None, (part.strip() for part in one.line.texts["successors"].split(";"))):
            named = {key: other for key, other in self._named(text, after).items() if other.is_on(day) and key != version.key}
            alike = {key: other for key, other in named.items() if self._rank(other) == self._rank(version)}
            found = alike or named
            if len(found) > 1:
                one.refuse(f"Có {len(found)} đơn vị tên “{text}”; xin ghi mã đơn vị kế tục.")
                return
            if not found:
                one.refuse(f"Không có đơn vị kế tục “{text}” vào ngày {write_day(day)}.")
                return
            one.followed_by += [key for key in found if key not in one.followed_by]

    def _refuse_what_leans(self) -> None:
        """A line whose parent or successor is new and refused is refused too, down to the last."""
        while True:
            stays = {version.key for _, version in settled(self.planned)} | self.there.keys() | {""}
            leaning = [one for one, version in settled(self.planned) if not stays >= {version.parent, *one.followed_by}]
            for one in leaning:
                one.refuse(_LEANS)
            if not leaning:
                return

    def _say(self, one: PlannedLine, version: KnownVersion) -> None:
        before = one.before
        follows = [key for key in one.followed_by if (version.key, key, version.valid_to) not in self.known.successions]
        one.followed_by = follows
        said = [f"kế tục: {', '.join(self._name_of(key, version.valid_to) for key in follows)}"] if follows else []
        if before is None:
            one.does = NEW
            one.words = [f"bản mới của {version.key}" if version.key in self.there else f"mã {version.key}", *said]
            return
        changes = [
            f"{label}: {self._shown(name, before)} → {self._shown(name, version)}"
            for name, label in _CHANGES.items()
            if getattr(before, name) != getattr(version, name)
        ]
        one.words = changes + said
        ends = version.valid_to is not None and before.valid_to is None
        one.does = ENDED if ends else CHANGED if one.words else SAME

    def _name_of(self, key: str, day: date | None) -> str:
        """What a unit is called on a day, by the list before what is there; on a day on which it is not, or on none, by its first line."""
        known = [*self.of_key.get(key, ()), *self.there.get(key, ())]
        then = [version for version in known if day and version.is_on(day)]
        return next((version.name for version in (*then, *known)), key)

    def _shown(self, name: str, of: KnownVersion) -> str:
        value = getattr(of, name)
        if isinstance(value, date):
            return write_day(value)
        if name == "level":
            return self.levels[str(value)].name
        if name == "parent" and value:
            return self._name_of(str(value), of.valid_from)
        return str(value) if value not in (None, "") else "trống"


def _call(called: dict[str, list[KnownVersion]], version: KnownVersion) -> None:
    """Let a unit be found by its key, name and place."""
    for words in {version.key, compare_key(version.name), compare_key(version.place)} - {""}:
        called[words].append(version)
