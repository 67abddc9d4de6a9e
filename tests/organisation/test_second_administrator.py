"""Nobody alone can be another: what an administrator gives over scores and decisions waits for a second person."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from common.dates import day_begins, today
from common.exceptions import DomainError, NotAllowed
from notifications.models import Message
from organisation.models import AuditEvent, Membership, Unit, User
from organisation.permissions import roles_of
from organisation.roles import ROLES
from organisation.selectors.confirming import confirmers
from organisation.services import confirm_password, confirm_role, end_role, give_role, refuse_password, refuse_role
from tests.online import person
from tests.pages import confirmed, entered, refused
from tests.test_login import log_in

pytestmark = [pytest.mark.both, pytest.mark.django_db]

ADMIN, LEADER, OTHER = "quantri", "tinh.lanhdao", "hamhiep.canbo"
WAITING = "/lam-viec/vai-tro-cho/"
SITE = "/lam-viec/quan-tri/organisation/user"
NEW, OWN = "mat-khau-moi-2026", "cua-rieng-toi-2026"
NOT_YOURS = "Việc này do người khác xác nhận, hoặc đã được xử lý."


@pytest.fixture(autouse=True)
def _no_old_mistakes(db: None) -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def given(role: str = "lanh-dao-ban", to: str = OTHER, by: str = ADMIN, unit: str = "binh-thuan", days: int = 0) -> Membership:
    starts = today() + timedelta(days=days)
    return give_role(user=person(to), role=role, unit=Unit.objects.get(key=unit), starts_on=starts, actor=person(by))


def second_administrator(name: str = "quantri2") -> User:
    """Another one, as a command would make them."""
    user = User.objects.create(username=name, full_name="Quản trị 2")
    give_role(user=user, role="quan-tri", unit=Unit.objects.get(key="binh-thuan"), starts_on=today(), actor=None)
    return user


def set_password(name: str, by: str = ADMIN, password: str = NEW) -> Any:
    sent = {"password1": password, "password2": password, "usable_password": "true", "set-password": "x"}
    return confirmed(entered(by)).post(f"{SITE}/{person(name).pk}/password/", sent)


def subjects(name: str) -> list[str]:
    return list(Message.objects.filter(recipient__username=name).order_by("pk").values_list("subject", flat=True))


def form_of(account: User, *rows: dict[str, Any]) -> dict[str, Any]:
    """What the page of an account sends, with further roles."""
    held = list(account.memberships.all())
    data: dict[str, Any] = {"username": account.username, "full_name": account.full_name, "email": account.email}
    data |= {"memberships-TOTAL_FORMS": len(held) + len(rows), "memberships-INITIAL_FORMS": len(held)}
    for n, membership in enumerate(held):
        data |= {f"memberships-{n}-id": membership.pk, f"memberships-{n}-ends_on": membership.ends_on or ""}
    for n, row in enumerate(rows, start=len(held)):
        data |= {f"memberships-{n}-{name}": value for name, value in row.items()}
    return data


def test_the_roles_over_scores_and_decisions_are_guarded() -> None:
    assert {role.key for role in ROLES.values() if not role.is_guarded} == {"can-bo-co-so"}


def test_a_guarded_role_gives_no_right_before_a_second_person_confirms_it() -> None:
    membership = given()
    assert (membership.waits, roles_of(person(OTHER))) == (True, ["can-bo-co-so"])
    assert entered(OTHER).get(WAITING).status_code == 404
    confirm_role(membership_id=membership.pk, actor=person(LEADER))
    assert sorted(roles_of(person(OTHER))) == ["can-bo-co-so", "lanh-dao-ban"]
    membership.refresh_from_db()
    assert (membership.given_by, membership.confirmed_by) == (person(ADMIN), person(LEADER))
    assert [e.action for e in AuditEvent.objects.filter(target_id=str(person(OTHER).pk), action__endswith="-role")][:2] == [
        "confirm-role",
        "give-role",
    ]


def test_an_unguarded_role_waits_for_nobody_nor_does_what_a_command_gives() -> None:
    assert not given("can-bo-co-so", unit="la-gi").waits
    by_command = give_role(user=person(OTHER), role="quan-tri", unit=Unit.objects.get(key="la-gi"), starts_on=today(), actor=None)
    assert (by_command.waits, by_command.given_by) == (False, None)


def test_those_who_can_confirm_the_holder_and_the_giver_are_told() -> None:
    membership = given()
    assert "Chờ đồng chí xác nhận: vai trò Lãnh đạo Ban tại" in subjects(LEADER)[-1]
    assert subjects(OTHER)[-1].endswith("chờ người thứ hai xác nhận")
    assert (
        Message.objects.filter(recipient__username=OTHER).latest("pk").body.startswith(f"{person(ADMIN)} (quantri) làm việc này")
    )
    confirm_role(membership_id=membership.pk, actor=person(LEADER))
    assert subjects(OTHER)[-1].startswith("Đồng chí giữ vai trò Lãnh đạo Ban tại")
    assert subjects(ADMIN)[-1].startswith("Đã xác nhận vai trò Lãnh đạo Ban")


def test_a_refused_role_is_dropped_with_a_reason_and_the_giver_is_told() -> None:
    membership = given()
    with refused("Xin ghi lý do từ chối."):
        refuse_role(membership_id=membership.pk, reason=" ", actor=person(LEADER))
    refuse_role(membership_id=membership.pk, reason="Không ai đề nghị", actor=person(LEADER))
    assert not Membership.objects.filter(pk=membership.pk).exists()
    assert AuditEvent.objects.get(action="refuse-role").note == "Lãnh đạo Ban: Không ai đề nghị"
    assert "Không ai đề nghị" in Message.objects.filter(recipient__username=ADMIN).latest("pk").body


def test_nobody_confirms_what_they_gave_or_what_is_given_to_them() -> None:
    second_administrator()
    for to, by, who in ((OTHER, ADMIN, ADMIN), (OTHER, ADMIN, OTHER), (ADMIN, ADMIN, ADMIN), ("quantri2", ADMIN, "quantri2")):
        membership = given(to=to, by=by, role="lanh-dao-huyen", unit="la-gi")
        with refused(NOT_YOURS, NotAllowed):
            confirm_role(membership_id=membership.pk, actor=person(who))
        membership.delete()


def test_another_administrator_confirms_and_the_leader_only_where_there_is_none() -> None:
    membership = given()
    second_administrator()
    with refused(NOT_YOURS, NotAllowed):
        confirm_role(membership_id=membership.pk, actor=person(LEADER))
    confirm_role(membership_id=membership.pk, actor=person("quantri2"))


def test_another_bodys_leader_confirms_nothing() -> None:
    membership = given()
    with refused(NOT_YOURS, NotAllowed):
        confirm_role(membership_id=membership.pk, actor=person("hamthuanbac.lanhdao"))


def test_what_was_confirmed_or_refused_is_not_decided_again() -> None:
    membership = given()
    confirm_role(membership_id=membership.pk, actor=person(LEADER))
    with refused(NOT_YOURS, NotAllowed):
        refuse_role(membership_id=membership.pk, reason="x", actor=person(LEADER))
    with refused(NOT_YOURS, NotAllowed):
        confirm_role(membership_id=0, actor=person(LEADER))


def test_a_role_takes_effect_on_the_day_of_its_confirmation_at_the_earliest() -> None:
    ago = timezone.now() - timedelta(days=3)
    waiting = Membership.objects.create(
        user=person(OTHER),
        role="lanh-dao-ban",
        unit=Unit.objects.get(key="binh-thuan"),
        starts_on=today() - timedelta(days=3),
        given_by=person(ADMIN),
        given_at=ago,
    )
    assert confirm_role(membership_id=waiting.pk, actor=person(LEADER)).starts_on == today()


def test_no_role_is_backdated() -> None:
    with refused(f"Vai trò có hiệu lực sớm nhất từ hôm nay, {today():%d/%m/%Y}."):
        given(days=-1)
    row = {"user": person(OTHER), "role": "can-bo-co-so", "unit": Unit.objects.get(key="la-gi"), "given_by": person(ADMIN)}
    with pytest.raises(IntegrityError, match="no role begins before"), transaction.atomic():
        Membership.objects.create(starts_on=today() - timedelta(days=1), given_at=timezone.now(), **row)
    with pytest.raises(IntegrityError, match="no role begins before"), transaction.atomic():
        Membership.objects.create(
            starts_on=today(), given_at=day_begins(today()), confirmed_at=day_begins(today() + timedelta(days=1)), **row
        )


@pytest.mark.parametrize("columns", [{"confirmed_by": ADMIN}, {"confirmed_by": OTHER}, {}])
def test_the_database_refuses_a_confirmation_by_the_giver_the_holder_or_nobody(columns: dict[str, str]) -> None:
    people = {name: person(who) for name, who in columns.items()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.filter(pk=given().pk).update(confirmed_at=timezone.now(), **people)


@pytest.mark.parametrize(
    "change",
    [
        {"confirmed_at": None, "confirmed_by": None},
        {"given_by": None},
        {"role": "quan-tri"},
        {"ends_on": None},
        {"ends_on": today() + timedelta(days=9)},
    ],
)
def test_what_was_confirmed_is_neither_unconfirmed_nor_changed_nor_prolonged(change: dict[str, Any]) -> None:
    membership = confirm_role(membership_id=given().pk, actor=person(LEADER))
    end_role(membership_id=membership.pk, ends_on=today(), actor=person(ADMIN))
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.filter(pk=membership.pk).update(**change)


def test_the_shell_confirms_where_nobody_else_can() -> None:
    """A leader's own role and password, with a single administrator: no second person is left."""
    given("quan-tri", to=LEADER)
    set_password(LEADER)
    assert (confirmers(person(ADMIN), person(LEADER)), person(LEADER).password_waits) == ([], True)
    call_command("confirm_waiting", LEADER)
    assert (sorted(roles_of(person(LEADER))), person(LEADER).password_waits) == (["lanh-dao-ban", "quan-tri"], False)
    assert AuditEvent.objects.filter(action="confirm-password").latest("at").actor is None
    with pytest.raises(SystemExit):
        call_command("confirm_waiting", "khong-co")


