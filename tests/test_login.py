"""Coming in: by password, with a second step where a role demands it, locked after mistakes, all in Vietnamese."""

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from organisation.tasks import forget_sessions
from tests.pages import confirmed

PASSWORD = "mat-khau-thu"


@pytest.fixture(autouse=True)
def _no_old_mistakes(db: None) -> None:
    cache.clear()


def log_in(client: Client, name: str, password: str = PASSWORD, **extra: Any) -> Any:
    return client.post("/dang-nhap/", {"login": name, "password": password}, **extra)


def test_an_officer_comes_in_and_goes_out(client: Client) -> None:
    response = log_in(client, "hamthuanbac.chuyenvien")
    assert (response.status_code, response["Location"]) == (302, "/lam-viec/")
    assert "Việc của tôi" in client.get("/lam-viec/").content.decode()
    client.post("/dang-xuat/")
    assert client.get("/lam-viec/").status_code == 302


def test_a_wrong_password_is_told_in_vietnamese_and_the_name_kept(client: Client) -> None:
    html = log_in(client, "hamthuanbac.chuyenvien", "sai").content.decode()
    assert "Tên đăng nhập hoặc mật khẩu chưa đúng" in html
    assert 'value="hamthuanbac.chuyenvien"' in html


def test_an_unknown_name_is_answered_alike(client: Client) -> None:
    known = log_in(client, "quantri", "sai").content.decode()
    unknown = log_in(client, "ai.do", "sai").content.decode()
    assert "Tên đăng nhập hoặc mật khẩu chưa đúng" in unknown
    assert known.replace("quantri", "").count("<p>") == unknown.replace("ai.do", "").count("<p>")


def test_five_mistakes_lock_the_name_from_this_address_only(client: Client) -> None:
    for _ in range(5):
        response = log_in(client, "quantri", "sai")
    assert response.status_code == 429
    text = " ".join(response.content.decode().split())
    assert "xin đợi 15 phút" in text
    assert log_in(client, "quantri").status_code == 429
    assert log_in(client, "tinh.chuyenvien").status_code == 302
    assert log_in(Client(), "quantri", REMOTE_ADDR="10.0.0.9").status_code == 302


def test_sign_up_and_password_reset_are_not_there(client: Client) -> None:
    for address in ("/dang-ky/", "/accounts/signup/", "/tai-khoan/signup/", "/accounts/password/reset/"):
        assert client.get(address).status_code == 404


@pytest.mark.parametrize("next_page", ["https://example.com/", "//example.com", "javascript:alert(1)"])
def test_nobody_is_sent_to_another_house(client: Client, next_page: str) -> None:
    response = client.post("/dang-nhap/", {"login": "quantri", "password": PASSWORD, "next": next_page})
    assert response["Location"] == "/lam-viec/"


def test_a_second_step_is_asked_for_when_it_is_set_up(client: Client, user: Any) -> None:
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(user("tinh.lanhdao"), secret)
    response = log_in(client, "tinh.lanhdao")
    assert response["Location"] == "/tai-khoan/bao-mat/authenticate/"
    page = client.get("/tai-khoan/bao-mat/authenticate/")
    assert page.status_code == 200
    assert "mã từ ứng dụng xác minh" in page.content.decode()
    assert client.get("/lam-viec/").status_code == 302
    wrong = client.post("/tai-khoan/bao-mat/authenticate/", {"code": "000000"})
    assert "Mã chưa đúng" in wrong.content.decode()
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    code = totp.format_hotp_value(totp.hotp_value(secret, counter))
    response = client.post("/tai-khoan/bao-mat/authenticate/", {"code": code})
    assert response["Location"] == "/lam-viec/"
    assert client.get("/lam-viec/", follow=True).status_code == 200


def test_a_role_that_demands_a_second_step_is_sent_to_set_it_up(client: Client, settings: Any) -> None:
    settings.MFA_REQUIRED_ROLES = ["lanh-dao-ban"]
    log_in(client, "tinh.lanhdao")
    assert client.get("/lam-viec/nam/2023/")["Location"] == "/tai-khoan/bao-mat/"
    html = client.get("/tai-khoan/bao-mat/").content.decode()
    assert "cần bước xác minh thứ hai" in html
    assert client.get("/").status_code == 200
    log_in(other := Client(), "tinh.chuyenvien")
    assert other.get("/lam-viec/nam/2023/").status_code == 200


def test_the_second_step_has_no_empty_box(client: Client, user: Any) -> None:
    totp.TOTP.activate(user("tinh.lanhdao"), totp.generate_totp_secret())
    log_in(client, "tinh.lanhdao")
    html = client.get("/tai-khoan/bao-mat/authenticate/").content.decode()
    assert (html.count('class="panel mb-4"'), html.count('id="webauthn_form"')) == (1, 1)


