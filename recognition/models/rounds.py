"""Rounds in which a body recognises models: criteria by version, dates of the phases, advice on numbers, more time."""

from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from models_registry.models import Season
from organisation.models import Level, Unit
from organisation.naming import LevelName
from recognition.enums import LAST_DAYS, PaperKind, Phase


class CriteriaSet(models.Model):
    """Criteria with which a round scores. A version that a round took does not change any more: editing makes the next one."""

    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name="của đơn vị")
    """The body that edits it; none for the default, which everyone may start from."""
    name = models.CharField("tên bộ tiêu chí", max_length=200)
    version = models.PositiveSmallIntegerField("bản", default=1)
    minimum_total = models.DecimalField("tổng điểm tối thiểu", max_digits=6, decimal_places=2)
    off_share = models.PositiveSmallIntegerField("lệch trung bình từ, phần trăm điểm tối đa", default=10)
    """From this share of a criterion's maximum on, a score is called low or high beside the criterion's mean."""
    far_share = models.PositiveSmallIntegerField("lệch nhiều từ, phần trăm điểm tối đa", default=20)
    wide_share = models.PositiveSmallIntegerField("chênh nhiều từ, phần trăm điểm tối đa", default=25)
    """From this share on, the lowest and the highest score of a criterion are far apart."""
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "bộ tiêu chí"
        ordering = ["name", "-version"]
        constraints = [
            models.UniqueConstraint(name="criteria_version_once", fields=["unit", "name", "version"]),
            models.UniqueConstraint(name="default_criteria_once", fields=["version"], condition=Q(unit__isnull=True)),
            models.CheckConstraint(name="criteria_minimum_not_negative", condition=Q(minimum_total__gte=0)),
            models.CheckConstraint(
                name="criteria_shares_in_order",
                condition=Q(off_share__gte=1, far_share__gte=F("off_share"), far_share__lte=100, wide_share__range=(1, 100)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, bản {self.version}"

    @property
    def top(self) -> Decimal:
        """The highest total: maxima by weight."""
        return sum((one.maximum * one.weight for one in self.criteria.all()), Decimal(0))


class Criterion(models.Model):
    """One criterion: its maximum, its weight in the total, the least that each sheet's mean needs; a knock-out alone decides."""

    criteria = models.ForeignKey(CriteriaSet, models.CASCADE, related_name="criteria")
    position = models.PositiveSmallIntegerField("thứ tự")
    name = models.CharField("tiêu chí", max_length=200)
    maximum = models.DecimalField("điểm tối đa", max_digits=6, decimal_places=2)
    weight = models.DecimalField("hệ số", default=Decimal(1), max_digits=6, decimal_places=2)
    minimum = models.DecimalField("tối thiểu", null=True, blank=True, max_digits=6, decimal_places=2)
    is_knockout = models.BooleanField("tiêu chí loại", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "tiêu chí"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(name="criterion_position_once", fields=["criteria", "position"]),
            models.CheckConstraint(name="criterion_counts", condition=Q(maximum__gt=0, weight__gt=0)),
            models.CheckConstraint(
                name="criterion_minimum_in_reach",
                condition=Q(minimum__isnull=True) | Q(minimum__gte=0, minimum__lte=F("maximum")),
            ),
            models.CheckConstraint(name="knockout_has_minimum", condition=Q(is_knockout=False) | Q(minimum__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.name


class CriterionGuide(models.Model):
    """What points from `from_points` on mean for a criterion, up to but without the next guide's: advice, never checked."""

    criterion = models.ForeignKey(Criterion, models.CASCADE, related_name="guides")
    from_points = models.DecimalField("từ điểm", max_digits=6, decimal_places=2)
    words = models.CharField("nghĩa là", max_length=300)

    class Meta:
        verbose_name = verbose_name_plural = "thang điểm gợi ý"
        ordering = ["-from_points"]
        constraints = [
            models.UniqueConstraint(name="guide_once", fields=["criterion", "from_points"]),
            models.CheckConstraint(name="guide_says_something", condition=Q(from_points__gte=0) & ~Q(words="")),
        ]

    def __str__(self) -> str:
        return f"{self.from_points}: {self.words}"


class Band(models.Model):
    """A name for totals from `from_total` on, up to but without the next band's."""

    criteria = models.ForeignKey(CriteriaSet, models.CASCADE, related_name="bands")
    name = models.CharField("mức", max_length=60)
    from_total = models.DecimalField("từ điểm", max_digits=6, decimal_places=2)
    to_total = models.DecimalField("đến dưới", max_digits=6, decimal_places=2)

    class Meta:
        verbose_name = verbose_name_plural = "mức xếp loại"
        ordering = ["from_total"]
        constraints = [
            models.UniqueConstraint(name="band_once", fields=["criteria", "from_total"]),
            models.CheckConstraint(name="band_goes_up", condition=Q(to_total__gt=F("from_total"), from_total__gte=0)),
        ]

    def __str__(self) -> str:
        return self.name


class RecognitionRound(models.Model):
    """One round (đợt xét) of a body in a season: from proposals to the decision."""

    season = models.ForeignKey(Season, models.PROTECT, related_name="rounds", verbose_name="năm")
    level = models.ForeignKey(Level, models.PROTECT, related_name="+", verbose_name="cấp công nhận")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="rounds", verbose_name="đơn vị tổ chức")
    unit_name = models.CharField("tên đơn vị lúc mở", max_length=200)
    number = models.PositiveSmallIntegerField("đợt", default=1)
    basis = models.TextField("văn bản căn cứ", blank=True)
    propose_from = models.DateField("nhận đề nghị từ ngày")
    propose_until = models.DateField("nhận đề nghị đến hết ngày")
    score_until = models.DateField("thẩm định đến hết ngày")
    meet_on = models.DateField("họp hội đồng ngày")
    decide_by = models.DateField("quyết định trước hết ngày")
    criteria = models.ForeignKey(CriteriaSet, models.PROTECT, related_name="rounds", verbose_name="bộ tiêu chí")
    papers = models.JSONField("giấy tờ phải có", default=list)
    """Values of PaperKind that a dossier needs before it can be sent."""
    quota_total = models.PositiveSmallIntegerField("chỉ tiêu chung", null=True, blank=True)
    drops_extremes = models.BooleanField("bỏ phiếu cao nhất và thấp nhất khi có từ năm phiếu", default=False)
    spread_limit = models.DecimalField("chênh lệch phải xem lại", default=Decimal(15), max_digits=6, decimal_places=2)
    appeal_days = models.PositiveSmallIntegerField("số ngày được kiến nghị sau quyết định", default=10)
    cut_after = models.PositiveSmallIntegerField("số hồ sơ trên vạch", null=True, blank=True)
    phase = models.CharField("bước", max_length=12, choices=Phase.choices, default=Phase.PREPARING)
    phase_since = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "đợt xét"
        ordering = ["-season__year", "-level__rank", "unit__position", "number"]
        constraints = [
            models.UniqueConstraint(name="round_once", fields=["season", "unit", "number"]),
            models.CheckConstraint(name="round_phase_known", condition=Q(phase__in=Phase.values)),
            models.CheckConstraint(
                name="round_dates_in_order",
                condition=Q(
                    propose_until__gte=F("propose_from"),
                    score_until__gte=F("propose_until"),
                    meet_on__gte=F("score_until"),
                    decide_by__gte=F("meet_on"),
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"Đợt {self.number} năm {self.season}, {self.unit_name}"

    @property
    def level_names(self) -> LevelName:
        """What the honour that it is about is called when it closes."""
        return self.level.names_on(self.decide_by)

    @property
    def last_day(self) -> date | None:
        """Of the phase in which the round stands; None where it has none."""
        name = LAST_DAYS.get(Phase(self.phase))
        return getattr(self, name) if name else None

    @property
    def needed(self) -> list[PaperKind]:
        return [kind for kind in PaperKind if kind in self.papers]


class UnitQuota(models.Model):
    """How many a unit is advised to propose."""

    round = models.ForeignKey(RecognitionRound, models.CASCADE, related_name="quotas")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="đơn vị")
    number = models.PositiveSmallIntegerField("chỉ tiêu")

    class Meta:
        verbose_name = verbose_name_plural = "chỉ tiêu đơn vị"
        constraints = [models.UniqueConstraint(name="quota_once", fields=["round", "unit"])]

    def __str__(self) -> str:
        return f"{self.unit}: {self.number}"


class RoundExtension(models.Model):
    """More time for one unit to propose: until when, why, by whom. Dated, never changed."""

    round = models.ForeignKey(RecognitionRound, models.CASCADE, related_name="extensions")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="đơn vị")
    until = models.DateField("đến hết ngày")
    reason = models.TextField("lý do")
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    granted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "gia hạn đợt xét"
        ordering = ["-granted_at", "-pk"]
        constraints = [
            models.UniqueConstraint(name="round_extension_once", fields=["round", "unit", "until"]),
            models.CheckConstraint(name="round_extension_has_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.unit}: {self.until:%d/%m/%Y}"
