"""Grades of recognition and year-end verdicts in lists of outcomes."""

from datetime import date
from typing import Any

import pytest

from common.exceptions import DomainError
from models_registry.enums import Verdict
from models_registry.models import Registration, YearVerdict
from models_registry.registers.lists.reading import SECTIONS, _at_most
from models_registry.registers.vocabulary import match_verdict
from recognition.enums import OutcomeState
from recognition.lists import OUTCOMES
from recognition.models import Grade, Recognition
from recognition.services import undo_list
from recognition.services.outcome_facts import Facts
from tests.recognition import test_outcome_lists as lists
from tests.recognition.test_outcome_lists import FLOWERS, HEAD, STAFF, WATCH, Send, person, states, store

send = lists.send
GRADED = [*HEAD, "Mức công nhận"]
JUDGED = ["STT", "Tên mô hình", "Tập thể, cá nhân thực hiện", "Đánh giá cuối năm", "Lý do"]
NO_DECISION = "DANH SÁCH ĐÁNH GIÁ CÁC MÔ HÌNH NĂM 2024"


@pytest.fixture
def grade(unit: Any, new_season: Any) -> Grade:
    return Grade.objects.create(unit=unit("phan-thiet"), name="tiêu biểu", valid_from=date(2024, 1, 1))


def graded() -> dict[str, tuple[str, str]]:
    rows = Recognition.objects.filter(registration__season__year=2024).select_related("grade", "graded_in")
    return {row.title: (str(row.grade or ""), str(row.graded_in or "")) for row in rows}


@pytest.mark.parametrize("words", ["Tiêu biểu", "Dân vận khéo tiêu biểu", "x"])
def test_a_list_gives_grades_by_a_column(send: Send, grade: Grade, words: str) -> None:
    store(send([*FLOWERS, words], [*WATCH, "Dân vận khéo"], head=GRADED))
    assert graded() == {"Tuyến đường hoa": ("tiêu biểu", "12-QĐ/ThU"), "Tổ tự quản": ("", "")}
    assert states(send([*FLOWERS, words], [*WATCH, ""], head=GRADED)) == [(OutcomeState.UNCHANGED, "")] * 2


def test_a_second_decision_chooses_among_those_of_the_first(send: Send, grade: Grade) -> None:
    store(send(FLOWERS, WATCH))
    later = send([*FLOWERS, "tiêu biểu"], head=GRADED, title="Quyết định số 20-QĐ/ThU ngày 1/10/2024")
    assert states(later) == [(OutcomeState.CHANGED, "")]
    store(later)
    assert graded() == {"Tuyến đường hoa": ("tiêu biểu", "20-QĐ/ThU"), "Tổ tự quản": ("", "")}
    with pytest.raises(DomainError, match="không rút riêng"):
        undo_list(list_id=later.pk, actor=person(STAFF))
    again = send([*FLOWERS, "tiêu biểu"], head=GRADED, title="Quyết định số 30-QĐ/ThU ngày 1/11/2024")
    assert states(again) == [(OutcomeState.REFUSED, "graded_already")]


def test_a_list_with_grades_is_undone_with_its_recognitions(send: Send, grade: Grade) -> None:
    upload = send([*FLOWERS, "tiêu biểu"], head=GRADED)
    store(upload)
    undo_list(list_id=upload.pk, actor=person(STAFF))
    assert graded() == {}


def test_sections_that_name_a_grade_give_it_to_their_rows(send: Send, grade: Grade) -> None:
    rows = [
        ["I", "MÔ HÌNH TIÊU BIỂU (1 mô hình)"],
        ["", "Tập thể"],
        FLOWERS,
        ["II", "Mô hình được công nhận"],
        ["", "Tập thể"],
        WATCH,
    ]
    upload = send(*rows)
    assert [row.told["notes"] for row in upload.rows.all()] == [["Mức: tiêu biểu."], []]
    store(upload)
    assert graded() == {"Tuyến đường hoa": ("tiêu biểu", "12-QĐ/ThU"), "Tổ tự quản": ("", "")}


A, B, BEST, REST = "A. Huyện A", "B. Huyện B", "I. Mô hình tiêu biểu", "II. Các mô hình khác"


@pytest.mark.parametrize(
    ("lines", "has"),
    [
        ([BEST], True),
        ([BEST, "1. Tập thể", "2. Cá nhân"], True),
        ([BEST, "1. Tập thể", REST], False),
        ([BEST, "1. Tập thể", REST, "1. Tập thể"], False),
        ([A, BEST, B], False),
        ([A, BEST, REST, B, BEST, "1. Tập thể"], True),
        ([BEST, *(f"{n}. Xã {n}" for n in range(1, 60))], True),
        (["Mô hình tiêu biểu", "Xã Hàm Hiệp"], True),
        (["Mô hình tiêu biểu", "Xã Hàm Hiệp", "Các mô hình còn lại"], False),
        (["Mô hình tiêu biểu xuất sắc"], False),
    ],
)
def test_which_section_still_holds(grade: Grade, unit: Any, lines: list[str], has: bool) -> None:
    sections: tuple[str, ...] = ()
    for line in lines:
        sections = _at_most((line, *sections), SECTIONS)
    assert (Facts([]).grade_over(sections, unit("phan-thiet"), date(2024, 9, 18)) == "tiêu biểu") is has


