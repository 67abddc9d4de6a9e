"""Word and Excel files, read apart: what they are, how much they hold, and the file without what reaches or runs elsewhere.

Taken out: relationships to elsewhere (pictures, templates, data), embedded programs (OLE, ActiveX, add-ins), links to other
workbooks, formulas and fields that fetch. What was shown stays: a formula leaves its last value, a field its last text. A link
that a reader clicks (http, https, mailto) stays in a paper, and goes from a form, out of which papers are issued.

Sources: ECMA-376 part 1 (fields, formulas), part 2 (packages, relationships).
"""

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import IO, Any

from lxml import etree

from common.exceptions import FileRefused

UNPACKED_LIMIT = 200 * 1024 * 1024
ENTRY_LIMIT = 5000

_DECLARES = re.compile(rb"<!(?:DOCTYPE|ENTITY)|<\0!\0[DE]\0[ON]\0|\0<\0!\0[DE]\0[ON]")  # also in both ways of UTF-16
_RELATIONSHIPS = re.compile(r"\{https?://[^}]+/relationships\}")
_RUNS = re.compile(
    r"/(oleObject|control|activeXControlBinary|attachedTemplate|attachedToolbars|externalLink\w*|xlExternalLinkPath|connections|"
    r"queryTable|subDocument|frame|aFChunk|mailMergeSource|mailMergeHeaderSource|recipientData|webextension|webextensiontaskpanes|"
    r"package)$",
    re.IGNORECASE,
)
_WHOLE = {  # elements that are nothing without their relationship
    "attachedTemplate", "control", "OLEObject", "oleObject", "externalReference", "altChunk", "subDoc", "dataSource",
    "headerSource", "sourceFileName", "hlinkClick", "hlinkHover", "hlinkMouseOver", "externalData", "recipientData",
}  # fmt: skip
_LISTS = {"hyperlinks", "externalReferences", "controls", "oleObjects"}  # may not be left empty
_PROGRAMS = re.compile(r"/(embeddings/[^/]+\.bin|activeX/.*|externalLinks/.*|queryTables/.*|connections\.xml)$", re.IGNORECASE)
_CLICKED = re.compile(r"(https?://|mailto:)[^\\]", re.IGNORECASE)
_FETCHING_FIELD = re.compile(
    r"\s*(DDE|DDEAUTO|LINK|INCLUDE|INCLUDETEXT|INCLUDEPICTURE|IMPORT|DATABASE|RD|MACROBUTTON|AUTOTEXT|EMBED|CONTROL)\b",
    re.IGNORECASE,
)
_LINK_FIELD = re.compile(r"\s*HYPERLINK\b\s*(?:\\[a-z]\s*)*\"?([^\"]*)", re.IGNORECASE)
_FETCHING_FORMULA = re.compile(r"\b(WEBSERVICE|RTD|IMAGE|CALL|REGISTER(\.ID)?|EXEC)\s*\(", re.IGNORECASE)
_OTHER_BOOK = re.compile(r"\[\d+\]")  # [1]Sheet!A1

Tree = Any
"""An element of lxml, for which there are no types."""


def inspected(file: IO[bytes], is_form: bool = False) -> Iterator[Any]:
    """The file's suffix, '.docx' or '.xlsx'; then, where something was taken out, the bytes of what is left."""
    try:
        with zipfile.ZipFile(file) as archive:
            yield _kind_of(archive)
            cleaning = _Cleaning(archive, is_form)
            if cleaning.changed or cleaning.gone:
                yield cleaning.written()
    except (
        zipfile.BadZipFile,
        zlib.error,
        KeyError,
        ValueError,
        EOFError,
        NotImplementedError,
        OSError,
        etree.XMLSyntaxError,
    ) as error:
        raise FileRefused("Tệp hỏng, không mở được.") from error


def closed(data: bytes) -> bytes:
    """An Office file without anything that reaches elsewhere, links too: what papers are issued out of."""
    return next((piece for piece in inspected(io.BytesIO(data), is_form=True) if isinstance(piece, bytes)), data)


