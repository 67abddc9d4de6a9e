"""Where registrations stand once their unit has ended: by their place at its heir, else where those above assigned them."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import BigIntegerField, Case, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce
from django.db.models.lookups import In

from common.dates import today
from models_registry.enums import State
from models_registry.models import HandoverAgain, Registration, Season
from models_registry.permissions import acting_day
from models_registry.selectors.scope import own_units
from models_registry.selectors.seasons import seasons_for
from organisation.models import Reader, Unit, UnitVersion
from organisation.permissions import units_where
from organisation.roles import May
from organisation.selectors.units import reporting_units, versions_on
from organisation.tree import UnitTree, tree_for, unit_tree


def given_to(day: date, prefix: str = "") -> Case:
    """The unit that a registration was assigned to last by the day, as a column."""
    again = HandoverAgain.objects.filter(handover=OuterRef(f"{prefix}pk"), since__lte=day).order_by("-since", "-pk")
    last = Coalesce(Subquery(again.values("unit")[:1]), F(f"{prefix}handover__unit"), output_field=BigIntegerField())
    return Case(When(**{f"{prefix}handover__since__lte": day}, then=last), default=None)


NOWHERE = Cast(Value(None), BigIntegerField())
"""A column without a unit: of a type, so that it may stand above one of units in a union."""


@dataclass(frozen=True)
class Standing:
    """Of a season in which units ended by a day: the unit in whose line each registration counts on it."""

    day: date
    ended: frozenset[int]
    targets: dict[tuple[int, int | None], int]
    """(unit that ended, place) -> its heir, where there is one."""
    heirs: dict[int, int]
    """unit that ended -> its heir, where there is one: what was assigned to it goes on there."""
    has_given: bool
    """Whether any was assigned by the day: elsewhere queries need not look for it."""

    def unit_of(self, unit_id: int, place_id: int | None, given_to: int | None) -> int:
        if unit_id not in self.ended:
            return unit_id
        return self.carrier(given_to) if given_to else self.targets.get((unit_id, place_id), unit_id)

    def carrier(self, given_to: int) -> int:
        """Who has on the day what was assigned to a unit."""
        return self.heirs.get(given_to, given_to)

    def given_to(self, prefix: str = "") -> Case | Cast:
        return given_to(self.day, prefix) if self.has_given else NOWHERE

    def given(self, units: set[int], prefix: str = "") -> Q:
        """The condition of the rows that were assigned, and count in the lines of these units."""
        bearers = {unit for unit in units | self.ended if self.carrier(unit) in units} if self.has_given else set()
        assigned = Q(**{f"{prefix}handover__since__lte": self.day})
        return assigned & Q(In(self.given_to(prefix), sorted(bearers))) if bearers else Q(**{f"{prefix}pk__in": []})

    def of(self, unit_ids: Iterable[int], prefix: str = "") -> Q:
        """The condition of the rows that count in the lines of these units."""
        units = set(unit_ids)
        found, not_given = Q(**{f"{prefix}unit__in": units - self.ended}), Q()
        if self.has_given:
            found |= self.given(units, prefix)
            not_given = Q(**{f"{prefix}handover__isnull": True}) | Q(**{f"{prefix}handover__since__gt": self.day})
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
    rows = Registration.objects.filter(season=season, unit__in=ended).order_by()
    is_given = Case(When(handover__since__lte=day, then=True), default=False)
    pairs = list(rows.annotate(is_given=is_given).values_list("unit", "place", "is_given").distinct())
    found = {(unit, place): _reporting_heir(tree, place or unit, day) for unit, place in {pair[:2] for pair in pairs}}
    targets: dict[tuple[int, int | None], int] = {where: heir for where, heir in found.items() if heir is not None}
    heirs = {unit: heir for unit in ended if (heir := _reporting_heir(tree, unit, day)) is not None}
    return Standing(day, ended, targets, heirs, any(given for *_, given in pairs))


def _reporting_heir(tree: UnitTree, unit_id: int, day: date) -> int | None:
    heir = tree.heir(unit_id, day)
    return None if heir is None else tree.reporting(heir, day) or heir


def held_by(unit_ids: Iterable[int], season: Season, day: date, prefix: str = "") -> Q:
    """The condition of the registrations of a season that count in the lines of units on a day."""
    standing = standing_on(season, day)
    return standing.of(unit_ids, prefix) if standing else Q(**{f"{prefix}unit__in": list(unit_ids)})


def rows_of_unit(rows: QuerySet[Any], season: Season, unit: Unit | None, day: date, prefix: str = "") -> QuerySet[Any]:
    """Of rows about registrations of a season, those that count in a unit's line on a day; all of them for no unit."""
    return rows.filter(held_by([unit.pk], season, day, prefix)) if unit else rows


