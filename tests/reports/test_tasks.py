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
        (mine,) = of_due_reports(person(DISTRICT))
        assert mine.title.endswith(" báo cáo đã hết kỳ") and mine.href == "/lam-viec/bao-cao/?nam=2023"
        assert "Báo cáo tháng 11" not in mine.why  # its day is still to come
        number = int(mine.title.split()[1])
        ask_report(kind="thang", season=season, unit=unit("ham-thuan-bac"), day=date(2023, 10, 31), actor=person(DISTRICT))
        (left,) = of_due_reports(person(DISTRICT))
        assert left.title == f"Lập {number - 1} báo cáo đã hết kỳ" and "tháng 10" not in left.why
        assert list(of_due_reports(person(STAFF))) == []  # the clock makes the province's
