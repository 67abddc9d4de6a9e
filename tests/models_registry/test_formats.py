"""A register in any format is read as it would be in Excel: by what the file is, whatever it is called."""

import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
import xlwt

from models_registry.registers import opening
from models_registry.registers.formats import pdf
from models_registry.registers.formats.table import Lines
from models_registry.registers.opening import open_register
from models_registry.registers.refusing import RegisterUnreadable
from tests import odd_formats as odd
from tests import registers as made


@pytest.fixture(autouse=True)
def _read_here(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if not {"started_anew", "apart"}.intersection(request.fixturenames):
        monkeypatch.setattr(opening, "read_apart", odd.read_here)


@pytest.fixture
def apart() -> None:
    """Read in a process that is held: what would fill the memory, or crash, is stopped there."""


ROWS = [made.HEAD, made.row(number=1), made.row("Tổ tự quản", number=2, kind="Duy trì")]
TEXTS = [[str(one) for one in row] for row in ROWS]


def read(path: Path) -> list[list[str]]:
    """Rows as texts, without the empty cells at their ends."""
    rows = []
    for sheet in open_register(path):
        for _, row in sheet.rows:
            texts = [f"{one:g}" if isinstance(one, float) else str(one) for one in row]
            while texts and not texts[-1]:
                texts.pop()
            rows.append(texts)
    return rows


def trimmed(rows: list[list[str]]) -> list[list[str]]:
    return [row[:-1] if row[-1] == "" else row for row in rows]


def marks(path: Path) -> tuple[bool, set[int], set[int]]:
    """(whether the first sheet is hidden, its hidden rows, its rows with something struck through)."""
    sheet = next(open_register(path))
    return sheet.hidden, set(sheet.hidden_rows), set(sheet.struck)


def refusal(path: Path) -> str:
    with pytest.raises(RegisterUnreadable) as refused:
        read(path)
    return str(refused.value)


def xlsx_struck(path: Path, rows: Any) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet, struck = book.add_worksheet(), book.add_format({"font_strikeout": True})
        for n, row in enumerate(rows):
            sheet.write_row(n, 0, row, struck if n == 2 else None)
        sheet.set_row(1, None, None, {"hidden": True})
    return path


def xls_struck(path: Path, rows: Any) -> Path:
    book = xlwt.Workbook(encoding="utf-8")
    sheet, struck = book.add_sheet("DS"), xlwt.easyxf("font: struck_out on")
    for n, row in enumerate(rows):
        for column, one in enumerate(row):
            sheet.write(n, column, one, struck if n == 2 else xlwt.Style.default_style)
    sheet.row(1).hidden = True
    book.save(str(path))
    return path


def docx_struck(path: Path, rows: Any) -> Path:
    first, second, third = rows
    return odd.docx(path, odd.table([first, odd.line(second, about="<w:hidden/>"), odd.line(third, run="<w:strike/>")]))


def page_struck(path: Path, rows: Any) -> Path:
    first, second, third = rows
    odd.web_page(path, [first, second, [f'<td class="xl9">{one}</td>' for one in third]], before="")
    page = path.read_text().replace("</tr><tr>", "</tr><tr style='height:0;display:none'>", 1)
    path.write_text(page.replace("</head>", "<style><!-- .xl9 {mso-x:1; text-decoration:line-through;} --></style></head>"))
    return path


def xml_struck(path: Path, rows: Any) -> Path:
    style = '<Style ss:ID="s1"><Font ss:StrikeThrough="1"/></Style>'
    return odd.xml_2003(path, rows, styles=style, attributes={2: 'ss:Hidden="1"', 3: 'ss:StyleID="s1"'})


def ods_struck(path: Path, rows: Any) -> Path:
    made.ods(path, rows)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    style = (
        '<style:style xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" style:name="ce9" style:family="table-cell">'
        '<style:text-properties style:text-line-through-style="solid"/></style:style>'
    )
    text = parts["content.xml"].decode()
    text = text.replace("<office:automatic-styles/>", f"<office:automatic-styles>{style}</office:automatic-styles>")
    head, first, second, third = text.split("<table:table-row>")
    third = third.replace("<table:table-cell ", '<table:table-cell table:style-name="ce9" ')
    hidden = '<table:table-row table:visibility="filter">'
    parts["content.xml"] = f"{head}<table:table-row>{first}{hidden}{second}<table:table-row>{third}".encode()
    return odd.packed(path, parts)  # type: ignore[arg-type]


@pytest.mark.usefixtures("started_anew")
@pytest.mark.parametrize(
    "make",
    [odd.docx, odd.xml_2003, odd.xlsb, lambda path, rows: odd.web_page(path, rows, before="")],
    ids=["docx", "xml 2003", "xlsb", "web page"],
)
@pytest.mark.parametrize("name", ["so.xls", "so"])
def test_each_format_says_the_same_whatever_its_name(tmp_path: Path, make: Callable[..., Path], name: str) -> None:
    assert read(make(tmp_path / name, ROWS)) == trimmed(TEXTS)


@pytest.mark.parametrize(
    "make",
    [
        xlsx_struck,
        xls_struck,
        docx_struck,
        page_struck,
        xml_struck,
        ods_struck,
        lambda p, rows: odd.xlsb(p, rows, hidden={2}, struck={3}),
    ],
    ids=["xlsx", "xls", "docx", "web page", "xml 2003", "ods", "xlsb"],
)
def test_hidden_and_struck_rows_are_seen_in_every_format(tmp_path: Path, make: Callable[..., Path]) -> None:
    assert marks(make(tmp_path / "so", ROWS)) == (False, {2}, {3})


def test_a_hidden_sheet_of_xml_2003_is_seen(tmp_path: Path) -> None:
    assert marks(odd.xml_2003(tmp_path / "so.xml", ROWS, hidden_sheet=True)) == (True, set(), set())


# Word


def test_paragraphs_and_tables_of_a_document_are_one_sheet(tmp_path: Path) -> None:
    body = (
        odd.paragraph("THÀNH ỦY PHAN THIẾT\t\tĐẢNG CỘNG SẢN")
        + odd.table(ROWS[:2])
        + odd.paragraph("II. Xã")
        + odd.table(ROWS[2:])
    )
    lines = [["THÀNH ỦY PHAN THIẾT", "ĐẢNG CỘNG SẢN"], *trimmed(TEXTS)[:2], ["II. Xã"], trimmed(TEXTS)[2]]
    assert read(odd.docx(tmp_path / "so.docx", body)) == lines


def test_what_a_document_deleted_is_not_read_and_what_it_counts_is(tmp_path: Path) -> None:
    gone = "<w:del><w:r><w:delText>cũ</w:delText></w:r></w:del><w:moveFrom><w:r><w:t>đi</w:t></w:r></w:moveFrom>"
    mixed = odd.cell("mới").replace("<w:p>", f"<w:p>{gone}")
    ticked = odd.cell("").replace("<w:t ", '<w:sym w:font="Wingdings" w:char="F0FC"/><w:t ')
    row = [odd.cell("", numbered=True), mixed, odd.cell("ẩn", run="<w:vanish/>"), ticked, "z"]
    body = odd.table([row, odd.line(["bỏ"], about="<w:del/>"), row])
    assert read(odd.docx(tmp_path / "so.docx", body)) == [["1", "mới", "", "x", "z"], ["2", "mới", "", "x", "z"]]


def test_cells_merged_in_a_document_keep_their_columns(tmp_path: Path) -> None:
    top = ["1", odd.cell("Hai cột", about='<w:gridSpan w:val="2"/>'), odd.cell("Phường", about='<w:vMerge w:val="restart"/>')]
    under = ["2", "b", "c", odd.cell("", about="<w:vMerge/>"), "e"]
    path = odd.docx(tmp_path / "so.docx", odd.table([[*top, "e"], under]))
    assert read(path) == [["1", "Hai cột", "", "Phường", "e"], ["2", "b", "c", "", "e"]]
    assert next(open_register(path)).merged == ((1, 2, 3),)


def test_a_table_within_a_cell_is_that_cells_text(tmp_path: Path) -> None:
    inner = odd.cell("trên").replace("</w:tc>", odd.table([["trong", "ô"]]) + "</w:tc>")
    assert read(odd.docx(tmp_path / "so.docx", odd.table([[1, inner, "sau"]]))) == [["1", "trên\ntrong\nô", "sau"]]


def test_entities_of_a_document_that_grow_are_refused(tmp_path: Path) -> None:
    grown = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9))
    path = odd.docx(tmp_path / "so.docx", odd.table([["x"]]), doctype=f'<!DOCTYPE x [<!ENTITY a0 "ha">{grown}]>')
    data = zipfile.ZipFile(path).read("word/document.xml").decode().replace(">x<", ">&a8;<")
    odd.packed(path, {"word/document.xml": data})
    assert "không phải bảng tính" in refusal(path)


