"""What stands on every answer, for browsers and for caches between; where faults in security are reported."""

import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client

from danvan import settings as house
from organisation.models import User
from portal.middleware import NOT_USED
from portal.models import PortalText
from tests.databases import empty_database
from tests.test_starting import start

pytestmark = pytest.mark.django_db
PAGE = "/mo-hinh/lo-dot-rac-ho-gia-dinh-ham-hiep/"
EVERY_KIND = [  # address, what it is asked with, status
    ("/", {}, 200),
    (PAGE, {}, 200),
    ("/khong-co/", {}, 404),
    ("/mo-hinh/?q=%00", {}, 400),
    ("/mo-hinh/", {"HTTP_HOST": "host.example"}, 400),
    ("/", {"CONTENT_LENGTH": str(60 * 1024 * 1024)}, 413),
    ("/", {"CONTENT_LENGTH": "9" * 5000}, 413),
    ("/lam-viec/", {}, 302),
    ("/ngon-ngu/en/", {}, 302),
    ("/dang-nhap/", {}, 200),
    ("/api/v1/nam/", {}, 200),
    ("/api/v1/dang-ky/?trang=cD1hYmM=", {}, 404),
    ("/api/v1/so-lieu/?ngay=x", {}, 400),
    ("/feed/", {}, 200),
    ("/sitemap.xml", {}, 200),
    ("/robots.txt", {}, 200),
    ("/healthz", {}, 200),
    ("/du-lieu-mo/2023/dang-ky.csv", {}, 200),
    ("/mo-hinh/?tai=xlsx", {}, 200),
    (f"{PAGE}chia-se.png", {}, 200),
    ("/static/look/look.css", {}, 200),
    ("/static/look/khong-co.css", {}, 404),
    ("/tep/00000000-0000-0000-0000-000000000000/tep/", {}, 404),
]
FOR_OTHERS = ("/api/", "/feed/", "/du-lieu-mo/", f"{PAGE}chia-se.png")


@pytest.fixture
def whole(settings: Any) -> None:
    """The middleware of the house, whitenoise too, which reads the files where they lie."""
    settings.MIDDLEWARE = house.MIDDLEWARE
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = True
    settings.PUBLIC_CACHE_SECONDS = 300


