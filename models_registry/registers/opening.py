"""The sheets of a register as they come out of the process that opens the file."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from common.apart.parent import read_apart
from common.sizes import FILE_LIMIT, FILE_MEGABYTES
from models_registry.registers.refusing import RegisterUnreadable
from models_registry.registers.unpacking import sheets

Row = list[Any]


@dataclass(frozen=True)
class Sheet:
    name: str
    hidden: bool
    rows: Iterator[tuple[int, Row]]
    """(row number as the sheet shows it, cells from column A on; an empty cell is '')"""
    merged: tuple[tuple[int, int, int], ...] = ()
    """Cells merged downwards: (first row, last row, column from 0)."""
    hidden_rows: frozenset[int] = frozenset()
    struck: dict[int, set[int]] = field(default_factory=dict)
    """Row -> columns whose text is struck through."""
    filled: dict[int, tuple[int, str]] = field(default_factory=dict)
    """Row -> its first cell that has a colour: column, colour."""
    overprinted: dict[int, bool] = field(default_factory=dict)
    """Row in which lines are printed over one another -> whether it is settled which is whose."""


def open_register(path: Path, called: str = "", *, is_ours: bool = False) -> Iterator[Sheet]:
    """The sheets of a file (its format: `formats.sniffing`), one after the other: the rows of one are gone with the next.
    `called`: what the sheet of a file without names for sheets is called, else after the path. `is_ours`: whether we wrote the
    file ourselves, so that it needs no process of its own.

    Raises RegisterUnreadable.
    """
    size = path.stat().st_size
    if size > FILE_LIMIT:
        raise RegisterUnreadable(f"Tệp lớn hơn {FILE_MEGABYTES} MB ({size / 1024 / 1024:.0f} MB). Xin chia sổ thành nhiều tệp.")
    if size == 0:
        raise RegisterUnreadable("Tệp rỗng, không có dữ liệu.")
    with path.open("rb") as file:
        name = called or path.stem
        apart = read_apart("models_registry.registers.unpacking:sheets", file, name, refused=RegisterUnreadable)
        pieces = sheets(file, name) if is_ours else apart
        heads = [piece for piece in [next(pieces, None)] if piece is not None]
        while heads:
            sheet = _sheet(heads.pop(), pieces, heads)
            yield sheet
            for _ in sheet.rows:
                pass


def _sheet(head: dict[str, Any], pieces: Iterator[Any], heads: list[Any]) -> Sheet:
    return Sheet(
        head["name"],
        head["hidden"],
        _rows_until_next(pieces, heads),
        tuple((top, end, column) for top, end, column in head["merged"] if end > top),
        frozenset(head["hidden_rows"]),
        {row: set(columns) for row, columns in head["struck"]},
        {row: (column, colour) for row, column, colour in head["filled"]},
        dict(head["overprinted"]),
    )


def _rows_until_next(pieces: Iterator[Any], heads: list[Any]) -> Iterator[tuple[int, Row]]:
    for piece in pieces:
        if isinstance(piece, dict):
            heads.append(piece)
            return
        yield from ((number, row) for number, row in piece)
