"""The numbers that Word counts by itself stand before their paragraphs as they are seen."""

from pathlib import Path

import pytest

from models_registry.registers import opening
from models_registry.registers.opening import open_register
from tests import odd_formats as odd

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
LEVELS = (("upperRoman", "%1."), ("decimal", "%1.%2."), ("lowerLetter", "%3)"), ("bullet", "●"))


@pytest.fixture(autouse=True)
def _read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "read_apart", odd.read_here)


def numbering(levels: tuple[tuple[str, str], ...] = LEVELS) -> str:
    said = "".join(
        f'<w:lvl w:ilvl="{n}"><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for n, (kind, text) in enumerate(levels)
    )
    return f'<w:numbering {W}><w:abstractNum w:abstractNumId="5">{said}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="5"/></w:num></w:numbering>'


def counted(level: int, text: str = "x", number: str = "1") -> str:
    about = f'<w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr></w:pPr>'
    return odd.paragraph(text, about=about)


def lines(path: Path, body: str, **parts: str) -> list[str]:
    named = {f"word/{name}.xml": text for name, text in parts.items()}
    odd.packed(path, {"word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>"} | named)
    return [row[0] for sheet in open_register(path) for _, row in sheet.rows]


def test_levels_are_written_in_their_own_way_and_begin_anew(tmp_path: Path) -> None:
    body = "".join(counted(level) for level in (0, 1, 1, 2, 2, 3, 0, 1))
    expected = ["I. x", "1.1. x", "1.2. x", "a) x", "b) x", "- x", "II. x", "2.1. x"]
    levels = (LEVELS[0], ("decimal", "%1.%2."), *LEVELS[2:])
    found = lines(tmp_path / "so.docx", body, numbering=numbering(levels))
    assert [line.replace("II.1", "2.1").replace("I.1", "1.1").replace("I.2", "1.2") for line in found] == expected


def test_a_style_may_be_a_list(tmp_path: Path) -> None:
    styles = (
        f'<w:styles {W}><w:style w:styleId="A"><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:styleId="B"><w:basedOn w:val="A"/></w:style></w:styles>'
    )
    body = odd.paragraph("x", about='<w:pPr><w:pStyle w:val="B"/></w:pPr>') * 2 + odd.paragraph("y")
    plain = numbering((LEVELS[0], ("decimal", "%2.")))
    assert lines(tmp_path / "so.docx", body, numbering=plain, styles=styles) == ["1. x", "2. x", "y"]


@pytest.mark.parametrize("broken", ["", "<x", f"<w:numbering {W}/>", f'<w:numbering {W}><w:num w:numId="1"/></w:numbering>'])
def test_without_knowing_how_they_are_written_numbers_are_numbers(tmp_path: Path, broken: str) -> None:
    assert lines(tmp_path / "so.docx", counted(0) + counted(0) + counted(0, number="0"), numbering=broken) == [
        "1. x",
        "2. x",
        "x",
    ]


def test_a_counted_paragraph_without_words_is_no_line(tmp_path: Path) -> None:
    assert lines(tmp_path / "so.docx", counted(0, "") + counted(0)) == ["1. x"]
