"""Which column holds what, once the heading's words and the values below them have both been heard."""

from collections.abc import Callable
from dataclasses import dataclass, field

from common.dates import read_day
from models_registry.registers.headings import Column, Heading, Role
from models_registry.registers.vocabulary import NOWHERE, FieldBook, PlaceBook, PlaceUnknown, match_kind, match_subject_kind

Values = dict[int, list[str]]
_BY_VALUE = (Role.SUBJECT, Role.SUBJECT_KIND, Role.KIND, Role.PLACE, Role.REGISTERED_ON)  # their headings share words
_MOST = 0.6


@dataclass
class Layout:
    """The columns of one table. `at` has one column a role; contents and notes may be several."""

    at: dict[Role, int] = field(default_factory=dict)
    contents: list[int] = field(default_factory=list)
    notes: list[int] = field(default_factory=list)
    field_marks: list[Column] = field(default_factory=list)
    kind_marks: list[Column] = field(default_factory=list)
    subject_marks: list[Column] = field(default_factory=list)
    unused: list[Column] = field(default_factory=list)
    width: int = 0

    @property
    def marks(self) -> list[Column]:
        return [*self.field_marks, *self.kind_marks, *self.subject_marks]

    @property
    def meaningful(self) -> list[int]:
        """Columns whose words make a row a registration: not its number, its notes, its sums."""
        single = [index for role, index in self.at.items() if role not in (Role.NUMBER, Role.COUNT)]
        return sorted({*single, *self.contents, *(column.index for column in self.marks)})


def lay_out(heading: Heading, values: Values, fields: FieldBook, places: PlaceBook) -> Layout:
    """Settle each column by its heading and, where headings share words, by its values ("Đơn vị", "Loại hình")."""
    layout = Layout(width=max(column.index for column in heading.columns) + 1)
    wanted: dict[Role, list[Column]] = {}
    for column in heading.columns:
        if column.role == Role.MARK:
            _add_mark(layout, column)
        elif column.role == Role.CONTENT:
            layout.contents.append(column.index)
        elif column.role == Role.NOTE:
            layout.notes.append(column.index)
        else:
            role = _role_by_value(column, values.get(column.index, []), fields, places)
            wanted.setdefault(role, []).append(column)
    for role, columns in wanted.items():
        best = max(columns, key=lambda column: _fits(role, column, values.get(column.index, []), fields, places))
        layout.at[role] = best.index
        layout.unused += [column for column in columns if column is not best]
    return layout


def _add_mark(layout: Layout, column: Column) -> None:
    if column.field_id is not None:
        layout.field_marks.append(column)
    elif column.kind:
        layout.kind_marks.append(column)
    else:
        layout.subject_marks.append(column)


def _tests(fields: FieldBook, places: PlaceBook) -> dict[Role, Callable[[str], bool]]:
    def is_place(text: str) -> bool:
        try:
            return places.match(text) is not NOWHERE or places.is_own(text)
        except PlaceUnknown:
            return False

    return {
        Role.SUBJECT_KIND: lambda text: match_subject_kind(text) is not None,
        Role.KIND: lambda text: match_kind(text) is not None and len(text) < 40,
        Role.FIELD: lambda text: fields.match(text) is not None,
        Role.PLACE: is_place,
        Role.REGISTERED_ON: lambda text: read_day(text) is not None,
    }


def _share(test: Callable[[str], bool], values: list[str]) -> float:
    return sum(test(value) for value in values) / len(values) if values else 0.0


def _role_by_value(column: Column, values: list[str], fields: FieldBook, places: PlaceBook) -> Role:
    """The role that the values show, for a column whose heading could mean several."""
    if column.role not in _BY_VALUE or not values:
        return column.role
    tests = _tests(fields, places)
    if column.role in tests and _share(tests[column.role], values) >= _MOST:
        return column.role
    for role in (Role.SUBJECT_KIND, Role.KIND, Role.FIELD):
        if _share(tests[role], values) == 1:
            return role
    if column.role == Role.SUBJECT and _share(places.is_name, values) >= _MOST:
        return Role.PLACE
    return column.role


def _fits(role: Role, column: Column, values: list[str], fields: FieldBook, places: PlaceBook) -> tuple[float, int, int]:
    """How well a column fits its role beside another of the same: by values, by how plainly its heading says it, by order."""
    tests = _tests(fields, places)
    label = column.label.casefold()
    plainly = {
        Role.TITLE: "tên" in label,
        Role.SUBJECT: "thực hiện" in label or "tập thể" in label or "cá nhân" in label,
        Role.REGISTERED_ON: "đăng ký" in label or "ngày" in label,
    }.get(role, True)
    return (_share(tests[role], values) if role in tests else 0.0, int(plainly), -column.index)
