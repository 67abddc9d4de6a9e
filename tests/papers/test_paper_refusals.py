"""What keeps a Word file or a prescribed form from being kept, and the buttons of the papers' pages."""

from datetime import date
from typing import Any

import pytest

from common.exceptions import NotAllowed
from organisation.models import AuditEvent, Unit
from papers.models import FormRecord, Letterhead, PaperTemplate
from papers.services import drop_template, end_form, keep_template
from tests.online import person
from tests.pages import entered, last_message, refusal_on, refused
from tests.papers.test_papers import entered as form_entered
from tests.papers.test_papers import keep, own_file
from tests.rounds import COMMUNE, DISTRICT_STAFF, PROVINCE_STAFF

pytestmark = pytest.mark.django_db
KIND = "quyet-dinh"


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def body() -> Unit:
    return Unit.objects.get(key="ham-thuan-bac")


def test_a_template_is_for_a_known_form_by_who_keeps_the_bodys_papers(body: Unit) -> None:
    with refused("Không có mẫu ấy."):
        keep_template(unit=body, form="khong-co", file=own_file("x"), actor=person(DISTRICT_STAFF))
    with refused("Vai trò của đồng chí không sửa mẫu của đơn vị này.", NotAllowed):
        keep_template(unit=body, form=KIND, file=own_file("x"), actor=person(COMMUNE))
    with refused("Vai trò của đồng chí không sửa mẫu của đơn vị này.", NotAllowed):
        drop_template(unit=body, form=KIND, actor=person(COMMUNE))
    assert PaperTemplate.objects.count() == 0


def test_a_form_that_is_over_does_not_end_again_and_only_its_body_ends_it() -> None:
    province = Unit.objects.get(key="binh-thuan")
    made = form_entered(province, valid_to=date(2023, 12, 31))
    with refused("Mẫu này đã hết dùng từ 31/12/2023."):
        end_form(record_id=made.pk, last_day=date(2024, 6, 30), actor=person(PROVINCE_STAFF))
    with refused("Vai trò của đồng chí không ghi mẫu biểu của đơn vị này.", NotAllowed):
        end_form(record_id=made.pk, last_day=date(2024, 6, 30), actor=person(DISTRICT_STAFF))


def test_a_form_for_no_paper_of_the_portal_ends_no_other() -> None:
    province = Unit.objects.get(key="binh-thuan")
    first = form_entered(province)
    form_entered(province, form="", number="Biểu số 09")
    first.refresh_from_db()
    assert (first.valid_to, FormRecord.objects.count()) == (None, 2)


def test_a_template_is_sent_handed_out_and_dropped_on_its_page(body: Unit) -> None:
    staff, address = entered(DISTRICT_STAFF), f"/lam-viec/giay-to/mau/{KIND}/"
    assert refusal_on(staff.post(address)) == "Chưa chọn tệp nào."
    whole = own_file("{{ co_quan }}", "{{ dieu_1 }}", "{%p for x in tap_the %}", "{{ x.ten }}", "{%p endfor %}")
    sent = staff.post(address, {"tep": whole})
    assert last_message(sent) == "Mẫu không có: ca_nhan. Giấy in ra sẽ thiếu phần ấy."
    handed_out = staff.get(f"{address}tep/")
    assert handed_out["Content-Disposition"] == 'attachment; filename="mau.docx"'
    assert last_message(staff.post(address, {"bo": "1"})) == "Đã trở lại mẫu của cổng."
    assert PaperTemplate.objects.get().replaced_at is not None
    before = AuditEvent.objects.count()
    assert drop_template(unit=body, form=KIND, actor=person(DISTRICT_STAFF)) is False  # nothing is in force
    assert AuditEvent.objects.count() == before
    assert staff.get(f"{address}tep/")["Content-Disposition"] == f'attachment; filename="mau-{KIND}.docx"'


def test_a_template_with_all_that_is_needed_gives_no_warning(body: Unit) -> None:
    keep(body, "{{ dieu_1 }}")
    lists = [line for name in ("tap_the", "ca_nhan") for line in (f"{{%p for x in {name} %}}", "{{ x.ten }}", "{%p endfor %}")]
    sent = entered(DISTRICT_STAFF).post(f"/lam-viec/giay-to/mau/{KIND}/", {"tep": own_file("{{ dieu_1 }}", *lists)})
    assert last_message(sent) == "Đã nhận mau.docx: 5 tên ô, tất cả đều đúng."


def test_a_letterhead_is_kept_on_the_page(body: Unit) -> None:
    known = Letterhead.objects.filter(unit=body)[0]
    names = (
        "suffix",
        "layout",
        "body_name",
        "superior_name",
        "place",
        "authority",
        "signer_title",
        "term",
        "recipients",
        "spelling",
    )
    form = {name: getattr(known, name) for name in names} | {"signer_name": "Người mới", "valid_from": "1/1/2024"}
    saved = entered(DISTRICT_STAFF).post("/lam-viec/giay-to/", form)
    assert last_message(saved) == "Đã lưu thể thức giấy tờ."
    newest = Letterhead.objects.filter(unit=body, suffix=known.suffix).latest("valid_from")
    assert (newest.signer_name, newest.valid_from) == ("Người mới", date(2024, 1, 1))


def test_the_end_of_a_form_is_a_day_of_a_form_that_one_sees() -> None:
    made = form_entered(Unit.objects.get(key="binh-thuan"))
    province, address = entered(PROVINCE_STAFF), "/lam-viec/giay-to/danh-muc/"
    wrong = province.post(address, {"ket-thuc": str(made.pk), "ngay-cuoi": "31/2/2024"})
    assert (wrong.status_code, wrong.context["error"]) == (422, "Ngày “31/2/2024” không có thật; viết ngày/tháng/năm.")
    for number in ("x", "999999"):
        assert province.post(address, {"ket-thuc": number, "ngay-cuoi": "1/2/2024"}).status_code == 404
    made.refresh_from_db()
    assert made.valid_to is None
