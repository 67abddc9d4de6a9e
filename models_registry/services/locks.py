"""The lock that every writer of a register takes first."""

from models_registry.models import Registration
from organisation.models import Unit


def lock_registration(registration_id: int) -> Registration:
    """The registration for changing: its unit's row is locked first, as every writer of a register does."""
    unit_id = Registration.objects.values_list("unit_id", flat=True).get(pk=registration_id)
    Unit.objects.select_for_update(no_key=True).get(pk=unit_id)
    locked = Registration.objects.select_for_update(of=("self",), no_key=True)
    return locked.select_related("season", "unit", "place", "model", "field").get(pk=registration_id)
