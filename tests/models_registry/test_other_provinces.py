"""Habits of offices elsewhere: what a heading, a caption, a section says in other words. No database."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from models_registry.enums import Kind, SubjectKind
from models_registry.registers.finding import find_heading
from models_registry.registers.guessing import name_and_doer
from models_registry.registers.reader import RegisterReader
from models_registry.registers.reading import ReadRow, RegisterContext
from models_registry.registers.vocabulary import FieldBook, PlaceBook, bare_section
from tests import odd_formats as odd
from tests import registers as made

FIELDS = FieldBook([(1, "Kinh tế", ["KT"]), (2, "Văn hóa - xã hội", ["Xã hội", "xóm"])])
PLACES = PlaceBook("Huyện ủy Bắc Bình", ["Huyện Bắc Bình"], [(1, "phan-hiep", "Xã Phan Hiệp", "Đảng ủy xã Phan Hiệp")])
HEAD = ["STT", "Tên mô hình", "Chủ thể", "Địa bàn", "Lĩnh vực", "Tập thể, cá nhân", "Mới, duy trì", "Ngày đăng ký"]
ROW = [1, "Đường hoa", "Hội Phụ nữ", "Xã Phan Hiệp", "Kinh tế", "Tập thể", "Mới", "15/3/2024"]


def reader(path: Path) -> RegisterReader:
    return RegisterReader(path, RegisterContext(date(2024, 1, 1), date(2024, 11, 30), FIELDS, PLACES))


def rows(path: Path) -> list[ReadRow]:
    found = list(reader(path).rows())
    assert all(isinstance(row, ReadRow) for row in found), found
    return found  # type: ignore[return-value]


@pytest.mark.parametrize(
    "text, name, doer",
    [
        ("Đường hoa (Hội Phụ nữ)", "Đường hoa", "Hội Phụ nữ"),
        ("Đường hoa\nHội Phụ nữ", "Đường hoa", "Hội Phụ nữ"),
        ("Đường hoa; Hội Phụ nữ", "Đường hoa", "Hội Phụ nữ"),
        ("Đường hoa - sạch", "Đường hoa - sạch", ""),
    ],
)
def test_a_name_and_who_does_it_in_one_cell(text: str, name: str, doer: str) -> None:
    assert name_and_doer(text) == (name, doer)


def test_a_column_of_two_things_is_parted_where_its_heading_says_so(tmp_path: Path) -> None:
    head = ["STT", "Tên mô hình;\nđơn vị thực hiện", *HEAD[3:]]
    lines = [[1, "Đường hoa\n(Hội Phụ nữ)", *ROW[3:]], [2, "Nuôi bò (Chi bộ thôn 3)", *ROW[3:]]]
    path = made.xlsx(tmp_path / "so.xlsx", [head, *lines])
    first = reader(path)
    found = list(first.rows())
    assert [(row.title, row.subject) for row in found if isinstance(row, ReadRow)] == [
        ("Đường hoa", "Hội Phụ nữ"),
        ("Nuôi bò", "Chi bộ thôn 3"),
    ]
    again = RegisterReader(path, replace(first.context, mapping=first.mapping))
    assert list(again.rows()) == found


def test_brackets_of_a_name_stay_where_its_heading_says_one_thing(tmp_path: Path) -> None:
    head, line = [*HEAD[:2], *HEAD[3:]], [1, "Đường hoa (giai đoạn 2)", *ROW[3:]]
    assert [row.title for row in rows(made.xlsx(tmp_path / "so.xlsx", [head, line]))] == ["Đường hoa (giai đoạn 2)"]


def test_a_second_tt_beside_cn_is_the_collectives(tmp_path: Path) -> None:
    head = ["TT", "Tên mô hình", "Đơn vị thực hiện", "Địa bàn", "Lĩnh vực", "TT", "CN", "Mới, duy trì", "Ngày đăng ký"]
    lines: list[list[Any]] = [
        [*ROW[:5], "x", "", *ROW[6:]],
        [2, "Nuôi bò", "Bà Hoa", *ROW[3:5], "", "x", *ROW[6:]],
    ]
    found = rows(made.xlsx(tmp_path / "so.xlsx", [head, *lines]))
    assert [row.subject_kind for row in found] == [SubjectKind.COLLECTIVE, SubjectKind.INDIVIDUAL]


def test_who_does_it_is_no_name_of_a_model_though_its_heading_ends_so() -> None:
    head = ["Tên mô hình đăng ký", "Tên tập thể hoặc cá nhân thực hiện mô hình", "Lĩnh vực"]
    heading = find_heading([(1, head)], FIELDS)
    assert heading is not None
    assert [column.role.name for column in heading.columns] == ["TITLE", "SUBJECT", "FIELD"]


def test_a_mark_is_no_field_cut_short() -> None:
    assert FIELDS.match("x") is None


@pytest.mark.parametrize("words", ["NHỮNG MÔ HÌNH TRÊN LĨNH VỰC KINH TẾ", "Các điển hình về kinh tế", "Nhóm mô hình thuộc lĩnh vực kinh tế"])  # fmt: skip
def test_a_field_behind_more_words(words: str) -> None:
    assert FIELDS.match(words) == 1


def test_words_of_a_model_are_no_field() -> None:
    assert FIELDS.match("Vận động nhân dân phát triển lĩnh vực kinh tế") is None


@pytest.mark.parametrize("before", ["Biểu 1: ", "Bảng số 2. ", "PHỤ LỤC II - ", "Danh sách 1: ", "Phần I. "])
def test_a_caption_without_its_number(before: str) -> None:
    assert bare_section(f"{before}Mô hình đăng ký mới") == ("Mô hình đăng ký mới", None)


def test_captions_of_tables_speak_for_their_rows(tmp_path: Path) -> None:
    head, line = [*HEAD[:6], HEAD[7]], [str(cell) for cell in (*ROW[:6], ROW[7])]
    body = [
        odd.paragraph("HUYỆN ỦY BẮC BÌNH"),
        odd.paragraph("Biểu 1: Mô hình đăng ký mới"),
        odd.table([head, line]),
        odd.paragraph("Biểu 2: Mô hình tiếp tục duy trì, nhân rộng"),
        odd.table([head, ["1", "Nuôi bò", *line[2:]]]),
    ]
    found = rows(odd.docx(tmp_path / "so.docx", "".join(body)))
    assert [row.kind for row in found] == [Kind.NEW, Kind.MAINTAINED]
