"""The columns of one table, once it is settled what each of them holds."""

from collections.abc import Callable
from dataclasses import dataclass, field

from models_registry.enums import Kind
from models_registry.registers.guessing import Guess
from models_registry.registers.headings import Column, Role
from models_registry.registers.signs import Signs

Values = dict[int, list[str]]
FEWEST_VALUES = 2  # that a column without a heading must have to be taken for something


@dataclass
class Layout:
    """The columns of one table. `at` has one column a role; contents and notes may be several; `parted`: roles that are a part of
    what stands in a column.
    """

    at: dict[Role, int] = field(default_factory=dict)
    parted: dict[Role, int] = field(default_factory=dict)
    contents: list[int] = field(default_factory=list)
    notes: list[int] = field(default_factory=list)
    boxes: list[Column] = field(default_factory=list)
    field_marks: list[Column] = field(default_factory=list)
    kind_marks: list[Column] = field(default_factory=list)
    subject_marks: list[Column] = field(default_factory=list)
    doer_marks: list[Column] = field(default_factory=list)
    """Columns headed by who does it, whose crosses say in which rows."""
    further_doers: list[Column] = field(default_factory=list)
    """Columns of who does it beside the first: each row fills one of them."""
    position: int | None = None
    """The column right of persons' names that says what they are; it stands behind the name."""
    unused: list[Column] = field(default_factory=list)
    guesses: list[Guess] = field(default_factory=list)
    width: int = 0
    month_first: bool = False
    """Whether days are written 3/15/2024."""
    day_parts: tuple[int, ...] = ()
    """Columns of day, month and year, where they stand apart; the first is the day's."""
    counts_models: bool = False
    """Whether the column of counts says how many models stand in each row."""
    numbers_titles: bool = False
    """Whether each title begins with its row's number, which has no column of its own."""
    doer_of: int | None = None
    """The title's column where it holds who does it as well; the doer is taken into a column behind the last."""
    hamlet_kind: str = ""
    """What the heading of a column of hamlets calls each of them, for those that only have a number."""
    are_years: bool = False
    """Whether the marks of kinds are years in which a model was registered, an earlier one beside the season's."""
    kind_if_blank: Kind | None = None
    """What rows are that one column of marks, the only one of kinds, leaves empty."""
    is_doer_marked: bool = False
    """Whether who does it stands in one of two columns, that of bodies or that of persons."""
    behind_title: dict[Role, Callable[[str], tuple[str, str]]] = field(default_factory=dict)
    """Roles that stand behind the title, by what parts a title from them; each is taken into a column behind the last."""
    behind_doer: Callable[[str], tuple[str, str]] | None = None
    """What parts the doer from the place in one cell, where both stand there; the place is taken into a column behind the last."""
    signs: dict[Role, Signs] = field(default_factory=dict)
    """Of those roles, such as signs behind the title say."""
    leaves_places_open: bool = False
    """Whether most rows have no place of their own, so that who does it says where."""
    sparse: list[int] = field(default_factory=list)
    """Columns of which only the first row of each group is filled."""
    barred: frozenset[int] = frozenset()
    words: dict[Role, dict[str, str]] = field(default_factory=dict)
    """What short words of a column mean by its own heading: folded word -> words that the list knows."""

    @property
    def marks(self) -> list[Column]:
        return list(dict.fromkeys((*self.field_marks, *self.kind_marks, *self.subject_marks, *self.doer_marks)))

    def tells(self, role: Role) -> bool:
        """Whether a column, a part of one or marks say it."""
        return role in self.at or role in self.parted or self.has_marks(role)

    def has_marks(self, role: Role) -> bool:
        marks = {
            Role.FIELD: self.field_marks,
            Role.KIND: self.kind_marks,
            Role.SUBJECT_KIND: self.subject_marks,
            Role.SUBJECT: self.doer_marks,
        }
        return bool(marks.get(role))

    @property
    def meaningful(self) -> list[int]:
        """Columns whose words make a row a registration: not its number, its notes, its sums."""
        single = [index for role, index in self.at.items() if role not in (Role.NUMBER, Role.COUNT)]
        marked = (column.index for column in (*self.marks, *self.boxes, *self.further_doers))
        return sorted({*single, *self.parted.values(), *self.contents, *marked})

    def row_count(self, values: Values) -> int:
        return len(values.get(self.at.get(Role.TITLE, -1), []))

    def free(self, values: Values, *, with_remarks: bool = True, fewest: int = FEWEST_VALUES) -> list[int]:
        """The columns that nobody claimed; with those of remarks, which may say more."""
        claimed = {*self.barred, *self.at.values(), *self.parted.values(), *(column.index for column in self.marks)}
        claimed |= {column.index for column in (*self.boxes, *self.further_doers)}
        claimed |= {self.position} if self.position is not None else set()
        claimed |= set() if with_remarks else {*self.contents, *self.notes}
        return [index for index, found in values.items() if index not in claimed and len(found) >= fewest]

    def release(self, index: int) -> None:
        """Take a column from those of remarks: it says more."""
        self.contents, self.notes = ([at for at in those if at != index] for those in (self.contents, self.notes))
