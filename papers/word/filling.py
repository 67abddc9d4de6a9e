"""Reading what a Word file asks for, and filling it in. A template is a stranger's text: it may name fields and repeat lists.

`placeholders` and `filled` are read apart (`common.apart`); what the portal laid out itself is filled by `fill` right here.
"""

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

from docx import Document
from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.text.paragraph import Paragraph
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, nodes
from jinja2.sandbox import SandboxedEnvironment
from lxml.etree import XMLSyntaxError

from common.exceptions import DomainError
from common.office import closed

MOST_ELEMENTS = 50_000  # of the text: a paper of twenty pages with tables has some 15,000
MOST_MADE = 16 * 1024 * 1024  # letters of XML that come out

_TOKEN = re.compile(r"\{\{|\}\}|\{%|%\}")
_SAFE = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Getattr,
    nodes.For,
    nodes.If,
    nodes.Not,
    nodes.And,
    nodes.Or,
)

Lists = Mapping[str, Mapping[str, str]]
"""{list: {field of its row: meaning}}; 'outer.inner' for a list of the outer one's row."""


class TemplateRefused(DomainError):
    """The Word file cannot be used: the message names the place."""


class _Environment(SandboxedEnvironment):
    """A Jinja environment whose output is limited to the size of a paper."""

    @staticmethod
    def concat(parts: Iterable[str]) -> str:
        made, left = [], MOST_MADE
        for part in parts:
            left -= len(part)
            if left < 0:
                raise TemplateRefused("Giấy in ra quá dài (hơn 16 MB chữ). Xin bớt chỗ lặp danh sách trong tệp mẫu.")
            made.append(part)
        return "".join(made)


def fill(template: bytes, values: Mapping[str, Any]) -> bytes:
    """The Word file with the values in place of its names. Raises TemplateRefused."""
    word = DocxTemplate(io.BytesIO(template))
    try:
        word.render(dict(values), jinja_env=_environment(), autoescape=True)
    except (TemplateError, TypeError, XMLSyntaxError) as error:
        raise TemplateRefused(f"Tệp mẫu hỏng: {error}") from error
    _hold_signature(word.docx)
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()


SIGNED = ("Nơi nhận", "THƯ KÝ")  # how the table of who signs begins


def _hold_signature(document: WordDocument) -> None:
    """The end of the text stays with who signs it: a signature alone on a page is no paper. Below a table, with no more than a sentence
    between, the two become its last row, and the row before it goes to the next page with them: rows of one table are kept together by
    all that read Word files, what follows a table is not. No more than that row in a short table, be it a group that is empty: rows of
    much text would leave the page before empty. In a longer one groups that are empty go with the last row that says something.
    """
    closing = next((table for table in document.element.body.iterchildren(qn("w:tbl")) if _begins(table)), None)
    line = closing.getprevious() if closing is not None else None
    end, sentences = [closing], 0
    while line is not None and line.tag == qn("w:p") and not line.findall(f".//{qn('w:sectPr')}") and sentences < 2:
        held = Paragraph(line, document._body)
        sentences += bool(held.text.strip())
        if sentences < 2:
            held.paragraph_format.keep_with_next = True
            end.insert(0, line)
            line = line.getprevious()
    if line is not None and line.tag == qn("w:tbl"):
        for paragraph in (one for row in _last_rows(line) for one in row.iter(qn("w:p"))):
            Paragraph(paragraph, document._body).paragraph_format.keep_with_next = True
        line.append(_row_without_lines(end, columns=len(line.findall(f"{qn('w:tblGrid')}/{qn('w:gridCol')}"))))


LONG = 4  # rows that say something: one of them less does not leave a page empty


def _last_rows(table: Any) -> list[Any]:
    """The last row; in a long table from the last one that says something, before groups that are empty."""
    rows: list[Any] = table.findall(qn("w:tr"))
    full = [n for n, row in enumerate(rows) if len(row.findall(qn("w:tc"))) > 1 and row.find(f".//{qn('w:tblHeader')}") is None]
    return rows[full[-1] :] if len(full) >= LONG else rows[-1:]