@pytest.mark.usefixtures("apart")
@pytest.mark.parametrize(
    "body, why",
    [
        ("<w:p/>" * 160_000, "quá nhiều đoạn"),
        (f"<w:p>{'<w:r/>' * 800_000}", "quá nhiều đoạn"),
        ("<!--" + "x" * 8_000_000 + "-->", "quá nhiều đoạn"),
        (odd.paragraph("x" * 3_000_000) * 24, "bung ra quá"),
    ],
)
def test_a_document_that_unpacks_to_much_is_refused(tmp_path: Path, body: str, why: str) -> None:
    path = odd.docx(tmp_path / "so.docx", body)
    assert path.stat().st_size < 100_000
    assert why in refusal(path)


# Web pages


def test_cells_over_rows_and_columns_of_a_page(tmp_path: Path) -> None:
    rows = [["<td rowspan=2>A</td>", "<td colspan=2>B</td>"], ["b1", "b2"], ["1", "2", "3"]]
    path = odd.web_page(tmp_path / "so.htm", rows, before="")
    assert read(path) == [["A", "B"], ["", "b1", "b2"], ["1", "2", "3"]]
    assert next(open_register(path)).merged == ((1, 2, 0),)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1258", "windows-1252"])
def test_a_page_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    assert read(odd.web_page(tmp_path / "so.xls", ROWS, encoding=encoding)) == [["DANH SÁCH"], *trimmed(TEXTS)]


