"""Reports, clause by clause: asked once, built in the background, written in, answered for, frozen for good, corrected."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from common import jobs
from common.exceptions import DomainError, NotAllowed
from common.models import Job
from models_registry.models import Registration, Season
from models_registry.transitions import InvalidTransition
from notifications.models import Message
from organisation.models import AuditEvent
from papers.models import PaperNumber
from reports import tasks  # the background's work registers itself
from reports.counted import BITS, Counted
from reports.enums import ReportState, Weight
from reports.exports.files import papers_of
from reports.kinds import kind_of
from reports.models import Report
from reports.selectors.gathering import counted_of, facts_of
from reports.selectors.reading import facts_in, reports_visible_to, written
from reports.selectors.reconciling import findings, rows_behind
from reports.services import (
    StaleText,
    answer_finding,
    ask_report,
    correct_report,
    drop_draft,
    freeze_report,
    keep_quoted,
    make_due,
    rebuild_report,
    stop_building,
    write_text,
)
from reports.services.freezing import checksum_of, hindrances
from reports.validators import TextRefused
from tests.online import person
from tests.reporting import DAY, DISTRICT, KIND, LEADER, STAFF, answered, asked, built, frozen

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("autumn")]


# Asking and building


def test_asked_twice_it_is_one_and_one_job(season: Season, unit: Any) -> None:
    first, is_new = ask_report(kind=KIND, season=season, unit=unit("binh-thuan"), day=DAY, actor=person(STAFF))
    again, is_new_again = ask_report(kind=KIND, season=season, unit=unit("binh-thuan"), day=DAY, actor=None)
    assert (is_new, is_new_again, again.pk) == (True, False, first.pk)
    assert Job.objects.filter(kind="build_report").count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.create(kind=KIND, season=season, unit=unit("binh-thuan"), unit_name="x", as_of=DAY)


@pytest.mark.parametrize(
    "day, words",
    [(date(2022, 12, 31), "trước ngày mở đăng ký"), (date(2023, 10, 17), "chưa tới")],
)
def test_a_day_before_the_season_or_to_come(season: Season, unit: Any, day: date, words: str) -> None:
    with pytest.raises(DomainError, match=words):
        asked(season, unit, day=day)
    with pytest.raises(DomainError, match="loại báo cáo"):
        asked(season, unit, kind="tuan")


def test_who_has_reports_made(season: Season, unit: Any) -> None:
    for name in (LEADER, DISTRICT, "hamhiep.canbo", "hoidong1", "quantri"):
        with pytest.raises(NotAllowed):
            asked(season, unit, by=name)
    assert asked(season, unit, by=DISTRICT, key="ham-thuan-bac").unit_name == "Huyện ủy Hàm Thuận Bắc"
    with pytest.raises(NotAllowed):
        asked(season, unit, by=DISTRICT, key="phan-thiet")


def test_built_in_the_background_with_its_steps_and_told(season: Season, unit: Any) -> None:
    report = built(season, unit)
    assert report.build == 1 and report.job and report.job.progress == 4 and report.job.total == 5
    assert facts_in(report).numbers["dang-ky"] == 746
    assert Counted.unpacked(bytes(report.counted)).number("dang-ky") == 746
    assert Message.objects.filter(recipient__username=STAFF, subject__contains="đã lập xong").count() == 1


def test_a_lost_worker_is_made_up_for_and_makes_one_report(season: Season, unit: Any) -> None:
    report = asked(season, unit)
    Job.objects.filter(pk=report.job_id).update(state="running", heard_at=timezone.now() - timedelta(minutes=10), attempts=1)
    jobs.sweep()
    assert Job.objects.get(pk=report.job_id).state == "queued"
    jobs.run(report.job_id)  # type: ignore[arg-type]
    jobs.run(report.job_id)  # type: ignore[arg-type]  # told twice
    report.refresh_from_db()
    assert report.build == 1 and Report.objects.count() == 1


def test_stopped_it_keeps_what_was_there(season: Season, unit: Any) -> None:
    report = built(season, unit)
    rebuild_report(report_id=report.pk, actor=person(STAFF))
    stop_building(report_id=report.pk, actor=person(STAFF))
    report.refresh_from_db()
    jobs.run(report.job_id)  # type: ignore[arg-type]
    report.refresh_from_db()
    assert report.build == 1 and report.job and report.job.state == "cancelled" and report.facts
    with pytest.raises(DomainError, match="không còn gì để dừng"):
        stop_building(report_id=report.pk, actor=person(STAFF))


def test_a_full_disk_or_a_broken_template_is_told_on_the_row(season: Season, unit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(report: Report) -> None:
        raise DomainError("Tệp mẫu hỏng: đoạn 3.")

    monkeypatch.setattr(tasks, "papers_of", broken)
    report = asked(season, unit)
    jobs.run(report.job_id)  # type: ignore[arg-type]
    report.refresh_from_db()
    assert report.job and (report.job.state, report.job.error) == ("failed", "Tệp mẫu hỏng: đoạn 3.")
    assert report.facts and report.facts["numbers"]["dang-ky"] == 746  # what was counted is not lost with the paper
    told = Message.objects.get(recipient__username=STAFF, event_key__startswith="report-failed:")
    assert "chưa lập được" in told.subject and "Tệp mẫu hỏng: đoạn 3." in told.body


def test_a_full_disk_is_said_in_words_and_the_clock_asks_again(
    season: Season, unit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> Any:
        raise OSError(28, "No space left on device")

    from reports.services import building

    with time_machine.travel("2023-10-16T01:00:00Z", tick=False):
        report = asked(season, unit)
        monkeypatch.setattr(building, "counted_of", full)
        jobs.run(report.job_id)  # type: ignore[arg-type]
        report.refresh_from_db()
        assert report.job and report.job.state == "failed" and "ổ đĩa đầy" in report.job.error and report.built_at is None
        monkeypatch.undo()
        make_due()
        again = Report.objects.get(pk=report.pk)
        assert again.job_id != report.job_id and again.job and again.job.is_open


# Reconciliation


def test_what_the_day_leaves_out_is_named_with_its_rows(season: Season, unit: Any) -> None:
    report = built(season, unit)
    words = {one["words"]: one for one in report.problems}
    assert "Đức Linh: chưa công nhận, chưa đề nghị" in words
    gone = [one for text, one in words.items() if "đã rút" in text]
    rows = Registration.objects.filter(season=season, withdrawn_on__lte=DAY, registered_on__lte=DAY)
    assert sum(one["number"] for one in gone) == rows.count() > 0
    assert {pk for one in gone for pk in one["ids"]} == set(rows.values_list("pk", flat=True))
    late = [one for text, one in words.items() if "ghi sau ngày" in text]
    assert sum(one["number"] for one in late) == Registration.objects.filter(season=season, registered_on__gt=DAY).count()
    assert not any("Cộng" in text for text in words)


def test_what_cannot_be_is_asked_for(season: Season, unit: Any) -> None:
    from recognition.selectors import by_own_unit

    row = by_own_unit(DAY).filter(registration__season=season).first()
    assert row
    Registration.objects.filter(pk=row.registration_id).update(registered_on=row.decision.decided_on + timedelta(days=1))
    report = built(season, unit)
    odd = next(one for one in report.problems if one["key"] == "cong-nhan-truoc")
    assert odd["weight"] == Weight.ASKS and row.registration_id in odd["ids"] and odd["number"] == len(odd["ids"])
    assert row.registration in rows_behind(odd["ids"])


def test_parts_that_miss_their_total_name_their_rows(season: Season, unit: Any) -> None:
    row = Registration.objects.filter(season=season, registered_on__lte=DAY, withdrawn_on__isnull=True).first()
    assert row
    kind = kind_of(KIND)
    assert kind
    facts, counted = facts_of(kind, season, unit("binh-thuan"), DAY), counted_of(season, unit("binh-thuan"), DAY)
    assert not [one for one in findings(asked(season, unit), facts, counted) if one.key.startswith("tong-")]
    at = counted.ids.index(row.pk)
    counted.marks[at] &= ~(BITS["moi"] | BITS["duy-tri"])
    facts.numbers["moi" if row.kind == "new" else "duy-tri"] -= 1
    counted.fields[at] = 0
    facts.fields[row.field.name] -= 1  # type: ignore[union-attr]
    found = {one.key: one for one in findings(asked(season, unit), facts, counted)}
    assert found["tong-moi-duy-tri"].ids == [row.pk] and found["tong-moi-duy-tri"].weight == Weight.ASKS
    assert found["tong-linh-vuc"].ids == [row.pk] and "745, tổng ghi 746" in found["tong-linh-vuc"].words
    assert "tong-tap-the-ca-nhan" not in found


# Words


def test_words_change_figures_do_not(season: Season, unit: Any) -> None:
    report = built(season, unit)
    first = written(report, facts_in(report))[0]
    text = "Đến {ngay} toàn tỉnh đăng ký {dang_ky} mô hình: {moi} mới, {duy_tri} duy trì."
    write_text(report_id=report.pk, section="ket-qua", text=text, seen=first.raw, actor=person(STAFF))
    report.refresh_from_db()
    mine = written(report, facts_in(report))[0]
    assert mine.is_own and mine.texts == ["Đến 15/10/2023 toàn tỉnh đăng ký 746 mô hình: 480 mới, 266 duy trì."]
    rebuild_report(report_id=report.pk, actor=person(STAFF))
    report.refresh_from_db()
    row = Registration.objects.filter(season=season, registered_on__lte=DAY, withdrawn_on__isnull=True, kind="new").first()
    assert row
    Registration.objects.filter(pk=row.pk).update(state="withdrawn", withdrawn_on=DAY)
    jobs.run(report.job_id)  # type: ignore[arg-type]
    report.refresh_from_db()
    assert written(report, facts_in(report))[0].texts == ["Đến 15/10/2023 toàn tỉnh đăng ký 745 mô hình: 479 mới, 266 duy trì."]
    write_text(report_id=report.pk, section="ket-qua", text=None, seen=text, actor=person(STAFF))
    report.refresh_from_db()
    assert report.texts == {}


@pytest.mark.parametrize(
    "text, words",
    [
        ("Có {so_mo_hinh} mô hình.", "không phải số liệu nào"),
        ("Có 750 mô hình.", "Số “750” gõ tay"),
        ("Có {dang_ky mô hình.", "Thừa hoặc thiếu"),
        ("x" * 8001, "Dài 8001 ký tự"),
    ],
)
def test_a_figure_typed_by_hand_is_refused(season: Season, unit: Any, text: str, words: str) -> None:
    report = built(season, unit)
    seen = written(report, facts_in(report))[0].raw
    with pytest.raises(TextRefused, match=words):
        write_text(report_id=report.pk, section="ket-qua", text=text, seen=seen, actor=person(STAFF))


def test_an_own_part_may_quote_and_two_who_write_lose_nothing(season: Season, unit: Any) -> None:
    report = built(season, unit)
    quoted = "Năm 2022 vận động hơn 12.600 ngày công."
    write_text(report_id=report.pk, section="danh-gia", text=quoted, seen="", actor=person(STAFF))
    with pytest.raises(StaleText) as stale:
        write_text(report_id=report.pk, section="danh-gia", text="Khác", seen="", actor=person(STAFF))
    assert stale.value.current == quoted
    with pytest.raises(NotAllowed):
        write_text(report_id=report.pk, section="danh-gia", text="Khác", seen=quoted, actor=person(LEADER))
    with pytest.raises(DomainError, match="không có phần ấy"):
        write_text(report_id=report.pk, section="khong-co", text="x", seen="", actor=person(STAFF))


def test_a_quoted_figure_keeps_its_qualifier_and_its_gap(season: Season, unit: Any) -> None:
    given: dict[str, Any] = {
        "season": season, "unit": unit("binh-thuan"), "figure": "dang-ky", "as_of": DAY, "number": 286, "parts": 176,
        "qualifier": "hơn", "source": "Báo cáo 12-BC/BDVTU", "actor": person(STAFF),
    }  # fmt: skip
    made = keep_quoted(**given)
    assert keep_quoted(**given) == made and (str(made), made.parts) == ("hơn 286", 176)
    with pytest.raises(DomainError, match="Nguồn"):
        keep_quoted(**given | {"source": " "})
    with pytest.raises(DomainError, match="Không có số liệu"):
        keep_quoted(**given | {"figure": "x"})
    with pytest.raises(NotAllowed):
        keep_quoted(**given | {"actor": person(DISTRICT)})


# Freezing


def test_frozen_with_number_papers_and_checksum(season: Season, unit: Any) -> None:
    report = frozen(season, unit)
    assert (report.state, report.frozen_by) == (ReportState.FROZEN, person(LEADER))
    assert report.checksum == checksum_of(Report.objects.get(pk=report.pk)) and len(report.checksum) == 64
    number = PaperNumber.objects.get(symbol="BC")
    assert report.number == number and number.number == 1
    for name, head in (("docx", b"PK"), ("xlsx", b"PK"), ("pdf", b"%PDF")):
        with getattr(report, name).open("rb") as file:
            assert file.read(4).startswith(head)
    assert AuditEvent.objects.get(action="freeze-report").note == report.checksum


def test_what_keeps_it_from_being_frozen(season: Season, unit: Any) -> None:
    report = asked(season, unit)
    assert hindrances(report) == ["Báo cáo đang được đếm lại; xin đợi xong."]
    jobs.run(report.job_id)  # type: ignore[arg-type]
    report.refresh_from_db()
    given: dict[str, Any] = {"report_id": report.pk, "suffix": "", "papers": papers_of}
    report.problems = [
        *report.problems,
        {"key": "k", "words": "Lệch", "effect": "1", "weight": Weight.ASKS, "ids": [], "number": 0},
    ]
    report.save()
    with pytest.raises(DomainError, match="Chưa trả lời: Lệch"):
        freeze_report(**given, build=1, actor=person(LEADER))
    answered(report)
    with pytest.raises(NotAllowed):
        freeze_report(**given, build=1, actor=person(STAFF))
    with pytest.raises(DomainError, match="vừa được đếm lại"):
        freeze_report(**given, build=0, actor=person(LEADER))
    assert freeze_report(**given, build=1, actor=person(LEADER)).state == ReportState.FROZEN
    with pytest.raises(InvalidTransition, match="đã chốt"):
        freeze_report(**given, build=1, actor=person(LEADER))


def test_a_disk_that_is_full_freezes_nothing(season: Season, unit: Any) -> None:
    report = answered(built(season, unit))

    def full(_: Report) -> dict[str, bytes]:
        raise OSError(28, "No space left on device")

    with pytest.raises(DomainError, match="ổ đĩa đầy"), transaction.atomic():
        freeze_report(report_id=report.pk, build=1, suffix="", papers=full, actor=person(LEADER))
    report.refresh_from_db()
    assert report.state == ReportState.DRAFT and not PaperNumber.objects.filter(symbol="BC").exists()


def test_nothing_changes_what_is_frozen(season: Season, unit: Any) -> None:
    report = frozen(season, unit)
    for change in (
        {"facts": {}}, {"counted": b"x"}, {"texts": {"a": "b"}}, {"state": "draft", "checksum": "", "frozen_at": None}, {"unit_name": "x"},
        {"checksum": "0" * 64}, {"problems": []}, {"docx": "x"}, {"as_of": date(2023, 1, 1)},
    ):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            Report.objects.filter(pk=report.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Report.objects.filter(pk=report.pk).delete()
    given: dict[str, Any] = {"report_id": report.pk, "actor": person(STAFF)}
    for act in (
        lambda: rebuild_report(**given),
        lambda: write_text(section="danh-gia", text="x", seen="", **given),
        lambda: answer_finding(key="k", words="x", **given),
        lambda: drop_draft(**given),
    ):
        with pytest.raises(InvalidTransition, match="đã chốt"), transaction.atomic():
            act()


def test_a_later_recount_stands_beside_with_what_came_and_went(season: Season, unit: Any) -> None:
    report = frozen(season, unit)
    row = Registration.objects.filter(season=season, registered_on__lte=DAY, withdrawn_on__isnull=True).first()
    assert row
    Registration.objects.filter(pk=row.pk).update(state="withdrawn", withdrawn_on=date(2023, 10, 1))
    from reports.selectors.gathering import counted_of

    then, now = Counted.unpacked(bytes(report.counted)), counted_of(season, unit("binh-thuan"), DAY)
    ((slug, came, went),) = then.differs(now, ["dang-ky"])
    assert (slug, came, went) == ("dang-ky", [], [row.pk])
    assert then.number("dang-ky") == 746


def test_a_correction_is_another_linked_paper(season: Season, unit: Any) -> None:
    report = frozen(season, unit)
    with pytest.raises(DomainError, match="Lý do"):
        correct_report(report_id=report.pk, why=" ", actor=person(STAFF))
    made = correct_report(report_id=report.pk, why="La Gi nộp sổ chậm.", actor=person(STAFF))
    assert (made.corrects, made.correction, made.state) == (report, 1, ReportState.DRAFT)
    with pytest.raises(DomainError, match="đã có bản đính chính"):
        correct_report(report_id=report.pk, why="Nữa", actor=person(STAFF))
    with pytest.raises(InvalidTransition, match="chưa chốt"):
        correct_report(report_id=made.pk, why="Nữa", actor=person(STAFF))
    row = Registration.objects.filter(season=season, registered_on__lte=DAY, withdrawn_on__isnull=True).first()
    assert row
    Registration.objects.filter(pk=row.pk).update(state="withdrawn", withdrawn_on=date(2023, 10, 1))
    jobs.run(made.job_id)  # type: ignore[arg-type]
    made.refresh_from_db()
    told = next(one for one in made.problems if one["key"] == "chot-dang-ky")
    assert "báo cáo đã chốt đến 15/10/2023 ghi 746, nay 745 (0 thêm, 1 bớt)" in told["words"] and told["ids"] == [row.pk]
    answered(made)
    second = freeze_report(report_id=made.pk, build=1, suffix="", papers=papers_of, actor=person(LEADER))
    assert second.number and second.number.number == 2
    assert asked(season, unit).pk == second.pk  # the newest is the report of that day


def test_who_sees_reports(season: Season, unit: Any) -> None:
    province, district = asked(season, unit), asked(season, unit, by=DISTRICT, key="ham-thuan-bac")
    seen = {name: set(reports_visible_to(person(name)).values_list("pk", flat=True)) for name in
            (STAFF, LEADER, DISTRICT, "hamthuanbac.lanhdao", "phanthiet.chuyenvien", "hamhiep.canbo", "hoidong1", "quantri")}  # fmt: skip
    assert seen[STAFF] == seen[LEADER] == {province.pk, district.pk}
    assert seen[DISTRICT] == seen["hamthuanbac.lanhdao"] == {district.pk}
    assert all(not seen[name] for name in ("phanthiet.chuyenvien", "hamhiep.canbo", "hoidong1", "quantri"))


# The clock


def test_a_draft_is_dropped_with_its_job(season: Season, unit: Any) -> None:
    report = asked(season, unit)
    job = report.job_id
    with pytest.raises(NotAllowed):
        drop_draft(report_id=report.pk, actor=person(LEADER))
    drop_draft(report_id=report.pk, actor=person(STAFF))
    assert not Report.objects.exists() and Job.objects.get(pk=job).state == "cancelled"


def test_a_unit_merged_in_the_period_stands_with_what_it_had(unit: Any, new_season: Any) -> None:
    """2025's reform falls into the half-year: a report of August speaks of the units of August, rows of the old ones stay named."""
    kind = kind_of("sau-thang")
    assert kind
    then = facts_of(kind, Season.objects.get(year=2023), unit("lam-dong"), date(2025, 8, 1))
    assert then.whole and any(not one.reports for one in then.units)
    assert sum(one.numbers["dang-ky"] for one in then.units) == then.numbers["dang-ky"] > 0
