"""Habits of offices found by trying to break the importer: each once lost or spoiled rows."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from models_registry.models import Registration
from models_registry.registers.reading import identity_of
from models_registry.registers.refusing import RegisterUnreadable
from models_registry.services import ImportReport
from tests import registers as made

Take = Callable[..., ImportReport]
SHORT = ["STT", "Tên mô hình", "Tập thể, cá nhân thực hiện", "Địa bàn", "Loại hình", "Ngày đăng ký"]


def short(number: Any, title: str, subject: str = "Hội Phụ nữ", place: str = "Phường Phú Hài") -> list[Any]:
    return [number, title, subject, place, "Tập thể", "15/3/2024"]


def facts(*names: str) -> dict[str, Any]:
    rows = Registration.objects.filter(season__year=2024)
    return {row["title"]: tuple(row[name] for name in names) for row in rows.values("title", *names)}


def take_rows(take: Take, tmp_path: Path, rows: list[list[Any]], **options: Any) -> ImportReport:
    return take(made.xlsx(tmp_path / "so.xlsx", rows), **options)


def test_a_kind_section_ends_with_the_field_that_it_stands_in(take: Take, tmp_path: Path) -> None:
    rows = [SHORT, ["I", "LĨNH VỰC KINH TẾ"], ["1", "Đăng ký mới"], short(1, "Một"), ["II", "VĂN HÓA - XÃ HỘI"], short(2, "Hai")]
    report = take_rows(take, tmp_path, rows, accept_valid=True)
    assert facts("field__slug", "kind") == {"Một": ("kinh-te", "new")}
    assert [(r["row"], r["code"]) for r in report.rejected] == [(6, "kind_missing")]


def test_an_unknown_section_does_not_leave_its_rows_to_the_one_before(take: Take, tmp_path: Path) -> None:
    rows = [
        SHORT,
        ["", "A. ĐĂNG KÝ MỚI"],
        ["I", "LĨNH VỰC KINH TẾ"],
        short(1, "Một"),
        ["II", "LĨNH VỰC THỂ THAO"],
        short(2, "Hai"),
    ]
    report = take_rows(take, tmp_path, rows, accept_valid=True)
    assert facts("field__slug") == {"Một": ("kinh-te",)}
    assert [(r["row"], r["code"]) for r in report.rejected] == [(6, "field_unknown")]
    assert [w["code"] for w in report.warnings] == ["section_unknown"]


def test_a_second_table_with_other_columns_on_one_sheet(take: Take, tmp_path: Path) -> None:
    other = ["Tên mô hình", "STT", "Lĩnh vực", "Đăng ký mới/Duy trì", "Loại hình", "Ngày đăng ký", "Địa bàn", "Chủ thể"]
    rows = [
        SHORT,
        ["", "A. ĐĂNG KÝ MỚI"],
        ["I", "LĨNH VỰC KINH TẾ"],
        short(1, "Một"),
        [],
        other,
        ["Hai", 1, "VH-XH", "Duy trì", "Cá nhân", "16/3/2024", "Phường Phú Thủy", "Bí thư chi bộ"],
    ]
    assert take_rows(take, tmp_path, rows).rejected == []
    assert facts("field__slug", "kind", "place_name") == {
        "Một": ("kinh-te", "new", "Phường Phú Hài"),
        "Hai": ("van-hoa-xa-hoi", "maintained", "Phường Phú Thủy"),
    }


def test_cells_merged_downwards_speak_for_every_row_they_span(take: Take, tmp_path: Path) -> None:
    lines = [made.row("Một"), made.row("Hai", place="", field=""), made.row("Ba", place="", field=""), made.row("Bốn", place="")]
    path = made.xlsx(tmp_path / "so.xlsx", [made.HEAD, *lines], merged=[(1, 3, 3, 3), (1, 4, 3, 4)])
    assert take(path).rejected == []
    assert facts("place_name", "field__slug") == {
        "Một": ("Phường Phú Hài", "van-hoa-xa-hoi"),
        "Hai": ("Phường Phú Hài", "van-hoa-xa-hoi"),
        "Ba": ("Phường Phú Hài", "van-hoa-xa-hoi"),
        "Bốn": ("", "van-hoa-xa-hoi"),
    }


def test_two_columns_of_one_role_are_told_apart_by_their_values(take: Take, tmp_path: Path) -> None:
    head = [
        "STT",
        "Nội dung mô hình",
        "Tên mô hình",
        "Đơn vị",
        "Tập thể, cá nhân thực hiện",
        "Tập thể/Cá nhân",
        "Lĩnh vực",
        "Loại",
        "Ngày",
    ]
    line = [1, "Trồng hoa ven đường", "Tuyến đường hoa", "Phường Phú Hài", "Hội Phụ nữ", "Tập thể", "VH-XH", "Mới", "15/3/2024"]
    assert take_rows(take, tmp_path, [head, line, [2, *line[1:2], "Hai", *line[3:]]]).rejected == []
    assert facts("subject", "place_name", "subject_kind", "kind")["Tuyến đường hoa"] == (
        "Hội Phụ nữ",
        "Phường Phú Hài",
        "collective",
        "new",
    )


@pytest.mark.parametrize("label", ["Tên tổ chức, cá nhân", "Tên đơn vị, cá nhân", "Họ và tên cá nhân, tên tập thể"])
def test_more_words_for_who_does_it(take: Take, tmp_path: Path, label: str) -> None:
    head = [*made.HEAD[:2], label, *made.HEAD[3:]]
    assert take_rows(take, tmp_path, [head, made.row()]).rejected == []
    assert facts("subject") == {"Tuyến đường hoa": ("Hội Liên hiệp Phụ nữ phường Phú Hài",)}


def test_names_written_where_a_mark_belongs(take: Take, tmp_path: Path) -> None:
    head = ["STT", "Tên mô hình", "Tập thể", "Cá nhân", "Địa bàn", "Lĩnh vực", "Đăng ký", "Ngày đăng ký"]
    lines = [
        [1, "Một", "Hội Phụ nữ phường", "", "Phú Hài", "Kinh tế", "mới", "15/3/2024"],
        [2, "Hai", "–", "Bà Nguyễn Thị Hoa", "Phú Hài", "Kinh tế", "mới", "15/3/2024"],
    ]
    assert take_rows(take, tmp_path, [head, *lines]).rejected == []
    assert facts("subject", "subject_kind") == {
        "Một": ("Hội Phụ nữ phường", "collective"),
        "Hai": ("Bà Nguyễn Thị Hoa", "individual"),
    }


@pytest.mark.parametrize(
    "title",
    [
        "Bí thư chi bộ nêu gương",
        "Ngày 15 tháng 10 vì dân",
        "Tổng số hóa hồ sơ",
        "Mô hình mới ở phố cũ",
        "Kinh tế",
        "Lưu giữ nghề xưa",
        "Cộng đồng tự quản",
        "Cổng trường an toàn",
    ],
)
@pytest.mark.parametrize("number", ["1", "1.", "1)", "4a"])
def test_a_numbered_row_is_a_registration_whatever_its_title(take: Take, tmp_path: Path, title: str, number: str) -> None:
    rows = [["STT", "Tên mô hình", "Tập thể, cá nhân thực hiện"], [number, title, "Hội Phụ nữ"]]
    report = take_rows(take, tmp_path, rows)
    assert report.rows == 1
    assert {r["code"] for r in report.rejected} == {"field_unknown"}


def test_a_refused_row_does_not_free_its_registration_for_another(take: Take, tmp_path: Path) -> None:
    first = [made.row(f"Mô hình số {n}", subject=f"Chi hội {n}") for n in range(8)]
    take_rows(take, tmp_path, [made.HEAD, *first])
    spoiled = made.row("Mô hình số 0", subject="Chi hội 0", day="31/2/2024")
    report = take_rows(
        take, tmp_path, [made.HEAD, spoiled, *first[1:], made.row("Nhà sạch vườn đẹp", subject="Chi hội 0")], accept_valid=True
    )
    assert (report.created, report.updated, report.unchanged, len(report.rejected)) == (1, 0, 7, 1)
    assert Registration.objects.filter(season__year=2024).count() == 9


@pytest.mark.parametrize("name", ["1. P. Phú Hài", "2-Phú Hài", "02 Phú Hài", "PhúHài", "DS Phú Hài", "Phường Phú Hài 2024"])
def test_a_commune_sheets_name(take: Take, tmp_path: Path, name: str) -> None:
    head, line = [h for h in made.HEAD if h != "Địa bàn"], made.row()
    take(made.xlsx(tmp_path / "so.xlsx", {name: [head, [*line[:3], *line[4:]]]}))
    assert facts("place_name") == {"Tuyến đường hoa": ("Phường Phú Hài",)}


def test_a_commune_named_in_the_title_block(take: Take, tmp_path: Path) -> None:
    head, line = [h for h in made.HEAD if h != "Địa bàn"], made.row()
    take_rows(take, tmp_path, [["PHƯỜNG PHÚ HÀI"], ["DANH SÁCH"], head, [*line[:3], *line[4:]]])
    assert facts("place_name") == {"Tuyến đường hoa": ("Phường Phú Hài",)}


def test_a_section_above_the_heading(take: Take, tmp_path: Path) -> None:
    head, line = [h for h in made.HEAD if h != "Loại hình"], made.row()
    take_rows(take, tmp_path, [["I. TẬP THỂ"], head, [*line[:5], *line[6:]]])
    assert facts("subject_kind") == {"Tuyến đường hoa": ("collective",)}


def test_loose_quotation_marks_in_a_text_file(take: Take, tmp_path: Path) -> None:
    lines = [made.row(f'"Nhà sạch số {n}', number=n) for n in range(1, 7)]
    text = "\n".join("\t".join(str(cell) for cell in line) for line in [made.HEAD, *lines])
    (tmp_path / "so.csv").write_text(text, encoding="utf-8")
    assert take(tmp_path / "so.csv").created == 6


def test_rows_pasted_in_another_font(take: Take, tmp_path: Path) -> None:
    lines = [
        made.row("Tuyến đường hoa"),
        *made.spelled([made.row("Hai", field="Kinh tế")], made.to_tcvn3),
        *made.spelled([made.row("Ba")], made.to_vni),
    ]
    assert take_rows(take, tmp_path, [made.HEAD, *lines]).rejected == []
    assert facts("field__slug")["Hai"] == ("kinh-te",)


@pytest.mark.parametrize("heading", [made.to_tcvn3, made.to_vni, str])
@pytest.mark.parametrize("body", [made.to_tcvn3, made.to_vni, str])
def test_heading_and_body_in_any_two_fonts(take: Take, tmp_path: Path, heading: Any, body: Any) -> None:
    rows = [*made.spelled([made.HEAD], heading), *made.spelled([made.row(), made.row("Tổ tự quản", number=2)], body)]
    assert take_rows(take, tmp_path, rows).rejected == []


@pytest.mark.parametrize(
    "text",
    [
        "Xây dựng HTCT",
        "Xây dựng Đảng và HTCT",
        "Xây dựng Đảng, HTCT",
        "Lĩnh vực xây dựng Đảng, xây dựng hệ thống chính trị",
        "XD HTCT",
        "X.dựng h.thống c.trị",
    ],
)
def test_more_words_for_the_political_field(take: Take, tmp_path: Path, text: str) -> None:
    take_rows(take, tmp_path, [made.HEAD, made.row(field=text)])
    assert facts("field__slug") == {"Tuyến đường hoa": ("xay-dung-he-thong-chinh-tri",)}


@pytest.mark.parametrize(
    "new, old",
    [
        ("MH mới", "Mô hình cũ"),
        ("Đăng ký mới năm 2024", "Duy trì từ năm 2023"),
        ("Xây dựng mới", "Tiếp tục duy trì"),
        ("Mới (x)", "DT-NR"),
        ("Đăng ký lần đầu", "Tiếp tục (đánh dấu x)"),
    ],
)
def test_more_words_over_marks_for_the_kind(take: Take, tmp_path: Path, new: str, old: str) -> None:
    head = [*made.HEAD[:6], new, old, *made.HEAD[7:]]
    one, two = made.row("Một"), made.row("Hai")
    rows = [head, [*one[:6], "x", "", *one[7:]], [*two[:6], "–", "(x)", *two[7:]]]
    assert take_rows(take, tmp_path, rows).rejected == []
    assert facts("kind") == {"Một": ("new",), "Hai": ("maintained",)}


@pytest.mark.parametrize(
    "section",
    ["Phần I: Tập thể", "Đối với tập thể", "Các mô hình tập thể", "Mô hình của tập thể: 1", "A. TẬP THỂ (Tổng số: 1 mô hình)"],
)
def test_more_words_for_a_section(take: Take, tmp_path: Path, section: str) -> None:
    head, line = [h for h in made.HEAD if h != "Loại hình"], made.row()
    report = take_rows(take, tmp_path, [head, ["", section], [*line[:5], *line[6:]]])
    assert (report.rejected, report.warnings) == ([], [])


def test_a_year_behind_a_section_is_no_count(take: Take, tmp_path: Path) -> None:
    head, line = [h for h in made.HEAD if h != "Đăng ký mới/Duy trì"], made.row()
    report = take_rows(take, tmp_path, [head, ["I", "Duy trì từ năm 2023"], [*line[:6], *line[7:]]])
    assert (report.rejected, report.warnings) == ([], [])


def test_a_sum_under_a_group_is_no_part_of_it(take: Take, tmp_path: Path) -> None:
    rows = [
        ["TT", "Tên mô hình", "Chủ thể", "Lĩnh vực", "", "", "Loại hình", "", "Đăng ký", "", "Ngày đăng ký"],
        ["", "", "", "Tổng", "Kinh tế", "VH-XH", "Tập thể", "Cá nhân", "Mới", "Duy trì", ""],
        ["A", "B", "C", "1", "2", "3", "4", "5", "6", "7", "8"],
        [1, "Một", "Hội Phụ nữ", 1, "x", "", "x", "", "x", "", "15/3/2024"],
    ]
    assert take_rows(take, tmp_path, rows).rejected == []
    assert facts("field__slug") == {"Một": ("kinh-te",)}


@pytest.mark.parametrize(
    "last",
    [
        ["", "Tổng (I)", "", "", 1],
        ["", "* Tổng cộng", "", "", "", 1],
        ["", "Danh sách này có 1 mô hình"],
        ["", "NGƯỜI LẬP BIỂU", "THỦ TRƯỞNG", "", "BÍ THƯ", "PHÓ BÍ THƯ"],
    ],
)
def test_what_stands_below_the_table_is_no_row(take: Take, tmp_path: Path, last: list[Any]) -> None:
    report = take_rows(take, tmp_path, [made.HEAD, made.row(), last])
    assert (report.rows, report.rejected, report.warnings) == (1, [], [])


@pytest.mark.parametrize("text", ["Khu phố 5 phường Phú Hài", "Tổ dân phố 2, P. Phú Hài"])
def test_a_hamlet_before_its_commune(take: Take, tmp_path: Path, text: str) -> None:
    take_rows(take, tmp_path, [made.HEAD, made.row(place=text)])
    assert facts("place_name") == {"Tuyến đường hoa": ("Phường Phú Hài",)}


@pytest.mark.parametrize(
    "text",
    [
        "Thành phố Phan Thiết",
        "Toàn thành phố",
        "Cấp thành phố",
        "Thành ủy Phan Thiết",
        "Trên địa bàn thành phố",
        "Các xã, phường",
    ],
)
def test_the_whole_unit_is_a_place_too(take: Take, tmp_path: Path, text: str) -> None:
    assert take_rows(take, tmp_path, [made.HEAD, made.row(place=text)]).rejected == []
    assert facts("place_id") == {"Tuyến đường hoa": (None,)}


@pytest.mark.parametrize("text", ["Huyện Hàm Thuận Bắc", "Xã Hàm Hiệp", "Phường Phú Hài, xã Tiến Lợi"])
def test_a_place_elsewhere_or_two_are_refused(take: Take, tmp_path: Path, text: str) -> None:
    assert [r["code"] for r in take_rows(take, tmp_path, [made.HEAD, made.row(place=text)]).rejected] == ["place_unknown"]


@pytest.mark.parametrize("text", ["Ngày 15/3/2024", "15/3/2024.", "'15/3/2024", "15/3/2024 07:30"])
def test_days_with_something_around_them(take: Take, tmp_path: Path, text: str) -> None:
    assert take_rows(take, tmp_path, [made.HEAD, made.row(day=text)]).rejected == []


def test_the_column_of_days_is_the_one_that_holds_days(take: Take, tmp_path: Path) -> None:
    head = [*made.HEAD[:7], "Thời gian", *made.HEAD[7:]]
    line = made.row()
    assert take_rows(take, tmp_path, [head, [*line[:7], "Năm 2024", *line[7:]]]).rejected == []


def test_a_damaged_xls_is_refused_without_a_crash(take: Take, tmp_path: Path) -> None:
    whole = made.xls(tmp_path / "so.xls", [made.HEAD, made.row()]).read_bytes()
    for length in range(600, len(whole), 401):
        path = tmp_path / "hong.xls"
        path.write_bytes(whole[:length])
        try:
            take(path, dry_run=True)
        except RegisterUnreadable as refused:
            assert str(refused)


@pytest.mark.parametrize("change", [(b"<dimension", b"<nothing"), (b'r="XFD1048576"', b"r='XFD1048576'")])
def test_a_far_cell_is_found_without_the_files_own_word(take: Take, tmp_path: Path, change: tuple[bytes, bytes]) -> None:
    import zipfile

    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, made.HEAD)
        sheet.write(1048575, 16383, "x")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as old, zipfile.ZipFile(tmp_path / "so.xlsx", "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(*change))
    with pytest.raises(RegisterUnreadable, match="ô thừa"):
        take(tmp_path / "so.xlsx")


def test_utf16_without_a_mark(take: Take, tmp_path: Path) -> None:
    assert take(made.text_file(tmp_path / "so.csv", [made.HEAD, made.row()], "utf-16-le", "\t")).created == 1


def test_a_heading_alone_is_no_register(take: Take, tmp_path: Path) -> None:
    with pytest.raises(RegisterUnreadable, match="không có dòng đăng ký nào"):
        take_rows(take, tmp_path, [made.HEAD])


def test_short_words_within_headings_are_said_in_full(take: Take, tmp_path: Path) -> None:
    head = ["TT", "Tên MH", "Người/ đơn vị TH", "Địa bàn", "LV", "Đối tượng", "ĐK mới", "Duy trì", "Ngày ĐK"]
    row = [1, "Tuyến đường hoa", "Hội Phụ nữ", "Phường Phú Hài", "Kinh tế", "Tập thể", "x", "", "15/3/2024"]
    assert take(made.xlsx(tmp_path / "so.xlsx", [head, row])).created == 1
    model = Registration.objects.latest("pk")
    assert (model.subject, model.kind) == ("Hội Phụ nữ", "new")


def test_a_head_of_two_rows_whose_title_is_told_by_the_models_it_speaks_of(take: Take, tmp_path: Path) -> None:
    head = [
        "#",
        "Mô hình - nội dung chính",
        "Đơn vị (xã, phường)",
        "Lĩnh vực",
        "",
        "Đối tượng",
        "",
        "Phân loại",
        "",
        "Ngày đăng ký",
    ]
    below = ["", "", "", "Kinh tế", "QP-AN", "Tập thể", "Cá nhân", "Mới", "Duy trì"]
    row = [1, "Tuyến đường hoa", "Phường Phú Hài", "✓", "", "✓", "", "", "✓", "15/3/2024"]
    assert take_rows(take, tmp_path, [head, below, row]).rejected == []
    assert facts("field__slug", "subject_kind", "kind") == {"Tuyến đường hoa": ("kinh-te", "collective", "maintained")}


def test_a_row_stored_before_doers_told_places_gets_its_place_and_is_not_doubled(take: Take, tmp_path: Path) -> None:
    head = ["STT", "Tên mô hình", "Đơn vị thực hiện", "Lĩnh vực", "Mới/duy trì", "Ngày đăng ký"]
    rows = [head, [1, "Một", "Hội Phụ nữ phường Phú Hài", "Kinh tế", "mới", "15/3/2024"]]
    report = take_rows(take, tmp_path, rows)
    assert [warning["code"] for warning in report.warnings] == ["kind_by_doer"]
    assert facts("place_name", "subject_kind") == {"Một": ("Phường Phú Hài", "collective")}
    before = identity_of("Một", "", "Hội Phụ nữ phường Phú Hài")
    Registration.objects.filter(title="Một").update(place=None, place_name="", identity_key=before)
    report = take_rows(take, tmp_path, rows)
    assert (report.created, report.updated) == (0, 1)
    assert facts("place_name") == {"Một": ("Phường Phú Hài",)}
