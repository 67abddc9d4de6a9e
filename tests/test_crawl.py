"""Every page of every role in Chromium: one walk each for layout at ten widths, axe, the console and foreign hosts.

The roles are walked one after another in two groups, so that what two of them share is looked at once and no database is
filled twice.
"""

from typing import Any

import pytest
from django.core.paginator import Paginator
from playwright.sync_api import Browser

from portal import demo, manuals
from tests.browsing import MARKS, PHONE, log_in, watched
from tests.crawl import MISSING, Walk, walk
from tests.world import decided, kept, waiting

pytestmark = MARKS
MODEL, PLACE = "lo-dot-rac-ho-gia-dinh-ham-hiep", "don-vi=ham-thuan-bac"
PUBLIC = [
    "/",
    "/dang-nhap/",
    "/xac-minh/",
    "/yeu-cau-sua/?trang=/mo-hinh/",
    "/yeu-cau-sua/abcdefghjkmnpqrs/",
    "/mo-hinh/?q=rac&nam=2023",
    "/mo-hinh/?q=khongco&don-vi=duc-linh",
    f"/mo-hinh/{MODEL}/",
    f"/mo-hinh/{MODEL}/lan-toa/",
    f"/mo-hinh/{MODEL}/cach-lam/",
    "/so-lieu/?nam=2023&ngay=2023-10-15",
    "/so-lieu/?ngay=abc",
    "/so-lieu/danh-sach/?nam=2023&so=de-nghi",
    f"/ban-do/?{PLACE}",
    "/don-vi/ham-thuan-bac/xa-ham-hiep/",
    "/bai-viet/bai/",
    MISSING,
]
IN_ENGLISH = ("/", "/so-lieu/", "/don-vi/ham-thuan-bac/", "/so-tay/", f"/mo-hinh/{MODEL}/")
BOARD = "/lam-viec/nam/2023/"
AT_WORK = {
    "tinh.chuyenvien": (BOARD, f"{BOARD}?{PLACE}", f"{BOARD}?{PLACE}&tt=tat-ca", f"/lam-viec/mo-hinh/{MODEL}/lich-su/"),
    "quantri": tuple(f"/lam-viec/huong-dan/{slug}/" for slug in manuals.ORDER),  # written by hand, each otherwise
}
LEAST = {"visitor": 25, "english": 20, "hoidong1": 35, "quantri": 55}  # pages that a walk must reach; 40 for the others


ROWS = 15  # of a list: those that follow are made up alike


def short_pages(self: Any, rows: Any, per_page: Any, *rest: Any, **options: Any) -> None:
    PAGES(self, rows, min(int(per_page), ROWS), *rest, **options)


PAGES = Paginator.__init__


def walked(browser: Browser, host: str, role: str) -> Walk:
    context = browser.new_context(viewport={"width": PHONE, "height": 800}, locale="vi-VN", base_url=host)
    page = watched(context.new_page())
    try:
        if role == "visitor":
            return walk(page, host, *PUBLIC)
        if role == "english":  # its words are longer
            page.goto("/")
            page.click("text=English")
            page.wait_for_selector("text=Skip to the content", state="attached")
            return walk(page, host, *IN_ENGLISH)
        log_in(page, role)
        return walk(page, host, "/lam-viec/", *AT_WORK.get(role, ()))
    finally:
        context.close()


@pytest.mark.parametrize(
    "roles",
    [
        ("hamthuanbac.chuyenvien", "hamhiep.canbo", "hamthuanbac.lanhdao", "duclinh.chuyenvien", "hoidong1"),
        ("tinh.chuyenvien", "tinh.lanhdao", "quantri", "visitor", "english"),
    ],
    ids=["district", "province"],
)
def test_no_page_breaks_at_any_width(
    browser: Browser,
    transactional_db: None,
    live_server: Any,
    framing: None,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Any,
    roles: tuple[str, ...],
) -> None:
    """On the whole demo, with stories, decisions, certificates and a reader's request."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 3600
    monkeypatch.setattr(Paginator, "__init__", short_pages)
    demo.load_extras()
    kept()
    decided()
    waiting()
    walks = {role: walked(browser, live_server.url, role) for role in roles}
    assert {role: found.problems for role, found in walks.items() if found.problems} == {}
    few = {role: len(found.pages) for role, found in walks.items() if len(found.pages) < LEAST.get(role, 40)}
    assert few == {}
