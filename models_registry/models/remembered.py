"""How the registers of a unit were read by hand, to be read so again."""

from django.conf import settings
from django.db import models

from organisation.models import Unit


class RememberedMapping(models.Model):
    """A mapping for every sheet of a unit's registers with one head, in whatever order its columns stand."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="remembered_mappings", verbose_name="đơn vị")
    head_key = models.CharField(max_length=32, editable=False)
    head = models.JSONField("tiêu đề các cột", default=list)
    """The head's words as they stood, for people; the folded ones are in the mapping."""
    mapping = models.JSONField("cách đọc")
    """One sheet of `registers.mapping.Mapping`: never a row's number, a sheet's name or a day."""
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="người nhớ")
    made_at = models.DateTimeField("nhớ lúc", auto_now=True)
    used = models.PositiveIntegerField("số lần dùng", default=0)
    used_at = models.DateTimeField("dùng lần cuối", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "cách đọc đã nhớ"
        ordering = ["-made_at", "-pk"]
        constraints = [models.UniqueConstraint(name="one_mapping_per_head", fields=["unit", "head_key"])]

    def __str__(self) -> str:
        return ", ".join(words for words in self.head if words)[:200]
