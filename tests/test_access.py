"""The access matrix against every address of the house, for every role."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from common.dates import today
from models_registry.models import RegisterImport
from organisation.models import AuditEvent, Membership, Unit, User
from organisation.services import confirm_role, give_role
from recognition.models import ScoreSheet
from recognition.services import seat_member
from tests.access_matrix import ADMIN_ELSEWHERE, ASKED, LOGIN, MATRIX, POSTS, ROLES, SENT
from tests.online import person
from tests.pages import bytes_of, confirmed, entered
from tests.rounds import on
from tests.world import address_of_the_site, says_what_is_sealed, uploaded

pytestmark = pytest.mark.django_db
# Of two roles that stand alike, the second is left to the whole suite.
ALIKE = {"hamthuanbac.lanhdao", "duclinh.chuyenvien", "tinh.lanhdao", "hoidong1"}
EACH_ROLE = [
    pytest.param(position, role, id=role, marks=[pytest.mark.long] if role in ALIKE else [])
    for position, role in enumerate(ROLES)
]


def names(patterns: Any = None, space: str = "") -> Iterator[str]:
    for entry in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from names(entry.url_patterns, inner)
        elif isinstance(entry, URLPattern):
            yield f"{space}{entry.name}" if entry.name else f"{space}{entry.pattern}"


LOOSE_STOP = re.compile(rb"\S\s+[.,;](?=[\s<])")  # a template's line break before a stop is a space on the page
PUBLIC = sorted({name for name in names() if not name.startswith("admin:")})
OF_ADMIN = sorted({name for name in names() if name.startswith("admin:")})


@pytest.fixture
def upload(db: None) -> RegisterImport:
    return uploaded()


def enter(client: Client, role: str) -> None:
    if role != "visitor":
        client.force_login(User.objects.get(username=role), backend="django.contrib.auth.backends.ModelBackend")


def outcome(response: Any) -> Any:
    if response.status_code == 302 and response["Location"].startswith(("/dang-nhap/", "/lam-viec/quan-tri/login/")):
        return LOGIN
    return response.status_code


def test_every_address_has_its_line() -> None:
    assert sorted(MATRIX) == PUBLIC


@pytest.mark.stage("world")
@pytest.mark.parametrize("position, role", EACH_ROLE)
def test_every_role_at_every_address(client: Client, stage: dict[str, dict[str, Any]], position: int, role: str) -> None:
    enter(client, role)
    found = {}
    for name in MATRIX:
        response = client.get(reverse(name, kwargs=stage.get(name)), ASKED.get(name))
        said = bytes_of(response)
        assert not says_what_is_sealed(name, said), name
        assert not LOOSE_STOP.findall(said) or not response["Content-Type"].startswith("text/html"), name
        found[name] = LOGIN if name == "account_login" and outcome(response) == LOGIN else outcome(response)
    assert found == {name: expected[position] for name, expected in MATRIX.items()}


@pytest.mark.long
@pytest.mark.stage("world")
def test_no_role_just_given_opens_sealed_scores(stage: dict[str, dict[str, Any]]) -> None:
    """Every address of rounds, and the administrators' audit trail, for those who were given a role in the sealed phase."""
    sealed = ScoreSheet.objects.get(member__user__username="hoidong2")
    ours = Unit.objects.get(key="ham-thuan-bac")
    readers = ("quantri", "duclinh.chuyenvien", "hamhiep.canbo")
    just_given = (
        ("lanh-dao-huyen", "duclinh.chuyenvien"),
        ("lanh-dao-ban", "quantri"),
        ("chuyen-vien-huyen", "quantri"),
        ("quan-tri", "hamhiep.canbo"),
    )
    shown = 0
    with on(9, 12):
        for role, name in just_given:
            membership = give_role(user=person(name), role=role, unit=ours, starts_on=today(), actor=person("quantri"))
            confirm_role(membership_id=membership.pk, actor=person("tinh.lanhdao"))
        officer = person("hamthuanbac.chuyenvien")
        seat_member(round_id=sealed.dossier.round_id, user=person("duclinh.chuyenvien"), task="deputy", actor=officer)
        addresses = {"/lam-viec/", f"/lam-viec/mo-hinh/{sealed.dossier.registration.model.slug}/lich-su/"}
        addresses |= {reverse(name, kwargs=stage.get(name)) for name in MATRIX if name.startswith(("recognition:", "api:"))}
        events = AuditEvent.objects.order_by("-pk").values_list("pk", flat=True)[:40]
        audit = {f"/lam-viec/quan-tri/organisation/auditevent/{pk}/change/" for pk in events}
        audit.add("/lam-viec/quan-tri/organisation/auditevent/")
        for reader in readers:
            browser = confirmed(entered(reader))
            for address in sorted(addresses | (audit if reader == "quantri" else set())):
                response = browser.get(address)
                assert not says_what_is_sealed("recognition:", bytes_of(response)), (reader, address)
                shown += response.status_code == 200
    assert shown > 100


