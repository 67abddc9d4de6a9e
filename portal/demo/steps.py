"""What the demo has done, in the audit trail: each step once for ever, and a database that has none of them is no demo."""

from collections.abc import Callable

from django.db import transaction

from models_registry.models import Season
from organisation.audit import record
from organisation.models import AuditEvent

ACTION = "load-demo"


@transaction.atomic
def once(step: str, season: Season, work: Callable[[], int | None]) -> int:
    """Do a step, whole or not at all, unless it was done before: what people made of it since stays. Returns how much was new."""
    if AuditEvent.objects.filter(action=ACTION, target_type=Season._meta.label_lower, target_id=season.pk, note=step).exists():
        return 0
    made = work()
    record(actor=None, action=ACTION, target=season, note=step)
    return 1 if made is None else made


def is_demo() -> bool:
    """Whether this database was filled by the demo's loader."""
    return AuditEvent.objects.filter(action=ACTION, target_type=Season._meta.label_lower).exists()