# Attacks


def test_an_administrator_cannot_make_a_second_one_to_confirm_with() -> None:
    """A new administrator is a guarded role, too: it waits for the leader, so the circle is closed."""
    data = {"username": "ma", "full_name": "Ma", "usable_password": "true", "password1": NEW, "password2": NEW}
    role = {"role": "quan-tri", "unit": Unit.objects.get(key="binh-thuan").pk, "starts_on": f"{today():%d/%m/%Y}", "ends_on": ""}
    data |= {"memberships-TOTAL_FORMS": "1", "memberships-INITIAL_FORMS": "0"}
    data |= {f"memberships-0-{name}": value for name, value in role.items()}
    response = confirmed(entered(ADMIN)).post(f"{SITE}/add/", data)
    assert response.status_code == 302, response.content.decode()[:3000]
    assert Membership.objects.get(user__username="ma").waits
    membership = given()
    with refused(NOT_YOURS, NotAllowed):
        confirm_role(membership_id=membership.pk, actor=person("ma"))
    with refused(NOT_YOURS, NotAllowed):
        confirm_role(membership_id=Membership.objects.get(user__username="ma").pk, actor=person("ma"))


def test_an_administrator_cannot_give_himself_the_leaders_role_backdated() -> None:
    me, unit = person(ADMIN), Unit.objects.get(key="binh-thuan").pk
    for day, waiting in (("01/01/2020", 0), (f"{today():%d/%m/%Y}", 1)):
        row = {"role": "lanh-dao-ban", "unit": unit, "starts_on": day, "ends_on": ""}
        confirmed(entered(ADMIN)).post(f"{SITE}/{me.pk}/change/", form_of(me, row))
        assert Membership.objects.waiting().filter(user=me).count() == waiting
    assert roles_of(person(ADMIN)) == ["quan-tri"]


