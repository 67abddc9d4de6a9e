"""Registers that say several things in one cell, each in a line of its own behind its label: 'Tên mô hình: …', 'Lĩnh vực: …'."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import Any

from models_registry.registers.cells import Typed, text_of, texts_of
from models_registry.registers.headings import Column, Heading, Role, column_of
from models_registry.registers.opening import Row
from models_registry.registers.vocabulary import FieldBook

AHEAD = 60  # rows below the heading that tell
FEWEST = 2  # such cells; labels in each
_NEARLY_ALL = 0.8  # share of a column's cells that have labels
_LINE = re.compile(r"^[\s\-–—+•*]*([^:]{2,60}?)\s*:\s*(.*)$", re.DOTALL)
_OF_REGISTERS = (Role.TITLE, Role.SUBJECT, Role.SUBJECT_KIND, Role.FIELD, Role.KIND, Role.PLACE, Role.HAMLET, Role.REGISTERED_ON)
_OF_FORMS = (Role.CONTENT, Role.NOTE, Role.BOX)

Texts = tuple[int, list[str]]
Body = Iterator[tuple[int, Row]]


@dataclass(frozen=True)
class LabelledLines:
    """A column of cells with labels; `columns`: which thing, a column without its label, goes into which column behind the last."""

    at: int
    columns: dict[Column, int]
    last_row: int
    fields: FieldBook

    def parted(self, body: Body, usual: str) -> Body:
        for number, row in body:
            cell = row[self.at] if self.at < len(row) else ""
            yield number, self._parted(row, cell, usual) if _has_lines(cell) else row

    def shown(self, rows: list[Texts], told: list[tuple[int, Row]], usual: str) -> list[Texts]:
        """A sheet's rows as they are read; `told`: the same as the file has them."""
        below = ((number, row) for number, row in told if number > self.last_row)
        parted = {number: texts_of(row, usual) for number, row in self.parted(below, usual)}
        return [(number, parted.get(number, cells)) for number, cells in rows]

    def _parted(self, row: Row, cell: str, usual: str) -> Row:
        cells = [*row, *[""] * (max(self.columns.values()) + 1 - len(row))]
        lines, said = _said(cell, usual, self.fields)
        for column, (label, text) in said.items():
            index = self.columns.get(column)
            if index is None:
                lines.append(f"{label}: {text}")
            elif cells[index] == "":
                cells[index] = text
        cells[self.at] = " ".join(lines)
        return cells


def parted_lines(heading: Heading, body: Body, usual: str, fields: FieldBook) -> tuple[Body, LabelledLines | None]:
    """The rows of the body with what stands behind labels in columns of their own; the heading learns what these hold."""
    ahead = list(islice(body, AHEAD))
    body = chain(ahead, body)
    rows = [row for _, row in ahead if sum(cell != "" for cell in row) > 1]
    width = max([heading.width, *(len(row) for row in rows), *(column.index + 1 for column in heading.columns)])
    for at in sorted({n for row in rows for n, cell in enumerate(row) if _has_lines(cell)}):
        found = [_said(row[at], usual, fields) for row in rows if at < len(row) and _has_lines(row[at])]
        found = [(lines, said) for lines, said in found if len(said) >= FEWEST]
        if len(found) < max(FEWEST, _NEARLY_ALL * sum(at < len(row) and row[at] != "" for row in rows)):
            continue
        labels = {column: label for _, said in reversed(found) for column, (label, _) in reversed(said.items())}
        things = list(dict.fromkeys(column for _, said in found for column in said))
        told = {_role(column) for column in heading.columns if column.index != at}
        of_registers = [role for column in things if (role := _role(column)) in _OF_REGISTERS]
        if len(of_registers) < FEWEST or not told.isdisjoint(of_registers):
            continue
        columns = {column: width + n for n, column in enumerate(things)}
        is_named_above = Role.TITLE not in of_registers and Role.TITLE not in told and any(lines for lines, _ in found)
        _tell(
            heading,
            at,
            [replace(column, index=index, label=labels[column]) for column, index in columns.items()],
            is_named_above=is_named_above,
        )
        parted = LabelledLines(at, columns, heading.last_row, fields)
        return parted.parted(body, usual), parted
    return body, None


def _has_lines(cell: Any) -> bool:
    return isinstance(cell, str) and "\n" in cell and not isinstance(cell, Typed)


def _tell(heading: Heading, at: int, columns: list[Column], *, is_named_above: bool) -> None:
    """`is_named_above`: the name of the model stands above the labels, in the cell's first line."""
    label = next((column.label for column in heading.columns if column.index == at), dict(heading.ignored).get(at, ""))
    heading.columns = [column for column in heading.columns if column.index != at]
    heading.ignored = [it for it in heading.ignored if it[0] != at]
    if is_named_above:
        heading.columns.append(Column(at, label, Role.TITLE))
    else:
        heading.ignored.append((at, label))
    heading.columns += columns
    heading.width = max(column.index for column in columns) + 1


def _role(column: Column) -> Role:
    """What a column tells, that of a mark as well: 'Tập thể: Chi bộ thôn 3' says who does it."""
    if column.role != Role.MARK:
        return column.role
    return Role.SUBJECT if column.subject_kind else Role.KIND if column.kind else Role.FIELD


def _said(cell: str, usual: str, fields: FieldBook) -> tuple[list[str], dict[Column, tuple[str, str]]]:
    """(the lines before the first label, {thing: (label, what stands behind it)}); a line without a label goes on with the one before."""
    above: list[str] = []
    said: dict[Column, tuple[str, list[str]]] = {}
    last = above
    for line in filter(None, (text_of(piece, usual) for piece in cell.split("\n"))):
        match = _LINE.match(line)
        column = column_of(0, match[1], fields) if match else None
        if match and column and _role(column) in (*_OF_REGISTERS, *_OF_FORMS):
            last = said.setdefault(replace(column, label=""), (match[1], []))[1]
            last.append(match[2])
        else:
            last.append(line)
    return above, {column: (label, " ".join(words).strip(" ;")) for column, (label, words) in said.items()}
