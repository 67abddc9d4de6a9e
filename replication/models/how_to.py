"""What a newcomer needs to copy a model: steps, cost, people, pitfalls, papers."""

from django.conf import settings
from django.db import models

from models_registry.models import EmulationModel


class HowTo(models.Model):
    """How to copy a model, in the words of who does it. Public, and made to fit one sheet."""

    model = models.OneToOneField(EmulationModel, models.CASCADE, related_name="how_to", verbose_name="mô hình")
    steps = models.TextField("các bước", blank=True)
    cost = models.TextField("chi phí", blank=True)
    people = models.TextField("cần những ai", blank=True)
    pitfalls = models.TextField("chỗ dễ vấp", blank=True)
    papers = models.TextField("giấy tờ cần có", blank=True)
    revision = models.PositiveIntegerField(default=0)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = "cách làm theo"

    def __str__(self) -> str:
        return f"Cách làm theo: {self.model}"
