"""The tally: a season as of a day, whole and by unit. A query over dated facts, never over a status."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import CharField, Count, F, Q, QuerySet, Value

from models_registry.enums import Kind, SubjectKind
from models_registry.models import Field, Registration, Season, Theme, ThemeTag, YearVerdict
from models_registry.selectors import in_register
from models_registry.selectors.heirs import NOWHERE, Standing, held_by, rows_of_unit, standing_on
from models_registry.selectors.verdicts import verdicts_on
from organisation.grouping import told_apart
from organisation.models import Reader, Unit, UnitVersion
from organisation.selectors.units import versions_on
from organisation.tree import unit_tree
from recognition import selectors as recognition
from reports import figures
from reports.selectors.tallied import Tally, UnitTally


def tally(season: Season, day: date, unit: Unit | None = None, *, fields: Iterable[Field] | None = None) -> Tally:
    """The season's figures as of a day, by all fields or by those that a page has at hand."""
    return tallies([(season, day)], unit, fields=fields)[0]


def tallies(
    asked: Sequence[tuple[Season, date]],
    unit: Unit | None = None,
    *,
    fields: Iterable[Field] | None = None,
    has_themes: bool = True,
) -> list[Tally]:
    """The figures of seasons as of days: grouped counts in SQL, then additions over at most a few hundred groups. As many
    queries for several as for one, but for the names of the units on each day.
    """
    names = {field.pk: field.name for field in (Field.objects.all() if fields is None else fields)}
    standings, tree = [standing_on(season, day) for season, day in asked], unit_tree()
    cubes, facts = _cubes(asked, unit, standings), _facts(asked, unit, standings, [ALL] * len(asked))
    themes = _themes(asked, unit) if has_themes else [[] for _ in asked]
    found = []
    for at, (season, day) in enumerate(asked):
        result = Tally(season, day, by_field=dict.fromkeys(names.values(), 0), themes=themes[at])
        reporting = tree.reporting_within([unit.pk] if unit else None, day)
        lines = {one.unit_id: UnitTally(one, reports=True) for one in reporting}
        holders = {row[0] for row in cubes[at]} | {row[1] for row in facts[at]} | ({unit.pk} if unit else set())
        others = versions_on(holders - set(lines), day) if holders - set(lines) else {}
        lines |= {pk: UnitTally(version, reports=False) for pk, version in sorted(others.items())}
        _add_registered(result, lines, cubes[at], names)
        _add_facts(result, lines, facts[at])
        _add_origins(result, lines, unit, standings[at])
        result.units = list(lines.values())
        found.append(result)
    return found


def totals(asked: Sequence[tuple[Season, date]], later: Sequence[tuple[Season, date]] = ()) -> tuple[list[Tally], list[Tally]]:
    """(The sums alone of seasons as of days, without lines of units, fields and themes; of those in `later` only what was decided
    above their units.) Two queries, whatever is asked.
    """
    every = [*asked, *later]
    if not every:
        return [], []
    cubes = _cubes(asked, None, [None] * len(asked)) if asked else []
    facts = _facts(every, None, [None] * len(every), [ALL] * len(asked) + [HONOURS] * len(later))
    found = []
    for at, (season, day) in enumerate(every):
        result = Tally(season, day)
        nowhere: dict[int, UnitTally] = defaultdict(lambda: UnitTally(UnitVersion(), reports=False))
        _add_registered(result, nowhere, cubes[at] if at < len(asked) else [])
        _add_facts(result, nowhere, facts[at])
        found.append(result)
    return found[: len(asked)], found[len(asked) :]


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


Standings = Sequence[Standing | None]


def _cubes(asked: Sequence[tuple[Season, date]], unit: Unit | None, standings: Standings) -> list[list[tuple[Any, ...]]]:
    parts = []
    for at, ((season, day), standing) in enumerate(zip(asked, standings, strict=True)):
        rows = figures.registered(figures.rows_of(season), day).order_by()
        rows = _in_line(rows, unit, standing)
        grouped = rows.annotate(at=Value(at), **standing_columns(None if unit else standing)).values_list(
            "at", *STANDING_COLUMNS, "field", "kind", "subject_kind"
        )
        parts.append(grouped.annotate(n=Count("season")))
    return [_settled(rows, unit, standings[at], 0) for at, rows in enumerate(_parted(parts, len(asked)))]


STANDING_COLUMNS = ("unit", "at_place", "given")


def standing_columns(standing: Standing | None, prefix: str = "") -> dict[str, Any]:
    """The columns that say where rows stand, beside their unit: nothing where no unit of the season ended by the day."""
    if standing is None:
        return {"at_place": NOWHERE, "given": NOWHERE}
    return {"at_place": F(f"{prefix}place"), "given": standing.given_to(prefix)}


def _settled(rows: list[tuple[Any, ...]], unit: Unit | None, standing: Standing | None, at: int) -> list[tuple[Any, ...]]:
    """The rows with one unit, the one in whose line they count, for the three columns from `at` on: the unit that was asked about
    alone, else where each stands.
    """

    def line(*where: Any) -> int:
        return unit.pk if unit else standing.unit_of(*where) if standing else where[0]

    return [(*row[:at], line(*row[at : at + 3]), *row[at + 3 :]) for row in rows]


def _in_line(rows: QuerySet[Any], unit: Unit | None, standing: Standing | None, prefix: str = "") -> QuerySet[Any]:
    if unit is None:
        return rows
    return rows.filter(standing.of([unit.pk], prefix) if standing else Q(**{f"{prefix}unit": unit}))


