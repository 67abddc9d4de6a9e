"""Rows with what the sheet says once for several of them, in several cells for one, or two things in one: merged cells, days in parts, doers."""

from collections import deque
from collections.abc import Iterable
from itertools import takewhile
from typing import Any

from common.text import clean, clean_lines
from models_registry.registers.cells import Typed, whole_day
from models_registry.registers.guessing import name_and_doer
from models_registry.registers.hamlets import hamlet_of
from models_registry.registers.headings import Role
from models_registry.registers.layouts import Layout
from models_registry.registers.opening import Row

_CARRIED = (  # filled from cells merged downwards
    Role.PLACE,
    Role.HAMLET,
    Role.FIELD,
    Role.KIND,
    Role.SUBJECT_KIND,
    Role.SUBJECT,
    Role.REGISTERED_ON,
)
_AS_ABOVE = frozenset(  # what stands for the words above it
    f"{before}{mark}{behind}"
    for mark in ("nt", "NT", "n.t", "như trên", "Như trên", '"', "”", "“", "〃", "''", "’’", "//")
    for before, behind in (("", ""), ("-", "-"), ("- ", " -"), ("–", "–"), ("..", ".."), ("", "."))
)
_FURTHEST_ABOVE = 40  # rows
_FEWEST_OF_ROW = 3  # cells; a row of fewer begins another section


Above = deque[tuple[list[str], Row]]  # texts and cells of the rows above, the nearest first


def as_above(rows: list[list[str]]) -> list[list[str]]:
    """The rows with what stands above where a cell says so: '-nt-', 'như trên', '〃'."""
    above: Above = deque(maxlen=_FURTHEST_ABOVE)
    for cells in rows:
        _take_from_above(cells, cells, range(len(cells)), above)
        above.appendleft((cells, cells))
    return rows


def _take_from_above(raw: Row, cells: list[str], columns: Iterable[int], above: Above) -> tuple[Row, int]:
    """The row with what stands above in those of its columns that say so, and how many of them do."""
    filled, taken = [*raw, *[""] * (len(cells) - len(raw))], 0
    for at in columns:
        if cells[at] in _AS_ABOVE and (found := next((it for it in above if at < len(it[0]) and it[0][at]), None)):
            taken += 1
            cells[at] = found[0][at]
            filled[at] = found[1][at] if at < len(found[1]) else found[0][at]
    return filled, taken


class Filling:
    """Fills the cells of one sheet's rows, in their order."""

    def __init__(self, merged: tuple[tuple[int, int, int], ...]) -> None:
        self._merged: dict[int, list[tuple[int, int]]] = {}
        for top, end, column in merged:
            self._merged.setdefault(top, []).append((end, column))
        self._carried: dict[int, tuple[int, str, Any]] = {}
        self._above: Above = deque(maxlen=_FURTHEST_ABOVE)
        self.dittos = 0
        """How many cells said that what stands above counts for them."""
        self.carried = 0
        """How many empty cells were filled from the first row of their group."""

    def fill(self, number: int, raw: Row, cells: list[str], layout: Layout) -> Row:
        """The row as the file has it, filled as `cells` are."""
        if self._merged:
            raw = self._carry(number, raw, cells, layout)
        if not _AS_ABOVE.isdisjoint(cells):
            raw, taken = _take_from_above(raw, cells, layout.meaningful, self._above)
            self.dittos += taken
        self._above.appendleft((cells, raw))
        if layout.sparse:
            raw = self._carry_down(raw, cells, layout)
        if layout.hamlet_kind:
            at = layout.at[Role.HAMLET]
            cells[at] = hamlet_of(layout.hamlet_kind, cells[at])
        for role in layout.behind_title:
            _part_title(raw, cells, layout, role)
        if layout.doer_of is not None:
            _part_doer(raw, cells, layout.doer_of, layout.at[Role.SUBJECT])
        if layout.behind_doer:
            _part_place(raw, cells, layout)
        return _with_whole_day(raw, cells, layout.day_parts) if layout.day_parts else raw

    def _carry(self, number: int, raw: Row, cells: list[str], layout: Layout) -> Row:
        """Give a cell merged downwards to each row that it spans, in the columns where that is what is meant."""
        for end, column in self._merged.get(number, ()):
            if column < len(cells) and cells[column]:
                self._carried[column] = (end, cells[column], raw[column] if column < len(raw) else cells[column])
        filled = list(raw)
        for role in _CARRIED:
            at = layout.at.get(role)
            if at in self._carried and not cells[at] and number <= self._carried[at][0]:
                _, cells[at], value = self._carried[at]
                filled += [""] * (at + 1 - len(filled))
                filled[at] = value
        return filled

    def _carry_down(self, raw: Row, cells: list[str], layout: Layout) -> Row:
        """What a row of a group leaves empty, as in the group's first row: cells that were merged before the file was saved again."""
        if not cells[layout.at[Role.TITLE]]:
            return raw
        filled = [*raw, *[""] * (len(cells) - len(raw))]
        group = list(takewhile(lambda row: sum(map(bool, row[0])) >= _FEWEST_OF_ROW, self._above))
        for at in layout.sparse:
            found = next((row for row in group if row[0][at]), None) if not cells[at] else None
            if found and at < len(found[1]):
                self.carried += 1
                cells[at], filled[at] = found[0][at], found[1][at]
        return filled


def _with_whole_day(raw: Row, cells: list[str], parts: tuple[int, ...]) -> Row:
    """Day, month and year together in the first of their columns."""
    first = parts[0]
    if first >= len(raw) or isinstance(raw[first], Typed) or not cells[first].isdecimal():
        return raw
    cells[first] = whole_day([cells[at] for at in parts])
    return [*raw[:first], cells[first], *raw[first + 1 :]]


def _part_title(raw: Row, cells: list[str], layout: Layout, role: Role) -> None:
    """What stands behind a title, in a column of its own; what was typed over either stands."""
    title, at = layout.at[Role.TITLE], layout.at[role]
    if not cells[at] and not (title < len(raw) and isinstance(raw[title], Typed)):
        cells[title], cells[at] = layout.behind_title[role](cells[title])


def _part_place(raw: Row, cells: list[str], layout: Layout) -> None:
    """What stands behind who does it, in a column of its own; what was typed over either stands."""
    doer, at = layout.at[Role.SUBJECT], layout.at[Role.PLACE]
    if layout.behind_doer and not cells[at] and not (doer < len(raw) and isinstance(raw[doer], Typed)):
        cells[doer], cells[at] = layout.behind_doer(cells[doer])


def _part_doer(raw: Row, cells: list[str], title: int, at: int) -> None:
    """Who does it out of the title's cell; what was typed over either stands."""
    told = raw[title] if title < len(raw) else ""
    if cells[at] or isinstance(told, Typed):
        return
    name, doer = name_and_doer(clean_lines(told) if isinstance(told, str) and clean(told) == cells[title] else cells[title])
    cells[title], cells[at] = clean(name), doer
