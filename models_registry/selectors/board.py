"""Reads of the season's board: counts by state and place, the rows shown, what is late."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum

from common.dates import day_begins, today
from common.text import search_words, sort_key
from models_registry.enums import State
from models_registry.models import BoardCount, Registration, Season, YearVerdict
from models_registry.permissions import acting_day, days_of_rights
from models_registry.registers.hamlets import hamlet_spellings
from models_registry.selectors.catalogue import search
from models_registry.selectors.heirs import Standing, standing_on
from organisation.models import Reader, UnitVersion
from organisation.permissions import units_where
from organisation.roles import May
from organisation.selectors.units import reporting_within
from organisation.tree import UnitTree, tree_for

UNFINISHED = (State.SUBMITTED, State.RETURNED)
NAMED_AT_MOST = 3


@dataclass(frozen=True)
class Board:
    """What one person's board of a season spans: whole registers of units, and places in registers of other units: a commune's
    own, and those that a unit follows.
    """

    season: Season
    tree: UnitTree = field(repr=False)
    units: list[UnitVersion]
    places: tuple[UnitVersion, ...] = ()
    registers: frozenset[int] = frozenset()
    """The units in whose registers the places stand."""
    carried: tuple[UnitVersion, ...] = ()
    """Units that ended in the season, all of whose registrations stand at others of the board now."""
    standing: Standing | None = field(default=None, repr=False)
    """Where registrations stand, as figures count them on the season's day; None where no unit ended by it."""
    whole: "Board | None" = field(default=None, repr=False)
    """The board that this one unit's is a line of."""

    @property
    def unit(self) -> UnitVersion | None:
        """The one unit whose register the board shows; None when it shows several, or none whole."""
        return self.units[0] if len(self.units) == 1 else None

    @property
    def parts(self) -> list[UnitVersion]:
        return [*self.units, *self.places]

    @property
    def name(self) -> str:
        if self.unit:
            return self.unit.short_name
        if len(self.parts) <= NAMED_AT_MOST:
            return ", ".join(version.short_name for version in self.parts)
        return f"{len(self.parts)} đơn vị"

    def holds(self) -> Q:
        """The condition of the counts kept of its rows, and of its rows but for those that were assigned to its units."""
        of_places = Q(unit__in=self.registers, place__in=[version.unit_id for version in self.places])
        of_units = Q(unit__in=[version.unit_id for version in (*self.units, *self.carried)])
        return of_units | of_places if self.places else of_units

    @property
    def unit_ids(self) -> frozenset[int]:
        return frozenset(version.unit_id for version in self.units)

    def line_of(self, unit_id: int, place_id: int | None, given_to: int | None = None) -> int:
        """The unit in whose line a registration counts: who carries it on, where that one is on the board."""
        if self.standing is None:
            return unit_id
        line = self.standing.unit_of(unit_id, place_id, given_to)
        return line if line in self.unit_ids else unit_id


def board_of(user: Reader, season: Season) -> Board | None:
    """The widest board that a user may follow; None for who has none."""
    tree = tree_for(user)
    units = reporting_within(user, May.SEE_BOARD, days_of_rights(season, tree))
    standing = standing_on(season, acting_day(season)) if units else None
    units, carried = _units_with_rows(Board(season, tree, units, standing=standing))
    places, registers = _places_held(user, season)
    places = _places_with_rows(places, season, tree)
    return Board(season, tree, units, tuple(places), registers, carried, standing) if units or places else None


def _places_held(user: Reader, season: Season) -> tuple[list[UnitVersion], frozenset[int]]:
    """(the places that a user follows in registers which the user does not follow whole, the units of those registers)."""
    held, tree = units_where(user, May.SEE_BOARD), tree_for(user)
    if not held:
        return [], frozenset()
    reach, registers = tree.with_followed(held, today()), set[int]()
    found: dict[int, UnitVersion] = {}
    for day in days_of_rights(season, tree):
        below = tree.below(reach, day)
        above = {pk: register for pk in below if (register := tree.reporting(pk, day)) not in (pk, None)}
        places = {pk: register for pk, register in above.items() if register not in below and pk not in found}
        found |= tree.were(places, day)
        registers |= {register for register in places.values() if register is not None}
    return sorted(found.values(), key=lambda version: (version.unit.position, version.unit.key)), frozenset(registers)


def _passing(parts: list[UnitVersion], season: Season, tree: UnitTree) -> set[int]:
    """Those of which no registrations are expected: ended since the season opened, or begun after its cut-off. They stay on a
    board while they have some.
    """
    day, cutoff = acting_day(season), season.cutoff_on
    late = {version.unit_id for version in parts if day > cutoff and not tree.exists(version.unit_id, cutoff)}
    return late | {version.unit_id for version in parts if not tree.exists(version.unit_id, day)}


