"""What an officer may type around figures, at its limits; when a report may be written in. No database."""

from typing import Any

import pytest

from models_registry.transitions import InvalidTransition
from reports.transitions import check_draft, check_frozen
from reports.validators import LIMIT, TextRefused, check_text
from tests.pages import refused

FIRST = "Đến 15/10/2023 toàn tỉnh đăng ký {dang_ky} mô hình, 1.250 hộ tham gia."
KNOWN = ["dang_ky", "moi", "so_2"]
BRACES = "Thừa hoặc thiếu một dấu ngoặc { }. Mỗi số liệu nằm trong một cặp ngoặc."


def by_hand(number: str, which: str = "một số liệu") -> str:
    return (
        f"Số “{number}” gõ tay trong phần cổng đếm. Xin xóa rồi chọn {which} ở dưới ô để cổng điền; "
        "số trích từ giấy tờ ghi ở phần đánh giá."
    )


def unknown(name: str) -> str:
    return f"“{name}” không phải số liệu nào của báo cáo. Dùng các tên ghi ở dưới ô, hoặc bỏ dấu ngoặc."


@pytest.mark.parametrize(
    "text",
    [
        "Có {dang_ky} mô hình, {moi} mới, {so_2} khác.",
        "Đến 15/10/2023 có {dang_ky} mô hình và 1.250 hộ.",
        "Tổ tự quản K2 và mô hình 3Đ.",
        "a" * LIMIT,
        "",
    ],
)
def test_words_and_the_first_wordings_own_numbers_stand(text: str) -> None:
    check_text(text, FIRST, KNOWN)


@pytest.mark.parametrize(
    "text, words",
    [
        ("a" * (LIMIT + 1), "Dài 8001 ký tự, nhiều nhất 8000."),
        ("Có {so_mo_hinh}.", unknown("{so_mo_hinh}")),
        ("Có {}.", unknown("{}")),
        ("Có {dang_ky} và {khac}.", unknown("{khac}")),
        ("Có {dang_ky.", BRACES),
        ("Có dang_ky}.", BRACES),
        ("Có {{dang_ky}} mô hình.", BRACES),
        ("Có 750 mô hình.", by_hand("750")),
        ("Có {dang_ky} mô hình, trong 750 và 12.", by_hand("750")),
        ("Đến 15/10 có 1.250 hộ.", by_hand("15/10")),
        ("Có 1.2500 hộ.", by_hand("1.2500")),
        ("Có 12{moi} mô hình.", by_hand("12")),
    ],
)
def test_a_brace_or_number_that_cannot_stand_is_named(text: str, words: str) -> None:
    with refused(words, TextRefused):
        check_text(text, FIRST, KNOWN)


def test_a_number_inside_the_first_wordings_braces_is_not_one_of_its_own() -> None:
    with refused(by_hand("2"), TextRefused):
        check_text("Có 2 mô hình.", "Có {2} mô hình.", ["2"])


def test_a_number_that_touches_a_brace_in_the_first_wording_is_its_own() -> None:
    check_text("Có 20 mô hình.", "Có 20{moi} mô hình.", KNOWN)


def test_where_there_is_no_first_wording_any_number_may_be_quoted() -> None:
    check_text("Năm 2022 vận động 12.600 ngày công.", "", KNOWN)


@pytest.mark.parametrize(
    "check, state, other, words",
    [
        (check_draft, "draft", "frozen", "Báo cáo đã chốt nên không đổi được nữa. Sai thì lập bản đính chính."),
        (check_frozen, "frozen", "draft", "Báo cáo chưa chốt thì sửa thẳng bản nháp, không cần đính chính."),
    ],
)
def test_a_draft_is_written_in_and_a_frozen_report_corrected(check: Any, state: str, other: str, words: str) -> None:
    check(state)
    with refused(words, InvalidTransition):
        check(other)


def test_who_types_the_number_of_a_figure_is_told_which_one_to_choose() -> None:
    with refused(by_hand("746", "số liệu “mô hình đăng ký”"), TextRefused):
        check_text("Có 746 mô hình.", FIRST, KNOWN, {"746": "mô hình đăng ký"})
