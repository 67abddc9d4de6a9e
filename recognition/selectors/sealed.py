"""What was done to the people around a round while its scores are sealed: roles over it, its council, their passwords."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from common.dates import VIETNAM, today
from organisation.audit_actions import AuditAction as AccountAction
from organisation.models import AuditEvent, Membership
from organisation.roles import GUARDED
from organisation.tree import unit_tree
from recognition.audit_actions import AuditAction
from recognition.enums import Phase
from recognition.models import RecognitionRound

_OF_ROLES: dict[str, str] = {
    AccountAction.GIVE_ROLE: "giao cho {target} vai trò {note}",
    AccountAction.CONFIRM_ROLE: "xác nhận vai trò {note} của {target}",
    AccountAction.REFUSE_ROLE: "từ chối vai trò của {target}: {note}",
    AccountAction.END_ROLE: "kết thúc vai trò của {target}: {note}",
}
_OF_ACCOUNTS: dict[str, str] = {
    AccountAction.SET_PASSWORD_BY_ADMINISTRATOR: "đặt lại mật khẩu của {target}",
    AccountAction.CONFIRM_PASSWORD: "xác nhận mật khẩu mới của {target}",
    AccountAction.REFUSE_PASSWORD: "từ chối mật khẩu mới của {target}",
    AccountAction.RENAME_ACCOUNT: "đổi tên đăng nhập hoặc thư điện tử của {target}",
    AccountAction.CLOSE_ACCOUNT: "đóng tài khoản của {target}",
    AccountAction.REOPEN_ACCOUNT: "mở lại tài khoản của {target}",
}
_OF_SEATS: dict[str, str] = {
    AuditAction.SEAT_MEMBER: "đưa {target} vào hội đồng: {note}",
    AuditAction.REMOVE_MEMBER: "cho {target} thôi hội đồng: {note}",
}
_WORDS = _OF_ROLES | _OF_ACCOUNTS | _OF_SEATS
SHOWN = 20


def while_sealed(round_: RecognitionRound) -> tuple[list[str], int]:
    """(sentences, the newest first, SHOWN at the most; how many more there are). None outside the independent phase. A fixed
    number of queries.
    """
    if round_.phase != Phase.SCORING:
        return [], 0
    found = [event for event in _events(round_) if event.action not in _OF_ROLES or event.changes.get("role") in GUARDED]
    return [_sentence(event) for event in found[:SHOWN]], max(0, len(found) - SHOWN)


def _events(round_: RecognitionRound) -> QuerySet[AuditEvent]:
    line = unit_tree().line_then(round_.unit_id, today())
    members = dict(round_.members.values_list("pk", "user"))
    held = Membership.objects.filter(unit__in=line, role__in=GUARDED).values_list("user", flat=True)
    of_members: Any = {str(user) for user in members.values()}
    people = of_members | {str(user) for user in held}
    user, seat = Q(target_type="organisation.user"), Q(target_type="recognition.councilmember")
    return AuditEvent.objects.filter(
        (user & Q(action__in=_OF_ROLES) & (Q(unit__in=line) | Q(target_id__in=of_members)))
        | (user & Q(action__in=_OF_ACCOUNTS, target_id__in=people))
        | (seat & Q(action__in=_OF_SEATS, target_id__in=[str(pk) for pk in members])),
        at__gt=_sealed_since(round_),
        at__lte=timezone.now(),
    )


def _sealed_since(round_: RecognitionRound) -> datetime:
    """Since when the independent phase runs: since its first beginning, where it was opened again."""
    first = round_.steps.filter(target=Phase.SCORING, is_reopening=False).first()
    return first.at if first else round_.phase_since


def _sentence(event: AuditEvent) -> str:
    at = timezone.localtime(event.at, VIETNAM)
    words = _WORDS[event.action].format(target=event.target_name, note=event.note)
    return f"{at:%H:%M %d/%m/%Y}, {event.actor_name} {words}"
