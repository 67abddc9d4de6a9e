"""Reads of messages: always one's own."""

from django.db.models import QuerySet

from notifications.models import MailChoice, Message
from organisation.models import Visitor


def messages_of(user: Visitor) -> QuerySet[Message]:
    return Message.objects.filter(recipient=user.pk)


def count_unread(user: Visitor) -> int:
    return messages_of(user).filter(read_at__isnull=True).count() if getattr(user, "is_authenticated", False) else 0


def mail_choice(user: Visitor) -> str:
    chosen = MailChoice.objects.filter(user=user.pk).first()
    return chosen.how if chosen else MailChoice.How.EACH
