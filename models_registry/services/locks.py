"""The lock that every writer of a register takes first."""

from collections.abc import Iterable
from uuid import UUID

from common.exceptions import DomainError, NotAllowed
from models_registry.enums import State
from models_registry.models import EmulationModel, RegisterImport, Registration
from models_registry.permissions import can_import_register
from models_registry.selectors.continuity import Book
from organisation.models import Unit, User


def lock_registration(registration_id: int, also: Iterable[int] = ()) -> Registration:
    """The registration for changing. The rows of the units in whose registers its model stands, and of the units `also`,
    are locked first, in the order of their ids, as every writer of a register does.
    """
    unit_id, model_id = Registration.objects.values_list("unit_id", "model_id").get(pk=registration_id)
    units = {unit_id, *also, *Registration.objects.filter(model=model_id, model__isnull=False).values_list("unit_id", flat=True)}
    list(Unit.objects.select_for_update(no_key=True).filter(pk__in=units).order_by("pk"))
    locked = Registration.objects.select_for_update(of=("self",), no_key=True)
    return locked.select_related("season", "unit", "place", "model", "field", "handover").get(pk=registration_id)


def lock_models(model_ids: Iterable[int], units: Iterable[int] = ()) -> dict[int, EmulationModel]:
    """Models for changing what the catalogue keeps of them, by id: first the units in whose registers they stand, and `units`."""
    ids = sorted(set(model_ids))
    registers = set(Registration.objects.filter(model__in=ids).order_by().values_list("unit", flat=True))
    list(Unit.objects.select_for_update(no_key=True).filter(pk__in=registers.union(units)).order_by("pk"))
    return {one.pk: one for one in EmulationModel.objects.select_for_update().filter(pk__in=ids).order_by("pk")}


def check_not_withdrawn(registration: Registration) -> None:
    """Raise DomainError for one that was withdrawn: nothing is added to it any more."""
    if registration.state == State.WITHDRAWN:
        raise DomainError("Đăng ký đã rút nên không thêm hay sửa gì được nữa.")


def lock_register(book: Book) -> None:
    """The unit whose register is written, with all units whose models it may carry on, in the order of their ids."""
    list(Unit.objects.select_for_update(no_key=True).filter(pk__in=book.units).order_by("pk"))


def lock_import(import_id: UUID, actor: User) -> RegisterImport:
    """An upload for changing, for who may upload that register. Raises NotAllowed."""
    upload = RegisterImport.objects.select_for_update(of=("self",)).select_related("unit", "season", "job").get(pk=import_id)
    if not can_import_register(actor, upload.unit, upload.season):
        raise NotAllowed("Vai trò của đồng chí không nạp sổ cho đơn vị này.")
    return upload
