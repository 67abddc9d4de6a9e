"""How a person likes to see a list: filters, columns and order under a name of their own."""

from django.conf import settings
from django.db import models

NAME_LIMIT, MOST_VIEWS = 60, 20


class SavedView(models.Model):
    """A board's address under a name: {parameter: text}. Each person's own, whatever the season."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="của ai")
    name = models.CharField("tên", max_length=NAME_LIMIT)
    asked = models.JSONField(default=dict)

    class Meta:
        verbose_name = verbose_name_plural = "kiểu xem đã lưu"
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(name="saved_view_once", fields=["owner", "name"])]

    def __str__(self) -> str:
        return self.name
