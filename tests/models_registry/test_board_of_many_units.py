"""The board of 128 units: its cover stands in groups that fold, and it asks the database as often as for few."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from models_registry.models import Season
from organisation.models import User
from tests.many_units import STAFF

pytestmark = [pytest.mark.django_db, pytest.mark.stage("many-units")]
BOARD = "/lam-viec/nam/2026/"


@pytest.fixture
def officer(client: Client) -> Client:
    client.force_login(User.objects.get(username=STAFF))
    return client


def test_the_cover_is_folded_by_group_and_has_every_unit(officer: Client, stage: Season) -> None:
    cover = officer.get(BOARD).content.decode().split('id="phu"')[1].split("</section>")[0]
    shares = re.findall(r'<summary>\s*(.*?) <span class="num">(\d+)/(\d+)</span>', cover)
    assert len(shares) == 13 and ("Hàm Thuận Bắc cũ", "7") in [(name, total) for name, _done, total in shares]
    assert sum(int(total) for _name, _done, total in shares) == 128 == cover.count("<li>")
    assert "<details open" not in cover


@pytest.mark.parametrize("more", ["", "?tt=tat-ca", "?tt=cho-xet&tre=1", "?q=tuyen+duong"])
def test_it_takes_at_most_15_queries(officer: Client, more: str) -> None:
    officer.get(BOARD)  # a process remembers names, levels and the tree
    with CaptureQueriesContext(connection) as asked:
        assert officer.get(BOARD + more).status_code == 200
    assert len(asked) <= 15, "\n".join(query["sql"][:150] for query in asked)
