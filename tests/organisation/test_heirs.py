"""Who carries on what a unit did, through whatever became of it."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from organisation.models import Level, Unit, UnitSuccession, UnitVersion
from organisation.tree import UnitTree

pytestmark = pytest.mark.django_db
DAY = date(2024, 1, 1)


def lived(key: str, starts: date | None, ends: date | None, parent: int | None = None) -> int:
    unit = Unit.objects.create(key=key)
    UnitVersion.objects.create(
        unit=unit,
        name=f"Đảng ủy xã {key}",
        place=f"Xã {key}",
        level=Level.objects.get(key="commune"),
        parent_id=parent or Unit.objects.get(key="binh-thuan").pk,
        valid_from=starts,
        valid_to=ends,
    )
    return unit.pk


def followed(old: int, new: int, since: date) -> None:
    UnitSuccession.objects.create(predecessor_id=old, successor_id=new, effective_on=since, kind="merge")


def test_a_chain_of_three_mergers_leads_to_the_last() -> None:
    days = [DAY + timedelta(days=100 * n) for n in range(3)]
    bounds: list[date | None] = [None, *days, None]
    chain = [lived(f"xa-{n}", starts, ends) for n, (starts, ends) in enumerate(pairwise(bounds))]
    for old, new, day in zip(chain, chain[1:], days, strict=False):
        followed(old, new, day)
    tree = UnitTree()
    assert [tree.heir(chain[0], day) for day in (DAY - timedelta(days=1), *days)] == chain
    assert tree.successors(chain[3], days[2]) == []


def test_a_unit_renamed_and_merged_on_one_day_is_followed_to_the_end() -> None:
    old, new = lived("cu", None, DAY), lived("moi", DAY, None)
    between = Unit.objects.create(key="giua").pk  # a name that no day knew
    followed(old, between, DAY)
    followed(between, new, DAY)
    tree = UnitTree()
    assert tree.heir(old, DAY) == new and tree.with_followed([new], DAY) == {new, between, old}


def test_a_split_has_several_heirs_and_no_single_one() -> None:
    old, first, second = lived("cu", None, DAY), lived("mot", DAY, None), lived("hai", DAY, None)
    followed(old, first, DAY)
    followed(old, second, DAY)
    tree = UnitTree()
    assert (tree.successors(old, DAY), tree.heir(old, DAY)) == ([first, second], None)
    assert tree.heir(old, DAY - timedelta(days=1)) == old


def test_successions_in_a_circle_and_none_at_all_lead_nowhere() -> None:
    first, second, alone = (lived(key, None, DAY) for key in ("mot", "hai", "ba"))
    followed(first, second, DAY)
    followed(second, first, DAY)
    tree = UnitTree()
    assert [tree.successors(pk, DAY) for pk in (first, second, alone)] == [[], [], []]
    assert [tree.heir(pk, DAY) for pk in (first, second, alone)] == [None] * 3


def test_a_succession_that_is_yet_to_come_is_not_followed() -> None:
    old, new = lived("cu", None, DAY), lived("moi", DAY, None)
    followed(old, new, DAY + timedelta(days=30))
    tree = UnitTree()
    assert tree.heir(old, DAY) is None and tree.heir(old, DAY + timedelta(days=30)) == new


def test_the_units_that_ended_are_those_that_reported_first() -> None:
    tree, level = UnitTree(), lambda keys: {Unit.objects.get(key=key).pk for key in keys}
    ended = tree.ended_between(date(2025, 1, 1), date(2025, 12, 31))
    assert level(["ham-thuan-bac", "duc-linh"]) <= ended and len(ended) == 14
    assert level(["ham-thuan-bac/xa-ham-hiep"]).isdisjoint(ended)  # it kept no register of its own
    assert tree.ended_between(date(2023, 1, 1), date(2023, 12, 31)) == frozenset()


# --- who answers for the work of a unit that ended


def test_a_head_that_lives_on_answers_for_what_ended_below_it() -> None:
    """Through a chain of three mergers, and where nobody followed; not for what moved to another head."""
    head = Unit.objects.get(key="binh-thuan").pk
    bounds: list[date | None] = [None, *(DAY + timedelta(days=100 * n) for n in range(3)), None]
    chain = [lived(f"xa-{n}", starts, ends) for n, (starts, ends) in enumerate(pairwise(bounds))]
    for old, new, day in zip(chain, chain[1:], bounds[1:], strict=False):
        assert day is not None
        followed(old, new, day)
    dissolved, moved = lived("tan", None, DAY), lived("chuyen", None, DAY)
    district = Unit.objects.get(key="phan-thiet")
    UnitVersion.objects.create(
        unit_id=moved, name="Chuyển", place="Chuyển", level=Level.objects.get(key="commune"), parent=district, valid_from=DAY
    )
    tree, day = UnitTree(), DAY + timedelta(days=400)
    assert {*chain, dissolved, moved} <= tree.answered_for([head], day)
    assert tree.answered_for([chain[3]], day) == set(chain)
    UnitVersion.objects.filter(unit_id=moved, valid_from=DAY).update(parent=chain[3])
    assert moved in UnitTree().answered_for([chain[3]], day)
    assert moved not in UnitTree().answered_for([district.pk], day)
    assert not {dissolved} & tree.answered_for([chain[3]], day)
    assert chain[1] not in tree.answered_for([head], DAY - timedelta(days=1))


def test_an_heir_does_not_answer_for_what_left_the_ended_unit_alive() -> None:
    """What was below a unit on its last day and went under another head the day after is that head's."""
    old, new, other = lived("huyen-cu", None, DAY), lived("huyen-moi", None, None), Unit.objects.get(key="phan-thiet").pk
    followed(old, new, DAY)
    left, below = lived("xa-di", None, DAY, parent=old), lived("xa-o", None, DAY, parent=old)
    UnitVersion.objects.create(
        unit_id=left, name="Xã đi", place="Xã đi", level=Level.objects.get(key="commune"), parent_id=other, valid_from=DAY
    )
    tree, day = UnitTree(), DAY + timedelta(days=1)
    assert tree.answered_for([new], day) == {new, old, below}
    assert left in tree.answered_for([other], day)
