"""The board of 128 units: its cover stands in groups that fold, and it asks the database as often as for few."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from common.remember import forget
from models_registry.enums import State
from models_registry.models import BoardCount, Registration, Season
from models_registry.selectors.board import board_of
from models_registry.services import NewSeason, open_season
from organisation.models import Unit, User
from organisation.selectors.units import reporting_units
from tests.many_units import STAFF
from tests.pages import entered, plain

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
    forget()  # a process that has just begun remembers nothing
    with CaptureQueriesContext(connection) as asked:
        assert officer.get(BOARD + more).status_code == 200
    assert len(asked) <= 15, "\n".join(query["sql"][:150] for query in asked)


@pytest.mark.parametrize("more", ["", "&lv=%s", "&q=xa+ham"])
def test_the_number_of_what_is_late_is_that_of_the_list_behind_it(officer: Client, stage: Season, more: str) -> None:
    waiting = Registration.objects.filter(season=stage, state=State.SUBMITTED)
    waiting.update(state_since=timezone.now() - timedelta(days=30))
    more = more.replace("%s", waiting.earliest("pk").field.slug)  # type: ignore[union-attr]
    listed = officer.get(f"{BOARD}?tt=cho-xet&tre=1{more}").context
    assert 0 < listed["late"] == listed["page"].paginator.count
    assert (listed["late"] < waiting.count()) == bool(more)


@pytest.mark.parametrize("cutoff, number", [(date(2025, 6, 30), 13), (date(2025, 11, 30), 141)])
def test_units_that_began_after_the_cutoff_are_not_expected_in_the_year(cutoff: date, number: int, stage: Season) -> None:
    """Those who went in July count where the cut-off was the day before, beside their heirs where it came after."""
    season, _ = open_season(NewSeason.of_year(2025, "2021-2025", cutoff))
    ended = list(reporting_units(date(2025, 6, 30)))
    BoardCount.objects.bulk_create(
        BoardCount(season=season, unit=version.unit, state=State.ACCEPTED, total=1) for version in ended
    )
    board = board_of(User.objects.get(username=STAFF), season)
    assert board is not None and len(board.units) == number
    assert f"13/{number} đơn vị đã đăng ký" in plain(entered(STAFF).get("/lam-viec/nam/2025/").content.decode())


def test_units_that_began_after_the_cutoff_and_carry_some_on_are_no_share_of_any(stage: Season) -> None:
    season, _ = open_season(year=2025, period="2021-2025", cutoff_on=date(2025, 6, 30))
    heirs = Unit.objects.filter(key__in=["2025/xa-ham-thuan", "2025/phuong-binh-thuan"])
    BoardCount.objects.bulk_create(BoardCount(season=season, unit=heir, state=State.ACCEPTED, total=1) for heir in heirs)
    page = plain(entered(STAFF).get("/lam-viec/nam/2025/").content.decode())
    assert "2 đơn vị đã đăng ký, theo đơn vị ngày 31/12/2025" in page and "/2 đơn vị" not in page
    assert "Có đơn vị thành lập sau ngày chốt số liệu 30/06/2025" in page
