"""Grades: what a body calls the best among the models that it recognises."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from organisation.models import Unit


class GradeQuerySet(models.QuerySet["Grade"]):
    def on(self, day: date) -> "GradeQuerySet":
        """Those that may be given on a day."""
        return self.filter(valid_from__lte=day).filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day))


class Grade(models.Model):
    """A grade of a body's recognition, in that body's word, from a day to a day: “tiêu biểu”."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="grades", verbose_name="cơ quan công nhận")
    name = models.CharField("tên mức", max_length=60)
    valid_from = models.DateField("dùng từ ngày")
    valid_until = models.DateField("dùng đến hết ngày", null=True, blank=True)

    objects = GradeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "mức công nhận"
        ordering = ["unit", "pk"]
        constraints = [
            models.UniqueConstraint(name="grade_once", fields=["unit", "name"]),
            models.CheckConstraint(name="grade_has_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="grade_ends_after_it_begins", condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from"))
            ),
        ]

    def __str__(self) -> str:
        return self.name
