"""The list of standings, searched and sorted: the rank that each has among all stays with it."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from common.text import fold, sort_key
from recognition.selectors.scoring import Standing

ORDERS: dict[str, tuple[str, Callable[[Standing], Any]]] = {
    "hang": ("Hạng", lambda one: one.place),
    "so": ("Số hồ sơ", lambda one: one.dossier.number or 0),
    "chenh": ("Chênh nhiều trước", lambda one: (-one.spread, one.place)),
    "don-vi": ("Đơn vị", lambda one: (sort_key(one.dossier.proposer.name), one.place)),
}


def listed_as(standings: list[Standing], text: str, by: str) -> list[Standing]:
    """Those that have all words of `text`, or its number, in an order of ORDERS."""
    words = fold(text).split()
    found = [one for one in standings if not words or _has(one, words)]
    return sorted(found, key=ORDERS[by if by in ORDERS else "hang"][1])


def _has(one: Standing, words: list[str]) -> bool:
    if words == [str(one.dossier.number)]:
        return True
    row, proposer = one.dossier.registration, one.dossier.proposer
    text = f" {fold(f'{row.title} {row.subject} {proposer.name} {proposer.place}')}"
    return all(f" {word}" in text for word in words)


@dataclass(frozen=True)
class Turns:
    """Where one dossier stands in a row of them, with those beside it."""

    among_wide: bool
    """Whether the row is of those whose members are far apart, else of all."""
    place: int
    number: int
    before: Standing | None
    after: Standing | None


def turns_of(standings: list[Standing], one: Standing, limit: Decimal) -> Turns:
    """Those far apart are gone through widest first; from any other dossier one goes on by rank."""
    wide = sorted((other for other in standings if other.spread > limit), key=ORDERS["chenh"][1])
    row = wide if one in wide else standings
    at = row.index(one)
    return Turns(row is wide, at + 1, len(row), row[at - 1] if at else None, row[at + 1] if at + 1 < len(row) else None)
