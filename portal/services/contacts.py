"""Whom the public asks about a unit's models."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from common.dates import today
from common.exceptions import DomainError, NotAllowed
from common.text import clean
from organisation.audit import record
from organisation.models import Unit, User
from portal.audit_actions import AuditAction
from portal.models import PublicContact
from portal.permissions import can_give_contact


@dataclass(frozen=True)
class ContactText:
    """Whom to ask, and how; `agreed_on`: when the person agreed whose own number or mail it is."""

    office: str
    phone: str = ""
    email: str = ""
    address: str = ""
    is_person: bool = False
    agreed_on: date | None = None


@transaction.atomic
def write_contact(*, unit: Unit, text: ContactText, actor: User) -> PublicContact:
    """An office's contact; a person's own only with the day on which the person agreed. Raises NotAllowed, DomainError."""
    _lock(unit, actor)
    texts = {
        "office": clean(text.office)[:150],
        "phone": clean(text.phone)[:40],
        "email": clean(text.email)[:254],
        "address": clean(text.address)[:200],
    }
    if not texts["office"] or not (texts["phone"] or texts["email"] or texts["address"]):
        raise DomainError("Xin ghi bộ phận trả lời và ít nhất một cách liên hệ.")
    if text.is_person and text.agreed_on is None:
        raise DomainError("Số hoặc thư riêng của một người chỉ công khai khi người ấy đồng ý: xin ghi ngày đồng ý.")
    if text.agreed_on and text.agreed_on > today():
        raise DomainError("Ngày đồng ý không thể ở tương lai.")
    told = texts | {"is_person": text.is_person, "agreed_on": text.agreed_on if text.is_person else None}
    contact, _ = PublicContact.objects.update_or_create(unit=unit, defaults=told)
    record(actor=actor, action=AuditAction.WRITE_CONTACT, target=contact, unit=unit, note=texts["office"])
    return contact


@transaction.atomic
def remove_contact(*, unit: Unit, actor: User) -> None:
    """Nothing is said of how to reach the unit any more. Once more changes nothing."""
    _lock(unit, actor)
    contact = PublicContact.objects.filter(unit=unit).first()
    if contact:
        record(actor=actor, action=AuditAction.REMOVE_CONTACT, target=contact, unit=unit)
        contact.delete()


def _lock(unit: Unit, actor: User) -> None:
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    if not can_give_contact(actor, unit):
        raise NotAllowed("Vai trò của đồng chí không ghi liên hệ cho đơn vị này.")
