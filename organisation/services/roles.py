"""Roles: given, confirmed or refused by a second person, ended."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from common.addresses import link_to
from common.dates import today, write_day
from common.exceptions import DomainError, NotAllowed
from common.text import clean
from organisation.audit import record
from organisation.audit_actions import AuditAction
from organisation.models import AuditEvent, Membership, Unit, User
from organisation.permissions import can_administer
from organisation.roles import ROLES
from organisation.selectors.confirming import confirmable_roles, confirmers
from organisation.selectors.names import role_of
from organisation.selectors.units import unit_on
from organisation.services.telling import Notice, tell

NOT_YOURS = "Việc này do người khác xác nhận, hoặc đã được xử lý."


@transaction.atomic
def give_role(
    *, user: User, role: str, unit: Unit, starts_on: date, ends_on: date | None = None, actor: User | None
) -> Membership:
    """Give a role in a unit from a day on; giving it again changes nothing.

    One over scores or decisions gives no right before a second person confirms it, unless a command gives it (`actor` None).
    Raises DomainError for a day that is over.
    """
    if role not in ROLES:
        raise DomainError(f"Không có vai trò “{role}”.")
    known = Membership.objects.filter(user=user, role=role, unit=unit, starts_on=starts_on).first()
    if known:
        return known
    now = timezone.now()
    waits = actor is not None and ROLES[role].is_guarded
    if actor is not None and not can_administer(actor):
        raise NotAllowed("Vai trò của đồng chí không giao vai trò.")
    if actor is not None and starts_on < today():
        raise DomainError(f"Vai trò có hiệu lực sớm nhất từ hôm nay, {write_day(today())}.")
    membership = Membership.objects.create(
        user=user,
        role=role,
        unit=unit,
        starts_on=starts_on,
        ends_on=ends_on,
        given_by=actor,
        given_at=now,
        confirmed_at=None if waits else now,
    )
    event = _record(actor, AuditAction.GIVE_ROLE, membership)
    words = _words(membership)
    if actor and waits:
        page = link_to("organisation:waiting")
        tell(
            event, confirmers(actor, user), Notice(f"Chờ đồng chí xác nhận: {words} cho {user}", ask="", link=page, to="-confirm")
        )
        tell(event, [user], Notice(f"Đồng chí được giao {words}, chờ người thứ hai xác nhận"))
    else:
        tell(event, [user], Notice(f"Đồng chí được giao {words}"))
    return membership


@transaction.atomic
def confirm_role(*, membership_id: int, actor: User) -> Membership:
    """Let a role that waits give its rights, from today at the earliest. Raises NotAllowed, DomainError.

    Who set the holder's password could come in by it until the holder has chosen another: the role would be theirs.
    """
    membership = _locked_for(membership_id, actor)
    if membership.user.password_set_by_id is not None:
        raise DomainError(
            f"{membership.user} chưa chọn mật khẩu của riêng mình từ khi quản trị đặt mật khẩu. Xin để người ấy vào cổng chọn mật "
            "khẩu trước, rồi xác nhận."
        )
    membership.confirmed_by, membership.confirmed_at = actor, timezone.now()
    membership.starts_on = max(membership.starts_on, today())
    membership.save(update_fields=["confirmed_by", "confirmed_at", "starts_on"])
    event, words = _record(actor, AuditAction.CONFIRM_ROLE, membership), _words(membership)
    tell(event, [membership.user], Notice(f"Đồng chí giữ {words} từ ngày {write_day(membership.starts_on)}"))
    tell(event, _givers(membership), Notice(f"Đã xác nhận {words} của {membership.user}", ask="", to="-giver"))
    return membership


@transaction.atomic
def refuse_role(*, membership_id: int, reason: str, actor: User) -> None:
    """Delete a role that is not confirmed yet, with a reason. Raises NotAllowed, DomainError."""
    membership, said = _locked_for(membership_id, actor), clean(reason)
    if not said:
        raise DomainError("Xin ghi lý do từ chối.")
    event, words = _record(actor, AuditAction.REFUSE_ROLE, membership, said), _words(membership)
    people = [membership.user, *_givers(membership)]
    tell(event, people, Notice(f"Không xác nhận {words} của {membership.user}", why=said, ask=""))
    membership.delete()


@transaction.atomic
def end_role(*, membership_id: int, ends_on: date | None, actor: User) -> None:
    """Set the last day of a role; None drops one that has not begun. Raises DomainError."""
    if not can_administer(actor):
        raise NotAllowed("Vai trò của đồng chí không kết thúc vai trò.")
    membership = Membership.objects.select_for_update(of=("self",)).select_related("user", "unit").get(pk=membership_id)
    if ends_on is None and membership.has_begun:
        raise DomainError("Vai trò đã bắt đầu thì chỉ kết thúc được, không xóa.")
    if membership.ends_on and ends_on and ends_on > membership.ends_on:
        raise DomainError("Vai trò đã ghi ngày kết thúc thì không kéo dài; xin giao lại.")
    event = _record(actor, AuditAction.END_ROLE, membership, write_day(ends_on) if ends_on else "bỏ")
    if ends_on is None:
        tell(event, [membership.user], Notice(f"Đồng chí không còn được giao {_words(membership)}"))
        membership.delete()
        return
    tell(event, [membership.user], Notice(f"Đồng chí thôi giữ {_words(membership)} sau ngày {write_day(ends_on)}"))
    membership.ends_on = ends_on
    membership.save(update_fields=["ends_on"])


def _locked_for(membership_id: int, actor: User) -> Membership:
    """A role that waits for this person, locked with its holder's account: of two who come at once the second finds it done, and
    nobody sets a password meanwhile.
    """
    rows = Membership.objects.select_for_update(of=("self", "user")).select_related("user", "unit", "given_by")
    membership = rows.filter(pk=membership_id, confirmed_at__isnull=True).first()
    if membership is None or not confirmable_roles(actor).filter(pk=membership_id).exists():
        raise NotAllowed(NOT_YOURS)
    return membership


def _record(actor: User | None, action: AuditAction, membership: Membership, note: str = "") -> AuditEvent:
    name = role_of(membership, unit_on(membership.unit, today()))
    return record(
        actor=actor,
        action=action,
        target=membership.user,
        unit=membership.unit,
        note=f"{name}: {note}" if note else name,
        changes={"role": membership.role, "starts_on": str(membership.starts_on)},
    )


def _words(membership: Membership) -> str:
    unit = unit_on(membership.unit, today())
    return f"vai trò {role_of(membership, unit)} tại {unit.name}"


def _givers(membership: Membership) -> list[User]:
    return [membership.given_by] if membership.given_by else []
