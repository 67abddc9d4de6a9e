"""How many registrations of a board stand in which state: for its filter, its units and its places."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from django.db.models import Count, Q, QuerySet

from common.numbers import write_number
from models_registry.enums import SENT, State
from models_registry.models import Registration
from models_registry.permissions import acting_day
from models_registry.selectors.board import Board, BoardFilter, board_rows, cells_of, late_before
from models_registry.selectors.catalogue import COUNT_LIMIT
from organisation.grouping import told_apart
from organisation.models import UnitVersion


@dataclass
class BoardCounts:
    """How many there are by state, for the filter's place and field; in all, and by place and state, whatever the filter."""

    states: Counter[str] = field(default_factory=Counter)
    whole: Counter[str] = field(default_factory=Counter)
    places: dict[int | None, Counter[str]] = field(default_factory=dict)
    units: dict[int, Counter[str]] = field(default_factory=dict)
    origins: dict[int, Counter[int]] = field(default_factory=dict)
    """unit -> of what was accepted in its line: the unit that ended and whose it was -> how many"""
    late: int | None = None
    """Of what the filter finds, where that was counted along."""

    def total(self, states: Iterable[str] = ()) -> int:
        """Of some states; of all but drafts when none is named."""
        named = tuple(states) or tuple(state for state in State if state != State.DRAFT)
        return sum(self.states[state] for state in named)


def board_counts(board: Board, wanted: BoardFilter) -> BoardCounts:
    """From the kept counts: one query, a few hundred rows; two more where units ended, for what was assigned."""
    counts = BoardCounts()
    for unit_id, was, place_id, field_id, state, number in cells_of(board):
        if was != unit_id and state == State.ACCEPTED:
            counts.origins.setdefault(unit_id, Counter())[was] += number
        counts.places.setdefault(place_id, Counter())[state] += number
        counts.units.setdefault(unit_id, Counter())[state] += number
        counts.whole[state] += number
        if (not wanted.place or wanted.place == place_id) and (not wanted.field or wanted.field == field_id):
            counts.states[state] += number
    return counts


def count_found(board: Board, wanted: BoardFilter, counts: BoardCounts) -> None:
    """Count by state what is asked for beyond place and field; nothing to do where nothing is."""
    if not wanted.is_counted_by_row:
        return
    found = board_rows(board, replace(wanted, states=(), is_late=False, order="")).order_by().values_list("state")
    is_late = Q(state=State.SUBMITTED, state_since__lt=late_before(board.season))
    rows = list(found.annotate(n=Count("pk"), late=Count("pk", filter=is_late)))
    counts.states, counts.late = Counter({state: number for state, number, _ in rows}), sum(late for *_, late in rows)


def count_rows(rows: QuerySet[Registration], wanted: BoardFilter, counts: BoardCounts) -> int:
    """How many rows the filter finds: from the counts where they can say, else counted up to COUNT_LIMIT."""
    if wanted.is_late:
        return rows.order_by()[: COUNT_LIMIT + 1].count()
    return sum(counts.states[state] for state in (wanted.states or list(State)))


def count_late(board: Board, wanted: BoardFilter, counts: BoardCounts) -> int:
    """How many of what the filter finds wait for too long."""
    if counts.late is not None or not counts.states[State.SUBMITTED]:
        return counts.late or 0
    return board_rows(board, replace(wanted, states=(), is_late=True)).order_by()[: COUNT_LIMIT + 1].count()


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
    origins: str = ""
    """Of what stands: each unit that ended and whose it was, how many"""


def origins_in(board: Board, counts: BoardCounts, unit_id: int, standing: int) -> str:
    """Of what stands in a unit's line each unit that ended and whose it was, and how many: 'A 3, B 1'; just 'A' where that is all."""
    found = {unit: number for unit, number in counts.origins.get(unit_id, Counter()).items() if number}
    names = told_apart(board.tree.were(found, board.season.opens_on).values())
    if list(found.values()) == [standing]:
        return names[next(iter(found))]
    return ", ".join(f"{names[unit]}\u00a0{write_number(number)}" for unit, number in found.items())


def places_of(board: Board) -> list[UnitVersion]:
    """The places of a board of one unit, as they are now, and those that it has of other registers; none of a single place."""
    if len(board.parts) == 1 and board.places:
        return []
    own = board.tree.right_below(board.unit.unit_id, board.unit.day_within(acting_day(board.season))) if board.unit else ()
    return [*own, *board.places]


def cover(board: Board, counts: BoardCounts, places: Iterable[UnitVersion]) -> list[Covered]:
    """Each unit of a board of several, each of the places; one without any registration is listed too."""
    units = [] if board.unit else board.units
    listed = [(version, counts.units.get(version.unit_id, Counter())) for version in units]
    listed += [(version, counts.places.get(version.unit_id, Counter())) for version in places]
    return [
        Covered(
            version,
            standing=found[State.ACCEPTED],
            waiting=found[State.SUBMITTED],
            returned=found[State.RETURNED],
            drafts=found[State.DRAFT],
            withdrawn=found[State.WITHDRAWN],
            has_sent=any(found[state] for state in SENT),
            origins=origins_in(board, counts, version.unit_id, found[State.ACCEPTED]),
        )
        for version, found in listed
    ]
