"""Forms as a page has them, sent empty or with words that no field takes, and what the page that refuses them says."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

FOCUSABLE = {"input", "select", "textarea", "button", "a", "summary"}


@dataclass
class SentForm:
    """One form: where it goes, what it sends unseen, what may be typed, its buttons."""

    method: str
    action: str
    unseen: list[tuple[str, str]] = field(default_factory=list)
    typed: list[str] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class Parsed(HTMLParser):
    """The forms of a page, its error summaries with their links, the ids that can take the focus."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[SentForm] = []
        self.focusable: set[str] = set()
        self.summaries: list[list[str]] = []
        self.invalid: list[str] = []
        self._form: SentForm | None = None
        self._note = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if "id" in given and given.get("type") != "hidden" and (tag in FOCUSABLE or "tabindex" in given):
            self.focusable.add(given["id"])
        if given.get("aria-invalid") == "true":
            self.invalid.append(given.get("name", ""))
        if self._note or "note--error" in given.get("class", "").split():
            self._in_summary(tag, given)
        if tag == "form":
            self._form = SentForm(given.get("method", "get").lower(), given.get("action", ""))
            self.forms.append(self._form)
        elif self._form and given.get("name") and "disabled" not in given:
            self._take(self._form, tag, given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        if tag == "div" and self._note:
            self._note -= 1

    def _in_summary(self, tag: str, given: dict[str, str]) -> None:
        if not self._note:
            self.summaries.append([])
        if tag == "div":
            self._note += 1
        if tag == "a" and given.get("href", "").startswith("#"):
            self.summaries[-1].append(given["href"][1:])

    @staticmethod
    def _take(form: SentForm, tag: str, given: dict[str, str]) -> None:
        kind = given.get("type", "text" if tag == "input" else "submit" if tag == "button" else tag)
        if kind == "hidden":
            form.unseen.append((given["name"], given.get("value", "")))
        elif kind == "submit":
            form.buttons.append((given["name"], given.get("value", "")))
        elif kind in ("text", "textarea", "email", "search", "number", "date", "password", "tel", "url", "time"):
            form.typed.append(given["name"])

    def faults(self) -> Iterator[str]:
        """What is wrong with how the page tells what is wrong."""
        for links in self.summaries:
            yield from (f"links to #{place}, which takes no focus" for place in links if place not in self.focusable)
        if self.invalid and not any(self.summaries):
            yield f"marks {self.invalid[0]} without a link to it"


def sent(form: SentForm, words: str) -> Iterator[dict[str, Any]]:
    """What is sent with each button, every field with `words`."""
    for button in form.buttons[:4] or [("", "")]:
        data: dict[str, Any] = {}
        for name, value in [*form.unseen, *((name, words) for name in form.typed), button]:
            if name and name != "csrfmiddlewaretoken":
                data.setdefault(name, []).append(value)
        yield data


def typed_is_kept(form: SentForm, html: str, words: str) -> bool:
    return not form.typed or len(re.findall(re.escape(words), html)) >= len(set(form.typed))
