"""How an upload is read, said by hand: kept, read again, remembered for the unit's next register, forgotten."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from common import jobs
from common.exceptions import DomainError, NotAllowed
from models_registry.audit_actions import AuditAction
from models_registry.enums import ImportState
from models_registry.models import RegisterImport, RememberedMapping
from models_registry.permissions import can_import_register
from models_registry.registers.mapping import Mapping, SheetMapping
from models_registry.selectors.mapping import for_another, key_of, to_remember, token_of
from models_registry.selectors.scope import remembered_visible_to
from organisation.audit import record
from organisation.models import Unit, User


class MappingChanged(DomainError):
    """Somebody else said how this file is read since the page was opened."""


@transaction.atomic
def map_import(
    *,
    import_id: UUID,
    mapping: Mapping,
    seen: str,
    remember: tuple[SheetMapping, list[str]] | None = None,
    also: Collection[UUID] = (),
    read_as: SheetMapping | None = None,
    actor: User,
) -> int:
    """Keep how an upload is read and have it read so; the uploads `also`, which have the same heading, as the sheet was (`read_as`).
    `seen`: the `token_of` it on the page; `remember`: how its sheet was read, with the head's words as they stand. Returns how many
    of the others are read so: not those that went on meanwhile. Raises NotAllowed, MappingChanged, DomainError.
    """
    found = RegisterImport.objects.select_for_update(of=("self",)).select_related("unit", "season", "mapped_by")
    locked = {one.pk: one for one in found.filter(pk__in=[import_id, *also]).order_by("pk")}
    upload = locked.pop(import_id)
    if not can_import_register(actor, upload.unit, upload.season):
        raise NotAllowed("Vai trò của đồng chí không nạp sổ cho đơn vị này.")
    if not upload.may_be_mapped:
        raise DomainError("Sổ này đang được xử lý hoặc đã nạp, không đổi cách đọc được nữa.")
    if token_of(upload) != seen:
        who = upload.mapped_by or "Đồng chí khác"
        raise MappingChanged(f"{who} vừa đổi cách đọc sổ này sau khi đồng chí mở trang. Bấm đọc lần nữa để thay bằng bản này.")
    _read_so(upload, mapping, actor)
    if remember:
        _remember(upload.unit, *remember, actor)
    done = 0
    for one in locked.values():
        if read_as and one.may_be_mapped and not one.mapped_by_id and can_import_register(actor, one.unit, one.season):
            _read_so(one, Mapping((for_another(read_as, same_unit=one.unit_id == upload.unit_id),)), actor)
            done += 1
    return done


def _read_so(upload: RegisterImport, mapping: Mapping, actor: User) -> None:
    before, upload.mapping = upload.mapping, mapping.to_json()
    upload.mapped_by, upload.state, upload.error = actor, ImportState.READING, ""
    upload.job = jobs.enqueue("read_register", asked_by=actor, import_id=str(upload.pk))
    upload.save(update_fields=["mapping", "mapped_by", "state", "error", "job"])
    record(
        actor=actor, action=AuditAction.MAP_IMPORT, target=upload, unit=upload.unit, changes={"mapping": [before, upload.mapping]}
    )


def _remember(unit: Unit, read_as: SheetMapping, head: list[str], actor: User) -> None:
    said = to_remember(read_as)
    key = key_of(said.head)
    if not key:
        return
    values = {"mapping": Mapping((said,)).to_json(), "head": head, "made_by": actor}
    kept, _ = RememberedMapping.objects.update_or_create(unit=unit, head_key=key, defaults=values)
    record(actor=actor, action=AuditAction.REMEMBER_MAPPING, target=kept, unit=unit, changes={"mapping": kept.mapping})


@transaction.atomic
def forget_mapping(*, mapping_id: int, actor: User) -> RememberedMapping:
    """Registers with this head are guessed again. What was read with it stays. Raises NotAllowed, DomainError."""
    kept = RememberedMapping.objects.select_for_update(of=("self",)).select_related("unit").filter(pk=mapping_id).first()
    if kept is None:
        raise DomainError("Cách đọc này đã được bỏ trước đó.")
    if not remembered_visible_to(actor).filter(pk=kept.pk).exists():
        raise NotAllowed("Vai trò của đồng chí không nạp sổ cho đơn vị này.")
    record(actor=actor, action=AuditAction.FORGET_MAPPING, target=kept, unit=kept.unit, changes={"mapping": kept.mapping})
    kept.delete()
    return kept


def count_used(unit: Unit, heads: Iterable[tuple[str, ...]]) -> None:
    """Note that a stored register was read as remembered. Inside the caller's transaction."""
    keys = {key_of(head) for head in heads}
    if keys:
        RememberedMapping.objects.filter(unit=unit, head_key__in=keys).update(used=F("used") + 1, used_at=timezone.now())
