"""How a paper breaks over its pages: no signature and no heading of a group alone, columns wide enough for what stands in them."""

import io
from typing import Any

import pytest
from docx import Document
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.shared import Pt

from common.documents import DocumentHead, Line, WordColumn, write_docx_table
from papers.kinds import HEAD_FIELDS, Closing, NewPage, PaperForm, Table, TwoSigns, known_forms
from papers.word.filling import fill
from papers.word.layouts import PARTY_36, build
from recognition.exports import decision_forms, forms
from recognition.exports.values import number_ranges

SIGNED = [form for form in known_forms() if any(isinstance(block, Closing | TwoSigns) for block in form.blocks)]


def built(form: PaperForm) -> WordDocument:
    return Document(io.BytesIO(build(form, PARTY_36)))


@pytest.mark.parametrize("form", SIGNED, ids=lambda form: form.slug)
def test_a_signature_goes_to_the_next_page_with_the_words_before_it(form: PaperForm) -> None:
    """Word keeps a paragraph with the table that follows only where every paragraph up to it says so."""
    body = [part for part in built(form).element.body if part.tag in (qn("w:p"), qn("w:tbl"))]
    signs = [n for n, part in enumerate(body) if part.tag == qn("w:tbl") and part.find(f".//{qn('w:cantSplit')}") is not None]
    for at in [
        n for n in signs if body[n].find(f".//{qn('w:tblBorders')}") is None and body[n].find(f".//{qn('w:tblHeader')}") is None
    ]:
        before = body[at - 1]
        while before.tag == qn("w:p") and not "".join(before.itertext()).strip():
            assert before.find(f".//{qn('w:keepNext')}") is not None
            before = before.getprevious()
        if before.tag == qn("w:p"):
            assert before.find(f".//{qn('w:keepNext')}") is not None, "".join(before.itertext())


NEW_PAGES = [form for form in known_forms() if any(isinstance(block, NewPage) for block in form.blocks)]


@pytest.mark.parametrize("form", NEW_PAGES, ids=lambda form: form.slug)
def test_what_ends_a_section_is_no_page_of_its_own(form: PaperForm) -> None:
    """Word ends a section by a paragraph: a line high, below a page that is full, it makes an empty one."""
    ends = [one for one in built(form).paragraphs if one._p.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is not None]
    assert ends and {one.paragraph_format.line_spacing for one in ends} == {Pt(1)}


def test_the_heading_of_a_group_stays_with_its_first_row() -> None:
    table = next(one for one in built(forms.SUMMARY).tables if len(one.columns) == 8)
    heading = next(row for row in table.rows if "g.ten" in row.cells[0].text)
    assert heading.cells[0].paragraphs[0].paragraph_format.keep_with_next


@pytest.mark.parametrize(
    "form, heading, least",
    [
        (forms.SUMMARY, "Ghi chú", 34),  # a reason in words
        (forms.UNIT_MINUTES, "Tỷ lệ", 15),  # “100%” on one line
        (forms.MINUTES, "Kết luận", 23),  # “Không thông qua” on two
        (forms.SCORE_SUMMARY, "Đơn vị", 60),  # a unit with its commune on two
        (decision_forms.DECISION, "Lĩnh vực", 25),  # “XDHTCT” on one
    ],
)
def test_a_column_is_wide_enough(form: PaperForm, heading: str, least: int) -> None:
    tables = [block for block in form.blocks if isinstance(block, Table)]
    assert next(one.width for table in tables for one in table.columns if one.heading == heading) >= least
    assert max(sum(one.width for one in table.columns) for table in tables) <= (252 if form.landscape else 165)


def test_a_conclusion_of_several_lines_stays_with_the_signatures() -> None:
    """The mark that ends a list is gone from the filled paper; the line before it holds the signatures."""
    line = next(one for one in built(forms.MINUTES).paragraphs[::-1] if one.text == "{{ x.dong }}")
    assert line.paragraph_format.keep_with_next


@pytest.mark.parametrize("numbers, words", [([7], "7"), ([2, 1], "1, 2"), ([9, 1, 3, 4, 5, 2, 7], "1-5, 7, 9"), ([], "")])
def test_numbers_of_dossiers_in_a_row_are_written_as_one(numbers: list[int], words: str) -> None:
    assert number_ranges(numbers) == words


@pytest.mark.parametrize("form", [decision_forms.CENTRAL, decision_forms.CENTRAL_BACK], ids=lambda form: form.slug)
def test_a_letter_has_no_name_and_says_what_it_is_about_below_its_number(form: PaperForm) -> None:
    document = built(form)
    assert [one.text for one in document.tables[0].rows[0].cells[0].paragraphs][-2:] == ["{{ so_ky_hieu }}", form.abstract]
    assert next(one.text for one in document.paragraphs if one.text.strip()).startswith("Kính gửi:")


