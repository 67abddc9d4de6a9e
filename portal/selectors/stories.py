"""News, stories and guides; requests to correct; whom to ask about a unit's models."""

from datetime import date

from django.db.models import F, Q, QuerySet

from common.dates import today
from models_registry.models import EmulationModel
from models_registry.selectors import models_visible_to
from organisation.models import Reader, Unit
from portal.enums import RequestState
from portal.models import CorrectionRequest, PublicContact, Story
from portal.permissions import can_keep


def published(day: date) -> Q:
    return Q(published_on__lte=day)


def stories_visible_to(user: Reader) -> QuerySet[Story]:
    """What is published; for who keeps the portal drafts and what waits for its day too."""
    return Story.objects.all() if can_keep(user) else Story.objects.filter(published(today()))


def stories_to_keep(user: Reader) -> QuerySet[Story]:
    """The same as a list to work on: what was changed last first."""
    return stories_visible_to(user).order_by("-changed_at", "-pk")


def stories_told(kind: str = "") -> QuerySet[Story]:
    """What everybody reads, of a kind; the newest first."""
    found = Story.objects.filter(published(today())).order_by("-published_on", "-pk")
    return found.filter(kind=kind) if kind else found


def stories_about(model: EmulationModel) -> list[Story]:
    return list(stories_told().filter(about=model)[:6])


def models_of(story: Story, user: Reader) -> list[EmulationModel]:
    """The models that a story tells of and that everybody may see, by name."""
    return list(models_visible_to(user).filter(stories=story).order_by("title"))


def models_at(addresses: list[str], user: Reader) -> tuple[list[EmulationModel], list[str]]:
    """(models, what names none) of addresses as they are copied: 'https://…/mo-hinh/lo-dot-rac/', '/mo-hinh/lo-dot-rac/' or 'lo-dot-rac'."""
    slugs = {line: line.split("?")[0].split("#")[0].rstrip("/").rsplit("/", 1)[-1] for line in addresses}
    known = {model.slug: model for model in models_visible_to(user).filter(slug__in=set(slugs.values()))}
    found = [known[slug] for slug in slugs.values() if slug in known]
    return list(dict.fromkeys(found)), [line for line, slug in slugs.items() if slug not in known]


def requests_visible_to(user: Reader) -> QuerySet[CorrectionRequest]:
    """For who answers them: those that wait first, then the newest."""
    found = CorrectionRequest.objects.select_related("answered_by") if can_keep(user) else CorrectionRequest.objects.none()
    return found.order_by(F("answered_at").desc(nulls_first=True), "-sent_at", "-pk")


def open_requests() -> int:
    return CorrectionRequest.objects.filter(state=RequestState.OPEN).count()


def request_coded(code: str) -> CorrectionRequest | None:
    return CorrectionRequest.objects.filter(code=code).first()


def contact_of(unit: Unit) -> PublicContact | None:
    return PublicContact.objects.filter(unit=unit).first()
