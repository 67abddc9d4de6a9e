"""Lists of people: planned against units, roles and accounts, shown, then opened all at once with initial passwords."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import transaction

from common.dates import today, write_day
from common.exceptions import DomainError, NotAllowed
from common.text import compare_key
from organisation.audit import record
from organisation.lists.known import NEW
from organisation.lists.people import KnownPeople, KnownPerson, KnownRole, KnownUnit, PeoplePlanner, PlannedPerson
from organisation.lists.reading import Line
from organisation.models import Membership, Unit, UnitVersion, User
from organisation.naming import role_name
from organisation.permissions import can_administer
from organisation.roles import ROLES
from organisation.services.accounts import open_account
from organisation.services.lists import digest_of
from organisation.services.passwords import password_was_set
from organisation.services.roles import give_role
from organisation.tree import unit_tree

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another
_GROUPS, _GROUP = 3, 4
_ROUNDS = 10_000
"""Of the hash of an initial password: 59 random bits need no slow one, and a list opens hundreds. The login renews it."""


@dataclass
class OpenedPeople:
    """What storing a list did. `passwords`: (account, its initial password) of those that it opened: nobody can read them again."""

    planned: list[PlannedPerson] = field(default_factory=list)
    passwords: list[tuple[User, str]] = field(default_factory=list)


def plan_people(lines: Sequence[Line]) -> list[PlannedPerson]:
    """What the lines would do to the accounts that are there. A fixed number of queries."""
    return PeoplePlanner(lines, _known()).plan()


@transaction.atomic
def store_people(*, lines: Sequence[Line], shown: str, actor: Any) -> OpenedPeople:
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
        give_role(user=user, role=one.role, unit=units[one.unit_id], starts_on=today(), actor=actor)
    if kept:
        done = {one.username: one.does for one in kept}
        record(actor=actor, action="load-people", target=actor, note=f"{len(kept)} dòng", changes=done)
    return found


@transaction.atomic
def renew_initial_passwords(*, user_ids: Collection[int], actor: Any) -> list[tuple[User, str]]:
    """New initial passwords for those of these accounts whose owner never came in. Raises NotAllowed."""
    if not can_administer(actor):
        raise NotAllowed("Vai trò của đồng chí không đặt mật khẩu.")
    found = []
    for user in never_entered(user_ids).select_for_update(no_key=True).order_by("pk"):
        found.append((user, _set_initial(user)))
        password_was_set(user_id=user.pk, actor=actor)
    return found


def never_entered(user_ids: Collection[int]) -> Any:
    return User.objects.filter(pk__in=user_ids, is_active=True, last_login=None, password_set_by__isnull=False)


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
        for user in User.objects.order_by("pk").only("username", "full_name", "email", "is_active")
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
