"""A draft that was counted before its day was over: not frozen, counted anew by the clock; reminders have their time."""

from typing import Any

import pytest
import time_machine

from common import jobs
from common.exceptions import DomainError
from models_registry.models import Registration, Season
from organisation.models import UnitSuccession, UnitVersion
from reports import tasks
from reports.kinds import kind_of
from reports.models import Report
from reports.selectors.reading import reports_visible_to
from reports.services import make_due, remind_missing
from reports.services.building import make_now
from reports.services.freezing import freeze_blockers
from tests.online import person
from tests.reporting import DAY, KIND, LEADER, STAFF

pytestmark = [pytest.mark.django_db]
assert tasks  # the background's work registers itself


@pytest.fixture(autouse=True)
def _quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs.current_app, "send_task", lambda name, args: None)


def test_counted_on_the_day_itself_it_waits_for_its_end_and_is_counted_anew(season: Season, unit: Any) -> None:
    with time_machine.travel("2023-10-15T02:00:00Z", tick=False):  # 09:00
        report = make_now(kind=KIND, season=season, unit=unit("binh-thuan"), day=DAY)
        assert "Chưa hết ngày 15/10/2023" in freeze_blockers(report)[0]
    late = Registration.objects.filter(season=season, registered_on__lt=DAY, withdrawn_on__isnull=True)[0]
    before = report.facts["figures"]["dang-ky"] if "figures" in report.facts else None  # type: ignore[index,operator]
    Registration.objects.filter(pk=late.pk).update(registered_on="2023-10-16")
    with time_machine.travel("2023-10-15T17:10:00Z", tick=False):  # ten past midnight
        assert "đếm khi chưa hết ngày 15/10/2023" in freeze_blockers(Report.objects.get(pk=report.pk))[0]
        make_due()
        again = Report.objects.get(pk=report.pk)
        assert again.job and again.job.is_open
        asked = again.job_id
        make_due()
        assert Report.objects.get(pk=report.pk).job_id == asked
        jobs.run(again.job.pk)
        again = Report.objects.get(pk=report.pk)
        assert again.build == report.build + 1 and not [one for one in freeze_blockers(again) if "chưa hết ngày" in one]
        make_due()
        assert Report.objects.get(pk=report.pk).job_id == asked
    if before is not None:
        assert again.facts["figures"]["dang-ky"] == before - 1  # type: ignore[index]


@pytest.mark.parametrize("now", ["2024-06-01T03:00:00Z", "2023-10-14T03:00:00Z"])
def test_no_reminder_for_a_day_long_past_or_to_come(season: Season, unit: Any, now: str) -> None:
    kind = kind_of(KIND)
    assert kind
    with time_machine.travel(now, tick=False), pytest.raises(DomainError, match="không nhắc nữa"):
        remind_missing(kind=kind, season=season, day=DAY, units=[unit("duc-linh")], actor=person(STAFF))


def test_the_report_of_a_district_that_ended_stays_with_the_province(season: Season, unit: Any) -> None:
    with time_machine.travel("2023-10-16T03:00:00Z", tick=False):
        report = make_now(kind=KIND, season=season, unit=unit("phan-thiet"), day=DAY)
    UnitVersion.objects.filter(unit__key="phan-thiet").update(valid_to="2024-03-08")
    UnitSuccession.objects.filter(predecessor__key="phan-thiet").delete()
    UnitSuccession.objects.create(
        predecessor=unit("phan-thiet"), successor=unit("ham-thuan-bac"), effective_on="2024-03-08", kind="merge"
    )
    with time_machine.travel("2024-04-01T03:00:00Z", tick=False):
        assert report in reports_visible_to(person(LEADER))
        assert report in reports_visible_to(person("hamthuanbac.chuyenvien"))
        assert report not in reports_visible_to(person("duclinh.chuyenvien"))
