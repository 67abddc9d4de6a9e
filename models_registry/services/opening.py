"""The draft of a season's opening: one for all who may open it, with who saved it and when."""

from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.utils import timezone

from common.dates import VIETNAM
from common.exceptions import DomainError, NotAllowed
from models_registry.audit_actions import AuditAction
from models_registry.models import SeasonDraft
from organisation.audit import record
from organisation.models import User
from organisation.permissions import can_open_season

LONGEST = 1000  # letters of a field


class DraftChanged(DomainError):
    """Somebody else saved or dropped the draft since this person's page was opened."""


@transaction.atomic
def keep_draft(*, answers: Mapping[str, str], seen: str, actor: User) -> SeasonDraft:
    """Save what was typed, right or not. `seen`: the `stamp` of the draft that stood on the page. Raises NotAllowed, DraftChanged."""
    kept = {name: text[:LONGEST] for name, text in answers.items()}
    draft = _there(seen, actor) or SeasonDraft()
    is_new, draft.answers, draft.saved_by, draft.saved_at = draft._state.adding, kept, actor, timezone.now()
    try:
        with transaction.atomic():
            draft.save(force_insert=is_new)
    except IntegrityError as error:
        raise DraftChanged("Người khác vừa lưu nháp cùng lúc. Bấm lần nữa để thay bằng bản trên trang này.") from error
    record(actor=actor, action=AuditAction.KEEP_SEASON_DRAFT, target=draft, changes={"answers": kept})
    return draft


@transaction.atomic
def drop_draft(*, seen: str, actor: User) -> None:
    """Throw the draft away. Raises NotAllowed, DraftChanged."""
    if draft := _there(seen, actor):
        record(actor=actor, action=AuditAction.DROP_SEASON_DRAFT, target=draft, changes={"answers": draft.answers})
        draft.delete()


def _there(seen: str, actor: User) -> SeasonDraft | None:
    if not can_open_season(actor):
        raise NotAllowed("Vai trò của đồng chí không mở năm thi đua.")
    draft = SeasonDraft.objects.select_for_update(of=("self",)).select_related("saved_by").first()
    if (draft.stamp if draft else "") != seen:
        who = (
            f"{draft.saved_by} đã lưu nháp lúc {timezone.localtime(draft.saved_at, VIETNAM):%H:%M %d/%m/%Y}"
            if draft
            else "Nháp đã bỏ"
        )
        raise DraftChanged(f"{who}, sau khi đồng chí mở trang. Bấm lần nữa để thay bằng bản trên trang này.")
    return draft
