"""Writing a sheet: nothing typed is lost, two writers are told of each other, the pages work without a script."""

import json
import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from models_registry.boxes import BOXES, FIELDS, HARD_LIMIT, written
from models_registry.models import Registration, RegistrationSheet
from models_registry.selectors.sheets import sheet_context
from models_registry.services import save_sheet
from models_registry.validators import read_sheet
from organisation.models import Membership
from tests.online import HAM_HIEP, WHOLE, Action, begin, do, fill, person, sent, stored, write

pytestmark = pytest.mark.django_db
WRITER, OTHER = "hamhiep.canbo", "hamthuanbac.chuyenvien"


def test_the_ten_contents_stand_in_nine_boxes() -> None:
    assert [box.number for box in BOXES] == list(range(1, 10))
    assert [box.title for box in BOXES] == [
        "Tên mô hình",
        "Thực trạng, lý do",
        "Mục tiêu, tiêu chí",
        "Nội dung, cách thức",
        "Địa bàn, đối tượng",
        "Lực lượng thực hiện",
        "Nguồn lực, thời gian",
        "Sản phẩm, kết quả đầu ra",
        "Khả năng duy trì, nhân rộng",
    ]
    assert written(WHOLE) == set(range(1, 10))
    assert all(box.example and box.fields for box in BOXES)


@pytest.mark.parametrize(
    "name, text, said",
    [
        ("title", "x" * 501, "dài 501 ký tự, quá 500"),
        ("title", "Lò 12345678", "ít nhất 10 chữ cái"),
        ("situation", "a" * 2001, "dài 2.001 ký tự, quá 2.000"),
        ("method", "a" * 5001, "quá 5.000"),
        ("subject", "", "chưa viết"),
        ("field", "", "chọn một"),
        ("field", "the-thao", "trong danh sách"),
        ("kind", "both", "chọn một"),
        ("subject_kind", "x", "chọn một"),
        ("place", "phan-thiet/phuong-phu-hai", "không thuộc đơn vị"),
        ("starts_on", "31/02/2023", "không có thật"),
        ("starts_on", "1/1/1900", "quá xa"),
        ("starts_on", "1/1/2031", "sau hạn đăng ký (31/12/2030)"),
        ("assessed_on", "1/1/2022", "trước ngày bắt đầu"),
        ("target_on", "1/1/2022", "trước khi năm thi đua bắt đầu"),
        ("target_on", "1/1/2050", "quá xa"),
        ("target_quantity", "1.5", "2,5 cho hai rưỡi"),
        ("target_quantity", "-3", "không đọc được"),
        ("target_quantity", "1,500", "không đọc được"),
        ("target_quantity", "9" * 15, "số lớn quá"),
    ],
)
def test_each_limit_is_told_at_its_field(name: str, text: str, said: str) -> None:
    row = begin()
    answers = WHOLE | {"place": HAM_HIEP, "target_quantity": "1.500", "target_what": "m", "target_on": "30/11/2023"}
    reading = read_sheet(answers | {name: text}, sheet_context(row))
    assert list(reading.errors) == [name]
    assert said in reading.errors[name]
    assert reading.errors[name].startswith(FIELDS[name].label)


def test_a_good_sheet_is_read_into_days_and_numbers() -> None:
    answers = WHOLE | {"place": HAM_HIEP, "target_quantity": "1.500", "target_what": "mét", "target_on": "30.11.2023"}
    reading = read_sheet(answers, sheet_context(begin()))
    assert reading.errors == {}
    assert (reading.values["starts_on"], reading.values["target_quantity"]) == (date(2023, 3, 1), 1500)


def test_whatever_is_typed_is_kept_however_wrong() -> None:
    row = fill(begin(), title="Rác", starts_on="hôm nào rảnh", situation="á" * 3000)
    assert stored(row.pk)["starts_on"] == "hôm nào rảnh"
    assert len(stored(row.pk)["situation"]) == 3000
    saved = write(row, WRITER, aims="a" * (HARD_LIMIT + 1), upkeep="Hộ giữ")
    assert (saved.refused, saved.changed) == ({"aims": "Dài quá 20.000 ký tự."}, ["upkeep"])
    assert (stored(row.pk)["aims"], stored(row.pk)["upkeep"]) == (WHOLE["aims"], "Hộ giữ")


