"""Addresses: of the portal's own pages, and those that came from outside before they become a link or a redirect."""

from dataclasses import dataclass
from urllib.parse import quote, unquote, urlencode
from uuid import UUID

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme


@dataclass(frozen=True)
class PageLink:
    """A page of the portal by its name and arguments. Whoever shows it builds the address: a template by printing it."""

    name: str
    args: tuple[str, ...] = ()
    query: str = ""
    fragment: str = ""

    def __str__(self) -> str:
        return f"{reverse(self.name, args=self.args)}{self._tail}"

    @property
    def _tail(self) -> str:
        return f"{'?' if self.query else ''}{self.query}{'#' if self.fragment else ''}{self.fragment}"

    @property
    def stored(self) -> str:
        """The link as text that outlives a change of addresses: `recognition:sheet 5 12?tt=sent`."""
        return f"{' '.join((self.name, *(quote(arg, safe='') for arg in self.args)))}{self._tail}"


def link_to(name: str, *args: str | int | UUID, fragment: str = "", **query: str | int) -> PageLink:
    """Return a link to the named page: `link_to("recognition:round", 5, tt="sent")`."""
    return PageLink(name, tuple(str(arg) for arg in args), urlencode(query), fragment)


def stored_address(stored: str) -> str:
    """Return the address of a stored link, '' where its page is gone. Rows from before links were stored by name hold a path."""
    if stored.startswith("/"):
        return stored if is_path(stored) else ""
    page, _, fragment = stored.partition("#")
    page, _, query = page.partition("?")
    name, *args = page.split(" ")
    try:
        return str(PageLink(name, tuple(unquote(arg) for arg in args), query, fragment))
    except NoReverseMatch:
        return ""


def absolute(path: object) -> str:
    """Return a path or a link with the portal's own host before it, as mails and papers print it."""
    return f"{settings.SITE_ADDRESS.rstrip('/')}{path}"


def is_path(text: str) -> bool:
    """Whether an address stays on this portal wherever a browser follows it; `//host` and `/\\host` are another host's."""
    return text.startswith("/") and url_has_allowed_host_and_scheme(text, allowed_hosts=None)
