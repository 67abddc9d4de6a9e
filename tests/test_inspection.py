"""The checks of a page find what they are for, also after another page was found in order."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Frame, Page

from tests import inspection
from tests.browsing import MARKS, watched
from tests.inspection import PHONE, framed, problems_of

pytestmark = MARKS
SOUND = "<html lang=vi><title>Trang</title><style>.pale {{ color: #ccc }}</style><main><h1>Trang thử</h1>{}</main>"
ADDRESS = "http://cong.example/"


class Sheet(NamedTuple):
    page: Page
    frame: Frame | None


@pytest.fixture(params=["page", "frame"])
def sheet(request: pytest.FixtureRequest, browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sheet]:
    monkeypatch.setattr(inspection, "_known", inspection.Known(tmp_path))
    context = browser.new_context(viewport={"width": PHONE, "height": 800})
    page = watched(context.new_page())
    page.route("**/*", lambda asked: asked.fulfill(body=SOUND.format(""), content_type="text/html; charset=utf-8"))
    page.goto(ADDRESS)
    yield Sheet(page, framed(page) if request.param == "frame" else None)
    context.close()


def faults(sheet: Sheet, body: str) -> list[str]:
    sheet.page.said.clear()  # type: ignore[attr-defined]
    sheet.page.route("**/*", lambda asked: asked.fulfill(body=SOUND.format(body), content_type="text/html; charset=utf-8"))
    (sheet.frame or sheet.page).goto(ADDRESS)
    return problems_of(sheet.page, axe_at=(PHONE,), frame=sheet.frame)


def test_each_fault_is_seen_beside_what_was_seen_before(sheet: Sheet) -> None:
    assert faults(sheet, "<p>Đọc được.</p>") == []
    assert faults(sheet, "<p>Đọc được.</p><p>Một dòng nữa.</p>") == []
    for body, found in (
        ("<p>Đọc được.</p><p class=pale>Mờ.</p>", 'axe: color-contrast at <p class="pale">'),
        ("<p>Đọc được.</p><p style='color: #ddd'>Mờ.</p>", "axe: color-contrast at <p style="),
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
