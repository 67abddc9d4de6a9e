"""Drafts of decisions: out of the ranking, written, looked through by another, given back, thrown away."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils import timezone

from common.addresses import link_to
from common.dates import write_day
from common.exceptions import DomainError, NotAllowed
from common.numbers import write_number
from common.text import clean, clean_lines
from common.transitions import InvalidTransition
from notifications.services import tell
from organisation.audit import record
from organisation.models import User
from recognition.audit_actions import AuditAction
from recognition.enums import DraftState, Phase, Purpose, Verdict
from recognition.models import (
    DecisionDraft,
    DraftLine,
)
from recognition.permissions import can_decide, can_run
from recognition.selectors.council import interests_of
from recognition.selectors.decisions import undecided
from recognition.selectors.draft_page import OFFERED
from recognition.selectors.scoring import Standing, result_of, tied_below
from recognition.services.problems import problems_of
from recognition.services.rounds import lock_run

TEXT_LIMIT = 4000


def lock_draft(draft_id: int, *states: DraftState) -> DecisionDraft:
    """The draft, locked, in one of the states. Raises InvalidTransition saying where it is."""
    locked = DecisionDraft.objects.select_for_update(of=("self",)).select_related("round__season", "unit", "level", "amends")
    draft = locked.get(pk=draft_id)
    if draft.state not in states:
        said = f"Quyết định này đang ở trạng thái “{draft.get_state_display().lower()}”"
        if draft.decision:
            said = f"Quyết định này đã ban hành: {draft.decision}, ngày {write_day(draft.decision.decided_on)}"
        raise InvalidTransition(f"{said}; xin tải lại trang.")
    return draft


@transaction.atomic
def begin_draft(*, round_id: int, actor: User) -> DecisionDraft:
    """A draft over what the round has not decided yet: above the line and voted for is recognised, the rest refused with the
    reason that the figures give. Raises NotAllowed, DomainError.
    """
    round_ = lock_run(round_id, actor)
    if round_.phase != Phase.DECIDING:
        raise DomainError("Quyết định soạn ở bước “ra quyết định”, sau khi hội đồng biểu quyết xong.")
    drafts = DecisionDraft.objects.filter(round=round_, purpose=Purpose.RECOGNISE)
    open_one = drafts.exclude(state=DraftState.PUBLISHED).first()
    if open_one:
        return open_one
    left = {one.pk for one in undecided(round_)}
    order = result_of(round_)
    if not left:
        raise DomainError("Mọi hồ sơ của đợt này đã có quyết định.")
    above = {one.dossier.pk for one in order[: round_.cut_after]} if round_.cut_after is not None else None
    tied = {one.dossier.pk for one in tied_below(order, round_.cut_after or 0)}
    draft = DecisionDraft.objects.create(
        round=round_,
        unit=round_.unit,
        level=round_.level,
        grounds=round_.basis,
        prepared_by=actor,
        **_default_texts(),
    )
    lines = []
    for place, one in enumerate([one for one in order if one.dossier.pk in left]):
        reason = _why_not(one, above, len(order))
        verdict = Verdict.REFUSE if reason else Verdict.RECOGNISE
        if one.dossier.pk in tied and one.is_eligible and (one.ballot is None or one.ballot.passed):
            verdict, reason = Verdict.LATER, "Bằng điểm mô hình cuối cùng trên vạch chọn."
        lines.append(DraftLine(draft=draft, dossier=one.dossier, verdict=verdict, reason=reason, position=place))
    DraftLine.objects.bulk_create(lines)
    draft.writers.add(actor)
    record(actor=actor, action=AuditAction.BEGIN_DECISION, target=draft, unit=round_.unit)
    return draft


def _default_texts() -> dict[str, str]:
    return {
        "benefits": "Các tập thể, cá nhân có mô hình được công nhận được cấp giấy công nhận.",
        "duties": "Các đơn vị liên quan và các tập thể, cá nhân có tên trong danh sách chịu trách nhiệm thi hành Quyết định này. "
        "Quyết định có hiệu lực kể từ ngày ký.",
    }


def _why_not(one: Standing, above: set[int] | None, total: int) -> str:
    """Why a dossier would not be recognised, by the figures; empty where nothing speaks against it."""
    reasons = []
    if one.score is None:
        reasons.append("Chưa có điểm.")
    elif one.is_under:
        reasons.append(f"Tổng điểm {write_number(one.score)}, dưới mức {write_number(one.minimum)}.")
    if one.low:
        reasons.append(f"Dưới mức tối thiểu: {', '.join(one.low)}.")
    if one.ballot and not one.ballot.passed:
        reasons.append(f"Hội đồng tán thành {one.ballot.in_favour}/{one.ballot.voters}, không đủ để thông qua.")
    if not reasons and above is not None and one.dossier.pk not in above:
        reasons.append(f"Xếp thứ {one.rank}/{total}, ngoài số {len(above)} mô hình được chọn.")
    return " ".join(reasons)


@dataclass(frozen=True)
class LineTyped:
    """What was typed for one line of a draft."""

    verdict: str
    reason: str = ""
    mend: str = ""
    title: str = ""
    subject: str = ""
    grade: int | None = None


@dataclass(frozen=True)
class DraftTyped:
    """What was typed in a draft: numbering, texts by name, lines by id; what is not among them stays."""

    suffix: str
    number: int | None
    decided_on: date | None
    texts: Mapping[str, str] = field(default_factory=dict)
    lines: Mapping[int, LineTyped] = field(default_factory=dict)
    seen: int | None = None
    """The version that the page had shown; None for whoever does not know."""


@transaction.atomic
def write_draft(*, draft_id: int, typed: DraftTyped, actor: User) -> DecisionDraft:
    """Keep what was typed. A draft that was checked goes back to be checked. Raises NotAllowed, DomainError."""
    draft = lock_draft(draft_id, DraftState.PREPARING, DraftState.CHECKED)
    if not can_run(actor, draft.unit):
        raise NotAllowed("Vai trò của đồng chí không soạn quyết định này.")
    check_seen(draft, typed.seen)
    for name in ("grounds", "request", "benefits", "duties"):
        setattr(draft, name, clean_lines(typed.texts.get(name, getattr(draft, name)))[:TEXT_LIMIT])
    draft.suffix, draft.number, draft.decided_on = typed.suffix, typed.number, typed.decided_on
    draft.state, draft.checked_by, draft.checked_at = DraftState.PREPARING, None, None
    draft.version += 1
    draft.save()
    draft.writers.add(actor)
    _write_lines(draft, typed.lines)
    record(actor=actor, action=AuditAction.WRITE_DECISION, target=draft, unit=draft.unit)
    return draft


def _write_lines(draft: DecisionDraft, lines: Mapping[int, LineTyped]) -> None:
    """Raises DomainError for a verdict that the draft does not offer."""
    allowed = OFFERED[Purpose(draft.purpose)]
    grades = {grade.pk: grade for grade in draft.unit.grades.all()}
    for line in draft.lines.select_for_update().filter(pk__in=lines):
        typed = lines[line.pk]
        if typed.verdict not in allowed:
            raise DomainError("Xin chọn lại kết luận của từng mô hình.")
        line.verdict, line.reason, line.mend = typed.verdict, clean_lines(typed.reason)[:2000], clean_lines(typed.mend)[:2000]
        line.title, line.subject = clean(typed.title)[:500], clean(typed.subject)[:300]
        if draft.purpose != Purpose.UNGRADE:  # there it is the grade that is taken away
            line.grade = grades.get(typed.grade or 0) if typed.verdict in (Verdict.RECOGNISE, Verdict.GRADE) else None
        line.save()


def check_seen(draft: DecisionDraft, seen: int | None) -> None:
    """The page was opened on the draft as it is now: nobody approves, or writes over, what they have not seen."""
    if seen is not None and seen != draft.version:
        raise InvalidTransition(
            "Dự thảo vừa được người khác sửa. Xin tải lại trang, xem rồi làm tiếp; chữ vừa gõ còn trên trang này."
        )


@transaction.atomic
def check_draft(*, draft_id: int, seen: int | None = None, actor: User) -> DecisionDraft:
    """Looked through and found right, by another person than who prepared it. Raises DomainError with all that is not."""
    draft = lock_draft(draft_id, DraftState.PREPARING, DraftState.CHECKED)
    check_decider(draft, actor)
    check_seen(draft, seen)
    if draft.state == DraftState.CHECKED:
        return draft
    if problems := problems_of(draft):
        raise DomainError(" ".join(problems))
    draft.state, draft.checked_by, draft.checked_at = DraftState.CHECKED, actor, timezone.now()
    draft.save(update_fields=["state", "checked_by", "checked_at"])
    record(actor=actor, action=AuditAction.CHECK_DECISION, target=draft, unit=draft.unit)
    return draft


def check_decider(draft: DecisionDraft, actor: User) -> None:
    if not can_decide(actor, draft.unit):
        raise NotAllowed("Vai trò của đồng chí không duyệt quyết định này.")
    if draft.prepared_by_id == actor.pk or draft.writers.filter(pk=actor.pk).exists():
        raise NotAllowed("Ai đã soạn thì không tự duyệt quyết định ấy.")
    if draft.round and draft.lines.filter(dossier__in=interests_of(actor, draft.round)).exists():
        raise NotAllowed("Đồng chí có liên quan đến hồ sơ trong quyết định này nên không duyệt.")


@transaction.atomic
def send_back(*, draft_id: int, why: str, actor: User) -> DecisionDraft:
    """A checker's word that something is to be changed first."""
    draft = lock_draft(draft_id, DraftState.PREPARING, DraftState.CHECKED)
    check_decider(draft, actor)
    said = clean_lines(why)
    if not said:
        raise DomainError("Xin ghi cần sửa gì.", field="why")
    draft.state, draft.checked_by, draft.checked_at = DraftState.PREPARING, None, None
    draft.save(update_fields=["state", "checked_by", "checked_at"])
    record(actor=actor, action=AuditAction.SEND_BACK_DECISION, target=draft, unit=draft.unit, note=said)
    tell(
        recipients=[draft.prepared_by] if draft.prepared_by else [],
        event_key=f"draft-back:{draft.pk}:{timezone.now():%Y%m%d%H%M%S}",
        subject="Dự thảo quyết định cần sửa",
        body=said,
        link=link_to("recognition:draft", draft.pk),
    )
    return draft


@transaction.atomic
def discard_draft(*, draft_id: int, actor: User) -> None:
    """Throw a draft away; nothing of it was published."""
    draft = lock_draft(draft_id, DraftState.PREPARING, DraftState.CHECKED)
    if not can_run(actor, draft.unit):
        raise NotAllowed("Vai trò của đồng chí không soạn quyết định này.")
    record(actor=actor, action=AuditAction.DISCARD_DECISION, target=draft, unit=draft.unit)
    draft.delete()
