"""Registers that say once, above or beside their rows, what others say in each of them."""

import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import typst
import xlsxwriter
import xlwt

from models_registry.enums import Kind, SubjectKind
from models_registry.models import Registration
from models_registry.registers import opening
from models_registry.registers.reader import RegisterReader
from models_registry.registers.reading import ReadRow, RefusedRow, RegisterContext, identity_of
from models_registry.registers.vocabulary import compact
from tests import registers as made
from tests.models_registry.test_shapes import FIELDS, PLACES
from tests.odd_formats import docx, packed, paragraph, read_here, web_page, xlsb, xml_2003
from tests.registers import told

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


def opened(path: Path) -> list[opening.Sheet]:
    return list(opening.open_register(path, is_ours=True))


def model(number: int | str, title: str, kind: str = "Mới", day: str = "5/3/2024") -> list[Any]:
    return [number, title, "Kinh tế", "Tập thể", kind, day]


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


def test_lines_between_rows_end_one_another(read: Any) -> None:
    """A body's hamlet ends with it, a body where a place or the unit's own committee is numbered beside it."""
    lines = [HEAD, ["1. Chi bộ thôn Bồng Lai"], model(1, ROAD), ["2. Hội Nông dân"], model(2, FLOWERS)]
    lines += [["3. Xã Đồi Cao"], model(3, LAMPS), ["4. Đảng bộ huyện Sông Trên: 01 mô hình"], model(4, BOOKS)]
    rows = [row for row in read(lines).rows() if isinstance(row, ReadRow)]
    assert [(row.subject, row.place.hamlet) for row in rows[:2]] == [
        ("Chi bộ thôn Bồng Lai", "Thôn Bồng Lai"),
        ("Hội Nông dân", ""),
    ]
    assert [(row.subject, row.place.unit_id) for row in rows[2:]] == [("", 7), ("Đảng bộ huyện Sông Trên", None)]


@pytest.mark.parametrize("line", ["BAN DÂN VẬN", "Đảng ủy xã gửi danh sách các mô hình như sau:", "T/M ĐẢNG ỦY"])
def test_letterheads_sentences_and_signatures_do_nothing(read: Any, line: str) -> None:
    assert told(read([HEAD, model(1, ROAD), [line], HEAD, model(1, LAMPS)]).rows(), "subject") == {ROAD: ("",), LAMPS: ("",)}


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


SAID = ["Tên mô hình: {}", "Tập thể: {}", "Lĩnh vực: kinh tế"]


@pytest.mark.parametrize(("mark", "cut"), [("- ", 0), ("", 0), ("+ ", 1)])
def test_lines_with_labels_in_one_cell(read: Any, mark: str, cut: int) -> None:
    """The name may stand above them without a label."""

    def cell(title: str, doer: str) -> str:
        lines = [(title if cut else f"{mark}{SAID[0].format(title)}"), *(f"{mark}{line}" for line in SAID[1:])]
        return "\n".join(lines).format(doer)

    head = ["STT", "Nội dung đăng ký", "Mới/ duy trì", "Ngày đăng ký"]
    rows = [["1", cell(ROAD, "Hội Nông dân"), "Mới", "5/3/2024"], ["2", cell(LAMPS, "Chi bộ thôn 3"), "Duy trì", "6/3/2024"]]
    reader = read([head, *rows])
    assert told(reader.rows(), "subject", "subject_kind", "field_id", "kind") == {
        ROAD: ("Hội Nông dân", SubjectKind.COLLECTIVE, 1, Kind.NEW),
        LAMPS: ("Chi bộ thôn 3", SubjectKind.COLLECTIVE, 1, Kind.MAINTAINED),
    }


def test_labels_of_what_other_columns_say_stay_in_their_cell(read: Any) -> None:
    note = "Lĩnh vực: kinh tế\nĐịa bàn: thôn 3"
    reader = read([[*HEAD, "Cách làm"], [*model(1, ROAD), note], [*model(2, LAMPS), note]])
    assert {row.content for row in reader.rows() if isinstance(row, ReadRow)} == {"Lĩnh vực: kinh tế Địa bàn: thôn 3"}


