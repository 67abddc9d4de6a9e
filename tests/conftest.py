import asyncio
import gc
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import TransactionTestCase

from common.apart import parent
from common.call_stack import in_one_chunk
from common.remember import forget
from tests.browsing import browser, framing, page  # noqa: F401  fixtures, made once for all modules
from tests.databases import PostgresTemplate, SqliteTemplate, template_for
from tests.kept_tree import KeptTree
from tests.readers_ahead import Ahead
from tests.stages import Stages, keys_of, step

gc.set_threshold(50_000, 50, 50)  # short-lived test processes: collecting at Django's pace took a tenth of their time
gc.disable()  # until all tests are read
DEMO = Path(__file__).resolve().parent.parent / "demo"
LONG = frozenset((Path(__file__).parent / "long.txt").read_text().split())


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> Any:
    """All that pytest does, with room for deep calls: its own are sixty deep before a test begins."""
    others = config.pluginmanager.subset_hook_caller("pytest_cmdline_main", [config.pluginmanager.get_plugin(__file__)])
    return in_one_chunk(others)(config=config)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """A run of what is marked `both` reads no module without such a test: reading all takes each process four seconds."""
    is_left_out = config.option.markexpr.startswith("both ") and collection_path.suffix == ".py"
    return True if is_left_out and "mark.both" not in collection_path.read_text() else None


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """The longest first, since whoever is free takes from the others' ends: stories of browsers, which wait often, while the run on SQLite
    can fill their gaps, then the walks. Then what needs no database, while a missing template is made; then by stage, so that each
    is built once. Tests of what only PostgreSQL does are deselected by mark on SQLite; one that slips through must not pass quietly.
    """
    for item in items:
        if "new_season" in item.fixturenames and not item.get_closest_marker("stage") and not _commits(item):  # type: ignore[attr-defined]
            item.add_marker(pytest.mark.stage("new season"))
    for item in items:
        both = item.get_closest_marker("both")
        if both and "client" in item.fixturenames and not both.kwargs.get("pages"):  # type: ignore[attr-defined]
            item.add_marker("page")
        if item.nodeid.partition("[")[0] in LONG:
            item.add_marker("long")
        if item.get_closest_marker("postgres") and connection.vendor != "postgresql":
            item.add_marker(pytest.mark.xfail(reason="needs PostgreSQL", run=False, strict=True))
    yield
    items.sort(key=_place_in_line)  # after pytest-django, which has an order of its own


def _place_in_line(item: pytest.Item) -> tuple[Any, ...]:
    stage = _stage_of(item)
    in_browser = not stage and bool(item.get_closest_marker("browser"))
    return not in_browser, item.path.name == "test_crawl.py", _needs_database(item), stage


def _needs_database(item: pytest.Item) -> bool:
    return bool(item.get_closest_marker("django_db")) or not {"db", "transactional_db"}.isdisjoint(item.fixturenames)  # type: ignore[attr-defined]


def _commits(item: pytest.Item) -> bool:
    mark = item.get_closest_marker("django_db")
    return "transactional_db" in item.fixturenames or bool(mark and mark.kwargs.get("transaction"))  # type: ignore[attr-defined]


def _stage_of(item: pytest.Item) -> list[tuple[str, str]]:
    mark = item.get_closest_marker("stage")
    return keys_of(mark.args[0], mark.kwargs) if mark else []


