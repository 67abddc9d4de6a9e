"""Which column holds what, once the heading's words and the values below them have both been heard."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from common.text import compare_key
from models_registry.registers.guessing import (
    ENOUGH,
    MOST,
    ByValue,
    Guess,
    Test,
    by_heading,
    by_part,
    by_values,
    is_month_first,
    legend_in,
    part_of_day,
    parts,
    share,
)
from models_registry.registers.headings import BY_HAND, OF_A_DAY, Column, Heading, Role, column_of, plain
from models_registry.registers.legends import LISTED, Legend

Values = dict[int, list[str]]
_BY_VALUE = (Role.SUBJECT, Role.SUBJECT_KIND, Role.KIND, Role.PLACE, Role.REGISTERED_ON)  # their headings share words
_SOUGHT = (Role.SUBJECT_KIND, Role.KIND, Role.FIELD, Role.PLACE, Role.REGISTERED_ON)  # by values, where no heading names them
_SHARING = (Role.SUBJECT_KIND, Role.KIND, Role.FIELD, Role.SUBJECT)  # columns that may hold another role beside their own
_NAMES_PLACE = re.compile(r"khu dân cư|địa bàn", re.IGNORECASE)
_PIECES = re.compile(r"[;,/()\n+]|\s[-–]\s|\svà\s")
_FEWEST = 2  # values that a column without a heading must have to be taken for something


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
    unused: list[Column] = field(default_factory=list)
    guesses: list[Guess] = field(default_factory=list)
    width: int = 0
    month_first: bool = False
    """Whether days are written 3/15/2024."""
    day_parts: tuple[int, ...] = ()
    """Columns of day, month and year, where they stand apart; the first is the day's."""
    doer_of: int | None = None
    """The title's column where it holds who does it as well; the doer is taken into a column behind the last."""
    barred: frozenset[int] = frozenset()
    words: dict[Role, dict[str, str]] = field(default_factory=dict)
    """What short words of a column mean by its own heading: folded word -> words that the list knows."""

    @property
    def marks(self) -> list[Column]:
        return [*self.field_marks, *self.kind_marks, *self.subject_marks]

    @property
    def meaningful(self) -> list[int]:
        """Columns whose words make a row a registration: not its number, its notes, its sums."""
        single = [index for role, index in self.at.items() if role not in (Role.NUMBER, Role.COUNT)]
        marked = (column.index for column in (*self.marks, *self.boxes))
        return sorted({*single, *self.parted.values(), *self.contents, *marked})


def lay_out(heading: Heading, values: Values, known: ByValue, legends: Sequence[Legend] = ()) -> Layout:
    """Settle each column by its heading and, where headings share words or say nothing, by its values ("Đơn vị", "Loại hình")."""
    width = max([*(column.index for column in heading.columns), *values, *heading.barred]) + 1
    layout = Layout(width=width, barred=heading.barred)
    tests = known.tests()
    wanted: dict[Role, list[Column]] = {}
    days = _join_days(heading, values)
    columns = _with_legends(heading, layout, values, tests, legends)
    for column in columns:
        if column.part:
            layout.parted[column.role] = column.index
        elif column.role == Role.MARK:
            _add_mark(layout, column)
        elif column.role == Role.CONTENT:
            layout.contents.append(column.index)
        elif column.role == Role.NOTE:
            layout.notes.append(column.index)
        elif column.role == Role.BOX:
            layout.boxes.append(column)
        else:
            role = _role_by_value(column, values.get(column.index, []), known)
            wanted.setdefault(role, []).append(column)
            continue
        layout.guesses.append(by_heading(column, column.role, None, []))
    for role, rivals in wanted.items():
        best = max(rivals, key=lambda column: (column.how in BY_HAND, *_fits(role, column, values.get(column.index, []), known)))
        layout.at[role] = best.index
        layout.guesses.append(by_heading(best, role, tests.get(role), values.get(best.index, [])))
        layout.unused += [column for column in rivals if column is not best]
    labels = {column.index: column.label for column in heading.columns} | dict(heading.ignored)
    _part_doer(layout, labels, known)
    for role in _SOUGHT:
        if role not in layout.at and role not in layout.parted and not _is_marked(layout, role):
            _seek(role, layout, labels, values, known)
    layout.unused = [column for column in layout.unused if column.index not in layout.at.values()]
    if (at := layout.at.get(Role.REGISTERED_ON)) is not None:
        layout.month_first = is_month_first(values.get(at, []), known.is_in_season)
        layout.day_parts = days if days and days[0] == at else ()
        layout.guesses += [part_of_day(index, labels[index]) for index in layout.day_parts[1:]]
    return layout


def _part_doer(layout: Layout, labels: dict[int, str], known: ByValue) -> None:
    """'Tên mô hình; đơn vị thực hiện': two things in one column, by its heading alone."""
    title = layout.at.get(Role.TITLE)
    if title is None or Role.SUBJECT in layout.at or layout.subject_marks:
        return
    said = [column_of(title, piece.strip(), known.fields) for piece in _PIECES.split(labels.get(title, ""))]
    roles = [column.role for column in said if column]
    if roles[:1] == [Role.TITLE] and Role.SUBJECT in roles:
        layout.doer_of, layout.at[Role.SUBJECT] = title, layout.width
        layout.width += 1


