"""Commendations for recognised models, and the conference at which they are given."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from models_registry.enums import SubjectKind
from models_registry.models import Season
from organisation.models import Unit
from recognition.enums import Award
from recognition.models.decisions import Decision, Recognition


class Commendation(models.Model):
    """A giấy khen or bằng khen proposed for who made a recognised model; decided by its own body."""

    recognition = models.ForeignKey(Recognition, models.PROTECT, related_name="commendations", verbose_name="công nhận")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="đơn vị đề nghị")
    award = models.CharField("hình thức", max_length=10, choices=Award.choices)
    recipient = models.CharField("tập thể, cá nhân", max_length=300)
    recipient_kind = models.CharField("loại", max_length=10, choices=SubjectKind.choices)
    reason = models.TextField("thành tích")
    proposed_on = models.DateField("ngày đề nghị")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, related_name="commendations", verbose_name="quyết định")

    class Meta:
        verbose_name = verbose_name_plural = "đề nghị khen thưởng"
        ordering = ["recipient_kind", "recipient", "pk"]
        constraints = [
            models.UniqueConstraint(name="commended_once", fields=["recognition", "award", "recipient"]),
            models.CheckConstraint(name="commendation_has_reason", condition=~Q(reason="") & ~Q(recipient="")),
        ]

    def __str__(self) -> str:
        return f"{self.get_award_display()}: {self.recipient}"


class Conference(models.Model):
    """A conference that commends recognised models in public (hội nghị tuyên dương)."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="conferences", verbose_name="đơn vị tổ chức")
    season = models.ForeignKey(Season, models.PROTECT, related_name="conferences", verbose_name="năm")
    name = models.CharField("tên hội nghị", max_length=200)
    held_on = models.DateField("ngày")
    starts_at = models.TimeField("giờ", null=True, blank=True)
    place = models.CharField("địa điểm", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "hội nghị tuyên dương"
        ordering = ["-held_on"]
        constraints = [models.UniqueConstraint(name="conference_once", fields=["unit", "season", "name"])]

    def __str__(self) -> str:
        return self.name

    @property
    def hour(self) -> str:
        """“8 giờ”, “8 giờ 30”; empty while it is not known."""
        at = self.starts_at
        return f"{at.hour} giờ{f' {at.minute:02d}' if at.minute else ''}" if at else ""


class ConferenceEntry(models.Model):
    """One recognised model in the order of the conference, with its story of one page."""

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="entries")
    recognition = models.ForeignKey(Recognition, models.PROTECT, related_name="+", verbose_name="công nhận")
    position = models.PositiveSmallIntegerField("thứ tự")
    story = models.TextField("câu chuyện", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "mô hình tại hội nghị"
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(name="conference_entry_once", fields=["conference", "recognition"])]

    def __str__(self) -> str:
        return f"{self.position}. {self.recognition.title}"
