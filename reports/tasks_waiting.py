"""What reports wait for, on “Việc của tôi”: findings to answer, drafts that the unit's leader freezes."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from common.dates import VIETNAM, today
from models_registry.selectors.tasks import LISTED, Task, asks
from organisation.permissions import units_where
from organisation.roles import May
from reports.enums import ReportState, Weight
from reports.models import Report

FREEZE_WITHIN = timedelta(days=5)  # after it was counted


@asks("bao-cao")
def of_reports(user: Any) -> Iterable[Task]:
    """A line for each draft whose day is over, the newest first: who writes answers its findings, then the leader freezes it."""
    freezing, writing = units_where(user, May.FREEZE_REPORT), units_where(user, May.WRITE_REPORT)
    if not freezing and not writing:
        return
    drafts = Report.objects.filter(
        unit__in=freezing | writing, state=ReportState.DRAFT, built_at__isnull=False, as_of__lt=today()
    )
    for report in drafts.select_related("season").defer("counted", "facts").order_by("-as_of", "-pk")[:LISTED]:
        due = timezone.localtime(report.built_at, VIETNAM).date() + FREEZE_WITHIN
        href, name = reverse("reports:report", args=[report.pk]), f"{report.title[:1].lower()}{report.title[1:]}"
        left = sum(one["weight"] == Weight.ASKS and one["key"] not in report.answers for one in report.problems)
        if left and report.unit_id in writing:
            why = "Trả lời xong lãnh đạo mới chốt được."
            yield Task(due, f"Trả lời {left} chỗ cần đối chiếu: {name}", why, f"{href}#doi-chieu", "Trả lời")
        elif not left and report.unit_id in freezing:
            why = "Đã đếm xong. Chốt là gửi, có số; sau đó chỉ đính chính được."
            yield Task(due, f"Xem và chốt {name}", why, href, "Xem và chốt")
