"""Several registers in one sheet, each under its own title and heading: each row finds its unit. No database."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from common.text import compare_key
from models_registry.registers.glance import glance
from models_registry.registers.reader import RegisterReader
from models_registry.registers.reading import ReadRow, RefusedRow, RegisterContext
from models_registry.registers.vocabulary import FieldBook, PlaceBook
from tests import registers as made

FIELDS = FieldBook([(1, "Kinh tế", []), (2, "Văn hóa - xã hội", [])])
PLACES = PlaceBook("Thành ủy Phan Thiết", ["Phan Thiết"], [(1, "phu-hai", "Phường Phú Hài", "Đảng ủy phường Phú Hài")])
OWN: list[list[Any]] = [["THÀNH ỦY PHAN THIẾT"], ["DANH SÁCH"], made.HEAD, made.row("Mô hình một", number=1), made.row(number=2)]
OTHER = ["Số TT", "Tên mô hình", "Đơn vị", "Lĩnh vực", "TT/CN", "Mới/Duy trì", "Ngày đăng ký"]
LOOSE = ["Số TT", "Nội dung đăng ký", "Đơn vị thực hiện", "Lĩnh vực", "TT/CN", "Mới/Duy trì", "Ngày đăng ký"]
ROW = [1, "Tổ tự quản", "Hội Phụ nữ", "Kinh tế", "Tập thể", "Mới", "15/3/2024"]
SIGNED = [["", "Tổng cộng: 2"], ["", "", "", "", "", "", "", "TM. BAN THƯỜNG VỤ"], ["", "", "", "", "", "", "", "Nguyễn Văn A"]]


def whose(lines: list[str]) -> tuple[str, str] | None:
    for line in reversed(lines):
        for words, key in (("phan thiet", ""), ("bac binh", "bac-binh")):
            if words in compare_key(line):
                return key, words
    return None


def read(tmp_path: Path, rows: list[list[Any]], **context: Any) -> tuple[list[ReadRow | RefusedRow], RegisterReader]:
    given = RegisterContext(date(2024, 1, 1), date(2024, 11, 30), FIELDS, PLACES, whose=whose, **context)
    reader = RegisterReader(made.xlsx(tmp_path / "so.xlsx", rows), given)
    return list(reader.rows()), reader


@pytest.mark.parametrize("head", [OTHER, LOOSE, made.HEAD], ids=["other words", "no word for the title", "the same"])
@pytest.mark.parametrize("between", [[[]], SIGNED], ids=["a blank row", "a total and who signs"])
def test_a_second_table_finds_its_unit(tmp_path: Path, head: list[str], between: list[list[Any]]) -> None:
    row = made.row("Tổ tự quản") if head is made.HEAD else ROW
    found, reader = read(tmp_path, [*OWN, *between, ["HUYỆN ỦY BẮC BÌNH"], ["BAN DÂN VẬN"], head, row])
    assert reader.rows_of == {"": 2, "bac-binh": 1}
    assert [row.title for row in found if isinstance(row, ReadRow)] == ["Mô hình một", "Tuyến đường hoa", "Tổ tự quản"]


def test_sections_of_one_register_say_nothing_of_the_next(tmp_path: Path) -> None:
    head, row = [*OTHER[:3], *OTHER[4:]], [*ROW[:3], *ROW[4:]]
    rows = [*OWN[:3], ["I. Lĩnh vực kinh tế"], *OWN[3:], ["HUYỆN ỦY BẮC BÌNH"], head, row]
    last = read(tmp_path, rows)[0][-1]
    assert isinstance(last, RefusedRow)
    assert [flaw.code for flaw in last.flaws] == ["field_unknown"]
    rows[-2:-2] = [["II. Lĩnh vực văn hóa - xã hội"]]
    last = read(tmp_path, rows)[0][-1]
    assert isinstance(last, ReadRow)
    assert last.field_id == 2


@pytest.mark.parametrize("before", [40, 81, 700])
def test_a_glance_finds_a_heading_and_its_title_far_down(tmp_path: Path, before: int) -> None:
    rows = [[f"Căn cứ số {n}"] for n in range(before)]
    found = glance(made.xlsx(tmp_path / "so.xlsx", [*rows, ["THÀNH ỦY PHAN THIẾT"], made.HEAD, made.row()]), FIELDS)
    assert found.title[-1] == "THÀNH ỦY PHAN THIẾT"
    assert found.rows == ["Phường Phú Hài | Hội Liên hiệp Phụ nữ phường Phú Hài"]
    assert found.days == [date(2024, 3, 15)]
