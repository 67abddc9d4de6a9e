"""Read a list whole: sheet after sheet, the rows below each heading as texts by column, and what stands above and between."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from common.text import compare_key
from models_registry.registers.cells import texts_of, usual_encoding
from models_registry.registers.finding import SEARCHED_ROWS
from models_registry.registers.lists.headings import (
    ListHeading,
    Texts,
    find,
    find_remembered,
    heading_at,
    heading_by_hand,
)
from models_registry.registers.lists.kinds import ListKind
from models_registry.registers.lists.mapping import LAST_HEADING_ROW, ListMapping, Remembered, key_of
from models_registry.registers.no_rows import COLUMN_NUMBER, NUMBERED, SECTION_NUMBER, SIGNATURE, TOTAL
from models_registry.registers.opening import Sheet, open_register
from models_registry.registers.refusing import HeadingUnclear, RegisterUnreadable
from models_registry.registers.sections import numbering_of

LONGEST_CELL = 2_000
SECTIONS = 30  # of the lines between rows, how many a row knows
_SIGNED = 60  # letters of a line that is signed


@dataclass(frozen=True)
class ListRow:
    """One row: its texts by role, the lines that stand over it, the nearest first, and why the file seems not to want it."""

    sheet: str
    row: int
    texts: dict[str, str]
    sections: tuple[str, ...] = ()
    aside: str = ""


@dataclass
class ListSheet:
    """One sheet as it was read. `head`: its first rows as texts."""

    name: str
    head: Texts
    heading: ListHeading | None = None
    above: list[str] = field(default_factory=list)
    rows: list[ListRow] = field(default_factory=list)
    fills: dict[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """By which its heading is remembered; empty where it has none."""
        return key_of(self.heading.labels.values()) if self.heading else ""

    @property
    def to_remember(self) -> Remembered:
        labels = self.heading.labels if self.heading else {}
        codes = {column.index: column.code for column in self.heading.columns} if self.heading else {}
        return Remembered({compare_key(label): codes.get(at, "") for at, label in labels.items()}, self.fills)


@dataclass
class ListRead:
    """A whole file. `error`: why there are no rows."""

    sheets: list[ListSheet] = field(default_factory=list)
    error: str = ""

    @property
    def rows(self) -> list[ListRow]:
        return [row for sheet in self.sheets for row in sheet.rows]

    @property
    def title(self) -> list[str]:
        """What stands above the tables."""
        return [line for sheet in self.sheets for line in sheet.above]


def read_list(
    path: Path,
    kind: ListKind,
    mapping: ListMapping | None = None,
    called: str = "",
    remembered: Mapping[str, Remembered] | None = None,
) -> ListRead:
    """Read a file. One that was opened but not understood has no rows and says why. `remembered`: by `key_of` headings, how
    earlier lists were read by hand. Raises RegisterUnreadable.
    """
    found = ListRead()
    for opened in open_register(path, called):
        found.sheets.append(_sheet(opened, kind, mapping or ListMapping(), remembered or {}))
        if len(found.rows) > kind.most_rows:
            raise RegisterUnreadable(f"Danh sách dài hơn {kind.most_rows} dòng. Xin chia thành nhiều tệp.")
    if not any(sheet.heading for sheet in found.sheets):
        named = " và ".join(f"“{kind.label(code)}”" for code in kind.needed)
        found.error = f"Không thấy dòng tiêu đề của {kind.name}. Cần một dòng tiêu đề có cột {named}."
    elif not found.rows:
        found.error = f"Tệp có dòng tiêu đề nhưng không có dòng nào của {kind.name}."
    return found


def rows_or_refuse(found: ListRead) -> list[ListRow]:
    """The rows of a list. Raises HeadingUnclear where there are none."""
    if found.error:
        raise HeadingUnclear(found.error)
    return found.rows


def _sheet(opened: Sheet, kind: ListKind, mapping: ListMapping, remembered: Mapping[str, Remembered]) -> ListSheet:
    raw = list(islice(opened.rows, kind.most_rows * 2 + SEARCHED_ROWS))
    usual = usual_encoding(raw[:SEARCHED_ROWS])
    rows = [(number, texts_of(row, usual)) for number, row in raw]
    sheet = ListSheet(opened.name, rows[:LAST_HEADING_ROW])
    said = mapping.named(opened.name)
    known = None if said else find_remembered(sheet.head, kind, remembered)
    if known:
        sheet.heading, sheet.fills = known[0], known[1].fills
    elif said:
        sheet.heading, sheet.fills = heading_by_hand(sheet.head, said, kind), said.fills
    else:
        sheet.heading = find(sheet.head, kind)
    if sheet.heading:
        first = sheet.heading.first_row
        sheet.above = [cell for number, cells in rows if number < first for cell in dict.fromkeys(cells) if cell]
        body = [item for item in rows if item[0] > sheet.heading.last_row]
        is_by_hand = said is not None or known is not None
        sheet.rows = _Body(opened, kind, sheet.heading, sheet.fills, is_by_hand=is_by_hand).rows(body)
    return sheet


class _Body:
    """The rows below a heading, on their way."""

    def __init__(self, sheet: Sheet, kind: ListKind, heading: ListHeading, fills: dict[str, str], *, is_by_hand: bool) -> None:
        self.sheet, self.kind, self.heading, self.fills, self.is_by_hand = sheet, kind, heading, fills, is_by_hand
        self._sections: tuple[str, ...] = ()
        self._merged = {(top, column): end for top, end, column in sheet.merged}
        self._carried: dict[int, tuple[int, str]] = {}

    def rows(self, body: Texts) -> "list[ListRow]":
        found: list[ListRow] = []
        skipped_to = 0
        for n, (number, cells) in enumerate(body):
            if number <= skipped_to:
                continue
            if again := self._heading_again(body[n : n + 3]):
                self.heading, skipped_to = again, again.last_row
                continue
            texts = self._texts(number, cells)
            if self._is_data(cells, texts):
                self._fill(texts)
                found.append(ListRow(self.sheet.name, number, texts, self._sections, self._aside(number)))
        return found

    def _heading_again(self, rows: Texts) -> ListHeading | None:
        """A heading below the first: of a list that goes on over pages, or of the next one."""
        words = [cell for cell in rows[0][1] if cell]
        if len(words) < 2 or not all(self.kind.role_of(cell) for cell in words[:2]):
            return None
        found = heading_at(rows, self.kind)
        return None if found is None or (self.is_by_hand and len(found.columns) < len(self.heading.columns)) else found

    def _texts(self, number: int, cells: list[str]) -> dict[str, str]:
        """The row by role; what was merged downwards stands in each of its rows."""
        texts = {}
        for column in self.heading.columns:
            at = column.index
            text = cells[at][:LONGEST_CELL] if at < len(cells) else ""
            if column.code in self.kind.carried:
                if end := self._merged.get((number, at)):
                    self._carried[at] = (end, text)
                elif not text and number <= self._carried.get(at, (0, ""))[0]:
                    text = self._carried[at][1]
            texts[column.code] = text
        return texts

    def _fill(self, texts: dict[str, str]) -> None:
        """What was told for empty cells; not for the row that is named so itself: no unit stands above itself."""
        own = {compare_key(texts.get(code, "")) for code in self.kind.needed}
        for code, words in self.fills.items():
            if not texts.get(code) and compare_key(words) not in own:
                texts[code] = words

    def _is_data(self, cells: list[str], texts: dict[str, str]) -> bool:
        words = list(dict.fromkeys(cell for cell in cells if cell))
        told = [cell for cell in words if not NUMBERED.match(cell) and not SECTION_NUMBER.match(cell)]
        if not told or (len(words) > 2 and all(COLUMN_NUMBER.match(cell) for cell in words)):
            return False
        if TOTAL.match(told[0]):
            return False
        is_numbered = any(NUMBERED.match(cell) for cell in words)
        is_signed = any(len(cell) < _SIGNED and SIGNATURE.match(compare_key(cell)) for cell in told)
        if is_signed and len(told) <= 2 and not is_numbered:
            return False
        has_needed = all(texts.get(code) for code in self.kind.needed)
        if len(told) == 1 and not (has_needed and (is_numbered or len(self.heading.columns) == 1)):
            number = f"{words[0].rstrip(' .)')}. " if words[0] != told[0] and SECTION_NUMBER.match(words[0]) else ""
            self._sections = _at_most((f"{number}{told[0]}"[:300], *self._sections), SECTIONS)
            return False
        roles = [role.code for role in self.kind.roles if not role.is_ignored]
        return has_needed or sum(1 for code in roles if texts.get(code)) > 1

    def _aside(self, number: int) -> str:
        struck = self.sheet.struck.get(number, ())
        needed = {self.heading.at(code) for code in self.kind.needed}
        signs = (
            ("sheet_hidden", self.sheet.hidden),
            ("row_hidden", number in self.sheet.hidden_rows),
            ("row_struck", bool(needed.intersection(struck))),
        )
        return next((code for code, there in signs if there), "")


def _at_most(sections: tuple[str, ...], most: int) -> tuple[str, ...]:
    """The lines over a row, the nearest first; where they are too many, without the oldest that a later one of its sort follows."""
    if len(sections) <= most:
        return sections
    sorts = [numbering_of(line) for line in sections]
    over = next((n for n in reversed(range(len(sorts))) if sorts[n] in sorts[:n]), len(sorts) - 1)
    return sections[:over] + sections[over + 1 :]
