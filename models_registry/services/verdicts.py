"""Saying how registrations stand at the end of their year, and confirming what units say of themselves."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from common.dates import write_day
from common.exceptions import DomainError, NotAllowed
from models_registry.audit_actions import AuditAction
from models_registry.enums import State, Verdict
from models_registry.models import Registration, YearVerdict
from models_registry.permissions import can_say_verdict, can_settle_verdict
from models_registry.selectors.verdicts import latest_day
from models_registry.services.locks import lock_registration
from models_registry.services.workflow import Done
from organisation.audit import record
from organisation.models import User


@transaction.atomic
def say_verdict(
    *, registration_id: int, verdict: Verdict, as_of: date, reason: str = "", evidence: str = "", actor: User | None
) -> YearVerdict:
    """Judge a registration as of a day. Whoever may settle it settles it at once; of others it waits to be confirmed."""
    registration = lock_registration(registration_id)
    if not can_say_verdict(actor, registration):
        raise NotAllowed("Vai trò của đồng chí không đánh giá đăng ký này.")
    _check_day(registration, as_of)
    if verdict != Verdict.EFFECTIVE and not reason:
        raise DomainError("Xin ghi lý do.")
    registration.verdicts.filter(confirmed_at__isnull=True).delete()
    settles = can_settle_verdict(actor, registration)
    if settles:
        _close_standing(registration, as_of)
    said = YearVerdict.objects.create(
        registration=registration,
        verdict=verdict,
        as_of=as_of,
        reason=reason,
        evidence=evidence,
        said_by=actor,
        confirmed_by=actor if settles else None,
        confirmed_at=timezone.now() if settles else None,
    )
    _record(said, AuditAction.GIVE_VERDICT if settles else AuditAction.PROPOSE_VERDICT, actor)
    return said


@transaction.atomic
def confirm_verdict(*, registration_id: int, actor: User) -> YearVerdict:
    """Let the verdict of the unit itself count. Nobody confirms what they said."""
    registration = lock_registration(registration_id)
    if not can_settle_verdict(actor, registration):
        raise NotAllowed("Vai trò của đồng chí không xác nhận đánh giá của đăng ký này.")
    said = registration.verdicts.filter(confirmed_at__isnull=True).first()
    if said is None:
        raise DomainError("Không có đánh giá nào chờ xác nhận.")
    if said.said_by_id == actor.pk:
        raise NotAllowed("Đồng chí đã đánh giá nên không tự xác nhận được; xin để đồng chí khác xác nhận.")
    _check_day(registration, said.as_of)
    _close_standing(registration, said.as_of)
    said.confirmed_by, said.confirmed_at = actor, timezone.now()
    said.save(update_fields=["confirmed_by", "confirmed_at"])
    _record(said, AuditAction.CONFIRM_VERDICT, actor)
    return said


def _check_day(registration: Registration, as_of: date) -> None:
    if registration.state != State.ACCEPTED or registration.registered_on is None:
        raise DomainError("Chỉ đánh giá đăng ký đang đứng trong sổ.")
    last, first = latest_day(registration.season), registration.registered_on
    if not first <= as_of <= last:
        raise DomainError(f"Ngày đánh giá phải từ ngày đăng ký {write_day(first)} đến {write_day(last)}.")
    standing = registration.verdicts.filter(confirmed_at__isnull=False, until__isnull=True).first()
    if standing and as_of < standing.as_of:
        raise DomainError(f"Đã có đánh giá đến ngày {write_day(standing.as_of)}; đánh giá lại không được trước ngày đó.")


def _close_standing(registration: Registration, day: date) -> None:
    registration.verdicts.filter(confirmed_at__isnull=False, until__isnull=True).update(until=day)


def _record(said: YearVerdict, action: AuditAction, actor: User | None) -> None:
    row = said.registration
    note = ". ".join(
        part for part in (f"{said.get_verdict_display()}, {write_day(said.as_of)}", said.reason, said.evidence) if part
    )
    record(actor=actor, action=action, target=row, unit=row.unit, note=note)


def say_verdicts(*, registration_ids: Iterable[int], actor: User, **said: Any) -> list[Done]:
    """`say_verdict` of many, each in a transaction of its own: one that fails stops no other and is named with its reason."""
    return [
        _done(pk, lambda pk=pk: say_verdict(registration_id=pk, actor=actor, **said)) for pk in dict.fromkeys(registration_ids)
    ]


def confirm_verdicts(*, registration_ids: Iterable[int], actor: User) -> list[Done]:
    return [_done(pk, lambda pk=pk: confirm_verdict(registration_id=pk, actor=actor)) for pk in dict.fromkeys(registration_ids)]


def _done(pk: int, act: Any) -> Done:
    title = Registration.objects.filter(pk=pk).values_list("title", flat=True).first() or ""
    try:
        act()
    except DomainError as error:
        return Done(pk, title, str(error))
    return Done(pk, title)
