"""Reads of the register: seasons, registrations one may see, the catalogue and its counts."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from common.text import search_words
from models_registry.enums import Kind, SubjectKind
from models_registry.models import (
    CatalogueCount,
    EmulationModel,
    Field,
    OutputMeasure,
    Period,
    RegisterImport,
    Registration,
    Season,
    Theme,
)
from models_registry.registers.vocabulary import FieldBook, PlaceBook
from organisation.models import Unit, UnitVersion
from organisation.permissions import units_where
from organisation.roles import May
from organisation.selectors import children, subtree_ids, unit_on

PAGE_SIZE = 24
COUNT_LIMIT = 10_000  # a search that finds more says "hơn 10.000" and does not count on


def visible_to(user: Any) -> QuerySet[Registration]:
    """Registrations that a user may see: a registration that stands in a register is public, withdrawn or not."""
    return Registration.objects.all()


def models_visible_to(user: Any) -> QuerySet[EmulationModel]:
    """Models that a user may see: those that have a registration that the user may see."""
    return EmulationModel.objects.filter(registrations__in=visible_to(user)).distinct()


def imports_visible_to(user: Any) -> QuerySet[RegisterImport]:
    """Uploads of registers: those of the units, and of units below them, where the user may upload."""
    held = units_where(user, May.IMPORT_REGISTER)
    if not held:
        return RegisterImport.objects.none()
    mine = Q()
    for season in Season.objects.all():
        mine |= Q(season=season, unit__in=subtree_ids(held, season.last_day))
    found = RegisterImport.objects.filter(mine) if mine else RegisterImport.objects.none()
    return found.select_related("season", "unit", "job", "uploaded_by")


def seasons() -> QuerySet[Season]:
    return Season.objects.select_related("period")


def newest_season() -> Season | None:
    """The newest season that has registrations, else the newest of all."""
    filled = seasons().filter(pk__in=Registration.objects.values("season"))
    return filled.first() or seasons().first()


def themes(period: Period) -> QuerySet[Theme]:
    return Theme.objects.filter(period=period)


def field_book() -> FieldBook:
    return FieldBook((field.pk, field.name, [field.short_name, *field.synonyms.splitlines()]) for field in Field.objects.all())


def place_book(unit: Unit, season: Season) -> PlaceBook:
    """The places inside one unit, as they were at any time of the season."""
    own = unit_on(unit, season.last_day)
    below: dict[tuple[int, str], UnitVersion] = {}
    for day in (season.opens_on, season.cutoff_on, season.last_day):
        for version in children(unit, day):
            below[version.unit_id, version.place] = version
    return PlaceBook(
        own.name,
        [own.place, own.name, own.short_name],
        [(v.unit_id, v.unit.key, v.place, v.name) for v in below.values()],
    )


@dataclass(frozen=True)
class CatalogueFilter:
    """What a visitor asks the catalogue for; empty means any. Everything comes from the address."""

    words: str = ""
    field: int | None = None
    unit: int | None = None
    season: int | None = None
    honour: int | None = None
    """A rank: recognised at that level or a higher one; 0: registered and nothing more."""
    kind: str = ""
    subject_kind: str = ""
    order: str = ""


ORDERS = {
    "": ("-honour_rank", "sort_key", "id"),
    "ten": ("sort_key", "id"),
    "moi": ("-registered_on", "sort_key", "id"),
}
_COLUMNS = {"field": "field_id", "unit": "unit_id", "kind": "kind", "subject_kind": "subject_kind"}


def in_catalogue(user: Any, wanted: CatalogueFilter) -> QuerySet[Registration]:
    """The registrations that stand in the catalogue: one season's, or each model's latest; none withdrawn."""
    found = visible_to(user).filter(withdrawn_on__isnull=True)
    return found.filter(season=wanted.season) if wanted.season else found.filter(is_latest=True)


def _narrow(rows: QuerySet[Any], wanted: CatalogueFilter) -> QuerySet[Any]:
    """The filter's choices, on registrations or on their kept counts alike; words and season apart."""
    for name, column in _COLUMNS.items():
        if value := getattr(wanted, name):
            rows = rows.filter(**{column: value})
    if wanted.honour is not None:
        rows = rows.filter(honour_rank__gte=wanted.honour) if wanted.honour else rows.filter(honour_rank=0)
    return rows


