"""Which column holds what, once the heading's words and the values below them have both been heard."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from common.dates import read_day
from common.text import compare_key
from models_registry.enums import Kind, SubjectKind
from models_registry.registers.doers import is_body, kind_of_doer
from models_registry.registers.guessing import (
    ENOUGH,
    MOST,
    ByValue,
    Test,
    by_heading,
    by_values,
    is_month_first,
    legend_in,
    part_of_day,
    share,
)
from models_registry.registers.hamlets import hamlet_headed, hamlet_in
from models_registry.registers.headings import BY_HAND, OF_A_DAY, Column, Heading, Role, column_of, plain
from models_registry.registers.layouts import FEWEST_VALUES, Layout, Values
from models_registry.registers.legends import LISTED, Legend
from models_registry.registers.marks import add_mark, find_marks, pair_subjects, without_ticks
from models_registry.registers.no_rows import ROW_NUMBER
from models_registry.registers.reading import letter
from models_registry.registers.seeking import seek_the_rest, take_signs
from models_registry.registers.years import of_season

_BY_VALUE = (Role.SUBJECT, Role.SUBJECT_KIND, Role.KIND, Role.PLACE, Role.REGISTERED_ON)  # their headings share words
_PIECES = re.compile(r"[;,/()\n+]|\s[-–]\s|\svà\s")
_POSITION = re.compile(r"^(chuc (vu|danh))\b")
_NEARLY_ALL = 0.9  # share of a column's values that must speak against its heading
_IN_GROUPS = (Role.FIELD, Role.KIND, Role.SUBJECT_KIND, Role.REGISTERED_ON)  # of which no row may lack one
_FEWEST_IN_GROUPS = 4  # rows of a table
_LIKE_A_DAY = re.compile(r"\d\s*[/.\-]\s*\d|\d{5}|^\d+$|\b(?:ngày|tháng)\s*\d|\bquý\s*[IV\d]", re.IGNORECASE)
_REGISTERING = re.compile(r"\b(dang ki|dk|gui|nop|lap|tra loi)\b|stamp|submi|^dau thoi gian")
_IN_CHARGE = re.compile(r"\b(phụ trách|đại diện|đầu mối|liên hệ|tham mưu|theo dõi)\b")  # beside who does it
_OF_MODELS = re.compile(r"\b(mo hinh|mh)\b")
_WHERE_DONE = "noi thuc hien"  # a place, or who does it
_FEWEST_TIMES = 3  # of which none is a day, before a column of days is taken for something else


def lay_out(heading: Heading, values: Values, known: ByValue, legends: Sequence[Legend] = ()) -> Layout:
    """Settle each column by its heading and, where headings share words or say nothing, by its values ("Đơn vị", "Loại hình")."""
    width = max([*(column.index for column in heading.columns), *values, *heading.barred]) + 1
    whole, heading = heading, without_ticks(of_season(heading, known.window[1].year), values)
    layout = Layout(width=width, barred=heading.barred)
    layout.unused = [column for column in whole.columns if column not in heading.columns]
    tests = known.tests()
    wanted: dict[Role, list[Column]] = {}
    days = _join_days(heading, values)
    columns = [_truly(column, values, known) for column in _with_legends(heading, layout, values, tests, legends)]
    for column in columns:
        if column.part:
            layout.parted[column.role] = column.index
        elif column.role == Role.MARK:
            add_mark(layout, column)
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
    pair_subjects(layout, wanted, values)
    for role, rivals in wanted.items():
        best = max(rivals, key=lambda column: (column.how in BY_HAND, *_fits(role, column, values.get(column.index, []), known)))
        layout.at[role] = best.index
        layout.guesses.append(by_heading(best, role, tests.get(role), values.get(best.index, [])))
        layout.unused += [column for column in rivals if column is not best]
    labels = {column.index: column.label for column in heading.columns} | dict(heading.ignored)
    if Role.HAMLET in layout.at:
        layout.hamlet_kind = hamlet_headed(labels.get(layout.at[Role.HAMLET], ""))
    layout.counts_models = bool(_OF_MODELS.search(plain(labels.get(layout.at.get(Role.COUNT, -1), ""))))
    layout.numbers_titles = _are_numbered(layout, values)
    _part_doer(layout, labels, known)
    find_marks(layout, heading, values, known)
    _take_stamps(layout, labels, values, known)
    take_signs(layout, labels, values, legends)
    seek_the_rest(layout, labels, values, known)
    _take_position(layout, labels, values)
    layout.unused = [column for column in layout.unused if column.index not in layout.at.values()]
    layout.sparse = _sparse(layout, values, width)
    layout.leaves_places_open = _leaves_places_open(layout, values, known)
    if (at := layout.at.get(Role.REGISTERED_ON)) is not None:
        layout.month_first = is_month_first(values.get(at, []), known.is_in_season)
        layout.day_parts = days if days and days[0] == at else ()
        layout.guesses += [part_of_day(index, labels[index]) for index in layout.day_parts[1:]]
    return layout


def _are_numbered(layout: Layout, values: Values) -> bool:
    """Whether the titles are numbered from 1 on, in a register without a column of numbers."""
    numbers = [found and int(found[1]) for found in map(ROW_NUMBER.match, values.get(layout.at.get(Role.TITLE, -1), []))]
    if Role.NUMBER in layout.at or len(numbers) < FEWEST_VALUES or None in numbers or numbers[0] != 1:
        return False
    return all(number in (1, before + 1) for before, number in pairwise(numbers) if before and number) and numbers[1] != 1


def _sparse(layout: Layout, values: Values, width: int) -> list[int]:
    """Columns of which half the rows or more say nothing though each must: they said it once for several rows."""
    rows = layout.row_count(values)

    def is_sparse(at: int) -> bool:
        return at < width and rows >= _FEWEST_IN_GROUPS and 0 < len(values.get(at, [])) <= rows / 2

    found = [at for role in _IN_GROUPS if (at := layout.at.get(role)) is not None and is_sparse(at)]
    place = layout.at.get(Role.PLACE)
    return [*found, place] if found and place is not None and is_sparse(place) else found


def _leaves_places_open(layout: Layout, values: Values, known: ByValue) -> bool:
    """Whether the column of places is empty in most rows, or names the whole unit in each."""
    rows, places = layout.row_count(values), values.get(layout.at.get(Role.PLACE, -1), [])
    says_one = len(set(places)) == 1 and known.places.is_own(places[0])
    return rows >= _FEWEST_IN_GROUPS and (len(places) <= rows / 2 or says_one)


def _truly(column: Column, values: Values, known: ByValue) -> Column:
    """A column of times of which none is a day, or all are still to come, says when something is done; bodies are no hamlets ("Ban"
    is "Bản" without a mark), and none of the places in which something is done.
    """
    found = values.get(column.index, [])
    is_where = column.role == Role.HAMLET or (column.role == Role.PLACE and plain(column.label) == _WHERE_DONE)
    if is_where and column.how not in BY_HAND and share(_is_other_body, found) >= ENOUGH:
        return replace(column, role=Role.SUBJECT)
    is_day = (
        column.role != Role.REGISTERED_ON
        or column.how in BY_HAND
        or len(found) < _FEWEST_TIMES
        or any(_LIKE_A_DAY.search(text) or read_day(text) for text in found)
    )
    if column.role == Role.REGISTERED_ON and column.how not in BY_HAND and known.are_to_come(found):
        is_day = bool(_REGISTERING.search(compare_key(column.label)))
    return column if is_day else replace(column, role=Role.BOX, box="schedule")


def _is_other_body(text: str) -> bool:
    return is_body(text) and not hamlet_in(text)


def _take_stamps(layout: Layout, labels: dict[int, str], values: Values, known: ByValue) -> None:
    """Two columns of when something began and ended, the same day in each row of several days: an online form's stamps."""
    times = [values[column.index] for column in layout.boxes if column.box == "schedule" and column.index in values]
    if Role.REGISTERED_ON in layout.at or len(times) < 2:
        return
    begun, *ended = [[read_day(text) or text for text in texts] for texts in times]  # a form's own file says the time of day, too
    if len(set(begun)) < 2 or any(days != begun for days in ended):
        return
    if share(known.is_in_season, times[0]) >= ENOUGH or is_month_first(times[0], known.is_in_season):
        stamps = [column for column in layout.boxes if column.box == "schedule"]
        layout.boxes = [column for column in layout.boxes if column not in stamps]
        layout.at[Role.REGISTERED_ON] = stamps[-1].index
        layout.guesses = [guess for guess in layout.guesses if guess.column not in {letter(it.index) for it in stamps}]
        layout.guesses.append(by_values(stamps[-1].index, labels.get(stamps[-1].index, ""), Role.REGISTERED_ON, 1))