def officer() -> Client:
    client = Client()
    client.force_login(User.objects.get(username="tinh.chuyenvien"), backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.usefixtures("whole")
@pytest.mark.parametrize(("address", "given", "status"), EVERY_KIND)
def test_every_answer_tells_browsers_what_they_may(address: str, given: dict[str, str], status: int) -> None:
    for _ in range(2):  # made, then kept
        answer = Client().get(address, **given)
        assert answer.status_code == status
        policy = answer["Permissions-Policy"]
        assert all(f"{name}=()" in policy for name in NOT_USED) and "publickey-credentials-get=(self)" in policy
        assert answer["Cross-Origin-Resource-Policy"] == ("cross-origin" if address.startswith(FOR_OTHERS) else "same-origin")
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer["X-Content-Type-Options"] == "nosniff" and answer["Referrer-Policy"] == "same-origin"
        assert answer["X-Frame-Options"] == "DENY" and "default-src" in answer["Content-Security-Policy"]
        assert answer["Content-Security-Policy"].count("unsafe") == 0


@pytest.mark.usefixtures("whole")
def test_an_answer_of_too_many_and_a_failure_too(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.PUBLIC_RATE = 1
    with time_machine.travel(datetime.now(UTC), tick=False):  # both within one minute
        answers = [Client().get(f"/mo-hinh/?q=rac{number}", REMOTE_ADDR="10.9.9.9") for number in range(2)]
    settings.PUBLIC_RATE = 0
    monkeypatch.setattr("portal.views.pages.home_page", lambda *_: 1 / 0)
    client = Client(raise_request_exception=False)
    answers += [client.get("/so-lieu/?nam=x", headers={"Accept": "x"}), client.get("/?them=1"), client.post("/mo-hinh/")]
    assert [one.status_code for one in answers] == [200, 429, 200, 500, 405]
    for one in answers:
        assert "camera=()" in one["Permissions-Policy"] and one["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "default-src" in one["Content-Security-Policy"] and one["X-Frame-Options"] == "DENY"


@pytest.mark.usefixtures("whole")
@pytest.mark.parametrize(("address", "given", "status"), EVERY_KIND)
def test_what_an_officer_is_shown_no_shared_cache_keeps(address: str, given: dict[str, str], status: int) -> None:
    """Copies of public pages made for officers lacked `private`."""
    if address in ("/lam-viec/", "/dang-nhap/"):
        status = {"/lam-viec/": 200, "/dang-nhap/": 302}[address]
    answer = officer().get(address, **given)
    assert answer.status_code == status
    told = answer["Cache-Control"]
    if address == "/static/look/look.css":
        assert "private" not in told
    else:
        assert "private" in told and "public" not in told
        assert "no-store" in told or "no-cache" in told or "max-age" in told


@pytest.mark.usefixtures("whole")
@pytest.mark.parametrize("address", ["/", PAGE, "/mo-hinh/", "/api/v1/nam/", "/tim/?q=rac", f"{PAGE}chia-se.png", "/feed/"])
def test_what_visitors_are_shown_may_be_kept_by_all(address: str) -> None:
    Client().get(address)
    told = Client().get(address)["Cache-Control"]
    assert "public" in told and "private" not in told and "no-store" not in told


def test_an_officers_limit_and_refusals_are_kept_by_no_cache_either(settings: Any) -> None:
    client = officer()
    settings.USER_RATE = 1
    answers = [client.get("/mo-hinh/"), client.get("/mo-hinh/"), client.get("/lam-viec/quan-tri/")]
    settings.USER_RATE = 0
    answers += [
        client.get("/lam-viec/quan-tri/"),
        client.post("/mo-hinh/"),
        Client(enforce_csrf_checks=True).post("/yeu-cau-sua/"),
    ]
    assert [one.status_code for one in answers] == [200, 429, 429, 404, 405, 403]
    assert all("private" in one["Cache-Control"] for one in answers[:-1])


@pytest.mark.long
@pytest.mark.parametrize("https", ["0", "1"])
def test_cookies_are_this_hosts_alone_under_https(https: str, tmp_path: Any) -> None:
    script = (
        "from organisation.models import User; User.objects.create_user('a', password='mot-mat-khau')\n"
        "from django.test import Client; c = Client(); "
        f"g = dict(secure={https} == 1, HTTP_HOST='danvan.example')\n"
        "c.get('/yeu-cau-sua/', **g); c.get('/ngon-ngu/en/', **g)\n"
        "c.post('/dang-nhap/', {'login': 'a', 'password': 'mot-mat-khau'}, **g)\n"
        "for n, m in sorted(c.cookies.items()):\n"
        "    if n != 'messages': print(n, bool(m['secure']), m['path'], repr(m['domain']), m['samesite'])"
    )
    ran = start(
        tmp_path,
        sys.executable,
        "manage.py",
        "shell",
        "-v",
        "0",
        "-c",
        script,
        HTTPS=https,
        DATABASE_URL=f"sqlite:///{empty_database(tmp_path / 'portal.sqlite3')}",
        ALLOWED_HOSTS="danvan.example",
        DJANGO_SETTINGS_MODULE="tests.settings",
    )
    assert ran.returncode == 0, ran.stderr
    own, secure = ("__Host-", True) if https == "1" else ("", False)
    names = sorted(f"{own}{name}" for name in ("csrftoken", "ngon-ngu", "sessionid"))
    assert ran.stdout.split("\n")[-4:-1] == [f"{name} {secure} / '' Lax" for name in names]


def told(client: Client) -> dict[str, list[str]]:
    lines = client.get("/.well-known/security.txt").content.decode().splitlines()
    found: dict[str, list[str]] = {}
    for line in lines:
        name, _, value = line.partition(": ")
        found.setdefault(name, []).append(value)
    return found


def test_where_faults_are_reported_comes_from_the_provinces_record(client: Client) -> None:
    text = "bao-mat@danvan.example\n\n+84 (252) 382-1234\nhttps://danvan.example/bao-loi?x=1"
    PortalText.objects.create(key=PortalText.Key.SECURITY, body=text)
    with time_machine.travel("2026-11-26T03:00:00Z", tick=False):
        found = told(client)
        html = client.get("/bao-mat/").content.decode()
    assert found == {
        "Contact": ["mailto:bao-mat@danvan.example", "tel:+842523821234", "https://danvan.example/bao-loi?x=1"],
        "Expires": ["2027-05-25T00:00:00Z"],
        "Preferred-Languages": ["vi, en"],
        "Canonical": ["http://testserver/.well-known/security.txt"],
        "Policy": ["http://testserver/bao-mat/"],
    }
    assert 'href="mailto:bao-mat@danvan.example"' in html and ">+842523821234<" in html
    assert client.get("/.well-known/security.txt")["Content-Type"] == "text/plain; charset=utf-8"


def test_it_never_ends_within_a_month_nor_after_a_year(client: Client) -> None:
    PortalText.objects.create(key=PortalText.Key.SECURITY, body="a@danvan.example")
    ends = datetime.fromisoformat(told(client)["Expires"][0])
    left = ends - datetime.now(ends.tzinfo)
    assert timedelta(days=30) < left < timedelta(days=365)


@pytest.mark.parametrize("body", [None, "", "chưa có", "javascript:alert(1)", "http://danvan.example", "a@b", "Expires: x"])
def test_without_a_contact_there_is_no_file_and_the_page_leads_to_the_form(client: Client, body: str | None) -> None:
    if body is not None:
        PortalText.objects.create(key=PortalText.Key.SECURITY, body=body)
    assert client.get("/.well-known/security.txt").status_code == 404
    html = client.get("/bao-mat/").content.decode()
    assert 'href="/yeu-cau-sua/?trang=/bao-mat/"' in html.partition("<main")[2].partition("</main>")[0]


def test_the_foot_of_public_pages_leads_to_where_faults_are_reported(client: Client) -> None:
    assert 'href="/bao-mat/"' in client.get("/mo-hinh/").content.decode().partition("<footer")[2]


def test_a_contact_that_is_none_is_told_to_the_administrator() -> None:
    text = PortalText(key=PortalText.Key.SECURITY, body="a@danvan.example\ngọi cho tôi")
    with pytest.raises(ValidationError, match="gọi cho tôi"):
        text.full_clean()
    text.body = "a@danvan.example\n+84 252 382 1234"
    text.full_clean()
    PortalText(key=PortalText.Key.LICENCE, body="Tự do dùng.").full_clean()


@pytest.mark.parametrize(
    "megabytes, path, status", [(60, "nam/2023/nap-so/", 302), (110, "nam/2023/nap-so/", 413), (60, "", 413)]
)
def test_many_registers_at_once_may_be_larger_than_all_else(client: Client, megabytes: int, path: str, status: int) -> None:
    client.cookies["sessionid"] = "x"
    assert client.get(f"/lam-viec/{path}", CONTENT_LENGTH=str(megabytes * 1024 * 1024)).status_code == status
