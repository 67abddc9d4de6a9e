"""Background work that is neither lost nor done twice.

A service asks for work inside its transaction (`ask`); after the commit the queue is told. A worker claims the row by
one conditional UPDATE. When the queue was down, or a worker died, `sweep` finds the row again.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from celery import current_app
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.models import F, Q
from django.utils import timezone

from common.cache_version import renew_after_commit
from common.call_stack import in_one_chunk
from common.exceptions import DomainError
from common.models import SILENCE, Job

logger = logging.getLogger(__name__)

WAITS = timedelta(seconds=90)  # a queued row older than this has lost its message
ATTEMPTS = 2  # a job that takes its worker down may have been unlucky once

Work = Callable[..., None]
_works: dict[str, Work] = {}


class Cancelled(Exception):
    """The person who asked for the work has stopped it."""


def work(kind: str) -> Callable[[Work], Work]:
    """Register the function that does one kind of job: `function(progress, **arguments)`, which is idempotent."""

    def register(function: Work) -> Work:
        _works[kind] = function
        return function

    return register


def enqueue(kind: str, *, asked_by: Any = None, **arguments: Any) -> Job:
    """Ask for a job; the queue is told after the commit."""
    job = Job.objects.create(kind=kind, arguments=arguments, asked_by=asked_by)
    transaction.on_commit(partial(_tell_queue, job.pk))
    return job


def cancel(job_id: UUID) -> bool:
    """Stop a job that has not ended; the worker notices at its next report. False when it had ended already."""
    return bool(
        Job.objects.filter(pk=job_id, state__in=[Job.State.QUEUED, Job.State.RUNNING]).update(
            state=Job.State.CANCELLED, finished_at=timezone.now()
        )
    )


def _tell_queue(job_id: UUID) -> None:
    try:
        current_app.send_task("common.run_job", args=[str(job_id)])
    except Exception:
        # Whatever the broker's client raises when it is down: the row stays queued and the sweep sends it again.
        logger.warning("queue unreachable, job %s waits for the sweep", job_id, exc_info=True)


class Progress:
    """Told by the work how far it is; tells the row, and stops the work when the row was cancelled."""

    def __init__(self, job_id: UUID) -> None:
        self._job_id = job_id
        self._side: Any = None

    def beside(self, progress: int, doing: str = "") -> None:
        """Tell from inside a long transaction, over a connection of its own, so that it is seen before the commit.

        SQLite has one writer, which is that transaction: there nothing is told before it ends.
        """
        if connection.vendor != "postgresql":
            return
        self._side = self._side or connections.create_connection(DEFAULT_DB_ALIAS)
        with self._side.cursor() as cursor:
            table = Job._meta.db_table
            cursor.execute(
                f"UPDATE {table} SET progress = %s, doing = %s, heard_at = %s WHERE id = %s AND state = %s",  # noqa: S608  # nosec
                [progress, doing, timezone.now(), self._job_id, Job.State.RUNNING],
            )
            cursor.execute(f"SELECT state FROM {table} WHERE id = %s", [self._job_id])  # noqa: S608  # nosec
            row = cursor.fetchone()
        if row and row[0] == Job.State.CANCELLED:
            raise Cancelled

    def close(self) -> None:
        if self._side:
            self._side.close()

    def __call__(self, progress: int, total: int = 0, doing: str = "") -> None:
        told: dict[str, Any] = {"progress": progress, "heard_at": timezone.now()}
        told |= {"total": total} if total else {}
        told |= {"doing": doing} if doing else {}
        if not Job.objects.filter(pk=self._job_id, state=Job.State.RUNNING).update(**told):
            raise Cancelled


@in_one_chunk
def run(job_id: UUID) -> None:
    """Claim a queued job and do it. A second call, or one for a job that ended, does nothing."""
    claimed = Job.objects.filter(pk=job_id, state=Job.State.QUEUED).update(
        state=Job.State.RUNNING, heard_at=timezone.now(), attempts=F("attempts") + 1, error=""
    )
    if not claimed:
        return
    job = Job.objects.get(pk=job_id)
    progress = Progress(job.pk)
    try:
        _works[job.kind](progress, **job.arguments)
    except Cancelled:
        return
    except DomainError as error:
        _end(job.pk, Job.State.FAILED, str(error))
    except Exception:
        logger.exception("job %s (%s) failed", job.pk, job.kind)
        _end(job.pk, Job.State.FAILED, "Lỗi của cổng, không phải của đồng chí. Quản trị đã có nhật ký; xin thử lại.")
    else:
        _end(job.pk, Job.State.DONE)
    finally:
        progress.close()


def _end(job_id: UUID, state: Job.State, error: str = "") -> None:
    Job.objects.filter(pk=job_id, state=Job.State.RUNNING).update(
        state=state, error=error, finished_at=timezone.now(), heard_at=timezone.now()
    )
    renew_after_commit()


def sweep() -> int:
    """Send lost jobs to the queue again; give up on one that lost its worker `ATTEMPTS` times. Returns how many were sent."""
    now = timezone.now()
    lost = Job.objects.filter(state=Job.State.RUNNING, heard_at__lt=now - SILENCE)
    lost.filter(attempts__gte=ATTEMPTS).update(
        state=Job.State.FAILED,
        finished_at=now,
        error="Việc này đã hai lần làm máy xử lý dừng giữa chừng, nên cổng không làm lại nữa. Xin báo quản trị.",
    )
    lost.filter(attempts__lt=ATTEMPTS).update(state=Job.State.QUEUED)
    waiting = Job.objects.filter(state=Job.State.QUEUED).filter(
        Q(heard_at__isnull=True, created_at__lt=now - WAITS) | Q(heard_at__lt=now - WAITS)
    )
    ids = list(waiting.values_list("pk", flat=True)[:500])
    for job_id in ids:
        _tell_queue(job_id)
    return len(ids)
