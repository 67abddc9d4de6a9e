"""Roles: given in a unit, from a day on."""

from datetime import date

from django.db import transaction

from common.exceptions import DomainError
from organisation.audit import record
from organisation.models import Membership, Unit, User
from organisation.roles import ROLES


@transaction.atomic
def give_role(*, user: User, role: str, unit: Unit, starts_on: date, actor: User | None) -> Membership:
    """Give a role in a unit from a day on; giving it again changes nothing."""
    if role not in ROLES:
        raise DomainError(f"Không có vai trò “{role}”.")
    membership, created = Membership.objects.get_or_create(user=user, role=role, unit=unit, starts_on=starts_on)
    if created:
        record(actor=actor, action="give-role", target=user, unit=unit, note=ROLES[role].name)
    return membership
