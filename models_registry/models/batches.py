"""Many registers sent together: the send, and each of its files until its unit is known; from then on a file is an import."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from common.models import Job
from models_registry.enums import BatchFileState
from models_registry.models.register import RegisterImport
from models_registry.models.seasons import Season
from organisation.models import Unit


class UploadBatch(models.Model):
    """One send of several files. Whoever may import for all that its sender could go on with it (`permissions.can_handle_send`)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    season = models.ForeignKey(Season, models.PROTECT, related_name="batches", verbose_name="năm")
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người gửi")
    sent_from = models.ManyToManyField(Unit, related_name="+", verbose_name="gửi từ đơn vị")
    """The units where its sender held the right to import."""
    created_at = models.DateTimeField("lúc gửi", auto_now_add=True)
    discarded_at = models.DateTimeField("lúc bỏ", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "lần gửi nhiều sổ"
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["sent_by", "season", "-created_at"], name="batch_by_sender")]

    def __str__(self) -> str:
        return f"Lần gửi {self.created_at:%d/%m/%Y} ({self.season})"


class BatchFile(models.Model):
    """A file of a send: what it says of whose it is, and its import once that is settled."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    batch = models.ForeignKey(UploadBatch, models.CASCADE, related_name="files", verbose_name="lần gửi")
    position = models.PositiveIntegerField("thứ tự")
    name = models.CharField("tên tệp", max_length=255)
    size = models.PositiveBigIntegerField("số byte", default=0)
    file = models.FileField("tệp", upload_to="registers/%Y/", blank=True)
    state = models.CharField("trạng thái", max_length=10, choices=BatchFileState.choices, default=BatchFileState.LOOKING)
    error = models.TextField("lỗi", blank=True)
    doubt = models.CharField("cần hỏi", max_length=10, blank=True)
    """What is asked of its unit (`selectors.whose`); stays once it was answered."""
    found = models.JSONField("nhận ra", default=dict)
    """Whose it seemed to be: unit, percent, seen, choices, nearest."""
    how = models.CharField("nhờ", max_length=5, blank=True)
    """How its unit became known: title, name, hand."""
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name="đơn vị")
    imported = models.OneToOneField(RegisterImport, models.PROTECT, null=True, related_name="batch_file")
    goes_with = models.BooleanField("gộp với tệp khác cùng đơn vị", default=False)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "tệp của lần gửi"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(name="batch_file_once", fields=["batch", "position"]),
            models.CheckConstraint(name="batch_file_state_known", condition=Q(state__in=BatchFileState.values)),
            models.CheckConstraint(
                name="batch_file_has_unit",
                condition=Q(state=BatchFileState.IMPORTED, unit__isnull=False, imported__isnull=False)
                | (~Q(state=BatchFileState.IMPORTED) & (Q(imported__isnull=True) | Q(state=BatchFileState.DROPPED))),
            ),
            models.CheckConstraint(name="batch_file_refused_why", condition=~Q(state=BatchFileState.REFUSED) | ~Q(error="")),
            models.CheckConstraint(name="batch_file_asks_what", condition=~Q(state=BatchFileState.ASKS) | ~Q(doubt="")),
        ]

    def __str__(self) -> str:
        return self.name
