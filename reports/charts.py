"""Shapes of a year's curve: plain numbers for SVG attributes. Words stand around them in HTML."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

WIDTH, HEIGHT, FLOOR, TOP = 600, 160, 150, 10
STEPS = (1, 2, 5)


@dataclass(frozen=True)
class Curves:
    now: str
    before: str
    today: str
    grid: tuple[str, ...]
    step: int
    """What lies between two lines of the grid."""


def curves(now: Sequence[tuple[date, int]], before: Sequence[tuple[date, int]], day: date) -> Curves:
    """(day, sum) of two years over the twelve months, on one scale from zero."""
    top = max([value for _day, value in (*now, *before)], default=0) or 1
    step = next(n * 10**power for power in range(9) for n in STEPS if top / (n * 10**power) <= 5)
    ceiling = step * -(-top // step)

    def y(value: int) -> str:
        return f"{FLOOR - (FLOOR - TOP) * value / ceiling:.1f}"

    def line(points: Sequence[tuple[date, int]], until: date | None) -> str:
        if not points:
            return ""
        drawn = [(x(point), y(value)) for point, value in points]
        drawn = [("0.0", y(0)), *drawn, (x(until) if until else f"{WIDTH}.0", drawn[-1][1])]
        return "M" + "L".join(f"{across} {down}" for across, down in drawn)

    grid = tuple(f"M0 {y(level)}H{WIDTH}" for level in range(step, ceiling + 1, step))
    return Curves(line(now, day), line(before, None), f"M{x(day)} 0V{FLOOR}", grid, step)


def x(day: date) -> str:
    return f"{WIDTH * (day - date(day.year, 1, 1)).days / 365:.1f}"
