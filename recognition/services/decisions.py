"""Decisions: prepared from the ranking, checked by another, published in one transaction; withdrawn or corrected by another."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from common.dates import VIETNAM, today, write_day
from common.exceptions import DomainError, NotAllowed
from common.exports import DOCX
from common.files import check_file
from common.numbers import write_number
from common.text import clean, clean_lines
from models_registry.permissions import acting_day
from notifications.services import tell
from organisation.audit import record
from organisation.models import Unit, User
from organisation.roles import May
from organisation.selectors import holders, unit_on
from organisation.tree import unit_tree
from papers.exports import number_text
from papers.models import Letterhead
from papers.selectors import letterhead_on
from papers.services import take_number
from recognition.enums import DraftState, MeetingState, Phase, Purpose, Verdict
from recognition.exports.values import write_decision
from recognition.models import (
    Decision,
    DecisionDraft,
    DecisionFile,
    Dossier,
    DraftLine,
    Meeting,
    Recognition,
)
from recognition.permissions import can_decide, can_run
from recognition.selectors.council import interests_of
from recognition.selectors.decisions import decision_with_number, earlier_recognitions, next_decision_number, undecided
from recognition.selectors.scoring import Standing, result_of, tied_below
from recognition.services.honours import refresh_honours
from recognition.services.rounds import lock_round, lock_run
from recognition.transitions import InvalidTransition

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
def begin_draft(*, round_id: int, actor: Any) -> DecisionDraft:
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
    record(actor=actor, action="begin-decision", target=draft, unit=round_.unit)
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


@transaction.atomic
def write_draft(
    *,
    draft_id: int,
    suffix: str,
    number: int | None,
    decided_on: date | None,
    texts: Mapping[str, str],
    lines: Mapping[int, LineTyped],
    seen: int | None = None,
    actor: Any,
) -> DecisionDraft:
    """Words, number, date and lines ({line id: what was typed}) of a draft. A draft that was checked goes back to be checked."""
    draft = lock_draft(draft_id, DraftState.PREPARING, DraftState.CHECKED)
    if not can_run(actor, draft.unit):
        raise NotAllowed("Vai trò của đồng chí không soạn quyết định này.")
    _check_seen(draft, seen)
    for name in ("grounds", "request", "benefits", "duties"):
        setattr(draft, name, clean_lines(texts.get(name, getattr(draft, name)))[:TEXT_LIMIT])
    draft.suffix, draft.number, draft.decided_on = suffix, number, decided_on
    draft.state, draft.checked_by, draft.checked_at = DraftState.PREPARING, None, None
    draft.version += 1
    draft.save()
    draft.writers.add(actor)
    allowed = _VERDICTS[Purpose(draft.purpose)]
    for line in draft.lines.select_for_update():
        typed = lines.get(line.pk)
        if typed is None:
            continue
        if typed.verdict not in allowed:
            raise DomainError("Xin chọn lại kết luận của từng mô hình.")
        line.verdict, line.reason, line.mend = typed.verdict, clean_lines(typed.reason)[:2000], clean_lines(typed.mend)[:2000]
        line.title, line.subject = clean(typed.title)[:500], clean(typed.subject)[:300]
        line.save()
    record(actor=actor, action="write-decision", target=draft, unit=draft.unit)
    return draft


_VERDICTS = {
    Purpose.RECOGNISE: (Verdict.RECOGNISE, Verdict.REFUSE, Verdict.LATER),
    Purpose.WITHDRAW: (Verdict.REVOKE, Verdict.LATER),
    Purpose.CORRECT: (Verdict.RETITLE, Verdict.LATER),
    Purpose.COMMEND: (Verdict.COMMEND, Verdict.LATER),
}


def _check_seen(draft: DecisionDraft, seen: int | None) -> None:
    """The page was opened on the draft as it is now: nobody approves, or writes over, what they have not seen."""
    if seen is not None and seen != draft.version:
        raise InvalidTransition(
            "Dự thảo vừa được người khác sửa. Xin tải lại trang, xem rồi làm tiếp; chữ vừa gõ còn trên trang này."
        )


def problems_of(draft: DecisionDraft) -> list[str]:
    """All that keeps a draft from being published, each in a sentence of its own."""
    found = _missing(draft)
    lines = list(
        draft.lines.select_related(
            "dossier__registration", "dossier__ballot", "recognition__decision", "commendation__recognition"
        )
    )
    acts = [line for line in lines if line.verdict != Verdict.LATER]
    standing = _standing(draft, acts)
    if not acts:
        found.append("Chưa chọn mô hình nào.")
    for line in acts:
        name = line.dossier.registration.title if line.dossier else line.recognition.title if line.recognition else line.subject
        if line.verdict in (Verdict.REFUSE, Verdict.REVOKE) and not line.reason:
            found.append(f"“{name}”: {line.get_verdict_display().lower()} cần ghi lý do để đơn vị biết.")
        if line.verdict == Verdict.RETITLE and line.recognition:
            if not line.title:
                found.append(f"“{name}”: chưa ghi tên đúng.")
            elif (line.title, line.subject) == (line.recognition.title, line.recognition.subject):
                found.append(f"“{name}”: tên và người làm chưa đổi gì so với quyết định trước.")
        if line.verdict == Verdict.RECOGNISE and line.dossier:
            found += _recognise_problems(line.dossier, name, line.reason, standing)
        if line.commendation and line.commendation.recognition.revoked_on:
            found.append(f"“{name}”: mô hình đã bị thu hồi công nhận.")
        if line.verdict == Verdict.COMMEND and not (line.subject and line.reason):
            found.append("Có dòng khen thưởng chưa ghi tập thể, cá nhân hoặc thành tích.")
        if line.recognition and line.recognition.revoked_on:
            found.append(f"“{name}” đã bị thu hồi từ ngày {write_day(line.recognition.revoked_on)}.")
    return found


def _missing(draft: DecisionDraft) -> list[str]:
    found = []
    if draft.decided_on is None:
        found.append("Chưa ghi ngày quyết định.")
    elif draft.decided_on > today():
        found.append(f"Ngày quyết định {write_day(draft.decided_on)} ở tương lai.")
    meeting = Meeting.objects.filter(round=draft.round, state=MeetingState.CLOSED).first() if draft.round else None
    if draft.decided_on and meeting and draft.purpose == Purpose.RECOGNISE and draft.decided_on < meeting.held_on:
        found.append(f"Ngày quyết định {write_day(draft.decided_on)} trước ngày họp hội đồng {write_day(meeting.held_on)}.")
    elif draft.decided_on and meeting and meeting.closed_at and draft.purpose == Purpose.RECOGNISE:
        voted_on = timezone.localtime(meeting.closed_at, VIETNAM).date()
        if draft.decided_on < voted_on:
            found.append(
                f"Ngày quyết định {write_day(draft.decided_on)} trước ngày hội đồng biểu quyết xong {write_day(voted_on)}."
            )
    if draft.decided_on and draft.amends and draft.decided_on < draft.amends.decided_on:
        found.append(f"Ngày quyết định trước ngày của quyết định được nêu ({write_day(draft.amends.decided_on)}).")
    head = _letterhead(draft)
    if head and draft.number and draft.decided_on:
        there = decision_with_number(head, draft.number, draft.decided_on)
        if there:
            next_one = next_decision_number(head, draft.decided_on)
            found.append(
                f"Số {draft.number:02d} đã có ở Quyết định ngày {write_day(there.decided_on)}. Số tiếp theo là {next_one:02d}."
            )
    if not head:
        found.append("Chưa chọn cơ quan ký; thể thức khai ở trang Giấy tờ.")
    return found


def _letterhead(draft: DecisionDraft) -> Letterhead | None:
    return letterhead_on(draft.unit, draft.suffix, draft.decided_on or today())


def _standing(draft: DecisionDraft, lines: list[DraftLine]) -> dict[int, Recognition]:
    """registration id -> its recognition that stands at the level already (one query)."""
    rows = [line.dossier.registration_id for line in lines if line.dossier and line.verdict == Verdict.RECOGNISE]
    there = Recognition.objects.filter(registration__in=rows, level=draft.level, revoked_on__isnull=True)
    return {one.registration_id: one for one in there.select_related("decision")}


def _recognise_problems(dossier: Dossier, name: str, reason: str, standing: Mapping[int, Recognition]) -> list[str]:
    found = []
    if dossier.registration.withdrawn_on:
        found.append(f"“{name}”: đăng ký đã rút ngày {write_day(dossier.registration.withdrawn_on)}.")
    there = standing.get(dossier.registration_id)
    if there:
        found.append(f"“{name}” đã được công nhận ở cấp này trong năm thi đua, theo Quyết định số {there.decision}.")
    ballot = getattr(dossier, "ballot", None)
    if ballot and not ballot.passed and not reason:
        found.append(f"“{name}”: hội đồng không thông qua ({ballot}); công nhận thì phải ghi lý do.")
    return found


@transaction.atomic
def check_draft(*, draft_id: int, seen: int | None = None, actor: Any) -> DecisionDraft:
    """Looked through and found right, by another person than who prepared it. Raises DomainError with all that is not."""
    draft = lock_draft(draft_id, DraftState.PREPARING, DraftState.CHECKED)
    _check_decider(draft, actor)
    _check_seen(draft, seen)
    if draft.state == DraftState.CHECKED:
        return draft
    if problems := problems_of(draft):
        raise DomainError(" ".join(problems))
    draft.state, draft.checked_by, draft.checked_at = DraftState.CHECKED, actor, timezone.now()
    draft.save(update_fields=["state", "checked_by", "checked_at"])
    record(actor=actor, action="check-decision", target=draft, unit=draft.unit)
    return draft


def _check_decider(draft: DecisionDraft, actor: Any) -> None:
    if not can_decide(actor, draft.unit):
        raise NotAllowed("Vai trò của đồng chí không duyệt quyết định này.")
    if draft.prepared_by_id == actor.pk or draft.writers.filter(pk=actor.pk).exists():
        raise NotAllowed("Ai đã soạn thì không tự duyệt quyết định ấy.")
    if draft.round and draft.lines.filter(dossier__in=interests_of(actor, draft.round)).exists():
        raise NotAllowed("Đồng chí có liên quan đến hồ sơ trong quyết định này nên không duyệt.")


@transaction.atomic
def send_back(*, draft_id: int, why: str, actor: Any) -> DecisionDraft:
    """A checker's word that something is to be changed first."""
    draft = lock_draft(draft_id, DraftState.PREPARING, DraftState.CHECKED)
    _check_decider(draft, actor)
    said = clean_lines(why)
    if not said:
        raise DomainError("Xin ghi cần sửa gì.")
    draft.state, draft.checked_by, draft.checked_at = DraftState.PREPARING, None, None
    draft.save(update_fields=["state", "checked_by", "checked_at"])
    record(actor=actor, action="send-back-decision", target=draft, unit=draft.unit, note=said)
    tell(
        recipients=[draft.prepared_by] if draft.prepared_by else [],
        event_key=f"draft-back:{draft.pk}:{timezone.now():%Y%m%d%H%M%S}",
        subject="Dự thảo quyết định cần sửa",
        body=said,
        link=reverse("recognition:draft", args=[draft.pk]),
    )
    return draft


