"""Which column holds what, once the heading's words and the values below them have both been heard."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from common.text import compare_key
from models_registry.enums import Kind, SubjectKind
from models_registry.registers.doers import kind_of_doer
from models_registry.registers.guessing import (
    ENOUGH,
    MOST,
    ByValue,
    Guess,
    Test,
    by_heading,
    by_part,
    by_values,
    has_doer,
    is_month_first,
    legend_in,
    name_and_kind,
    part_of_day,
    parts,
    share,
)
from models_registry.registers.headings import BY_HAND, OF_A_DAY, Column, Heading, Role, column_of, plain
from models_registry.registers.legends import LISTED, Legend
from models_registry.registers.vocabulary import (
    hamlet_headed,
    hamlet_in,
    is_mark,
    match_kind,
    match_subject_kind,
    subject_kind_in,
)

Values = dict[int, list[str]]
_BY_VALUE = (Role.SUBJECT, Role.SUBJECT_KIND, Role.KIND, Role.PLACE, Role.REGISTERED_ON)  # their headings share words
_SOUGHT = (Role.SUBJECT_KIND, Role.KIND, Role.FIELD, Role.PLACE, Role.REGISTERED_ON)  # by values, where no heading names them
_SHARING = (Role.SUBJECT_KIND, Role.KIND, Role.FIELD, Role.SUBJECT)  # columns that may hold another role beside their own
_NAMES_PLACE = re.compile(r"khu dân cư|địa bàn", re.IGNORECASE)
_PIECES = re.compile(r"[;,/()\n+]|\s[-–]\s|\svà\s")
_NEARLY_ALL = 0.9  # share of a column's values that must speak against its heading
_OFTEN = 3  # times that each of a list's two words must stand there, where the heading does not name both
_BOTH = re.compile(r"\b(moi|duy tri|nhan rong|tap the|ca nhan)\b")
_LONGEST_WORD = 40  # letters of what is chosen from a list
_SHARE_OF_ROWS = 0.8  # that must say something where a remark is taken for a list
_TIMES = re.compile(r"\blần\b|năm thứ", re.IGNORECASE)
_NTH = re.compile(r"(?:đăng ký )?(?:năm|lần)(?: thứ)? (?:(\d{1,2})|đầu(?: tiên)?|nhất)", re.IGNORECASE)
_LONGEST_LIFE = 15  # years that a model may have been carried on
_YEAR = re.compile(r"(?:19|20)\d\d")
_OFTEN_BODIES = 0.5  # share of bodies among doers beside a column that says which they are
_IN_GROUPS = (Role.FIELD, Role.KIND, Role.SUBJECT_KIND, Role.REGISTERED_ON)  # of which no row may lack one
_FEWEST_IN_GROUPS = 4  # rows of a table
_LIKE_A_DAY = re.compile(r"\d\s*[/.\-]\s*\d|\d{5}|^\d+$|\b(?:ngày|tháng)\s*\d|\bquý\s*[IV\d]", re.IGNORECASE)
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
    hamlet_kind: str = ""
    """What the heading of a column of hamlets calls each of them, for those that only have a number."""
    is_doer_marked: bool = False
    """Whether who does it stands in one of two columns, that of bodies or that of persons."""
    behind_title: list[Role] = field(default_factory=list)
    """Roles that stand in brackets behind the title; each is taken into a column behind the last."""
    leaves_places_open: bool = False
    """Whether most rows have no place of their own, so that who does it says where."""
    sparse: list[int] = field(default_factory=list)
    """Columns of which only the first row of each group is filled."""
    barred: frozenset[int] = frozenset()
    words: dict[Role, dict[str, str]] = field(default_factory=dict)
    """What short words of a column mean by its own heading: folded word -> words that the list knows."""

    @property
    def marks(self) -> list[Column]:
        return [*self.field_marks, *self.kind_marks, *self.subject_marks]

    def tells(self, role: Role) -> bool:
        """Whether a column, a part of one or marks say it."""
        return role in self.at or role in self.parted or _is_marked(self, role)

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
    columns = [_truly(column, values) for column in _with_legends(heading, layout, values, tests, legends)]
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
    _pair_subjects(layout, wanted, values)
    for role, rivals in wanted.items():
        best = max(rivals, key=lambda column: (column.how in BY_HAND, *_fits(role, column, values.get(column.index, []), known)))
        layout.at[role] = best.index
        layout.guesses.append(by_heading(best, role, tests.get(role), values.get(best.index, [])))
        layout.unused += [column for column in rivals if column is not best]
    labels = {column.index: column.label for column in heading.columns} | dict(heading.ignored)
    if Role.HAMLET in layout.at:
        layout.hamlet_kind = hamlet_headed(labels.get(layout.at[Role.HAMLET], ""))
    _part_doer(layout, labels, known)
    _find_marks(layout, heading, values, known.window[1].year)
    _seek_the_rest(layout, labels, values, known)
    layout.unused = [column for column in layout.unused if column.index not in layout.at.values()]
    layout.sparse = _sparse(layout, values, width)
    layout.leaves_places_open = _leaves_places_open(layout, values, known)
    if (at := layout.at.get(Role.REGISTERED_ON)) is not None:
        layout.month_first = is_month_first(values.get(at, []), known.is_in_season)
        layout.day_parts = days if days and days[0] == at else ()
        layout.guesses += [part_of_day(index, labels[index]) for index in layout.day_parts[1:]]
    return layout


def _sparse(layout: Layout, values: Values, width: int) -> list[int]:
    """Columns of which half the rows or more say nothing though each must: they said it once for several rows."""
    rows = _row_count(layout, values)

    def is_sparse(at: int) -> bool:
        return at < width and rows >= _FEWEST_IN_GROUPS and 0 < len(values.get(at, [])) <= rows / 2

    found = [at for role in _IN_GROUPS if (at := layout.at.get(role)) is not None and is_sparse(at)]
    place = layout.at.get(Role.PLACE)
    return [*found, place] if found and place is not None and is_sparse(place) else found


def _leaves_places_open(layout: Layout, values: Values, known: ByValue) -> bool:
    """Whether the column of places is empty in most rows, or names the whole unit in each."""
    rows, places = _row_count(layout, values), values.get(layout.at.get(Role.PLACE, -1), [])
    says_one = len(set(places)) == 1 and known.places.is_own(places[0])
    return rows >= _FEWEST_IN_GROUPS and (len(places) <= rows / 2 or says_one)


def _truly(column: Column, values: Values) -> Column:
    """A column of times of which none is a day says when something is done; bodies are no hamlets ("Ban" is "Bản" without a mark)."""
    found = values.get(column.index, [])
    if column.role == Role.HAMLET and column.how not in BY_HAND and share(_is_other_body, found) >= ENOUGH:
        return replace(column, role=Role.SUBJECT)
    is_day = (
        column.role != Role.REGISTERED_ON or column.how in BY_HAND or len(found) < _OFTEN or any(map(_LIKE_A_DAY.search, found))
    )
    return column if is_day else replace(column, role=Role.BOX, box="schedule")


def _pair_subjects(layout: Layout, wanted: dict[Role, list[Column]], values: Values) -> None:
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


def _seek_the_rest(layout: Layout, labels: dict[int, str], values: Values, known: ByValue) -> None:
    """What no heading named, by the values of columns that are free."""
    titles = values.get(layout.at.get(Role.TITLE, -1), [])
    for role in (Role.KIND, Role.SUBJECT_KIND):
        parted = [name_and_kind(role, text) for text in titles]
        if not layout.tells(role) and share(bool, [kind for _, kind in parted]) >= ENOUGH:
            layout.behind_title.append(role)
            _add_behind(layout, role, labels, titles)
            titles = [name for name, _ in parted]
    if not layout.tells(Role.SUBJECT) and not layout.is_doer_marked:
        _take_doer(layout, labels, values, known)
        if Role.SUBJECT not in layout.at and share(has_doer, titles) >= ENOUGH:
            layout.doer_of = layout.at[Role.TITLE]
            _add_behind(layout, Role.SUBJECT, labels, titles)
    for role in _SOUGHT:
        if not layout.tells(role):
            _seek(role, layout, labels, values, known)
    for role in (Role.SUBJECT_KIND, Role.KIND):
        _take_the_other(role, layout, labels, values, known)
    if not layout.tells(Role.KIND):
        _take_years(layout, labels, values, known)


def _add_behind(layout: Layout, role: Role, labels: dict[int, str], titles: list[str]) -> None:
    """A column behind the last for what stands behind the title."""
    title = layout.at[Role.TITLE]
    layout.guesses.append(by_part(title, labels.get(title, ""), role, ENOUGH, titles[0]))
    layout.at[role] = layout.width
    layout.width += 1


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


def _find_marks(layout: Layout, heading: Heading, values: Values, season: int) -> None:
    """Columns of nothing but marks whose heading is in other words: by the words of it that say one thing, and by the column beside
    it, where every row is marked in one of the two.
    """
    free = {
        at: label for at, label in heading.ignored if at not in layout.barred and values.get(at) and all(map(is_mark, values[at]))
    }
    rows = _row_count(layout, values)
    years = {at: _kind_by_year(label, season) for at, label in free.items()}
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


def _kind_by_year(label: str, season: int) -> Kind | None:
    years = {int(year) for year in _YEAR.findall(label)}
    if not years:
        return None
    return Kind.NEW if years == {season} else Kind.MAINTAINED if season not in years and max(years) < season else None


def _mark_of(at: int, label: str, said: Kind | SubjectKind) -> Column:
    return Column(at, label, Role.MARK, kind=said) if isinstance(said, Kind) else Column(at, label, Role.MARK, subject_kind=said)


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
    if role in LISTED:  # a remark that says it in every row is no remark
        rows = _SHARE_OF_ROWS * _row_count(layout, values)
        free += [
            at
            for at in (*layout.contents, *layout.notes)
            if len(found := values.get(at, [])) >= max(rows, _FEWEST) and _are_words(found)
        ]
    held, index = max(((share(test, values[index]), -index) for index in free), default=(0.0, 0))
    if held < ENOUGH and role == Role.REGISTERED_ON:  # days of a form in English
        held, index = max(((float(is_month_first(values[at], test)), -at) for at in free), default=(0.0, 0))
    if held < ENOUGH and role == Role.REGISTERED_ON:  # months of which no column has the days
        held, index = max(((share(known.is_month_in_season, values[at]), -at) for at in free), default=(0.0, 0))
    if held >= ENOUGH:
        layout.at[role] = -index
        _release(layout, -index)
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


def _are_words(values: list[str]) -> bool:
    return all(len(text) < _LONGEST_WORD for text in values)


def _take_the_other(role: Role, layout: Layout, labels: dict[int, str], values: Values, known: ByValue) -> None:
    """A list of two has two words: where a column holds two and one of them is known, the other is the other one of the list
    ('Tổ chức' beside 'Cá nhân').
    """
    if role in layout.words or role in layout.parted or _is_marked(layout, role):
        return
    test, read = known.tests()[role], match_kind if role == Role.KIND else subject_kind_in
    at = layout.at.get(role)
    for index in [at] if at is not None else _free(layout, values):
        words = {compare_key(text): text for text in values.get(index, []) if len(text) < _LONGEST_WORD}
        if len(words) != 2 or len(values[index]) < _SHARE_OF_ROWS * _row_count(layout, values):
            continue
        meant = [key for key, text in words.items() if test(text)]
        counts = Counter(map(compare_key, values[index]))
        is_list = all(key in compare_key(labels.get(index, "")) for key in words) or min(counts[key] for key in words) >= _OFTEN
        if len(meant) == 1 and is_list and not any(_BOTH.search(key) for key in words if key not in meant):
            said = read(words[meant[0]])
            other = next(kind for kind in type(said) if kind != said) if said else None
            if other:
                layout.words[role] = {key: str(other.label) for key in words if key != meant[0]}
                layout.at[role] = index
                _release(layout, index)
                layout.guesses.append(by_values(index, labels.get(index, ""), role, ENOUGH))
                return


def _take_doer(layout: Layout, labels: dict[int, str], values: Values, known: ByValue) -> None:
    """Bodies and people by their names. Where something else says whether they are bodies or persons, only such as say where they
    are, or bodies more often than not: persons alone may be whom to ask.
    """
    free = _free(layout, values, with_remarks=False)
    if layout.tells(Role.SUBJECT_KIND):
        free = [at for at in free if share(known.is_place, values[at]) >= ENOUGH or share(_is_body, values[at]) >= _OFTEN_BODIES]
    free = [at for at in free if share(known.is_committee, values[at]) < ENOUGH]
    held, index = max(((share(_is_doer, values[at]), -at) for at in free), default=(0.0, 0))
    if held >= ENOUGH:
        layout.at[Role.SUBJECT] = -index
        layout.guesses.append(by_values(-index, labels.get(-index, ""), Role.SUBJECT, held))


def _is_doer(text: str) -> bool:
    return kind_of_doer(text) is not None and match_subject_kind(text) is None


def _is_body(text: str) -> bool:
    return kind_of_doer(text) == SubjectKind.COLLECTIVE and match_subject_kind(text) is None


def _is_other_body(text: str) -> bool:
    return _is_body(text) and not hamlet_in(text)


def _take_years(layout: Layout, labels: dict[int, str], values: Values, known: ByValue) -> None:
    """Years in which the models began: the season's is new, an earlier one is carried on."""
    season = known.window[1].year
    new, old = str(Kind.NEW.label), str(Kind.MAINTAINED.label)
    for index in _free(layout, values):
        times = {text: found for text in values[index] if (found := _nth_in(text, labels.get(index, "")))}
        if set(times) == set(values[index]) and min(times.values()) == 1 < max(times.values()) <= _LONGEST_LIFE:
            layout.words[Role.KIND] = {compare_key(text): new if nth == 1 else old for text, nth in times.items()}
            layout.at[Role.KIND] = index
            layout.guesses.append(by_values(index, labels.get(index, ""), Role.KIND, ENOUGH))
            return
        years = {text for text in values[index] if _YEAR.fullmatch(text)}
        is_year = years and all(map(_YEAR.fullmatch, values[index])) and season - _LONGEST_LIFE <= min(map(int, years))
        if is_year and str(season) in years and max(map(int, years)) == season and "năm" in labels.get(index, "").casefold():
            layout.words[Role.KIND] = {year: new if int(year) == season else old for year in years}
            layout.at[Role.KIND] = index
            layout.guesses.append(by_values(index, labels.get(index, ""), Role.KIND, ENOUGH))
            return


def _nth_in(text: str, label: str) -> int:
    """Which year or time of a model it is: 'Năm đầu' -> 1, 'Năm thứ 2' -> 2, '3' under 'Đăng ký lần'; 0 for other words."""
    if text.isdecimal() and _TIMES.search(label):
        return int(text[:4])
    found = _NTH.fullmatch(text.strip())
    return (int(found[1]) if found[1] else 1) if found else 0


def _row_count(layout: Layout, values: Values) -> int:
    return len(values.get(layout.at.get(Role.TITLE, -1), []))


def _free(layout: Layout, values: Values, *, with_remarks: bool = True) -> list[int]:
    """The columns that nobody claimed; with those of remarks, which may say more."""
    claimed = {*layout.barred, *layout.at.values(), *layout.parted.values(), *(column.index for column in layout.marks)}
    claimed |= {column.index for column in layout.boxes}
    claimed |= set() if with_remarks else {*layout.contents, *layout.notes}
    return [index for index, found in values.items() if index not in claimed and len(found) >= _FEWEST]


def _release(layout: Layout, index: int) -> None:
    layout.contents, layout.notes = ([at for at in those if at != index] for those in (layout.contents, layout.notes))


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
