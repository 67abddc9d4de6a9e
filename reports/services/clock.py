"""What the clock does: the drafts that are due, also those that were missed; reminders."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Q

from common.addresses import link_to
from common.dates import day_begins, today, write_day
from common.exceptions import DomainError, NotAllowed
from common.models import Job
from models_registry.models import Season
from notifications.services import tell
from organisation.models import Unit, User
from organisation.roles import May
from organisation.selectors.people import holders, holders_of
from organisation.selectors.units import reporting_units
from reports.enums import ReportState
from reports.kinds import ReportKind, kinds
from reports.models import Report
from reports.permissions import can_write
from reports.selectors.gathering import gatherer_on
from reports.selectors.overview import REMINDED
from reports.services.building import ask_report, recount_early

MISSED = timedelta(days=62)  # how far back a machine that was off makes up for
AHEAD = (7, 3, 1)  # days before the day on which it is told


def due_between(first: date, last: date, seasons: Iterable[Season] | None = None) -> list[tuple[ReportKind, Season, date]]:
    """(kind, season, day) of the reports whose day lies there, in order; of these seasons, where they were read before."""
    found = []
    for season in Season.objects.all() if seasons is None else seasons:
        if not first.year - 1 <= season.year <= last.year:
            continue
        for kind in kinds():
            days = kind.due(season.year, season.cutoff_on)
            found += [(kind, season, day) for day in days if first <= day <= last and day >= season.opens_on]
    return sorted(found, key=lambda one: (one[2], one[0].slug))


def make_due(now: date | None = None) -> int:
    """Make the draft of each day that is over, once: how many are new. Two clocks, or a task told twice, make no second one.
    A draft that was counted before its day was over, or whose counting failed, is recounted.
    """
    day = now or today()
    made = 0
    for kind, season, due in due_between(day - MISSED, day - timedelta(days=1)):
        body = gatherer_on(due)
        if body is None:
            continue
        there = Report.objects.filter(kind=kind.slug, season=season, unit=body.unit, as_of=due)
        was_early = Q(built_at__lt=day_begins(due + timedelta(days=1)))
        has_failed = Q(built_at__isnull=True, job__state=Job.State.FAILED)
        early = there.filter(was_early | has_failed, state=ReportState.DRAFT).first()
        if early:
            recount_early(report_id=early.pk)
        elif not there.exists():
            _, is_new = ask_report(kind=kind.slug, season=season, unit=body.unit, day=due, actor=None)
            made += is_new
    return made


def remind_due(now: date | None = None) -> int:
    """Tell who writes reports, seven, three and one day before, which figures close when. Returns how many were told."""
    day, told = now or today(), 0
    for kind, season, due in due_between(day + timedelta(days=1), day + timedelta(days=max(AHEAD))):
        left = (due - day).days
        body = gatherer_on(day)
        if left not in AHEAD or body is None:
            continue
        units = [body.unit_id, *(one.unit_id for one in reporting_units(day) if one.unit_id != body.unit_id)]
        writers = holders_of(May.WRITE_REPORT, units, day, climbs=False)
        subject = f"{kind.name}: số liệu tính đến hết ngày {write_day(due)}, còn {left} ngày"
        for people, words in (
            (writers.pop(body.unit_id), "Cổng lập bản nháp lúc 0 giờ 10 ngày hôm sau."),
            (
                [one for there in writers.values() for one in there],
                "Xin nhận, sửa xong sổ trước ngày ấy. Hôm sau lập báo cáo của đơn vị, xem lại, chốt là gửi.",
            ),
        ):
            told += tell(
                recipients=people,
                event_key=f"report-due:{kind.slug}:{season}:{due}:{left}",
                subject=subject,
                body=words,
                link=link_to("reports:home"),
            )
    return told


def remind_missing(*, kind: ReportKind, season: Season, day: date, units: Iterable[Unit], actor: User) -> int:
    """Tell the units that have not sent theirs, once a day. Returns how many people were told."""
    body = gatherer_on(day)
    if body is None or not can_write(actor, body.unit):
        raise NotAllowed("Vai trò của đồng chí không nhắc các đơn vị.")
    if not today() - REMINDED <= day <= today():
        raise DomainError(f"Ngày {write_day(day)} chưa tới hoặc đã quá lâu nên không nhắc nữa.")
    told = 0
    for unit in units:
        told += tell(
            recipients=holders(May.WRITE_REPORT, unit, day, climbs=False),
            event_key=f"report-missing:{kind.slug}:{season}:{day}:{unit.pk}:{today()}",
            subject=f"Chưa gửi: {kind.titled(season.year, season.cutoff_on, day)}",
            body="Lập báo cáo, xem lại, chốt là gửi.",
            link=link_to("reports:home"),
        )
    return told