@transaction.atomic
def discard_draft(*, draft_id: int, actor: Any) -> None:
    """Throw a draft away; nothing of it was published."""
    draft = lock_draft(draft_id, DraftState.PREPARING, DraftState.CHECKED)
    if not can_run(actor, draft.unit):
        raise NotAllowed("Vai trò của đồng chí không soạn quyết định này.")
    record(actor=actor, action="discard-decision", target=draft, unit=draft.unit)
    draft.delete()


def publish(*, draft_id: int, seen: int | None = None, actor: Any) -> Decision:
    """Number, paper, recognitions, refusals and withdrawals in one transaction. A second leader is told that it is done.

    Raises NotAllowed, InvalidTransition, DomainError with all that keeps it from being published.
    """
    kept: list[Any] = []
    try:
        with transaction.atomic():
            transaction.on_commit(kept.clear)  # first of all: what fails after the commit takes no paper with it
            decision = _publish(draft_id, seen, actor, kept)
        kept.clear()
        return decision
    finally:
        for file in kept:  # the paper of a decision that did not come about
            file.storage.delete(file.name)


def _publish(draft_id: int, seen: int | None, actor: Any, kept: list[Any]) -> Decision:
    round_id = DecisionDraft.objects.values_list("round_id", flat=True).get(pk=draft_id)
    round_ = lock_round(round_id) if round_id else None
    draft = lock_draft(draft_id, DraftState.CHECKED)
    if round_ and draft.purpose == Purpose.RECOGNISE and round_.phase != Phase.DECIDING:
        raise InvalidTransition(f"Đợt xét đang ở bước “{Phase(round_.phase).label.lower()}”, không ban hành được nữa.")
    _check_decider(draft, actor)
    _check_seen(draft, seen)
    if problems := problems_of(draft):
        raise DomainError(" ".join(problems))
    head, day = _letterhead(draft), draft.decided_on
    assert head is not None and day is not None
    subject = f"{draft.get_purpose_display()} mô hình “Dân vận khéo”"
    _lock_units(draft)
    number = draft.number or next_decision_number(head, day)
    paper = take_number(letterhead=head, symbol="QĐ", day=day, number=number, subject=subject, actor=actor)
    decision = Decision.objects.create(
        number=number_text(head, "QĐ", paper.number),
        decided_on=day,
        issuer=draft.unit,
        issuer_name=head.body_name,
        level=draft.level,
        signer=head.signer_name,
        purpose=draft.purpose,
        round=draft.round,
        amends=draft.amends,
        paper=paper,
        published_at=timezone.now(),
        recorded_by=actor,
    )
    draft.state, draft.decision, draft.number = DraftState.PUBLISHED, decision, paper.number
    draft.save(update_fields=["state", "decision", "number"])
    draft.lines.filter(verdict=Verdict.LATER).delete()
    lines = list(
        draft.lines.select_related(
            "dossier__registration__season",
            "dossier__unit",
            "recognition__registration__season",
            "commendation__recognition__registration__season",
        )
    )
    touched = _apply(decision, lines)
    word = DecisionFile(decision=decision, kind=DecisionFile.Kind.WORD, content_type=DOCX, sent_by=actor, digest="")
    word.file_name = f"quyet-dinh-{decision.number.replace('/', '-')}.docx"
    word.file.save(f"{word.pk}.docx", ContentFile(write_decision(draft, head)), save=False)
    kept.append(word.file)
    word.save()
    refresh_honours(touched)
    record(actor=actor, action="publish-decision", target=decision, unit=draft.unit, note=str(decision))
    _tell_units(draft, decision, lines, actor)
    return decision


