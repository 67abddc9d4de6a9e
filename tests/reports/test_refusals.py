"""What keeps a report from being counted, written, frozen, corrected; what is left of one that broke off."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from common.exceptions import NotAllowed
from common.remember import forget
from models_registry.models import Season
from notifications.models import Message
from organisation.models import AuditEvent, Level, UnitVersion
from reports.models import QuotedFigure, Report
from reports.selectors.overview import overview
from reports.services import (
    NewQuoted,
    answer_finding,
    build_report,
    correct_report,
    drop_draft,
    drop_quoted,
    freeze_report,
    keep_quoted,
    make_due,
    stop_building,
    write_text,
)
from reports.services.building import tell_failed
from reports.services.freezing import freeze_blockers, is_intact
from tests.online import person
from tests.pages import refused
from tests.reporting import DAY, DISTRICT, LEADER, STAFF, answered, asked, built, frozen

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("autumn")]


def test_a_unit_that_was_not_there_on_the_day_has_no_report(season: Season, unit: Any) -> None:
    UnitVersion.objects.filter(unit=unit("binh-thuan")).update(valid_to=date(2023, 10, 1))
    forget()
    with refused("Đơn vị không hoạt động vào ngày 15/10/2023."):
        asked(season, unit, by=None)
    assert Report.objects.count() == 0


def test_only_who_writes_the_units_reports_stops_one(season: Season, unit: Any) -> None:
    report = asked(season, unit)
    with refused("Vai trò của đồng chí không dừng báo cáo này.", NotAllowed):
        stop_building(report_id=report.pk, actor=person(DISTRICT))
    assert report.job.state == "queued"


def test_a_report_that_was_not_counted_is_neither_written_nor_frozen(season: Season, unit: Any) -> None:
    report = asked(season, unit)
    stop_building(report_id=report.pk, actor=person(STAFF))
    report = Report.objects.get(pk=report.pk)
    assert freeze_blockers(report) == ["Báo cáo chưa lập xong."]
    with refused("Báo cáo chưa đếm xong; xin đợi rồi viết."):
        write_text(report_id=report.pk, section="ket-qua", text="Chữ", seen="", actor=person(STAFF))


def test_a_report_dropped_while_it_is_counted_stays_dropped(season: Season, unit: Any) -> None:
    report = asked(season, unit)

    def dropped_at_the_end(step: int) -> None:
        if step == 1:
            drop_draft(report_id=report.pk, actor=person(STAFF))

    build_report(report_id=report.pk, progress=dropped_at_the_end)
    assert Report.objects.count() == 0
    build_report(report_id=report.pk, progress=dropped_at_the_end)  # told twice
    tell_failed(report_id=report.pk, why="Đĩa đầy.")
    assert Message.objects.filter(event_key__startswith="report").count() == 0


def test_a_draft_whose_job_is_long_gone_is_dropped(season: Season, unit: Any) -> None:
    report = built(season, unit)
    Report.objects.filter(pk=report.pk).update(job=None)
    drop_draft(report_id=report.pk, actor=person(STAFF))
    assert Report.objects.count() == 0


def test_a_part_that_must_have_words_has_some_before_the_report_is_frozen(season: Season, unit: Any) -> None:
    from reports.selectors.reading import facts_in, first_wording, kind_for

    report = answered(built(season, unit))
    part = next(section for section in kind_for(report).sections if section.needed)
    first = first_wording(part, facts_in(report))
    write_text(report_id=report.pk, section=part.key, text=" ", seen=first, actor=person(STAFF))
    report.refresh_from_db()
    assert freeze_blockers(report) == [f"Phần “{part.heading}” chưa có chữ."]


class BreaksOff(dict[str, bytes]):
    """The first paper is written, then the disk is full."""

    def items(self) -> Any:
        yield "docx", b"PK"
        raise OSError(28, "No space left on device")


def test_papers_of_a_freezing_that_broke_off_are_gone(season: Season, unit: Any, settings: Any) -> None:
    report = answered(built(season, unit))
    with refused("Không ghi được tệp báo cáo: ổ đĩa đầy hoặc hỏng. Chưa chốt gì; xin báo quản trị."):
        freeze_report(report_id=report.pk, build=1, suffix="", papers=lambda _: BreaksOff(), actor=person(LEADER))
    assert list(Path(settings.MEDIA_ROOT).rglob("*.docx")) == []
    assert Report.objects.get(pk=report.pk).state == "draft"


def test_what_was_changed_after_the_freezing_is_told_from_what_was_not(season: Season, unit: Any) -> None:
    report = frozen(season, unit)
    assert is_intact(report) is True
    report.unit_name = "Tên khác"
    assert is_intact(report) is False


def test_only_the_units_own_correct_its_report(season: Season, unit: Any) -> None:
    report = frozen(season, unit)
    with refused("Vai trò của đồng chí không lập bản đính chính cho đơn vị này.", NotAllowed):
        correct_report(report_id=report.pk, why="Nhầm", actor=person(DISTRICT))
    with refused("Lý do đính chính: ghi từ 1 đến 2000 ký tự."):
        correct_report(report_id=report.pk, why="x" * 2001, actor=person(STAFF))
    assert Report.objects.count() == 1


def test_an_answer_is_to_a_finding_that_stands_and_once_on_record(season: Season, unit: Any) -> None:
    report = built(season, unit)
    key = report.problems[0]["key"]
    ids = {"report_id": report.pk, "actor": person(STAFF)}
    with refused("Trả lời dài quá 1000 ký tự."):
        answer_finding(key=key, words="x" * 1001, **ids)
    with refused("Chỗ lệch này không còn; báo cáo đã đếm lại."):
        answer_finding(key="khong-co", words="Đã hỏi", **ids)
    for _ in range(2):
        answer_finding(key=key, words="Đã hỏi đơn vị", **ids)
    assert Report.objects.get(pk=report.pk).answers == {key: "Đã hỏi đơn vị"}
    assert AuditEvent.objects.filter(action="answer-finding").count() == 1
    answer_finding(key=key, words="", **ids)
    assert Report.objects.get(pk=report.pk).answers == {}


@pytest.mark.parametrize(
    "changed, words",
    [
        ({"number": -1}, "Số: ghi số tròn, không âm."),
        ({"parts": 10**9 + 1}, "Số: ghi số tròn, không âm."),
        ({"qualifier": "chừng"}, "Mức chính xác: chọn trong danh sách."),
    ],
)
def test_a_quoted_figure_that_cannot_be_is_not_kept(season: Season, unit: Any, changed: dict[str, Any], words: str) -> None:
    quoted = {"season": season, "unit": unit("binh-thuan"), "as_of": DAY, "actor": person(STAFF)}
    with refused(words):
        keep_quoted(quoted=replace(NewQuoted("dang-ky", 286, "Báo cáo 12"), **changed), **quoted)
    assert QuotedFigure.objects.count() == 0


def test_a_quoted_figure_goes_once_by_hand_of_its_unit(season: Season, unit: Any) -> None:
    quoted = {"season": season, "unit": unit("binh-thuan"), "as_of": DAY, "actor": person(STAFF)}
    made = keep_quoted(quoted=NewQuoted("dang-ky", 286, "Báo cáo 12"), **quoted)
    with refused("Vai trò của đồng chí không ghi số liệu cho đơn vị này.", NotAllowed):
        drop_quoted(quoted_id=made.pk, actor=person(DISTRICT))
    drop_quoted(quoted_id=made.pk, actor=person(STAFF))
    drop_quoted(quoted_id=made.pk, actor=person(STAFF))  # a second tap
    assert (QuotedFigure.objects.count(), AuditEvent.objects.filter(action="drop-quoted").count()) == (0, 1)


def test_where_nobody_gathers_registers_the_clock_makes_nothing() -> None:
    Level.objects.update(gathers_registers=False)
    forget()
    assert make_due(date(2023, 10, 16)) == 0
    assert Report.objects.count() == 0


def test_days_before_a_season_opened_are_not_due(season: Season, unit: Any) -> None:
    Season.objects.filter(pk=season.pk).update(opens_on=date(2023, 9, 1))
    season.refresh_from_db()
    due = overview(season, unit("binh-thuan"), date(2023, 10, 16), whole=True)
    assert {one.day for one in due if one.day < date(2023, 9, 1)} == set()
    assert date(2023, 9, 30) in {one.day for one in due}
