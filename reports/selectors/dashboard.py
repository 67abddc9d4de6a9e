"""The year of all units at a glance: how far each is, what is due, this year beside the year before."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import CharField, Count, F, IntegerField, Min, Q, QuerySet, Value
from django.utils import timezone

from common.dates import VIETNAM, today
from models_registry.enums import SENT, Kind, State
from models_registry.models import Registration, Season
from models_registry.selectors.board import late_before
from models_registry.selectors.heirs import standing_on
from models_registry.selectors.seasons import seasons_for
from organisation.grouping import UnitGroup, grouped, told_apart
from organisation.models import Reader, UnitVersion
from recognition import selectors as recognition
from recognition.models import RecognitionRound
from recognition.selectors.rounds import rounds_led_by
from reports.enums import ReportState
from reports.kinds import ReportKind, kinds
from reports.models import Report
from reports.selectors.likened import Likened, likened
from reports.selectors.tally import STANDING_COLUMNS, standing_columns


@dataclass(frozen=True)
class DueReport:
    """A periodic report that units send: of which day, how it is called, until when."""

    kind: ReportKind
    day: date
    called: str

    @property
    def send_by(self) -> date:
        return self.kind.send_by(self.day)


@dataclass(frozen=True)
class UnitStages:
    """How far one unit is."""

    version: UnitVersion
    name: str
    states: Counter[str] = field(default_factory=Counter)
    late: int = 0
    """Of what waits to be checked, how many have waited too long."""
    recognised: int = 0
    proposed: int = 0
    has_reported: bool = False

    @property
    def registered(self) -> int:
        return sum(self.states[state] for state in SENT)

    @property
    def accepted(self) -> int:
        return self.states[State.ACCEPTED]

    @property
    def unfinished(self) -> int:
        return self.registered - self.accepted

    @property
    def is_settled(self) -> bool:
        """It has registered, and nothing of it waits."""
        return bool(self.registered) and not self.unfinished


@dataclass(frozen=True)
class Trend:
    """Registrations summed up day by day, of the units that registered in both years."""

    units: int
    areas: tuple[str, ...]
    """What the groups of these units are called together; empty where they are all units."""
    now: tuple[tuple[date, int], ...]
    before: tuple[tuple[date, int], ...] = ()
    season_before: Season | None = None


@dataclass(frozen=True)
class Dashboard:
    """What the page shows. Four queries beside the names', whatever the number of units."""

    season: Season
    day: date
    lines: tuple[UnitStages, ...]
    groups: tuple[UnitGroup, ...]
    new: int
    returned_since: date | None
    """Since when the registration that was returned first has not come again."""
    report: DueReport | None
    """The last that fell due."""
    next_report: DueReport | None
    rounds: tuple[RecognitionRound, ...]
    trend: Trend

    @property
    def registered(self) -> int:
        return sum(line.registered for line in self.lines)

    @property
    def is_over(self) -> bool:
        """The year has ended: nothing of it falls due."""
        return today() > self.season.last_day and today() > self.season.ends_on

    @property
    def is_report_late(self) -> bool:
        return self.report is not None and not self.is_over and self.day > self.report.send_by

    def of_state(self, state: str) -> int:
        return sum(line.states[state] for line in self.lines)


def dashboard(user: Reader, season: Season, units: Sequence[UnitVersion], day: date) -> Dashboard:
    """Of the units that report on the day and that the user follows."""
    report, following = reports_due(season, day)
    counts, new, returned = _counts(season, day, report)
    groups, names = grouped(units, day), told_apart(units, by_place=True)
    lines = tuple(
        UnitStages(
            version,
            names[version.unit_id],
            Counter({state: counts[state][version.unit_id] for state in SENT}),
            counts["late"][version.unit_id],
            counts["recognised"][version.unit_id],
            counts["proposed"][version.unit_id],
            bool(counts["reported"][version.unit_id]),
        )
        for version in units
    )
    return Dashboard(
        season,
        day,
        lines,
        tuple(groups),
        sum(new[line.version.unit_id] for line in lines),
        returned,
        report,
        following,
        tuple(rounds_led_by(user).filter(season=season).order_by("propose_until", "pk")),
        _trend(season, next((one for one in seasons_for(user) if one.year == season.year - 1), None), groups, day),
    )


