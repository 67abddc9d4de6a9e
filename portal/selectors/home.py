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
    years: list[Season]
    """The seasons that have a home page, the newest first."""
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
    """The newest of what is told. Of an earlier season neither these nor the newest recognitions are shown."""

    @property
    def is_newest(self) -> bool:
        return self.season == self.years[0]

    @property
    def in_catalogue(self) -> int:
        return sum(number for _, number in self.fields)


def home_page(user: Reader, day: date, year: str = "") -> Home | None:
    """A season's facts, the newest season's where the year names none: as of its cut-off; what is decided above its units, maybe
    after its year, as of the day.
    """
    words = vocabulary()
    if words.newest is None:
        return None
    years = [one for one in words.seasons if one.is_filled and one.year < words.newest.year]  # type: ignore[attr-defined]
    years = [words.newest, *years]
    season = next((one for one in years if str(one.year) == year), words.newest)
    is_newest = season == words.newest
    (counted,) = tallies([(season, min(day, season.cutoff_on))], fields=words.fields, has_themes=False)
    _, (final,) = totals((), [(season, day)])
    numbers = registry.fields_count(season)
    top = max((level.rank for level in words.levels), default=0)
    wanted = registry.CatalogueFilter(season=season.pk, honour=top, honoured=None if is_newest else season.pk)
    rows = registry.find(user, wanted).select_related("model", "field")
    featured = list(rows.annotate(**registry.cover_columns("model"))[:FEATURED])
    measures = registry.measures_of(row.model_id for row in featured if row.model_id)
    told = unit_teller()
    shown = [Card(row, [], measures.get(row.model_id or 0), registry.cover_on(row), told(row)) for row in featured]
    shown.sort(key=lambda card: card.measure is None)
    lines = [(line.unit, line.registered) for line in counted.reporting]
    return Home(
        season=season,
        years=years,
        counted=counted,
        final=final,
        fields=[(f, numbers.get(f.pk, 0)) for f in words.fields],
        featured=shown,
        units=lines,
        places=places_of([unit for unit, _ in lines if unit.latitude is not None], counted.as_of),
        recognised=[(given, registry.cover_on(given)) for given in recognition.newest(NEWS)] if is_newest else [],
        stories=list(stories_told()[:NEWS]) if is_newest else [],
    )


NEWS = FEATURED = 3