def test_a_page_within_a_page_and_what_is_not_shown(tmp_path: Path) -> None:
    page = "<body><script>var x='<td>không</td>'</script><table><tr><td>Trang<table><tr><td>1<td>hai<tr><td>2<td>ba</table></table>Hết"
    (tmp_path / "so.html").write_text(page)
    assert read(tmp_path / "so.html") == [["Trang"], ["1", "hai"], ["2", "ba"], ["Hết"]]


def test_a_page_kept_with_its_pictures(tmp_path: Path) -> None:
    page = odd.web_page(tmp_path / "so.htm", ROWS, before="").read_text()
    head = 'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="b"\n\n--b\nContent-Type: text/html; charset="utf-8"\n\n'
    (tmp_path / "so.mht").write_text(f"{head}{page}\n--b--\n")
    assert read(tmp_path / "so.mht") == trimmed(TEXTS)


def test_cells_that_reach_over_millions_are_refused(tmp_path: Path) -> None:
    path = odd.web_page(tmp_path / "so.htm", [['<td colspan="999999999">a</td>'] * 16] * 300, before="")
    assert "có ô thừa" in refusal(path)


# XML Spreadsheet 2003


def test_rows_and_cells_of_xml_2003_stand_where_it_says(tmp_path: Path) -> None:
    path = odd.xml_2003(tmp_path / "so.xml", [["a", "b"], ["c"]], attributes={2: 'ss:Index="9"'})
    path.write_text(path.read_text().replace("<Cell><Data", '<Cell ss:Index="3"><Data', 1))
    assert [row for sheet in open_register(path) for row in sheet.rows] == [(1, ["", "", "a", "b"]), (9, ["c"])]


