"""Reads of the season's board: counts by state and place, the rows shown, what is late."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, QuerySet, Sum

from common.dates import day_begins, today
from common.text import search_words
from models_registry.enums import SENT, State
from models_registry.models import BoardCount, Registration, Season
from models_registry.permissions import acting_day, season_days
from models_registry.selectors.catalogue import COUNT_LIMIT, search
from organisation.models import UnitVersion
from organisation.permissions import units_where
from organisation.roles import May
from organisation.selectors import children, reporting_units, reporting_within, versions_on

UNFINISHED = (State.SUBMITTED, State.RETURNED)


@dataclass(frozen=True)
class Board:
    """What one person's board of a season spans: reporting units, or one commune of one of them."""

    season: Season
    units: list[UnitVersion]
    place: UnitVersion | None = None

    @property
    def unit(self) -> UnitVersion | None:
        """The one unit that the board is of; None when it spans several."""
        return self.units[0] if len(self.units) == 1 else None

    @property
    def name(self) -> str:
        if self.place:
            return self.place.short_name
        return self.units[0].short_name if len(self.units) == 1 else f"{len(self.units)} đơn vị"


def board_of(user: Any, season: Season) -> Board | None:
    """The widest board that a user may follow; None for who has none."""
    days = season_days(season)
    units = reporting_within(user, May.SEE_BOARD, days[:2])
    if units:
        return Board(season, _with_rows(units, season))
    held = units_where(user, May.SEE_BOARD)
    for day in days[:2] if held else ():
        for place in versions_on(held, day).values():
            above = reporting_units(day).filter(unit=place.parent_id).first() if place.parent_id else None
            if above:
                return Board(season, [above], place)
    return None


def _with_rows(units: list[UnitVersion], season: Season) -> list[UnitVersion]:
    """The units that report now; one that ended since the season opened stays while it has registrations."""
    day = acting_day(season)
    ended = [version.unit_id for version in units if version.valid_to and version.valid_to <= day]
    if not ended:
        return units
    filled = set(BoardCount.objects.filter(season=season, unit__in=ended).values_list("unit", flat=True))
    return [version for version in units if version.unit_id not in ended or version.unit_id in filled] or units


def narrowed(board: Board, key: str) -> Board | None:
    """The board of one of the units, by its key; None when it is not among them."""
    chosen = [version for version in board.units if version.unit.key == key]
    return Board(board.season, chosen, board.place) if chosen else None


@dataclass(frozen=True)
class BoardFilter:
    """What the board's address asks for."""

    words: str = ""
    place: int | None = None
    field: int | None = None
    states: tuple[str, ...] = ()
    is_late: bool = False


def rows_of(board: Board) -> QuerySet[Registration]:
    """All registrations of a board, which `board_of` gave to a user who may see them."""
    found = Registration.objects.filter(season=board.season, unit__in=[version.unit_id for version in board.units])
    return found.filter(place=board.place.unit_id) if board.place else found


def board_rows(board: Board, wanted: BoardFilter) -> QuerySet[Registration]:
    """The registrations that a filter finds, what moved last on top."""
    found = rows_of(board).select_related("field", "model", "season", "unit")
    if wanted.place:
        found = found.filter(place=wanted.place)
    if wanted.field:
        found = found.filter(field=wanted.field)
    if wanted.states:
        found = found.filter(state__in=wanted.states)
    if wanted.is_late:
        found = found.filter(state=State.SUBMITTED, state_since__lt=late_before(board.season))
    return search(found, wanted.words).order_by("-state_since", "-pk")


def board_cards(rows: QuerySet[Registration]) -> Any:
    """Only what a line of the board shows, without making objects of it: the rows' names are the attributes."""
    shown = ("pk", "title", "subject", "unit_name", "place_name", "kind", "state", "state_since", "field__short_name")
    return rows.values_list(*shown, named=True)


def is_late(season: Season, waited: int) -> bool:
    """Whether what was sent has waited for more days than the season allows."""
    return waited > season.check_days


def late_before(season: Season) -> datetime:
    """What was sent before this moment has waited longer than the season allows."""
    return day_begins(today() - timedelta(days=season.check_days))


@dataclass
class BoardCounts:
    """How many there are by state, for the filter's place and field; in all, and by place and state, whatever the filter."""

    states: Counter[str] = field(default_factory=Counter)
    whole: Counter[str] = field(default_factory=Counter)
    places: dict[int | None, Counter[str]] = field(default_factory=dict)
    units: dict[int, Counter[str]] = field(default_factory=dict)

    def total(self, states: Iterable[str] = ()) -> int:
        """Of some states; of all but drafts when none is named."""
        named = tuple(states) or tuple(state for state in State if state != State.DRAFT)
        return sum(self.states[state] for state in named)


def board_counts(board: Board, wanted: BoardFilter) -> BoardCounts:
    """From the kept counts: one query, a few hundred rows."""
    kept = BoardCount.objects.filter(season=board.season, unit__in=[version.unit_id for version in board.units])
    if board.place:
        kept = kept.filter(place=board.place.unit_id)
    counts = BoardCounts()
    grouped = kept.order_by().values_list("unit", "place", "field", "state").annotate(n=Sum("total"))
    for unit_id, place_id, field_id, state, number in grouped:
        counts.places.setdefault(place_id, Counter())[state] += number
        counts.units.setdefault(unit_id, Counter())[state] += number
        counts.whole[state] += number
        if (not wanted.place or wanted.place == place_id) and (not wanted.field or wanted.field == field_id):
            counts.states[state] += number
    return counts


def count_found(board: Board, wanted: BoardFilter) -> Counter[str]:
    """How many the words find, by state; empty when none are asked for."""
    if not search_words(wanted.words):
        return Counter()
    found = board_rows(board, replace(wanted, states=(), is_late=False)).order_by()
    return Counter(dict(found.values_list("state").annotate(n=Count("pk"))))


def count_rows(rows: QuerySet[Registration], wanted: BoardFilter, counts: BoardCounts) -> int:
    """How many rows the filter finds: from the counts where they can say, else counted up to COUNT_LIMIT."""
    if wanted.is_late:
        return rows.order_by()[: COUNT_LIMIT + 1].count()
    return sum(counts.states[state] for state in (wanted.states or list(State)))


def count_late(board: Board) -> int:
    late = rows_of(board).filter(state=State.SUBMITTED, state_since__lt=late_before(board.season))
    return late.order_by()[: COUNT_LIMIT + 1].count()


@dataclass(frozen=True)
class Covered:
    """A place or a unit on the board: how many stand, what is open, whether it sent anything at all."""

    version: UnitVersion
    standing: int
    waiting: int
    returned: int
    drafts: int
    withdrawn: int
    has_sent: bool


def places_of(board: Board) -> list[UnitVersion]:
    """The places of a board of one unit, as they are now; none for a board of several, or of one place."""
    if board.unit is None or board.place:
        return []
    return list(children(board.unit.unit, board.unit.day_within(acting_day(board.season))))


def cover(board: Board, counts: BoardCounts, places: Iterable[UnitVersion]) -> list[Covered]:
    """Each unit of a board of several, else each place of its unit; one without any registration is listed too."""
    by = counts.places if board.unit else counts.units
    listed = [(version, by.get(version.unit_id, Counter())) for version in (places if board.unit else board.units)]
    return [
        Covered(
            version,
            standing=found[State.ACCEPTED],
            waiting=found[State.SUBMITTED],
            returned=found[State.RETURNED],
            drafts=found[State.DRAFT],
            withdrawn=found[State.WITHDRAWN],
            has_sent=any(found[state] for state in SENT),
        )
        for version, found in listed
    ]
