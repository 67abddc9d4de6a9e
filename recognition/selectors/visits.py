"""Reads of site visits. What a judge found on a visit stays the judge's own while everyone scores alone."""

from uuid import UUID

from django.db.models import QuerySet

from models_registry.models import OutputMeasure
from models_registry.selectors import series_of
from organisation.models import Reader, Visitor
from organisation.permissions import units_where
from organisation.roles import May
from recognition.enums import ALONE
from recognition.models import Dossier, SiteVisit, VisitCheck, VisitPhoto
from recognition.permissions import can_follow, seat_of
from recognition.selectors.dossiers import readable_by


def visits_visible_to(user: Reader) -> QuerySet[SiteVisit]:
    """Visits of the rounds that the user runs."""
    led = units_where(user, May.RUN_ROUND)
    return SiteVisit.objects.filter(dossier__round__unit__in=led).select_related(
        "dossier__registration__season", "dossier__round__season", "dossier__round__unit"
    )


def visits_of(user: Visitor, dossier: Dossier) -> list[SiteVisit]:
    """The visits of a dossier, with what was found: for the body's own people and its council, not for the unit."""
    assert dossier.round is not None
    own = can_follow(user, dossier.round) or seat_of(user, dossier.round) is not None
    if not own or readable_by(user, dossier.pk) is None:
        return []
    found = SiteVisit.objects.filter(dossier=dossier).prefetch_related("checks", "photos")
    if dossier.round.phase in ALONE:
        judges = dossier.round.members.exclude(user=user.pk).values("user")
        found = found.exclude(sent_by__in=judges)
    return list(found)


def photo_of(user: Visitor, visit_id: int, key: UUID) -> VisitPhoto | None:
    """A photo of a visit that the user may see."""
    visit = SiteVisit.objects.select_related("dossier__round").filter(pk=visit_id).first()
    if visit is None or visit not in visits_of(user, visit.dossier):
        return None
    return visit.photos.filter(key=key).first()


def photos_of(visit: SiteVisit) -> list[VisitPhoto]:
    return list(visit.photos.all())


def checks_of(visit: SiteVisit) -> list[VisitCheck]:
    return list(visit.checks.all())


def claims_of(dossier: Dossier) -> list[OutputMeasure]:
    """The last value of each measured output that the unit claims. The order stays when another output is measured later."""
    last: dict[str, OutputMeasure] = {}
    for one in series_of(dossier.registration):
        last[one.what] = one
    return list(last.values())