def test_names_stand_below_their_fields(read: Any) -> None:
    lines = [
        ["STT", "Tập thể, cá nhân đăng ký", "Tên mô hình thuộc lĩnh vực", "", "Mới/ duy trì", "Ngày đăng ký"],
        ["", "", "Kinh tế", "Văn hóa - xã hội", "", ""],
        ["1", "Chi bộ thôn 3", ROAD, "", "Mới", "5/3/2024"],
        ["2", "Hội Nông dân", "", FLOWERS, "Duy trì", "6/3/2024"],
        ["3", "Hội Phụ nữ", LAMPS, BOOKS, "Mới", "6/3/2024"],
        ["", "Cộng", "2", "2", "", ""],
        ["", "", "", "CHỦ TỊCH", "", ""],
    ]
    found = list(read(lines).rows())
    assert told(iter(found[:2]), "field_id", "subject") == {ROAD: (1, "Chi bộ thôn 3"), FLOWERS: (2, "Hội Nông dân")}
    assert told(iter(found[2:]), "field_id", "subject") == {LAMPS: (1, "Hội Phụ nữ"), BOOKS: (2, "Hội Phụ nữ")}


OF_FILLS = "TT", "Tên mô hình", "Đơn vị", "Lĩnh vực", "Tập thể/cá nhân", "Ngày đăng ký"
NEW_IS_YELLOW = "(Dòng tô màu vàng: mô hình đăng ký mới; dòng không tô màu: mô hình duy trì từ năm trước)"


