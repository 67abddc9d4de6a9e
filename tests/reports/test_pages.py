"""The pages of reports: asked for, watched, read, opened figure by figure, written in, frozen; a fixed number of queries."""

import io
import re
from datetime import date
from typing import Any

import openpyxl
import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from common import jobs
from common.models import Job
from models_registry.models import Registration, Season
from notifications.models import Message
from reports import tasks  # noqa: F401  the background's work registers itself
from reports.counted import Counted
from reports.models import Report
from reports.services import ask_report
from tests.online import person
from tests.pages import plain

pytestmark = [pytest.mark.django_db]
STAFF, LEADER, DISTRICT = "tinh.chuyenvien", "tinh.lanhdao", "hamthuanbac.chuyenvien"
HOME = "/lam-viec/bao-cao/"
ASKED = {"nam": "2023", "loai": "tong-hop-15-10", "ngay": "15/10/2023"}


@pytest.fixture(autouse=True)
def _here(settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setattr(jobs.current_app, "send_task", lambda name, args: None)
    with time_machine.travel("2023-10-16T03:00:00Z", tick=False):
        yield


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(person(STAFF))
    return client


def text_of(answer: Any) -> str:
    """The page, each run of blanks as one: how a template is broken into lines says nothing."""
    return " ".join(answer.content.decode().split()).replace(" >", ">")


@pytest.fixture
def made(staff: Client, season: Season) -> Report:
    answer = staff.post(HOME, ASKED)
    report = Report.objects.get()
    assert answer["Location"] == reverse("reports:report", args=[report.pk])
    jobs.run(report.job_id)  # type: ignore[arg-type]
    report.refresh_from_db()
    return report


def test_a_day_that_is_none_is_told_beside_its_field(staff: Client, season: Season) -> None:
    for day, words in (("31/2/2023", "không có thật"), ("1/1/2022", "trước ngày mở đăng ký"), ("1/1/2099", "chưa tới")):
        answer = staff.post(HOME, ASKED | {"ngay": day})
        text = text_of(answer)
        assert answer.status_code == 422 and words in text and f'value="{day}"' in text and 'href="#ngay"' in text
    assert not Report.objects.exists()


def test_it_is_watched_while_it_is_made(staff: Client, season: Season) -> None:
    staff.post(HOME, ASKED)
    report = Report.objects.get()
    page = text_of(staff.get(reverse("reports:report", args=[report.pk])))
    assert "Đang chờ máy xử lý" in page and "every 1s" in page and "Đếm theo ngày" in page
    watched = staff.get(reverse("reports:progress", args=[report.pk]))
    assert "HX-Refresh" not in watched
    jobs.run(report.job_id)  # type: ignore[arg-type]
    assert staff.get(reverse("reports:progress", args=[report.pk]))["HX-Refresh"] == "true"


def test_the_page_says_what_was_published_and_every_figure_opens_its_rows(staff: Client, made: Report) -> None:
    page = text_of(staff.get(reverse("reports:report", args=[made.pk])))
    plain = " ".join(re.sub(r"<[^>]+>", "", page).split())
    assert (
        "toàn tỉnh có 746 mô hình được đăng ký ở cấp huyện, trong đó đăng ký năm 2023 là 480, tiếp tục duy trì và nhân rộng từ năm "
        "2022 là 266; 13/14 đơn vị (trừ Đức Linh) công nhận 155; 13/14 đơn vị (trừ Đức Linh) đề nghị 39."
    ) in plain
    links = {link.replace("&amp;", "&") for link in re.findall(rf'href="(/lam-viec/bao-cao/{made.pk}/dang-ky/\?so=[^"]+)"', page)}
    assert len(links) > 60
    counted = Counted.unpacked(bytes(made.counted))
    for link in sorted(links)[::7]:
        rows = text_of(staff.get(link))
        number = int(re.search(r'<h1><span class="num">([\d.]+)</span>', rows)[1].replace(".", ""))  # type: ignore[index]
        shown = re.search(rf'href="{re.escape(link.replace("&", "&amp;"))}"[^>]*>(?:<b[^>]*>)?([\d.]+)<', page)
        assert shown and int(shown[1].replace(".", "")) == number, link
    address = reverse("reports:rows", args=[made.pk])
    assert "746</span> đăng ký" in text_of(staff.get(f"{address}?so=dang-ky"))
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(staff.get(f"{address}?so=de-nghi&tai=xlsx").streaming_content))).active
    assert sum(1 for row in sheet.iter_rows(min_row=4, values_only=True) if row[0]) >= counted.number("de-nghi")
    assert staff.get(f"{address}?so=khong-co").status_code == 404
    assert staff.get(f"{address}?so=dang-ky&don-vi=khong-co").status_code == 404


