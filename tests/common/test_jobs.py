"""Background work: asked for in a transaction, done once, found again when lost."""

import weakref
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from common import jobs
from common.exceptions import DomainError
from common.freed_memory import give_back
from common.models import Job
from tests.threads import at_once

pytestmark = pytest.mark.both

DONE: list[Any] = []


@jobs.work("test-note")
def _note(progress: jobs.Progress, *, what: str) -> None:
    progress(1, total=2, doing="Đang ghi")
    DONE.append(what)


@jobs.work("test-refuse")
def _refuse(progress: jobs.Progress) -> None:
    raise DomainError("Sổ này không đọc được.")


@jobs.work("test-break")
def _break(progress: jobs.Progress) -> None:
    raise RuntimeError("secret detail")


@jobs.work("test-cancelled")
def _cancelled(progress: jobs.Progress, *, job_id: str) -> None:
    jobs.cancel(Job.objects.get(kind="test-cancelled").pk)
    progress(1)
    DONE.append("went on after it was cancelled")


@pytest.fixture(autouse=True)
def _empty() -> None:
    DONE.clear()


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    told: list[Any] = []
    monkeypatch.setattr(jobs.current_app, "send_task", lambda name, args: told.append((name, args)))
    return told


def test_the_queue_is_told_after_the_commit_only(db: None, sent: list[Any], django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=False) as waiting:
        job = jobs.enqueue("test-note", what="a")
    assert (sent, len(waiting)) == ([], 1)
    waiting[0]()
    assert sent == [("common.run_job", [str(job.pk)])]


def test_a_job_runs_once_however_often_it_is_told(db: None, sent: list[Any]) -> None:
    job = jobs.enqueue("test-note", what="a")
    jobs.run(job.pk)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert DONE == ["a"]
    assert (job.state, job.percent, job.doing, job.attempts) == ("done", 50, "Đang ghi", 1)


@pytest.mark.parametrize("kind, words", [("test-refuse", "Sổ này không đọc được."), ("test-break", "Lỗi của cổng")])
def test_failure_is_a_state_with_a_reason(db: None, sent: list[Any], kind: str, words: str) -> None:
    job = jobs.enqueue(kind)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == "failed"
    assert job.error.startswith(words)
    assert "secret" not in job.error


def test_a_cancelled_job_stops_at_its_next_report(db: None, sent: list[Any]) -> None:
    job = jobs.enqueue("test-cancelled", job_id="")
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, DONE) == ("cancelled", [])


def test_work_asked_for_while_the_queue_is_down_is_found_again(
    db: None, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    def down(name: str, args: list[str]) -> None:
        raise ConnectionError("no broker")

    monkeypatch.setattr(jobs.current_app, "send_task", down)
    with django_capture_on_commit_callbacks(execute=True):
        job = jobs.enqueue("test-note", what="a")
    assert Job.objects.get(pk=job.pk).state == "queued"
    told: list[Any] = []
    monkeypatch.setattr(jobs.current_app, "send_task", lambda name, args: told.append(args[0]))
    assert jobs.sweep() == 0
    Job.objects.filter(pk=job.pk).update(created_at=timezone.now() - timedelta(minutes=3))
    assert jobs.sweep() == 1
    assert told == [str(job.pk)]


def test_a_job_whose_worker_died_runs_again_but_not_for_ever(db: None, sent: list[Any]) -> None:
    job = jobs.enqueue("test-note", what="a")
    silent = timezone.now() - timedelta(minutes=10)
    Job.objects.filter(pk=job.pk).update(state="running", heard_at=silent, attempts=1)
    jobs.sweep()
    assert Job.objects.get(pk=job.pk).state == "queued"
    Job.objects.filter(pk=job.pk).update(state="running", heard_at=silent, attempts=jobs.ATTEMPTS)
    jobs.sweep()
    job.refresh_from_db()
    assert (job.state, bool(job.finished_at)) == ("failed", True)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_workers_claim_one_job_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs.current_app, "send_task", lambda name, args: None)
    with transaction.atomic():
        job = jobs.enqueue("test-note", what="a")
    assert at_once(*[lambda: jobs.run(job.pk)] * 4) == [None] * 4
    assert DONE == ["a"]


def test_what_a_job_left_behind_is_collected() -> None:
    class Left:
        pass

    left = Left()
    left.itself = left  # type: ignore[attr-defined]
    gone = weakref.ref(left)
    del left
    give_back()
    assert gone() is None
