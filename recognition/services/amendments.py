"""A published decision is withdrawn, corrected, or followed by grades given or taken away, in another that names it."""

from collections.abc import Sequence

from django.db import transaction

from common.dates import today, write_day
from common.exceptions import DomainError, NotAllowed
from common.text import quoted
from organisation.audit import record
from organisation.models import User
from organisation.selectors.units import unit_on
from recognition.audit_actions import AuditAction
from recognition.enums import DraftState, Purpose, Verdict
from recognition.models import (
    Decision,
    DecisionDraft,
    DraftLine,
    Grade,
    Recognition,
)
from recognition.permissions import can_run

_VERDICTS = {
    Purpose.WITHDRAW: Verdict.REVOKE,
    Purpose.CORRECT: Verdict.RETITLE,
    Purpose.GRADE: Verdict.GRADE,
    Purpose.UNGRADE: Verdict.UNGRADE,
}

_WANTED = {Purpose.GRADE: "mà chưa ghi mức", Purpose.UNGRADE: "đang được ghi mức"}


def _lines_for(verdict: Verdict, chosen: Sequence[Recognition], grades: Sequence[Grade]) -> list[DraftLine]:
    """A line for each recognition; the grade is the one that is taken away, or the only one to choose."""
    only = grades[0] if len(grades) == 1 else None
    return [
        DraftLine(
            recognition=one,
            verdict=verdict,
            title=one.title,
            subject=one.subject,
            grade=one.grade if verdict == Verdict.UNGRADE else only,
        )
        for one in chosen
    ]


def _add_lines(draft: DecisionDraft, lines: Sequence[DraftLine]) -> None:
    for position, line in enumerate(lines, start=draft.lines.count()):
        line.draft, line.position = draft, position
    DraftLine.objects.bulk_create(lines, ignore_conflicts=True)


@transaction.atomic
def begin_amendment(*, decision_id: int, purpose: Purpose, recognition_ids: Sequence[int], actor: User) -> DecisionDraft:
    """A draft that withdraws recognitions of a published decision, corrects how they are named, gives them a grade or takes theirs
    away. Raises DomainError.
    """
    if purpose not in _VERDICTS:
        raise DomainError("Quyết định đã ban hành chỉ được thu hồi, đính chính, hoặc chọn mô hình để ghi mức, thu hồi mức.")
    decision = Decision.objects.select_for_update(of=("self",)).select_related("issuer", "level").get(pk=decision_id)
    if not can_run(actor, decision.issuer):
        raise NotAllowed("Vai trò của đồng chí không soạn quyết định của đơn vị này.")
    there = Recognition.objects.filter(decision=decision, pk__in=list(recognition_ids), revoked_on__isnull=True)
    grades = list(Grade.objects.on(today()).filter(unit=decision.issuer)) if purpose == Purpose.GRADE else []
    if purpose == Purpose.GRADE:
        there = there.filter(grade__isnull=True)
        if not grades:
            raise DomainError("Đơn vị chưa khai mức công nhận nào đang dùng. Xin khai ở trang Mức công nhận.")
    elif purpose == Purpose.UNGRADE:
        there = there.filter(grade__isnull=False, ungraded_on__isnull=True).select_related("grade")
    chosen = list(there)
    if not chosen:
        raise DomainError(f"Xin chọn ít nhất một mô hình còn hiệu lực {_WANTED.get(purpose, 'công nhận')}.")
    open_lines = DraftLine.objects.filter(recognition__in=chosen).exclude(draft__state=DraftState.PUBLISHED)
    elsewhere = open_lines.exclude(draft__purpose=purpose).select_related("recognition").first()
    if elsewhere and elsewhere.recognition:
        raise DomainError(
            f"{quoted(elsewhere.recognition.title)} đang ở một dự thảo khác chưa ban hành. Xin ban hành hoặc bỏ dự thảo ấy."
        )
    lines = _lines_for(_VERDICTS[purpose], chosen, grades)
    drafts = DecisionDraft.objects.select_for_update(of=("self",)).filter(amends=decision, purpose=purpose)
    known = drafts.exclude(state=DraftState.PUBLISHED).first()
    if known:  # further models come into the draft that is there
        _add_lines(known, lines)
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
    _add_lines(draft, lines)
    draft.writers.add(actor)
    record(actor=actor, action=AuditAction.BEGIN_DECISION, target=draft, unit=decision.issuer, note=f"nêu {decision}")
    return draft
