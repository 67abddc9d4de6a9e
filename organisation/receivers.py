"""What allauth tells of second steps and passwords."""

from typing import Any

from allauth.account.signals import password_changed
from allauth.mfa import signals
from django.dispatch import receiver

from organisation.audit import record
from organisation.audit_actions import AuditAction
from organisation.models import User
from organisation.services import password_was_chosen

KINDS = {"totp": "ứng dụng", "recovery_codes": "mã dự phòng", "webauthn": "khóa của máy"}


@receiver(signals.authentication_failed)
def wrong_code(user: User, authenticator: Any, **_: Any) -> None:
    """Who typed it is not known: the entry is the portal's own."""
    record(actor=None, action=AuditAction.WRONG_SECOND_STEP, target=user)


@receiver(signals.authenticator_added)
def set_up(user: User, authenticator: Any, **_: Any) -> None:
    record(actor=user, action=AuditAction.SET_UP_SECOND_STEP, target=user, note=KINDS[authenticator.type])


@receiver(signals.authenticator_reset)
def renewed(user: User, authenticator: Any, **_: Any) -> None:
    record(actor=user, action=AuditAction.RENEW_SECOND_STEP, target=user, note=KINDS[authenticator.type])


@receiver(signals.authenticator_removed)
def removed(user: User, authenticator: Any, **_: Any) -> None:
    record(actor=user, action=AuditAction.REMOVE_SECOND_STEP, target=user, note=KINDS[authenticator.type])


@receiver(password_changed)
def chosen(user: User, **_: Any) -> None:
    password_was_chosen(user=user)