def test_the_second_save_of_an_older_version_is_told_and_shown_both() -> None:
    row = fill(begin())
    older = stored(row.pk)
    write(row, OTHER, aims="Bản của huyện")
    texts = {"aims": "Bản của xã", "upkeep": "Hộ giữ"}
    saved = save_sheet(registration_id=row.pk, texts=texts, bases=older, actor=person(WRITER))
    assert saved.conflicts == {"aims": ("Bản của xã", "Bản của huyện")}
    assert (stored(row.pk)["aims"], stored(row.pk)["upkeep"]) == ("Bản của huyện", "Hộ giữ")


def test_a_text_without_the_one_it_was_typed_over_writes_over_nothing() -> None:
    row = fill(begin())
    saved = save_sheet(registration_id=row.pk, texts={"aims": "Khác", "changed": "Mới ghi"}, bases={}, actor=person(WRITER))
    assert (list(saved.conflicts), saved.changed) == (["aims"], ["changed"])


def test_two_people_in_different_boxes_do_not_disturb_each_other() -> None:
    row = fill(begin())
    older = stored(row.pk)
    write(row, OTHER, aims="Huyện sửa")
    saved = save_sheet(registration_id=row.pk, texts={"upkeep": "Xã sửa"}, bases=older, actor=person(WRITER))
    assert (saved.conflicts, saved.changed) == ({}, ["upkeep"])
    assert (stored(row.pk)["aims"], stored(row.pk)["upkeep"]) == ("Huyện sửa", "Xã sửa")
    again = save_sheet(registration_id=row.pk, texts={"upkeep": "Xã sửa"}, bases=older, actor=person(WRITER))
    assert (again.changed, again.conflicts, again.at) == ([], {}, saved.at)


def test_decomposed_letters_and_windows_line_ends_are_no_conflict() -> None:
    row = fill(begin())
    write(row, WRITER, method="Một\r\nhai  ba \r\n")
    assert stored(row.pk)["method"] == "Một\nhai ba"
    saved = save_sheet(
        registration_id=row.pk,
        texts={"method": "Một\nhai ba bốn"},
        bases={"method": "Mo\u0323\u0302t\r\nhai  ba \r\n"},
        actor=person(WRITER),
    )
    assert saved.changed == ["method"]


def test_saving_by_itself(writer: Client) -> None:
    row = begin()
    address = f"/lam-viec/dang-ky/{row.pk}/luu/"
    response = writer.post(address, {"title": "Lò đốt rác ở thôn", "base:title": ""})
    assert (response.status_code, "Đã lưu lúc" in response.content.decode()) == (200, True)
    assert json.loads(response["HX-Trigger"])["draft:saved"] == {"conflicts": {}, "refused": [], "unread": {}, "done": []}
    response = writer.post(address, {"title": "Bản khác", "base:title": ""})
    assert response.status_code == 409
    html = response.content.decode()
    assert "Bản khác" in html and "Lò đốt rác ở thôn" in html
    assert json.loads(response["HX-Trigger"])["draft:saved"]["conflicts"] == {"title": "Lò đốt rác ở thôn"}
    assert stored(row.pk)["title"] == "Lò đốt rác ở thôn"
    assert writer.post(address, {"title": "không nói viết trên bản nào"}).status_code == 409
    assert writer.post(address, {"title": "x", "base:title": "Lò đốt rác ở thôn", "nguoi": "999"}).status_code == 409
    assert Registration.objects.get(pk=row.pk).title == "Lò đốt rác ở thôn"


def test_a_day_that_is_none_is_kept_and_not_called_saved(writer: Client) -> None:
    row = fill(begin())
    address = f"/lam-viec/dang-ky/{row.pk}/luu/"
    before = stored(row.pk)["starts_on"]
    response = writer.post(address, {"starts_on": "31/2/2023", "base:starts_on": before})
    told = json.loads(response["HX-Trigger"])["draft:saved"]
    assert "“31/2/2023” không có thật" in told["unread"]["starts_on"]
    assert told["done"] == [1, 2, 3, 4, 5, 6, 8, 9]  # so the page says 8/9 from now on
    assert response.status_code == 200 and "Đã lưu" not in response.content.decode()
    assert stored(row.pk)["starts_on"] == "31/2/2023"
    page = writer.get(f"/lam-viec/dang-ky/{row.pk}/viet/?muc=7").content.decode()
    assert "Đã viết 8/9 mục" in page and "Đã lưu lúc" not in page and 'id="id_starts_on_err"' in page
    assert "Đã viết 8/9 mục" in writer.get("/lam-viec/").content.decode()


