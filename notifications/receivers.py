"""What is to be told according to the apps below."""

from collections.abc import Iterable
from typing import Any

from django.dispatch import receiver

from common.addresses import PageLink
from notifications.services import tell
from organisation.models import User
from organisation.signals import told


@receiver(told)
def pass_on(people: Iterable[User], event_key: str, subject: str, body: str, link: PageLink | None, **_: Any) -> None:
    tell(recipients=people, event_key=event_key, subject=subject, body=body, link=link)
