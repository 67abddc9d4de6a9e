"""What the background does for the portal's own pages."""

from celery import shared_task

from common.jobs import Progress, work
from portal import services


@work("make_booklet")
def make_booklet(progress: Progress, *, season_id: int) -> None:
    services.make_booklet(season_id=season_id, progress=progress)


@shared_task(name="portal.make_due_booklets")
def make_due_booklets() -> None:
    services.make_due_booklets()


@shared_task(name="portal.forget_contacts")
def forget_contacts() -> None:
    services.forget_contacts()
