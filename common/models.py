import uuid
from datetime import timedelta

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.db.models import Q
from django.utils import timezone

SILENCE = timedelta(minutes=5)  # a running row not heard of for this long has lost its worker


class Job(models.Model):
    """One piece of work done in the background: what it is, how far it has come, how it ended.

    The row is the work; the queue only wakes a worker. A row whose message was lost is found again by `sweep_jobs`.
    """

    class State(models.TextChoices):
        QUEUED = "queued", "Đang chờ"
        RUNNING = "running", "Đang làm"
        DONE = "done", "Xong"
        FAILED = "failed", "Hỏng"
        CANCELLED = "cancelled", "Đã dừng"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("việc", max_length=60)
    arguments = models.JSONField("tham số", default=dict)
    state = models.CharField("trạng thái", max_length=10, choices=State.choices, default=State.QUEUED)
    doing = models.CharField("đang làm", max_length=200, blank=True)
    progress = models.PositiveIntegerField("đã xong", default=0)
    total = models.PositiveIntegerField("tổng số", default=0)
    error = models.TextField("lỗi", blank=True)
    attempts = models.PositiveSmallIntegerField("số lần thử", default=0)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="người yêu cầu"
    )
    created_at = models.DateTimeField("lúc yêu cầu", auto_now_add=True)
    heard_at = models.DateTimeField("lúc báo gần nhất", null=True)
    finished_at = models.DateTimeField("lúc xong", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "việc chạy nền"
        indexes = [models.Index(name="job_open", fields=["state", "created_at"], condition=Q(state__in=["queued", "running"]))]
        constraints = [
            models.CheckConstraint(
                name="job_ended_has_time",
                condition=Q(state__in=["queued", "running"], finished_at__isnull=True)
                | Q(state__in=["done", "failed", "cancelled"], finished_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.get_state_display()})"

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.QUEUED, self.State.RUNNING)

    @property
    def is_stale(self) -> bool:
        """Running, and not heard of: its worker is lost; the sweep has it made again."""
        return self.state == self.State.RUNNING and self.heard_at is not None and self.heard_at < timezone.now() - SILENCE

    @property
    def percent(self) -> int:
        return min(100, self.progress * 100 // self.total) if self.total else 0


class HeldFile(models.Model):
    """A file that came with a form in which something else was wrong, as it came: for who sent it, and for a short time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.FileField("tệp", upload_to="held/%Y/")
    file_name = models.CharField(max_length=255)
    size = models.PositiveIntegerField()
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    sent_at = models.DateTimeField("lúc gửi", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "tệp đang giữ"

    def __str__(self) -> str:
        return self.file_name

    def as_sent(self) -> "UploadedFile[bytes]":
        """The file as a form gives it to a service."""
        return UploadedFile(self.file.open("rb"), name=self.file_name, size=self.size)
