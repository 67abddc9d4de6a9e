"""Reports through the real queue and a real worker: made, the worker killed in the middle, the broker down at the due time."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from common import jobs
from common.models import Job
from models_registry.models import Season
from organisation.models import Unit
from reports import tasks  # noqa: F401  the background's work registers itself
from reports.models import Report
from reports.services import ask_report, make_due, rebuild_report
from tests.online import person
from tests.test_queue import start_worker

pytestmark = [pytest.mark.both, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("transactional_db")]
DAY = date(2023, 10, 15)


@pytest.fixture
def worker() -> Iterator[list[subprocess.Popen[bytes]]]:
    running = [start_worker()]
    yield running
    for process in running:
        if process.poll() is None:
            process.kill()
            process.wait(timeout=30)


def asked() -> Report:
    season, province = Season.objects.get(year=2023), Unit.objects.get(key="binh-thuan")
    return ask_report(kind="tong-hop-15-10", season=season, unit=province, day=DAY, actor=person("tinh.chuyenvien"))[0]


def comes_to(job_id: Any, *states: str) -> Job:
    for _ in range(600):
        job = Job.objects.get(pk=job_id)
        if job.state in states:
            return job
        time.sleep(0.1)
    raise AssertionError((job.state, job.error))


@pytest.mark.long
def test_killed_in_the_middle_the_row_becomes_stale_and_is_made_again_once(worker: list[subprocess.Popen[bytes]]) -> None:
    report = asked()
    assert comes_to(report.job_id, "done", "failed").state == "done"
    for _ in range(5):  # until the kill comes in the middle
        report = rebuild_report(report_id=report.pk, actor=person("tinh.chuyenvien"))
        job = comes_to(report.job_id, "running", "done")
        if job.state == "running":
            os.kill(worker[0].pid, signal.SIGKILL)
            worker[0].wait(timeout=10)
            break
    report.refresh_from_db()
    job.refresh_from_db()
    built = report.build
    assert job.state == "running" and worker[0].poll() is not None
    assert not jobs.sweep(), "a worker that was heard of a moment ago is not given up"
    Job.objects.filter(pk=job.pk).update(heard_at=timezone.now() - jobs.SILENCE - timedelta(seconds=1))
    worker.append(start_worker())
    jobs.sweep()
    Job.objects.filter(pk=job.pk, state="queued").update(heard_at=timezone.now() - jobs.WAITS - timedelta(seconds=1))
    jobs.sweep()
    assert comes_to(job.pk, "done", "failed").state == "done"
    report.refresh_from_db()
    job.refresh_from_db()
    assert (report.build, job.attempts, Report.objects.count()) == (built + 1, 2, 1)


def test_with_the_broker_down_at_the_due_time_it_waits_and_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*_: Any, **__: Any) -> None:
        raise ConnectionError("no broker")

    with monkeypatch.context() as broken:
        broken.setattr(jobs.current_app, "send_task", down)
        assert make_due(date(2023, 10, 16)) >= 1
    report = Report.objects.get(kind="tong-hop-15-10", as_of=DAY)
    assert report.job and (report.job.state, report.facts) == ("queued", None)
    assert make_due(date(2023, 10, 16)) == 0
    Job.objects.update(created_at=timezone.now() - jobs.WAITS - timedelta(seconds=1))
    told: list[str] = []
    monkeypatch.setattr(jobs.current_app, "send_task", lambda name, args: told.append(args[0]))
    assert jobs.sweep() == len(told) and str(report.job_id) in told
    jobs.run(report.job_id)  # type: ignore[arg-type]
    jobs.run(report.job_id)  # type: ignore[arg-type]  told twice
    report.refresh_from_db()
    assert report.facts and report.facts["numbers"]["dang-ky"] == 746 and report.build == 1
