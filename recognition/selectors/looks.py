"""Reads of requests to look again at scores."""

from dataclasses import dataclass
from decimal import Decimal

from recognition.models import ScoreSheet, SecondLook


@dataclass(frozen=True)
class LookLine:
    """One score that was asked about."""

    criterion_id: int
    position: int
    name: str
    before: Decimal
    after: Decimal | None


@dataclass(frozen=True)
class Look:
    """A request with the scores it is about, and the answer."""

    row: SecondLook
    lines: tuple[LookLine, ...]

    @property
    def is_open(self) -> bool:
        return self.row.answered_at is None

    @property
    def criteria(self) -> frozenset[int]:
        return frozenset(line.criterion_id for line in self.lines)

    @property
    def was_changed(self) -> bool:
        return any(line.after not in (None, line.before) for line in self.lines)


def looks_of(*sheets: ScoreSheet) -> list[Look]:
    """The requests about some sheets, in the order of asking. Two queries."""
    rows = SecondLook.objects.filter(sheet__in=sheets).select_related("sheet__member").prefetch_related("scores__score")
    return [
        Look(
            row,
            tuple(
                LookLine(one.score.criterion_id, one.score.position, one.score.name, one.before, one.after)
                for one in row.scores.all()
            ),
        )
        for row in rows
    ]
