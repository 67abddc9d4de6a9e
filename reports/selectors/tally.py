"""The tally: a season as of a day, whole and by unit. A query over dated facts, never over a status."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet, Value

from models_registry.enums import Kind, SubjectKind
from models_registry.models import Field, Registration, Season, Theme, ThemeTag
from models_registry.selectors import in_register
from organisation.models import Unit, UnitVersion
from organisation.naming import LevelName
from organisation.selectors import level_of_most, reporting_units, versions_on
from recognition import selectors as recognition
from reports import figures


@dataclass
class UnitTally:
    """One unit's line."""

    unit: UnitVersion
    reports: bool
    """False for a unit that no longer reports on the day but still holds registrations that count."""
    registered: int = 0
    new: int = 0
    district_recognised: int = 0
    province_proposed: int = 0
    province_recognised: int = 0
    province_collective: int = 0
    central_introduced: int = 0
    collective: int = 0
    by_field: Counter[str] = field(default_factory=Counter)

    @property
    def maintained(self) -> int:
        return self.registered - self.new

    @property
    def individual(self) -> int:
        return self.registered - self.collective

    @property
    def province_individual(self) -> int:
        return self.province_recognised - self.province_collective


@dataclass
class Tally:
    """The figures of a season as of a day, for all units or one."""

    season: Season
    as_of: date
    total: int = 0
    new: int = 0
    collective: int = 0
    by_field: dict[str, int] = field(default_factory=dict)
    district_recognised: int = 0
    province_proposed: int = 0
    province_recognised: int = 0
    province_collective: int = 0
    central_introduced: int = 0
    themes: list[tuple[int, str, int]] = field(default_factory=list)
    """(theme id, its label, registrations that serve it): only themes that an officer has named."""
    units: list[UnitTally] = field(default_factory=list)

    @property
    def own_level(self) -> LevelName:
        """What the units that report, most of them, and the honour that they give are called on the day."""
        return level_of_most([line.unit for line in self.reporting], self.as_of)

    @property
    def maintained(self) -> int:
        return self.total - self.new

    @property
    def individual(self) -> int:
        return self.total - self.collective

    @property
    def province_individual(self) -> int:
        return self.province_recognised - self.province_collective

    @property
    def reporting(self) -> list[UnitTally]:
        return [line for line in self.units if line.reports]

    @property
    def recognising_units(self) -> int:
        return sum(1 for line in self.reporting if line.district_recognised)

    @property
    def not_recognising(self) -> list[UnitTally]:
        return [line for line in self.reporting if not line.district_recognised]

    @property
    def proposing_units(self) -> int:
        return sum(1 for line in self.reporting if line.province_proposed)

    @property
    def not_proposing(self) -> list[UnitTally]:
        return [line for line in self.reporting if not line.province_proposed]

    def as_dict(self) -> dict[str, Any]:
        return {
            "as_of": self.as_of.isoformat(),
            "registered": {
                "total": self.total,
                "new": self.new,
                "maintained": self.maintained,
                "collective": self.collective,
                "individual": self.individual,
            },
            "by_field": self.by_field,
            "district_recognised": {"total": self.district_recognised, "units": self.recognising_units},
            "province_proposed": {
                "total": self.province_proposed,
                "units": self.proposing_units,
                "missing": [line.unit.unit.key for line in self.not_proposing],
            },
            "province_recognised": {
                "total": self.province_recognised,
                "collective": self.province_collective,
                "individual": self.province_individual,
            },
            "central_introduced": self.central_introduced,
            "by_unit": {
                line.unit.unit.key: {
                    "registered": line.registered,
                    "new": line.new,
                    "district_recognised": line.district_recognised,
                    "province_proposed": line.province_proposed,
                    "province_recognised": line.province_recognised,
                }
                for line in self.units
            },
        }


def tally(season: Season, day: date, unit: Unit | None = None) -> Tally:
    """The season's figures as of a day."""
    return tallies([(season, day)], unit)[0]


def tallies(asked: Sequence[tuple[Season, date]], unit: Unit | None = None, *, has_themes: bool = True) -> list[Tally]:
    """The figures of seasons as of days: grouped counts in SQL, then additions over at most a few hundred groups. As many
    queries for several as for one, but for the names of the units on each day.
    """
    names = dict(Field.objects.values_list("pk", "name"))
    cubes, facts = _cubes(asked, unit), _facts(asked, unit)
    themes = _themes(asked, unit) if has_themes else [[] for _ in asked]
    found = []
    for at, (season, day) in enumerate(asked):
        result = Tally(season, day, by_field=dict.fromkeys(names.values(), 0), themes=themes[at])
        reporting = reporting_units(day)
        lines = {one.unit_id: UnitTally(one, reports=True) for one in (reporting.filter(unit=unit) if unit else reporting)}
        holders = {row[0] for row in cubes[at]} | {row[1] for row in facts[at]} | ({unit.pk} if unit else set())
        others = versions_on(holders - set(lines), day) if holders - set(lines) else {}
        lines |= {pk: UnitTally(version, reports=False) for pk, version in sorted(others.items())}
        _add_registered(result, lines, cubes[at], names)
        _add_facts(result, lines, facts[at])
        result.units = list(lines.values())
        found.append(result)
    return found


def totals(asked: Sequence[tuple[Season, date]]) -> list[Tally]:
    """The sums alone of seasons as of days, without the lines of units and the themes: three queries, whatever is asked."""
    if not asked:
        return []
    names = dict(Field.objects.values_list("pk", "name"))
    cubes, facts = _cubes(asked, None), _facts(asked, None)
    found = []
    for at, (season, day) in enumerate(asked):
        result = Tally(season, day, by_field=dict.fromkeys(names.values(), 0))
        nowhere: dict[int, UnitTally] = defaultdict(lambda: UnitTally(UnitVersion(), reports=False))
        _add_registered(result, nowhere, cubes[at], names)
        _add_facts(result, nowhere, facts[at])
        found.append(result)
    return found


