"""A list of units as rows of a spreadsheet: which column says what, and the lines below the heading. Pure."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from common.dates import read_cell, write_day
from common.exceptions import DomainError
from common.text import clean, compare_key

HEADING_WITHIN = 15  # rows
MOST_LINES = 1_500
LONGEST = 300  # letters of a cell that is kept


class ListUnreadable(DomainError):
    """The file holds no list of units."""


@dataclass(frozen=True)
class ListColumn:
    """A column of the list; `others` are further headings that mean the same."""

    name: str
    heading: str
    width: int
    hint: str
    others: tuple[str, ...] = ()


COLUMNS = (
    ListColumn("key", "Mã đơn vị", 22, "để trống thì cổng đặt; ghi khi một đơn vị có nhiều dòng theo ngày", ("Mã", "key")),
    ListColumn("name", "Tên đơn vị", 36, "bắt buộc", ("Tên", "Đơn vị", "name")),
    ListColumn("place", "Địa bàn", 26, "tên hành chính; để trống với đơn vị không có địa bàn", ("place",)),
    ListColumn("kind", "Cấp", 24, "bắt buộc; tên hoặc mã của cấp", ("kind", "level")),
    ListColumn(
        "parent", "Cấp trên", 32, "tên hoặc mã; để trống với đơn vị đứng đầu", ("Đơn vị cấp trên", "Trực thuộc", "parent")
    ),
    ListColumn("valid_from", "Từ ngày", 13, "để trống: từ đầu", ("Ngày bắt đầu", "valid_from")),
    ListColumn(
        "valid_to", "Đến trước ngày", 13, "ngày đơn vị không còn nữa; để trống: đang hoạt động", ("Ngày kết thúc", "valid_to")
    ),
    ListColumn(
        "successors", "Đơn vị kế tục", 32, "tên hoặc mã; nhiều đơn vị cách nhau bằng dấu chấm phẩy", ("Kế tục", "successors")
    ),
    ListColumn("official_code", "Mã hành chính", 14, "", ("Mã ĐVHC", "official_code")),
    ListColumn("lat", "Vĩ độ", 11, "", ("lat",)),
    ListColumn("lon", "Kinh độ", 11, "", ("lon",)),
)
NEEDED = ("name", "kind", "parent")
_MEANS = {compare_key(words): one.name for one in COLUMNS for words in (one.heading, *one.others)}
_DAYS = ("valid_from", "valid_to")


@dataclass(frozen=True)
class Line:
    """One row of the list: its number in the sheet, its texts by column; days as they are stored, or as they were typed."""

    number: int
    texts: dict[str, str]


@dataclass
class UnitList:
    """What was read of a file."""

    lines: list[Line] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)
    """Headings that mean nothing to the list."""


def read_list(rows: Iterable[tuple[int, list[Any]]]) -> UnitList | None:
    """The list in a sheet; None where no row of its first ones is the heading. Raises ListUnreadable."""
    columns: dict[int, str] = {}
    found = UnitList()
    seen = 0
    for number, cells in rows:
        if columns:
            texts = {name: _text(cells[n] if n < len(cells) else "", name) for n, name in columns.items()}
            if any(texts.values()):
                found.lines.append(Line(number, texts))
            if len(found.lines) > MOST_LINES:
                raise ListUnreadable(f"Danh sách dài hơn {MOST_LINES} dòng, không phải danh sách đơn vị của một địa phương.")
            continue
        columns = _columns(cells)
        found.unused = [str(cell) for n, cell in enumerate(cells) if cell != "" and n not in columns] if columns else []
        seen += 1
        if seen >= HEADING_WITHIN and not columns:
            return None
    return found if columns else None


def _columns(cells: list[Any]) -> dict[int, str]:
    """Column -> what it says; nothing where the row is not the heading."""
    found: dict[int, str] = {}
    for n, cell in enumerate(cells):
        name = _MEANS.get(compare_key(str(cell).split("(")[0]), "")
        if name and name not in found.values():
            found[n] = name
    return found if set(NEEDED) <= set(found.values()) else {}


def _text(cell: Any, name: str) -> str:
    if name in _DAYS and not isinstance(cell, str):
        day = read_cell(cell)
        return write_day(day) if day else str(cell)
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if isinstance(cell, date):
        cell = write_day(cell)
    return clean(str(cell))[:LONGEST]


def as_text(lines: Iterable[Line]) -> str:
    """The lines as a page sends them along."""
    return json.dumps([[line.number, line.texts] for line in lines], ensure_ascii=False)


def from_text(text: str) -> list[Line] | None:
    """The lines that a page sent along; None for what are none."""
    names = {one.name for one in COLUMNS}
    try:
        rows = json.loads(text)[:MOST_LINES]
        return [
            Line(int(number), {name: _text(str(words), name) for name, words in texts.items() if name in names})
            for number, texts in rows
        ]
    except (ValueError, TypeError, AttributeError, KeyError, OverflowError, RecursionError):
        return None
