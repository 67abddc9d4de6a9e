"""What rounds wait for, on “Việc của tôi”: papers to complete, dossiers to look at, sheets to hand in."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone

from common.dates import VIETNAM
from models_registry.permissions import acting_day
from models_registry.selectors.tasks import Task, asks
from organisation.permissions import units_where
from organisation.roles import May
from organisation.tree import tree_for
from recognition.enums import DossierState, Phase, SheetState
from recognition.models import CouncilMember, Dossier, RecognitionRound

LOOK_WITHIN = timedelta(days=3)  # after it was sent, a dossier is due to be looked at


@asks
def of_rounds(user: Any) -> Iterable[Task]:
    """A line for each round in which something waits for the user."""
    yield from _to_complete(user)
    yield from _to_look_at(user)
    yield from _to_score(user)


def _to_complete(user: Any) -> Iterable[Task]:
    held = units_where(user, May.PROPOSE)
    if not held:
        return
    rounds = RecognitionRound.objects.filter(phase=Phase.PROPOSING).select_related("season")
    for round_ in rounds:
        below = tree_for(user).below(held, acting_day(round_.season))
        open_ones = Dossier.objects.filter(
            round=round_, unit__in=below, state__in=[DossierState.PREPARING, DossierState.RETURNED]
        )
        number = open_ones.count()
        if number:
            href = reverse("recognition:round", args=[round_.pk])
            yield Task(round_.propose_until, f"Làm tiếp {number} hồ sơ đề nghị", f"{round_}.", href, "Mở hồ sơ")


def _to_look_at(user: Any) -> Iterable[Task]:
    led = units_where(user, May.RUN_ROUND)
    waiting = Dossier.objects.filter(round__unit__in=led, state=DossierState.SENT).order_by("round")
    for round_id, number, first in waiting.values_list("round").annotate(n=Count("pk"), first=Min("state_since")):
        due = timezone.localtime(first, VIETNAM).date() + LOOK_WITHIN
        href = f"{reverse('recognition:round', args=[round_id])}?tt=sent"
        yield Task(
            due, f"Xem {number} hồ sơ mới gửi", "Đủ giấy tờ thì đưa vào thẩm định, thiếu thì trả lại từng giấy tờ.", href, "Xem"
        )


def _to_score(user: Any) -> Iterable[Task]:
    seats = CouncilMember.objects.filter(user=user.pk, removed_at__isnull=True, round__phase=Phase.SCORING)
    given = seats.annotate(given=Count("assignments")).filter(given__gt=0).select_related("round__season")
    for seat in given:
        finished = seat.sheets.filter(state__in=[SheetState.SENT, SheetState.ABSENT]).count()
        if left := seat.given - finished:  # type: ignore[attr-defined]
            why = f"{seat.round}. Thẩm định độc lập đến hết ngày {seat.round.score_until:%d/%m/%Y}."
            href = reverse("recognition:scoring", args=[seat.round_id])
            yield Task(seat.round.score_until, f"Chấm {left} hồ sơ được giao", why, href, "Chấm")
