"""An upload on its way: kept, read in the background, answered, confirmed, stopped, thrown away."""

from collections.abc import Callable, Collection
from pathlib import Path
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.fields.files import FieldFile
from django.utils import timezone

from common import jobs
from common.antivirus import scan
from common.exceptions import DomainError, NotAllowed
from common.sizes import FILE_LIMIT, FILE_MEGABYTES
from models_registry.audit_actions import AuditAction
from models_registry.enums import ImportState
from models_registry.models import ROWS_KEPT, ImportEdit, ImportRow, RegisterImport, Season
from models_registry.permissions import can_import_register
from models_registry.registers.reading import SET_ASIDE
from models_registry.registers.refusing import HeadingUnclear, RegisterUnreadable
from models_registry.selectors.mapping import key_of, possible_heads, sampled
from models_registry.services.import_rows import keep_refusals
from models_registry.services.imports import ImportOptions, import_register
from models_registry.services.locks import lock_import
from models_registry.services.seasons import check_time
from models_registry.services.storing import ImportReport
from organisation.audit import record
from organisation.models import Unit, User
from organisation.selectors.units import reporting_units

Told = Callable[[int], None]


def upload_register(*, file: "UploadedFile[bytes]", season: Season, unit: Unit, actor: User) -> RegisterImport:
    """Keep an uploaded register and have it read in the background; nothing is stored before it is confirmed."""
    if (file.size or 0) > FILE_LIMIT:
        raise RegisterUnreadable(f"Tệp lớn hơn {FILE_MEGABYTES} MB. Xin chia sổ thành nhiều tệp.")
    scan(file)  # before any lock: it takes its time
    with transaction.atomic():
        return keep_upload(file, season, unit, actor)


def keep_upload(
    file: "UploadedFile[bytes] | FieldFile", season: Season, unit: Unit, actor: User, name: str = ""
) -> RegisterImport:
    """An upload, in the caller's transaction; of a file that is kept already, under the `name` that it was sent by. Raises
    NotAllowed, DomainError.
    """
    if not can_import_register(actor, unit, season):
        raise NotAllowed("Vai trò của đồng chí không nạp sổ cho đơn vị này.")
    check_time(season, unit)
    days = (season.last_day, season.opens_on)
    if not any(reporting_units(day).filter(unit=unit).exists() for day in days):
        raise DomainError("Đơn vị này không lập sổ đăng ký của năm ấy.")
    upload = RegisterImport(season=season, unit=unit, file_name=Path(name or file.name or "so").name[:255], uploaded_by=actor)
    if isinstance(file, FieldFile):
        upload.file.name = file.name
    else:
        upload.file.save(f"{upload.pk}{Path(file.name or '').suffix.lower()[:6]}", file, save=False)
    upload.job = jobs.enqueue("read_register", asked_by=actor, import_id=str(upload.pk))
    upload.save()
    record(actor=actor, action=AuditAction.UPLOAD_REGISTER, target=upload, unit=unit)
    return upload


@transaction.atomic
def confirm_import(*, import_id: UUID, accept_valid: bool, is_of_unit: bool = False, actor: User) -> RegisterImport:
    """Have a register that was read stored in the background. A second tap finds it on its way and changes nothing.

    One whose title names another unit needs the officer's word (`is_of_unit`) that it is of the chosen one.
    """
    upload = lock_import(import_id, actor)
    if upload.state == ImportState.DISCARDED:
        raise DomainError("Sổ này vừa được bỏ, chưa nạp dòng nào. Muốn nạp thì lấy lại tệp.")
    if upload.state != ImportState.READ:
        return upload
    check_time(upload.season, upload.unit)
    if (other := upload.report.get("other_unit")) and not is_of_unit:
        raise DomainError(f"{other.get('words') or 'Đầu sổ ghi ' + other['name']}. Xin chọn sổ này của đơn vị nào trước khi nạp.")
    if upload.report.get("rejected_total") and not accept_valid:
        raise DomainError("Sổ còn dòng sai: sửa tệp rồi gửi lại, hoặc chọn chỉ nạp các dòng đúng.")
    upload.state, upload.accept_valid = ImportState.STORING, accept_valid
    upload.job = jobs.enqueue("store_register", asked_by=actor, import_id=str(upload.pk))
    upload.save(update_fields=["state", "accept_valid", "job"])
    return upload


