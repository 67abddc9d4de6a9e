"""The pages of replication: what is typed stays, what is wrong is said at its field, files as other libraries read them, queries."""

import io
import re
from datetime import date
from decimal import Decimal
from typing import Any

import docx
import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common.models import HeldFile
from models_registry.models import Registration
from replication.enums import CampaignState, VisitState
from replication.models import Adoption, AdoptionOutput, ReplicationCampaign, StudyVisit
from replication.selectors.campaigns import late_lines
from replication.services import VisitTold, record_visit
from replication.tasks_waiting import of_visits
from tests.online import person
from tests.pages import lines_of_word
from tests.photos import PDF, photo
from tests.replicating import (
    COMMUNE,
    COMMUNES,
    OTHER,
    PROVINCE,
    SLUG,
    STAFF,
    adopted,
    counted,
    officer,
    opened,
    running,
    source,
    unit,
)

pytestmark = [pytest.mark.django_db]
HOME = "/lam-viec/nhan-rong/"


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(person(STAFF))
    return client


CAMPAIGN = {
    "mo-hinh": SLUG,
    "title": "Học lò đốt rác",
    "directive_kind": "CV",
    "directive_on": "8/12/2023",
    "directive_issuer": "Ban Thường vụ Huyện ủy",
    "starts_on": "8/12/2023",
    "ends_on": "30/6/2024",
    "what": "lò đốt rác",
    "counting_unit": "lò",
}


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_campaign_is_opened_given_units_and_started(staff: Client) -> None:
    page = staff.get(f"{HOME}mo/?mo-hinh={SLUG}")
    assert "Vận động nhân dân xây dựng lò đốt rác" in text_of(page)
    file = SimpleUploadedFile("cv.pdf", PDF, "application/pdf")
    answer = staff.post(f"{HOME}mo/", CAMPAIGN | {"file": file})
    campaign = ReplicationCampaign.objects.get()
    assert answer.status_code == 302 and answer["Location"] == reverse("replication:targets", args=[campaign.pk])
    assert campaign.directive_name == "cv.pdf"
    units = reverse("replication:targets", args=[campaign.pk])
    ids = [unit(key).pk for key in COMMUNES[:2]]
    assert staff.post(units, {"viec": "chon", "don-vi": ids, "chi-tieu": "1.500"}).status_code == 302
    assert list(campaign.targets.values_list("quantity", flat=True)) == [Decimal(1500)] * 2
    wrong = staff.post(units, {"viec": "chi-tieu", f"ct-{ids[0]}": "1.5", f"ct-{ids[1]}": "7"})
    assert wrong.status_code == 409 and 'value="1.5"' in text_of(wrong) and "1.500 cho một nghìn năm trăm" in text_of(wrong)
    assert staff.post(reverse("replication:campaign", args=[campaign.pk]), {"viec": "phat-dong"}).status_code == 302
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.RUNNING
    again = staff.post(reverse("replication:campaign", args=[campaign.pk]), {"viec": "phat-dong"})
    assert again.status_code == 409 and "Đang nhân rộng".lower() in text_of(again).lower()


@pytest.mark.parametrize(
    "field, value, words",
    [
        ("title", "", "chưa ghi"),
        ("directive_on", "30/2/2024", "không có thật"),
        ("starts_on", "1/1/2019", "mô hình gốc bắt đầu"),
        ("ends_on", "1/12/2023", ""),
        ("what", "", ""),
    ],
)
def test_what_is_wrong_in_a_campaign_is_said_at_its_field(staff: Client, field: str, value: str, words: str) -> None:
    answer = staff.post(f"{HOME}mo/", CAMPAIGN | {field: value, "directive_signer": "Lê Văn Mẫu"})
    text = text_of(answer)
    assert answer.status_code == 422 and words in text and "Lê Văn Mẫu" in text
    assert f'id="id_{field}"' in text and "is-invalid" in text and f'href="#id_{field}"' in text
    assert not ReplicationCampaign.objects.exists()


def _held(answer: Any) -> str:
    found = re.search(r'name="paper" value="([^"]+)"', text_of(answer))
    assert found
    return found[1]