def _take_position(layout: Layout, labels: dict[int, str], values: Values) -> None:
    """'Chức vụ' beside 'Họ và tên': what somebody is belongs to the name."""
    subject = layout.at.get(Role.SUBJECT)
    if subject is None or not _POSITION.match(plain(labels.get(subject + 1, ""))) or subject + 1 not in layout.free(values):
        return
    persons = share(lambda text: kind_of_doer(text) == SubjectKind.INDIVIDUAL, values.get(subject, []))
    if persons >= MOST:
        layout.position = subject + 1
        layout.guesses.append(by_heading(Column(subject + 1, labels[subject + 1], Role.SUBJECT), Role.SUBJECT, None, []))


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


def _role_by_value(column: Column, values: list[str], known: ByValue) -> Role:
    """The role that the values show, for a column whose heading could mean several."""
    if column.role not in _BY_VALUE or not values or column.how in BY_HAND:
        return column.role
    tests = known.tests()
    if column.role in tests and share(tests[column.role], values) >= MOST:
        return column.role
    for role in (Role.SUBJECT_KIND, Role.KIND, Role.FIELD):
        if share(tests[role], values) >= _NEARLY_ALL:
            return role
    if column.role == Role.SUBJECT_KIND and len(set(values)) == len(Kind) and not any(map(tests[column.role], values)):
        return Role.KIND if any(map(tests[Role.KIND], values)) else column.role  # one of its two words is known
    if column.role == Role.SUBJECT and share(known.places.is_name, values) >= MOST:
        return Role.PLACE
    return column.role


def _fits(role: Role, column: Column, values: list[str], known: ByValue) -> tuple[float, int, int]:
    """How well a column fits its role beside another of the same: by values, by how plainly its heading says it, by order."""
    tests = known.tests()
    label = column.label.casefold()
    plainly = {
        Role.TITLE: "tên" in label,
        Role.SUBJECT: -1 if _IN_CHARGE.search(label) else "thực hiện" in label or "tập thể" in label or "cá nhân" in label,
        Role.REGISTERED_ON: "đăng ký" in label or "ngày" in label,
    }.get(role, True)
    return (share(tests[role], values) if role in tests else 0.0, int(plainly), -column.index)
