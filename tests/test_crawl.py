"""Every page of every role in Chromium: one walk each for layout at ten widths, axe, the console and foreign hosts."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from portal import demo
from tests.access_matrix import ROLES
from tests.browsing import MARKS, PHONE, log_in, watched
from tests.crawl import walk
from tests.world import decided, kept

pytestmark = MARKS
LEAST = {"visitor": 30, "hoidong1": 35, "quantri": 55}  # pages that a walk must reach; 45 for the others


@pytest.fixture
def page(browser: Browser, transactional_db: None, live_server: Any, settings: Any, tmp_path: Any) -> Iterator[Page]:
    """The whole demo, with stories, decisions, certificates and a reader's request."""
    settings.MEDIA_ROOT = tmp_path / "media"
    demo.load_extras()
    kept()
    decided()
    context = browser.new_context(viewport={"width": PHONE, "height": 800}, locale="vi-VN", base_url=live_server.url)
    yield watched(context.new_page())
    context.close()


@pytest.mark.parametrize("role", ROLES)
def test_no_page_breaks_at_any_width(page: Page, live_server: Any, role: str) -> None:
    starts = ["/lam-viec/"]
    if role == "visitor":
        starts = ["/", "/dang-nhap/", "/xac-minh/", "/yeu-cau-sua/?trang=/mo-hinh/", "/khong-co/"]
    else:
        log_in(page, role)
    walked = walk(page, live_server.url, *starts)
    assert walked.problems == []
    assert len(walked.pages) >= LEAST.get(role, 45), walked.pages


def test_no_page_breaks_in_english(page: Page, live_server: Any) -> None:
    """English words are longer."""
    page.goto("/")
    page.click("text=English")
    page.wait_for_selector("text=Skip to the content", state="attached")
    walked = walk(page, live_server.url, "/")
    assert walked.problems == []
    assert len(walked.pages) >= 25, walked.pages
