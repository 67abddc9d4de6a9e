"""Sums over units that hold one another at one time or another. A tree made up here, no database."""

from datetime import date
from decimal import Decimal

import pytest

from organisation.tree import UnitTree
from replication.figures import Found, total

DISTRICT, OLD, NEW, OTHER = 1, 2, 3, 4
CHANGE, BEFORE, AFTER = date(2025, 7, 1), date(2025, 3, 1), date(2025, 9, 1)


@pytest.fixture
def tree() -> UnitTree:
    """In a district that stays: the old commune was renamed on the day of change, another stays."""
    made = object.__new__(UnitTree)
    made._rows = [
        (DISTRICT, None, None, None, True),
        (OLD, DISTRICT, None, CHANGE, False),
        (NEW, DISTRICT, CHANGE, None, False),
        (OTHER, DISTRICT, None, None, False),
    ]
    made._changes, made._epochs = [CHANGE], {}
    made._successions = [(OLD, NEW, CHANGE)]
    return made


def found(unit_id: int, quantity: int, day: date = BEFORE, place: str = "") -> Found:
    return Found(unit_id, place, day, Decimal(quantity))


@pytest.mark.parametrize(
    "rows, expected",
    [
        ([found(OLD, 20), found(NEW, 30, AFTER)], 30),  # of a unit that was renamed both are told: one holds the other
        ([found(OLD, 40), found(NEW, 30, AFTER)], 40),
        ([found(OLD, 20), found(NEW, 30, AFTER), found(OTHER, 5)], 35),
        ([found(OLD, 20, BEFORE, "thôn 1"), found(NEW, 15, AFTER)], 20),  # what was counted in a hamlet lies in the heir
        ([found(OLD, 20, BEFORE, "thôn 1"), found(OLD, 9, AFTER, "thôn 1")], 9),  # the newer of one place, though less
        ([found(OLD, 20, AFTER, "thôn 1"), found(OLD, 9, BEFORE, "thôn 1")], 20),
        ([found(OTHER, 7, BEFORE), found(OTHER, 9, BEFORE)], 9),  # of one day the greater
        ([found(DISTRICT, 90), found(NEW, 30, AFTER), found(OTHER, 30, AFTER, "thôn 2")], 90),
    ],
)
def test_what_lies_in_another_is_counted_once(tree: UnitTree, rows: list[Found], expected: int) -> None:
    assert total(rows, tree, AFTER) == total(rows[::-1], tree, AFTER) == expected


@pytest.mark.parametrize(
    "rows, expected",
    [
        ([found(OLD, 60), found(NEW, 50, AFTER)], 60),  # what a half counts since was there when the whole was counted
        ([found(OLD, 60), found(NEW, 50, AFTER), found(OTHER, 40, AFTER)], 90),
        ([found(OLD, 60), found(NEW, 20, AFTER), found(OTHER, 15, AFTER, "thôn 2")], 60),
        ([found(DISTRICT, 70), found(OLD, 60), found(NEW, 50, AFTER)], 70),
        ([found(DISTRICT, 70, AFTER), found(OLD, 60), found(NEW, 50, AFTER), found(OTHER, 40, AFTER)], 90),
    ],
)
def test_what_was_split_holds_what_its_halves_count_since(rows: list[Found], expected: int) -> None:
    split = object.__new__(UnitTree)
    lives = [(DISTRICT, None, None, None, True), (OLD, DISTRICT, None, CHANGE, False)]
    split._rows = [*lives, *((half, DISTRICT, CHANGE, None, False) for half in (NEW, OTHER))]
    split._changes, split._epochs = [CHANGE], {}
    split._successions = [(OLD, NEW, CHANGE), (OLD, OTHER, CHANGE)]
    assert total(rows, split, AFTER) == total(rows[::-1], split, AFTER) == expected


def test_nothing_counted_is_the_number_nought(tree: UnitTree) -> None:
    nothing = total([], tree, AFTER)
    assert (nothing, type(nothing)) == (0, Decimal)
