"""Numbers, days and hours as they are typed, at their limits; the steps of a campaign. No database."""

from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest

from models_registry.transitions import InvalidTransition
from replication.enums import CampaignAction, CampaignState, VisitAction, VisitState
from replication.transitions import next_state, next_visit_state, possible, visit_actions
from replication.validators import ReplicationRefused, check, read_count, read_date, read_quantity, read_time
from tests.pages import refused

BAD_NUMBER = "Số lượng: viết 1.500 cho một nghìn năm trăm, 2,5 cho hai rưỡi; không âm, nhiều nhất hai chữ số lẻ."


@pytest.mark.parametrize(
    "typed, found",
    [
        ("  ", (None, "")),
        ("0", (Decimal(0), "")),
        ("0,25", (Decimal("0.25"), "")),
        ("1.500", (Decimal(1500), "")),
        ("999.999.999.999,99", (Decimal("999999999999.99"), "")),
        ("1.000.000.000.000", (None, BAD_NUMBER)),
        ("2,5555", (None, BAD_NUMBER)),
        ("-1", (None, BAD_NUMBER)),
        ("nhiều", (None, BAD_NUMBER)),
    ],
)
def test_a_quantity_is_not_negative_and_has_two_decimals(typed: str, found: Any) -> None:
    assert read_quantity(typed, "Số lượng") == found


@pytest.mark.parametrize(
    "typed, found", [("", None), (" \t", None), ("1/1/1975", date(1975, 1, 1)), ("8/12/2023", date(2023, 12, 8))]
)
def test_a_day_is_read_from_1975_on(typed: str, found: date | None) -> None:
    assert read_date(typed, "Ngày bắt đầu") == (found, "")


@pytest.mark.parametrize("typed, shown", [("30/2/2024", "30/2/2024"), ("x" * 25, "x" * 20)])
def test_what_is_no_day_is_said(typed: str, shown: str) -> None:
    said = f"Ngày bắt đầu: ngày “{shown}” không có thật; viết ngày/tháng/năm."
    assert read_date(typed, "Ngày bắt đầu") == (None, said)


def test_a_day_of_before_1975_is_real_but_too_early() -> None:
    assert read_date("31/12/1974", "Ngày bắt đầu") == (None, "Ngày bắt đầu: 31/12/1974 quá xa. Xin xem lại năm.")


@pytest.mark.parametrize("typed, found", [("1", 1), ("2", 2), ("50", 50), ("0", None), ("51", None), ("1,5", None), ("", None)])
def test_a_count_is_a_whole_number_from_one_to_the_most(typed: str, found: int | None) -> None:
    wrong = "" if found or not typed else "Số người: ghi số tròn từ 1 đến 50."
    assert read_count(typed, "Số người", 50) == (found, wrong)


@pytest.mark.parametrize(
    "typed, found",
    [
        ("0h", time(0, 0)),
        ("7H05", time(7, 5)),
        ("7:30 ph", time(7, 30)),
        ("7 giờ 30 phút", time(7, 30)),
        ("12h59", time(12, 59)),
        ("23:59", time(23, 59)),
    ],
)
def test_an_hour_is_one_of_the_day(typed: str, found: time) -> None:
    assert read_time(typed, "Giờ hẹn") == (found, "")


@pytest.mark.parametrize("typed, shown", [("24h", "24h"), ("7:60", "7:60"), ("7", "7"), ("sáng" * 6, ("sáng" * 6)[:20])])
def test_what_is_no_hour_is_said_with_an_example(typed: str, shown: str) -> None:
    assert read_time(typed, "Giờ hẹn") == (None, f"Giờ hẹn: “{shown}” không phải một giờ; viết như 7:30 hoặc 14h.")
    assert read_time(" ", "Giờ hẹn") == (None, "")


def test_what_is_wrong_is_said_field_by_field_and_in_one_line() -> None:
    check({})
    with refused("Thiếu tên. Thiếu ngày.", ReplicationRefused):
        check({"who": "Thiếu tên.", "adopted_on": "Thiếu ngày."})


# --- the steps of a campaign and of a visit


@pytest.mark.parametrize("state", list(CampaignState))
def test_each_state_of_a_campaign_has_one_way_on(state: CampaignState) -> None:
    ways = {
        CampaignState.PLANNED: {CampaignAction.START: CampaignState.RUNNING},
        CampaignState.RUNNING: {CampaignAction.CLOSE: CampaignState.CLOSED},
        CampaignState.CLOSED: {CampaignAction.REOPEN: CampaignState.RUNNING},
    }
    assert {action: next_state(state, action) for action in possible(state)} == ways[state]


def test_a_step_that_is_not_open_is_refused_in_words() -> None:
    with refused("Chiến dịch đang ở trạng thái “đang chuẩn bị”, không kết thúc được. Xin tải lại trang.", InvalidTransition):
        next_state(CampaignState.PLANNED, CampaignAction.CLOSE)
    with refused("Chuyến này đang ở trạng thái “chưa đón được”, nên không nhận đón. Xin tải lại trang.", InvalidTransition):
        next_visit_state(VisitState.DECLINED, VisitAction.AGREE)


@pytest.mark.parametrize("state", list(VisitState))
def test_a_visit_goes_on_until_it_is_done_or_declined(state: VisitState) -> None:
    ends = {VisitAction.DECLINE: VisitState.DECLINED, VisitAction.CANCEL: VisitState.CANCELLED, VisitAction.TELL: VisitState.DONE}
    ways: dict[VisitState, dict[VisitAction, VisitState]] = {
        VisitState.ASKED: {VisitAction.AGREE: VisitState.AGREED} | ends,
        VisitState.AGREED: {VisitAction.AGREE: VisitState.AGREED} | ends,
        VisitState.DONE: {VisitAction.TELL: VisitState.DONE},
    }
    assert {action: next_visit_state(state, action) for action in visit_actions(state)} == ways.get(state, {})