def _lock_units(draft: DecisionDraft) -> None:
    """The registers' units and the issuer, in the order in which every writer of a register locks them."""
    rows = draft.lines.values_list("dossier__registration__unit", "recognition__registration__unit")
    units = {pk for pair in rows for pk in pair if pk} | {draft.unit_id}
    list(Unit.objects.select_for_update(no_key=True).filter(pk__in=units).order_by("pk"))


def _apply(decision: Decision, lines: Sequence[DraftLine]) -> set[int]:
    """Write what the lines say as dated facts. Returns the registrations that were touched."""
    rows = [line.dossier.registration for line in lines if line.dossier and line.verdict == Verdict.RECOGNISE]
    renewed, touched = earlier_recognitions(rows, decision.level_id), set[int]()
    for line in lines:
        if line.dossier and line.verdict == Verdict.RECOGNISE:
            row = line.dossier.registration
            Recognition.objects.create(
                registration=row,
                decision=decision,
                level=decision.level,
                title=line.title or row.title,
                subject=line.subject or row.subject,
                renews=renewed.get(row.model_id or 0),
            )
            touched.add(row.pk)
        elif line.commendation and line.verdict == Verdict.COMMEND:
            line.commendation.decision = decision
            line.commendation.recipient, line.commendation.reason = line.subject, line.reason  # as the decision says
            line.commendation.save(update_fields=["decision", "recipient", "reason"])
        elif line.recognition and line.verdict in (Verdict.REVOKE, Verdict.RETITLE):
            old = Recognition.objects.select_for_update().get(pk=line.recognition.pk)
            old.revoked_on, old.revoked_by = decision.decided_on, decision
            old.save(update_fields=["revoked_on", "revoked_by"])
            touched.add(old.registration_id)
            if line.verdict == Verdict.RETITLE:
                Recognition.objects.create(
                    registration_id=old.registration_id,
                    decision=decision,
                    level=old.level,
                    title=line.title,
                    subject=line.subject or old.subject,
                    renews=old.renews,
                )
    return touched


