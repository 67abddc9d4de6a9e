"""Who keeps a body's letterheads and Word files."""

from typing import Any

from organisation.models import Unit
from organisation.permissions import units_where
from organisation.roles import May


def can_keep(user: Any, unit: Unit) -> bool:
    return unit.pk in units_where(user, May.KEEP_PAPERS)
