"""Many files sent together: each is looked at in the background, becomes an import once its unit is known, and is stored alone.

Whoever changes a send locks its row first, then its files, then their imports.
"""

import tempfile
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from common import jobs
from common.antivirus import scan
from common.exceptions import DomainError, FileRefused, NotAllowed
from common.sizes import FILE_LIMIT
from models_registry import selectors
from models_registry.audit_actions import AuditAction
from models_registry.enums import BatchFileState, ImportState
from models_registry.models import BatchFile, RegisterImport, Season, UploadBatch
from models_registry.permissions import can_handle_send
from models_registry.registers import unzipping
from models_registry.registers.glance import glance
from models_registry.registers.refusing import RegisterUnreadable
from models_registry.selectors.batches import MERGE, NONE, ONLY, is_alive, is_storable, right_rows, twins_of
from models_registry.selectors.whose import Whose, unit_names, whose_register
from models_registry.services.folders import Sent, unpacked
from models_registry.services.seasons import check_time
from models_registry.services.undo import undo_import
from models_registry.services.uploads import cancel_import, discard_import, keep_upload, store_import
from organisation.audit import record
from organisation.models import Unit, User
from organisation.permissions import units_where
from organisation.roles import May

HAND = "hand"
_NOT_YOURS = "Không phải sổ của đơn vị mà đồng chí được nạp. Nếu đúng là sổ của đơn vị đồng chí thì chọn ở đây."

_OF_ANOTHER = "Lần gửi này của đồng chí khác, có quyền ở đơn vị mà đồng chí không có."
_UNNAMED = "Không thấy tên đơn vị của đồng chí ở tiêu đề và tên tệp."


def send_files(
    *, files: Iterable["UploadedFile[bytes]"], season: Season, actor: User, batch_id: UUID | None = None
) -> UploadBatch:
    """Keep files that were sent together, or after others (`batch_id`), and have each looked at; one that is refused stops no other.

    Raises NotAllowed, DomainError.
    """
    received = [(file, _against(file)) for file in files]  # before any lock: scanning takes its time
    with transaction.atomic():
        if not selectors.importable_units(actor, season):
            raise NotAllowed("Vai trò của đồng chí không nạp sổ cho đơn vị nào của năm này.")
        batch = _locked(batch_id, actor) if batch_id else _begun(season, actor)
        _add(batch, [(file.name or "so", file, file.size or 0, error) for file, error in received])
        record(actor=actor, action=AuditAction.SEND_REGISTERS, target=batch, changes={"files": len(received)})
    return batch


def _begun(season: Season, actor: User) -> UploadBatch:
    batch = UploadBatch.objects.create(season=season, sent_by=actor)
    batch.sent_from.set(units_where(actor, May.IMPORT_REGISTER))
    return batch


def _against(file: "UploadedFile[bytes]") -> str:
    name, size = file.name or "", file.size or 0
    if size > FILE_LIMIT or not size:
        return unzipping.BIG if size else unzipping.EMPTY
    if unzipping.is_of_system(name):
        return unzipping.OF_SYSTEM
    try:
        scan(file)
    except FileRefused as refused:
        return str(refused)
    return ""


def _add(batch: UploadBatch, files: list[tuple[str, "File[bytes]", int, str]]) -> None:
    kept = batch.files.exclude(state__in=[BatchFileState.REFUSED, BatchFileState.OPENED]).count()
    last = batch.files.order_by("-position").values_list("position", flat=True).first() or 0
    for position, (name, content, size, refused) in enumerate(files, last + 1):
        one = BatchFile(batch=batch, position=position, name=name[-255:], size=size)
        error = refused or (unzipping.TOO_MANY if kept >= unzipping.MOST_FILES else "")
        if error:
            one.state, one.error = BatchFileState.REFUSED, error
        else:
            kept += 1
            one.file.save(f"{one.pk}{Path(name).suffix.lower()[:6]}", content, save=False)
            one.job = jobs.enqueue("look_at_file", asked_by=batch.sent_by, file_id=str(one.pk))
        one.save()


