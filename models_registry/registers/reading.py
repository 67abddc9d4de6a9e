"""What comes out of a register: rows that were understood, rows that are refused and why, what was understood of a sheet."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from common.text import compare_key
from models_registry.enums import Kind, SubjectKind
from models_registry.registers.cells import Typed
from models_registry.registers.vocabulary import FieldBook, Place, PlaceBook
from models_registry.sources import source_of

if TYPE_CHECKING:
    from models_registry.registers.mapping import Mapping, SheetMapping

Mends = dict[str, dict[str, str]]  # a row's `source` -> part of a row, or a column's letter -> the text typed over the cell
PARTS = (  # of a row, as its page shows and mends them
    "title",
    "subject",
    "place",
    "hamlet",
    "field",
    "subject_kind",
    "kind",
    "registered_on",
    "content",
    "note",
)
DOUBLE = "double"  # the part in which an officer answers what a row that says the same as another is
BOTH_STAND = "Giữ cả hai: hai mô hình khác nhau"
ANSWERABLE = (*PARTS, DOUBLE)
ONE = "one"  # the part that says that a row which lists several models is of one
IS_ONE = "Là một mô hình"
_CODES = {  # how the codes of a part's flaws begin, where not with the part's name
    "title": ("title_",),
    "subject": ("subject_too_long", "subject_unclear"),
    "double": ("duplicate",),
    "registered_on": ("date_", "unit_not_there"),
}
SET_ASIDE = {  # why a row of the file is not taken unless its officer says so
    "row_hidden": "Dòng này đang ẩn trong tệp (do lọc hoặc giấu dòng).",
    "row_struck": "Dòng này bị gạch ngang trong tệp.",
    "row_overprinted": "Chữ của dòng này in chồng lên chữ khác trong tệp; cổng có thể ghép nhầm.",
    "sheet_hidden": "Dòng này nằm trong một trang đang ẩn của tệp.",
}
OVERPRINTED = "Chữ của dòng này in chồng lên chữ khác trong tệp, cổng ghép lại. Xin xem lại."
CARRIED_ON = "Chữ của dòng này cổng ghép từ nhiều dòng của tệp. Xin xem có thừa hay thiếu chữ không."
KEPT_SKIPS = 40  # skipped rows named one by one in the report; the rest are counted


@dataclass(frozen=True)
class RegisterContext:
    """What a register is read against: its season's window, its unit's places, the fields."""

    opens_on: date
    closes_on: date
    fields: FieldBook
    places: PlaceBook
    default_day: date | None = None
    """The day for rows of a register that has no column of dates; None refuses them."""
    not_there: Callable[[date, int | None], str] = lambda day, place_id: ""
    """Why the unit could not register on a day (at a place, by its id), as a sentence; empty where it could."""
    place_on: Callable[[Place, date], Place] = lambda place, day: place
    """The place that was there on a day for the one that is named. Raises PlaceUnknown."""
    whose: Callable[[list[str]], tuple[str, str] | None] = lambda lines: None
    """The unit that a title block names: its key ("" for the register's own unit) and name; None where it names none."""
    apart: bool = False
    """Whether rows under another unit's title are refused: the file holds registers of several."""
    takes: frozenset[str] = frozenset()
    """Which rows count all the same that the file hides or strikes through (codes of SET_ASIDE), or that say what another says
    ("duplicate").
    """
    stands: Callable[[str], bool] = lambda identity: False
    """Whether a registration of this identity stands in the register already."""
    is_ours: bool = False
    """Whether we wrote the file ourselves (`opening.open_register`)."""
    mapping: "Mapping | None" = None
    """How the file is read, as far as somebody said it by hand."""
    remembered: "tuple[SheetMapping, ...]" = ()
    """How the unit's earlier registers were read, by their heads."""
    most: int = 0
    """How many rows of each sheet are read, of a sample; 0: all. A sample keeps first rows and the words of lists."""
    shown: int = 0
    """The row down to which a sample keeps the first rows of each sheet, at least."""
    mends: Mends = field(default_factory=dict)
    """What was typed over parts of rows."""
    tells: bool = False
    """Whether each row says what the file has in each of its parts, for a page."""

    def is_one(self, sheet: str, row: int) -> bool:
        """Whether somebody said that a row is of one model, or typed over the title of all of it."""
        return not {"title", ONE}.isdisjoint(self.mends.get(source_of(sheet, row), ()))


@dataclass(slots=True)
class ReadRow:
    """One registration, as read and understood. `source`: see `source_of`."""

    source: str
    title: str
    subject: str
    place: Place
    field_id: int
    kind: Kind
    subject_kind: SubjectKind
    content: str
    note: str
    registered_on: date
    identity: str
    answers: dict[str, str] = field(default_factory=dict)
    """What its columns say of the nine boxes: {field of a box: text}."""
    month: str = ""
    """The month that stands where a day should: it counts from its first day."""
    kind_open: bool = False
    """Whether its kind is to be told by the models of earlier seasons; it stands as new until then."""
    placed_before: tuple[str, ...] = ()
    """Keys of the places under which it may have been stored when what says where it is, its doer or a title, was not heard."""
    named_before: tuple[str, ...] = ()
    """Names of who does it under which it may have been stored: none where a line above says it, one without the position beside it."""
    said: dict[str, str] = field(default_factory=dict)
    """What the file has in each of PARTS, mended or not; only where the context asks for it."""
    of: int = 0
    """How many models its row of the file lists, where those are several."""
    cells: dict[str, str] = field(default_factory=dict)
    """What its row of the file would say if it were of this model alone, by the columns' letters, where it says more."""
    doubt: str = ""
    """Why its title should be looked at though the row is taken as it is."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """Why a row is refused: the column's letter, the value found, a code for programs, a sentence for people.

    `choose` names the list that the cell's words come from (field, kind, subject_kind, place); empty where there is none.
    """

    column: str
    value: str
    code: str
    message: str
    choose: str = ""

    def as_dict(self) -> dict[str, str]:
        said = {"column": self.column, "value": self.value, "code": self.code, "message": self.message}
        return said | ({"choose": self.choose} if self.choose else {})


def part_at_fault(code: str) -> str:
    """Which part of a row a flaw's code is about; none where it is about the whole row."""
    return next((part for part in ANSWERABLE if code.startswith(_CODES.get(part, (f"{part}_",)))), "")


@dataclass(frozen=True, slots=True)
class RefusedRow:
    sheet: str
    row: int
    identity: str
    flaws: tuple[Flaw, ...]
    title: str = ""
    said: dict[str, str] = field(default_factory=dict)
    doubles: str = ""
    """Which earlier row says the same, in words; empty where none does."""
    nth: int = 0
    """Which of the models it is that its row of the file lists, where those are several."""
    of: int = 0
    cells: dict[str, str] = field(default_factory=dict)

    @property
    def source(self) -> str:
        return source_of(self.sheet, self.row, self.nth)

    def as_dict(self) -> dict[str, Any]:
        first, *more = self.flaws
        found: dict[str, Any] = {"sheet": self.sheet, "row": self.row, "title": self.title[:200]} | first.as_dict()
        found |= {"model": self.nth} if self.nth else {}
        return found | ({"more": [flaw.as_dict() for flaw in more]} if more else {})


@dataclass
class SheetReading:
    """What was understood of one sheet."""

    name: str
    heading_rows: list[int] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)
    ignored_columns: dict[str, str] = field(default_factory=dict)
    guesses: list[dict[str, Any]] = field(default_factory=list)
    """What each column was taken for, why and how sure that is (`guessing.Guess`)."""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    """What the file itself says that short words of a column mean: column -> folded word -> meaning."""
    encoding: str = ""
    rows: int = 0
    skipped: list[dict[str, Any]] = field(default_factory=list)
    skipped_total: int = 0
    letters: dict[str, str] = field(default_factory=dict)
    """Which column each of PARTS stands in, where it has one of its own."""
    units: dict[str, str] = field(default_factory=dict)
    """Other units that title blocks of the sheet name: key -> name."""
    note: str = ""

    def skip(self, row: int, why: str) -> None:
        self.skipped_total += 1
        if len(self.skipped) < KEPT_SKIPS:
            self.skipped.append({"row": row, "why": why})


