"""Registers in habits that no heading of ours names: what they say is read by the shapes of their values."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from models_registry.enums import SubjectKind
from models_registry.registers import opening
from models_registry.registers.by_shape import heading_by_values
from models_registry.registers.doers import kind_of_doer
from models_registry.registers.formats.pdf import _one_line
from models_registry.registers.reader import RegisterReader
from models_registry.registers.reading import ReadRow, RefusedRow, RegisterContext
from models_registry.registers.vocabulary import FieldBook, PlaceBook
from tests import registers as made
from tests.models_registry.test_spoiled import read_here

KT, VH, QP, XD = range(1, 5)
FIELDS = FieldBook(
    [
        (KT, "Kinh tế", ["KT"]),
        (VH, "Văn hóa - xã hội", ["VH-XH"]),
        (QP, "Quốc phòng - an ninh", ["QP-AN"]),
        (XD, "Xây dựng hệ thống chính trị", ["XDHTCT"]),
    ]
)
PLACES = PlaceBook(
    "Huyện ủy Sông Trên",
    ["Huyện Sông Trên"],
    [(7, "xa-doi-cao", "Xã Đồi Cao", "Đảng ủy xã Đồi Cao"), (8, "xa-bai-dai", "Xã Bãi Dài", "Đảng ủy xã Bãi Dài")],
)
ROAD, FLOWERS = "Hiến đất mở đường", "Tuyến đường hoa"
COLLECTIVE, PERSON = "Hội Nông dân xã Đồi Cao", "Ông Lê Văn Ba, thôn 2, xã Bãi Dài"
GOOD = {ROAD: (KT, "collective", "new", "Xã Đồi Cao"), FLOWERS: (VH, "individual", "maintained", "Xã Bãi Dài")}


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(opening, "read_apart", read_here)

    def rows(lines: list[list[Any]], *, day: date | None = date(2024, 3, 1)) -> Iterator[ReadRow | RefusedRow]:
        path = made.text_file(tmp_path / "so.csv", lines)
        context = RegisterContext(date(2024, 1, 1), date(2024, 12, 31), FIELDS, PLACES, default_day=day)
        return RegisterReader(path, context, None, "so").rows()

    return rows


def said(rows: Iterator[ReadRow | RefusedRow]) -> dict[str, tuple[int, str, str, str]]:
    found = {}
    for row in rows:
        assert isinstance(row, ReadRow), row
        found[row.title] = (row.field_id, row.subject_kind.value, row.kind.value, row.place.name)
    return found


def table(head: list[Any], first: list[Any], second: list[Any]) -> list[list[Any]]:
    """Two models, several times: what a column holds is told by most of its values."""
    return [head, *([n, *row] for n, row in enumerate((first, second), 1))]


WHOLE = ["Lĩnh vực", "Tập thể/cá nhân", "Mới/duy trì", "Xã"]
HABITS: dict[str, list[list[Any]]] = {
    "marks under other words": table(
        ["STT", "Tên mô hình", "Đơn vị", "Lĩnh vực", "Đối tượng", "Đăng ký mới", "Tiếp tục thực hiện"],
        [ROAD, COLLECTIVE, "KT", "Tập thể", "x", ""],
        [FLOWERS, PERSON, "VH-XH", "Cá nhân", "", "x"],
    ),
    "years over marks": table(
        ["STT", "Tên mô hình", "Xã", "Lĩnh vực", "Tập thể", "Cá nhân", "Đăng ký năm 2024", "Chuyển từ năm 2023"],
        [ROAD, "Đồi Cao", "KT", "x", "", "x", ""],
        [FLOWERS, "Bãi Dài", "VH-XH", "", "x", "", "x"],
    ),
    "the year of beginning": table(
        ["TT", "Tên mô hình", *WHOLE[:2], "Xã", "Năm ra mắt"],
        [ROAD, "KT", "Tập thể", "Đồi Cao", 2024],
        [FLOWERS, "VH-XH", "Cá nhân", "Bãi Dài", 2021],
    ),
    "a remark that says the kind": table(
        ["TT", "Tên mô hình", *WHOLE[:2], "Xã", "Ghi chú"],
        [ROAD, "KT", "Tập thể", "Đồi Cao", "Đăng ký mới"],
        [FLOWERS, "VH-XH", "Cá nhân", "Bãi Dài", "Duy trì từ năm 2023"],
    ),
    "who does it says what and where": table(
        ["TT", "Tên mô hình", "Đơn vị, cá nhân thực hiện", "Lĩnh vực", "Mới/duy trì"],
        [ROAD, COLLECTIVE, "KT", "mới"],
        [FLOWERS, PERSON, "VH-XH", "duy trì"],
    ),
    "a column of doers that no heading names": table(
        ["TT", "Tên mô hình", "Chi hội, hội viên", "Lĩnh vực", "Mới/duy trì"],
        [ROAD, COLLECTIVE, "KT", "mới"],
        [FLOWERS, PERSON, "VH-XH", "duy trì"],
    ),
    "names under collective and person": [
        ["TT", "Mô hình", "Chủ thể thực hiện", "", "Lĩnh vực", "Xã", "Hình thức"],
        ["", "", "Tập thể (ghi tên)", "Cá nhân (ghi họ tên)", "", "", ""],
        [1, ROAD, COLLECTIVE, "", "KT", "Đồi Cao", "Mới"],
        [2, FLOWERS, "", PERSON, "VH-XH", "Bãi Dài", "Duy trì"],
    ],
    "notes marked by stars, letters in the heading": [
        *table(
            ["TT", "Tên mô hình", "Lĩnh vực (*)", "Loại (**)", "Mới (M) / Duy trì (D)", "Địa phương"],
            [ROAD, 1, 1, "M", "Đồi Cao"],
            [FLOWERS, 2, 2, "D", "Bãi Dài"],
        ),
        ["Ghi chú: (*) 1: Kinh tế; 2: Văn hóa - xã hội. (**) 1: Tập thể; 2: Cá nhân"],
    ],
    "two words of which one is known": table(
        ["TT", "Tên mô hình", "Đối tượng (tổ chức/cá nhân)", "Lĩnh vực", "Nội dung đăng ký (mới/tiếp tục)", "Xã"],
        [ROAD, "Tổ chức", "KT", "Mới", "Đồi Cao"],
        [FLOWERS, "Cá nhân", "VH-XH", "Tiếp tục", "Bãi Dài"],
    ),
    "choices with their numbers": table(
        ["TT", "Tên mô hình", "Chọn lĩnh vực", "Chọn loại", "Nơi triển khai", "Đăng ký năm 2024"],
        [ROAD, "1. Kinh tế (giảm nghèo, sản xuất)", "1. Tập thể", "Đồi Cao", "Lần đầu"],
        [FLOWERS, "2. Văn hóa - xã hội", "2. Cá nhân", "Bãi Dài", "Tiếp tục từ năm 2023"],
    ),
    "a form's whole answers": table(
        ["TT", "Tên mô hình là gì?", "Ở đâu?", "Lĩnh vực nào?", "Tập thể hay cá nhân làm?", "Mới hay duy trì?"],
        [ROAD, "Thôn 1, xã Đồi Cao", "Lĩnh vực kinh tế", "Tập thể thực hiện", "Mới (chưa làm năm trước)"],
        [FLOWERS, "Thôn 2, xã Bãi Dài", "Về văn hóa - xã hội", "Cá nhân thực hiện", "Đã làm từ 2022, nay tiếp tục"],
    ),
    "three rows of headings": [
        ["STT", "THÔNG TIN MÔ HÌNH", "", "", "CHỦ THỂ", "", "", "ĐĂNG KÝ"],
        ["", "Tên", "Lĩnh vực", "Địa bàn", "Tên đơn vị, cá nhân", "Hình thức", "", "Loại"],
        ["", "", "", "", "", "TT", "CN", ""],
        [1, ROAD, "Kinh tế", "Đồi Cao", COLLECTIVE, "x", "", "Mới"],
        [2, FLOWERS, "VH-XH", "Bãi Dài", PERSON, "", "x", "Duy trì"],
    ],
    "places between their models": [
        ["STT", "Đơn vị/ Tên mô hình", "Lĩnh vực", "TT", "CN", "ĐK mới", "Duy trì, nhân rộng"],
        ["I", "XÃ ĐỒI CAO: 01 mô hình (01 mới, 0 duy trì)"],
        ["1.1", ROAD, "kinh tế", 1, "", 1, ""],
        ["II", "Xã Bãi Dài", "", 0, 1, 0, 1],
        ["2.1", FLOWERS, "VH-XH", "", 1, "", 1],
    ],
    "names under words that nobody knows": [
        ["HỘI THI CÁCH LÀM HAY"],
        *table(
            ["TT", "Việc làm hay", "Ai làm", "Mảng công tác", "Ra đời thế nào"],
            [ROAD, COLLECTIVE, "Kinh tế", "Làm mới"],
            [FLOWERS, PERSON, "VH-XH", "Tiếp tục"],
        ),
    ],
    "who does it under words that nobody knows, beside what they are": table(
        ["TT", "Tên mô hình", "Chi bộ (đơn vị) của đồng chí", *WHOLE],
        [ROAD, COLLECTIVE, "KT", "Tập thể", "Mới", "Đồi Cao"],
        [FLOWERS, PERSON, "VH-XH", "Cá nhân", "Duy trì", "Bãi Dài"],
    ),
    "a line of the whole table above its heading": [
        ["Đơn vị: Huyện ủy Sông Trên - Năm: 2024 - Số bản ghi: 2"],
        *table(
            ["#", "Tên mô hình", "Đơn vị đăng ký", *WHOLE],
            [ROAD, COLLECTIVE, "KT", "Tập thể", "Mới", "Đồi Cao"],
            [FLOWERS, PERSON, "VH-XH", "Cá nhân", "Duy trì", "Bãi Dài"],
        ),
    ],
    "who does it and new or maintained behind the name": table(
        ["TT", "Tên mô hình", "Lĩnh vực", "Tập thể/cá nhân", "Xã"],
        [f"{ROAD} - {COLLECTIVE} (mới)", "KT", "Tập thể", "Đồi Cao"],
        [f"{FLOWERS} - {PERSON} (duy trì)", "VH-XH", "Cá nhân", "Bãi Dài"],
    ),
    "bodies in one column, persons in another": table(
        ["TT", "Tên mô hình", "Cơ quan, đơn vị", "Người phụ trách", "Lĩnh vực", "Mới/duy trì", "Xã"],
        [ROAD, COLLECTIVE, "", "KT", "Mới", "Đồi Cao"],
        [FLOWERS, "", PERSON, "VH-XH", "Duy trì", "Bãi Dài"],
    ),
    "which time it is": table(
        ["TT", "Tên mô hình", *WHOLE[:2], "Xã", "Năm thứ mấy"],
        [ROAD, "KT", "Tập thể", "Đồi Cao", "Năm đầu"],
        [FLOWERS, "VH-XH", "Cá nhân", "Bãi Dài", "Năm thứ 3"],
    ),
    "which time it is, in numbers": table(
        ["TT", "Tên mô hình", *WHOLE[:2], "Xã", "Đăng ký lần"],
        [ROAD, "KT", "Tập thể", "Đồi Cao", 1],
        [FLOWERS, "VH-XH", "Cá nhân", "Bãi Dài", 2],
    ),
    "no heading": [
        [1, ROAD, COLLECTIVE, "Kinh tế", "Mới", "Họp dân, đo đất, cắm mốc, làm đường"],
        [2, FLOWERS, PERSON, "VH-XH", "Duy trì", "Trồng, tưới, chăm hoa hai bên đường"],
    ],
    "ticked boxes in cells": table(
        ["TT", "Tên mô hình", "Lĩnh vực", "Loại hình", "Đăng ký", "Xã"],
        [ROAD, "KT", "☑ Tập thể ☐ Cá nhân", "☑ Mới ☐ Duy trì", "Đồi Cao"],
        [FLOWERS, "VH-XH", "☐ Tập thể ☑ Cá nhân", "☐ Mới ☑ Duy trì", "Bãi Dài"],
    ),
}


@pytest.mark.parametrize("habit", HABITS)
def test_a_habit_is_read_as_anybody_reads_it(read: Any, habit: str) -> None:
    assert said(read(HABITS[habit])) == GOOD


def test_a_row_with_its_number_is_no_heading(read: Any) -> None:
    lines = [[n, f"Mô hình hũ gạo {n}", COLLECTIVE, "Kinh tế", "Mới"] for n in range(1, 4)]
    assert said(read(lines)) == {f"Mô hình hũ gạo {n}": GOOD[ROAD] for n in range(1, 4)}


def test_a_title_speaks_for_what_no_column_says(read: Any) -> None:
    lines = [
        ["DANH SÁCH TẬP THỂ ĐĂNG KÝ MÔ HÌNH MỚI LĨNH VỰC KINH TẾ NĂM 2024"],
        ["TT", "Tên mô hình", "Xã", "Thời gian"],
        [1, ROAD, "Đồi Cao", "15/3/2024"],
        [2, "Hai", "Đồi Cao", "15/3/2024"],
    ]
    assert said(read(lines)) == {ROAD: GOOD[ROAD], "Hai": GOOD[ROAD]}


@pytest.mark.parametrize(
    "row",
    [
        ["Lê Văn Ba", "Đồi Cao", "15/3/2024", "Đã nhận đủ gạo của đợt này"],  # who got rice
        ["Hội Nông dân xã Đồi Cao", "Đồi Cao", "15/3/2024", "Họp giao ban quý, bàn kế hoạch"],  # who met
    ],
)
def test_a_list_of_other_things_has_no_names_of_models(row: list[str]) -> None:
    rows = [["STT", "Ai", "Nơi", "Ngày", "Việc"], *([f"{n}", *row[:-1], f"{row[-1]} {n}"] for n in range(1, 9))]
    context = RegisterContext(date(2024, 1, 1), date(2024, 12, 31), FIELDS, PLACES)
    assert heading_by_values(list(enumerate(rows, 1)), context) is None
    rows = [[*cells, "Lĩnh vực" if n == 0 else "Kinh tế"] for n, cells in enumerate(rows)]
    assert heading_by_values(list(enumerate(rows, 1)), context) is not None


@pytest.mark.parametrize(
    "title",
    [
        "DANH SÁCH MÔ HÌNH CỦA TẬP THỂ, CÁ NHÂN ĐĂNG KÝ MỚI VÀ DUY TRÌ",
        "Mô hình xây dựng nông thôn mới trên các lĩnh vực kinh tế, văn hóa - xã hội",
        "BAN CHỈ ĐẠO LĨNH VỰC KINH TẾ",
    ],
)
def test_a_title_that_names_several_or_another_thing_says_nothing(read: Any, title: str) -> None:
    rows = list(read([[title], ["TT", "Tên mô hình", "Xã", "Thời gian"], [1, ROAD, "Đồi Cao", "15/3/2024"]]))
    assert isinstance(rows[0], RefusedRow)
    assert [flaw.code for flaw in rows[0].flaws] == ["field_unknown", "kind_missing", "subject_kind_missing"]


def test_a_section_beside_its_number_above_the_heading_counts(read: Any) -> None:
    lines = [
        ["I", "TẬP THỂ"],
        ["TT", "Tên tập thể", "Tên mô hình", "Lĩnh vực", "Mới hoặc duy trì", "Xã"],
        [1, "Hội Nông dân", ROAD, "KT", "Mới", "Đồi Cao"],
        [],
        ["II", "CÁ NHÂN"],
        ["TT", "Họ và tên", "Chức vụ, đơn vị công tác", "Tên mô hình", "Lĩnh vực", "Mới hoặc duy trì", "Xã"],
        [1, "Lê Văn Ba", "Chi hội trưởng", FLOWERS, "VH-XH", "Duy trì", "Bãi Dài"],
    ]
    assert said(read(lines)) == GOOD


def test_days_stand_under_new_and_maintained(read: Any) -> None:
    head = ["TT", "Tên mô hình", "Lĩnh vực", "Xã", "Tập thể", "Cá nhân", "Đăng ký mới", "Duy trì"]
    lines = table(
        head, [ROAD, "KT", "Đồi Cao", "x", "", "15/3/2024", ""], [FLOWERS, "VH-XH", "Bãi Dài", "", "x", "", "16/4/2024"]
    )
    rows = list(read(lines, day=None))
    assert said(iter(rows)) == GOOD
    assert [row.registered_on for row in rows] == [date(2024, 3, 15), date(2024, 4, 16)]


def test_what_was_merged_before_it_was_saved_anew_speaks_for_its_group(read: Any) -> None:
    head = ["TT", "Xã", "Lĩnh vực", "Tên mô hình", "Đơn vị thực hiện", "Tập thể/cá nhân", "Mới/duy trì"]
    rest = [COLLECTIVE, "Tập thể", "Mới"]
    groups = [[1, "Đồi Cao", "KT", ROAD, *rest], *([n, "", "", f"Số {n}", *rest] for n in range(2, 5))]
    assert said(read([head, *groups, [], ["", "", "", "Ghi chú của biểu"]])) == dict.fromkeys(
        (ROAD, "Số 2", "Số 3", "Số 4"), GOOD[ROAD]
    )
    one_empty = [[*row[:2], row[2] or ("" if n == 2 else "KT"), *row[3:]] for n, row in enumerate(groups)]
    assert [isinstance(row, RefusedRow) for row in read([head, *one_empty])] == [False, False, True, False]


@pytest.mark.parametrize("place", ["", "Huyện Sông Trên"])
def test_who_does_it_says_where_most_rows_leave_it_open(read: Any, place: str) -> None:
    head = ["TT", "Tên mô hình", "Đơn vị thực hiện", *WHOLE]
    rest = ["KT", "Tập thể", "Mới"]
    lines = [[n, f"Số {n}", COLLECTIVE if n == 1 else "Chi bộ", *rest, place] for n in range(1, 5)]
    assert [place for *_, place in said(read([head, *lines])).values()] == ["Xã Đồi Cao", "", "", ""]
    lines[1][-1] = lines[2][-1] = lines[3][-1] = "Bãi Dài"
    assert [place for *_, place in said(read([head, *lines])).values()] == ["", "Xã Bãi Dài", "Xã Bãi Dài", "Xã Bãi Dài"]


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("Quý II", date(2024, 4, 1)),
        ("quý 1/2024", date(2024, 1, 1)),
        ("Quý III năm 2024", date(2024, 7, 1)),
        ("Tháng 3", date(2024, 3, 1)),
        ("Quý V", None),
        ("Tháng 13", None),
    ],
)
def test_a_quarter_or_a_month_is_its_first_day(read: Any, words: str, day: date | None) -> None:
    lines = [["TT", "Tên mô hình", *WHOLE, "Ngày đăng ký"], [1, ROAD, "KT", "Tập thể", "Mới", "Đồi Cao", words]]
    assert [getattr(row, "registered_on", None) for row in read(lines, day=None)] == [day]


def test_times_that_are_no_days_leave_the_day_to_the_paper(read: Any) -> None:
    head = ["TT", "Tên mô hình", *WHOLE, "Thời gian"]
    whole = ["KT", "Tập thể", "Mới", "Đồi Cao"]
    times = ("Cả năm", "Thường xuyên", "6 tháng")
    lines = [["Đồi Cao, ngày 6 tháng 3 năm 2024"], head, *([n, f"Số {n}", *whole, text] for n, text in enumerate(times))]
    assert {row.registered_on for row in read(lines, day=None)} == {date(2024, 3, 6)}


AS_ABOVE = ["-nt-", "nt", "Như trên", '"', "”", "''", "-//-"]


@pytest.mark.parametrize("mark", AS_ABOVE)
def test_what_stands_above_counts_where_a_cell_says_so(read: Any, mark: str) -> None:
    head = ["TT", "Tên mô hình", "Đơn vị thực hiện", *WHOLE, "Ngày"]
    first = [1, ROAD, COLLECTIVE, "KT", "Tập thể", "Mới", "Đồi Cao", "15/3/2024"]
    lines = [head, first, [], [2, "Hai", "Chi bộ thôn 2", *[mark] * 5], [3, "Ba", *[mark] * 6]]
    rows = list(read(lines, day=None))
    assert said(iter(rows)) == dict.fromkeys((ROAD, "Hai", "Ba"), GOOD[ROAD])
    assert {row.registered_on for row in rows} == {date(2024, 3, 15)} and rows[2].subject == "Chi bộ thôn 2"


@pytest.mark.parametrize(
    ("above", "below", "day"),
    [
        (["Sông Trên, ngày 20 tháng 3 năm 2024"], [], date(2024, 3, 20)),
        (
            ["ĐẢNG CỘNG SẢN VIỆT NAM Sông Trên, ngày 20 tháng 3 năm 2024", "(Kèm theo Công văn ngày 2/2/2024)"],
            [],
            date(2024, 3, 20),
        ),
        (["(Kèm theo Kế hoạch số 4, ngày 02/02/2024)"], [], date(2024, 2, 2)),
        (["Sông Trên, ngày … tháng 3 năm 2024"], [], date(2024, 3, 1)),
        ([], ["", "Sông Trên, ngày 20 tháng 3 năm 2024"], date(2024, 3, 20)),
        (["Sông Trên, ngày 20 tháng 3 năm 2023"], [], None),
        (["Kèm theo kế hoạch ngày 2/2/2024 và kế hoạch ngày 3/2/2024"], [], None),
        ([], ["Ghi chú: họp ngày 20 tháng 3 năm 2024"], None),
    ],
)
def test_rows_without_a_day_have_that_of_their_paper(read: Any, above: list[str], below: list[str], day: date | None) -> None:
    table_ = [["TT", "Tên mô hình", "Đơn vị thực hiện", *WHOLE], [1, ROAD, COLLECTIVE, "KT", "Tập thể", "Mới", "Đồi Cao"]]
    rows = list(read([*([line] for line in above), *table_, *([line] for line in below)], day=None))
    assert [getattr(row, "registered_on", None) for row in rows] == [day]


def test_days_of_an_english_form_are_found_by_their_values(read: Any) -> None:
    head = ["ID", "Completion time", "Tên mô hình", *WHOLE]
    lines = [
        head,
        [1, "3/15/24 9:10:05", ROAD, "KT", "Tập thể", "Mới", "Đồi Cao"],
        [2, "4/16/24 9:10:05", FLOWERS, "VH-XH", "Cá nhân", "Duy trì", "Bãi Dài"],
    ]
    assert [row.registered_on for row in read(lines, day=None)] == [date(2024, 3, 15), date(2024, 4, 16)]


@pytest.mark.parametrize("words", ["Tháng 3/2024", "T3/2024", "tháng 3 năm 2024", "3-2024"])
def test_months_are_found_by_their_values_where_no_column_has_days(read: Any, words: str) -> None:
    head = ["TT", "Tên mô hình", *WHOLE, "Tháng đăng ký", "Ghi nhận lúc"]
    whole = [[ROAD, "KT", "Tập thể", "Mới", "Đồi Cao", words], [FLOWERS, "VH-XH", "Cá nhân", "Duy trì", "Bãi Dài", words]]
    months = [(row.registered_on, row.month) for row in read([head, *([n, *cells] for n, cells in enumerate(whole))], day=None)]
    assert months == [(date(2024, 3, 1), words)] * 2
    days = [row.registered_on for row in read([head, *([n, *cells, "15/4/2024"] for n, cells in enumerate(whole))], day=None)]
    assert days == [date(2024, 4, 15)] * 2


@pytest.mark.parametrize(
    ("label", "value", "hamlet"),
    [
        ("Khu phố", "3", "Khu phố 3"),
        ("Tổ", "05", "Tổ 05"),
        ("Bản", "A", "Bản A"),
        ("Tên ấp", "12B", "Ấp 12B"),
        ("Tổ dân phố", "Tổ dân phố 3", "Tổ dân phố 3"),
        ("Buôn", "Ea Tul", "Ea Tul"),
        ("Thôn/TDP", "3", "3"),
    ],
)
def test_a_hamlet_of_a_number_alone_is_what_its_heading_calls_it(read: Any, label: str, value: str, hamlet: str) -> None:
    lines = [["TT", "Tên mô hình", *WHOLE[:3], label], *([n, f"Số {n}", "KT", "Tập thể", "Mới", value] for n in range(1, 3))]
    assert [row.place.hamlet for row in read(lines)] == [hamlet] * 2


def test_bodies_under_a_word_without_its_marks_are_no_hamlets(read: Any) -> None:
    lines = [
        ["TT", "Tên mô hình", "Ban", *WHOLE],
        *([n, f"Số {n}", COLLECTIVE, "KT", "Tập thể", "Mới", "Đồi Cao"] for n in range(1, 4)),
    ]
    assert {row.subject for row in read(lines)} == {COLLECTIVE}


def test_a_list_names_who_does_it_before_the_model(read: Any) -> None:
    lines = [
        ["I. LĨNH VỰC KINH TẾ"],
        [f"1. {COLLECTIVE}: mô hình “{ROAD}” (mới)"],
        ["II. LĨNH VỰC VĂN HÓA - XÃ HỘI"],
        [f"2. {PERSON}: mô hình “{FLOWERS}” (duy trì)"],
    ]
    assert said(read(lines)) == GOOD


def test_a_doer_does_not_speak_where_a_column_was_left_empty(read: Any) -> None:
    head = ["TT", "Tên mô hình", "Đơn vị thực hiện", *WHOLE]
    rows = list(
        read(
            table(
                head, [ROAD, COLLECTIVE, "KT", "Tập thể", "Mới", "Đồi Cao"], [FLOWERS, PERSON, "VH-XH", "", "Duy trì", "Bãi Dài"]
            )
        )
    )
    assert isinstance(rows[1], RefusedRow) and [flaw.code for flaw in rows[1].flaws] == ["subject_kind_missing"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Bà Lê Thị Hoa", SubjectKind.INDIVIDUAL),
        ("Đ/c Nguyễn Văn A, thôn 3", SubjectKind.INDIVIDUAL),
        ("Hộ ông K'Văn Đốc", SubjectKind.INDIVIDUAL),
        ("Bí thư Chi bộ thôn 3", SubjectKind.INDIVIDUAL),
        ("Chi hội trưởng Phụ nữ thôn 2", SubjectKind.INDIVIDUAL),
        ("Lê Thị Thu Hoa", SubjectKind.INDIVIDUAL),
        ("Chi bộ thôn 3", SubjectKind.COLLECTIVE),
        ("Hội LHPN xã Đồi Cao", SubjectKind.COLLECTIVE),
        ("Ủy ban MTTQVN xã", SubjectKind.COLLECTIVE),
        ("ĐOÀN THANH NIÊN XÃ", SubjectKind.COLLECTIVE),
        ("Trường Tiểu học Đồi Cao", SubjectKind.COLLECTIVE),
        ("Đồi Cao", None),
        ("Xã Hàm Hiệp", None),
        ("Vận động nhân dân", None),
        ("", None),
    ],
)
def test_who_does_it_is_a_body_or_a_person_by_its_name(name: str, kind: SubjectKind | None) -> None:
    assert kind_of_doer(name) == kind


@pytest.mark.parametrize(
    ("cell", "line"), [("T\nT", "TT"), ("V\nH\nX\nH", "VHXH"), ("1\n2", "12"), ("Tập\nthể", "Tập thể"), ("TT CN", "TT CN")]
)
def test_letters_of_a_narrow_column_are_one_word(cell: str, line: str) -> None:
    assert _one_line(cell) == line
