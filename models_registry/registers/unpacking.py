"""Opening a register, read apart: by what it is, not by what it is called; refused whole where it is none or would not fit."""

import re
from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import IO, Any

from models_registry.registers.formats.sniffing import module_for
from models_registry.registers.formats.table import MOST_COLUMNS, Row
from models_registry.registers.refusing import RegisterUnreadable

BATCH = 200_000  # letters and cells handed on at a time, and one row
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
MOST_LETTERS = 100_000  # of a cell; Excel holds 32,767


def sheets(file: IO[bytes], name: str) -> Iterator[Any]:
    """Of each sheet what `Table.head` says, then its rows in batches: [[number as the sheet shows it, cells], ...].

    What has no sheets is one, called `name`. Raises RegisterUnreadable.
    """
    raw = file.read()
    names: set[str] = set()
    for table in import_module(f"models_registry.registers.formats.{module_for(raw)}").tables(raw, name):
        table.name = _own_name(table.name, names)
        yield table.head()
        yield from _batches(table.rows)


def _own_name(name: str, taken: set[str]) -> str:
    """A sheet's name as Excel takes it, which no sheet before it has: rows are told by it."""
    plain = _NOT_IN_NAMES.sub(" ", name).strip(" '")[:31] or "Trang"
    own, number = plain, 1
    while own.casefold() in taken:
        number += 1
        own = f"{plain[:26]} {number}"
    taken.add(own.casefold())
    return own


def _batches(rows: Iterable[tuple[int, Row]]) -> Iterator[list[tuple[int, Row]]]:
    """Some rows at a time: who takes them holds little."""
    batch: list[tuple[int, Row]] = []
    weight = 0
    for number, row in rows:
        if len(row) > MOST_COLUMNS:
            raise RegisterUnreadable(f"Dòng {number} có hơn {MOST_COLUMNS} cột, không phải sổ đăng ký.")
        texts = [cell for cell in row if cell.__class__ is str]
        letters = len("".join(texts))
        if letters > MOST_LETTERS and max(map(len, texts)) > MOST_LETTERS:
            raise RegisterUnreadable(f"Dòng {number} có một ô dài hơn {MOST_LETTERS // 1000} nghìn chữ, không phải sổ đăng ký.")
        batch.append((number, row))
        weight += len(row) + letters
        if weight > BATCH:
            yield batch
            batch, weight = [], 0
    if batch:
        yield batch
