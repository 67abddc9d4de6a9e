"""What reports put on “Việc của tôi”."""

from datetime import date
from typing import Any

import pytest

from reports.services import ask_report
from reports.tasks_waiting import of_due_reports
from tests.online import person
from tests.reporting import DISTRICT, STAFF
from tests.rounds import on

pytestmark = pytest.mark.django_db


def test_a_units_own_report_that_is_due_and_not_made_is_a_task_until_it_is_made(season: Any, unit: Any) -> None:
    with on(11, 2):
        mine = list(of_due_reports(person(DISTRICT)))
        assert mine[-1].title == "Lập báo cáo tháng 10 năm 2023" and mine[-1].due == date(2023, 11, 5)
        assert mine[-1].href == "/lam-viec/bao-cao/?nam=2023"
        assert not [one for one in mine if "tháng 11" in one.title]  # its day is still to come
        before = len(mine)
        ask_report(kind="thang", season=season, unit=unit("ham-thuan-bac"), day=date(2023, 10, 31), actor=person(DISTRICT))
        left = [one.title for one in of_due_reports(person(DISTRICT))]
        assert "Lập báo cáo tháng 10 năm 2023" not in left and len(left) == before - 1
        assert list(of_due_reports(person(STAFF))) == []  # the clock makes the province's
