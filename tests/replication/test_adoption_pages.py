"""The buttons of an adopter's page and of a campaign's units: ended, registered, tied; asked no more."""

from datetime import date

import pytest
from django.test import Client

from models_registry.models import Registration
from replication.models import Adoption
from replication.services import link_registration
from replication.validators import NUMBER
from tests.online import person
from tests.pages import entered, last_message, refusal_on
from tests.replicating import COMMUNES, OTHER, SLUG, STAFF, adopted, running, source, unit

pytestmark = [pytest.mark.django_db]


def page_of(adoption: Adoption) -> str:
    return f"/lam-viec/nhan-rong/noi/{adoption.pk}/"


def test_a_place_ends_on_its_page() -> None:
    adoption, staff = adopted(), entered(STAFF)
    wrong = staff.post(page_of(adoption), {"viec": "thoi", "ended_on": "20/3/2024", "why": ""})
    assert (wrong.status_code, wrong.context["errors"]) == (422, [("id_why", "Lý do: chưa ghi.")])
    done = staff.post(page_of(adoption), {"viec": "thoi", "ended_on": "20/3/2024", "why": "Hết kinh phí"})
    assert (done["Location"], last_message(done)) == (page_of(adoption), "Đã ghi thôi làm. Các số đã ghi vẫn giữ.")
    adoption.refresh_from_db()
    assert (adoption.ended_on, adoption.ended_why) == (date(2024, 3, 20), "Hết kinh phí")


def test_a_place_is_tied_to_its_registration_on_its_page() -> None:
    adoption, staff = adopted(COMMUNES[0]), entered(STAFF)
    assert refusal_on(staff.post(page_of(adoption), {"viec": "noi"})) == "Chọn đăng ký để nối."
    row = Registration.objects.filter(place__key=COMMUNES[0], season__year=2023, model__isnull=False)[0]
    done = staff.post(page_of(adoption), {"viec": "noi", "dang-ky": str(row.pk)})
    assert last_message(done) == "Đã nối với đăng ký của đơn vị."
    adoption.refresh_from_db()
    assert adoption.registration == row


def test_who_does_not_write_for_the_unit_has_no_buttons() -> None:
    adoption = adopted()
    staff = entered(STAFF)
    assert staff.post(page_of(adoption), {"viec": "in"}).status_code == 404
    other = entered(OTHER)
    assert other.post(page_of(adoption), {"viec": "thoi", "ended_on": "20/3/2024", "why": "x"}).status_code == 404
    assert Adoption.objects.get().ended_on is None


def test_a_unit_is_asked_no_more_on_the_campaigns_page() -> None:
    campaign, staff = running(), entered(STAFF)
    address = f"/lam-viec/nhan-rong/{campaign.pk}/don-vi/"
    gone = unit(COMMUNES[0])
    assert staff.post(address, {"viec": "bo", "bo": "x"}).status_code == 404
    response = staff.post(address, {"viec": "bo", "bo": str(gone.pk)})
    assert last_message(response) == "Đã bỏ đơn vị khỏi danh sách giao. Kết quả đơn vị đã ghi vẫn giữ."
    assert set(campaign.targets.values_list("unit__key", flat=True)) == set(COMMUNES[1:])
    wrong = staff.post(address, {"chi-tieu": "năm", "don-vi": str(gone.pk)})
    words = f"Chỉ tiêu mỗi đơn vị: {NUMBER}"
    assert (wrong.status_code, refusal_on(wrong)) == (409, words)
    assert campaign.targets.count() == len(COMMUNES) - 1


def test_what_is_learned_is_named_by_the_address() -> None:
    staff = entered(STAFF)
    assert staff.get("/lam-viec/nhan-rong/ghi/").status_code == 404
    campaign = running()
    shown = staff.get("/lam-viec/nhan-rong/ghi/", {"chien-dich": str(campaign.pk)})
    assert shown.context["model"] == source()


def test_a_visit_is_asked_for_at_an_adopters_place() -> None:
    adoption = adopted(COMMUNES[1])
    shown = entered(STAFF).get("/lam-viec/nhan-rong/tham-quan/xin/", {"noi": str(adoption.pk)})
    assert (shown.context["model"], shown.context["at"]) == (source(), adoption)


def test_the_line_of_a_model_that_joined_another_is_that_ones() -> None:
    adoption = adopted(COMMUNES[0])
    row = Registration.objects.filter(place__key=COMMUNES[0], season__year=2023, model__isnull=False)[0]
    link_registration(adoption_id=adoption.pk, registration_id=row.pk, actor=person(STAFF))
    response = Client().get(f"/mo-hinh/{row.model.slug}/lan-toa/")
    assert response["Location"] == f"/mo-hinh/{SLUG}/lan-toa/"
