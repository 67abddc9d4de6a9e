"""What is wrong with a page that stands: layout at ten widths, axe, the console, other hosts. What was looked at on another page,
by whichever process of this run, is not looked at again.
"""

import os
import tempfile
from hashlib import blake2b
from pathlib import Path

from playwright.sync_api import Frame, Page

PHONE, WIDE = 360, 1280
WIDTHS = (320, 360, 412, 600, 768, 912, 1024, 1280, 1366, 1920)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AXE_SCRIPT = "/static/axe/axe.min.js"  # as the pages' own scripts come: half a megabyte is not sent through the driver each time
CONTRAST = "color-contrast"  # two thirds of what axe costs
LAYOUT, MAKE_UP = ((Path(__file__).parent / name).read_text() for name in ("layout.js", "makeup.js"))
# A frame inside a page becomes as wide as it is told at once: nothing is asked for each width, and nothing is drawn, since what
# stands in a hidden frame is none the less laid out.
FRAME = """(width) => {
  const frame = document.createElement("iframe");
  Object.assign(frame.style, { position: "absolute", inset: "0", border: "0", visibility: "hidden", width: `${width}px`, height: "800px" });
  document.body.replaceChildren(frame);
}"""
AT_EACH = f"""async (widths) => {{
  await document.fonts.ready;
  const layout = ({LAYOUT})();
  return widths.map((width) => {{ frameElement.style.width = `${{width}}px`; return layout(); }});
}}"""
MADE_OF = f"""(width) => {{ frameElement.style.width = `${{width}}px`; return ({MAKE_UP})(); }}"""

SHAPE = """() => {
  const shape = (node) => `${node.tagName}.${node.className}[${[...node.children].map(shape).join()}]`;
  const sum = (node) => {
    const text = node ? shape(node) : "";
    let so = 0;
    for (let at = 0; at < text.length; at++) so = (Math.imul(so, 31) + text.charCodeAt(at)) | 0;
    return so;
  };
  const main = document.querySelector("main") || document.body;
  const heads = [...document.querySelectorAll("header.masthead, nav.tabbar")].map(sum);
  return [[document.title, sum(main), Math.round(Math.log(main.innerText.length + 1) * 4)], heads];
}"""

MARKED = ' data-fresh=""'
# What holds nothing fresh is left out; the document stays what is asked about, so that its own rules are asked, too. A paint that axe
# cannot tell of one text (a picture lies behind it, something covers it) is asked of others.
AXE = """async ({ rules, contrast, parts, paints }) => {
  const fresh = new Set(parts.map((key) => madeUp.parts.get(key)[0]));
  const texts = new Map(paints.flatMap(([key, places]) => places.map((place) => [madeUp.paints.get(key).get(place), key])));
  texts.forEach((_, text) => text.setAttribute("data-fresh", ""));
  const known = [];
  const sort = (element) => {
    const left = [...element.children].filter((child) => child !== document.head && !sort(child));
    const isWanted = fresh.has(element) || texts.has(element) || left.length < element.children.length;
    if (isWanted) known.push(...left);
    return isWanted;
  };
  sort(document.documentElement);
  axe.configure({ rules: [{ id: contrast, selector: "[data-fresh]" }] });
  const asked = { resultTypes: ["violations", "incomplete"], elementRef: true, preload: false, iframes: false, runOnly: rules };
  const found = await axe.run({ exclude: known }, asked);
  texts.forEach((_, text) => text.removeAttribute("data-fresh"));
  const untold = found.incomplete.filter((rule) => rule.id === contrast).flatMap((rule) => rule.nodes.map((node) => texts.get(node.element)));
  const broken = found.violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => ({ html })) }));
  return { broken, untold };
}"""
OF_A_PAINT = 3  # texts that are asked about at once


