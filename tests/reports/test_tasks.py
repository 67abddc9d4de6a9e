"""What reports put on “Việc của tôi”."""

from datetime import date
from typing import Any

import pytest

from common.dates import today
from organisation.models import Membership
from organisation.permissions import first_held
from organisation.roles import May
from reports.services import ask_report
from reports.tasks_waiting import of_due_reports
from tests.online import person
from tests.reporting import DISTRICT, STAFF
from tests.rounds import on

pytestmark = pytest.mark.django_db


def test_a_units_own_report_that_is_due_and_not_made_is_a_task_until_it_is_made(season: Any, unit: Any) -> None:
    with on(11, 2):
        (mine,) = of_due_reports(person(DISTRICT))
        assert mine.title.endswith(" báo cáo đã hết kỳ") and str(mine.href) == "/lam-viec/bao-cao/?nam=2023"
        assert "Báo cáo tháng 11" not in mine.why  # its day is still to come
        number = int(mine.title.split()[1])
        ask_report(kind="thang", season=season, unit=unit("ham-thuan-bac"), day=date(2023, 10, 31), actor=person(DISTRICT))
        (left,) = of_due_reports(person(DISTRICT))
        assert left.title == f"Lập {number - 1} báo cáo đã hết kỳ" and "tháng 10" not in left.why
        assert list(of_due_reports(person(STAFF))) == []  # the clock makes the province's


def test_nobody_is_late_with_what_was_due_before_anybody_had_the_role(season: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = {"on": date(2023, 10, 20)}
    monkeypatch.setattr("reports.tasks_waiting.first_held", lambda units, act: begun["on"])
    with on(11, 2):
        due = [task.title for task in of_due_reports(person(DISTRICT))]
        begun["on"] = date(2023, 11, 1)
        later = list(of_due_reports(person(DISTRICT)))
    assert due == ["Lập báo cáo tháng 10 năm 2023"] and later == []


def test_a_role_is_held_since_its_first_holder_began(unit: Any) -> None:
    first = Membership.objects.filter(unit__key="ham-thuan-bac", role="chuyen-vien-huyen").earliest("starts_on").starts_on
    assert first_held({unit("ham-thuan-bac").pk}, May.WRITE_REPORT) == first
    assert first_held(set(), May.WRITE_REPORT) == today()
