"""Reminders in a round: to units with a dossier not yet sent, to members with sheets not yet handed in; never twice for one day."""

from datetime import date
from typing import Any

from django.db import transaction
from django.urls import reverse

from common.dates import today, write_day
from models_registry.permissions import acting_day
from notifications.services import tell
from organisation.audit import record
from organisation.models import User
from organisation.roles import May
from organisation.selectors import holders
from recognition.enums import DossierState, Phase
from recognition.models import Dossier, RecognitionRound
from recognition.selectors.council import progress_of
from recognition.selectors.rounds import propose_until
from recognition.services.rounds import lock_run

DAYS_BEFORE = (7, 3, 1)


@transaction.atomic
def remind_rounds() -> int:
    """Each day: who still has something to do DAYS_BEFORE its last day. A missed run is made up for. Returns new messages."""
    told = 0
    for round_ in RecognitionRound.objects.filter(phase__in=[Phase.PROPOSING, Phase.SCORING]).select_related("season", "unit"):
        if round_.phase == Phase.SCORING:
            step = _step((round_.score_until - today()).days)
            told += _remind_members(round_, f"remind-round:{round_.pk}:{step}") if step else 0
        else:
            told += _remind_units(round_)
    return told


def _step(left: int) -> int:
    return min((step for step in DAYS_BEFORE if step >= left), default=0) if left >= 0 else 0


def _remind_members(round_: RecognitionRound, key: str) -> int:
    told = 0
    for one in progress_of(round_):
        if one.left and one.member.removed_at is None:
            told += tell(
                recipients=[one.member.user],
                event_key=key,
                subject=f"{round_}: còn {one.left} hồ sơ chưa chấm, đến hết ngày {write_day(round_.score_until)}",
                link=reverse("recognition:scoring", args=[round_.pk]),
            )
    return told


def _remind_units(round_: RecognitionRound) -> int:
    told = 0
    open_ones = Dossier.objects.filter(round=round_, state__in=[DossierState.PREPARING, DossierState.RETURNED])
    until_of: dict[int, date] = {}
    people_of: dict[int, list[User]] = {}
    for dossier in open_ones.select_related("unit", "registration"):
        unit = dossier.unit
        assert unit is not None
        if unit.pk not in until_of:  # asked once for each unit, however many dossiers it has
            until_of[unit.pk] = propose_until(round_, unit)
            people_of[unit.pk] = holders(May.PROPOSE, unit, acting_day(round_.season))
        until = until_of[unit.pk]
        if step := _step((until - today()).days):
            told += tell(
                recipients=people_of[unit.pk],
                event_key=f"remind-dossier:{dossier.pk}:{until:%Y%m%d}:{step}",
                subject=f"Hồ sơ chưa gửi: “{dossier.registration.title[:150]}”, hạn đến hết ngày {write_day(until)}",
                link=reverse("recognition:dossier", args=[dossier.pk]),
            )
    return told


@transaction.atomic
def remind_members(*, round_id: int, actor: Any) -> int:
    """By hand, once a day: to members with sheets not yet handed in. Returns new messages."""
    round_ = lock_run(round_id, actor)
    if round_.phase != Phase.SCORING:
        return 0
    told = _remind_members(round_, f"remind-round-now:{round_.pk}:{today():%Y%m%d}")
    if told:
        record(actor=actor, action="remind-members", target=round_, unit=round_.unit)
    return told