def _places_with_rows(places: list[UnitVersion], season: Season, tree: UnitTree) -> list[UnitVersion]:
    passing = _passing(places, season, tree)
    if not passing:
        return places
    filled = set(BoardCount.objects.filter(season=season, place__in=passing).values_list("place", flat=True))
    return [version for version in places if version.unit_id not in passing or version.unit_id in filled] or places


def _units_with_rows(board: Board) -> tuple[list[UnitVersion], tuple[UnitVersion, ...]]:
    """(the units of a board with those that pass while registrations count in their lines, those all of whose stand at others)."""
    passing = _passing(board.units, board.season, board.tree)
    if not passing:
        return board.units, ()
    kept = BoardCount.objects.filter(season=board.season, unit__in=passing).order_by()
    filled = list(kept.values_list("unit", "place").annotate(n=Sum("total")))
    totals = Counter[int]()
    for unit, place, number in filled:
        totals[board.line_of(unit, place)] += number
    for unit, *_, number in _moved(board, board.standing) if board.standing else ():
        totals[unit] += number
    lines = {unit for unit, number in totals.items() if number}
    stay = [version for version in board.units if version.unit_id not in passing or version.unit_id in lines]
    carried = {unit for unit, *_ in filled} - lines
    return stay or board.units, tuple(version for version in board.units if stay and version.unit_id in carried)


def is_of_later_units(board: Board) -> bool:
    """Whether a board of several has units that had not begun when its figures closed, since registrations stand there now: nobody
    expected any of them, so that it tells no share of units that have registered.
    """
    day, cutoff = acting_day(board.season), board.season.cutoff_on
    exists, units = board.tree.exists, {version.unit_id for version in board.units}
    return board.unit is None and day > cutoff and any(exists(pk, day) and not exists(pk, cutoff) for pk in units)


def narrowed(board: Board, key: str) -> Board | None:
    """The board of one of its units or places, by its key; None when it is not among them. One that was carried on by others keeps
    its own register.
    """
    units = [version for version in board.units if version.unit.key == key]
    places = tuple(version for version in board.places if version.unit.key == key)
    if units and board.standing:
        return replace(board, units=units, places=places, carried=(), whole=board)
    units += [version for version in board.carried if version.unit.key == key]
    return replace(board, units=units, places=places, carried=(), standing=None) if units or places else None


@dataclass(frozen=True)
class BoardFilter:
    """What the board's address asks for."""

    words: str = ""
    place: int | None = None
    field: int | None = None
    hamlet: str = ""
    states: tuple[str, ...] = ()
    is_late: bool = False
    kind: str = ""
    subject_kind: str = ""
    since: date | None = None
    until: date | None = None
    """The days of registering that are asked for, both included."""
    order: str = ""
    """A name of ORDERS, with “-” before it for the other way round; '' for what moved last on top."""

    @property
    def is_counted_by_row(self) -> bool:
        """Whether it asks for what the kept counts do not know."""
        return bool(self.hamlet or self.kind or self.subject_kind or self.since or self.until or search_words(self.words))


ORDERS: dict[str, tuple[str, ...]] = {
    "ten": ("sort_key",),
    "noi": ("unit__position", "place__position", "sort_key"),
    "linh-vuc": ("field__position", "sort_key"),
    "loai": ("kind", "sort_key"),
    "doi-tuong": ("subject_kind", "sort_key"),
    "ngay-dang-ky": ("registered_on", "sort_key"),
    "tu-ngay": ("state_since",),
    "trang-thai": ("state", "sort_key"),
}


def _ordered(rows: QuerySet[Registration], order: str) -> QuerySet[Registration]:
    """By the column asked for; what has nothing there stands last either way, alike on every database."""
    name, is_down = order.removeprefix("-"), order.startswith("-")
    if name not in ORDERS:
        return rows.order_by("-state_since", "-pk")
    first, *others = ORDERS[name]
    by = F(first).desc(nulls_last=True) if is_down else F(first).asc(nulls_last=True)
    return rows.order_by(by, *(F(one).asc(nulls_last=True) for one in others), "pk")


def rows_of(board: Board) -> QuerySet[Registration]:
    """All registrations of a board, which `board_of` gave to a user who may see them."""
    if board.whole:
        return _of_line(board, board.whole)
    found, standing = board.holds(), _standing_of(board)
    if standing:
        found |= Q(pk__in=_assigned(board, standing).values("pk"))
    return Registration.objects.filter(found, season=board.season)


def _of_line(board: Board, whole: Board) -> QuerySet[Registration]:
    """Of the rows of a whole board those that count in the lines of its units."""
    standing = board.standing
    assert standing is not None
    rows, every = rows_of(whole), Registration.objects.filter(season=board.season).order_by()
    rows = rows.filter(board.holds() | Q(pk__in=every.filter(standing.of(board.unit_ids)).values("pk")))
    if board.unit_ids.isdisjoint(standing.ended):
        return rows
    return rows.exclude(pk__in=every.filter(standing.of(whole.unit_ids - board.unit_ids)).values("pk"))


