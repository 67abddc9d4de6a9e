"""Measured outputs through the year: a row of dated values, each with who counted and what proves it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from common.dates import no_such_day, read_day, today, write_day
from common.exceptions import DomainError, NotAllowed
from common.numbers import read_number
from common.text import clean
from models_registry.audit_actions import AuditAction
from models_registry.models import EmulationModel, OutputMeasure
from models_registry.permissions import can_measure
from models_registry.services.locks import check_not_withdrawn, lock_registration
from models_registry.validators import EARLIEST, MOST
from organisation.audit import record
from organisation.models import User


class OutputRefused(DomainError):
    """What was typed cannot be stored; `errors` says what is wrong at which field."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = errors


@dataclass(frozen=True)
class MeasureTyped:
    """A value as typed; `evidence`: the id of the file that proves it."""

    what: str
    counting_unit: str
    quantity: str
    as_of: str
    source: str = ""
    qualifier: str = ""
    evidence: str = ""


@transaction.atomic
def record_output(*, registration_id: int, typed: MeasureTyped, actor: User) -> tuple[OutputMeasure, str]:
    """Add a value to the series of a registration's model.

    A value of the same thing on the same day is corrected, on record: (the value, what stood there before or ''). Raises OutputRefused with a sentence for each field.
    """
    registration = lock_registration(registration_id)
    if not can_measure(actor, registration):
        raise NotAllowed("Vai trò của đồng chí không ghi kết quả cho đăng ký này.")
    if registration.model is None or registration.registered_on is None:
        raise DomainError("Đăng ký chưa được nhận. Kết quả đo được ghi sau khi đơn vị nhận.")
    check_not_withdrawn(registration)
    values = _read(typed)
    evidence = next((one for one in registration.attachments.all() if str(one.pk) == typed.evidence), None)
    EmulationModel.objects.select_for_update().get(pk=registration.model.pk)
    known = OutputMeasure.objects.filter(model=registration.model, what=values["what"], as_of=values["as_of"]).first()
    measure = known or OutputMeasure(model=registration.model, what=values["what"], as_of=values["as_of"])
    before = str(known) if known else ""
    for name in ("counting_unit", "quantity", "source", "qualifier"):
        setattr(measure, name, values[name])
    measure.evidence, measure.recorded_by = evidence, actor
    measure.save()
    said = f"{measure.what}: {measure}, {write_day(measure.as_of)}"
    changes = {"quantity": [before, str(measure)]} if known else {}
    record(
        actor=actor, action=AuditAction.MEASURE_OUTPUT, target=registration, unit=registration.unit, note=said, changes=changes
    )
    return measure, before


_LIMITS = {"what": 200, "counting_unit": 30, "source": 300, "qualifier": 20}
_LABELS = {"what": "Đo cái gì", "counting_unit": "Đơn vị tính", "source": "Nguồn, ai đếm", "qualifier": "Mức chính xác"}


def _read(typed: MeasureTyped) -> dict[str, Any]:
    errors: dict[str, str] = {}
    values: dict[str, Any] = {name: clean(getattr(typed, name)) for name in _LIMITS}
    for name, limit in _LIMITS.items():
        if len(values[name]) > limit:
            errors[name] = f"{_LABELS[name]}: dài quá {limit} ký tự."
        elif name in ("what", "counting_unit") and not values[name]:
            errors[name] = f"{_LABELS[name]}: chưa viết."
    quantity = read_number(typed.quantity)
    if quantity is None or quantity > MOST or quantity != quantity.quantize(Decimal("0.01")):
        errors["quantity"] = "Số lượng: viết 1.500 cho một nghìn năm trăm, 2,5 cho hai rưỡi; không âm, nhiều nhất hai chữ số lẻ."
    values["quantity"] = quantity
    values["as_of"] = _read_day(typed.as_of, errors)
    if errors:
        raise OutputRefused(errors)
    return values


def _read_day(text: str, errors: dict[str, str]) -> date | None:
    day = read_day(text)
    if day is None:
        errors["as_of"] = no_such_day(text, label="Tính đến ngày")
    elif day > today():
        errors["as_of"] = f"Tính đến ngày: {write_day(day)} chưa tới; chỉ ghi số đã đếm."
    elif day < EARLIEST:
        errors["as_of"] = f"Tính đến ngày: {write_day(day)} quá xa. Xin xem lại năm."
    return day


@transaction.atomic
def remove_output(*, measure_id: int, registration_id: int, actor: User) -> None:
    """Take a value out of the series, on record. Raises DomainError when it was gone before."""
    registration = lock_registration(registration_id)
    if not can_measure(actor, registration):
        raise NotAllowed("Vai trò của đồng chí không sửa kết quả của đăng ký này.")
    check_not_withdrawn(registration)
    measure = OutputMeasure.objects.filter(pk=measure_id, model=registration.model_id).first()
    if measure is None or registration.registered_on is None:
        raise DomainError("Số đo này không còn.")
    said = f"{measure.what}: {measure}, {write_day(measure.as_of)}"
    record(actor=actor, action=AuditAction.REMOVE_OUTPUT, target=registration, unit=registration.unit, note=said)
    measure.delete()
