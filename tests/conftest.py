import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.browsing import browser, page  # noqa: F401  fixtures, made once for all modules

gc.set_threshold(50_000, 50, 50)  # short-lived test processes: collecting at Django's pace took a tenth of their time
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
        if can_be_put_back():
            keep_demo()


def load_demo() -> None:
    from portal import demo

    os.environ["DEMO_PASSWORD"] = "mat-khau-thu"
    demo.load()


@pytest.fixture
def fresh_demo(transactional_db: None) -> Iterator[None]:
    """The demo season for tests that commit: they run last, each on a database that the one before has emptied."""
    from models_registry.models import Season

    if not Season.objects.exists():
        put_demo_back() if can_be_put_back() else load_demo()
    yield


def can_be_put_back() -> bool:
    """PostgreSQL, as its superuser: tables may be filled in any order, without their triggers."""
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('is_superuser')")
        return cursor.fetchone() == ("on",)


def tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
        return [name for (name,) in cursor.fetchall()]


def keep_demo() -> None:
    """A copy of every table beside it: put back in a second, where loading anew takes ten."""
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA IF EXISTS kept CASCADE; CREATE SCHEMA kept")
        for name in tables():
            cursor.execute(f"CREATE UNLOGGED TABLE kept.{name} AS TABLE public.{name}")


def put_demo_back() -> None:
    """Every row as it was. Sequences were not turned back by what emptied the tables, so new rows get numbers of their own."""
    from django.contrib.contenttypes.models import ContentType
    from django.db import transaction

    listed = tables()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(f"TRUNCATE {', '.join(f'public.{name}' for name in listed)}")
        for name in listed:
            cursor.execute(f"INSERT INTO public.{name} SELECT * FROM kept.{name}")
    ContentType.objects.clear_cache()


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
