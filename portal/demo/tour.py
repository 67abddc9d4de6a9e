"""What to try in five minutes: a task for each role with the account that has it, on the login page of a demo."""

from django.conf import settings

from organisation.models import User
from portal.demo.files import DEMO, Row, rows_of
from portal.demo.steps import was_whole


def tour() -> list[Row]:
    """(who, username, task) of the accounts that are open; nothing where this is no demo, or not all of it is loaded yet."""
    if not (settings.DEMO and was_whole()):
        return []
    rows = rows_of(DEMO / "tour.csv")
    known = User.objects.filter(username__in=[row["username"] for row in rows], is_active=True)
    opened = set(known.values_list("username", flat=True))
    return [row for row in rows if row["username"] in opened]