def test_a_role_is_not_confirmed_while_the_giver_knows_the_holders_password() -> None:
    set_password(OTHER)  # over no score yet: it waits for nobody
    membership = given()
    with pytest.raises(DomainError, match="chưa chọn mật khẩu của riêng mình"):
        confirm_role(membership_id=membership.pk, actor=person(LEADER))
    owner = Client()
    log_in(owner, OTHER, NEW)
    owner.post("/tai-khoan/mat-khau/", {"oldpassword": NEW, "password1": OWN, "password2": OWN})
    assert not confirm_role(membership_id=membership.pk, actor=person(LEADER)).waits


def test_crafted_fields_of_the_form_confirm_nothing() -> None:
    me, unit = person(ADMIN), Unit.objects.get(key="binh-thuan").pk
    row = {"role": "lanh-dao-ban", "unit": unit, "starts_on": f"{today():%d/%m/%Y}", "ends_on": ""}
    lies = {
        "confirmed_at_0": "01/01/2026",
        "confirmed_at_1": "00:00",
        "confirmed_at": "2026-01-01",
        "confirmed_by": person(LEADER).pk,
    }
    confirmed(entered(ADMIN)).post(f"{SITE}/{me.pk}/change/", form_of(me, row | lies | {"given_by": ""}))
    held = Membership.objects.get(user=me, role="lanh-dao-ban")
    assert (held.given_by, held.confirmed_by, held.confirmed_at) == (me, None, None)
    assert not Membership.objects.filter(confirmed_by=person(LEADER)).exists()


