"""Rows with what the sheet says once for several of them, in several cells for one, or two things in one: merged cells, days in parts, doers."""

from typing import Any

from common.text import clean, clean_lines
from models_registry.registers.cells import Typed, whole_day
from models_registry.registers.columns import Layout
from models_registry.registers.guessing import name_and_doer
from models_registry.registers.headings import Role
from models_registry.registers.opening import Row

_CARRIED = (Role.PLACE, Role.FIELD, Role.KIND, Role.SUBJECT_KIND, Role.REGISTERED_ON)  # filled from cells merged downwards


class Filling:
    """Fills the cells of one sheet's rows, in their order."""

    def __init__(self, merged: tuple[tuple[int, int, int], ...]) -> None:
        self._merged: dict[int, list[tuple[int, int]]] = {}
        for top, end, column in merged:
            self._merged.setdefault(top, []).append((end, column))
        self._carried: dict[int, tuple[int, str, Any]] = {}

    def fill(self, number: int, raw: Row, cells: list[str], layout: Layout) -> Row:
        """The row as the file has it, filled as `cells` are."""
        if self._merged:
            raw = self._carry(number, raw, cells, layout)
        if layout.doer_of is not None:
            _part_doer(raw, cells, layout.doer_of, layout.at[Role.SUBJECT])
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


def _with_whole_day(raw: Row, cells: list[str], parts: tuple[int, ...]) -> Row:
    """Day, month and year together in the first of their columns."""
    first = parts[0]
    if first >= len(raw) or isinstance(raw[first], Typed) or not cells[first].isdecimal():
        return raw
    cells[first] = whole_day([cells[at] for at in parts])
    return [*raw[:first], cells[first], *raw[first + 1 :]]


def _part_doer(raw: Row, cells: list[str], title: int, at: int) -> None:
    """Who does it out of the title's cell; what was typed over either stands."""
    told = raw[title] if title < len(raw) else ""
    if cells[at] or isinstance(told, Typed):
        return
    name, doer = name_and_doer(clean_lines(told) if isinstance(told, str) and clean(told) == cells[title] else cells[title])
    cells[title], cells[at] = clean(name), doer
