"""What checking keeps besides its steps: marks not sent yet, what takes a decision back, how a person likes to check."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from models_registry.models.online import RegistrationStep
from models_registry.models.register import Registration
from models_registry.transitions import UNDO_WITHIN


class PendingMarks(models.Model):
    """What one person marked on a registration and has not sent: texts by the names of `marking`. `sending` is the step by which
    the registration had been sent when they were written: the unit may have sent it again since.
    """

    registration = models.ForeignKey(Registration, models.CASCADE, related_name="pending_marks")
    checker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người xét")
    texts = models.JSONField(default=dict)
    sending = models.ForeignKey(RegistrationStep, models.CASCADE, related_name="+")
    saved_at = models.DateTimeField("lúc lưu")

    class Meta:
        verbose_name = verbose_name_plural = "dấu chưa gửi"
        constraints = [models.UniqueConstraint(name="pending_marks_once", fields=["registration", "checker"])]

    def __str__(self) -> str:
        return f"{self.registration_id}: {self.checker}"


class Takeback(models.Model):
    """What takes the decision of a checker back: `before` is what acceptance changed, as it was. Within UNDO_WITHIN, until the unit
    has opened what was decided.
    """

    step = models.OneToOneField(RegistrationStep, models.CASCADE, primary_key=True, related_name="takeback")
    before = models.JSONField(default=dict)
    opened_at = models.DateTimeField("lúc đơn vị mở xem", null=True)
    undone_at = models.DateTimeField("lúc hoàn tác", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "hoàn tác của bước xét"
        constraints = [
            models.CheckConstraint(name="what_was_opened_stands", condition=Q(opened_at__isnull=True) | Q(undone_at__isnull=True))
        ]

    def __str__(self) -> str:
        return str(self.step)

    @property
    def until(self) -> datetime:
        return self.step.at + UNDO_WITHIN

    @property
    def is_open(self) -> bool:
        """Whether the decision can still be taken back."""
        return self.opened_at is None and self.undone_at is None and timezone.now() < self.until


class BoxComment(models.Model):
    """What a writer and a checker say to each other about a box: for them alone, never edited, never public."""

    registration = models.ForeignKey(Registration, models.CASCADE, related_name="comments")
    box = models.PositiveSmallIntegerField("mục")
    words = models.TextField("lời")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người viết")
    author_name = models.CharField("tên lúc viết", max_length=150)
    is_checkers = models.BooleanField("của người xét", default=False)
    said_at = models.DateTimeField("lúc viết", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "lời trao đổi"
        ordering = ["said_at", "pk"]
        constraints = [
            models.CheckConstraint(name="comment_box_exists", condition=Q(box__gte=1, box__lte=9)),
            models.CheckConstraint(name="comment_says_something", condition=~Q(words="")),
        ]

    def __str__(self) -> str:
        return f"Mục {self.box}: {self.words}"


class CheckingHabit(models.Model):
    """How a person likes to check; who has none is served as by default."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, primary_key=True, related_name="+")
    has_keys = models.BooleanField("dùng phím tắt", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "cách xét đăng ký"

    def __str__(self) -> str:
        return str(self.user)
