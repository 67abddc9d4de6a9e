"""The home page."""

from dataclasses import dataclass
from datetime import date

from models_registry import selectors as registry
from models_registry.models import Field, Season
from organisation.models import Reader, UnitVersion
from portal.models import Story
from portal.selectors.cards import Card
from portal.selectors.places import places_of
from portal.selectors.stories import stories_told
from portal.selectors.vocabulary import unit_teller, vocabulary
from recognition import selectors as recognition
from recognition.models import Recognition
from reports.selectors import Tally, tallies, totals


@dataclass
class Home:
    season: Season
    counted: Tally
    final: Tally
    """As of the day, of what is decided above alone."""
    fields: list[tuple[Field, int]]
    featured: list[Card]
    units: list[tuple[UnitVersion, int]]
    places: list[UnitVersion]
    recognised: list[tuple[Recognition, registry.Cover | None]]
    """The newest recognitions, each with the cover of its model."""
    stories: list[Story]
    """The newest of what is told."""

    @property
    def in_catalogue(self) -> int:
        return sum(number for _, number in self.fields)


def home_page(user: Reader, day: date) -> Home | None:
    """The newest season's facts: as of its cut-off; what is decided above its units, maybe after its year, as of the day."""
    words = vocabulary()
    season = words.newest
    if season is None:
        return None
    (counted,) = tallies([(season, min(day, season.cutoff_on))], has_themes=False)
    _, (final,) = totals((), [(season, day)])
    numbers = registry.fields_count(season)
    top = max((level.rank for level in words.levels), default=0)
    rows = registry.find(user, registry.CatalogueFilter(season=season.pk, honour=top)).select_related("model", "field")
    featured = list(rows.annotate(**registry.cover_columns("model"))[:FEATURED])
    measures = registry.measures_of(row.model_id for row in featured if row.model_id)
    told = unit_teller()
    shown = [Card(row, [], measures.get(row.model_id or 0), registry.cover_on(row), told(row)) for row in featured]
    shown.sort(key=lambda card: card.measure is None)
    lines = [(line.unit, line.registered) for line in counted.reporting]
    return Home(
        season=season,
        counted=counted,
        final=final,
        fields=[(f, numbers.get(f.pk, 0)) for f in words.fields],
        featured=shown,
        units=lines,
        places=places_of([unit for unit, _ in lines if unit.latitude is not None], counted.as_of),
        recognised=[(given, registry.cover_on(given)) for given in recognition.newest(NEWS)],
        stories=list(stories_told()[:NEWS]),
    )


NEWS = FEATURED = 3