def test_numbers_of_the_span_of_fields_and_of_units_open_their_lists(staff: Client, season: Season) -> None:
    staff.post(HOME, {"nam": "2023", "loai": "thang", "ngay": "30/9/2023"})
    month = Report.objects.get()
    jobs.run(month.job_id)  # type: ignore[arg-type]
    month.refresh_from_db()
    page = text_of(staff.get(reverse("reports:report", args=[month.pk])))
    came = month.facts["arrived"]["dang-ky"]  # type: ignore[index]
    rows = reverse("reports:rows", args=[month.pk])
    assert f'href="{rows}?so=dang-ky&amp;ky=1"><b class="num">{came}</b>' in page
    assert f"{came}</span> đăng ký" in text_of(staff.get(f"{rows}?so=dang-ky&ky=1"))
    assert "0</span> nơi làm theo" in text_of(staff.get(f"{rows}?nhan-rong=noi-lam"))
    assert staff.get(f"{rows}?nhan-rong=khong-co").status_code == 404
    staff.post(HOME, {"nam": "2023", "loai": "quy", "ngay": "30/9/2023"})
    quarter = Report.objects.get(kind="quy")
    jobs.run(quarter.job_id)  # type: ignore[arg-type]
    page = text_of(staff.get(reverse("reports:report", args=[quarter.pk])))
    for name, number in (Report.objects.get(kind="quy").facts or {})["fields"].items():
        link = re.search(rf'{name.lower()} <a href="([^"]+)"><b class="num">{number}</b>', page)
        assert link and f"{number}</span> đăng ký" in text_of(staff.get(link[1].replace("&amp;", "&")))
    assert re.search(r'href="#theo-don-vi"><b class="num">', page) and 'id="theo-don-vi"' in page


def test_findings_show_the_dates_they_speak_of(staff: Client, made: Report) -> None:
    page = text_of(staff.get(reverse("reports:report", args=[made.pk])))
    problem = next(one for one in made.problems if one["ids"])
    row = Registration.objects.get(pk=problem["ids"][0])
    said = f"đăng ký {row.registered_on:%d/%m/%Y}"
    assert f"“{row.title}”: {said}" in page
    listed = text_of(staff.get(f"{reverse('reports:rows', args=[made.pk])}?cho={problem['key']}"))
    assert f"Đ{said[1:]}" in listed


def test_a_frozen_report_of_years_ago_still_opens_its_rows(staff: Client, made: Report) -> None:
    leader = Client()
    leader.force_login(person(LEADER))
    freeze = reverse("reports:freeze", args=[made.pk])
    page = text_of(leader.get(freeze))
    for key in re.findall(r"Chưa trả lời", page):
        assert key
    for one in made.problems:
        staff.post(reverse("reports:report", args=[made.pk]), {"viec": "tra-loi", "cho": one["key"], "loi": "Đã hỏi."})
    unsure = leader.post(freeze, {"lan": "1"})
    assert unsure.status_code == 409 and "Đánh dấu vào ô xác nhận" in text_of(unsure)
    stale = leader.post(freeze, {"lan": "0", "xac-nhan": "1"})
    assert stale.status_code == 409 and "vừa được đếm lại" in text_of(stale)
    seen = re.findall(r'name="da-thay"\s+value="(\w+)"', text_of(leader.get(freeze)))[0]
    write = reverse("reports:write", args=[made.pk, "danh-gia"])
    assert staff.post(write, {"chu": "Phong trào có chiều sâu.", "da-thay": ""}).status_code == 302
    unread = leader.post(freeze, {"lan": "1", "xac-nhan": "1", "da-thay": seen})
    assert unread.status_code == 409 and "vừa được sửa" in text_of(unread)
    seen = re.findall(r'name="da-thay"\s+value="(\w+)"', text_of(leader.get(freeze)))[0]
    assert leader.post(freeze, {"lan": "1", "xac-nhan": "1", "da-thay": seen}).status_code == 302
    row = Registration.objects.filter(season__year=2023, withdrawn_on__isnull=True, registered_on__lte=date(2023, 10, 15)).first()
    assert row
    Registration.objects.filter(pk=row.pk).update(state="withdrawn", withdrawn_on=date(2023, 10, 1))
    with time_machine.travel("2027-01-10T03:00:00Z", tick=False):
        staff.force_login(person(STAFF))
        address = reverse("reports:rows", args=[made.pk])
        assert "746</span> đăng ký" in text_of(staff.get(f"{address}?so=dang-ky"))
        page = text_of(staff.get(reverse("reports:recount", args=[made.pk])))
        assert "bớt 1</a>" in page and "không đổi" in page and "Bản chốt 16/10/2023" in page and "Đếm lại 10/01/2027" in page
        assert "Ra khỏi mô hình đăng ký cấp huyện" in page
        page = text_of(staff.get(reverse("reports:report", args=[made.pk])))
        assert made.checksum == "" and Report.objects.get().checksum in page
        kept = b"".join(staff.get(reverse("reports:file", args=[made.pk, "pdf"])).streaming_content)
        assert kept.startswith(b"%PDF")


