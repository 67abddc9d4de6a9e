"""Reading many things as of one moment."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, cast

from django.db import connection, transaction


class _Sqlite(Protocol):
    """What Django's connection to SQLite has and its types leave out (decision 0092)."""

    transaction_mode: str | None


@contextmanager
def one_moment() -> Iterator[None]:
    """All queries within see the database as it was at the first of them, whatever others store meanwhile. Nothing is written within.

    Inside a transaction that has begun already it adds nothing.
    """
    if connection.in_atomic_block:
        yield
        return
    with _begun_to_read(), transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


@contextmanager
def _begun_to_read() -> Iterator[None]:
    """On SQLite a transaction sees one moment by itself; begun as those of writers are, it would keep them waiting."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()  # which is when the settings are read
    sqlite = cast(_Sqlite, connection)
    mode = sqlite.transaction_mode
    sqlite.transaction_mode = "DEFERRED"
    try:
        yield
    finally:
        sqlite.transaction_mode = mode
