"""Whose register a file is: by its title, else its name; what contradicts is asked about and never taken."""

from datetime import date
from typing import Any

import pytest

from models_registry.models import Season
from models_registry.registers.glance import Glance
from models_registry.selectors.whose import UnitNames, Whose, says_nothing_of, signs_of_another, whose_register
from tests.models_registry.conftest import unit_of

HOW = ("unit", "how", "doubt")


def told(names: UnitNames, file_name: str, *title: str, rows: Any = (), days: Any = ()) -> tuple[str, str, str]:
    found = whose(names, file_name, *title, rows=rows, days=days)
    return (found.unit.unit.key.removeprefix("2025/") if found.unit else "", found.how, found.doubt)


def whose(names: UnitNames, file_name: str, *title: str, rows: Any = (), days: Any = ()) -> Whose:
    return whose_register(Glance(list(title), list(rows), days=list(days)), file_name, names)


@pytest.fixture
def names(season_2026: Season) -> UnitNames:
    return UnitNames(season_2026)


@pytest.mark.parametrize(
    "file_name, title, expected",
    [
        ("Book1.xlsx", "ĐẢNG ỦY XÃ HÀM THUẬN", ("xa-ham-thuan", "title", "")),
        ("Book1.xlsx", "DANH SÁCH CỦA XÃ HÀM THUẬN NĂM 2026", ("xa-ham-thuan", "title", "")),
        ("21_Xa Ham Thuan.xlsx", "", ("xa-ham-thuan", "name", "")),
        ("P. Mũi Né 2026 (1).xls", "", ("phuong-mui-ne", "name", "")),
        ("DVK hiep thanh 2026.xlsx", "", ("xa-hiep-thanh", "name", "")),
        ("XaHamThuanBac.xlsx", "", ("xa-ham-thuan-bac", "name", "")),
        ("hamthuannam2026.docx", "", ("xa-ham-thuan-nam", "name", "")),
        ("D'Ran-DVK.xls", "", ("xa-d-ran", "name", "")),
        ("phuong-1-bao-loc.xlsx", "", ("phuong-1-bao-loc", "name", "")),
        ("xa-dam-rong-1.xls", "", ("xa-dam-rong-1", "name", "")),
        # a former name, with its one heir
        ("So.xls", "ĐẢNG ỦY XÃ HÀM HIỆP", ("phuong-binh-thuan", "title", "")),
        # a copy that Windows numbered is no Cát Tiên 2; a number that may count files is asked about
        ("xa cat tien (2).xlsx", "", ("xa-cat-tien", "name", "")),
        ("cat tien 2.xlsx", "", ("xa-cat-tien-2", "", "unsure")),
        ("cat tien 2.xlsx", "ĐẢNG ỦY XÃ CÁT TIÊN 2", ("xa-cat-tien-2", "title", "")),
        # contradictions
        ("tan lap 2026 (sua).xlsx", "ĐẢNG ỦY XÃ TÂN THÀNH", ("xa-tan-thanh", "", "differ")),
        ("Book1.xlsx", "Gửi: Đảng ủy xã Tân Lập; sao Đảng ủy xã Tân Thành", ("", "", "several")),
        # a district that ended has many heirs; a province is nobody's register
        ("Book1.xlsx", "HUYỆN ỦY HÀM TÂN", ("", "", "ended")),
        ("Dan van kheo Binh Thuan.xlsx", "", ("phuong-binh-thuan", "", "unsure")),
        ("Book1.xlsx", "TỈNH ỦY LÂM ĐỒNG", ("", "", "unknown")),
        # what it says last is the nearer
        ("Book1.xlsx", "HUYỆN ỦY HÀM THUẬN BẮC - ĐẢNG ỦY XÃ HÀM LIÊM", ("xa-ham-liem", "title", "")),
        ("Book1.xlsx", "ĐẢNG ỦY XÃ HÀM THUẠNN", ("xa-ham-thuan", "", "unsure")),
    ],
)
def test_title_before_name(names: UnitNames, file_name: str, title: str, expected: tuple[str, str, str]) -> None:
    assert told(names, file_name, *([title] if title else [])) == expected


def test_a_long_name_may_leave_out_the_place_at_its_end(season: Season) -> None:
    found = whose(UnitNames(season), "so.xlsx", "ĐẢNG ỦY KHỐI CƠ QUAN VÀ DOANH NGHIỆP")
    assert found.unit and found.unit.unit.key == "khoi-co-quan-doanh-nghiep" and found.is_sure


def test_rows_that_speak_for_another_unit_beat_title_and_name(names: UnitNames) -> None:
    rows = [f"Chi bộ thôn {n}, xã Tân Lập" for n in range(9)]
    found = whose(names, "tan thanh.xlsx", "ĐẢNG ỦY XÃ TÂN THÀNH", rows=rows)
    assert (found.doubt, found.is_sure) == ("places", False)
    assert "9/9 dòng nêu nơi thuộc Đảng ủy xã Tân Lập" in found.seen


