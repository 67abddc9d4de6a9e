"""Tables whose heading does not say which column has the models' names: told by what stands below it."""

from collections.abc import Iterator
from statistics import median

from common.text import compare_key
from models_registry.registers.doers import kind_of_doer
from models_registry.registers.finding import DEEPEST, SEARCHED_ROWS
from models_registry.registers.guessing import ENOUGH, ByValue, share
from models_registry.registers.headings import SHAPED, Column, Heading, Role, understand
from models_registry.registers.no_rows import COLUMN_NUMBER, NUMBERED
from models_registry.registers.reading import RegisterContext
from models_registry.registers.sections import Sections
from models_registry.registers.vocabulary import match_subject_kind

FEWEST_ROWS = 2
_FEWEST_CELLS = 3
_OF_REGISTERS = {Role.FIELD, Role.KIND}  # other lists have people, bodies, places and days as well
_TELLING = {*_OF_REGISTERS, Role.SUBJECT_KIND, Role.SUBJECT, Role.PLACE, Role.REGISTERED_ON}
_DIFFERENT = 0.8  # share of a column's values that must be of their own, of names
_SHORTEST = 10  # letters of a name, half of them at least

Texts = tuple[int, list[str]]


def heading_by_values(rows: list[Texts], context: RegisterContext) -> Heading | None:
    """A heading over rows of which one column holds names and two more what only registers say; None where that is in doubt."""
    rows = rows[:SEARCHED_ROWS]
    begin = _begin(rows)
    body = [cells for _, cells in rows[begin:] if _filled(cells) >= _FEWEST_CELLS]
    if len(body) < FEWEST_ROWS:
        return None
    stack = list(_labels_above(rows[:begin]))
    number = rows[begin][0]
    heading = understand(stack, context.fields) if stack else Heading(number, number - 1)
    told, free = _told(heading, body, context)
    told |= _told_by_sections(rows[begin:], context)
    if marks := _marks_of_names(heading, body):
        width = max([heading.width, *(len(cells) for cells in body), *(at + 1 for at in heading.levels)])
        heading.columns.append(Column(width, " / ".join(column.label for column in marks), Role.TITLE, how=SHAPED))
        heading.width, heading.names_under = width + 1, tuple(column.index for column in marks)
        return heading if told & _OF_REGISTERS and len(told & _TELLING) > 1 else None
    title = next((at for at in free if _are_names([cells[at] for cells in body if at < len(cells) and cells[at]])), None)
    if title is None or not told & _OF_REGISTERS or len(told & _TELLING) < 2:
        return None
    labels = {column.index: column.label for column in heading.columns} | dict(heading.ignored)
    heading.columns = [column for column in heading.columns if column.index != title]
    heading.ignored = [(at, label) for at, label in heading.ignored if at != title]
    heading.columns.append(Column(title, labels.get(title, ""), Role.TITLE, how=SHAPED))
    return heading


def _marks_of_names(heading: Heading, body: list[list[str]]) -> list[Column]:
    """Columns of fields or of kinds in which names stand instead of marks, in nearly each row one."""
    for is_one in (lambda it: it.field_id is not None, lambda it: it.kind, lambda it: it.subject_kind):
        marks = [column for column in heading.columns if column.role == Role.MARK and is_one(column)]
        cells = [[row[it.index] for row in body if it.index < len(row) and row[it.index]] for it in marks]
        rows = sum(any(it.index < len(row) and row[it.index] for it in marks) for row in body)
        if (
            len(marks) > 1
            and all(cells)
            and rows >= ENOUGH * len(body)
            and _are_names([text for of_one in cells for text in of_one])
        ):
            return marks
    return []


def _begin(rows: list[Texts]) -> int:
    """Where the rows of data begin: at those that are counted 1, 2, 3; else below the first row of several cells."""
    for at in range(3):
        counted = [n for n, (_, cells) in enumerate(rows) if at < len(cells) and NUMBERED.match(cells[at]) and _is_row(cells)]
        numbers = [rows[n][1][at].rstrip(".) ") for n in counted]
        if "".join(numbers[:FEWEST_ROWS]) == "12":
            return counted[0]
    first = next((n for n, (_, cells) in enumerate(rows) if _filled(cells) >= _FEWEST_CELLS), len(rows))
    return min(first + 1, len(rows))


def _is_row(cells: list[str]) -> bool:
    return _filled(cells) >= _FEWEST_CELLS and not all(COLUMN_NUMBER.match(cell) for cell in cells if cell)


def _filled(cells: list[str]) -> int:
    return sum(map(bool, cells))


def _labels_above(rows: list[Texts]) -> Iterator[Texts]:
    """The rows of words right above the data."""
    found: list[Texts] = []
    for number, cells in reversed(rows):
        if found and (_filled(cells) < 2 or len(found) == DEEPEST):
            break
        if _is_row(cells):
            found.append((number, cells))
    yield from reversed(found)


def _told(heading: Heading, body: list[list[str]], context: RegisterContext) -> tuple[set[Role], list[int]]:
    """What columns say by their labels or values, and the columns that may hold names; those of contents last."""
    known = ByValue(context.fields, context.places, (context.opens_on, context.closes_on))
    tests = known.tests() | {Role.REGISTERED_ON: known.is_in_season, Role.SUBJECT: _is_doer}
    contents = [column.index for column in heading.columns if column.role == Role.CONTENT]
    named = {column.index: column for column in heading.columns if column.role != Role.CONTENT}
    told = {column.role for column in named.values()}
    told |= {role for column in named.values() for role in _marked(column)}
    free, doers = list[int](), list[int]()
    for at in range(max(map(len, body))):
        values = [cells[at] for cells in body if at < len(cells) and cells[at]]
        if at in named or 2 * len(values) < len(body):
            continue
        unsaid = {role: test for role, test in tests.items() if role not in told or (role == Role.SUBJECT and doers)}
        role = next((role for role, test in unsaid.items() if share(test, values) >= ENOUGH), None)
        if role:
            told.add(role)
            doers += [at] if role == Role.SUBJECT else []
        else:
            free.append(at)
    free.sort(key=lambda at: at in contents)
    return told, free + (doers[:1] if len(doers) > 1 else [])  # "Tổ hợp tác trồng bưởi", "Chi bộ thôn 3": names come first


def _marked(column: Column) -> Iterator[Role]:
    for role, said in ((Role.FIELD, column.field_id), (Role.KIND, column.kind), (Role.SUBJECT_KIND, column.subject_kind)):
        if said is not None:
            yield role


def _told_by_sections(rows: list[Texts], context: RegisterContext) -> set[Role]:
    sections = Sections(context)
    alone = [words[0] for _, cells in rows if len(words := [cell for cell in cells if len(cell) > 1]) == 1]
    meant = {found[0] for text in alone if (found := sections.meaning(text))}
    return {role for what, role in (("field", Role.FIELD), ("kind", Role.KIND), ("place", Role.PLACE)) if what in meant}


def _is_doer(text: str) -> bool:
    return kind_of_doer(text) is not None and match_subject_kind(text) is None


def _are_names(values: list[str]) -> bool:
    different = {compare_key(text) for text in values}
    is_long = median(map(len, values)) >= _SHORTEST and not any(map(str.isdecimal, different))
    return is_long and len(different) >= _DIFFERENT * len(values)
