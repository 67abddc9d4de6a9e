"""A published decision is withdrawn or corrected by another that names it."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from common.dates import today, write_day
from common.exceptions import DomainError, NotAllowed
from organisation.audit import record
from organisation.selectors import unit_on
from recognition.enums import DraftState, Purpose, Verdict
from recognition.models import (
    Decision,
    DecisionDraft,
    DraftLine,
    Recognition,
)
from recognition.permissions import can_run


def _add_lines(draft: DecisionDraft, verdict: Verdict, chosen: Sequence[Recognition]) -> None:
    DraftLine.objects.bulk_create(
        [
            DraftLine(draft=draft, recognition=one, verdict=verdict, title=one.title, subject=one.subject, position=n)
            for n, one in enumerate(chosen, start=draft.lines.count())
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def begin_amendment(*, decision_id: int, purpose: Purpose, recognition_ids: Sequence[int], actor: Any) -> DecisionDraft:
    """A draft that withdraws recognitions of a published decision, or corrects how they are named. Raises DomainError."""
    if purpose not in (Purpose.WITHDRAW, Purpose.CORRECT):
        raise DomainError("Quyết định đã ban hành chỉ được thu hồi hoặc đính chính.")
    decision = Decision.objects.select_for_update(of=("self",)).select_related("issuer", "level").get(pk=decision_id)
    if not can_run(actor, decision.issuer):
        raise NotAllowed("Vai trò của đồng chí không soạn quyết định của đơn vị này.")
    chosen = list(Recognition.objects.filter(decision=decision, pk__in=list(recognition_ids), revoked_on__isnull=True))
    if not chosen:
        raise DomainError("Xin chọn ít nhất một mô hình còn hiệu lực công nhận.")
    open_lines = DraftLine.objects.filter(recognition__in=chosen).exclude(draft__state=DraftState.PUBLISHED)
    elsewhere = open_lines.exclude(draft__purpose=purpose).select_related("recognition").first()
    if elsewhere and elsewhere.recognition:
        raise DomainError(
            f"“{elsewhere.recognition.title}” đang ở một dự thảo khác chưa ban hành. Xin ban hành hoặc bỏ dự thảo ấy."
        )
    verdict = Verdict.REVOKE if purpose == Purpose.WITHDRAW else Verdict.RETITLE
    there = DecisionDraft.objects.select_for_update(of=("self",)).filter(amends=decision, purpose=purpose)
    known = there.exclude(state=DraftState.PUBLISHED).first()
    if known:  # further models come into the draft that is there
        _add_lines(known, verdict, chosen)
        known.state, known.checked_by, known.checked_at, known.version = DraftState.PREPARING, None, None, known.version + 1
        known.save()
        known.writers.add(actor)
        return known
    body = unit_on(decision.issuer, today())
    draft = DecisionDraft.objects.create(
        purpose=purpose,
        round=decision.round,
        unit=decision.issuer,
        level=decision.level,
        amends=decision,
        grounds=f"Căn cứ Quyết định số {decision.number}, ngày {write_day(decision.decided_on)}, của {decision.issuer_name};",
        duties=f"{body.name}, các đơn vị và cá nhân liên quan chịu trách nhiệm thi hành Quyết định này.",
        prepared_by=actor,
    )
    _add_lines(draft, verdict, chosen)
    draft.writers.add(actor)
    record(actor=actor, action="begin-decision", target=draft, unit=decision.issuer, note=f"nêu {decision}")
    return draft
