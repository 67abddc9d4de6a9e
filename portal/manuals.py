"""The officers' manuals as they stand in `docs/huong-dan/`, one source for who reads the folder and who reads the portal.

A line `<!-- trang: ... -->` below a heading names the pages that the section is about, by the names of their addresses
(`desk:*`: the others of an app).
"""

import re
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache

import nh3
from django.conf import settings
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token
from PIL import Image

from common.text import fold

FOLDER = settings.BASE_DIR / "docs" / "huong-dan"
ORDER = (
    *("dang-ky", "nap-so", "noi-nam-truoc", "dot-xet", "nhan-rong", "bao-cao", "tong-quan"),
    *("cong", "mo-nam", "quan-tri", "tinh-moi"),
)
MOST_WORDS = 8
AROUND = 90  # characters of a section that a search shows on either side of what it found
_HEADING = re.compile(r"^#{1,2} (.+)$")
_PAGES = re.compile(r"^<!-- trang: (.+) -->$")
_WORD = re.compile(r"\w+")
_PUNCTUATION = re.compile(r"[^\w\- ]")
_TAGS = {
    "p",
    "h3",
    "h4",
    "ul",
    "ol",
    "li",
    "strong",
    "em",
    "a",
    "code",
    "pre",
    "br",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "img",
}
_KEPT = {"a": {"href"}, "img": {"src", "alt", "loading", "width", "height"}, "ol": {"start"}}
_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")


@dataclass
class Section:
    """What stands below a heading of the second level, or below the title itself (`anchor` empty)."""

    manual: str
    anchor: str
    title: str
    lines: list[str] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return reverse("help:manual", args=[self.manual]) + (f"#{self.anchor}" if self.anchor else "")

    @property
    def html(self) -> SafeString:
        return _html("\n".join(self.lines))

    @property
    def words(self) -> str:
        """The text without its marks, on one line."""
        tokens = _markdown.parse("\n".join(self.lines))
        return " ".join("".join(_said(part) for part in token.children) for token in tokens if token.children)


@dataclass
class Manual:
    slug: str
    title: str
    sections: list[Section]

    @property
    def intro(self) -> Section:
        return self.sections[0]

    @property
    def chapters(self) -> list[Section]:
        return self.sections[1:]


@dataclass(frozen=True)
class Found:
    """A section that a search found, and the words around the first place."""

    section: Section
    manual: Manual
    words: str


@cache
def manuals() -> dict[str, Manual]:
    return {slug: _read(slug) for slug in ORDER}


def section_about(page: str) -> Section:
    """Where the page of that address is explained: the section that names it, else the one of its app, else the first manual."""
    named = ((name, section) for manual in manuals().values() for section in manual.sections for name in section.pages)
    fitting = [(name, section) for name, section in named if fnmatchcase(page, name)]
    return max(fitting, key=lambda pair: ("*" not in pair[0], len(pair[0])), default=("", manuals()[ORDER[0]].intro))[1]


def search(asked: str) -> list[Found]:
    """The sections in which every word asked for begins a word: first those that have them in their title, then those that have
    them one after another.
    """
    wanted = [word for _, word in _folded(asked)][:MOST_WORDS]
    if not wanted:
        return []
    found = []
    for manual in manuals().values():
        for section in manual.sections:
            title, words = _folded(section.title), _folded(section.words)
            if _all_in(wanted, title + words + _folded(manual.title)):
                rank = 0 if _all_in(wanted, title) else 1 if _in_a_row(wanted, words) is not None else 2
                found.append((rank, Found(section, manual, _around(section.words, wanted))))
    return [one for _, one in sorted(found, key=lambda pair: pair[0])]


def _folded(text: str) -> list[tuple[int, str]]:
    """Each word as it is compared, with where it begins in the text."""
    return [(match.start(), fold(match[0])) for match in _WORD.finditer(text)]


def _all_in(wanted: list[str], words: list[tuple[int, str]]) -> bool:
    return all(any(word.startswith(sought) for _, word in words) for sought in wanted)


def _in_a_row(wanted: list[str], words: list[tuple[int, str]]) -> int | None:
    """Where the words asked for follow one another, in the text."""
    rows = zip(*(words[shift:] for shift in range(len(wanted))), strict=False)
    return next(
        (row[0][0] for row in rows if all(word.startswith(sought) for (_, word), sought in zip(row, wanted, strict=True))), None
    )


def _read(slug: str) -> Manual:
    sections: list[Section] = []
    for line in (FOLDER / f"{slug}.md").read_text(encoding="utf-8").splitlines():
        if heading := _HEADING.match(line):
            anchor = _anchor(heading[1]) if sections else ""
            sections.append(Section(slug, anchor, heading[1]))
        elif pages := _PAGES.match(line):
            sections[-1].pages += pages[1].split()
        else:
            sections[-1].lines.append(line)
    return Manual(slug, sections[0].title, sections)


def _anchor(heading: str) -> str:
    """As readers of Markdown make it, so that links between the files hold in both places."""
    return _PUNCTUATION.sub("", heading.lower()).replace(" ", "-")


def _said(token: Token) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return " "
    return token.content if token.type in ("text", "code_inline") else ""


def _around(text: str, wanted: list[str]) -> str:
    """The words around the place where they stand in a row, else around the first of them."""
    words = _folded(text)
    at = _in_a_row(wanted, words)
    if at is None:
        at = next((start for start, word in words if any(word.startswith(sought) for sought in wanted)), 0)
    start = text.rfind(" ", 0, max(at - AROUND, 0)) + 1
    end = text.find(" ", at + AROUND)
    return f"{'… ' if start else ''}{text[start : end if end > 0 else None]}{' …' if end > 0 else ''}"


@cache
def _html(text: str) -> SafeString:
    tokens = _markdown.parse(text)
    for token in tokens:
        for part in token.children or ():
            if part.type == "image":
                name = str(part.attrGet("src")).removeprefix("../../static/")
                part.attrSet("src", static(name))
                part.attrSet("loading", "lazy")
                for side, length in _size(name).items():  # room is kept: what loads later moves no heading that one was led to
                    part.attrSet(side, str(length))
            elif part.type == "link_open":
                part.attrSet("href", _address(str(part.attrGet("href"))))
    html = _markdown.renderer.render(tokens, _markdown.options, {})
    return mark_safe(nh3.clean(html, tags=_TAGS, attributes=_KEPT, link_rel=None))  # noqa: S308  cleaned here  # nosec


def _size(name: str) -> dict[str, int]:
    path = finders.find(name)
    if path is None:
        return {}
    with Image.open(path) as picture:
        return {"width": picture.width, "height": picture.height}


def _address(href: str) -> str:
    """A link to another file of the folder leads to its page; what is for engineers has none, and leads nowhere else."""
    file, _, anchor = href.partition("#")
    slug = file.removesuffix(".md")
    if slug in ORDER:
        return reverse("help:manual", args=[slug]) + (f"#{anchor}" if anchor else "")
    return href if href.startswith(("#", "https://", "mailto:", "tel:")) else "#"