def named_in(row: "ReadRow | RefusedRow") -> str:
    """Doer and place of a row in one text: what it says of whose register it stands in."""
    if isinstance(row, ReadRow):
        return f"{row.subject} | {row.place.name}"
    return next((flaw.value for flaw in row.flaws if flaw.code == "place_unknown"), "")


def identity_of(title: str, place_key: str, subject: str, nth: int = 1) -> str:
    """One model of one unit: equal for the same title, place and subject in any spelling. 32 hex digits.

    `nth`: the second and later ones of the same words that stand beside the first, because their officer said so.
    """
    words = "\n".join((compare_key(title), place_key, compare_key(subject), *([str(nth)] if nth > 1 else [])))
    return blake2b(words.encode(), digest_size=16).hexdigest()


@lru_cache(maxsize=1024)
def letter(index: int) -> str:
    """0 -> 'A', 26 -> 'AA': a column as the sheet names it."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def index_of(column: str) -> int:
    """'A' -> 0, 'AA' -> 26; -1 for what is no column's letter."""
    if not (0 < len(column) <= 3 and column.isascii() and column.isalpha()):
        return -1
    index = 0
    for char in column.upper():
        index = index * 26 + ord(char) - 64
    return index - 1


def mended(sheet: str, rows: Iterator[tuple[int, list[Any]]], mends: Mends) -> Iterator[tuple[int, list[Any]]]:
    """A sheet's rows with what was typed over their cells."""
    for number, row in rows:
        cells_typed = mends.get(f"{sheet}!{number}", {}).items()
        typed = {index: text for column, text in cells_typed if (index := index_of(column)) >= 0}
        if not typed:
            yield number, row
            continue
        cells = [*row, *[""] * (max(typed) + 1 - len(row))]
        for index, text in typed.items():
            cells[index] = Typed(text)
        yield number, cells
