"""How much one may ask for: visitors by address, signed-in users by account. What is made up in a cookie changes neither."""

import secrets
import string
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from common.cache_version import renew
from organisation.models import User
from portal import limits
from portal.enums import RequestKind

pytestmark = pytest.mark.django_db
PAGE = "/mo-hinh/lo-dot-rac-ho-gia-dinh-ham-hiep/"
OFFICER = "hamthuanbac.chuyenvien"


@pytest.fixture(autouse=True)
def limited(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Five pages a minute, and a clock that stays within its minute."""
    settings.PUBLIC_RATE, settings.USER_RATE, settings.PUBLIC_CACHE_SECONDS = 5, 20, 300
    minute = time.time() // 60 * 60
    monkeypatch.setattr(limits.time, "time", lambda: minute + 15)
    cache.clear()
    renew()
    yield
    cache.clear()


def signed_in(name: str = OFFICER) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=name), backend="django.contrib.auth.backends.ModelBackend")
    return client


def made_up() -> str:
    return "".join(secrets.choice(string.ascii_lowercase + string.digits) for _ in range(32))


def statuses(number: int, address: str = "/mo-hinh/?q=rac{}", **cookies: Any) -> list[int]:
    """What each of some requests gets, each from a browser of its own; a cookie's value is made anew for each."""
    found = []
    for each in range(number):
        client = Client()
        for name, value in cookies.items():
            client.cookies[name] = value() if callable(value) else value
        found.append(client.get(address.format(each)).status_code)
    return found


def queries(client: Client, address: str, status: int = 200, **given: Any) -> int:
    with CaptureQueriesContext(connection) as ran:
        assert client.get(address, **given).status_code == status
    return len(ran)


def test_who_asks_too_fast_is_told_when_to_come_again(client: Client) -> None:
    answers = [client.get(f"/mo-hinh/?q=rac{number}") for number in range(7)]
    assert [one.status_code for one in answers] == [200] * 5 + [429] * 2
    assert answers[-1]["Retry-After"] == "45" and "xin đợi" in answers[-1].content.decode()
    told = client.get("/api/v1/dang-ky/")
    assert told.status_code == 429 and told.json()["detail"] == "Gửi quá nhiều lần; xin đợi 45 giây."
    assert client.get("/mo-hinh/?q=rac0").status_code == 200  # kept: costs nothing
    assert client.get("/mo-hinh/?q=rac9", REMOTE_ADDR="10.0.0.9").status_code == 200


@pytest.mark.parametrize(
    "cookies",
    [
        {"sessionid": made_up},
        {"sessionid": "x"},
        {"sessionid": lambda: "a" * 40},
        {"messages": "made up"},
        {"messages": lambda: f"[]:{made_up()}"},
        {"ngon-ngu": lambda: secrets.choice(["vi", "en", "fr"])},
        {"sessionid": made_up, "messages": "x", "csrftoken": made_up},
    ],
    ids=["session", "short", "long", "message", "signed", "language", "all"],
)
def test_a_made_up_cookie_passes_no_limit(cookies: dict[str, Any]) -> None:
    assert statuses(7, **cookies) == [200] * 5 + [429] * 2


@pytest.mark.both
@pytest.mark.parametrize("value", ["a" * 31 + "\x00", "a" * 8 + "\x00" * 8, "\ud800" * 32, "' OR 1=1 --" + "a" * 30, "a" * 5000])
def test_no_cookie_of_a_session_breaks_a_page(value: str) -> None:
    """A quoted cookie carries any byte, and PostgreSQL fails on a NUL."""
    quoted = "".join(f"\\{ord(sign):03o}" if ord(sign) < 32 else sign for sign in value)
    header = f'sessionid="{quoted}"'.encode("utf-8", "surrogatepass").decode("latin-1")
    answers = [Client(headers={"Cookie": header}).get(address) for address in (PAGE, "/lam-viec/", "/dang-nhap/")]
    assert [one.status_code for one in answers] == [200, 302, 200]


@pytest.mark.parametrize("method", ["get", "head", "post", "options"])
@pytest.mark.parametrize("address", ["/mo-hinh/", "/api/v1/nam/", "/ban-do/", "/feed/", "/lam-viec/", "/tep/x/y/"])
def test_no_method_and_no_address_passes_it(method: str, address: str) -> None:
    for number in range(5):
        Client().get(f"/mo-hinh/?q=rac{number}")
    client = Client()
    client.cookies["sessionid"] = made_up()
    assert getattr(client, method)(address).status_code == 429


def test_a_kept_page_is_what_a_made_up_cookie_gets() -> None:
    Client().get(PAGE)
    client = Client()
    client.cookies["messages"] = "made up"
    assert queries(client, PAGE) == 0
    client.cookies["sessionid"] = "x"
    assert queries(client, PAGE) == 0
    client.cookies["sessionid"] = made_up()
    assert queries(client, PAGE) == 1  # whether the session is there
    assert queries(client, PAGE) == 0  # it was not


def test_over_the_limit_a_made_up_session_costs_the_database_nothing() -> None:
    Client().get(PAGE)
    for _ in range(5):
        client = Client()
        client.cookies["sessionid"] = made_up()
        client.get(PAGE)
    client = Client()
    client.cookies["sessionid"] = made_up()
    assert queries(client, PAGE, 429) == 0


def test_who_is_signed_in_is_counted_by_account_wherever() -> None:
    for number in range(6):
        Client().get(f"/mo-hinh/?q=rac{number}")  # the office's address has asked enough
    first, second, other = (signed_in(name) for name in (OFFICER, OFFICER, "duclinh.chuyenvien"))
    for client in (first, second, other):
        assert client.get(PAGE, REMOTE_ADDR="10.0.0.1").status_code == 200
    found = [client.get(PAGE).status_code for client in (first, second) * 10]
    assert found == [200] * 18 + [429] * 2
    assert other.get(PAGE).status_code == 200
    told = first.get("/lam-viec/")
    assert told.status_code == 429 and "của tài khoản này đến" in told.content.decode()
    assert first.get("/api/v1/nam/").json()["detail"] == "Gửi quá nhiều lần; xin đợi 45 giây."


def test_an_office_that_has_asked_enough_can_still_sign_in(client: Client) -> None:
    for number in range(6):
        client.get(f"/mo-hinh/?q=rac{number}")
    sent = client.post("/dang-nhap/", {"login": OFFICER, "password": "mat-khau-thu"})
    assert (sent.status_code, client.get("/lam-viec/").status_code) == (302, 200)


def test_the_login_page_has_a_limit_of_its_own(client: Client) -> None:
    assert [client.get("/dang-nhap/").status_code for _ in range(6)] == [200] * 5 + [429]


@pytest.mark.parametrize("ends", ["signed out", "closed", "new password"])
def test_a_session_that_ended_is_a_visitor_again(ends: str, monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in()
    assert "Ghi nơi làm theo" in client.get(PAGE).content.decode()
    user = User.objects.get(username=OFFICER)
    if ends == "signed out":
        key = client.cookies["sessionid"].value
        client.post("/dang-xuat/")
        client.cookies["sessionid"] = key
    elif ends == "closed":
        User.objects.filter(pk=user.pk).update(is_active=False)
    else:
        user.set_password("một mật khẩu khác")
        user.save()
    later = limits.time.time() + limits.ASKED_AGAIN + 60
    monkeypatch.setattr(limits.time, "time", lambda: later)
    found = [client.get(f"/mo-hinh/?q=rac{number}").status_code for number in range(7)]
    assert found == [200] * 5 + [429] * 2


@pytest.mark.usefixtures("nothing_kept")
def test_a_session_in_use_is_looked_up_once_a_minute() -> None:
    client = signed_in()
    at_first = queries(client, PAGE)
    assert queries(client, PAGE) == at_first - 2  # the session and its account


def test_a_message_that_waits_is_shown(client: Client) -> None:
    Client().get("/")
    officer = signed_in()
    officer.post("/dang-xuat/")
    assert "messages" in officer.cookies
    assert queries(officer, "/") > 0


def test_a_file_counts_as_several_pages(client: Client, settings: Any) -> None:
    settings.PUBLIC_RATE = 2 * limits.FILE_COSTS
    files = ["/mo-hinh/?tai=xlsx", "/du-lieu-mo/2023/dang-ky.csv", "/so-lieu/?tai=csv"]
    assert [client.get(address).status_code for address in files] == [200, 200, 429]


def test_requests_to_correct_are_counted_by_network(settings: Any) -> None:
    settings.PUBLIC_RATE = 0
    sent = {"page": "/", "kind": RequestKind.values[0], "words": "Sai số."}
    found = []
    for number in range(limits.REQUESTS + 1):
        client = Client()
        client.cookies["sessionid"] = made_up()
        found.append(client.post("/yeu-cau-sua/", sent, REMOTE_ADDR=f"2001:db8::{number}").status_code)
    assert found == [302] * limits.REQUESTS + [422]


@pytest.mark.parametrize(
    "header", ["", "garbage", "1.1.1.1, garbage", "1.1.1.1\x00, ", "a" * 9000, ", , ,", "999.1.1.1", "::1::"]
)
def test_no_header_of_a_proxy_passes_it(header: str, settings: Any) -> None:
    settings.PROXY_COUNT = 1
    found = [Client().get(f"/mo-hinh/?q=rac{each}", HTTP_X_FORWARDED_FOR=header).status_code for each in range(6)]
    assert found == [200] * 5 + [429]


def test_a_network_of_ipv6_is_one_visitor(settings: Any) -> None:
    settings.PROXY_COUNT = 1
    seen = [f"2001:db8:0:7:{each}::1" for each in range(6)]
    found = [Client().get(f"/mo-hinh/?q=rac{n}", HTTP_X_FORWARDED_FOR=one).status_code for n, one in enumerate(seen)]
    assert found == [200] * 5 + [429]
    assert Client().get("/mo-hinh/?q=rac8", HTTP_X_FORWARDED_FOR="2001:db8:0:8::1").status_code == 200


def test_without_the_cache_nobody_is_limited_and_officers_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise ConnectionError("gone")

    client = signed_in()
    for name in ("get_many", "get", "set", "add", "incr"):
        monkeypatch.setattr(type(cache), name, broken, raising=False)
    assert statuses(7, sessionid=made_up) == [200] * 7
    assert "Ghi nơi làm theo" in client.get(PAGE).content.decode()
