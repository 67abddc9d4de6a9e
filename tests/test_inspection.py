"""The checks of a page find what they are for, also after another page was found in order."""

import pytest
from playwright.sync_api import Browser, Page

from tests.browsing import MARKS, watched
from tests.inspection import PHONE, problems_of

pytestmark = MARKS
SOUND = "<html lang=vi><title>Trang</title><style>.pale {{ color: #ccc }}</style><main><h1>Trang thử</h1>{}</main>"


@pytest.fixture
def sheet(browser: Browser) -> Page:
    return watched(browser.new_context(viewport={"width": PHONE, "height": 800}).new_page())


def faults(sheet: Page, body: str) -> list[str]:
    sheet.route("**/*", lambda asked: asked.fulfill(body=SOUND.format(body), content_type="text/html; charset=utf-8"))
    sheet.goto("http://cong.example/")
    return problems_of(sheet, axe_at=(PHONE,))


def test_each_fault_is_seen_beside_what_was_seen_before(sheet: Page) -> None:
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
    ):
        told = faults(sheet, body)
        assert any(found in words for words in told), (found, told)
        assert faults(sheet, body) == told  # nor is it forgiven the second time
