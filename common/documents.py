"""Lists as Word files: a landscape A4 page, a heading of one or two rows that repeats, one line a row."""

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from typing import IO
from xml.sax.saxutils import escape

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.table import CT_Tbl
from docx.section import Section
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

FONT = "Times New Roman"
_TWIPS = 56.7  # of a millimetre
SIGNATURE_WIDTH = 90  # millimetres that it has at least


@dataclass(frozen=True)
class WordColumn:
    """A column: heading, width in millimetres, the heading that it shares with its neighbours."""

    heading: str
    width: int
    group: str = ""


@dataclass(frozen=True)
class Line:
    """A line of a letterhead or a signature."""

    text: str
    is_bold: bool = False
    is_italic: bool = False
    is_underlined: bool = False


@dataclass(frozen=True)
class DocumentHead:
    title: str
    columns: list[WordColumn] = field(default_factory=list)
    note: str = ""
    left: tuple[Line, ...] = ()
    """The letterhead: the bodies and the number, beside `right`, what stands above every paper."""
    right: tuple[Line, ...] = ()
    signed: tuple[Line, ...] = ()
    """Below the table, on the right."""


def write_docx_table(head: DocumentHead, rows: Iterable[list[str]]) -> IO[bytes]:
    """A Word file with a title, a note and a table. Rows are lists of texts, one for each column."""
    document = Document()
    section = document.sections[0]
    section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, Mm(297), Mm(210)
    section.left_margin, section.right_margin, section.top_margin, section.bottom_margin = Mm(15), Mm(10), Mm(15), Mm(15)
    document.styles["Normal"].font.name, document.styles["Normal"].font.size = FONT, Pt(12)
    if head.left:
        _beside(document, head.left, head.right)
    title = document.add_paragraph()
    title.alignment, title.paragraph_format.space_before = WD_ALIGN_PARAGRAPH.CENTER, Pt(14 if head.left else 0)
    run = title.add_run(head.title)
    run.bold, run.font.size = True, Pt(14)
    if head.note:
        note = document.add_paragraph()
        note.alignment = WD_ALIGN_PARAGRAPH.CENTER
        note.add_run(head.note).italic = True
    body = document.element.body
    _number_pages(section)
    table = parse_xml(_table_xml(head.columns))
    for row in rows:
        table.append(parse_xml(_row_xml(head.columns, row)))
    if head.signed:
        _sign(document, table, head)
    body.insert(len(body) - 1, table)  # before the section's own settings
    file = tempfile.SpooledTemporaryFile(max_size=4 * 1024 * 1024)  # noqa: SIM115  the response closes it
    document.save(file)
    file.seek(0)
    return file


def _beside(document: WordDocument, left: tuple[Line, ...], right: tuple[Line, ...]) -> None:
    """Two columns without lines around them, each centred."""
    table = document.add_table(rows=1, cols=2)
    for cell, lines in zip(table.rows[0].cells, (left, right), strict=True):
        _write(cell.paragraphs[0], lines)


def _write(first: Paragraph, lines: Iterable[Line]) -> None:
    """The lines, centred, the first of them in that paragraph and each other in one below."""
    paragraph = first
    for number, line in enumerate(lines):
        if number:
            below = OxmlElement("w:p")
            paragraph._p.addnext(below)
            paragraph = Paragraph(below, first._parent)
        paragraph.alignment, paragraph.paragraph_format.space_after = WD_ALIGN_PARAGRAPH.CENTER, Pt(0)
        run = paragraph.add_run(line.text)
        run.bold, run.italic, run.underline = line.is_bold, line.is_italic, line.is_underlined or None


def _sign(document: WordDocument, table: CT_Tbl, head: DocumentHead) -> None:
    """The signature as a row of the table itself, without lines: rows of one table are kept together by all that read Word files, what
    follows a table is not. The row before it goes to the next page with it.
    """
    for line in table.findall(qn("w:tr"))[-1].iter(qn("w:p")):
        Paragraph(line, document._body).paragraph_format.keep_with_next = True
    columns, width = len(head.columns), 0
    while columns > 1 and width < SIGNATURE_WIDTH:
        columns -= 1
        width += head.columns[columns].width
    no_lines = "".join(f'<w:{side} w:val="nil"/>' for side in ("left", "bottom", "right", "insideH", "insideV"))
    cells = "".join(
        f'<w:tc><w:tcPr><w:gridSpan w:val="{span}"/><w:tcBorders>{no_lines}</w:tcBorders></w:tcPr><w:p/></w:tc>'
        for span in (columns, len(head.columns) - columns)
        if span
    )
    row = parse_xml(f"<w:tr {nsdecls('w')}><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>")
    table.append(row)
    _write(Paragraph(row.findall(f".//{qn('w:p')}")[-1], document._body), (Line(""), *head.signed))


def _number_pages(section: Section) -> None:
    """Centred on top, from the second page on, as in the papers of the Party and of the state."""
    section.different_first_page_header_footer = True
    line = section.header.paragraphs[0]
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for part in ('<w:fldChar w:fldCharType="begin"/>', "<w:instrText>PAGE</w:instrText>", '<w:fldChar w:fldCharType="end"/>'):
        line._p.append(parse_xml(f"<w:r {nsdecls('w')}>{part}</w:r>"))


def _table_xml(columns: list[WordColumn]) -> str:
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    grid = "".join(f'<w:gridCol w:w="{round(column.width * _TWIPS)}"/>' for column in columns)
    return (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="0" w:type="auto"/><w:tblBorders>{sides}</w:tblBorders>'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar>'
        f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{_head_xml(columns)}</w:tbl>"
    )


def _head_xml(columns: list[WordColumn]) -> str:
    grouped = any(column.group for column in columns)
    upper, lower = "", ""
    for group, members in groupby(columns, key=lambda column: column.group or column.heading):
        listed = list(members)
        width = sum(column.width for column in listed)
        if listed[0].group:
            upper += _cell(group, width, bold=True, span=len(listed))
            lower += "".join(_cell(column.heading, column.width, bold=True) for column in listed)
        else:
            upper += _cell(listed[0].heading, width, bold=True, merge="restart" if grouped else "")
            lower += _cell("", width, merge="continue") if grouped else ""
    rows = [upper, lower] if grouped else [upper]
    return "".join(f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{cells}</w:tr>" for cells in rows)


def _row_xml(columns: list[WordColumn], row: list[str]) -> str:
    cells = "".join(
        _cell(text, column.width, centred=text == "x" or column.width < 10) for column, text in zip(columns, row, strict=True)
    )
    return f"<w:tr {nsdecls('w')}><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>"


def _cell(text: str, width: int, *, bold: bool = False, centred: bool = False, span: int = 1, merge: str = "") -> str:
    properties = f'<w:tcW w:w="{round(width * _TWIPS)}" w:type="dxa"/>'
    properties += f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    properties += f'<w:vMerge w:val="{merge}"/>' if merge else ""
    properties += '<w:vAlign w:val="center"/>' if bold else ""
    style = (
        f'<w:rPr><w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}" w:cs="{FONT}"/>{"<w:b/>" if bold else ""}<w:sz w:val="22"/></w:rPr>'
    )
    align = '<w:jc w:val="center"/>' if bold or centred else ""
    paragraphs = "".join(
        f'<w:p><w:pPr><w:spacing w:before="20" w:after="20"/>{align}</w:pPr>'
        f'<w:r>{style}<w:t xml:space="preserve">{escape(line)}</w:t></w:r></w:p>'
        for line in (text.split("\n") if text else [""])
    )
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraphs}</w:tc>"
