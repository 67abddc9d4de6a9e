"""Lists of units stored: all at once, once, as they were looked at."""

from datetime import date
from typing import Any

import pytest

from common.exceptions import DomainError, NotAllowed
from organisation.lists.reading import Line
from organisation.models import AuditEvent, Unit, UnitSuccession, UnitVersion
from organisation.selectors.units import unit_on
from organisation.services import digest_of, plan_list, store_list
from tests.online import person

pytestmark = pytest.mark.both

HEADING = ["name", "kind", "parent", "valid_from", "valid_to", "successors", "key"]
OLD = ["Đảng ủy xã Cũ", "commune", "Huyện ủy Hàm Thuận Bắc", "", "01/07/2024", "Đảng ủy xã Mới"]
NEW = ["Đảng ủy xã Mới", "commune", "Huyện ủy Hàm Thuận Bắc", "01/07/2024", "01/07/2025"]
BAD = ["Đảng ủy xã Lạ", "commune", "Huyện ủy Không Có"]


def lines(*rows: list[str]) -> list[Line]:
    return [Line(number, dict(zip(HEADING, row, strict=False))) for number, row in enumerate(rows, start=2)]


def store(*rows: list[str], by: str = "quantri") -> None:
    listed = lines(*rows)
    store_list(lines=listed, shown=digest_of(plan_list(listed)), actor=person(by))


def test_what_is_right_is_stored_and_the_rest_left(db: None) -> None:
    before = Unit.objects.count()
    store(OLD, NEW, BAD)
    assert Unit.objects.count() == before + 2
    old = Unit.objects.get(key="ham-thuan-bac/dang-uy-xa-cu")
    (succession,) = UnitSuccession.objects.filter(predecessor=old)
    assert (succession.successor.key, succession.effective_on) == ("ham-thuan-bac/dang-uy-xa-moi", date(2024, 7, 1))
    assert unit_on(succession.successor, date(2025, 1, 1)).parent == Unit.objects.get(key="ham-thuan-bac")
    event = AuditEvent.objects.filter(action="load-units").first()
    assert event and event.actor == person("quantri") and len(event.changes) == 2


def test_the_same_list_again_changes_nothing(db: None) -> None:
    store(OLD, NEW)
    events, versions = AuditEvent.objects.count(), UnitVersion.objects.count()
    assert {one.does for one in plan_list(lines(OLD, NEW))} == {"same"}
    store(OLD, NEW)
    assert (AuditEvent.objects.count(), UnitVersion.objects.count()) == (events, versions)


def test_an_end_and_a_new_name_are_stored_over_what_is_there(db: None) -> None:
    key, parent = "phan-thiet/phuong-mui-ne", "Thành ủy Phan Thiết"
    store(
        ["Đảng ủy phường Mũi Né", "commune", parent, "", "01/01/2024", "", key],
        ["Đảng ủy phường Mũi Né Mới", "commune", parent, "01/01/2024", "01/07/2025", "", key],
    )
    unit = Unit.objects.get(key=key)
    assert [unit_on(unit, date(year, 6, 1)).name for year in (2023, 2024)] == [
        "Đảng ủy phường Mũi Né",
        "Đảng ủy phường Mũi Né Mới",
    ]


def test_what_is_known_of_a_succession_stays(db: None) -> None:
    key, heir = "phan-thiet/phuong-duc-nghia", "phan-thiet/phuong-lac-dao"
    UnitSuccession.objects.filter(predecessor__key=key).update(kind=UnitSuccession.Kind.RENAME)
    store(["Đảng ủy phường Đức Nghĩa cũ", "commune", "phan-thiet", "", "01/12/2024", heir, key])
    assert Unit.objects.get(key=key).versions.get().name == "Đảng ủy phường Đức Nghĩa cũ"
    (succession,) = UnitSuccession.objects.filter(predecessor__key=key)
    assert (succession.successor.key, succession.kind) == (heir, "rename")


def test_what_would_do_something_else_than_was_looked_at_is_not_stored(db: None) -> None:
    listed = lines(NEW)
    shown = digest_of(plan_list(listed))
    store(NEW)
    with pytest.raises(DomainError, match="vừa có thay đổi"):
        store_list(lines=listed, shown=shown, actor=person("quantri"))


@pytest.mark.parametrize("name", ["tinh.chuyenvien", "hamhiep.canbo"])
def test_only_an_administrator_stores(db: None, name: str) -> None:
    with pytest.raises(NotAllowed):
        store(NEW, by=name)


def test_planning_asks_the_same_number_of_queries_however_long_the_list(db: None, django_assert_num_queries: Any) -> None:
    for rows in ([NEW], [OLD, NEW, BAD]):
        listed = lines(*rows)
        plan_list(listed)
        with django_assert_num_queries(6):
            plan_list(listed)
