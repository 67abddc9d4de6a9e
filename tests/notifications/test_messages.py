"""Messages: stored with their event, never two for one, mailed once, gathered where a person wants it."""

import re
from datetime import timedelta
from smtplib import SMTPException
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone

from common import jobs
from common.addresses import link_to, stored_address
from common.models import Job
from notifications import services
from notifications.models import MailChoice, Message
from notifications.services import choose_mail, mark_read, mark_resolved, retry_mail, send_digests, send_mail, tell
from tests.online import person
from tests.pages import refused
from tests.threads import at_once

pytestmark = [pytest.mark.both, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def _mail_in_memory(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.SITE_ADDRESS = "https://danvan.example"


def reachable(name: str, how: str = "") -> Any:
    user = person(name)
    user.email = f"{name}@example.vn"
    user.save()
    if how:
        choose_mail(user=user, how=how)
    return user


def work() -> None:
    for job in Job.objects.filter(state="queued"):
        jobs.run(job.pk)


def test_one_message_a_person_and_event_however_often_it_is_told() -> None:
    people = [reachable("hamhiep.canbo"), person("hamthuanbac.lanhdao")]
    assert (
        tell(recipients=[*people, people[0]], event_key="a", subject="Tin", body="Lời", link=link_to("models_registry:work")) == 2
    )
    assert tell(recipients=people, event_key="a", subject="Tin khác") == 0
    work()
    send_mail("a")
    assert [(m.to, m.subject, m.body) for m in mail.outbox] == [
        (["hamhiep.canbo@example.vn"], "Tin", "Lời\n\nhttps://danvan.example/lam-viec/")
    ]
    assert dict(Message.objects.values_list("recipient__username", "mail")) == {
        "hamhiep.canbo": "sent",
        "hamthuanbac.lanhdao": "none",
    }


def test_one_mail_a_day_with_all_that_came() -> None:
    person_ = reachable("hamhiep.canbo", "daily")
    for n in range(3):
        tell(recipients=[person_], event_key=f"e{n}", subject=f"Tin {n}", link=link_to("models_registry:registration", n))
    work()
    assert mail.outbox == []
    assert send_digests() == 1
    assert send_digests() == 0
    assert mail.outbox[0].subject.startswith("Dân vận khéo: 3 tin, ngày ")
    assert "- Tin 0\n  https://danvan.example/lam-viec/dang-ky/0/" in mail.outbox[0].body


def test_none_by_mail_for_who_wants_none() -> None:
    tell(recipients=[reachable("hamhiep.canbo", "none")], event_key="e", subject="Tin")
    work()
    assert (mail.outbox, Message.objects.get().mail) == ([], "none")


def test_a_mail_that_fails_is_tried_three_times(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Any) -> None:
        raise OSError("no server")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    tell(recipients=[reachable("hamhiep.canbo")], event_key="e", subject="Tin")
    work()
    for _ in range(5):
        retry_mail()
    message = Message.objects.get()
    assert (message.mail, message.mail_attempts) == ("failed", 3)
    monkeypatch.undo()
    Message.objects.update(mail_attempts=1)
    retry_mail()
    assert Message.objects.get().mail == "sent"


def test_a_line_break_in_a_title_does_not_break_the_mail() -> None:
    tell(recipients=[reachable("hamhiep.canbo")], event_key="e", subject="Đã nhận: “a\nBcc: x@y.z”")
    work()
    assert "\n" not in mail.outbox[0].subject


def test_ones_own_messages_alone(client: Client) -> None:
    mine, other = person("hamhiep.canbo"), person("duclinh.chuyenvien")
    tell(recipients=[mine], event_key="a", subject="Của tôi", link=link_to("models_registry:board", 2023))
    tell(recipients=[other], event_key="b", subject="Của người khác")
    client.force_login(mine)
    html = client.get("/lam-viec/tin/").content.decode()
    assert "Của tôi" in html and "Của người khác" not in html
    assert re.search(r'<span class="pill num">\s*1<span class="visually-hidden">\s*tin chưa đọc', html)
    theirs = Message.objects.get(recipient=other)
    assert client.get(f"/lam-viec/tin/{theirs.pk}/").status_code == 404
    assert mark_read(user=mine, message_ids=[theirs.pk]) == 0
    response = client.get(f"/lam-viec/tin/{Message.objects.get(recipient=mine).pk}/")
    assert response["Location"] == "/lam-viec/nam/2023/"
    assert Message.objects.get(recipient=mine).read_at is not None
    client.force_login(other)
    assert client.get(f"/lam-viec/tin/{theirs.pk}/")["Location"] == "/lam-viec/tin/"
    client.post("/lam-viec/tin/nhan-thu/", {"how": "rubbish"})
    client.post("/lam-viec/tin/nhan-thu/", {"how": "daily"})
    assert MailChoice.objects.get(user=other).how == "daily"
    client.post("/lam-viec/tin/da-doc/")
    assert not Message.objects.filter(recipient=other, read_at__isnull=True).exists()


@pytest.mark.parametrize("count", [1, 3])
def test_queries_of_the_list(client: Client, count: int, django_assert_num_queries: Any) -> None:
    mine = person("hamhiep.canbo")
    for n in range(count):
        tell(recipients=[mine], event_key=str(n), subject="Tin")
    client.force_login(mine)
    client.get("/lam-viec/tin/")
    with django_assert_num_queries(8):
        client.get("/lam-viec/tin/")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_workers_send_one_mail(transactional_db: None) -> None:
    user = reachable("hamhiep.canbo")
    Message.objects.create(recipient=user, event_key="e", subject="Tin", mail="waiting")
    at_once(*[lambda: send_mail("e")] * 3)
    assert len(mail.outbox) == 1


def test_a_digest_that_did_not_go_out_goes_with_the_next_and_never_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = reachable("hamhiep.canbo", "daily")
    for n in range(5):
        tell(recipients=[reader], event_key=f"e{n}", subject=f"Tin {n}")
    with monkeypatch.context() as down:
        down.setattr("django.core.mail.EmailMessage.send", lambda self: (_ for _ in ()).throw(SMTPException("down")))
        assert send_digests() == 0
    retry_mail()
    assert mail.outbox == []
    assert send_digests() == 1
    assert [one.subject.startswith("Dân vận khéo: 5 tin") for one in mail.outbox] == [True]


def test_one_address_that_cannot_be_written_to_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = reachable("hamhiep.canbo"), reachable("hamthuanbac.chuyenvien")
    tell(recipients=[bad, good], event_key="e", subject="Tin")
    real = EmailMessage.send

    def send(self: EmailMessage) -> int:
        if self.to == [bad.email]:
            raise UnicodeError("no such address")
        return real(self)

    monkeypatch.setattr(EmailMessage, "send", send)
    work()
    assert [one.to for one in mail.outbox] == [[good.email]]
    assert Message.objects.get(recipient=bad).mail == "failed"


def test_a_mail_whose_job_was_lost_is_found_again() -> None:
    reader = reachable("hamhiep.canbo")
    tell(recipients=[reader], event_key="e", subject="Tin")
    Job.objects.filter(kind="send_mail").update(state="failed", finished_at=timezone.now())
    retry_mail()
    assert mail.outbox == []  # its job may be just about to run
    Message.objects.update(created_at=timezone.now() - timedelta(minutes=16))
    retry_mail()
    retry_mail()
    assert len(mail.outbox) == 1


def test_mails_that_another_worker_has_claimed_are_not_sent_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    tell(recipients=[reachable("hamhiep.canbo")], event_key="e", subject="Tin")
    claimed = list(Message.objects.all())
    Message.objects.update(mail=Message.Mail.SENT)
    assert not services._send(claimed, "Tin", "Lời") and mail.outbox == []
    assert Message.objects.get().mail_attempts == 0


def test_there_are_as_many_ways_of_mail_as_are_offered() -> None:
    with refused("Không có cách nhận thư ấy."):
        choose_mail(user=person("hamhiep.canbo"), how="hourly")
    assert not MailChoice.objects.exists()


@pytest.mark.parametrize(
    ("stored", "address"),
    [
        (link_to("recognition:sheet", 5, 12).stored, "/lam-viec/dot-xet/5/cham/12/"),
        (link_to("portal:unit", "phan-thiet/phuong-mui-ne").stored, "/don-vi/phan-thiet/phuong-mui-ne/"),
        (link_to("reports:home", nam=2023, fragment="doi-chieu").stored, "/lam-viec/bao-cao/?nam=2023#doi-chieu"),
        ("/lam-viec/nam/2023/?tt=sent", "/lam-viec/nam/2023/?tt=sent"),  # from before links were kept by name
        ("recognition:gone 5", ""),
        ("recognition:sheet 5", ""),
        ("//evil.example/", ""),
        ("https://evil.example/", ""),
        ("", ""),
    ],
)
def test_a_link_that_was_stored_leads_to_its_page_of_today(stored: str, address: str) -> None:
    assert stored_address(stored) == address


def test_what_was_told_of_a_thing_is_settled_however_its_link_was_stored() -> None:
    link = link_to("models_registry:registration", 7)
    tell(recipients=[person("hamhiep.canbo")], event_key="a", subject="Tin", link=link)
    Message.objects.create(recipient=person("hamhiep.canbo"), event_key="b", subject="Tin cũ", link=str(link))
    tell(recipients=[person("hamhiep.canbo")], event_key="c", subject="Tin", link=link_to("models_registry:registration", 8))
    assert mark_resolved(link=link) == 2
    assert [message.event_key for message in Message.objects.filter(read_at__isnull=True)] == ["c"]
