"""Columns in which a mark, or a name instead of one, says what their headings name."""

from collections import Counter
from dataclasses import replace

from models_registry.enums import Kind, SubjectKind
from models_registry.registers.doers import is_doer, kind_of_doer
from models_registry.registers.guessing import ENOUGH, MOST, ByValue, by_heading, by_values, share
from models_registry.registers.headings import BY_HAND, Column, Heading, Role, column_of
from models_registry.registers.layouts import FEWEST_VALUES, Layout, Values
from models_registry.registers.vocabulary import is_mark, is_marked, is_tick, match_kind, subject_kind_in
from models_registry.registers.years import kind_by_year

_WORDS = (Role.SUBJECT, Role.SUBJECT_KIND, Role.KIND, Role.FIELD, Role.PLACE, Role.HAMLET, Role.REGISTERED_ON)


def add_mark(layout: Layout, column: Column) -> None:
    if column.field_id is not None:
        layout.field_marks.append(column)
    if column.kind:
        layout.kind_marks.append(column)
    if column.subject_kind:
        layout.subject_marks.append(column)
    if column.field_id is None and not column.kind and not column.subject_kind:
        layout.doer_marks.append(column)


def without_ticks(heading: Heading, values: Values) -> Heading:
    """The heading without columns of nothing but crosses: a cross is no doer, kind or day. They are marks of what stands over them."""
    words = [column for column in heading.columns if column.role in _WORDS and column.how not in BY_HAND and not column.part]
    ticked = [column for column in words if _is_ticked(column.role, values.get(column.index, []))]
    groups = {tuple(above) for column in ticked if (above := heading.levels.get(column.index, [])[:-1])}
    empty = [
        column for column in words if not values.get(column.index) and tuple(heading.levels.get(column.index, [])[:-1]) in groups
    ]
    ticked += empty  # nobody is marked there so far
    if not ticked:
        return heading
    marks = [(column.index, " ".join(heading.levels.get(column.index, [column.label]))) for column in ticked]
    columns = [column for column in heading.columns if column not in ticked]
    return replace(heading, columns=columns, ignored=heading.ignored + marks)


def _is_ticked(role: Role, values: list[str]) -> bool:
    """A "1" may be a code of a list, but nobody's name."""
    return bool(values) and all(map(is_mark if role == Role.SUBJECT else is_tick, values))


def pair_subjects(layout: Layout, wanted: dict[Role, list[Column]], values: Values) -> None:
    """Bodies in one column, persons or other bodies in another: in each row one of them is filled."""
    rivals = wanted.get(Role.SUBJECT, [])
    titles = wanted.get(Role.TITLE, [])
    if len(rivals) < 2 or len(titles) != 1 or any(column.how in BY_HAND for column in rivals) or layout.subject_marks:
        return
    rows = len(values.get(titles[0].index, []))
    if take_turns([values.get(column.index, []) for column in rivals], rows) and not _mark_kinds(layout, rivals, values):
        layout.further_doers = [column for column in rivals[1:] if share(is_doer, values[column.index]) >= MOST]
        layout.guesses += [by_heading(column, Role.SUBJECT, None, []) for column in layout.further_doers]
    if layout.subject_marks:
        del wanted[Role.SUBJECT]
    else:
        wanted[Role.SUBJECT] = [column for column in rivals if column not in layout.further_doers]


def take_turns(columns: list[list[str]], rows: int) -> bool:
    """Whether nearly every row has one of the columns filled, and none of them two."""
    return len(columns) > 1 and all(columns) and ENOUGH * rows <= sum(map(len, columns)) <= rows


def share_doers(layout: Layout, labels: dict[int, str], values: Values) -> None:
    """Columns of doers under other words, of which each row fills one: 'Chi bộ', 'Mặt trận, đoàn thể'."""
    rows, own = layout.row_count(values), layout.at.get(Role.SUBJECT)
    free = [at for at in layout.free(values, with_remarks=False, fewest=1) if share(is_doer, values[at]) >= ENOUGH]
    named = [mark for mark in layout.subject_marks if share(is_doer, values.get(mark.index, [])) >= ENOUGH]
    if own is None and named:
        _add_bodies(layout, named, [Column(at, labels.get(at, ""), Role.SUBJECT) for at in free], values)
        return
    columns = [Column(at, labels.get(at, ""), Role.SUBJECT) for at in ([own] if own is not None else []) + free]
    if not take_turns([values.get(column.index, []) for column in columns], rows):
        return
    if own is None and not layout.tells(Role.SUBJECT_KIND) and _mark_kinds(layout, columns, values):
        return
    if own is None:
        first = columns[0]
        layout.at[Role.SUBJECT] = first.index
        layout.guesses.append(by_values(first.index, first.label, Role.SUBJECT, 1))
    layout.further_doers = columns[1:]
    layout.guesses += [by_values(column.index, column.label, Role.SUBJECT, 1) for column in columns[1:]]


def _add_bodies(layout: Layout, named: list[Column], free: list[Column], values: Values) -> None:
    """Columns of bodies beside "Cá nhân", under which names stand."""
    kinds = [_kind_of(column, values) for column in free]
    if None not in kinds and take_turns([values[column.index] for column in (*named, *free)], layout.row_count(values)):
        marks = [replace(column, role=Role.MARK, subject_kind=kind) for column, kind in zip(free, kinds, strict=True)]
        layout.subject_marks += marks
        layout.guesses += [by_values(mark.index, mark.label, Role.MARK, 1) for mark in marks]
        layout.is_doer_marked = True


