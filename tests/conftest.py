import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.browsing import browser, page  # noqa: F401  fixtures, made once for all modules

DEMO = Path(__file__).resolve().parent.parent / "demo"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of what only PostgreSQL does are deselected by mark on SQLite; one that slips through must not pass quietly."""
    for item in items:
        if item.get_closest_marker("postgres") and connection.vendor != "postgresql":
            item.add_marker(pytest.mark.xfail(reason="needs PostgreSQL", run=False, strict=True))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """With CI=true nothing may be skipped: what is missing there is a failure."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) + reporter.stats.get("xfailed", []) if reporter else []
    if os.environ.get("CI") and skipped:
        reporter.write_line(f"CI: {len(skipped)} tests did not run, and all must", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: Any, django_db_blocker: Any) -> None:
    """The demo season stands in every test's database."""
    with django_db_blocker.unblock():
        load_demo()


def load_demo() -> None:
    from portal import demo

    os.environ["DEMO_PASSWORD"] = "mat-khau-thu"
    demo.load()


@pytest.fixture
def fresh_demo(transactional_db: None) -> Iterator[None]:
    """The demo season for tests that commit: they run last, each on a database that the one before has emptied."""
    from models_registry.models import Season

    if not Season.objects.exists():
        load_demo()
    yield


@pytest.fixture
def season(db: None) -> Any:
    from models_registry.models import Season

    return Season.objects.get(year=2023)


@pytest.fixture
def new_season(db: None) -> Any:
    """A season without registrations, in the same period; the province has all the time in the world."""
    from datetime import date

    from models_registry.services import grant_extension, open_season
    from organisation.models import Unit

    season, _ = open_season(year=2024, period="2021-2025", cutoff_on=date(2024, 11, 30))
    province = Unit.objects.get(key="binh-thuan")
    grant_extension(season_id=season.pk, unit=province, until=date(2099, 1, 1), reason="Kiểm thử", actor=None)
    return season


@pytest.fixture
def unit(db: None) -> Any:
    from organisation.models import Unit

    return lambda key: Unit.objects.get(key=key)


@pytest.fixture
def user(db: None) -> Any:
    from organisation.models import User

    return lambda name: User.objects.get(username=name)
