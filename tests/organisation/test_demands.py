"""A second step is demanded of roles on the administrators' page; what happens to second steps is in the audit trail."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote_plus

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core.cache import cache
from django.test import Client

from common.exceptions import NotAllowed
from organisation.models import AuditEvent, RoleDemand
from organisation.permissions import needs_second_step
from organisation.services import demand_second_step
from tests.online import person
from tests.pages import confirmed, entered, last_message, refused
from tests.test_login import PASSWORD
from tests.test_second_step import at_the_step, right_code, with_app

pytestmark = pytest.mark.django_db

PAGE = "/lam-viec/quan-tri/organisation/roledemand/"
ASKED = f"/tai-khoan/xac-nhan/?next={quote_plus(PAGE)}"
LEADER = "tinh.lanhdao"


@pytest.fixture(autouse=True)
def _no_old_mistakes(db: None) -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def demand(*roles: str) -> None:
    demand_second_step(roles=roles, actor=person("quantri"))


def actions(name: str = "") -> list[tuple[str, str, str]]:
    rows = AuditEvent.objects.filter(action__contains="second-step").order_by("pk")
    rows = rows.filter(target_id=str(person(name).pk), target_type="organisation.user") if name else rows
    return list(rows.values_list("actor_name", "action", "note"))


def test_a_role_ticked_on_the_page_needs_a_second_step(django_capture_on_commit_callbacks: Any) -> None:
    leader, administrator = entered(LEADER), confirmed(entered("quantri"))
    assert leader.get("/lam-viec/").status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        response = administrator.post(PAGE, {"roles": ["lanh-dao-ban"]})
    assert response.status_code == 302 and last_message(response).startswith("Đã lưu.")
    assert leader.get("/lam-viec/")["Location"] == "/tai-khoan/bao-mat/"
    assert entered("hamhiep.canbo").get("/lam-viec/").status_code == 200
    event = AuditEvent.objects.get(action="demand-second-step")
    assert (event.actor, event.target_name) == (person("quantri"), "Lãnh đạo Ban")
    with django_capture_on_commit_callbacks(execute=True):
        administrator.post(PAGE, {})
    assert leader.get("/lam-viec/").status_code == 200
    assert AuditEvent.objects.get(action="undemand-second-step").target_name == "Lãnh đạo Ban"


def test_saving_the_same_ticks_again_changes_nothing() -> None:
    demand("lanh-dao-ban")
    demand("lanh-dao-ban")
    assert RoleDemand.objects.count() == AuditEvent.objects.filter(action="demand-second-step").count() == 1


def test_the_settings_are_a_floor_that_the_page_shows_as_fixed(settings: Any) -> None:
    settings.MFA_REQUIRED_ROLES = ["quan-tri"]
    with_app("quantri")
    administrator = confirmed(entered("quantri"))
    assert administrator.get(PAGE).content.decode().count("không bỏ được ở đây") == 1
    administrator.post(PAGE, {"roles": []})
    assert entered("quantri").get("/lam-viec/").status_code == 200
    assert needs_second_step(person("quantri"))


def test_only_administrators_demand() -> None:
    with refused("Vai trò của đồng chí không đặt được bước xác minh thứ hai.", NotAllowed):
        demand_second_step(roles=["quan-tri"], actor=person(LEADER))
    assert entered(LEADER).get(PAGE).status_code == 404


def test_the_page_lists_every_role_and_refuses_others() -> None:
    administrator = confirmed(entered("quantri"))
    assert administrator.get(PAGE).content.decode().count('name="roles"') == 7
    assert administrator.post(PAGE, {"roles": ["vua"]}).status_code == 200
    assert not RoleDemand.objects.exists()


def test_ones_own_password_is_asked_for_and_what_was_ticked_is_kept() -> None:
    administrator = entered("quantri")
    assert administrator.get(PAGE)["Location"] == ASKED
    asked = administrator.post(PAGE, {"roles": ["lanh-dao-ban"]})
    assert asked["Location"] == ASKED and not RoleDemand.objects.exists()
    assert "Mật khẩu" in administrator.post(asked["Location"], {"password": "sai"}).content.decode()
    assert not RoleDemand.objects.exists()
    assert administrator.post(asked["Location"], {"password": PASSWORD}).status_code == 302
    assert RoleDemand.objects.get().role == "lanh-dao-ban"


def test_wrong_codes_are_in_the_audit_trail() -> None:
    secret = with_app(LEADER)
    client = at_the_step(LEADER)
    client.post("/tai-khoan/bao-mat/authenticate/", {"code": "000000"})
    assert actions(LEADER) == [("Cổng", "wrong-second-step", "")]
    client.post("/tai-khoan/bao-mat/authenticate/", {"code": right_code(secret)})
    assert len(actions(LEADER)) == 1


def test_setting_up_and_removing_a_second_step_are_in_the_audit_trail(django_capture_on_commit_callbacks: Any) -> None:
    client = confirmed(entered(LEADER))
    client.get("/tai-khoan/bao-mat/totp/activate/")
    code = right_code(client.session["mfa.totp.secret"])
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post("/tai-khoan/bao-mat/totp/activate/", {"code": code}).status_code == 302
    name = str(person(LEADER))
    assert sorted(actions(LEADER)) == [
        (name, "set-up-second-step", "mã dự phòng"),
        (name, "set-up-second-step", "ứng dụng"),
    ]
    assert RecoveryCodes(person(LEADER).authenticator_set.get(type="recovery_codes")).get_unused_codes()
    client.post("/tai-khoan/bao-mat/totp/deactivate/")
    assert sorted(actions(LEADER))[:2] == [
        (name, "remove-second-step", "mã dự phòng"),
        (name, "remove-second-step", "ứng dụng"),
    ]


def test_a_visitor_is_asked_to_log_in() -> None:
    assert Client().get(PAGE).status_code == 302
