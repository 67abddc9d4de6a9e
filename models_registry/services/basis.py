"""The paper on which a season rests: its words, and its file, which is sent before the season opens or later."""

from datetime import timedelta
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from common.exceptions import DomainError, NotAllowed
from common.files import DOCX, PDF, receive
from common.text import clean_lines
from models_registry.audit_actions import AuditAction
from models_registry.models import BasisPaper, Season, SeasonDraft
from models_registry.services.attachments import delete_paths_later
from organisation.audit import record
from organisation.models import User
from organisation.permissions import can_open_season

KEPT = timedelta(days=30)
"""How long the file of a season that nobody opened is kept, unless it stands in the draft."""


def receive_basis(*, file: "UploadedFile[bytes]", actor: User) -> BasisPaper:
    """Keep the file until its season opens, or has it saved. Raises FileRefused with the reason, NotAllowed."""
    _check_may(actor)
    sent = receive(file, taken=(PDF, DOCX))
    paper = BasisPaper(file_name=sent.name, content_type=sent.kind.content_type, size=sent.size, sent_by=actor)
    paper.file.save(f"{paper.pk}{sent.kind.suffix}", sent.content, save=False)
    paper.save()
    return paper


@transaction.atomic
def record_basis(*, season_id: int, words: str, paper: UUID | None, actor: User) -> None:
    """Write what a season rests on; a file that was received replaces the one before it, which is kept. Raises DomainError when
    it is gone, NotAllowed.
    """
    _check_may(actor)
    season = Season.objects.select_for_update(of=("self",)).get(pk=season_id)
    changes = {}
    if (basis := clean_lines(words)) != season.basis:
        changes["basis"] = [season.basis, basis]
        season.basis = basis
        season.save(update_fields=["basis"])
    if paper:
        there = season.basis_papers.filter(replaced_at=None)
        before = next((standing.file_name for standing in there), "")
        there.update(replaced_at=timezone.now())
        give_basis(season, paper)
        changes["file"] = [before, BasisPaper.objects.get(pk=paper).file_name]
    if changes:
        record(actor=actor, action=AuditAction.RECORD_BASIS, target=season, changes=changes)


def give_basis(season: Season, paper_id: UUID) -> None:
    """Make a file that was received before the season's own. Raises DomainError when it is gone, or another season's."""
    if not BasisPaper.objects.filter(pk=paper_id, season=None).update(season=season):
        raise DomainError("Tệp văn bản căn cứ đã gửi không còn. Xin chọn lại tệp.")


@transaction.atomic
def forget_papers() -> int:
    """Delete the files of seasons that nobody opened within KEPT. Returns how many. Idempotent."""
    drafted = [answers["paper"] for answers in SeasonDraft.objects.values_list("answers", flat=True) if answers.get("paper")]
    old = BasisPaper.objects.filter(season=None, sent_at__lt=timezone.now() - KEPT).exclude(pk__in=drafted)
    gone = list(old.select_for_update(of=("self",), skip_locked=True))
    delete_paths_later([str(paper.file.name) for paper in gone])
    BasisPaper.objects.filter(pk__in=[paper.pk for paper in gone]).delete()
    return len(gone)


def _check_may(actor: User) -> None:
    if not can_open_season(actor):
        raise NotAllowed("Vai trò của đồng chí không mở năm thi đua.")
