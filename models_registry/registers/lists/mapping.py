"""How a list is to be read, said by hand: a sheet's heading rows and what its columns are. JSON in and out."""

from dataclasses import dataclass, field
from typing import Any

from models_registry.registers.lists.kinds import ListKind
from models_registry.registers.reading import index_of
from models_registry.registers.refusing import HeadingUnclear

LAST_HEADING_ROW, DEEPEST_HEADING, MOST_COLUMNS, LONGEST_NAME = 5_000, 3, 300, 300


class ListMappingInvalid(HeadingUnclear):
    """What was said of a list's columns cannot be followed."""


@dataclass(frozen=True)
class ListSheetMapping:
    """One sheet: `row` its heading's first row, with `rows` 0 the first row of data; 0: the heading is looked for.

    `columns`: letter -> the code of a role, "" for a column that is not used; those that are not named are guessed.
    """

    sheet: str
    row: int = 0
    rows: int = 1
    columns: dict[str, str] = field(default_factory=dict)

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
    known = {role.code for role in kind.roles} | {""}
    if not (0 <= row <= LAST_HEADING_ROW and 0 <= rows <= DEEPEST_HEADING and len(columns) <= MOST_COLUMNS):
        raise ValueError(row)
    if any(index_of(column) < 0 or code not in known for column, code in columns.items()) or (not rows and not row):
        raise ValueError(columns)
    found = ListSheetMapping(str(data["sheet"])[:LONGEST_NAME], row, rows, columns)
    if found.clashes():
        raise ValueError(columns)
    return found
