"""What the demo has done, in the audit trail: each step once for ever, and a database that has none of them is no demo."""

from collections.abc import Callable
from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from common.dates import VIETNAM, today
from models_registry.models import Season
from organisation.audit import record
from organisation.models import AuditEvent, User
from portal.audit_actions import AuditAction

WHOLE = "whole"  # the step that says that nothing is left to do
mark = settings.VAR_DIR / "demo_unfinished"  # there while what a first page shows is being loaded


@transaction.atomic
def once(step: str, season: Season, work: Callable[[], int | None]) -> int:
    """Do a step, whole or not at all, unless it was done before: what people made of it since stays. Returns how much was new."""
    if _done().filter(target_id=season.pk, note=step).exists():
        return 0
    made = work()
    record(actor=None, action=AuditAction.LOAD_DEMO, target=season, note=step)
    return 1 if made is None else made


def last_done(step: str, season: Season) -> date | None:
    """The day on which a step that goes on with the clock was done last; None before the first time."""
    at = _done().filter(target_id=season.pk, note=step).aggregate(last=Max("at"))["last"]
    return timezone.localtime(at, VIETNAM).date() if at else None


@transaction.atomic
def again(step: str, season: Season, work: Callable[[], int]) -> int:
    """Do a step that goes on with the clock. On record the first time, and whenever there was something new."""
    made = work()
    if made or last_done(step, season) is None:
        record(actor=None, action=AuditAction.LOAD_DEMO, target=season, note=step)
    return made


def is_demo() -> bool:
    """Whether this database was filled by the demo's loader."""
    return _done().exists()


def is_loaded() -> bool:
    """Whether there is anything at all: the demo is loaded into an empty database only."""
    return Season.objects.exists() or User.objects.exists()


def was_cut_off() -> bool:
    """Whether a start was stopped before what a first page shows was there."""
    return mark.exists()


def is_whole() -> bool:
    """Whether the demo is loaded up to the year of the clock."""
    recent = Season.objects.filter(year__gte=today().year).values_list("pk", flat=True)
    return _done().filter(target_id__in=[str(pk) for pk in recent], note=WHOLE).exists()


def was_whole() -> bool:
    """Whether it was loaded whole once, in whichever year: each account has its work."""
    return _done().filter(note=WHOLE).exists()


def _done() -> QuerySet[AuditEvent]:
    return AuditEvent.objects.filter(action=AuditAction.LOAD_DEMO, target_type=Season._meta.label_lower)
