"""Undoing a whole upload, as long as nothing was built on it."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from common.dates import read_day
from common.exceptions import DomainError, NotAllowed
from models_registry.enums import ImportState
from models_registry.models import EmulationModel, RegisterImport, Registration, RegistrationStep
from models_registry.permissions import can_import_register
from models_registry.services.catalogue import refresh_counts, take_latest
from models_registry.services.sheets import complete_line
from models_registry.services.texts import TEXTS
from organisation.audit import record
from organisation.models import Unit
from organisation.selectors import unit_on


@transaction.atomic
def undo_import(*, import_id: UUID, actor: Any) -> tuple[int, int]:
    """Take back all that an upload stored: (registrations taken away, registrations put back as they were).

    Raises DomainError with what was built on it since.
    """
    unit_id = RegisterImport.objects.values_list("unit_id", flat=True).get(pk=import_id)
    Unit.objects.select_for_update(no_key=True).get(pk=unit_id)
    upload = RegisterImport.objects.select_for_update(of=("self",)).select_related("unit", "season").get(pk=import_id)
    if not can_import_register(actor, upload.unit, upload.season):
        raise NotAllowed("Vai trò của đồng chí không nạp sổ cho đơn vị này.")
    if upload.state != ImportState.STORED:
        raise DomainError("Lần nạp này chưa nạp gì, hoặc đã hủy rồi.")
    if built := what_stands_on(upload):
        raise DomainError(f"Không hủy được: {built}.")
    models = list(EmulationModel.objects.filter(registrations__imported_by=upload).values_list("pk", flat=True).distinct())
    taken, _ = Registration.objects.filter(imported_by=upload).delete()
    back = _put_back(upload)
    EmulationModel.objects.filter(pk__in=models, registrations__isnull=True, measures__isnull=True).delete()
    kept = list(EmulationModel.objects.filter(pk__in=models).values_list("pk", flat=True))
    _latest_again(kept)
    seasons = set(Registration.objects.filter(model__in=kept).values_list("season_id", flat=True))
    refresh_counts(season_ids=seasons | {upload.season_id}, unit_ids=[upload.unit_id])
    upload.state, upload.undone_at = ImportState.UNDONE, timezone.now()
    upload.save(update_fields=["state", "undone_at"])
    record(actor=actor, action="undo-import", target=upload, unit=upload.unit, changes={"taken": taken, "put_back": back})
    return taken, back


def what_stands_on(upload: RegisterImport) -> str:
    """What was built on an upload since, in words; empty when nothing was."""
    mine = Registration.objects.filter(imported_by=upload)
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
        (begun.filter(told), "đã viết trang giới thiệu cho mô hình của lần nạp này"),
        (
            Registration.objects.filter(model__in=begun.values("pk")).exclude(imported_by=upload),
            "có đăng ký khác đã duy trì mô hình của lần nạp này",
        ),
        (mine.filter(withdrawn_on__isnull=False), "có đăng ký đã rút"),
        (
            RegistrationStep.objects.filter(registration__in=changed, at__gte=upload.stored_at),
            "có đăng ký đã được xử lý tiếp trên cổng",
        ),
    ]
    for relation in Registration._meta.related_objects:
        rows = relation.related_model._default_manager.filter(**{f"{relation.field.name}__imported_by": upload})
        found.append((rows, f"đã có {relation.related_model._meta.verbose_name} cho đăng ký của lần nạp này"))
    return next((words for rows, words in found if rows.exists()), "")


def _put_back(upload: RegisterImport) -> int:
    rows = Registration.objects.filter(pk__in=[int(pk) for pk in upload.undo]).select_related("model", "place")
    for row in rows:
        for name, old in upload.undo[str(row.pk)].items():
            setattr(row, name, read_day(old) if name == "registered_on" and old else old)
        row.place = Unit.objects.filter(pk__in=[row.place_id]).first()
        row.place_name = _place_name(row)
        complete_line(row, row.place.key if row.place else "")
        twin = Registration.objects.in_register().filter(season=row.season_id, unit=row.unit_id, identity_key=row.identity_key)
        if twin.exclude(pk=row.pk).exclude(imported_by=upload).exists():
            raise DomainError(f"Không hủy được: trong sổ đã có đăng ký khác trùng với “{row.title}” trước khi đổi.")
        row.save()
        if row.is_latest and row.model:
            row.model.title, row.model.identity_key = row.title, row.identity_key
            row.model.save(update_fields=["title", "identity_key"])
    return len(rows)


def _place_name(row: Registration) -> str:
    version = unit_on(row.place, row.registered_on) if row.place and row.registered_on else None
    return (version.place or version.name) if version else ""


def _latest_again(model_ids: list[int]) -> None:
    """Models that lost their latest registration show the one before it."""
    take_latest(model_ids)
    for model_id in model_ids:
        rows = Registration.objects.in_register().filter(model=model_id)
        if not rows.filter(is_latest=True).exists():
            newest = rows.order_by("-season__year")[:1].values_list("pk", flat=True)
            Registration.objects.filter(pk__in=list(newest)).update(is_latest=True)
