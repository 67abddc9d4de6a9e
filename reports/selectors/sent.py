"""Who has sent: units against the days of the season's reports."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from organisation.grouping import told_apart
from organisation.models import UnitVersion
from reports.models import Report
from reports.selectors.overview import Due


@dataclass(frozen=True)
class Cell:
    """One unit on one day."""

    due: Due
    report: Report | None = None
    sent_on: date | None = None
    is_asked: bool = True
    """The unit reported on that day."""

    @property
    def is_late(self) -> bool:
        return (self.sent_on > self.due.send_by) if self.sent_on else self.is_asked and self.due.is_over


@dataclass(frozen=True)
class Line:
    version: UnitVersion
    name: str
    cells: list[Cell]

    @property
    def missing(self) -> int:
        return sum(one.is_asked and not one.sent_on for one in self.cells)


def matrix(due: Iterable[Due]) -> list[Line]:
    """A line for each unit that reported on one of these days, in the units' order. No query but for units of one name."""
    listed = list(due)
    asked = [{version.unit_id for version in [*one.sent, *one.missing]} for one in listed]
    versions = {version.unit_id: version for one in listed for version in [*one.sent, *one.missing]}
    names = told_apart(versions.values())
    return [
        Line(
            version,
            names[pk],
            [Cell(one, one.made.get(pk), one.sent_on.get(pk), pk in there) for one, there in zip(listed, asked, strict=True)],
        )
        for pk, version in sorted(versions.items(), key=lambda pair: pair[1].unit.position)
    ]
