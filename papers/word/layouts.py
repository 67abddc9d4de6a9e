"""Word files with placeholders, built from a form's plan in the layout of its day (measures: docs/decisions/0021)."""

import io
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.section import Section
from docx.shared import Emu, Mm, Pt
from docx.table import Table as WordTable
from docx.table import _Cell, _Row
from docx.text.paragraph import Paragraph

from papers.enums import Layout
from papers.kinds import Block, Closing, Each, NewPage, PaperForm, Para, Table, TwoSigns

FONT = "Times New Roman"
NONE = "(Không có)"  # beside the title of a group that is empty


@dataclass(frozen=True)
class Profile:
    """The measures of a layout: sizes in points, margins in millimetres."""

    name: str
    nation: tuple[str, ...]
    issuer_size: int
    nation_size: int
    has_star: bool
    type_size: int
    body_spacing: int
    top: int = 20
    bottom: int = 20
    left: int = 30
    right: int = 15


PARTY_36 = Profile("Hướng dẫn 36-HD/VPTW", ("ĐẢNG CỘNG SẢN VIỆT NAM",), 14, 15, True, 16, 18)
PARTY_05 = Profile("Hướng dẫn 05-HD/VPTW", ("ĐẢNG CỘNG SẢN VIỆT NAM",), 14, 15, True, 16, 20)
PARTY_05_FROM = date(2026, 5, 27)
STATE_30 = Profile(
    "Nghị định 30/2020/NĐ-CP", ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"), 13, 13, False, 14, 18
)


def profile_on(layout: str, day: date) -> Profile:
    """The measures for a paper of that day."""
    if layout == Layout.STATE:
        return STATE_30
    return PARTY_05 if day >= PARTY_05_FROM else PARTY_36


@lru_cache(maxsize=128)  # half of the time of a paper; of each kind there are three layouts
def build(form: PaperForm, profile: Profile) -> bytes:
    """The form as a Word file with its placeholders, for filling in or for an officer to change in Word."""
    document = Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(14)
    style.element.rPr.rFonts.set("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}eastAsia", FONT)
    document.core_properties.title = form.name
    document.core_properties.author = ""
    _set_page(document.sections[0], profile, landscape=form.landscape)
    _number_pages(document.sections[0])
    if form.pages:
        _mark(document, f"{{%p for p in {form.pages} %}}")
        begin = document.add_paragraph()
        _line(begin, "", 2)
        begin.paragraph_format.page_break_before = True
    _head(document, form, profile)
    if form.title:
        _title(document, form, profile)
    for block in form.blocks:
        if isinstance(block, Closing | TwoSigns):
            _keep_with_next(document)
        _write(document, block, profile)
    if form.pages:
        _mark(document, "{%p endfor %}")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _set_page(section: Section, profile: Profile, *, landscape: bool) -> None:
    long, short = Mm(297), Mm(210)
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (long, short) if landscape else (short, long)
    section.top_margin, section.bottom_margin = Mm(profile.top), Mm(profile.bottom)
    section.left_margin, section.right_margin = Mm(profile.left), Mm(profile.right)


def _number_pages(section: Section) -> None:
    """Centred on top, from the second page on."""
    section.different_first_page_header_footer = True
    line = section.header.paragraphs[0]
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for part in ('<w:fldChar w:fldCharType="begin"/>', "<w:instrText>PAGE</w:instrText>", '<w:fldChar w:fldCharType="end"/>'):
        line._p.append(parse_xml(f"<w:r {nsdecls('w')}>{part}</w:r>"))


