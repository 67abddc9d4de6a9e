"""The roles that need a second step."""

from dataclasses import dataclass

from django.conf import settings

from common.dates import today
from common.remember import remembered
from organisation.models import RoleDemand
from organisation.naming import role_name
from organisation.roles import ROLES


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
    return [DemandLine(key, role_name(key, today()), key in settings.MFA_REQUIRED_ROLES, demands.get(key)) for key in ROLES]
