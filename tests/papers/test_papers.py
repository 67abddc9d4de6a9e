"""Letterheads by date, numbers, Word files in each layout, an office's own Word file."""

import io
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from docx import Document
from docx.document import Document as WordDocument
from docx.shared import Mm

from common.exceptions import DomainError, NotAllowed
from organisation.models import Unit
from papers.enums import Layout
from papers.exports import head_values, number_text, place_and_day, spelled, write_paper
from papers.kinds import known_form, known_forms
from papers.models import FormRecord, Letterhead, PaperNumber, PaperTemplate
from papers.selectors import form_on, letterhead_on, next_number
from papers.services import NewPaper, drop_template, end_form, enter_form, keep_template, save_letterhead, take_number
from papers.word.filling import TemplateRefused
from papers.word.layouts import PARTY_05, PARTY_36, STATE_30, build, profile_on
from papers.word.templates import read_placeholders
from tests.online import person

pytestmark = pytest.mark.django_db
STAFF = "hamthuanbac.chuyenvien"


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def htb() -> Unit:
    return Unit.objects.get(key="ham-thuan-bac")


def head(unit: Unit, **changes: Any) -> Letterhead:
    given: dict[str, Any] = {
        "suffix": "UBND",
        "valid_from": date(2023, 1, 1),
        "layout": Layout.STATE,
        "body_name": "Ủy ban nhân dân huyện Hàm Thuận Bắc",
        "superior_name": "Ủy ban nhân dân tỉnh",
        "place": "Hàm Thuận Bắc",
        "authority": "TM. ỦY BAN NHÂN DÂN",
        "signer_title": "CHỦ TỊCH",
        "signer_name": "Người ký",
        "term": "",
        "recipients": "Như Điều 3;\n- Lưu: VT.",
    } | changes
    return save_letterhead(unit=unit, actor=None, **given)


def texts(data: bytes) -> str:
    return words_of(Document(io.BytesIO(data)))


def words_of(document: WordDocument) -> str:
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)


def test_numbers_are_written_as_each_side_writes_them(htb: Unit) -> None:
    party, state = letterhead_on(htb, "HU", date(2023, 5, 1)), head(htb)
    assert party is not None
    assert number_text(party, "QĐ", 5) == "05-QĐ/HU" and number_text(state, "QĐ", 5) == "05/QĐ-UBND"
    assert number_text(party, "QĐ", 123) == "123-QĐ/HU" and number_text(party, "QĐ", None) == "......-QĐ/HU"
    assert head_values(party, "QĐ", 5, None)["so_ky_hieu"] == "Số 05-QĐ/HU"
    assert head_values(state, "QĐ", 5, None)["so_ky_hieu"] == "Số: 05/QĐ-UBND"
    assert place_and_day(party, date(2023, 11, 8)) == "Hàm Thuận Bắc, ngày 08 tháng 11 năm 2023"
    assert place_and_day(party, date(2023, 5, 8)) == "Hàm Thuận Bắc, ngày 08 tháng 05 năm 2023"
    assert place_and_day(state, date(2023, 5, 8)) == "Hàm Thuận Bắc, ngày 08 tháng 5 năm 2023"
    assert head_values(state, "QĐ", None, None)["noi_nhan"] == [{"ten": "Như Điều 3"}, {"ten": "Lưu: VT"}]
    assert head_values(state, "BC", None, None)["noi_nhan"] == [{"ten": "Lưu: VT"}]


