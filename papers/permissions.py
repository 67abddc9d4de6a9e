"""Who keeps a body's letterheads and Word files."""

from typing import Any

from organisation.models import Unit
from organisation.permissions import unit_of, units_where
from organisation.roles import May


def body_kept_by(user: Any) -> Unit | None:
    """The body that the user works for, where the user keeps its papers."""
    body = unit_of(user)
    return body if body is not None and can_keep(user, body) else None


def can_keep(user: Any, unit: Unit) -> bool:
    return unit.pk in units_where(user, May.KEEP_PAPERS)