def find(user: Any, wanted: CatalogueFilter) -> QuerySet[Registration]:
    """What the filter finds, in its order."""
    found = _narrow(in_catalogue(user, wanted), wanted)
    return search(found, wanted.words).order_by(*ORDERS.get(wanted.order, ORDERS[""]))


def card_rows(rows: QuerySet[Registration]) -> Any:
    """Only what a card of the catalogue shows, without making objects of it: the rows' names are the attributes."""
    shown = ("pk", "model_id", "title", "subject", "unit_name", "kind", "subject_kind", "honour_rank")
    return rows.values_list(*shown, "model__slug", named=True)


def for_export(rows: QuerySet[Registration]) -> QuerySet[Registration]:
    """With what the columns of an Excel file name."""
    return rows.select_related("field", "season")


def search(found: QuerySet[Registration], words: str) -> QuerySet[Registration]:
    """Narrow to rows that have, for each word, a word that begins with it; marks and case do not count."""
    for word in search_words(words):
        found = found.filter(search_text__contains=f" {word}")
    return found


@dataclass(frozen=True)
class Counts:
    """How many the filter finds, and how many each other choice would find: {"field": {id: n}, "honour": {rank: n}, ...}."""

    total: int
    is_capped: bool
    by: dict[str, dict[Any, int]]


def count(user: Any, wanted: CatalogueFilter) -> Counts:
    """Counts for every filter: from the kept counts when no words are searched, else from at most COUNT_LIMIT rows found."""
    columns = [*_COLUMNS.values(), "honour_rank"]
    is_capped = False
    if search_words(wanted.words):
        found = search(in_catalogue(user, wanted), wanted.words).order_by().values("pk")[: COUNT_LIMIT + 1]
        rows = list(Registration.objects.filter(pk__in=found).values_list(*columns).annotate(n=Count("season")).order_by())
        is_capped = sum(row[-1] for row in rows) > COUNT_LIMIT
    else:
        kept = CatalogueCount.objects.all()
        kept = kept.filter(season=wanted.season) if wanted.season else kept.filter(season__isnull=True)
        rows = list(kept.values_list(*columns, "total"))
    return _tabulate(rows, wanted, is_capped)


def _tabulate(rows: list[tuple[Any, ...]], wanted: CatalogueFilter, is_capped: bool) -> Counts:
    """Each row counts for a filter's choice when every other filter lets it through."""
    names = list(_COLUMNS)
    chosen = [getattr(wanted, name) or None for name in names]
    by: list[Counter[Any]] = [Counter() for _ in names]
    ranks: Counter[int] = Counter()
    total, honour = 0, wanted.honour
    if rows and honour is None and not any(chosen):  # nothing is filtered: every row counts for every choice
        *columns, numbers = zip(*rows, strict=True)
        total = sum(numbers)
        for tally, column in zip([*by, ranks], columns, strict=True):
            for value, number in zip(column, numbers, strict=True):
                tally[value] += number
        rows = []
    for *values, rank, number in rows:
        misses = [i for i, value in enumerate(values) if chosen[i] is not None and value != chosen[i]]
        honoured = honour is None or (rank >= honour if honour else rank == 0)
        if not misses:
            ranks[rank] += number
        if not honoured:
            continue
        if not misses:
            total += number
            for i, value in enumerate(values):
                by[i][value] += number
        elif len(misses) == 1:
            by[misses[0]][values[misses[0]]] += number
    counts: dict[str, dict[Any, int]] = {name: dict(by[i]) for i, name in enumerate(names)}
    counts["honour"] = {rank: sum(n for other, n in ranks.items() if other >= rank) for rank in ranks if rank}
    counts["honour"][0] = ranks[0]
    return Counts(total, is_capped, counts)


def count_by_season(user: Any, wanted: CatalogueFilter) -> dict[int, int]:
    """season id -> how many the filter would find there."""
    if search_words(wanted.words):
        standing = _narrow(visible_to(user).filter(withdrawn_on__isnull=True), wanted)
        found = search(standing, wanted.words).order_by().values("pk")[:COUNT_LIMIT]
        rows = Registration.objects.filter(pk__in=found).values_list("season").annotate(n=Count("season")).order_by()
    else:
        kept = _narrow(CatalogueCount.objects.filter(season__isnull=False), wanted)
        rows = kept.order_by().values_list("season").annotate(n=Sum("total"))
    return dict(rows.values_list("season", "n"))


