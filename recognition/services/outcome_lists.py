"""A list of outcomes on its way: sent, its columns said by hand, its rows chosen, stored whole, undone, thrown away."""

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Model, ProtectedError
from django.utils import timezone

from common.antivirus import scan
from common.exceptions import DomainError, NotAllowed
from common.text import clean, quoted
from models_registry.models import Registration, Season, YearVerdict
from models_registry.registers.lists.mapping import ListMapping
from models_registry.registers.lists.reading import ListRead, read_list
from models_registry.selectors.lists import remembered_lists
from models_registry.services import refresh_counts, remember_list
from organisation.audit import record
from organisation.models import Unit, User
from recognition.audit_actions import AuditAction
from recognition.enums import ListState, OutcomeState
from recognition.lists import OUTCOMES, decision_in
from recognition.models import CentralIntroduction, Decision, Dossier, OutcomeList, OutcomeRow, Recognition
from recognition.permissions import can_record_outcomes
from recognition.selectors.outcome_lists import RIGHT, digest_of
from recognition.services.honours import refresh_honours
from recognition.services.outcome_judging import Judged, judge

_WRITTEN: dict[str, type[Model]] = {
    model._meta.model_name or "": model
    for model in (Registration, Decision, Recognition, Dossier, CentralIntroduction, YearVerdict)
}
_IS_ID = re.compile(r"[0-9]{1,15}")
_FIELDS = ("number", "decided_on", "issuer_id")


class _HeldBack(Exception):
    """Rolls back what was written to see what it would be."""


@dataclass(frozen=True)
class StoredList:
    """What came of storing: `is_other`: nothing was, because the register changed since the list was looked at."""

    is_other: bool = False
    counts: Mapping[str, int] | None = None


def send_list(*, file: "UploadedFile[bytes]", season: Season, issuer: Unit, actor: User) -> OutcomeList:
    """Keep a list that was sent and read it; nothing counts before it is stored. Raises NotAllowed, RegisterUnreadable."""
    if not can_record_outcomes(actor, issuer):
        raise NotAllowed("Vai trò của đồng chí không ghi kết quả của cơ quan này.")
    scan(file)
    upload = OutcomeList(season=season, issuer=issuer, uploaded_by=actor, file_name=Path(file.name or "danh-sach").name[:255])
    upload.file.save(f"{upload.pk}{Path(file.name or '').suffix.lower()[:6]}", file, save=False)
    try:
        found = read_sent_list(upload)
        with transaction.atomic():
            number, day = decision_in(found.title)
            upload.number, upload.decided_on = number[:60], day
            upload.save()
            _keep(upload, found)
            _judge_again(upload, actor)
            record(actor=actor, action=AuditAction.SEND_OUTCOMES, target=upload, unit=issuer)
    except Exception:
        upload.file.delete(save=False)
        raise
    return upload


def read_sent_list(upload: OutcomeList, mapping: ListMapping | None = None) -> ListRead:
    """Read its file, as somebody said or as lists of its body with that heading were read. Raises RegisterUnreadable."""
    known = remembered_lists(OUTCOMES, upload.issuer)
    return read_list(Path(upload.file.path), OUTCOMES, mapping, Path(upload.file_name).stem, known)


@transaction.atomic
def map_list(*, list_id: UUID, mapping: ListMapping, remember: bool = False, actor: User) -> OutcomeList:
    """Read a list as somebody said by hand. What was chosen for a row stays with it. Raises NotAllowed, DomainError."""
    upload = _lock(list_id, actor)
    _check_open(upload)
    found = read_sent_list(upload, mapping)
    upload.mapping = mapping.to_json()
    number, day = decision_in(found.title)
    upload.number, upload.decided_on = upload.number or number[:60], upload.decided_on or day
    upload.save(update_fields=["mapping", "number", "decided_on"])
    _keep(upload, found)
    _judge_again(upload, actor)
    if remember:
        remember_list(OUTCOMES, found, mapping, unit=upload.issuer, actor=actor)
    record(actor=actor, action=AuditAction.MAP_OUTCOMES, target=upload, unit=upload.issuer, changes={"mapping": upload.mapping})
    return upload


