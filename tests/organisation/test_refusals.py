"""Lists of units that lack what they need, successions put right, roles that do not exist."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from organisation.models import Membership, Unit, UnitSuccession, UnitVersion
from organisation.services import UnitsRefused, give_role, load_units
from organisation.tree import tree_for, unit_tree
from organisation.validators import check_succession, check_version
from tests.online import person
from tests.organisation.test_units import load
from tests.pages import refused

pytestmark = pytest.mark.django_db
TWO = "a,A,,commune,,,,,,2021-01-01\nb,B,,commune,,,,,,\n"


@pytest.mark.parametrize(
    "line, words",
    [
        ("a,b,,merge\n", "Kế tục, dòng 2: thiếu ngày hoặc hình thức “merge” không có."),
        ("a,b,2021-01-01,gift\n", "Kế tục, dòng 2: thiếu ngày hoặc hình thức “gift” không có."),
    ],
    ids=["no-day", "no-such-way"],
)
def test_a_succession_has_a_day_and_a_way(tmp_path: Path, line: str, words: str) -> None:
    with refused(words, UnitsRefused):
        load(tmp_path, TWO, line)
    assert Unit.objects.filter(key__in=["a", "b"]).count() == 0


def test_a_succession_is_put_right_by_loading_it_again(tmp_path: Path) -> None:
    load(tmp_path, TWO, "a,b,2021-01-01,merge\n")
    assert load(tmp_path, TWO, "a,b,2021-02-01,rename\n")["changed"] == 1
    assert load(tmp_path, TWO, "a,b,2021-02-01,rename\n")["changed"] == 0
    found = UnitSuccession.objects.get(predecessor__key="a")
    assert (found.effective_on, found.kind) == (date(2021, 2, 1), "rename")


def test_a_list_without_its_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "u.csv"
    path.write_text("key,name,kind,parent\n", encoding="utf-8")
    with refused("u.csv: thiếu cột valid_from, valid_to.", UnitsRefused):
        load_units(units=path, successions=path)


def test_a_role_is_one_of_those_that_there_are() -> None:
    before = Membership.objects.count()
    with refused("Không có vai trò “vua”."):
        give_role(user=person("quantri"), role="vua", unit=Unit.objects.get(key="tw"), starts_on=date(2023, 1, 1), actor=None)
    assert Membership.objects.count() == before


def test_a_new_unit_has_nothing_to_overlap_and_one_without_versions_no_end() -> None:
    level = UnitVersion.objects.filter(unit__key="phan-thiet")[0].level
    check_version(UnitVersion(unit=Unit(key="moi"), name="Mới", level=level))
    empty = Unit.objects.create(key="rong")
    heir = Unit.objects.get(key="phan-thiet")
    with pytest.raises(ValidationError) as caught:
        check_succession(UnitSuccession(predecessor=empty, successor=heir, effective_on=date(2021, 1, 1), kind="merge"))
    assert caught.value.messages == ["Đơn vị “rong” chưa có thông tin theo thời gian."]


def test_the_tree_of_a_request_is_kept_with_its_user_and_of_nobody_with_no_one() -> None:
    user: Any = person("quantri")
    assert tree_for(user) is tree_for(user)
    assert tree_for(None) is unit_tree()