def _kind_of(archive: zipfile.ZipFile) -> str:
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    suffix = ".docx" if "word/document.xml" in names else ".xlsx" if "xl/workbook.xml" in names else ""
    if not suffix or "[Content_Types].xml" not in names:
        raise FileRefused("Cổng không nhận tệp nén; chỉ nhận tệp nén nào là Word (.docx) hoặc Excel (.xlsx).")
    if len(entries) > ENTRY_LIMIT or len(set(names)) < len(names):
        raise FileRefused("Tệp có quá nhiều phần bên trong.")
    if any(re.search(r"vbaProject\.bin$|/macrosheets/", name, re.IGNORECASE) for name in names):
        raise FileRefused("Tệp có chứa macro (lệnh chạy được). Xin lưu lại không có macro rồi gửi.")
    if any(entry.flag_bits & 1 for entry in entries):
        raise FileRefused("Tệp đặt mật khẩu. Xin bỏ mật khẩu rồi gửi lại.")
    unpacked = 0
    for entry in entries:  # nothing is kept of what is unpacked here
        with archive.open(entry) as part:
            before = b""
            while chunk := part.read(1024 * 1024):
                unpacked += len(chunk)
                if unpacked > UNPACKED_LIMIT:
                    raise FileRefused("Tệp bung ra quá 200 MB. Xin bớt ảnh bên trong rồi gửi lại.")
                if entry.filename.endswith((".xml", ".rels", ".vml")) and _DECLARES.search(before + chunk):
                    raise FileRefused("Tệp có khai báo lạ bên trong, không phải do Word hay Excel lưu. Xin lưu lại rồi gửi.")
                before = chunk[-20:]
    return suffix