def units_in_catalogue() -> list[int]:
    """Ids of the units that have a model in the catalogue."""
    return list(CatalogueCount.objects.filter(season__isnull=True).order_by().values_list("unit", flat=True).distinct())


def fields_count(season: Season) -> dict[int, int]:
    kept = CatalogueCount.objects.filter(season=season).order_by()
    return dict(kept.values_list("field").annotate(n=Sum("total")).values_list("field", "n"))


@dataclass(frozen=True)
class BoardFilter:
    words: str = ""
    place: int | None = None
    field: int | None = None
    withdrawn: bool | None = None


def board_rows(user: Any, unit: Unit, season: Season, wanted: BoardFilter) -> QuerySet[Registration]:
    """A unit's register of a season, newest first."""
    found = visible_to(user).filter(season=season, unit=unit).select_related("field", "model", "season")
    if wanted.place:
        found = found.filter(place=wanted.place)
    if wanted.field:
        found = found.filter(field=wanted.field)
    if wanted.withdrawn is not None:
        found = found.filter(withdrawn_on__isnull=not wanted.withdrawn)
    return search(found, wanted.words).order_by("-registered_on", "sort_key", "id")


def board_counts(user: Any, unit: Unit, season: Season) -> dict[str, int]:
    """How many registrations of the unit's season there are in all, standing and withdrawn."""
    return (
        visible_to(user)
        .filter(season=season, unit=unit)
        .aggregate(
            all=Count("season"),
            standing=Count("season", filter=Q(withdrawn_on__isnull=True)),
            withdrawn=Count("season", filter=Q(withdrawn_on__isnull=False)),
        )
    )


def board_cover(user: Any, unit: Unit, season: Season) -> list[tuple[UnitVersion, int, int]]:
    """Each place of the unit with its registrations that stand and those withdrawn; a place without any is listed too."""
    counts = {
        place: (standing, withdrawn)
        for place, standing, withdrawn in visible_to(user)
        .filter(season=season, unit=unit)
        .order_by()
        .values_list("place")
        .annotate(
            standing=Count("season", filter=Q(withdrawn_on__isnull=True)),
            withdrawn=Count("season", filter=Q(withdrawn_on__isnull=False)),
        )
    }
    return [(place, *counts.get(place.unit_id, (0, 0))) for place in children(unit, season.cutoff_on)]


def season_cover(user: Any, units: Iterable[UnitVersion], season: Season) -> list[tuple[UnitVersion, int, Any]]:
    """Each unit with its standing registrations in the season and when its register was last stored."""
    ids = [version.unit_id for version in units]
    mine = visible_to(user).filter(season=season, unit__in=ids, withdrawn_on__isnull=True).order_by()
    counts = dict(mine.values_list("unit").annotate(n=Count("season")).values_list("unit", "n"))
    stored: dict[int, Any] = {}
    kept = RegisterImport.objects.filter(season=season, unit__in=ids, stored_at__isnull=False)
    for unit_id, at in kept.order_by("stored_at").values_list("unit", "stored_at"):
        stored[unit_id] = at
    return [(version, counts.get(version.unit_id, 0), stored.get(version.unit_id)) for version in units]


def season_of(year: int) -> Season | None:
    return seasons().filter(year=year).first()


def model_years(user: Any, model: EmulationModel) -> QuerySet[Registration]:
    return visible_to(user).filter(model=model).select_related("season", "field", "unit").order_by("-season__year")


def measures_of(model_ids: Iterable[int]) -> dict[int, Any]:
    """model id -> its newest measured output."""
    return {m.model_id: m for m in OutputMeasure.objects.filter(model__in=list(model_ids)).order_by("as_of")}


KIND_SLUGS = {"moi": Kind.NEW, "duy-tri": Kind.MAINTAINED}
SUBJECT_SLUGS = {"tap-the": SubjectKind.COLLECTIVE, "ca-nhan": SubjectKind.INDIVIDUAL}


def fields() -> QuerySet[Field]:
    return Field.objects.all()


def field_slugs() -> list[str]:
    return list(Field.objects.values_list("slug", flat=True))


def recent_imports(user: Any, unit: Unit, season: Season) -> QuerySet[RegisterImport]:
    """The unit's last five uploads of a season."""
    return imports_visible_to(user).filter(season=season, unit=unit)[:5]


def field_named(slug: str) -> Field | None:
    return Field.objects.filter(slug=slug).first()
