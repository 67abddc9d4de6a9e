"""The one way into the audit trail."""

import json
from typing import Any

from django.db.models import Model
from django.utils import timezone

from common.cache_version import renew_after_commit
from organisation.audit_actions import Audited
from organisation.digests import digest_of
from organisation.models import AuditEvent, Unit, User


def record(
    *,
    actor: User | None,
    action: Audited,
    target: Model,
    unit: Unit | None = None,
    note: str = "",
    changes: dict[str, Any] | None = None,
) -> AuditEvent:
    """Write down what was done, in the transaction that does it. `actor` None is the portal itself (a command, a schedule).

    What a thing is called in the trail it may say itself (`audit_name`): the trail is read by those who may not see the thing.
    The database ties the entry to the one before it (`AuditLink`).
    """
    renew_after_commit()
    event = AuditEvent(
        at=timezone.now(),
        actor=actor,
        actor_name=str(actor) if actor else "Cổng",
        action=str(action),
        target_type=target._meta.label_lower,
        target_id=str(target.pk),
        target_name=str(getattr(target, "audit_name", target))[:300],
        unit=unit,
        note=note,
        # As every database gives it back: keys as text, and no fraction, which PostgreSQL may return as another number.
        changes=json.loads(json.dumps(changes or {}), parse_float=str),
    )
    event.digest = digest_of(vars(event))
    event.save()
    return event
