"""What is written online: the sheet of nine boxes, the steps of its way, reasons for returning, files, themes."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from common.models import Job
from models_registry.enums import Action, AttachmentState
from models_registry.models.register import Registration
from models_registry.models.seasons import Theme
from organisation.models import Unit


class RegistrationSheet(models.Model):
    """The nine boxes of a registration as they are being written: raw texts, so that nothing typed is ever lost.

    `answers` is the working copy ({name of a field of `boxes`: text}); `accepted` is what the district accepted last.
    `version` counts the saves; a save that starts from an older one is compared field by field.
    """

    registration = models.OneToOneField(Registration, models.CASCADE, primary_key=True, related_name="sheet")
    answers = models.JSONField(default=dict)
    accepted = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(auto_now_add=True)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    writers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    """Everyone who wrote in it: none of them may accept it."""

    class Meta:
        verbose_name = verbose_name_plural = "phiếu đăng ký"

    def __str__(self) -> str:
        return str(self.registration)


class Handover(models.Model):
    """A registration of a unit that ended, given by those above it to the unit that carries it on: from a day on it stands there.
    Only where the place does not say who that is: the unit was split, or ended without a successor.
    """

    registration = models.OneToOneField(Registration, models.CASCADE, primary_key=True, related_name="handover")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="đơn vị kế tục")
    since = models.DateField("từ ngày")
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người giao")
    given_at = models.DateTimeField("lúc giao", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "giao cho đơn vị kế tục"

    def __str__(self) -> str:
        return f"{self.registration_id}: {self.unit}"

    @property
    def last_unit_id(self) -> int:
        """The unit that it was given to last."""
        return next((again.unit_id for again in reversed(self.again.all())), self.unit_id)


class HandoverAgain(models.Model):
    """A registration given on once more: the unit that carried it on was split or ended without a successor in its turn."""

    handover = models.ForeignKey(Handover, models.CASCADE, related_name="again")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="đơn vị kế tục")
    since = models.DateField("từ ngày")
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người giao")
    given_at = models.DateTimeField("lúc giao", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "giao lại cho đơn vị kế tục"
        ordering = ["since", "pk"]
        constraints = [models.UniqueConstraint(name="handed_over_once_a_day", fields=["handover", "since"])]

    def __str__(self) -> str:
        return f"{self.handover_id}: {self.unit}"


class RegistrationStep(models.Model):
    """One step of a registration's way: what, when, by whom, why, and the text as it was then."""

    registration = models.ForeignKey(Registration, models.CASCADE, related_name="steps")
    action = models.CharField(max_length=10, choices=Action.choices)
    at = models.DateTimeField(auto_now_add=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField(max_length=150)
    note = models.TextField(blank=True)
    snapshot = models.JSONField(default=dict)

    class Meta:
        verbose_name = verbose_name_plural = "bước xử lý"
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["registration", "-at"], name="step_by_registration")]
        constraints = [
            models.CheckConstraint(
                name="step_against_has_reason",
                condition=~Q(action__in=[Action.WITHDRAW, Action.REOPEN]) | ~Q(note=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()}: {self.registration}"

    @property
    def was_undone(self) -> bool:
        """Whether who decided it took it back."""
        return hasattr(self, "takeback") and self.takeback.undone_at is not None


class ReturnReason(models.Model):
    """A reason for returning that offices use often, in their own words; the box it is mostly about."""

    words = models.CharField("lý do", max_length=200, unique=True)
    box = models.PositiveSmallIntegerField(
        "mục", null=True, blank=True, help_text="Số mục (1 đến 9) mà lý do này thường nói tới."
    )
    position = models.PositiveSmallIntegerField("thứ tự", default=0)
    is_offered = models.BooleanField("đang dùng", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "lý do trả lại"
        ordering = ["position", "words"]
        constraints = [
            models.CheckConstraint(
                name="return_reason_box_exists",
                condition=Q(box__isnull=True) | Q(box__gte=1, box__lte=9),
                violation_error_message="Phiếu có chín mục, từ 1 đến 9.",
            )
        ]

    def __str__(self) -> str:
        return self.words


class ReturnMark(models.Model):
    """A box that a return asks to mend, and why: a listed reason, own words, or both."""

    step = models.ForeignKey(RegistrationStep, models.CASCADE, related_name="marks")
    box = models.PositiveSmallIntegerField()
    reason = models.ForeignKey(ReturnReason, models.SET_NULL, null=True, related_name="+")
    reason_words = models.CharField(max_length=200, blank=True)
    words = models.TextField(blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "mục phải sửa"
        ordering = ["box"]
        constraints = [
            models.UniqueConstraint(name="mark_once_per_box", fields=["step", "box"]),
            models.CheckConstraint(name="mark_box_exists", condition=Q(box__gte=1, box__lte=9)),
            models.CheckConstraint(name="mark_says_why", condition=~Q(reason_words="", words="")),
        ]

    def __str__(self) -> str:
        return f"Mục {self.box}: {self.reason_words}{'. ' if self.reason_words and self.words else ''}{self.words}"


class Attachment(models.Model):
    """A photo or a paper of a registration. Private until the registration is public and the photo may be shown."""

    class Kind(models.TextChoices):
        PHOTO = "photo", "Ảnh"
        PAPER = "paper", "Tệp"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    registration = models.ForeignKey(Registration, models.CASCADE, related_name="attachments")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=AttachmentState.choices, default=AttachmentState.WAITING)
    file = models.FileField(upload_to="attachments/%Y/", blank=True)
    file_name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    """SHA-256 of what was sent: the same file sent twice is kept once."""
    variants = models.JSONField(default=dict)
    """{"400": {"path", "width", "height"}, ...}: the WebP sizes of a photo, by width asked for."""
    caption = models.CharField("chú thích", max_length=300, blank=True)
    alternative = models.CharField("mô tả ảnh", max_length=300, blank=True)
    """What the photo shows, for who does not see it; empty where the caption says it."""
    position = models.PositiveSmallIntegerField(default=0)
    is_cover = models.BooleanField("ảnh bìa", default=False)
    may_be_shown = models.BooleanField("được phép công khai", default=False)
    error = models.TextField(blank=True)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "ảnh và tệp"
        ordering = ["position", "sent_at", "pk"]
        constraints = [
            models.UniqueConstraint(name="attachment_once", fields=["registration", "digest"]),
            models.UniqueConstraint(name="one_cover", fields=["registration"], condition=Q(is_cover=True)),
            models.CheckConstraint(
                name="only_photos_are_shown", condition=Q(kind="photo") | Q(is_cover=False, may_be_shown=False)
            ),
        ]

    def __str__(self) -> str:
        return self.caption or self.file_name

    @property
    def alt(self) -> str:
        return self.alternative or self.caption

    @property
    def is_stuck(self) -> bool:
        """Whether it is not ready and no job is on the way to make it so."""
        return self.state != AttachmentState.READY and not (self.job and self.job.is_open)


class ThemeTag(models.Model):
    """A theme of the period that a registration serves, and what it does for it."""

    registration = models.ForeignKey(Registration, models.CASCADE, related_name="theme_tags")
    theme = models.ForeignKey(Theme, models.PROTECT, related_name="tags")
    note = models.CharField("làm gì cho chủ đề", max_length=500, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "chủ đề của đăng ký"
        ordering = ["theme__plan", "theme__position"]
        constraints = [models.UniqueConstraint(name="theme_tag_once", fields=["registration", "theme"])]

    def __str__(self) -> str:
        return f"{self.theme}: {self.registration}"


class DifferenceNote(models.Model):
    """An officer's word that this registration is not the same thing as another one with a like title, and why."""

    registration = models.ForeignKey(Registration, models.CASCADE, related_name="differences")
    other = models.ForeignKey(Registration, models.CASCADE, related_name="+")
    reason = models.CharField("khác ở chỗ", max_length=500)
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    said_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "lời xác nhận khác"
        constraints = [
            models.UniqueConstraint(name="difference_once", fields=["registration", "other"]),
            models.CheckConstraint(name="difference_has_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.registration} ≠ {self.other}"
