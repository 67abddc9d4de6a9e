"""Reports asked for once, built in the background, reconciled."""

import json
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from common import jobs
from common.exceptions import DomainError, NotAllowed
from common.models import Job
from models_registry.models import RegisterImport, Registration, Season
from notifications.models import Message
from reports import tasks  # the background's work registers itself
from reports.counted import BITS, Counted
from reports.enums import Weight
from reports.kinds import kind_of
from reports.models import Report
from reports.selectors.gathering import counted_of, facts_of
from reports.selectors.reading import facts_in
from reports.selectors.reconciling import findings, rows_behind
from reports.services import (
    ask_report,
    make_due,
    rebuild_report,
    stop_building,
)
from tests.online import person
from tests.reporting import DAY, DISTRICT, KIND, LEADER, STAFF, asked, built

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("autumn")]


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


@pytest.mark.parametrize("day", [date(2024, 1, 1), date(2026, 11, 26)])
def test_a_day_after_the_year_is_its_last_on_the_page_by_the_command_and_the_clock(
    season: Season, unit: Any, day: date, client: Client, tmp_path: Path
) -> None:
    with time_machine.travel(datetime(2026, 11, 27, 3, tzinfo=UTC), tick=False):
        made = asked(season, unit, day=day, kind="nam")
        assert made.as_of == date(2023, 12, 31)
        assert (
            asked(season, unit, day=date(2023, 12, 31), kind="nam") == asked(season, unit, day=day, kind="nam", by=None) == made
        )
        out = StringIO()
        call_command("build_report", "nam", "--season", "2023", "--as-of", str(day), "--out", str(tmp_path), "--json", stdout=out)
        assert json.loads(out.getvalue())["files"][0].endswith("nam-binh-thuan-20231231.docx")
        client.force_login(person(STAFF))
        answer = client.post(reverse("reports:home") + "?nam=2023", {"loai": "nam", "ngay": f"{day:%d/%m/%Y}"}, follow=True)
    assert "Năm 2023 kết thúc ngày 31/12/2023: báo cáo tính đến ngày ấy" in answer.content.decode()
    assert Report.objects.count() == 1


def test_a_day_after_the_kinds_last_is_refused(season: Season, unit: Any) -> None:
    with time_machine.travel("2023-12-01T03:00:00Z", tick=False):
        for kind, day, last in ((KIND, date(2023, 10, 16), "15/10/2023"), ("chin-thang", date(2023, 10, 1), "30/09/2023")):
            with pytest.raises(DomainError, match=f"năm 2023 tính đến {last}; ngày .* thuộc loại báo cáo khác"):
                asked(season, unit, day=day, kind=kind)
    assert not Report.objects.exists()


def test_who_has_reports_made(season: Season, unit: Any) -> None:
    for name in (LEADER, DISTRICT, "hamhiep.canbo", "hoidong1", "quantri"):
        with pytest.raises(NotAllowed):
            asked(season, unit, by=name)
    assert asked(season, unit, by=DISTRICT, key="ham-thuan-bac").unit_name == "Huyện ủy Hàm Thuận Bắc"
    with pytest.raises(NotAllowed):
        asked(season, unit, by=DISTRICT, key="phan-thiet")


def test_built_in_the_background_with_its_steps_and_told(season: Season, unit: Any) -> None:
    report = built(season, unit)
    assert report.build == 1 and report.job and report.job.progress == 2 and report.job.total == 3
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


def test_what_a_units_own_register_says_of_its_total_is_asked_about(season: Any, unit: Any) -> None:
    htb = unit("ham-thuan-bac")
    said = {"code": "total_mismatch", "sheet": "DS", "row": 90, "message": "Sổ ghi tổng 75, đọc được 74."}
    for day_of, warnings in ((1, []), (2, [{"code": "old_font"}, said])):  # the last upload speaks
        at = datetime(2099, 1, day_of, tzinfo=UTC)
        upload = RegisterImport(season=season, unit=htb, file_name="so.xlsx", state="stored", stored_at=at)
        upload.report = {"warnings": warnings}
        upload.save()
        RegisterImport.objects.filter(pk=upload.pk).update(created_at=at)
    province, day = unit("binh-thuan"), date(2023, 10, 15)
    kind, report = kind_of("tong-hop-15-10"), Report(season=season, unit=province, as_of=day)
    assert kind
    told = findings(report, facts_of(kind, season, province, day), counted_of(season, province, day))
    (found,) = [one for one in told if one.key.startswith("so-")]
    assert found.words == "Hàm Thuận Bắc: Sổ ghi tổng 75, đọc được 74." and found.key.endswith("-DS-90")
    registered = Registration.objects.filter(season=season, unit=htb, registered_on__lte=date(2023, 10, 15))
    assert found.number == len(found.ids) == registered.filter(withdrawn_on=None).count()
