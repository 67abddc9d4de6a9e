"""Reads of the organisation as it was on a day."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import F, QuerySet

from common.dates import today
from organisation.models import Membership, Unit, UnitVersion, on_day
from organisation.permissions import units_where
from organisation.roles import May


def reporting_units(day: date) -> QuerySet[UnitVersion]:
    """The units that report on a day, as they were then: those right below a unit whose level gathers registers."""
    return (
        UnitVersion.objects.on(day)
        .filter(on_day(day, "parent__versions__"), parent__versions__level__gathers_registers=True)
        .select_related("unit", "level")
        .order_by("unit__position", "unit__key")
    )


def unit_on(unit: Unit, day: date) -> UnitVersion:
    """What the unit was on a day; before its first day what it first was, after its last day what it last was."""
    return versions_on([unit.pk], day)[unit.pk]


def versions_on(unit_ids: Iterable[int], day: date) -> dict[int, UnitVersion]:
    """unit id -> what it was on a day (one query); outside its life the nearest version."""
    found: dict[int, UnitVersion] = {}
    versions = UnitVersion.objects.filter(unit__in=set(unit_ids)).select_related("unit", "level")
    for version in versions.order_by(F("valid_from").asc(nulls_first=True)):
        known = found.get(version.unit_id)
        started = version.valid_from is None or version.valid_from <= day
        if known is None or started:
            found[version.unit_id] = version
    return found


def children(unit: Unit, day: date) -> QuerySet[UnitVersion]:
    return UnitVersion.objects.on(day).filter(parent=unit).select_related("unit", "level").order_by("unit__position", "unit__key")


def subtree_ids(unit_ids: Iterable[int], day: date) -> set[int]:
    """The units themselves and all below them on a day: one query a level."""
    found, frontier = set(unit_ids), set(unit_ids)
    while frontier:
        below = UnitVersion.objects.on(day).filter(parent__in=frontier).values_list("unit_id", flat=True)
        frontier = set(below) - found
        found |= frontier
    return found


def board_units(user: object, day: date) -> QuerySet[UnitVersion]:
    """The reporting units whose season this user may follow."""
    allowed = subtree_ids(units_where(user, May.SEE_BOARD), day)
    return reporting_units(day).filter(unit__in=allowed)


def importable_units(user: object, day: date) -> QuerySet[UnitVersion]:
    """The reporting units whose register this user may upload."""
    allowed = subtree_ids(units_where(user, May.IMPORT_REGISTER), day)
    return reporting_units(day).filter(unit__in=allowed)


def memberships_of(user: Any) -> QuerySet[Membership]:
    return Membership.objects.filter(user=user).select_related("unit")


def place_of_work(user: Any) -> str:
    """The name today of the unit that a user works for; empty for who has no role."""
    membership = memberships_of(user).first()
    return unit_on(membership.unit, today()).name if membership else ""
