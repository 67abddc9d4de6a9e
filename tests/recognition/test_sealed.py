"""Sealed scores are opened by the phase, not by an account; and what is done to accounts meanwhile stands on the round's page."""

from typing import Any

import pytest
import time_machine
from django.test import Client

from common.dates import today
from common.exceptions import NotAllowed
from organisation.models import Membership, Unit
from organisation.services import (
    confirm_password,
    confirm_role,
    end_role,
    give_role,
    password_was_set,
    refuse_role,
)
from recognition.enums import Phase
from recognition.selectors.scoring import sheets_visible_to
from recognition.selectors.sealed import SHOWN, while_sealed
from recognition.services import seat_member
from tests.online import person
from tests.pages import entered
from tests.rounds import (
    COMMUNE,
    DISTRICT_LEADER,
    DISTRICT_STAFF,
    JUDGES,
    PROVINCE_LEADER,
    on,
)
from tests.test_login import log_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media", "september")]
ONE, TWO, THREE = JUDGES
ADMIN, OTHER = "quantri", "duclinh.chuyenvien"


def given(role: str, to: str, unit: str = "ham-thuan-bac") -> Membership:
    return give_role(user=person(to), role=role, unit=Unit.objects.get(key=unit), starts_on=today(), actor=person(ADMIN))


def confirm(membership: Membership) -> Membership:
    return confirm_role(membership_id=membership.pk, actor=person(PROVINCE_LEADER))


@pytest.mark.stage("scoring")
def test_a_leaders_role_that_waits_shows_nothing_of_the_round(stage: Any) -> None:
    round_, _ = stage
    address, browser = f"/lam-viec/dot-xet/{round_.pk}/", entered(ADMIN)
    waiting = given("lanh-dao-huyen", ADMIN)
    assert browser.get(address).status_code == 404
    confirm(waiting)
    assert browser.get(address).status_code == 200


@pytest.mark.stage("scored")
def test_a_leaders_role_that_waits_opens_no_scores_when_the_phase_opens_them(stage: Any) -> None:
    round_, dossiers = stage
    sheets = len(JUDGES) * len(dossiers)
    waiting = given("lanh-dao-huyen", ADMIN)
    assert not sheets_visible_to(person(ADMIN), round_).exists()
    confirm(waiting)
    assert sheets_visible_to(person(ADMIN), round_).count() == sheets


@pytest.mark.stage("scoring")
def test_an_administrator_scores_in_no_members_name(stage: Any) -> None:
    round_, (first, _) = stage
    judge = person(ONE)
    judge.set_password("mat-khau-moi-2026")
    judge.save()
    password_was_set(user_id=judge.pk, actor=person(ADMIN))
    thief = Client()
    log_in(thief, ONE, "mat-khau-moi-2026")
    address = f"/lam-viec/dot-xet/{round_.pk}/cham/{first.pk}/"
    assert [thief.get(address).status_code, thief.post(f"{address}luu/", {"nhan-xet": "x"}).status_code] == [403, 403]
    with pytest.raises(NotAllowed):
        confirm_password(user_id=judge.pk, actor=person(ADMIN))


@pytest.mark.stage("scoring")
def test_a_seat_alone_makes_a_password_wait(stage: Any) -> None:
    round_, _ = stage
    seat_member(round_id=round_.pk, user=person(COMMUNE), task="member", actor=person(DISTRICT_STAFF))
    password_was_set(user_id=person(COMMUNE).pk, actor=person(ADMIN))
    assert person(COMMUNE).password_waits


@pytest.mark.stage("scoring")
def test_the_sealed_phase_shows_roles_seats_and_passwords(stage: Any) -> None:
    round_, _ = stage
    page = f"/lam-viec/dot-xet/{round_.pk}/"
    assert "Trong lúc chấm kín" not in entered(DISTRICT_LEADER).get(page).content.decode()
    with on(9, 11):
        membership = given("lanh-dao-huyen", OTHER)
        given("can-bo-co-so", COMMUNE)  # over no score
        given("lanh-dao-huyen", "hoidong2", unit="la-gi")  # elsewhere, but a member's
        given("lanh-dao-huyen", "tinh.chuyenvien", unit="la-gi")  # elsewhere
        confirm(membership)
        end_role(membership_id=membership.pk, ends_on=today(), actor=person(ADMIN))
        refuse_role(membership_id=given("quan-tri", COMMUNE, "binh-thuan").pk, reason="Thừa", actor=person(PROVINCE_LEADER))
        password_was_set(user_id=person(ONE).pk, actor=person(ADMIN))
        password_was_set(user_id=person("phanthiet.chuyenvien").pk, actor=person(ADMIN))  # neither
        seat_member(round_id=round_.pk, user=person(COMMUNE), task="member", actor=person(DISTRICT_STAFF))
    with on(9, 12):
        found, more = while_sealed(round_)
        leaders, judges = (entered(name).get(page).content.decode() for name in (DISTRICT_LEADER, TWO))
    admin, leader, other = (str(person(name)) for name in (ADMIN, PROVINCE_LEADER, OTHER))
    assert more == 0
    assert sorted(line.partition(", ")[2] for line in found) == sorted(
        [
            f"{admin} giao cho {other} vai trò Lãnh đạo huyện",
            f"{leader} xác nhận vai trò Lãnh đạo huyện của {other}",
            f"{admin} kết thúc vai trò của {other}: Lãnh đạo huyện: 11/09/2023",
            f"{admin} giao cho Thành viên hội đồng 2 vai trò Lãnh đạo huyện",
            f"{admin} giao cho {person(COMMUNE)} vai trò Quản trị",
            f"{leader} từ chối vai trò của {person(COMMUNE)}: Quản trị: Thừa",
            f"{admin} đặt lại mật khẩu của Thành viên hội đồng 1",
            f"{person(DISTRICT_STAFF)} đưa {person(COMMUNE)} vào hội đồng: Ủy viên",
        ]
    )
    assert ("Trong lúc chấm kín" in leaders, "Trong lúc chấm kín" in judges) == (True, False)


@pytest.mark.stage("scoring")
def test_where_the_rounds_unit_ended_meanwhile_roles_above_it_are_shown_still(stage: Any) -> None:
    round_, _ = stage
    with time_machine.travel("2025-07-02T03:00:00Z", tick=False):  # the day after the district's last
        given("quan-tri", OTHER, "binh-thuan")
        found, _ = while_sealed(round_)
    assert [line.partition(", ")[2] for line in found] == [f"{person(ADMIN)} giao cho {person(OTHER)} vai trò Quản trị"]


@pytest.mark.usefixtures("nothing_kept")
@pytest.mark.stage("scoring")
def test_the_line_is_cut_and_takes_as_many_queries_for_many(stage: Any, django_assert_num_queries: Any) -> None:
    round_, _ = stage
    with on(9, 11):
        password_was_set(user_id=person(ONE).pk, actor=person(ADMIN))
        with django_assert_num_queries(5):
            few = while_sealed(round_)
        for _ in range(SHOWN):
            password_was_set(user_id=person(TWO).pk, actor=person(ADMIN))
        with django_assert_num_queries(5):
            many, more = while_sealed(round_)
    assert (len(few[0]), len(many), more) == (1, SHOWN, 1)


@pytest.mark.stage("scored")
def test_outside_the_sealed_phase_nothing_is_shown(stage: Any) -> None:
    round_, _ = stage
    password_was_set(user_id=person(ONE).pk, actor=person(ADMIN))
    assert (round_.phase, while_sealed(round_)) == (Phase.JOINT, ([], 0))