def test_a_cell_of_xml_2003_outside_of_any_row_is_none(tmp_path: Path) -> None:
    path = odd.xml_2003(tmp_path / "so.xml", [["a"], ["b"]])
    path.write_text(path.read_text().replace("<Row ", "<Rew ", 1).replace("</Row>", "</Rew>", 1))
    assert read(path) == [["b"]]


def test_entities_and_far_cells_of_xml_2003_are_refused(tmp_path: Path) -> None:
    path = odd.xml_2003(tmp_path / "so.xml", [["a"]] * 300)
    text = path.read_text()
    path.write_text(text.replace("<?mso", '<!DOCTYPE x [<!ENTITY a "b">]><?mso'))
    assert "không phải bảng tính" in refusal(path)
    path.write_text(text.replace("<Cell>", '<Cell ss:Index="16300">'))
    assert "có ô thừa" in refusal(path)


# PDF


def test_a_pdfs_table_goes_on_over_its_pages(tmp_path: Path) -> None:
    rows = [made.HEAD, *(made.row(f"Mô hình số {n}", number=n) for n in range(1, 41))]
    found = read(odd.pdf(tmp_path / "so.pdf", rows))
    assert found[0] == ["DANH SÁCH ĐĂNG KÝ"]
    assert found[1:] == [[str(one) for one in row] for row in trimmed(rows)]


def test_a_row_that_a_pages_end_cuts_in_two_is_one(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["STT", "Tên mô hình", "Nội dung"],
        *([n, f"Tên {n}", " ".join(f"câu{i}" for i in range(60))] for n in range(1, 15)),
    ]
    found = [row for row in read(odd.pdf(tmp_path / "so.pdf", rows, size='"a6"')) if row[0] != "STT"]
    assert [row[0] for row in found[1:]] == [str(n) for n in range(1, 15)]
    assert {row[2] for row in found[1:]} == {rows[1][2]}


def test_letters_that_reach_over_a_tables_first_rule_are_no_line_above_it(tmp_path: Path) -> None:
    rows = [["STT", "Tên mô hình", "Nội dung"], *([n, f"Mô hình {n}", "Họp dân"] for n in range(1, 60))]
    found = read(odd.pdf(tmp_path / "so.pdf", rows, about="inset: (top: -1.5pt, bottom: 6pt, x: 5pt), "))
    assert [row[0] for row in found] == ["DANH SÁCH ĐĂNG KÝ", "STT", *(str(n) for n in range(1, 60))]


def test_the_rest_of_a_name_alone_on_the_next_page_belongs_to_its_row() -> None:
    reading = pdf._Reading(Lines("so"))
    reading._table([["STT", "Tên mô hình", "Loại hình"], ["1", "“Thắp sáng đường", "Tập thể"]])
    reading._table([["", "Quê”", ""], ["2", "Nuôi bò", "Cá nhân"]])
    reading._table([["", "Văn hóa - xã hội", ""], ["3", "Đội bóng", "Cá nhân"]])
    assert [[*row, ""][:3] for _, row in reading.lines.rows][1:] == [
        ["1", "“Thắp sáng đường Quê”", "Tập thể"],
        ["2", "Nuôi bò", "Cá nhân"],
        ["", "Văn hóa - xã hội", ""],
        ["3", "Đội bóng", "Cá nhân"],
    ]


def test_a_pdfs_merged_cells_reach_down_and_over_its_pages() -> None:
    reading = pdf._Reading(Lines("so"))
    head = ["Xã", "STT", "Tên mô hình"]
    reading._table([head, ["Xã A", "1", "Hoa"], ["Xã B", "2", "Bò"], [None, "3", "Đèn"]], {(2, 0): 2})
    reading._table([head, ["", "4", "Cờ"], [None, "5", "Kẻng"], ["Xã C", "6", "Sách"]], {(1, 0): 2})
    reading._table([head, ["", "7", "Vở"], [None, "8", "Bút"], ["", "9", "Cây"]], {(1, 0): 2})
    assert reading.lines.table.merged == [(3, 6, 0), (7, 9, 0)]


