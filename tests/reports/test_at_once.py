"""Two at the same instant, with threads on PostgreSQL: asking, freezing, building while it is frozen, two clocks, writing."""

from collections import Counter
from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction

from common import jobs
from common.exceptions import DomainError
from common.models import Job
from models_registry.models import Registration, Season
from models_registry.transitions import InvalidTransition
from organisation.models import Unit
from papers.models import PaperNumber
from reports import tasks  # noqa: F401  the background's work registers itself
from reports.counted import Counted
from reports.enums import ReportState
from reports.exports.files import papers_of
from reports.models import Report
from reports.selectors.gathering import counted_of
from reports.services import (
    StaleText,
    answer_finding,
    ask_report,
    build_report,
    building,
    correct_report,
    freeze_report,
    make_due,
    make_now,
    write_text,
)
from reports.services.freezing import checksum_of
from tests.online import person
from tests.threads import at_once

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("transactional_db"),
]
DAY, STAFF, LEADER = date(2023, 10, 15), "tinh.chuyenvien", "tinh.lanhdao"


@pytest.fixture(autouse=True)
def _here(settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setattr(jobs.current_app, "send_task", lambda name, args: None)
    with time_machine.travel("2023-10-16T03:00:00Z", tick=False):
        yield


def made() -> Report:
    """The province's tally, counted, with every finding answered."""
    season, province = Season.objects.get(year=2023), Unit.objects.get(key="binh-thuan")
    report = make_now(kind="tong-hop-15-10", season=season, unit=province, day=DAY)
    for one in report.problems:
        answer_finding(report_id=report.pk, key=one["key"], words="Đã hỏi.", actor=person(STAFF))
    report.refresh_from_db()
    return report


def freeze(report: Report, who: Any) -> Report:
    return freeze_report(report_id=report.pk, build=report.build, suffix="", papers=papers_of, actor=who)


def test_asked_for_by_three_it_is_one_with_one_job() -> None:
    season, province, staff = Season.objects.get(year=2023), Unit.objects.get(key="binh-thuan"), person(STAFF)
    results = at_once(
        *[
            lambda who=who: ask_report(kind="quy", season=season, unit=province, day=DAY, actor=who)
            for who in (staff, None, staff)
        ]
    )
    assert len({report.pk for report, _ in results}) == 1 and sorted(is_new for _, is_new in results) == [False, False, True]
    assert Job.objects.filter(kind="build_report").count() == 1


def test_two_clocks_make_one_of_each() -> None:
    results = at_once(*[make_due] * 3)
    assert not [one for one in results if isinstance(one, Exception)], results
    found = Counter(Report.objects.values_list("kind", "as_of"))
    assert set(found.values()) == {1} and ("tong-hop-15-10", DAY) in found
    assert Job.objects.filter(kind="build_report").count() == len(found) == sum(results)


def test_two_leaders_freeze_one_number() -> None:
    report, leader = made(), person(LEADER)
    results = at_once(*[lambda: freeze(report, leader)] * 2)
    assert Counter(type(one) for one in results) == {Report: 1, InvalidTransition: 1}
    report.refresh_from_db()
    assert report.state == ReportState.FROZEN and report.checksum == checksum_of(report)
    assert PaperNumber.objects.filter(symbol="BC").count() == 1


def test_frozen_while_it_is_counted_anew_it_says_one_thing() -> None:
    report, leader = made(), person(LEADER)
    results = at_once(lambda: freeze(report, leader), lambda: build_report(report_id=report.pk, progress=lambda _: None))
    report.refresh_from_db()
    if isinstance(results[0], DomainError):
        assert "vừa được đếm lại" in str(results[0]) and (report.state, report.build) == (ReportState.DRAFT, 2)
    else:
        assert results[0].state == ReportState.FROZEN and (report.build, report.checksum) == (1, checksum_of(report))


def test_what_comes_in_while_it_counts_is_in_none_of_its_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    season, province = Season.objects.get(year=2023), Unit.objects.get(key="binh-thuan")
    quiet = make_now(kind="tong-hop-15-10", season=season, unit=province, day=DAY)
    moved = list(season.registrations.order_by("pk").values_list("pk", flat=True)[:25])

    def count_late(*asked: Any) -> Counted:
        at_once(lambda: Registration.objects.filter(pk__in=moved).update(registered_on=date(2023, 12, 1)))
        return counted_of(*asked)

    monkeypatch.setattr(building, "counted_of", count_late)
    build_report(report_id=quiet.pk, progress=lambda _: None)
    disturbed = Report.objects.get(pk=quiet.pk)
    assert (disturbed.problems, disturbed.facts, disturbed.counted) == (quiet.problems, quiet.facts, quiet.counted)
    monkeypatch.undo()
    build_report(report_id=quiet.pk, progress=lambda _: None)
    assert Report.objects.get(pk=quiet.pk).facts != quiet.facts


def test_words_written_by_two_lose_nothing() -> None:
    report, staff = made(), person(STAFF)
    texts = ("Việc thứ nhất.", "Việc thứ hai.")
    results = at_once(
        *[
            lambda text=text: write_text(report_id=report.pk, section="danh-gia", text=text, seen="", actor=staff)
            for text in texts
        ]
    )
    assert Counter(type(one) for one in results) == {Report: 1, StaleText: 1}
    stale = next(one for one in results if isinstance(one, StaleText))
    report.refresh_from_db()
    assert stale.current == report.texts["danh-gia"] in texts


def test_a_correction_is_begun_once() -> None:
    report, leader = made(), person(LEADER)
    freeze(report, leader)
    results = at_once(*[lambda: correct_report(report_id=report.pk, why="Sót Đức Linh", actor=leader)] * 2)
    assert Counter(type(one) for one in results) == {Report: 1, DomainError: 1}
    assert Report.objects.filter(corrects=report).count() == 1


@pytest.mark.parametrize(
    "change",
    [
        "facts = '{}'",
        "counted = ''",
        'texts = \'{"a": "b"}\'',
        "unit_name = 'x'",
        "checksum = 'x'",
        "state = 'draft'",
        "as_of = now()",
    ],
)
def test_the_database_itself_keeps_what_is_frozen(change: str) -> None:
    report = freeze(made(), person(LEADER))
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE reports_report SET {change} WHERE id = {report.pk}")
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM reports_report WHERE id = {report.pk}")