def test_an_ended_role_is_not_prolonged_on_the_page() -> None:
    confirm_role(membership_id=given(to="hoidong1").pk, actor=person(LEADER))
    account = person("hoidong1")
    held = Membership.objects.get(user=account, role="lanh-dao-ban")
    end_role(membership_id=held.pk, ends_on=today(), actor=person(ADMIN))
    data = form_of(account)
    place = next(n for n in range(2) if data[f"memberships-{n}-id"] == held.pk)
    response = confirmed(entered(ADMIN)).post(f"{SITE}/{account.pk}/change/", data | {f"memberships-{place}-ends_on": ""})
    assert "thì không kéo dài" in response.content.decode()
    held.refresh_from_db()
    assert held.ends_on == today()


def test_an_administrator_confirms_his_own_by_no_address() -> None:
    mine, browser = given(), confirmed(entered(ADMIN))
    for address in (f"{WAITING}{mine.pk}/", f"{WAITING}999999/", f"{WAITING}mat-khau/{person(LEADER).pk}/"):
        assert browser.post(address, {"viec": "xac-nhan"}).status_code == 404
    assert Membership.objects.get(pk=mine.pk).waits


def test_who_knows_the_password_that_he_set_does_not_come_in_by_it() -> None:
    """Not by the pages, not by choosing the owner's own password for him: a second person must say first that it was asked for."""
    judge, browser = person("hoidong1"), entered("hoidong1")
    assert set_password("hoidong1").status_code == 302
    assert browser.get("/lam-viec/").status_code == 302  # every session of the owner has ended
    thief = Client()
    log_in(thief, "hoidong1", NEW)
    for address in ("/lam-viec/", "/lam-viec/dot-xet/", "/tai-khoan/mat-khau/", "/tai-khoan/bao-mat/", "/tai-khoan/xac-nhan/"):
        assert thief.get(address).status_code == 403, address
    sent = {"oldpassword": NEW, "password1": OWN, "password2": OWN}
    assert thief.post("/tai-khoan/mat-khau/", sent).status_code == 403
    assert thief.get("/").content.decode().count("/dang-nhap/") == Client().get("/").content.decode().count("/dang-nhap/") > 0
    assert thief.get("/dang-xuat/").status_code == 302
    for who in (ADMIN, "hoidong1"):
        with refused(NOT_YOURS, NotAllowed):
            confirm_password(user_id=judge.pk, actor=person(who))
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=judge.pk).update(password_confirmed_by=person(ADMIN), password_confirmed_at=timezone.now())


