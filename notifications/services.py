"""Telling people: the message is stored in the transaction of its event; mail goes out after the commit."""

import logging
from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from common import jobs
from common.addresses import PageLink, absolute
from common.dates import today, write_day
from common.exceptions import DomainError
from notifications.models import MailChoice, Message
from organisation.models import User

logger = logging.getLogger(__name__)

MAIL_ATTEMPTS = 3
LOST_AFTER = timedelta(minutes=15)


@transaction.atomic
def tell(*, recipients: Iterable[User], event_key: str, subject: str, body: str = "", link: PageLink | None = None) -> int:
    """Store one message for each recipient with an open account. Idempotent. Returns how many are new."""
    people = list({person.pk: person for person in recipients if person.is_active}.values())
    known = set(Message.objects.filter(event_key=event_key, recipient__in=people).values_list("recipient_id", flat=True))
    choices = dict(MailChoice.objects.filter(user__in=people).values_list("user_id", "how"))
    fresh = [
        Message(
            recipient=person,
            event_key=event_key[:120],
            subject=subject[:300],
            body=body,
            link=link.stored if link else "",
            mail=_mail_for(person, choices.get(person.pk, MailChoice.How.EACH)),
        )
        for person in people
        if person.pk not in known
    ]
    Message.objects.bulk_create(fresh, ignore_conflicts=True)
    if any(message.mail == Message.Mail.WAITING for message in fresh):
        jobs.enqueue("send_mail", event_key=event_key[:120])
    return len(fresh)


def _mail_for(person: User, how: str) -> str:
    if not person.email or how == MailChoice.How.NONE:
        return Message.Mail.NONE
    return Message.Mail.DIGEST if how == MailChoice.How.DAILY else Message.Mail.WAITING


def send_mail(event_key: str) -> None:
    """Send the waiting mails of an event. Each is claimed before it goes out, so that a second run sends none again."""
    for message in Message.objects.filter(event_key=event_key, mail=Message.Mail.WAITING).select_related("recipient"):
        _send([message], message.subject, f"{message.body}\n\n{_address(message)}".strip())


def send_digests() -> int:
    """Send each person one mail with all pending messages. Returns the number of mails sent."""
    waiting: dict[int, list[Message]] = defaultdict(list)
    for message in Message.objects.filter(mail=Message.Mail.DIGEST).select_related("recipient").order_by("created_at"):
        waiting[message.recipient_id].append(message)
    sent = 0
    for messages in waiting.values():
        lines = [f"- {message.subject}\n  {_address(message)}" for message in messages]
        sent += _send(messages, f"Dân vận khéo: {len(messages)} tin, ngày {write_day(today())}", "\n".join(lines))
    return sent


def retry_mail() -> None:
    """Mails that failed are tried again, MAIL_ATTEMPTS times in all; so are those whose job broke off before their turn."""
    lost = Q(mail=Message.Mail.WAITING, created_at__lt=timezone.now() - LOST_AFTER)
    failed = Message.objects.filter(lost | Q(mail=Message.Mail.FAILED, mail_attempts__lt=MAIL_ATTEMPTS))
    for message in failed.select_related("recipient").order_by("pk")[:200]:
        _send([message], message.subject, f"{message.body}\n\n{_address(message)}".strip())


def _send(messages: list[Message], subject: str, body: str) -> bool:
    """Claim the messages, then send one mail for those that are ours.

    What could not go out is marked so; of a digest it goes into the next day's, so that nobody gets its parts one by one.
    """
    ids, state = [message.pk for message in messages], messages[0].mail
    with transaction.atomic():
        mine = list(Message.objects.select_for_update().filter(pk__in=ids, mail=state).values_list("pk", flat=True))
        claimed = Message.objects.filter(pk__in=mine)
        claimed.update(mail=Message.Mail.SENT, mail_attempts=F("mail_attempts") + 1)
    if not mine:
        return False
    mail = EmailMessage(" ".join(subject.split()), body, settings.DEFAULT_FROM_EMAIL, [messages[0].recipient.email])
    try:
        mail.send()
    except Exception:  # whatever it was, the others' mails must not wait for it
        logger.warning("mail to user %s did not go out", messages[0].recipient_id, exc_info=True)
        lost = Message.objects.filter(pk__in=mine)
        if state == Message.Mail.DIGEST:
            lost.filter(mail_attempts__lt=MAIL_ATTEMPTS).update(mail=Message.Mail.DIGEST)
            lost = lost.filter(mail_attempts__gte=MAIL_ATTEMPTS)
        lost.update(mail=Message.Mail.FAILED)
        return False
    return True


def _address(message: Message) -> str:
    path = message.get_absolute_url()
    return absolute(path) if path else ""


def mark_read(*, user: User, message_ids: Iterable[int] | None = None) -> int:
    """Mark one's own messages as read: the named ones, or all."""
    unread = Message.objects.filter(recipient=user, read_at__isnull=True)
    if message_ids is not None:
        unread = unread.filter(pk__in=list(message_ids))
    return unread.update(read_at=timezone.now())


def mark_resolved(*, link: PageLink) -> int:
    """Mark all messages about an object as read, for everyone: it has moved on."""
    return Message.objects.filter(link__in=[link.stored, str(link)], read_at__isnull=True).update(read_at=timezone.now())


@transaction.atomic
def take_back(*, event_key: str) -> list[User]:
    """Withdraw the messages of an event that was undone. Returns the recipients who have seen one, on the site or by mail."""
    told = list(Message.objects.select_for_update(of=("self",)).filter(event_key=event_key).select_related("recipient"))
    known = [message for message in told if message.read_at or message.mail in (Message.Mail.SENT, Message.Mail.FAILED)]
    Message.objects.filter(pk__in={message.pk for message in told} - {message.pk for message in known}).delete()
    return [message.recipient for message in known]


def choose_mail(*, user: User, how: str) -> None:
    if how not in MailChoice.How.values:
        raise DomainError("Không có cách nhận thư ấy.")
    MailChoice.objects.update_or_create(user=user, defaults={"how": how})
