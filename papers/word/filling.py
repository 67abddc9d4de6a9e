"""Reading what a Word file asks for, and filling it in. A template is a stranger's text: it may name fields and repeat lists."""

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from zipfile import BadZipFile, ZipFile

from docx import Document
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, nodes
from jinja2.sandbox import SandboxedEnvironment
from lxml.etree import XMLSyntaxError

from common.exceptions import DomainError
from papers.kinds import HEAD_FIELDS, HEAD_LISTS, PaperForm

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


class TemplateRefused(DomainError):
    """The Word file cannot be used: the message names the place."""


@dataclass
class Asked:
    """What a Word file asks for."""

    names: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def fill(template: bytes, values: Mapping[str, Any]) -> bytes:
    """The Word file with the values in place of its names. Raises TemplateRefused."""
    word = DocxTemplate(io.BytesIO(template))
    try:
        word.render(dict(values), jinja_env=_environment(), autoescape=True)
    except (TemplateError, TypeError, XMLSyntaxError) as error:
        raise TemplateRefused(f"Tệp mẫu hỏng: {error}") from error
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()


def _environment() -> SandboxedEnvironment:
    return SandboxedEnvironment(undefined=StrictUndefined, autoescape=True)


def read_placeholders(template: bytes, form: PaperForm) -> Asked:
    """What the file asks for, against what the form knows. Raises TemplateRefused with the place of the fault."""
    try:
        word = DocxTemplate(io.BytesIO(template))
        word.init_docx()
        source = word.patch_xml(word.get_xml())
        lines = list(_lines(template))
    except (KeyError, ValueError, OSError, XMLSyntaxError, BadZipFile) as error:
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
    asked = Asked()
    lists = {**HEAD_LISTS, **form.lists}
    fields = {**HEAD_FIELDS, **form.fields}
    _walk(tree, {}, fields, lists, asked)
    asked.names = list(dict.fromkeys(asked.names))
    asked.unknown = [f"{name}{_where(name, lines)}" for name in dict.fromkeys(asked.unknown)]
    asked.missing = sorted(form.needed - set(asked.names))
    if not asked.unknown:
        fill(template, _sample(fields, lists))
    return asked


def _check_elsewhere(template: bytes) -> None:
    """Names are filled in the text alone: a header, a footnote or a property that has some is refused."""
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


def _walk(node: nodes.Node, bound: dict[str, str], fields: Any, lists: Any, asked: Asked) -> None:
    """Names in use, each against what it may be: a field, a list, or a field of the row of a list."""
    if isinstance(node, nodes.For):
        rows = _list_meant(node.iter, bound)
        asked.names.append(rows)
        if rows not in lists:
            asked.unknown.append(rows or "danh sách")
        target = node.target.name if isinstance(node.target, nodes.Name) else ""
        for child in node.body:
            _walk(child, bound | {target: rows}, fields, lists, asked)
        return
    if isinstance(node, nodes.Getattr):
        owner = node.node.name if isinstance(node.node, nodes.Name) else ""
        if owner == "loop" and node.attr == "index" and bound:
            return
        rows = bound.get(owner, "")
        asked.names.append(f"{rows}.{node.attr}" if rows else f"{owner}.{node.attr}")
        if node.attr not in lists.get(rows, {}):
            asked.unknown.append(f"{owner}.{node.attr}")
        return
    if isinstance(node, nodes.Name):
        asked.names.append(node.name)
        if node.name not in fields and node.name not in lists:
            asked.unknown.append(node.name)
        return
    for child in node.iter_child_nodes():
        _walk(child, bound, fields, lists, asked)


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
