"""Reads of commendations and conferences: those of the bodies that the user runs or follows."""

from typing import Any

from django.db.models import QuerySet

from organisation.permissions import units_where
from organisation.roles import May
from recognition.models import Commendation, Conference, ConferenceEntry, Recognition


def _led(user: Any) -> set[int]:
    return units_where(user, May.RUN_ROUND) | units_where(user, May.FOLLOW_ROUND)


def commendations_visible_to(user: Any) -> QuerySet[Commendation]:
    found = Commendation.objects.filter(unit__in=_led(user))
    return found.select_related("recognition__registration__season", "decision", "unit").order_by(
        "decision", "-recipient_kind", "pk"
    )


def conferences_visible_to(user: Any) -> QuerySet[Conference]:
    return Conference.objects.filter(unit__in=_led(user)).select_related("season", "unit")


def entries_of(conference: Conference) -> QuerySet[ConferenceEntry]:
    with_rows = conference.entries.select_related(
        "recognition__registration__field", "recognition__decision", "recognition__level"
    )
    return with_rows.order_by("position", "pk")


def entry_after(entry: ConferenceEntry) -> ConferenceEntry | None:
    """The entry that follows in the order."""
    return entry.conference.entries.filter(position__gt=entry.position).order_by("position").first()


def missing_from(conference: Conference) -> QuerySet[Recognition]:
    """Models that the unit recognised in the season, that stand, and are not in the list."""
    standing = Recognition.objects.filter(
        decision__issuer=conference.unit, registration__season=conference.season, revoked_on__isnull=True
    )
    return standing.exclude(pk__in=conference.entries.values("recognition")).order_by("title")
