"""Meetings of a council in tests: opened, closed, and what is on record of them."""

from datetime import date
from typing import Any

from organisation.models import AuditEvent
from recognition.enums import DossierState
from recognition.models import Dossier, Meeting, RecognitionRound
from recognition.services import close_voting, open_voting
from tests.online import person
from tests.rounds import DISTRICT_STAFF as STAFF


def opened(round_: RecognitionRound) -> Meeting:
    return open_voting(round_id=round_.pk, actor=person(STAFF))


def closed(round_: RecognitionRound, even_so: bool = False) -> Meeting:
    return close_voting(round_id=round_.pk, even_so=even_so, actor=person(STAFF))


def meet(round_: RecognitionRound) -> Meeting:
    return Meeting.objects.get(round=round_)


def last(action: str, **filters: Any) -> AuditEvent:
    return AuditEvent.objects.filter(action=action, **filters).latest("pk")


def taken_back(dossier: Dossier) -> None:
    Dossier.objects.filter(pk=dossier.pk).update(state=DossierState.WITHDRAWN, withdrawn_on=date(2023, 10, 1))