@pytest.mark.parametrize(
    "column, places, expected",
    [
        ("Đảng ủy xã Tân Lập", "xã Tân Lập", ("xa-tan-lap", "title", "")),
        ("Đảng ủy xã Tân Thành", "xã Tân Lập", ("xa-tan-lap", "", "unsure")),
        ("Đảng ủy xã Tân Lập", "thôn 5", ("", "", "unknown")),
    ],
)
def test_a_unit_in_each_row_counts_where_the_places_agree(
    names: UnitNames, column: str, places: str, expected: tuple[str, str, str]
) -> None:
    found = Glance(rows=[f"Chi bộ thôn {n}, {places}" for n in range(4)], in_each_row=["Đã xem", column])
    whose = whose_register(found, "export.csv", names)
    assert (whose.unit.unit.key.removeprefix("2025/") if whose.unit else "", whose.how, whose.doubt) == expected


def test_rows_decide_where_a_number_may_count_files(names: UnitNames) -> None:
    assert told(names, "cat tien 2.xlsx", rows=["UBND xã Cát Tiên 2"] * 3) == ("xa-cat-tien-2", "name", "")


def test_what_agrees_makes_it_surer(names: UnitNames) -> None:
    alone = whose(names, "Book1.xlsx", "ĐẢNG ỦY XÃ TÂN LẬP")
    all_agree = whose(names, "tan lap.xlsx", "ĐẢNG ỦY XÃ TÂN LẬP", rows=["UBND xã Tân Lập"] * 3)
    assert (alone.percent, alone.seen) == (93, "Tiêu đề khớp.")
    assert (all_agree.percent, all_agree.seen) == (99, "Tiêu đề, tên tệp và địa bàn khớp.")


def test_in_a_year_of_reform_the_days_of_the_rows_tell_who_it_was(season_2025: Season) -> None:
    names = UnitNames(season_2025)
    title = "ĐẢNG ỦY QUÂN SỰ TỈNH"
    assert told(names, "so.xlsx", title, days=[date(2025, 3, 1)]) == ("quan-su-tinh", "title", "")
    assert (
        whose(names, "bac-binh.xlsx", rows=["UBND xã Hải Ninh", "UBND xã Phan Hiệp", "UBND xã Sông Lũy"]).unit.unit.key
        == "bac-binh"
    )  # type: ignore[union-attr]


def test_rows_alone_are_asked_about_and_stand_beside_what_contradicts(names: UnitNames) -> None:
    rows = ["UBND xã Tân Lập"] * 3
    alone = whose(names, "Book1.xlsx", rows=rows)
    assert alone.unit and (alone.unit.unit.key, alone.percent, alone.is_sure) == ("2025/xa-tan-lap", 70, False)
    assert alone.seen == "Tiêu đề và tên tệp không ghi đơn vị; địa bàn trong sổ thuộc Đảng ủy xã Tân Lập."
    differ = whose(names, "tan lap.xlsx", "ĐẢNG ỦY XÃ TÂN THÀNH", rows=rows)
    assert differ.seen.endswith(", địa bàn trong sổ thuộc Đảng ủy xã Tân Lập.")
    assert {version.unit.key: why for version, why in differ.choices} == {
        "2025/xa-tan-thanh": "theo tiêu đề",
        "2025/xa-tan-lap": "theo tên tệp và địa bàn",
    }


def test_rows_and_file_name_speak_where_no_title_does(names: UnitNames) -> None:
    mine, other = unit_of("2025/xa-la-da"), unit_of("2025/xa-tan-lap")
    elsewhere = ["Hội Phụ nữ xã Tân Lập | ", "Chi bộ thôn 2, xã Tân Lập | "]
    words, units = signs_of_another(names, mine.pk, elsewhere, "so.xlsx") or ("", [])
    assert words.startswith("2/2 dòng nêu nơi thuộc ") and other.pk in [version.unit_id for version in units]
    words, units = signs_of_another(names, mine.pk, ["Khối Dân vận xã Tân Lập | ", "Chi bộ thôn 2 | "], "so.xlsx") or ("", [])
    assert words.startswith("1/1 dòng nêu nơi thuộc ")  # a short register says it once
    assert signs_of_another(names, mine.pk, ["Hội Phụ nữ xã Tân Lập | "] + ["Chi bộ thôn 2 | "] * 3, "so.xlsx") is None
    words, units = signs_of_another(names, mine.pk, ["Chi bộ thôn 2 | "], "xa tan lap.xlsx") or ("", [])
    assert words.startswith("Tên tệp ghi “") and other.pk in [version.unit_id for version in units]
    assert signs_of_another(names, mine.pk, ["Hội Phụ nữ xã La Dạ | "] * 2, "xa tan lap.xlsx") is None
    assert signs_of_another(names, mine.pk, ["Chi bộ thôn 2 | "], "so.xlsx") is None


def test_a_register_that_names_nobody_and_nowhere_is_told_so(names: UnitNames) -> None:
    mine, silent = unit_of("2025/xa-la-da"), ["Công an | "] * 4
    assert says_nothing_of(names, mine.pk, silent, "so.xlsx")
    assert not says_nothing_of(names, mine.pk, silent[:3], "so.xlsx")
    assert not says_nothing_of(names, mine.pk, [*silent, "Chi bộ thôn 2 | "], "so.xlsx")
    assert not says_nothing_of(names, mine.pk, [*silent, "Công an xã La Dạ | "], "so.xlsx")
    assert not says_nothing_of(names, mine.pk, silent, "xa la da.xlsx")