def test_the_partys_numbers_run_by_term_the_states_by_year(htb: Unit) -> None:
    party, state = letterhead_on(htb, "HU", date(2023, 5, 1)), head(htb)
    assert party is not None
    for day, number in ((date(2023, 12, 1), 1), (date(2024, 1, 5), 2)):
        assert take_number(paper=NewPaper(party, "QĐ", day), actor=None).number == number
        assert take_number(paper=NewPaper(state, "QĐ", day), actor=None).number == 1
    assert next_number(party, "TTr", "2020-2025") == 1  # each kind of paper by itself
    with pytest.raises(DomainError, match="Số 02 đã cấp"):
        take_number(paper=NewPaper(party, "QĐ", date(2024, 2, 1), number=2), actor=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        PaperNumber.objects.create(unit=htb, suffix="HU", symbol="QĐ", term="2020-2025", number=2, dated_on=date(2024, 2, 1))


def test_a_letterhead_is_that_of_the_day_and_does_not_change_under_a_paper(htb: Unit) -> None:
    head(htb)
    head(htb, valid_from=date(2024, 1, 1), signer_name="Người sau")
    names = [letterhead_on(htb, "UBND", day) for day in (date(2022, 1, 1), date(2023, 12, 31), date(2024, 1, 1))]
    assert [one.signer_name if one else "" for one in names] == ["Người ký", "Người ký", "Người sau"]
    now = names[1]
    assert now is not None
    take_number(paper=NewPaper(now, "QĐ", date(2023, 6, 1)), actor=None)
    with pytest.raises(DomainError, match="Đã có giấy tờ cấp số"):
        head(htb, signer_name="Người khác")
    with pytest.raises(DomainError, match="nhiệm kỳ"):
        head(htb, suffix="HU2", layout=Layout.PARTY, term=" ")
    with pytest.raises(NotAllowed):
        save_letterhead(unit=htb, actor=person("phanthiet.chuyenvien"), suffix="X", valid_from=date(2023, 1, 1))


@pytest.mark.parametrize(
    "layout, day, profile",
    [
        ("party", date(2026, 5, 26), PARTY_36),
        ("party", date(2026, 5, 27), PARTY_05),
        ("state", date(2026, 5, 27), STATE_30),
    ],
)
def test_the_layout_is_that_of_the_day(layout: str, day: date, profile: Any) -> None:
    assert profile_on(layout, day) is profile


ANOTHER = pytest.mark.long


@pytest.mark.long
@pytest.mark.parametrize("profile", [PARTY_36, PARTY_05, STATE_30])
def test_every_form_builds_and_asks_for_nothing_unknown(profile: Any) -> None:
    assert {form.slug for form in known_forms()} >= {"to-trinh", "bieu-tong-hop", "bien-ban", "quyet-dinh"}
    for form in known_forms():
        data = build(form, profile)
        asked = read_placeholders(io.BytesIO(data), form)
        assert (asked.unknown, asked.missing) == ([], []), form.slug
        document = Document(io.BytesIO(data))
        section = document.sections[0]
        margins = (section.left_margin, section.right_margin, section.top_margin)
        assert [round(one / Mm(1)) for one in margins if one] == [30, 15, 20]
        text = words_of(document)
        assert ("ĐẢNG CỘNG SẢN VIỆT NAM" in text) is profile.has_star
        assert ("Độc lập - Tự do - Hạnh phúc" in text) is not profile.has_star


def values(**changes: Any) -> dict[str, Any]:
    row = {
        "tt": "1",
        "ten": "Lò đốt rác & “khéo” <136>",
        "nguoi": "Đảng ủy xã",
        "don_vi": "xã",
        "linh_vuc": "KT",
        "loai": "Tập thể",
    }
    return {
        "nam": "2023",
        "dot": "Đợt 1",
        "cap": "cấp huyện",
        "don_vi": "HU",
        "can_cu": [{"dong": "Căn cứ A;"}],
        "xet": [],
        "xet_de_nghi": "",
        "dieu_1": "Công nhận 1 mô hình.",
        "dieu_2": "Hai",
        "dieu_3": "Ba",
        "kem_theo": "(kèm theo)",
        "so_mo_hinh": "1",
        "so_tap_the": "1",
        "so_ca_nhan": "0",
        "tap_the": [row | {"diem": "88", "ghi_chu": ""}],
        "ca_nhan": [],
    } | changes


def test_a_paper_keeps_every_mark_and_says_where_a_group_is_empty(htb: Unit) -> None:
    form, party = known_form("quyet-dinh"), letterhead_on(htb, "HU", date(2023, 5, 1))
    assert form is not None and party is not None
    data = write_paper(form, values(), letterhead=party, day=date(2023, 10, 10), number=61, on=date(2023, 10, 10), unit=htb)
    text = texts(data)
    for words in ("Lò đốt rác & “khéo” <136>", "(Không có)", "HUYỆN ỦY HÀM THUẬN BẮC", "T/M BAN THƯỜNG VỤ", "Số 61-QĐ/HU"):
        assert words in text, words
    assert "{{" not in text and "{%" not in text


def test_an_office_spells_uy_its_own_way() -> None:
    names = "Huỵnh Thủy, Quỷ, Thuỷ"
    assert spelled({"a": [f"Đảng ủy, Ủy ban, TỈNH ỦY, {names}"]}, "uỷ") == {"a": [f"Đảng uỷ, Uỷ ban, TỈNH UỶ, {names}"]}
    assert spelled(f"Đảng uỷ, TỈNH UỶ, {names}", "ủy") == f"Đảng ủy, TỈNH ỦY, {names}"
    assert spelled("Đảng uỷ", "ủy") == "Đảng ủy"


def own_file(*lines: str) -> SimpleUploadedFile:
    document, out = Document(), io.BytesIO()
    for line in lines:
        document.add_paragraph(line)
    document.save(out)
    return SimpleUploadedFile("mau.docx", out.getvalue())


def keep(unit: Unit, *lines: str) -> Any:
    return keep_template(unit=unit, form="quyet-dinh", file=own_file(*lines), actor=person(STAFF))


@pytest.mark.usefixtures("started_anew")
def test_an_offices_own_word_file_is_used_and_the_earlier_one_kept(htb: Unit) -> None:
    made, asked = keep(htb, "{{ co_quan }}: {{ dieu_1 }}", "{%p for x in tap_the %}", "{{ x.ten }}", "{%p endfor %}")
    assert asked.names == ["co_quan", "dieu_1", "tap_the", "tap_the.ten"] and asked.missing == ["ca_nhan"]
    form, party = known_form("quyet-dinh"), letterhead_on(htb, "HU", date(2023, 5, 1))
    assert form is not None and party is not None
    data = write_paper(form, values(), letterhead=party, day=None, on=date(2023, 10, 10), unit=htb)
    assert texts(data).split("\n") == ["HUYỆN ỦY HÀM THUẬN BẮC: Công nhận 1 mô hình.", "Lò đốt rác & “khéo” <136>"]
    keep(htb, "{{ dieu_1 }}")
    assert PaperTemplate.objects.filter(unit=htb, replaced_at__isnull=False).get() == made
    assert drop_template(unit=htb, form="quyet-dinh", actor=person(STAFF))
    with pytest.raises(NotAllowed):
        keep_template(unit=htb, form="quyet-dinh", file=own_file("x"), actor=person("phanthiet.chuyenvien"))


@pytest.mark.parametrize(
    "line, said",
    [
        ("Số: {{ so_quyet_dinh }} ngày", "so_quyet_dinh.*đoạn “Số: {{ so_quyet_dinh }} ngày”"),
        ("Điều 1. {{ dieu_1", "chưa đóng ở đoạn “Điều 1. {{ dieu_1”"),
        ("Điều 1. dieu_1 }}", "không khớp ở đoạn"),
        ("{%p for x in danh_sach %}", "danh_sach|viết sai"),
        ("{{ dieu_1.__class__ }}", "dieu_1.__class__"),
        ("{{ dieu_1|length }}", "chỉ được ghi tên ô"),
        ("{{ range(9) }}", "chỉ được ghi tên ô"),
        ("{% if dieu_1 %}", "viết sai"),
        ("{% include 'x' %}", "chỉ được ghi tên ô"),
    ],
)
def test_a_broken_word_file_is_refused_with_its_place(htb: Unit, line: str, said: str) -> None:
    with pytest.raises(TemplateRefused, match=said):
        keep(htb, "QUYẾT ĐỊNH", line)
    assert not PaperTemplate.objects.exists()


def test_what_is_no_word_file_is_refused(htb: Unit) -> None:
    from tests.photos import PDF

    with pytest.raises(DomainError, match="Word"):
        keep_template(unit=htb, form="quyet-dinh", file=SimpleUploadedFile("a.docx", PDF), actor=person(STAFF))


def test_the_pages(client: Client, htb: Unit) -> None:
    client.force_login(person(STAFF), backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/lam-viec/giay-to/").content.decode()
    assert "Huyện ủy Hàm Thuận Bắc" in page and "Biên bản họp hội đồng" in page
    refused = client.post("/lam-viec/giay-to/", {"suffix": "BDV", "valid_from": "31/2/2023"})
    assert refused.status_code == 422
    response = client.get("/lam-viec/giay-to/mau/quyet-dinh/tep/")
    assert "{{ dieu_1 }}" in texts(response.content)
    sent = client.post("/lam-viec/giay-to/mau/quyet-dinh/", {"tep": own_file("{{ la_gi }}")})
    assert sent.status_code == 422 and "la_gi" in sent.content.decode()
    assert client.post("/lam-viec/giay-to/mau/quyet-dinh/", {"tep": own_file("{{ dieu_1 }}")}).status_code == 302
    assert "mau.docx" in client.get("/lam-viec/giay-to/mau/quyet-dinh/").content.decode()
    assert client.get("/lam-viec/giay-to/mau/khong-co/").status_code == 404


def with_header(text: str) -> SimpleUploadedFile:
    document, out = Document(), io.BytesIO()
    document.add_paragraph("{{ dieu_1 }}")
    document.sections[0].header.paragraphs[0].text = text
    document.save(out)
    return SimpleUploadedFile("mau.docx", out.getvalue())


@pytest.mark.parametrize("text", ["{{ khong_co }}", "{{ 'a' * 100000000 }}", "{% for x in y %}"])
def test_names_outside_the_text_are_refused(htb: Unit, text: str) -> None:
    with pytest.raises(TemplateRefused, match="thân văn bản"):
        keep_template(unit=htb, form="quyet-dinh", file=with_header(text), actor=person(STAFF))


@pytest.mark.parametrize("lines", [("{%p for x in can_cu if abc %}", "{%p endfor %}"), ("{%p if 1 < dieu_1 %}", "{%p endif %}")])
def test_a_condition_that_could_break_a_paper_is_refused(htb: Unit, lines: tuple[str, ...]) -> None:
    with pytest.raises(TemplateRefused):
        keep(htb, *lines)


# Prescribed forms


def entered(unit: Unit, **changes: Any) -> Any:
    given: dict[str, Any] = {
        "form": "bao-cao-tong-hop-15-10",
        "number": "Biểu số 02-DVK",
        "title": "Tổng hợp kết quả",
        "issuer": "Ban Dân vận Tỉnh ủy",
        "document": "Hướng dẫn số 12-HD/BDVTU ngày 10/2/2023",
        "valid_from": date(2023, 2, 10),
    } | changes
    return enter_form(unit=unit, actor=person("tinh.chuyenvien"), **given)


def test_a_form_is_that_of_the_day_and_a_new_one_ends_the_old_one(htb: Unit) -> None:
    province = Unit.objects.get(key="binh-thuan")
    first = entered(province)
    assert form_on(province, first.form, date(2023, 2, 9)) is None
    assert form_on(htb, first.form, date(2023, 10, 15)) == first  # what the province prescribes, the district follows
    second = entered(province, number="Biểu số 02a-DVK", valid_from=date(2024, 1, 1))
    first.refresh_from_db()
    assert (first.valid_to, first.replaced_by) == (date(2023, 12, 31), second)
    assert form_on(province, first.form, date(2023, 12, 31)) == first and form_on(htb, first.form, date(2024, 1, 1)) == second
    end_form(record_id=second.pk, last_day=date(2024, 6, 30), actor=person("tinh.chuyenvien"))
    assert form_on(province, first.form, date(2024, 7, 1)) is None


@pytest.mark.parametrize(
    "changes, words",
    [
        ({"valid_from": date(2023, 2, 10), "number": "Khác"}, "Trùng thời gian"),
        ({"valid_from": date(2022, 1, 1), "number": "Khác"}, "Trùng thời gian"),
        ({}, "đã ghi rồi"),
        ({"form": "khong-co", "number": "Khác"}, "Không có giấy tờ"),
    ],
)
def test_what_a_form_may_not_be(htb: Unit, changes: dict[str, Any], words: str) -> None:
    province = Unit.objects.get(key="binh-thuan")
    entered(province)
    with pytest.raises(DomainError, match=words):
        entered(province, **changes)
    with pytest.raises(NotAllowed):
        entered(htb)


def test_the_page_of_forms(client: Client) -> None:
    client.force_login(person("tinh.chuyenvien"))
    address = "/lam-viec/giay-to/danh-muc/"
    assert "Chưa ghi mẫu biểu nào" in client.get(address).content.decode()
    given = {
        "number": "Biểu số 02-DVK",
        "title": "Tổng hợp kết quả",
        "form": "bao-cao-tong-hop-15-10",
        "issuer": "Ban Dân vận Tỉnh ủy",
        "document": "HD 12-HD/BDVTU",
        "valid_from": "10/2/2023",
        "valid_to": "",
    }
    refused = client.post(address, given | {"valid_from": "31/2/2023"})
    assert refused.status_code == 422 and "Biểu số 02-DVK" in refused.content.decode()
    assert client.post(address, given).status_code == 302
    assert "Đang dùng" in client.get(address).content.decode()
    made = FormRecord.objects.get()
    early = client.post(address, {"ket-thuc": str(made.pk), "ngay-cuoi": "1/1/2023"})
    assert early.status_code == 422 and "từ 10/02/2023 trở đi" in early.content.decode()
    assert client.post(address, {"ket-thuc": str(made.pk), "ngay-cuoi": "31/12/2024"}).status_code == 302
    client.force_login(person(STAFF))
    page = client.get(address).content.decode()
    assert "Hết dùng" in page and "Thôi dùng" not in page
    assert client.post(address, {"ket-thuc": str(made.pk), "ngay-cuoi": "31/12/2025"}).status_code == 404