def honours(asked: Sequence[tuple[Season, date]]) -> list[Tally]:
    """Of seasons as of days only what was decided above their units, without lines: one query."""
    found = []
    for (season, day), counted in zip(asked, _facts(asked, None, HONOURS) if asked else [], strict=True):
        result = Tally(season, day)
        _add_facts(result, defaultdict(lambda: UnitTally(UnitVersion(), reports=False)), counted)
        found.append(result)
    return found


def registered_cube(rows: QuerySet[Registration], day: date) -> list[tuple[int, int, str, str, int]]:
    """(unit, field, kind, subject kind, how many) of what counts as registered on a day.

    Counts `season`, which is in the index and never null: counting `id` would read every row of the table.
    """
    grouped = figures.registered(rows, day).order_by().values_list("unit", "field", "kind", "subject_kind")
    return list(grouped.annotate(n=Count("season")))


def _parted(parts: list[QuerySet[Any]], size: int) -> list[list[tuple[Any, ...]]]:
    """The rows of queries that begin with the number of their part, in one query, by the part."""
    rows = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    found: list[list[tuple[Any, ...]]] = [[] for _ in range(size)]
    for at, *row in rows:
        found[at].append(tuple(row))
    return found


def _cubes(asked: Sequence[tuple[Season, date]], unit: Unit | None) -> list[list[tuple[Any, ...]]]:
    parts = []
    for at, (season, day) in enumerate(asked):
        rows = figures.registered(figures.rows_of(season), day).order_by()
        rows = rows.filter(unit=unit) if unit else rows
        grouped = rows.annotate(at=Value(at)).values_list("at", "unit", "field", "kind", "subject_kind")
        parts.append(grouped.annotate(n=Count("season")))
    return _parted(parts, len(asked))


FACTS = (
    ("district_recognised", recognition.by_own_unit),
    ("province_proposed", recognition.proposed_by),
    ("province_recognised", recognition.by_province),
    ("central_introduced", recognition.introduced_by),
)


HONOURS = ("province_recognised", "central_introduced")


def _facts(asked: Sequence[tuple[Season, date]], unit: Unit | None, names: Collection[str] = ()) -> list[list[tuple[Any, ...]]]:
    """(which of FACTS, unit, subject kind, how many registrations the facts speak of), of all FACTS or those of these names:
    counted from the facts, of which there are fewest.
    """
    parts = []
    for at, (season, day) in enumerate(asked):
        for which, (name, facts) in enumerate(FACTS):
            if names and name not in names:
                continue
            mine = _of(facts(day), season, unit).annotate(at=Value(at), which=Value(which))
            grouped = mine.values_list("at", "which", "registration__unit", "registration__subject_kind")
            parts.append(grouped.annotate(n=Count("registration", distinct=True)))
    return _parted(parts, len(asked))


def _themes(asked: Sequence[tuple[Season, date]], unit: Unit | None) -> list[list[tuple[int, str, int]]]:
    """(theme id, its label, registrations that serve it), by plan and position."""
    parts = []
    for at, (season, day) in enumerate(asked):
        tags = _of(ThemeTag.objects.filter(figures.counts_on(day, "registration__")), season, unit).exclude(theme__label="")
        grouped = tags.annotate(at=Value(at)).values_list("at", "theme__plan", "theme__position", "theme", "theme__label")
        parts.append(grouped.annotate(n=Count("pk")))
    return [[(pk, label, n) for _, _, pk, label, n in sorted(rows)] for rows in _parted(parts, len(asked))]


def _add_registered(result: Tally, lines: dict[int, UnitTally], counted: list[tuple[Any, ...]], names: dict[int, str]) -> None:
    for unit_id, field_id, kind, subject_kind, number in counted:
        line = lines[unit_id]
        line.registered += number
        line.by_field[names[field_id]] += number
        result.total += number
        result.by_field[names[field_id]] += number
        if kind == Kind.NEW:
            line.new += number
            result.new += number
        if subject_kind == SubjectKind.COLLECTIVE:
            line.collective += number
            result.collective += number


def _add_facts(result: Tally, lines: Mapping[int, UnitTally], counted: list[tuple[Any, ...]]) -> None:
    for which, unit_id, subject_kind, number in counted:
        name = FACTS[which][0]
        for one in (lines[unit_id], result):
            setattr(one, name, getattr(one, name) + number)
            if name == "province_recognised" and subject_kind == SubjectKind.COLLECTIVE:
                one.province_collective += number


def _of(facts: QuerySet[Any], season: Season, unit: Unit | None) -> QuerySet[Any]:
    mine = facts.filter(registration__season=season).order_by()
    return mine.filter(registration__unit=unit) if unit else mine


def listed(
    user: Any,
    figure: figures.Figure,
    season: Season,
    day: date,
    *,
    unit: Unit | None = None,
    field: Field | None = None,
    theme: Theme | None = None,
) -> QuerySet[Registration]:
    """Exactly the registrations that a figure counted, in the official order of units, then by name."""
    rows = figure.rows(in_register(user).filter(season=season), day)
    if unit:
        rows = rows.filter(unit=unit)
    if field:
        rows = rows.filter(field=field)
    if theme:
        rows = rows.filter(pk__in=ThemeTag.objects.filter(theme=theme).values("registration"))
    return rows.select_related("model", "field", "unit", "season").order_by("unit__position", "sort_key", "id")
