"""The demo's clock: what it does on behalf of a day that is over is done on that day."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from time import monotonic

from django.utils import timezone

from common.dates import VIETNAM, today

MORNING = time(8)


@contextmanager
def as_on(day: date) -> Iterator[None]:
    """All that this process does within happens from the morning of the day on; a day to come is today.

    Services read the time from Django alone, and none can be told another: whoever uses the portal cannot either. For the demo's
    loader, a process that serves nobody.
    """
    usual, begun = timezone.now, monotonic()
    starts = datetime.combine(day, MORNING, VIETNAM).astimezone(UTC) if day < today() else usual()
    timezone.now = lambda: starts + timedelta(seconds=monotonic() - begun)
    try:
        yield
    finally:
        timezone.now = usual
