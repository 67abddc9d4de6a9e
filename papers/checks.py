"""System checks of the signing keys: units that are not there, keys that do not open, certificates that end soon."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.db import DatabaseError
from django.utils import timezone

from common.dates import today
from organisation.models import Unit
from papers.keys import FileKey, Key


@register
def keys_are_of_units(**_: Any) -> list[CheckMessage]:
    named = {key.unit for key in settings.SIGNING_KEYS.keys}
    if not named:
        return []
    try:
        there = set(Unit.objects.filter(key__in=named).values_list("key", flat=True))
    except DatabaseError:  # no tables yet
        return []
    return [Error(f"SIGNING_KEYS: không có đơn vị mang mã “{key}”.", id="papers.E001") for key in sorted(named - there)]


@register
def files_open(**_: Any) -> list[CheckMessage]:
    return [message for key in settings.SIGNING_KEYS.keys if isinstance(key, FileKey) for message in _looked_at(key, "E")]


@register(deploy=True)
def certificates_hold(**_: Any) -> list[CheckMessage]:
    """Of the keys that sign today. Tokens are opened here alone: each wrong PIN counts towards locking them."""
    ring = settings.SIGNING_KEYS
    current = [key for key in ring.keys if ring.key_of(key.unit, today()) == key]
    return [message for key in current for message in _looked_at(key, "W" if isinstance(key, FileKey) else "EW")]


def _looked_at(key: Key, wanted: str) -> list[CheckMessage]:
    """What is wrong with a key: an error ("E") where it does not open, a warning ("W") where its certificate ends."""
    from papers.pens import SigningFailed, opened

    try:
        with opened(key) as pen:
            said = pen.warning(timezone.now())
    except SigningFailed as error:
        return [Error(f"SIGNING_KEYS, {key.unit}: {error}", id="papers.E002")] if "E" in wanted else []
    return [Warning(f"SIGNING_KEYS, {key.unit}: {said}", id="papers.W001")] if said and "W" in wanted else []
