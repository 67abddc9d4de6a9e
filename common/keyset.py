"""Pages of an ordered list by the values of their ends, not by counting: page one thousand costs what page two costs."""

import base64
import binascii
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

LONGEST = 1200  # letters of an address's cursor
MOST = 2**31 - 1


@dataclass(frozen=True)
class Cursor:
    """Where a page begins: after (or before) the row with these values of the order's columns; `at` rows stand before it."""

    values: tuple[Any, ...]
    at: int = 0
    is_before: bool = False


def write_cursor(values: Sequence[Any], at: int) -> str:
    """As it stands in an address."""
    told = [value.isoformat() if isinstance(value, date) else value for value in values]
    return base64.urlsafe_b64encode(json.dumps([at, *told], separators=(",", ":")).encode()).decode().rstrip("=")


def read_cursor(text: str, kinds: Sequence[type], *, is_before: bool = False) -> Cursor | None:
    """What an address says; None for what was never written by `write_cursor` for an order of these columns."""
    if not text or len(text) > LONGEST:
        return None
    try:
        at, *told = json.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
        values = tuple(_value(value, kind) for value, kind in zip(told, kinds, strict=True))
        return Cursor(values, _value(at, int), is_before)
    except (binascii.Error, ValueError, TypeError, RecursionError):
        return None


def _value(told: Any, kind: type) -> Any:
    if kind is date:
        return date.fromisoformat(told)
    if isinstance(told, bool) or not isinstance(told, kind):
        raise TypeError(told)
    if isinstance(told, int) and not 0 <= told <= MOST:
        raise ValueError(told)
    if isinstance(told, str) and b"\x00" in told.encode():  # half a surrogate pair raises here: no database takes it either
        raise ValueError(told)
    return told


@dataclass(frozen=True)
class KeysetPage:
    """Rows of one page; `start` rows stand before it; the addresses' cursors of the neighbours, empty where there is none."""

    rows: list[Any]
    start: int
    following: str
    previous: str


def page(rows: QuerySet[Any], order: Sequence[str], cursor: Cursor | None, size: int) -> KeysetPage:
    """One page of `rows` in `order`, whose last column tells every row from every other; the rows carry the order's columns."""
    if cursor and cursor.is_before:
        found = list(_take(rows, [_turned(name) for name in order], cursor.values, size))[::-1]
        if len(found) < size:
            return page(rows, order, None, size)  # the rows before it became fewer: the list begins here
        start = max(0, cursor.at - size)
        has_more, has_less = True, start > 0
    else:
        found = list(_take(rows, order, cursor.values if cursor else None, size + 1))
        start = cursor.at if cursor else 0
        has_more, has_less, found = len(found) > size, cursor is not None, found[:size]
    names = [name.lstrip("-") for name in order]

    def end(row: Any, at: int) -> str:
        return write_cursor([getattr(row, name) for name in names], at)

    return KeysetPage(
        rows=found,
        start=start,
        following=end(found[-1], start + len(found)) if found and has_more else "",
        previous=end(found[0], start) if found and has_less else "",
    )


def _turned(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _take(rows: QuerySet[Any], order: Sequence[str], after: Sequence[Any] | None, limit: int) -> Iterator[Any]:
    """At most `limit` rows after the values: first those that share all but the last column with them, then all but the last
    two, ...; each step reads a range of one index, and is asked only while rows are missing.
    """
    if after is None:
        yield from rows.order_by(*order)[:limit]
        return
    for depth in reversed(range(len(order))):
        equal = {order[i].lstrip("-"): after[i] for i in range(depth)}
        name = order[depth].lstrip("-")
        beyond = {f"{name}__{'lt' if order[depth].startswith('-') else 'gt'}": after[depth]}
        found = list(rows.filter(**equal, **beyond).order_by(*order)[:limit])
        yield from found
        limit -= len(found)
        if limit <= 0:
            return