def _locked(batch_id: UUID, actor: User) -> UploadBatch:
    batch = UploadBatch.objects.select_for_update(of=("self",)).select_related("season", "sent_by").get(pk=batch_id)
    if not can_handle_send(actor, batch):
        raise NotAllowed(_OF_ANOTHER)
    if batch.discarded_at:
        raise DomainError("Lần gửi này đã bỏ. Xin gửi lại tệp.")
    return batch


def look_at_file(*, file_id: UUID) -> None:
    """Open a zip into its files; of a register see whose it is, and have it read where that is sure. Idempotent."""
    one = BatchFile.objects.select_related("batch__season", "batch__sent_by").get(pk=file_id)
    if one.state != BatchFileState.LOOKING:
        return
    path, season = Path(one.file.path), one.batch.season
    try:
        if path.suffix == ".zip" and _open_archive(one, path):
            return
        found = whose_register(glance(path, selectors.field_book()), one.name, unit_names(season))
    except RegisterUnreadable as error:
        BatchFile.objects.filter(pk=one.pk, state=BatchFileState.LOOKING).update(state=BatchFileState.REFUSED, error=str(error))
        return
    _settle(one, found)


def _open_archive(archive: BatchFile, path: Path) -> bool:
    """Put a zip's files beside it. False where it is an Office file under another name."""
    with tempfile.TemporaryDirectory() as folder:
        inside = list(unpacked(path, Path(folder)))
        if not inside:
            return False
        with transaction.atomic():
            batch = UploadBatch.objects.select_for_update(of=("self",)).select_related("sent_by").get(pk=archive.batch_id)
            waiting = BatchFile.objects.filter(pk=archive.pk, state=BatchFileState.LOOKING)
            if waiting.update(state=BatchFileState.OPENED):
                _add(batch, [_content(sent) for sent in inside])
    return True


def _content(sent: Sent) -> tuple[str, "File[bytes]", int, str]:
    data = sent.path.read_bytes() if sent.path else b""
    return sent.name, ContentFile(data), len(data), sent.error


def _settle(looked_at: BatchFile, found: Whose) -> None:
    """Have a file whose unit is sure read as that unit's; else ask."""
    with transaction.atomic():
        batch = UploadBatch.objects.select_for_update(of=("self",)).select_related("season", "sent_by").get(pk=looked_at.batch_id)
        one = batch.files.get(pk=looked_at.pk)
        if one.state != BatchFileState.LOOKING:
            return
        allowed = {version.unit_id for version in selectors.importable_units(batch.sent_by, batch.season)}
        named = [version for version in (found.unit, *found.nearest) if version]
        one.found = {
            "unit": found.unit.unit.key if found.unit and found.unit.unit_id in allowed else "",
            "percent": found.percent,
            "seen": found.seen if all(version.unit_id in allowed for version in named) else f"{found.said}.",
            "choices": [[version.unit.key, why] for version, why in found.choices if version.unit_id in allowed],
            "nearest": [version.unit.key for version in found.nearest if version.unit_id in allowed],
        }
        if found.is_sure and found.unit and found.unit.unit_id in allowed and not found.by_heir:
            _begin(one, batch, found.unit.unit, found.how, batch.sent_by)
            return
        one.state, one.doubt = BatchFileState.ASKS, "heir" if found.by_heir else found.doubt
        if named and not any(version.unit_id in allowed for version in named):
            one.doubt = "not-yours" if found.said else "unknown"
            one.found["seen"] = f"{found.said}. {_NOT_YOURS}" if found.said else _UNNAMED
            one.found["percent"] = 0
        one.save(update_fields=["state", "doubt", "found"])


def _begin(one: BatchFile, batch: UploadBatch, unit: Unit, how: str, actor: User) -> None:
    """Make a file an import of a unit; refused with the reason where that unit takes none now."""
    try:
        one.imported = keep_upload(one.file, batch.season, unit, actor, one.name)
    except DomainError as error:
        one.state, one.error = BatchFileState.REFUSED, str(error)
    else:
        one.state, one.unit, one.how = BatchFileState.IMPORTED, unit, how
    one.save()