def _judged(day: date) -> QuerySet[YearVerdict]:
    return verdicts_on(day).filter(figures.counts_on(day, "registration__"))


FACTS: tuple[tuple[str, Callable[[date], QuerySet[Any]]], ...] = (
    ("district_recognised", recognition.by_own_unit),
    ("province_proposed", recognition.proposed_by),
    ("province_recognised", recognition.by_province),
    ("central_introduced", recognition.introduced_by),
    ("verdict", _judged),
    ("graded", recognition.graded_by),
    ("praised", recognition.praised_by),
)


ALL = tuple(name for name, _ in FACTS)
HONOURS = ("province_recognised", "central_introduced")
SAID = {"graded": "grade__name", "verdict": "verdict"}
"""What the facts of a kind are told apart by."""


def _facts(
    asked: Sequence[tuple[Season, date]], unit: Unit | None, standings: Standings, names: Sequence[Collection[str]]
) -> list[list[tuple[Any, ...]]]:
    """(which of FACTS, unit, subject kind, grade or verdict, how many registrations the facts speak of), of the FACTS of these names:
    counted from the facts, of which there are fewest.
    """
    parts, apart = [], [None if unit else standing for standing in standings]
    for at, (season, day) in enumerate(asked):
        for which, (name, facts) in enumerate(FACTS):
            if name not in names[at]:
                continue
            mine = _in_line(facts(day).filter(registration__season=season), unit, standings[at], "registration__").order_by()
            said = F(SAID[name]) if name in SAID else Value("", CharField())
            mine = mine.annotate(at=Value(at), which=Value(which), said=said, **standing_columns(apart[at], "registration__"))
            grouped = mine.values_list(
                "at", "which", "registration__unit", "at_place", "given", "registration__subject_kind", "said"
            )
            parts.append(grouped.annotate(n=Count("registration", distinct=True)))
    return [_settled(rows, unit, standings[at], 1) for at, rows in enumerate(_parted(parts, len(asked)))]


def _themes(asked: Sequence[tuple[Season, date]], unit: Unit | None) -> list[list[tuple[int, str, int]]]:
    """(theme id, its label, registrations that serve it), by plan and position."""
    parts = []
    for at, (season, day) in enumerate(asked):
        tags = ThemeTag.objects.filter(figures.counts_on(day, "registration__"), registration__season=season).order_by()
        tags = rows_of_unit(tags, season, unit, day, "registration__").exclude(theme__label="")
        grouped = tags.annotate(at=Value(at)).values_list("at", "theme__plan", "theme__position", "theme", "theme__label")
        parts.append(grouped.annotate(n=Count("pk")))
    return [[(pk, label, n) for _, _, pk, label, n in sorted(rows)] for rows in _parted(parts, len(asked))]


def _add_registered(
    result: Tally, lines: dict[int, UnitTally], counted: list[tuple[Any, ...]], names: Mapping[int, str] | None = None
) -> None:
    for unit_id, field_id, kind, subject_kind, number in counted:
        for counts in (lines[unit_id], result):
            counts.registered += number
            if names and field_id in names:  # a page may have fields at hand that it remembers from before one was added
                counts.by_field[names[field_id]] += number
            if kind == Kind.NEW:
                counts.new += number
            if subject_kind == SubjectKind.COLLECTIVE:
                counts.collective += number


def _add_facts(result: Tally, lines: Mapping[int, UnitTally], counted: list[tuple[Any, ...]]) -> None:
    for which, unit_id, subject_kind, said, number in counted:
        name = FACTS[which][0]
        if name == "graded":
            result.graded[said, subject_kind] += number
            lines[unit_id].graded[said] += number
            continue
        name = said if name == "verdict" else name
        for one in (lines[unit_id], result):
            setattr(one, name, getattr(one, name) + number)
            if name == "province_recognised" and subject_kind == SubjectKind.COLLECTIVE:
                one.province_collective += number


def _add_origins(result: Tally, lines: dict[int, UnitTally], unit: Unit | None, standing: Standing | None) -> None:
    """Whose it was, of what counts at the heir of a unit that ended: one more query, in a season in which units ended."""
    if standing is None:
        return
    season, day = result.season, result.as_of
    rows = figures.registered(figures.rows_of(season), day).filter(unit__in=standing.ended).order_by()
    grouped = _in_line(rows, unit, standing).annotate(**standing_columns(standing)).values_list(*STANDING_COLUMNS)
    moved = [(standing.unit_of(*where), where[0], number) for *where, number in grouped.annotate(n=Count("season"))]
    names = told_apart(versions_on({was for _, was, _ in moved}, season.opens_on).values())
    for now, was, number in moved:
        if now != was:
            lines[now].origins[names[was]] += number


def listed(
    user: Reader,
    figure: figures.Figure,
    season: Season,
    day: date,
    *,
    units: Collection[int] = (),
    field: Field | None = None,
    theme: Theme | None = None,
) -> QuerySet[Registration]:
    """Exactly the registrations that a figure counted, of these units or of all, in the official order of units, then by name."""
    rows = figure.rows(in_register(user).filter(season=season), day)
    if units:
        rows = rows.filter(held_by(units, season, day))
    if field:
        rows = rows.filter(field=field)
    if theme:
        rows = rows.filter(pk__in=ThemeTag.objects.filter(theme=theme).values("registration"))
    return rows.select_related("model", "field", "unit", "season").order_by("unit__position", "sort_key", "id")
