"""A request to a member to look again at some of their scores, and what became of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from recognition.models.council import Score, ScoreSheet


class SecondLook(models.Model):
    """One request about one sheet, made while scores are compared. Answered once: the scores kept or changed, with a word."""

    sheet = models.ForeignKey(ScoreSheet, models.CASCADE, related_name="looks", verbose_name="phiếu chấm")
    reason = models.TextField("vì sao xem lại")
    until = models.DateField("trả lời trước hết ngày")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    asked_name = models.CharField("người đề nghị", max_length=200)
    asked_at = models.DateTimeField("lúc đề nghị", default=timezone.now)
    answer = models.TextField("trả lời", blank=True)
    answered_at = models.DateTimeField("lúc trả lời", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "đề nghị xem lại điểm"
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(name="one_open_look_per_sheet", fields=["sheet"], condition=Q(answered_at__isnull=True)),
            models.CheckConstraint(name="look_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="look_answered_with_words",
                condition=Q(answered_at__isnull=True, answer="") | Q(answered_at__isnull=False) & ~Q(answer=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sheet}: {self.reason}"


class LookedScore(models.Model):
    """One score that a request is about: what it was then, what it was once answered."""

    look = models.ForeignKey(SecondLook, models.CASCADE, related_name="scores")
    score = models.ForeignKey(Score, models.CASCADE, related_name="looks", verbose_name="điểm")
    before = models.DecimalField("điểm trước", max_digits=6, decimal_places=2)
    after = models.DecimalField("điểm sau", null=True, max_digits=6, decimal_places=2)

    class Meta:
        verbose_name = verbose_name_plural = "điểm được đề nghị xem lại"
        ordering = ["score__position"]
        constraints = [models.UniqueConstraint(name="looked_at_once", fields=["look", "score"])]

    def __str__(self) -> str:
        return f"{self.score.name}: {self.before}"
