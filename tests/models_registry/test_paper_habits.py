"""Registers that say once, above or beside their rows, what others say in each of them."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from models_registry.enums import Kind
from models_registry.registers import opening
from models_registry.registers.reader import RegisterReader
from models_registry.registers.reading import ReadRow, RefusedRow, RegisterContext
from tests import registers as made
from tests.models_registry.test_shapes import FIELDS, PLACES
from tests.odd_formats import read_here

ROAD, FLOWERS, LAMPS, BOOKS = "Hiến đất mở đường", "Tuyến đường hoa", "Thắp sáng đường quê", "Tủ sách thôn"
HEAD = ["TT", "Tên mô hình", "Lĩnh vực", "Tập thể/cá nhân", "Mới/duy trì", "Ngày đăng ký"]


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(opening, "read_apart", read_here)

    def reader(lines: list[list[Any]] | Path) -> RegisterReader:
        path = lines if isinstance(lines, Path) else made.text_file(tmp_path / "so.csv", lines)
        context = RegisterContext(date(2024, 1, 1), date(2024, 12, 31), FIELDS, PLACES)
        return RegisterReader(path, context, None, "so")

    return reader


def model(number: int | str, title: str, kind: str = "Mới", day: str = "5/3/2024") -> list[Any]:
    return [number, title, "Kinh tế", "Tập thể", kind, day]


def told(rows: Iterator[ReadRow | RefusedRow], *names: str) -> dict[str, tuple[Any, ...]]:
    """Of each row that is good what it says, of each other one its flaws' codes."""
    return {
        row.title: tuple(getattr(row, name) for name in names)
        if isinstance(row, ReadRow)
        else tuple(flaw.code for flaw in row.flaws)
        for row in rows
    }


def test_a_line_above_each_table_says_who_does_it(read: Any) -> None:
    lines = [["TỔNG HỢP MÔ HÌNH DÂN VẬN KHÉO NĂM 2024"], ["1. Chi bộ thôn Bồng Lai: 02 mô hình"], HEAD]
    lines += [model(1, ROAD), model(2, FLOWERS), ["2. Hội Nông dân: 01 mô hình"], HEAD, model(1, LAMPS)]
    rows = list(read([*lines, ["3. Công an: 01 mô hình"], HEAD, model(1, BOOKS), ["Tổng cộng: 4 mô hình"]]).rows())
    assert told(iter(rows), "subject") == {
        ROAD: ("Chi bộ thôn Bồng Lai",),
        FLOWERS: ("Chi bộ thôn Bồng Lai",),
        LAMPS: ("Hội Nông dân",),
        BOOKS: ("Công an",),
    }
    assert [row.place.hamlet for row in rows if isinstance(row, ReadRow)] == ["Thôn Bồng Lai"] * 2 + [""] * 2


def test_the_first_line_above_a_table_need_not_name_a_place(read: Any) -> None:
    lines = [["1. Hội Nông dân: 01 mô hình"], HEAD, model(1, ROAD), ["2. Đoàn Thanh niên: 01 mô hình"], HEAD, model(1, LAMPS)]
    assert told(read(lines).rows(), "subject") == {ROAD: ("Hội Nông dân",), LAMPS: ("Đoàn Thanh niên",)}


@pytest.mark.parametrize(("first", "second"), [("1.1", "2.1"), ("1", "1")])
def test_a_numbered_body_above_its_models_does_them(read: Any, first: str, second: str) -> None:
    lines = [HEAD, [1, "Công an huyện"], model(first, ROAD), [2, "Phòng Tham mưu"], model(second, LAMPS)]
    assert told(read(lines).rows(), "subject") == {ROAD: ("Công an huyện",), LAMPS: ("Phòng Tham mưu",)}


def test_a_numbered_name_alone_among_models_stays_a_model(read: Any) -> None:
    lines = [HEAD, model(1, ROAD), [2, "Đội cờ đỏ"], model(3, LAMPS)]
    found = told(read(lines).rows(), "subject")
    assert found[ROAD] == ("",)
    assert "kind_missing" in found["Đội cờ đỏ"]


def test_a_column_of_doers_goes_before_such_lines(read: Any) -> None:
    head = [*HEAD, "Đơn vị thực hiện"]
    lines = [head, ["1. Hội Nông dân: 01 mô hình"], [*model(1, ROAD), "Chi bộ thôn 3"]]
    assert told(read(lines).rows(), "subject") == {ROAD: ("Chi bộ thôn 3",)}


def test_days_with_english_months_and_short_years(read: Any) -> None:
    """As an English Excel writes a csv."""
    lines = [HEAD, *(model(n, title, day=f"1{n}-Feb-24") for n, title in enumerate((ROAD, FLOWERS, LAMPS, BOOKS), 1))]
    assert told(read(lines).rows(), "registered_on")[BOOKS] == (date(2024, 2, 14),)


def test_a_row_of_another_year_is_nobodys_double(read: Any) -> None:
    lines = [HEAD, model(1, ROAD, day="6/8/2023"), ["DANH SÁCH NĂM 2024"], HEAD, model(1, ROAD, "Duy trì")]
    assert [isinstance(row, ReadRow) for row in read(lines).rows()] == [False, True]


def test_a_column_headed_as_one_list_of_two_that_holds_the_other(read: Any) -> None:
    kinds = ["Đăng ký mới", "Đang thực hiện"] * 3
    rows = [[n, f"{ROAD} {n}", "Kinh tế", kind, "Hội Nông dân", "5/3/2024"] for n, kind in enumerate(kinds)]
    head = ["TT", "Tên mô hình", "Lĩnh vực", "Loại mô hình", "Khu dân cư/ đơn vị", "Ngày đăng ký"]
    assert [row.kind for row in read([head, *rows]).rows()] == [Kind.NEW, Kind.MAINTAINED] * 3


def test_a_sheet_saved_with_its_letters_and_numbers(tmp_path: Path, read: Any) -> None:
    def row(number: str, cells: list[Any]) -> str:
        return f"<tr><th>{number}</th>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"

    letters = f"<tr><th></th>{''.join(f'<th>{letter}</th>' for letter in 'ABCDEF')}</tr>"
    rows = row("1", ["DANH SÁCH"]) + row("2", HEAD) + row("", [""] * 6) + row("4", model(1, ROAD)) + row("5", model(2, LAMPS))
    path = tmp_path / "so.html"
    path.write_text(f"<table>{letters}{rows}</table>", encoding="utf-8")
    reader = read(path)
    assert [row.source for row in reader.rows()] == ["so!4", "so!5"]
    assert reader.sheets[0].columns["B"] == "Tên mô hình: tên mô hình"
