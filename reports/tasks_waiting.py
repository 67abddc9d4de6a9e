"""What reports wait for, on “Việc của tôi”: drafts that the unit's leader freezes."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from common.dates import VIETNAM, today
from models_registry.selectors.tasks import LISTED, Task, asks
from organisation.permissions import units_where
from organisation.roles import May
from reports.enums import ReportState
from reports.models import Report

FREEZE_WITHIN = timedelta(days=5)  # after it was counted


@asks
def of_reports(user: Any) -> Iterable[Task]:
    """A line for each draft whose day is over, the newest first."""
    held = units_where(user, May.FREEZE_REPORT)
    if not held:
        return
    drafts = Report.objects.filter(unit__in=held, state=ReportState.DRAFT, built_at__isnull=False, as_of__lt=today())
    for report in drafts.select_related("season").defer("counted", "facts").order_by("-as_of", "-pk")[:LISTED]:
        counted = timezone.localtime(report.built_at, VIETNAM).date()
        title = f"Xem và chốt {report.title[:1].lower()}{report.title[1:]}"
        why = "Đã đếm xong. Chốt là gửi, có số; sau đó chỉ đính chính được."
        yield Task(counted + FREEZE_WITHIN, title, why, reverse("reports:report", args=[report.pk]), "Xem và chốt")
