"""Passwords that an administrator sets. Who set one could come in as its owner: where the owner is over scores or decisions, the
account opens only after a second person confirmed that the owner asked for it; and everybody chooses their own at the next login.
"""

from typing import Any

from django.db import transaction
from django.utils import timezone

from common.addresses import link_to
from common.dates import today
from common.exceptions import DomainError, NotAllowed
from common.text import clean
from organisation.audit import record
from organisation.audit_actions import AuditAction
from organisation.models import User
from organisation.selectors.confirming import confirmable_passwords, confirmers, is_over_results
from organisation.selectors.people import board_leaders
from organisation.services.roles import NOT_YOURS, give_role
from organisation.services.telling import Notice, tell

_NONE_SET: dict[str, Any] = {
    "password_set_by": None,
    "password_set_at": None,
    "password_confirmed_by": None,
    "password_confirmed_at": None,
}


@transaction.atomic
def password_was_set(*, user_id: int, actor: User) -> None:
    """Record that an administrator set somebody else's password."""
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    waits, now = user.is_active and is_over_results(user), timezone.now()
    event = record(actor=actor, action=AuditAction.SET_PASSWORD_BY_ADMINISTRATOR, target=user, changes={"waits": waits})
    if user.pk == actor.pk:
        return
    _save(
        user, password_set_by=actor, password_set_at=now, password_confirmed_by=None, password_confirmed_at=None if waits else now
    )
    tell(event, [user], Notice("Mật khẩu của đồng chí đã được quản trị đặt lại"))
    if waits:
        page = link_to("organisation:waiting")
        tell(
            event,
            confirmers(actor, user),
            Notice(f"Chờ đồng chí xác nhận: mật khẩu mới của {user}", ask="", link=page, to="-confirm"),
        )
        tell(event, board_leaders(), Notice(f"Quản trị đã đặt lại mật khẩu của {user}", ask="", to="-leaders"))


@transaction.atomic
def confirm_password(*, user_id: int, actor: User) -> None:
    """Let the owner log in with it, to choose their own. Raises NotAllowed."""
    user = _locked_for(user_id, actor)
    _save(user, password_confirmed_by=actor, password_confirmed_at=timezone.now())
    event = record(actor=actor, action=AuditAction.CONFIRM_PASSWORD, target=user)
    tell(event, [user, *_setter(user)], Notice(f"Đã xác nhận mật khẩu mới của {user}"))


@transaction.atomic
def refuse_password(*, user_id: int, reason: str, actor: User) -> None:
    """Invalidate the password, with a reason. Raises NotAllowed, DomainError."""
    user, said = _locked_for(user_id, actor), clean(reason)
    if not said:
        raise DomainError("Xin ghi lý do từ chối.")
    event = record(actor=actor, action=AuditAction.REFUSE_PASSWORD, target=user, note=said)
    tell(event, [user, *_setter(user)], Notice(f"Không xác nhận mật khẩu mới của {user}", why=said))
    user.set_unusable_password()
    _save(user, password=user.password, **_NONE_SET)


@transaction.atomic
def password_was_chosen(*, user: User) -> None:
    """The owner has chosen their own: nobody else knows it any more."""
    if user.password_set_by_id is not None:
        _save(user, **_NONE_SET)
        record(actor=user, action=AuditAction.CHOOSE_PASSWORD, target=user)


@transaction.atomic
def confirm_by_command(*, user_id: int) -> int:
    """Confirm what waits of an account, from the machine's shell: where nobody else can. Returns how much it was."""
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    waiting = list(user.memberships.waiting().select_for_update(of=("self",)).select_related("unit"))
    for membership in waiting:
        membership.delete()
        give_role(
            user=user,
            role=membership.role,
            unit=membership.unit,
            starts_on=max(membership.starts_on, today()),
            ends_on=membership.ends_on,
            actor=None,
        )
    if user.password_waits:
        _save(user, password_confirmed_at=timezone.now())
        record(actor=None, action=AuditAction.CONFIRM_PASSWORD, target=user)
        return len(waiting) + 1
    return len(waiting)


def _save(user: User, **columns: Any) -> None:
    for name, value in columns.items():
        setattr(user, name, value)
    user.save(update_fields=list(columns))


def _locked_for(user_id: int, actor: User) -> User:
    user = User.objects.select_for_update(no_key=True).filter(pk=user_id).first()
    if user is None or not confirmable_passwords(actor).filter(pk=user_id).exists():
        raise NotAllowed(NOT_YOURS)
    return user


def _setter(user: User) -> list[User]:
    return [user.password_set_by] if user.password_set_by else []
