"""The audit trail stands: the database refuses to change it, each entry carries the hash of the one before, the first fault is named."""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from celery.schedules import crontab
from django.conf import settings
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from organisation.audit import record
from organisation.chain import newest
from organisation.digests import FIELDS, GENESIS, digest_of, hash_of
from organisation.models import AuditEvent, AuditLink, Unit
from organisation.tasks import log_newest_link
from tests.online import person

pytestmark = [pytest.mark.both, pytest.mark.django_db]

EVENT, LINK = "organisation_auditevent", "organisation_auditlink"
POSTGRES = connection.vendor == "postgresql"


def sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def written(count: int = 1, **said: Any) -> list[AuditEvent]:
    """New entries, tied to the chain as at a commit."""
    made = [record(actor=person("quantri"), action="try", target=person("hoidong1"), **said) for _ in range(count)]
    if POSTGRES:
        sql("SET CONSTRAINTS ALL IMMEDIATE")
        sql("SET CONSTRAINTS ALL DEFERRED")
    return made


def event_at(number: int) -> AuditEvent:
    return AuditLink.objects.get(number=number).event


def told(event: AuditEvent) -> str:
    at = (event.at + timedelta(hours=7)).strftime("%d/%m/%Y %H:%M:%S")
    return f"{at}, {event.actor_name}, {event.action}, {event.target_name}"


def verified(*arguments: str) -> tuple[int, str]:
    """The exit code of `verify_audit`, and what it says."""
    out = io.StringIO()
    try:
        call_command("verify_audit", *arguments, stdout=out, stderr=out)
    except SystemExit as ended:
        return int(ended.code or 0), out.getvalue().strip()
    return 0, out.getvalue().strip()


def whole(since: int = 1) -> tuple[int, str]:
    number, known = newest()
    return 0, f"Nhật ký còn nguyên từ số {since} đến số {number}. Mã mới nhất: {known}"


@contextmanager
def tampering() -> Iterator[None]:
    """What guards the tables is off inside, as for somebody who owns the database; undone at the end."""
    with transaction.atomic():
        if POSTGRES:
            sql("SET LOCAL session_replication_role = replica")
        else:
            for trigger in (
                f"{EVENT}_link",
                *(f"{table}_{guard}" for table in (EVENT, LINK) for guard in ("stays", "kept", "place")),
            ):
                sql(f"DROP TRIGGER {trigger}")
        yield
        transaction.set_rollback(True)


def test_the_chain_of_the_demo_holds() -> None:
    assert AuditLink.objects.count() == AuditEvent.objects.count() > 50
    assert verified() == whole()


def test_a_new_entry_is_tied_to_the_one_before() -> None:
    number, before = newest()
    first, second = written(
        2, unit=Unit.objects.get(key="phan-thiet"), changes={"số": [1.5, None], 7: ("a", True)}, note="Vì “thế”\n"
    )
    first.refresh_from_db()
    assert first.changes == {"số": ["1.5", None], "7": ["a", True]}
    one, two = AuditLink.objects.filter(number__gt=number)
    assert [(one.number, one.event_id), (two.number, two.event_id)] == [(number + 1, first.pk), (number + 2, second.pk)]
    assert one.hash == hash_of(before, digest_of(vars(first)))
    assert two.hash == hash_of(one.hash, second.digest)
    assert verified() == whole()


FORBIDDEN = [
    *(f"UPDATE {EVENT} SET {column} = {column}" for column in ("note", "digest", "actor_id", "at")),
    *(f"UPDATE {LINK} SET {column} = {column}" for column in ("number", "event_id", "hash")),
    *(f"DELETE FROM {table}" for table in (EVENT, LINK)),
]
if POSTGRES:
    FORBIDDEN += [f"TRUNCATE {table} CASCADE" for table in (EVENT, LINK, "organisation_user", "organisation_unit")]
else:
    FORBIDDEN += [
        f"{verb} INTO {table} SELECT * FROM {table}" for verb in ("REPLACE", "INSERT OR REPLACE") for table in (EVENT, LINK)
    ]


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_database_refuses(statement: str) -> None:
    """What empties out several tables is refused by the first that is guarded."""
    refused = "the audit trail is only added to|an account is closed|a role that was held is ended"
    with pytest.raises(IntegrityError, match=refused), transaction.atomic():
        sql(statement)


