"""Long lists of units: grouped by what the units came from, searched by former names too, those of one name told apart."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F
from django.utils.translation import gettext as _

from common.dates import write_day
from common.text import compare_key, search_text, search_words
from organisation.models import UnitVersion
from organisation.tree import UnitTree, unit_tree

MANY = 28  # of more units a page shows groups, not a list
NAMED_AT_MOST = 6  # of more units a sentence gives the number, and a list behind it


@dataclass(frozen=True)
class UnitGroup:
    """Units that stand together in a long list: those whose places reported through one unit that ended, or those of one kind."""

    key: str
    name: str
    area: str
    """What that unit belonged to, where it ended too."""
    units: tuple[UnitVersion, ...]
    is_former: bool
    """The group has the name of a unit that ended; else of a kind."""

    @property
    def title(self) -> str:
        return _("%(place)s cũ") % {"place": self.name} if self.is_former else self.name


def grouped(units: Iterable[UnitVersion], day: date) -> list[UnitGroup]:
    """The units in their groups: first by the units that they came from, in official order, then the others by kind."""
    listed, tree = list(units), unit_tree()
    origins = {version.unit_id: origin_of(tree, version.unit_id, day) for version in listed}
    names = tree.were({pk for pk in origins.values() if pk}, day)
    above = tree.were({version.parent_id for version in names.values() if version.parent_id}, day)
    by_origin: dict[int, list[UnitVersion]] = defaultdict(list)
    by_kind: dict[str, list[UnitVersion]] = defaultdict(list)
    kinds = {version.place_kind for version in listed} - {""}
    for version in listed:
        if origin := origins[version.unit_id]:
            by_origin[origin].append(version)
        else:
            numbered = next((kind for kind in kinds if version.place.startswith(f"{kind} ")), "")  # 'Ward 1' in Vietnamese
            by_kind[version.place_kind or numbered or version.level.names_on(day).name].append(version)

    def area_of(origin: UnitVersion) -> str:
        parent = above.get(origin.parent_id or 0)
        return parent.short_name if parent and not tree.exists(parent.unit_id, day) else ""

    ordered = sorted(by_origin, key=lambda pk: (names[pk].unit.position, pk))
    areas = list(dict.fromkeys(area_of(names[pk]) for pk in ordered))
    ordered.sort(key=lambda pk: areas.index(area_of(names[pk])))
    return [
        *(UnitGroup(names[pk].unit.key, names[pk].short_name, area_of(names[pk]), tuple(by_origin[pk]), True) for pk in ordered),
        *(UnitGroup(compare_key(kind).replace(" ", "-"), kind, "", tuple(found), False) for kind, found in by_kind.items()),
    ]


def origin_of(tree: UnitTree, unit_id: int, day: date) -> int | None:
    """The unit through which most of what a unit followed by a day reported; None for one that followed no such unit."""
    found, frontier, seen = Counter[int](), [unit_id], {unit_id}
    while frontier:
        following = frontier.pop()
        for before, after, since in tree.successions():
            if after != following or since > day or before in seen:
                continue
            seen.add(before)
            reported = tree.reporting(before, since - timedelta(days=1))
            if reported in (None, before):
                frontier.append(before)
            else:
                found[reported] += 1
    return found.most_common(1)[0][0] if found else None


@dataclass(frozen=True)
class Former:
    """A name of earlier days that a search found, and who is there now."""

    version: UnitVersion
    now: UnitVersion


FORMER = "cu"  # 'xã Hàm Hiệp cũ': says that a name is of before, and is no part of it


def find(units: Sequence[UnitVersion], words: str, day: date) -> tuple[list[UnitVersion], list[Former]]:
    """(the units whose name, or whose former name, has all the words; the former names that do, each with its unit). One query."""
    wanted = search_words(words)
    if not wanted:
        return list(units), []
    found = _named(units, wanted, day)
    if not found[0] and FORMER in wanted and (rest := [word for word in wanted if word != FORMER]):
        found = _named(units, rest, day)
    return found


def _named(units: Sequence[UnitVersion], wanted: list[str], day: date) -> tuple[list[UnitVersion], list[Former]]:
    tree = unit_tree()

    def has(version: UnitVersion) -> bool:
        text = search_text(version.name, version.place)
        return all(f" {word}" in text for word in wanted)

    followed = {version.unit_id: tree.with_followed([version.unit_id], day) - {version.unit_id} for version in units}
    earlier = [version for version in _earlier(followed.values()) if has(version)]
    former = [
        Former(old, version)
        for version in units
        for old in earlier
        if old.unit_id in followed[version.unit_id] and compare_key(old.place) != compare_key(version.place)
    ]
    hits = {former_name.now.unit_id for former_name in former}
    return [version for version in units if version.unit_id in hits or has(version)], former


def _earlier(followed: Iterable[frozenset[int]]) -> list[UnitVersion]:
    """These units as they last were called, each name once."""
    ids = frozenset[int]().union(*followed)
    return list(unit_tree().were(sorted(ids), date.max).values())


def told_apart(
    versions: Iterable[UnitVersion], *, by_place: bool = False, short: bool = False, tree: UnitTree | None = None
) -> dict[int, str]:
    """unit id -> its name (`by_place`: what its place is called; `short`: that without its kind), with what tells it from others of
    the name in the list: the kind of place, else whom it belongs to, else its days. One query where that is asked for, none with a
    `tree` of the units.
    """
    listed = {version.unit_id: version for version in versions}
    names = {
        pk: version.short_name if short else (version.place if by_place else "") or version.name for pk, version in listed.items()
    }
    if short:
        names |= {pk: listed[pk].place or listed[pk].name for twins in _alike(names) for pk in twins}
    alike = _alike(names)
    above = {listed[pk].parent_id for twins in alike for pk in twins}
    parents = {version.unit_id: version.short_name for version in (_versions_of(above, tree) if alike else ())}
    for twins in alike:
        belongs = [parents.get(listed[pk].parent_id or 0, "") for pk in twins]
        for pk, parent in zip(twins, belongs, strict=True):
            marks = [f"thuộc {parent}"] if parent and len(set(belongs)) > 1 else []
            if not marks or belongs.count(parent) > 1:
                marks.append(_days_of(listed[pk]))
            names[pk] += f" ({', '.join(marks)})"
    for pk in (pk for twins in _alike(names) for pk in twins):  # of one body and one day: nothing else is left to tell
        names[pk] += f" (mã {listed[pk].unit.key})"
    return names


def _versions_of(unit_ids: set[int | None], tree: UnitTree | None) -> Iterable[UnitVersion]:
    """What the units were, each from its first day on."""
    if tree:
        return (version for version in tree.versions if version.unit_id in unit_ids)
    return UnitVersion.objects.filter(unit__in=unit_ids).order_by(F("valid_from").asc(nulls_first=True))


def _alike(names: dict[int, str]) -> list[list[int]]:
    """The units of one name, for each name of several."""
    found: dict[str, list[int]] = defaultdict(list)
    for pk, name in names.items():
        found[compare_key(name)].append(pk)
    return [twins for twins in found.values() if len(twins) > 1]


def unit_choices(versions: Iterable[UnitVersion], *, by_place: bool = False) -> list[tuple[str, str]]:
    """(key, name) of each for a list to choose from, those of one name told apart."""
    listed = list(versions)
    names = told_apart(listed, by_place=by_place)
    return [(version.unit.key, names[version.unit_id]) for version in listed]


def unit_options(versions: Iterable[UnitVersion]) -> list[tuple[str, str]]:
    """`unit_choices` of which several start empty: the first of 128 would be sent where nobody looked."""
    listed = unit_choices(versions)
    return listed if len(listed) == 1 else [("", "Chọn đơn vị…"), *listed]


def _days_of(version: UnitVersion) -> str:
    since = f"từ {write_day(version.valid_from)}" if version.valid_from else ""
    until = f"đến {write_day(version.valid_to - timedelta(days=1))}" if version.valid_to else ""
    return " ".join(word for word in (since, until) if word) or f"mã {version.unit.key}"
