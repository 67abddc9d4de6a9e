"""Long lists of units: in groups of what they came from, found by former names, those of one name told apart."""

from datetime import date

import pytest

from organisation.grouping import find, grouped, told_apart, unit_choices
from organisation.models import Level, Unit, UnitSuccession, UnitVersion
from organisation.selectors.units import reporting_units, versions_on

pytestmark = pytest.mark.django_db
REFORM, NOW = date(2025, 7, 1), date(2026, 1, 1)


def unit(key: str, place: str, parent: str, since: date | None = None, until: date | None = None) -> UnitVersion:
    made = Unit.objects.create(key=key)
    return UnitVersion.objects.create(
        unit=made,
        name=f"Đảng ủy {place[:1].lower()}{place[1:]}",
        place=place,
        level=Level.objects.get(key="commune"),
        parent=Unit.objects.get(key=parent),
        valid_from=since,
        valid_to=until,
    )


def followed(old: UnitVersion, new: UnitVersion, since: date = REFORM) -> None:
    UnitSuccession.objects.create(predecessor=old.unit, successor=new.unit, effective_on=since, kind="merge")


def test_a_unit_stands_where_most_of_its_places_reported() -> None:
    new = unit("moi", "Xã Ba Nguồn", "lam-dong", REFORM)
    for number, district in enumerate(("ham-thuan-bac", "duc-linh", "ham-thuan-bac")):
        followed(unit(f"cu-{number}", f"Xã Cũ {number}", district, until=REFORM), new)
    (group,) = grouped([new], NOW)
    assert (group.key, group.title, group.area) == ("ham-thuan-bac", "Hàm Thuận Bắc cũ", "Bình Thuận")


def test_a_later_merger_leads_back_to_the_district_all_the_same() -> None:
    first, second = unit("mot", "Xã Một", "lam-dong", REFORM, NOW), unit("hai", "Xã Hai", "lam-dong", NOW)
    followed(unit("cu", "Xã Cũ", "duc-linh", until=REFORM), first)
    followed(first, second, NOW)
    assert [group.key for group in grouped([second], NOW)] == ["duc-linh"]


def test_units_without_an_origin_stand_by_kind_numbered_ones_too() -> None:
    made = [unit("a", "Phường 1 Nào Đó", "lam-dong", REFORM), unit("b", "Phường Kia", "lam-dong", REFORM)]
    (group,) = grouped(made, NOW)
    assert (group.name, group.title, len(group.units)) == ("Phường", "Phường", 2)


def test_a_circle_of_successions_ends() -> None:
    one, other = unit("mot", "Xã Một", "lam-dong", REFORM), unit("hai", "Xã Hai", "lam-dong", REFORM)
    followed(one, other)
    followed(other, one)
    assert [group.name for group in grouped([one], NOW)] == ["Xã"]


def test_groups_take_no_query_beside_the_trees(django_assert_num_queries: object) -> None:
    units = list(reporting_units(NOW))
    grouped(units, NOW)
    with django_assert_num_queries(0):  # type: ignore[operator]
        groups = grouped(units, NOW)
    assert sum(len(group.units) for group in groups) == len(units) == 124


def test_units_of_one_name_are_told_by_whom_they_belong_to() -> None:
    units = [version for version in UnitVersion.objects.on(date(2023, 1, 1)) if version.name == "Đảng ủy xã Tân Hà"]
    assert sorted(told_apart(units).values()) == ["Đảng ủy xã Tân Hà (thuộc Hàm Tân)", "Đảng ủy xã Tân Hà (thuộc Đức Linh)"]


def test_units_of_one_name_and_one_parent_are_told_by_their_days() -> None:
    old, new = unit("cu", "Xã Trùng", "lam-dong", None, REFORM), unit("moi", "Xã Trùng", "lam-dong", REFORM)
    assert list(told_apart([old, new]).values()) == ["Đảng ủy xã Trùng (đến 30/06/2025)", "Đảng ủy xã Trùng (từ 01/07/2025)"]


def test_a_district_and_a_commune_of_one_short_name_are_told_by_their_kind() -> None:
    old, new = versions_on(
        Unit.objects.filter(key__in=["ham-thuan-bac", "2025/xa-ham-thuan-bac"]).values_list("pk", flat=True), NOW
    ).values()
    assert set(told_apart([old, new], short=True).values()) == {"Huyện Hàm Thuận Bắc", "Xã Hàm Thuận Bắc"}


def test_units_of_names_of_their_own_cost_nothing(django_assert_num_queries: object) -> None:
    units = list(reporting_units(NOW))
    with django_assert_num_queries(0):  # type: ignore[operator]
        choices = unit_choices(units)
    assert len({name for _key, name in choices}) == 124 and not any("(" in name for _key, name in choices)


def test_a_former_name_finds_who_is_there_now() -> None:
    hits, former = find(list(reporting_units(NOW)), "tan ha", NOW)
    assert {version.place for version in hits} >= {"Xã Trà Tân", "Xã Hàm Tân"}
    assert {(old.version.place, old.now.place) for old in former} >= {("Xã Tân Hà", "Xã Trà Tân"), ("Xã Tân Hà", "Xã Hàm Tân")}
    assert find(list(reporting_units(NOW)), "zzz", NOW) == ([], [])
