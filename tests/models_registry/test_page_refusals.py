"""Addresses of the workplace that lead nowhere, and buttons of sheets that do less than asked."""

from typing import Any

import pytest

from models_registry.models import Registration, RegistrationSheet
from models_registry.services import carry_on
from tests.online import HAM_HIEP, Action, begin, do, fill, person, sent
from tests.pages import entered, last_message

pytestmark = pytest.mark.django_db
WRITER, CHECKER = "hamhiep.canbo", "hamthuanbac.chuyenvien"


@pytest.mark.parametrize("page", ["", "gia-han/", "dang-ky/", "cac-lan-nap/", "mau-so/"])
def test_a_season_that_there_is_not_has_no_pages(page: str) -> None:
    assert entered(CHECKER).get(f"/lam-viec/nam/1999/{page}").status_code == 404


def test_an_address_that_only_takes_what_is_sent_takes_nothing_else() -> None:
    row, writer = begin(), entered(WRITER)
    address = f"/lam-viec/dang-ky/{row.pk}/luu/"
    assert (writer.put(address).status_code, writer.put(address)["Allow"]) == (405, "POST")
    back = writer.get(address)
    assert back["Location"] == f"/lam-viec/dang-ky/{row.pk}/viet/?giu=1"
    assert last_message(back) == ("Việc vừa bấm chưa làm, vì phiên làm việc đã hết trước đó. Xin xem lại và bấm lần nữa.")


def test_models_of_last_year_are_carried_on_one_or_many(new_season: Any) -> None:
    writer, address = entered(WRITER), "/lam-viec/nam/2024/chep/"
    old = list(Registration.objects.filter(season__year=2023, place__key=HAM_HIEP, state="accepted")[:3])
    assert last_message(writer.post(address)) == ("Chưa chép mô hình nào: xin chọn ít nhất một, chưa đăng ký trong năm.")
    one = writer.post(address, {"chon": str(old[0].pk)})
    made = Registration.objects.get(season=new_season)
    assert one["Location"] == f"/lam-viec/dang-ky/{made.pk}/viet/"
    assert (made.model, made.state, made.kind) == (old[0].model, "draft", "maintained")
    many = writer.post(address, {"chon": [str(row.pk) for row in old]})  # the first is left out: it is there
    assert (many["Location"], last_message(many)) == (
        "/lam-viec/",
        "Đã chép 2 mô hình sang năm 2024. Xem lại từng bản rồi gửi.",
    )


def test_a_sheet_that_carries_a_model_on_keeps_its_kind(new_season: Any) -> None:
    old = Registration.objects.filter(season__year=2023, place__key=HAM_HIEP, state="accepted")[0]
    (row,) = carry_on(season_id=new_season.pk, registration_ids=[old.pk], actor=person(WRITER))
    boxes = entered(WRITER).get(f"/lam-viec/dang-ky/{row.pk}/viet/")
    assert [field.field.name for field in boxes.context["page"].fields if field.is_fixed] == ["kind"]


def test_the_last_box_leads_to_sending() -> None:
    row, writer = fill(begin()), entered(WRITER)
    answers = RegistrationSheet.objects.get(pk=row.pk).answers
    saved = writer.post(
        f"/lam-viec/dang-ky/{row.pk}/viet/?muc=9", {"upkeep": answers["upkeep"], "base:upkeep": answers["upkeep"]}
    )
    assert saved["Location"] == f"/lam-viec/dang-ky/{row.pk}/gui/"


def test_what_is_too_long_stays_in_its_box() -> None:
    row, writer = begin(), entered(WRITER)
    response = writer.post(f"/lam-viec/dang-ky/{row.pk}/viet/?muc=1", {"title": "x" * 60_000, "base:title": ""})
    assert response.status_code == 422
    assert "Dài quá" in last_message(response)
    assert Registration.objects.get(pk=row.pk).title == ""


def test_what_was_sent_has_no_page_to_be_thrown_away() -> None:
    row = do(sent(), Action.RETURN, CHECKER, "Chưa rõ cách làm")
    response = entered(WRITER).get(f"/lam-viec/dang-ky/{row.pk}/xoa/")
    assert (response["Location"], last_message(response)) == (
        f"/lam-viec/dang-ky/{row.pk}/",
        "Xóa bản nháp: không làm được, đăng ký đang ở trạng thái “trả lại”.",
    )
    assert Registration.objects.filter(pk=row.pk).count() == 1
