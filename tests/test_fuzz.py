"""Hostile requests of each group of roles, always the same; `make fuzz` sends thousands from a seed of its own."""

import os
from typing import Any

import pytest
from django.test import Client

from organisation.models import User
from tests import fuzzing

pytestmark = [pytest.mark.django_db, pytest.mark.both(pages=True), pytest.mark.long]
SEED = int(os.environ.get("FUZZ_SEED", "20231015"))
NUMBER = int(os.environ.get("FUZZ_NUMBER", "75"))


@pytest.mark.stage("world")
@pytest.mark.parametrize("role", fuzzing.OF_ROLES)
def test_no_value_of_a_parameter_breaks_a_page(role: str, client: Client, stage: dict[str, dict[str, Any]]) -> None:
    if role != "visitor":
        client.force_login(User.objects.get(username=role), backend="django.contrib.auth.backends.ModelBackend")
    attacks = fuzzing.drawn(SEED, NUMBER, fuzzing.OF_ROLES[role])
    assert [told for attack in attacks if (told := fuzzing.send(client, attack, stage))] == []


@pytest.mark.stage("world")
@pytest.mark.parametrize("name", ["portal:catalogue", "api:registrations"])
def test_no_cursor_breaks_a_list(name: str, client: Client, stage: dict[str, dict[str, Any]]) -> None:
    """`?trang=cD1hYmM=` was a failure of the API, half a surrogate pair in `sau` one of the catalogue."""
    places = [place for place in fuzzing.places([name]) if place[2] in ("sau", "truoc", "trang")]
    assert {place[2] for place in places} == ({"sau", "truoc"} if name == "portal:catalogue" else {"trang"})
    attacks = [fuzzing.Attack(*place, value) for place in places for value in fuzzing.CURSORS]
    assert [told for attack in attacks if (told := fuzzing.send(client, attack, stage))] == []


def test_a_page_of_the_api_that_is_none_is_told_in_vietnamese(client: Client) -> None:
    answer = client.get("/api/v1/dang-ky/?trang=cD1hYmM=")
    assert (answer.status_code, answer.json()["detail"][:17]) == (404, "Không có trang ấy")
