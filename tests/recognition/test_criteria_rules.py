"""What criteria and bands must be, points at their limits, the table of phases and of dossiers. No database."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from models_registry.transitions import InvalidTransition
from recognition.enums import DossierAction, DossierState, Phase
from recognition.transitions import can_happen, next_phase, next_state, previous_phase
from recognition.validators import (
    DEFAULT_MINIMUM,
    BandLine,
    CriterionLine,
    GuideLine,
    check_criteria,
    default_lines,
    kind_by_name,
    read_points,
)
from tests.pages import refused

D = Decimal
ONE, TWO = CriterionLine("Hiệu quả", D(60)), CriterionLine("Lan tỏa", D(20), weight=D(2), minimum=D(0))
BANDS = [BandLine("Đạt", D(50), D(100)), BandLine("Chưa đạt", D(0), D(50))]  # as typed, not in order


def bands(*limits: tuple[str, str, str]) -> list[BandLine]:
    return [BandLine(name, D(first), D(last)) for name, first, last in limits]


# --- criteria


@pytest.mark.parametrize(
    "lines, of_bands, minimum",
    [
        ([ONE, TWO], BANDS, D(100)),
        ([ONE, TWO], [], D(0)),
        ([replace(ONE, minimum=D(60), is_knockout=True), TWO], BANDS, D("50.25")),
        ([replace(ONE, name="x" * 200), TWO], bands(("y" * 60, "0", "100")), D(50)),
        ([CriterionLine("Một", D(9999))], [], D(9999)),
        ([CriterionLine("Một", D("0.01"), weight=D("0.5"))], [], D(0)),
    ],
)
def test_criteria_stand_up_to_their_limits(lines: Any, of_bands: Any, minimum: Decimal) -> None:
    check_criteria(lines, of_bands, minimum)


@pytest.mark.parametrize(
    "lines, minimum, words",
    [
        ([], D(0), "Bộ tiêu chí cần ít nhất một tiêu chí."),
        ([ONE, replace(TWO, name=" \t")], D(0), "Có tiêu chí chưa ghi tên."),
        ([ONE, TWO, replace(ONE, name="HIỆU  QUẢ")], D(0), "Tiêu chí “HIỆU  QUẢ” ghi hai lần."),
        ([replace(ONE, maximum=D(0))], D(0), "“Hiệu quả”: điểm tối đa và hệ số phải lớn hơn 0."),
        ([replace(ONE, weight=D(0))], D(0), "“Hiệu quả”: điểm tối đa và hệ số phải lớn hơn 0."),
        ([replace(ONE, minimum=D("60.5"))], D(0), "“Hiệu quả”: tối thiểu phải từ 0 đến 60."),
        ([replace(ONE, minimum=D(-1))], D(0), "“Hiệu quả”: tối thiểu phải từ 0 đến 60."),
        ([replace(ONE, is_knockout=True)], D(0), "“Hiệu quả” là tiêu chí loại nên cần điểm tối thiểu."),
        ([replace(ONE, name="x" * 201)], D(0), f"Tên tiêu chí “{'x' * 40}…” dài quá 200 ký tự."),
        ([ONE, TWO], D("100.01"), "Tổng điểm tối thiểu phải từ 0 đến 100."),
        ([ONE, TWO], D("-0.01"), "Tổng điểm tối thiểu phải từ 0 đến 100."),
        ([ONE, TWO], D("1.005"), "1,005: mỗi số nhiều nhất 9999 và hai chữ số lẻ."),
        ([replace(ONE, maximum=D(10000))], D(0), "10.000: mỗi số nhiều nhất 9999 và hai chữ số lẻ."),
        ([replace(ONE, weight=D("1.255"))], D(0), "1,255: mỗi số nhiều nhất 9999 và hai chữ số lẻ."),
        ([replace(ONE, minimum=D("0.001"))], D(0), "0,001: mỗi số nhiều nhất 9999 và hai chữ số lẻ."),
        ([CriterionLine("Một", D(5000), weight=D(2))], D(0), "Tổng điểm cao nhất không quá 9999."),
    ],
)
def test_criteria_that_cannot_be_are_told(lines: Any, minimum: Decimal, words: str) -> None:
    with refused(words):
        check_criteria(lines, [], minimum)


@pytest.mark.parametrize(
    "of_bands, words",
    [
        ([(" ", "0", "100")], "Có mức xếp loại chưa ghi tên."),
        ([("y" * 61, "0", "100")], f"Tên mức “{'y' * 40}…” dài quá 60 ký tự."),
        ([("Đạt", "0", "0"), ("Tốt", "0", "100")], "Mức “Đạt”: điểm cuối phải lớn hơn điểm đầu."),
        ([("Đạt", "0", "50"), ("Tốt", "50.5", "100")], "Các mức xếp loại hở: chưa có mức nào cho điểm từ 50 đến dưới 50,5."),
        ([("Đạt", "1", "100")], "Các mức xếp loại hở: chưa có mức nào cho điểm từ 0 đến dưới 1."),
        ([("Đạt", "0", "50"), ("Tốt", "49.5", "100")], "Các mức xếp loại chồng nhau: mức “Tốt” bắt đầu dưới 50."),
        ([("Đạt", "0", "99")], "Các mức xếp loại phải đến đúng 100, là tổng điểm cao nhất; đang đến 99."),
        ([("Đạt", "0", "100.5")], "Các mức xếp loại phải đến đúng 100, là tổng điểm cao nhất; đang đến 100,5."),
    ],
)
def test_bands_cover_each_total_once(of_bands: Any, words: str) -> None:
    with refused(words):
        check_criteria([ONE, TWO], bands(*of_bands), D(0))


def test_the_default_criteria_are_worth_a_hundred_and_none_may_be_under_half() -> None:
    lines, of_bands = default_lines()
    assert [(one.name, one.maximum, one.minimum, one.weight, one.is_knockout) for one in lines] == [
        ("Cấp thiết, đúng chủ trương", 10, 5, 1, False),
        ("Sáng tạo, “khéo”", 20, 10, 1, False),
        ("Huy động, phối hợp", 15, D("7.5"), 1, False),
        ("Hiệu quả đo đếm được", 25, D("12.5"), 1, False),
        ("Nhân dân đồng tình, tham gia", 10, 5, 1, False),
        ("Bền vững", 10, 5, 1, False),
        ("Khả năng nhân rộng", 10, 5, 1, False),
    ]
    assert [(one.name, one.from_total, one.to_total) for one in of_bands] == [
        ("Không đề nghị", 0, 70),
        ("Đạt", 70, 80),
        ("Tốt", 80, 90),
        ("Xuất sắc", 90, 100),
    ]
    check_criteria(lines, of_bands, DEFAULT_MINIMUM)
    assert DEFAULT_MINIMUM == 70


@pytest.mark.parametrize(
    "text, step, found",
    [
        (" \n", "0.5", (None, "")),
        ("0", "0.5", (D(0), "")),
        (" 10 ", "0.5", (D(10), "")),
        ("9,25", "0.01", (D("9.25"), "")),
        ("9,25", "0.5", (None, "“9,25” không phải số điểm; viết 7 hoặc 7,5.")),
        ("10,01", "0.01", (None, "10,01 quá điểm tối đa 10.")),
        ("1.000.000.000.000", "0.5", (None, "1.000.000.00 quá điểm tối đa 10.")),
        ("mười điểm tròn", "0.5", (None, "“mười điểm tr” không phải số điểm; viết 7 hoặc 7,5.")),
    ],
)
def test_points_are_whole_steps_up_to_the_maximum(text: str, step: str, found: Any) -> None:
    assert read_points(text, D(10), step=D(step)) == found


@pytest.mark.parametrize(
    "guides, words",
    [
        ((GuideLine(D(60), "Tốt"), GuideLine(D(0), "x" * 300)), ""),
        ((GuideLine(D(60), "Tốt"), GuideLine(D(60), "Khá")), "Thang điểm của “Hiệu quả” có hai mức cùng điểm."),
        ((GuideLine(D("60.01"), "Tốt"),), "Thang điểm của “Hiệu quả”: điểm phải từ 0 đến 60."),
        ((GuideLine(D("-0.01"), "Tốt"),), "Thang điểm của “Hiệu quả”: điểm phải từ 0 đến 60."),
        ((GuideLine(D("1.005"), "Tốt"),), "Thang điểm của “Hiệu quả”: điểm phải từ 0 đến 60."),
        ((GuideLine(D(1), " "),), "Thang điểm của “Hiệu quả”: mỗi mức cần lời, không quá 300 ký tự."),
        ((GuideLine(D(1), "x" * 301),), "Thang điểm của “Hiệu quả”: mỗi mức cần lời, không quá 300 ký tự."),
    ],
)
def test_what_points_mean_is_said_within_limits(guides: tuple[GuideLine, ...], words: str) -> None:
    lines = [replace(ONE, guides=guides), TWO]
    if not words:
        check_criteria(lines, [], D(0))
        return
    with refused(words):
        check_criteria(lines, [], D(0))


@pytest.mark.parametrize(
    "name, kind",
    [
        ("Tờ trình số 5.pdf", "proposal"),
        ("TTr_2026.docx", "proposal"),
        ("bien-ban hop xet.pdf", "minutes"),
        ("Biểu 1.xlsx", "summary"),
        ("Danh sách.xlsx", "summary"),
        ("tổng hợp.bien ban.pdf", ""),  # two kinds
        ("ảnh.jpg", ""),
        ("to-trinh", ""),  # no name before the ending
    ],
)
def test_a_paper_is_told_by_the_name_of_its_file(name: str, kind: str) -> None:
    assert kind_by_name(name) == kind


# --- the steps of a round and of a dossier


def test_a_round_goes_through_every_phase_in_turn() -> None:
    walked = [Phase.PREPARING]
    for _ in range(len(Phase) - 1):
        walked.append(next_phase(walked[-1]))
    assert walked == ["preparing", "proposing", "scoring", "joint", "meeting", "deciding", "closed"]
    with refused("Đợt xét đang ở bước “đã xong”, chưa chuyển tiếp được.", InvalidTransition):
        next_phase(Phase.CLOSED)


def test_a_round_goes_back_phase_by_phase() -> None:
    walked = [Phase.CLOSED]
    for _ in range(len(Phase) - 1):
        walked.append(previous_phase(walked[-1]))
    assert walked == ["closed", "deciding", "meeting", "joint", "scoring", "proposing", "preparing"]
    with refused("Đợt xét đang ở bước “chuẩn bị”, là bước đầu.", InvalidTransition):
        previous_phase(Phase.PREPARING)


@pytest.mark.parametrize("phase", list(Phase))
@pytest.mark.parametrize("state", list(DossierState))
def test_what_can_be_done_to_a_dossier_in_each_state_and_phase(state: DossierState, phase: Phase) -> None:
    ways = {
        "preparing": {"send": "sent"},
        "sent": {"return": "returned", "complete": "complete", "withdraw": "withdrawn"},
        "returned": {"send": "sent", "withdraw": "withdrawn"},
        "complete": {"withdraw": "withdrawn"},
        "withdrawn": {},
    }[state.value]
    if phase not in ("proposing", "scoring"):
        ways = {action: target for action, target in ways.items() if action == "withdraw" and phase not in ("deciding", "closed")}
    open_ones = [action for action in DossierAction if can_happen(state, action, phase)]
    assert {action.value: next_state(state, action, phase).value for action in open_ones} == ways
    for action in set(DossierAction) - set(open_ones):
        with pytest.raises(InvalidTransition):
            next_state(state, action, phase)


def test_a_step_that_is_not_open_is_refused_in_words() -> None:
    with refused("Hồ sơ này đang ở trạng thái “đủ hồ sơ”, không gửi được nữa.", InvalidTransition):
        next_state(DossierState.COMPLETE, DossierAction.SEND, Phase.PROPOSING)
    with refused("Đợt xét đang ở bước “họp hội đồng”, không trả lại hồ sơ được nữa.", InvalidTransition):
        next_state(DossierState.SENT, DossierAction.RETURN, Phase.MEETING)
