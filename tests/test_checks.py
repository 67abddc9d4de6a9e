"""What `manage.py check --deploy` says of a portal that is open somewhere."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.checks import run_checks
from django.db import OperationalError

from danvan import checks
from danvan import settings as house
from organisation.models import User

IN_EARNEST = {
    "MFA_REQUIRED_ROLES": ["quan-tri"],
    "DEBUG": False,
    "HTTPS": True,
    "ALLOWED_HOSTS": ["danvan.example"],
    "DEMO_PASSWORD": "",
    "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": False,
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "PUBLIC_RATE": 240,
    "USER_RATE": 600,
    "PROXY_COUNT": 1,
    "SITE_ADDRESS": "https://danvan.example",
}


@pytest.fixture
def in_earnest(settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> Any:
    for name, value in IN_EARNEST.items():
        setattr(settings, name, value)
    tmp_path.chmod(0o700)
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(checks, "_demo_accounts", list)
    monkeypatch.setattr(checks, "connection", SimpleNamespace(vendor="postgresql"))
    return settings


def ids() -> list[str]:
    return [one.id or "" for one in checks.check_deployment()]


def test_nothing_is_said_of_a_portal_in_earnest(in_earnest: Any) -> None:
    assert ids() == []


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("MFA_REQUIRED_ROLES", [], "W002"),
        ("DEBUG", True, "W003"),
        ("ALLOWED_HOSTS", ["*"], "W005"),
        ("ALLOWED_HOSTS", house.ALLOWED_HOSTS, "W005"),
        ("DEMO_PASSWORD", "mat-khau", "W006"),
        ("MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN", True, "W007"),
        ("EMAIL_BACKEND", house.MAIL_FILES["EMAIL_BACKEND"], "W008"),
        ("REDIS_URL", "", "W009"),
        ("PUBLIC_RATE", 0, "W010"),
        ("USER_RATE", 0, "W010"),
        ("PROXY_COUNT", 0, "W011"),
        ("SITE_ADDRESS", "http://127.0.0.1:8000", "W012"),
        ("SITE_ADDRESS", "http://danvan.example", "W012"),
    ],
)
def test_each_open_setting_is_told_with_what_to_do(in_earnest: Any, name: str, value: Any, told: str) -> None:
    setattr(in_earnest, name, value)
    (found,) = checks.check_deployment()
    assert found.id == f"danvan.{told}" and found.hint


def test_a_system_that_cannot_hold_readers_is_told(in_earnest: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("common.apart.parent.read_apart", lambda *_, **__: iter([False]))
    assert ids() == ["danvan.W014"]


def test_http_alone_is_told(in_earnest: Any) -> None:
    in_earnest.HTTPS = False
    assert ids() == ["danvan.W004"]


def test_sqlite_is_told(in_earnest: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "connection", SimpleNamespace(vendor="sqlite"))
    assert ids() == ["danvan.W009"]


def test_a_folder_that_others_read_is_told(in_earnest: Any, tmp_path: Any) -> None:
    tmp_path.chmod(0o750)
    assert ids() == ["danvan.W013"]


@pytest.mark.django_db
def test_demo_accounts_that_are_open_are_told_by_name() -> None:
    User.objects.exclude(username__in=["quantri", "hoidong1"]).update(is_active=False)
    (found,) = checks._demo_accounts()
    assert found.id == "danvan.W001" and found.msg.endswith(": hoidong1, quantri.")
    User.objects.update(is_active=False)
    assert list(checks._demo_accounts()) == []


def test_without_a_database_nothing_is_said_of_accounts(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(**_: Any) -> Any:
        raise OperationalError("gone")

    monkeypatch.setattr(User.objects, "filter", gone)
    assert list(checks._demo_accounts()) == []


@pytest.mark.django_db
def test_they_are_asked_of_a_deployment_alone() -> None:
    assert not [one for one in run_checks() if (one.id or "").startswith("danvan.")]
    assert {"danvan.W001", "danvan.W002", "danvan.W004"} <= {one.id for one in run_checks(include_deployment_checks=True)}
