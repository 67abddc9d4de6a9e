"""What people are told when somebody else changes their account or role: who did it, when, and what to do if it is not right."""

from collections.abc import Iterable

from django.utils import timezone

from common.addresses import PageLink
from common.dates import VIETNAM
from organisation.models import AuditEvent, User
from organisation.signals import told

IF_NOT_ASKED = (
    "Nếu đồng chí không đề nghị hoặc không biết việc này, xin báo ngay lãnh đạo cơ quan chủ quản và người giữ máy chủ, "
    "rồi đổi mật khẩu."
)


def tell(
    event: AuditEvent,
    people: Iterable[User],
    subject: str,
    *,
    why: str = "",
    ask: str = IF_NOT_ASKED,
    link: PageLink | None = None,
    to: str = "",
) -> None:
    """Tell people of an entry of the audit trail; `to` tells apart what is told to others of the same entry.

    Of what the portal itself did (a command, the demo) nobody is told; nor is who did it.
    """
    if event.actor is None:
        return
    at = timezone.localtime(event.at, VIETNAM)
    body = f"{event.actor_name} ({event.actor.username}) làm việc này lúc {at:%H:%M} ngày {at:%d/%m/%Y}."
    told.send(
        sender=AuditEvent,
        people=[person for person in people if person.pk != event.actor_id],
        event_key=f"organisation-{event.pk}{to}",
        subject=subject,
        body=" ".join(part for part in (body, f"Lý do: {why.rstrip('.')}." if why else "", ask) if part),
        link=link,
    )
