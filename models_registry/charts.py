"""The chart of a season's days: plain numbers for SVG attributes. Words stand around it in HTML."""

from dataclasses import dataclass
from datetime import date

WIDTH = 1200


@dataclass(frozen=True)
class SeasonChart:
    """The year from left to right. What does not lie in it is not drawn (`None`)."""

    taken: tuple[str, str] | None
    """x and width of the days on which registrations are taken."""
    cutoff: str | None
    today: str | None
    left: str | None
    """Width of the days on which work of earlier seasons is still in time."""


def season_chart(
    year: int, *, opens_on: date, closes_on: date, cutoff_on: date, now: date, left_until: date | None
) -> SeasonChart:
    """Any days, right or not: the page also draws what it refuses."""
    first, after = date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()

    def x(ordinal: int) -> str:
        return f"{WIDTH * (ordinal - first) / (after - first):.1f}"

    def mark(day: date) -> str | None:
        return x(day.toordinal()) if first <= day.toordinal() < after else None

    begin, end = max(opens_on.toordinal(), first), min(closes_on.toordinal() + 1, after)
    left = min(left_until.toordinal() + 1, after) if left_until else first
    return SeasonChart(
        taken=(x(begin), x(first + end - begin)) if begin < end else None,
        cutoff=mark(cutoff_on),
        today=mark(now),
        left=x(left) if left > first else None,
    )
