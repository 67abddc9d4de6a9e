"""Campaigns: a source model, the paper that orders it, the units that are to take it on, how much of what, from when to when."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from models_registry.models import EmulationModel
from organisation.models import Unit
from replication.enums import CampaignState, DirectiveKind


class ReplicationCampaign(models.Model):
    """A campaign (chiến dịch nhân rộng) of a body: which model, by which paper, by whom, until when."""

    title = models.CharField("tên chiến dịch", max_length=300)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="campaigns", verbose_name="cơ quan phát động")
    unit_name = models.CharField("tên cơ quan lúc phát động", max_length=200)
    source = models.ForeignKey(EmulationModel, models.PROTECT, related_name="campaigns", verbose_name="mô hình gốc")
    reason = models.TextField("lý do chọn mô hình chưa được công nhận", blank=True)
    is_recognised = models.BooleanField("mô hình gốc đã được công nhận", default=False)
    """Whether the source was recognised when it was chosen: what was not needs a reason."""
    directive_kind = models.CharField("loại văn bản", max_length=6, choices=DirectiveKind.choices)
    directive_number = models.CharField("số, ký hiệu", max_length=60, blank=True)
    directive_on = models.DateField("ngày ban hành")
    directive_issuer = models.CharField("cơ quan ban hành", max_length=250)
    directive_signer = models.CharField("người ký", max_length=100, blank=True)
    directive_file = models.FileField("tệp", upload_to="campaigns/%Y/", blank=True)
    directive_name = models.CharField(max_length=255, blank=True)
    directive_type = models.CharField(max_length=100, blank=True)
    counted = models.ForeignKey(
        "replication.CountedOutput", models.PROTECT, null=True, related_name="campaigns", verbose_name="kết quả được đếm"
    )
    starts_on = models.DateField("từ ngày")
    ends_on = models.DateField("đến hết ngày")
    state = models.CharField("trạng thái", max_length=8, choices=CampaignState.choices, default=CampaignState.PLANNED)
    state_since = models.DateTimeField(default=timezone.now)
    closing_note = models.TextField("kết luận", blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    is_illustrative = models.BooleanField("dữ liệu minh họa", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "chiến dịch nhân rộng"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(name="campaign_ends_after_start", condition=Q(ends_on__gte=F("starts_on"))),
            models.CheckConstraint(name="campaign_has_title", condition=~Q(title="")),
            models.CheckConstraint(name="campaign_source_has_reason", condition=Q(is_recognised=True) | ~Q(reason="")),
            models.CheckConstraint(name="campaign_state_known", condition=Q(state__in=CampaignState.values)),
        ]

    def __str__(self) -> str:
        return self.title


class CampaignTarget(models.Model):
    """A unit that is to take the model on, with how much is asked of it. Its name is that of the day it was chosen."""

    campaign = models.ForeignKey(ReplicationCampaign, models.CASCADE, related_name="targets")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="đơn vị")
    unit_name = models.CharField("tên đơn vị lúc giao", max_length=200)
    quantity = models.DecimalField("chỉ tiêu", null=True, max_digits=14, decimal_places=2)

    class Meta:
        verbose_name = verbose_name_plural = "đơn vị được giao"
        ordering = ["unit__position", "pk"]
        constraints = [
            models.UniqueConstraint(name="target_once", fields=["campaign", "unit"]),
            models.CheckConstraint(name="target_positive", condition=Q(quantity__isnull=True) | Q(quantity__gt=0)),
        ]

    def __str__(self) -> str:
        return self.unit_name
