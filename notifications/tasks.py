"""Mail in the background."""

from celery import shared_task

from common.jobs import Progress, work
from notifications import services


@work("send_mail")
def send_mail(progress: Progress, *, event_key: str) -> None:
    services.send_mail(event_key)


@shared_task(name="notifications.send_digests")
def send_digests() -> None:
    services.send_digests()


@shared_task(name="notifications.retry_mail")
def retry_mail() -> None:
    services.retry_mail()