def to_assign(user: Reader, season: Season | None = None, *, among: Collection[int] | None = None) -> QuerySet[Any]:
    """What a unit that ended left over and nobody carries on by itself, for those who may assign it: unfinished, or of the season
    in which the unit ended; the oldest season first, or `among` those that a page named. `given`: the unit that it had been
    assigned to, and that ended as well.
    """
    rows = Registration.objects.annotate(given=given_to(today()))
    rows = rows if among is None else rows.filter(pk__in=among)
    if not units_where(user, May.EXTEND_SEASON):
        return rows.none()
    opened = [one for one in ([season] if season else seasons_for(user)) if one.opens_on <= today()]
    rows = rows.filter(_unassigned(tree_for(user), opened), own_units(user, May.EXTEND_SEASON))
    return rows.select_related("season", "unit", "place", "field").order_by("season__year", "unit__position", "pk")


def left_by(rows: Iterable[Any]) -> dict[int, str]:
    """id of a registration of `to_assign` -> the name of the unit that left it over."""
    rows = list(rows)
    names = versions_on({row.given for row in rows if row.given}, today())
    return {row.pk: names[row.given].name if row.given else row.unit_name for row in rows}


def nobody_carries_on(user: Reader) -> Q:
    """The condition of what only an assignment lets go on: of units that ended in its season, where neither the unit nor its place
    has an heir. Asks nothing.
    """
    tree, found = tree_for(user), Q(pk__in=[])
    for season in seasons_for(user):
        day = acting_day(season)
        ended = tree.ended_between(season.opens_on, day)
        if not ended:
            continue
        days = (season.opens_on, *tree.changing(season.opens_on, day))
        places = {pk for one in days for pk in tree.below(ended, one)}
        if lost := {pk for pk in places | ended if tree.heir(pk, today()) is None}:
            nobodys = Q(place__in=lost) | Q(place__isnull=True, unit__in=lost)
            found |= Q(season=season, unit__in=ended) & nobodys
    return found & Q(handover__isnull=True)


def _unassigned(tree: UnitTree, seasons: Iterable[Season]) -> Q:
    """The condition of `to_assign`. One query for all seasons."""
    nothing, is_open, stands = (
        Q(pk__in=[]),
        Q(state__in=[State.DRAFT, State.SUBMITTED, State.RETURNED]),
        ~Q(state=State.WITHDRAWN),
    )
    of_ended, again = dict[int, Q](), nothing
    for season in seasons:
        now, then = (tree.ended_between(season.opens_on, day) for day in (today(), acting_day(season)))
        if now:
            of_ended[season.pk] = Q(season=season) & ((is_open & Q(unit__in=now)) | (Q(unit__in=then) & stands))
            lost = {unit for unit in now if tree.heir(unit, today()) is None}
            again |= Q(season=season) & ((is_open & Q(given__in=lost)) | (Q(given__in=lost & then) & stands))
    if not of_ended:
        return nothing
    rows, left = Registration.objects.filter(reduce(or_, of_ended.values())), dict.fromkeys(of_ended, nothing)
    for at, unit, place in rows.order_by().values_list("season", "unit", "place").distinct():
        if tree.heir(place or unit, today()) is None:
            left[at] |= Q(unit=unit) & _at({place}, "")
    unfollowed = reduce(or_, (of_ended[at] & left[at] for at in of_ended))
    return (unfollowed & Q(given__isnull=True)) | again


def assignable_units(user: Reader) -> list[UnitVersion]:
    """The units that report today, to which the user may assign what others left over."""
    allowed = tree_for(user).below(units_where(user, May.EXTEND_SEASON), today())
    return list(reporting_units(today()).filter(unit__in=allowed))
