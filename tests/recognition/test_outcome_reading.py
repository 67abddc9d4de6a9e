"""Lists of outcomes as offices write them: in any format, with any heading, beside the rows that are read. No database."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from models_registry.registers.lists.mapping import ListMapping, ListMappingInvalid, ListSheetMapping
from models_registry.registers.lists.reading import ListRead, read_list
from models_registry.registers.refusing import RegisterUnreadable
from recognition.lists import OUTCOMES, decision_in
from tests import odd_formats, registers

HEAD = ["STT", "Tên mô hình", "Tập thể, cá nhân thực hiện", "Địa bàn", "Lĩnh vực", "Đơn vị"]
FIRST = ["1", "Tuyến đường hoa", "Hội Phụ nữ", "Phường Phú Hài", "Kinh tế", "Thành ủy Phan Thiết"]
SECOND = ["2", "Tổ tự quản", "Công an", "Xã Tiến Lợi", "Quốc phòng", "Thành ủy Phan Thiết"]
TITLE = "(Kèm theo Quyết định số 61-QĐ/BDVTU, ngày 20/12/2024 của Ban Dân vận)"
WHOLE: list[list[Any]] = [["DANH SÁCH MÔ HÌNH ĐƯỢC CÔNG NHẬN"], [TITLE], HEAD, FIRST, SECOND]


def read(path: Path, mapping: ListMapping | None = None) -> ListRead:
    return read_list(path, OUTCOMES, mapping)


def brief(found: ListRead) -> list[tuple[str, ...]]:
    return [tuple(row.texts.get(name, "") for name in ("title", "subject", "place", "unit")) for row in found.rows]


EXPECTED = [tuple(line[n] for n in (1, 2, 3, 5)) for line in (FIRST, SECOND)]
FORMATS: dict[str, Callable[[Path], Path]] = {
    "a.xlsx": lambda path: registers.xlsx(path, WHOLE),
    "a.xls": lambda path: registers.xls(path, WHOLE),
    "a.ods": lambda path: registers.ods(path, WHOLE),
    "a.csv": lambda path: registers.text_file(path, WHOLE),
    "a.docx": lambda path: odd_formats.docx(
        path, odd_formats.paragraph("DANH SÁCH") + odd_formats.paragraph(TITLE) + odd_formats.table(WHOLE[2:])
    ),
    "a.xlsb": lambda path: odd_formats.xlsb(path, WHOLE),
    "2003.xls": lambda path: odd_formats.xml_2003(path, WHOLE),
    "a.pdf": lambda path: odd_formats.pdf(path, WHOLE[2:], title=TITLE),
    "web.xls": lambda path: odd_formats.web_page(path, WHOLE[2:], before=f"<p>{TITLE}</p>"),
}


@pytest.mark.parametrize("name", FORMATS)
def test_a_list_is_read_in_any_format(tmp_path: Path, name: str) -> None:
    found = read(FORMATS[name](tmp_path / name))
    assert brief(found) == EXPECTED
    assert decision_in(found.title) == ("61-QĐ/BDVTU", date(2024, 12, 20))


@pytest.mark.parametrize(
    "head",
    [
        ["TT", "Tên mô hình, điển hình", "Họ và tên cá nhân, tập thể", "Nơi thực hiện", "LV", "Tên đơn vị"],
        ["Số TT", "Mô hình", "Tập thể/cá nhân", "Địa bàn thực hiện", "Lĩnh vực", "Đơn vị đăng ký"],
        ["", "Tên MH", "TT, CN thực hiện", "Đ.bàn", "L.vực", "ĐV"],
        ["number", "title", "subject", "place", "field", "unit"],
    ],
)
def test_headings_of_many_habits(tmp_path: Path, head: list[str]) -> None:
    assert brief(read(registers.xlsx(tmp_path / "a.xlsx", [head, FIRST, SECOND]))) == EXPECTED


def test_a_heading_of_two_rows(tmp_path: Path) -> None:
    upper = ["STT", "Tên mô hình", "Tập thể, cá nhân", "Quyết định công nhận", ""]
    rows = [upper, ["", "", "", "Số", "Ngày"], ["1", "Tuyến hoa", "Hội Phụ nữ", "12-QĐ/ThU", date(2024, 9, 18)]]
    (row,) = read(registers.xlsx(tmp_path / "a.xlsx", rows)).rows
    assert (row.texts["decision"], row.texts["decided_on"]) == ("12-QĐ/ThU", "18/09/2024")


def test_what_is_no_row(tmp_path: Path) -> None:
    """Sections, totals, numbers of columns, a heading again, signatures."""
    rows = [
        HEAD,
        ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"],
        ["I", "THÀNH ỦY PHAN THIẾT", "", "", "", ""],
        FIRST,
        HEAD,
        SECOND,
        ["", "Tổng cộng: 2 mô hình", "", "", "", ""],
        ["Nơi nhận:", "", "", "", "T/M BAN THƯỜNG VỤ", ""],
    ]
    found = read(registers.xlsx(tmp_path / "a.xlsx", rows))
    assert brief(found) == EXPECTED
    assert [row.sections for row in found.rows] == [("I. THÀNH ỦY PHAN THIẾT",)] * 2


def test_merged_cells_speak_for_each_row(tmp_path: Path) -> None:
    rows = [HEAD, FIRST, [*SECOND[:5], ""]]
    assert brief(read(registers.xlsx(tmp_path / "a.xlsx", rows, merged=[(1, 5, 2, 5)]))) == EXPECTED


def test_a_list_without_a_heading_says_why(tmp_path: Path) -> None:
    found = read(registers.xlsx(tmp_path / "a.xlsx", [FIRST, SECOND]))
    assert (found.rows, found.error[:28]) == ([], "Không thấy dòng tiêu đề của ")


def test_a_row_with_its_number_is_no_heading(tmp_path: Path) -> None:
    lines = [["A", "B", "C"], ["1", "Mô hình hũ gạo", "Đảng ủy xã X"], ["2", "Mô hình tuyến đường hoa", "Đảng ủy xã X"]]
    assert read(registers.xlsx(tmp_path / "a.xlsx", lines)).error.startswith("Không thấy dòng tiêu đề")


def test_a_heading_without_rows_says_why(tmp_path: Path) -> None:
    found = read(registers.xlsx(tmp_path / "a.xlsx", [HEAD]))
    assert "không có dòng nào" in found.error


def test_too_long_a_list_is_refused(tmp_path: Path) -> None:
    rows = [HEAD, *([f"{n}", f"Mô hình {n}", "A", "B", "C", "D"] for n in range(OUTCOMES.most_rows + 1))]
    with pytest.raises(RegisterUnreadable, match="dài hơn"):
        read(registers.text_file(tmp_path / "a.csv", rows))


def said(**columns: str) -> ListMapping:
    return ListMapping((ListSheetMapping("Danh sách", 1, 0, columns),))


def test_columns_are_said_by_hand_where_there_is_no_heading(tmp_path: Path) -> None:
    mapping = said(B="title", C="subject", D="place", F="unit")
    assert brief(read(registers.xlsx(tmp_path / "a.xlsx", [FIRST, SECOND]), mapping)) == EXPECTED


def test_a_column_said_by_hand_beats_its_heading(tmp_path: Path) -> None:
    mapping = ListMapping((ListSheetMapping("Danh sách", 0, 1, {"C": "place", "D": ""}),))
    (row, _) = read(registers.xlsx(tmp_path / "a.xlsx", [HEAD, FIRST, SECOND]), mapping).rows
    assert (row.texts.get("place"), row.texts.get("subject")) == ("Hội Phụ nữ", None)


def test_a_mapping_comes_back_from_json() -> None:
    mapping = said(B="title")
    assert ListMapping.from_json(mapping.to_json(), OUTCOMES) == mapping


@pytest.mark.parametrize(
    "data",
    [
        [],
        {"sheets": [{}]},
        {"sheets": [{"sheet": "a", "columns": {"B": "nothing"}}]},
        {"sheets": [{"sheet": "a", "columns": {"B": "title", "C": "title"}}]},
        {"sheets": [{"sheet": "a", "rows": 0}]},
        {"sheets": [{"sheet": "a", "row": 10**9}]},
        {"sheets": 3},
    ],
)
def test_a_mapping_that_cannot_be_followed_is_refused(data: Any) -> None:
    if data == []:
        assert ListMapping.from_json(data, OUTCOMES) == ListMapping()
    else:
        with pytest.raises(ListMappingInvalid):
            ListMapping.from_json(data, OUTCOMES)


@pytest.mark.parametrize(
    "lines, number, day",
    [
        (["Số: 12 - QĐ/ThU", "X, ngày 18 tháng 9 năm 2024"], "12-QĐ/ThU", date(2024, 9, 18)),
        (["Quyết định số 1015/QĐ-UBND ngày 5.12.2024"], "1015/QĐ-UBND", date(2024, 12, 5)),
        (["ngày 31/02/2024"], "", None),
        (["Danh sách"], "", None),
    ],
)
def test_the_decision_in_a_title_block(lines: list[str], number: str, day: date | None) -> None:
    assert decision_in(lines) == (number, day)
