"""Whose register a file is, of all units of a season: by its title block, else by its file name, held against what its rows say."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher
from pathlib import PurePath

from common.dates import write_day
from common.remember import remembered
from common.text import clean, compare_key
from models_registry.models import Season
from models_registry.registers.glance import Glance
from models_registry.selectors.titles import registering, without_year
from organisation.models import UnitVersion
from organisation.selectors.units import reporting_units
from organisation.tree import unit_tree

TITLE, NAME = "title", "name"
SURE = 90
_LONGEST = 9  # words of a name
_LONG_NAME = 6  # words
_SHORTEST = 6  # letters of a name that is written in one word
_NEAREST = 4
_ALIKE = 0.85  # share of letters in common from which a name is offered
_MOST, _HARDLY = 0.6, 0.2  # shares of the rows that speak for a unit, against it
_FEWEST_ROWS, _PART = 2, 3  # that name a place, to speak against the unit that somebody chose; or one row in so many
_FEWEST_SILENT = 4  # rows of which none names a place, to be told so
_HAMLET = re.compile(r"\b(thôn|khu phố|ấp|bản|buôn|bon|tổ dân phố|tdp|xóm|khu dân cư)\b", re.IGNORECASE)
_COPY = re.compile(r"(\s*\(\d+\)|\s*[-–]\s*(copy|bản sao)(\s*\(\d+\))?)+$", re.IGNORECASE)
_GLUED = re.compile(r"(?<=[a-zà-ỹđ])(?=[A-ZÀ-ỸĐ])")
_YEAR = re.compile(r"20\d\d(?!\d)")
_NUMBERED = re.compile(r"^(.*\D)\s+\d+$")


@dataclass(frozen=True)
class Said:
    """What a text names: its words, the units of the season that it may mean, and the unit that ended where it names one."""

    words: str
    units: frozenset[int]
    ended: UnitVersion | None = None
    conflict: bool = False
    """Its words name units that exclude one another."""


@dataclass(frozen=True)
class Whose:
    """The unit of a file, as far as it can be determined. `doubt` is empty if it is certain; else it names the question."""

    unit: UnitVersion | None
    how: str = ""
    percent: int = 0
    doubt: str = ""
    """differ, ended, several, places, unsure, unknown"""
    seen: str = ""
    by_heir: bool = False
    """It names a unit that ended; `unit` is the one that carries it on."""
    said: str = ""
    """The file's own words among these."""
    choices: tuple[tuple[UnitVersion, str], ...] = ()
    """The units to choose from, each with the reason."""
    nearest: tuple[UnitVersion, ...] = ()

    @property
    def is_sure(self) -> bool:
        return self.unit is not None and not self.doubt


@dataclass
class Phrases:
    """Folded phrase -> ids of the units that have or had that name."""

    full: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    bare: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))


