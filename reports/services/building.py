"""Having a report made: asked for once, built in the background, rebuilt as often as one likes while it is a draft."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from common import jobs
from common.addresses import link_to
from common.dates import day_begins, today, write_day
from common.exceptions import DomainError, NotAllowed
from common.snapshot import one_moment
from models_registry.models import Season
from notifications.services import tell
from organisation.audit import record
from organisation.models import Unit, User
from organisation.roles import May
from organisation.selectors.people import holders
from organisation.selectors.units import unit_on
from organisation.tree import unit_tree
from reports.audit_actions import AuditAction
from reports.enums import ReportState
from reports.figures import counted_day
from reports.kinds import ReportKind, kind_of
from reports.models import Report
from reports.permissions import can_write
from reports.selectors.gathering import counted_of, facts_of
from reports.selectors.reading import kind_for
from reports.selectors.reconciling import findings
from reports.transitions import check_draft

STEPS = (
    "Đếm theo ngày, đối chiếu tổng, sổ và bản đã chốt",
    "Lưu số liệu",
    "Viết thử Word, Excel và PDF",
)
Tell = Callable[[int], None]
NO_ROOM = "Không ghi được tệp: ổ đĩa đầy hoặc hỏng. Xin báo quản trị; cổng tự thử lại."


def check_day(season: Season, day: date, unit: Unit) -> None:
    """Raises DomainError for a day before the season or in the future, or where the unit was not there when it is counted."""
    if day < season.opens_on:
        raise DomainError(f"Ngày {write_day(day)} trước ngày mở đăng ký năm {season} ({write_day(season.opens_on)}).")
    if day > today():
        raise DomainError(f"Ngày {write_day(day)} chưa tới; báo cáo chỉ lập đến hôm nay.")
    if not unit_tree().exists(unit.pk, counted := counted_day(season, day)):
        raise DomainError(f"Đơn vị không hoạt động vào ngày {write_day(counted)}.")


def check_kind(kind: ReportKind, season: Season, day: date) -> None:
    """Raises DomainError for a day after the last one that the kind speaks of: an officer's report is of its kind's days. The
    command writes what it is told.
    """
    last = max(kind.due(season.year, season.cutoff_on))
    if last < day:
        raise DomainError(f"{kind.name} năm {season} tính đến {write_day(last)}; ngày {write_day(day)} thuộc loại báo cáo khác.")


@transaction.atomic
def ask_report(*, kind: str, season: Season, unit: Unit, day: date, actor: User | None) -> tuple[Report, bool]:
    """The report of a unit on a season as of a day, or as of the last of the season's year: (it, whether it is new). A new one is
    built in the background. `actor` None: the clock. Raises NotAllowed, DomainError.
    """
    report, is_new = _report_of(kind, season, unit, day, actor)
    if is_new:
        _ask_job(report, actor)
    return report, is_new


@transaction.atomic
def _report_of(kind: str, season: Season, unit: Unit, day: date, actor: User | None) -> tuple[Report, bool]:
    if (found := kind_of(kind)) is None:
        raise DomainError("Không có loại báo cáo này.")
    if actor is not None and not can_write(actor, unit):
        raise NotAllowed("Vai trò của đồng chí không lập báo cáo cho đơn vị này.")
    check_day(season, day, unit)
    day = counted_day(season, day)
    if actor is not None:
        check_kind(found, season, day)
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)  # two who ask come one after the other
    known = Report.objects.filter(kind=kind, season=season, unit=unit, as_of=day).order_by("-correction").first()
    if known:
        return known, False
    report = Report.objects.create(
        kind=kind, season=season, unit=unit, unit_name=unit_on(unit, day).name, as_of=day, made_by=actor
    )
    record(actor=actor, action=AuditAction.ASK_REPORT, target=report, unit=unit)
    return report, True


def make_now(*, kind: str, season: Season, unit: Unit, day: date) -> Report:
    """The report of a unit as of a day, made or recounted at once, without the queue; a frozen one as it is."""
    report, _ = _report_of(kind, season, unit, day, None)
    build_report(report_id=report.pk, progress=lambda _: None)
    return Report.objects.select_related("season", "unit", "number", "corrects").get(pk=report.pk)


def _ask_job(report: Report, actor: User | None) -> None:
    report.job = jobs.enqueue("build_report", asked_by=actor, report_id=report.pk)
    report.save(update_fields=["job"])


def lock_report(report_id: int) -> Report:
    locked = Report.objects.select_for_update(of=("self",)).select_related("season", "unit", "job")
    return locked.get(pk=report_id)


@transaction.atomic
def rebuild_report(*, report_id: int, actor: User) -> Report:
    """Recount; the officer's words and answers stay. While one building is under way it is that one."""
    report = lock_report(report_id)
    if not can_write(actor, report.unit):
        raise NotAllowed("Vai trò của đồng chí không lập báo cáo cho đơn vị này.")
    check_draft(report.state)
    if not (report.job and report.job.is_open):
        _ask_job(report, actor)
        record(actor=actor, action=AuditAction.REBUILD_REPORT, target=report, unit=report.unit)
    return report