@transaction.atomic
def readdress_import(*, import_id: UUID, unit_key: str, actor: User) -> RegisterImport:
    """Take a register that was read for another unit, one that its title may mean, and read it again. Raises NotAllowed,
    DomainError.
    """
    upload = RegisterImport.objects.select_for_update(of=("self",)).select_related("unit", "season").get(pk=import_id)
    if upload.state != ImportState.READ or unit_key not in upload.report.get("other_unit", {}).get("units", []):
        raise DomainError("Sổ này đang được xử lý hoặc đã nạp, không đổi đơn vị được nữa.")
    unit = Unit.objects.get(key=unit_key)
    for one in (upload.unit, unit):
        if not can_import_register(actor, one, upload.season):
            raise NotAllowed("Vai trò của đồng chí không nạp sổ cho đơn vị này.")
    before = upload.unit.key
    upload.unit, upload.mends, upload.answers = unit, {}, None
    upload.save(update_fields=["unit", "mends", "answers"])
    upload.edits.all().delete()
    read_again(upload, actor)
    record(actor=actor, action=AuditAction.READDRESS_IMPORT, target=upload, unit=unit, changes={"unit": [before, unit.key]})
    return upload


@transaction.atomic
def take_set_aside(*, import_id: UUID, takes: Collection[str], actor: User) -> RegisterImport:
    """Let rows that the file hides or strikes through count (codes of SET_ASIDE), and read the register again."""
    upload = lock_import(import_id, actor)
    check_open(upload)
    taken = sorted({*upload.takes, *takes} & SET_ASIDE.keys())
    if taken == upload.takes:
        raise DomainError("Chưa chọn loại dòng nào để nhận.")
    upload.takes = taken
    upload.save(update_fields=["takes"])
    read_again(upload, actor)
    record(actor=actor, action=AuditAction.MEND_IMPORT, target=upload, unit=upload.unit, changes={"takes": taken})
    return upload


def read_again(upload: RegisterImport, actor: User) -> None:
    """Have a locked upload read whole once more in the background."""
    upload.state = ImportState.READING
    upload.job = jobs.enqueue("read_register", asked_by=actor, import_id=str(upload.pk))
    upload.save(update_fields=["state", "job"])


def check_open(upload: RegisterImport) -> None:
    """Raise DomainError unless a locked upload waits for its officer."""
    if upload.state != ImportState.READ:
        raise DomainError("Sổ này đang được xử lý, đã nạp hoặc đã bỏ, không sửa được nữa.")


@transaction.atomic
def discard_import(*, import_id: UUID, actor: User) -> None:
    """Throw an upload away of which nothing was stored: its rows go now, its file after ROWS_KEPT. Raises NotAllowed, DomainError."""
    upload = lock_import(import_id, actor)
    if upload.state == ImportState.DISCARDED:
        return
    if upload.state in (ImportState.STORED, ImportState.UNDONE):
        raise DomainError("Sổ này đã nạp nên không bỏ được nữa. Muốn bỏ những gì đã ghi thì hủy lần nạp.")
    if upload.state == ImportState.STORING and upload.is_under_way:
        raise DomainError("Cổng đang nạp sổ này. Dừng trước, rồi bỏ.")
    if upload.job_id:
        jobs.cancel(upload.job_id)
    before, upload.state, upload.discarded_at = upload.state, ImportState.DISCARDED, timezone.now()
    upload.save(update_fields=["state", "discarded_at"])
    upload.rows.all().delete()
    record(
        actor=actor, action=AuditAction.DISCARD_IMPORT, target=upload, unit=upload.unit, changes={"state": [before, upload.state]}
    )


@transaction.atomic
def restore_import(*, import_id: UUID, actor: User) -> None:
    """Take a thrown away upload back while its file is there, and read it again. Raises NotAllowed, DomainError."""
    upload = lock_import(import_id, actor)
    if upload.state != ImportState.DISCARDED:
        return
    if not upload.file:
        raise DomainError("Tệp đã xóa khỏi cổng. Xin gửi lại tệp.")
    upload.discarded_at, upload.error = None, ""
    upload.save(update_fields=["discarded_at", "error"])
    read_again(upload, actor)
    record(actor=actor, action=AuditAction.RESTORE_IMPORT, target=upload, unit=upload.unit)


