"""What others, or another tab, changed of an upload since a page of it was made."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from common.dates import VIETNAM
from models_registry.audit_actions import AuditAction
from models_registry.models import RegisterImport
from organisation.models import AuditEvent

NAMED, MOST = 5, 20  # rows of one change that are named; changes that are told
_WORDS: dict[str, str] = {
    AuditAction.MEND_IMPORT: "sửa ô",
    AuditAction.MEND_MANY: "sửa nhiều ô",
    AuditAction.UNDO_MEND_MANY: "hoàn tác",
    AuditAction.ANSWER_IMPORT: "trả lời",
    AuditAction.MAP_IMPORT: "đổi cách đọc cột",
}


@dataclass(frozen=True)
class Since:
    """`words`: each change, in words; `sources`: 'sheet!row' of rows that are not as the page shows them."""

    words: list[str] = field(default_factory=list)
    sources: frozenset[str] = frozenset()


def mark_of_page(upload: RegisterImport) -> int:
    """What a page keeps of the moment at which it was made: the newest entry of the audit trail about the upload."""
    return _events(upload).aggregate(newest=Max("pk"))["newest"] or 0


def changes_since(upload: RegisterImport, mark: str, until: int) -> Since:
    """What was changed after a page's mark, up to and with the entry `until`. What is no mark tells nothing."""
    if not (mark.isascii() and mark.isdecimal() and len(mark) < 16):
        return Since()
    events = list(_events(upload).filter(pk__gt=int(mark), pk__lte=until, action__in=_WORDS).order_by("pk")[:MOST])
    if not events:
        return Since()
    sources = {source for event in events for source in _sources(event.changes)}
    edits = upload.edits.filter(Q(made_at__gte=events[0].at) | Q(undone_at__gte=events[0].at))
    many = {source for edit in edits for source in edit.cells} if any("many" in event.action for event in events) else set()
    return Since([_said(event) for event in events], frozenset(sources | many))


def _events(upload: RegisterImport) -> QuerySet[AuditEvent]:
    return AuditEvent.objects.filter(target_type=upload._meta.label_lower, target_id=str(upload.pk))


def _sources(changes: dict[str, Any]) -> list[str]:
    found = changes.get("cells", changes.get("answers", {}))
    return list(found) if isinstance(found, dict) else []


def _said(event: AuditEvent) -> str:
    rows = [source.rpartition("!")[2] for source in _sources(event.changes)]
    named = f" dòng {', '.join(rows[:NAMED])}{' …' if len(rows) > NAMED else ''}" if rows else ""
    note = f" ({event.note})" if event.note else ""
    return f"{event.actor_name} {_WORDS[event.action]}{named}{note} lúc {_clock(event.at)}"


def _clock(at: datetime) -> str:
    return f"{timezone.localtime(at, VIETNAM):%H:%M}"
