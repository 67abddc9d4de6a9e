"""Lists of people: planned against units, roles and accounts, shown, then opened all at once with initial passwords."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import transaction
from django.db.models import Q

from common.dates import today, write_day
from common.exceptions import DomainError, NotAllowed
from common.text import compare_key
from organisation.audit import record
from organisation.audit_actions import AuditAction
from organisation.lists.known import NEW
from organisation.lists.people import KnownPeople, KnownPerson, KnownRole, KnownUnit, PeoplePlanner, PlannedPerson
from organisation.lists.reading import Line
from organisation.models import Membership, Unit, UnitVersion, User
from organisation.naming import role_name
from organisation.permissions import can_administer
from organisation.roles import ROLES
from organisation.selectors.people import never_entered
from organisation.services.accounts import close_account, open_account
from organisation.services.lists import digest_of
from organisation.services.passwords import password_was_set
from organisation.services.roles import end_role, give_role
from organisation.tree import unit_tree

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another
_GROUPS, _GROUP = 3, 4
UNDONE_LOGIN = "#"
"""How the login of an account begins that a list opened and that went with it, unused. Nobody else's can begin so."""
_KNOWN = ("username", "full_name", "email", "is_active")
_UNDONE, _LONGEST_LOGIN = "Hủy danh sách đã mở tài khoản này", 150
_ROUNDS = 10_000
"""Of the hash of an initial password: 59 random bits need no slow one, and a list opens hundreds. The login renews it."""


@dataclass
class OpenedPeople:
    """What storing a list did. `passwords`: (account, its initial password) of those that it opened: nobody can read them again;
    `given`: ids of the memberships that it gave.
    """

    planned: list[PlannedPerson] = field(default_factory=list)
    passwords: list[tuple[User, str]] = field(default_factory=list)
    given: list[int] = field(default_factory=list)


def plan_people(lines: Sequence[Line]) -> list[PlannedPerson]:
    """What the lines would do to existing accounts. A fixed number of queries."""
    return PeoplePlanner(lines, _known()).plan()


@transaction.atomic
def store_people(*, lines: Sequence[Line], shown: str, actor: User) -> OpenedPeople:
    """Open the accounts of the lines that are right and give their roles, from today on; the same list again changes nothing.

    `shown`: the digest of the plan that was looked at. Raises NotAllowed; DomainError where the list would now do something else.
    """
    if not can_administer(actor):
        raise NotAllowed("Vai trò của đồng chí không mở tài khoản.")
    units = {unit.pk: unit for unit in Unit.objects.select_for_update().order_by("pk")}
    found = OpenedPeople(plan_people(lines))
    if digest_of(found.planned) != shown:
        raise DomainError("Tài khoản hoặc đơn vị trên cổng vừa có thay đổi. Xin xem lại từng dòng rồi ghi.")
    kept = [one for one in found.planned if one.is_kept]
    for one in kept:
        if one.does == NEW:
            user, _ = open_account(username=one.username, full_name=one.full_name, password=None, actor=actor)
            user.email = one.email
            user.save(update_fields=["email"])
            found.passwords.append((user, _set_initial(user)))
        else:
            user = User.objects.get(username=one.username)
        given = give_role(user=user, role=one.role, unit=units[one.unit_id], starts_on=today(), actor=actor)
        found.given.append(given.pk)
    if kept:
        done = {one.username: one.does for one in kept}
        record(actor=actor, action=AuditAction.LOAD_PEOPLE, target=actor, note=f"{len(kept)} dòng", changes=done)
    return found


@dataclass(frozen=True)
class Undoing:
    """What undoing a list does: accounts that it opened and nobody came in by are closed, its other roles end; `used`: accounts
    that somebody came in by since, which stay as they are.
    """

    closed: list[User]
    ended: list[Membership]
    used: list[User]


def plan_undoing(*, opened: Collection[int], given: Collection[int], since: datetime) -> Undoing:
    """`since`: when the list was first stored."""
    users = list(User.objects.filter(pk__in=opened, is_active=True).order_by("pk"))
    held = Membership.objects.ending(today()).filter(pk__in=given, user__is_active=True).exclude(user__in=opened)
    roles = list(held.select_related("user", "unit").order_by("pk"))
    entered = [user for user in users if user.last_login]
    used = {row.user_id: row.user for row in roles if row.user.last_login and row.user.last_login > since}
    return Undoing(
        closed=[user for user in users if not user.last_login],
        ended=[row for row in roles if row.user_id not in used],
        used=[*entered, *used.values()],
    )


