"""The tally: a season as of a day, whole and by unit. A query over dated facts, never over a status."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet

from models_registry.enums import Kind, SubjectKind
from models_registry.models import Field, Registration, Season, Theme, ThemeTag
from models_registry.selectors import in_register
from organisation.models import Unit, UnitVersion
from organisation.selectors import reporting_units, versions_on
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
    """The season's figures as of a day: grouped counts in SQL, then additions over at most a few hundred groups."""
    rows = figures.rows_of(season)
    reporting = reporting_units(day)
    if unit:
        rows, reporting = rows.filter(unit=unit), reporting.filter(unit=unit)
    result = Tally(season, day, by_field=dict.fromkeys(Field.objects.values_list("name", flat=True), 0))
    lines = {version.unit_id: UnitTally(version, reports=True) for version in reporting}
    counted = registered_cube(rows, day)
    recognised = _by_unit(recognition.by_own_unit(day), season, unit)
    proposed = _by_unit(recognition.proposed_by(day), season, unit)
    province = _by_unit_and_subject(recognition.by_province(day), season, unit)
    introduced = _by_unit(recognition.introduced_by(day), season, unit)
    holders = {row[0] for row in counted} | set(recognised) | set(proposed) | set(introduced)
    holders |= {unit_id for unit_id, _ in province}
    if unit:
        holders.add(unit.pk)
    others = versions_on(holders - set(lines), day) if holders - set(lines) else {}
    lines |= {pk: UnitTally(version, reports=False) for pk, version in sorted(others.items())}
    _add_registered(result, lines, counted)
    for unit_id, number in recognised.items():
        lines[unit_id].district_recognised += number
        result.district_recognised += number
    for unit_id, number in proposed.items():
        lines[unit_id].province_proposed += number
        result.province_proposed += number
    for (unit_id, subject_kind), number in province.items():
        collective = number if subject_kind == SubjectKind.COLLECTIVE else 0
        lines[unit_id].province_recognised += number
        lines[unit_id].province_collective += collective
        result.province_recognised += number
        result.province_collective += collective
    for unit_id, number in introduced.items():
        lines[unit_id].central_introduced += number
        result.central_introduced += number
    result.themes = _by_theme(season, day, unit)
    result.units = list(lines.values())
    return result


def registered_cube(rows: QuerySet[Registration], day: date) -> list[tuple[int, int, str, str, int]]:
    """(unit, field, kind, subject kind, how many) of what counts as registered on a day.

    Counts `season`, which is in the index and never null: counting `id` would read every row of the table.
    """
    grouped = figures.registered(rows, day).order_by().values_list("unit", "field", "kind", "subject_kind")
    return list(grouped.annotate(n=Count("season")))


def _by_theme(season: Season, day: date, unit: Unit | None) -> list[tuple[int, str, int]]:
    tags = _of(ThemeTag.objects.filter(figures.counts_on(day, "registration__")), season, unit).exclude(theme__label="")
    counted = tags.order_by("theme__plan", "theme__position").values_list("theme", "theme__label")
    return list(counted.annotate(n=Count("pk")))


def _add_registered(result: Tally, lines: dict[int, UnitTally], counted: list[tuple[int, int, str, str, int]]) -> None:
    names = dict(Field.objects.values_list("pk", "name"))
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


def _by_unit(facts: QuerySet[Any], season: Season, unit: Unit | None) -> Counter[int]:
    """unit id -> registrations of the season that the facts speak of; counted from the facts, of which there are fewest."""
    grouped = _of(facts, season, unit).values_list("registration__unit").annotate(n=Count("registration", distinct=True))
    return Counter(dict(grouped.values_list("registration__unit", "n")))


def _by_unit_and_subject(facts: QuerySet[Any], season: Season, unit: Unit | None) -> dict[tuple[int, str], int]:
    grouped = _of(facts, season, unit).values_list("registration__unit", "registration__subject_kind")
    return {(pk, kind): n for pk, kind, n in grouped.annotate(n=Count("registration", distinct=True))}


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
