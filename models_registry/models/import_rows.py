"""The rows of an upload as its page shows them, and what was mended of them."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from models_registry.enums import RowLink, RowState
from models_registry.models.register import RegisterImport
from models_registry.sources import row_in_words, source_of

ROWS_KEPT = timedelta(days=30)  # how long the rows stay once the upload was stored, undone, or thrown away with its file


class ImportRow(models.Model):
    """One row that was read: what the file says, what came of it. Rewritten whenever the upload is read again."""

    upload = models.ForeignKey(RegisterImport, models.CASCADE, related_name="rows")
    sheet_no = models.PositiveSmallIntegerField()
    sheet = models.CharField(max_length=255)
    row = models.PositiveIntegerField()
    nth = models.PositiveSmallIntegerField(default=0)
    """Which of the models it is that the file's row lists; 0 where that is one."""
    rank = models.PositiveSmallIntegerField()
    """Its place among the rows: 0 refused, 1 asked about or without a doer, 2 the rest, as it was read; a mend does not move it."""
    state = models.CharField(max_length=10, choices=RowState.choices)
    link = models.CharField(max_length=10, choices=RowLink.choices, blank=True)
    identity = models.CharField(max_length=32)
    told = models.JSONField(default=dict)
    """`said`: {part: the file's text}; `flaws`; `changes`: [part, what, before, after]; `notes`; `of`; `offered` and `linked`: what it may
    carry on.
    """

    class Meta:
        constraints = [
            models.UniqueConstraint(name="import_row_once", fields=["upload", "sheet", "row", "nth"]),
            models.CheckConstraint(name="import_row_state_known", condition=Q(state__in=RowState.values)),
            models.CheckConstraint(name="import_row_link_known", condition=Q(link__in=["", *RowLink.values])),
        ]
        indexes = [
            models.Index(fields=["upload", "rank", "sheet_no", "row", "nth"], name="import_rows_in_order"),
            models.Index(fields=["upload", "identity"], name="import_rows_alike"),
        ]

    def __str__(self) -> str:
        return self.source

    @property
    def source(self) -> str:
        return source_of(self.sheet, self.row, self.nth)

    @property
    def number(self) -> str:
        """Its row's number in words."""
        return row_in_words(self.row, self.nth, self.of)

    @property
    def of(self) -> int:
        """How many models the file's row lists, where those are several."""
        of: int = self.told.get("of", 0)
        return of

    @property
    def said(self) -> dict[str, str]:
        said: dict[str, str] = self.told.get("said", {})
        return said

    @property
    def flaws(self) -> list[dict[str, Any]]:
        flaws: list[dict[str, Any]] = self.told.get("flaws", [])
        return flaws

    @property
    def linked_to(self) -> int | None:
        """The earlier registration that the portal itself found it to carry on."""
        found = self.told.get("linked")
        return found["pk"] if found else None

    @property
    def offered(self) -> list[int]:
        """The earlier registrations that the portal asks about."""
        return [one["pk"] for one in self.told.get("offered", [])]

    @property
    def own_link(self) -> str:
        """What it carries on by the reading alone, before any answer."""
        return RowLink.LINKED if self.linked_to else RowLink.ASKED if self.offered else RowLink.NONE if self.link else ""


class ImportEdit(models.Model):
    """Many cells that were mended at once, so that they can be put back at once."""

    upload = models.ForeignKey(RegisterImport, models.CASCADE, related_name="edits")
    words = models.CharField("đã làm gì", max_length=300)
    cells = models.JSONField(default=dict)
    """{"sheet!row": {part: [what was typed before, null for what the file says; what was typed now]}}."""
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return self.words