def _row_without_lines(parts: list[Any], *, columns: int) -> Any:
    """A row of one cell that holds the parts, as wide as the table."""
    no_lines = "".join(f'<w:{side} w:val="nil"/>' for side in ("left", "bottom", "right"))
    no_edges = "".join(f'<w:{side} w:w="0" w:type="dxa"/>' for side in ("left", "right"))
    row = parse_xml(
        f'<w:tr {nsdecls("w")}><w:trPr><w:cantSplit/></w:trPr><w:tc><w:tcPr><w:gridSpan w:val="{columns}"/>'
        f"<w:tcBorders>{no_lines}</w:tcBorders><w:tcMar>{no_edges}</w:tcMar></w:tcPr>"
        '<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/></w:pPr></w:p></w:tc></w:tr>'
    )
    cell = row.find(qn("w:tc"))
    for part in parts:
        cell.insert(len(cell) - 1, part)  # a cell ends with a paragraph, even below a table
    return row


def _begins(table: Any) -> bool:
    return next((text.text or "" for text in table.iter(qn("w:t"))), "").startswith(SIGNED)


def filled(file: IO[bytes], values: Mapping[str, Any]) -> Iterator[bytes]:
    """`fill`, for a file that was kept, perhaps before files were cleaned."""
    yield fill(closed(file.read()), values)


def placeholders(
    file: IO[bytes], fields: Mapping[str, str], lists: Lists, needed: list[str], everywhere: list[str]
) -> Iterator[Any]:
    """What the file asks for, against what there is: [names, unknown ones with their place, needed ones that it leaves out].
    The lists named by `everywhere` may be repeated within another.

    Raises TemplateRefused with the place of the fault.
    """
    template = file.read()
    try:
        _count(template)
        word = DocxTemplate(io.BytesIO(template))
        word.init_docx()
        source = word.patch_xml(word.get_xml())
        lines = list(_lines(template))
    except (KeyError, ValueError, OSError, XMLSyntaxError, BadZipFile, expat.ExpatError) as error:
        raise TemplateRefused("Tệp không phải Word (.docx), hoặc hỏng.") from error
    _check_elsewhere(template)
    _check_pairs(lines)
    try:
        tree = _environment().parse(source)
    except TemplateSyntaxError as error:
        raise TemplateRefused(f"Tệp mẫu viết sai {_place(error, source)}: {error.message}") from error
    for node in tree.find_all(nodes.Node):
        if not isinstance(node, _SAFE) or (isinstance(node, nodes.For) and (node.test or node.else_)):
            raise TemplateRefused(
                "Tệp mẫu chỉ được ghi tên ô {{ … }}, lặp danh sách {% for x in … %} và điều kiện {% if … %}; "
                f"có chỗ khác thế (loại {type(node).__name__}){_near(node, source)}."
            )
    asked = _Asked(fields, lists, everywhere, source)
    asked.walk(tree, {})
    names, unknown = list(dict.fromkeys(asked.names)), list(dict.fromkeys(asked.unknown))
    if not unknown:
        fill(template, _sample(fields, lists))
    yield [names, [f"{name}{_where(name, lines)}" for name in unknown], sorted(set(needed) - set(names))]


def _environment() -> SandboxedEnvironment:
    return _Environment(undefined=StrictUndefined, autoescape=True)


def _count(template: bytes) -> None:
    """Count the elements of the text before anything is built of them."""
    left = MOST_ELEMENTS

    def begin(*_: Any) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise TemplateRefused(f"Tệp mẫu quá dài (hơn {MOST_ELEMENTS // 1000} nghìn phần tử). Mẫu chỉ cần phần chữ chung.")

    parser = expat.ParserCreate()
    parser.StartElementHandler = begin
    with ZipFile(io.BytesIO(template)) as archive, archive.open("word/document.xml") as text:
        parser.ParseFile(text)


def _check_elsewhere(template: bytes) -> None:
    """Refuse placeholders outside the body text: in headers, footnotes and properties they would not be filled."""
    with ZipFile(io.BytesIO(template)) as archive:
        for entry in archive.namelist():
            if not entry.endswith(".xml") or entry == "word/document.xml":
                continue
            text = re.sub(r"<[^>]+>", "", archive.read(entry).decode("utf-8", "replace"))
            if "{{" in text or "{%" in text:
                raise TemplateRefused(
                    "Tên ô chỉ đặt trong thân văn bản; ở đầu trang, chân trang, chú thích hay thuộc tính tệp thì cổng không điền."
                )


