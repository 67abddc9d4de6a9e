"""Drafts that were thrown away and can still be taken back."""

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from common.dates import VIETNAM
from models_registry.models.seasons import Season
from organisation.models import Unit

DRAFT_KEPT = timedelta(days=30)


class ThrownDraft(models.Model):
    """All that a draft was, as serialised rows, so that nothing else of the portal meets it any more; its files lie where they lay.
    `id` is that of the registration: taken back, it stands at its old address.
    """

    id = models.BigIntegerField(primary_key=True)
    season = models.ForeignKey(Season, models.PROTECT, related_name="+", verbose_name="năm")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="đơn vị")
    place = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name="địa bàn (đơn vị)")
    title = models.CharField("tên mô hình", max_length=500, blank=True)
    where = models.CharField("nơi", max_length=200)
    rows = models.JSONField("các dòng")
    paths = models.JSONField("các tệp", default=list)
    thrown_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người bỏ")
    thrown_at = models.DateTimeField("lúc bỏ", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "bản nháp đã bỏ"
        ordering = ["-thrown_at", "-pk"]
        indexes = [models.Index(fields=["season", "unit"], name="thrown_by_unit")]

    def __str__(self) -> str:
        return self.title or "(chưa có tên)"

    @property
    def kept_until(self) -> date:
        """The last whole day on which it can be taken back."""
        return timezone.localtime(self.thrown_at + DRAFT_KEPT, VIETNAM).date()