def painted(path: Path, note: str, colours: list[str], *, from_column: int = 0) -> Path:
    """A register of one model a colour; "" is none."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Danh sách")
        sheet.write(0, 0, note)
        sheet.write_row(1, 0, OF_FILLS, book.add_format({"bg_color": "#D9D9D9"}))
        for n, colour in enumerate(colours):
            paint = book.add_format({"bg_color": colour} if colour else {})
            for at, cell in enumerate([n + 1, f"{ROAD} {n}", "Hội Nông dân", "Kinh tế", "Tập thể", "5/3/2024"]):
                sheet.write(n + 2, at, cell, paint if at >= from_column else None)
        sheet.write_row(len(colours) + 2, 0, ["", f"Cộng: {len(colours)} mô hình"], book.add_format({"bg_color": "#FFFF00"}))
    return path


@pytest.mark.parametrize(
    ("note", "colours"),
    [
        (NEW_IS_YELLOW, ["#FFFF00", "", "#FFFF00"]),
        ("Ghi chú: mô hình mới tô màu vàng", ["#FFC000", "", "#FFC000"]),
        ("Màu xanh là đăng ký mới, màu vàng là duy trì", ["#92D050", "#FFFF00", "#92D050"]),
    ],
)
def test_the_colour_of_a_row_means_what_a_note_says(tmp_path: Path, read: Any, note: str, colours: list[str]) -> None:
    reader = read(painted(tmp_path / "so.xlsx", note, colours))
    assert [row.kind for row in reader.rows()] == [Kind.NEW, Kind.MAINTAINED, Kind.NEW]
    assert [warning["code"] for warning in reader.warnings] == ["by_fill"]


@pytest.mark.parametrize(
    ("note", "colours", "from_column"),
    [
        ("DANH SÁCH", ["#FFFF00", ""], 0),  # nobody says what it means
        ("Màu xanh là đăng ký mới, màu đỏ là duy trì", ["#FFFF00", "#92D050"], 0),
        (NEW_IS_YELLOW, ["#FFFF00", "#FFFF00"], 5),  # only a remark is coloured
    ],
)
def test_a_colour_that_is_not_explained_means_nothing(
    tmp_path: Path, read: Any, note: str, colours: list[str], from_column: int
) -> None:
    rows = list(read(painted(tmp_path / "so.xlsx", note, colours, from_column=from_column)).rows())
    assert isinstance(rows[0], RefusedRow)
    assert [flaw.code for flaw in rows[0].flaws] == ["kind_missing"]


def docx_painted(path: Path) -> Path:
    shaded = '<w:tcPr><w:shd w:fill="FFFF00"/></w:tcPr>'
    return docx(path, f"<w:tbl><w:tr><w:tc>{shaded}{paragraph('1')}</w:tc><w:tc>{paragraph(ROAD)}</w:tc></w:tr></w:tbl>")


def xls_painted(path: Path, *, colour: str = "yellow", number: object = 1) -> Path:
    book = xlwt.Workbook()
    sheet, style = book.add_sheet("DS"), xlwt.easyxf(f"pattern: pattern solid, fore_colour {colour}")
    sheet.write(0, 0, number, style)
    sheet.write(0, 1, ROAD)
    sheet.write(1, 1, "white", xlwt.easyxf("pattern: pattern solid, fore_colour white"))
    book.save(str(path))
    return path


def xls_of_own_palette(path: Path) -> Path:
    book = xlwt.Workbook()
    xlwt.add_palette_colour("ours", 0x21)
    book.set_colour_RGB(0x21, 0xFF, 0xFF, 0x00)
    book.add_sheet("DS").write(0, 0, 1, xlwt.easyxf("pattern: pattern solid, fore_colour ours"))
    book.save(str(path))
    return path


def indexed(path: Path) -> Path:
    """A workbook as tools that know only the palette write it."""
    painted(path, "DANH SÁCH", ["#FFFF00"])
    with zipfile.ZipFile(path) as archive:
        parts: dict[str, Any] = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/styles.xml"] = parts["xl/styles.xml"].replace(b'fgColor rgb="FFFFFF00"', b'fgColor indexed="13"')
    return packed(path, parts)


def page_painted(path: Path, row: str, style: str = "") -> Path:
    return web_page(path, [], head=f"<style>{style}</style>", before=f"<table>{row}</table>")


YELLOW = (0, "FFFF00")


@pytest.mark.parametrize(
    ("make", "filled"),
    [
        (docx_painted, {1: YELLOW}),
        (xls_painted, {1: YELLOW}),
        (lambda path: xls_painted(path, number=""), {1: YELLOW}),
        (xls_of_own_palette, {1: YELLOW}),
        (lambda path: xlsb(path, [["1", ROAD], ["2", "x"]], filled={2: (1, 2, 0, "FFFF00")}), {2: YELLOW}),
        (lambda path: xlsb(path, [["1", ROAD], ["2", "x"]], filled={2: (1, 1, 13, "000000")}), {2: YELLOW}),
        (lambda path: xlsb(path, [["1", ROAD]], filled={1: (1, 2, 0, "FFFFFF")}), {}),
        (lambda path: xlsb(path, [["1", ROAD]], filled={1: (3, 2, 0, "FFFF00")}), {}),  # hatched
        (
            lambda path: xml_2003(
                path,
                [["1", ROAD]],
                styles='<Style ss:ID="s1"><Interior ss:Color="#FFFF00" ss:Pattern="Solid"/></Style>',
                attributes={1: 'ss:StyleID="s1"'},
            ),
            {1: YELLOW},
        ),
        (lambda path: page_painted(path, "<tr><td bgcolor=yellow>1<td>x</tr>"), {1: YELLOW}),
        (lambda path: page_painted(path, "<tr style='background: #ff0'><td>1<td>x</tr>"), {1: YELLOW}),
        (
            lambda path: page_painted(path, "<tr><td class=x1>1<td>x</tr>", ".x1 {color:red; background:rgb(255,255,0) none}"),
            {1: YELLOW},
        ),
        (lambda path: page_painted(path, "<tr><th bgcolor=silver>1<td>x</tr>"), {}),
        (lambda path: page_painted(path, "<tr><td bgcolor=white>1<td style='background:url(a.png)'>x</tr>"), {}),
        (
            lambda path: page_painted(
                path,
                "<tr><th><th>A<th>B</tr><tr><th class=s0>7<td class=s1>1<td>x</tr>",
                ".s0 {background-color: #eee} .ritz .waffle .s1{border:0;background-color:#ffff00}",
            ),
            {7: YELLOW},
        ),
    ],
)
def test_colours_of_other_formats(tmp_path: Path, make: Any, filled: dict[int, tuple[int, str]]) -> None:
    assert [one.filled for one in opened(make(tmp_path / "so"))] == [filled]


def test_a_colour_of_the_palette_has_a_name(tmp_path: Path) -> None:
    assert opened(indexed(tmp_path / "so.xlsx"))[0].filled[3] == YELLOW


def test_a_report_in_a_pdf_is_read_by_its_paragraphs(tmp_path: Path, read: Any) -> None:
    path = tmp_path / "so.pdf"
    text = f"""#set page(paper: "a5")
