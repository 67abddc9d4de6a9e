"""What levels, honours and roles are called on a day."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from common.dates import today
from common.remember import remembered
from organisation.models import Level, Membership, UnitVersion
from organisation.naming import Dated, LevelName, Names, in_force, names, role_name
from organisation.roles import ROLES
from organisation.selectors.units import reporting_units
from organisation.tree import unit_tree


def level_of_most(versions: Iterable[UnitVersion], day: date) -> LevelName:
    """What the level of most of these units is called on a day; of none at all, the lowest level."""
    level = next((level for level, _ in Counter(version.level for version in versions).most_common(1)), None)
    level = level or Level.objects.last()
    return level.names_on(day) if level else LevelName()


@remembered()
def own_level_on(day: date) -> LevelName:
    """What the units that report on a day, most of them, and the honour that they give are called."""
    return level_of_most(reporting_units(day), day)


@remembered()
def lowest_level_on(day: date) -> LevelName:
    """What the lowest units of a day are called: those that places are."""
    return level_of_most(UnitVersion.objects.on(day).select_related("level").order_by("level__rank", "pk")[:1], day)


def honours_on(days: Iterable[date], levels: Sequence[Level]) -> dict[int, list[LevelName]]:
    """rank -> what its honour is called on these days, each name once: by the level that most units of the rank have on the day;
    where none has it, by the one that was named last.
    """
    held = names()
    lives = [(version.level_id, version.valid_from, version.valid_to) for version in unit_tree().versions]
    found: dict[int, list[LevelName]] = defaultdict(list)
    for day in sorted(set(days)):
        units = Counter(pk for pk, since, until in lives if (since or date.min) <= day < (until or date.max))
        named = [(level, held.of_level(level.pk, day)) for level in levels]
        named.sort(key=lambda pair: (units[pair[0].pk], pair[1].valid_from or date.min))
        for rank, called in {level.rank: name for level, name in named}.items():
            if called.honour_name not in [other.honour_name for other in found[rank]]:
                found[rank].append(called)
    return dict(found)


@remembered()
def honours_of(day: date) -> dict[int, LevelName]:
    """`honours_on` a single day."""
    return {rank: called[0] for rank, called in honours_on([day], list(Level.objects.all())).items()}


def role_of(membership: Membership, unit: UnitVersion) -> str:
    """What the role is called today in the unit as `unit_on` tells it; in one that has ended, on its last day."""
    return role_name(membership.role, unit.day_within(today()))


@dataclass(frozen=True)
class NameLine:
    row: Dated
    is_in_force: bool


@dataclass(frozen=True)
class NameGroup:
    """One thing that has names: the province, a level, a role; the newest name first."""

    kind: str
    title: str
    asked: str
    """What the form for a new name begins with, as in an address."""
    lines: list[NameLine]
    is_used: bool = True
    """False for a level that no unit has today."""


def name_groups() -> list[NameGroup]:
    """All names with their days. A fixed number of queries."""
    held, day = Names(), today()
    alive = set(UnitVersion.objects.on(day).values_list("level", flat=True))
    groups = [_name_group("tinh", "Tỉnh và cơ quan chủ quản", "", held.provinces)]
    for level in Level.objects.all():
        title = f"Cấp: {held.of_level(level.pk, day).name}"
        rows = held.levels.get(level.pk, [])
        groups.append(_name_group("cap", title, f"level={level.pk}", rows, is_used=level.pk in alive))
    for key in ROLES:
        groups.append(_name_group("vai-tro", f"Vai trò: {held.of_role(key, day)}", f"role={key}", held.roles.get(key, [])))
    return groups


def _name_group(kind: str, title: str, asked: str, rows: Sequence[Dated], *, is_used: bool = True) -> NameGroup:
    now = in_force(list(rows), today()) if is_used else None
    ordered = sorted(rows, key=lambda row: row.valid_from or date.min, reverse=True)
    return NameGroup(kind, title, asked, [NameLine(row, row == now) for row in ordered], is_used)


def name_row(of: type[Dated], pk: int) -> Dated | None:
    """A name of the province, a level or a role, with its days."""
    return of._default_manager.filter(pk=pk).first()
