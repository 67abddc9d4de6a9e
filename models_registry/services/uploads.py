"""An upload on its way: kept, read in the background, mended, answered, confirmed, stopped."""

from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from common import jobs
from common.antivirus import scan
from common.exceptions import DomainError, NotAllowed
from common.files import FILE_LIMIT
from common.text import clean
from models_registry.enums import ImportState
from models_registry.models import RegisterImport, Season
from models_registry.permissions import can_import_register
from models_registry.registers.reading import SET_ASIDE, Mends, index_of
from models_registry.registers.refusing import HeadingUnclear, RegisterUnreadable
from models_registry.services.imports import import_register
from models_registry.services.seasons import check_time
from models_registry.services.storing import ImportReport
from organisation.audit import record
from organisation.models import Unit
from organisation.selectors import reporting_units

Told = Callable[[int], None]
MEND_LIMIT = 2000  # letters typed over one cell


def upload_register(*, file: UploadedFile, season: Season, unit: Unit, actor: Any) -> RegisterImport:
    """Keep an uploaded register and have it read in the background; nothing is stored before it is confirmed."""
    if (file.size or 0) > FILE_LIMIT:
        raise RegisterUnreadable("Tệp lớn hơn 20 MB. Xin chia sổ thành nhiều tệp.")
    scan(file)  # before any lock: it takes its time
    with transaction.atomic():
        return _keep_upload(file, season, unit, actor)


def _keep_upload(file: UploadedFile, season: Season, unit: Unit, actor: Any) -> RegisterImport:
    if not can_import_register(actor, unit, season):
        raise NotAllowed("Vai trò của đồng chí không nạp sổ cho đơn vị này.")
    check_time(season, unit)
    days = (season.last_day, season.opens_on)
    if not any(reporting_units(day).filter(unit=unit).exists() for day in days):
        raise DomainError("Đơn vị này không lập sổ đăng ký của năm ấy.")
    upload = RegisterImport(season=season, unit=unit, file_name=Path(file.name or "so").name[:255], uploaded_by=actor)
    upload.file.save(f"{upload.pk}{Path(file.name or '').suffix.lower()[:6]}", file, save=False)
    upload.job = jobs.ask("read_register", asked_by=actor, import_id=str(upload.pk))
    upload.save()
    record(actor=actor, action="upload-register", target=upload, unit=unit)
    return upload


@transaction.atomic
def confirm_import(*, import_id: UUID, accept_valid: bool, is_of_unit: bool = False, actor: Any) -> RegisterImport:
    """Have a register that was read stored in the background. A second tap finds it on its way and changes nothing.

    One whose title names another unit needs the officer's word (`is_of_unit`) that it is of the chosen one.
    """
    upload = RegisterImport.objects.select_for_update(of=("self",)).select_related("unit", "season").get(pk=import_id)
    if not can_import_register(actor, upload.unit, upload.season):
        raise NotAllowed("Vai trò của đồng chí không nạp sổ cho đơn vị này.")
    if upload.state != ImportState.READ:
        return upload
    check_time(upload.season, upload.unit)
    if (other := upload.report.get("other_unit")) and not is_of_unit:
        raise DomainError(f"Đầu sổ ghi {other['name']}. Xin chọn sổ này của đơn vị nào trước khi nạp.")
    if upload.report.get("rejected_total") and not accept_valid:
        raise DomainError("Sổ còn dòng sai: sửa tệp rồi gửi lại, hoặc chọn chỉ nạp các dòng đúng.")
    upload.state, upload.accept_valid = ImportState.STORING, accept_valid
    upload.job = jobs.ask("store_register", asked_by=actor, import_id=str(upload.pk))
    upload.save(update_fields=["state", "accept_valid", "job"])
    return upload


@transaction.atomic
def readdress_import(*, import_id: UUID, unit_key: str, actor: Any) -> RegisterImport:
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
    upload.unit, upload.state, upload.mends = unit, ImportState.READING, {}
    upload.job = jobs.ask("read_register", asked_by=actor, import_id=str(upload.pk))
    upload.save(update_fields=["unit", "state", "mends", "job"])
    record(actor=actor, action="readdress-import", target=upload, unit=unit, changes={"unit": [before, unit.key]})
    return upload