@transaction.atomic
def forget_rows() -> int:
    """Give up the rows of uploads that ended ROWS_KEPT ago, what was mended of them, and the files of those thrown away. Returns
    how many uploads that were.
    """
    ended = timezone.now() - ROWS_KEPT
    old = Q(stored_at__lt=ended) | Q(undone_at__lt=ended) | Q(state=ImportState.DISCARDED, discarded_at__lt=ended)
    old |= Q(state=ImportState.REFUSED, created_at__lt=ended)
    found = RegisterImport.objects.filter(old).exclude(state__in=[ImportState.READ, ImportState.READING, ImportState.STORING])
    found = found.filter(Exists(ImportRow.objects.filter(upload=OuterRef("pk"))) | (Q(state=ImportState.DISCARDED) & ~Q(file="")))
    uploads = list(found.select_for_update(of=("self",)))
    ImportRow.objects.filter(upload__in=uploads).delete()
    ImportEdit.objects.filter(upload__in=uploads).delete()
    for upload in uploads:
        upload.mends = {}
        if upload.state == ImportState.DISCARDED:
            upload.file.delete(save=False)
        upload.save(update_fields=["mends", "file"])
    return len(uploads)


@transaction.atomic
def cancel_import(*, import_id: UUID, actor: User) -> bool:
    """Stop reading or storing: nothing of it stays. False when it had ended before."""
    upload = lock_import(import_id, actor)
    if upload.job_id is None or not upload.is_under_way or not jobs.cancel(upload.job_id):
        return False
    was_read = bool(upload.report)  # storing, or reading again after mending: what was understood before still holds
    upload.state = ImportState.READ if was_read else ImportState.REFUSED
    upload.error = "" if was_read else "Đã dừng theo yêu cầu, chưa nạp gì."
    upload.save(update_fields=["state", "error"])
    record(actor=actor, action=AuditAction.CANCEL_IMPORT, target=upload, unit=upload.unit)
    return True


def read_import(*, import_id: UUID, tell: Told) -> None:
    """Read an uploaded register for its preview."""
    upload = RegisterImport.objects.select_related("season", "unit", "uploaded_by").get(pk=import_id)
    if upload.state != ImportState.READING:
        return
    # only what this reading was asked for: stopped and mapped otherwise meanwhile, another reading tells what came of it
    asked = RegisterImport.objects.filter(pk=import_id, state=ImportState.READING, job=upload.job_id)
    try:
        report = _run(upload, tell, dry_run=True)
    except RegisterUnreadable as error:
        may_be_mapped = isinstance(error, HeadingUnclear)
        heads = possible_heads(sampled(upload, None)) if may_be_mapped else []
        asked.update(state=ImportState.REFUSED, error=str(error), report={}, mappable=may_be_mapped, head_keys=heads)
        return
    heads = [key for said in report.mapping.get("sheets", []) if (key := key_of(tuple(said.get("head", []))))]
    asked.update(state=ImportState.READ, report=report.for_page(), head_keys=heads, answers=upload.answers)


def store_import(*, import_id: UUID, tell: Told) -> None:
    """Store an uploaded register that was confirmed. Idempotent."""
    upload = RegisterImport.objects.select_related("season", "unit", "uploaded_by").get(pk=import_id)
    if upload.state != ImportState.STORING:
        return
    report = _run(upload, tell, dry_run=False)
    if report.saved:
        keep_refusals(upload, report.rejected)
        return
    # rows that were right when it was read are refused now: show it again instead of storing a part
    storing = RegisterImport.objects.filter(pk=import_id, state=ImportState.STORING)
    if storing.update(state=ImportState.READING):
        read_import(import_id=import_id, tell=tell)


def _run(upload: RegisterImport, tell: Told, *, dry_run: bool) -> ImportReport:
    return import_register(
        path=Path(upload.file.path),
        season=upload.season,
        unit=upload.unit,
        actor=upload.uploaded_by,
        upload=upload,
        tell=tell,
        options=ImportOptions(
            file_name=upload.file_name,
            accept_valid=upload.accept_valid,
            takes=upload.takes,
            dry_run=dry_run,
            is_of_unit=True,  # confirm_import asked
        ),
    )
