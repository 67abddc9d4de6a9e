"""The pages in Chromium: at 360 and 1280 px, without a word in the console, without a finding of axe, and the upload by hand."""

import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from common import jobs
from common.models import Job
from tests import registers as made

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync"

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
if not CHROMIUM and not os.environ.get("CI"):
    pytestmark.append(pytest.mark.skip(reason="no chromium on this machine"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    assert CHROMIUM, "the browser tests need chromium (apt-get install chromium)"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # playwright keeps an event loop in this thread
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS.split())
        yield chromium
        chromium.close()


@pytest.fixture(params=[360, 1280])
def page(request: pytest.FixtureRequest, browser: Browser, fresh_demo: None, live_server: Any) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": request.param, "height": 800}, locale="vi-VN", base_url=live_server.url)
    opened = context.new_page()
    opened.said = []  # type: ignore[attr-defined]
    opened.asked = []  # type: ignore[attr-defined]
    opened.on("console", lambda message: opened.said.append(message.text))  # type: ignore[attr-defined]
    opened.on("request", lambda asked: opened.asked.append(asked.url))  # type: ignore[attr-defined]
    yield opened
    context.close()


def check(page: Page, address: str) -> None:
    """Open a page: it fits its width, the console is silent, nothing is asked of another host, axe finds nothing."""
    page.said.clear()  # type: ignore[attr-defined]
    assert page.goto(address).status == 200
    page.wait_for_load_state("networkidle")
    width = page.viewport_size["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{address} is wider than {width} px"
    assert page.said == [], address  # type: ignore[attr-defined]
    host = page.url.split("/")[2]
    assert [url for url in page.asked if url.split("/")[2] != host and not url.startswith("data:")] == []  # type: ignore[attr-defined]
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    assert found.violations_count == 0, f"{address}: {found.generate_report()}"


def log_in(page: Page, name: str) -> None:
    page.goto("/dang-nhap/")
    page.fill("#id_login", name)
    page.fill("#id_password", "mat-khau-thu")
    page.click("form.panel button[type=submit]")
    page.wait_for_url("**/lam-viec/**")


def test_public_pages(page: Page) -> None:
    for address in (
        "/",
        "/mo-hinh/?q=rac&nam=2023",
        "/mo-hinh/?q=khongco&don-vi=duc-linh",
        "/mo-hinh/lo-dot-rac-ho-gia-dinh-ham-hiep/",
        "/so-lieu/?nam=2023&ngay=2023-10-15",
        "/so-lieu/?ngay=abc",
        "/so-lieu/danh-sach/?nam=2023&so=de-nghi",
        "/dang-nhap/",
    ):
        check(page, address)


def test_from_the_search_box_to_ham_hiep(page: Page) -> None:
    page.goto("/")
    page.fill("#q", "lo dot rac")
    page.press("#q", "Enter")
    page.click("text=Vận động nhân dân xây dựng lò đốt rác tại hộ gia đình >> nth=0")
    page.wait_for_url("**/mo-hinh/lo-dot-rac-ho-gia-dinh-ham-hiep/")
    assert "136" in page.inner_text(".keyfacts")


def test_work_pages(page: Page) -> None:
    log_in(page, "tinh.chuyenvien")
    for address in (
        "/lam-viec/nam/2023/",
        "/lam-viec/nam/2023/?don-vi=ham-thuan-bac",
        "/lam-viec/nam/2023/nap-so/",
        "/lam-viec/chu-de/",
        "/tai-khoan/bao-mat/",
    ):
        check(page, address)


def test_a_register_is_uploaded_by_hand(page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker is a thread here: the page must follow it by itself and come to the result."""
    monkeypatch.setattr(jobs.current_app, "send_task", lambda name, args: None)
    log_in(page, "hamthuanbac.chuyenvien")
    lines = [made.row("Tuyến đường hoa ven kênh", place="Xã Hàm Hiệp", day="20/10/2023")]
    path = made.xlsx(tmp_path / "bo-sung.xlsx", [made.HEAD, *lines])
    page.goto("/lam-viec/nam/2023/nap-so/")
    page.set_input_files("#id_file", path)
    page.click("text=Gửi sổ để xem trước")
    page.wait_for_selector("text=Đang đọc sổ")
    _work_beside()
    page.wait_for_selector("text=Nạp 1 dòng", timeout=15000)
    check(page, page.url)
    page.click("button:has-text('Nạp 1 dòng')")
    page.wait_for_selector("text=Đang nạp sổ")
    _work_beside()
    page.wait_for_selector("text=1 đăng ký mới", timeout=15000)
    check(page, page.url)


def _work_beside() -> None:
    def run() -> None:
        from django.db import connection

        try:
            for job in Job.objects.filter(state="queued"):
                jobs.run(job.pk)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


def test_a_passkey_is_added_and_opens_the_door(page: Page, settings: Any) -> None:
    """With the browser's own authenticator, made by software: added under "Bảo mật", then used instead of a password."""
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    ability = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    ability |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": ability})
    log_in(page, "tinh.lanhdao")
    page.goto("/tai-khoan/bao-mat/webauthn/add/")
    if "xac-nhan" in page.url:
        page.fill("#id_password", "mat-khau-thu")
        page.click("main form button")
    page.fill("#id_name", "Máy của tôi")
    page.check("#id_passwordless")
    page.click("#mfa_webauthn_add")
    page.wait_for_url("**/recovery-codes/")
    check(page, "/tai-khoan/bao-mat/webauthn/")
    assert "Máy của tôi" in page.inner_text("main")
    page.goto("/dang-xuat/")
    page.click("main form button")
    page.goto("/dang-nhap/")
    page.click("#passkey_login")
    page.wait_for_url("**/lam-viec/nam/2023/")