def test_what_is_wrong_on_a_page_of_the_package_leads_to_its_field(client: Client, user: Any) -> None:
    client.force_login(user("hamhiep.canbo"), backend="django.contrib.auth.backends.ModelBackend")
    page = client.post("/tai-khoan/mat-khau/", {}).content.decode()
    for field in ("id_oldpassword", "id_password1", "id_password2"):
        assert f'<a href="#{field}">' in page and f'id="{field}"' in page


def test_recovery_codes_and_passkeys_are_offered(client: Client) -> None:
    log_in(client, "tinh.lanhdao")
    html = client.get("/tai-khoan/bao-mat/").content.decode()
    for words in ("Ứng dụng xác minh", "Khóa bảo mật", "Mã dự phòng"):
        assert words in html
    assert Authenticator.objects.count() == 0


ENGLISH = re.compile(
    r"\b(Sign|Password|Authenticator|Security|Recovery|Code|Confirm|Enter|Please|Your|Add|Remove|Activate|Name|the|and)\b"
)


@pytest.mark.parametrize(
    "address",
    [
        "/tai-khoan/bao-mat/",
        "/tai-khoan/mat-khau/",
        "/tai-khoan/xac-nhan/",
        "/tai-khoan/bao-mat/totp/activate/",
        "/tai-khoan/bao-mat/webauthn/",
        "/tai-khoan/bao-mat/webauthn/add/",
        "/tai-khoan/bao-mat/recovery-codes/generate/",
        "/dang-xuat/",
        "/tai-khoan/bi-khoa/",
    ],
)
def test_the_packages_pages_speak_vietnamese(client: Client, user: Any, address: str) -> None:
    if "recovery" in address or address.endswith("webauthn/"):
        totp.TOTP.activate(user("tinh.lanhdao"), totp.generate_totp_secret())
        client.force_login(user("tinh.lanhdao"), backend="django.contrib.auth.backends.ModelBackend")
    else:
        log_in(client, "tinh.lanhdao")
    if "xac-nhan" not in address:
        confirmed(client)  # else it is the page that asks for the password that is looked at
    html = client.get(address, follow=True).content.decode()
    text = re.sub(r"(?s)<(script|style)\b.*?</\1>|<[^>]+>|otpauth\S+", " ", html)
    assert not ENGLISH.search(text), ENGLISH.findall(text)
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)|\sstyle=|\son[a-z]+=", html)


ADMIN_PAGES = [
    "",
    "organisation/unit/",
    "organisation/unit/add/",
    "organisation/user/",
    "organisation/user/add/",
    "organisation/auditevent/",
    "models_registry/season/",
]
LEFT_IN_ENGLISH = re.compile(
    r"\b(Skip|Toggle|Model|Select|Show|Enabled|Disabled|Whether|After|Password|Add link|Search|Save|Delete|History)\b"
)


@pytest.mark.parametrize("page", ADMIN_PAGES)
def test_the_administrators_pages_speak_vietnamese(client: Client, user: Any, page: str) -> None:
    client.force_login(user("quantri"), backend="django.contrib.auth.backends.ModelBackend")
    response = confirmed(client).get(f"/lam-viec/quan-tri/{page}")
    text = re.sub(r"(?s)<(script|style)\b.*?</\1>|<[^>]+>", " ", response.content.decode())
    assert response.status_code == 200
    assert not LEFT_IN_ENGLISH.search(text), LEFT_IN_ENGLISH.findall(text)


def test_guessing_through_many_names_is_slowed_down(client: Client) -> None:
    answers = [log_in(client, f"khong.co.{number}", "sai") for number in range(31)]
    assert [one.status_code for one in answers] == [200] * 30 + [429]
    assert answers[-1]["Retry-After"] == "60" and "Cổng tạm dừng nhận yêu cầu từ máy này đến" in answers[-1].content.decode()


@pytest.mark.parametrize("header", ["", "1.1.1.1", "garbage, garbage", "\x00, 1.1.1.1"])
def test_an_odd_header_of_a_proxy_breaks_no_login(client: Client, settings: Any, header: str) -> None:
    settings.PROXY_COUNT = settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2
    assert log_in(client, "hamthuanbac.chuyenvien", HTTP_X_FORWARDED_FOR=header).status_code == 302


def test_sessions_that_have_run_out_are_forgotten(client: Client) -> None:
    log_in(client, "tinh.chuyenvien")
    log_in(other := Client(), "tinh.lanhdao")
    Session.objects.filter(pk=other.session.session_key).update(expire_date=timezone.now() - timedelta(minutes=1))
    forget_sessions()
    assert [one.pk for one in Session.objects.all()] == [client.session.session_key]
