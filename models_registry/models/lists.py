"""Lists of units and of people that administrators send, and how lists were read by hand."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from models_registry.enums import ListOf
from organisation.models import Unit

LISTS_KEPT = 30  # days


class SentList(models.Model):
    """A list on its way: read once, its cells mended on its page, what is right stored as often as one likes. Nothing of it counts
    by itself: what it would do is planned anew each time it is looked at.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    of = models.CharField("loại", max_length=10, choices=ListOf.choices)
    file = models.FileField("tệp", upload_to="lists/%Y/")
    file_name = models.CharField("tên tệp", max_length=255)
    mapping = models.JSONField("cách đọc", default=dict)
    """What was said by hand of its columns (`registers.lists.mapping`)."""
    error = models.TextField("vì sao chưa đọc được", blank=True)
    unused = models.JSONField("cột không dùng", default=list)
    rows = models.JSONField("các dòng", default=list)
    """[sheet, row, {role: text}]"""
    mends = models.JSONField("ô đã sửa", default=dict)
    """{"sheet!row": {role: text}}"""
    opened = models.JSONField("tài khoản đã mở", default=list)
    """Ids of the accounts that storing it opened."""
    given = models.JSONField("vai trò đã giao", default=list)
    """Ids of the memberships that storing it gave."""
    first_stored_at = models.DateTimeField("lúc ghi lần đầu", null=True)
    undone_at = models.DateTimeField("lúc hủy", null=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="người gửi")
    created_at = models.DateTimeField("lúc gửi", auto_now_add=True)
    stored_at = models.DateTimeField("lúc ghi", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "danh sách đã gửi"
        ordering = ["-created_at", "-pk"]
        constraints = [models.CheckConstraint(name="sent_list_of_known", condition=Q(of__in=ListOf.values))]

    def __str__(self) -> str:
        return self.file_name


class RememberedList(models.Model):
    """How lists of one kind with one heading are read, in whatever order its columns stand; of a unit's own lists, its alone."""

    kind = models.CharField("loại", max_length=20)
    """`ListKind.key`"""
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name="đơn vị")
    head_key = models.CharField(max_length=32, editable=False)
    head = models.JSONField("tiêu đề các cột", default=list)
    said = models.JSONField("cách đọc", default=dict)
    """`registers.lists.mapping.Remembered`"""
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="người nhớ")
    made_at = models.DateTimeField("nhớ lúc", auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = "cách đọc danh sách đã nhớ"
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(name="remembered_list_of_unit", fields=["kind", "unit", "head_key"]),
            models.UniqueConstraint(name="remembered_list_of_all", fields=["kind", "head_key"], condition=Q(unit__isnull=True)),
        ]

    def __str__(self) -> str:
        return ", ".join(self.head)[:200]
