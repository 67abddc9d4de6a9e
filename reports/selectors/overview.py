"""The season's reports at a glance: what is due when, which are made and frozen, which units have sent theirs."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from models_registry.models import Season
from organisation.models import Unit, UnitVersion
from organisation.selectors import reporting_units
from reports.enums import ReportState
from reports.kinds import ReportKind, kinds
from reports.models import Report


@dataclass
class Due:
    """One day of one kind: the body's own report, and the units' beside it."""

    kind: ReportKind
    day: date
    own: Report | None = None
    sent: list[UnitVersion] = field(default_factory=list)
    """Units that have frozen theirs."""
    missing: list[UnitVersion] = field(default_factory=list)

    @property
    def total(self) -> int:
        return len(self.sent) + len(self.missing)


def overview(season: Season, unit: Unit, now: date, *, whole: bool) -> list[Due]:
    """The days of a season in order; for the body that gathers, with which of its units have sent. A query for each day's units
    (they change with reforms) and one for all reports.
    """
    reports = Report.objects.filter(season=season).select_related("unit", "job").defer("counted", "facts", "problems", "texts")
    by_day: dict[tuple[str, date], dict[int, Report]] = defaultdict(dict)
    for one in reports.order_by("correction"):
        by_day[one.kind, one.as_of][one.unit_id] = one
    units: dict[date, list[UnitVersion]] = {}
    found = []
    for kind in kinds():
        for day in kind.due(season.year, season.cutoff_on):
            if day < season.opens_on:
                continue
            there = by_day[kind.slug, day]
            due = Due(kind, day, there.get(unit.pk))
            if whole and day <= now:
                if day not in units:
                    units[day] = [one for one in reporting_units(day) if one.unit_id != unit.pk]
                for version in units[day]:
                    sent = there.get(version.unit_id)
                    (due.sent if sent and sent.state == ReportState.FROZEN else due.missing).append(version)
            found.append(due)
    return sorted(found, key=lambda one: (one.day, one.kind.slug))