def _head(document: WordDocument, form: PaperForm, profile: Profile) -> None:
    """With what it is about below the number, where the paper is a letter: it has no title."""
    section = document.sections[0]
    width = section.page_width - section.left_margin - section.right_margin  # type: ignore[operator]
    table = _bare_table(document, 2)
    left, right = table.rows[0].cells
    sides = Emu(width * 42 // 100), Emu(width * 58 // 100)
    left.width, right.width = sides
    table.columns[0].width, table.columns[1].width = sides  # the grid too: not every program looks at the cells
    _line(left.paragraphs[0], "{{ co_quan_cap_tren }}", profile.issuer_size)
    _line(left.add_paragraph(), "{{ co_quan }}", profile.issuer_size, bold=True)
    _line(left.add_paragraph(), "*" if profile.has_star else "_______", 14 if profile.has_star else 6)
    if form.symbol:
        _line(left.add_paragraph(), "{{ so_ky_hieu }}", 14 if profile.has_star else 13)
    if not form.title:
        _line(left.add_paragraph(), form.abstract, 12, italic=profile.has_star)
    for n, words in enumerate(profile.nation):
        paragraph = right.paragraphs[0] if n == 0 else right.add_paragraph()
        _line(paragraph, words, profile.nation_size + n, bold=True, underlined=profile.has_star)
    if not profile.has_star:
        _line(right.add_paragraph(), "______________________", 6)
    _line(right.add_paragraph(), "", 8)
    _line(right.add_paragraph(), "{{ dia_danh_ngay }}", 14, italic=True)


def _bare_table(document: WordDocument, columns: int) -> WordTable:
    table: WordTable = document.add_table(rows=1, cols=columns)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    return table


def _line(
    paragraph: Paragraph,
    text: str,
    size: float,
    *,
    bold: bool = False,
    italic: bool = False,
    underlined: bool = False,
    align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.CENTER,
) -> None:
    paragraph.alignment = align
    paragraph.paragraph_format.space_after = paragraph.paragraph_format.space_before = Pt(0)
    run = paragraph.add_run(text)
    run.font.size, run.bold, run.italic, run.underline = Pt(size), bold, italic, underlined or None
    if not text:  # an empty line is as high as its mark
        mark = parse_xml(f'<w:rPr {nsdecls("w")}><w:sz w:val="{round(size * 2)}"/></w:rPr>')
        paragraph._p.get_or_add_pPr().append(mark)


def _title(document: WordDocument, form: PaperForm, profile: Profile) -> None:
    _line(document.add_paragraph(), "", 8)
    _line(document.add_paragraph(), form.title, profile.type_size, bold=True)
    if form.abstract:
        _line(document.add_paragraph(), form.abstract, 14, bold=True)
    _line(document.add_paragraph(), "-----" if profile.has_star else "_________", 14 if profile.has_star else 8)
    _line(document.add_paragraph(), "", 8)


def _write(document: WordDocument, block: Block, profile: Profile) -> None:
    if isinstance(block, Para):
        _para(document, block.text, block.look, profile, lead=block.lead)
    elif isinstance(block, Each):
        _mark(document, f"{{%p for x in {block.rows} %}}")
        _para(document, block.text, block.look, profile)
        _mark(document, "{%p endfor %}")
    elif isinstance(block, Table):
        _table(document, block)
    elif isinstance(block, NewPage):
        section = document.add_section(WD_SECTION.NEW_PAGE)
        _shrink(document.paragraphs[-1])
        _set_page(section, profile, landscape=block.landscape)
        section.different_first_page_header_footer = False
    elif isinstance(block, TwoSigns):
        _two_signs(document, block)
    else:
        _closing(document, profile)


def _shrink(paragraph: Paragraph) -> None:
    """One that only ends a section: as high as a line it would stand alone on a page where the one before is full."""
    shape = paragraph.paragraph_format
    shape.space_before = shape.space_after = Pt(0)
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(1)


def _keep_with_next(document: WordDocument) -> None:
    """The last words go to the next page with what follows: no signature stands alone there."""
    for paragraph in reversed(document.paragraphs):
        paragraph.paragraph_format.keep_with_next = True
        words = paragraph.text.strip()
        if words and not words.startswith("{%p"):  # a mark is gone when the paper is filled in
            return


def _mark(document: WordDocument, text: str) -> None:
    document.add_paragraph(text)


_LOOKS: dict[str, tuple[WD_ALIGN_PARAGRAPH, bool, bool]] = {  # alignment, first line indented, bold
    "body": (WD_ALIGN_PARAGRAPH.JUSTIFY, True, False),
    "plain": (WD_ALIGN_PARAGRAPH.LEFT, False, False),
    "centred": (WD_ALIGN_PARAGRAPH.CENTER, False, True),
    "heading": (WD_ALIGN_PARAGRAPH.LEFT, True, True),
    "note": (WD_ALIGN_PARAGRAPH.CENTER, False, False),
}


def _para(document: WordDocument, text: str, look: str, profile: Profile, *, lead: str = "") -> None:
    align, indented, bold = _LOOKS[look]
    paragraph = document.add_paragraph()
    paragraph.alignment = align
    shape = paragraph.paragraph_format
    shape.first_line_indent = Mm(10) if indented else None
    shape.space_before, shape.space_after = Pt(3), Pt(3)
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(profile.body_spacing)
    shape.keep_with_next = look in ("heading", "centred")
    if lead:
        paragraph.add_run(f"{lead} ").bold = True
    run = paragraph.add_run(text)
    run.bold, run.italic = bold or None, look == "note" or None


def _table(document: WordDocument, block: Table) -> None:
    table = document.add_table(rows=1, cols=len(block.columns))
    table.style, table.autofit, table.alignment = "Table Grid", False, WD_TABLE_ALIGNMENT.CENTER
    head = table.rows[0]
    _repeated(head)
    for place, column in zip(table.columns, block.columns, strict=True):
        place.width = Mm(column.width)
    for cell, column in zip(head.cells, block.columns, strict=True):
        _cell(cell, column.heading, column.width, bold=True, align="centre", size=block.size)
    if block.under:
        under = table.add_row()
        _repeated(under)
        for cell, column, words in zip(under.cells, block.columns, block.under, strict=True):
            _cell(cell, words, column.width, italic=True, align="centre", size=min(block.size, 8))
    if block.size < 12:
        edges = f'<w:tblCellMar {nsdecls("w")}><w:left w:w="50" w:type="dxa"/><w:right w:w="50" w:type="dxa"/></w:tblCellMar>'
        look = table._tbl.tblPr.find(qn("w:tblLook"))
        look.addprevious(parse_xml(edges))
    for title, listed in block.groups:
        outer, _, inner = listed.partition("/")
        rows = f"g.{inner}" if inner else outer
        if inner:
            _span(table, block, f"{{%tr for g in {outer} %}}")
        if title:
            _span(table, block, f"{{%tr if {rows} %}}")
            _span(table, block, title, bold=True).paragraph_format.keep_with_next = True
            _span(table, block, "{%tr else %}")
            empty = _span(table, block, f"{title} ", bold=True).add_run(NONE)
            empty.font.size, empty.italic = Pt(block.size), True
            _span(table, block, "{%tr endif %}")
        _span(table, block, f"{{%tr for x in {rows} %}}")
        _values(table, block)
        _span(table, block, "{%tr endfor %}")
        if not title:
            _span(table, block, f"{{%tr if not {rows} %}}")
            _span(table, block, NONE, italic=True)
            _span(table, block, "{%tr endif %}")
        if inner:
            _span(table, block, "{%tr endfor %}")
    if block.sums:
        _span(table, block, f"{{%tr for x in {block.sums} %}}")
        _values(table, block, bold=True)
        _span(table, block, "{%tr endfor %}")
    _line(document.add_paragraph(), "", 6)


def _repeated(row: _Row) -> None:
    """On every page on which the table goes on."""
    row._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))


