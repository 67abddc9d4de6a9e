"""The lock that every writer of a register takes first."""

from common.exceptions import DomainError
from models_registry.enums import State
from models_registry.models import Registration
from organisation.models import Unit


def lock_registration(registration_id: int) -> Registration:
    """The registration for changing. The rows of the units in whose registers its model stands are locked first, in the
    order of their ids, as every writer of a register does.
    """
    unit_id, model_id = Registration.objects.values_list("unit_id", "model_id").get(pk=registration_id)
    units = {unit_id, *Registration.objects.filter(model=model_id, model__isnull=False).values_list("unit_id", flat=True)}
    list(Unit.objects.select_for_update(no_key=True).filter(pk__in=units).order_by("pk"))
    locked = Registration.objects.select_for_update(of=("self",), no_key=True)
    return locked.select_related("season", "unit", "place", "model", "field").get(pk=registration_id)


def check_not_withdrawn(registration: Registration) -> None:
    """Raise DomainError for one that was withdrawn: nothing is added to it any more."""
    if registration.state == State.WITHDRAWN:
        raise DomainError("Đăng ký đã rút nên không thêm hay sửa gì được nữa.")