class _Cleaning:
    """Which parts of a file change, and which go."""

    def __init__(self, archive: zipfile.ZipFile, is_form: bool) -> None:
        self.archive = archive
        self.names = set(archive.namelist())
        self.is_form = is_form
        self.changed: dict[str, bytes] = {}
        self.gone = {name for name in self.names if _PROGRAMS.search(name)}
        for name in sorted(self.names):
            if name.endswith(".rels"):
                self._relate(name)
        self.gone |= {posixpath.join(*self._related(name)) for name in self.gone} & self.names
        if self.gone:
            self._change("[Content_Types].xml", self._types)
        has_links = any("/externallinks/" in name.lower() for name in self.gone)
        for name in sorted(self.names - self.gone):
            if name.startswith("word/") and name.endswith(".xml") and b"instr" in self._data(name):
                self._change(name, self._fields)
            elif name.startswith("xl/") and name.endswith(".xml"):
                data = self._data(name).decode("utf-8", "replace")
                if _FETCHING_FORMULA.search(data) or (has_links and _OTHER_BOOK.search(data)):
                    self._change(name, lambda root: self._formulas(root, has_links))

    def written(self) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
            for entry in self.archive.infolist():
                if entry.filename not in self.gone:
                    made.writestr(entry, self._data(entry.filename), zipfile.ZIP_DEFLATED)
        return out.getvalue()

    def _data(self, name: str) -> bytes:
        return self.changed.get(name) or self.archive.read(name)

    def _change(self, name: str, change: Callable[[Tree], bool]) -> None:
        """Change a part's tree; where `change` says that nothing was, the part stays as it came, byte for byte."""
        parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=name.endswith(".vml"))
        root = etree.fromstring(self._data(name), parser)
        if change(root):
            self.changed[name] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)

    @staticmethod
    def _related(name: str) -> tuple[str, str, str]:
        folder, last = posixpath.split(name)
        return folder, "_rels", f"{last}.rels"

    def _relate(self, name: str) -> None:
        """Take a part's relationships to elsewhere, and what leans on them in the part itself."""
        folder, last = posixpath.split(posixpath.dirname(name))[0], posixpath.basename(name).removesuffix(".rels")
        owner, taken = posixpath.join(folder, last), set[str]()

        def relationships(root: Tree) -> bool:
            for one in list(root):
                target, is_away = one.get("Target", ""), one.get("TargetMode", "").lower() == "external"
                kind = one.get("Type", "")
                if is_away and kind.endswith("/hyperlink") and not self.is_form and _CLICKED.match(target):
                    continue
                if kind.endswith("/package") and "/charts/" in owner and not is_away:
                    continue  # the numbers of a chart
                inside = "" if is_away else posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
                if is_away or _RUNS.search(kind) or inside in self.gone:
                    taken.add(one.get("Id", ""))
                    root.remove(one)
                    self.gone |= {inside} & self.names
            return bool(taken)

        self._change(name, relationships)
        if taken and owner in self.names:
            self._change(owner, lambda root: _unrelate(root, taken))

    def _types(self, root: Tree) -> bool:
        for one in list(root):
            if one.get("PartName", "").lstrip("/") in self.gone:
                root.remove(one)
        return True

    def _fields(self, root: Tree) -> bool:
        """A field that fetches becomes the text that it last showed."""
        fields: list[tuple[list[str], list[Tree]]] = []
        taken: list[Tree] = []
        for element in list(root.iter(etree.Element)):
            name, kind = etree.QName(element), element.get(f"{{{etree.QName(element).namespace}}}fldCharType")
            if name.localname == "fldSimple" and self._fetches(element.get(f"{{{name.namespace}}}instr", "")):
                _unwrap(element)
                taken.append(None)
            elif kind == "begin":
                if fields and not "".join(fields[-1][0]).strip():
                    fields[-1][0].append("DDE ")  # a field whose very name is worked out by another
                fields.append(([], [element]))
            elif fields and name.localname == "instrText":
                fields[-1][0].append(element.text or "")
                fields[-1][1].append(element)
            elif fields and kind:
                fields[-1][1].append(element)
                if kind == "end":
                    texts, marks = fields.pop()
                    taken += marks if self._fetches("".join(texts)) else []
        for element in taken:
            if element is not None:
                element.getparent().remove(element)
        return bool(taken)

    def _fetches(self, field: str) -> bool:
        link = _LINK_FIELD.match(field)
        away = link is not None and bool(link[1]) and (self.is_form or not _CLICKED.match(link[1]))
        return away or bool(_FETCHING_FIELD.match(field))

    @staticmethod
    def _formulas(root: Tree, has_links: bool) -> bool:
        """A formula that fetches becomes the value that it last had; a name that stands for one goes."""

        def fetches(formula: Tree) -> bool:
            text = formula.text or ""
            return bool(_FETCHING_FORMULA.search(text) or (has_links and _OTHER_BOOK.search(text)))

        named = [one for one in root.iter(etree.Element) if etree.QName(one).localname in ("f", "definedName")]
        taken = [one for one in named if fetches(one)]
        shared = {one.get("si") for one in taken if one.get("t") == "shared"}
        taken += [one for one in named if one not in taken and one.get("t") == "shared" and one.get("si") in shared]
        for one in taken:
            one.getparent().remove(one)
        for one in [one for one in root.iter(etree.Element) if etree.QName(one).localname == "definedNames" and not len(one)]:
            one.getparent().remove(one)
        return bool(taken)


def _unrelate(root: Tree, taken: set[str]) -> bool:
    """Take what leans on relationships that are gone: the whole element where it is nothing without, else the reference."""
    for element in list(root.iter(etree.Element)):
        for name in [name for name, value in element.attrib.items() if value in taken and _RELATIONSHIPS.match(name)]:
            tag = etree.QName(element)
            if tag.localname in _WHOLE or (tag.localname == "hyperlink" and "spreadsheet" in (tag.namespace or "")):
                if (parent := element.getparent()) is not None:
                    parent.remove(element)
                break
            del element.attrib[name]
    for element in [one for one in root.iter(etree.Element) if etree.QName(one).localname in _LISTS and not len(one)]:
        element.getparent().remove(element)
    return True


def _unwrap(element: Tree) -> None:
    parent, place = element.getparent(), element.getparent().index(element)
    for child in list(element):
        parent.insert(place, child)
        place += 1
    parent.remove(element)