@transaction.atomic
def recount_early(*, report_id: int) -> None:
    """Recount a draft that was counted before its day was over, or that could not be counted. Idempotent."""
    report = lock_report(report_id)
    is_early = report.built_at is None or report.built_at < day_begins(report.as_of + timedelta(days=1))
    if report.state == ReportState.DRAFT and is_early and not (report.job and report.job.is_open):
        _ask_job(report, None)
        record(actor=None, action=AuditAction.REBUILD_REPORT, target=report, unit=report.unit)


@transaction.atomic
def stop_building(*, report_id: int, actor: User) -> Report:
    """Stop the building that is under way; what was built before stays."""
    report = lock_report(report_id)
    if not can_write(actor, report.unit):
        raise NotAllowed("Vai trò của đồng chí không dừng báo cáo này.")
    if report.job is None or not jobs.cancel(report.job.pk):
        raise DomainError("Báo cáo đã lập xong, không còn gì để dừng.")
    record(actor=actor, action=AuditAction.STOP_REPORT, target=report, unit=report.unit)
    return report


def build_report(*, report_id: int, progress: Tell, try_papers: Callable[[Report], None] | None = None) -> None:
    """Count, reconcile, keep. A second run of the same work makes the same; a report frozen or dropped meanwhile is left alone.

    `try_papers` writes the papers once, so that a broken template or a full disk is told now and not at the freezing.
    """
    report = Report.objects.select_related("season", "unit").filter(pk=report_id, state=ReportState.DRAFT).first()
    if report is None:
        return
    progress(0)
    with one_moment():  # what is registered meanwhile is in all of the figures or in none
        facts = facts_of(kind_for(report), report.season, report.unit, report.as_of)
        counted = counted_of(report.season, report.unit, report.as_of)
        problems = [one.as_json() for one in findings(report, facts, counted)]
    progress(1)
    report.facts, report.counted, report.problems = facts.as_json(), counted.packed(), problems
    with transaction.atomic():
        locked = Report.objects.select_for_update(of=("self",)).filter(pk=report_id, state=ReportState.DRAFT).first()
        if locked is None:
            return
        locked.answers = _still_answers(locked, problems)
        locked.facts, locked.counted, locked.problems = report.facts, report.counted, problems
        locked.build += 1
        locked.built_at = timezone.now()
        locked.save(update_fields=["facts", "counted", "problems", "answers", "build", "built_at"])
        _tell_built(locked)
    progress(2)
    if try_papers:
        try_papers(report)


def _still_answers(report: Report, problems: list[dict[str, Any]]) -> dict[str, str]:
    """Carry the officer's answers over to findings that are unchanged. The answer to one that changed is offered as a draft."""
    before = {one["key"]: (one["words"], one["ids"]) for one in report.problems}
    kept = {}
    for one in problems:
        said = report.answers.get(one["key"], "")
        if said and before.get(one["key"]) == (one["words"], one["ids"]):
            kept[one["key"]] = said
        elif said:
            one["earlier"] = said
    return kept


def tell_failed(*, report_id: int, why: str) -> None:
    """Those who write the unit's reports are told that one could not be made, and why; once a day."""
    report = Report.objects.select_related("season", "unit").filter(pk=report_id).first()
    if report is None:
        return
    tell(
        recipients=holders(May.WRITE_REPORT, report.unit, report.as_of, climbs=False),
        event_key=f"report-failed:{report.pk}:{today()}",
        subject=f"{report.title} chưa lập được",
        body=f"{why} Số liệu đã đếm, nếu có, còn nguyên.",
        link=link_to("reports:report", report.pk),
    )


def _tell_built(report: Report) -> None:
    """Who asked for it; of the clock's, those who write the unit's reports."""
    people = [report.made_by] if report.made_by else holders(May.WRITE_REPORT, report.unit, report.as_of, climbs=False)
    tell(
        recipients=[one for one in people if one],
        event_key=f"report:{report.pk}:{report.build}",
        subject=f"{report.title} đã lập xong",
        body=f"{report.unit_name}, năm {report.season}.",
        link=link_to("reports:report", report.pk),
    )
