"""What replication waits for, on “Việc của tôi”: to take a model on, to answer who wants to come, to tell what was learned."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from common.dates import today, write_day
from models_registry.selectors.tasks import Task, asks
from organisation.permissions import units_where
from organisation.roles import May
from organisation.tree import tree_for
from replication.enums import CampaignState, VisitState
from replication.models import Adoption, CampaignTarget, StudyVisit


@asks
def of_campaigns(user: Any) -> Iterable[Task]:
    """A line for each running campaign that asks the user's own unit, or one that it follows, and has nothing from it yet."""
    held = units_where(user, May.RECORD_ADOPTION)
    if not held:
        return
    mine = tree_for(user).with_followed(held, today())
    asked = CampaignTarget.objects.filter(unit__in=mine, campaign__state=CampaignState.RUNNING, campaign__ends_on__gte=today())
    begun = Adoption.objects.filter(unit__in=mine, campaign=OuterRef("campaign"), ended_on__isnull=True)
    for target in asked.filter(~Exists(begun)).select_related("campaign").order_by("campaign__ends_on", "pk"):
        campaign = target.campaign
        yield Task(
            campaign.ends_on,
            f"Nhân rộng: {campaign.title}",
            f"{target.unit_name} chưa ghi nơi làm, đến hết ngày {write_day(campaign.ends_on)}.",
            reverse("replication:campaign", args=[campaign.pk]),
            "Mở chiến dịch",
        )


@asks
def of_visits(user: Any) -> Iterable[Task]:
    """Visits that the user's own unit, or one that it follows, is to answer; and those that are past and not told."""
    held = units_where(user, May.RECORD_ADOPTION)
    if not held:
        return
    mine = tree_for(user).with_followed(held, today())
    to_answer = Q(state=VisitState.ASKED, host__in=mine)
    to_tell = Q(state=VisitState.AGREED, visitor__in=mine, planned_on__lte=today())
    for visit in StudyVisit.objects.filter(to_answer | to_tell).select_related("model").order_by("wanted_on", "pk"):
        asked = visit.state == VisitState.ASKED
        day = visit.wanted_on if asked else visit.planned_on or visit.wanted_on
        yield Task(
            day,
            f"{visit.visitor_name} xin đến học" if asked else f"Đã đến {visit.host_name}: ghi đã học được gì",
            f"“{visit.model.title}”, muốn đến ngày {write_day(day)}." if asked else f"Chuyến hẹn ngày {write_day(day)}.",
            reverse("replication:visit", args=[visit.pk]),
            "Trả lời" if asked else "Ghi lại",
        )
