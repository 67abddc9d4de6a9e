"""Undoing a whole upload, as long as nothing was built on it."""

from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from common.dates import read_day
from common.exceptions import DomainError, NotAllowed
from common.text import quoted
from models_registry.audit_actions import AuditAction
from models_registry.enums import DECIDED, ImportState
from models_registry.models import (
    Continuity,
    ContinuityProposal,
    EmulationModel,
    ModelJoin,
    RegisterImport,
    Registration,
    RegistrationSheet,
    RegistrationStep,
    Repeat,
)
from models_registry.permissions import can_import_register
from models_registry.selectors.continuity import Book
from models_registry.services.catalogue import latest_again, refresh_counts
from models_registry.services.continuity import undo_link
from models_registry.services.lines import DERIVED, derive
from models_registry.services.locks import lock_register
from models_registry.services.texts import TEXTS
from organisation.audit import record
from organisation.models import User
from organisation.selectors.units import versions_on

PUT_BACK = (
    "title",
    "subject",
    "place",
    "place_name",
    "hamlet",
    "field",
    "kind",
    "subject_kind",
    "content",
    "note",
    "registered_on",
    "imported_from",
    "identity_key",
)


@transaction.atomic
def undo_import(*, import_id: UUID, actor: User) -> tuple[int, int]:
    """Take back all that an upload stored: (registrations taken away, registrations put back as they were).

    Raises DomainError with what was built on it since.
    """
    found = RegisterImport.objects.select_related("unit", "season").get(pk=import_id)
    lock_register(Book(found.season, found.unit))
    upload = RegisterImport.objects.select_for_update(of=("self",)).select_related("unit", "season").get(pk=import_id)
    if not can_import_register(actor, upload.unit, upload.season):
        raise NotAllowed("Vai trò của đồng chí không nạp sổ cho đơn vị này.")
    if upload.state != ImportState.STORED:
        raise DomainError("Lần nạp này chưa nạp gì, hoặc đã hủy rồi.")
    if built := what_stands_on(upload):
        raise DomainError(f"Không hủy được: {built}.")
    for registration_id in _joined_with(upload).values_list("registration", flat=True):
        undo_link(registration_id=registration_id, actor=actor)
    models = list(EmulationModel.objects.filter(registrations__imported_by=upload).values_list("pk", flat=True).distinct())
    _, gone = Registration.objects.filter(imported_by=upload).delete()
    taken = gone.get(Registration._meta.label, 0)
    back = _put_back(upload)
    EmulationModel.objects.filter(pk__in=models, registrations__isnull=True, measures__isnull=True).delete()
    kept = list(EmulationModel.objects.filter(pk__in=models).values_list("pk", flat=True))
    latest_again(kept)
    rows = list(Registration.objects.filter(model__in=kept).select_related("model"))
    _named_again(rows)
    refresh_counts(
        season_ids={upload.season_id, *(row.season_id for row in rows)},
        unit_ids={upload.unit_id, *(row.unit_id for row in rows)},
    )
    upload.state, upload.undone_at = ImportState.UNDONE, timezone.now()
    upload.save(update_fields=["state", "undone_at"])
    record(
        actor=actor, action=AuditAction.UNDO_IMPORT, target=upload, unit=upload.unit, changes={"taken": taken, "put_back": back}
    )
    return taken, back


def _joined_with(upload: RegisterImport) -> QuerySet[ModelJoin]:
    """What the answers given before an upload was stored made one: it goes back with the upload."""
    return ModelJoin.objects.filter(registration__imported_by=upload, made_at__lte=upload.stored_at, undone_at=None)


def _named_again(rows: list[Registration]) -> None:
    """Models that carried another name while the upload stood have the one of their latest registration."""
    changed = []
    for row in rows:
        if row.is_latest and row.model and (row.model.identity_key, row.model.unit_id) != (row.identity_key, row.unit_id):
            row.model.title, row.model.identity_key, row.model.unit_id = row.title, row.identity_key, row.unit_id
            changed.append(row.model)
    EmulationModel.objects.bulk_update(changed, ["title", "identity_key", "unit"], batch_size=500)


