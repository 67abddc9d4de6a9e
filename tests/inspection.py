"""What is wrong with a page that stands: layout at ten widths, axe, the console, other hosts. What was looked at on another page,
by whichever process of this run, is not looked at again.
"""

import os
import tempfile
from hashlib import blake2b
from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Frame, Page

PHONE, WIDE = 360, 1280
WIDTHS = (320, 360, 412, 600, 768, 912, 1024, 1280, 1366, 1920)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
CONTRAST = "color-contrast"  # two thirds of what axe costs
LAYOUT = (Path(__file__).parent / "layout.js").read_text()
# A frame inside a page becomes as wide as it is told at once: nothing is drawn between two widths, nor is it asked for each.
FRAME = """(width) => {
  const frame = document.createElement("iframe");
  Object.assign(frame.style, { position: "absolute", inset: "0", border: "0", width: `${width}px`, height: "800px" });
  document.body.replaceChildren(frame);
}"""
LAYOUTS = f"""(widths) => {{
  const layout = {LAYOUT};
  const own = window.innerWidth;
  const found = widths.map((width) => {{ frameElement.style.width = `${{width}}px`; return layout(); }});
  frameElement.style.width = `${{own}}px`;
  return found;
}}"""

SHAPE = """() => {
  const shape = (node) => `${node.tagName}.${node.className}[${[...node.children].map(shape).join()}]`;
  const sum = (node) => node ? [...shape(node)].reduce((so, char) => (so * 31 + char.codePointAt(0)) | 0, 0) : 0;
  const main = document.querySelector("main") || document.body;
  const heads = [...document.querySelectorAll("header.masthead, nav.tabbar")].map(sum);
  return [[document.title, sum(main), Math.round(Math.log(main.innerText.length + 1) * 4)], heads];
}"""

# A text's colours follow from the elements around it and what they carry, not from its words: each such make-up once.
PAINTS = """() => {
  const names = (element) => [...element.attributes].map((one) =>
    /^(class|style|type|role|aria-(current|selected|invalid|pressed|expanded|disabled)|data-.*)$/.test(one.name) ? `${one.name}=${one.value}` : one.name).sort().join();
  const makeUp = (element) => element === document.documentElement ? names(element) :
    `${makeUp(element.parentElement)}>${element.localName}[${names(element)}]${element.previousElementSibling ? "" : "^"}${element.nextElementSibling ? "" : "$"}`;
  const sum = (text) => [...text].reduce((so, char) => (so * 31 + char.codePointAt(0)) | 0, 0);
  const own = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()) || element.matches("input, textarea, select");
  window.paints = new Map();
  for (const element of document.body.querySelectorAll("*")) {
    if (!own(element)) continue;
    const key = sum(makeUp(element));
    paints.set(key, [...(paints.get(key) || []), element]);
  }
  return [...paints.keys()];
}"""
AXE = """async ({ rules, contrast, fresh }) => {
  const asked = { resultTypes: ["violations"], preload: false };
  const all = await axe.run(document, { ...asked, runOnly: rules, rules: { [contrast]: { enabled: false } } });
  const texts = fresh.flatMap((key) => paints.get(key));
  const more = texts.length ? await axe.run({ include: texts }, { ...asked, runOnly: [contrast] }) : { violations: [] };
  return [...all.violations, ...more.violations];
}"""


class Known:
    """What one process found in order, the others of the same run know too: an empty file each."""

    def __init__(self, folder: Path | None = None) -> None:
        run = os.environ.get("PYTEST_XDIST_TESTRUNUID")
        of_run = Path(tempfile.gettempdir(), f"danvan-seen-{run}") if run else Path(tempfile.mkdtemp(prefix="danvan-seen-"))
        self._folder = folder or of_run
        self._folder.mkdir(exist_ok=True)

    def has(self, what: str) -> bool:
        return self._file(what).exists()

    def add(self, what: str) -> None:
        self._file(what).touch()

    def _file(self, what: str) -> Path:
        return self._folder / blake2b(what.encode(), digest_size=12).hexdigest()


_known = Known()


def framed(page: Page) -> Frame:
    """A frame in a page of the host under test, as wide as a telephone: what opens in it is looked at for a third less."""
    page.set_viewport_size({"width": max(WIDTHS), "height": 800})
    page.evaluate(FRAME, PHONE)
    return page.frames[-1]


def problems_of(page: Page, axe_at: tuple[int, ...] = (PHONE, WIDE), frame: Frame | None = None) -> list[str]:
    """What is wrong with the page that stands, or with what stands in a frame of it: layout at WIDTHS, axe at some of them (in a
    frame at its own), console, foreign hosts.

    A page of the same shape and about the same length that was found in order before, below the same masthead or below one
    that was looked at elsewhere, is not looked at again.
    """
    at = frame or page.main_frame
    said = [words for words in page.said if not (words.startswith("[DOM]") and "/quan-tri/" in at.url)]  # type: ignore[attr-defined]
    host = at.url.split("/")[2]
    foreign = {url for url in page.asked if url.split("/")[2] != host and not url.startswith("data:")}  # type: ignore[attr-defined]
    page.asked.clear()  # type: ignore[attr-defined]
    problems = [f"console: {words}" for words in said] + [f"asked of another host: {url}" for url in sorted(foreign)]
    shapes = {str(shape) for shape in at.evaluate(SHAPE)}
    if all(map(_known.has, shapes)):
        return problems
    at.evaluate("document.fonts.ready.then(() => true)")
    if frame:
        for width, found in zip(WIDTHS, frame.evaluate(LAYOUTS, WIDTHS), strict=True):
            problems += [f"{width} px: {words}" for words in found]
        problems += [f"{PHONE} px: axe: {words}" for words in axe_findings(frame, PHONE)]
    else:
        problems += _problems_at_widths(page, axe_at)
    if not problems:
        for shape in shapes:
            _known.add(shape)
    return problems


def _problems_at_widths(page: Page, axe_at: tuple[int, ...]) -> list[str]:
    own = page.viewport_size
    problems = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        problems += [f"{width} px: {words}" for words in page.evaluate(LAYOUT)]
        if width in axe_at:
            problems += [f"{width} px: axe: {words}" for words in axe_findings(page.main_frame, width)]
    page.set_viewport_size(own)
    return problems


def axe_findings(at: Frame, width: int) -> list[str]:
    """A sentence for each rule of WCAG 2.2 A and AA that an element breaks."""
    if not at.evaluate("typeof axe === 'object'"):
        at.evaluate(AXE_SCRIPT)
    fresh = [key for key in at.evaluate(PAINTS) if not _known.has(f"{width} {key}")]  # colours change with the width, too
    found = at.evaluate(AXE, {"rules": RULES, "contrast": CONTRAST, "fresh": fresh})
    if not found:
        for key in fresh:
            _known.add(f"{width} {key}")
    return [f"{rule['id']} at {node['html'][:90]}" for rule in found for node in rule["nodes"][:2]]