class UnitNames:
    """All names that units ever had, and which unit of the season keeps the register in which each would stand. Three queries."""

    def __init__(self, season: Season) -> None:
        self.season, self.tree = season, unit_tree()
        self.days = (season.last_day, season.opens_on)
        self.units: dict[int, UnitVersion] = {}
        for day in self.days:
            for version in reporting_units(day):
                self.units.setdefault(version.unit_id, version)
        self._versions: dict[int, list[UnitVersion]] = defaultdict(list)
        for version in UnitVersion.objects.select_related("unit"):
            self._versions[version.unit_id].append(version)
        kinds = {compare_key(version.place_kind) for versions in self._versions.values() for version in versions} - {""}
        self._phrases = Phrases()
        for versions in self._versions.values():
            for version in versions:
                self._add(version, kinds)
        self._owners: dict[int, frozenset[int]] = {}

    def _add(self, version: UnitVersion, kinds: set[str]) -> None:
        place, pk = compare_key(version.place), version.unit_id
        full = {compare_key(version.name), place}
        bare = compare_key(version.short_name)
        kind = next((kind for kind in kinds if place.startswith(f"{kind} ")), "")
        if kind:
            bare = place.removeprefix(f"{kind} ")
            full.add("".join(word[0] for word in kind.split()) + f" {bare}")
        words = compare_key(version.name).split()
        if len(words) > _LONG_NAME and words[-1] in kinds:  # of a body as long as that the place is often left out
            full.add(" ".join(words[:-1]))
        for phrase in full:
            if len(phrase.split()) > (1 if kind else 2):
                self._phrases.full[phrase].add(pk)
                self._phrases.full[phrase.replace(" ", "")].add(pk)
        if len(bare.split()) > 1:
            self._phrases.bare[bare].add(pk)
            if len(glued := bare.replace(" ", "")) >= _SHORTEST:
                self._phrases.bare[glued].add(pk)

    def owners(self, unit_id: int) -> frozenset[int]:
        """The units of the season in whose register a unit's models stand."""
        if unit_id not in self._owners:
            self._owners[unit_id] = frozenset(registering(self.tree, unit_id, self.season)) & self.units.keys()
        return self._owners[unit_id]

    def said_in(self, lines: Sequence[str], *, bare: bool = False) -> Said | None:
        """What lines name; `bare`: names without their kind count where no whole name stands. None where they name nobody."""
        found = [hit for line in lines for hit in self._hits(line, self._phrases.full)]
        if not found and bare:
            found = [hit for line in lines for hit in self._hits(line, self._phrases.bare)]
            if any(not self.owners(pk) for _, ids in found for pk in ids):
                return None  # also what a province is called
        if not found:
            return None
        words, units, ended = "", frozenset[int](), None
        for said, ids in found:
            there = {pk for pk in ids if any(self.tree.exists(pk, day) for day in self.days)}
            owners = frozenset[int]().union(*(self.owners(pk) for pk in there or ids))
            gone = None if there else self._versions[next(iter(ids))][-1]
            if not owners and there:
                continue  # stands above those that keep registers
            if not words:
                words, units, ended = said, owners, gone
            elif common := units & owners:
                words, ended = (words, ended) if len(units) <= len(owners) else (said, gone)
                units = common
            else:
                return Said(f"{words} … {said}", units | owners, ended, conflict=True)
        return Said(words, units, ended) if words else None

    def _hits(self, line: str, phrases: dict[str, set[int]]) -> list[tuple[str, set[int]]]:
        """(words as the line has them, ids) of the names in a line, of those that overlap the longest."""
        words = without_year(compare_key(line)).split()
        spans = [
            (start, end)
            for start in range(len(words))
            for end in range(min(len(words), start + _LONGEST), start, -1)
            if " ".join(words[start:end]) in phrases
        ]
        taken: list[tuple[int, int]] = []
        for start, end in sorted(spans, key=lambda span: (span[0] - span[1], span[0])):
            if all(end <= first or start >= last for first, last in taken):
                taken.append((start, end))
        return [
            (_as_written(line, key), self._spelled(line, phrases[key]))
            for start, end in sorted(taken)
            for key in [" ".join(words[start:end])]
        ]

    def _spelled(self, line: str, ids: set[int]) -> set[int]:
        """Of several units whose names differ in marks alone, those whose marks the line has."""
        if len(ids) < 2:
            return ids
        line = clean(line).casefold()
        exact = {pk for pk in ids if any(version.short_name.casefold() in line for version in self._versions[pk])}
        return exact or ids

    def shares(self, rows: Iterable[str], chosen: int | None = None) -> tuple[int, dict[int, float]]:
        """(how many rows name a place or a unit, unit -> the share of these that could stand in its register). What the chosen unit
        came to carry on within the season could stand in its register as well.
        """
        speaking, counted = 0, Counter[int]()
        own = self.tree.reach(chosen, self.season.last_day) if chosen else frozenset[int]()
        for text, times in Counter(rows).items():
            hits = [ids for _, ids in self._hits(text, self._phrases.full)]
            named = frozenset[int]().union(*map(self._all_owners, hits))
            if chosen and any(ids & own for ids in hits):
                named |= {chosen}
            if named:
                speaking += times
                for pk in named:
                    counted[pk] += times
        return speaking, {pk: number / speaking for pk, number in counted.items()}

    def _all_owners(self, ids: Iterable[int]) -> frozenset[int]:
        return frozenset[int]().union(*(self.owners(pk) for pk in ids))

    def nearest(self, title: Iterable[str], file_name: Iterable[str]) -> list[tuple[float, UnitVersion]]:
        """(likeness, unit) of the units whose names are most alike to a title or, without their kind too, to a file's name."""
        titles, files = ([key for text in texts if (key := without_year(compare_key(text)))] for texts in (title, file_name))
        found = []
        for version in self.units.values():
            names = {compare_key(version.name), compare_key(version.place)} - {""}
            pairs = [(key, name) for key in titles for name in names]
            pairs += [(key, name) for key in files for name in {compare_key(version.short_name), *names}]
            likeness = max((_likeness(*pair) for pair in pairs), default=0.0)
            if likeness >= _ALIKE:
                found.append((likeness, version))
        return sorted(found, key=lambda pair: (-pair[0], pair[1].unit.position))[:_NEAREST]

    def has_numbered_twin(self, version: UnitVersion) -> bool:
        """Whether another unit has the name without the number at its end: in a file's name that may count files."""
        match = _NUMBERED.match(compare_key(version.short_name))
        return bool(match and match[1].strip() in self._phrases.bare)