def _sample(fields: Mapping[str, str], lists: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """A value for every name, so that a file is tried before it is kept."""
    rows: dict[str, Any] = {name: [dict(inner)] for name, inner in lists.items() if "." not in name}
    for name, inner in lists.items():
        outer, _, key = name.partition(".")
        if key:
            rows[outer][0][key] = [dict(inner)]
    return {**fields, **rows}


class _Asked:
    """Names in use, each against what it may be: a field, a list, or a field of the row of a list."""

    def __init__(self, fields: Mapping[str, str], lists: Lists, everywhere: list[str], source: str) -> None:
        self.names: list[str] = []
        self.unknown: list[str] = []
        self._fields, self._lists, self._everywhere, self._source = fields, lists, everywhere, source

    def walk(self, node: nodes.Node, bound: dict[str, str]) -> None:
        """`bound`: the loops around, {name of the row: list}."""
        if isinstance(node, nodes.For):
            self._loop(node, bound)
        elif isinstance(node, nodes.Getattr):
            self._attribute(node, bound)
        elif isinstance(node, nodes.Name):
            self.names.append(node.name)
            if node.name not in self._fields and node.name not in self._lists:
                self.unknown.append(node.name)
        else:
            for child in node.iter_child_nodes():
                self.walk(child, bound)

    def _loop(self, node: nodes.For, bound: dict[str, str]) -> None:
        rows = _list_meant(node.iter, bound)
        self.names.append(rows)
        if rows not in self._lists:
            self.unknown.append(rows or "danh sách")
        is_of_the_row = "." in rows and rows.rpartition(".")[0] in bound.values()
        if rows in bound.values() or (bound and not is_of_the_row and rows not in self._everywhere):
            raise TemplateRefused(
                f"Tệp mẫu lặp danh sách “{rows}” bên trong một danh sách khác{_near(node, self._source)}. "
                "Bên trong chỉ lặp được danh sách con của chính dòng ấy."
            )
        target = node.target.name if isinstance(node.target, nodes.Name) else ""
        for child in node.body:
            self.walk(child, bound | {target: rows})

    def _attribute(self, node: nodes.Getattr, bound: dict[str, str]) -> None:
        owner = node.node.name if isinstance(node.node, nodes.Name) else ""
        if owner == "loop" and node.attr == "index" and bound:
            return
        rows = bound.get(owner, "")
        self.names.append(f"{rows}.{node.attr}" if rows else f"{owner}.{node.attr}")
        if node.attr not in self._lists.get(rows, {}):
            self.unknown.append(f"{owner}.{node.attr}")


def _list_meant(node: nodes.Node, bound: dict[str, str]) -> str:
    """The list that a loop goes through: 'nhom', or 'nhom.dong' of its row."""
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
        return f"{bound.get(node.node.name, node.node.name)}.{node.attr}"
    return ""


def _lines(template: bytes) -> Iterator[str]:
    """The texts of the file's paragraphs, those in tables too."""
    for paragraph in Document(io.BytesIO(template)).element.body.iter(
        "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}p"
    ):
        text = "".join(
            run.text or "" for run in paragraph.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t")
        )
        if text.strip():
            yield text.strip()


def _check_pairs(lines: list[str]) -> None:
    """Brackets that open and do not close, by the paragraph in which they stand."""
    for line in lines:
        depth = ""
        for token in _TOKEN.findall(line):
            opens = token in ("{{", "{%")
            closes = {"{{": "}}", "{%": "%}"}.get(depth)
            if opens == bool(depth) or (not opens and token != closes):
                raise TemplateRefused(f"Ngoặc không khớp ở đoạn “{_short(line)}”.")
            depth = token if opens else ""
        if depth:
            raise TemplateRefused(f"Ngoặc {depth} chưa đóng ở đoạn “{_short(line)}”.")


def _where(name: str, lines: list[str]) -> str:
    found = next((line for line in lines if name in line), "")
    return f" (đoạn “{_short(found)}”)" if found else ""


def _place(error: TemplateSyntaxError, source: str) -> str:
    return f"gần “{_text_at(source, error.lineno)}”"


def _near(node: nodes.Node, source: str) -> str:
    return f", gần “{_text_at(source, node.lineno)}”" if node.lineno else ""


def _text_at(source: str, line: int) -> str:
    lines = source.splitlines()
    text = re.sub(r"<[^>]+>", " ", lines[min(line, len(lines)) - 1]) if lines else ""
    marks = re.findall(r"\{[{%].*?[%}]\}", text)
    return _short(marks[0] if len(marks) == 1 else " ".join(text.split()))


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:79] + "…"
