"""What the catalogue counts beside its filters; the newest registrations of a unit."""

from dataclasses import replace
from typing import Any

from django.db.models import Q, QuerySet

from models_registry import selectors as registry
from models_registry.models import Registration
from organisation.models import Reader, Unit
from portal.selectors.vocabulary import Vocabulary
from recognition import selectors as recognition


def count_more(user: Reader, wanted: registry.CatalogueFilter, words: Vocabulary, counts: registry.Counts) -> registry.Counts:
    """The counts with those of seasons, themes and photos; with one season alone its number is what was counted already."""
    more: dict[str, dict[Any, int]] = {"theme": registry.count_themes(user, wanted) if words.themes else {}}
    if words.grades:
        everything = replace(wanted, among=None)
        more["grade"] = recognition.count_grades(registry.find(user, everything).order_by().values("model"))
    more["hamlet"] = registry.count_hamlets(user, wanted)
    if "has_photos" not in counts.by:
        more["has_photos"] = {True: registry.count_photos(user, wanted)}
    if "season" not in counts.by:
        alone = len(words.seasons) == 1 and not counts.is_capped
        more["season"] = {words.seasons[0].pk: counts.total} if alone else registry.count_by_season(user, wanted)
    more["honoured"] = registry.count_honoured(user, wanted) if len(words.seasons) > 1 else {}
    if words.reach and not counts.is_capped and counts.total <= registry.COUNT_LIMIT:
        more["unit"] = counts.by["unit"] | registry.count_within(user, wanted, words.reach)
    return replace(counts, by=counts.by | more)


def newest_of(unit: Unit, limit: int) -> QuerySet[Registration]:
    """The registrations of a unit, or at it as a place, that came last and stand."""
    found = registry.find(None, registry.CatalogueFilter(order="moi")).filter(Q(unit=unit) | Q(place=unit))
    return found.select_related("model", "field")[:limit]