def test_words_are_written_on_their_page_and_a_typed_figure_is_refused(staff: Client, made: Report) -> None:
    address = reverse("reports:write", args=[made.pk, "ket-qua"])
    page = text_of(staff.get(address))
    seen = "Tính đến ngày {ngay}"
    assert seen in page and "{dang_ky}" in page and 'data-brace="dang_ky" data-value="746"' in page
    assert "<p>Tính đến ngày 15/10/2023, toàn tỉnh có 746 mô hình" in page  # as it will be printed
    raw = re.search(r'name="da-thay" value="([^"]+)"', page)[1]  # type: ignore[index]
    answer = staff.post(address, {"chu": "Có 750 mô hình.", "da-thay": raw})
    assert answer.status_code == 422 and "Số “750” gõ tay" in text_of(answer) and "Có 750 mô hình." in text_of(answer)
    assert staff.post(address, {"chu": "Đăng ký {dang_ky} mô hình.", "da-thay": raw}).status_code == 302
    assert "Lời của cán bộ" in text_of(staff.get(reverse("reports:report", args=[made.pk])))
    looked = text_of(staff.post(address, {"chu": "Thử {moi} mới.", "da-thay": raw, "viec": "xem"}))
    assert "<p>Thử 480 mới.</p>" in looked and Report.objects.get().texts["ket-qua"] == "Đăng ký {dang_ky} mô hình."
    stale = staff.post(address, {"chu": "Khác {dang_ky}.", "da-thay": raw})
    assert stale.status_code == 409 and "Khác {dang_ky}." in text_of(stale) and "Đăng ký {dang_ky} mô hình." in text_of(stale)
    assert staff.post(address, {"viec": "lai", "da-thay": "Đăng ký {dang_ky} mô hình."}).status_code == 302
    assert Report.objects.get().texts == {}


def test_the_season_at_a_glance(staff: Client, made: Report, unit: Any) -> None:
    page = text_of(staff.get(f"{HOME}?nam=2023"))
    assert "0/14" in page and "Nhắc 14 đơn vị" in page and "Chưa đến ngày" in page
    assert "Tháng 9 năm 2023" in page and "Quý III năm 2023" in page and "Tổng hợp 15/10/2023" in page
    assert page.count("Nhắc 14 đơn vị") == 6  # of the quarter that is over, not of January
    assert "Chưa gửi gì" in text_of(staff.post(HOME, ASKED | {"viec": "nhac"}))
    assert not Message.objects.filter(event_key__startswith="report-missing:").exists()
    told = staff.post(HOME, ASKED | {"viec": "nhac", "gui": "1"}, follow=True)
    assert "Đã nhắc 3 người" in text_of(told)
    assert "Hôm nay đã nhắc rồi" in text_of(staff.post(HOME, ASKED | {"viec": "nhac", "gui": "1"}, follow=True))
    other = Client()
    other.force_login(person(DISTRICT))
    mine = text_of(other.get(f"{HOME}?nam=2023"))
    assert "Huyện ủy Hàm Thuận Bắc" in mine and "0/14" not in mine and "Lập báo cáo" in mine
    other.post(HOME, ASKED)
    assert Report.objects.filter(unit=unit("ham-thuan-bac")).count() == 1


@pytest.mark.usefixtures("nothing_kept")
def test_who_has_sent_which_report(staff: Client, season: Season, unit: Any) -> None:
    address = reverse("reports:sent")
    counts = []
    for key in ("phan-thiet", "la-gi"):
        report = ask_report(kind="tong-hop-15-10", season=season, unit=unit(key), day=date(2023, 10, 15), actor=None)[0]
        with CaptureQueriesContext(connection) as queries:
            page = text_of(staff.get(f"{address}?nam=2023"))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 45, counts
    assert "14 đơn vị, 15 báo cáo đã đến ngày" in page and "Tổng hợp 15/10/2023" in page and "quá hạn" in page
    jobs.run(report.job_id)  # type: ignore[arg-type]
    report.refresh_from_db()
    Report.objects.filter(pk=report.pk).update(
        state="frozen", frozen_at=timezone.now(), frozen_by=person(LEADER), checksum="x", answers={}
    )
    page = text_of(staff.get(f"{address}?nam=2023&loai=tong-hop-15-10&q=la gi"))
    assert "1 đơn vị, 1 báo cáo" in page and f'href="{reverse("reports:report", args=[report.pk])}">16/10/23</a>' in page
    assert "13 đơn vị" in text_of(staff.get(f"{address}?nam=2023&loai=tong-hop-15-10&thieu=1"))
    assert "Không có đơn vị nào" in text_of(staff.get(f"{address}?nam=2023&q=khong-co"))


