"""How a list is to be read, said by hand: a sheet's heading rows and what its columns are. JSON in and out; and how it is
remembered for the next list with that heading.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from common.text import compare_key
from models_registry.registers.lists.kinds import ListKind
from models_registry.registers.reading import index_of
from models_registry.registers.refusing import HeadingUnclear

LAST_HEADING_ROW, DEEPEST_HEADING, MOST_COLUMNS, LONGEST_NAME = 5_000, 3, 300, 300


class ListMappingInvalid(HeadingUnclear):
    """What was said of a list's columns cannot be followed."""


@dataclass(frozen=True)
class ListSheetMapping:
    """One sheet: `row` its heading's first row, with `rows` 0 the first row of data; 0: the heading is looked for.

    `columns`: letter -> the code of a role, "" for a column that is not used; those that are not named are guessed. `fills`:
    the code of a role -> what stands in its empty cells.
    """

    sheet: str
    row: int = 0
    rows: int = 1
    columns: dict[str, str] = field(default_factory=dict)
    fills: dict[str, str] = field(default_factory=dict)

    def clashes(self) -> list[tuple[str, list[str]]]:
        """Roles that several columns were given, with those columns."""
        found: dict[str, list[str]] = {}
        for column, code in self.columns.items():
            if code:
                found.setdefault(code, []).append(column)
        return [(code, columns) for code, columns in found.items() if len(columns) > 1]


@dataclass(frozen=True)
class ListMapping:
    """What was said of a file's sheets; empty: all is guessed."""

    sheets: tuple[ListSheetMapping, ...] = ()

    def named(self, sheet: str) -> ListSheetMapping | None:
        return next((found for found in self.sheets if found.sheet == sheet), None)

    def with_sheet(self, said: ListSheetMapping) -> "ListMapping":
        return ListMapping((said, *(found for found in self.sheets if found.sheet != said.sheet)))

    def to_json(self) -> dict[str, Any]:
        return {"sheets": [found.__dict__ for found in self.sheets]} if self.sheets else {}

    @classmethod
    def from_json(cls, data: Any, kind: ListKind) -> "ListMapping":
        """Raises ListMappingInvalid."""
        try:
            return cls(tuple(_sheet(one, kind) for one in (data.get("sheets", []) if data else [])))
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise ListMappingInvalid("Cách đọc danh sách không đúng mẫu.") from error


def _sheet(data: dict[str, Any], kind: ListKind) -> ListSheetMapping:
    row, rows, columns = int(data.get("row", 0)), int(data.get("rows", 1)), dict(data.get("columns", {}))
    fills = {code: str(words)[:LONGEST_NAME] for code, words in dict(data.get("fills", {})).items() if code in kind.fills}
    known = {role.code for role in kind.roles} | {""}
    if not (0 <= row <= LAST_HEADING_ROW and 0 <= rows <= DEEPEST_HEADING and len(columns) <= MOST_COLUMNS):
        raise ValueError(row)
    if any(index_of(column) < 0 or code not in known for column, code in columns.items()) or (not rows and not row):
        raise ValueError(columns)
    found = ListSheetMapping(str(data["sheet"])[:LONGEST_NAME], row, rows, columns, fills)
    if found.clashes():
        raise ValueError(columns)
    return found


@dataclass(frozen=True)
class Remembered:
    """What the columns of an earlier list were, by their folded labels; and what stood for its empty cells."""

    columns: dict[str, str]
    fills: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {"columns": self.columns, "fills": self.fills}

    @classmethod
    def from_json(cls, data: Any, kind: ListKind) -> "Remembered":
        """What an older portal kept otherwise says nothing."""
        columns, fills = dict(data.get("columns", {})), dict(data.get("fills", {}))
        known = {role.code for role in kind.roles} | {""}
        return cls(
            {str(label): code for label, code in columns.items() if code in known},
            {code: str(words) for code, words in fills.items() if code in kind.fills},
        )


def key_of(labels: Iterable[str]) -> str:
    """By which a heading is known again, in whatever order its columns stand: 32 hex digits; empty for a single column."""
    words = sorted({key for label in labels if (key := compare_key(label))})
    return blake2b("|".join(words).encode(), digest_size=16).hexdigest() if len(words) > 1 else ""