def test_a_directives_file_is_chosen_once_whatever_else_is_wrong(staff: Client) -> None:
    file = SimpleUploadedFile("cv.pdf", PDF, "application/pdf")
    wrong = staff.post(f"{HOME}mo/", CAMPAIGN | {"title": "", "file": file})
    assert wrong.status_code == 422 and "Đã chọn <b>cv.pdf</b>" in text_of(wrong)
    assert staff.post(f"{HOME}mo/", CAMPAIGN | {"paper": _held(wrong)}).status_code == 302
    campaign = ReplicationCampaign.objects.get()
    assert campaign.directive_name == "cv.pdf" and campaign.directive_file.read() == PDF and not HeldFile.objects.exists()
    address = reverse("replication:edit", args=[campaign.pk])
    other = staff.post(address, CAMPAIGN | {"what": "", "file": SimpleUploadedFile("moi.pdf", PDF)})
    assert "Đã chọn <b>moi.pdf</b>" in text_of(other)
    sent = CAMPAIGN | {"what": "", "file": SimpleUploadedFile("moi-2.pdf", PDF), "paper": _held(other)}
    other = staff.post(address, sent)
    assert [held.file_name for held in HeldFile.objects.all()] == ["moi-2.pdf"]
    assert staff.post(address, CAMPAIGN | {"paper": _held(other), "drops_paper": "on"}).status_code == 302
    campaign.refresh_from_db()
    assert campaign.directive_name == "cv.pdf" and not HeldFile.objects.exists()


def test_a_file_that_is_no_directive_is_told_at_its_field(staff: Client) -> None:
    answer = staff.post(f"{HOME}mo/", CAMPAIGN | {"file": SimpleUploadedFile("cv.pdf", b"MZ")})
    assert answer.status_code == 422 and 'href="#id_file"' in text_of(answer) and "tệp chương trình" in text_of(answer)
    assert not (ReplicationCampaign.objects.exists() or HeldFile.objects.exists())


def test_evidence_is_chosen_once_whatever_else_is_wrong(staff: Client) -> None:
    one = adopted()
    address = reverse("replication:adoption", args=[one.pk])
    typed = {"viec": "ket-qua", "what": "lò đốt rác", "counting_unit": "lò", "quantity": "1.5x", "as_of": "1/3/2024"}
    wrong = staff.post(address, typed | {"file": SimpleUploadedFile("bb.pdf", PDF)})
    assert wrong.status_code == 422 and "Đã chọn <b>bb.pdf</b>" in text_of(wrong)
    counted(one, "12", by=PROVINCE)
    told = staff.post(address, typed | {"quantity": "15", "paper": _held(wrong)})
    assert told.status_code == 409 and "Đã chọn <b>bb.pdf</b>" in text_of(told) and 'name="seen" value="12"' in text_of(told)
    assert staff.post(address, typed | {"quantity": "15", "seen": "12", "paper": _held(told)}).status_code == 302
    output = AdoptionOutput.objects.get()
    assert (output.quantity, output.file_name, HeldFile.objects.count()) == (15, "bb.pdf", 0)


def test_an_adoption_is_written_down_and_what_is_wrong_stays(staff: Client) -> None:
    campaign = running()
    page = staff.get(f"{HOME}ghi/?chien-dich={campaign.pk}")
    assert "Thuộc chiến dịch" in text_of(page)
    typed = {"chien-dich": campaign.pk, "mo-hinh": SLUG, "unit": COMMUNES[0], "place": "Thôn 1", "adopted_on": "15/1/2024",
             "who": "", "method": "visit"}  # fmt: skip
    answer = staff.post(f"{HOME}ghi/", typed)
    assert answer.status_code == 422 and "Ai làm: chưa ghi." in text_of(answer) and 'value="Thôn 1"' in text_of(answer)
    answer = staff.post(f"{HOME}ghi/", typed | {"who": "Chi bộ thôn 1"})
    one = Adoption.objects.get()
    assert answer["Location"] == reverse("replication:adoption", args=[one.pk]) and one.campaign == campaign
    again = staff.post(f"{HOME}ghi/", typed | {"who": "Chi bộ thôn 1", "place": "thôn  1"}, follow=True)
    assert Adoption.objects.count() == 1 and "đã được ghi từ trước" in text_of(again)


