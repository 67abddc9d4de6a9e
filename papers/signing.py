"""Sign with an issuer's key, read the signatures of a file. pyHanko takes a second to load: `pens` is loaded where a key is used."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from typing import IO, TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone

from common.apart.parent import read_apart
from common.exceptions import FileRefused
from common.files import PDF, Received
from papers.signatures import Signature, Verdict

if TYPE_CHECKING:
    from papers.pens import Pen


def has_key(unit_key: str, day: date) -> bool:
    return settings.SIGNING_KEYS.key_of(unit_key, day) is not None


@contextmanager
def pen_of(unit_key: str, day: date) -> "Iterator[Pen | None]":
    """The key with which a unit signs on a day, open; None where it has none. Raises SigningFailed."""
    key = settings.SIGNING_KEYS.key_of(unit_key, day)
    if key is None:
        yield None
        return
    from papers.pens import opened

    with opened(key, settings.SIGNING_KEYS.timestamp) as pen:
        pen.check(timezone.now())
        yield pen


def signatures_in(file: IO[bytes]) -> list[Signature]:
    """The signatures of a PDF that somebody sent; one that takes its reader down counts as unread."""
    file.seek(0)
    if b"/ByteRange" not in file.read():  # most scans: no process is started for them
        return []
    roots = [root.read_text() for root in settings.SIGNING_KEYS.roots]
    try:
        found = list(read_apart("papers.signatures:read", file, roots, timezone.now(), refused=FileRefused))
    except FileRefused:
        return [Signature(Verdict.UNREAD)]
    return [Signature(**plain) for plain in found]


def signatures_of(sent: Received) -> list[dict[str, Any]] | None:
    """What is kept of the signatures of a paper (`SentPaper.signatures`): a picture has none, nobody looks into Office files."""
    if sent.kind == PDF:
        return [asdict(signature) for signature in signatures_in(sent.content)]
    return [] if sent.kind.is_photo else None
