"""Who keeps the portal's own pages."""

from organisation.models import Reader, Unit
from organisation.permissions import may_still, units_where
from organisation.roles import May


def can_keep(user: Reader) -> bool:
    """Write stories and guides, answer requests, have the booklet made."""
    return bool(units_where(user, May.KEEP_PORTAL))


def can_give_contact(user: Reader, unit: Unit) -> bool:
    """Say whom the public asks about this unit's models."""
    return may_still(user, May.GIVE_CONTACT, unit)
