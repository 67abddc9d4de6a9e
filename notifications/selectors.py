"""Reads of messages: always one's own."""

from typing import Any

from django.db.models import QuerySet

from notifications.models import MailChoice, Message


def messages_of(user: Any) -> QuerySet[Message]:
    return Message.objects.filter(recipient=user)


def count_unread(user: Any) -> int:
    return messages_of(user).filter(read_at__isnull=True).count() if getattr(user, "is_authenticated", False) else 0


def mail_choice(user: Any) -> str:
    chosen = MailChoice.objects.filter(user=user).first()
    return chosen.how if chosen else MailChoice.How.EACH
