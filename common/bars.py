"""Stacked bars: plain numbers for SVG attributes. Words stand around them in HTML."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Bar:
    label: str
    href: str
    first: float
    second: float
    total: int


def bars(rows: list[tuple[str, str, int, int]], *, as_given: bool = False) -> list[Bar]:
    """(label, address, first part, second part) -> stacked bars in percent of the longest; longest first, or `as_given`."""
    longest = max((first + second for _, _, first, second in rows), default=0) or 1
    made = [
        Bar(label, href, round(100 * first / longest, 1), round(100 * second / longest, 1), first + second)
        for label, href, first, second in rows
    ]
    return made if as_given else sorted(made, key=lambda bar: -bar.total)