#set text(size: 14pt)
#grid(columns: (1fr, 1fr), gutter: 30pt, align: center, [\\*], [Đồi Cao, ngày 5 tháng 3 năm 2024])
#align(center)[BÁO CÁO]
#align(center)[\\-\\-\\-\\-\\-]
Thực hiện hướng dẫn của cấp trên, đảng ủy đã chỉ đạo các chi bộ đăng ký mô hình “Dân vận khéo”, cụ thể như sau:

1\\. Lĩnh vực kinh tế: 02 mô hình

\\- “{ROAD} liên thôn và các tuyến đường vào khu sản xuất” của Hội Nông dân thôn Đồi Cao (tập thể, đăng ký mới).

\\- “{LAMPS}” của bà Lê Thị Hoa, người có uy tín (cá nhân, duy trì).

Nơi nhận:

\\- Ban Dân vận.
"""
    path.write_bytes(typst.compile(text.encode()))
    assert told(read(path).rows(), "subject", "subject_kind", "kind", "registered_on") == {
        f"{ROAD} liên thôn và các tuyến đường vào khu sản xuất": (
            "Hội Nông dân thôn Đồi Cao",
            SubjectKind.COLLECTIVE,
            Kind.NEW,
            date(2024, 3, 5),
        ),
        LAMPS: ("Bà Lê Thị Hoa, người có uy tín", SubjectKind.INDIVIDUAL, Kind.MAINTAINED, date(2024, 3, 5)),
    }


def test_a_row_stored_before_lines_told_doers_gets_its_doer_and_is_not_doubled(take: Any, tmp_path: Path) -> None:
    path = made.xlsx(tmp_path / "so.xlsx", [HEAD, ["", "1. Chi bộ Khu phố 3: 01 mô hình"], model(1, ROAD)])
    take(path)
    stored = Registration.objects.get(title=ROAD)
    assert (stored.subject, stored.hamlet) == ("Chi bộ Khu phố 3", "Khu phố 3")
    before = identity_of(ROAD, f"#{compact('Khu phố 3')}", "")
    Registration.objects.filter(pk=stored.pk).update(subject="", identity_key=before)
    report = take(path)
    assert (report.created, report.updated) == (0, 1)
    stored.refresh_from_db()
    assert stored.subject == "Chi bộ Khu phố 3"


def test_a_row_stored_before_positions_were_heard_is_not_doubled(take: Any, tmp_path: Path) -> None:
    head = [*HEAD[:3], "Họ và tên", "Chức vụ", *HEAD[4:]]
    rows = [[1, ROAD, "Kinh tế", "Lê Văn Ba", "Trưởng thôn 2"], [2, LAMPS, "Kinh tế", "Bà Lê Thị Hoa", "Bí thư Chi bộ thôn 3"]]
    path = made.xlsx(tmp_path / "so.xlsx", [head, *([*row, "Mới", "5/3/2024"] for row in rows)])
    take(path)
    for title, name, position in ((row[1], *row[3:]) for row in rows):
        stored = Registration.objects.filter(title=title, subject=f"{name}, {position}")
        assert stored.update(subject=name, identity_key=identity_of(str(title), "", str(name)))
    report = take(path)
    assert (report.created, report.updated) == (0, 2)