def test_a_confirmed_password_opens_only_the_page_on_which_its_owner_chooses_another() -> None:
    set_password("hoidong1")
    confirm_password(user_id=person("hoidong1").pk, actor=person(LEADER))
    owner = Client()
    log_in(owner, "hoidong1", NEW)
    assert owner.get("/lam-viec/")["Location"] == "/tai-khoan/mat-khau/"
    assert owner.get("/tai-khoan/bao-mat/")["Location"] == "/tai-khoan/mat-khau/"
    sent = {"oldpassword": NEW, "password1": NEW, "password2": NEW}
    assert "Đây là mật khẩu quản trị đã đặt" in owner.post("/tai-khoan/mat-khau/", sent).content.decode()
    assert owner.post("/tai-khoan/mat-khau/", sent | {"password1": OWN, "password2": OWN})["Location"] == "/lam-viec/"
    assert person("hoidong1").password_set_by is None
    assert entered("hoidong1").get("/lam-viec/").status_code == 200
    assert log_in(Client(), "hoidong1", OWN).status_code == 302


def test_a_refused_password_opens_nothing() -> None:
    set_password("hoidong1")
    refuse_password(user_id=person("hoidong1").pk, reason="Không đề nghị", actor=person(LEADER))
    assert not person("hoidong1").has_usable_password()
    assert log_in(Client(), "hoidong1", NEW).status_code == 200
    assert AuditEvent.objects.get(action="refuse-password").note == "Không đề nghị"


def test_the_owner_and_the_leader_are_told_of_a_password() -> None:
    set_password("hoidong1")
    assert subjects("hoidong1")[-1] == "Mật khẩu của đồng chí đã được quản trị đặt lại"
    assert subjects(LEADER)[-2:] == [
        "Chờ đồng chí xác nhận: mật khẩu mới của Thành viên hội đồng 1",
        "Quản trị đã đặt lại mật khẩu của Thành viên hội đồng 1",
    ]


def test_a_password_of_who_is_over_no_score_waits_for_nobody_but_is_chosen_anew() -> None:
    set_password(OTHER)
    assert not person(OTHER).password_waits
    owner = Client()
    log_in(owner, OTHER, NEW)
    assert owner.get("/lam-viec/")["Location"] == "/tai-khoan/mat-khau/"


def test_an_opened_account_chooses_its_own_password() -> None:
    data = {"username": "moi", "full_name": "Mới", "usable_password": "true", "password1": NEW, "password2": NEW}
    data |= {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}
    confirmed(entered(ADMIN)).post(f"{SITE}/add/", data)
    assert (person("moi").password_set_by, person("moi").password_waits) == (person(ADMIN), False)


def test_ones_own_password_set_on_the_page_waits_for_nobody() -> None:
    set_password(ADMIN)
    assert person(ADMIN).password_set_by is None


def test_another_name_or_address_of_who_is_over_scores_is_told() -> None:
    account = person("hoidong1")
    data = form_of(account) | {"email": "khac@example.vn"}
    assert confirmed(entered(ADMIN)).post(f"{SITE}/{account.pk}/change/", data).status_code == 302
    assert "thư điện tử “” thành “khac@example.vn”" in subjects("hoidong1")[-1]
    assert subjects("hoidong1")[-1] == subjects(LEADER)[-1]


def test_closing_and_reopening_are_told() -> None:
    browser, account = confirmed(entered(ADMIN)), person("hoidong1")
    browser.post(f"{SITE}/{account.pk}/dong/", {"reason": "Nghỉ hưu"})
    browser.post(f"{SITE}/{account.pk}/mo-lai/")
    assert [words.partition(":")[0] for words in subjects("hoidong1")[-2:]] == [
        "Tài khoản của đồng chí đã đóng",
        "Tài khoản của đồng chí đã mở lại",
    ]
