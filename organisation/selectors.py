"""Reads of the organisation as it was on a day."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import F, Q, QuerySet

from common.dates import today
from common.remember import remembered
from organisation.models import Membership, RoleDemand, Unit, UnitVersion, User, on_day
from organisation.permissions import unit_of, units_where
from organisation.roles import ROLES, May, keys_that_may
from organisation.tree import tree_for, unit_tree


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


def holders(act: May, unit: Unit, day: date, *, climbs: bool = True) -> list[User]:
    """The users who may do this in the unit: by a role there, else (`climbs`) in the nearest unit above where anyone may."""
    return holders_of(act, [unit.pk], day, climbs=climbs)[unit.pk]


def holders_of(act: May, unit_ids: Iterable[int], day: date, *, climbs: bool = True) -> dict[int, list[User]]:
    """`holders` of several units at once: unit id -> users. One query."""
    keys, now, tree = keys_that_may(act), today(), unit_tree()
    lines = {pk: tree.line(pk, day) if climbs else [pk] for pk in unit_ids}
    valid = Membership.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=now), role__in=keys, starts_on__lte=now)
    there = valid.filter(unit__in={pk for line in lines.values() for pk in line}, user__is_active=True)
    found: dict[int, list[User]] = defaultdict(list)
    for membership in there.select_related("user"):
        found[membership.unit_id].append(membership.user)
    return {pk: next((list(dict.fromkeys(found[one])) for one in line if one in found), []) for pk, line in lines.items()}


def people_who(act: May) -> list[User]:
    """Everybody who may do this today, in whatever unit."""
    valid = Q(memberships__starts_on__lte=today()) & (Q(memberships__ends_on__isnull=True) | Q(memberships__ends_on__gte=today()))
    return list(User.objects.filter(valid, memberships__role__in=keys_that_may(act), is_active=True).distinct())


def extendable_units(user: object, day: date) -> list[UnitVersion]:
    """The reporting units, and the units below them, to which this user may give more time, in official order."""
    allowed = tree_for(user).below(units_where(user, May.EXTEND_SEASON), day) - units_where(user, May.EXTEND_SEASON)
    found = UnitVersion.objects.on(day).filter(unit__in=allowed).select_related("unit", "level")
    return list(found.order_by("-level__rank", "unit__position"))


def reporting_within(user: Any, act: May, days: Iterable[date]) -> list[UnitVersion]:
    """The units that report on any of the days and for which a role of the user allows the act, there or above; for reading
    also those that the user's units have followed. Each as on the first of the days on which it reports.
    """
    tree, found = tree_for(user), dict[int, UnitVersion]()
    held = frozenset(units_where(user, act))
    if not held:
        return []
    held = tree.with_followed(held, today()) if act == May.SEE_BOARD else held
    for day in tree.distinct(days):
        for version in reporting_units(day).filter(unit__in=tree.below(held, day)):
            found.setdefault(version.unit_id, version)
    return sorted(found.values(), key=lambda version: (version.unit.position, version.unit.key))


def demanded_roles() -> frozenset[str]:
    """The roles whose holders need a second step: the administrators' ticks over the floor of the settings."""
    return _ticked_roles().union(settings.MFA_REQUIRED_ROLES)


@remembered(1)
def _ticked_roles() -> frozenset[str]:
    return frozenset(RoleDemand.objects.values_list("role", flat=True))


@dataclass(frozen=True)
class DemandLine:
    """One role on the page of demands; `demand` is the administrators', `is_fixed` the settings'."""

    key: str
    name: str
    is_fixed: bool
    demand: RoleDemand | None


def demand_lines() -> list[DemandLine]:
    demands = {demand.role: demand for demand in RoleDemand.objects.select_related("given_by")}
    return [
        DemandLine(role.key, role.name, role.key in settings.MFA_REQUIRED_ROLES, demands.get(role.key)) for role in ROLES.values()
    ]


def user_named(username: str) -> User | None:
    """An active account by its name."""
    return User.objects.filter(username__iexact=username.strip(), is_active=True).first()


def place_of_work(user: Any) -> str:
    """The name today of the unit that a user works for; empty for who has no role."""
    unit = unit_of(user)
    return unit_on(unit, today()).name if unit else ""
