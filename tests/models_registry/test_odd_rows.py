"""Odd cells, rows and sheets of a register: what is refused, skipped or told of them."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from models_registry.models import Registration
from models_registry.registers import row_kinds
from models_registry.registers.finding import heads_register
from models_registry.registers.refusing import RegisterUnreadable, not_a_spreadsheet
from models_registry.registers.vocabulary import FieldBook
from models_registry.services import ImportReport
from tests import registers as made
from tests.pages import refused

pytestmark = pytest.mark.django_db
Take = Callable[..., ImportReport]
MARKS = [
    "STT",
    "Tên mô hình",
    "Tập thể, cá nhân thực hiện",
    "Địa bàn",
    "Kinh tế",
    "Văn hóa - xã hội",
    "Tập thể",
    "Cá nhân",
    "Đăng ký mới",
    "Duy trì",
    "Ngày đăng ký",
]
NOT_ONE = str(not_a_spreadsheet())
LOCKED = "Tệp đặt mật khẩu. Xin bỏ mật khẩu (Lưu thành, bỏ “Mật khẩu để mở”) rồi gửi lại."


def codes(report: ImportReport) -> list[list[str]]:
    """The code of each flaw, row by row."""
    return [[row["code"], *(more["code"] for more in row.get("more", []))] for row in report.rejected]


def skipped(report: ImportReport) -> list[str]:
    return [row["why"] for sheet in report.understood for row in sheet["skipped"]]


def test_a_name_of_who_does_it_has_three_hundred_letters(take: Take, tmp_path: Path) -> None:
    report = take(made.xlsx(tmp_path / "so.xlsx", [made.HEAD, made.row("Một", subject="x" * 301)]), dry_run=True)
    assert [(row["code"], row["message"]) for row in report.rejected] == [
        ("subject_too_long", "Tên tập thể, cá nhân dài quá 300 ký tự.")
    ]


def test_two_crosses_where_one_belongs_are_refused(take: Take, tmp_path: Path) -> None:
    both = [1, "Tuyến đường hoa", "Hội Phụ nữ", "Phường Phú Hài", "x", "x", "x", "x", "x", "x", "15/3/2024"]
    fine = [2, "Tổ tự quản", "Công an", "Phường Phú Hài", "x", "", "x", "", "x", "", "15/3/2024"]
    report = take(made.xlsx(tmp_path / "so.xlsx", [MARKS, both, fine]), dry_run=True)
    assert codes(report) == [["field_unknown", "kind_both", "subject_kind_both"]]
    assert report.created == 1


def test_a_sheet_that_is_hidden_is_asked_about(take: Take, tmp_path: Path) -> None:
    path = tmp_path / "so.xlsx"
    book = xlsxwriter.Workbook(path)
    book.add_worksheet("Bìa").write(0, 0, "Sổ đăng ký")
    hidden = book.add_worksheet("Danh sách")
    for number, line in enumerate([made.HEAD, made.row("Một")]):
        hidden.write_row(number, 0, line)
    hidden.hide()
    book.add_chartsheet("Biểu đồ").set_chart(_chart(book))
    book.close()
    asked = take(path, dry_run=True)
    assert (asked.created, asked.set_aside) == (0, {"sheet_hidden": 1})
    report = take(path, dry_run=True, takes=["sheet_hidden"])
    assert (report.created, report.set_aside) == (1, {})
    assert [warning["message"] for warning in report.warnings if warning["code"] == "hidden_sheet"] == [
        "Trang “Danh sách” đang ẩn vẫn được đọc."
    ]


def _chart(book: Any) -> Any:
    chart = book.add_chart({"type": "bar"})
    chart.add_series({"values": "='Danh sách'!$A$2:$A$2"})
    return chart


def test_lines_that_repeat_number_or_explain_the_heading_are_skipped(take: Take, tmp_path: Path) -> None:
    lines = [
        made.HEAD,
        [f"({number})" for number in range(1, len(made.HEAD) + 1)],
        ["", "(ghi rõ tên)", "", "", "", "", "", "", "", ""],
        made.row("Một"),
        made.HEAD,
        made.row("Hai"),
    ]
    report = take(made.xlsx(tmp_path / "so.xlsx", lines), dry_run=True)
    assert report.created == 2
    assert skipped(report) == ["dòng số cột", "ghi chú của tiêu đề", "tiêu đề lặp lại"]


def test_a_zip_with_a_password_or_a_strange_packing_is_refused_whole(take: Take, tmp_path: Path) -> None:
    good = made.xlsx(tmp_path / "so.xlsx", [made.HEAD, made.row("Một")]).read_bytes()
    strange = tmp_path / "la.xlsx"
    with zipfile.ZipFile(tmp_path / "so.xlsx") as source, zipfile.ZipFile(strange, "w", zipfile.ZIP_BZIP2) as target:
        for name in source.namelist():
            target.writestr(name, source.read(name))
    with refused(NOT_ONE, RegisterUnreadable):
        take(strange)
    locked = bytearray(good)
    at = locked.find(b"PK\x01\x02")  # the first entry of the directory says that it is encrypted
    locked[at + 8] |= 1
    (tmp_path / "khoa.xlsx").write_bytes(bytes(locked))
    with refused(LOCKED, RegisterUnreadable):
        take(tmp_path / "khoa.xlsx")


def test_an_open_document_with_a_password_is_refused_whole(take: Take, tmp_path: Path) -> None:
    path = tmp_path / "so.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("content.xml", b"x")
        archive.writestr("META-INF/manifest.xml", b"<manifest:encryption-data/>")
    with refused(LOCKED, RegisterUnreadable):
        take(path)


def test_a_table_of_other_things_is_no_register(take: Take, tmp_path: Path) -> None:
    path = made.xlsx(tmp_path / "so.xlsx", [["Họ tên", "Điện thoại"], ["A", "0900"]])
    with pytest.raises(RegisterUnreadable):
        take(path)
    assert Registration.objects.filter(season__year=2024).count() == 0


def test_a_column_that_is_filled_but_not_known_is_told(take: Take, tmp_path: Path) -> None:
    lines = [[*made.HEAD, "Điện thoại"], *([*made.row(f"Mô hình {number}"), "0900"] for number in range(6))]
    report = take(made.xlsx(tmp_path / "so.xlsx", lines), dry_run=True)
    assert report.created == 6
    assert [warning["message"] for warning in report.warnings if warning["code"] == "column_unused"] == [
        "Cột K “Điện thoại” có dữ liệu nhưng cổng không dùng."
    ]


def test_words_that_name_no_section_end_the_one_before(take: Take, tmp_path: Path) -> None:
    head = [words for words in made.HEAD if words != "Lĩnh vực"]
    line = made.row("Một")
    del line[4]
    lines = [head, ["I", "Kinh tế", *[""] * 7], line, ["II", "Việc riêng của ban", *[""] * 7], [2, "Hai", *line[2:]]]
    report = take(made.xlsx(tmp_path / "so.xlsx", lines), dry_run=True)
    assert (report.created, codes(report)) == (1, [["field_unknown"]])
    assert [warning["message"] for warning in report.warnings if warning["code"] == "section_unknown"] == [
        "Không hiểu mục “Việc riêng của ban”: các dòng dưới không lấy theo mục trước nữa."
    ]


def test_forty_skipped_lines_are_named_and_all_counted(take: Take, tmp_path: Path) -> None:
    lines = [made.HEAD]
    for number in range(45):
        lines += [made.row(f"Mô hình {number}"), made.HEAD]
    (sheet,) = take(made.xlsx(tmp_path / "so.xlsx", lines), dry_run=True).understood
    assert (len(sheet["skipped"]), sheet["skipped_total"], sheet["rows"]) == (40, 45, 45)


def test_rows_shorter_than_the_heading_are_filled_up(take: Take, tmp_path: Path) -> None:
    path = tmp_path / "so.csv"
    head, line = [*made.HEAD], [str(cell) for cell in made.row("Một")]
    path.write_text("\n".join(";".join(cells) for cells in (head, line[:9])), encoding="utf-8")
    report = take(path, dry_run=True)
    assert (report.created, report.rejected) == (1, [])


def test_a_small_table_without_numbers_is_read_by_its_titles(take: Take, tmp_path: Path) -> None:
    lines = [["Tên mô hình", "Lĩnh vực"], ["Tuyến đường hoa thay cỏ dại", ""], ["Tổ tự quản an ninh", ""]]
    report = take(made.xlsx(tmp_path / "so.xlsx", lines), dry_run=True)
    assert [row["title"] for row in report.rejected] == ["Tuyến đường hoa thay cỏ dại", "Tổ tự quản an ninh"]
    assert codes(report)[0] == ["field_unknown", "kind_missing", "subject_kind_missing", "date_missing"]


def test_tt_under_its_group_is_a_collective_and_no_number(take: Take, tmp_path: Path) -> None:
    groups = [
        "STT",
        "Tên mô hình",
        "Tập thể, cá nhân thực hiện",
        "Địa bàn",
        "Lĩnh vực",
        "Loại hình",
        "",
        "Mới/Duy trì",
        "Ngày đăng ký",
    ]
    kinds = ["", "", "", "", "", "TT", "CN", "", ""]
    rows = [
        [1, "Tuyến đường hoa", "Hội Phụ nữ", "Phường Phú Hài", "Kinh tế", "x", "", "Đăng ký mới", "15/3/2024"],
        [2, "Nuôi heo sạch", "Ông Tám", "Phường Phú Hài", "Kinh tế", "", "x", "Đăng ký mới", "15/3/2024"],
    ]
    report = take(made.xlsx(tmp_path / "so.xlsx", [groups, kinds, *rows]))
    assert (report.created, report.rejected) == (2, [])
    kept = Registration.objects.filter(season__year=2024).order_by("pk").values_list("title", "subject_kind")
    assert list(kept) == [("Tuyến đường hoa", "collective"), ("Nuôi heo sạch", "individual")]


def test_an_empty_sheet_is_told_and_the_next_one_read(take: Take, tmp_path: Path) -> None:
    path = tmp_path / "so.xlsx"
    book = xlsxwriter.Workbook(path)
    book.add_worksheet("Bìa")
    data = book.add_worksheet("Danh sách")
    for number, line in enumerate([made.HEAD, made.row("Một")]):
        data.write_row(number, 0, line)
    book.close()
    report = take(path, dry_run=True)
    assert [(sheet["name"], sheet["note"], sheet["rows"]) for sheet in report.understood] == [
        ("Bìa", "Trang trống.", 0),
        ("Danh sách", "", 1),
    ]


def test_rows_without_a_number_are_not_each_tried_as_a_heading(
    take: Take, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fifty thousand of them took ten seconds."""
    tried = 0

    def counted(cells: list[str], fields: FieldBook) -> bool:
        nonlocal tried
        tried += 1
        return heads_register(cells, fields)

    monkeypatch.setattr(row_kinds, "heads_register", counted)
    rows = [made.row(f"Mô hình số {n}")[1:] for n in range(1, 41)]
    again = [*made.HEAD[1:3], "Nơi thực hiện", *made.HEAD[4:]]  # another heading, in other words
    report = take(made.xlsx(tmp_path / "so.xlsx", [made.HEAD[1:], *rows, again, made.row("Tuyến đường hoa")[1:]]))
    assert report.created == 41
    assert tried < 10
