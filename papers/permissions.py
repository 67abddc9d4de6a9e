"""Who keeps a body's letterheads and Word files."""

from organisation.models import Reader, Unit
from organisation.permissions import stands_in_for, unit_of, units_where
from organisation.roles import May


def body_kept_by(user: Reader) -> Unit | None:
    """The body that the user works for, where the user keeps its papers."""
    body = unit_of(user)
    return body if body is not None and can_keep(user, body) else None


def can_keep(user: Reader, unit: Unit) -> bool:
    return unit.pk in units_where(user, May.KEEP_PAPERS)


def body_headed_by(user: Reader) -> Unit | None:
    """The body whose letterheads the user writes: who keeps its papers, or its administrator while nobody does."""
    body = unit_of(user)
    return body if body is not None and can_head(user, body) else None


def can_head(user: Reader, unit: Unit) -> bool:
    return can_keep(user, unit) or unit.pk in stands_in_for(user, May.KEEP_PAPERS)
