"""What reports wait for, on “Việc của tôi”: a unit's own that is due, findings to answer, drafts that its leader freezes."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from common.addresses import link_to
from common.dates import VIETNAM, today, write_day
from models_registry.selectors.seasons import seasons_for
from models_registry.selectors.tasks import LISTED, Task, asks
from organisation.models import Reader
from organisation.permissions import first_held, units_where
from organisation.roles import May
from organisation.tree import tree_for
from reports.enums import ReportState, Weight
from reports.models import Report
from reports.selectors.overview import REMINDED
from reports.services.clock import due_between

FREEZE_WITHIN = timedelta(days=5)  # after it was counted


def _drafts(user: Reader) -> QuerySet[Report]:
    held = units_where(user, May.FREEZE_REPORT) | units_where(user, May.WRITE_REPORT)
    return Report.objects.filter(unit__in=held, state=ReportState.DRAFT, built_at__isnull=False, as_of__lt=today())


@asks("bao-cao", lambda user: [_drafts(user)])
def of_reports(user: Reader) -> Iterable[Task]:
    """A line for each draft whose day is over, the newest first: who writes answers its findings, then the leader freezes it."""
    freezing, writing = units_where(user, May.FREEZE_REPORT), units_where(user, May.WRITE_REPORT)
    for report in _drafts(user).select_related("season").defer("counted", "facts").order_by("-as_of", "-pk")[:LISTED]:
        due = timezone.localtime(report.built_at, VIETNAM).date() + FREEZE_WITHIN
        name = _lower(report.title)
        left = sum(one["weight"] == Weight.ASKS and one["key"] not in report.answers for one in report.problems)
        if left and report.unit_id in writing:
            why = "Trả lời xong lãnh đạo mới chốt được."
            yield Task(
                due,
                f"Trả lời {left} chỗ cần đối chiếu: {name}",
                why,
                link_to("reports:report", report.pk, fragment="doi-chieu"),
                "Trả lời",
            )
        elif not left and report.unit_id in freezing:
            why = "Đã đếm xong. Chốt là gửi, có số; sau đó chỉ đính chính được."
            yield Task(due, f"Xem và chốt {name}", why, link_to("reports:report", report.pk), "Xem và chốt")


@asks("bao-cao")
def of_due_reports(user: Reader) -> Iterable[Task]:
    """The units' own reports whose day is over and which nobody has asked for; those of the body that gathers the clock makes."""
    held = units_where(user, May.WRITE_REPORT)
    if not held:
        return
    tree, due = tree_for(user), due_between(today() - REMINDED, today() - timedelta(days=1), seasons_for(user))
    asked = [(kind, season, day, version) for kind, season, day in due for version in tree.reporting_within(held, day)]
    if not asked:
        return
    made = Report.objects.filter(unit__in=held, as_of__gte=today() - REMINDED).values_list("kind", "season", "as_of", "unit")
    there = set(made)
    left = [one for one in asked if (one[0].slug, one[1].pk, one[2], one[3].unit_id) not in there]
    begun = first_held(held, May.WRITE_REPORT) if left else today()  # nobody was late before there was anybody to write
    left = [one for one in left if one[2] >= begun]
    by_unit: dict[tuple[str, int], list[Any]] = {}
    for one in left:
        by_unit.setdefault((one[3].name, one[1].pk), []).append(one)
    for (unit, _), its in list(by_unit.items())[-LISTED:]:
        yield _to_make(its, f", {unit}" if len(held) > 1 else "")


def _to_make(left: list[Any], of: str) -> Task:
    """One line for the reports of one unit in one season: due with the first of them."""
    names = [kind.titled(season.year, season.cutoff_on, day) for kind, season, day, _ in left]
    kind, season, day, _ = left[0]
    href = link_to("reports:home", nam=season.year)
    if len(left) == 1:
        why = f"Số liệu đến hết ngày {write_day(day)} đã đủ. Lập, xem lại, chốt là gửi."
        return Task(kind.send_by(day), f"Lập {_lower(names[0])}{of}", why, href, "Lập báo cáo")
    why = f"{'; '.join(names[:3])}{f' và {len(names) - 3} báo cáo nữa' if len(names) > 3 else ''}. Lập, xem lại, chốt là gửi."
    return Task(kind.send_by(day), f"Lập {len(left)} báo cáo đã hết kỳ{of}", why, href, "Lập báo cáo")


def _lower(name: str) -> str:
    return f"{name[:1].lower()}{name[1:]}"