def pytest_collection_finish() -> None:
    """What was loaded stays: no garbage is looked for in it."""
    gc.freeze()
    gc.enable()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """With CI=true nothing may be skipped: what is missing there is a failure."""
    gc.collect()
    gc.freeze()  # pytest itself looks five times over for garbage, in all that a whole suite leaves
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) + reporter.stats.get("xfailed", []) if reporter else []
    if os.environ.get("CI") and skipped:
        reporter.write_line(f"CI: {len(skipped)} tests did not run, and all must", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session", autouse=True)
def _readers_ahead() -> Iterator[Ahead]:
    ahead = Ahead()
    parent.start = ahead.start  # type: ignore[assignment]
    yield ahead
    ahead.end()


@pytest.fixture
def started_anew(_readers_ahead: Ahead, monkeypatch: pytest.MonkeyPatch) -> None:
    """Readers of strangers' files begin as they do in the house, each in a Python of its own."""
    monkeypatch.setattr(parent, "start", _readers_ahead.instead_of)


@pytest.fixture
def own_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    """pyHanko runs an event loop of its own, as it does in a worker, where Playwright has left one open in this thread. Only while
    it runs: Django's connections belong to the loop, and the test's savepoints stand on that of the open one.
    """
    run = asyncio.run

    def run_beside(*given: Any, **named: Any) -> Any:
        open_loop = asyncio._get_running_loop()
        asyncio._set_running_loop(None)
        try:
            return run(*given, **named)
        finally:
            asyncio._set_running_loop(open_loop)

    monkeypatch.setattr(asyncio, "run", run_beside)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    """A database of this process's own with the demo season in it: a clone of the template."""
    at = connection.settings_dict
    with django_db_blocker.unblock():
        template = template_for(at)
        worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
        if connection.vendor == "sqlite":
            name = os.path.join(tempfile.mkdtemp(prefix="danvan-db-"), "test.sqlite3")
        else:
            name = f"test_danvan_{os.getpid()}_{worker}"
        at["NAME"] = template.clone(name)
    TransactionTestCase._fixture_teardown = lambda case: _restore(template, name)  # type: ignore[method-assign]
    yield
    with django_db_blocker.unblock():
        connection.close()
        template.drop(name)


def _restore(template: SqliteTemplate | PostgresTemplate, name: str) -> None:
    """After a test that committed: the template once more, where Django would empty the tables."""
    connection.close()
    template.clone(name)


@pytest.fixture(scope="session")
def _stages(django_db_setup: None, django_db_blocker: Any) -> Iterator[Stages]:
    stages = Stages()
    yield stages
    with django_db_blocker.unblock():
        stages.go_to("", {})


@pytest.fixture(scope="session")
def _kept_tree(django_db_setup: None) -> KeptTree:
    return KeptTree()


@pytest.fixture
def _at_its_stage(request: pytest.FixtureRequest, _stages: Stages, _kept_tree: KeptTree, django_db_blocker: Any) -> None:
    mark = request.node.get_closest_marker("stage")
    _kept_tree.touched = True  # a stage may be built of other units than those of the test before
    with django_db_blocker.unblock():
        if _stages.go_to(mark.args[0] if mark else "", mark.kwargs if mark else {}):
            _kept_tree.kept = {}


@pytest.fixture
def _django_db_helper(_at_its_stage: None, _django_db_helper: None, _kept_tree: KeptTree) -> None:
    """pytest-django's own, after the stage: the test's savepoint lies inside the stage's. One that commits keeps no tree."""
    _kept_tree.touched = not connection.in_atomic_block


@pytest.fixture
def stage(db: None, _stages: Stages) -> Any:
    """What the stage of the test's mark came to, read anew."""
    return _stages.result()


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """What a process remembers is of the database that it read, and each test has its own."""
    forget()


@pytest.fixture
def nothing_kept(settings: Any) -> None:
    """Queries are counted as the first page of a process asks them: nothing is remembered."""
    settings.REMEMBER_SECONDS = 0


@pytest.fixture
def season(db: None) -> Any:
    from models_registry.models import Season

    return Season.objects.get(year=2023)


@step("new season")
def _open_new_season() -> Any:
    from datetime import date

    from models_registry.services import NewSeason, grant_extension, open_season
    from organisation.models import Unit

    season, _ = open_season(NewSeason.of_year(2024, "2021-2025", date(2024, 11, 30)))
    province = Unit.objects.get(key="binh-thuan")
    grant_extension(season_id=season.pk, unit=province, until=date(2099, 1, 1), reason="Kiểm thử", actor=None)
    return season


@pytest.fixture
def new_season(request: pytest.FixtureRequest, db: None, _stages: Stages) -> Any:
    """A season without registrations, in the same period; the province has all the time in the world."""
    mark = request.node.get_closest_marker("stage")
    return _stages.result() if mark and mark.args == ("new season",) else _open_new_season()


@pytest.fixture
def unit(db: None) -> Any:
    from organisation.models import Unit

    return lambda key: Unit.objects.get(key=key)


@pytest.fixture
def user(db: None) -> Any:
    from organisation.models import User

    return lambda name: User.objects.get(username=name)
