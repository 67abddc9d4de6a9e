"""What a page that refuses a form says of it: its summaries of errors with their links, the fields that it marks."""

from collections.abc import Iterator
from html.parser import HTMLParser

FOCUSABLE = {"input", "select", "textarea", "button", "a", "summary"}


class Refusal(HTMLParser):
    """The error summaries of a page with the ids that they link to, the ids that take the focus, the fields marked as wrong."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.focusable: set[str] = set()
        self.summaries: list[list[str]] = []
        self.invalid: list[str] = []
        self._depth = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if "id" in given and given.get("type") != "hidden" and (tag in FOCUSABLE or "tabindex" in given):
            self.focusable.add(given["id"])
        if given.get("aria-invalid") == "true":
            self.invalid.append(given.get("name", ""))
        if tag == "div" and (self._depth or "note--error" in given.get("class", "").split()):
            if not self._depth:
                self.summaries.append([])
            self._depth += 1
        if self._depth and tag == "a" and given.get("href", "").startswith("#"):
            self.summaries[-1].append(given["href"][1:])

    def handle_endtag(self, tag: str) -> None:
        if tag == "div" and self._depth:
            self._depth -= 1

    def faults(self) -> Iterator[str]:
        if not self.summaries:
            yield "says nowhere on top what is wrong"
        for links in self.summaries:
            yield from (f"links to #{place}, which takes no focus" for place in links if place not in self.focusable)
        if self.invalid and not any(self.summaries):
            yield f"marks “{self.invalid[0]}” without a link to it"