@transaction.atomic
def undo_people(*, opened: Collection[int], given: Collection[int], since: datetime, actor: User) -> Undoing:
    """Undo a list of people. The login of an account closed by it can be used again. Raises NotAllowed."""
    if not can_administer(actor):
        raise NotAllowed("Vai trò của đồng chí không hủy danh sách này.")
    holders = Membership.objects.filter(pk__in=given).values("user")
    list(User.objects.select_for_update(no_key=True).filter(Q(pk__in=opened) | Q(pk__in=holders)).order_by("pk"))
    found = plan_undoing(opened=opened, given=given, since=since)
    names: dict[str, list[str]] = {}
    for unused in found.closed:
        user = close_account(user_id=unused.pk, reason=_UNDONE, actor=actor)
        before, user.username, user.email = user.username, f"{UNDONE_LOGIN}{user.pk}.{user.username}"[:_LONGEST_LOGIN], ""
        user.save(update_fields=["username", "email"])
        names[str(user.pk)] = [before, user.username]
    for row in found.ended:
        end_role(membership_id=row.pk, ends_on=max(row.starts_on, today() - timedelta(days=1)), actor=actor)
    roles = [str(row) for row in found.ended]
    stays = [user.username for user in found.used]
    record(actor=actor, action=AuditAction.UNDO_PEOPLE, target=actor, changes={"closed": names, "ended": roles, "used": stays})
    return found


@transaction.atomic
def renew_initial_passwords(*, user_ids: Collection[int], actor: User) -> list[tuple[User, str]]:
    """New initial passwords for those of these accounts whose owner never came in. Raises NotAllowed."""
    if not can_administer(actor):
        raise NotAllowed("Vai trò của đồng chí không đặt mật khẩu.")
    found = []
    for user in never_entered(user_ids).select_for_update(no_key=True).order_by("pk"):
        found.append((user, _set_initial(user)))
        password_was_set(user_id=user.pk, actor=actor)
    return found


def _set_initial(user: User) -> str:
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))
    initial, hasher = "-".join(groups), PBKDF2PasswordHasher()
    user.password = hasher.encode(initial, hasher.salt(), iterations=_ROUNDS)
    user.save(update_fields=["password"])
    return initial


def _known() -> KnownPeople:
    day = today()
    roles = []
    for role in ROLES.values():
        called = role_name(role.key, day)
        roles.append(KnownRole(role.key, called, frozenset(map(compare_key, (role.name, called))), role.is_guarded))
    held: dict[int, set[tuple[str, int]]] = {}
    for user_id, key, unit_id in Membership.objects.ending(day).values_list("user", "role", "unit"):
        held.setdefault(user_id, set()).add((key, unit_id))
    people = tuple(
        KnownPerson(user.username, user.full_name, user.email, frozenset(held.get(user.pk, ())), user.is_active)
        for user in User.objects.exclude(username__startswith=UNDONE_LOGIN).order_by("pk").only(*_KNOWN)
    )
    return KnownPeople(_known_units(), tuple(roles), people)


def _known_units() -> tuple[KnownUnit, ...]:
    day, tree = today(), unit_tree()
    versions: dict[int, list[UnitVersion]] = {}
    for row in UnitVersion.objects.select_related("unit").order_by("unit__position", "unit__key", "valid_from"):
        versions.setdefault(row.unit_id, []).append(row)
    return tuple(
        _known_unit(unit_id, rows, tree.exists(unit_id, day), tuple(tree.successors(unit_id, day)))
        for unit_id, rows in versions.items()
    )


def _known_unit(unit_id: int, rows: list[UnitVersion], is_there: bool, heirs: tuple[int, ...]) -> KnownUnit:
    day = today()
    current = next((row for row in rows if row.day_within(day) == day), max(rows, key=lambda row: row.valid_to or day))

    def words(*chosen: UnitVersion) -> frozenset[str]:
        said = (text for row in chosen for text in (row.name, row.place, row.short_name))
        return frozenset(key for text in said if (key := compare_key(text)))

    ended = write_day(current.valid_to) if current.valid_to and not is_there else ""
    return KnownUnit(unit_id, current.unit.key, current.name, is_there, words(*rows), words(current), heirs, ended)
