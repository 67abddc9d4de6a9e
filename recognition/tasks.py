"""What the background does for rounds."""

from celery import shared_task

from recognition.services import remind_rounds


@shared_task(name="recognition.remind")
def remind() -> None:
    remind_rounds()
