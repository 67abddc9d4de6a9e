"""The second step: its mistakes are counted, its secrets encrypted, and who must set one up sees nothing before."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client

from tests.models_registry.test_files import send
from tests.online import begin, person
from tests.pages import entered
from tests.photos import PDF
from tests.test_login import log_in

STEP = "/tai-khoan/bao-mat/authenticate/"
LEADER, OFFICER = "tinh.lanhdao", "tinh.chuyenvien"
NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
TOO_OFTEN = "Sai quá nhiều lần. Xin đợi 15 phút rồi thử lại."


@pytest.fixture(autouse=True)
def clock(db: None) -> Iterator[Any]:
    cache.clear()
    with time_machine.travel(NOW, tick=False) as travelling:
        yield travelling


def with_app(name: str) -> str:
    """The secret of a person who has set up the second step."""
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(person(name), secret)
    return secret


def right_code(secret: str) -> str:
    return totp.format_hotp_value(totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time()))))


def at_the_step(name: str, address: str = "10.0.0.1") -> Client:
    """Past the password, before the code."""
    client = Client(REMOTE_ADDR=address)
    assert log_in(client, name)["Location"] == STEP
    return client


def answer(client: Client, code: str, **extra: Any) -> Any:
    return client.post(STEP, {"code": code}, **extra)


def test_five_wrong_codes_close_the_step_for_the_right_one_too(clock: Any) -> None:
    secret = with_app(LEADER)
    client = at_the_step(LEADER)
    for _ in range(5):
        assert "Mã chưa đúng" in answer(client, "000000").content.decode()
    refused = answer(client, right_code(secret))
    assert refused.status_code == 200 and TOO_OFTEN in refused.content.decode()
    clock.shift(timedelta(minutes=16))
    assert answer(client, right_code(secret)).status_code == 302


def test_wrong_codes_from_many_addresses_are_counted_together() -> None:
    secret = with_app(LEADER)
    clients = [at_the_step(LEADER, f"10.0.{n}.1") for n in range(6)]
    said = [answer(clients[n % 6], f"{n:06d}").content.decode() for n in range(24)]
    assert sum("Mã chưa đúng" in one for one in said) == 5
    assert answer(at_the_step(LEADER, "10.9.9.9"), right_code(secret)).status_code == 200


def test_recovery_codes_are_counted_with_the_others() -> None:
    with_app(LEADER)
    codes = RecoveryCodes.activate(person(LEADER)).get_unused_codes()
    client = at_the_step(LEADER)
    for wrong in ("00000000", "000000", "11111111", "111111", "22222222"):
        answer(client, wrong)
    assert TOO_OFTEN in answer(client, codes[0]).content.decode()


def test_one_machine_does_not_close_the_step_for_its_office() -> None:
    with_app(OFFICER)
    secret = with_app(LEADER)
    guessing = at_the_step(OFFICER)
    for n in range(30):
        answer(guessing, f"{n:06d}")
    assert answer(at_the_step(LEADER), right_code(secret)).status_code == 302


def test_an_address_that_guesses_at_many_accounts_is_stopped() -> None:
    names = [
        "hamthuanbac.chuyenvien",
        "hamthuanbac.lanhdao",
        "hamhiep.canbo",
        "phanthiet.chuyenvien",
        "duclinh.chuyenvien",
        "hoidong1",
    ]
    for name in names:
        with_app(name)
        guessing = at_the_step(name)
        for n in range(5):
            assert "Mã chưa đúng" in answer(guessing, f"{n:06d}").content.decode()
    secret = with_app(LEADER)
    assert TOO_OFTEN in answer(at_the_step(LEADER), right_code(secret)).content.decode()
    assert answer(at_the_step(LEADER, "10.0.0.2"), right_code(secret)).status_code == 302


def test_confirming_by_password_or_code_is_counted() -> None:
    client = entered(LEADER)
    statuses = [client.post("/tai-khoan/xac-nhan/", {"password": "sai"}).status_code for _ in range(11)]
    assert statuses[-1] == 429 and 200 in statuses
    with_app(OFFICER)
    client = entered(OFFICER)
    said = [client.post("/tai-khoan/bao-mat/reauthenticate/", {"code": f"{n:06d}"}).content.decode() for n in range(7)]
    assert ["Mã chưa đúng" in one for one in said] == [True] * 5 + [False] * 2


def stored() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM mfa_authenticator ORDER BY id")
        return " ".join(str(row[0]) for row in cursor.fetchall())


def test_secrets_are_encrypted_and_the_key_can_be_changed(settings: Any) -> None:
    secret = with_app(LEADER)
    codes = RecoveryCodes.activate(person(LEADER)).get_unused_codes()
    before = stored()
    assert secret not in before and all(code not in before for code in codes)
    settings.ENCRYPTION_KEYS = ["khoa-moi", *settings.ENCRYPTION_KEYS]
    call_command("renew_encryption")
    assert stored() != before
    settings.ENCRYPTION_KEYS = ["khoa-moi"]
    assert answer(at_the_step(LEADER), right_code(secret)).status_code == 302
    assert RecoveryCodes.activate(person(LEADER)).get_unused_codes() == codes


def test_a_secret_from_before_encryption_still_opens_and_is_encrypted_by_the_command() -> None:
    secret = with_app(LEADER)
    Authenticator.objects.update(data={"secret": secret})
    call_command("renew_encryption")
    assert secret not in stored()
    assert answer(at_the_step(LEADER), right_code(secret)).status_code == 302


def test_a_key_that_is_missing_is_told(settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    with_app(LEADER)
    settings.ENCRYPTION_KEYS = ["khac"]
    before = stored()
    with pytest.raises(SystemExit, match=r"^2$"):
        call_command("renew_encryption")
    assert "Không khóa nào trong ENCRYPTION_KEYS" in capsys.readouterr().err
    assert stored() == before


def test_who_must_set_up_a_second_step_sees_what_a_visitor_sees(settings: Any, tmp_path: Any) -> None:
    """A private paper, a draft of a public page, the masthead's doors: nothing that the role opens."""
    settings.MEDIA_ROOT = tmp_path
    paper = send(begin(), PDF, "tap.pdf")
    address = f"/tep/{paper.pk}/tep/"
    officer = entered("hamthuanbac.chuyenvien")
    assert officer.get(address).status_code == 200
    settings.MFA_REQUIRED_ROLES = ["chuyen-vien-huyen"]
    assert officer.get(address).status_code == 404
    assert officer.get("/lam-viec/")["Location"] == "/tai-khoan/bao-mat/"
    page = officer.get("/").content.decode()
    assert page.count("/dang-nhap/") == Client().get("/").content.decode().count("/dang-nhap/") > 0
    with_app("hamthuanbac.chuyenvien")
    assert officer.get(address).status_code == 200