@transaction.atomic
def answer_batch(*, batch_id: UUID, answers: dict[str, str], actor: User) -> tuple[int, list[str]]:
    """Do what was answered of files: {file: a unit's key, NONE to leave it out, MERGE, or ONLY that of the unit's files}.

    (how many were done, why others were not)
    """
    batch = _locked(batch_id, actor)
    units = {version.unit.key: version.unit for version in selectors.importable_units(actor, batch.season)}
    files = {str(one.pk): one for one in batch.files.select_related("imported", "unit")}
    done, refused = 0, []
    for pk, answer in answers.items():
        one = files.get(pk)
        if one is None or not answer:
            continue
        try:
            done += _answer(one, batch, answer, units, actor)
        except DomainError as error:
            refused.append(f"{one.name}: {error}")
    return done, refused


def _answer(one: BatchFile, batch: UploadBatch, answer: str, units: dict[str, Unit], actor: User) -> bool:
    one.refresh_from_db()
    if answer == NONE:
        return _drop(one, actor)
    if answer == MERGE:
        return one.state == BatchFileState.IMPORTED and _merge(one)
    if answer == ONLY:
        for other in twins_of(one).exclude(pk=one.pk).select_related("imported"):
            _drop(other, actor)
        return True
    if answer not in units:
        raise NotAllowed("Vai trò của đồng chí không nạp sổ cho đơn vị này.")
    if one.state == BatchFileState.ASKS:
        _begin(one, batch, units[answer], HAND, actor)
        if one.state == BatchFileState.REFUSED:
            raise DomainError(one.error)
        return True
    return one.state == BatchFileState.IMPORTED and _readdress(one, units[answer], actor)


def _merge(one: BatchFile) -> bool:
    """Have the files of a unit stored one after the other. Raises DomainError where that would wait for one that cannot be."""
    twins = twins_of(one)
    waiting = [twin for twin in twins.select_related("imported") if twin.imported and is_alive(twin.imported.state)]
    if unready := [twin.name for twin in waiting if twin.imported and not right_rows(twin.imported)]:
        raise DomainError(f"chưa gộp được: “{unready[0]}” chưa có dòng nào đọc đúng.")
    return bool(twins.update(goes_with=True))


def _readdress(one: BatchFile, unit: Unit, actor: User) -> bool:
    """Have a file read again as another unit's."""
    if one.unit_id == unit.pk or one.imported_id is None:
        return False
    upload = RegisterImport.objects.select_for_update(of=("self",)).select_related("unit", "season").get(pk=one.imported_id)
    if upload.state not in (ImportState.READ, ImportState.REFUSED):
        raise DomainError("Sổ này đang được đọc, đang nạp hoặc đã nạp, không đổi đơn vị được nữa.")
    check_time(upload.season, unit)
    before, upload.unit, upload.state, upload.error = upload.unit.key, unit, ImportState.READING, ""
    upload.mends, upload.takes, upload.answers, upload.report = {}, [], None, {}
    upload.job = jobs.enqueue("read_register", asked_by=actor, import_id=str(upload.pk))
    upload.save()
    one.unit, one.how, one.goes_with = unit, HAND, False
    one.save(update_fields=["unit", "how", "goes_with"])
    record(actor=actor, action=AuditAction.READDRESS_IMPORT, target=upload, unit=unit, changes={"unit": [before, unit.key]})
    return True


def _drop(one: BatchFile, actor: User) -> bool:
    """Leave a file out. False where it was stored."""
    if one.imported_id:
        upload = RegisterImport.objects.get(pk=one.imported_id)
        if upload.state == ImportState.STORING:
            cancel_import(import_id=upload.pk, actor=actor)
        if upload.state in (ImportState.STORED, ImportState.UNDONE):
            return False
        discard_import(import_id=upload.pk, actor=actor)
    elif one.file.name:
        transaction.on_commit(partial(one.file.storage.delete, one.file.name))
        one.file = ""
    if one.job_id:
        jobs.cancel(one.job_id)
    one.state = BatchFileState.DROPPED
    one.save(update_fields=["state", "file"])
    return True


