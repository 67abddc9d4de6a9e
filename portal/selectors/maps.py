"""Where models are: the whole province by unit, one unit by its communes."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count

from common.text import sort_key
from models_registry import selectors as registry
from organisation.models import Reader, UnitVersion
from organisation.selectors.units import children
from portal.selectors.cards import Card, cards
from portal.selectors.places import places_of
from portal.selectors.vocabulary import Vocabulary

CARDS = 8


@dataclass
class Place:
    """A unit or a commune on the map or, without a point, beside it."""

    version: UnitVersion
    number: int


@dataclass
class MapPage:
    day: date
    inside: UnitVersion | None
    """The unit that is looked into; None: the whole province."""
    places: list[Place] = field(default_factory=list)
    land: list[UnitVersion] = field(default_factory=list)
    total: int = 0
    cards: list[Card] = field(default_factory=list)
    """The first models of the unit that is looked into."""

    def narrow(self, units: Collection[UnitVersion]) -> None:
        """Leave these units alone."""
        self.places = [place for place in self.places if place.version in units]
        self.total = sum(place.number for place in self.places)

    @property
    def counts(self) -> dict[int, int]:
        return {place.version.unit_id: place.number for place in self.places}

    @property
    def placed(self) -> list[Place]:
        return [place for place in self.places if place.version.latitude is not None]

    @property
    def unplaced(self) -> list[Place]:
        return [place for place in self.places if place.version.latitude is None]


def map_page(user: Reader, wanted: registry.CatalogueFilter, words: Vocabulary, day: date) -> MapPage:
    """The map of what a filter finds; with a unit in it, that unit from near. The most first."""
    inside = next((one for one in words.units if one.unit_id == wanted.unit), None)
    if inside is None:
        numbers = registry.count(user, wanted).by["unit"]
        found = MapPage(day, None, [Place(one, numbers.get(one.unit_id, 0)) for one in words.units])
        found.land = places_of([one for one in words.units if one.latitude is not None], day)
        found.total = sum(place.number for place in found.places)
    else:
        rows = registry.find(user, wanted)
        at = Counter(dict(rows.order_by().values_list("place").annotate(n=Count("pk"))))
        below = list(children(inside.unit, day)) or [inside]
        own = at.pop(None, 0)
        found = MapPage(day, inside, [Place(one, at.get(one.unit_id, 0)) for one in below])
        found.land = [one for one in below if one.latitude is not None]
        found.total = sum(at.values()) + own
        found.cards = cards(rows.select_related("model", "field")[:CARDS], words.levels)
    found.places.sort(key=lambda place: (-place.number, sort_key(place.version.short_name)))
    return found
