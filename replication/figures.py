"""Sums over places without counting anything twice (the rule: docs/decisions/0025)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from organisation.tree import UnitTree


@dataclass(frozen=True)
class Found:
    """What was counted at one adopter: of the whole unit (`place` empty) or of a place within it."""

    unit_id: int
    place: str
    as_of: date
    quantity: Decimal


def total(found: Iterable[Found], tree: UnitTree, day: date) -> Decimal:
    """The sum over all, as of a day. A unit's own number holds what was counted in its places and in the units below it, as
    they were on the day it was counted: where there are both, the greater counts. One place told twice counts once.
    """
    items = _once(found)
    inside = _containers(list(items), items, tree, day)
    within: dict[tuple[int, str], list[tuple[int, str]]] = {}
    tops = []
    for key in items:
        above = inside.get(key)
        if above is None:
            tops.append(key)
        else:
            within.setdefault(above, []).append(key)

    worth: dict[tuple[int, str], Decimal] = {}
    stack = [(key, False) for key in tops]
    while stack:  # each after all that lies in it
        key, is_ready = stack.pop()
        if is_ready:
            parts = sum((worth[one] for one in within.get(key, ())), Decimal(0))
            worth[key] = max(items[key].quantity, parts)
        else:
            stack.append((key, True))
            stack += [(one, False) for one in within.get(key, ())]
    return sum((worth[key] for key in tops), Decimal(0))


def _once(found: Iterable[Found]) -> dict[tuple[int, str], Found]:
    """One for each unit and place: the newer, of one day the greater."""
    kept: dict[tuple[int, str], Found] = {}
    for one in found:
        before = kept.get((one.unit_id, one.place))
        if before is None or (one.as_of, one.quantity) > (before.as_of, before.quantity):
            kept[one.unit_id, one.place] = one
    return kept


def _containers(
    keys: list[tuple[int, str]], items: dict[tuple[int, str], Found], tree: UnitTree, day: date
) -> dict[tuple[int, str], tuple[int, str]]:
    """(unit, place) -> the smallest whole unit among them that holds it. Never in a circle: what holds is the greater unit, of
    two alike (one was renamed) the one that was counted later. A unit that was split holds what its halves count since.
    """
    wholes = {unit_id: items[unit_id, ""] for unit_id, place in keys if not place}
    epochs = {tree.epoch(one.as_of): one.as_of for one in wholes.values()}
    size = {unit_id: (len(tree.below([unit_id], one.as_of)), one.as_of, unit_id) for unit_id, one in wholes.items()}
    above = {unit_id: _above(unit_id, epochs, tree, day) for unit_id in {unit_id for unit_id, _ in keys}}
    inside = {}
    for unit_id, place in keys:
        if place and unit_id in wholes:
            inside[unit_id, place] = unit_id, ""
            continue
        holders = [
            one
            for epoch, units in above[unit_id].items()
            for one in units
            if one in wholes and one != unit_id and tree.epoch(wholes[one].as_of) == epoch
        ]
        if not place:
            then = wholes[unit_id].as_of
            holders = [one for one in holders if size[one] > size[unit_id] or len(tree.successors(one, then)) > 1]
        if holders:
            inside[unit_id, place] = min(holders, key=size.__getitem__), ""
    return inside


def _above(unit_id: int, epochs: dict[int, date], tree: UnitTree, day: date) -> dict[int, set[int]]:
    """epoch -> the units that held all of this one then: by itself, by all that it follows, or by all that carry it on."""
    found = {}
    for epoch, then in epochs.items():
        if tree.exists(unit_id, then):
            was = {unit_id}
        else:
            was = {one for one in tree.with_followed([unit_id], day) if tree.exists(one, then)}
            was = was or set(tree.successors(unit_id, then)) or {unit_id}
        found[epoch] = set.intersection(*(set(tree.line(one, then)) for one in was))
    return found