def _counts(season: Season, day: date, due: DueReport | None) -> tuple[dict[str, Counter[int]], Counter[int], date | None]:
    """(a state, "late", "recognised", "proposed" or "reported" -> unit -> how many; unit -> new ones; since when the first waits
    for mending). One query, beside that of where the registrations of units that ended stand.
    """
    standing = standing_on(season, day)
    rows = Registration.objects.filter(season=season, state__in=SENT).order_by()
    is_late = Q(state=State.SUBMITTED, state_since__lt=late_before(season))
    parts: list[QuerySet[Any]] = [
        rows.annotate(what=F("state"), **standing_columns(standing))
        .values_list("what", *STANDING_COLUMNS, "kind")
        .annotate(n=Count("season"), late=Count("season", filter=is_late), since=Min("state_since"))
    ]
    for what, facts in (("recognised", recognition.by_own_unit(day)), ("proposed", recognition.proposed_by(day))):
        found = facts.filter(registration__season=season).order_by()
        found = found.annotate(
            what=Value(what, CharField()), of=Value("", CharField()), **standing_columns(standing, "registration__")
        )
        grouped_facts = found.values_list("what", "registration__unit", *STANDING_COLUMNS[1:], "of")
        parts.append(
            grouped_facts.annotate(
                n=Count("registration", distinct=True), late=Value(0, IntegerField()), since=Min("registration__state_since")
            )
        )
    if due:
        parts.append(_senders(season, due))
    counts: dict[str, Counter[int]] = defaultdict(Counter)
    new, returned = Counter[int](), []
    for what, unit_id, place_id, given_to, kind, number, late, since in parts[0].union(*parts[1:], all=True):
        is_handed_on = standing is not None and what != "reported"  # a report stays its writer's
        stands = standing.unit_of(unit_id, place_id, given_to) if standing and is_handed_on else unit_id
        counts[what][stands] += number
        counts["late"][stands] += late
        new[stands] += number if kind == Kind.NEW else 0
        if what == State.RETURNED:
            returned.append(timezone.localtime(since, VIETNAM).date())
    return counts, new, min(returned, default=None)


def reports_due(season: Season, day: date) -> tuple[DueReport | None, DueReport | None]:
    """(the report that fell due last, the next one)"""
    every = [
        DueReport(kind, due, kind.called(season.year, season.cutoff_on, due))
        for kind in kinds()
        for due in kind.due(season.year, season.cutoff_on)
        if due >= season.opens_on
    ]
    past = [due for due in every if due.day <= day]
    to_come = [due for due in every if due.day > day]
    return max(past, key=lambda due: due.day, default=None), min(to_come, key=lambda due: due.day, default=None)


def _senders(season: Season, due: DueReport) -> QuerySet[Any]:
    """Who sent the report, as rows of `_counts`."""
    frozen = Report.objects.filter(season=season, kind=due.kind.slug, as_of=due.day, state=ReportState.FROZEN).order_by()
    said = frozen.annotate(
        what=Value("reported", CharField()),
        **standing_columns(None),
        of=Value("", CharField()),
        n=Value(1, IntegerField()),
        late=Value(0, IntegerField()),
        since=F("frozen_at"),
    )
    return said.values_list("what", *STANDING_COLUMNS, "of", "n", "late", "since")


def _trend(season: Season, before: Season | None, groups: Sequence[UnitGroup], day: date) -> Trend:
    """Like with like: where only some of the units have a year before, these alone. One query."""
    every = [version.unit_id for group in groups for version in group.units]
    wanted = Q(season=season, registered_on__lte=day) | (Q(season=before) if before else Q(pk__in=[]))
    listed = Registration.objects.in_register().filter(wanted).values_list("season", "unit", "registered_on")
    rows = list(listed.annotate(n=Count("season", filter=Q(withdrawn_on__isnull=True))).order_by("registered_on"))
    like = likened(before, {row[1] for row in rows if row[0] == before.pk}, groups, day) if before else Likened(())
    if not like.units:  # nothing to compare with: the year alone, of all units
        before, like = None, Likened(tuple(every))
    sums: dict[int, dict[date, int]] = defaultdict(dict)
    totals = Counter[int]()
    for season_id, unit_id, registered_on, number in rows:
        if season_id != season.pk or like.reporters is None or unit_id in like.reporters:
            totals[season_id] += number
            sums[season_id][registered_on] = totals[season_id]
    return Trend(
        len(like.units),
        like.areas,
        tuple(sums[season.pk].items()),
        tuple(sums[before.pk].items()) if before else (),
        before,
    )