@pytest.mark.parametrize(
    "content", ["Vận động.", " ".join(f"câu{i}" for i in range(30))], ids=["a line each", "cells of many lines"]
)
def test_a_pdfs_table_without_rules_is_read_where_its_columns_stand_apart(tmp_path: Path, content: str) -> None:
    rows = [made.HEAD, *(made.row(f"Mô hình số {n}", number=n, content=content) for n in range(1, 31))]
    found = read(odd.pdf(tmp_path / "so.pdf", rows, ruled=False))
    assert found[0] == ["DANH SÁCH ĐĂNG KÝ"]
    assert found[1:] == [[str(one) for one in row] for row in trimmed(rows)]


@pytest.mark.parametrize(
    "about",
    ["align: horizon, ", "align: bottom, ", "align: top, inset: (y: 2.6pt, x: 5pt), "],
    ids=["middle", "bottom", "close rows"],
)
def test_a_number_of_a_table_without_rules_may_stand_anywhere_in_its_row(tmp_path: Path, about: str) -> None:
    content = "Vận động từng hộ dân tham gia dọn vệ sinh và trồng hoa dọc theo các tuyến đường của thôn vào mỗi sáng chủ nhật"
    rows = [made.HEAD[:9], *(made.row(f"Mô hình số {n}", number=n, content=content)[:9] for n in range(1, 13))]
    found = read(odd.pdf(tmp_path / "so.pdf", rows, ruled=False, about=about))
    assert found[1:] == [[str(one) for one in row] for row in rows]


_CELL = "table.cell(rowspan: 2)[{}]"
_GROUP = "table.cell(colspan: {})[{}]"


@pytest.mark.parametrize("about", ["", "align: center + horizon, "], ids=["left", "middle"])
def test_a_head_of_two_levels_without_rules_is_read_as_two_rows(tmp_path: Path, about: str) -> None:
    upper = [
        _CELL.format("STT"),
        _CELL.format("Tên mô hình"),
        _GROUP.format(3, "Đăng ký mới hay là duy trì"),
        _CELL.format("Ngày"),
    ]
    rows: list[Any] = [f"{', '.join(upper)}, [Mới], [Nhân rộng], [Duy trì]"]
    rows += [
        [n, f"Tuyến đường hoa số {n}", "x" * (n % 3 == 0), "x" * (n % 3 == 1), "x" * (n % 3 == 2), "15/3/2024"]
        for n in range(1, 10)
    ]
    path = odd.pdf(tmp_path / "so.pdf", rows, ruled=False, about=about + "row-gutter: 8pt, ", columns=6)
    found = read(path)
    assert found[1] == ["STT", "Tên mô hình", "Đăng ký mới hay là duy trì", "", "", "Ngày"]
    assert found[2] == ["", "", "Mới", "Nhân rộng", "Duy trì"]
    assert found[3:] == [[str(one) for one in row] for row in rows[1:]]


def test_a_last_line_of_digits_is_of_its_row_not_the_pages_number(tmp_path: Path) -> None:
    doer = "Ban Công tác Mặt trận khu dân cư và Chi bộ thôn 12"
    rows = [["STT", "Tên mô hình", "Thực hiện", "Ngày"], *([n, f"Tuyến hoa {n}", doer, "15/3/2024"] for n in range(1, 9))]
    path = odd.pdf(tmp_path / "so.pdf", rows, ruled=False, about="row-gutter: 8pt, ", columns="(30pt, 80pt, 172pt, 60pt)")
    assert [row[2] for row in read(path)[2:]] == [doer] * 8


