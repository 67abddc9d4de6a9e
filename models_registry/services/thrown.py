"""Throwing a draft away, taking it back, and giving it up once DRAFT_KEPT has gone by."""

import json
from collections.abc import Iterable
from typing import Any

from django.core import serializers
from django.db import models, transaction
from django.db.models.deletion import Collector
from django.utils import timezone

from common.exceptions import DomainError, NotAllowed
from models_registry.audit_actions import AuditAction
from models_registry.enums import State
from models_registry.models import Registration, ThrownDraft
from models_registry.models.thrown import DRAFT_KEPT
from models_registry.permissions import can_write
from models_registry.services.attachments import delete_paths_later, paths_of
from models_registry.services.catalogue import refresh_counts
from models_registry.services.locks import lock_registration
from models_registry.services.sheets import RoleLost
from organisation.audit import record
from organisation.models import Unit, User


@transaction.atomic
def discard_draft(*, registration_id: int, actor: User) -> ThrownDraft:
    """Put a draft that was never sent into the bin, with its files."""
    registration = lock_registration(registration_id)
    if not can_write(actor, registration):
        raise RoleLost("Vai trò của đồng chí ở đơn vị này đã hết, nên không bỏ được bản nháp này.")
    if registration.state != State.DRAFT:
        raise DomainError("Chỉ xóa được bản nháp chưa gửi lần nào. Đăng ký đã gửi thì rút, có lý do.")
    thrown = ThrownDraft.objects.create(
        pk=registration.pk,
        season=registration.season,
        unit=registration.unit,
        place=registration.place,
        title=registration.title,
        where=registration.place_name or registration.unit_name,
        rows=json.loads(serializers.serialize("json", _all_of(registration))),
        paths=paths_of(registration.attachments.select_for_update()),
        thrown_by=actor,
    )
    record(actor=actor, action=AuditAction.DISCARD_DRAFT, target=registration, unit=registration.unit)
    registration.delete()
    refresh_counts(season_ids=[thrown.season_id], unit_ids=[thrown.unit_id])
    return thrown


def _all_of(registration: Registration) -> list[models.Model]:
    """The registration and every row that goes with it."""
    gathered = Collector(using="default")
    gathered.collect([registration])
    rows = [row for several in gathered.data.values() for row in several]
    rows += [row for several in gathered.fast_deletes for row in several]
    return [registration, *(row for row in rows if row != registration and not row._meta.auto_created)]


@transaction.atomic
def restore_draft(*, draft_id: int, actor: User) -> Registration:
    """Take a draft out of the bin: at its old address, as it was. Raises DomainError when it is gone, or its model has been registered
    in the season since.
    """
    thrown = (
        ThrownDraft.objects.select_for_update(of=("self",)).select_related("season", "unit", "place").filter(pk=draft_id).first()
    )
    if thrown is None:
        raise DomainError("Bản nháp này không còn trong thùng rác: đã lấy lại, hoặc đã quá hạn giữ.")
    if not can_write(actor, Registration(season=thrown.season, unit=thrown.unit, place=thrown.place)):
        raise NotAllowed("Vai trò của đồng chí không lấy lại bản nháp của đơn vị này.")
    Unit.objects.select_for_update(no_key=True).get(pk=thrown.unit_id)
    rows = list(serializers.deserialize("json", json.dumps(thrown.rows), ignorenonexistent=True))
    draft: Any = rows[0].object
    if draft.model_id and Registration.objects.filter(model=draft.model_id, season=thrown.season).exists():
        raise DomainError("Mô hình này đã có đăng ký khác trong năm; xin viết tiếp ở đăng ký ấy.")
    ours = {(type(row.object), row.object.pk) for row in rows}
    for row in rows:
        if _stands(row.object, ours):
            row.save()
    restored = Registration.objects.get(pk=thrown.pk)
    thrown.delete()
    record(actor=actor, action=AuditAction.RESTORE_DRAFT, target=restored, unit=restored.unit)
    refresh_counts(season_ids=[restored.season_id], unit_ids=[restored.unit_id])
    return restored


def _stands(row: models.Model, ours: set[tuple[type[models.Model], Any]]) -> bool:
    """Whether all that a row points to is there; what it may do without is left empty."""
    for field in row._meta.concrete_fields:
        target = field.related_model if field.is_relation else None
        value = getattr(row, field.attname)
        if target is None or value is None or (target, value) in ours or target._base_manager.filter(pk=value).exists():
            continue
        if not field.null:
            return False
        setattr(row, field.attname, None)
    return True


@transaction.atomic
def empty_bin() -> int:
    """Give up what has lain in the bin for DRAFT_KEPT, with its files. Returns how many drafts that were. Idempotent."""
    old = ThrownDraft.objects.filter(thrown_at__lt=timezone.now() - DRAFT_KEPT).select_related("unit")
    gone = list(old.select_for_update(of=("self",), skip_locked=True))
    for thrown in gone:
        record(actor=None, action=AuditAction.EMPTY_BIN, target=thrown, unit=thrown.unit)
    delete_paths_later(_flat(one.paths for one in gone))
    ThrownDraft.objects.filter(pk__in=[one.pk for one in gone]).delete()
    return len(gone)


def _flat(several: Iterable[list[str]]) -> list[str]:
    return [path for paths in several for path in paths]