def test_ones_own_second_page_is_not_someone_else(writer: Client) -> None:
    row = fill(begin())
    address, base = f"/lam-viec/dang-ky/{row.pk}/luu/", stored(row.pk)["aims"]
    writer.post(address, {"aims": "Bản ở trang kia", "base:aims": base})
    own = writer.post(address, {"aims": "Bản ở trang này", "base:aims": base}).content.decode()
    assert "Đồng chí vừa lưu bản mới hơn ở một trang khác" in own and "Người khác" not in own
    write(row, OTHER, aims="Bản của huyện")
    others = writer.post(address, {"aims": "Bản ở trang này", "base:aims": base}).content.decode()
    assert "Người khác vừa lưu bản mới hơn" in others


def test_without_a_script_a_box_is_saved_checked_and_left(writer: Client) -> None:
    row = begin()
    address = f"/lam-viec/dang-ky/{row.pk}/viet/"
    response = writer.post(f"{address}?muc=1", {"title": "Lò", "base:title": "", "kind": "new"})
    html = response.content.decode()
    assert response.status_code == 422
    assert "viết ít nhất 10 chữ cái" in html and 'href="#id_field_0"' in html and 'value="Lò"' in html
    one = {name: WHOLE[name] for name in ("title", "field", "subject_kind", "subject", "kind")}
    bases = {f"base:{name}": stored(row.pk).get(name, "") for name in one}
    response = writer.post(f"{address}?muc=1", one | bases)
    assert (response.status_code, response["Location"]) == (302, f"{address}?muc=2")
    response = writer.post(f"{address}?muc=2", {"situation": "", "base:situation": "", "di": "sau"})
    assert (response.status_code, response["Location"]) == (302, "/lam-viec/")


def test_an_older_page_sent_without_a_script_shows_both_texts(writer: Client) -> None:
    row = fill(begin())
    write(row, OTHER, aims="Bản mới của huyện")
    response = writer.post(f"/lam-viec/dang-ky/{row.pk}/viet/?muc=3", {"base:aims": WHOLE["aims"], "aims": "Bản cũ của xã"})
    html = response.content.decode()
    assert response.status_code == 409
    assert "Bản mới của huyện" in html and html.count("Bản cũ của xã") == 2
    assert stored(row.pk)["aims"] == "Bản mới của huyện"


def test_who_lost_the_role_is_told_and_the_text_stays_on_the_page(writer: Client) -> None:
    row = fill(begin())
    Membership.objects.filter(user__username=WRITER).update(ends_on=date(2023, 2, 2))
    response = writer.post(f"/lam-viec/dang-ky/{row.pk}/viet/?muc=3", {"version": "1", "aims": "Câu rất quý"})
    assert (response.status_code, "Câu rất quý" in response.content.decode()) == (403, True)
    response = writer.post(f"/lam-viec/dang-ky/{row.pk}/luu/", {"version": "1", "aims": "Câu rất quý"})
    assert (response.status_code, response["X-Draft"]) == (403, "1")
    assert writer.get(f"/lam-viec/dang-ky/{row.pk}/").status_code == 404
    assert stored(row.pk)["aims"] == WHOLE["aims"]


def test_what_was_sent_cannot_be_written_in_and_the_text_is_kept(writer: Client) -> None:
    row = sent()
    response = writer.post(f"/lam-viec/dang-ky/{row.pk}/viet/?muc=3", {"version": "1", "aims": "Muộn rồi"})
    assert (response.status_code, "Muộn rồi" in response.content.decode()) == (409, True)


def test_another_units_sheet_is_not_there(client: Client) -> None:
    row = fill(begin())
    client.force_login(person("duclinh.chuyenvien"))
    for path in ("", "viet/", "gui/", "giong/", "tep/danh-sach/", "rut/", "xoa/"):
        assert client.get(f"/lam-viec/dang-ky/{row.pk}/{path}").status_code == 404
    for path in ("luu/", "viet/", "gui/", "xet/", "khac/", "chu-de/", "ket-qua/", "tep/", "rut/", "xoa/", "mo-lai/"):
        assert client.post(f"/lam-viec/dang-ky/{row.pk}/{path}", {"version": "1", "title": "x"}).status_code == 404, path
    assert stored(row.pk) == RegistrationSheet.objects.get(pk=row.pk).answers