def _tell_units(draft: DecisionDraft, decision: Decision, lines: Sequence[DraftLine], actor: Any) -> None:
    """Each unit what became of its models; of a unit that ended, those who follow it."""
    for line in lines:
        held = line.recognition or (line.commendation.recognition if line.commendation else None)
        row = line.dossier.registration if line.dossier else held.registration if held else None
        if row is None:
            continue
        place = (line.dossier.unit if line.dossier else None) or row.place or row.unit
        body = [
            f"Quyết định số {decision}, ngày {write_day(decision.decided_on)}",
            line.reason,
            f"Cần khắc phục: {line.mend}" if line.mend else "",
        ]
        tell(
            recipients=[one for one in _people(place, row) if one.pk != actor.pk],
            event_key=f"decision:{decision.pk}:{line.pk}",
            subject=f"{line.get_verdict_display()}: “{row.title[:180]}”",
            body="\n".join(part for part in body if part),
            link=reverse("recognition:dossier", args=[line.dossier.pk])
            if line.dossier
            else reverse("recognition:decision", args=[decision.pk]),
        )


def _people(unit: Any, row: Any) -> list[User]:
    found = holders(May.PROPOSE, unit, acting_day(row.season))
    if found and unit_tree().exists(unit.pk, today()):
        return found
    heirs = [heir for heir in unit.successions.select_related("successor") if heir.effective_on <= today()]
    return found + [one for heir in heirs for one in holders(May.PROPOSE, heir.successor, today())]


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