@pytest.mark.parametrize(
    "field, value, words",
    [
        ("quantity", "1.5", "viết 1.500 cho một nghìn năm trăm"),
        ("quantity", "-3", "không âm"),
        ("quantity", "", "chưa ghi"),
        ("as_of", "2/4/2024", "chưa tới"),
        ("as_of", "1/1/2024", "nơi này bắt đầu 15/01/2024"),
        ("what", "", "ghi từ 1 đến 200"),
    ],
)
def test_a_wrong_number_is_told_and_kept(staff: Client, field: str, value: str, words: str) -> None:
    one = adopted()
    typed = {"viec": "ket-qua", "what": "lò đốt rác", "counting_unit": "lò", "quantity": "12", "as_of": "1/3/2024",
             "source": "Trưởng thôn đếm"}  # fmt: skip
    answer = staff.post(reverse("replication:adoption", args=[one.pk]), typed | {field: value})
    text = text_of(answer)
    assert answer.status_code == 422 and words in text and "Trưởng thôn đếm" in text
    assert not AdoptionOutput.objects.exists()


def test_one_thousand_five_hundred_is_that(staff: Client) -> None:
    one = adopted()
    typed = {"viec": "ket-qua", "what": "lò đốt rác", "counting_unit": "lò", "quantity": "1.500", "as_of": "1/3/2024"}
    assert staff.post(reverse("replication:adoption", args=[one.pk]), typed).status_code == 302
    assert AdoptionOutput.objects.get().quantity == 1500


def test_two_officers_and_one_day_the_second_is_told_and_may_put_his_number_in(staff: Client) -> None:
    one = adopted()
    address = reverse("replication:adoption", args=[one.pk])
    staff.get(address)
    counted(one, "12", by=PROVINCE)
    typed = {"viec": "ket-qua", "what": "lò đốt rác", "counting_unit": "lò", "quantity": "15", "as_of": "1/3/2024", "seen": ""}
    answer = staff.post(address, typed)
    text = text_of(answer)
    assert answer.status_code == 409 and "đã ghi 12 lò" in text and 'value="15"' in text and 'name="seen" value="12"' in text
    assert AdoptionOutput.objects.get().quantity == 12
    assert staff.post(address, typed | {"seen": "12"}).status_code == 302
    assert AdoptionOutput.objects.get().quantity == 15


def test_evidence_is_for_those_above_and_the_campaigns_body(client: Client) -> None:
    one = adopted(campaign_id=running().pk)
    client.force_login(person(STAFF))
    typed = {"viec": "ket-qua", "what": "lò đốt rác", "counting_unit": "lò", "quantity": "12", "as_of": "1/3/2024"}
    client.post(reverse("replication:adoption", args=[one.pk]), typed | {"file": SimpleUploadedFile("bb.pdf", PDF)})
    output = AdoptionOutput.objects.get()
    assert output.file_name == "bb.pdf"
    address = reverse("replication:evidence", args=[one.pk, output.pk])
    for name, status in ((STAFF, 200), (PROVINCE, 200), (COMMUNE, 404), (OTHER, 404), ("hoidong1", 404)):
        client.force_login(person(name))
        assert client.get(address).status_code == status, name
        page = text_of(client.get(reverse("replication:adoption", args=[one.pk])))
        assert ("Chi hội Nông dân" in page) == (status == 200), name
        assert ("bb.pdf" in page) == (status == 200), name


def board() -> ReplicationCampaign:
    campaign = running(quantity=Decimal(20))
    counted(adopted(COMMUNES[0], campaign_id=campaign.pk), "25")
    counted(adopted(COMMUNES[1], campaign_id=campaign.pk, place="Thôn 2"), "3")
    return campaign


