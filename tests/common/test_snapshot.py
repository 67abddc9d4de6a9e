"""Reading as of one moment, on each database."""

import pytest
from django.db import connection

from common.snapshot import one_moment
from organisation.models import Unit
from tests.threads import at_once

pytestmark = [pytest.mark.both, pytest.mark.django_db(transaction=True)]


def _write() -> int:
    if connection.vendor == "sqlite":
        connection.cursor().execute("PRAGMA busy_timeout = 200")  # who would wait is told so at once
    return Unit.objects.filter(key="phan-thiet").update(position=77)


def test_others_write_while_one_reads_and_are_not_seen() -> None:
    unit = Unit.objects.filter(key="phan-thiet").values_list("position", flat=True)
    with one_moment():
        before = unit.get()
        assert at_once(_write) == [1]
        assert unit.get() == before != 77
    assert unit.get() == 77
    assert at_once(_write) == [1]


def test_who_writes_afterwards_takes_the_lock_as_before() -> None:
    connection.ensure_connection()
    mode = getattr(connection, "transaction_mode", None)
    with pytest.raises(ZeroDivisionError), one_moment():
        Unit.objects.count()
        raise ZeroDivisionError
    assert getattr(connection, "transaction_mode", None) == mode
