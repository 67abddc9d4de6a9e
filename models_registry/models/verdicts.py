"""How registrations stood at the end of their year, as their offices judged them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from models_registry.enums import Verdict
from models_registry.models.register import Registration


class YearVerdict(models.Model):
    """A dated fact: what was judged of a registration, as of which day, why, by what evidence. It counts once it is confirmed, from
    `as_of` until the next one (`until`); of two of one day the later said stands. What is not confirmed is the unit's own word.
    """

    registration = models.ForeignKey(Registration, models.PROTECT, related_name="verdicts", verbose_name="đăng ký")
    verdict = models.CharField("đánh giá", max_length=10, choices=Verdict.choices)
    as_of = models.DateField("đánh giá đến ngày")
    until = models.DateField("đến khi đánh giá lại", null=True)
    reason = models.CharField("lý do", max_length=1000, blank=True)
    evidence = models.CharField("minh chứng", max_length=500, blank=True)
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="người đánh giá"
    )
    said_at = models.DateTimeField("lúc đánh giá", auto_now_add=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="người xác nhận"
    )
    confirmed_at = models.DateTimeField("lúc xác nhận", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "đánh giá cuối năm"
        ordering = ["as_of", "pk"]
        constraints = [
            models.CheckConstraint(name="verdict_known", condition=Q(verdict__in=Verdict.values)),
            models.CheckConstraint(name="verdict_says_why", condition=Q(verdict=Verdict.EFFECTIVE) | ~Q(reason="")),
            models.CheckConstraint(name="verdict_ends_after_its_day", condition=Q(until__isnull=True) | Q(until__gte=F("as_of"))),
            models.CheckConstraint(
                name="verdict_ends_confirmed", condition=Q(until__isnull=True) | Q(confirmed_at__isnull=False)
            ),
            models.CheckConstraint(
                name="verdict_confirmed_by_somebody",
                condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
            ),
            models.UniqueConstraint(
                name="one_standing_verdict",
                fields=["registration"],
                condition=Q(until__isnull=True, confirmed_at__isnull=False),
            ),
            models.UniqueConstraint(name="one_proposed_verdict", fields=["registration"], condition=Q(confirmed_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()}: {self.registration}"
