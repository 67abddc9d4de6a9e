"""How papers are built: tables under titles of their own, models of several rows, tables beside one another, sentences. No database."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from models_registry.enums import Kind, SubjectKind
from models_registry.registers import opening
from models_registry.registers.blocks import hamlet_of_block, other_year, title_of_block
from models_registry.registers.filling import as_above
from models_registry.registers.handing_out import marked_register
from models_registry.registers.reader import RegisterReader
from models_registry.registers.reading import ReadRow, RefusedRow, RegisterContext
from models_registry.registers.sentences import sentence_in
from models_registry.registers.side_by_side import whole_sheet
from models_registry.registers.vocabulary import FieldBook, PlaceBook
from tests import registers as made
from tests.odd_formats import read_here

FIELDS = FieldBook([(1, "Kinh tế", ["KT"]), (2, "Văn hóa - xã hội", ["VH-XH"])])
DISTRICT = PlaceBook(
    "Huyện ủy Sông Trên",
    ["Huyện Sông Trên"],
    [(7, "xa-doi-cao", "Xã Đồi Cao", "Đảng ủy xã Đồi Cao"), (8, "xa-bai-dai", "Xã Bãi Dài", "Đảng ủy xã Bãi Dài")],
)
COMMUNE = PlaceBook("Đảng ủy xã Đồi Cao", ["Xã Đồi Cao"], [])
OPENS, CLOSES = date(2024, 1, 1), date(2024, 11, 30)
HEAD = ["TT", "Tên mô hình", "Ai làm", "Lĩnh vực", "TT/CN", "Mới/duy trì"]
ROAD = [1, "Hiến đất mở đường", "Hội Nông dân", "KT", "TT", "Mới"]
FLOWERS = [2, "Tuyến đường hoa", "Bà Lê Thị Hoa", "VH-XH", "CN", "Duy trì"]
RICE = [1, "Hũ gạo tình thương", "Hội Phụ nữ", "VH-XH", "TT", "Mới"]
Lines = list[list[Any]]
Rows = list[ReadRow | RefusedRow]


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(opening, "read_apart", read_here)

    def reader(lines: Lines | str, places: PlaceBook = COMMUNE, **given: Any) -> tuple[Rows, RegisterReader]:
        path = tmp_path / "so.csv"
        if isinstance(lines, str):
            path.write_text(lines, encoding="utf-8")
        else:
            made.text_file(path, lines)
        found = RegisterReader(path, RegisterContext(OPENS, CLOSES, FIELDS, places, **given), given.get("mends"), "so")
        return list(found.rows()), found

    return reader


def good(rows: Rows) -> Iterator[ReadRow]:
    for row in rows:
        assert isinstance(row, ReadRow), row
        yield row


def codes(reader: RegisterReader) -> list[str]:
    return [warning["code"] for warning in reader.warnings]


# Tables under titles of their own


def blocks(first: Lines, second: Lines, *, below: tuple[Lines, Lines] = ([], [])) -> Lines:
    """Two tables with the same heading, what stands above and below each."""
    return [["TỔNG HỢP ĐĂNG KÝ NĂM 2024"], *first, HEAD, ROAD, FLOWERS, *below[0], *second, HEAD, RICE, *below[1]]


def days_and_hamlets(rows: Rows) -> list[tuple[date, str]]:
    return [(row.registered_on, row.place.hamlet) for row in good(rows)]


A, B = (date(2024, 3, 2), "Thôn 1"), (date(2024, 3, 9), "Thôn Suối Đá")
TITLES: dict[str, Lines] = {
    "a body and a day beside it": blocks(
        [["CHI BỘ THÔN 1", "", "", "Đăng ký ngày 02/3/2024"]], [["CHI BỘ THÔN SUỐI ĐÁ", "", "", "Đăng ký ngày 9/3/2024"]]
    ),
    "days below it": blocks(
        [["Đơn vị: Chi bộ thôn 1"], ["Ngày đăng ký: 02/3/2024"]], [["Đơn vị: Chi bộ thôn Suối Đá"], ["Ngày đăng ký: 9/3/2024"]]
    ),
    "who signs each": blocks(
        [["1. Thôn 1"]],
        [["2. Thôn Suối Đá"], ["BẢN ĐĂNG KÝ"]],
        below=(
            [["", "Thôn 1, ngày 02 tháng 3 năm 2024"], ["", "BÍ THƯ CHI BỘ"], ["", "Lê Văn Ba"]],
            [["", "Suối Đá, ngày 9 tháng 3 năm 2024"], ["", "BÍ THƯ CHI BỘ"], ["", "Trần Thị Tư"]],
        ),
    ),
    "a letterhead of each": blocks(
        [["ĐẢNG ỦY XÃ ĐỒI CAO\nCHI BỘ THÔN 1\n*", "", "Đồi Cao, ngày 02 tháng 3 năm 2024"], ["DANH SÁCH"]],
        [["ĐẢNG ỦY XÃ ĐỒI CAO\nCHI BỘ THÔN SUỐI ĐÁ\n*", "", "Đồi Cao, ngày 9 tháng 3 năm 2024"], ["DANH SÁCH"]],
        below=([["", "BÍ THƯ"], ["", "Lê Văn Ba"]], [["", "BÍ THƯ"], ["", "Trần Thị Tư"]]),
    ),
}


@pytest.mark.parametrize("name", TITLES)
def test_place_and_day_of_a_tables_own_title_are_of_its_rows_alone(read: Any, name: str) -> None:
    rows, reader = read(TITLES[name])
    assert days_and_hamlets(rows) == [A, A, B]
    assert codes(reader).count("day_of_paper") == 1
    assert "section_unknown" not in codes(reader)
    assert "02/03/2024 (2 dòng), 09/03/2024 (1 dòng)" in next(
        it["message"] for it in reader.warnings if it["code"] == "day_of_paper"
    )


def test_communes_of_a_district_one_below_the_other(read: Any) -> None:
    signed = [["Nơi nhận:", "", "Đồi Cao, ngày 02 tháng 3 năm 2024"], ["- Lưu", "", "T/M ĐẢNG ỦY"], ["", "", "Lê Văn Ba"]]
    again = [["Nơi nhận:", "", "Bãi Dài, ngày 09 tháng 3 năm 2024"], ["- Lưu", "", "T/M ĐẢNG ỦY"]]
    title = [["BẢN ĐĂNG KÝ"], ["Mô hình “Dân vận khéo” năm 2024"]]
    lines = blocks([["ĐẢNG ỦY XÃ ĐỒI CAO"], *title], [["ĐẢNG ỦY XÃ BÃI DÀI"], *title], below=(signed, again))
    rows, _ = read(lines, DISTRICT)
    assert [(row.registered_on, row.place.key) for row in good(rows)] == [
        (A[0], "xa-doi-cao"),
        (A[0], "xa-doi-cao"),
        (B[0], "xa-bai-dai"),
    ]


def test_the_day_of_the_whole_paper_counts_where_a_table_has_none(read: Any) -> None:
    own = [["CHI BỘ THÔN 1"], ["Ngày đăng ký: 02/3/2024"]]
    lines = [["Đồi Cao, ngày 20 tháng 3 năm 2024"], *blocks(own, [["CHI BỘ THÔN SUỐI ĐÁ"]])]
    assert days_and_hamlets(read(lines)[0]) == [A, A, (date(2024, 3, 20), "Thôn Suối Đá")]


def test_who_signs_below_the_last_table_alone_signs_them_all(read: Any) -> None:
    signed = [["", "Đồi Cao, ngày 20 tháng 3 năm 2024"], ["", "NGƯỜI LẬP"]]
    rows, _ = read(blocks([["CHI BỘ THÔN 1"]], [["CHI BỘ THÔN 2"]], below=([], signed)))
    assert {row.registered_on for row in good(rows)} == {date(2024, 3, 20)}


def test_one_tables_day_is_not_anothers_that_has_none(read: Any) -> None:
    rows, _ = read(blocks([["CHI BỘ THÔN 1"], ["Ngày đăng ký: 02/3/2024"]], [["CHI BỘ THÔN 2"]]))
    assert isinstance(rows[-1], RefusedRow)
    assert [flaw.code for flaw in rows[-1].flaws] == ["date_missing"]


def test_a_heading_that_is_repeated_on_a_further_page_begins_nothing(read: Any) -> None:
    rows, _ = read(blocks([["CHI BỘ THÔN 1"], ["Ngày đăng ký: 02/3/2024"]], [["Trang 2"]]))
    assert days_and_hamlets(rows) == [A] * 3


@pytest.mark.parametrize("body", ["CHI BỘ TRƯỜNG TIỂU HỌC", "2. Hội Liên hiệp Phụ nữ xã: 01 mô hình", "II. Công an xã"])
def test_a_body_without_a_hamlet_ends_the_one_before(read: Any, body: str) -> None:
    rows, _ = read(blocks([["CHI BỘ THÔN 1"], ["Ngày 02/3/2024"]], [[body], ["Ngày 9/3/2024"]]))
    assert days_and_hamlets(rows) == [A, A, (B[0], "")]


def test_what_a_column_says_goes_before_the_title(read: Any) -> None:
    said = {len(HEAD): ["Thôn 7", "5/3/2024"]}
    lines = [
        [*line, *(["Thôn", "Ngày đăng ký"] if line is HEAD else said.get(len(line), []))]
        for line in blocks([["CHI BỘ THÔN 1"]], [["CHI BỘ THÔN 2"]])
    ]
    assert days_and_hamlets(read(lines)[0]) == [(date(2024, 3, 5), "Thôn 7")] * 3


def test_hamlets_between_the_rows_are_sections(read: Any) -> None:
    """A section of the same sort that names no hamlet ends the one before."""
    head, rows = [*HEAD, "Ngày đăng ký"], [[*row, "5/3/2024"] for row in (ROAD, FLOWERS, RICE)]
    lines = [head, ["I", "CHI BỘ THÔN 1"], rows[0], ["II", "CHI BỘ TRƯỜNG TIỂU HỌC"], rows[1], ["III", "Thôn Suối Đá"], rows[2]]
    assert [row.place.hamlet for row in good(read(lines)[0])] == ["Thôn 1", "", "Thôn Suối Đá"]


SECTIONS: dict[str, Lines] = {
    "beside the name": [["", "CHI BỘ THÔN SUỐI ĐÁ", "", "Đăng ký ngày 9/3/2024"]],
    "behind the name": [["", "Chi bộ thôn Suối Đá (đăng ký ngày 9/3/2024)"]],
}


def test_a_table_of_another_year_above_the_seasons_is_asked_about(read: Any) -> None:
    """Only where another table of the sheet has the season's: a title with last year's number is often that of a copied file."""
    signed = ["", "Đồi Cao, ngày 5 tháng 3 năm 2024"]
    first, second = ["I. KẾT QUẢ NĂM 2023"], ["II. ĐĂNG KÝ NĂM 2024"]
    rows, _ = read([first, HEAD, ROAD, FLOWERS, second, HEAD, RICE, signed])
    assert [type(row) for row in rows] == [RefusedRow, RefusedRow, ReadRow]
    assert {flaw.code for row in rows[:2] for flaw in row.flaws} == {"other_year"}
    rows, _ = read([first, HEAD, ROAD, FLOWERS, signed])
    assert len(list(good(rows))) == 2
    rows, _ = read([second, HEAD, RICE, first, [*HEAD, "Kết quả"], [*ROAD, "Tốt"], [*FLOWERS, "Tốt"], signed])
    assert [type(row) for row in rows] == [ReadRow, RefusedRow, RefusedRow]


@pytest.mark.parametrize("name", SECTIONS)
def test_a_section_within_a_table_may_say_its_day(read: Any, name: str) -> None:
    title = [["CHI BỘ THÔN 1", "", "", "Đăng ký ngày 02/3/2024"]]
    rows, _ = read([*title, HEAD, ROAD, FLOWERS, *SECTIONS[name], RICE])
    assert days_and_hamlets(rows) == [A, A, B]
    rows, _ = read([*title, HEAD, ROAD, *SECTIONS[name], FLOWERS, ["", "CHI BỘ THÔN 3"], RICE])
    assert isinstance(rows[-1], RefusedRow)
    assert [flaw.code for flaw in rows[-1].flaws] == ["date_missing"]


def test_a_numbered_row_without_anything_but_a_name_is_no_section(read: Any) -> None:
    lines = [[*HEAD, "Ngày đăng ký"], [*ROAD, "5/3/2024"], [2, "KHU PHỐ VĂN MINH"], [*RICE, "5/3/2024"]]
    assert isinstance(read(lines)[0][1], RefusedRow)


def test_a_sheet_of_each_hamlet_is_called_after_it(tmp_path: Path, read: Any) -> None:
    head = [*HEAD, "Ngày đăng ký"]
    sheets: dict[str, Lines] = {"Thôn 1": [head, [*ROAD, "5/3/2024"]], "Chi bộ thôn 2": [head, [*RICE, "5/3/2024"]]}
    found = RegisterReader(made.xlsx(tmp_path / "so.xlsx", sheets), RegisterContext(OPENS, CLOSES, FIELDS, COMMUNE))
    assert [row.place.hamlet for row in good(list(found.rows()))] == ["Thôn 1", "Thôn 2"]
    named = RegisterReader(made.text_file(tmp_path / "Thôn 7.csv", sheets["Thôn 1"]), found.context)
    assert [row.place.hamlet for row in good(list(named.rows()))] == [""]


@pytest.mark.parametrize(
    "line, hamlet",
    [
        ("CHI BỘ THÔN 12", "Thôn 12"),
        ("Ban điều hành khu phố 3", "Khu phố 3"),
        ("II. CHI BỘ BON BU N'ĐƠR (4 mô hình)", "Bon Bu N'Đơr"),
        ("Chi bộ: Thôn 5", "Thôn 5"),
        ("Thôn: Suối Đá", "Thôn Suối Đá"),
        ("CHI BỘ TDP 2, PHƯỜNG A", "Tổ dân phố 2"),
        ("Chi bộ thôn 4 xã Đồi Cao", "Thôn 4"),
        ("CHI BỘ THÔN 3 - ĐĂNG KÝ NGÀY 5/3/2024", "Thôn 3"),
        ("Thôn 3, ngày 5 tháng 3 năm 2024", ""),
        ("- Chi bộ thôn 3 (báo cáo)", ""),
        ("BẢN ĐĂNG KÝ", ""),
        ("Khu phố văn minh, sạch đẹp", ""),
        ("Bí thư Chi bộ thôn 3", ""),
        ("T/M CHI BỘ THÔN 3", ""),
        ("HỘI NÔNG DÂN XÃ ĐỒI CAO", ""),
        ("Các thôn, khu phố đăng ký như sau", ""),
    ],
)
def test_whose_hamlet_a_title_names(line: str, hamlet: str) -> None:
    assert hamlet_of_block(line) == hamlet


def test_a_title_begins_behind_who_signed_the_table_before() -> None:
    lines = ["Cộng: 3", "T/M CHI BỘ THÔN 1", "BÍ THƯ", "Lê Văn Ba", "CHI BỘ THÔN 2", "Đồi Cao, ngày 9 tháng 3 năm 2024"]
    assert title_of_block(lines, COMMUNE) == 4
    assert title_of_block(lines[:4], COMMUNE) is None


# Models of several rows


def of_two_lines(*models: Lines, head: Lines) -> Lines:
    return [["ĐĂNG KÝ NĂM 2024"], *head, *(line for model in models for line in model), ["", "Tổng cộng: 2 mô hình"]]


TWO: list[Lines] = [
    [[1, "Hiến đất mở đường", "KT", "TT", "Mới", "5/3/2024"], ["", "Hội Nông dân"]],
    [[2, "Tuyến đường hoa", "VH-XH", "CN", "Duy trì", "6/3/2024"], ["", "Bà Lê Thị Hoa, thôn 2"]],
]
UPPER = ["TT", "Tên mô hình", "Lĩnh vực", "TT/CN", "Mới/duy trì", "Ngày đăng ký"]


@pytest.mark.parametrize("head", [[UPPER, ["", "Đơn vị, cá nhân thực hiện"]], [UPPER]], ids=["headed", "told by its values"])
def test_what_stands_below_a_name_is_of_the_same_model(read: Any, head: Lines) -> None:
    rows, _ = read(of_two_lines(*TWO, head=head))
    assert [(row.title, row.subject, row.registered_on.day) for row in good(rows)] == [
        ("Hiến đất mở đường", "Hội Nông dân", 5),
        ("Tuyến đường hoa", "Bà Lê Thị Hoa, thôn 2", 6),
    ]


def test_second_lines_of_several_columns(read: Any) -> None:
    head = [UPPER, ["", "Đơn vị thực hiện", "Thôn"]]
    models: list[Lines] = [[first, [*second, f"Thôn {n}"]] for n, (first, second) in enumerate(TWO, 1)]
    rows, reader = read(of_two_lines(*models, head=head))
    assert [(row.subject, row.place.hamlet) for row in good(rows)] == [
        ("Hội Nông dân", "Thôn 1"),
        ("Bà Lê Thị Hoa, thôn 2", "Thôn 2"),
    ]
    again = RegisterReader(reader.path, RegisterContext(OPENS, CLOSES, FIELDS, COMMUNE, mapping=reader.mapping), None, "so")
    assert list(again.rows()) == rows


def test_a_page_shows_models_of_several_rows_as_they_are_read(read: Any) -> None:
    _, reader = read(of_two_lines(*TWO, head=[UPPER, ["", "Đơn vị thực hiện"]]), most=500)
    assert [cells for _, cells in reader.heads["so"]][2:5] == [
        [*[""] * 6, "Đơn vị thực hiện"],
        ["1", *TWO[0][0][1:], "Hội Nông dân"],
        ["2", *TWO[1][0][1:], "Bà Lê Thị Hoa, thôn 2"],
    ]


def test_a_text_typed_over_a_second_line_stands(read: Any) -> None:
    rows, _ = read(of_two_lines(*TWO, head=[UPPER, ["", "Đơn vị thực hiện"]]), mends={"so!4": {"G": "Hội Phụ nữ"}})
    assert next(good(rows)).subject == "Hội Phụ nữ"


def test_rows_that_all_say_much_are_models_of_their_own(read: Any) -> None:
    lines = [UPPER, [1, *TWO[0][0][1:]], ["", "Trồng cây", "KT", "TT", "Mới", "5/3/2024"]]
    lines += [[2, *TWO[1][0][1:]], ["", "Nuôi bò", "KT", "TT", "Mới", "5/3/2024"]]
    assert len(list(good(read(lines)[0]))) == 4


# Tables beside one another, and on their side


def beside(title: str = "Tên mô hình", *, left: str = "Đơn vị") -> Lines:
    head = ["TT", "Tên mô hình", left, "Lĩnh vực", "Mới/duy trì"]
    right = ["TT", title, "Họ tên, chức vụ", "Lĩnh vực", "Mới/duy trì"]
    return [
        ["ĐẢNG ỦY XÃ ĐỒI CAO", *[""] * 7, "Đồi Cao, ngày 5 tháng 3 năm 2024"],
        ["A. TẬP THỂ", *[""] * 5, "B. CÁ NHÂN"],
        [*head, "", *right],
        [1, "Bí thư đi từng ngõ", "Hội Nông dân", "KT", "Mới", "", 1, "Tuyến đường hoa", "Bà Lê Thị Hoa", "VH-XH", "Duy trì"],
        [2, "Hũ gạo tình thương", "Hội Phụ nữ", "VH-XH", "Mới", "", 2, "Nuôi bò", "Ông Lê Văn Ba", "KT", "Mới"],
        [3, "Ngõ xanh", "Chi bộ thôn 3", "VH-XH", "Mới"],
        ["", "Cộng: 3 tập thể, 2 cá nhân"],
    ]


@pytest.mark.parametrize("title", ["Tên mô hình", "Tên mô hình cá nhân"])
def test_tables_beside_one_another_are_each_read(read: Any, title: str) -> None:
    rows, reader = read(beside(title))
    assert [(row.title, row.subject, row.subject_kind, row.registered_on) for row in good(rows)] == [
        ("Bí thư đi từng ngõ", "Hội Nông dân", SubjectKind.COLLECTIVE, date(2024, 3, 5)),
        ("Hũ gạo tình thương", "Hội Phụ nữ", SubjectKind.COLLECTIVE, date(2024, 3, 5)),
        ("Ngõ xanh", "Chi bộ thôn 3", SubjectKind.COLLECTIVE, date(2024, 3, 5)),
        ("Tuyến đường hoa", "Bà Lê Thị Hoa", SubjectKind.INDIVIDUAL, date(2024, 3, 5)),
        ("Nuôi bò", "Ông Lê Văn Ba", SubjectKind.INDIVIDUAL, date(2024, 3, 5)),
    ]
    sources = [row.source for row in good(rows)]
    assert sources == ["so!4", "so!5", "so!6", "so · cột G-K!4", "so · cột G-K!5"]
    assert {whole_sheet(sheet.name) for sheet in reader.sheets} == {"so"}


def test_a_table_of_another_year_beside_the_seasons_is_left_out(read: Any) -> None:
    lines = beside()
    lines[1] = ["NĂM 2023", *[""] * 5, "NĂM 2024"]
    lines[2][2] = lines[2][8] = "Đơn vị, cá nhân"
    rows, reader = read(lines)
    assert {row.source.partition("!")[0] for row in rows if isinstance(row, ReadRow)} == {"so · cột G-K"}
    assert "table_unread" in codes(reader)
    assert reader.sheets[0].note == "Bảng của năm 2023, không nạp."


@pytest.mark.parametrize(
    "lines, year",
    [
        (["KẾT QUẢ NĂM 2023"], 2023),
        (["KẾT QUẢ NĂM 2023", "ĐĂNG KÝ NĂM 2024"], 0),
        (["MÔ HÌNH NĂM 2023 VÀ ĐĂNG KÝ NĂM 2024"], 0),
        (["Mô hình duy trì từ năm 2023"], 0),
        (["Đồi Cao, ngày 5 tháng 3 năm 2023"], 0),
        (["DANH SÁCH"], 0),
    ],
)
def test_of_which_other_year_a_table_is(lines: list[str], year: int) -> None:
    assert other_year(lines, {2024}) == year


def test_what_is_wrong_beside_is_marked_in_the_one_sheet(read: Any) -> None:
    lines = beside()
    lines[4][9] = "Chưa rõ"
    rows, reader = read(lines)
    refused = [row.as_dict() for row in rows if isinstance(row, RefusedRow)]
    assert [(row["sheet"], row["column"]) for row in refused] == [("so · cột G-K", "J")]
    book = openpyxl.load_workbook(marked_register(reader.path, refused, {}, "so"))
    assert book.sheetnames == ["so"]
    assert str(book["so"].cell(5, 12).value).startswith("Cần sửa: Lĩnh vực “Chưa rõ” không có.")


SIDEWAYS = [
    ["Nội dung", "Mô hình 1", "Mô hình 2"],
    ["Tên mô hình", "Hiến đất mở đường", "Tuyến đường hoa"],
    ["Người thực hiện", "Hội Nông dân", "Bà Lê Thị Hoa"],
    ["Lĩnh vực", "KT", "VH-XH"],
    ["Hình thức", "Tập thể", "Cá nhân"],
    ["Mới hay duy trì", "Mới", "Duy trì"],
    ["Ngày đăng ký", "5/3/2024", "6/3/2024"],
]
FURTHER = [
    ["Nội dung", "Mô hình 3", ""],
    ["Tên mô hình", "Hũ gạo tình thương", ""],
    ["Người thực hiện", "Hội Phụ nữ", ""],
    ["Lĩnh vực", "VH-XH", ""],
    ["Hình thức", "Tập thể", ""],
    ["Mới hay duy trì", "Mới", ""],
    ["Ngày đăng ký", "7/3/2024", ""],
]


def test_all_tables_on_their_side_are_read(read: Any) -> None:
    rows, reader = read([["ĐĂNG KÝ NĂM 2024"], *SIDEWAYS, [], *FURTHER, ["", "NGƯỜI LẬP"]])
    assert [(row.source, row.title, row.registered_on.day, row.content) for row in good(rows)] == [
        ("so!2", "Hiến đất mở đường", 5, ""),
        ("so!3", "Tuyến đường hoa", 6, ""),
        ("so!4", "Hũ gạo tình thương", 7, ""),
    ]
    assert reader.sheets[0].note == "2 bảng nằm ngang: 3 cột, mỗi cột một mô hình."


@pytest.mark.parametrize("models", [1, 2], ids=["forms", "tables on their side"])
def test_what_lies_beside_another_of_its_sort_is_read(read: Any, models: int) -> None:
    lines = [[*line[: 1 + models], "", line[0], *other[1 : 1 + models]] for line, other in zip(SIDEWAYS, FURTHER, strict=True)]
    rows, _ = read([["PHIẾU ĐĂNG KÝ", *[""] * (models + 1), "PHIẾU ĐĂNG KÝ"], *lines[1:]])
    names = ["Hiến đất mở đường", *["Tuyến đường hoa"] * (models - 1), "Hũ gạo tình thương"]
    if models == 1:
        assert [row.title for row in good(rows)] == names
    else:  # one model alone in a table on its side is a form
        assert [(row.title, row.subject) for row in good(rows)] == list(
            zip(names, ["Hội Nông dân", "Bà Lê Thị Hoa", "Hội Phụ nữ"], strict=True)
        )


@pytest.mark.parametrize("first", [0, 8])
def test_a_table_in_one_paper_with_one_on_its_side_is_told(read: Any, first: int) -> None:
    table = [[*HEAD, "Ngày đăng ký"], [*ROAD, "5/3/2024"], [*RICE, "5/3/2024"]]
    rows, reader = read([*SIDEWAYS, [], *table] if first else [*table, [], *SIDEWAYS])
    assert [row.title for row in good(rows)] == ["Hiến đất mở đường", "Tuyến đường hoa"]
    assert [it["row"] for it in reader.warnings if it["code"] == "table_unread"] == [first + 1]


def test_a_form_below_a_register_is_told_and_no_row(read: Any) -> None:
    form = [["Tên mô hình", "Nuôi bò"], ["Người thực hiện", "Bà Hoa"], ["Lĩnh vực", "Kinh tế"]]
    rows, reader = read([[*HEAD, "Ngày đăng ký"], [*ROAD, "5/3/2024"], [*RICE, "5/3/2024"], [], *form])
    assert [row.title for row in good(rows)] == ["Hiến đất mở đường", "Hũ gạo tình thương"]
    assert [it["row"] for it in reader.warnings if it["code"] == "table_unread"] == [5]


# Sentences


FACTS = ("tại xã Bãi Dài", "ngày 5/3/2024", "là mô hình mới", "hình thức tập thể", "thuộc lĩnh vực văn hóa - xã hội")
SENTENCES = [
    "Mô hình “Tuyến đường hoa” do Hội Phụ nữ xã Bãi Dài đăng ký tại xã Bãi Dài ngày 5/3/2024; là mô hình mới, hình thức tập thể, thuộc lĩnh vực văn hóa - xã hội.",
    "Tuyến đường hoa, do Hội Phụ nữ xã Bãi Dài thực hiện tại xã Bãi Dài, ngày 5/3/2024; đăng ký mới; tập thể; thuộc lĩnh vực văn hóa - xã hội",
    "Mô hình “Tuyến đường hoa” của Hội Phụ nữ xã Bãi Dài, thuộc lĩnh vực văn hóa - xã hội, hình thức tập thể, là mô hình mới, đăng ký ngày 5/3/2024 tại xã Bãi Dài",
    "Hội Phụ nữ xã Bãi Dài đăng ký mô hình mới “Tuyến đường hoa”, thuộc lĩnh vực văn hóa - xã hội, hình thức tập thể, tại xã Bãi Dài, ngày 5/3/2024.",
    "Hội Phụ nữ xã Bãi Dài: đăng ký mới mô hình “Tuyến đường hoa” (tập thể, lĩnh vực văn hóa - xã hội, xã Bãi Dài, 5/3/2024);",
]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_says_what_a_row_does(read: Any, sentence: str) -> None:
    other = "Mô hình “Nuôi bò” do bà Lê Thị Hoa, Bí thư Chi bộ thôn 3 thực hiện tại xã Đồi Cao ngày 6/3/2024; là mô hình duy trì từ năm 2022, hình thức cá nhân, thuộc lĩnh vực kinh tế"
    text = f"HUYỆN ỦY SÔNG TRÊN\nII- KẾT QUẢ\n1. {sentence}\n2. {other}\nIII- NHẬN XÉT\n1. Nhìn chung, các nơi làm tốt.\n2. Một số nơi, một số ngành còn chậm.\n"
    found = [
        (row.title, row.subject, row.place.key, row.field_id, row.kind, row.subject_kind, row.registered_on.day)
        for row in good(read(text, DISTRICT)[0])
    ]
    assert found == [
        ("Tuyến đường hoa", "Hội Phụ nữ xã Bãi Dài", "xa-bai-dai", 2, Kind.NEW, SubjectKind.COLLECTIVE, 5),
        ("Nuôi bò", "Bà Lê Thị Hoa, Bí thư Chi bộ thôn 3", "xa-doi-cao", 1, Kind.MAINTAINED, SubjectKind.INDIVIDUAL, 6),
    ]


PARAGRAPHS = {
    "without numbers": [
        "Hội Phụ nữ đăng ký mô hình mới “Tuyến đường hoa”, hình thức tập thể, thuộc lĩnh vực văn hóa - xã hội;",
        "Bà Lê Thị Hoa đăng ký duy trì mô hình “Nuôi bò”, hình thức cá nhân, thuộc lĩnh vực kinh tế.",
    ],
    "who does it before a colon": [
        "- Hội Phụ nữ: Tuyến đường hoa (tập thể, văn hóa - xã hội, mới)",
        "- Bà Lê Thị Hoa: Nuôi bò (cá nhân, kinh tế, duy trì)",
    ],
}


@pytest.mark.parametrize("name", PARAGRAPHS)
def test_paragraphs_of_minutes_are_models(read: Any, name: str) -> None:
    before = [
        "BIÊN BẢN",
        "Hội nghị đăng ký mô hình “Dân vận khéo” ngày 5/3/2024",
        "Đảng ủy xã đăng ký mô hình “Dân vận khéo” như sau:",
    ]
    rows, _ = read("\n".join([*before, *PARAGRAPHS[name], "Hội nghị kết thúc lúc 16 giờ, mọi người đồng ý."]))
    assert [(row.title, row.subject, row.field_id, row.kind, row.registered_on.day) for row in good(rows)] == [
        ("Tuyến đường hoa", "Hội Phụ nữ", 2, Kind.NEW, 5),
        ("Nuôi bò", "Bà Lê Thị Hoa", 1, Kind.MAINTAINED, 5),
    ]


def test_the_word_before_who_does_it_may_stand_in_the_name() -> None:
    found = sentence_in("Mô hình “Rau sạch do phụ nữ làm chủ” do Hội Phụ nữ xã A thực hiện tại xã A")
    assert found is not None
    assert (found.title, found.subject, found.facts) == ("Rau sạch do phụ nữ làm chủ", "Hội Phụ nữ xã A", ("tại xã A",))
    assert sentence_in("Đường giao thông do nhân dân đóng góp") is None


def test_a_message_of_lines_is_a_list_and_no_csv(read: Any) -> None:
    text = (
        "[08:14, 31/03/2024] Hằng: Dạ em gửi danh sách, anh xem giúp ạ\n"
        "1/ Tuyến đường hoa - Hội Phụ nữ - VH-XH - TT - mới - 5/3\n"
        "2/ Nuôi bò - Bà Lê Thị Hoa, Bí thư Chi bộ thôn 3 - KT - CN - duy trì - 6/3\n"
        "[08:16, 31/03/2024] Hằng: Tổng cộng 2 mô hình, bản giấy em gửi sau\n"
    )
    assert [(row.title, row.subject) for row in good(read(text)[0])] == [
        ("Tuyến đường hoa", "Hội Phụ nữ"),
        ("Nuôi bò", "Bà Lê Thị Hoa, Bí thư Chi bộ thôn 3"),
    ]


def test_what_stands_above_is_looked_up_in_one_way() -> None:
    assert as_above([["1", "a", "x"], ["2", "-nt-"], ["3", "〃", "y"]]) == [["1", "a", "x"], ["2", "a"], ["3", "a", "y"]]
