"""What the importer understands: each habit of registers by itself, and what it says that it understood."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from models_registry.models import Registration
from models_registry.services import ImportReport
from tests import registers as made

Take = Callable[..., ImportReport]

TWO = [made.row("Tuyến đường hoa"), made.row("Tổ tự quản về an ninh trật tự", number=2, field="Quốc phòng - an ninh")]
FACTS = {
    ("Tuyến đường hoa", "Phường Phú Hài", "Văn hóa - xã hội", "new", "collective", date(2024, 3, 15)),
    ("Tổ tự quản về an ninh trật tự", "Phường Phú Hài", "Quốc phòng - an ninh", "new", "collective", date(2024, 3, 15)),
}


def stored() -> set[tuple[Any, ...]]:
    rows = Registration.objects.filter(season__year=2024)
    return set(rows.values_list("title", "place_name", "field__name", "kind", "subject_kind", "registered_on"))


@pytest.mark.parametrize("unit_key, rows", [("bac-binh", 93), ("ham-thuan-nam", 66), ("phu-quy", 18), ("quan-su-tinh", 16)])
def test_the_demo_registers_are_read_whole(season: Any, unit_key: str, rows: int) -> None:
    assert Registration.objects.filter(season=season, unit__key=unit_key).count() == rows


def test_all_fourteen_registers_give_759_registrations(season: Any) -> None:
    assert Registration.objects.filter(season=season).count() == 759


@pytest.mark.parametrize(
    "write, name", [(made.xlsx, "so.xlsx"), (made.xls, "so.xls"), (made.ods, "so.ods"), (made.text_file, "so.csv")]
)
def test_each_format(take: Take, tmp_path: Path, write: Any, name: str) -> None:
    lines = [[*line[:8], date(2024, 3, 15), line[9]] for line in TWO]
    report = take(write(tmp_path / name, [made.HEAD, *lines]))
    assert (report.rejected, report.created, report.saved) == ([], 2, True)
    assert stored() == FACTS


@pytest.mark.parametrize("encoding, separator", [("utf-8", ";"), ("utf-8-sig", "\t"), ("utf-16", ","), ("cp1258", ";")])
def test_text_files_in_other_encodings(take: Take, tmp_path: Path, encoding: str, separator: str) -> None:
    rows = [made.HEAD, *TWO]
    if encoding == "cp1258":  # holds most tones as combining marks after the letter
        rows = made.spelled(rows, _for_1258)
    report = take(made.text_file(tmp_path / "so.csv", rows, encoding, separator))
    assert report.rejected == []
    assert stored() == FACTS


def _for_1258(text: str) -> str:
    import unicodedata

    out = ""
    for char in unicodedata.normalize("NFC", text):
        try:
            char.encode("cp1258")
            out += char
        except UnicodeEncodeError:
            parts = unicodedata.normalize("NFD", char)
            tones = [c for c in parts[1:] if c in "\u0300\u0301\u0303\u0309\u0323"]
            base = unicodedata.normalize("NFC", "".join(c for c in parts if c not in tones))
            out += base + "".join(tones)
    return out


@pytest.mark.parametrize("how, name", [(made.to_tcvn3, "TCVN3"), (made.to_vni, "VNI"), (made.nfd, "Unicode")])
@pytest.mark.parametrize("write, file", [(made.xlsx, "so.xlsx"), (made.xls, "so.xls")])
def test_old_fonts_and_decomposed_text(take: Take, tmp_path: Path, how: Any, name: str, write: Any, file: str) -> None:
    report = take(write(tmp_path / file, made.spelled([made.HEAD, *TWO], how)))
    assert report.rejected == []
    assert stored() == FACTS
    assert report.understood[0]["encoding"] == name


@pytest.mark.parametrize("how", [made.to_tcvn3, made.to_vni])
def test_old_fonts_in_the_bytes_of_a_text_file(take: Take, tmp_path: Path, how: Any) -> None:
    report = take(made.text_file(tmp_path / "so.csv", made.spelled([made.HEAD, *TWO], how), "latin-1"))
    assert report.rejected == []
    assert stored() == FACTS


def test_unicode_heading_over_a_body_in_an_old_font(take: Take, tmp_path: Path) -> None:
    report = take(made.xlsx(tmp_path / "so.xlsx", [made.HEAD, *made.spelled(TWO, made.to_vni)]))
    assert report.rejected == []
    assert stored() == FACTS


def test_capitals_lost_by_an_old_font_compare_equal(take: Take, tmp_path: Path) -> None:
    lines = [made.row(subject="Ủy ban MTTQ Việt Nam phường Phú Hài")]
    take(made.xlsx(tmp_path / "a.xlsx", [made.HEAD, *lines]))
    again = take(made.xlsx(tmp_path / "b.xlsx", made.spelled([made.HEAD, *lines], made.to_tcvn3)))
    assert (again.created, again.updated + again.unchanged) == (0, 1)
    assert Registration.objects.get(season__year=2024).subject == "Ủy ban MTTQ Việt Nam phường Phú Hài"


def test_title_block_and_signatures_around_the_table(take: Take, tmp_path: Path) -> None:
    rows = [
        ["THÀNH ỦY PHAN THIẾT", "", "", "", "ĐẢNG CỘNG SẢN VIỆT NAM"],
        ["*"],
        [],
        ["DANH SÁCH ĐĂNG KÝ MÔ HÌNH “DÂN VẬN KHÉO” NĂM 2024"],
        made.HEAD,
        *TWO,
        ["", "Tổng cộng: 2 mô hình"],
        [],
        ["", "Nơi nhận:", "", "", "T/M BAN THƯỜNG VỤ"],
        ["", "- Ban Dân vận Tỉnh ủy", "", "", "BÍ THƯ"],
        ["", "Phan Thiết, ngày 20 tháng 3 năm 2024"],
    ]
    report = take(made.xlsx(tmp_path / "so.xlsx", rows))
    assert (report.rows, report.created, report.rejected, report.warnings) == (2, 2, [], [])
    assert report.understood[0]["heading_rows"] == [5]
    assert [skip["row"] for skip in report.understood[0]["skipped"]] == [8, 10, 11, 12]


MARKED = [
    [
        "TT",
        "Tên mô hình",
        "Đơn vị thực hiện",
        "Xã, phường",
        "Lĩnh vực",
        "",
        "",
        "",
        "Loại hình",
        "",
        "Đăng ký",
        "",
        "Thời gian đăng ký",
    ],
    ["", "", "", "", "KT", "VHXH", "QPAN", "XD HTCT", "Tập thể", "Cá nhân", "Mới", "Duy trì", ""],
    ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)", "(8)", "(9)", "(10)", "(11)", "(12)", "(13)"],
    ["1", "Tuyến đường hoa", "Hội Phụ nữ", "P. Phú Hài", "", "x", "", "", "X", "", "x", "", "15/3/24"],
    ["2", "Tổ tự quản về an ninh trật tự", "Công an", "phú hài", "", "", "x", "", "x", "", "x", "", "15-03-2024"],
    ["", "Tổng cộng", "", "", 0, 1, 1, 0, 2, 0, 2, 0, ""],
]


@pytest.mark.parametrize("write, name", [(made.xlsx, "so.xlsx"), (made.xls, "so.xls"), (made.text_file, "so.csv")])
def test_two_row_heading_with_marks(take: Take, tmp_path: Path, write: Any, name: str) -> None:
    report = take(write(tmp_path / name, MARKED))
    assert (report.rejected, report.warnings) == ([], [])
    assert stored() == FACTS
    assert report.understood[0]["heading_rows"] == [1, 2]


def test_columns_in_another_order_with_other_words(take: Take, tmp_path: Path) -> None:
    rows = [
        ["Ngày ĐK", "Phân loại", "Địa điểm thực hiện", "Mô hình Dân vận khéo", "Tập thể/cá nhân", "Chủ thể", "Thuộc lĩnh vực"],
        ["15.3.2024", "mới", "Phường Phú Hài", "Tuyến đường hoa", "tập thể", "Hội Phụ nữ", "Văn hoá, xã hội"],
        [
            "15/03/24",
            "Mới",
            "Đảng ủy phường Phú Hài",
            "Tổ tự quản về an ninh trật tự",
            "TẬP THỂ",
            "Công an",
            "An ninh - quốc phòng",
        ],
    ]
    report = take(made.xlsx(tmp_path / "so.xlsx", rows))
    assert report.rejected == []
    assert stored() == FACTS


def test_sections_for_field_and_kind(take: Take, tmp_path: Path) -> None:
    head = ["STT", "Tên mô hình", "Tập thể, cá nhân", "Địa bàn", "Loại hình", "Ngày đăng ký"]
    rows = [
        head,
        ["I", "LĨNH VỰC VĂN HÓA - XÃ HỘI (1 mô hình)"],
        ["1", "Đăng ký mới"],
        [1, "Tuyến đường hoa", "Hội Phụ nữ", "Phường Phú Hài", "Tập thể", "15/3/2024"],
        ["2", "Duy trì, nhân rộng"],
        ["II", "QUỐC PHÒNG - AN NINH"],
        ["1", "Đăng ký mới"],
        [2, "Tổ tự quản về an ninh trật tự", "Công an", "Phường Phú Hài", "Tập thể", "15/3/2024"],
        ["", "Cộng: 2"],
    ]
    report = take(made.xlsx(tmp_path / "so.xlsx", rows))
    assert (report.rejected, report.warnings) == ([], [])
    assert stored() == FACTS


def test_a_sheet_for_each_commune_beside_a_summary(take: Take, tmp_path: Path) -> None:
    head = [label for label in made.HEAD if label != "Địa bàn"]
    lines = [[*line[:3], *line[4:]] for line in TWO]
    sheets = {
        "Tổng hợp": [["TT", "Xã, phường", "Số mô hình"], [1, "Phú Hài", 2], ["", "Tổng cộng", 3]],
        "P. Phú Hài": [["DANH SÁCH"], head, *lines],
        "Ghi chú chung": [["Liên hệ Ban Dân vận"]],
    }
    report = take(made.xlsx(tmp_path / "so.xlsx", sheets))
    assert report.rejected == []
    assert stored() == FACTS
    assert [w["message"] for w in report.warnings] == ["Tổng cộng: trang tổng hợp ghi 3, đọc được 2 dòng."]
    assert report.understood[2]["note"] == "Không thấy dòng tiêu đề bảng, bỏ qua cả trang."


def test_dates_as_serial_numbers_and_stray_spaces(take: Take, tmp_path: Path) -> None:
    lines = [
        made.row("  Tuyến\n đường\u00a0hoa ", day=45366),
        made.row("Tổ tự quản về an ninh trật tự", number="2.", day=" 15 / 3 / 2024 ", field="quốc phòng – an ninh"),
    ]
    report = take(made.xlsx(tmp_path / "so.xlsx", [made.HEAD, *lines]))
    assert report.rejected == []
    assert stored() == FACTS


@pytest.mark.parametrize(
    "said, where", [("TỔNG CỘNG: 3 mô hình", "Dòng “TỔNG CỘNG: 3 mô hình”"), ("Tổng số: 5", "Dòng “Tổng số: 5”")]
)
def test_a_total_that_does_not_hold_is_said(take: Take, tmp_path: Path, said: str, where: str) -> None:
    report = take(made.xlsx(tmp_path / "so.xlsx", [made.HEAD, *TWO, ["", said]]))
    assert report.saved
    (warning,) = report.warnings
    assert (warning["code"], warning["row"]) == ("total_mismatch", 4)
    assert warning["message"].startswith(where)
    assert warning["message"].endswith("đọc được 2.")


AGAIN = made.row("Tuyến  đường hoa", number=3)


@pytest.mark.parametrize("said", ["Tổng cộng: 3", "(Danh sách này có 3 mô hình)"])
def test_a_total_that_counts_a_row_twice_is_said_with_the_row(take: Take, tmp_path: Path, said: str) -> None:
    report = take(made.xlsx(tmp_path / "so.xlsx", [made.HEAD, *TWO, AGAIN, ["", said]]), accept_valid=True)
    (warning,) = report.warnings
    assert (report.created, warning["code"], warning["row"]) == (2, "total_mismatch", 5)
    assert warning["message"] == f"Dòng “{said}” ghi 3, đọc được 2, 1 dòng trùng (dòng 4 trùng dòng 2)."


def test_a_total_without_the_row_that_is_there_twice_holds(take: Take, tmp_path: Path) -> None:
    report = take(made.xlsx(tmp_path / "so.xlsx", [made.HEAD, *TWO, AGAIN, ["", "Tổng cộng: 2"]]), accept_valid=True)
    assert (report.created, report.warnings) == (2, [])


def test_a_sheet_of_totals_that_counts_a_row_twice_is_said_of_the_place_and_of_the_whole(take: Take, tmp_path: Path) -> None:
    totals = [["STT", "Địa bàn", "Số mô hình"], [1, "Phường Phú Hài", 3], ["", "Tổng cộng", 3]]
    rows = {"Sổ": [made.HEAD, *TWO, AGAIN], "Tổng hợp": totals}
    report = take(made.xlsx(tmp_path / "so.xlsx", rows), accept_valid=True)
    assert [warning["message"] for warning in report.warnings if warning["code"] == "total_mismatch"] == [
        "Phường Phú Hài: trang tổng hợp ghi 3, đọc được 2 dòng, 1 dòng trùng (dòng 4 trùng dòng 2).",
        "Tổng cộng: trang tổng hợp ghi 3, đọc được 2 dòng, 1 dòng trùng (dòng 4 trùng dòng 2).",
    ]


def test_a_section_and_a_marked_total_that_do_not_hold_are_said(take: Take, tmp_path: Path) -> None:
    wrong = [
        *MARKED[:3],
        ["I. LĨNH VỰC KINH TẾ (4 mô hình)"],
        *MARKED[3:5],
        ["", "Tổng cộng", "", "", 0, 1, 2, 0, 2, 0, 2, 0, ""],
    ]
    report = take(made.xlsx(tmp_path / "so.xlsx", wrong))
    assert [w["message"] for w in report.warnings] == [
        "Dòng “Tổng cộng” cột “QPAN” ghi 2, đọc được 1.",
        "Mục “I. LĨNH VỰC KINH TẾ (4 mô hình)” ghi 4, đọc được 2 dòng.",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Xã Hàm Hiệp",
        "xã Hàm  Hiệp",
        "X. Hàm Hiệp",
        "Hàm Hiệp",
        "Đảng ủy xã Hàm Hiệp",
        "Xã Hàm Hiệp, huyện Hàm Thuận Bắc",
        "Thôn Xuân Điền, xã Hàm Hiệp",
    ],
)
def test_ways_to_write_a_place(take: Take, tmp_path: Path, text: str) -> None:
    report = take(made.xlsx(tmp_path / "so.xlsx", [made.HEAD, made.row(place=text)]), "ham-thuan-bac")
    assert report.rejected == []
    assert Registration.objects.get(season__year=2024).place.key == "ham-thuan-bac/xa-ham-hiep"


@pytest.mark.parametrize("text", ["TT Ma Lâm", "TT. Ma Lâm", "thị trấn Ma Lâm"])
def test_ways_to_write_a_town(take: Take, tmp_path: Path, text: str) -> None:
    take(made.xlsx(tmp_path / "so.xlsx", [made.HEAD, made.row(place=text)]), "ham-thuan-bac")
    assert Registration.objects.get(season__year=2024).place_name == "Thị trấn Ma Lâm"


@pytest.mark.parametrize("unit_key, key", [("ham-tan", "ham-tan/xa-tan-ha"), ("duc-linh", "duc-linh/xa-tan-ha")])
def test_a_name_that_two_districts_share_is_matched_inside_the_unit(take: Take, tmp_path: Path, unit_key: str, key: str) -> None:
    take(made.xlsx(tmp_path / "so.xlsx", [made.HEAD, made.row(place="Xã Tân Hà")]), unit_key)
    assert Registration.objects.get(season__year=2024).place.key == key


def test_default_day_for_a_register_without_dates(take: Take, tmp_path: Path) -> None:
    head, line = [*made.HEAD[:8], made.HEAD[9]], made.row()
    path = made.xlsx(tmp_path / "so.xlsx", [head, [*line[:8], line[9]]])
    assert [r["code"] for r in take(path).rejected] == ["date_missing"]
    assert take(path, default_day=date(2024, 2, 1)).created == 1
    assert Registration.objects.get(season__year=2024).registered_on == date(2024, 2, 1)
