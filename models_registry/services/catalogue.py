"""What is kept beside the dated facts: counts for the catalogue and the board, honours, the latest registration."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Case, Count, Max, Q, QuerySet, When

from models_registry.models import BoardCount, CatalogueCount, Registration
from organisation.models import Unit

Cell = tuple[Any, ...]
_BOARD = ("season_id", "unit_id", "place_id", "field_id", "state")
_CUBE = ("unit_id", "field_id", "kind", "subject_kind", "honour_rank", "is_taken")


def refresh_counts(*, season_ids: Iterable[int], unit_ids: Iterable[int]) -> None:
    """Recount what catalogue and board hold of some units in some seasons. Call it in the transaction that changed them.

    The units are locked first, in order of their ids: two writers count one after the other, and both count right.
    """
    seasons, units = sorted(set(season_ids)), sorted(set(unit_ids))
    list(Unit.objects.select_for_update(no_key=True).filter(pk__in=units).order_by("pk"))
    standing = Registration.objects.in_register().filter(unit__in=units, withdrawn_on__isnull=True).order_by()
    standing = standing.filter(Q(season__in=seasons) | Q(is_latest=True))
    standing = standing.annotate(is_taken=Case(When(taken__gt=0, then=True), default=False))
    counts: Counter[Cell] = Counter()
    for season, is_latest, *cell, total in standing.values_list("season_id", "is_latest", *_CUBE).annotate(total=Count("season")):
        if season in seasons:
            counts[season, *cell] += total
        if is_latest:
            counts[None, *cell] += total
    kept = CatalogueCount.objects.filter(Q(season__in=seasons) | Q(season__isnull=True), unit__in=units)
    _hold(kept, ("season_id", *_CUBE), counts)
    on_board = Registration.objects.filter(season__in=seasons, unit__in=units).order_by()
    by_state = {tuple(cell): total for *cell, total in on_board.values_list(*_BOARD).annotate(total=Count("season"))}
    _hold(BoardCount.objects.filter(season__in=seasons, unit__in=units), _BOARD, by_state)


def _hold(kept: QuerySet[Any], columns: tuple[str, ...], totals: Mapping[Cell, int]) -> None:
    """Let `kept` hold these totals and no others. Rows that hold theirs already stay: one change touches few of hundreds."""
    missing, stale = dict(totals), list[int]()
    for pk, total, *values in kept.order_by().values_list("pk", "total", *columns):
        if missing.get(tuple(values)) == total:
            del missing[tuple(values)]
        else:
            stale.append(pk)
    rows = kept.model._default_manager
    rows.filter(pk__in=stale).delete()
    made = (kept.model(**dict(zip(columns, cell, strict=True)), total=total) for cell, total in missing.items())
    rows.bulk_create(made, batch_size=1000)


def take_latest(model_ids: Iterable[int]) -> set[tuple[int, int]]:
    """Mark, for each model, the registration of its newest season as the latest; it knows the honours of those before.

    Returns the (season, unit) of which the season's own counts are others now.
    """
    ids = list(model_ids)
    touched = _carry_honours(ids)
    for start in range(0, len(ids), 5000):
        batch = Registration.objects.in_register().filter(model__in=ids[start : start + 5000])
        several = batch.order_by().values("model").annotate(newest=Max("season__year"), n=Count("pk")).filter(n__gt=1)
        newest = dict(several.values_list("model", "newest"))
        if not newest:
            continue
        mine = list(batch.filter(model__in=newest).values_list("pk", "model", "season__year", "taken", "is_latest"))
        now = [pk for pk, model, year, *_ in mine if year == newest[model]]
        Registration.objects.filter(pk__in=[pk for pk, *_, latest in mine if latest]).exclude(pk__in=now).update(is_latest=False)
        Registration.objects.filter(pk__in=now, is_latest=False).update(is_latest=True)
        for model, taken in {model: taken for _, model, _, taken, _ in mine if taken}.items():  # few models were taken on
            others = Registration.objects.filter(model=model, taken=0)
            touched |= set(others.order_by().values_list("season_id", "unit_id"))
            others.update(taken=taken)
    return touched


def latest_again(model_ids: list[int]) -> None:
    """Of models whose registrations came or went, the newest is the latest again."""
    take_latest(model_ids)
    rows = Registration.objects.in_register().filter(model__in=model_ids)
    shown = set(rows.filter(is_latest=True).values_list("model", flat=True))
    newest: dict[int | None, int] = {}
    for model_id, pk in rows.exclude(model__in=shown).order_by("season__year").values_list("model", "pk"):
        newest[model_id] = pk
    Registration.objects.filter(pk__in=newest.values()).update(is_latest=True)


def set_taken(numbers: dict[int, int]) -> None:
    """Keep, with each registration of some models (id -> places that took it on), the number, and recount the catalogue.
    The models were locked by `lock_models`.
    """
    touched: set[tuple[int, int]] = set()
    for model_id, taken in numbers.items():
        changed = Registration.objects.filter(model=model_id).exclude(taken=taken)
        touched |= set(changed.order_by().values_list("season_id", "unit_id"))
        changed.update(taken=taken)
    if touched:
        refresh_counts(season_ids={season for season, _ in touched}, unit_ids={unit for _, unit in touched})


def set_honours(ranks: dict[int, int]) -> None:
    """Keep the highest honour that stands for each registration (id -> rank; 0 none), and recount the catalogue."""
    models: set[int] = set()
    for rank, ids in _by_value(ranks):
        changed = Registration.objects.filter(pk__in=ids).exclude(own_rank=rank or None)
        models.update(changed.order_by().values_list("model", flat=True))
        changed.update(own_rank=rank or None)
    if touched := _carry_honours(models):
        refresh_counts(season_ids={season for season, _ in touched}, unit_ids={unit for _, unit in touched})


def _carry_honours(model_ids: Iterable[int]) -> set[tuple[int, int]]:
    """Let each registration of some models know the highest honour of its model by then; (season, unit) of those that change."""
    ids, ranks, touched = list(model_ids), dict[int, int](), set[tuple[int, int]]()
    for start in range(0, len(ids), 5000):
        rows = Registration.objects.in_register().filter(model__in=ids[start : start + 5000]).order_by("model", "season__year")
        before, highest = None, 0
        for pk, model, season, unit, own, kept in rows.values_list("pk", "model", "season", "unit", "own_rank", "honour_rank"):
            highest = max(own or 0, highest if model == before else 0)
            before = model
            if kept != highest:
                ranks[pk] = highest
                touched.add((season, unit))
    for rank, pks in _by_value(ranks):
        Registration.objects.filter(pk__in=pks).update(honour_rank=rank)
    return touched


def _by_value(ranks: dict[int, int]) -> Iterable[tuple[int, list[int]]]:
    """(rank, ids that have it), some thousands at a time."""
    by_rank: dict[int, list[int]] = {}
    for pk, rank in ranks.items():
        by_rank.setdefault(rank, []).append(pk)
    for rank, ids in by_rank.items():
        yield from ((rank, ids[start : start + 5000]) for start in range(0, len(ids), 5000))
