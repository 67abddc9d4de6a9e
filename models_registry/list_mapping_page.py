"""The page “Cột nào là gì” of a list of any kind: parsed, and what stands on it. The look is that of a register's."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.http import QueryDict

from common.numbers import write_number
from common.text import clean
from models_registry.mapping_page import ABOVE, BELOW, LONGEST_CELL, SHOWN_COLUMNS, STEP, first_shown
from models_registry.mapping_parts import Fill, PageColumn, PageRow
from models_registry.registers.lists.headings import GIVEN, REMEMBERED
from models_registry.registers.lists.kinds import SHORT, ListKind
from models_registry.registers.lists.mapping import (
    DEEPEST_HEADING,
    LAST_HEADING_ROW,
    LONGEST_NAME,
    ListMapping,
    ListMappingInvalid,
    ListSheetMapping,
)
from models_registry.registers.lists.reading import ListRead, ListSheet
from models_registry.registers.mapping import name_columns
from models_registry.registers.reading import index_of, letter

_WHY = {SHORT: "Viết tắt của tên cột", GIVEN: "Đồng chí chọn", REMEMBERED: "Như danh sách trước có tiêu đề này"}
_SHOWN_ROWS = 8


@dataclass
class ListMappingForm:
    """What was said of one sheet. `errors`: (the field's id, what is wrong)."""

    data: QueryDict
    kind: ListKind
    errors: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.sheet = self.data.get("trang-cu", "")[:LONGEST_NAME]
        self.to_sheet = self.data.get("trang", "")[:LONGEST_NAME] or self.sheet
        self.remembers = "nho" in self.data
        self.said = ListSheetMapping(
            self.sheet,
            _number(self.data.getlist("tieu-de")[-1:], LAST_HEADING_ROW),
            _number(self.data.getlist("may-dong") or ["1"], DEEPEST_HEADING),
            self._columns(),
            {code: text for code in self.kind.fills if (text := clean(self.data.get(f"dien-{code}", ""))[:LONGEST_NAME])},
        )
        for code, columns in self.said.clashes():
            label = self.kind.label(code)
            said = f"C{name_columns(columns)[1:]} cùng là “{label}”: chỉ một cột được là “{label}”."
            self.errors += [(f"cot-{column.lower()}", said) for column in columns]

    @property
    def mapping(self) -> ListMapping:
        """What the page said before of the other sheets, with this one's. Without what clashes, which the page tells."""
        try:
            before = ListMapping.from_json(json.loads(self.data.get("cach-doc", "") or "{}"), self.kind)
        except (ListMappingInvalid, ValueError, RecursionError):
            before = ListMapping()
        return before.with_sheet(self.said) if self.sheet and not self.errors else before

    def _columns(self) -> dict[str, str]:
        """What was chosen otherwise than the portal guessed."""
        found: dict[str, str] = {}
        for name in self.data:
            column = name.removeprefix("cot-")
            if column == name or index_of(column) < 0 or column != column.upper() or len(found) >= SHOWN_COLUMNS:
                continue
            code, guessed = self.data.get(name, ""), self.data.get(f"doan-{column}", "")
            if code != guessed and (code in ("", "none") or self.kind.role(code)):
                found[column] = "" if code == "none" else code
                if not code and not guessed:
                    del found[column]
        return found


class ListMappingPage:
    """All of the page, by the names that a register's has."""

    fonts = ()
    is_part = False

    def __init__(
        self,
        sample: ListRead,
        mapping: ListMapping,
        kind: ListKind,
        form: ListMappingForm | None,
        choices: Mapping[str, list[str]] | None = None,
    ) -> None:
        self.sample, self.mapping, self.kind, self.choices = sample, mapping, kind, choices or {}
        self.first = first_shown(form.data) if form else 0
        self.faults = dict(reversed(form.errors)) if form else {}
        self.sheets = [sheet.name for sheet in sample.sheets]
        wanted = form.to_sheet if form else ""
        self.read = self._sheet(wanted)
        self.sheet = self.read.name if self.read else ""
        self.said = mapping.named(self.sheet) or ListSheetMapping(self.sheet)

    def _sheet(self, name: str) -> ListSheet | None:
        named = [sheet for sheet in self.sample.sheets if sheet.name == name]
        best = sorted(self.sample.sheets, key=lambda sheet: (not sheet.heading, not sheet.head))
        return next(iter([*named, *best]), None)

    @property
    def head(self) -> list[tuple[int, list[str]]]:
        return self.read.head if self.read else []

    @property
    def rows_read(self) -> list[Any]:
        return self.read.rows if self.read else []

    @property
    def is_empty(self) -> bool:
        return not self.head

    @property
    def heading_row(self) -> int:
        return self.read.heading.first_row if self.read and self.read.heading else 0

    @property
    def read_as(self) -> ListSheetMapping:
        heading = self.read.heading if self.read else None
        rows = heading.last_row - heading.first_row + 1 if heading else self.said.rows
        return ListSheetMapping(self.sheet, self.heading_row, rows)

    @property
    def width(self) -> int:
        return min(max((len(cells) for _, cells in self.head), default=0), SHOWN_COLUMNS)

    @property
    def depths(self) -> list[tuple[int, str]]:
        return [(0, "Không có: dữ liệu từ dòng đã chọn"), *((n, f"{n} dòng") for n in range(1, DEEPEST_HEADING + 1))]

    @cached_property
    def rows(self) -> list[PageRow]:
        start = self.first or max(1, self.heading_row - ABOVE)
        end = start + STEP if self.first or not self.heading_row else self.heading_row + self.read_as.rows + BELOW
        return [self._row(number, cells) for number, cells in self.head if start <= number < end]

    def _row(self, number: int, cells: list[str]) -> PageRow:
        last = self.heading_row + self.read_as.rows
        kind = "top" if number < self.heading_row else "head" if number < last else "data"
        texts = [text if len(text) <= LONGEST_CELL else f"{text[:LONGEST_CELL]}…" for text in cells[: self.width]]
        return PageRow(number, kind, (*texts, *[""] * (self.width - len(texts))))

    @property
    def hidden_row(self) -> int:
        return 0 if any(row.number == self.heading_row for row in self.rows) else self.heading_row

    @property
    def before(self) -> int:
        return max(1, self.rows[0].number - STEP) if self.rows and self.rows[0].number > 1 else 0

    @property
    def after(self) -> int:
        shown, last = self.rows, min(self.head[-1][0], LAST_HEADING_ROW) if self.head else 0
        return shown[-1].number + 1 if shown and shown[-1].number < last else 0

    @cached_property
    def columns(self) -> list[PageColumn]:
        heading = self.read.heading if self.read else None
        known = {column.index: column for column in heading.columns} if heading else {}
        return [self._column(at, known.get(at), heading.labels.get(at, "") if heading else "") for at in range(self.width)]

    def _column(self, at: int, found: Any, label: str) -> PageColumn:
        column = letter(at)
        bad = self.faults.get(f"cot-{column.lower()}", "")
        if column in self.said.columns:
            code = self.said.columns[column] or "none"
            state, words = ("unused", "Không dùng") if code == "none" else ("chosen", "Đồng chí chọn")
            return PageColumn(column, label, code, "", state, words, "", (), bad)
        if found and found.how == REMEMBERED:
            return PageColumn(column, label, found.code, "", "remembered", "Đã nhớ", _WHY[REMEMBERED], (), bad)
        if found:
            return PageColumn(
                column, label, found.code, found.code, "guessed", "Cổng đoán", _WHY.get(found.how, "Tên cột"), (), bad
            )
        is_blank = not any(row.cells[at] for row in self.rows if row.kind != "top")
        state, words = ("unused", "Trống") if is_blank else ("unclear" if self.heading_row else "unsaid", "Chưa rõ")
        return PageColumn(column, label, "", "", state, words, "", (), bad)

    @property
    def looks(self) -> dict[int, str]:
        return {index_of(column.letter): column.look for column in self.columns}

    @property
    def options(self) -> list[tuple[str, list[tuple[str, str]]]]:
        roles = {role.code: role.label for role in self.kind.roles}
        return [("Cột của danh sách", list(roles.items()))]

    @property
    def unclear(self) -> list[PageColumn]:
        return [column for column in self.columns if column.state == "unclear"]

    @property
    def known(self) -> int:
        return sum(1 for column in self.columns if column.code not in ("", "none"))

    @property
    def used(self) -> int:
        return sum(1 for column in self.columns if column.words != "Trống")

    @property
    def fills(self) -> list[Fill]:
        said = self.read.fills if self.read else {}
        return [self._fill(code, said.get(code, "")) for code in self.kind.fills]

    def _fill(self, code: str, value: str) -> Fill:
        lacking = sum(1 for row in self.rows_read if not row.texts.get(code))
        more = f"{write_number(lacking)} dòng chưa ghi" if lacking else ""
        listed = self.choices.get(code, [])
        options = [("", "Không điền"), *((name, name) for name in listed)] if listed else []
        options += [(value, value)] if value and listed and value not in listed else []
        needed = "Bắt buộc: chọn ở đây hoặc ở một cột." if code in self._lacking else ""
        return Fill(code, self.kind.label(code), more, value, tuple(options), "", needed)

    @cached_property
    def _lacking(self) -> list[str]:
        """What each row must have and none has."""
        if not self.rows_read:
            return []
        return [code for code in self.kind.asked if not any(row.texts.get(code) for row in self.rows_read)]

    @property
    def missing(self) -> list[tuple[str, str]]:
        """(the field's id, why nothing can be read as it was said)"""
        has = {column.code for column in self.columns}
        start = next(iter(self.unclear or self.columns)).id if self.columns else "may-dong"
        found = [(start, f"{self.kind.label(code)}: chọn cột.") for code in self.kind.needed if code not in has]
        found += [(f"dien-{code}", f"{self.kind.label(code)}: chọn cột, hoặc điền cho cả cột.") for code in self._lacking]
        return found or ([(start, self.sample.error)] if self.sample.error else [])

    @property
    def read_roles(self) -> list[str]:
        """The labels of the roles that some row has, in the order of the kind."""
        return [self.kind.label(code) for code in self._read_codes]

    @cached_property
    def _read_codes(self) -> list[str]:
        there = {code for row in self.rows_read for code, text in row.texts.items() if text}
        return [role.code for role in self.kind.roles if role.code in there and not role.is_ignored][:7]

    @property
    def rows_as_read(self) -> list[tuple[int, list[str]]]:
        """(number in the sheet, texts by `read_roles`) of the first rows."""
        return [(row.row, [row.texts.get(code, "") for code in self._read_codes]) for row in self.rows_read[:_SHOWN_ROWS]]


def _number(told: list[str], most: int) -> int:
    return int(told[0]) if told and told[0].isascii() and told[0].isdecimal() and len(told[0]) < 6 and int(told[0]) <= most else 0
