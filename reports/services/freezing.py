"""Freezing a report, once and for good; correcting it by another; dropping a draft."""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from common import jobs
from common.dates import day_begins, today, write_day
from common.exceptions import DomainError, NotAllowed
from common.text import clean_lines
from organisation.audit import record
from organisation.models import User
from papers.enums import Symbol
from papers.selectors import letterheads_on
from papers.services import NewPaper, take_number
from reports.audit_actions import AuditAction
from reports.enums import ReportState, Weight
from reports.kinds.base import SAID
from reports.models import Report
from reports.permissions import can_freeze, can_write
from reports.selectors.reading import as_said, facts_in, seen_of, written
from reports.services.building import lock_report
from reports.transitions import check_draft, check_frozen

Papers = Callable[[Report], dict[str, bytes]]
"""docx, xlsx and pdf of a report."""


def checksum_of(report: Report) -> str:
    """SHA-256 over all that the report says and counted."""
    said = {
        "kind": report.kind,
        "season": report.season.year,
        "unit": report.unit.key,
        "unit_name": report.unit_name,
        "as_of": report.as_of.isoformat(),
        "correction": report.correction,
        "facts": report.facts,
        "problems": report.problems,
        "answers": report.answers,
        "texts": report.texts,
    }
    whole = hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode())
    whole.update(bytes(report.counted))
    return whole.hexdigest()


def is_intact(report: Report) -> bool:
    """Whether a frozen report and its papers are still what was frozen."""
    if checksum_of(report) != report.checksum:
        return False
    for name, kept in report.file_sums.items():
        field = getattr(report, name)
        if not field.storage.exists(field.name) or hashlib.sha256(field.open("rb").read()).hexdigest() != kept:
            return False
    return True


def freeze_blockers(report: Report) -> list[str]:
    """What keeps a draft from being frozen, in words."""
    if report.job and report.job.is_open:
        return ["Báo cáo đang được đếm lại; xin đợi xong."]
    if report.facts is None or report.built_at is None:
        return ["Báo cáo chưa lập xong."]
    over = day_begins(report.as_of + timedelta(days=1))
    if timezone.now() < over:
        return [f"Chưa hết ngày {write_day(report.as_of)}; số liệu tính đến hết ngày ấy nên hôm sau mới chốt được."]
    if report.built_at < over:
        return [f"Bản nháp này đếm khi chưa hết ngày {write_day(report.as_of)}. Xin bấm “Đếm lại”."]
    open_ones = [one for one in report.problems if one["weight"] == Weight.ASKS and one["key"] not in report.answers]
    found = [f"Chưa trả lời: {one['words']}." for one in open_ones]
    if not letterheads_on(report.unit, today()):
        found.append("Đơn vị chưa khai thể thức giấy tờ nên báo cáo không có số, không có người ký. Khai ở mục Giấy tờ rồi chốt.")
    for part in written(report, facts_in(report)):
        if part.section.needed and not part.lines:
            found.append(f"Phần “{part.section.heading}” chưa có chữ.")
    return found


@transaction.atomic
def freeze_report(*, report_id: int, build: int, suffix: str, papers: Papers, actor: User, seen: str = "") -> Report:
    """Freeze what was seen: `build` is the building that the page showed, `seen` (`reading.seen_of`) its words and answers too.
    Number, papers, text and checksums are kept with it, in one transaction. Raises NotAllowed, InvalidTransition, DomainError (nothing is kept then).
    """
    report = lock_report(report_id)
    if not can_freeze(actor, report.unit):
        raise NotAllowed("Vai trò của đồng chí không chốt báo cáo của đơn vị này.")
    check_draft(report.state)
    if report.build != build:
        raise DomainError("Báo cáo vừa được đếm lại. Xin xem lại số liệu mới rồi chốt.")
    if seen and seen != seen_of(report):
        raise DomainError("Lời báo cáo hoặc câu trả lời vừa được sửa. Xin đọc lại rồi chốt.")
    if stops := freeze_blockers(report):
        raise DomainError(" ".join(stops))
    heads = letterheads_on(report.unit, today())
    head = next((one for one in heads if one.suffix == suffix), heads[0])
    report.suffix = head.suffix
    report.number = take_number(paper=NewPaper(head, Symbol.REPORT, today(), report.title), actor=actor)
    report.frozen_at, report.frozen_by = timezone.now(), actor
    facts = facts_in(report)
    report.facts = facts.as_json() | {SAID: as_said(report, facts)}
    report.checksum = checksum_of(report)
    kept: list[Any] = []
    try:
        for name, data in papers(report).items():
            field = getattr(report, name)
            field.save(f"{report.kind}-{report.as_of:%Y%m%d}-{uuid4().hex[:8]}.{name}", ContentFile(data), save=False)
            kept.append(field)
            report.file_sums[name] = hashlib.sha256(data).hexdigest()
        report.state = ReportState.FROZEN
        report.save()
        record(actor=actor, action=AuditAction.FREEZE_REPORT, target=report, unit=report.unit, note=report.checksum)
    except OSError as error:
        _drop(kept)
        raise DomainError("Không ghi được tệp báo cáo: ổ đĩa đầy hoặc hỏng. Chưa chốt gì; xin báo quản trị.") from error
    except BaseException:
        _drop(kept)
        raise
    return report


def _drop(kept: list[Any]) -> None:
    for field in kept:
        field.storage.delete(field.name)


@transaction.atomic
def correct_report(*, report_id: int, why: str, actor: User) -> Report:
    """A correction: a new draft of the same report, linked to the frozen one, recounted. Words go on into it, and the answers
    to findings that the count finds again. One at a time.
    """
    report = lock_report(report_id)
    if not (can_freeze(actor, report.unit) or can_write(actor, report.unit)):
        raise NotAllowed("Vai trò của đồng chí không lập bản đính chính cho đơn vị này.")
    check_frozen(report.state)
    words = clean_lines(why)
    if not words or len(words) > 2000:
        raise DomainError("Lý do đính chính: ghi từ 1 đến 2000 ký tự.", field="why")
    later = Report.objects.filter(
        kind=report.kind, season=report.season, unit=report.unit, as_of=report.as_of, correction__gt=report.correction
    ).first()
    if later:
        raise DomainError("Báo cáo này đã có bản đính chính. Mở bản ấy.")
    made = Report.objects.create(
        kind=report.kind,
        season=report.season,
        unit=report.unit,
        unit_name=report.unit_name,
        as_of=report.as_of,
        texts=report.texts,
        problems=report.problems,
        answers=report.answers,
        corrects=report,
        correction=report.correction + 1,
        correction_why=words,
        made_by=actor,
    )
    made.job = jobs.enqueue("build_report", asked_by=actor, report_id=made.pk)
    made.save(update_fields=["job"])
    record(actor=actor, action=AuditAction.CORRECT_REPORT, target=made, unit=report.unit, note=words)
    return made


@transaction.atomic
def drop_draft(*, report_id: int, actor: User) -> None:
    """Take a draft away, with what was written in it."""
    report = lock_report(report_id)
    if not can_write(actor, report.unit):
        raise NotAllowed("Vai trò của đồng chí không bỏ báo cáo này.")
    check_draft(report.state)
    record(
        actor=actor, action=AuditAction.DROP_REPORT, target=report, unit=report.unit, changes={"texts": [str(report.texts), ""]}
    )
    if report.job:
        jobs.cancel(report.job.pk)
    report.delete()