@transaction.atomic
def mend_import(*, import_id: UUID, mends: Mends, takes: Collection[str] = (), actor: Any) -> RegisterImport:
    """Keep what was typed over refused cells and which rows set aside count (`takes`: codes of SET_ASIDE), and read the register
    again with it. The file itself stays as it came.
    """
    upload = RegisterImport.objects.select_for_update(of=("self",)).select_related("unit", "season").get(pk=import_id)
    if not can_import_register(actor, upload.unit, upload.season):
        raise NotAllowed("Vai trò của đồng chí không nạp sổ cho đơn vị này.")
    if upload.state != ImportState.READ:
        raise DomainError("Sổ này đang được xử lý hoặc đã nạp, không sửa được nữa.")
    kept = {place: dict(cells) for place, cells in upload.mends.items()}
    there = _refused_cells(upload)
    for place, cells in mends.items():
        for column, text in cells.items():
            if place in there and index_of(column) >= 0 and clean(text) != there[place].get(column.upper()):
                kept.setdefault(place, {})[column.upper()] = clean(text)[:MEND_LIMIT]
    taken = sorted({*upload.takes, *takes} & SET_ASIDE.keys())
    if kept == upload.mends and taken == upload.takes:
        raise DomainError("Chưa ô nào được sửa.")
    upload.mends, upload.takes, upload.state = kept, taken, ImportState.READING
    upload.job = jobs.ask("read_register", asked_by=actor, import_id=str(upload.pk))
    upload.save(update_fields=["mends", "takes", "state", "job"])
    record(actor=actor, action="mend-import", target=upload, unit=upload.unit, changes={"mends": kept, "takes": taken})
    return upload


@transaction.atomic
def answer_import(*, import_id: UUID, answers: dict[str, int], sources: Iterable[str], actor: Any) -> RegisterImport:
    """Keep what was answered of the rows `sources` of a register that was read: {row: id of the earlier registration, 0 for none of
    them}; storing does it. Raises NotAllowed, DomainError.
    """
    upload = RegisterImport.objects.select_for_update(of=("self",)).select_related("unit", "season").get(pk=import_id)
    if not can_import_register(actor, upload.unit, upload.season):
        raise NotAllowed("Vai trò của đồng chí không nạp sổ cho đơn vị này.")
    if upload.state != ImportState.READ:
        raise DomainError("Sổ này đang được xử lý hoặc đã nạp; xin trả lời ở trang “Nối với năm trước”.")
    asked = set(sources)
    upload.answers = {source: one for source, one in (upload.answers or {}).items() if source not in asked} | answers
    upload.save(update_fields=["answers"])
    record(actor=actor, action="answer-import", target=upload, unit=upload.unit, changes={"answers": upload.answers})
    return upload


def _refused_cells(upload: RegisterImport) -> Mends:
    """What the page showed of each refused row."""
    return {
        f"{row['sheet']}!{row['row']}": {flaw["column"]: flaw["value"] for flaw in (row, *row.get("more", []))}
        for row in upload.report.get("rejected", [])
    }


@transaction.atomic
def cancel_import(*, import_id: UUID, actor: Any) -> bool:
    """Stop reading or storing: nothing of it stays. False when it had ended before."""
    upload = RegisterImport.objects.select_for_update(of=("self",)).select_related("unit", "season").get(pk=import_id)
    if not can_import_register(actor, upload.unit, upload.season):
        raise NotAllowed("Vai trò của đồng chí không nạp sổ cho đơn vị này.")
    if upload.job_id is None or not upload.is_under_way or not jobs.cancel(upload.job_id):
        return False
    was_read = bool(upload.report)  # storing, or reading again after mending: what was understood before still holds
    upload.state = ImportState.READ if was_read else ImportState.REFUSED
    upload.error = "" if was_read else "Đã dừng theo yêu cầu, chưa nạp gì."
    upload.save(update_fields=["state", "error"])
    record(actor=actor, action="cancel-import", target=upload, unit=upload.unit)
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
        asked.update(state=ImportState.REFUSED, error=str(error), report={}, mappable=may_be_mapped)
        return
    asked.update(state=ImportState.READ, report=report.for_page())


def store_import(*, import_id: UUID, tell: Told) -> None:
    """Store an uploaded register that was confirmed. Twice is as good as once."""
    upload = RegisterImport.objects.select_related("season", "unit", "uploaded_by").get(pk=import_id)
    if upload.state != ImportState.STORING:
        return
    report = _run(upload, tell, dry_run=False)
    if not report.saved:  # rows that were right when it was read are refused now: show it again instead of storing a part
        storing = RegisterImport.objects.filter(pk=import_id, state=ImportState.STORING)
        storing.update(state=ImportState.READ, report=report.for_page())


def _run(upload: RegisterImport, tell: Told, *, dry_run: bool) -> ImportReport:
    return import_register(
        path=Path(upload.file.path),
        file_name=upload.file_name,
        season=upload.season,
        unit=upload.unit,
        actor=upload.uploaded_by,
        accept_valid=upload.accept_valid,
        takes=upload.takes,
        dry_run=dry_run,
        upload=upload,
        tell=tell,
        is_of_unit=True,  # confirm_import asked
    )
