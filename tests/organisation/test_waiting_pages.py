"""Pages that change accounts ask for one's own password; what waits for a second person stands on a page of its own."""

from typing import Any

import pytest

from organisation.models import Membership
from tests.online import person
from tests.organisation.test_second_administrator import (
    ADMIN,
    LEADER,
    SITE,
    WAITING,
    _no_old_mistakes,  # noqa: F401  the fixture
    form_of,
    given,
    set_password,
)
from tests.pages import confirmed, entered
from tests.test_login import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("page", ["add/", "{}/change/", "{}/password/", "{}/dong/", "{}/mo-lai/"])
def test_the_pages_that_change_accounts_ask_for_ones_own_password(page: str) -> None:
    address = f"{SITE}/{page.format(person('hoidong1').pk)}"
    for asked in (entered(ADMIN).get(address), entered(ADMIN).post(address, {})):
        assert (asked.status_code, asked["Location"].startswith("/tai-khoan/xac-nhan/")) == (302, True)


def test_ones_own_password_is_asked_for_on_a_page_of_the_workplace() -> None:
    html = entered(ADMIN).get(f"{SITE}/add/", follow=True).content.decode()
    assert ("Xác nhận lại" in html, "masthead--work" in html, ">Cán bộ</span>" in html) == (True, True, False)


def test_what_was_typed_is_done_after_the_password_and_no_password_waits_in_the_session() -> None:
    account, browser = person("hoidong1"), entered(ADMIN)
    asked = browser.post(f"{SITE}/{account.pk}/change/", form_of(account) | {"full_name": "Tên mới", "password1": "BÍ-MẬT"})
    assert "BÍ-MẬT" not in str(dict(browser.session)) and "B%C3%8D" not in str(dict(browser.session))
    browser.post(asked["Location"], {"password": PASSWORD})
    assert person("hoidong1").full_name == "Tên mới"


def test_a_password_given_too_long_ago_is_asked_for_again(settings: Any) -> None:
    browser = confirmed(entered(ADMIN))
    assert browser.get(f"{SITE}/add/").status_code == 200
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    assert browser.get(f"{SITE}/add/").status_code == 302


def test_the_page_lists_what_waits_and_asks_for_ones_own_password_before_it_is_done() -> None:
    membership = given()
    set_password("hoidong1")
    page = entered(LEADER).get(WAITING).content.decode()
    assert f"{WAITING}{membership.pk}/" in page and f"{WAITING}mat-khau/{person('hoidong1').pk}/" in page
    address = f"{WAITING}{membership.pk}/"
    assert entered(LEADER).post(address, {"viec": "xac-nhan"}).status_code == 302
    assert Membership.objects.get(pk=membership.pk).waits
    leader = confirmed(entered(LEADER))
    assert "Lãnh đạo Ban" in leader.get(address).content.decode()
    empty = leader.post(address, {"viec": "tu-choi", "ly-do": " "})
    html = empty.content.decode()
    assert (empty.status_code, 'id="ly-do-error">Xin ghi lý do từ chối.</p>' in html, "note--error" in html) == (422, True, False)
    assert leader.post(address, {"viec": "xac-nhan"})["Location"] == WAITING
    assert not Membership.objects.get(pk=membership.pk).waits
    leader.post(f"{WAITING}mat-khau/{person('hoidong1').pk}/", {"viec": "tu-choi", "ly-do": "Không đề nghị"})
    assert not person("hoidong1").has_usable_password()
    assert "Không có gì chờ đồng chí xác nhận" in leader.get(WAITING).content.decode()


@pytest.mark.parametrize("name", ["hamhiep.canbo", "tinh.chuyenvien", "hamthuanbac.lanhdao", "hoidong1"])
def test_the_page_is_not_there_for_others(name: str) -> None:
    membership = given()
    browser = confirmed(entered(name))
    assert (browser.get(WAITING).status_code, browser.post(f"{WAITING}{membership.pk}/").status_code) == (404, 404)


def test_what_waits_stands_among_the_tasks() -> None:
    assert "vừa giao" not in entered(LEADER).get("/lam-viec/").content.decode()
    given()
    assert "Xác nhận 1 vai trò, mật khẩu quản trị vừa giao" in entered(LEADER).get("/lam-viec/").content.decode()


@pytest.mark.usefixtures("nothing_kept")
def test_the_page_takes_as_many_queries_for_three_as_for_one(django_assert_max_num_queries: Any) -> None:
    numbers, browser = [], entered(LEADER)
    for units in (["la-gi"], ["phan-thiet", "duc-linh"]):
        for unit in units:
            given("lanh-dao-huyen", unit=unit)
        with django_assert_max_num_queries(21) as counted:
            browser.get(WAITING)
        numbers.append(len(counted))
    assert numbers[0] == numbers[1]


def test_the_list_has_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("organisation.views.PAGE", 1)
    given("lanh-dao-huyen", unit="la-gi")
    given("lanh-dao-huyen", unit="phan-thiet")
    pages = [entered(LEADER).get(f"{WAITING}?trang={n}").content.decode() for n in (1, 2)]
    assert [page.count('class="card-title"') for page in pages] == [1, 1] and pages[0] != pages[1]
