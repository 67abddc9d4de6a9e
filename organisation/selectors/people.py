"""Who may do what where: holders of roles, the leaders of the board."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import QuerySet

from common.dates import today
from organisation.models import Membership, Reader, Unit, User
from organisation.permissions import membership_of
from organisation.roles import May, keys_that_may
from organisation.selectors.names import role_of
from organisation.tree import unit_tree


def holders(act: May, unit: Unit, day: date, *, climbs: bool = True) -> list[User]:
    """The users who may do this in the unit: by a role there, else (`climbs`) in the nearest unit above where anyone may."""
    return holders_of(act, [unit.pk], day, climbs=climbs)[unit.pk]


def holders_of(act: May, unit_ids: Iterable[int], day: date, *, climbs: bool = True) -> dict[int, list[User]]:
    """`holders` of several units at once: unit id -> users. One query."""
    keys, now, tree = keys_that_may(act), today(), unit_tree()
    lines = {pk: tree.line(pk, day) if climbs else [pk] for pk in unit_ids}
    there = Membership.objects.in_force(now).filter(
        role__in=keys, unit__in={pk for line in lines.values() for pk in line}, user__is_active=True
    )
    found: dict[int, list[User]] = defaultdict(list)
    for membership in there.select_related("user"):
        found[membership.unit_id].append(membership.user)
    return {pk: next((list(dict.fromkeys(found[one])) for one in line if one in found), []) for pk, line in lines.items()}


def people_who(act: May) -> list[User]:
    """Everybody who may do this today, in whatever unit."""
    held = Membership.objects.in_force(today()).filter(role__in=keys_that_may(act))
    return list(User.objects.filter(memberships__in=held, is_active=True).distinct())


def board_units() -> set[int]:
    """Of the units in which somebody decides today, the highest that gather registers, or did until they ended. One query."""
    held = Membership.objects.in_force(today()).filter(role__in=keys_that_may(May.DECIDE), user__is_active=True)
    versions = unit_tree().were(held.values_list("unit", flat=True), today())
    ranks = {unit: version.level.rank for unit, version in versions.items() if version.level.gathers_registers}
    return {unit for unit, rank in ranks.items() if rank == max(ranks.values())}


def board_leaders() -> list[User]:
    """Who decides there."""
    held = Membership.objects.in_force(today()).filter(role__in=keys_that_may(May.DECIDE), unit__in=board_units())
    return list(User.objects.filter(memberships__in=held, is_active=True).distinct())


def never_entered(user_ids: Collection[int]) -> QuerySet[User]:
    """The accounts among these that have not logged in with their initial password."""
    return User.objects.filter(pk__in=user_ids, is_active=True, last_login=None, password_set_by__isnull=False)


def user_named(username: str) -> User | None:
    """An active account by its name."""
    return User.objects.filter(username__iexact=username.strip(), is_active=True).first()


def work_of(user: Reader) -> tuple[str, str]:
    """(the unit that a user works for, the role there), as both are called today; empty for who has no role."""
    membership = membership_of(user)
    if membership is None:
        return "", ""
    unit = unit_tree().were([membership.unit_id], today())[membership.unit_id]
    return unit.name, role_of(membership, unit)
