from django.conf import settings
from django.db import models
from django.db.models import Q

from models_registry.models import Registration
from organisation.models import Level, Unit


class Decision(models.Model):
    """A paper that recognises models, or withdraws an earlier recognition: number, date, issuing body, signer, as printed."""

    number = models.CharField("số, ký hiệu", max_length=60)
    decided_on = models.DateField("ngày ban hành")
    issuer = models.ForeignKey(Unit, models.PROTECT, related_name="decisions", verbose_name="cơ quan ban hành")
    issuer_name = models.CharField("tên cơ quan ban hành lúc ấy", max_length=250)
    level = models.ForeignKey(Level, models.PROTECT, related_name="+", verbose_name="cấp công nhận")
    signer = models.CharField("người ký", max_length=100, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "quyết định"
        ordering = ["-decided_on"]
        constraints = [
            models.UniqueConstraint(name="decision_once", fields=["issuer", "number", "decided_on"]),
            models.CheckConstraint(name="decision_has_number", condition=~Q(number="")),
        ]

    def __str__(self) -> str:
        return self.number


class Recognition(models.Model):
    """One model in one decision of one level. It stands from the decision's day until a later decision revokes it."""

    registration = models.ForeignKey(Registration, models.PROTECT, related_name="recognitions", verbose_name="đăng ký")
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="recognitions", verbose_name="quyết định")
    title = models.CharField("tên mô hình trong quyết định", max_length=500)
    subject = models.CharField("tập thể, cá nhân trong quyết định", max_length=300, blank=True)
    revoked_on = models.DateField("ngày hủy", null=True, blank=True)
    revoked_by = models.ForeignKey(
        Decision, models.PROTECT, null=True, blank=True, related_name="revocations", verbose_name="quyết định hủy"
    )

    class Meta:
        verbose_name = verbose_name_plural = "công nhận"
        constraints = [
            models.UniqueConstraint(name="recognised_once_per_decision", fields=["registration", "decision"]),
            models.CheckConstraint(
                name="revoked_by_a_decision",
                condition=Q(revoked_on__isnull=True, revoked_by__isnull=True)
                | Q(revoked_on__isnull=False, revoked_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.decision})"


class CentralIntroduction(models.Model):
    """A model introduced to the Central board."""

    registration = models.OneToOneField(Registration, models.PROTECT, related_name="central_introduction", verbose_name="đăng ký")
    introduced_on = models.DateField("ngày giới thiệu")
    programme = models.CharField("đợt giới thiệu", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "giới thiệu Trung ương"

    def __str__(self) -> str:
        return str(self.registration)
