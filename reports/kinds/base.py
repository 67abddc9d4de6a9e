"""What a kind of report is, and the facts that its words are made of. Plain data: nothing here asks the database."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any

from common.dates import write_day


@dataclass(frozen=True)
class Span:
    """What a report speaks of: from a day to its last day, and how that is called."""

    since: date
    until: date
    label: str
    """'tháng 9 năm 2023', 'đến ngày 15/10/2023'"""
    name: str = ""
    """What a report of it is called where the label names no period: 'Tổng hợp 15/10/2023'."""


@dataclass
class UnitFacts:
    """One unit's line: its name on the day, its figures, what it registered in each field."""

    key: str
    name: str
    short: str
    reports: bool
    numbers: dict[str, int] = field(default_factory=dict)
    by_field: dict[str, int] = field(default_factory=dict)


@dataclass
class Before:
    """The same day of the season before."""

    season: int
    as_of: str
    numbers: dict[str, int]
    other_cutoff: str = ""
    """The cut-off day of that season where it is another day of the year; empty where it is the same."""
    units: list[str] = field(default_factory=list)
    """Keys of the units of now that are compared, where only some of them had a year before; empty: all."""
    areas: list[str] = field(default_factory=list)
    """What these are called together."""


@dataclass
class Named:
    """A recognised model as its decision names it; one proposed as it was registered, without a decision."""

    title: str
    subject: str
    unit: str
    field: str
    individual: bool
    decision: str


@dataclass
class Spread:
    """What replication came to by the day."""

    campaigns: int = 0
    places: int = 0
    new_places: int = 0
    outputs: list[tuple[str, str]] = field(default_factory=list)
    """(campaign, what it came to)"""
    rows: dict[str, str] = field(default_factory=dict)
    """'chien-dich', 'noi-lam', 'noi-lam-moi' -> the campaigns and places counted, packed (`reports.counted.pack_ids`)"""


SAID = "said"  # beside the facts of a frozen report: its text as it was read


@dataclass
class Facts:
    """All that a report says, as counted: names and numbers, no rule. Kept as JSON."""

    season: int
    since: str
    as_of: str
    label: str
    unit: str
    short: str
    whole: bool
    """Of the body that gathers the registers; else of one unit."""
    own_level: str
    """At which level its units recognise, as `LevelName.honour` calls it."""
    numbers: dict[str, int]
    arrived: dict[str, int]
    """Of them those that came in the span."""
    units: list[UnitFacts]
    fields: dict[str, int]
    before: Before | None = None
    recognised: list[Named] = field(default_factory=list)
    recognised_below: list[Named] = field(default_factory=list)
    """What the units themselves recognised; of a very great number the first ones."""
    proposed: list[Named] = field(default_factory=list)
    introduced: list[Named] = field(default_factory=list)
    grades: list[tuple[str, int, int, int]] = field(default_factory=list)
    """(grade, how many of those that the units recognised, of collectives, of individuals)"""
    themes: list[tuple[str, int]] = field(default_factory=list)
    spread: Spread = field(default_factory=Spread)
    head: str = "tỉnh"
    """What their head is, as `LevelName.place` calls it; of before there were names for it, a province."""
    cutoff: str = ""
    """The season's cut-off day as it stood when this was counted."""
    theme_rows: dict[str, str] = field(default_factory=dict)
    """theme -> the registrations that serve it, packed (`reports.counted.pack_ids`)"""
    arrived_rows: dict[str, str] = field(default_factory=dict)
    """figure -> the registrations of `arrived`, packed; empty where the span is all of the season."""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Facts":
        given = {name: value for name, value in kept.items() if name != SAID}
        given["units"] = [UnitFacts(**one) for one in given["units"]]
        given["before"] = Before(**given["before"]) if given["before"] else None
        for name in ("recognised", "recognised_below", "proposed", "introduced"):
            given[name] = [Named(**one) for one in given.get(name, [])]
        given["themes"] = [(label, number) for label, number in given["themes"]]
        spread = dict(given["spread"])
        spread["outputs"] = [(title, said) for title, said in spread["outputs"]]
        given["spread"] = Spread(**spread)
        return cls(**given)

    @property
    def compared(self) -> dict[str, int]:
        """The numbers that stand beside those of the year before: of the units that had one."""
        if self.before is None or not self.before.units:
            return self.numbers
        mine = [one.numbers for one in self.units if one.key in self.before.units]
        return {slug: sum(numbers.get(slug, 0) for numbers in mine) for slug in self.numbers}

    @property
    def reporting(self) -> list[UnitFacts]:
        return [one for one in self.units if one.reports]


Words = Callable[[Facts], str]


@dataclass(frozen=True)
class Section:
    """A part of the report's text. `words` makes its first wording, with figures in braces; without them an officer writes it."""

    key: str
    heading: str
    words: Words | None = None
    needed: bool = False
    """Whether it is to be written before the report is frozen."""


@dataclass(frozen=True)
class ReportKind:
    """One kind of periodic report. A new kind is one file like those beside this one."""

    slug: str
    name: str
    title: str
    """In the abstract: 'kết quả … {ky}'."""
    span: Callable[[int, date, date], Span]
    """(year, cut-off day, a day) -> what a report of that day speaks of."""
    due: Callable[[int, date], list[date]]
    """(year, cut-off day) -> the days whose report the clock makes."""
    sections: tuple[Section, ...]
    tables: frozenset[str] = frozenset({"units", "fields"})
    """units, fields, recognised (with what was proposed), before, spread"""
    days_to_send: int = 5
    """How long after its day a unit may freeze its own before that is late."""

    def send_by(self, day: date) -> date:
        return day + timedelta(days=self.days_to_send)

    def called(self, year: int, cutoff: date, day: date) -> str:
        """'Tháng 9 năm 2023', 'Tổng hợp 15/10/2023'."""
        span = self.span(year, cutoff, day)
        return span.name or span.label[:1].upper() + span.label[1:]

    def titled(self, year: int, cutoff: date, day: date) -> str:
        """'Báo cáo tháng 9 năm 2023', of a span that is not over with the day: 'Báo cáo năm 2023, tính đến 15/10/2023'."""
        span = self.span(year, cutoff, day)
        until = "" if day >= span.until else f", tính đến {write_day(day)}"
        return (span.name or f"Báo cáo {span.label}") + until

    def own_day(self, year: int, cutoff: date, since: date, now: date) -> date:
        """The day that a report of this kind is of when nobody names another: the last of its days that has come, else now.
        `since`: the season's first day.
        """
        return max((day for day in self.due(year, cutoff) if since <= day <= now), default=now)


_kinds: dict[str, ReportKind] = {}


def declare(kind: ReportKind) -> ReportKind:
    _kinds[kind.slug] = kind
    return kind


def kind_of(slug: str) -> ReportKind | None:
    return _kinds.get(slug)


def kinds() -> list[ReportKind]:
    return list(_kinds.values())
