"""A register goes from the upload to the season through the real queue and a real worker: Redis, or the embedded folder."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from models_registry.models import RegisterImport, Registration
from models_registry.services import NewSeason, confirm_import, grant_extension, open_season, upload_register
from organisation.models import Unit, User
from tests import registers as made
from tests.databases import database_url

pytestmark = pytest.mark.both

ROOT = Path(__file__).resolve().parent.parent


def start_worker() -> subprocess.Popen[bytes]:
    """A worker of its own, on this test's database."""
    environment = os.environ | {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "danvan.settings"}
    command = [str(Path(sys.executable).parent / "celery"), "-A", "danvan", "worker", "--pool", "threads", "--concurrency", "1"]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@pytest.mark.long
def test_each_process_of_a_run_has_a_queue_of_its_own(tmp_path: Path) -> None:
    """A worker of one took the jobs of another, which found them waiting for the sweep."""
    show = "from tests import settings; print(settings.VAR_DIR, settings.CELERY_BROKER_URL)"
    given = {"VAR_DIR": str(tmp_path), "REDIS_URL": "redis://:p@127.0.0.1:6379/0"}
    said = [
        subprocess.check_output(
            [sys.executable, "-c", show], cwd=ROOT, env=os.environ | given | {"PYTEST_XDIST_WORKER": one}, text=True
        ).split()
        for one in ("gw0", "gw1")
    ]
    assert said == [[str(tmp_path / f"gw{n}"), f"redis://:p@127.0.0.1:6379/{n + 1}"] for n in (0, 1)]


@pytest.fixture
def worker(transactional_db: None) -> Iterator[subprocess.Popen[bytes]]:
    process = start_worker()
    yield process
    process.kill()
    process.wait(timeout=30)


def comes_to(pk: Any, state: str) -> RegisterImport:
    for _ in range(300):
        upload = RegisterImport.objects.select_related("job").get(pk=pk)
        if upload.state == state:
            return upload
        time.sleep(0.2)
    raise AssertionError((upload.state, upload.error, upload.job.state, upload.job.error))


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_from_upload_to_season_through_the_queue(worker: subprocess.Popen[bytes], tmp_path: Path) -> None:
    from datetime import date

    season, _ = open_season(NewSeason.of_year(2024, "2021-2025", date(2024, 11, 30)))
    unit = Unit.objects.get(key="phan-thiet")
    grant_extension(season_id=season.pk, unit=unit, until=date(2099, 1, 1), reason="Kiểm thử", actor=None)
    officer = User.objects.get(username="phanthiet.chuyenvien")
    path = made.xlsx(tmp_path / "so.xlsx", [made.HEAD, made.row("Một"), made.row("Hai")])
    file = SimpleUploadedFile("so.xlsx", path.read_bytes())
    upload = upload_register(file=file, season=season, unit=unit, actor=officer)
    assert comes_to(upload.pk, "read").report["created"] == 2
    confirm_import(import_id=upload.pk, accept_valid=False, actor=officer)
    stored = comes_to(upload.pk, "stored")
    assert (stored.report["created"], stored.job.state in ("running", "done")) == (2, True)
    assert Registration.objects.filter(season=season).count() == 2
