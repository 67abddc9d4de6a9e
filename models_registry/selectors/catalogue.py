"""Reads of the catalogue: what stands in registers, found, ordered and counted."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Case, Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value, When

from common.keyset import Cursor, KeysetPage, page
from common.text import compare_key, search_words
from models_registry.enums import Kind, SubjectKind
from models_registry.models import CatalogueCount, EmulationModel, Registration, Season, Theme, ThemeTag
from models_registry.registers.hamlets import hamlet_spellings
from models_registry.selectors.scope import in_register, models_with_photos
from models_registry.selectors.typos import Meant, meant, rarest
from organisation.models import Reader

PAGE_SIZE = 24
HAMLETS = 60
COUNT_LIMIT = 10_000  # a search that finds more says "hơn 10.000" and does not count on
FEW = 500  # found so many, they are known by their ids
BROAD = 5_000  # a search that may find more is shown first and counted after


@dataclass(frozen=True)
class CatalogueFilter:
    """What a visitor asks the catalogue for; empty means any. Everything comes from the address."""

    words: str = ""
    field: int | None = None
    unit: int | None = None
    within: frozenset[int] = frozenset()
    """Units: what one of them registered, or what stood at one of them, in the season or, without one, in whatever season."""
    hamlet: str = ""
    """A hamlet within the unit or the place."""
    season: int | None = None
    honour: int | None = None
    """A rank: recognised at that level or a higher one, in whatever season so far; 0: registered and nothing more."""
    honoured: int | None = None
    """A season: recognised in it, at the level of `honour` where that is asked for."""
    among: QuerySet[Any] | None = None
    """Ids of models, as an app above chose them."""
    kind: str = ""
    subject_kind: str = ""
    theme: int | None = None
    is_taken: bool | None = None
    """Replicated: others took it on."""
    has_photos: bool = False
    order: str = ""


ORDERS = {
    "": ("-honour_rank", "sort_key", "id"),
    "khop": ("-score", "-honour_rank", "sort_key", "id"),
    "nhan-rong": ("-taken", "-honour_rank", "sort_key", "id"),
    "ten": ("sort_key", "id"),
    "moi": ("-registered_on", "sort_key", "id"),
}
KINDS = {"honour_rank": int, "score": int, "taken": int, "id": int, "registered_on": date, "sort_key": str}
"""What the columns of the orders hold, for the cursors in addresses."""
_COLUMNS = {
    "field": "field_id",
    "unit": "unit_id",
    "kind": "kind",
    "subject_kind": "subject_kind",
    "is_taken": "is_taken",
}


def in_catalogue(user: Reader, wanted: CatalogueFilter) -> QuerySet[Registration]:
    """The registrations that stand in the catalogue: one season's, or each model's latest; none withdrawn."""
    found = _rows_only(in_register(user).filter(withdrawn_on__isnull=True), wanted)
    return found.filter(season=wanted.season) if wanted.season else found.filter(is_latest=True)


def _rows_only(rows: QuerySet[Registration], wanted: CatalogueFilter) -> QuerySet[Registration]:
    """The filter's choices that the kept counts do not know; words apart."""
    if wanted.within and wanted.season:
        rows = rows.filter(_stands_within(wanted.within))
    elif wanted.within:
        rows = rows.filter(model__in=_standing().filter(_stands_within(wanted.within)).values("model"))
    rows = _with_won(rows, wanted).filter(won__gt=0) if wanted.honoured else rows
    rows = rows.filter(model__in=wanted.among) if wanted.among is not None else rows
    rows = rows.filter(hamlet__in=hamlet_spellings(wanted.hamlet)) if wanted.hamlet else rows
    rows = rows.filter(theme_tags__theme=wanted.theme) if wanted.theme else rows
    return rows.filter(model__in=models_with_photos()) if wanted.has_photos else rows


def _standing() -> QuerySet[Registration]:
    """What stands in a register, of all seasons."""
    return in_register(None).filter(withdrawn_on__isnull=True)


def _stands_within(units: frozenset[int]) -> Q:
    return Q(unit__in=units) | Q(place__in=units) if units else Q()


