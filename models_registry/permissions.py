"""Who may do what with registers."""

from typing import Any

from models_registry.models import Season
from organisation.models import Unit
from organisation.permissions import may
from organisation.roles import May


def can_import_register(user: Any, unit: Unit, season: Season) -> bool:
    return may(user, May.IMPORT_REGISTER, unit, season.last_day)
