"""Which roles need a second step."""

from collections.abc import Iterable

from django.conf import settings
from django.db import transaction

from common.exceptions import NotAllowed
from common.remember import forget
from organisation.audit import record
from organisation.audit_actions import AuditAction
from organisation.models import RoleDemand, User
from organisation.permissions import can_administer


@transaction.atomic
def demand_second_step(*, roles: Iterable[str], actor: User) -> None:
    """Demand it of these roles and of no other. Those that the settings demand it of anyway stay as they are. This process
    knows at once, others within settings.REMEMBER_SECONDS.
    """
    if not can_administer(actor):
        raise NotAllowed("Vai trò của đồng chí không đặt được bước xác minh thứ hai.")
    demands = {demand.role: demand for demand in RoleDemand.objects.select_for_update()}
    wanted = set(roles) | (demands.keys() & settings.MFA_REQUIRED_ROLES)
    for role in sorted(wanted - demands.keys()):
        record(actor=actor, action=AuditAction.DEMAND_SECOND_STEP, target=RoleDemand.objects.create(role=role, given_by=actor))
    for role in sorted(demands.keys() - wanted):
        record(actor=actor, action=AuditAction.UNDEMAND_SECOND_STEP, target=demands[role])
        demands[role].delete()
    transaction.on_commit(forget)