def unit_names(season: Season) -> UnitNames:
    """The names for a season, kept for the next file of a send."""
    return _kept_names(season, season.last_day, season.opens_on)


@remembered(size=4)
def _kept_names(season: Season, *_: date) -> UnitNames:
    return UnitNames(season)


def _likeness(text: str, name: str) -> float:
    """The similarity of the name to the end or beginning of a text, cut to its length."""
    if len(text) > 2 * len(name) + 12:
        return 0.0
    pieces = {text, text[-len(name) :], text[: len(name)]}
    return max(SequenceMatcher(None, piece, name).ratio() for piece in pieces)


def _as_written(line: str, key: str) -> str:
    """The words of the line that fold to the key."""
    words = clean(line).split()
    for start in range(len(words)):
        for end in range(len(words), start, -1):
            if compare_key(" ".join(words[start:end])) == key:
                return " ".join(words[start:end]).strip(" -–:,.")
    return clean(line)[:80]


def name_lines(file_name: str) -> list[str]:
    """A file's name as words: without folder, ending, marks of a copy; parted where capitals begin words."""
    stem = unicodedata.normalize("NFC", PurePath(file_name.replace("\\", "/")).stem)
    stem = _YEAR.sub(" ", _COPY.sub("", stem).replace("_", " "))
    return list(dict.fromkeys((stem, _GLUED.sub(" ", stem))))


def whose_register(found: Glance, file_name: str, names: UnitNames) -> Whose:
    """Whose register a file is. Title before name; what contradicts makes it a question, however sure each is alone."""
    title = names.said_in(found.title)
    name = next((said for line in name_lines(file_name) if (said := names.said_in([line], bare=True))), None)
    speaking, shares = names.shares(found.rows)
    return _Weighing(names, found, file_name, title, name, speaking, shares).whose()


def signs_of_another(names: UnitNames, unit_id: int, rows: Sequence[str], file_name: str) -> tuple[str, list[UnitVersion]] | None:
    """(what speaks for another unit than the chosen one, where no title says whose a register is; which units): its rows, else its
    file's name. What its rows name of the chosen unit outweighs the name.
    """
    chosen = names.units.get(unit_id)
    speaking, shares = names.shares(rows, unit_id)
    share = shares.get(unit_id, 0.0)
    if chosen is None or share > _HARDLY:
        return None
    best = max(shares, key=lambda pk: shares[pk], default=None)
    is_said = speaking >= _FEWEST_ROWS or _PART * speaking >= len(rows) > 0
    if best is not None and is_said and shares[best] >= _MOST and chosen.latitude is not None:
        there = [names.units[pk] for pk, held in shares.items() if held == shares[best]]
        return (
            f"{round(shares[best] * speaking)}/{speaking} dòng nêu nơi thuộc {' hoặc '.join(it.name for it in there[:3])}",
            there,
        )
    said = next((said for line in name_lines(file_name) if (said := names.said_in([line], bare=True))), None)
    if said and not said.conflict and said.units and unit_id not in said.units:
        return f"Tên tệp ghi {_quoted(said.words)}", [names.units[pk] for pk in said.units]
    return None


