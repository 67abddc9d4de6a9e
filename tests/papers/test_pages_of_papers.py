"""How a paper breaks over its pages: no signature and no heading of a group alone, columns wide enough for what stands in them."""

import io

import pytest
from docx import Document
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.shared import Pt

from papers.kinds import Closing, NewPage, PaperForm, Table, TwoSigns, known_forms
from papers.word.layouts import PARTY_36, build
from recognition.exports import forms

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
    [(forms.SUMMARY, "Ghi chú", 34), (forms.UNIT_MINUTES, "Tỷ lệ", 15)],  # a reason in words; “100%” on one line
)
def test_a_column_is_wide_enough(form: PaperForm, heading: str, least: int) -> None:
    columns = [column for block in form.blocks if isinstance(block, Table) for column in block.columns]
    assert next(column.width for column in columns if column.heading == heading) >= least
    assert sum(column.width for column in columns) <= (252 if form.landscape else 165)