def what_stands_on(upload: RegisterImport) -> str:
    """What was built on an upload since, in words; empty when nothing was."""

    models = EmulationModel.objects.filter(registrations__imported_by=upload)
    begun = models.exclude(registrations__season__year__lt=upload.season.year)
    told = Q()
    for text in TEXTS:
        told |= ~Q(**{text: ""})
    changed = [int(pk) for pk in upload.undo]
    later = RegisterImport.objects.filter(season=upload.season, unit=upload.unit, state=ImportState.STORED)
    found = [
        (later.filter(stored_at__gt=upload.stored_at), "có lần nạp sổ sau đó; xin hủy lần sau trước"),
        (begun.filter(measures__isnull=False), "đã ghi kết quả đo được cho mô hình của lần nạp này"),
        (
            Continuity.objects.filter(registration__imported_by=upload, is_by_hand=True)
            .exclude(decided_at__lte=upload.stored_at)
            .exclude(decided_at=None, registration__imported_from__in=upload.answers or ()),
            "đã có người quyết định đăng ký của lần nạp này nối với mô hình nào",
        ),
        (
            Repeat.objects.filter(Q(registration__imported_by=upload) | Q(earlier__imported_by=upload), state__in=DECIDED),
            "đã có người trả lời đăng ký của lần nạp này có phải gửi hai lần",
        ),
        (
            ModelJoin.objects.filter(Q(kept__in=models.values("pk")) | Q(joined__in=models.values("pk")), undone_at=None).exclude(
                pk__in=_joined_with(upload).values("pk")
            ),
            "đã nhập mô hình của lần nạp này với mô hình khác",
        ),
        (begun.filter(told), "đã viết trang giới thiệu cho mô hình của lần nạp này"),
        (
            Registration.objects.filter(model__in=begun.values("pk")).exclude(imported_by=upload),
            "có đăng ký khác đã duy trì mô hình của lần nạp này",
        ),
        (Registration.objects.filter(Q(imported_by=upload) | Q(pk__in=changed), withdrawn_on__isnull=False), "có đăng ký đã rút"),
        (
            RegistrationStep.objects.filter(registration__in=changed, at__gte=upload.stored_at),
            "có đăng ký đã được xử lý tiếp trên cổng",
        ),
    ]
    filled = [int(pk) for pk, old in upload.undo.items() if "sheet" in old]
    found.append((RegistrationSheet.objects.filter(pk__in=filled, version__gt=0), "có phiếu đã được viết tiếp trên cổng"))
    for relation in Registration._meta.related_objects:
        if relation.related_model in (Continuity, ContinuityProposal, ModelJoin, Repeat):
            continue
        rows = relation.related_model._default_manager.filter(**{f"{relation.field.name}__imported_by": upload})
        if relation.related_model is RegistrationSheet:
            rows = rows.filter(version__gt=0)  # the others came with the upload, and go with it
        found.append((rows, f"đã có {relation.related_model._meta.verbose_name} cho đăng ký của lần nạp này"))
    return next((words for rows, words in found if rows.exists()), "")


def _put_back(upload: RegisterImport) -> int:
    rows = list(Registration.objects.filter(pk__in=[int(pk) for pk in upload.undo]).select_related("model", "unit"))
    _put_sheets_back(upload)
    for row in rows:
        for name, old in upload.undo[str(row.pk)].items():
            if name == "sheet":
                continue
            setattr(row, name, read_day(old) if name == "registered_on" and old else old)
    names = {day: versions_on([upload.unit_id], day) for day in {row.registered_on for row in rows} if day}
    for row in rows:
        row.unit_name = names[row.registered_on][row.unit_id].name if row.registered_on else row.unit_name
        derive(row)
    _check_no_twin(upload, rows)
    Registration.objects.bulk_update(rows, [*PUT_BACK, *DERIVED, "unit_name"], batch_size=500)
    models = [row.model for row in rows if row.is_latest and row.model]
    for row in rows:
        if row.is_latest and row.model:
            row.model.title, row.model.identity_key = row.title, row.identity_key
    EmulationModel.objects.bulk_update(models, ["title", "identity_key"], batch_size=500)
    return len(rows)


def _put_sheets_back(upload: RegisterImport) -> None:
    """Restore the sheets that the upload overwrote; delete those that it made."""
    before = {int(pk): old["sheet"] for pk, old in upload.undo.items() if "sheet" in old}
    RegistrationSheet.objects.filter(pk__in=[pk for pk, answers in before.items() if answers is None]).delete()
    sheets = list(RegistrationSheet.objects.filter(pk__in=before))
    for sheet in sheets:
        sheet.answers = sheet.accepted = before[sheet.pk]
    RegistrationSheet.objects.bulk_update(sheets, ["answers", "accepted"], batch_size=500)


def _check_no_twin(upload: RegisterImport, rows: list[Registration]) -> None:
    there = Registration.objects.in_register().filter(season=upload.season, unit=upload.unit)
    there = there.filter(identity_key__in=[row.identity_key for row in rows])
    known = set(there.exclude(pk__in=[row.pk for row in rows]).exclude(imported_by=upload).values_list("identity_key", flat=True))
    if twin := next((row for row in rows if row.identity_key in known), None):
        raise DomainError(f"Không hủy được: trong sổ đã có đăng ký khác trùng với {quoted(twin.title)} trước khi đổi.")