def says_nothing_of(names: UnitNames, unit_id: int, rows: Sequence[str], file_name: str) -> bool:
    """Whether a register without a title may be anybody's: of several rows none names a place, and its file's name no unit."""
    chosen = names.units.get(unit_id)
    if chosen is None or chosen.latitude is None or len(rows) < _FEWEST_SILENT or any(map(_HAMLET.search, rows)):
        return False
    return not names.shares(rows, unit_id)[0] and not any(names.said_in([line], bare=True) for line in name_lines(file_name))


@dataclass
class _Weighing:
    names: UnitNames
    found: Glance
    file_name: str
    title: Said | None
    name: Said | None
    speaking: int
    shares: dict[int, float]

    def whose(self) -> Whose:
        title, name = self.title, self.name
        if title and title.conflict:
            return self._ask("several", f"Tiêu đề ghi nhiều đơn vị: {_quoted(title.words)}.", title.units)
        if title and not title.units:
            return self._of_ended(title, "Tiêu đề")
        if title and name and not name.conflict and name.units and not title.units & name.units:
            return self._differ(title, name)
        said, how = (title, TITLE) if title else (name, NAME)
        if said is None or said.conflict:
            return (None if said else self._by_column()) or self._unknown()
        if not said.units:
            return self._of_ended(said, "Tên tệp")
        both = title.units & name.units if title and name and not name.conflict and name.units else said.units
        return self._one_of(said, how, both)

    def _one_of(self, said: Said, how: str, units: frozenset[int]) -> Whose:
        where = "Tiêu đề" if how == TITLE else "Tên tệp"
        fits = self._by_rows(units) if len(units) > 1 else units
        if len(fits) != 1:
            if said.ended:
                return self._of_ended(said, where)
            return self._ask("unsure", f"{where} ghi {_quoted(said.words)}, có thể là {len(units)} đơn vị.", units, percent=60)
        version = self.names.units[next(iter(fits))]
        share = self.shares.get(version.unit_id, 0.0)
        against = self._against(version, share)
        if against:
            seen = f"{where} ghi {_quoted(said.words)}, nhưng {against[1]}."
            return self._ask("places", seen, frozenset((version.unit_id, against[0])), first=version)
        if how == NAME and self.names.has_numbered_twin(version) and share < _MOST:
            return self._ask("unsure", f"Tên tệp ghi {_quoted(said.words)}; số ở cuối có thể chỉ là số thứ tự.", fits, percent=80)
        agree = [where] + ["tên tệp"] * bool(how == TITLE and self.name) + ["địa bàn"] * (share >= _MOST)
        percent = (93 if how == TITLE else SURE) + 3 * (len(agree) - 1)
        seen = f"{' và '.join([', '.join(agree[:-1]), agree[-1]]) if len(agree) > 1 else where} khớp."
        if said.ended:
            seen = f"{where} ghi {_quoted(said.words)}, {_ended_words(said.ended)}; đơn vị kế tục là {version.name}."
        return Whose(version, how, percent, "", seen, bool(said.ended), self._said())

    def _by_column(self) -> Whose | None:
        """The unit that a column names in each row, where what the rows say of places agrees."""
        said = [said for text in self.found.in_each_row if (said := self.names.said_in([text]))]
        units = said[0].units if len(said) == 1 and not said[0].conflict and not said[0].ended else frozenset()
        if len(units) != 1 or self.speaking < 3 or self.shares.get(next(iter(units)), 0.0) < _MOST:
            return None
        seen = f"Mỗi dòng đều ghi {_quoted(said[0].words)}, địa bàn cũng khớp."
        return Whose(self.names.units[next(iter(units))], TITLE, SURE, "", seen, said=f"Mỗi dòng ghi {_quoted(said[0].words)}")

    def _by_rows(self, units: frozenset[int]) -> frozenset[int]:
        """Of several units the one that was there on the rows' days, or that the rows speak for and hardly for the others."""
        days = self.found.days
        there = [pk for pk in units if days and 2 * sum(self.names.tree.exists(pk, day) for day in days) > len(days)]
        if len(there) == 1:
            return frozenset(there)
        ranked = sorted(units, key=lambda pk: -self.shares.get(pk, 0.0))
        first, second = (self.shares.get(pk, 0.0) for pk in ranked[:2])
        return frozenset(ranked[:1]) if self.speaking > 2 and first >= _MOST and second <= first - 0.3 else units

    def _against(self, version: UnitVersion, share: float) -> tuple[int, str] | None:
        """The unit that the rows speak for instead, and the words for it. Who has no spot on the map works anywhere."""
        best = max(self.shares, key=lambda pk: self.shares[pk], default=None)
        if best is None or self.speaking < 3 or version.latitude is None or share > _HARDLY or self.shares[best] < _MOST:
            return None
        rows = round(self.shares[best] * self.speaking)
        return best, f"{rows}/{self.speaking} dòng nêu nơi thuộc {self.names.units[best].name}"

    def _differ(self, title: Said, name: Said) -> Whose:
        seen = f"Tiêu đề ghi {_quoted(title.words)}, tên tệp ghi {_quoted(name.words)}"
        both = title.units | name.units
        spoken = [pk for pk in both if self.shares.get(pk, 0.0) >= _MOST]
        if len(spoken) == 1:
            seen += f", địa bàn trong sổ thuộc {self.names.units[spoken[0]].name}"
        why = dict.fromkeys(title.units, "theo tiêu đề") | dict.fromkeys(name.units, "theo tên tệp")
        why = {pk: f"{text} và địa bàn" if pk in spoken else text for pk, text in why.items()}
        first = self.names.units[next(iter(title.units))] if len(title.units) == 1 else None
        return self._ask("differ", seen + ".", both, first=first, why=why)

    def _of_ended(self, said: Said, where: str) -> Whose:
        words = _ended_words(said.ended) if said.ended else "không lập sổ của năm này"
        heirs = self._by_rows(said.units) if len(said.units) > 1 else said.units
        names = [self.names.units[pk].name for pk in said.units]
        now = f", nay thuộc {', '.join(names) if len(names) < 4 else f'{len(names)} đơn vị'}" if names else ""
        return self._ask("ended", f"{where} ghi {_quoted(said.words)}: {words}{now}.", heirs)

    def _unknown(self) -> Whose:
        near = self.names.nearest(self.found.title, name_lines(self.file_name))
        by_rows = [pk for pk, share in self.shares.items() if self.speaking > 2 and share >= _MOST]
        nearest = [version for _, version in near]
        if len(by_rows) == 1:
            version = self.names.units[by_rows[0]]
            seen = f"Tiêu đề và tên tệp không ghi đơn vị; địa bàn trong sổ thuộc {version.name}."
            rest = [other for other in nearest if other != version]
            return Whose(version, "", 70, "unsure", seen, said=self._said(), nearest=(version, *rest))
        if near:
            seen = f"Không ghi đúng tên đơn vị nào; gần giống {near[0][1].name}."
            percent = min(SURE - 1, int(near[0][0] * 100))
            return Whose(near[0][1], "", percent, "unsure", seen, said=self._said(), nearest=tuple(nearest))
        said = self.found.title[0] if self.found.title else self.found.first_line
        more = f" Dòng đầu: {_quoted(said[:120])}." if said else ""
        return Whose(None, "", 0, "unknown", seen=f"Không thấy tên đơn vị ở tiêu đề và tên tệp.{more}")

    def _ask(
        self,
        doubt: str,
        seen: str,
        units: frozenset[int],
        *,
        percent: int = 0,
        first: UnitVersion | None = None,
        why: dict[int, str] | None = None,
    ) -> Whose:
        listed = sorted((self.names.units[pk] for pk in units), key=lambda version: version.unit.position)
        first = first or (listed[0] if len(listed) == 1 else None)
        choices = tuple((version, (why or {}).get(version.unit_id, "")) for version in listed)
        return Whose(first, "", percent, doubt, seen, False, self._said(), choices, tuple(listed))

    def _said(self) -> str:
        signs = (("Tiêu đề", self.title), ("Tên tệp", self.name))
        return "; ".join(f"{where} ghi {_quoted(sign.words)}" for where, sign in signs if sign)


def _quoted(words: str) -> str:
    return f"“{words}”"


def _ended_words(version: UnitVersion) -> str:
    last = unit_tree().last_day(version.unit_id, version.valid_to) if version.valid_to else None
    return f"đơn vị kết thúc {write_day(last)}" if last else "đơn vị không còn"