def test_close_rows_whose_numbers_stand_below_are_refused(tmp_path: Path) -> None:
    content = "Vận động từng hộ dân tham gia dọn vệ sinh và trồng hoa dọc theo các tuyến đường của thôn vào mỗi sáng chủ nhật"
    rows = [made.HEAD[:9], *(made.row(f"Mô hình số {n}", number=n, content=content)[:9] for n in range(1, 13))]
    path = odd.pdf(tmp_path / "so.pdf", rows, ruled=False, about="align: bottom, inset: (y: 2.6pt, x: 5pt), ")
    assert "mở tệp bằng Word" in refusal(path)


def test_sections_and_signatures_of_a_table_without_rules_are_lines_of_their_own(tmp_path: Path) -> None:
    rows = [["1", "Tuyến hoa", "Hội Phụ nữ", "15/3/2024"], ["2", "Tổ tự quản", "Công an", "16/3/2024"]]
    head = ["STT", "Tên mô hình", "Thực hiện", "Ngày"]
    section, signed = "[], [II. Lĩnh vực văn hóa - xã hội], [], []", "[], [], [], [TM. BAN THƯỜNG VỤ]"
    path = odd.pdf(tmp_path / "so.pdf", [head, rows[0], section, rows[1], signed], ruled=False)  # type: ignore[list-item]
    assert read(path) == [["DANH SÁCH ĐĂNG KÝ"], head, rows[0], ["II. Lĩnh vực văn hóa - xã hội"], rows[1], ["TM. BAN THƯỜNG VỤ"]]


def test_columns_that_do_not_stand_apart_are_refused(tmp_path: Path) -> None:
    rows = [
        ["STT", "Tên mô hình", "Thực hiện", "Ngày"],
        *([n, f"Tên {n}" * (n % 3), "Hội Phụ nữ" * (n % 2), "15/3/2024"] for n in range(1, 9)),
    ]
    assert "mở tệp bằng Word" in refusal(
        odd.pdf(tmp_path / "so.pdf", rows, ruled=False, about="inset: 0pt, column-gutter: 1pt, ")
    )


def test_a_scan_and_a_letter_are_refused_with_what_to_do(tmp_path: Path) -> None:
    import typst
    from PIL import Image

    Image.new("RGB", (200, 100), "white").save(tmp_path / "a.pdf")
    assert "ảnh quét" in refusal(tmp_path / "a.pdf")
    (tmp_path / "b.pdf").write_bytes(typst.compile(b"Kinh gui cac dong chi"))
    assert "không thấy bảng" in refusal(tmp_path / "b.pdf")
    (tmp_path / "c.pdf").write_bytes((tmp_path / "b.pdf").read_bytes()[:900])
    assert refusal(tmp_path / "c.pdf")


def test_a_pdf_whose_string_has_no_end_is_refused_when_its_time_is_up(monkeypatch: pytest.MonkeyPatch) -> None:
    assert pdf.TO_OPEN < 10
    monkeypatch.setattr(pdf, "TO_OPEN", 0.2)
    endless = b"%PDF-1.7\n1 0 obj\n(" + b"<</Parent 3 0 R>>\nendobj\n1 0 obj\n(()" * 100_000
    with pytest.raises(RegisterUnreadable, match="không phải bảng tính"):
        list(pdf.tables(endless, "so.pdf"))


# What is no register


@pytest.mark.parametrize(
    "begins, why",
    [
        (b"\xff\xd8\xff\xe0abc", "là ảnh"),
        (b"\x89PNG\r\n\x1a\n", "là ảnh"),
        (b"\0\0\0\x18ftypheic", "là ảnh"),
        (b"{\\rtf1 x}", "Lưu thành"),
        (b"Rar!\x1a", "Tệp nén"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "không phải bảng tính"),
        (b"{}", "không phải bảng tính"),
    ],
)
def test_what_is_no_register_is_refused_with_how_to_send_it(tmp_path: Path, begins: bytes, why: str) -> None:
    (tmp_path / "so.xlsx").write_bytes(begins)
    assert why in refusal(tmp_path / "so.xlsx")