class Known:
    """What one process found in order, the others of the same run know too: an empty file each."""

    def __init__(self, folder: Path | None = None) -> None:
        run = os.environ.get("PYTEST_XDIST_TESTRUNUID")
        of_run = Path(tempfile.gettempdir(), f"danvan-seen-{run}") if run else Path(tempfile.mkdtemp(prefix="danvan-seen-"))
        self._folder = folder or of_run
        self._folder.mkdir(exist_ok=True)
        self._seen: set[str] = set()

    def has(self, what: str) -> bool:
        if what not in self._seen and self._file(what).exists():
            self._seen.add(what)
        return what in self._seen

    def add(self, what: str) -> None:
        self._seen.add(what)
        self._file(what).touch()

    def _file(self, what: str) -> Path:
        return self._folder / blake2b(what.encode(), digest_size=12).hexdigest()


_known = Known()


def framed(page: Page) -> Frame:
    """A frame in a page of the host under test, as wide as a telephone: what opens in it is looked at for a third less."""
    page.set_viewport_size({"width": max(WIDTHS), "height": 800})
    page.evaluate(FRAME, PHONE)
    return page.frames[-1]


def problems_of(page: Page, frame: Frame, axe_at: tuple[int, ...] = (PHONE, WIDE)) -> list[str]:
    """What is wrong with what stands in a frame of a page: layout at WIDTHS, axe at some of them, console, foreign hosts.

    A page of the same shape and about the same length that was found in order before, below the same masthead or below one
    that was looked at elsewhere, is not looked at again.
    """
    problems = noticed(page, frame)
    shapes = shapes_of(frame)
    if is_known(shapes):
        return problems
    for width, found in zip(WIDTHS, frame.evaluate(AT_EACH, WIDTHS), strict=True):
        problems += [f"{width} px: {words}" for words in found]
    for width in axe_at:
        problems += [f"{width} px: axe: {words}" for words in _axe_findings(frame, width)]
    if not problems:
        for shape in shapes:
            _known.add(shape)
    return problems


def noticed(page: Page, frame: Frame) -> list[str]:
    """What stood in the console, what was asked of another host than the frame's."""
    said = [words for words in page.said if not (words.startswith("[DOM]") and "/quan-tri/" in frame.url)]  # type: ignore[attr-defined]
    host = frame.url.split("/")[2]
    foreign = {url for url in page.asked if url.split("/")[2] != host and not url.startswith("data:")}  # type: ignore[attr-defined]
    page.asked.clear()  # type: ignore[attr-defined]
    return [f"console: {words}" for words in said] + [f"asked of another host: {url}" for url in sorted(foreign)]


def shapes_of(frame: Frame) -> list[str]:
    """What page this is, and with which masthead and bar."""
    return [str(shape) for shape in frame.evaluate(SHAPE)]


def is_known(shapes: list[str]) -> bool:
    return all(map(_known.has, shapes))


def _axe_findings(frame: Frame, width: int) -> list[str]:
    """A sentence for each rule of WCAG 2.2 A and AA that an element breaks which is made up like none that was in order."""
    made_of = frame.evaluate(MADE_OF, width)
    parts = [key for key in made_of["parts"] if not _known.has(f"part {key}")]
    paints = [(key, _fresh_places(key, places)) for key, places in made_of["paints"] if not _known.has(f"paint {key}")]
    paints = [(key, places) for key, places in paints if places]
    if not parts and not paints:
        return []
    if not made_of["hasAxe"]:
        frame.add_script_tag(url=AXE_SCRIPT)
    found = frame.evaluate(AXE, {"rules": RULES, "contrast": CONTRAST, "parts": parts, "paints": paints})
    if not found["broken"]:
        for name in (f"part {key}" for key in parts):
            _known.add(name)
        for key, places in paints:
            for name in [_place_name(key, place) for place in places] if key in found["untold"] else [f"paint {key}"]:
                _known.add(name)
    return [f"{rule['id']} at {node['html'].replace(MARKED, '')[:90]}" for rule in found["broken"] for node in rule["nodes"][:2]]


def _fresh_places(paint: int, places: list[int]) -> list[int]:
    """Where to ask about a paint that is not known to be in order: at texts made up like none that was asked about it."""
    return [place for place in places if not _known.has(_place_name(paint, place))][:OF_A_PAINT]


def _place_name(paint: int, place: int) -> str:
    return f"paint {paint} at {place}"
