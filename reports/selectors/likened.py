"""Like with like: which units a year is compared of with the year before, where only some of them have one."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from models_registry.models import Season
from models_registry.selectors import in_register
from organisation.grouping import UnitGroup
from organisation.tree import unit_tree


@dataclass(frozen=True)
class Likened:
    units: tuple[int, ...]
    """Those of the units that report on the day which have a year before."""
    areas: tuple[str, ...] = ()
    """What the groups of these are called together; empty where they are all units."""
    reporters: frozenset[int] | None = None
    """In whose registers their work stands; None where they are all units."""


def likened(before: Season, registered: Collection[int], groups: Sequence[UnitGroup], day: date) -> Likened:
    """Of the units of the groups, which report on the day; `registered`: the units that did in the season before."""
    every = [version.unit_id for group in groups for version in group.units]
    units = _with_year_before(before, registered, groups, day)
    if len(units) == len(every):
        return Likened(tuple(units))
    areas = dict.fromkeys(
        f"{group.area} cũ" if group.area else group.title for group in groups if {one.unit_id for one in group.units} & set(units)
    )
    return Likened(tuple(units), tuple(areas), _reporters(units, day))


def registered_in(season: Season) -> set[int]:
    """The units that registered in a season."""
    return set(in_register(None).filter(season=season).order_by().values_list("unit", flat=True).distinct())


def same_day(day: date, year: int) -> date:
    """The same day of another year; of 29 February the day before."""
    return day.replace(year=year) if (day.month, day.day) != (2, 29) else date(year, 3, 1) - timedelta(days=1)


def _reporters(units: Iterable[int], day: date) -> frozenset[int]:
    """In whose registers the work of these units stands: their own, and those of what they followed."""
    tree = unit_tree()
    followed = tree.with_followed(units, day)
    return followed | {above for pk in followed if (above := tree.reporting(pk, tree.last_day(pk, day))) is not None}


def _with_year_before(before: Season, registered: Collection[int], groups: Sequence[UnitGroup], day: date) -> list[int]:
    """The units that `registered` in the year before, or followed places of units that did; of a former area all its units."""
    tree = unit_tree()

    def has_before(unit_id: int) -> bool:
        followed = tree.with_followed([unit_id], day)
        return any(pk in registered or tree.reporting(pk, tree.last_day(pk, before.opens_on)) in registered for pk in followed)

    own = {version.unit_id for group in groups for version in group.units if has_before(version.unit_id)}
    areas = {group.area for group in groups if group.area and any(version.unit_id in own for version in group.units)}
    return [version.unit_id for group in groups for version in group.units if group.area in areas or version.unit_id in own]
