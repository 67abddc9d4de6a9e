"""The one way into the audit trail."""

from typing import Any

from django.db.models import Model

from common.fresh import renew_after_commit
from organisation.models import AuditEvent, Unit


def record(
    *,
    actor: Any,
    action: str,
    target: Model,
    unit: Unit | None = None,
    note: str = "",
    changes: dict[str, Any] | None = None,
) -> AuditEvent:
    """Write down what was done, in the transaction that does it. `actor` None is the portal itself (a command, a schedule).

    What a thing is called in the trail it may say itself (`audit_name`): the trail is read by those who may not see the thing.
    """
    renew_after_commit()
    return AuditEvent.objects.create(
        actor=actor,
        actor_name=str(actor) if actor else "Cổng",
        action=action,
        target_type=target._meta.label_lower,
        target_id=str(target.pk),
        target_name=str(getattr(target, "audit_name", target))[:300],
        unit=unit,
        note=note,
        changes=changes or {},
    )