def _with_won(rows: QuerySet[Registration], wanted: CatalogueFilter) -> QuerySet[Any]:
    """With `won`: the rank of the model's highest honour of the season that is asked for."""
    then = Registration.objects.filter(model=OuterRef("model"), season=wanted.honoured)
    return rows.annotate(won=Subquery(then.values("own_rank")[:1]))


def _rank(wanted: CatalogueFilter) -> str:
    """The column of the rank that `honour` asks for."""
    return "won" if wanted.honoured else "honour_rank"


def _narrow(rows: QuerySet[Any], wanted: CatalogueFilter) -> QuerySet[Any]:
    """The filter's choices, on registrations or on their kept counts alike; words, season and what only rows know apart."""
    for name, column in _COLUMNS.items():
        value = getattr(wanted, name)
        if value and name == "is_taken" and rows.model is Registration:
            rows = rows.filter(taken__gt=0)
        elif value:
            rows = rows.filter(**{column: value})
    if wanted.honour is not None:
        rows = rows.filter(**({f"{_rank(wanted)}__gte": wanted.honour} if wanted.honour else {_rank(wanted): 0}))
    return rows


def _has_rows_only(wanted: CatalogueFilter) -> bool:
    """Whether the kept counts cannot answer: they know no words, places, hamlets, themes, photos and honours of one season."""
    asked = (wanted.within, wanted.hamlet, wanted.honoured, wanted.theme, wanted.has_photos, search_words(wanted.words))
    return wanted.among is not None or any(asked)


@dataclass(frozen=True)
class Counts:
    """How many the filter finds, and how many each other choice would find: {"field": {id: n}, "honour": {rank: n}, ...}."""

    total: int
    is_capped: bool
    by: dict[str, dict[Any, int]]
    ids: list[int] | None = None
    """The registrations that were found, where all of them had to be read and are few."""


def find(user: Reader, wanted: CatalogueFilter, counted: Counts | None = None) -> QuerySet[Registration]:
    """What the filter finds, in its order; `counted`, of this filter, may know it already."""
    if counted and counted.ids is not None:
        found = in_register(user).filter(pk__in=counted.ids)
    else:
        found = search(_narrow(in_catalogue(user, wanted), wanted), wanted.words)
    order = ORDERS.get(wanted.order, ORDERS[""])
    return (_scored(found, wanted.words) if "-score" in order else found).order_by(*order)


def _scored(rows: QuerySet[Registration], words: str) -> QuerySet[Registration]:
    """With `score`: 3 the title begins with the words, 2 it holds them as they stand, 1 it holds each, 0 found elsewhere."""
    phrase, each = compare_key(words[:200]), Q()
    if not phrase:
        return rows.annotate(score=Value(0))
    for word in search_words(words):
        each &= Q(title_key__startswith=word) | Q(title_key__contains=f" {word}")
    cases = [When(title_key__startswith=phrase, then=3), When(title_key__contains=f" {phrase}", then=2), When(each, then=1)]
    return rows.annotate(score=Case(*cases, default=0, output_field=IntegerField()))


_CARD = (
    "pk",
    "model_id",
    "title",
    "subject",
    "unit_id",
    "unit_name",
    "kind",
    "subject_kind",
    "honour_rank",
    "taken",
    "model__slug",
)


def card_page(rows: QuerySet[Registration], order: str, cursor: Cursor | None) -> KeysetPage:
    """A page of what `find` found. Its rows hold what a card shows, without making objects of it: their names are the
    attributes.
    """
    columns = ORDERS[order]
    names = [name.lstrip("-") for name in columns if name.lstrip("-") not in _CARD]
    return page(rows.values_list(*_CARD, *names, named=True), columns, cursor, PAGE_SIZE)


def for_export(rows: QuerySet[Registration]) -> QuerySet[Registration]:
    """With what the columns of an Excel file name."""
    return rows.select_related("field", "season")


def search(found: QuerySet[Registration], words: str) -> QuerySet[Registration]:
    """Narrow to rows that have, for each word, a word that begins with it; marks and case do not count."""
    for word in search_words(words):
        found = found.filter(search_text__contains=f" {word}")
    return found