def test_a_commune_writes_for_itself_alone(writer: Client) -> None:
    row = begin()
    saved = write(row, WRITER, place="ham-thuan-bac/xa-ham-duc", aims="Ghi được")
    assert (list(saved.refused), saved.changed) == (["place"], ["aims"])
    html = writer.get(f"/lam-viec/dang-ky/{row.pk}/viet/?muc=5").content.decode()
    assert "Hàm Đức" not in html
    assert writer.post("/lam-viec/nam/2023/dang-ky/", {"don-vi": "ham-thuan-bac/xa-ham-duc"}).status_code == 404


def test_two_taps_on_new_make_one_draft(writer: Client) -> None:
    first = writer.post("/lam-viec/nam/2023/dang-ky/", {"don-vi": HAM_HIEP})["Location"]
    assert writer.post("/lam-viec/nam/2023/dang-ky/", {"don-vi": HAM_HIEP})["Location"] == first
    fill(Registration.objects.get(state="draft"))
    assert writer.post("/lam-viec/nam/2023/dang-ky/", {"don-vi": HAM_HIEP})["Location"] != first


def test_sending_by_the_page_and_a_second_tap(writer: Client) -> None:
    row = begin()
    address = f"/lam-viec/dang-ky/{row.pk}/gui/"
    response = writer.post(address)
    assert (response.status_code, "chỗ phải viết hoặc sửa" in response.content.decode()) == (422, True)
    fill(row)
    assert writer.post(address).status_code == 302
    assert Registration.objects.get(pk=row.pk).state == "submitted"
    assert writer.post(address).status_code == 302
    assert row.steps.count() == 1


def test_the_checkers_page_shows_what_changed(client: Client) -> None:
    row = sent()
    do(row, Action.RETURN, OTHER, "Nói rõ hơn")
    row = fill(Registration.objects.get(pk=row.pk), aims="Đến 30/11 phủ hoa 2 km, 60 hộ tự chăm.")
    do(row, Action.SUBMIT, WRITER)
    client.force_login(person("hamthuanbac.lanhdao"))
    html = client.get(f"/lam-viec/dang-ky/{row.pk}/xet/").content.decode()
    assert re.search(r"<del\s*>1,2</del>", html) and re.search(r"<ins\s*>2</ins>", html)
    assert "Nhận vào sổ 2023" in html


def test_marks_are_chosen_on_the_page(client: Client) -> None:
    row = sent()
    client.force_login(person(OTHER))
    address = f"/lam-viec/dang-ky/{row.pk}/xet/"
    response = client.post(address, {"viec": "tra-lai", "ly-do-3": "khac"})
    assert (response.status_code, "Mục 3: xin ghi rõ cần sửa gì." in response.content.decode()) == (422, True)
    marks = {"ly-do-99": "1", "loi-3": "Bao nhiêu hộ?", "ly-do-3": "99999", "goc": '{"ly-do-3": "khac"}'}
    response = client.post(address, {"viec": "tra-lai"} | marks)
    assert response.status_code == 302
    client.force_login(person(WRITER))
    html = client.get(f"/lam-viec/dang-ky/{row.pk}/viet/?muc=3").content.decode()
    assert "Bao nhiêu hộ?" in html
    assert "readonly" in client.get(f"/lam-viec/dang-ky/{row.pk}/viet/?muc=4").content.decode()


@pytest.mark.usefixtures("nothing_kept")
@pytest.mark.parametrize("address", ["/lam-viec/", "/lam-viec/nam/2023/", "/lam-viec/nam/2023/dang-ky/"])
def test_as_many_queries_at_three_as_at_one(writer: Client, address: str) -> None:
    numbers = []
    for title in ("Một việc của xã Hàm Hiệp", "Hai việc khác hẳn nhau", "Ba là chuyện nước sạch"):
        fill(begin(), title=title)
        with CaptureQueriesContext(connection) as queries:
            assert writer.get(address).status_code == 200
        numbers.append(len(queries))
    assert numbers[0] == numbers[2] <= 37
