"""Reads of the organisation as it was on a day."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet

from common.dates import today
from organisation.models import Membership, Unit, UnitVersion, User, on_day
from organisation.permissions import units_where
from organisation.roles import May, keys_that_may


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


def subtrees(unit_ids: Iterable[int], days: Iterable[date]) -> dict[date, frozenset[int]]:
    """day -> the units themselves and all below them on that day: one query for any number of days and levels."""
    held, asked = set(unit_ids), set(days)
    if not held or not asked:
        return dict.fromkeys(asked, frozenset(held))
    edges = list(
        UnitVersion.objects.filter(parent__isnull=False).values_list("unit_id", "parent_id", "valid_from", "valid_to").order_by()
    )
    found: dict[date, frozenset[int]] = {}
    for day in asked:
        below = defaultdict(list)
        for unit_id, parent_id, starts, ends in edges:
            if (starts is None or starts <= day) and (ends is None or ends > day):
                below[parent_id].append(unit_id)
        reached, frontier = set(held), list(held)
        while frontier:
            fresh = [unit_id for unit_id in below[frontier.pop()] if unit_id not in reached]
            reached.update(fresh)
            frontier += fresh
        found[day] = frozenset(reached)
    return found


def subtree_ids(unit_ids: Iterable[int], day: date) -> frozenset[int]:
    """The units themselves and all below them on a day."""
    return subtrees(unit_ids, [day])[day]


def ancestor_ids(unit: Unit, day: date) -> set[int]:
    """The unit itself and all above it on a day: one query a level."""
    found, frontier = {unit.pk}, {unit.pk}
    while frontier:
        above = UnitVersion.objects.on(day).filter(unit__in=frontier, parent__isnull=False).values_list("parent_id", flat=True)
        frontier = set(above) - found
        found |= frontier
    return found


def reporting_unit_of(unit: Unit, day: date) -> Unit | None:
    """The unit that reports for this one on a day: itself, or the nearest above; None outside its life."""
    found = reporting_units(day).filter(unit__in=ancestor_ids(unit, day)).first()
    return found.unit if found else None


def holders(act: May, unit: Unit, day: date, *, climbs: bool = True) -> list[User]:
    """The users who may do this in the unit: by a role there, else (`climbs`) in the nearest unit above where anyone may."""
    keys = keys_that_may(act)
    now = today()
    valid = Membership.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=now), role__in=keys, starts_on__lte=now)
    frontier, seen = {unit.pk}, set()
    while frontier:
        found = list(User.objects.filter(memberships__in=valid.filter(unit__in=frontier), is_active=True).distinct())
        if found or not climbs:
            return found
        seen |= frontier
        above = UnitVersion.objects.on(day).filter(unit__in=frontier, parent__isnull=False)
        frontier = set(above.values_list("parent_id", flat=True)) - seen
    return []


def extendable_units(user: object, day: date) -> list[UnitVersion]:
    """The reporting units, and the units below them, to which this user may give more time, in official order."""
    allowed = subtree_ids(units_where(user, May.EXTEND_SEASON), day) - units_where(user, May.EXTEND_SEASON)
    found = UnitVersion.objects.on(day).filter(unit__in=allowed).select_related("unit", "level")
    return list(found.order_by("-level__rank", "unit__position"))


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