def is_held(row: Any) -> bool:
    return all(one.paragraph_format.keep_with_next for cell in row.cells for one in cell.paragraphs)


def test_the_last_row_of_a_table_goes_to_the_next_page_with_the_signature() -> None:
    """A page with a total and a signature alone says nothing of what was signed; two rows of much text would leave the first empty."""
    rows = [
        dict.fromkeys(("tt", "ten", "nguoi", "don_vi", "loai", "ket_qua", "da_cong_nhan", "ghi_chu"), str(n)) for n in range(5)
    ]
    names = {"nam", "cap", "don_vi", "kem_theo", "tong_cong", *HEAD_FIELDS}
    values = dict.fromkeys(names, "x") | {"nhom": [{"ten": "I", "dong": rows}], "noi_nhan": []}
    table = next(
        one for one in Document(io.BytesIO(fill(build(forms.SUMMARY, PARTY_36), values))).tables if len(one.columns) == 8
    )
    assert [is_held(row) for row in table.rows][:-1] == [
        False,
        True,
        *[False] * 4,
        True,
    ]  # the second: a heading with its first row
    end = table.rows[-1]
    assert end._tr.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None
    assert [one.text for one in end.cells[0].paragraphs if one.text] == ["x"]  # the sentence of the total
    assert end.cells[0].tables[0].cell(0, 0).text.startswith("Nơi nhận:")


@pytest.mark.parametrize("count, held", [(3, [False] * 3 + [False, True]), (4, [False] * 3 + [True] * 3)])
def test_groups_that_are_empty_leave_no_page_without_a_row_in_a_long_table(count: int, held: list[bool]) -> None:
    rows = [
        dict.fromkeys(("tt", "ten", "nguoi", "don_vi", "loai", "ket_qua", "da_cong_nhan", "ghi_chu"), str(n))
        for n in range(count)
    ]
    names = {"nam", "cap", "don_vi", "kem_theo", "tong_cong", *HEAD_FIELDS}
    groups = [{"ten": "I", "dong": rows}, {"ten": "II", "dong": []}, {"ten": "III", "dong": []}]
    values = dict.fromkeys(names, "x") | {"nhom": groups, "noi_nhan": []}
    table = next(
        one for one in Document(io.BytesIO(fill(build(forms.SUMMARY, PARTY_36), values))).tables if len(one.columns) == 8
    )
    assert [is_held(row) for row in table.rows][2:-1] == held


def test_a_group_that_is_empty_says_so_beside_its_title() -> None:
    names = {"nam", "cap", "don_vi", "kem_theo", "tong_cong", *HEAD_FIELDS}
    groups = [{"ten": f"{n}. Nhóm", "dong": []} for n in range(2)]
    filled = Document(
        io.BytesIO(fill(build(forms.SUMMARY, PARTY_36), dict.fromkeys(names, "") | {"nhom": groups, "noi_nhan": []}))
    )
    table = next(one for one in filled.tables if len(one.columns) == 8)
    assert [row.cells[0].text for row in table.rows][:-1] == ["STT", "0. Nhóm (Không có)", "1. Nhóm (Không có)"]
    assert [is_held(row) for row in table.rows][:-1] == [
        False,
        False,
        True,
    ]  # a group that is empty leaves the models where they fit


def test_an_empty_line_is_as_high_as_it_says() -> None:
    """Its letters have no height: Word takes that of its mark."""
    lines = [one for one in built(forms.SUMMARY).paragraphs if one.runs and not one.text]
    sizes = [one._p.find(f"{qn('w:pPr')}/{qn('w:rPr')}/{qn('w:sz')}").get(qn("w:val")) for one in lines]
    assert sizes == ["16", "16", "12", "12"]


def test_a_list_has_its_pages_numbered_on_top_and_a_row_beside_its_signature() -> None:
    head = DocumentHead("Danh sách", [WordColumn("TT", 20), WordColumn("Tên", 50)], signed=(Line("Người ký"),))
    made = Document(write_docx_table(head, [["1", "Một"], ["2", "Hai"]]))
    section = made.sections[0]
    assert section.different_first_page_header_footer and "PAGE" in section.header._element.xml
    assert "PAGE" not in section.footer._element.xml
    (table,) = made.tables
    assert [is_held(row) for row in table.rows] == [False, False, True, False]
    assert all(row._tr.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for row in table.rows)
    assert table.rows[-1].cells[-1].text.strip() == "Người ký"