def test_the_board_as_excel_and_as_table_4(staff: Client) -> None:
    campaign = board()
    address = reverse("replication:campaign", args=[campaign.pk])
    page = text_of(staff.get(address))
    assert "28/80" in page and "3 đơn vị chậm hoặc chưa làm" in page
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(staff.get(f"{address}?tai=xlsx").streaming_content))).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert any(row[:1] == ["Đảng ủy xã Hàm Phú"] and row[2:4] == [20, 25] and row[6] == "Đạt chỉ tiêu" for row in rows)
    places = openpyxl.load_workbook(io.BytesIO(b"".join(staff.get(f"{address}?tai=noi").streaming_content))).active
    cells = [[cell.value for cell in row] for row in places.iter_rows()]
    line = next(row for row in cells if row[2] == "Thôn 2")
    assert line[1] == "Đảng ủy xã Hàm Trí" and line[3].date() == date(2024, 1, 15) and line[4:6] == [3, "lò"]
    data = staff.get(f"{address}?tai=docx").content
    paper, words = docx.Document(io.BytesIO(data)), "\n".join(lines_of_word(data))
    assert "BIỂU 4" in words and "tính đến ngày 01/04/2024" in words
    assert "Công văn ngày 08/12/2023 của Ban Thường vụ Huyện ủy Hàm Thuận Bắc: 2/4 đơn vị được giao đã làm, ở 2 nơi." in words
    assert "Tổng cộng: 2 nơi làm; lò đốt rác 28 lò (không tính trùng)." in words
    table = next(table for table in paper.tables if "STT" in table.rows[0].cells[0].text)
    assert [cell.text for cell in table.rows[0].cells] == [
        "STT", "Mô hình gốc", "Đơn vị nhân rộng", "Ngày bắt đầu", "Kết quả đo được", "Hình thức"
    ]  # fmt: skip
    assert [cell.text for cell in table.rows[1].cells][2:] == [
        "Đảng ủy xã Hàm Phú", "15/01/2024", "25 lò (đến 01/03/2024)", "Tham quan"
    ]  # fmt: skip
    assert staff.get(f"{address}?tai=khac").status_code == 404


def test_the_board_of_an_earlier_day_and_a_day_that_is_none(staff: Client) -> None:
    address = reverse("replication:campaign", args=[board().pk])
    assert "0/80" in text_of(staff.get(f"{address}?ngay=1/1/2024"))
    answer = staff.get(f"{address}?ngay=31/2/2024")
    assert answer.status_code == 422 and "31/2/2024" in text_of(answer) and "không có thật" in text_of(answer)


def test_all_campaigns_with_outputs_and_late_units_and_their_files(staff: Client) -> None:
    board()
    opened(title="Chưa phát động")
    page = text_of(staff.get(HOME))
    assert "2 chiến dịch" in page and "<b>28</b>/80" in page and "3/4" in page
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(staff.get(f"{HOME}?tai=xlsx").streaming_content))).active
    line = next(row for row in sheet.iter_rows(values_only=True) if row[0] == "Toàn huyện học lò đốt rác Hàm Hiệp")
    assert line[6:12] == (4, 3, 2, 28, 80, "lò")
    paper = lines_of_word(staff.get(f"{HOME}?tai=docx&tt=running").content)
    assert any("Tổng cộng: 2 nơi làm" in line for line in paper)
    only = text_of(staff.get(f"{HOME}?tt=planned"))
    assert "1 chiến dịch" in only and "Chưa phát động" in only
    assert "Bỏ lọc" in text_of(staff.get(f"{HOME}?q=không+có+gì"))
    other = Client()
    other.force_login(person(COMMUNE))
    assert other.get(f"{HOME}?tai=docx").status_code == 404 and "Chưa phát động" not in text_of(other.get(HOME))