def _mark_kinds(layout: Layout, columns: list[Column], values: Values) -> bool:
    """Take two columns for those of bodies and of persons, if that is what they are."""
    kinds = [_kind_of(column, values) for column in columns]
    if len(columns) != 2 or None in kinds or len(set(kinds)) < len(SubjectKind):
        return False
    layout.is_doer_marked = True
    for column, kind in zip(columns, kinds, strict=True):
        mark = replace(column, role=Role.MARK, subject_kind=kind)
        layout.subject_marks.append(mark)
        layout.guesses.append(by_heading(mark, Role.MARK, None, []))
    return True


def _kind_of(column: Column, values: Values) -> SubjectKind | None:
    most = Counter(filter(None, map(kind_of_doer, values[column.index]))).most_common(1)
    return most[0][0] if most else None


def find_marks(layout: Layout, heading: Heading, values: Values, known: ByValue) -> None:
    """Columns of nothing but marks whose heading is in other words: by the words of it that say one thing, and by the column beside
    it, where every row is marked in one of the two.
    """
    free = {
        at: label for at, label in heading.ignored if at not in layout.barred and values.get(at) and all(map(is_mark, values[at]))
    }
    rows = layout.row_count(values)
    _find_years(layout, heading, free, values, known.window[1].year)
    for marks, read, others in (
        (layout.kind_marks, match_kind, {Kind.NEW: Kind.MAINTAINED, Kind.MAINTAINED: Kind.NEW}),
        (layout.subject_marks, subject_kind_in, dict(zip(SubjectKind, reversed(SubjectKind), strict=True))),
    ):
        if len(marks) > 1:
            continue
        for at, label in free.items():
            said = read(label)
            if said and said not in [column.kind or column.subject_kind for column in marks]:
                marks.append(_mark_of(at, label, said))
        if len(marks) != 1:
            continue
        beside = next((at for at in (marks[0].index - 1, marks[0].index + 1) if at in free), None)
        own = values.get(marks[0].index, [])
        if beside is not None and len(own) + len(values[beside]) == rows:
            marks.append(_mark_of(beside, free[beside], others[marks[0].kind or marks[0].subject_kind]))  # type: ignore[index]
    if len(layout.kind_marks) == 1 and Role.KIND not in layout.at:
        own = values.get(layout.kind_marks[0].index, [])
        yes = [text for text in own if is_marked(text)]
        others = {Kind.NEW: Kind.MAINTAINED, Kind.MAINTAINED: Kind.NEW}
        if len(yes) >= FEWEST_VALUES and len(yes) < rows and layout.kind_marks[0].kind:
            layout.kind_if_blank = others[layout.kind_marks[0].kind]
    if not layout.tells(Role.SUBJECT) and not layout.is_doer_marked:
        taken = {*layout.barred, *(it.index for it in layout.marks)}
        empty = [at for at, _ in heading.ignored if at not in values]
        doers = _doer_marks([at for at in (*free, *empty) if at not in taken], heading, known)
        if len(doers) > 1 and sum(len(values.get(it.index, [])) for it in doers) >= ENOUGH * rows > 0:
            layout.doer_marks = doers
    found = {*free, *(it.index for it in layout.doer_marks)}
    layout.guesses += [by_values(it.index, it.label, Role.MARK, 1) for it in layout.marks if it.index in found]


def _find_years(layout: Layout, heading: Heading, free: dict[int, str], values: Values, season: int) -> None:
    """Crosses under the season's year and under earlier ones: each row in one of two ('Đăng ký năm 2024', 'Chuyển tiếp từ năm
    2023'), or in that of each year in which its model was registered.
    """
    ticked = [*free, *(at for at in heading.other_years if values.get(at) and all(map(is_mark, values[at])))]
    labels = {at: " ".join(heading.levels.get(at) or [free.get(at, "")]) for at in ticked}
    years = [(at, said) for at, label in labels.items() if (said := kind_by_year(label, season))]
    crosses = sum(len(values[at]) for at, _ in years)
    if given := [it for it in layout.kind_marks if it.how in BY_HAND and kind_by_year(it.label, season) == it.kind]:
        layout.are_years = given == layout.kind_marks and sum(len(values.get(it.index, [])) for it in given) > layout.row_count(
            values
        )
    if layout.kind_marks or {said for _, said in years} != set(Kind):
        return
    if crosses > layout.row_count(values) or (len(years) == len(Kind) and crosses == layout.row_count(values)):
        layout.are_years = crosses > layout.row_count(values)
        layout.kind_marks += [_mark_of(at, labels[at], said) for at, said in years]


def _doer_marks(free: list[int], heading: Heading, known: ByValue) -> list[Column]:
    """Columns headed by who does it: 'Hội LHPN', 'Chi bộ thôn 1' or any words below 'Đơn vị đăng ký'; a name cut short ('HPN')
    beside at least two others.
    """
    own = {at: heading.levels.get(at, [""])[-1] for at in free}
    found = [at for at in free if is_doer(own[at]) or (own[at] and _is_of_doers(heading.levels[at][:-1], known))]
    more = [at for at in free if own[at] and at not in found and (at - 1 in found or at + 1 in found)] if len(found) > 1 else []
    return [Column(at, own[at], Role.MARK) for at in sorted([*found, *more])]


def _is_of_doers(groups: list[str], known: ByValue) -> bool:
    group = column_of(0, groups[-1], known.fields) if groups else None
    return group is not None and group.role == Role.SUBJECT


def _mark_of(at: int, label: str, said: Kind | SubjectKind) -> Column:
    return Column(at, label, Role.MARK, kind=said) if isinstance(said, Kind) else Column(at, label, Role.MARK, subject_kind=said)
