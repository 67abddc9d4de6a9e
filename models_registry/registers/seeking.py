"""What no heading named, found by the values of columns that are free, or as a part of what stands in another column."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial

from common.text import compare_key
from models_registry.enums import Kind
from models_registry.registers.doers import is_body, is_doer
from models_registry.registers.guessing import (
    ENOUGH,
    ByValue,
    Test,
    by_part,
    by_values,
    doer_and_place,
    has_doer,
    is_month_first,
    name_and_kind,
    name_and_part,
    parts,
    share,
)
from models_registry.registers.hamlets import hamlet_in
from models_registry.registers.headings import Role, plain
from models_registry.registers.layouts import FEWEST_VALUES, Layout, Values
from models_registry.registers.legends import LISTED, Legend
from models_registry.registers.marks import share_doers
from models_registry.registers.signs import Signs, signs_in
from models_registry.registers.vocabulary import match_kind, subject_kind_in
from models_registry.registers.years import take_years

_SOUGHT = (Role.SUBJECT_KIND, Role.KIND, Role.FIELD, Role.PLACE, Role.HAMLET, Role.REGISTERED_ON)
_SHARING = (Role.SUBJECT_KIND, Role.KIND, Role.FIELD, Role.SUBJECT)  # columns that may hold another role beside their own
_NAMES_PLACE = re.compile(r"khu dân cư|địa bàn", re.IGNORECASE)
_OFTEN = 3  # times that each of a list's two words must stand there, where the heading does not name both
_BOTH = re.compile(r"\b(moi|duy tri|nhan rong|tap the|ca nhan)\b")
_LONGEST_WORD = 40  # letters of what is chosen from a list
_SHARE_OF_ROWS = 0.8  # that must say something where a remark is taken for a list
_OTHER_TIME = re.compile(
    r"\b(hoan thanh|ket thuc|bat dau|thoi han|han|du kien|sinh|thanh lap|cong nhan|kiem tra|bao cao|duyet|ban hanh|so ket|tong ket|nghiem thu)\b"
)
_NAME_ALONE = re.compile(r"^ho (va )?ten$")
_OFTEN_BODIES = 0.5  # share of bodies among doers beside a column that says which they are


def seek_the_rest(layout: Layout, labels: dict[int, str], values: Values, known: ByValue) -> None:
    """What no heading named, by the values of columns that are free."""
    titles = values.get(layout.at.get(Role.TITLE, -1), [])
    behind: dict[Role, Callable[[str], tuple[str, str]]] = {Role.FIELD: partial(name_and_part, known.tests()[Role.FIELD])}
    behind |= {role: partial(name_and_kind, role) for role in (Role.KIND, Role.SUBJECT_KIND)}
    for role, part in behind.items():
        parted = [part(text) for text in titles]
        if not layout.tells(role) and share(bool, [said for _, said in parted]) >= ENOUGH:
            layout.behind_title[role] = part
            _add_behind(layout, role, labels, titles)
            titles = [name for name, _ in parted]
    if not layout.is_doer_marked and not layout.doer_marks and not layout.further_doers:
        share_doers(layout, labels, values)
    if not layout.tells(Role.SUBJECT) and not layout.is_doer_marked:
        _take_doer(layout, labels, values, known)
        if Role.SUBJECT not in layout.at and share(has_doer, titles) >= ENOUGH:
            layout.doer_of = layout.at[Role.TITLE]
            _add_behind(layout, Role.SUBJECT, labels, titles)
        if Role.SUBJECT not in layout.at:
            _take_named(layout, labels, values)
    _take_place_behind(layout, labels, values, known)
    for role in _SOUGHT:
        if not layout.tells(role):
            _seek(role, layout, labels, values, known)
    for role in (Role.SUBJECT_KIND, Role.KIND):
        _take_the_other(role, layout, labels, values, known)
    if not layout.tells(Role.KIND):
        take_years(layout, labels, values, known)


def _take_place_behind(layout: Layout, labels: dict[int, str], values: Values, known: ByValue) -> None:
    """'Đơn vị - địa bàn thực hiện': the place stands behind who does it."""
    at = layout.at.get(Role.SUBJECT)
    if at is None or layout.tells(Role.PLACE) or layout.tells(Role.HAMLET) or not _NAMES_PLACE.search(labels.get(at, "")):
        return
    doers, part = values.get(at, []), partial(doer_and_place, known.is_where)
    if share(lambda text: bool(part(text)[1]), doers) < ENOUGH or share(known.is_where, doers) >= ENOUGH:
        return
    layout.behind_doer = part
    layout.at[Role.PLACE] = layout.width
    layout.width += 1
    layout.guesses.append(by_part(at, labels[at], Role.PLACE, ENOUGH, doers[0]))


def take_signs(layout: Layout, labels: dict[int, str], values: Values, legends: Sequence[Legend]) -> None:
    """What a note says of the signs that stand behind titles."""
    titles = values.get(layout.at.get(Role.TITLE, -1), [])
    signs = signs_in(titles) if legends else set()
    for legend in legends:
        read = match_kind if legend.role == Role.KIND else subject_kind_in
        said = {sign: kind for sign, words in legend.meanings.items() if sign in signs and (kind := read(words))}
        if not said or legend.role not in (Role.KIND, Role.SUBJECT_KIND) or layout.tells(legend.role):
            continue
        others = [str(kind.label) for kind in type(next(iter(said.values()))) if kind not in said.values()]
        layout.signs[legend.role] = Signs({sign: str(kind.label) for sign, kind in said.items()}, "".join(others))
        layout.behind_title[legend.role] = layout.signs[legend.role].part
        _add_behind(layout, legend.role, labels, [title for title in titles if any(sign in title for sign in said)])


def _add_behind(layout: Layout, role: Role, labels: dict[int, str], titles: list[str]) -> None:
    """A column behind the last for what stands behind the title."""
    title = layout.at[Role.TITLE]
    layout.guesses.append(by_part(title, labels.get(title, ""), role, ENOUGH, titles[0]))
    layout.at[role] = layout.width
    layout.width += 1


def _seek(role: Role, layout: Layout, labels: dict[int, str], values: Values, known: ByValue) -> None:
    """Find a role that no heading named: in a column that nobody claimed, else beside another in one column."""
    test = _test_of(role, known)
    claimed = {*layout.barred, *layout.at.values(), *layout.contents, *layout.notes}
    claimed |= {column.index for column in (*layout.marks, *layout.boxes) if column.box != "audience" or role != Role.PLACE}
    free = [index for index, found in values.items() if index not in claimed and len(found) >= FEWEST_VALUES]
    if role == Role.REGISTERED_ON:
        free = [
            at for at in free if not _OTHER_TIME.search(compare_key(labels.get(at, ""))) and not known.are_to_come(values[at])
        ]
    if role == Role.PLACE and Role.SUBJECT in layout.at and _NAMES_PLACE.search(labels.get(layout.at[Role.SUBJECT], "")):
        free.append(layout.at[Role.SUBJECT])  # "Khu dân cư/đơn vị": who does it, and where
    if role in LISTED:  # a remark that says it in every row is no remark
        rows = _SHARE_OF_ROWS * layout.row_count(values)
        free += [
            at
            for at in (*layout.contents, *layout.notes)
            if len(found := values.get(at, [])) >= max(rows, FEWEST_VALUES) and _are_words(found)
        ]
        free += [
            it.index
            for it in layout.boxes
            if role == Role.KIND and len(values.get(it.index, [])) >= max(rows, FEWEST_VALUES) and _names_both(values[it.index])
        ]
    held, index = max(((share(test, values[index]), -index) for index in free), default=(0.0, 0))
    if held < ENOUGH and role == Role.REGISTERED_ON:  # days of a form in English
        held, index = max(((float(is_month_first(values[at], test)), -at) for at in free), default=(0.0, 0))
    if held < ENOUGH and role == Role.REGISTERED_ON:  # months of which no column has the days
        held, index = max(((share(known.is_month_in_season, values[at]), -at) for at in free), default=(0.0, 0))
    if held >= ENOUGH:
        layout.at[role] = -index
        layout.release(-index)
        layout.guesses.append(by_values(-index, labels.get(-index, ""), role, held))
        return
    if role in (Role.PLACE, Role.HAMLET):
        return
    shared: dict[int, Role | None] = {at: own for own, at in layout.at.items() if own in _SHARING}
    shared |= dict.fromkeys(free)
    for at, own in shared.items():
        if (own == Role.SUBJECT and role != Role.SUBJECT_KIND) or (
            role == Role.REGISTERED_ON and own is None
        ):  # "Chi bộ thôn Mới, xã Tiến Lợi" says nothing of the kind
            continue
        found = values.get(at, [])
        held = share(lambda text: len(parts(text)) > 1 and any(test(part) for part in parts(text)), found)
        if held >= ENOUGH and len(found) >= FEWEST_VALUES:
            layout.parted[role] = at
            if own and own != Role.SUBJECT:
                layout.parted[own] = at
            layout.guesses.append(by_part(at, labels.get(at, ""), role, held, found[0]))
            return


def _test_of(role: Role, known: ByValue) -> Test:
    if role == Role.REGISTERED_ON:
        return known.is_in_season
    return known.tests().get(role, lambda text: bool(hamlet_in(text)))


def _take_named(layout: Layout, labels: dict[int, str], values: Values) -> None:
    """'Họ và tên' alone: whose name it is, only says that nobody else is named."""
    named = [at for at in layout.free(values, with_remarks=False, fewest=1) if _NAME_ALONE.match(plain(labels.get(at, "")))]
    if len(named) == 1:
        layout.at[Role.SUBJECT] = named[0]
        layout.guesses.append(by_values(named[0], labels[named[0]], Role.SUBJECT, ENOUGH))


def _names_both(values: list[str]) -> bool:
    """Whether a column of other things says of some models that they are new, of others that they are carried on."""
    return _are_words(values) and {match_kind(text) for text in values} >= set(Kind)


def _are_words(values: list[str]) -> bool:
    return all(len(text) < _LONGEST_WORD for text in values)


def _take_the_other(role: Role, layout: Layout, labels: dict[int, str], values: Values, known: ByValue) -> None:
    """A list of two has two words: where a column holds two and one of them is known, the other is the other one of the list
    ('Tổ chức' beside 'Cá nhân').
    """
    if role in layout.words or role in layout.parted or layout.has_marks(role):
        return
    test, read = known.tests()[role], match_kind if role == Role.KIND else subject_kind_in
    at = layout.at.get(role)
    for index in [at] if at is not None else layout.free(values):
        words = {compare_key(text): text for text in values.get(index, []) if len(text) < _LONGEST_WORD}
        if len(words) != 2 or len(values[index]) < _SHARE_OF_ROWS * layout.row_count(values):
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
                layout.release(index)
                layout.guesses.append(by_values(index, labels.get(index, ""), role, ENOUGH))
                return


def _take_doer(layout: Layout, labels: dict[int, str], values: Values, known: ByValue) -> None:
    """Bodies and people by their names. Where something else says whether they are bodies or persons, only such as say where they
    are, or bodies more often than not: persons alone may be whom to ask.
    """
    free = layout.free(values, with_remarks=False)
    if layout.tells(Role.SUBJECT_KIND):
        free = [at for at in free if share(known.is_place, values[at]) >= ENOUGH or share(is_body, values[at]) >= _OFTEN_BODIES]
    free = [at for at in free if share(known.is_committee, values[at]) < ENOUGH]
    held, index = max(((share(is_doer, values[at]), -at) for at in free), default=(0.0, 0))
    if held >= ENOUGH:
        layout.at[Role.SUBJECT] = -index
        layout.guesses.append(by_values(-index, labels.get(-index, ""), Role.SUBJECT, held))
