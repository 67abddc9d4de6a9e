"""Lists of outcomes that were sent as files: what was read, what was chosen, what came of it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from models_registry.models import Registration, Season
from organisation.models import Unit
from recognition.enums import ListState, OutcomeState


class OutcomeList(models.Model):
    """A list of outcomes of one season and one issuing body. Nothing of it counts before it is stored, whole, in one transaction."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    season = models.ForeignKey(Season, models.PROTECT, related_name="+", verbose_name="năm")
    issuer = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="cơ quan ban hành")
    file = models.FileField("tệp", upload_to="outcomes/%Y/")
    file_name = models.CharField("tên tệp", max_length=255)
    state = models.CharField("trạng thái", max_length=10, choices=ListState.choices, default=ListState.READ)
    error = models.TextField("vì sao chưa đọc được", blank=True)
    mapping = models.JSONField("cách đọc", default=dict)
    """What was said by hand of its columns (`registers.lists.mapping`)."""
    title = models.JSONField("đầu danh sách", default=list)
    number = models.CharField("số quyết định", max_length=60, blank=True)
    decided_on = models.DateField("ngày quyết định", null=True)
    """Number and day of the decision for rows that name none: as its title block says, or as they were typed."""
    problems = models.JSONField("điều phải sửa trước", default=list)
    undo = models.JSONField("việc đã ghi", default=list)
    """What storing it wrote, in order: [model, id, the former values or null for what was new]."""
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="người nạp"
    )
    created_at = models.DateTimeField("lúc gửi", auto_now_add=True)
    stored_at = models.DateTimeField("lúc nạp", null=True)
    undone_at = models.DateTimeField("lúc hủy", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "danh sách kết quả"
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["season", "issuer", "-created_at"], name="outcome_lists_by_issuer")]
        constraints = [
            models.CheckConstraint(name="outcome_list_state_known", condition=Q(state__in=ListState.values)),
            models.CheckConstraint(
                name="outcome_list_stored_when",
                condition=~Q(state__in=[ListState.STORED, ListState.UNDONE]) | Q(stored_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.season})"

    @property
    def is_open(self) -> bool:
        return self.state == ListState.READ


class OutcomeRow(models.Model):
    """One row of a list: its texts, the registration that it is, by itself or by hand, and what storing it does."""

    upload = models.ForeignKey(OutcomeList, models.CASCADE, related_name="rows")
    position = models.PositiveIntegerField()
    sheet = models.CharField(max_length=255)
    row = models.PositiveIntegerField()
    texts = models.JSONField(default=dict)
    """{role: the file's text}; `section`: the lines above it, the nearest first; `aside`: why the file seems not to want it."""
    chosen = models.ForeignKey(Registration, models.SET_NULL, null=True, related_name="+")
    """Which registration it is, as somebody said."""
    is_left = models.BooleanField("bỏ dòng này", default=False)
    registration = models.ForeignKey(Registration, models.SET_NULL, null=True, related_name="+")
    """Which registration it is, chosen or found."""
    state = models.CharField(max_length=10, choices=OutcomeState.choices)
    told = models.JSONField(default=dict)
    """`why`: the reason of a refusal; `code`; `notes`; `offered`: [registration id, reason]."""

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(name="outcome_row_once", fields=["upload", "position"]),
            models.CheckConstraint(name="outcome_row_state_known", condition=Q(state__in=OutcomeState.values)),
        ]
        indexes = [models.Index(fields=["upload", "state", "position"], name="outcome_rows_in_order")]

    def __str__(self) -> str:
        return f"{self.sheet}!{self.row}"
