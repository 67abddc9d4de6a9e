"""The season's reports at a glance: what is due when, which are made and frozen, which units have sent theirs."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from models_registry.models import Season
from organisation.models import Unit, UnitVersion
from organisation.selectors.units import reporting_units
from reports.enums import ReportState
from reports.kinds import ReportKind, kinds
from reports.models import Report

REMINDED = timedelta(days=92)  # after a day so long nobody is reminded of its report


@dataclass
class Due:
    """One day of one kind: the body's own report, and the units' beside it."""

    kind: ReportKind
    day: date
    own: Report | None = None
    sent: list[UnitVersion] = field(default_factory=list)
    """Units that have frozen theirs."""
    late: list[tuple[UnitVersion, date]] = field(default_factory=list)
    """Of them those that did after the last day for it, and when."""
    missing: list[UnitVersion] = field(default_factory=list)
    made: dict[int, Report] = field(default_factory=dict)
    """unit id -> its newest report of the day"""
    sent_on: dict[int, date] = field(default_factory=dict)
    """unit id -> when it sent its first"""
    called: str = ""
    """'Tháng 9 năm 2023'"""

    is_over: bool = False
    """The last day to send is over: who is missing is late."""
    may_remind: bool = False
    """Units are missing, and the day is not so long ago that nobody waits for it."""

    make_as_of: date | None = None
    """As of which day the body's own may be made now: its day, or today while its span runs. None: it is there, or not begun."""

    @property
    def send_by(self) -> date:
        return self.kind.send_by(self.day)

    @property
    def total(self) -> int:
        return len(self.sent) + len(self.missing)


def overview(season: Season, unit: Unit, now: date, *, whole: bool) -> list[Due]:
    """The days of a season in order; for the body that gathers, with which of its units have sent. A query for each day's units
    (they change with reforms) and one for all reports.
    """
    reports = Report.objects.filter(season=season).select_related("unit", "job").defer("counted", "facts", "problems", "texts")
    reports = reports.order_by("correction")
    by_day: dict[tuple[str, date], dict[int, Report]] = defaultdict(dict)
    for one in reports:
        by_day[one.kind, one.as_of][one.unit_id] = one
    frozen: dict[tuple[str, date, int], date] = {}
    for one in reports:
        if one.frozen_on:
            frozen.setdefault((one.kind, one.as_of, one.unit_id), one.frozen_on)  # a later correction makes nobody late
    units: dict[date, list[UnitVersion]] = {}
    found = []
    for kind in kinds():
        for day in kind.due(season.year, season.cutoff_on):
            if day < season.opens_on:
                continue
            there = by_day[kind.slug, day]
            due = Due(kind, day, there.get(unit.pk), called=kind.called(season.year, season.cutoff_on, day))
            due.made = there
            has_begun = max(kind.span(season.year, season.cutoff_on, day).since, season.opens_on) <= now
            due.make_as_of = min(day, now) if has_begun and due.own is None else None
            if whole and day <= now:
                if day not in units:
                    units[day] = [one for one in reporting_units(day) if one.unit_id != unit.pk]
                for version in units[day]:
                    sent_on = frozen.get((kind.slug, day, version.unit_id))
                    (due.sent if sent_on else due.missing).append(version)
                    if sent_on:
                        due.sent_on[version.unit_id] = sent_on
                    if sent_on and sent_on > due.send_by:
                        due.late.append((version, sent_on))
                due.is_over = now > due.send_by
                due.may_remind = bool(due.missing) and day >= now - REMINDED
            found.append(due)
    return sorted(found, key=lambda one: (one.day, one.kind.slug))


def coverage(report: Report) -> tuple[list[UnitVersion], list[UnitVersion]]:
    """Of a report of the body that gathers: (units that have frozen theirs of the same kind and day, those that have not)."""
    there = Report.objects.filter(kind=report.kind, season=report.season, as_of=report.as_of, state=ReportState.FROZEN)
    frozen = set(there.values_list("unit", flat=True))
    units = [one for one in reporting_units(report.as_of) if one.unit_id != report.unit_id]
    return [one for one in units if one.unit_id in frozen], [one for one in units if one.unit_id not in frozen]
