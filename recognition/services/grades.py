"""The grades of a body: declared from a day, ended on a day."""

from datetime import date

from django.db import transaction

from common.dates import write_day
from common.exceptions import DomainError, NotAllowed
from common.text import clean
from organisation.audit import record
from organisation.models import Unit, User
from recognition.audit_actions import AuditAction
from recognition.models import Grade
from recognition.permissions import can_set_criteria


@transaction.atomic
def declare_grade(*, unit: Unit, name: str, valid_from: date, actor: User) -> Grade:
    """A grade that the body gives from a day on. Raises NotAllowed, DomainError."""
    _lock(unit, actor)
    title = clean(name)[:60]
    if not title or set("{}") & set(title):
        raise DomainError("Xin ghi tên mức bằng chữ, ví dụ “tiêu biểu”.", field="name")
    if Grade.objects.filter(unit=unit, name=title).exists():
        raise DomainError(f"Mức “{title}” đã khai rồi.", field="name")
    made = Grade.objects.create(unit=unit, name=title, valid_from=valid_from)
    record(actor=actor, action=AuditAction.DECLARE_GRADE, target=made, unit=unit, note=f"từ {write_day(valid_from)}")
    return made


@transaction.atomic
def end_grade(*, grade_id: int, valid_until: date, actor: User) -> Grade:
    """The last day of a grade; what was given stays."""
    unit = Unit.objects.get(grades=grade_id)
    _lock(unit, actor)
    found = Grade.objects.select_for_update(of=("self",)).get(pk=grade_id)
    if valid_until < found.valid_from:
        raise DomainError(f"Ngày cuối phải từ {write_day(found.valid_from)} trở đi.", field="valid_until")
    found.valid_until = valid_until
    found.save(update_fields=["valid_until"])
    record(actor=actor, action=AuditAction.END_GRADE, target=found, unit=unit, note=f"đến hết {write_day(valid_until)}")
    return found


def _lock(unit: Unit, actor: User) -> None:
    if not can_set_criteria(actor, unit):
        raise NotAllowed("Vai trò của đồng chí không khai mức công nhận của đơn vị này.")
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
