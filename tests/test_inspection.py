"""The checks of a page find what they are for, also after another page was found in order."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, Frame, Page

from tests import inspection
from tests.browsing import MARKS, watched
from tests.inspection import PHONE, framed, problems_of

pytestmark = MARKS
SOUND = "<html lang=vi><title>Trang</title><style>.pale {{ color: #ccc }}</style><main><h1>Trang thử</h1>{}</main>"
ADDRESS = "http://cong.example/"
AXE = inspection.AXE_SCRIPT.removeprefix("/static/")


class Sheet(NamedTuple):
    page: Page
    frame: Frame


@pytest.fixture
def sheet(browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sheet]:
    monkeypatch.setattr(inspection, "_known", inspection.Known(tmp_path))
    context = browser.new_context(viewport={"width": PHONE, "height": 800})
    page = watched(context.new_page())
    page.route("**/*", lambda asked: asked.fulfill(body=SOUND.format(""), content_type="text/html; charset=utf-8"))
    page.route(f"**{inspection.AXE_SCRIPT}", lambda asked: asked.fulfill(path=finders.find(AXE)))
    page.goto(ADDRESS)
    yield Sheet(page, framed(page))
    context.close()


def faults(sheet: Sheet, body: str, around: str = SOUND) -> list[str]:
    sheet.page.said.clear()  # type: ignore[attr-defined]
    sheet.page.route(ADDRESS, lambda asked: asked.fulfill(body=around.format(body), content_type="text/html; charset=utf-8"))
    sheet.frame.goto(ADDRESS)
    return problems_of(sheet.page, sheet.frame)


def test_each_fault_is_seen_beside_what_was_seen_before(sheet: Sheet) -> None:
    assert faults(sheet, "<p>Đọc được.</p>") == []
    assert faults(sheet, "<p>Đọc được.</p><p>Một dòng nữa.</p>") == []
    for body, found in (
        ("<p>Đọc được.</p><p class=pale>Mờ.</p>", 'axe: color-contrast at <p class="pale">'),
        ("<p>Đọc được.</p><p style='color: #ddd'>Mờ.</p>", "axe: color-contrast at <p style="),
        (
            "<style>@media (min-width: 900px) { .mo { color: #ddd } }</style><p class=mo>Mờ trên màn hình rộng.</p>",
            '1280 px: axe: color-contrast at <p class="mo">',
        ),
        ("<p>Đọc được.</p><img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>", "axe: image-alt at <img"),
        ("<div style='width: 700px'>Rộng</div>", "wide: 7"),
        ("<p style='width: 9px'>một hai ba bốn năm</p>", "squeezed: một hai ba"),
        (
            "<div style='position: relative'><button>Gửi</button><i style='position: absolute; inset: 0'></i></div>",
            "covered: Gửi by i",
        ),
        (
            "<p class=lap style='position: absolute'>Chồng lên</p><p style='position: absolute'>Chồng lên</p>",
            "overlap: Chồng lên",
        ),
        ("<p class=cut style='width: 60px; overflow: hidden; white-space: nowrap'>Bị cắt ở bên phải</p>", "clipped: Bị cắt"),
        ("<button class=small style='width: 20px; height: 20px; padding: 0'>x</button>", "360 px: small: x (20 x 20)"),
        (
            "<style>@media (min-width: 900px) and (max-width: 920px) { p { width: 1200px } }</style><p class=wide>Rộng.</p>",
            "912 px: wide",
        ),
        ("<script>console.error('hỏng')</script>", "console: hỏng"),
        ("<img alt='' src='http://noi-khac.example/a.gif'>", "asked of another host: http://noi-khac.example/a.gif"),
    ):
        told = faults(sheet, body)
        assert any(found in words for words in told), (found, told)
        assert faults(sheet, body) == told  # nor is it forgiven the second time


PALE = "<style>.pale, .pale * {{ color: #ccc }} button {{ min-height: 30px }} .dark {{ background: #222 }}</style>"


def test_a_paint_is_not_in_order_because_its_like_need_not_be_read_or_cannot_be_told(sheet: Sheet) -> None:
    around = SOUND.replace("{}", f"{PALE}{{}}")
    for unread, read in (
        ("<button class=pale disabled>Chưa được</button>", "<button class=pale>Được</button>"),
        ("<label class=pale><input disabled> Chưa được</label>", "<label class=pale><input> Được</label>"),
        ("<p class='pale dark'>Đọc được.</p>", "<p class=pale>Mờ.</p>"),
        (
            "<div style='position: relative; height: 90px' class=pale>"
            "<i class=dark style='position: absolute; inset: 0'></i><p style='position: absolute'>Trên</p></div>",
            "<div class=pale><p>Dưới</p></div>",
        ),
    ):
        assert faults(sheet, unread, around) == []
        told = faults(sheet, read, around)
        assert any("axe: color-contrast at" in words for words in told), (read, told)


SOUND_PARTS = (
    "<style>button, input, select, [role=button] { min-height: 30px; min-width: 30px }</style>"
    "<ul><li>Một</li><li>Hai</li></ul><button>Gửi</button><label for=ten>Tên</label><input id=ten autocomplete=name>"
    "<p>Xem <a href='/a' aria-describedby=them>trang</a></p><p id=them>Thêm</p><p tabindex=0 role=button aria-pressed=true>Nút</p>"
    "<table><tr><th scope=col>Tên</th><th scope=col>Số</th></tr><tr><td>A</td><td>1</td></tr><tr><td>B</td><td>2</td></tr></table>"
    "<dl><dt>Số</dt><dd>1</dd></dl><select aria-label=Năm><option>2023</option></select><svg role=img aria-label=Hình></svg>"
)


def test_a_part_that_is_made_up_otherwise_is_looked_at_also_where_all_else_is_known(sheet: Sheet) -> None:
    assert faults(sheet, SOUND_PARTS) == []
    another = SOUND.replace("<title>Trang", "<title>Trang khác")  # not the page that was in order
    for sound, broken, rule in (
        ("<button>Gửi</button>", "<button></button>", "button-name"),
        ("<a href='/a' aria-describedby=them>trang</a>", "<a href='/a' aria-describedby=them></a>", "link-name"),
        ("for=ten", "for=khac", "label"),
        ("<label for=ten>Tên</label>", "<label for=ten></label>", "label"),
        ("autocomplete=name", "autocomplete=gi-do", "autocomplete-valid"),
        ("<li>Hai</li>", "<p>Hai</p>", "list"),
        ("<dt>Số</dt>", "<p>Số</p>", "definition-list"),
        ("aria-pressed=true", "aria-pressed=roi", "aria-valid-attr-value"),
        ("aria-pressed=true", "aria-pressd=true", "aria-valid-attr"),
        ("aria-label=Năm", "aria-label=''", "select-name"),
        ("aria-label=Hình", "", "svg-img-alt"),
        ("<p id=them>", "<p id=them lang=xyzw>", "valid-lang"),
        ("role=button", "role=khong-co", "aria-roles"),
        ("<ul>", "<ul aria-hidden=true><li><a href='/b'>b</a></li>", "aria-hidden-focus"),
        ("<button>Gửi</button>", "<button>Gửi <a href='/b'>b</a></button>", "nested-interactive"),
        (
            "<dl>",
            "<div style='height: 30px; overflow: auto'><p style='height: 90px'>Dài</p></div><dl>",
            "scrollable-region-focusable",
        ),
        ("<td>A</td>", "<td headers=khong>A</td>", "td-headers-attr"),
    ):
        assert sound in SOUND_PARTS
        told = faults(sheet, SOUND_PARTS.replace(sound, broken), another)
        assert any(f"axe: {rule} at" in words for words in told), (rule, told)
    assert faults(sheet, SOUND_PARTS, another) == []


def test_the_documents_own_faults_are_seen_where_every_part_is_known(sheet: Sheet) -> None:
    assert faults(sheet, "<p>Đọc được.</p>") == []
    for sound, broken, rule in (
        ("<html lang=vi><title>Trang", "<html><title>Trang khác", "html-has-lang"),
        ("<title>Trang", "<title>", "document-title"),
        ("<title>Trang", "<meta name=viewport content='user-scalable=no'><title>Trang khác", "meta-viewport"),
    ):
        told = faults(sheet, "<p>Đọc được.</p>", SOUND.replace(sound, broken))
        assert any(f"axe: {rule} at" in words for words in told), (rule, told)
