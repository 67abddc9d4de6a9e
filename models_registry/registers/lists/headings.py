"""The heading of a list among a sheet's first rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from common.text import compare_key
from models_registry.registers.finding import DEEPEST, SEARCHED_ROWS
from models_registry.registers.headings import spread
from models_registry.registers.lists.kinds import ListKind
from models_registry.registers.lists.mapping import ListSheetMapping, Remembered, key_of
from models_registry.registers.no_rows import is_counted
from models_registry.registers.reading import index_of

Texts = list[tuple[int, list[str]]]
GIVEN, REMEMBERED = "given", "remembered"
_LOOKED_AT = 60  # rows among which a remembered heading is looked for
_LONGEST_LABEL = 60  # letters of a cell in the second row of a heading


@dataclass(frozen=True)
class ListColumn:
    index: int
    code: str
    label: str
    how: str


@dataclass(frozen=True)
class ListHeading:
    first_row: int
    last_row: int
    columns: tuple[ListColumn, ...] = ()
    labels: dict[int, str] = field(default_factory=dict)

    def at(self, code: str) -> int:
        """The index of a role's column; -1 where there is none."""
        return next((column.index for column in self.columns if column.code == code), -1)

    def has(self, codes: tuple[str, ...]) -> bool:
        return all(self.at(code) >= 0 for code in codes)


def find_remembered(rows: Texts, kind: ListKind, remembered: Mapping[str, Remembered]) -> tuple[ListHeading, Remembered] | None:
    """A heading that was said by hand of an earlier list, and what was said."""
    for start in range(min(len(rows), _LOOKED_AT) if remembered else 0):
        for depth in range(1, DEEPEST + 1):
            heading = understand(rows[start : start + depth], kind)
            if known := remembered.get(key_of(heading.labels.values())):
                told = {at: known.columns.get(compare_key(label), "") for at, label in heading.labels.items()}
                columns = [ListColumn(at, code, heading.labels[at], REMEMBERED) for at, code in told.items() if code]
                return replace(heading, columns=tuple(columns)), known
    return None


def find(rows: Texts, kind: ListKind) -> ListHeading | None:
    """The first heading among these rows: one that has the columns needed and another."""
    for start in range(min(len(rows), SEARCHED_ROWS)):
        if heading_at(rows[start : start + DEEPEST], kind):
            near = [heading_at(rows[start + n : start + n + DEEPEST], kind) for n in range(DEEPEST)]
            return max((found for found in near if found), key=_worth)
    return None


def heading_at(rows: Texts, kind: ListKind) -> ListHeading | None:
    """The heading that begins at the first of these rows, one to three rows deep."""
    best: ListHeading | None = None
    if rows and is_counted(rows[0][1]):
        return None
    for depth in range(1, min(DEEPEST, len(rows)) + 1):
        if depth > 1 and not _carries_on(rows[depth - 1][1], best, kind):
            break
        found = understand(rows[:depth], kind)
        if found.has(kind.needed) and len(found.columns) > 1 and (best is None or _worth(found) > _worth(best)):
            best = found
    return best


def _worth(heading: ListHeading) -> tuple[int, int]:
    return len(heading.columns), heading.first_row - heading.last_row


def _carries_on(cells: list[str], above: ListHeading | None, kind: ListKind) -> bool:
    """Whether a row is more heading, not the first row of data."""
    words = [cell for cell in cells if cell]
    if is_counted(words) or any(len(cell) > _LONGEST_LABEL for cell in words) or not any(kind.role_of(cell) for cell in words):
        return False
    needed = [above.at(code) for code in kind.needed] if above else []
    return all(at >= len(cells) or not cells[at] or kind.role_of(cells[at]) for at in needed)


def understand(stack: Texts, kind: ListKind) -> ListHeading:
    """What these rows say as a heading, be it nothing. Of two columns for one role the first has it."""
    width = max(len(cells) for _, cells in stack)
    groups = [spread(cells, stack[level + 1 :], width) for level, (_, cells) in enumerate(stack)]
    columns: dict[str, ListColumn] = {}
    labels: dict[int, str] = {}
    for index in range(width):
        own = [cells[index] for _, cells in stack if index < len(cells) and cells[index]]
        if not own:
            continue
        labels[index] = " ".join(dict.fromkeys(own))
        levels = [label for level in groups if (label := level[index])]
        whole = " ".join(dict.fromkeys(levels))
        for label in (whole, *reversed(levels)):
            if found := kind.role_of(label):
                role, how = found
                columns.setdefault(role.code, ListColumn(index, role.code, labels[index], how))
                break
    return ListHeading(stack[0][0], stack[-1][0], tuple(columns.values()), labels)


def heading_by_hand(rows: Texts, said: ListSheetMapping, kind: ListKind) -> ListHeading | None:
    """The heading that was shown by hand, with its columns; what was left open is guessed."""
    if said.row and not said.rows:
        guessed: ListHeading | None = ListHeading(said.row, said.row - 1)
    elif said.row:
        stack = [item for item in rows if said.row <= item[0] < said.row + said.rows]
        guessed = replace(understand(stack, kind), first_row=said.row) if stack else ListHeading(said.row, said.row)
    else:
        guessed = find(rows, kind)
    if guessed is None:
        return None
    told = {index_of(column): code for column, code in said.columns.items()}
    kept = [column for column in guessed.columns if column.index not in told and column.code not in told.values()]
    by_hand = [ListColumn(at, code, guessed.labels.get(at, ""), GIVEN) for at, code in told.items() if code]
    return replace(guessed, columns=tuple(kept + by_hand))