def count(user: Reader, wanted: CatalogueFilter) -> Counts:
    """Counts for every filter: from the kept counts when no words are searched, from the rows where few can have the words,
    else from at most COUNT_LIMIT rows found.
    """
    columns = [*_COLUMNS.values(), _rank(wanted)]
    is_capped = False
    if (least := rarest(wanted.words)) and least[0] <= BROAD:
        return _count_few(user, wanted, least[1])
    if _has_rows_only(wanted):
        found = search(in_catalogue(user, wanted), wanted.words).order_by().values("pk")[: COUNT_LIMIT + 1]
        rows = list(_with_taken(wanted, pk__in=found).values_list(*columns).annotate(n=Count("season")).order_by())
        is_capped = sum(row[-1] for row in rows) > COUNT_LIMIT
    else:
        kept = CatalogueCount.objects.all()
        kept = kept.filter(season=wanted.season) if wanted.season else kept.filter(season__isnull=True)
        rows = list(kept.values_list(*columns, "total"))
    return _tabulate(rows, wanted, is_capped)


def _count_few(user: Reader, wanted: CatalogueFilter, rare: str) -> Counts:
    """All counts, of seasons and photos too, and what was found, out of one query that reads every row with the rarest word:
    the index need not gather all that have the others.
    """
    rows = search(_rows_only(in_register(user).filter(withdrawn_on__isnull=True), wanted), rare)
    others = [f" {word}" for word in search_words(wanted.words) if word != rare]
    shown = Case(When(model__in=models_with_photos(), then=True), default=False)
    within = Case(When(_stands_within(wanted.within), then=True), default=False) if wanted.within else Value(True)
    columns = ("pk", "season", "search_text", "is_latest", "is_there", "has_photos", *_COLUMNS.values(), _rank(wanted))
    is_taken = Case(When(taken__gt=0, then=True), default=False)
    chosen = [getattr(wanted, name) or None for name in _COLUMNS]
    seasons, listed, ids, photos = Counter[int](), list[tuple[Any, ...]](), list[int](), 0
    for pk, season, text, is_latest, is_there, has_photos, *values, rank in (
        rows.annotate(has_photos=shown, is_taken=is_taken, is_there=within).order_by().values_list(*columns)
    ):
        if not all(word in text for word in others):
            continue
        passes = all(one in (None, value) for one, value in zip(chosen, values, strict=True)) and _honoured(rank, wanted.honour)
        seasons[season] += passes and is_there
        if season == wanted.season if wanted.season else is_latest:
            listed.append((*values, rank, 1))
            if passes:
                ids.append(pk)
                photos += has_photos
    counts = _tabulate(listed, wanted, is_capped=False)
    return replace(
        counts, by=counts.by | {"season": dict(+seasons), "has_photos": {True: photos}}, ids=ids if len(ids) <= FEW else None
    )


def _honoured(rank: int, wanted: int | None) -> bool:
    return wanted is None or (rank >= wanted if wanted else rank == 0)


def is_broad(wanted: CatalogueFilter) -> bool:
    """Whether so many may have the words that counting them takes far longer than finding the first page."""
    return (rarest(wanted.words) or (0,))[0] > BROAD


def _with_taken(wanted: CatalogueFilter, **choice: Any) -> QuerySet[Registration]:
    """Registrations as the kept counts name their columns."""
    is_taken = Case(When(taken__gt=0, then=True), default=False)
    rows = Registration.objects.filter(**choice).annotate(is_taken=is_taken)
    return _with_won(rows, wanted) if wanted.honoured else rows


def count_photos(user: Reader, wanted: CatalogueFilter) -> int:
    """How many of what the filter finds have photos to show; at most COUNT_LIMIT + 1."""
    found = search(_narrow(in_catalogue(user, wanted), wanted), wanted.words).filter(model__in=models_with_photos())
    return found.order_by()[: COUNT_LIMIT + 1].count()


def count_themes(user: Reader, wanted: CatalogueFilter) -> dict[int, int]:
    """theme id -> how many the filter would find of it, among at most COUNT_LIMIT tags."""
    everything = replace(wanted, theme=None)
    found = search(_narrow(in_catalogue(user, everything), everything), wanted.words).order_by()
    tags = ThemeTag.objects.filter(registration__in=found.values("pk")).exclude(theme__label="").order_by()
    counted = ThemeTag.objects.filter(pk__in=tags.values("pk")[:COUNT_LIMIT]).order_by()
    return dict(counted.values_list("theme").annotate(n=Count("pk")))


