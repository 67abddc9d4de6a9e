"""Periodic reports: drafts that are rebuilt, frozen ones that nothing changes, corrections; figures quoted from papers."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from common.dates import VIETNAM
from common.models import Job
from models_registry.models import Season
from organisation.models import Unit
from papers.models import PaperNumber
from reports.enums import ReportState
from reports.kinds import kind_of


class Report(models.Model):
    """A report of a unit on a season as of a day. `facts` is what it says, `counted` which registrations it counted; `texts`
    are the officer's own words by section, which a new building keeps. A trigger keeps a frozen one as it is.
    """

    kind = models.CharField("loại", max_length=20)
    season = models.ForeignKey(Season, models.PROTECT, related_name="reports", verbose_name="năm")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="reports", verbose_name="đơn vị")
    unit_name = models.CharField("tên đơn vị vào ngày ấy", max_length=200)
    as_of = models.DateField("tính đến ngày")
    state = models.CharField("trạng thái", max_length=6, choices=ReportState.choices, default=ReportState.DRAFT)
    facts = models.JSONField(null=True)
    counted = models.BinaryField(default=bytes)
    problems = models.JSONField(default=list)
    """[{key, words, effect, weight, ids}] of the reconciliation."""
    answers = models.JSONField(default=dict)
    """{key of a problem: what the officer says of it}"""
    texts = models.JSONField(default=dict)
    """{section: the officer's own words, figures in braces}"""
    build = models.PositiveIntegerField("lần lập", default=0)
    built_at = models.DateTimeField("lúc lập", null=True)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    """None: the clock."""
    made_at = models.DateTimeField(auto_now_add=True)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="corrections", verbose_name="đính chính cho")
    correction = models.PositiveSmallIntegerField("lần đính chính", default=0)
    correction_why = models.TextField("lý do đính chính", blank=True)
    number = models.ForeignKey(PaperNumber, models.PROTECT, null=True, related_name="+", verbose_name="số")
    suffix = models.CharField("ký hiệu cơ quan", max_length=20, blank=True)
    frozen_at = models.DateTimeField("lúc chốt", null=True)
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="người chốt"
    )
    checksum = models.CharField("mã kiểm tra", max_length=64, blank=True)
    file_sums = models.JSONField(default=dict)
    """{docx, xlsx, pdf: SHA-256 of the file kept}"""
    docx = models.FileField(upload_to="reports/%Y/", blank=True)
    xlsx = models.FileField(upload_to="reports/%Y/", blank=True)
    pdf = models.FileField(upload_to="reports/%Y/", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "báo cáo"
        ordering = ["-as_of", "kind", "unit__position", "-correction"]
        constraints = [
            models.UniqueConstraint(name="report_once", fields=["kind", "season", "unit", "as_of", "correction"]),
            models.CheckConstraint(
                name="report_frozen_is_whole",
                condition=Q(state=ReportState.DRAFT, frozen_at__isnull=True, checksum="")
                | Q(state=ReportState.FROZEN, frozen_at__isnull=False, frozen_by__isnull=False, facts__isnull=False)
                & ~Q(checksum=""),
            ),
            models.CheckConstraint(
                name="correction_names_what",
                condition=Q(corrects__isnull=True, correction=0)
                | Q(corrects__isnull=False, correction__gt=0) & ~Q(correction_why=""),
            ),
            models.CheckConstraint(name="correction_not_of_itself", condition=Q(corrects__isnull=True) | ~Q(corrects=F("pk"))),
        ]
        indexes = [models.Index(fields=["season", "kind", "as_of"], name="reports_of_season")]

    def __str__(self) -> str:
        return f"{self.kind} {self.as_of:%d/%m/%Y}, {self.unit_name}"

    @property
    def title(self) -> str:
        """'Báo cáo tháng 9 năm 2023', 'Tổng hợp 15/10/2023'."""
        kind = kind_of(self.kind)
        assert kind, f"no such kind of report: {self.kind}"
        return kind.titled(self.season.year, self.season.cutoff_on, self.as_of)

    @property
    def frozen_on(self) -> date | None:
        """The day in Vietnam on which it was frozen."""
        return self.frozen_at.astimezone(VIETNAM).date() if self.frozen_at else None


class QuotedFigure(models.Model):
    """A figure as a paper prints it, beside ours: with its qualifier ("hơn 12.600") and where it stands."""

    season = models.ForeignKey(Season, models.PROTECT, related_name="quoted_figures", verbose_name="năm")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="đơn vị")
    figure = models.CharField("số liệu", max_length=30)
    as_of = models.DateField("tính đến ngày")
    qualifier = models.CharField("mức chính xác", max_length=20, blank=True)
    number = models.PositiveIntegerField("số")
    parts = models.PositiveIntegerField("các phần cộng lại", null=True, blank=True)
    source = models.CharField("nguồn", max_length=300)
    kept_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    kept_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "số liệu trích dẫn"
        ordering = ["as_of", "pk"]
        constraints = [
            models.UniqueConstraint(name="quoted_once", fields=["season", "unit", "figure", "as_of", "source"]),
            models.CheckConstraint(name="quoted_has_source", condition=~Q(source="")),
        ]

    def __str__(self) -> str:
        return f"{self.qualifier} {self.number}".strip()
