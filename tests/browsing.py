"""The browser for tests: Chromium at 360 and 1280 px, a silent console, nothing asked of other hosts, axe without a finding."""

import os
import shutil
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connection
from playwright.sync_api import Browser, Page, sync_playwright

from common import jobs
from common.models import Job
from tests.databases import database_url
from tests.servers import free_port

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync"

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
MARKS = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
if not CHROMIUM and not os.environ.get("CI"):
    MARKS.append(pytest.mark.skip(reason="no chromium on this machine"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    assert CHROMIUM, "the browser tests need chromium (apt-get install chromium)"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # playwright keeps an event loop in this thread
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS.split())
        yield chromium
        chromium.close()


@pytest.fixture(params=[360, 1280])
def page(request: pytest.FixtureRequest, browser: Browser, transactional_db: None, live_server: Any) -> Iterator[Page]:
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
    assert page.goto(address.partition("#")[0]).status == 200
    page.wait_for_load_state("networkidle")
    width = page.viewport_size["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{address} is wider than {width} px"
    assert page.said == [], address  # type: ignore[attr-defined]
    host = page.url.split("/")[2]
    assert [url for url in page.asked if url.split("/")[2] != host and not url.startswith("data:")] == []  # type: ignore[attr-defined]
    found = Axe().run(page, options={"runOnly": RULES, "resultTypes": ["violations"]})
    assert found.violations_count == 0, f"{address}: {found.generate_report()}"


def log_in(page: Page, name: str) -> None:
    page.goto("/dang-nhap/")
    page.fill("#id_login", name)
    page.fill("#id_password", "mat-khau-thu")
    page.click("form.panel button[type=submit]")
    page.wait_for_url("**/lam-viec/**")


def work_beside() -> None:
    def run() -> None:

        try:
            for job in Job.objects.filter(state="queued"):
                jobs.run(job.pk)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


class OwnServer:
    """A server process on the test's own database, to be stopped and started in the middle of a test."""

    def __init__(self) -> None:
        self.address = f"http://127.0.0.1:{free_port()}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "manage.py", "runserver", self.address.removeprefix("http://"), "--noreload", "--insecure"]
        environment = os.environ | {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "tests.settings"}
        self._process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(150):
            try:
                urllib.request.urlopen(f"{self.address}/dang-nhap/", timeout=5).close()
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("the server did not come up")

    def stop(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None


@contextmanager
def server_of_our_own() -> Iterator[OwnServer]:
    server = OwnServer()
    server.start()
    try:
        yield server
    finally:
        server.stop()