@transaction.atomic
def change_list(
    *,
    list_id: UUID,
    choices: Mapping[int, str],
    number: str | None = None,
    decided_on: date | None = None,
    issuer: Unit | None = None,
    actor: User,
) -> int:
    """Keep what was said of a list: {row id: the id of a registration, `bo` for a row left out, "" for what the portal finds}; the
    decision, where `number` is given; whose it is. Returns how many things changed. Raises NotAllowed, DomainError.
    """
    upload = _lock(list_id, actor)
    _check_open(upload)
    rows = {row.pk: row for row in upload.rows.filter(pk__in=choices)}
    changed = []
    for pk, choice in choices.items():
        row = rows.get(pk)
        wanted = (int(choice) if _IS_ID.fullmatch(choice) else None, choice == "bo")
        if row is not None and (row.chosen_id, row.is_left) != wanted:
            if (
                wanted[0] is not None
                and not Registration.objects.in_register().filter(pk=wanted[0], season=upload.season).exists()
            ):
                raise DomainError("Không có đăng ký ấy trong năm của danh sách.")
            row.chosen_id, row.is_left = wanted
            changed.append(row)
    before = {name: getattr(upload, name) for name in _FIELDS}
    if number is not None:
        upload.number, upload.decided_on = clean(number)[:60], decided_on
    if issuer is not None and issuer.pk != upload.issuer_id:
        if not can_record_outcomes(actor, issuer):
            raise NotAllowed("Vai trò của đồng chí không ghi kết quả của cơ quan này.")
        upload.issuer = issuer
    mended = {name: [before[name], getattr(upload, name)] for name in _FIELDS if before[name] != getattr(upload, name)}
    if not changed and not mended:
        return 0
    upload.save(update_fields=["number", "decided_on", "issuer"])
    OutcomeRow.objects.bulk_update(changed, ["chosen", "is_left"], batch_size=500)
    _judge_again(upload, actor)
    said = {"rows": {str(row): [row.chosen_id, row.is_left] for row in changed}} if changed else {}
    told = json.loads(json.dumps(said | mended, cls=DjangoJSONEncoder))
    record(actor=actor, action=AuditAction.MEND_OUTCOMES, target=upload, unit=upload.issuer, changes=told)
    return len(changed) + len(mended)


@transaction.atomic
def store_list(*, list_id: UUID, shown: str, actor: User) -> StoredList:
    """Store the rows that are right, all at once; a second tap finds it stored. `shown`: the digest of what was looked at.

    Raises NotAllowed, DomainError.
    """
    upload = _lock(list_id, actor)
    if upload.state == ListState.STORED:
        return StoredList()
    _check_open(upload)
    rows = list(upload.rows.all())
    judged = Judged()
    try:
        with transaction.atomic():
            judged = judge(upload, rows, actor)
            if judged.problems or digest_of(rows) != shown or not any(row.state in RIGHT for row in rows):
                raise _HeldBack
            refresh_honours(judged.touched)
    except _HeldBack:
        _write_down(upload, rows, judged)
        return StoredList(is_other=True)
    assert judged.facts is not None
    written = [asdict(one) for one in judged.facts.written]
    upload.undo = json.loads(json.dumps(written, cls=DjangoJSONEncoder))
    upload.state, upload.stored_at = ListState.STORED, timezone.now()
    _write_down(upload, rows, judged)
    upload.save(update_fields=["state", "stored_at", "undo"])
    counts = Counter(str(row.state) for row in rows)
    record(actor=actor, action=AuditAction.IMPORT_OUTCOMES, target=upload, unit=upload.issuer, changes=dict(counts))
    return StoredList(counts=counts)


@transaction.atomic
def undo_list(*, list_id: UUID, actor: User) -> int:
    """Take back all that a list wrote; how many things that was. Raises NotAllowed, DomainError with what was built on it."""
    upload = _lock(list_id, actor)
    if upload.state != ListState.STORED:
        raise DomainError("Danh sách này chưa nạp, hoặc đã hủy rồi.")
    touched = set(upload.rows.filter(registration__isnull=False).values_list("registration", flat=True))
    units = Registration.objects.filter(pk__in=touched).order_by().values("unit")
    list(Unit.objects.select_for_update(no_key=True).filter(pk__in=units).order_by("pk"))
    try:
        done = sum(_take_back(written) for written in reversed(upload.undo))
    except ProtectedError as error:
        built = next(iter(error.protected_objects))._meta.verbose_name
        raise DomainError(f"Không hủy được: đã có {built} dựa trên kết quả của danh sách này.") from error
    refresh_honours(touched)
    refresh_counts(season_ids=[upload.season_id], unit_ids=list(units.values_list("unit", flat=True)))
    upload.state, upload.undone_at = ListState.UNDONE, timezone.now()
    upload.save(update_fields=["state", "undone_at"])
    record(actor=actor, action=AuditAction.UNDO_OUTCOMES, target=upload, unit=upload.issuer, changes={"taken": done})
    return done