def test_an_old_word_file_and_other_archives_are_named(tmp_path: Path) -> None:
    whole = made.xls(tmp_path / "so.doc", ROWS).read_bytes()
    old, new = "Workbook".encode("utf-16-le"), "WordDocument".encode("utf-16-le")
    renamed = whole.replace(old.ljust(64, b"\0") + (18).to_bytes(2, "little"), new.ljust(64, b"\0") + (26).to_bytes(2, "little"))
    (tmp_path / "so.doc").write_bytes(renamed)
    assert "Word đời cũ" in refusal(tmp_path / "so.doc")
    assert "gửi từng sổ" in refusal(odd.packed(tmp_path / "a.zip", {"so.xlsx": b"x"}))
    text = {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"}
    assert "LibreOffice" in refusal(odd.packed(tmp_path / "a.odt", text))  # type: ignore[arg-type]


@pytest.mark.parametrize("make", [made.xls, odd.xlsb])
def test_a_stray_cell_at_the_far_corner_is_refused_before_it_is_built(tmp_path: Path, make: Any) -> None:
    if make is odd.xlsb:
        path = odd.xlsb(tmp_path / "so.xlsb", ROWS, far=True)
    else:
        book = xlwt.Workbook()
        sheet = book.add_sheet("DS")
        sheet.write(0, 0, "x")
        sheet.write(65535, 255, "x")
        book.save(str(path := tmp_path / "so.xls"))
    assert "có ô thừa ở rất xa" in refusal(path)


def test_a_sheet_in_an_encoding_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    parts = {"content.xml": '<?xml version="1.0" encoding="UTV-8"?><x/>'}
    assert "không phải bảng tính" in refusal(odd.packed(tmp_path / "so.ods", parts))  # type: ignore[arg-type]


def test_sheets_have_names_of_their_own(tmp_path: Path) -> None:
    text = odd.xml_2003(tmp_path / "so.xml", ROWS).read_text().replace('ss:Name="DS"', 'ss:Name="Sổ [1]/2"')
    sheet = text[text.index("<Worksheet") : text.index("</Workbook>")]
    (tmp_path / "so.xml").write_text(text.replace("</Workbook>", f"{sheet}</Workbook>"))
    assert [sheet.name for sheet in open_register(tmp_path / "so.xml")] == ["Sổ  1  2", "Sổ  1  2 2"]


def test_the_separator_that_a_csv_names_is_its_own(tmp_path: Path) -> None:
    (tmp_path / "so.csv").write_text("sep=;\na, b;c\n1,2;3\n", encoding="utf-8")
    assert [row for sheet in open_register(tmp_path / "so.csv") for row in sheet.rows] == [(2, ["a, b", "c"]), (3, ["1,2", "3"])]


def test_words_that_stand_over_the_rules_of_low_rows_stay_in_their_cell(tmp_path: Path) -> None:
    """As LibreOffice prints a sheet whose rows are too low for wrapped words."""
    wide = "Ông Võ Hoàng Thành, Chi hội trưởng khu phố 6"
    rows = [["STT", "Ai làm", "Loại"], *([str(n), wide if n in (3, 6) else f"Hội {n}", "Mới"] for n in range(1, 8))]
    about = "rows: 9.5pt, inset: 2pt, align: left + horizon, "
    path = odd.pdf(tmp_path / "so.pdf", rows, size='"a4")\n#set par(leading: 0.5em', columns="(30pt, 130pt, 50pt)", about=about)
    assert [row for row in read(path) if row[0].isdecimal()] == rows[1:]


def test_a_pdf_whose_pages_have_no_size_is_refused(tmp_path: Path) -> None:
    whole = odd.pdf(tmp_path / "so.pdf", ROWS).read_bytes()
    with pytest.raises(RegisterUnreadable, match="không phải bảng tính"):
        list(pdf.tables(re.sub(rb"/MediaBox ?\[[^]]*\]", b"/MediaBox[0 0 (x) 9]", whole), "so"))
