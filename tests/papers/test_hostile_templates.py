"""Word files made to hold a request for ever, and what may repeat what."""

import io
import time
import zipfile
from typing import Any

import pytest
from docx import Document

from papers.kinds import PaperForm, Para
from papers.word import filling
from papers.word.filling import TemplateRefused, fill
from papers.word.templates import fill_own, read_placeholders
from tests.common.test_office import parts, related
from tests.papers.test_papers import own_file

FORM = PaperForm(
    slug="thu",
    name="Thử",
    title="THỬ",
    abstract="",
    blocks=(Para("x"),),
    fields={"tieu_de": "tên"},
    lists={"nhom": {"ten": "tên nhóm"}, "nhom.dong": {"ten": "tên dòng"}, "khac": {"ten": "tên"}},
)


def asked(*lines: str) -> Any:
    return read_placeholders(io.BytesIO(own_file(*lines).read()), FORM)


def test_a_list_of_the_row_and_who_receives_may_stand_inside_a_list() -> None:
    inner = "{% for y in x.dong %}{{ y.ten }}{% endfor %}{% for n in noi_nhan %}{{ n.ten }}{% endfor %}"
    found = asked("{% for x in nhom %}{{ x.ten }}" + inner + "{% endfor %}{% for x in khac %}{{ x.ten }}{% endfor %}")
    assert (found.unknown, found.missing) == ([], [])
    assert {"nhom", "nhom.dong", "noi_nhan", "khac"} <= set(found.names)


@pytest.mark.parametrize(
    "line",
    [
        "{% for x in nhom %}{% for y in nhom %}{{ y.ten }}{% endfor %}{% endfor %}",
        "{% for x in nhom %}{% for y in khac %}{{ y.ten }}{% endfor %}{% endfor %}",
        "{% for x in nhom %}{% for y in x.dong %}{% for z in x.dong %}{{ z.ten }}{% endfor %}{% endfor %}{% endfor %}",
        "{% for n in noi_nhan %}{% for m in noi_nhan %}{{ m.ten }}{% endfor %}{% endfor %}",
        "{% for x in nhom %}{% if x.ten %}{% for y in khac %}{{ y.ten }}{% endfor %}{% endif %}{% endfor %}",
    ],
)
def test_no_list_is_repeated_within_another(line: str) -> None:
    with pytest.raises(TemplateRefused, match="bên trong một danh sách khác"):
        asked(line)


def test_hundreds_of_thousands_of_paragraphs_are_counted_not_built() -> None:
    """400,000 paragraphs in 40 KB held a request for half a minute."""
    with zipfile.ZipFile(io.BytesIO(own_file("x").read())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    text = parts["word/document.xml"].replace(b"<w:sectPr", b"<w:p/>" * 400_000 + b"<w:sectPr", 1)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (parts | {"word/document.xml": text}).items():
            archive.writestr(name, content)
    assert len(out.getvalue()) < 60_000
    began = time.monotonic()
    with pytest.raises(TemplateRefused, match="quá dài"):
        read_placeholders(out, FORM)
    assert time.monotonic() - began < 5


def test_what_comes_out_is_no_longer_than_a_paper_can_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling, "MOST_MADE", 100_000)
    template = own_file("{%p for x in khac %}", "{{ x.ten }}", "{%p endfor %}").read()
    fill(template, {"khac": [{"ten": "một"}] * 10})
    with pytest.raises(TemplateRefused, match="quá dài"):
        fill(template, {"khac": [{"ten": "một"}] * 5000})


def test_what_is_issued_reaches_nowhere() -> None:
    """A file kept before such files were cleaned: what is made of it is clean all the same."""
    template = related(own_file("{{ tieu_de }}").read(), "word/document.xml", ("rId90", "hyperlink", "https://xa.example/", True))
    assert b"xa.example" in b"".join(parts(fill(template, {"tieu_de": "x"})).values())
    assert b"xa.example" not in b"".join(parts(fill_own(io.BytesIO(template), {"tieu_de": "x"})).values())


def test_an_offices_own_file_is_filled_apart_with_the_same_result() -> None:
    template = own_file("{{ tieu_de }}", "{%p for x in khac %}", "{{ x.ten }}", "{%p endfor %}").read()
    values = {"tieu_de": "Tờ trình <1> & “hai”", "khac": [{"ten": "một"}, {"ten": "hai"}]}
    here, apart = (Document(io.BytesIO(made)) for made in (fill(template, values), fill_own(io.BytesIO(template), values)))
    assert (
        [one.text for one in apart.paragraphs] == [one.text for one in here.paragraphs] == ["Tờ trình <1> & “hai”", "một", "hai"]
    )
