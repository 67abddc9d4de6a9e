"""Short words that a legend explains, days in three columns, headings far down: read as a person would."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from models_registry.enums import Kind, SubjectKind
from models_registry.registers.headings import Role
from models_registry.registers.legends import legends_in
from models_registry.registers.mapping import Mapping
from models_registry.registers.reader import RegisterReader
from models_registry.registers.reading import ReadRow, RefusedRow, RegisterContext
from models_registry.registers.vocabulary import FieldBook, PlaceBook, match_kind, match_subject_kind
from tests import registers as made

FIELDS = FieldBook([(1, "Kinh tế", []), (2, "Văn hóa - xã hội", [])])
PLACES = PlaceBook("Thành ủy Phan Thiết", ["Phan Thiết"], [(1, "phu-hai", "Phường Phú Hài", "Đảng ủy phường Phú Hài")])
CODED = ["TT", "Tên mô hình", "Thực hiện", "Địa bàn", "LV", "Loại", "ĐK", "Ngày đăng ký"]
LEGEND = "Ghi chú: Lĩnh vực: 1. Kinh tế; 2. Văn hóa - xã hội. Loại: 1. Tập thể; 2. Cá nhân. ĐK: 1. Mới; 2. Duy trì"


def read(path: Path, mapping: Mapping | None = None) -> tuple[list[ReadRow | RefusedRow], RegisterReader]:
    context = RegisterContext(date(2024, 1, 1), date(2024, 11, 30), FIELDS, PLACES, mapping=mapping)
    reader = RegisterReader(path, context)
    return list(reader.rows()), reader


def read_rows(tmp_path: Path, rows: list[list[Any]], mapping: Mapping | None = None) -> list[ReadRow | RefusedRow]:
    return read(made.xlsx(tmp_path / "so.xlsx", rows), mapping)[0]


def said(row: ReadRow | RefusedRow) -> tuple[Any, ...]:
    return (row.field_id, row.kind, row.subject_kind) if isinstance(row, ReadRow) else tuple(flaw.code for flaw in row.flaws)


def coded(number: int, field: int, subject_kind: int, kind: int) -> list[Any]:
    return [number, f"Mô hình số {number}", "Hội Phụ nữ", "Phú Hài", field, subject_kind, kind, "15/3/2024"]


ROWS = [coded(1, 1, 1, 1), coded(2, 2, 2, 2), coded(3, 1, 2, 1)]
MEANT = [
    (1, Kind.NEW, SubjectKind.COLLECTIVE),
    (2, Kind.MAINTAINED, SubjectKind.INDIVIDUAL),
    (1, Kind.NEW, SubjectKind.INDIVIDUAL),
]


@pytest.mark.parametrize(
    "rows",
    [
        [CODED, *ROWS, [], [LEGEND]],
        [["DANH SÁCH"], [LEGEND], [], CODED, *ROWS],
        [["Lĩnh vực ghi số: (1) Kinh tế; (2) Văn hóa - xã hội. Loại viết bằng số: 1. Tập thể; 2. Cá nhân. ĐK: 1. Mới; 2. Duy trì"], CODED, *ROWS],
        [CODED, *ROWS, ["", "Lĩnh vực: 1: Kinh tế; 2: Văn hóa - xã hội"], ["Loại (1: tập thể; 2: cá nhân)"], ["ĐK 1 = mới, 2 = duy trì"]],
        [["Lĩnh vực (1-2)" if head == "LV" else head for head in CODED], *ROWS, [], [LEGEND.replace("Lĩnh vực: 1. Kinh tế; 2. ", "Lĩnh vực: 1 - Kinh tế; 2 - ")]],
        [CODED, *ROWS, [], ["Lĩnh vực:"], [1, "Kinh tế"], [2, "Văn hóa - xã hội"], [LEGEND[LEGEND.index("Loại") :]]],
    ],
    ids=["below", "above", "how it is written", "in lines", "numbers in the heading", "a small table"],
)  # fmt: skip
def test_a_legend_beside_the_table_says_what_codes_mean(tmp_path: Path, rows: list[list[Any]]) -> None:
    assert [said(row) for row in read_rows(tmp_path, rows)] == MEANT


def test_a_legend_far_below_is_found(tmp_path: Path) -> None:
    many = [coded(n, 1 + n % 2, 1 + n % 2, 1 + n % 2) for n in range(2, 200)]
    assert {said(row) for row in read_rows(tmp_path, [CODED, *many, [], [LEGEND]])} == set(MEANT[:2])


def test_what_codes_mean_is_told(tmp_path: Path) -> None:
    _, reader = read(made.xlsx(tmp_path / "so.xlsx", [CODED, *ROWS, [], [LEGEND]]))
    assert reader.sheets[0].codes == {
        "E": {"1": "Kinh tế", "2": "Văn hóa - xã hội"},
        "F": {"1": "Tập thể", "2": "Cá nhân"},
        "G": {"1": "Mới", "2": "Duy trì"},
    }


def test_a_code_that_no_legend_explains_is_refused(tmp_path: Path) -> None:
    rows = read_rows(tmp_path, [CODED, *ROWS, *(coded(n, 1, 1, 1) for n in (4, 5, 6)), coded(7, 7, 1, 1), [LEGEND]])
    assert [said(row) for row in rows[-1:]] == [("field_unknown",)]
    assert [said(row) for row in rows[:3]] == MEANT


def test_codes_without_a_legend_are_refused(tmp_path: Path) -> None:
    assert all(isinstance(row, RefusedRow) for row in read_rows(tmp_path, [CODED, *ROWS]))


def test_a_word_with_two_meanings_starts_another_legend() -> None:
    tests = {
        Role.KIND: lambda text: match_kind(text) is not None,
        Role.SUBJECT_KIND: lambda text: match_subject_kind(text) is not None,
    }
    found = legends_in([["Loại: M: mới, D: duy trì; ĐT: M - tập thể, D - cá nhân"]], {"M", "D"}, tests)
    assert [(it.label, it.role, it.meanings) for it in found] == [
        ("loai", Role.KIND, {"m": "mới", "d": "duy trì"}),
        ("dt", Role.SUBJECT_KIND, {"m": "tập thể", "d": "cá nhân"}),
    ]


APART = [*made.HEAD[:8], "Ngày", "Tháng", "Năm", "Ghi chú"]


def apart(number: int, *day: Any) -> list[Any]:
    return [*made.row(f"Mô hình {number}", number=number)[:8], *day, ""]


def test_a_day_in_three_columns_is_one_day_and_reads_so_again(tmp_path: Path) -> None:
    rows = [APART, apart(1, 5, 3, 2024), apart(2, "15", "04", "2024"), apart(3, 7, 5, 2024)]
    found, reader = read(made.xlsx(tmp_path / "so.xlsx", rows))
    days = [row.registered_on for row in found if isinstance(row, ReadRow)]
    assert days == [date(2024, 3, 5), date(2024, 4, 15), date(2024, 5, 7)]
    assert reader.warnings == []
    again = read_rows(tmp_path, rows, Mapping.from_json(reader.mapping.to_json()))
    assert [row.registered_on for row in again if isinstance(row, ReadRow)] == days


def test_a_day_without_its_month_is_refused_and_not_a_month_of_its_year(tmp_path: Path) -> None:
    rows = [APART, apart(1, 5, 3, 2024), apart(2, 10, "", 2024), apart(3, 31, 2, 2024), apart(4, 7, 5, 2024)]
    found, reader = read(made.xlsx(tmp_path / "so.xlsx", rows))
    assert [isinstance(row, ReadRow) for row in found] == [True, False, False, True]
    again = read_rows(tmp_path, rows, Mapping.from_json(reader.mapping.to_json()))
    assert [isinstance(row, ReadRow) for row in again] == [True, False, False, True]


def test_days_apart_below_a_heading_of_two_rows(tmp_path: Path) -> None:
    heads = [
        [*made.HEAD[:8], "Thời gian đăng ký", "", "", "Ghi chú"],
        ["", "", "", "", "", "", "", "", "Ngày", "Tháng", "Năm", ""],
    ]
    path = made.xlsx(tmp_path / "so.xlsx", [*heads, apart(1, 5, 3, 2024)], merged=[(0, 8, 0, 10)])
    assert [row.registered_on for row in read(path)[0] if isinstance(row, ReadRow)] == [date(2024, 3, 5)]


@pytest.mark.parametrize("before", [79, 81, 158, 700])
def test_a_heading_far_down_is_found(tmp_path: Path, before: int) -> None:
    rows = [[f"Căn cứ số {n}"] for n in range(before)]
    found, reader = read(made.xlsx(tmp_path / "so.xlsx", [*rows, made.HEAD, made.row()]))
    assert [isinstance(row, ReadRow) for row in found] == [True]
    assert reader.sheets[0].heading_rows == [before + 1]
