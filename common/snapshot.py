"""Reading many things as of one moment."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


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
    mode = connection.transaction_mode  # type: ignore[attr-defined]  # of SQLite's alone
    connection.transaction_mode = "DEFERRED"  # type: ignore[attr-defined]
    try:
        yield
    finally:
        connection.transaction_mode = mode  # type: ignore[attr-defined]
