"""What reaches or runs elsewhere is taken out of Word and Excel files, and the file still opens."""

import io
import re
import zipfile
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document

from common.exceptions import FileRefused
from common.files import receive

DOC = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def kept(data: bytes, **how: Any) -> bytes:
    """What is kept of a file that was sent."""
    content = receive(SimpleUploadedFile("tep", data), **how).content
    return content.read()


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def put(data: bytes, changes: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in (parts(data) | changes).items():
            archive.writestr(name, content)
    return out.getvalue()


def related(data: bytes, owner: str, *relationships: tuple[str, str, str, bool], **other: bytes) -> bytes:
    """The file with relationships (id, kind, target, whether it is elsewhere) in a part's list, and other parts."""
    folder, _, last = owner.rpartition("/")
    name = f"{folder}/_rels/{last}.rels"
    there = parts(data).get(name, f'<Relationships xmlns="{RELATIONSHIPS}"></Relationships>'.encode())
    added = "".join(
        f'<Relationship Id="{key}" Type="{DOC}/{kind}" Target="{target}"{" TargetMode=" + chr(34) + "External" + chr(34) if away else ""}/>'
        for key, kind, target, away in relationships
    )
    changes = {name: there.replace(b"</Relationships>", added.encode() + b"</Relationships>")}
    return put(data, changes | {name.replace("__", "/").replace("_dot_", "."): content for name, content in other.items()})


def word(*paragraphs: str) -> bytes:
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def with_body(data: bytes, xml: str) -> bytes:
    """The Word file with more XML before the end of its body."""
    spaces = (
        f'xmlns:r="{DOC}" xmlns:w="{W}" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:v="urn:schemas-microsoft-com:vml"'
    )
    text = parts(data)["word/document.xml"].replace(b"<w:sectPr", f"<w:p {spaces}>{xml}</w:p><w:sectPr".encode(), 1)
    return put(data, {"word/document.xml": text})


def book(**cells: Any) -> bytes:
    made = openpyxl.Workbook()
    for place, value in cells.items():
        made.active[place] = value  # type: ignore[index]
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def away(data: bytes) -> list[bytes]:
    return [
        name.encode() + b": " + found
        for name, content in parts(data).items()
        for found in re.findall(rb"TargetMode=.External.", content)
    ]


def test_a_plain_file_is_kept_byte_for_byte() -> None:
    for data in (word("Một", "Hai"), book(A1="Tên", B2=3)):
        assert kept(data) == data


@pytest.mark.parametrize("kind", ["attachedTemplate", "frame", "subDocument", "aFChunk", "image", "oleObject"])
def test_no_relationship_to_elsewhere_stays(kind: str) -> None:
    elements = {
        "image": '<w:r><w:pict><v:shape><v:imagedata r:id="rId90" r:href="rId90"/></v:shape></w:pict></w:r>',
        "aFChunk": '<w:altChunk r:id="rId90"/>',
        "oleObject": '<w:r><w:object><o:OLEObject Type="Link" r:id="rId90"/></w:object></w:r>',
        "subDocument": '<w:subDoc r:id="rId90"/>',
    }
    sent = with_body(word("Còn đây"), elements.get(kind, ""))
    sent = related(sent, "word/document.xml", ("rId90", kind, "https://xa.example/x.dotm", True))
    left = kept(sent)
    assert (
        away(left) == []
        and b"rId90" not in b"".join(parts(left).values())
        and b"xa.example" not in b"".join(parts(left).values())
    )
    assert next(one.text for one in Document(io.BytesIO(left)).paragraphs) == "Còn đây"


def test_a_remote_template_goes_from_the_settings_too() -> None:
    settings = parts(word())["word/settings.xml"]
    settings = re.sub(rb"(<w:settings[^>]*>)", rb'\1<w:attachedTemplate r:id="rId1"/>', settings, count=1)
    sent = put(word("Còn đây"), {"word/settings.xml": settings})
    left = kept(related(sent, "word/settings.xml", ("rId1", "attachedTemplate", "file://may-la/x.dotm", True)))
    assert b"attachedTemplate" not in b"".join(parts(left).values()) and b"may-la" not in b"".join(parts(left).values())
    Document(io.BytesIO(left))


def test_programs_inside_go_with_their_parts() -> None:
    sent = with_body(
        word("Còn đây"),
        '<w:r><w:object><o:OLEObject Type="Embed" r:id="rId91"/></w:object></w:r><w:r><w:control r:id="rId92"/></w:r>',
    )
    sent = related(
        sent,
        "word/document.xml",
        ("rId91", "oleObject", "embeddings/oleObject1.bin", False),
        ("rId92", "control", "activeX/activeX1.xml", False),
        word__embeddings__oleObject1_dot_bin=b"MZ program",
        word__activeX__activeX1_dot_xml=b"<x/>",
        word__activeX___rels__activeX1_dot_xml_dot_rels=b'<Relationships xmlns="%s"/>' % RELATIONSHIPS.encode(),
    )
    left = kept(sent)
    assert not [name for name in parts(left) if "embeddings" in name or "activeX" in name]
    assert not re.search(rb"OLEObject|w:control|rId9[12]", parts(left)["word/document.xml"])
    assert Document(io.BytesIO(left)).paragraphs[0].text == "Còn đây"


def test_a_link_that_one_clicks_stays_in_a_paper_and_goes_from_a_form() -> None:
    sent = with_body(
        word(),
        '<w:hyperlink r:id="rId93"><w:r><w:t>Báo</w:t></w:r></w:hyperlink><w:hyperlink r:id="rId94"><w:r><w:t>Ổ đĩa</w:t></w:r></w:hyperlink>',
    )
    sent = related(
        sent, "word/document.xml", ("rId93", "hyperlink", "https://bao.example/", True), ("rId94", "hyperlink", r"\\may\o", True)
    )
    paper, form = kept(sent), kept(sent, is_form=True)
    assert len(away(paper)) == 1 and b"bao.example" in b"".join(parts(paper).values())
    assert away(form) == []
    for data in (paper, form):
        assert b"may" not in parts(data)["word/_rels/document.xml.rels"]
        assert "Báo" in (text := parts(data)["word/document.xml"].decode()) and "Ổ đĩa" in text


def field(code: str, shown: str, *, split: int = 0, inner: str = "") -> str:
    codes = [code[:split], code[split:]] if split else [code]
    texts = "".join(f"<w:r><w:instrText>{one}</w:instrText></w:r>" for one in codes)
    marks = [f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")]
    return f"{marks[0]}{inner}{texts}{marks[1]}<w:r><w:t>{shown}</w:t></w:r>{marks[2]}"


@pytest.mark.parametrize(
    "xml",
    [
        field(" DDEAUTO c:\\\\windows\\\\cmd.exe ", "chữ cũ"),
        field(" DDEAUTO x", "chữ cũ", split=3),
        field(' INCLUDEPICTURE "https://xa.example/a.png" \\d ', "chữ cũ"),
        field(' HYPERLINK "file://may-la/x" ', "chữ cũ"),
        field(" x", "chữ cũ", inner=field(" QUOTE 68 68 69 ", "DDE")),
        '<w:fldSimple w:instr=" LINK Excel.Sheet x "><w:r><w:t>chữ cũ</w:t></w:r></w:fldSimple>',
    ],
)
def test_a_field_that_fetches_becomes_the_text_it_showed(xml: str) -> None:
    left = parts(kept(with_body(word(), xml)))["word/document.xml"].decode()
    assert "chữ cũ" in left
    assert not re.search(r"instr(Text)?\b[^>]*>?[^<]*(DDE|INCLUDE|LINK|file:)", left)


def test_a_field_that_counts_pages_stays() -> None:
    sent = with_body(word(), field(" PAGE ", "1") + field(' HYPERLINK "https://bao.example/" ', "Báo"))
    assert kept(sent) == sent


def test_links_to_other_workbooks_and_formulas_that_fetch_leave_their_values() -> None:
    sent = book(A1="Tên", A2="=SUM(B1:B2)", A3="=[1]So!A1", A4='=WEBSERVICE("https://xa.example")')
    sheet = (
        parts(sent)["xl/worksheets/sheet1.xml"]
        .replace(b"<f>[1]So!A1</f><v></v>", b"<f>[1]So!A1</f><v>7</v>")
        .replace(b"<f>[1]So!A1</f><v/>", b"<f>[1]So!A1</f><v>7</v>")
    )
    workbook = parts(sent)["xl/workbook.xml"].replace(
        b"</sheets>",
        f'</sheets><externalReferences><externalReference xmlns:r="{DOC}" r:id="rId95"/></externalReferences>'.encode(),
    )
    sent = put(sent, {"xl/worksheets/sheet1.xml": sheet, "xl/workbook.xml": workbook})
    sent = related(
        sent,
        "xl/workbook.xml",
        ("rId95", "externalLink", "externalLinks/externalLink1.xml", False),
        xl__externalLinks__externalLink1_dot_xml=b"<externalLink/>",
        xl__externalLinks___rels__externalLink1_dot_xml_dot_rels=f'<Relationships xmlns="{RELATIONSHIPS}"><Relationship Id="rId1" Type="{DOC}/externalLinkPath" Target="file:///D:/so.xlsx" TargetMode="External"/></Relationships>'.encode(),
    )
    left = kept(sent)
    assert (
        not [name for name in parts(left) if "externalLink" in name]
        and b"externalReference" not in parts(left)["xl/workbook.xml"]
    )
    formulas = openpyxl.load_workbook(io.BytesIO(left)).active
    assert formulas is not None
    assert [formulas[f"A{row}"].value for row in (1, 2, 3, 4)] == ["Tên", "=SUM(B1:B2)", 7, None]


def test_the_numbers_of_a_chart_stay() -> None:
    sent = put(
        word(),
        {
            "word/charts/chart1.xml": f'<c:x xmlns:c="urn:c" xmlns:r="{DOC}"><c:externalData r:id="rId1"/></c:x>'.encode(),
            "word/embeddings/Book.xlsx": b"PK",
        },
    )
    sent = related(sent, "word/charts/chart1.xml", ("rId1", "package", "../embeddings/Book.xlsx", False))
    assert kept(sent) == sent


@pytest.mark.parametrize(
    "changes, why",
    [
        ({"word/document.xml": b'<!DOCTYPE x [<!ENTITY a "aa">]><x>&a;</x>'}, "khai báo lạ"),
        ({"word/styles.xml": '<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>'.encode("utf-16-le")}, "khai báo lạ"),
        ({"xl/macrosheets/sheet1.xml": b"<x/>"}, "macro"),
        ({"word/_rels/document.xml.rels": b"<Relationships"}, "hỏng"),
    ],
)
def test_what_no_office_program_writes_is_refused(changes: dict[str, bytes], why: str) -> None:
    with pytest.raises(FileRefused, match=why):
        kept(put(word(), changes))


def test_a_file_with_a_piece_cut_out_is_refused() -> None:
    sent = word("Một")
    for cut in (10, 2000, len(sent) // 2):
        with pytest.raises(FileRefused, match="hỏng"):
            kept(sent[:cut] + sent[cut + 700 :])


def test_two_parts_of_one_name_are_refused() -> None:
    out = io.BytesIO(word())
    with zipfile.ZipFile(out, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("word/document.xml", b"<other/>")
    with pytest.raises(FileRefused, match="quá nhiều phần"):
        kept(out.getvalue())
