"""Reports as the tests make them: asked for, built, answered for, frozen."""

from datetime import date
from typing import Any

from common import jobs
from common.models import Job
from models_registry.models import Season
from reports import tasks  # noqa: F401  the background's work registers itself
from reports.enums import Weight
from reports.exports.files import papers_of
from reports.models import Report
from reports.services import (
    answer_finding,
    ask_report,
    freeze_report,
)
from tests.online import person

DAY = date(2023, 10, 15)
STAFF, LEADER, DISTRICT = "tinh.chuyenvien", "tinh.lanhdao", "hamthuanbac.chuyenvien"
KIND = "tong-hop-15-10"


def asked(
    season: Season, unit: Any, kind: str = KIND, day: date = DAY, by: str | None = STAFF, key: str = "binh-thuan"
) -> Report:
    return ask_report(kind=kind, season=season, unit=unit(key), day=day, actor=person(by) if by else None)[0]


def built(season: Season, unit: Any, **other: Any) -> Report:
    report = asked(season, unit, **other)
    assert report.job
    jobs.run(report.job.pk)
    report.refresh_from_db()
    assert report.job and report.job.state == Job.State.DONE, report.job.error if report.job else ""
    return report


def answered(report: Report, by: str = STAFF) -> Report:
    for one in report.problems:
        if one["weight"] == Weight.ASKS:
            answer_finding(report_id=report.pk, key=one["key"], words="Sổ cộng nhầm, đã hỏi đơn vị.", actor=person(by))
    report.refresh_from_db()
    return report


def frozen(season: Season, unit: Any, *, leader: str = LEADER, by: str = STAFF, **other: Any) -> Report:
    report = answered(built(season, unit, by=by, **other), by)
    return freeze_report(report_id=report.pk, build=report.build, suffix="", papers=papers_of, actor=person(leader))
