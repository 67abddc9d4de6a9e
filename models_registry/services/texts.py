"""What is written about a model, what it measured, and taking a registration back."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction

from common.dates import day_begins, write_day
from common.exceptions import DomainError
from common.text import clean
from models_registry.audit_actions import AuditAction
from models_registry.enums import State
from models_registry.models import EmulationModel, FormerSlug, OutputMeasure, Registration
from models_registry.services.catalogue import refresh_counts
from organisation.audit import record
from organisation.models import User

TEXTS = ("why", "how", "cost", "outcome", "spread", "began", "source")


@transaction.atomic
def describe_model(*, model_id: int, texts: dict[str, str], slug: str = "", actor: User | None) -> EmulationModel:
    """Write the text of a model's page (keys of TEXTS), and give it an address of its own."""
    model = EmulationModel.objects.select_for_update().get(pk=model_id)
    changes = {name: [getattr(model, name), text] for name, text in texts.items() if getattr(model, name) != text}
    if slug and slug != model.slug:
        changes["slug"] = [model.slug, slug]
    if not set(changes) <= {*TEXTS, "slug"}:
        raise DomainError("Trang mô hình không có mục ấy.")
    for name, (_, new) in changes.items():
        setattr(model, name, new)
    if "slug" in changes:
        FormerSlug.objects.filter(slug=model.slug).delete()
        FormerSlug.objects.get_or_create(slug=changes["slug"][0], defaults={"model": model})
    if changes:
        model.save(update_fields=list(changes))
        record(actor=actor, action=AuditAction.DESCRIBE_MODEL, target=model, unit=model.unit, changes=changes)
    return model


@dataclass(frozen=True)
class NewMeasure:
    """One value of what is counted at a model, as of a day."""

    what: str
    counting_unit: str
    quantity: Decimal
    as_of: date
    source: str = ""
    precision: str = OutputMeasure.Precision.DAY


@transaction.atomic
def measure_output(*, model_id: int, value: NewMeasure, actor: User | None) -> OutputMeasure:
    """Add one value to a model's series; the same value of the same day again changes nothing."""
    model = EmulationModel.objects.select_for_update().get(pk=model_id)
    measure, created = OutputMeasure.objects.get_or_create(
        model=model,
        what=clean(value.what),
        as_of=value.as_of,
        defaults={
            "counting_unit": value.counting_unit,
            "quantity": value.quantity,
            "as_of_precision": value.precision,
            "source": value.source,
        },
    )
    if created:
        record(
            actor=actor,
            action=AuditAction.MEASURE_OUTPUT,
            target=model,
            unit=model.unit,
            note=f"{measure}, {write_day(value.as_of)}",
        )
    return measure


def withdraw(*, registration: Registration, withdrawn_on: date, actor: User | None, note: str = "") -> bool:
    """Take a locked registration back from a day on; False when it was taken back that day already."""
    if registration.registered_on is None:
        raise DomainError("Đăng ký này chưa vào sổ.")
    if withdrawn_on < registration.registered_on:
        raise DomainError(f"Ngày rút {write_day(withdrawn_on)} trước ngày đăng ký {write_day(registration.registered_on)}.")
    if registration.withdrawn_on == withdrawn_on:
        return False
    before = registration.withdrawn_on
    registration.withdrawn_on = withdrawn_on
    registration.state, registration.state_since = State.WITHDRAWN, day_begins(withdrawn_on)
    registration.save(update_fields=["withdrawn_on", "state", "state_since"])
    record(
        actor=actor,
        action=AuditAction.WITHDRAW,
        target=registration,
        unit=registration.unit,
        note=note,
        changes={"withdrawn_on": [before and before.isoformat(), withdrawn_on.isoformat()]},
    )
    refresh_counts(season_ids=[registration.season_id], unit_ids=[registration.unit_id])
    return True
