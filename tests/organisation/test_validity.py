"""Dated rows of units side by side: what overlaps, what stands in a circle, who may follow whom and when."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from django.core.exceptions import ValidationError

from organisation.models import Unit, UnitSuccession, UnitVersion
from organisation.validators import check_succession, check_version, overlaps

Y20, Y21, Y22, Y23 = (date(year, 1, 1) for year in (2020, 2021, 2022, 2023))


@contextmanager
def refused(words: str) -> Iterator[None]:
    with pytest.raises(ValidationError) as caught:
        yield
    assert caught.value.messages == [words]


def unit(key: str) -> Unit:
    return Unit.objects.get_or_create(key=key)[0]


def version(key: str, parent: str = "", starts: date | None = None, ends: date | None = None) -> UnitVersion:
    """Not stored yet."""
    level = UnitVersion.objects.filter(unit__key="phan-thiet")[0].level
    above = unit(parent) if parent else None
    return UnitVersion(unit=unit(key), name=key, level=level, parent=above, valid_from=starts, valid_to=ends)


def stored(key: str, parent: str = "", starts: date | None = None, ends: date | None = None) -> UnitVersion:
    made = version(key, parent, starts, ends)
    made.save()
    return made


@pytest.mark.parametrize(
    "first, second, do",
    [
        ((None, None), (None, None), True),
        ((None, Y21), (Y21, None), False),  # one ends where the other begins
        ((None, Y21), (Y20, None), True),
        ((Y20, Y22), (Y21, Y23), True),
        ((Y21, Y22), (Y20, Y23), True),
        ((Y20, Y21), (Y22, Y23), False),
        ((Y20, Y21), (Y21, Y22), False),
    ],
)
def test_two_rows_overlap_where_a_day_lies_in_both(
    first: tuple[date | None, date | None], second: tuple[date | None, date | None], do: bool
) -> None:
    one, two = (UnitVersion(valid_from=starts, valid_to=ends) for starts, ends in (first, second))
    assert overlaps(one, two) is do is overlaps(two, one)


@pytest.mark.django_db
def test_a_unit_is_one_thing_on_a_day() -> None:
    first = stored("a", ends=Y22)
    check_version(first)  # not against itself
    check_version(version("a", starts=Y22))
    with refused(
        "Đơn vị “a” đã có thông tin hiệu lực từ không hạn đến trước 01/01/2022: hai khoảng thời gian không được chồng lên nhau."
    ):
        check_version(version("a", starts=Y21))
    stored("b", starts=Y21)
    with refused(
        "Đơn vị “b” đã có thông tin hiệu lực từ 01/01/2021 đến trước không hạn: hai khoảng thời gian không được chồng lên nhau."
    ):
        check_version(version("b"))


@pytest.mark.django_db
def test_no_unit_stands_above_itself_by_any_way() -> None:
    stored("b", "c", ends=Y20)
    stored("b", "d", starts=Y20)
    stored("c", "a")
    stored("d")
    with pytest.raises(ValidationError, match=r"Cấp trên vòng tròn: a → b → .*c → a"):
        check_version(version("a", "b"))


@pytest.mark.django_db
def test_a_circle_above_the_unit_is_told_too() -> None:
    stored("b", "c")
    stored("c", "b")
    with refused("Cấp trên vòng tròn: a → b → c → b."):
        check_version(version("a", "b"))


@pytest.mark.django_db
def test_two_units_may_change_places_over_time() -> None:
    stored("b", "a", starts=Y21)
    check_version(version("a", "b", ends=Y21))


@pytest.mark.django_db
def test_who_follows_is_there_on_the_day_and_who_went_is_gone() -> None:
    stored("a", ends=Y21)
    stored("b", starts=Y21, ends=Y22)
    follows = {"predecessor": unit("a"), "successor": unit("b"), "kind": "merge"}
    check_succession(UnitSuccession(effective_on=Y21, **follows))
    check_succession(UnitSuccession(effective_on=date(2021, 12, 31), **follows))
    check_succession(UnitSuccession(**follows))  # the form tells that the day is missing
    with refused("Đơn vị kế tục “b” không tồn tại vào ngày 01/01/2022."):
        check_succession(UnitSuccession(effective_on=Y22, **follows))
    with refused("“b” kế tục “a” từ 31/12/2020, trước khi “a” kết thúc (01/01/2021)."):
        check_succession(UnitSuccession(effective_on=date(2020, 12, 31), **follows))
    UnitVersion.objects.filter(unit__key="a").update(valid_to=None)
    with refused("“b” kế tục “a” từ 01/01/2021, trước khi “a” kết thúc (chưa có ngày kết thúc)."):
        check_succession(UnitSuccession(effective_on=Y21, **follows))


@pytest.mark.django_db
def test_a_unit_of_several_lives_ends_with_its_last() -> None:
    stored("a", ends=Y20)
    stored("a", starts=Y21, ends=Y22)
    stored("b")
    follows = {"predecessor": unit("a"), "successor": unit("b"), "kind": "merge"}
    check_succession(UnitSuccession(effective_on=Y22, **follows))
    with refused("“b” kế tục “a” từ 01/01/2020, trước khi “a” kết thúc (01/01/2022)."):
        check_succession(UnitSuccession(effective_on=Y20, **follows))