@pytest.mark.parametrize("words", ["xuất sắc", "tiêu biểu xuất sắc"])
def test_a_grade_that_the_body_has_not_is_refused(send: Send, grade: Grade, words: str) -> None:
    upload = send([*FLOWERS, words], head=GRADED)
    assert states(upload) == [(OutcomeState.REFUSED, "grade_unknown")]
    assert "Các mức: tiêu biểu." in upload.rows.get().told["why"]


def test_a_grade_before_its_first_day_is_none(send: Send, grade: Grade) -> None:
    Grade.objects.update(valid_from=date(2024, 12, 1))
    assert states(send([*FLOWERS, "tiêu biểu"], head=GRADED)) == [(OutcomeState.REFUSED, "grade_unknown")]


@pytest.mark.parametrize(
    "words, verdict",
    [
        ("Đang phát huy hiệu quả", Verdict.EFFECTIVE),
        ("Cần tiếp tục củng cố", Verdict.STRENGTHEN),
        ("Đã tạm ngưng hoạt động", Verdict.PAUSED),
        ("Kết thúc", Verdict.ENDED),
        ("Không hiệu quả", None),
        ("Chưa hiệu quả", None),
        ("Khá", None),
    ],
)
def test_verdicts_as_offices_write_them(words: str, verdict: Verdict | None) -> None:
    assert match_verdict(words) == verdict


@pytest.mark.parametrize(
    "heading, role",
    [
        ("Mức công nhận", "grade"),
        ("Danh hiệu", "grade"),
        ("Mức thưởng", None),
        ("Hiện trạng", "verdict"),
        ("Cần củng cố", "is_strengthen"),
        ("Nguyên nhân", "reason"),
        ("Ngày đánh giá", "verdict_on"),
    ],
)
def test_headings_of_grades_and_verdicts(heading: str, role: str | None) -> None:
    found = OUTCOMES.role_of(heading)
    assert (found[0].code if found else None) == role


def verdicts() -> list[tuple[Any, ...]]:
    return list(YearVerdict.objects.order_by("pk").values_list("registration__title", "verdict", "as_of", "reason"))


def test_a_list_of_verdicts_needs_no_decision(send: Send) -> None:
    title = "DANH SÁCH ĐÁNH GIÁ MÔ HÌNH (tính đến ngày 30/11/2024)"
    rows = [[*FLOWERS[:3], "Hiệu quả", ""], [*WATCH[:3], "Tạm dừng", "Thiếu người"]]
    upload = send(*rows, head=JUDGED, title=title)
    assert (upload.problems, states(upload)) == ([], [(OutcomeState.NEW, "")] * 2)
    assert not YearVerdict.objects.exists()
    store(upload)
    assert verdicts() == [
        ("Tuyến đường hoa", "effective", date(2024, 11, 30), ""),
        ("Tổ tự quản", "paused", date(2024, 11, 30), "Thiếu người"),
    ]
    assert states(send(*rows, head=JUDGED, title=title)) == [(OutcomeState.UNCHANGED, "")] * 2
    with pytest.raises(DomainError, match="đánh giá lại"):
        undo_list(list_id=upload.pk, actor=person(STAFF))


def test_verdicts_may_be_crosses(send: Send) -> None:
    head = ["STT", "Tên mô hình", "Tập thể, cá nhân thực hiện", "Hiệu quả", "Cần củng cố", "Tạm dừng", "Kết thúc"]
    store(send([*FLOWERS[:3], "x", "", "", ""], head=head, title=NO_DECISION))
    assert [row[:2] for row in verdicts()] == [("Tuyến đường hoa", "effective")]


@pytest.mark.parametrize("words, code", [("Kết thúc", "verdict_refused"), ("Khá", "verdict_unknown")])
def test_what_is_no_verdict_or_says_no_reason_is_refused(send: Send, words: str, code: str) -> None:
    upload = send([*FLOWERS[:3], words, ""], [*WATCH[:3], "Hiệu quả", ""], head=JUDGED, title=NO_DECISION)
    assert states(upload) == [(OutcomeState.REFUSED, code), (OutcomeState.NEW, "")]


def test_other_words_beside_a_decision_are_no_verdict(send: Send) -> None:
    store(send([*FLOWERS[:3], "Đạt", ""], head=JUDGED))
    assert verdicts() == []
    assert Registration.objects.get(subject="Hội Phụ nữ", season__year=2024).recognitions.count() == 1
