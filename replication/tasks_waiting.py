"""What campaigns wait for, on “Việc của tôi”: to take a model on, to count again."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from common.dates import today, write_day
from models_registry.selectors.tasks import Task, asks
from organisation.permissions import units_where
from organisation.roles import May
from organisation.tree import tree_for
from replication.enums import CampaignState
from replication.models import Adoption, CampaignTarget


@asks
def of_campaigns(user: Any) -> Iterable[Task]:
    """A line for each running campaign that asks the user's own unit, or one that it follows, and has nothing from it yet."""
    held = units_where(user, May.RECORD_ADOPTION)
    if not held:
        return
    mine = tree_for(user).with_followed(held, today())
    asked = CampaignTarget.objects.filter(unit__in=mine, campaign__state=CampaignState.RUNNING, campaign__ends_on__gte=today())
    begun = set(
        Adoption.objects.filter(unit__in=mine, campaign__state=CampaignState.RUNNING, ended_on__isnull=True).values_list(
            "campaign", flat=True
        )
    )
    for target in asked.select_related("campaign").order_by("campaign__ends_on", "pk"):
        if target.campaign_id in begun:
            continue
        campaign = target.campaign
        yield Task(
            campaign.ends_on,
            f"Nhân rộng: {campaign.title}",
            f"{target.unit_name} chưa ghi nơi làm, đến hết ngày {write_day(campaign.ends_on)}.",
            reverse("replication:campaign", args=[campaign.pk]),
            "Mở chiến dịch",
        )
