"""Notices to people whose account or role somebody else changed: who did it, when, and what to do if it was not agreed."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from common.addresses import PageLink
from common.dates import VIETNAM
from organisation.models import AuditEvent, User
from organisation.signals import told

IF_NOT_ASKED = (
    "Nếu đồng chí không đề nghị hoặc không biết việc này, xin báo ngay lãnh đạo cơ quan chủ quản và người giữ máy chủ, "
    "rồi đổi mật khẩu."
)


@dataclass(frozen=True)
class Notice:
    """What people are told beside who did it and when."""

    subject: str
    why: str = ""
    ask: str = IF_NOT_ASKED
    link: PageLink | None = None
    to: str = ""
    """Tells apart what is told to others of the same entry."""


def tell(event: AuditEvent, people: Iterable[User], notice: Notice) -> None:
    """Notify people of an entry of the audit trail.

    Of what the portal itself did (a command, the demo) nobody is told; nor is who did it.
    """
    if event.actor is None:
        return
    at = timezone.localtime(event.at, VIETNAM)
    why = f"Lý do: {notice.why.rstrip('.')}." if notice.why else ""
    body = f"{event.actor_name} ({event.actor.username}) làm việc này lúc {at:%H:%M} ngày {at:%d/%m/%Y}."
    told.send(
        sender=AuditEvent,
        people=[person for person in people if person.pk != event.actor_id],
        event_key=f"organisation-{event.pk}{notice.to}",
        subject=notice.subject,
        body=" ".join(part for part in (body, why, notice.ask) if part),
        link=notice.link,
    )