def _values(table: WordTable, block: Table, *, bold: bool = False) -> None:
    line = table.add_row()
    line._tr.get_or_add_trPr().append(parse_xml(f"<w:cantSplit {nsdecls('w')}/>"))
    for cell, column in zip(line.cells, block.columns, strict=True):
        _cell(cell, column.value, column.width, align=column.align, bold=bold, size=block.size)


def _span(table: WordTable, block: Table, text: str, *, bold: bool = False, italic: bool = False) -> Paragraph:
    line = table.add_row()._tr
    whole, *rest = line.tc_lst
    for one in rest:  # a merge by the library recounts the table's cells for each
        line.remove(one)
    whole.grid_span = len(block.columns)
    width = sum(column.width for column in block.columns)
    cell = _Cell(whole, table)
    _cell(cell, text, width, bold=bold, italic=italic, size=block.size)
    paragraph: Paragraph = cell.paragraphs[0]
    return paragraph


def _cell(
    cell: _Cell, text: str, width: int, *, bold: bool = False, italic: bool = False, align: str = "left", size: int = 12
) -> None:
    cell.width = Mm(width)
    paragraph = cell.paragraphs[0]
    paragraph.alignment = {
        "left": WD_ALIGN_PARAGRAPH.LEFT,
        "centre": WD_ALIGN_PARAGRAPH.CENTER,
        "right": WD_ALIGN_PARAGRAPH.RIGHT,
    }[align]
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
    run = paragraph.add_run(text)
    run.font.size, run.bold, run.italic = Pt(size), bold or None, italic or None


def _two_signs(document: WordDocument, block: TwoSigns) -> None:
    _gap(document)
    table = _bare_table(document, 2)
    table.rows[0]._tr.get_or_add_trPr().append(parse_xml(f"<w:cantSplit {nsdecls('w')}/>"))
    for cell, (title, name) in zip(table.rows[0].cells, (block.left, block.right), strict=True):
        _line(cell.paragraphs[0], title, 14, bold=True)
        for _ in range(4):
            _line(cell.add_paragraph(), "", 14)
        _line(cell.add_paragraph(), name, 14, bold=True)


def _gap(document: WordDocument) -> None:
    """Before who signs, with what follows."""
    before = document.add_paragraph()
    _line(before, "", 6)
    before.paragraph_format.keep_with_next = True


def _closing(document: WordDocument, profile: Profile) -> None:
    _gap(document)
    table = _bare_table(document, 2)
    table.rows[0]._tr.get_or_add_trPr().append(parse_xml(f"<w:cantSplit {nsdecls('w')}/>"))
    left, right = table.rows[0].cells
    to = left.paragraphs[0]
    party = profile.has_star
    _line(to, "Nơi nhận:", 14 if party else 12, underlined=party, align=WD_ALIGN_PARAGRAPH.LEFT, bold=not party, italic=not party)
    left.add_paragraph("{%p for x in noi_nhan %}")
    _line(left.add_paragraph(), "- {{ x.ten }}", 12 if party else 11, align=WD_ALIGN_PARAGRAPH.LEFT)
    left.add_paragraph("{%p endfor %}")
    _line(right.paragraphs[0], "{{ quyen_han }}", 14, bold=True)
    _line(right.add_paragraph(), "{{ chuc_vu_ky }}", 14, bold=not party)
    low = document.sections[-1].orientation == WD_ORIENT.LANDSCAPE
    for _ in range(3 if low else 4):  # room for the signature
        _line(right.add_paragraph(), "", 14)
    _line(right.add_paragraph(), "{{ nguoi_ky }}", 14, bold=True)
