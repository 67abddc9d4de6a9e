"""What a sheet must hold, at its limits, against days and lists made up here; a refused step in words. No database."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from models_registry.boxes import FIELDS
from models_registry.enums import Action, State
from models_registry.transitions import InvalidTransition, next_state
from models_registry.validators import SheetContext, read_sheet
from tests.online import WHOLE
from tests.pages import refused

PLACES = {"xa-a": (7, "Xã A")}
SEASON = SheetContext(date(2023, 1, 1), date(2023, 12, 31), date(2023, 12, 31), {"van-hoa-xa-hoi": 3}, PLACES)
TARGET = {"target_quantity": "1,2", "target_what": "km đường hoa", "target_on": "30/11/2023"}


def errors(carries_on: bool = False, **answers: str) -> dict[str, str]:
    return read_sheet(WHOLE | TARGET | answers, replace(SEASON, carries_on=carries_on)).errors


def test_a_whole_sheet_is_read_field_by_field() -> None:
    typed = {"title": "  Tuyến  đường hoa thôn A ", "place": "xa-a", "leads": "Chi hội  Phụ nữ", "resources": "Giống  hoa"}
    reading = read_sheet(WHOLE | TARGET | typed, SEASON)
    assert reading.errors == {}
    told = {name: value for name, value in reading.values.items() if name not in WHOLE or value != WHOLE[name]}
    assert told == {
        "title": "Tuyến đường hoa thôn A",
        "field": 3,
        "place": "xa-a",
        "leads": "Chi hội Phụ nữ",  # a line is cleaned, a text stays as it was written
        "resources": "Giống  hoa",
        "starts_on": date(2023, 3, 1),
        "target_quantity": Decimal("1.2"),
        "target_what": "km đường hoa",
        "target_on": date(2023, 11, 30),
    } | dict.fromkeys(["changed", "hamlet", "partners", "participants", "schedule", "assessed_on"], None)


def test_an_empty_sheet_names_each_field_that_must_be_filled() -> None:
    needed = {name: one for name, one in FIELDS.items() if one.required}
    chosen = {"field", "kind", "subject_kind"}
    assert read_sheet({"aims": " \n"}, SEASON).errors == {
        name: f"{one.label}: {'chọn một' if name in chosen else 'chưa viết'}." for name, one in needed.items()
    }


@pytest.mark.parametrize(
    "answers",
    [
        {"situation": "a" * 2000},
        {"title": "Lò abcdefgh 12"},
        {"starts_on": "01/01/1990"},
        {"starts_on": "31/12/2023", "assessed_on": "31/12/2023"},
        {"assessed_on": "31/12/2024"},
        {"target_on": "01/01/2023"},
        {"target_on": "31/12/2028"},
        {"target_quantity": "0,01"},
        {"target_quantity": "1"},
        {"target_quantity": "999.999.999.999"},
        {"target_quantity": "", "target_what": "", "target_on": ""},
        {"kind": "maintained"},
    ],
)
def test_what_just_stands_has_no_error(answers: dict[str, str]) -> None:
    assert errors(**answers) == {}


@pytest.mark.parametrize(
    "name, text, words",
    [
        ("situation", "a" * 2001, "dài 2.001 ký tự, quá 2.000. Bài viết vẫn còn đủ, xin rút gọn."),
        ("title", "Lò abcdefg 123", "viết ít nhất 10 chữ cái, nói rõ việc làm."),
        ("field", "the-thao", "chọn một lĩnh vực trong danh sách."),
        ("kind", "both", "chọn một."),
        ("subject_kind", "both", "chọn một."),
        ("place", "xa-b", "nơi đã chọn không thuộc đơn vị, hoặc không còn vào thời điểm này. Xin chọn lại."),
        ("starts_on", "30/2/2023", "ngày “30/2/2023” không có thật; viết ngày/tháng/năm, ví dụ 15/3/2023."),
        ("starts_on", "31/12/1989", "31/12/1989 quá xa. Xin xem lại năm."),
        ("starts_on", "01/01/2024", "01/01/2024 sau hạn đăng ký (31/12/2023)."),
        ("assessed_on", "x" * 40, f"ngày “{'x' * 20}” không có thật; viết ngày/tháng/năm, ví dụ 15/3/2023."),
        ("assessed_on", "01/01/2025", "01/01/2025 quá xa. Xin xem lại năm."),
        ("assessed_on", "28/02/2023", "trước ngày bắt đầu (01/03/2023)."),
        ("target_on", "31/12/2022", "31/12/2022 trước khi năm thi đua bắt đầu (01/01/2023)."),
        ("target_on", "01/01/2029", "01/01/2029 quá xa. Xin xem lại năm."),
        ("target_on", "hôm nào", "ngày “hôm nào” không có thật; viết ngày/tháng/năm, ví dụ 15/3/2023."),
        ("target_quantity", "0", "phải lớn hơn 0."),
        ("target_quantity", "1.000.000.000.000", "số lớn quá, xin xem lại."),
        ("target_quantity", "", "số đo chính cần đủ số lượng, đếm cái gì, đến ngày nào."),
        ("target_what", "", "số đo chính cần đủ số lượng, đếm cái gì, đến ngày nào."),
        ("target_on", "", "số đo chính cần đủ số lượng, đếm cái gì, đến ngày nào."),
        (
            "target_quantity",
            "x" * 20,
            f"“{'x' * 20}” không đọc được. Viết 1.500 cho một nghìn năm trăm, 2,5 cho hai rưỡi; không âm.",
        ),
    ],
)
def test_what_cannot_stand_is_told_at_its_field(name: str, text: str, words: str) -> None:
    assert errors(**{name: text}) == {name: f"{FIELDS[name].label}: {words}"}


def test_a_model_carried_on_says_what_is_new_this_year() -> None:
    assert errors(carries_on=True, kind="maintained", changed="Mở thêm hai thôn") == {}
    assert errors(carries_on=True, kind="new", changed="Mở thêm hai thôn") == {
        "kind": "Mới hay duy trì: mô hình này đã đăng ký năm trước, nên là duy trì, nhân rộng."
    }
    assert errors(carries_on=True, kind="maintained") == {
        "changed": "Năm nay có gì khác năm trước: chưa viết. Nếu làm như cũ, xin ghi “Giữ như năm trước”."
    }
    assert errors(carries_on=True, kind="maintained", changed="x" * 1001) == {
        "changed": "Năm nay có gì khác năm trước: dài 1.001 ký tự, quá 1.000. Bài viết vẫn còn đủ, xin rút gọn."
    }


def test_a_field_with_an_error_of_its_own_keeps_it() -> None:
    found: Any = errors(target_quantity="x", target_what="", target_on="")
    assert list(found) == ["target_quantity"]  # nothing was understood of the three, so nothing is missing
    found = errors(target_quantity="x", target_on="")
    assert (found["target_quantity"][:9], list(found)) == ("Số lượng:", ["target_quantity", "target_on"])


def test_a_step_that_is_not_open_is_refused_in_words() -> None:
    with refused("Đăng ký này đang ở trạng thái “đã rút”, không gửi được nữa.", InvalidTransition):
        next_state(State.WITHDRAWN, Action.SUBMIT)
