"""What a list of units is held against, and what a line of it would do. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from common.text import compare_key
from organisation.lists.reading import Line

NEW, CHANGED, ENDED, SAME, REFUSED = "new", "changed", "ended", "same", "refused"


@dataclass(frozen=True)
class KnownLevel:
    key: str
    name: str
    rank: int
    gathers: bool
    words: frozenset[str]
    """What a list may call it, as `compare_key` has it."""


@dataclass(frozen=True)
class KnownVersion:
    """What a unit was from a day to a day, by keys: as the database has it, or as a line would have it."""

    key: str
    name: str
    place: str
    level: str
    parent: str
    official_code: str
    lat: Decimal | None
    lon: Decimal | None
    valid_from: date | None
    valid_to: date | None

    def meets(self, other: "KnownVersion") -> bool:
        """Whether there is a day on which both are there."""
        return (self.valid_from or date.min) < (other.valid_to or date.max) and (other.valid_from or date.min) < (
            self.valid_to or date.max
        )

    def is_on(self, day: date) -> bool:
        return (self.valid_from or date.min) <= day < (self.valid_to or date.max)

    def is_called(self, words: str) -> bool:
        """By its name or place, `words` as `compare_key` has them."""
        return bool(words) and words in (compare_key(self.name), compare_key(self.place))


@dataclass(frozen=True)
class KnownUnits:
    """The levels and units that are there; `nameless` is the key of the first unit while it has no name."""

    levels: tuple[KnownLevel, ...]
    versions: tuple[KnownVersion, ...] = ()
    successions: frozenset[tuple[str, str, date]] = frozenset()
    """(predecessor, successor, since when)"""
    nameless: str = ""


@dataclass
class PlannedLine:
    """A line with what it would do, in words."""

    line: Line
    does: str = ""
    words: list[str] = field(default_factory=list)
    level_name: str = ""
    read: KnownVersion | None = None
    """What the line says by itself, without the keys of its unit and of the one above."""
    version: KnownVersion | None = None
    """What would be stored."""
    before: KnownVersion | None = None
    """What that would replace."""
    followed_by: list[str] = field(default_factory=list)
    """Keys of the units that carry on what this one did; once planned, of those that are not known to."""

    @property
    def name(self) -> str:
        return self.line.texts.get("name", "")

    @property
    def is_refused(self) -> bool:
        return self.does == REFUSED

    @property
    def is_kept(self) -> bool:
        """Whether storing the list would write it."""
        return self.does in (NEW, CHANGED, ENDED)

    def refuse(self, *reasons: str) -> None:
        self.does, self.version = REFUSED, None
        self.words += reasons


def settled(lines: Iterable[PlannedLine]) -> list[tuple[PlannedLine, KnownVersion]]:
    """The lines that are not refused, each with its version."""
    return [(one, one.version) for one in lines if one.version is not None]
