"""What the clock does for the audit trail and for sessions."""

import logging

from celery import shared_task
from django.core.management import call_command

from organisation.chain import newest

logger = logging.getLogger("danvan.audit")


@shared_task(name="organisation.log_newest_link")
def log_newest_link() -> None:
    """A log that is kept elsewhere proves up to here that nothing was changed or cut off (`verify_audit --holds`)."""
    logger.info("audit %d %s", *newest())


@shared_task(name="organisation.forget_sessions")
def forget_sessions() -> None:
    """Sessions that have run out go; each names an account."""
    call_command("clearsessions")
