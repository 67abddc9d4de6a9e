"""Whatever a page refuses it says on top, with a link to the field: each address that takes a form, sent nothing or half of it."""

from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

import tests.world  # noqa: F401  the stage
from tests.access_matrix import LOGIN, POSTS, ROLES, SENT
from tests.forms_sent import Refusal
from tests.pages import entered

pytestmark = [pytest.mark.django_db, pytest.mark.stage("world")]

LEADS_NOWHERE = {  # refused for what no field of the page can mend
    "models_registry:comments",  # a draft
    "models_registry:reopen",
    "models_registry:withdraw",
    "models_registry:verdict",
    "models_registry:assign",  # nothing is left over
    "models_registry:themes",  # no theme is there yet
    "recognition:packet-meeting",  # it was sent
    "recognition:packet-number",
    "reports:home",  # who only reads
    "models_registry:different",  # nothing is alike
    "models_registry:send",  # leads to the boxes, on their page
}
FURTHER = (  # what other buttons send, each refused
    ("models_registry:themes", {"them": "1"}),
    ("recognition:dossier-change", {"viec": "rut"}),
    ("recognition:assignments", {"viec": "giao"}),
    ("recognition:grades", {"ten": "x", "tu": "31/2/2023"}),
    ("replication:targets", {"viec": "giao"}),
    ("replication:targets", {"viec": "giao", "chi-tieu": "x"}),
    ("replication:adoption", {"viec": "thoi"}),
    ("replication:visit", {"viec": "anh"}),
    ("reports:report", {"viec": "trich"}),
)


def _role(name: str) -> str:
    """The first that is refused there, else the first that gets in."""
    got = POSTS[name]
    return next((role for role, status in zip(ROLES, got, strict=True) if status == 422), "") or next(
        role for role, status in zip(ROLES, got, strict=True) if status not in (404, LOGIN)
    )


def test_what_is_refused_is_said_with_links_to_the_fields(stage: dict[str, dict[str, Any]]) -> None:
    clients, found = {"visitor": Client()}, {}
    plain = [(name, SENT.get(name, {})) for name, got in POSTS.items() if 422 in got]
    for name, sent in (*plain, *FURTHER):
        role = _role(name)
        client = clients[role] = clients.get(role) or entered(role)
        with transaction.atomic():
            response = client.post(reverse(name, kwargs=stage.get(name)), sent)
            transaction.set_rollback(True)
        assert response.status_code in (409, 422), (name, sent, response.status_code)
        page = Refusal(response.content.decode())
        faults = list(page.faults())
        if not faults and not any(page.summaries) and (sent or name not in LEADS_NOWHERE):
            faults = ["leads to no field"]
        if faults and "html" in response["Content-Type"]:
            found[name, str(sent)] = faults
    assert not found, "\n".join(f"{name} {sent}: {faults}" for (name, sent), faults in found.items())