def test_a_trail_without_an_entry_is_said_to_be_so() -> None:
    _, known = newest()
    with tampering():
        sql(f"DELETE FROM {LINK}")
        sql(f"DELETE FROM {EVENT}")
        assert verified()[1].startswith("Nhật ký không có mục nào: cổng mới dựng, hoặc đã bị xóa hết.")
        assert verified("--holds", known)[0] == 1


def test_the_portal_itself_changes_and_deletes_nothing() -> None:
    for act in (
        lambda: AuditEvent.objects.update(note="khác"),
        lambda: AuditEvent.objects.filter(link=None).update(note="khác") or AuditEvent.objects.all().delete(),
        lambda: event_at(3).delete(),
        lambda: AuditLink.objects.all().delete(),
        lambda: AuditLink.objects.filter(number=3).update(hash=GENESIS),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()


@pytest.mark.parametrize("digest", ["", "a" * 63])
def test_an_entry_comes_in_by_record_alone(digest: str) -> None:
    told_whole = {
        "at": event_at(1).at,
        "actor_name": "x",
        "action": "x",
        "target_type": "x",
        "target_id": "1",
        "target_name": "x",
    }
    for make in (
        lambda: AuditEvent.objects.create(**told_whole, digest=digest),
        lambda: AuditEvent.objects.bulk_create([AuditEvent(**told_whole, digest=digest)]),
    ):
        with pytest.raises(IntegrityError, match="audit_has_digest"), transaction.atomic():
            make()


OTHER = {  # none of it is what an entry of `written` says
    "at": "2001-01-01 00:00:00+00:00",
    "actor_id": None,
    "unit_id": None,
    "changes": '{"a": 1}',
    "digest": "f" * 64,
}


@pytest.mark.parametrize("field", [*FIELDS, "digest"])
def test_an_entry_that_was_changed_is_named(field: str) -> None:
    number = newest()[0] + 2
    event = written(3, unit=Unit.objects.get(key="phan-thiet"))[1]
    with tampering():
        sql(f"UPDATE {EVENT} SET {field} = %s WHERE id = %s", OTHER.get(field, "k" * 60), event.pk)
        event.refresh_from_db()
        assert verified() == (1, f"Mục số {number} đã bị sửa: {told(event)}.")
    assert verified() == whole()


def test_an_entry_changed_together_with_its_digest_is_named() -> None:
    event = event_at(4)
    with tampering():
        event.note = "khác"
        sql(f"UPDATE {EVENT} SET note = %s, digest = %s WHERE id = %s", event.note, digest_of(vars(event)), event.pk)
        assert verified() == (1, broken_at(4))


def broken_at(number: int) -> str:
    event = event_at(number)
    return f"Mắt xích số {number} không nối tiếp mắt xích trước, do đổi thứ tự, thay mục hoặc sửa mã: {told(event)}."


def test_a_hash_that_was_changed_is_named() -> None:
    with tampering():
        sql(f"UPDATE {LINK} SET hash = %s WHERE number = 4", "f" * 64)
        assert verified() == (1, broken_at(4))
        assert verified("--since", "6") == whole(since=6)


def test_entries_in_another_order_are_named() -> None:
    fourth, seventh = event_at(4), event_at(7)
    with tampering():
        for number, event in ((4, -1), (7, fourth.pk), (4, seventh.pk)):
            sql(f"UPDATE {LINK} SET event_id = %s WHERE number = %s", event, number)
        assert verified() == (1, broken_at(4))


def test_an_entry_that_is_missing_is_named() -> None:
    with tampering():
        sql(f"DELETE FROM {EVENT} WHERE id = %s", event_at(5).pk)
        assert verified() == (1, "Mục số 5 đã bị xóa khỏi nhật ký.")


@pytest.mark.parametrize("with_entry", [True, False])
def test_a_link_that_is_missing_is_named(with_entry: bool) -> None:
    event = event_at(5)
    with tampering():
        sql(f"DELETE FROM {LINK} WHERE number = 5")
        if with_entry:
            sql(f"DELETE FROM {EVENT} WHERE id = %s", event.pk)
        assert verified() == (1, "Thiếu mắt xích số 5.")
        assert verified("--since", "6") == verified("--since", "5") == (1, "Thiếu mắt xích số 5.")


def test_a_gap_that_was_closed_by_numbering_anew_is_named() -> None:
    event = event_at(5)
    with tampering():
        sql(f"DELETE FROM {LINK} WHERE number = 5")
        sql(f"DELETE FROM {EVENT} WHERE id = %s", event.pk)
        for number in range(6, newest()[0] + 1):
            sql(f"UPDATE {LINK} SET number = number - 1 WHERE number = %s", number)
        assert verified() == (1, broken_at(5))


def test_an_entry_outside_the_chain_is_named() -> None:
    with tampering():
        columns = ", ".join([*FIELDS, "digest"])
        sql(f"INSERT INTO {EVENT} ({columns}) SELECT {columns} FROM {EVENT} WHERE id = %s", event_at(5).pk)
        assert verified() == (1, f"Có mục nằm ngoài chuỗi: {told(event_at(5))}.")


def test_entries_cut_off_at_the_end_are_shown_by_a_hash_noted_outside() -> None:
    number, earlier = newest()
    written(3)
    noted = newest()[1]
    assert verified("--holds", noted.upper()) == (0, f"{whole()[1]}\nMã đã lưu đứng ở số {number + 3}.")
    with tampering():
        cut = list(AuditLink.objects.filter(number__gt=number).values_list("event_id", flat=True))
        sql(f"DELETE FROM {LINK} WHERE number > %s", number)
        sql(f"DELETE FROM {EVENT} WHERE id IN ({', '.join(str(pk) for pk in cut)})")
        assert verified() == whole()
        lost = "Mã đã lưu không có trong chuỗi: các mục đến mã ấy đã bị sửa hoặc bị cắt bỏ."
        assert verified("--holds", noted) == (1, f"{whole()[1]}\n{lost}")
        assert verified("--holds", earlier) == (0, f"{whole()[1]}\nMã đã lưu đứng ở số {number}.")


def test_a_chain_counted_anew_is_shown_by_a_hash_noted_outside() -> None:
    noted, event = newest()[1], event_at(1)
    with tampering():
        event.note, known = "khác", GENESIS
        sql(f"UPDATE {EVENT} SET note = %s, digest = %s WHERE id = %s", event.note, digest_of(vars(event)), event.pk)
        for link in AuditLink.objects.select_related("event"):
            known = hash_of(known, link.event.digest)
            sql(f"UPDATE {LINK} SET hash = %s WHERE number = %s", known, link.number)
        assert verified() == whole()
        assert verified("--holds", noted)[0] == 1


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["--since", "0"], "Số mắt xích bắt đầu từ 1."),
        (["--holds", "abc"], "Mã cần đối chiếu gồm 64 chữ số 0-9, a-f; xem lại mã đã lưu."),
    ],
)
def test_what_cannot_be_looked_for_is_told(arguments: list[str], words: str) -> None:
    assert verified(*arguments) == (2, words)


def test_a_program_reads_the_answer() -> None:
    number, known = newest()
    assert json.loads(verified("--json", "--holds", known)[1]) == {
        "number": number,
        "hash": known,
        "broken": "",
        "found_at": number,
    }


def test_the_walk_reads_in_batches(monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any) -> None:
    monkeypatch.setattr("organisation.chain.BATCH", 20)
    batches = -(-newest()[0] // 20)
    with django_assert_num_queries(2 * batches + 3):  # the empty batch at the end, entries outside, the newest link for `whole`
        assert verified() == whole()


def test_the_newest_hash_goes_to_the_log_each_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    (console,) = [handler for handler in logging.getLogger("danvan.audit").handlers if handler.name == "console"]
    monkeypatch.setattr(console, "stream", io.StringIO())
    log_newest_link()
    line = "INFO danvan.audit: audit {} {}\n".format(*newest())
    assert console.stream.getvalue().endswith(line) and logging.getLogger().level > logging.INFO  # type: ignore[attr-defined]
    scheduled = settings.CELERY_BEAT_SCHEDULE["log-audit"]
    assert (scheduled["task"], scheduled["schedule"]) == (log_newest_link.name, crontab(minute="50"))