def rows_named(board: Board, ids: Iterable[int]) -> QuerySet[Registration]:
    """Those of a board that a page named."""
    return rows_of(board).filter(pk__in=ids)


def _standing_of(board: Board) -> Standing | None:
    """Where the season's registrations stand today; None where nothing of what others left over may have been assigned."""
    if not any(board.tree.exists(version.unit_id, today()) for version in board.units):
        return None
    return board.standing if board.standing and board.standing.day == today() else standing_on(board.season, today())


def _assigned(board: Board, standing: Standing) -> QuerySet[Registration]:
    """What was assigned to the board's units that are there, and to units that these followed since."""
    units = {version.unit_id for version in board.units if board.tree.exists(version.unit_id, today())}
    return Registration.objects.filter(standing.given(units), season=board.season).exclude(board.holds())


def board_rows(board: Board, wanted: BoardFilter) -> QuerySet[Registration]:
    """The registrations that a filter finds, what moved last on top."""
    found = rows_of(board).select_related("field", "model", "season", "unit")
    if wanted.place:
        found = found.filter(place=wanted.place)
    if wanted.field:
        found = found.filter(field=wanted.field)
    if wanted.hamlet:
        found = found.filter(hamlet__in=hamlet_spellings(wanted.hamlet))
    if wanted.states:
        found = found.filter(state__in=wanted.states)
    if wanted.is_late:
        found = found.filter(state=State.SUBMITTED, state_since__lt=late_before(board.season))
    return _ordered(search(_by_row(found, wanted), wanted.words), wanted.order)


def _by_row(found: QuerySet[Registration], wanted: BoardFilter) -> QuerySet[Registration]:
    asked = {
        "kind": wanted.kind,
        "subject_kind": wanted.subject_kind,
        "registered_on__gte": wanted.since,
        "registered_on__lte": wanted.until,
    }
    return found.filter(**{name: value for name, value in asked.items() if value})


HAMLETS = 100


def hamlets_of(board: Board) -> list[str]:
    """The hamlets that are named on a board of one commune; none on others, where hamlets of many communes have one name."""
    if len(board.parts) != 1 or _has_places(board):
        return []
    named = rows_of(board).filter(hamlet__isnull=False).order_by().values_list("hamlet", flat=True).distinct()
    return sorted((name for name in named[:HAMLETS] if name), key=sort_key)


def _has_places(board: Board) -> bool:
    """Whether units lie below the board's unit."""
    return bool(board.unit) and len(board.tree.below_then([board.units[0].unit_id], acting_day(board.season))) > 1


def board_cards(rows: QuerySet[Registration]) -> Any:
    """Only what a line of the board shows, without making objects of it: the rows' names are the attributes."""
    shown = ("pk", "title", "subject", "unit_name", "place_name", "kind", "subject_kind", "registered_on", "state", "state_since")
    standing = YearVerdict.objects.filter(registration=OuterRef("pk"), until__isnull=True, confirmed_at__isnull=False)
    judged = rows.annotate(verdict=Subquery(standing.values("verdict")[:1]))
    return judged.values_list(*shown, "field__short_name", "verdict", named=True)


def is_late(season: Season, waited: int) -> bool:
    """Whether what was sent has waited for more days than the season allows."""
    return waited > season.check_days


def late_before(season: Season) -> datetime:
    """What was sent before this moment has waited longer than the season allows."""
    return day_begins(today() - timedelta(days=season.check_days))


Cell = tuple[int, int, int | None, int | None, str, int]


def cells_of(board: Board) -> Iterable[Cell]:
    """(unit in whose line it counts, unit in whose register it stands, place, field, state, how many)"""
    if board.whole:
        return [cell for cell in cells_of(board.whole) if cell[0] in board.unit_ids]
    kept = BoardCount.objects.filter(board.holds(), season=board.season).order_by()
    grouped = list(kept.values_list("unit", "place", "field", "state").annotate(n=Sum("total")))
    cells = [(board.line_of(unit, place), unit, place, *cell) for unit, place, *cell in grouped]
    if board.standing:
        cells += _moved(board, board.standing)
    if standing := _standing_of(board):
        assigned = _assigned(board, standing).order_by().annotate(given=standing.given_to())
        rows = assigned.values_list("given", "unit", "place", "field", "state").annotate(n=Count("pk"))
        cells += [(standing.carrier(given), *row) for given, *row in rows]
    return cells


def _moved(board: Board, standing: Standing) -> Iterable[Cell]:
    """What was assigned, away from where it would count, to where it does: the kept counts know nothing of that."""
    handed = Registration.objects.filter(board.holds(), season=board.season, handover__since__lte=standing.day).order_by()
    rows = handed.annotate(given=standing.given_to()).values_list("unit", "given", "place", "field", "state")
    for unit, given, place, *cell, number in rows.annotate(n=Count("pk")):
        yield board.line_of(unit, place), unit, place, *cell, -number
        yield board.line_of(unit, place, given), unit, place, *cell, number
