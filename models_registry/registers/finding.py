"""Find the heading of a table among the rows of a sheet: up to three rows, below title blocks of any length."""

import re

from models_registry.registers.headings import LOOSE, OF_A_DAY, Column, Heading, Role, cell_at, column_of, plain, understand
from models_registry.registers.no_rows import is_counted, is_total
from models_registry.registers.vocabulary import FieldBook, is_mark

SEARCHED_ROWS = 80
FURTHEST = 5000  # rows of a sheet among which its heading is sought
DEEPEST = 3
ENOUGH = 3  # columns understood that make a row a heading beyond doubt
_NAMES_MODEL = re.compile(r"mô hình|\bMH\b", re.IGNORECASE)
_LOOSE_TITLE = re.compile(r"^(?!danh sach|bang|bieu|phu luc|ke hoach|tong|so |loai |so dang ki).{0,60}\bmo hinh\b")
_APART = re.compile(r"[/,;\n]|\s[-–]\s")
_BESIDE_TITLE = {Role.SUBJECT, Role.FIELD, Role.KIND, Role.SUBJECT_KIND, Role.REGISTERED_ON}


def find_heading(rows: list[tuple[int, list[str]]], fields: FieldBook) -> Heading | None:
    """The first heading among a sheet's first rows (row number, cells as text), or None. A summary's heading counts too."""
    doubtful: Heading | None = None
    for start in range(min(len(rows), SEARCHED_ROWS)):
        found = (
            None if is_counted(rows[start][1]) or is_total(rows[start][1]) else heading_at(rows[start : start + DEEPEST], fields)
        )
        if found is None:
            continue
        if len(found.columns) < ENOUGH:
            doubtful = doubtful or found
            continue
        # a line of the title block right above may have been taken for the heading's first row: the next start decides
        later = [heading_at(rows[start + n : start + n + DEEPEST], fields) for n in (1, 2)]
        return max([found, *(heading for heading in later if heading)], key=_worth)
    return doubtful or _with_loose_title(rows, fields)


def find_further(rows: list[tuple[int, list[str]]], fields: FieldBook) -> Heading | None:
    """As `find_heading`, of rows further down: only a heading beyond doubt."""
    found = find_heading(rows, fields)
    return found if found and found.is_register and len(found.columns) >= ENOUGH else None


def heads_register(cells: list[str], fields: FieldBook) -> bool:
    """Whether one row is the heading of a register beyond doubt."""
    if not any(len(cell) < 60 and _NAMES_MODEL.search(cell) for cell in cells):
        return False
    found = heading_at([(0, cells)], fields)
    return found is not None and found.is_register and len(found.columns) >= ENOUGH


def _with_loose_title(rows: list[tuple[int, list[str]]], fields: FieldBook) -> Heading | None:
    """A row with several headings, none of which says "tên mô hình": the one that speaks of models is taken for it."""
    for start in range(min(len(rows), SEARCHED_ROWS)):
        if is_counted(rows[start][1]):
            continue
        heading = understand(rows[start : start + 1], fields)
        said = [column for column in heading.columns if column.role != Role.MARK]
        contents = [(column.index, column.label) for column in said if column.role == Role.CONTENT]
        loose = next((it for it in (*heading.ignored, *contents) if _LOOSE_TITLE.search(plain(it[1]))), None)
        if loose is None:  # "Đơn vị, tên mô hình": who does it stands in lines of its own
            both = (
                it
                for it in said
                if it.role == Role.SUBJECT and any(_names_title(piece, fields) for piece in _APART.split(it.label))
            )
            loose = next(((it.index, it.label) for it in both), None)
        if loose is None and len(contents) == 1 and len({column.role for column in said} & _BESIDE_TITLE) > 1:
            loose = contents[0]  # "Nội dung", "Nội dung đăng ký": what all the other columns speak of
        if loose and len(said) > 1 and not heading.is_summary:
            heading = _deepened(rows[start : start + DEEPEST], heading, loose[0], fields)
            heading.ignored = [it for it in heading.ignored if it != loose]
            heading.columns = [column for column in heading.columns if column.index != loose[0]]
            heading.columns.append(Column(*loose, Role.TITLE, how=LOOSE))
            return heading
    return None


def _names_title(piece: str, fields: FieldBook) -> bool:
    found = column_of(0, piece.strip(), fields)
    return found is not None and found.role == Role.TITLE


def _deepened(rows: list[tuple[int, list[str]]], heading: Heading, title: int, fields: FieldBook) -> Heading:
    """The heading with those of the next rows that are more of it: they have nothing below the title."""
    for depth in range(2, len(rows) + 1):
        stack = rows[:depth]
        if cell_at(stack[-1][1], title) or not _carries_on(stack, fields):
            break
        heading = understand(stack, fields)
    return heading


def heading_at(rows: list[tuple[int, list[str]]], fields: FieldBook) -> Heading | None:
    """The heading that begins at the first of these rows, one to three rows deep."""
    best: Heading | None = None
    for depth in range(1, min(DEEPEST, len(rows)) + 1):
        stack = rows[:depth]
        if depth > 1 and (not _carries_on(stack, fields) or _is_caption(stack[-2:])):
            break
        heading = understand(stack, fields)
        if (heading.is_register or heading.is_summary) and (best is None or _worth(heading) > _worth(best)):
            best = heading
    return best


def _is_caption(stack: list[tuple[int, list[str]]]) -> bool:
    """Whether the first of two rows is one cell at the left of all that stands below it: it heads the whole table, none of its columns."""
    first, second = ([at for at, cell in enumerate(cells) if cell] for _, cells in stack)
    return len(first) == 1 and bool(second) and first[0] <= second[0]


def _worth(heading: Heading) -> tuple[bool, int, int]:
    parts = sum(1 for _, label in heading.ignored if plain(label) in OF_A_DAY)
    return heading.is_register, len(heading.columns) + parts, -(heading.last_row - heading.first_row)


def _carries_on(stack: list[tuple[int, list[str]]], fields: FieldBook) -> bool:
    """Whether the last row of the stack is more heading, not the first row of data."""
    upper, last = understand(stack[:-1], fields), stack[-1][1]
    words = [cell for cell in last if cell]
    if not words or is_counted(words) or any(len(cell) > 60 for cell in words):
        return False
    title, number = upper.first(Role.TITLE), upper.first(Role.NUMBER)
    is_between = number is not None and not cell_at(last, number.index) and len(words) > 1  # rows of data have a number
    if (
        title
        and not is_between
        and cell_at(last, title.index)
        and column_of(title.index, cell_at(last, title.index), fields) is None
    ):
        return False
    if number and cell_at(last, number.index) and column_of(number.index, cell_at(last, number.index), fields) is None:
        return False
    return any(column_of(0, cell, fields) is not None for cell in words) or _is_below_group(stack[-2][1], last)


def _is_below_group(upper: list[str], last: list[str]) -> bool:
    """Whether a row stands below nothing but the cells that a merged one spans: it parts the group, in whatever words."""
    below = [at for at, cell in enumerate(last) if cell]
    gaps = [at for at in below if not cell_at(upper, at)]
    begins = [at for at in below if cell_at(upper, at) and at + 1 in gaps]
    return len(gaps) > 0 and len(begins) + len(gaps) == len(below) > 1 and len(begins) > 0 and not any(map(is_mark, last))
