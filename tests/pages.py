"""What the portal answers: the message a page leaves, the refusal that stands on it, the sentence of a service that refuses."""

import html
import io
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from docx import Document
from docx.oxml.ns import qn

from common.exceptions import DomainError
from tests.online import person

_REFUSAL = re.compile(
    r'<div\s+class="note note--error[^>]*role="alert"[^>]*>.*?<div>\s*(?:<p>|<h2>[^<]*</h2>\s*<ul>\s*<li>(?:<a [^>]*>)?)(.*?)(?:</a>)?</(?:p|li)>',
    re.DOTALL,
)

_NO_TEXT = re.compile(r"(?s)<(script|style)\b.*?</\1>|<[^>]+>")


def entered(name: str) -> Client:
    """A browser in which a person is logged in."""
    client = Client()
    client.force_login(person(name), backend="django.contrib.auth.backends.ModelBackend")
    return client


def confirmed(client: Client) -> Client:
    """The same browser after its person gave their own password once more."""
    session = client.session
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session.save()
    return client


def bytes_of(response: Any) -> bytes:
    """All that it says: of a page, or of a file that comes in pieces."""
    return b"".join(response.streaming_content) if response.streaming else response.content


def plain(page: str) -> str:
    """The text of a page, each run of blanks as one: what tags hold, numbers of rows in addresses and codes of forms, is no text."""
    return " ".join(html.unescape(_NO_TEXT.sub(" ", page)).split())


def last_message(response: Any) -> str:
    """The newest message for the next page that is shown."""
    return [str(message) for message in get_messages(response.wsgi_request)][-1]


def refusal_on(response: Any) -> str:
    """The sentence of a page that was shown again because what was asked could not be done."""
    found = _REFUSAL.search(response.content.decode())
    return html.unescape(found[1]) if found else ""


@contextmanager
def refused(words: str, kind: type[DomainError] = DomainError) -> Iterator[None]:
    """What stands inside is refused with just this sentence."""
    with pytest.raises(kind) as caught:
        yield
    assert str(caught.value) == words


def lines_of_word(data: bytes) -> list[str]:
    """The paragraphs of a Word file in the order of its pages, those in tables and in tables within them too."""
    paragraphs = Document(io.BytesIO(data)).element.body.iter(qn("w:p"))
    return [text for one in paragraphs if (text := "".join(part.text or "" for part in one.iter(qn("w:t"))).strip())]
