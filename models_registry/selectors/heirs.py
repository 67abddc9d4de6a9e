"""Where registrations stand once their unit has ended: by their place at its heir, else where those above assigned them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, F, Q, QuerySet, When

from common.dates import today
from models_registry.enums import State
from models_registry.models import Registration, Season
from models_registry.permissions import acting_day
from models_registry.selectors.scope import own_units
from organisation.models import Unit, UnitVersion
from organisation.permissions import units_where
from organisation.roles import May
from organisation.selectors import reporting_units
from organisation.tree import UnitTree, tree_for, unit_tree


@dataclass(frozen=True)
class Standing:
    """Of a season in which units ended by a day: the unit in whose line each registration counts on it."""

    day: date
    ended: frozenset[int]
    targets: dict[tuple[int, int | None], int]
    """(unit that ended, place) -> its heir, where there is one."""

    def unit_of(self, unit_id: int, place_id: int | None, given_to: int | None) -> int:
        if unit_id not in self.ended:
            return unit_id
        return given_to or self.targets.get((unit_id, place_id), unit_id)

    def given_to(self, prefix: str = "") -> Case:
        """The unit that it was assigned to by the day, as a column."""
        since = {f"{prefix}handover__since__lte": self.day}
        return Case(When(**since, then=F(f"{prefix}handover__unit")), default=None)

    def of(self, unit_ids: Iterable[int], prefix: str = "") -> Q:
        """The condition of the rows that count in the lines of these units."""
        units = set(unit_ids)
        given = Q(**{f"{prefix}handover__since__lte": self.day})
        not_given = Q(**{f"{prefix}handover__isnull": True}) | Q(**{f"{prefix}handover__since__gt": self.day})
        found = given & Q(**{f"{prefix}handover__unit__in": units}) | Q(**{f"{prefix}unit__in": units - self.ended})
        into: dict[int, set[int | None]] = defaultdict(set)
        away: dict[int, set[int | None]] = defaultdict(set)
        for (unit, place), target in self.targets.items():
            (into if target in units else away)[unit].add(place)
        for unit, places in into.items():
            found |= Q(**{f"{prefix}unit": unit}) & _at(places, prefix) & not_given
        for unit in units & self.ended:
            found |= Q(**{f"{prefix}unit": unit}) & not_given & ~_at(away[unit], prefix)
        return found


def _at(places: set[int | None], prefix: str) -> Q:
    named = Q(**{f"{prefix}place__in": [place for place in places if place]})
    return named | Q(**{f"{prefix}place__isnull": True}) if None in places else named


def standing_on(season: Season, day: date) -> Standing | None:
    """None where no unit of the season has ended by the day, which asks the database nothing; else one query."""
    tree = unit_tree()
    ended = tree.ended_between(season.opens_on, day)
    if not ended:
        return None
    pairs = Registration.objects.filter(season=season, unit__in=ended).order_by().values_list("unit", "place").distinct()
    targets: dict[tuple[int, int | None], int] = {}
    for unit_id, place_id in pairs:
        heir = tree.heir(place_id or unit_id, day)
        if heir is not None:
            targets[unit_id, place_id] = tree.reporting(heir, day) or heir
    return Standing(day, ended, targets)


def held_by(unit_ids: Iterable[int], season: Season, day: date, prefix: str = "") -> Q:
    """The condition of the registrations of a season that count in the lines of units on a day."""
    standing = standing_on(season, day)
    return standing.of(unit_ids, prefix) if standing else Q(**{f"{prefix}unit__in": list(unit_ids)})


def rows_of_unit(rows: QuerySet[Any], season: Season, unit: Unit | None, day: date, prefix: str = "") -> QuerySet[Any]:
    """Of rows about registrations of a season, those that count in a unit's line on a day; all of them for no unit."""
    return rows.filter(held_by([unit.pk], season, day, prefix)) if unit else rows


def to_assign(user: Any, season: Season | None = None) -> QuerySet[Registration]:
    """What a unit that ended left over and nobody carries on by itself, for those who may assign it: unfinished, or of the season
    in which the unit ended; the oldest season first.
    """
    if not units_where(user, May.EXTEND_SEASON):
        return Registration.objects.none()
    listed, tree, wanted = Season.objects.filter(opens_on__lte=today()), tree_for(user), Q(pk__in=[])
    for one in listed.filter(pk=season.pk) if season else listed:
        wanted |= _unassigned(tree, one)
    rows = Registration.objects.filter(wanted, own_units(user, May.EXTEND_SEASON), handover__isnull=True)
    return rows.select_related("season", "unit", "place", "field").order_by("season__year", "unit__position", "pk")


def _unassigned(tree: UnitTree, season: Season) -> Q:
    ended_now, ended_then = (tree.ended_between(season.opens_on, day) for day in (today(), acting_day(season)))
    if not ended_now:
        return Q(pk__in=[])
    is_open = Q(state__in=[State.DRAFT, State.SUBMITTED, State.RETURNED], unit__in=ended_now)
    is_of_it = Q(season=season) & (is_open | (Q(unit__in=ended_then) & ~Q(state=State.WITHDRAWN)))
    pairs = Registration.objects.filter(is_of_it).order_by().values_list("unit", "place").distinct()
    left = Q(pk__in=[])
    for unit, place in pairs:
        if tree.heir(place or unit, today()) is None:
            left |= Q(unit=unit) & _at({place}, "")
    return is_of_it & left


def assignable_units(user: Any) -> list[UnitVersion]:
    """The units that report today, to which the user may assign what others left over."""
    allowed = tree_for(user).below(units_where(user, May.EXTEND_SEASON), today())
    return list(reporting_units(today()).filter(unit__in=allowed))
