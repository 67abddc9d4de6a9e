"""The seasons beside each other."""

from dataclasses import dataclass
from datetime import date

from models_registry.models import Season
from reports.selectors import Tally, totals


@dataclass(frozen=True)
class YearLine:
    """A season at its own cut-off, and as of today for what is decided after."""

    season: Season
    counted: Tally
    final: Tally
    """Of what is decided above alone."""


def years(seasons: list[Season], today: date, also: tuple[Season, date]) -> tuple[list[YearLine], Tally]:
    """(the seasons that have begun, the earliest first; what was decided above in one more season by a day). Two queries."""
    begun = sorted((one for one in seasons if one.opens_on <= today), key=lambda one: one.year)
    counted, (*final, more) = totals(
        [(one, min(today, one.cutoff_on)) for one in begun], [*((one, today) for one in begun), also]
    )
    return [YearLine(*line) for line in zip(begun, counted, final, strict=True)], more
