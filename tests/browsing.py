"""The browser for tests: Chromium, its pages, and what people do on them."""

import os
import shutil
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import Browser, Page, sync_playwright

from common import jobs
from common.models import Job
from tests.databases import database_url
from tests.inspection import PHONE, problems_of
from tests.servers import free_port
from tests.stages import Stages

# The shell has no window to draw: a fifth less work than Chromium itself.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
FLAGS = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync"
# Nobody sees the pictures: drawn by one thread without a compositor of their own, a page at another width costs a fifth less.
FLAGS += " --disable-gpu-compositing --disable-threaded-animation --disable-checker-imaging --num-raster-threads=1"

MARKS = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
if not CHROMIUM and not os.environ.get("CI"):
    MARKS.append(pytest.mark.skip(reason="no chromium on this machine"))


@pytest.fixture(scope="session")
def browser(_stages: Stages, django_db_blocker: Any) -> Iterator[Browser]:
    with django_db_blocker.unblock():  # in the event loop below, Django takes another connection for this thread
        _stages.go_to("", {})
    assert CHROMIUM, "the browser tests need chromium (apt-get install chromium-headless-shell)"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # playwright keeps an event loop in this thread
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS.split())
        yield chromium
        chromium.close()


@pytest.fixture(params=[PHONE])
def page(request: pytest.FixtureRequest, browser: Browser, transactional_db: None, live_server: Any) -> Iterator[Page]:
    """A telephone's page; `@pytest.mark.parametrize("page", [1280], indirect=True)` for a wide one."""
    context = browser.new_context(viewport={"width": request.param, "height": 800}, locale="vi-VN", base_url=live_server.url)
    yield watched(context.new_page())
    context.close()


def watched(page: Page) -> Page:
    """A page that notes what stands in its console and what it asks for."""
    page.said = []  # type: ignore[attr-defined]
    page.asked = []  # type: ignore[attr-defined]
    page.on("console", lambda message: page.said.append(message.text))  # type: ignore[attr-defined]
    page.on("pageerror", lambda error: page.said.append(str(error)))  # type: ignore[attr-defined]
    page.on("request", lambda asked: page.asked.append(asked.url))  # type: ignore[attr-defined]
    return page


def check(page: Page, address: str) -> None:
    """Open a page: nothing is wrong with it at any width, its console is silent, nothing is asked of another host."""
    page.said.clear()  # type: ignore[attr-defined]
    assert page.goto(address.partition("#")[0], wait_until="load").status == 200
    problems = problems_of(page)
    assert not problems, f"{address}: {problems}"


def log_in(page: Page, name: str) -> None:
    page.goto("/dang-nhap/")
    page.fill("#id_login", name)
    page.fill("#id_password", "mat-khau-thu")
    page.click("form.panel button[type=submit]")
    page.wait_for_url("**/lam-viec/**")


def open_page(page: Page, label: str) -> None:
    """Follow an entry of the workplace's masthead: in its row, in the bar of a telephone, or behind “Thêm”."""
    page.wait_for_load_state()
    entry = page.locator(".mast__nav > a:visible, .tabbar > a:visible", has_text=label)
    if not entry.count():
        page.locator(".menu--more:visible > summary, .menu--up:visible > summary").click()
        entry = page.locator(".menu__sheet a:visible", has_text=label)
    entry.first.click()


KEPT = "(text) => Object.values(localStorage).some((kept) => kept.includes(text))"


def wait_until_kept(page: Page, text: str, *, gone: bool = False) -> None:
    """Until the browser keeps a text that is not sent yet, or keeps it no longer."""
    page.wait_for_function(f"(text) => {'!' if gone else ''}({KEPT})(text)", arg=text)


def wait_until(page: Page, holds: Callable[[], Any], seconds: float = 12) -> None:
    """Until something holds outside the page: what a server stored, what a route held back."""
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, "it did not come to hold"
        page.wait_for_timeout(50)


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
