"""Units as they were on a day."""

from collections.abc import Iterable
from datetime import date

from django.db.models import F, QuerySet

from common.dates import today
from organisation.models import Reader, Unit, UnitVersion, on_day
from organisation.permissions import units_where
from organisation.roles import May
from organisation.tree import tree_for, versions_among


def reporting_units(day: date) -> QuerySet[UnitVersion]:
    """The units that report on a day, as they were then: those right below a unit whose level gathers registers."""
    return (
        UnitVersion.objects.on(day)
        .filter(on_day(day, "parent__versions__"), parent__versions__level__gathers_registers=True)
        .select_related("unit", "level")
        .order_by("unit__position", "unit__key")
    )


def all_units(day: date) -> QuerySet[UnitVersion]:
    """Every unit of a day with the one right above it, in official order."""
    return UnitVersion.objects.on(day).select_related("unit", "level", "parent").order_by("unit__position", "unit__key")


def unit_on(unit: Unit, day: date) -> UnitVersion:
    """What the unit was on a day; before its first day what it first was, after its last day what it last was."""
    return versions_on([unit.pk], day)[unit.pk]


def versions_of(unit_ids: Iterable[int]) -> QuerySet[UnitVersion]:
    """All that units were, each from its first day on; for `versions_among`."""
    versions = UnitVersion.objects.filter(unit__in=set(unit_ids)).select_related("unit", "level")
    return versions.order_by(F("valid_from").asc(nulls_first=True))


def versions_on(unit_ids: Iterable[int], day: date) -> dict[int, UnitVersion]:
    """unit id -> what it was on a day (one query); outside its life the nearest version."""
    return versions_among(versions_of(unit_ids), day)


def children(unit: Unit, day: date) -> QuerySet[UnitVersion]:
    return UnitVersion.objects.on(day).filter(parent=unit).select_related("unit", "level").order_by("unit__position", "unit__key")


def extendable_units(user: Reader, day: date) -> list[UnitVersion]:
    """The reporting units, and the units below them, to which this user may give more time, in official order."""
    allowed = tree_for(user).below(units_where(user, May.EXTEND_SEASON), day) - units_where(user, May.EXTEND_SEASON)
    found = UnitVersion.objects.on(day).filter(unit__in=allowed).select_related("unit", "level")
    return list(found.order_by("-level__rank", "unit__position"))


def reporting_within(user: Reader, act: May, days: Iterable[date]) -> list[UnitVersion]:
    """The units that report on any of the days and for which a role of the user allows the act, there or above; for reading
    also those that the user's units have followed. Each as on the first of the days on which it reports.
    """
    tree, found = tree_for(user), dict[int, UnitVersion]()
    held = frozenset(units_where(user, act))
    if not held:
        return []
    held = tree.with_followed(held, today()) if act == May.SEE_BOARD else held
    for day in tree.distinct(days):
        for version in tree.reporting_within(tree.below(held, day), day):
            found.setdefault(version.unit_id, version)
    return sorted(found.values(), key=lambda version: (version.unit.position, version.unit.key))


def unit_keyed(key: str) -> Unit | None:
    return Unit.objects.filter(key=key).first()
