"""Several transactions write into the audit trail at the same instant: one chain comes of it, and nobody waits for ever."""

from datetime import date
from threading import Event
from typing import Any

import pytest
from django.db import connection, transaction

from common.dates import today
from organisation.audit import record
from organisation.chain import newest, verify
from organisation.models import AuditEvent, AuditLink, Membership, Unit
from organisation.naming import ProvinceRecord
from organisation.services.beginnings import rename_head
from tests.online import person
from tests.threads import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def note(words: str, unit: Unit | None = None) -> AuditEvent:
    return record(actor=None, action="try", target=person("quantri"), unit=unit, note=words)


def test_writers_at_once_give_one_chain_without_gaps(transactional_db: None) -> None:
    before, writers, times = newest()[0], 6, 15

    def write() -> None:
        for _ in range(times):
            with transaction.atomic():
                note("one")
                with transaction.atomic():
                    note("other")

    assert at_once(*[write] * writers) == [None] * writers
    verdict = verify()
    assert (verdict.number, verdict.broken) == (before + 2 * writers * times, "")
    assert AuditEvent.objects.count() == AuditLink.objects.count() == verdict.number


def test_an_entry_undone_leaves_no_gap(transactional_db: None) -> None:
    before = newest()[0]
    with transaction.atomic():
        note("kept")
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            note("undone")
            _ = 1 / 0
    assert (verify().number, verify().broken) == (before + 1, "")


def test_a_commit_that_waits_for_a_locked_row_holds_up_no_other(transactional_db: None) -> None:
    """One transaction has locked a unit; the foreign key of another waits for it at the commit, after that one's entry."""
    locked, written = Event(), Event()
    phan_thiet = Unit.objects.get(key="phan-thiet")
    given: dict[str, Any] = {"user": person("hoidong1"), "role": "thanh-vien-hoi-dong", "unit": phan_thiet, "starts_on": today()}

    def wait_at_the_commit() -> None:
        assert locked.wait(10)
        with transaction.atomic():
            note("first")
            Membership.objects.create(**given)
            note("second", unit=phan_thiet)
            written.set()

    def hold_the_unit() -> None:
        with transaction.atomic():
            Unit.objects.select_for_update().get(pk=phan_thiet.pk)
            note("third", unit=phan_thiet)
            locked.set()
            assert written.wait(10)
            wait_until_blocked()

    assert at_once(wait_at_the_commit, hold_the_unit) == [None, None]
    newest_notes = AuditLink.objects.order_by("-number").values_list("event__note", flat=True)[:3]
    assert (list(newest_notes), verify().broken) == (["second", "first", "third"], "")


def test_a_head_is_renamed_as_it_is_once_its_lock_is_free(transactional_db: None) -> None:
    """Renamed meanwhile by another record, it bears the former name no more, and is left alone."""
    head, day, locked = Unit.objects.get(key="lam-dong"), date(2026, 7, 1), Event()
    was, now = (ProvinceRecord(valid_from=day, committee=name, full_name="tỉnh A") for name in ("Tỉnh ủy Lâm Đồng", "Tỉnh ủy A"))

    def hold_the_unit() -> None:
        with transaction.atomic():
            Unit.objects.select_for_update().get(pk=head.pk)
            locked.set()
            wait_until_blocked()
            head.versions.filter(valid_to=None).update(name="Tỉnh ủy B")

    def rename() -> None:
        assert locked.wait(10)
        with transaction.atomic():
            rename_head(now, was, person("quantri"))

    assert at_once(hold_the_unit, rename) == [None, None]
    assert list(head.versions.order_by("valid_from").values_list("name", flat=True))[-1] == "Tỉnh ủy B"


def wait_until_blocked() -> None:
    """Until the other transaction waits for a lock of this one."""
    with connection.cursor() as cursor:
        for _ in range(1000):
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))")
            if cursor.fetchone() == (1,):
                return
            cursor.execute("SELECT pg_stat_clear_snapshot(), pg_sleep(0.01)")  # a transaction sees what it saw first
    raise AssertionError("nobody waits")