def _join_days(heading: Heading, values: Values) -> tuple[int, ...]:
    """The columns of a day's parts; the values of the first become whole days."""
    rest = {plain(label): at for at, label in heading.ignored}
    for column in heading.columns:
        others = [rest[part] for part in OF_A_DAY if rest.get(part, -9) - column.index in (1, 2)]
        days = values.get(column.index, [])
        if column.role != Role.REGISTERED_ON or others != list(range(column.index + 1, column.index + 1 + len(others))):
            continue
        if others and days and share(lambda text: text.isdecimal() and 0 < int(text) < 32, days) >= ENOUGH:
            apart = (column.index, *others)
            values[column.index] = ["/".join(parts) for parts in zip(*(values.get(at, []) for at in apart), strict=False)]
            return apart
    return ()


def _with_legends(
    heading: Heading, layout: Layout, values: Values, tests: dict[Role, Test], legends: Sequence[Legend]
) -> list[Column]:
    """The heading's columns, with those whose words, or a legend beside the table, say what short ones below them mean:
    'Loại (1: tập thể, 2: cá nhân)'.
    """
    said: dict[int, Column] = {}
    doubtful = [column for column in heading.columns if column.role in (*LISTED, Role.SUBJECT) and column.how not in BY_HAND]
    ignored = [Column(at, label, Role.NOTE) for at, label in heading.ignored if at not in heading.barred]
    for column in (*doubtful, *ignored):
        for role in LISTED:
            beside = (it.meanings for it in legends if it.role == role and it.is_of(column, values.get(column.index, [])))
            words = legend_in(column.label, tests[role]) or next(beside, {})
            if words and role not in layout.words and column.index not in said:
                layout.words[role] = words
                said[column.index] = replace(column, role=role)
                values[column.index] = [words.get(compare_key(text), text) for text in values.get(column.index, [])]
    return [column for column in heading.columns if column.index not in said] + list(said.values())


def _add_mark(layout: Layout, column: Column) -> None:
    if column.field_id is not None:
        layout.field_marks.append(column)
    elif column.kind:
        layout.kind_marks.append(column)
    else:
        layout.subject_marks.append(column)


def _is_marked(layout: Layout, role: Role) -> bool:
    marks = {Role.FIELD: layout.field_marks, Role.KIND: layout.kind_marks, Role.SUBJECT_KIND: layout.subject_marks}
    return bool(marks.get(role))


def _seek(role: Role, layout: Layout, labels: dict[int, str], values: Values, known: ByValue) -> None:
    """Find a role that no heading named: in a column that nobody claimed, else beside another in one column."""
    test = known.is_in_season if role == Role.REGISTERED_ON else known.tests()[role]
    claimed = {*layout.barred, *layout.at.values(), *layout.contents, *layout.notes}
    claimed |= {column.index for column in (*layout.marks, *layout.boxes) if column.box != "audience" or role != Role.PLACE}
    free = [index for index, found in values.items() if index not in claimed and len(found) >= _FEWEST]
    if role == Role.PLACE and Role.SUBJECT in layout.at and _NAMES_PLACE.search(labels.get(layout.at[Role.SUBJECT], "")):
        free.append(layout.at[Role.SUBJECT])  # "Khu dân cư/đơn vị": who does it, and where
    held, index = max(((share(test, values[index]), -index) for index in free), default=(0.0, 0))
    if held >= ENOUGH:
        layout.at[role] = -index
        layout.guesses.append(by_values(-index, labels.get(-index, ""), role, held))
        return
    if role in (Role.PLACE, Role.REGISTERED_ON):
        return
    shared: dict[int, Role | None] = {at: own for own, at in layout.at.items() if own in _SHARING}
    shared |= dict.fromkeys(free)
    for at, own in shared.items():
        if own == Role.SUBJECT and role != Role.SUBJECT_KIND:  # "Chi bộ thôn Mới, xã Tiến Lợi" says nothing of the kind
            continue
        found = values.get(at, [])
        held = share(lambda text: len(parts(text)) > 1 and any(test(part) for part in parts(text)), found)
        if held >= ENOUGH and len(found) >= _FEWEST:
            layout.parted[role] = at
            if own and own != Role.SUBJECT:
                layout.parted[own] = at
            layout.guesses.append(by_part(at, labels.get(at, ""), role, held, found[0]))
            return


def _role_by_value(column: Column, values: list[str], known: ByValue) -> Role:
    """The role that the values show, for a column whose heading could mean several."""
    if column.role not in _BY_VALUE or not values or column.how in BY_HAND:
        return column.role
    tests = known.tests()
    if column.role in tests and share(tests[column.role], values) >= MOST:
        return column.role
    for role in (Role.SUBJECT_KIND, Role.KIND, Role.FIELD):
        if share(tests[role], values) == 1:
            return role
    if column.role == Role.SUBJECT and share(known.places.is_name, values) >= MOST:
        return Role.PLACE
    return column.role


def _fits(role: Role, column: Column, values: list[str], known: ByValue) -> tuple[float, int, int]:
    """How well a column fits its role beside another of the same: by values, by how plainly its heading says it, by order."""
    tests = known.tests()
    label = column.label.casefold()
    plainly = {
        Role.TITLE: "tên" in label,
        Role.SUBJECT: "thực hiện" in label or "tập thể" in label or "cá nhân" in label,
        Role.REGISTERED_ON: "đăng ký" in label or "ngày" in label,
    }.get(role, True)
    return (share(tests[role], values) if role in tests else 0.0, int(plainly), -column.index)
