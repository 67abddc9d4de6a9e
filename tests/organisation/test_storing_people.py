"""Lists of people stored: accounts with initial passwords that log in once and are renewed, all at once, by an administrator."""

from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.test import RequestFactory
from django.utils import timezone

from common.dates import today
from common.exceptions import DomainError, NotAllowed
from organisation.lists.reading import Line
from organisation.models import AuditEvent, Membership, UnitVersion, User
from organisation.selectors.people import never_entered
from organisation.services import (
    OpenedPeople,
    digest_of,
    plan_people,
    renew_initial_passwords,
    store_people,
)
from tests.online import person

CHI = ("Lê Thị Chi", "chi@x.vn", "THERE", "Cán bộ cơ sở")
DUNG = ("Vũ Dũng", "", "THERE", "Lãnh đạo đơn vị")
BAD = ("Không Đâu", "", "Xã Không Có", "Cán bộ cơ sở")


@pytest.fixture(autouse=True)
def _hashers_of_the_house(settings: Any) -> None:
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.Argon2PasswordHasher",
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    ]


def lines(*rows: tuple[str, ...]) -> list[Line]:
    there = UnitVersion.objects.on(today()).values_list("unit__key", flat=True)[0]
    codes = ("full_name", "email", "unit", "role", "username")
    return [
        Line(n, dict(zip(codes, (there if word == "THERE" else word for word in row), strict=False)))
        for n, row in enumerate(rows, start=2)
    ]


def store(*rows: tuple[str, ...], by: str = "quantri") -> OpenedPeople:
    listed = lines(*rows)
    return store_people(lines=listed, shown=digest_of(plan_people(listed)), actor=person(by))


def test_what_is_right_is_opened_and_the_rest_left(db: None) -> None:
    before = User.objects.count()
    done = store(CHI, DUNG, BAD)
    assert User.objects.count() == before + 2
    assert [(user.username, user.email) for user, _ in done.passwords] == [("le.thi.chi", "chi@x.vn"), ("vu.dung", "")]
    held = Membership.objects.filter(user__username__in=["le.thi.chi", "vu.dung"]).order_by("user__username")
    assert [(one.role, one.waits) for one in held] == [
        ("can-bo-co-so", False),
        ("lanh-dao-huyen", True),
    ]
    assert AuditEvent.objects.filter(action="load-people", actor=person("quantri")).count() == 1


def test_an_initial_password_opens_the_account_and_says_who_set_it(db: None) -> None:
    ((user, initial),) = store(CHI).passwords
    assert user.password_set_by == person("quantri")
    request = RequestFactory().post("/dang-nhap/")
    assert authenticate(request, username=user.username, password=initial) == user
    user.refresh_from_db()
    assert user.password.startswith("argon2")


def test_the_same_list_again_changes_nothing(db: None) -> None:
    store(CHI, DUNG)
    accounts, held = User.objects.count(), Membership.objects.count()
    assert [one.does for one in plan_people(lines(CHI, DUNG))] == ["same", "same"]
    assert store(CHI, DUNG).passwords == []
    assert (User.objects.count(), Membership.objects.count()) == (accounts, held)


def test_what_would_do_something_else_than_was_looked_at_is_not_stored(db: None) -> None:
    listed = lines(CHI)
    shown = digest_of(plan_people(listed))
    store(CHI)
    with pytest.raises(DomainError, match="vừa có thay đổi"):
        store_people(lines=listed, shown=shown, actor=person("quantri"))


@pytest.mark.parametrize("name", ["tinh.chuyenvien", "hamhiep.canbo"])
def test_only_an_administrator_opens_and_renews(db: None, name: str) -> None:
    with pytest.raises(NotAllowed):
        store(CHI, by=name)
    with pytest.raises(NotAllowed):
        renew_initial_passwords(user_ids=[1], actor=person(name))


def test_a_new_initial_password_is_for_who_never_came_in_alone(db: None) -> None:
    done = store(CHI, DUNG)
    (chi, first), (dung, _) = done.passwords
    User.objects.filter(pk=dung.pk).update(last_login=timezone.now())
    assert list(never_entered([chi.pk, dung.pk])) == [chi]
    ((user, again),) = renew_initial_passwords(user_ids=[chi.pk, dung.pk], actor=person("quantri"))
    user.refresh_from_db()
    assert (user.pk, user.check_password(again), user.check_password(first)) == (chi.pk, True, False)


def test_planning_asks_the_same_number_of_queries_however_long_the_list(db: None, django_assert_num_queries: Any) -> None:
    plan_people(lines(CHI))
    for rows in ([CHI], [CHI, DUNG, BAD]):
        listed = lines(*rows)
        with django_assert_num_queries(3):
            plan_people(listed)
