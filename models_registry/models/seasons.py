"""Periods, seasons, the papers and windows of these, fields, themes."""

import uuid
from datetime import date, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from models_registry.validators import season_flaws
from organisation.models import Unit


class Period(models.Model):
    """A period of the movement, e.g. 2021-2025."""

    name = models.CharField("giai đoạn", max_length=20, unique=True)
    starts_on = models.DateField("từ ngày")
    ends_on = models.DateField("đến hết ngày")
    basis = models.TextField("văn bản căn cứ", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "giai đoạn"
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(name="period_ends_after_start", condition=Q(ends_on__gt=F("starts_on"))),
        ]

    def __str__(self) -> str:
        return self.name


class Season(models.Model):
    """A year of the movement: when one may register, on which day the figures close, on what paper it rests."""

    year = models.PositiveSmallIntegerField("năm", unique=True)
    period = models.ForeignKey(Period, models.PROTECT, related_name="seasons", verbose_name="giai đoạn")
    opens_on = models.DateField("nhận đăng ký từ ngày")
    closes_on = models.DateField("đến hết ngày")
    cutoff_on = models.DateField("ngày chốt số liệu")
    check_days = models.PositiveSmallIntegerField(
        "số ngày xét", default=7, help_text="Đăng ký chờ xét lâu hơn số ngày này thì báo quá hạn."
    )
    mend_days = models.PositiveSmallIntegerField(
        "số ngày sửa",
        default=7,
        help_text="Hạn sửa của đăng ký bị trả lại, đếm từ ngày trả; hết hạn gửi rồi vẫn được chừng ấy ngày.",
    )
    basis = models.TextField("văn bản căn cứ", blank=True, help_text="Số, ngày, cơ quan ban hành.")
    basis_source = models.CharField("nguồn", max_length=300, blank=True)
    is_illustrative = models.BooleanField(
        "dữ liệu minh họa", default=False, help_text="Mọi trang có số liệu của năm này đều ghi “Dữ liệu minh họa”."
    )

    class Meta:
        verbose_name = verbose_name_plural = "năm thi đua"
        ordering = ["-year"]
        constraints = [
            models.CheckConstraint(
                name="season_year_in_reach",
                condition=Q(year__gte=1990, year__lte=2100),
                violation_error_message="Năm thi đua nằm trong khoảng 1990 đến 2100.",
            ),
            models.CheckConstraint(
                name="season_window_in_order",
                condition=Q(closes_on__gte=F("opens_on")),
                violation_error_message="Ngày cuối nhận đăng ký không được trước ngày đầu.",
            ),
            models.CheckConstraint(
                name="season_cutoff_after_opening",
                condition=Q(cutoff_on__gte=F("opens_on")),
                violation_error_message="Ngày chốt số liệu không được trước ngày mở đăng ký.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.year)

    def clean(self) -> None:
        """A season is one year's, of a period that holds it: more time than the year has is granted to a unit, on record."""
        days = {name: getattr(self, name) for name in ("opens_on", "closes_on", "cutoff_on")}
        told = self.year and self.period_id and all(days.values())  # the form tells of what is missing
        if told and (flaws := season_flaws(year=self.year, period=self.period.name, **days)):
            raise ValidationError(flaws)

    def mend_until(self, returned_on: date) -> date:
        """The last day on which what was returned on a day is mended in time."""
        return returned_on + timedelta(days=self.mend_days)

    @property
    def last_day(self) -> date:
        return max(self.closes_on, self.cutoff_on)

    @property
    def ends_on(self) -> date:
        """The last day of its year: the last as of which its figures are told, and that a registration may be dated."""
        return date(self.year, 12, 31)


class SeasonDraft(models.Model):
    """What was typed on the page that opens a season and not yet opened: the only one, for all who may open it."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    answers = models.JSONField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = "nháp mở năm"
        constraints = [models.CheckConstraint(name="one_season_draft", condition=Q(pk=1))]

    def __str__(self) -> str:
        return f"nháp mở năm {self.answers.get('year', '')}".strip()

    @property
    def stamp(self) -> str:
        """Another one after each saving."""
        return self.saved_at.isoformat()


class BasisPaper(models.Model):
    """The file of the paper on which a season rests. Sent before the season opens, it belongs to none yet; a later one replaces it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    season = models.ForeignKey(Season, models.PROTECT, null=True, related_name="basis_papers", verbose_name="năm")
    file = models.FileField("tệp", upload_to="seasons/%Y/")
    file_name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField("lúc gửi", auto_now_add=True)
    replaced_at = models.DateTimeField("lúc thay", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "tệp văn bản căn cứ"
        constraints = [
            models.UniqueConstraint(name="one_basis_paper", fields=["season"], condition=Q(replaced_at__isnull=True)),
            models.CheckConstraint(name="only_a_seasons_paper_is_replaced", condition=Q(replaced_at=None) | ~Q(season=None)),
        ]

    def __str__(self) -> str:
        return self.file_name


class SeasonExtension(models.Model):
    """More time for one unit, and for all below it: until when, why, by whom. Dated, never changed; taken back, it stays on
    record and counts no more.
    """

    season = models.ForeignKey(Season, models.PROTECT, related_name="extensions", verbose_name="năm")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="đơn vị")
    until = models.DateField("đến hết ngày")
    reason = models.TextField("lý do")
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    granted_at = models.DateTimeField("lúc cho", auto_now_add=True)
    taken_back_at = models.DateTimeField("lúc bỏ", null=True)
    taken_back_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "gia hạn"
        ordering = ["-granted_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="extension_once", fields=["season", "unit", "until"], condition=Q(taken_back_at__isnull=True)
            ),
            models.CheckConstraint(name="extension_has_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.unit}: {self.until:%d/%m/%Y}"


class Field(models.Model):
    """One of the fields that models are registered in."""

    name = models.CharField("lĩnh vực", max_length=100, unique=True)
    short_name = models.CharField("tên ngắn", max_length=30)
    slug = models.SlugField("mã trên địa chỉ", max_length=40, unique=True)
    synonyms = models.TextField("cách viết khác", blank=True, help_text="Mỗi dòng một cách viết gặp trong sổ, ví dụ QP-AN.")
    position = models.PositiveSmallIntegerField("thứ tự", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "lĩnh vực"
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class Theme(models.Model):
    """A theme that a plan gives a period, in an officer's words: an empty label is printed nowhere."""

    period = models.ForeignKey(Period, models.CASCADE, related_name="themes", verbose_name="giai đoạn")
    plan = models.CharField("kế hoạch", max_length=200, help_text="Số, ngày văn bản, như in trên văn bản.")
    position = models.PositiveSmallIntegerField("thứ tự")
    label = models.CharField("nội dung", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "chủ đề"
        ordering = ["period", "plan", "position"]
        constraints = [models.UniqueConstraint(name="theme_once", fields=["period", "plan", "position"])]

    def __str__(self) -> str:
        return self.label or f"{self.plan} ({self.position})"
