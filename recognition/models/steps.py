"""The way of a round on record: each step from phase to phase, each reminder sent by hand."""

import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from organisation.models import Unit
from recognition.enums import Phase
from recognition.models.council import CouncilMember
from recognition.models.rounds import RecognitionRound


class RoundStep(models.Model):
    """One step, onward or back: who, when, which days moved with it. Never edited."""

    round = models.ForeignKey(RecognitionRound, models.CASCADE, related_name="steps", verbose_name="đợt xét")
    source = models.CharField("từ bước", max_length=12, choices=Phase.choices)
    target = models.CharField("sang bước", max_length=12, choices=Phase.choices)
    is_reopening = models.BooleanField("mở lại", default=False)
    reason = models.CharField("lý do", max_length=500, blank=True)
    days = models.JSONField("ngày đã đổi", default=dict)
    """{field of the round: [before, after]}"""
    absent = models.JSONField("phiếu tính vắng", default=list)
    """Ids of the sheets that this step counted as absent."""
    seen_from = models.DateTimeField("điểm đã mở từ lúc", null=True)
    """Of a step back into the independent phase: since when the council had seen each other's scores."""
    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField(max_length=200)

    class Meta:
        verbose_name = verbose_name_plural = "bước của đợt xét"
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(name="round_step_known", condition=Q(source__in=Phase.values, target__in=Phase.values)),
            models.CheckConstraint(name="reopening_has_reason", condition=Q(is_reopening=False) | ~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.get_source_display()} → {self.get_target_display()}"

    def day_before(self, name: str) -> date | None:
        """What a day of the round was before this step moved it."""
        return date.fromisoformat(self.days[name][0]) if name in self.days else None


class RoundReminder(models.Model):
    """One reminder to a unit or a member, as it was sent. `key` comes with the form, so that a double tap sends once."""

    key = models.UUIDField(default=uuid.uuid4)
    round = models.ForeignKey(RecognitionRound, models.CASCADE, related_name="reminders", verbose_name="đợt xét")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name="đơn vị")
    member = models.ForeignKey(CouncilMember, models.CASCADE, null=True, related_name="reminders", verbose_name="thành viên")
    words = models.TextField("lời nhắc")
    reached = models.PositiveSmallIntegerField("số người nhận")
    sent_at = models.DateTimeField("lúc nhắc", default=timezone.now)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "lời nhắc của đợt xét"
        ordering = ["sent_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="reminder_is_to_one",
                condition=Q(unit__isnull=False, member__isnull=True) | Q(unit__isnull=True, member__isnull=False),
            ),
            models.UniqueConstraint(name="unit_reminded_once", fields=["key", "unit"]),
            models.UniqueConstraint(name="member_reminded_once", fields=["key", "member"]),
        ]

    def __str__(self) -> str:
        return f"{self.unit or self.member}: {self.sent_at:%d/%m/%Y}"
