"""Accounts: opened, closed, opened again."""

from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from common.dates import today
from common.exceptions import DomainError, NotAllowed
from organisation.audit import record
from organisation.audit_actions import AuditAction
from organisation.ciphers import encrypted_again
from organisation.models import User
from organisation.permissions import can_close_account
from organisation.selectors.confirming import is_over_results
from organisation.selectors.people import board_leaders
from organisation.services.telling import Notice, tell


@transaction.atomic
def open_account(*, username: str, full_name: str, password: str | None, actor: User | None) -> tuple[User, bool]:
    """(the account, whether it was made now). An existing account keeps its password; None makes it unusable. One that an
    administrator opens is its owner's once they have chosen another password.
    """
    user, created = User.objects.get_or_create(username=username, defaults={"full_name": full_name})
    if created:
        user.set_password(password)
        if actor is not None:
            user.password_set_by, user.password_set_at = actor, timezone.now()
            user.password_confirmed_at = user.password_set_at
        user.save(update_fields=["password", "password_set_by", "password_set_at", "password_confirmed_at"])
        record(actor=actor, action=AuditAction.OPEN_ACCOUNT, target=user)
    return user, created


@transaction.atomic
def renew_encryption(*, actor: User | None) -> int:
    """Encrypt the secrets of the second step with the newest key. Returns how many there are; again changes no secret."""
    renewed = 0
    for one in Authenticator.objects.select_for_update(of=("self",)).select_related("user").order_by("pk"):
        again = encrypted_again(one.data)
        if again != one.data:
            one.data = again
            one.save(update_fields=["data"])
            record(actor=actor, action=AuditAction.RENEW_ENCRYPTION, target=one.user)
            renewed += 1
    return renewed


@transaction.atomic
def close_account(*, user_id: int, reason: str, actor: User) -> User:
    """Close an account: it can no longer log in, and its records are kept. Idempotent.

    Its roles end with yesterday, those of today with today, those to come are dropped. The password is gone, and with it every
    session, which carries its hash.
    """
    user = _locked_account(user_id, actor)
    if not user.is_active:
        return user
    ended = _end_roles(user)
    event = record(actor=actor, action=AuditAction.CLOSE_ACCOUNT, target=user, note=reason, changes={"roles": [ended, []]})
    tell(
        event,
        [user],
        Notice("Tài khoản của đồng chí đã đóng: vai trò, mật khẩu và bước xác minh thứ hai đều hết hiệu lực", why=reason),
    )
    user.is_active = False
    user.set_unusable_password()
    user.save(update_fields=["is_active", "password"])
    Authenticator.objects.filter(user=user).delete()
    return user


@transaction.atomic
def reopen_account(*, user_id: int, actor: User) -> User:
    """Reopen an account, without role, password or second step: each has to be granted again."""
    user = _locked_account(user_id, actor)
    if user.is_active:
        return user
    if user.memberships.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today())).exists():
        raise DomainError(
            "Tài khoản còn vai trò chưa hết hạn, mở lại thì vai trò ấy có hiệu lực trở lại. Xin kết thúc vai trò trước; vai trò "
            "giao trong ngày đóng thì hết ngày mới hết hạn."
        )
    user.is_active = True
    user.set_unusable_password()
    user.save(update_fields=["is_active", "password"])
    tell(record(actor=actor, action=AuditAction.REOPEN_ACCOUNT, target=user), [user], Notice("Tài khoản của đồng chí đã mở lại"))
    return user


@transaction.atomic
def account_was_edited(*, account: User, before: dict[str, str], actor: User) -> None:
    """Tell who is over scores or decisions, and the leaders of the board, of another user name or address for mail."""
    names = {"username": "tên đăng nhập", "email": "thư điện tử"}
    changed = {name: [old, getattr(account, name)] for name, old in before.items() if getattr(account, name) != old}
    if not changed or not is_over_results(account):
        return
    event = record(actor=actor, action=AuditAction.RENAME_ACCOUNT, target=account, changes=changed)
    words = ", ".join(f"{names[name]} “{old}” thành “{new}”" for name, (old, new) in changed.items())
    tell(event, [account, *board_leaders()], Notice(f"Tài khoản của {account}: đổi {words}"))


def _locked_account(user_id: int, actor: User) -> User:
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    if not can_close_account(actor, user):
        raise NotAllowed("Vai trò của đồng chí không đóng, mở tài khoản này.")
    return user


def _end_roles(user: User) -> list[str]:
    """The roles that ran or were to come, as they were called."""
    day, ended = today(), []
    for membership in user.memberships.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day)).select_related("unit"):
        ended.append(str(membership))
        if not membership.has_begun:
            membership.delete()
            continue
        membership.ends_on = max(membership.starts_on, day - timedelta(days=1))
        membership.save(update_fields=["ends_on"])
    return ended
