"""Reports frozen for good, recounted, corrected, dropped; who sees them."""

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from common import jobs
from common.exceptions import DomainError, NotAllowed
from common.models import Job
from models_registry.models import Registration, Season
from models_registry.transitions import InvalidTransition
from organisation.models import AuditEvent
from papers.models import PaperNumber
from reports.counted import Counted
from reports.enums import ReportState, Weight
from reports.exports.files import papers_of
from reports.kinds import kind_of
from reports.models import Report
from reports.selectors.gathering import counted_of, facts_of
from reports.selectors.reading import reports_visible_to
from reports.services import (
    answer_finding,
    correct_report,
    drop_draft,
    freeze_report,
    rebuild_report,
    write_text,
)
from reports.services.freezing import checksum_of, freeze_blockers
from reports.tasks_waiting import of_reports
from tests.online import person
from tests.pages import entered, plain
from tests.reporting import DAY, DISTRICT, LEADER, STAFF, answered, asked, built, frozen

pytestmark = [pytest.mark.both, pytest.mark.django_db, pytest.mark.usefixtures("autumn")]


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
    assert freeze_blockers(report) == ["Báo cáo đang được đếm lại; xin đợi xong."]
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

    then, now = Counted.unpacked(bytes(report.counted)), counted_of(season, unit("binh-thuan"), DAY)
    ((slug, came, went),) = then.differs(now, ["dang-ky"])
    assert (slug, came, went) == ("dang-ky", [], [row.pk])
    assert then.number("dang-ky") == 746


def test_the_last_look_says_what_changed_since_the_count(season: Season, unit: Any) -> None:
    report, leader = built(season, unit), entered(LEADER)
    address = f"/lam-viec/bao-cao/{report.pk}/chot/"
    assert "Sổ đã đổi" not in leader.get(address).content.decode()
    row = Registration.objects.filter(season=season, registered_on__lte=DAY, withdrawn_on__isnull=True)[0]
    Registration.objects.filter(pk=row.pk).update(state="withdrawn", withdrawn_on=date(2023, 10, 1))
    page = plain(leader.get(address).content.decode())
    assert "Sổ đã đổi từ lúc đếm" in page and "Mô hình đăng ký cấp huyện: đã đếm 746 , nay 745" in page


def test_a_draft_waits_for_answers_then_for_its_leader(season: Season, unit: Any) -> None:
    report = built(season, unit)
    report.problems = [{"key": "lech", "words": "Lệch", "effect": "1", "weight": Weight.ASKS, "ids": [], "number": 0}]
    report.save()
    titles = {name: [task.title for task in of_reports(person(name))] for name in (STAFF, LEADER)}
    assert titles == {STAFF: ["Trả lời 1 chỗ cần đối chiếu: tổng hợp 15/10/2023"], LEADER: []}
    answered(report)
    titles = {name: [task.title for task in of_reports(person(name))] for name in (STAFF, LEADER)}
    assert titles == {STAFF: [], LEADER: ["Xem và chốt tổng hợp 15/10/2023"]}


def test_answers_go_on_into_the_correction_where_the_finding_is_the_same(season: Season, unit: Any) -> None:
    report = built(season, unit)
    for one in report.problems:
        answer_finding(report_id=report.pk, key=one["key"], words="Đã hỏi đơn vị.", actor=person(STAFF))
    report = freeze_report(report_id=report.pk, build=1, suffix="", papers=papers_of, actor=person(LEADER))
    assert report.answers
    made = correct_report(report_id=report.pk, why="Ghi nhầm tên", actor=person(STAFF))
    jobs.run(made.job_id)  # type: ignore[arg-type]
    made.refresh_from_db()
    assert made.answers == report.answers and report.state == "frozen"


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
