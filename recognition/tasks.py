"""What the background does for rounds."""

from uuid import UUID

from celery import shared_task

from common.jobs import Progress, work
from recognition import services


@shared_task(name="recognition.remind")
def remind() -> None:
    services.remind_rounds()


@work("make_certificates")
def make_certificates(progress: Progress, *, batch_id: str) -> None:
    services.make_certificates(batch_id=UUID(batch_id), progress=progress)
