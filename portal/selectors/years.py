"""The seasons beside each other."""

from dataclasses import dataclass
from datetime import date

from models_registry.models import Season
from reports.selectors import Tally, honours, totals


@dataclass(frozen=True)
class YearLine:
    """A season at its own cut-off, and at its end for what is decided after."""

    season: Season
    counted: Tally
    final: Tally
    """Of what is decided above alone."""


def years(seasons: list[Season], today: date, also: tuple[Season, date]) -> tuple[list[YearLine], Tally]:
    """(the seasons that have begun, the earliest first; the sums of one more season and day). Four queries."""
    begun = sorted((one for one in seasons if one.opens_on <= today), key=lambda one: one.year)
    *counted, more = totals([*((one, min(today, one.cutoff_on)) for one in begun), also])
    final = honours([(one, min(today, one.last_day)) for one in begun])
    return [YearLine(*line) for line in zip(begun, counted, final, strict=True)], more
