"""Adoptions: who took a model on, from whom, where, how; what was counted there, day by day."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from common.numbers import write_number
from common.text import compare_key
from models_registry.models import EmulationModel, Registration
from organisation.models import Unit
from replication.enums import Method
from replication.models.campaigns import ReplicationCampaign


def output_key(what: str, counting_unit: str) -> str:
    """Two outputs with the same key are the same one, however they are written."""
    return f"{compare_key(what)}|{compare_key(counting_unit)}"[:250]


def place_key(place: str) -> str:
    """Two places of a unit with the same key are the same one; empty for the whole unit."""
    return compare_key(place)[:200]


class CountedOutput(models.Model):
    """What is counted in a model's line, in what: everyone in the line counts the same thing."""

    origin = models.ForeignKey(EmulationModel, models.CASCADE, related_name="counted_outputs", verbose_name="mô hình gốc")
    what = models.CharField("đếm cái gì", max_length=200)
    counting_unit = models.CharField("đơn vị tính", max_length=30)
    key = models.CharField(max_length=250, editable=False)
    own_what = models.CharField("tên số đo của mô hình gốc", max_length=200, blank=True)
    """`OutputMeasure.what` of the origin's own values of it; empty where the origin has none."""

    class Meta:
        verbose_name = verbose_name_plural = "kết quả được đếm"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(name="counted_once", fields=["origin", "key"]),
            models.CheckConstraint(name="counted_has_words", condition=~Q(what="") & ~Q(counting_unit="")),
        ]

    def __str__(self) -> str:
        return f"{self.what} ({self.counting_unit})"


class Adoption(models.Model):
    """A unit takes a model on, from its origin or from another that had. `origin` is the model where the line begins; `parent`
    the adoption it was learned from, empty when from the origin itself. Depth grows along the line (a trigger holds it), so
    that no line can run in a circle.
    """

    origin = models.ForeignKey(EmulationModel, models.PROTECT, related_name="adoptions", verbose_name="mô hình gốc")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children", verbose_name="học từ")
    depth = models.PositiveSmallIntegerField("đời", default=1)
    campaign = models.ForeignKey(
        ReplicationCampaign, models.PROTECT, null=True, related_name="adoptions", verbose_name="chiến dịch"
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="adoptions", verbose_name="đơn vị nhân rộng")
    unit_name = models.CharField("tên đơn vị lúc ấy", max_length=200)
    place = models.CharField("nơi làm", max_length=200, blank=True, help_text="Để trống: cả đơn vị. Ví dụ: thôn Đại Thiện 1.")
    place_key = models.CharField(max_length=200, editable=False, blank=True)
    who = models.CharField("ai làm", max_length=300)
    method = models.CharField("cách biết đến", max_length=10, choices=Method.choices)
    visit = models.ForeignKey(
        "replication.StudyVisit", models.SET_NULL, null=True, related_name="adoptions", verbose_name="sau chuyến tham quan"
    )
    adopted_on = models.DateField("ngày bắt đầu")
    ended_on = models.DateField("ngày thôi làm", null=True)
    ended_why = models.CharField("lý do thôi", max_length=300, blank=True)
    registration = models.OneToOneField(
        Registration, models.SET_NULL, null=True, related_name="adoption", verbose_name="đăng ký của đơn vị nhân rộng"
    )
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "nơi nhân rộng"
        ordering = ["adopted_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="adopted_once_per_place", fields=["origin", "unit", "place_key"], condition=Q(ended_on__isnull=True)
            ),
            models.CheckConstraint(
                name="first_from_origin",
                condition=Q(parent__isnull=True, depth=1) | Q(parent__isnull=False, depth__gt=1),
            ),
            models.CheckConstraint(name="adoption_not_own_parent", condition=Q(parent__isnull=True) | ~Q(parent=F("pk"))),
            models.CheckConstraint(
                name="adoption_ends_with_reason",
                condition=Q(ended_on__isnull=True) | (Q(ended_on__gte=F("adopted_on")) & ~Q(ended_why="")),
            ),
            models.CheckConstraint(name="adoption_has_doer", condition=~Q(who="")),
        ]
        indexes = [models.Index(fields=["unit", "-adopted_on"], name="adoptions_of_unit")]

    def __str__(self) -> str:
        return f"{self.place}, {self.unit_name}" if self.place else self.unit_name


class AdoptionOutput(models.Model):
    """How many there were at an adopter on a day, counted from the beginning: a later value takes the earlier one's place."""

    adoption = models.ForeignKey(Adoption, models.CASCADE, related_name="outputs")
    counted = models.ForeignKey(CountedOutput, models.PROTECT, related_name="outputs", verbose_name="kết quả được đếm")
    quantity = models.DecimalField("số lượng", max_digits=14, decimal_places=2)
    as_of = models.DateField("tính đến")
    source = models.CharField("nguồn, ai đếm", max_length=300, blank=True)
    reason = models.CharField("lý do giảm", max_length=300, blank=True)
    file = models.FileField("minh chứng", upload_to="adoptions/%Y/", blank=True)
    file_name = models.CharField(max_length=255, blank=True)
    file_type = models.CharField(max_length=100, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = "kết quả nhân rộng"
        ordering = ["as_of", "pk"]
        constraints = [
            models.UniqueConstraint(name="counted_once_a_day", fields=["adoption", "counted", "as_of"]),
            models.CheckConstraint(name="counted_not_negative", condition=Q(quantity__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{write_number(self.quantity)} {self.counted.counting_unit}"