def _take_back(written: dict[str, Any]) -> bool:
    row = _WRITTEN[written["model"]]._default_manager.filter(pk=written["pk"]).first()
    if row is None:
        return False
    if isinstance(row, YearVerdict) and row.confirmed_at:
        raise DomainError(f"Không hủy được: đánh giá {quoted(row)} đã có hiệu lực. Muốn đổi, xin đánh giá lại.")
    if isinstance(row, Recognition) and row.grade_id and "grade_id" in (written["before"] or {}):
        raise DomainError(f"Không hủy được: mức “{row.grade}” đã ghi cho {quoted(row)} không rút riêng được.")
    if isinstance(row, Recognition) and row.revoked_on:
        raise DomainError(f"Không hủy được: công nhận {quoted(row)} đã bị thu hồi bằng quyết định khác.")
    if written["before"] is not None:
        for name, old in written["before"].items():
            setattr(row, name, old)
        row.save(update_fields=list(written["before"]))
    elif not (isinstance(row, Decision) and (row.recognitions.exists() or row.files.exists())):
        row.delete()
    return True


@transaction.atomic
def discard_list(*, list_id: UUID, actor: User) -> None:
    """Throw a list away that was not stored, with its file and its rows. Raises NotAllowed, DomainError."""
    upload = _lock(list_id, actor)
    if upload.state == ListState.DISCARDED:
        return
    _check_open(upload)
    upload.rows.all().delete()
    name, storage = upload.file.name or "", upload.file.storage
    upload.state, upload.file = ListState.DISCARDED, ""
    upload.save(update_fields=["state", "file"])
    transaction.on_commit(lambda: storage.delete(name))
    record(actor=actor, action=AuditAction.DISCARD_OUTCOMES, target=upload, unit=upload.issuer)


def _lock(list_id: UUID, actor: User) -> OutcomeList:
    upload = OutcomeList.objects.select_for_update(of=("self",)).select_related("season", "issuer").get(pk=list_id)
    if not can_record_outcomes(actor, upload.issuer):
        raise NotAllowed("Vai trò của đồng chí không ghi kết quả của cơ quan này.")
    return upload


def _check_open(upload: OutcomeList) -> None:
    if upload.state != ListState.READ:
        raise DomainError(f"Danh sách này {upload.get_state_display().lower()}, không sửa được nữa.")


def _keep(upload: OutcomeList, found: ListRead) -> None:
    """The rows as they were read; what had been chosen for a row of the same place stays."""
    before = {(row.sheet, row.row): row for row in upload.rows.all()}
    upload.rows.all().delete()
    rows = []
    for position, read in enumerate(found.rows):
        old = before.get((read.sheet, read.row))
        texts: dict[str, Any] = {name: text for name, text in read.texts.items() if text}
        texts |= {"sections": list(read.sections)} if read.sections else {}
        texts |= {"aside": read.aside} if read.aside else {}
        row = OutcomeRow(upload=upload, position=position, sheet=read.sheet[:255], row=read.row, texts=texts)
        row.state = OutcomeState.REFUSED
        if old:
            row.chosen_id, row.is_left = old.chosen_id, old.is_left
        rows.append(row)
    OutcomeRow.objects.bulk_create(rows, batch_size=500)
    upload.error, upload.title = found.error, [line[:300] for line in found.title[:60]]
    upload.save(update_fields=["error", "title"])


def _judge_again(upload: OutcomeList, actor: User) -> None:
    """What storing the list would write, as it is now."""
    rows = list(upload.rows.all())
    judged = Judged()
    try:
        with transaction.atomic():
            judged = judge(upload, rows, actor)
            raise _HeldBack
    except _HeldBack:
        _write_down(upload, rows, judged)


def _write_down(upload: OutcomeList, rows: list[OutcomeRow], judged: Judged) -> None:
    upload.problems = judged.problems
    upload.save(update_fields=["problems"])
    OutcomeRow.objects.bulk_update(rows, ["registration", "state", "told"], batch_size=500)
