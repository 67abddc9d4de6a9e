"""Accounts of units that ended are moved to the heirs, many at once, with a list to check."""

from typing import Any

import pytest

from common.dates import today
from common.exceptions import NotAllowed
from notifications.models import Message
from organisation.models import AuditEvent, Membership, Unit
from organisation.selectors.ended import accounts_to_move
from organisation.selectors.people import work_of
from organisation.services import give_role, move_accounts
from tests.online import person
from tests.pages import confirmed, entered, refused

pytestmark = pytest.mark.django_db
ADDRESS, HEIR = "/lam-viec/chuyen-don-vi/", "2025/phuong-binh-thuan"


def move_of(name: str) -> Any:
    return next((move for move in accounts_to_move() if move.user.username == name), None)


def test_each_account_of_a_unit_that_ended_is_listed_with_its_heirs() -> None:
    heirs = {move.user.username: [version.unit.key for version in move.heirs] for move in accounts_to_move()}
    assert heirs["hamhiep.canbo"] == [HEIR] and heirs["tinh.chuyenvien"] == ["lam-dong"]
    assert heirs["hamthuanbac.chuyenvien"] == []
    numbers = [min(len(move.heirs), 2) for move in accounts_to_move()]
    assert numbers == sorted(numbers, key=[1, 2, 0].index)


def test_a_look_at_the_list_then_they_move() -> None:
    client = confirmed(entered("quantri"))
    assert "Đảng ủy phường Bình Thuận" in client.get(ADDRESS).content.decode()
    keys = [move_of(name).key for name in ("hamhiep.canbo", "tinh.chuyenvien")]
    look = client.post(ADDRESS, {"chon": keys, "viec": "xem"}).content.decode()
    assert "Chuyển 2 tài khoản?" in look and not Membership.objects.filter(unit__key=HEIR).exists()
    assert client.post(ADDRESS, {"chon": keys, "viec": "chuyen"}).status_code == 302
    new = Membership.objects.get(user=person("hamhiep.canbo"), unit__key=HEIR)
    assert (new.role, new.starts_on, new.ends_on, new.waits) == ("can-bo-co-so", today(), None, False)
    old = Membership.objects.get(user=person("hamhiep.canbo"), unit__key="ham-thuan-bac/xa-ham-hiep")
    assert old.ends_on is None  # past years stay open
    event = AuditEvent.objects.get(action="move-account", target_name=str(person("hamhiep.canbo")))
    assert (event.actor, event.note) == (person("quantri"), "Đảng ủy xã Hàm Hiệp → Đảng ủy phường Bình Thuận")
    assert Message.objects.filter(recipient=person("hamhiep.canbo"), subject__contains="phường Bình Thuận").exists()
    assert move_of("hamhiep.canbo") is None
    assert work_of(person("hamhiep.canbo"))[0] == "Đảng ủy phường Bình Thuận"  # in the masthead and the menu


def test_a_role_over_results_waits_for_a_second_person() -> None:
    move = move_of("tinh.chuyenvien")
    moved = move_accounts(wanted={(move.user.pk, move.unit.unit_id): move.heirs[0].unit_id}, actor=person("quantri"))
    assert moved == (1, 1)
    assert Membership.objects.get(user=move.user, unit__key="lam-dong").waits
    assert move_of("tinh.chuyenvien") is None  # and is not given twice


def test_of_a_split_unit_somebody_chooses() -> None:
    give_role(
        user=person("hoidong1"),
        role="can-bo-co-so",
        unit=Unit.objects.get(key="tuy-phong/xa-phong-phu"),
        starts_on=today(),
        actor=None,
    )
    move = next(move for move in accounts_to_move() if len(move.heirs) == 2)
    client = confirmed(entered("quantri"))
    response = client.post(ADDRESS, {"chon": [move.key], "viec": "chuyen"})
    assert response.status_code == 422 and "chọn đơn vị kế tục." in response.content.decode()
    client.post(ADDRESS, {"chon": [move.key], f"den-{move.key}": "2025/xa-tuy-phong", "viec": "chuyen"})
    assert Membership.objects.filter(user=person("hoidong1"), unit__key="2025/xa-tuy-phong").exists()


def test_nobody_moves_to_a_unit_that_is_no_heir() -> None:
    move = move_of("hamhiep.canbo")
    elsewhere = Unit.objects.get(key="2025/xa-nhan-co")
    assert move_accounts(wanted={(move.user.pk, move.unit.unit_id): elsewhere.pk}, actor=person("quantri")) == (0, 0)
    assert not Membership.objects.filter(unit=elsewhere).exists()


def test_moving_twice_moves_once() -> None:
    client, key = confirmed(entered("quantri")), move_of("hamhiep.canbo").key
    client.post(ADDRESS, {"chon": [key], "viec": "chuyen"})
    again = client.post(ADDRESS, {"chon": [key], "viec": "chuyen"})
    assert again.status_code == 422 and "đã được chuyển" in again.content.decode()
    assert Membership.objects.filter(unit__key=HEIR).count() == 1


def test_only_administrators_move_accounts() -> None:
    assert entered("tinh.chuyenvien").get(ADDRESS).status_code == 404
    with refused("Vai trò của đồng chí không chuyển tài khoản.", NotAllowed):
        move_accounts(wanted={}, actor=person("tinh.chuyenvien"))


def test_the_list_asks_as_often_for_many_accounts_as_for_few(django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(4):
        accounts_to_move()