def test_late_units_for_those_above_them(client: Client) -> None:
    board()
    client.force_login(person(PROVINCE))
    page = text_of(client.get(f"{HOME}cham/"))
    assert "3 đơn vị, 3 việc chậm" in page and "Đảng ủy xã Hàm Trí" in page and "Đảng ủy xã Hàm Phú" not in page
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(client.get(f"{HOME}cham/?tai=xlsx").streaming_content))).active
    assert sum(row[4] in ("Chậm", "Chưa làm") for row in sheet.iter_rows(values_only=True)) == 3
    officer("hamtri.canbo", COMMUNES[1])
    assert [line.name for _, line in late_lines(person("hamtri.canbo"), date(2024, 4, 1))] == ["Đảng ủy xã Hàm Trí"]
    assert late_lines(person(OTHER), date(2024, 4, 1)) == []
    client.force_login(person("quantri"))
    assert client.get(f"{HOME}cham/").status_code == 404


def one_more(n: int) -> None:
    """A campaign, an adoption with a number, a visit."""
    campaign = running((COMMUNES[n],), title=f"Chiến dịch {n}")
    counted(adopted(COMMUNES[n], campaign_id=campaign.pk, place=f"Thôn {n}"), "5")
    typed = VisitTold(f"{n + 1}/3/2024", "", "", "Học")
    record_visit(model_id=source().pk, visitor=unit(COMMUNES[n]), typed=typed, actor=person(STAFF))


ADDRESSES = (HOME, f"{HOME}cham/", f"{HOME}noi/", f"{HOME}tham-quan/", f"{HOME}tham-quan/lich.ics", f"{HOME}goi-y/",
             "/nhan-rong/", f"/mo-hinh/{SLUG}/lan-toa/", f"/mo-hinh/{SLUG}/cach-lam/", f"/mo-hinh/{SLUG}/")  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_list_asks_the_same_number_of_queries_for_one_and_for_three(staff: Client, address: str) -> None:
    one_more(0)
    staff.get(address)
    counts = []
    for n in (1, 2):
        with CaptureQueriesContext(connection) as queries:
            assert staff.get(address).status_code == 200
        counts.append(len(queries))
        one_more(n)
    with CaptureQueriesContext(connection) as queries:
        staff.get(address)
    counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2] <= 25, counts


@pytest.mark.usefixtures("nothing_kept")
def test_a_campaigns_page_asks_the_same_number_for_one_and_for_three(staff: Client) -> None:
    campaign = running(COMMUNES)
    address = reverse("replication:campaign", args=[campaign.pk])
    counts = []
    for key in COMMUNES[:3]:
        counted(adopted(key, campaign_id=campaign.pk), "5")
        with CaptureQueriesContext(connection) as queries:
            staff.get(address)
        counts.append(len(queries))
    assert counts[0] == counts[2] <= 20, counts