@transaction.atomic
def discard_batch(*, batch_id: UUID, actor: User) -> int:
    """Throw a send away, and stop what goes on in it; what was stored stays. Returns how many files that were."""
    batch = _locked(batch_id, actor)
    files = list(batch.files.select_related("imported").exclude(state__in=[BatchFileState.DROPPED, BatchFileState.OPENED]))
    stays = [one for one in files if not _drop(one, actor)]
    if not stays:
        batch.discarded_at = timezone.now()
        batch.save(update_fields=["discarded_at"])
    record(actor=actor, action=AuditAction.DISCARD_REGISTERS, target=batch, changes={"files": len(files) - len(stays)})
    return len(files) - len(stays)


@transaction.atomic
def store_batch(*, batch_id: UUID, actor: User) -> tuple[int, list[str]]:
    """Have the right rows of all files whose unit is settled stored, each file by itself, those of one unit in their order.

    (how many files, why others were not). A second tap finds them on their way and does nothing.
    """
    batch = _locked(batch_id, actor)
    listed = batch.files.filter(state=BatchFileState.IMPORTED).select_related("unit")
    files = [(one, one.imported_id, one.unit) for one in listed if one.imported_id and one.unit]
    locked = (
        RegisterImport.objects.select_for_update(of=("self",)).filter(batch_file__in=[one for one, *_ in files]).order_by("pk")
    )
    uploads = {upload.pk: upload for upload in locked.select_related("job")}
    by_unit: dict[int, list[RegisterImport]] = {}
    left: list[str] = []
    blockers: dict[int, str] = {}
    for one, import_id, unit in files:
        if not is_storable(one, uploads[import_id], listed, uploads):
            continue
        if unit.pk not in blockers:
            blockers[unit.pk] = _blocker(batch.season, unit)
        if blockers[unit.pk]:
            left.append(f"{one.name}: {blockers[unit.pk]}")
        else:
            by_unit.setdefault(unit.pk, []).append(uploads[import_id])
    for of_unit in by_unit.values():
        job = jobs.enqueue("store_registers", asked_by=actor, import_ids=[str(upload.pk) for upload in of_unit])
        for upload in of_unit:
            upload.state, upload.accept_valid, upload.error, upload.job = ImportState.STORING, True, "", job
            upload.save(update_fields=["state", "accept_valid", "error", "job"])
    number = sum(map(len, by_unit.values()))
    if number:
        record(actor=actor, action=AuditAction.STORE_REGISTERS, target=batch, changes={"files": number})
    return number, left


def _blocker(season: Season, unit: Unit) -> str:
    try:
        check_time(season, unit)
    except DomainError as error:
        return str(error)
    return ""


def store_imports(*, import_ids: Iterable[UUID], tell: Any) -> None:
    """Store uploads one after the other; one that fails says why and the others go on. Idempotent."""
    failed: Exception | None = None
    for import_id in import_ids:
        try:
            store_import(import_id=import_id, tell=tell)
        except DomainError as error:
            storing = RegisterImport.objects.filter(pk=import_id, state=ImportState.STORING)
            storing.update(state=ImportState.READ, error=str(error))
        except jobs.Cancelled:
            raise
        except Exception as error:  # noqa: BLE001  the job ends as failed, after the others had their turn
            failed = error
    if failed:
        raise failed


def undo_batch(*, batch_id: UUID, actor: User) -> tuple[int, list[str]]:
    """Undo each upload of a send that can be, the last one stored first. (how many, why others were not)"""
    if not can_handle_send(actor, UploadBatch.objects.get(pk=batch_id)):
        raise NotAllowed(_OF_ANOTHER)
    stored = BatchFile.objects.filter(batch=batch_id, imported__state=ImportState.STORED)
    done, left = 0, []
    for name, import_id in stored.order_by("-imported__stored_at").values_list("name", "imported"):
        try:
            undo_import(import_id=import_id, actor=actor)
        except DomainError as error:
            left.append(f"{name}: {error}")
        else:
            done += 1
    return done, left
