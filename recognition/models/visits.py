"""Site visits: planned, made with a telephone, sent when there is a network again."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from recognition.enums import VisitVerdict
from recognition.models.dossiers import Dossier


class SiteVisit(models.Model):
    """A visit to the place of a model. `key` comes from the telephone: what is sent twice is kept once."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="visits", verbose_name="hồ sơ")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    planned_on = models.DateField("dự kiến ngày")
    visitors = models.CharField("đoàn khảo sát", max_length=300)
    visited_on = models.DateField("đã khảo sát ngày", null=True)
    people_met = models.TextField("đã gặp ai", blank=True)
    verdict = models.CharField("kết luận", max_length=12, choices=VisitVerdict.choices, blank=True)
    remark = models.TextField("nhận xét", blank=True)
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField("lúc gửi", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "khảo sát thực tế"
        ordering = ["planned_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="visit_made_is_whole",
                condition=Q(visited_on__isnull=True, sent_at__isnull=True)
                | (Q(visited_on__isnull=False, sent_at__isnull=False) & ~Q(verdict="")),
            )
        ]

    def __str__(self) -> str:
        return f"Khảo sát {self.planned_on:%d/%m/%Y}: {self.dossier}"


class VisitCheck(models.Model):
    """One measured output: what was claimed, what was found. Both stand, neither replaces the other."""

    visit = models.ForeignKey(SiteVisit, models.CASCADE, related_name="checks")
    what = models.CharField("đo cái gì", max_length=200)
    counting_unit = models.CharField("đơn vị tính", max_length=30)
    claimed = models.DecimalField("theo hồ sơ", null=True, max_digits=14, decimal_places=2)
    found = models.DecimalField("đếm được", null=True, max_digits=14, decimal_places=2)
    note = models.CharField("ghi chú", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "kết quả kiểm tra"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(name="check_once", fields=["visit", "what"]),
            models.CheckConstraint(name="found_not_negative", condition=Q(found__isnull=True) | Q(found__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.what}: {self.found}"


class VisitPhoto(models.Model):
    """A photo of the visit: upright, shrunk, without metadata. `key` comes from the telephone."""

    visit = models.ForeignKey(SiteVisit, models.CASCADE, related_name="photos")
    key = models.UUIDField(unique=True)
    file = models.FileField(upload_to="visits/%Y/")
    sent_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "ảnh khảo sát"
        ordering = ["sent_at", "pk"]

    def __str__(self) -> str:
        return str(self.key)
