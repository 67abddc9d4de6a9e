"""What rounds wait for, on “Việc của tôi”: papers to complete, dossiers to look at, sheets to hand in."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef
from django.urls import reverse
from django.utils import timezone

from common.dates import VIETNAM, today, write_day
from models_registry.models import Season
from models_registry.selectors.tasks import Task, asks
from organisation.permissions import units_where
from organisation.roles import May
from organisation.tree import tree_for
from recognition.enums import DossierState, Phase, SheetState
from recognition.models import Assignment, Dossier, ScoreSheet

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
    tree, days = tree_for(user), [today(), *Season.objects.values_list("cutoff_on", flat=True)]
    below = frozenset[int]().union(*(tree.below(held, day) for day in tree.distinct(days)))
    open_ones = Dossier.objects.filter(
        round__phase=Phase.PROPOSING, unit__in=below, state__in=[DossierState.PREPARING, DossierState.RETURNED]
    )
    counted = open_ones.order_by("round").values_list("round", "round__propose_until").annotate(n=Count("pk"))
    for round_id, until, number in counted:
        href = reverse("recognition:round", args=[round_id])
        yield Task(until, f"Làm tiếp {number} hồ sơ đề nghị", "Hồ sơ chưa gửi, hoặc được trả lại để bổ sung.", href, "Mở hồ sơ")


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
    finished = ScoreSheet.objects.filter(
        member=OuterRef("member"), dossier=OuterRef("dossier"), state__in=[SheetState.SENT, SheetState.ABSENT]
    )
    given = Assignment.objects.filter(
        member__user=user.pk,
        member__removed_at__isnull=True,
        member__round__phase=Phase.SCORING,
        dossier__state=DossierState.COMPLETE,
    ).filter(~Exists(finished))
    counted = given.order_by("member__round").values_list("member__round", "member__round__score_until")
    for round_id, until, left in counted.annotate(n=Count("pk")):
        why = f"Thẩm định độc lập đến hết ngày {write_day(until)}."
        yield Task(until, f"Chấm {left} hồ sơ được giao", why, reverse("recognition:scoring", args=[round_id]), "Chấm")
