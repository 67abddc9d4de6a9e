from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from models_registry.models import Season
from models_registry.services import ImportOptions, ImportReport, NewSeason, import_register, open_season
from organisation.models import Unit
from organisation.services import give_role
from tests import registers as made
from tests.online import person

HEIR, PROVINCE = "2025/phuong-binh-thuan", "hoidong2"
Take = Callable[..., ImportReport]


def unit_of(key: str) -> Unit:
    return Unit.objects.get(key=key)


@pytest.fixture
def take(new_season: Any, unit: Any) -> Callable[..., ImportReport]:
    """Import a file into the season of 2024, for Phan Thiết unless told otherwise."""

    def run(path: Path, unit_key: str = "phan-thiet", **options: Any) -> ImportReport:
        return import_register(path=path, season=new_season, unit=unit(unit_key), actor=None, options=ImportOptions(**options))

    return run


@pytest.fixture
def writer(client: Client, user: Any) -> Client:
    """A browser in which the officer of Hàm Hiệp is logged in."""
    client.force_login(user("hamhiep.canbo"), backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def season_2025(db: None) -> Season:
    return open_season(NewSeason.of_year(2025, "2021-2025", date(2025, 11, 30)))[0]


@pytest.fixture
def season_2026(db: None) -> Season:
    """With an officer of the new province, and one of a ward that followed several communes."""
    season, _ = open_season(NewSeason.of_year(2026, "2026-2030", date(2026, 10, 15)))
    give_role(user=person(PROVINCE), role="chuyen-vien-tinh", unit=unit_of("lam-dong"), starts_on=date(2025, 7, 1), actor=None)
    give_role(user=person("hoidong1"), role="can-bo-co-so", unit=unit_of(HEIR), starts_on=date(2025, 7, 1), actor=None)
    return season


@pytest.fixture
def take_rows(db: None, tmp_path: Path) -> Take:
    """Import rows into a season, for a unit."""

    def run(season: Season, unit: str, *rows: list[Any], above: Any = (), head: Any = None, **options: Any) -> ImportReport:
        path = made.xlsx(tmp_path / "so.xlsx", [*above, head or made.HEAD, *rows])
        return import_register(path=path, season=season, unit=unit_of(unit), actor=None, options=ImportOptions(**options))

    return run


@pytest.fixture
def reform(season_2025: Season) -> Season:
    """The season of 2025, whose units end on 1/7, with people of the units that come after."""
    for name, role, key in (("hoidong1", "can-bo-co-so", HEIR), (PROVINCE, "chuyen-vien-tinh", "lam-dong")):
        give_role(user=person(name), role=role, unit=unit_of(key), starts_on=date(2025, 7, 1), actor=None)
    return season_2025


@pytest.fixture
def checker(client: Client) -> Client:
    """A browser in which the checker of Hàm Thuận Bắc is logged in."""
    client.force_login(person("hamthuanbac.chuyenvien"))
    return client


@pytest.fixture
def officer(client: Client, user: Any, new_season: Any, settings: Any, tmp_path: Path) -> Client:
    """A browser in which the officer of Phan Thiết is logged in; files go to a folder of the test."""
    settings.MEDIA_ROOT = tmp_path / "media"
    client.force_login(user("phanthiet.chuyenvien"), backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def send(tmp_path: Path) -> Take:
    """Import rows, (title, changes) each, as a unit's register of a season."""

    def run(year: int, *rows: tuple[str, dict[str, Any]], unit: str = "phan-thiet") -> ImportReport:
        period = "2021-2025" if year <= 2025 else "2026-2030"
        season, _ = open_season(NewSeason.of_year(year, period, date(year, 11, 30)))
        lines = [made.row(title, **({"day": f"15/3/{year}"} | given)) for title, given in rows]
        path = made.xlsx(tmp_path / f"{year}.xlsx", [made.HEAD, *lines])
        report = import_register(path=path, season=season, unit=unit_of(unit), actor=None)
        assert report.saved, report.rejected
        return report

    return run
