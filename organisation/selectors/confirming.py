"""What waits for a second person, and who that may be."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from django.db.models import Exists, OuterRef, QuerySet

from common.dates import today
from organisation.models import Membership, Reader, User, Visitor
from organisation.permissions import can_administer, units_where
from organisation.roles import GUARDED, May, keys_that_may
from organisation.selectors.names import role_of
from organisation.selectors.people import board_leaders, board_units, people_who
from organisation.selectors.units import versions_on

_over_results: list[Callable[[User], bool]] = []


def counts_as_over_results(rule: Callable[[User], bool]) -> Callable[[User], bool]:
    """Register what an app above knows of who reaches scores or decisions, besides by a role."""
    _over_results.append(rule)
    return rule


def is_over_results(user: User) -> bool:
    """Whether the account has access to scores or decisions, now or later: by a confirmed role, or as an app above registers."""
    held = Membership.objects.confirmed().ending(today()).filter(user=user, role__in=GUARDED)
    return held.exists() or any(rule(user) for rule in _over_results)


def confirmers(giver: User, holder: User) -> list[User]:
    """Who may confirm what `giver` gave `holder`: other administrators; where there is none, the leaders of the board."""
    others = [user for user in people_who(May.ADMINISTER) if user.pk not in (giver.pk, holder.pk)]
    return others or [user for user in board_leaders() if user.pk not in (giver.pk, holder.pk)]


def may_confirm(user: Reader) -> bool:
    """Whether what waits may be this person's to confirm: administrators, and the leaders of the board."""
    return can_administer(user) or _leads_board(user)


def _leads_board(user: Reader) -> bool:
    held = units_where(user, May.DECIDE)
    return bool(held) and not held.isdisjoint(board_units())


Rows = TypeVar("Rows", bound=QuerySet[Any])


def _confirmable(rows: Rows, user: Visitor, giver: str, holder: str) -> Rows:
    """`confirmers` from the other side: of what waits, the rows that this person may confirm."""
    if not may_confirm(user):
        return rows.none()
    rows = rows.exclude(**{giver: user.pk}).exclude(**{holder: user.pk})
    if can_administer(user):
        return rows
    administrators = Membership.objects.in_force(today()).filter(role__in=keys_that_may(May.ADMINISTER), user__is_active=True)
    return rows.filter(~Exists(administrators.exclude(user=OuterRef(giver)).exclude(user=OuterRef(holder))))


def confirmable_roles(user: Visitor) -> QuerySet[Membership]:
    waiting = Membership.objects.waiting().filter(user__is_active=True)
    return _confirmable(waiting, user, "given_by", "user").select_related("user", "unit", "given_by").order_by("given_at", "pk")


def passwords_waiting() -> QuerySet[User]:
    """The accounts whose password an administrator set and nobody has confirmed."""
    return User.objects.filter(is_active=True, password_set_by__isnull=False, password_confirmed_at__isnull=True)


def confirmable_passwords(user: Visitor) -> QuerySet[User]:
    rows = _confirmable(passwords_waiting(), user, "password_set_by", "pk")
    return rows.select_related("password_set_by").order_by("password_set_at", "pk")


@dataclass(frozen=True)
class WaitingLine:
    """One thing that waits for a second person: a role (`role` is its id), or a password that an administrator set."""

    what: str
    holder: User
    giver: User | None
    given_at: datetime | None
    unit_name: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    role: int | None = None


def waiting_for(user: Visitor) -> list[WaitingLine]:
    """What waits for this person to confirm it, the oldest first. A fixed number of queries."""
    roles, passwords = list(confirmable_roles(user)), list(confirmable_passwords(user))
    names = versions_on([membership.unit_id for membership in roles], today())
    lines = [
        WaitingLine(
            f"vai trò {role_of(membership, names[membership.unit_id])}",
            membership.user,
            membership.given_by,
            membership.given_at,
            names[membership.unit_id].name,
            membership.starts_on,
            membership.ends_on,
            membership.pk,
        )
        for membership in roles
    ]
    lines += [WaitingLine("mật khẩu mới", account, account.password_set_by, account.password_set_at) for account in passwords]
    return sorted(lines, key=lambda line: (line.given_at is not None, line.given_at))