def add_signed(*, decision_id: int, file: UploadedFile, actor: Any) -> DecisionFile:
    """The signed scan of a published decision. One that another replaces is kept beside it."""
    what = check_file(file.file, file.size or 0)  # type: ignore[arg-type]
    digest = hashlib.sha256(b"".join(file.chunks())).hexdigest()
    with transaction.atomic():
        decision = Decision.objects.select_for_update(of=("self",)).select_related("issuer").get(pk=decision_id)
        if not (can_run(actor, decision.issuer) or can_decide(actor, decision.issuer)):
            raise NotAllowed("Vai trò của đồng chí không gửi bản ký của quyết định này.")
        there = decision.files.filter(kind=DecisionFile.Kind.SIGNED, replaced_at__isnull=True).first()
        if there and there.digest == digest:
            return there
        if there:
            there.replaced_at = timezone.now()
            there.save(update_fields=["replaced_at"])
        made = DecisionFile(
            decision=decision,
            kind=DecisionFile.Kind.SIGNED,
            file_name=clean(Path(file.name or "").name)[-200:] or f"ban-ky{what.suffix}",
            content_type=what.content_type,
            digest=digest,
            sent_by=actor,
        )
        made.file.save(f"{made.pk}{what.suffix}", file, save=False)
        made.save()
        record(actor=actor, action="add-signed", target=decision, unit=decision.issuer, note=made.file_name)
    return made