@pytest.mark.usefixtures("nothing_kept")
def test_the_same_number_of_queries_for_one_report_and_for_three(staff: Client, season: Season, unit: Any) -> None:
    counts = []
    for key in ("phan-thiet", "la-gi", "tuy-phong"):
        ask_report(kind="tong-hop-15-10", season=season, unit=unit(key), day=date(2023, 10, 15), actor=None)
        with CaptureQueriesContext(connection) as queries:
            assert staff.get(f"{HOME}?nam=2023").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[2] <= 45, counts


def test_a_lost_worker_is_told_on_the_page(staff: Client, season: Season) -> None:
    staff.post(HOME, ASKED)
    report = Report.objects.get()
    Job.objects.filter(pk=report.job_id).update(state="running", heard_at=timezone.now() - jobs.SILENCE * 2)
    assert "Máy xử lý đã dừng giữa chừng; cổng sẽ làm lại" in text_of(staff.get(reverse("reports:progress", args=[report.pk])))


def test_a_report_page_asks_few_queries(staff: Client, made: Report) -> None:
    for address in (reverse("reports:report", args=[made.pk]), f"{reverse('reports:rows', args=[made.pk])}?so=dang-ky"):
        with CaptureQueriesContext(connection) as queries:
            staff.get(address)
        assert len(queries) <= 20, (address, len(queries))


def test_a_figure_from_a_paper_stands_beside_ours(staff: Client, made: Report) -> None:
    address = reverse("reports:report", args=[made.pk])
    given = {"viec": "trich", "so-lieu": "dang-ky", "muc": "hơn", "con-so": "1.700", "phan": "1.640", "nguon": "Báo cáo năm 2023"}
    answer = staff.post(address, given, follow=True)
    words = re.sub(r"<[^>]+>", "", text_of(answer))
    assert "hơn 1.700; cổng đếm 746" in words and "cộng lại 1.640, không đủ tổng" in words and "Báo cáo năm 2023" in words
    for wrong, said in (({"con-so": "1,5"}, "ghi số tròn"), ({"nguon": " "}, "Nguồn"), ({"muc": "ba"}, "Mức chính xác")):
        refused = staff.post(address, given | wrong)
        assert refused.status_code == 409 and said in text_of(refused)
        assert 'value="1.640"' in text_of(refused)
    number = re.search(r'name="dong" value="(\d+)"', text_of(answer))[1]  # type: ignore[index]
    other = Client()
    other.force_login(person(LEADER))
    assert other.post(address, {"viec": "bo-trich", "dong": number}).status_code == 404
    assert "Báo cáo năm 2023" not in text_of(staff.post(address, {"viec": "bo-trich", "dong": number}, follow=True))


def test_before_freezing_the_missing_units_are_named(staff: Client, made: Report) -> None:
    leader = Client()
    leader.force_login(person(LEADER))
    page = plain(text_of(leader.get(reverse("reports:freeze", args=[made.pk]))))
    assert "0/14 đơn vị đã gửi báo cáo kỳ này" in page and "Chưa gửi: 14 đơn vị Phan Thiết La Gi" in page


def test_without_a_day_it_is_the_kinds_own(staff: Client, season: Season) -> None:
    with time_machine.travel("2024-02-01T03:00:00Z", tick=False):
        staff.force_login(person(STAFF))
        page = text_of(staff.get(f"{HOME}?nam=2023"))
        assert "Tổng hợp 15/10/2023" in page and "31/12/2023</option>" not in page
        staff.post(HOME, ASKED | {"ngay": " "})
    assert Report.objects.get().title == "Tổng hợp 15/10/2023"


def test_a_row_of_the_calendar_has_its_report_made(staff: Client, season: Season) -> None:
    offered = re.compile(
        r'name="loai" value="([\w-]+)"> <input type="hidden" name="ngay" value="([\d/]+)"> <button class="btn btn-outline-primary'
    )
    rows = offered.findall(text_of(staff.get(f"{HOME}?nam=2023")))
    assert ("tong-hop-15-10", "15/10/2023") in rows and ("thang", "16/10/2023") in rows  # October's runs
    assert ("thang", "30/11/2023") not in rows
    staff.post(HOME, ASKED)
    assert "15/10/2023" not in [day for _, day in offered.findall(text_of(staff.get(f"{HOME}?nam=2023")))]
