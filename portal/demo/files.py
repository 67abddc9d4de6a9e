"""What lies in `demo/`: lists as CSV, a folder for each season. All years and names of the demo come from there."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings

DEMO = settings.BASE_DIR / "demo"
Row = dict[str, str]


def rows_of(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@dataclass(frozen=True)
class DemoYear:
    """A season of the demo, as `seasons.csv` has it."""

    year: int
    period: str
    cutoff_on: date
    open_until: date | None
    basis: str
    basis_source: str
    plan: str  # whose points are the themes of the period
    plan_items: int  # how many; their words are not known to us: labels for an officer to fill

    @property
    def folder(self) -> Path:
        return DEMO / f"season-{self.year}"


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def years() -> list[DemoYear]:
    """The seasons that there are data of, oldest first."""
    found = [
        DemoYear(
            year=int(row["year"]),
            period=row["period"],
            cutoff_on=date.fromisoformat(row["cutoff_on"]),
            open_until=_day(row["open_until"]),
            basis=row["basis"],
            basis_source=row["basis_source"],
            plan=row["plan"],
            plan_items=int(row["plan_items"]),
        )
        for row in rows_of(DEMO / "seasons.csv")
    ]
    return sorted(found, key=lambda known: known.year)


def of_season(name: str, *, first: bool) -> Iterator[Row]:
    """Rows of a list that come with the first season, or those that come with a later one."""
    year = str(years()[0].year)
    return (row for row in rows_of(DEMO / name) if (row["season"] == year) == first)
