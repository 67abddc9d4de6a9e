"""A walk through every page that one person reaches by links, each kind of page once, with all checks of a page."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve
from playwright.sync_api import Error, Frame, Page

from tests.inspection import PHONE, WIDE, framed, problems_of

LEAVE_OUT = re.compile(r"/dang-xuat/|/ngon-ngu/|\.(xlsx|csv|docx|pdf|xml|ics|zip|webp|jpg)$")

MISSING = "/khong-co/"
ABORTED = re.compile("Download is starting|ERR_ABORTED")  # what Chromium says of a file, and of a page that was cut off


@dataclass
class Walk:
    """What was visited, and what was wrong there."""

    pages: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def kind_of(address: str) -> tuple[str, bool]:
    """Addresses of one route show the same page about something else; it matters whether there are choices in the address."""
    parts = urlsplit(address)
    try:
        route = resolve(parts.path).view_name
    except Resolver404:
        route = parts.path
    if route.startswith("admin:"):  # Django's own pages: each kind once, with its lists and forms of every model
        what = route.rpartition("_")[2]
        return (route, False) if what in ("changelist", "change") else (f"admin:{what}", False)
    return route, bool(parts.query)


def links_of(frame: Frame, host: str) -> Iterator[str]:
    for link in frame.eval_on_selector_all(
        "a[href]", 'links => links.map((link) => new URL(link.getAttribute("href"), document.baseURI).href)'
    ):
        address = link.partition("#")[0]
        if address.startswith(host) and not LEAVE_OUT.search(urlsplit(address).path):
            yield address.removeprefix(host)


def is_file(page: Page, address: str) -> bool:
    return "html" not in page.request.get(address).headers.get("content-type", "")


def walk(page: Page, host: str, *starts: str) -> Walk:
    """Visit each start, and from there one page of each kind, the nearest first. At MISSING nothing may stand."""
    found, waiting, kinds, seen = Walk(), list(starts), set[tuple[str, bool]](), set[str]()
    page.goto("/healthz")
    frame = framed(page)
    while waiting:
        address = waiting.pop(0)
        kind = kind_of(address)
        if address in seen or (kind in kinds and address not in starts):
            continue
        kinds.add(kind)
        seen.add(address)
        page.said.clear()  # type: ignore[attr-defined]
        try:
            response = frame.goto(address, wait_until="load")
        except Error as error:
            if not ABORTED.search(str(error)):
                raise
            if is_file(page, host + address):
                found.files.append(address)
                continue
            response = frame.goto(address, wait_until="load")  # a page that something else cut off
        assert response is not None
        if "html" not in response.headers.get("content-type", ""):
            found.files.append(address)
            continue
        found.pages.append(address)
        if response.status != (404 if address == MISSING else 200):
            found.problems.append(f"{address}: {response.status}")
            continue
        own = "Failed to load resource" if address == MISSING else None
        axe_at = (PHONE, WIDE) if address in starts else (PHONE,)
        found.problems += [f"{address}: {words}" for words in problems_of(page, frame, axe_at) if not (own and own in words)]
        waiting += links_of(frame, host)
    return found
