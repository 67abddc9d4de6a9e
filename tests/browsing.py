"""The browser for tests: Chromium, its pages, and what people do on them."""

import os
import shutil
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from typing import Any

import pytest
from csp.constants import SELF
from django.conf import settings as in_force
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test.testcases import QuietWSGIRequestHandler
from playwright.sync_api import Browser, Page, sync_playwright

from common import jobs
from common.models import Job
from tests.inspection import PHONE, framed, is_known, noticed, problems_of, shapes_of
from tests.pages import confirmed, entered
from tests.servers import free_port
from tests.stages import Stages

# The shell has no window to draw: a fifth less work than Chromium itself.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
FLAGS = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync"
# Nobody sees the pictures: drawn by one thread without a compositor of their own, a page at another width costs a fifth less.
FLAGS += " --disable-gpu-compositing --disable-threaded-animation --disable-checker-imaging --num-raster-threads=1"
FLAGS += " --js-flags=--single-threaded"

MARKS = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
if not CHROMIUM and not os.environ.get("CI"):
    MARKS.append(pytest.mark.skip(reason="no chromium on this machine"))


@pytest.fixture(scope="session")
def browser(_stages: Stages, django_db_blocker: Any) -> Iterator[Browser]:
    def undo_stages() -> None:  # in the event loop below, Django takes another connection for this thread
        with django_db_blocker.unblock():
            _stages.go_to("", {})

    undo_stages()
    assert CHROMIUM, "the browser tests need chromium (apt-get install chromium-headless-shell)"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # playwright keeps an event loop in this thread
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS.split())
        yield chromium
        undo_stages()
        chromium.close()


@pytest.fixture
def framing(settings: Any) -> None:
    """Pages may stand in a frame of their own host: there they are looked at."""
    settings.X_FRAME_OPTIONS = "SAMEORIGIN"
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"] | {"frame-ancestors": [SELF]}
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": directives}


@pytest.fixture(params=[PHONE])
def page(
    request: pytest.FixtureRequest, browser: Browser, transactional_db: None, live_server: Any, framing: None
) -> Iterator[Page]:
    """A telephone's page; `@pytest.mark.parametrize("page", [1280], indirect=True)` for a wide one."""
    is_phone = request.param == PHONE
    context = browser.new_context(
        viewport={"width": request.param, "height": 800},
        has_touch=is_phone,
        is_mobile=is_phone,
        locale="vi-VN",
        base_url=live_server.url,
    )
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


def check(page: Page, *addresses: str) -> None:
    """Nothing is wrong with these pages at any width, their console is silent, nothing is asked of another host: seen in a frame
    beside the page, which stays where and as it is.
    """
    beside = _beside(page)
    for address in addresses:
        frame = framed(
            beside
        )  # a new one: the page before may load itself anew, its work done, and break off what is opened there
        beside.said.clear()  # type: ignore[attr-defined]
        response = frame.goto(address.partition("#")[0], wait_until="load")
        assert response and response.status == 200, address
        problems = problems_of(beside, frame)
        assert not problems, f"{address}: {problems}"


def here(page: Page) -> None:
    """Nothing is wrong with what stands. Where its like was in order before, it is not opened once more."""
    page.wait_for_load_state()
    said = page.said  # type: ignore[attr-defined]
    said[:] = [words for words in said if not words.startswith("Failed to load resource")]  # refusals that a story asks for
    problems = noticed(page, page.main_frame)
    said.clear()
    assert not problems, f"{page.url}: {problems}"
    if not is_known(shapes_of(page.main_frame)):
        check(page, page.url)


def visit(page: Page, address: str) -> None:
    page.goto(address)
    here(page)


def _beside(page: Page) -> Page:
    if not hasattr(page, "beside"):
        page.beside = watched(page.context.new_page())  # type: ignore[attr-defined]
        page.beside.goto("/healthz")  # type: ignore[attr-defined]
    return page.beside  # type: ignore[attr-defined,no-any-return]


def log_in(page: Page, name: str) -> None:
    """As after the password was typed, which is a story of its own (`log_in_by_hand`)."""
    session = confirmed(entered(name)).cookies[in_force.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": in_force.SESSION_COOKIE_NAME, "value": session, "domain": "localhost", "path": "/"}])
    page.goto("/lam-viec/")


def enter(page: Page, name: str) -> None:
    """Another person at the same machine."""
    page.context.clear_cookies()
    log_in(page, name)


def log_in_by_hand(page: Page, name: str, host: str = "") -> None:
    page.goto(f"{host}/dang-nhap/")
    type_password(page, name)
    page.wait_for_url("**/lam-viec/**")


def type_password(page: Page, name: str) -> None:
    page.fill("#id_login", name)
    page.fill("#id_password", "mat-khau-thu")
    page.click("form.panel button[type=submit]")


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
    """A server process on the test's own database, to be stopped and started in the middle of a test: forked, since a Django of its
    own takes three seconds to load.
    """

    def __init__(self) -> None:
        self._port = free_port()
        self.address = f"http://127.0.0.1:{self._port}"
        self._process: BaseProcess | None = None

    def start(self) -> None:
        connection.close()  # not to be shared
        self._process = get_context("fork").Process(target=self._serve, daemon=True)
        self._process.start()
        for _ in range(150):
            try:
                urllib.request.urlopen(f"{self.address}/dang-nhap/", timeout=5).close()
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("the server did not come up")

    def _serve(self) -> None:
        server = ThreadedWSGIServer(("127.0.0.1", self._port), QuietWSGIRequestHandler)
        server.set_app(StaticFilesHandler(get_wsgi_application()))
        server.serve_forever()

    def stop(self) -> None:
        if self._process:
            self._process.kill()
            self._process.join()
            self._process = None


@contextmanager
def server_of_our_own() -> Iterator[OwnServer]:
    server = OwnServer()
    server.start()
    try:
        yield server
    finally:
        server.stop()
