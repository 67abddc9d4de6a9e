"""The roles that need a second step."""

from dataclasses import dataclass

from django.conf import settings

from common.dates import today
from organisation.models import RoleDemand
from organisation.naming import role_name
from organisation.roles import ROLES


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
