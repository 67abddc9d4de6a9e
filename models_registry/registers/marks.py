"""Columns in which a mark, or a name instead of one, says what their headings name."""

from collections import Counter
from dataclasses import replace

from models_registry.enums import Kind, SubjectKind
from models_registry.registers.doers import kind_of_doer
from models_registry.registers.guessing import by_heading, by_values
from models_registry.registers.headings import BY_HAND, Column, Heading, Role
from models_registry.registers.layouts import Layout, Values
from models_registry.registers.vocabulary import is_mark, match_kind, subject_kind_in
from models_registry.registers.years import kind_by_year


def add_mark(layout: Layout, column: Column) -> None:
    if column.field_id is not None:
        layout.field_marks.append(column)
    elif column.kind:
        layout.kind_marks.append(column)
    else:
        layout.subject_marks.append(column)


def pair_subjects(layout: Layout, wanted: dict[Role, list[Column]], values: Values) -> None:
    """Bodies in one column, persons in another: in each row one of the two is filled."""
    rivals = wanted.get(Role.SUBJECT, [])
    titles = wanted.get(Role.TITLE, [])
    if len(rivals) != 2 or len(titles) != 1 or any(column.how in BY_HAND for column in rivals) or layout.subject_marks:
        return
    found = [values.get(column.index, []) for column in rivals]
    if not all(found) or sum(map(len, found)) != len(values.get(titles[0].index, [])):
        return
    kinds = [Counter(filter(None, map(kind_of_doer, texts))).most_common(1) for texts in found]
    said = [kind[0][0] for kind in kinds if kind]
    if len(set(said)) == len(SubjectKind):
        for column, kind in zip(wanted.pop(Role.SUBJECT), said, strict=True):
            layout.is_doer_marked = True
            mark = replace(column, role=Role.MARK, subject_kind=kind)
            layout.subject_marks.append(mark)
            layout.guesses.append(by_heading(mark, Role.MARK, None, []))


def find_marks(layout: Layout, heading: Heading, values: Values, season: int) -> None:
    """Columns of nothing but marks whose heading is in other words: by the words of it that say one thing, and by the column beside
    it, where every row is marked in one of the two.
    """
    free = {
        at: label for at, label in heading.ignored if at not in layout.barred and values.get(at) and all(map(is_mark, values[at]))
    }
    rows = layout.row_count(values)
    years = {at: kind_by_year(label, season) for at, label in free.items()}
    pair = [(at, said) for at, said in years.items() if said]
    is_pair = len(pair) == len({said for _, said in pair}) == len(Kind) and sum(len(values[at]) for at, _ in pair) == rows
    if is_pair and not layout.kind_marks:  # "Đăng ký năm 2024", "Chuyển tiếp từ năm 2023"
        layout.kind_marks += [_mark_of(at, free[at], said) for at, said in pair]
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
    layout.guesses += [by_values(it.index, it.label, Role.MARK, 1) for it in layout.marks if it.index in free]


def _mark_of(at: int, label: str, said: Kind | SubjectKind) -> Column:
    return Column(at, label, Role.MARK, kind=said) if isinstance(said, Kind) else Column(at, label, Role.MARK, subject_kind=said)