def count_honoured(user: Reader, wanted: CatalogueFilter) -> dict[int, int]:
    """season id -> how many the filter would find of those recognised in it, among at most COUNT_LIMIT honours."""
    everything = replace(wanted, honoured=None, honour=None)
    found = search(_narrow(in_catalogue(user, everything), everything), wanted.words).order_by()
    won = Registration.objects.filter(own_rank__gte=wanted.honour or 1, model__in=found.values("model")).order_by()
    counted = Registration.objects.filter(pk__in=won.values("pk")[:COUNT_LIMIT]).order_by()
    return dict(counted.values_list("season").annotate(n=Count("pk")))


def count_within(user: Reader, wanted: CatalogueFilter, reach: Mapping[int, frozenset[int]]) -> dict[int, int]:
    """unit -> how many the filter would find within its reach; empty where more than COUNT_LIMIT would have to be counted."""
    everything = replace(wanted, unit=None, within=frozenset())
    found = search(_narrow(in_catalogue(user, everything), everything), wanted.words).order_by()
    spots: QuerySet[Registration]
    if wanted.season:
        spots = Registration.objects.filter(pk__in=found.values("pk")[: COUNT_LIMIT + 1])
    else:
        spots = _standing().filter(model__in=found.values("model")[: COUNT_LIMIT + 1])
    models_at: dict[int | None, set[int | None]] = defaultdict(set)
    for model, unit, place in spots.order_by().values_list("model", "unit", "place"):
        models_at[unit].add(model)
        models_at[place].add(model)
    models_at.pop(None, None)
    if len(set[int | None]().union(*models_at.values())) > COUNT_LIMIT:
        return {}
    none = set[int | None]()
    reached = {pk: len(none.union(*(models_at[one] for one in units & models_at.keys()))) for pk, units in reach.items()}
    return {pk: number for pk, number in reached.items() if number}


def count_hamlets(user: Reader, wanted: CatalogueFilter) -> dict[str, int]:
    """hamlet -> how many the filter would find of it; asked of one unit or place alone, where names of hamlets are its own."""
    if not (wanted.unit or wanted.within):
        return {}
    everything = replace(wanted, hamlet="")
    found = search(_narrow(in_catalogue(user, everything), everything), wanted.words).filter(hamlet__isnull=False).order_by()
    return dict(found.values_list("hamlet").annotate(n=Count("pk")).order_by("-n", "hamlet")[:HAMLETS])


def named_themes() -> list[Theme]:
    """The themes of all periods that an officer gave words."""
    return list(Theme.objects.exclude(label="").order_by("-period__starts_on", "plan", "position"))


def near_miss(user: Reader, wanted: CatalogueFilter) -> Meant | None:
    """For a search that found nothing: the words that were probably meant, that do find something."""
    return meant(_narrow(in_catalogue(user, wanted), wanted), wanted.words)


def suggest(user: Reader, typed: str, limit: int) -> list[Any]:
    """The first models that match what is being typed: title, model__slug, unit_id, unit_name."""
    found = find(user, CatalogueFilter(words=typed))
    return list(found.values_list("title", "model__slug", "unit_id", "unit_name", named=True)[:limit])


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
        if not misses:
            ranks[rank] += number
        if not _honoured(rank, honour):
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


def count_by_season(user: Reader, wanted: CatalogueFilter) -> dict[int, int]:
    """season id -> how many the filter would find there."""
    if _has_rows_only(wanted):
        standing = _rows_only(in_register(user).filter(withdrawn_on__isnull=True), wanted)
        standing = standing.filter(_stands_within(wanted.within))
        found = search(_narrow(standing, wanted), wanted.words).order_by().values("pk")[:COUNT_LIMIT]
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


def model_years(user: Reader, model: EmulationModel) -> QuerySet[Registration]:
    return in_register(user).filter(model=model).select_related("season", "field", "unit").order_by("-season__year")


KIND_SLUGS = {"moi": Kind.NEW, "duy-tri": Kind.MAINTAINED}
SUBJECT_SLUGS = {"tap-the": SubjectKind.COLLECTIVE, "ca-nhan": SubjectKind.INDIVIDUAL}
