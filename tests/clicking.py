"""A browser without scripts that goes by links and forms alone: what stands on a page is all that it can do."""

import io
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from lxml import html


class Clicker:
    """One person's way through the portal. Each step fails where the page does not offer it."""

    def __init__(self) -> None:
        self.client = Client()
        self.go("/")

    def go(self, address: str) -> None:
        self._show(self.client.get(address, follow=True))

    @property
    def text(self) -> str:
        return " ".join(self.page.text_content().split())

    def click(self, words: str) -> None:
        """Follow the first link of the page's main part, else of all, that says so."""
        links = [link for link in self.page.iter("a") if words in " ".join(link.text_content().split())]
        inside = [link for link in links if any(above.tag == "main" for above in link.iterancestors())]
        assert links, f"no link “{words}” on {self.address}:\n{self.text[:3000]}"
        self.go(urljoin(self.address, (inside or links)[0].get("href")))

    def send(self, button: str, file: tuple[str, bytes] | None = None, **typed: str) -> None:
        """Fill in the form of the button of these words, by the names of its fields (`__` for a hyphen), and press it."""
        found = [one for one in self.page.iter("button", "input") if button in (one.text_content() or one.get("value") or "")]
        found = [one for one in found if one.tag == "button" or one.get("type") == "submit"]
        assert found, f"no button “{button}” on {self.address}:\n{self.text[:3000]}"
        owner = found[0].get("form")  # a button may stand elsewhere than its form
        form = next(
            one
            for one in (self.page.iter("form") if owner else found[0].iterancestors("form"))
            if one.get("id") == owner or not owner
        )
        given: dict[str, Any] = dict(form.form_values())
        for name, value in ((name.replace("__", "-"), value) for name, value in typed.items()):
            assert form.xpath(f".//*[@name='{name}']"), f"no field “{name}” beside “{button}” on {self.address}"
            given[name] = value
        if found[0].get("name"):
            given[found[0].get("name")] = found[0].get("value") or ""
        if file:
            given["file"] = SimpleUploadedFile(file[0], file[1])
        self._show(self.client.post(urljoin(self.address, form.get("action") or self.address), given, follow=True))

    def log_in(self, name: str, password: str) -> None:
        self.client = Client()
        self.go("/")
        self.click("Cán bộ đăng nhập" if "Cán bộ đăng nhập" in self.text else "Đăng nhập")
        self.send("Đăng nhập", login=name, password=password)

    def _show(self, response: Any) -> None:
        assert response.status_code == 200, (
            f"{response.status_code} at {response.request['PATH_INFO']}: {_words(response)[:2000]}"
        )
        request = response.request
        self.address = request["PATH_INFO"] + (f"?{request['QUERY_STRING']}" if request["QUERY_STRING"] else "")
        assert not urlsplit(self.address).netloc
        self.page = html.document_fromstring(response.content.decode())


def _words(response: Any) -> str:
    return " ".join(html.document_fromstring(response.content.decode() or "<p>").text_content().split())


def workbook(rows: list[list[Any]]) -> bytes:
    """The rows as an xlsx file."""
    from openpyxl import Workbook

    book, file = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file.getvalue()
