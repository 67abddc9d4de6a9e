"""Accounts are closed and opened again, never deleted; roles that were held are ended, never changed or deleted."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import zip_longest
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.test import Client

from common.dates import today
from common.exceptions import NotAllowed
from models_registry.models import Season, SeasonExtension
from notifications.models import Message
from notifications.services import tell
from organisation.models import AuditEvent, Level, Membership, Unit, UnitVersion, User
from organisation.permissions import roles_of
from organisation.services import close_account, give_role, reopen_account
from tests.online import person
from tests.pages import confirmed, entered, last_message, refused
from tests.test_login import log_in

pytestmark = [pytest.mark.both, pytest.mark.django_db]

WHO = "duclinh.chuyenvien"
SITE = "/lam-viec/quan-tri/organisation"
NEW = "mat-khau-moi-2026"


def close(name: str = WHO) -> User:
    return close_account(user_id=person(name).pk, reason="Nghỉ hưu", actor=person("quantri"))


def given(days: int, name: str = WHO, unit: str = "la-gi") -> Membership:
    """A role from so many days after today on."""
    starts = today() + timedelta(days=days)
    return give_role(user=person(name), role="chuyen-vien-huyen", unit=Unit.objects.get(key=unit), starts_on=starts, actor=None)


def page_of(name: str = WHO, page: str = "change") -> str:
    return f"{SITE}/user/{person(name).pk}/{page}/"


def sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_a_closed_account_comes_in_no_more() -> None:
    browser = entered(WHO)
    Authenticator.objects.create(user=person(WHO), type=Authenticator.Type.TOTP, data={"secret": "x"})
    held, coming = Membership.objects.get(user__username=WHO), given(1)
    close()
    account = person(WHO)
    assert (account.is_active, account.has_usable_password(), account.authenticator_set.count()) == (False, False, 0)
    assert browser.get("/lam-viec/").status_code == 302
    assert log_in(Client(), WHO).status_code == 200  # told that name or password is wrong
    held.refresh_from_db()
    assert held.ends_on == today() - timedelta(days=1)
    assert not Membership.objects.filter(pk=coming.pk).exists()
    event = AuditEvent.objects.get(action="close-account")
    assert (event.actor, event.target_id, event.note) == (person("quantri"), str(account.pk), "Nghỉ hưu")
    assert event.changes == {"roles": [["Chuyên viên huyện, duc-linh", "Chuyên viên huyện, la-gi"], []]}


def test_closing_or_reopening_again_changes_nothing() -> None:
    for act, action in (
        (close, "close-account"),
        (close, "close-account"),
        (reopen, "reopen-account"),
        (reopen, "reopen-account"),
    ):
        act()
        assert AuditEvent.objects.filter(action=action).count() == 1


def reopen(name: str = WHO) -> User:
    return reopen_account(user_id=person(name).pk, actor=person("quantri"))


def test_a_reopened_account_has_neither_role_nor_password_nor_session() -> None:
    browser = entered(WHO)
    close()
    reopen()
    account = person(WHO)
    assert (account.is_active, account.has_usable_password(), roles_of(account)) == (True, False, [])
    assert browser.get("/lam-viec/").status_code == 302
    assert AuditEvent.objects.get(action="reopen-account").target_id == str(account.pk)


def test_an_account_with_a_role_that_would_come_back_is_not_reopened() -> None:
    membership = given(0)
    close()
    membership.refresh_from_db()
    assert membership.ends_on == today()
    with refused(
        "Tài khoản còn vai trò chưa hết hạn, mở lại thì vai trò ấy có hiệu lực trở lại. Xin kết thúc vai trò trước; vai trò giao "
        "trong ngày đóng thì hết ngày mới hết hạn."
    ):
        reopen()
    assert not person(WHO).is_active


@pytest.mark.parametrize("actor, account", [("quantri", "quantri"), ("tinh.lanhdao", WHO), (WHO, WHO)])
@pytest.mark.parametrize("service", [lambda **given: close_account(reason="x", **given), reopen_account])
def test_only_another_administrator_closes_and_reopens(service: Callable[..., User], actor: str, account: str) -> None:
    with refused("Vai trò của đồng chí không đóng, mở tài khoản này.", NotAllowed):
        service(user_id=person(account).pk, actor=person(actor))
    assert person(account).is_active


def test_a_closed_account_is_told_nothing() -> None:
    close()
    assert tell(recipients=[person(WHO), person("hoidong1")], event_key="thu", subject="Tin") == 1
    assert [message.recipient for message in Message.objects.filter(event_key="thu")] == [person("hoidong1")]


def test_the_administrators_page_closes_after_asking_why() -> None:
    browser = confirmed(entered("quantri"))
    assert page_of(page="dong") in browser.get(page_of()).content.decode()
    assert "Đóng tài khoản" in browser.get(page_of(page="dong")).content.decode()
    assert "Chưa ghi." in browser.post(page_of(page="dong"), {"reason": " "}).content.decode()
    assert person(WHO).is_active
    response = browser.post(page_of(page="dong"), {"reason": "Chuyển công tác"})
    assert (response.status_code, response["Location"]) == (302, page_of())
    assert last_message(response) == "Đã đóng tài khoản “Chuyên viên Huyện ủy Đức Linh”."
    assert AuditEvent.objects.get(action="close-account").note == "Chuyển công tác"
    assert not person(WHO).is_active


def test_the_administrators_page_reopens_and_asks_for_a_password() -> None:
    close()
    browser = confirmed(entered("quantri"))
    assert page_of(page="mo-lai") in browser.get(page_of()).content.decode()
    assert "Vai trò cũ không được trả lại" in browser.get(page_of(page="mo-lai")).content.decode()
    assert not person(WHO).is_active
    response = browser.post(page_of(page="mo-lai"))
    password = page_of(page="password")
    assert (response.status_code, response["Location"]) == (302, password)
    browser.post(password, {"password1": NEW, "password2": NEW, "usable_password": "true", "set-password": "x"})
    assert log_in(Client(), WHO, NEW)["Location"] == "/lam-viec/"


def test_a_closed_account_gets_no_password() -> None:
    close()
    sent = {"password1": NEW, "password2": NEW, "usable_password": "true", "set-password": "x"}
    response = confirmed(entered("quantri")).post(page_of(page="password"), sent)
    assert (response["Location"], last_message(response)) == (page_of(), "Tài khoản đã đóng. Xin mở lại rồi đặt mật khẩu.")
    assert not person(WHO).has_usable_password()


def test_a_refused_reopening_is_told_on_the_page() -> None:
    given(0)
    close()
    response = confirmed(entered("quantri")).post(page_of(page="mo-lai"))
    assert response["Location"] == page_of() and last_message(response).startswith("Tài khoản còn vai trò chưa hết hạn")


@pytest.mark.parametrize("page", ["dong", "mo-lai"])
@pytest.mark.parametrize("who", ["quantri", "tinh.lanhdao"])
def test_ones_own_account_and_those_of_other_roles_are_not_closed_by_address(who: str, page: str) -> None:
    account = "quantri" if who == "quantri" else WHO
    assert confirmed(entered(who)).post(page_of(account, page), {"reason": "x"}).status_code == 404
    assert person(account).is_active


def test_the_form_of_an_account_does_not_close_it() -> None:
    data = {"username": WHO, "full_name": "Tên khác", "email": ""} | inlines()
    assert confirmed(entered("quantri")).post(page_of(), data).status_code == 302
    assert (person(WHO).full_name, person(WHO).is_active) == ("Tên khác", True)


def inlines(*rows: dict[str, Any]) -> dict[str, Any]:
    held = list(Membership.objects.filter(user__username=WHO))
    data: dict[str, Any] = {"memberships-TOTAL_FORMS": len(rows) or len(held), "memberships-INITIAL_FORMS": len(held)}
    shown: list[dict[str, Any]] = [
        {
            "id": membership.pk,
            "user": membership.user_id,
            "role": membership.role,
            "unit": membership.unit_id,
            "starts_on": membership.starts_on.strftime("%d/%m/%Y"),
            "ends_on": membership.ends_on.strftime("%d/%m/%Y") if membership.ends_on else "",
        }
        for membership in held
    ]
    for n, (stands, sent) in enumerate(zip_longest(shown, rows, fillvalue={})):
        data |= {f"memberships-{n}-{name}": value for name, value in (stands | sent).items()}
    return data


def test_a_role_that_has_begun_is_only_ended_on_the_page() -> None:
    before = Membership.objects.filter(user__username=WHO).values("role", "unit", "starts_on").get()
    lies = {"role": "quan-tri", "unit": Unit.objects.get(key="la-gi").pk, "starts_on": "01/01/2020", "DELETE": "on"}
    data = {"username": WHO, "full_name": "x", "email": ""} | inlines(lies | {"ends_on": today().strftime("%d/%m/%Y")})
    assert confirmed(entered("quantri")).post(page_of(), data).status_code == 302
    assert Membership.objects.filter(user__username=WHO).values("role", "unit", "starts_on", "ends_on").get() == before | {
        "ends_on": today()
    }


def test_a_role_to_come_is_dropped_on_the_page_and_not_changed() -> None:
    coming = given(1)
    for row in ({"role": "lanh-dao-huyen"}, {"DELETE": "on"}):
        data = {"username": WHO, "full_name": "x", "email": ""} | inlines({}, row)
        assert confirmed(entered("quantri")).post(page_of(), data).status_code == 302
        left = Membership.objects.filter(pk=coming.pk).values_list("role", flat=True)
        assert list(left) == ([] if "DELETE" in row else ["chuyen-vien-huyen"])


def test_no_role_is_given_to_a_closed_account_on_the_page() -> None:
    close()
    new = {"role": "quan-tri", "unit": Unit.objects.get(key="la-gi").pk, "starts_on": today().strftime("%d/%m/%Y")}
    data = {"username": WHO, "full_name": "x", "email": ""} | inlines({}, new)
    assert confirmed(entered("quantri")).post(page_of(), data).status_code == 302
    assert [membership.role for membership in person(WHO).memberships.all()] == ["chuyen-vien-huyen"]


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM organisation_membership WHERE id = %s",
        "UPDATE organisation_membership SET role = 'quan-tri' WHERE id = %s",
        "UPDATE organisation_membership SET user_id = user_id - 1 WHERE id = %s",
        "UPDATE organisation_membership SET starts_on = '2020-01-01' WHERE id = %s",
        "UPDATE organisation_membership SET unit_id = unit_id - 1 WHERE id = %s",
    ],
)
def test_the_database_keeps_a_role(statement: str) -> None:
    coming, begun = given(1), given(0)
    if statement.startswith("DELETE"):
        sql(statement, coming.pk)
    with pytest.raises(IntegrityError, match=r"a role that was (held is ended|given is confirmed)"), transaction.atomic():
        sql(statement, begun.pk)


@pytest.mark.parametrize("has_history", [True, False])
def test_an_account_is_not_deleted(has_history: bool) -> None:
    account = person(WHO) if has_history else User.objects.create(username="moi")
    kind = ProtectedError if has_history else IntegrityError
    for delete in (account.delete, User.objects.filter(pk=account.pk).delete):
        with pytest.raises(kind), transaction.atomic():
            delete()
    with pytest.raises(IntegrityError, match="an account is closed, never deleted"), transaction.atomic():
        sql("DELETE FROM organisation_user WHERE id = %s", account.pk)
    browser = confirmed(entered("quantri"))
    assert browser.post(f"{SITE}/user/{account.pk}/delete/", {"post": "yes"}).status_code == 403
    browser.post(f"{SITE}/user/", {"action": "delete_selected", "_selected_action": [account.pk], "post": "yes"})
    assert User.objects.filter(pk=account.pk).exists()


SIDEWAYS = {  # what deletes without asking the triggers of DELETE
    "postgresql": ["TRUNCATE organisation_membership", "TRUNCATE organisation_user CASCADE"],
    "sqlite": [
        "REPLACE INTO organisation_user SELECT * FROM organisation_user",
        "INSERT OR REPLACE INTO organisation_membership SELECT * FROM organisation_membership",
        "INSERT OR REPLACE INTO organisation_membership (user_id, role, unit_id, starts_on, confirmed_at) "
        "SELECT user_id, role, unit_id, starts_on, confirmed_at FROM organisation_membership",
        "UPDATE OR REPLACE organisation_user SET username = 'quantri' WHERE username <> 'quantri'",
        "UPDATE OR REPLACE organisation_user SET id = 1 WHERE id = 2",
        "UPDATE OR REPLACE organisation_membership SET id = 1 WHERE id = 2",
    ],
}


@pytest.mark.parametrize("statement", SIDEWAYS[connection.vendor])
def test_no_account_or_role_is_emptied_out_or_replaced(statement: str) -> None:
    with pytest.raises(IntegrityError, match=r"an account is closed|a role that was held"), transaction.atomic():
        sql(statement)


def test_a_unit_in_force_is_not_deleted_and_one_to_come_is() -> None:
    browser, units = confirmed(entered("quantri")), [Unit.objects.create(key=key) for key in ("dang-co", "sap-co")]
    for unit, starts in zip(units, (today(), today() + timedelta(days=1)), strict=True):
        UnitVersion.objects.create(unit=unit, name=unit.key, level=Level.objects.all()[0], valid_from=starts)
    statuses = [browser.post(f"{SITE}/unit/{unit.pk}/delete/", {"post": "yes"}).status_code for unit in units]
    browser.post(f"{SITE}/unit/", {"action": "delete_selected", "_selected_action": [units[0].pk], "post": "yes"})
    assert (statuses, [Unit.objects.filter(pk=unit.pk).exists() for unit in units]) == ([403, 302], [True, False])
    event = AuditEvent.objects.get(action="delete-by-administrator")
    assert event.changes == {"id": [str(units[1].pk), ""], "key": ["sap-co", ""], "position": ["0", ""]}


def test_no_form_offers_to_delete_a_unit_in_force() -> None:
    assert "/unit/__fk__/delete/" not in entered("quantri").get(page_of()).content.decode()


def test_a_season_for_which_a_unit_got_more_time_is_not_deleted() -> None:
    season = Season.objects.get(year=2023)
    empty = Season.objects.create(
        year=2031, period=season.period, opens_on=date(2031, 1, 1), closes_on=date(2031, 12, 31), cutoff_on=date(2031, 10, 15)
    )
    SeasonExtension.objects.create(season=empty, unit=Unit.objects.get(key="la-gi"), until=date(2032, 1, 1), reason="x")
    confirmed(entered("quantri")).post(f"/lam-viec/quan-tri/models_registry/season/{empty.pk}/delete/", {"post": "yes"})
    assert Season.objects.filter(pk=empty.pk).exists()
