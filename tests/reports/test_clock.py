"""What the clock does, and who has sent what when: drafts that are due or were missed, reminders, who is late."""

from datetime import date
from typing import Any

import pytest
import time_machine

from common import jobs
from common.exceptions import NotAllowed
from models_registry.models import Season
from notifications.models import Message
from reports.exports.files import papers_of
from reports.kinds import kind_of
from reports.models import Report
from reports.selectors.overview import Due, overview
from reports.services import (
    correct_report,
    freeze_report,
    make_due,
    remind_due,
    remind_missing,
)
from tests.online import person
from tests.reporting import DAY, DISTRICT, KIND, STAFF, answered, frozen

DISTRICT_LEADER = "hamthuanbac.lanhdao"
pytestmark = [pytest.mark.both, pytest.mark.django_db, pytest.mark.usefixtures("autumn")]


def test_the_clock_makes_the_draft_of_the_day_after_once(season: Season, unit: Any) -> None:
    assert (
        make_due(date(2023, 10, 15)) == 4
    )  # August's, September's, the third quarter's and of nine months, missed while it was off
    Report.objects.all().delete()
    made = make_due(date(2023, 10, 16))
    found = {(one.kind, one.as_of) for one in Report.objects.all()}
    assert (KIND, DAY) in found and ("quy", date(2023, 9, 30)) in found and made == len(found)
    assert {one.made_by for one in Report.objects.all()} == {None} and {one.unit for one in Report.objects.all()} == {
        unit("binh-thuan")
    }
    assert make_due(date(2023, 10, 16)) == 0
    report = Report.objects.get(kind=KIND)
    jobs.run(report.job_id)  # type: ignore[arg-type]
    assert Message.objects.filter(recipient__username=STAFF, subject__contains="Tổng hợp 15/10").count() == 1


def test_a_machine_that_was_off_makes_it_at_the_next_start(season: Season, unit: Any) -> None:
    with time_machine.travel("2023-11-20T03:00:00Z", tick=False):
        make_due()
        assert Report.objects.filter(kind=KIND, as_of=DAY).count() == 1
    with time_machine.travel("2026-11-20T03:00:00Z", tick=False):
        assert make_due() == 0  # years later nobody waits for it


def test_reminders_before_the_day(season: Season, unit: Any) -> None:
    assert remind_due(date(2023, 10, 12)) == 4  # the board's, and of each district that has an account
    assert remind_due(date(2023, 10, 12)) == 0
    assert remind_due(date(2023, 10, 13)) == 0
    assert (
        Message.objects.get(recipient__username=STAFF).subject
        == "Tổng hợp 15/10: số liệu tính đến hết ngày 15/10/2023, còn 3 ngày"
    )
    assert "chốt là gửi" in Message.objects.get(recipient__username="phanthiet.chuyenvien").body


def test_the_missing_are_reminded_once_a_day(season: Season, unit: Any) -> None:

    kind = kind_of(KIND)
    assert kind
    given: dict[str, Any] = {"kind": kind, "season": season, "day": DAY, "units": [unit("ham-thuan-bac"), unit("duc-linh")]}
    assert remind_missing(**given, actor=person(STAFF)) == 2
    assert remind_missing(**given, actor=person(STAFF)) == 0
    with pytest.raises(NotAllowed):
        remind_missing(**given, actor=person(DISTRICT))


def test_who_sends_after_the_last_day_is_late_and_a_correction_makes_nobody_late(season: Season, unit: Any) -> None:
    def due(on: date, kind: str = KIND, day: date = DAY) -> Due:
        found = overview(season, unit("binh-thuan"), on, whole=True)
        return next(one for one in found if (one.kind.slug, one.day) == (kind, day))

    assert due(date(2023, 10, 20)).send_by == date(2023, 10, 20) and not due(date(2023, 10, 20)).is_over
    assert due(date(2023, 10, 21)).is_over
    there: dict[str, Any] = {"key": "ham-thuan-bac", "by": DISTRICT, "leader": DISTRICT_LEADER}
    with time_machine.travel("2023-10-20T16:59:00Z", tick=False):  # a minute before midnight at home
        first = frozen(season, unit, **there)
        frozen(season, unit, kind="thang", day=date(2023, 9, 30), **there)
    with time_machine.travel("2023-11-02T03:00:00Z", tick=False):
        again = correct_report(report_id=first.pk, why="Ghi nhầm tên", actor=person(DISTRICT))
        assert again.job
        jobs.run(again.job.pk)
        again = answered(Report.objects.get(pk=again.pk), DISTRICT)
        freeze_report(report_id=again.pk, build=again.build, suffix="", papers=papers_of, actor=person(DISTRICT_LEADER))
    now = date(2023, 11, 2)
    assert [one.unit.key for one in due(now).sent] == ["ham-thuan-bac"] and due(now).late == []
    late = due(now, "thang", date(2023, 9, 30)).late
    assert [(one.unit.key, on) for one, on in late] == [("ham-thuan-bac", date(2023, 10, 20))]
