"""Reads of study visits: those of one's units, as host and as visitor."""

from datetime import timedelta

from django.db.models import Q, QuerySet

from common.dates import today
from models_registry.models import EmulationModel
from organisation.models import Reader
from organisation.permissions import units_where
from organisation.roles import May
from organisation.tree import tree_for
from replication.enums import VisitState
from replication.models import Adoption, StudyPhoto, StudyVisit

OPEN = (VisitState.ASKED, VisitState.AGREED)
KEPT = timedelta(days=90)  # how long a past visit stays in the calendar


def visits_visible_to(user: Reader) -> QuerySet[StudyVisit]:
    """The visits to and of the user's units, those below them, and those that they follow."""
    found = StudyVisit.objects.select_related("model", "host", "visitor", "at", "asked_by", "answered_by")
    held = units_where(user, May.SEE_BOARD)
    if not held:
        return found.none()
    reach = tree_for(user).answered_for(held, today())
    return found.filter(Q(host__in=reach) | Q(visitor__in=reach))


def visits_made(user: Reader) -> QuerySet[StudyVisit]:
    """Of these the ones that have taken place."""
    return visits_visible_to(user).filter(state=VisitState.DONE)


def listed(user: Reader, state: str = "") -> QuerySet[StudyVisit]:
    """Those with something to do on top, then the newest."""
    found = visits_visible_to(user)
    found = found.filter(state=state) if state else found
    return found.order_by("-wanted_on", "-pk")


def in_calendar(user: Reader) -> QuerySet[StudyVisit]:
    """The visits for a calendar: agreed, asked, and those of late."""
    since = today() - KEPT
    return visits_visible_to(user).filter(Q(planned_on__gte=since) | Q(wanted_on__gte=since)).order_by("wanted_on", "pk")


def photos_of(visit: StudyVisit) -> list[StudyPhoto]:
    return list(visit.photos.all())


def adoptions_after(visit: StudyVisit) -> list[Adoption]:
    """Where it was taken on from there."""
    return list(visit.adoptions.select_related("unit")[:20])


def made_to(model: EmulationModel) -> int:
    """How many parties came to learn a model."""
    return StudyVisit.objects.filter(model=model, state=VisitState.DONE).count()