@pytest.mark.stage("world")
@pytest.mark.parametrize(
    "role",
    [role if role in ("visitor", "quantri", "tinh.chuyenvien") else pytest.param(role, marks=pytest.mark.long) for role in ROLES],
)
def test_the_administrators_site(client: Client, role: str) -> None:
    enter(client, role)
    found = {name: outcome(client.get(address_of_the_site(name))) for name in OF_ADMIN}
    assert len(found) == 69
    if role == "quantri":
        assert {name: got for name, got in found.items() if got != 200} == ADMIN_ELSEWHERE
    else:
        nothing = {"admin:<path:object_id>/": 404}
        assert found == dict.fromkeys(OF_ADMIN, LOGIN if role == "visitor" else 404) | nothing


@pytest.mark.parametrize("role", ["hamthuanbac.chuyenvien", "duclinh.chuyenvien"])
@pytest.mark.parametrize("key", ["phan-thiet", "binh-thuan", "khong-co"])
def test_another_units_board_is_not_there(client: Client, db: None, role: str, key: str) -> None:
    enter(client, role)
    assert client.get(f"/lam-viec/nam/2023/?don-vi={key}").status_code == 404


def test_another_units_upload_cannot_be_confirmed(client: Client, upload: RegisterImport) -> None:
    RegisterImport.objects.filter(pk=upload.pk).update(state="read", report={"rows": 1})
    enter(client, "duclinh.chuyenvien")
    assert client.post(f"/lam-viec/nap-so/{upload.pk}/xac-nhan/").status_code == 404
    assert RegisterImport.objects.get(pk=upload.pk).state == "read"


def test_a_register_cannot_be_sent_for_another_unit(client: Client, upload: RegisterImport, tmp_path: Path) -> None:
    enter(client, "duclinh.chuyenvien")
    (tmp_path / "so.xlsx").write_bytes(b"PK\x03\x04")
    with (tmp_path / "so.xlsx").open("rb") as file:
        response = client.post("/lam-viec/nam/2023/nap-so/", {"unit": "phan-thiet", "file": file})
    assert response.status_code == 422
    assert RegisterImport.objects.filter(unit__key="phan-thiet", uploaded_by__isnull=False).count() == 0


def test_a_role_that_has_ended_opens_nothing(client: Client, upload: RegisterImport) -> None:
    Membership.objects.filter(user__username="duclinh.chuyenvien").update(ends_on=date(2024, 1, 1))
    enter(client, "duclinh.chuyenvien")
    assert client.get("/lam-viec/nam/2023/").status_code == 404


@pytest.mark.stage("world")
@pytest.mark.parametrize("position, role", EACH_ROLE)
def test_every_role_sending_to_every_address(client: Client, stage: dict[str, dict[str, Any]], position: int, role: str) -> None:
    enter(client, role)
    found = {name: outcome(client.post(reverse(name, kwargs=stage.get(name)), SENT.get(name))) for name in POSTS}
    assert found == {name: expected[position] for name, expected in POSTS.items()}