def test_a_visit_asked_answered_and_told_on_its_page(client: Client) -> None:
    officer("hamphu.canbo", COMMUNES[0])
    client.force_login(person("hamphu.canbo"))
    page = text_of(client.get(f"/mo-hinh/{SLUG}/"))
    assert f"tham-quan/xin/?mo-hinh={SLUG}" in page
    typed = {"mo-hinh": SLUG, "unit": COMMUNES[0], "wanted_on": "31/2/2024", "people": "5", "purpose": "Xem lò", "contact": "Lan"}
    answer = client.post(f"{HOME}tham-quan/xin/", typed)
    assert answer.status_code == 422 and "không có thật" in text_of(answer) and "Xem lò" in text_of(answer)
    answer = client.post(f"{HOME}tham-quan/xin/", typed | {"wanted_on": "15/4/2024"})
    visit = StudyVisit.objects.get()
    address = reverse("replication:visit", args=[visit.pk])
    assert answer["Location"] == address
    assert client.post(address, {"viec": "hen", "planned_on": "20/4/2024"}).status_code == 404  # the host's
    host = Client()
    host.force_login(person(COMMUNE))
    assert "Đảng ủy xã Hàm Phú xin đến học" in [task.title for task in of_visits(person(COMMUNE))]
    wrong = host.post(address, {"viec": "hen", "planned_on": "hôm nào", "planned_at": "7h30", "answer": "Mời đoàn"})
    assert wrong.status_code == 422 and "Mời đoàn" in text_of(wrong) and "hôm nào" in text_of(wrong)
    assert host.post(address, {"viec": "hen", "planned_on": "1/4/2024", "planned_at": "7h30"}).status_code == 302
    assert "07:30" in text_of(client.get(address))
    ics = client.get(f"{address}lich.ics")
    assert ics["Content-Type"].startswith("text/calendar") and b"DTSTART:20240401T003000Z" in ics.content
    assert any("ghi đã học được gì" in task.title for task in of_visits(person("hamphu.canbo")))
    told = {"viec": "ghi", "visited_on": "1/4/2024", "people": "5", "party": "Chi bộ", "learned": ""}
    answer = client.post(address, told)
    assert answer.status_code == 422 and 'value="Chi bộ"' in text_of(answer)
    assert client.post(address, told | {"learned": "Xây lò gạch cũ"}).status_code == 302
    file = SimpleUploadedFile("a.jpg", photo(), "image/jpeg")
    assert client.post(address, {"viec": "anh", "anh": file}).status_code == 302
    refused = client.post(address, {"viec": "anh", "anh": SimpleUploadedFile("b.pdf", PDF)})
    assert refused.status_code == 409 and "b.pdf: Ở đây không nhận tệp PDF" in text_of(refused)
    one = visit.photos.get()
    several = [SimpleUploadedFile("b.pdf", PDF), SimpleUploadedFile("c.jpg", photo(width=40, height=30))]
    told = client.post(address, {"viec": "anh", "anh": several})
    assert told.status_code == 409 and "Đã thêm 1 ảnh. b.pdf: Ở đây" in text_of(told) and visit.photos.count() == 2
    shown = host.get(reverse("replication:visit-photo", args=[visit.pk, one.pk]))
    assert shown["Content-Type"] == "image/webp" and "sandbox" in shown["Content-Security-Policy"]
    other = Client()
    other.force_login(person(OTHER))
    assert other.get(reverse("replication:visit-photo", args=[visit.pk, one.pk])).status_code == 404
    assert f"?tham-quan={visit.pk}" in text_of(client.get(address))
    form = text_of(client.get(f"{HOME}ghi/?tham-quan={visit.pk}"))
    assert '<option value="visit" selected' in form and "Sau chuyến tham quan ngày 01/04/2024" in form
    typed_2 = {"tham-quan": visit.pk, "unit": COMMUNES[0], "adopted_on": "1/4/2024", "who": "Chi bộ", "method": "visit"}
    assert client.post(f"{HOME}ghi/", typed_2).status_code == 302
    assert Adoption.objects.get().visit == visit and visit.state == VisitState.ASKED
    assert "1</dd>" in text_of(Client().get(f"/mo-hinh/{SLUG}/lan-toa/"))


def test_registering_from_an_adoption_opens_the_draft(staff: Client, new_season: Any) -> None:
    one = adopted(COMMUNES[0])
    answer = staff.post(reverse("replication:adoption", args=[one.pk]), {"viec": "dang-ky"})
    one.refresh_from_db()
    assert one.registration and answer["Location"] == reverse("models_registry:write", args=[one.registration.pk])
    assert Registration.objects.get(pk=one.registration.pk).kind == "maintained"


def test_nothing_personal_in_public(client: Client) -> None:
    campaign = running()
    one = adopted(COMMUNES[0], campaign_id=campaign.pk, who="Nguyễn Thị Riêng")
    counted(one, "12", source="Bà Trần Kín đếm")
    typed = VisitTold("1/3/2024", "5", "Ông Phạm Giấu", "Điều đã học riêng")
    record_visit(model_id=source().pk, visitor=unit(COMMUNES[0]), typed=typed, actor=person(STAFF))
    for address in ("/nhan-rong/", f"/mo-hinh/{SLUG}/lan-toa/", f"/mo-hinh/{SLUG}/cach-lam/", f"/mo-hinh/{SLUG}/"):
        text = text_of(client.get(address))
        for words in ("Nguyễn Thị Riêng", "Bà Trần Kín", "Phạm Giấu", "Điều đã học riêng"):
            assert words not in text, (address, words)
