"""One phase of a round after the other, and back while nothing stands on the later one; whom each step tells."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from common.addresses import link_to
from common.dates import today, write_day
from common.exceptions import DomainError
from common.text import clean
from common.transitions import InvalidTransition
from notifications.services import tell
from organisation.audit import record
from organisation.models import User
from organisation.roles import May
from organisation.selectors.people import holders_of
from recognition.audit_actions import AuditAction
from recognition.enums import LAST_DAYS, DossierState, Phase, SheetKind, SheetState
from recognition.models import Assignment, Attendance, Meeting, RecognitionRound, RoundStep, ScoreSheet
from recognition.models.council import sitting_on
from recognition.selectors import rounds as reads
from recognition.selectors.council import conflicts_of
from recognition.selectors.phases import blockers_of, last_step, stands_on
from recognition.services.rounds import RoundPlan, change_round, check_days, lock_run
from recognition.services.scoring import begin_sheet
from recognition.transitions import next_phase, previous_phase

# The last day that a phase takes up again; the one that comes nearer where a phase closes before it.
REOPENED_UNTIL = {phase: LAST_DAYS[phase] for phase in (Phase.PROPOSING, Phase.SCORING)}
_BROUGHT_NEARER = REOPENED_UNTIL | {Phase.MEETING: LAST_DAYS[Phase.MEETING]}


@transaction.atomic
def advance(*, round_id: int, actor: User, seen: str = "", losing: int = 0) -> RecognitionRound:
    """To the next phase, once what it needs is there. `seen` is the phase that the page was opened in: when another one has
    begun meanwhile, nothing is done. `losing` is how many sheets, not handed in, the actor was told would count as absent.
    Raises InvalidTransition, DomainError with what is missing.
    """
    round_ = lock_run(round_id, actor)
    if seen and seen != round_.phase:
        raise InvalidTransition(f"Đợt xét đã sang bước “{Phase(round_.phase).label.lower()}”.")
    target = next_phase(round_.phase)
    blockers = blockers_of(round_)
    sheets = sum(one.sheets for one in blockers)
    if sheets > losing > 0:
        raise DomainError(f"Còn {sheets} phiếu chưa nộp, trang đồng chí xem ghi {losing}. Xin xem lại rồi chuyển.")
    for one in blockers:
        if one.stops or (one.sheets and not losing):
            raise DomainError(one.words)
    absent = _count_absent(round_, target) if sheets else []
    days = _end_today(round_)
    if target == Phase.MEETING:
        _call_meeting(round_)
    step = _go(round_, target, actor, days=days, absent=absent)
    lost = {"absent": len(absent)} if absent else {}
    changes = {"phase": [step.source, target]} | days | lost
    record(actor=actor, action=AuditAction.ADVANCE_ROUND, target=round_, unit=round_.unit, changes=changes)
    _tell(round_, step, actor)
    return round_


def _go(round_: RecognitionRound, target: Phase, actor: User, **more: Any) -> RoundStep:
    step = RoundStep.objects.create(
        round=round_, source=round_.phase, target=target, actor=actor, actor_name=str(actor), at=timezone.now(), **more
    )
    round_.phase, round_.phase_since = target, step.at
    round_.save()
    return step


def _end_today(round_: RecognitionRound) -> dict[str, list[str]]:
    """A phase that closes before its last day ends today, so that the days after it may come nearer: {field: [before, after]}."""
    name = _BROUGHT_NEARER.get(Phase(round_.phase), "")
    if not name:
        return {}
    earliest = {"propose_until": round_.propose_from, "score_until": round_.propose_until, "meet_on": round_.score_until}[name]
    planned, ended = getattr(round_, name), max(today(), earliest)
    if ended >= planned:
        return {}
    setattr(round_, name, ended)
    return {name: [str(planned), str(ended)]}


def _count_absent(round_: RecognitionRound, target: Phase) -> list[int]:
    """Sheets not handed in count as absent: of each member who sits today, but where the member has an interest."""
    aside, counted = conflicts_of(round_), []
    given = Assignment.objects.filter(member__round=round_, dossier__state=DossierState.COMPLETE)
    for one in given.select_related("member", "dossier"):
        if (one.member_id, one.dossier_id) in aside or not one.member.sits_on(today()):
            continue
        sheet = begin_sheet(round_, one.dossier, SheetKind.MEMBER, one.member)
        if sheet.state == SheetState.DRAFT:
            sheet.state, sheet.absent_why = SheetState.ABSENT, f"Chưa nộp khi đợt xét sang bước {target.label.lower()}"
            sheet.save(update_fields=["state", "absent_why"])
            counted.append(sheet.pk)
    return counted


@transaction.atomic
def reopen_phase(*, round_id: int, reason: str, until: date | None = None, seen: str = "", actor: User) -> RecognitionRound:
    """Back to the phase before, closed too early, with a reason, on record; those concerned are told. `until` is its new last
    day; without it, the day that was planned. Sheets that the close counted as absent are open again.
    Raises NotAllowed, InvalidTransition, DomainError with what stands in the way.
    """
    round_ = lock_run(round_id, actor)
    if seen and seen != round_.phase:
        raise InvalidTransition(f"Đợt xét đã sang bước “{Phase(round_.phase).label.lower()}”.")
    target, said = previous_phase(round_.phase), clean(reason)[:500]
    if in_the_way := stands_on(round_):
        raise DomainError(f"Không mở lại được bước “{target.label.lower()}”: {in_the_way}")
    if not said:
        raise DomainError("Xin ghi lý do mở lại.", field="reason")
    closing = last_step(round_)
    days = _reach(round_, target, until, closing)
    if closing and closing.absent:
        closed = ScoreSheet.objects.filter(pk__in=closing.absent, state=SheetState.ABSENT)
        closed.update(state=SheetState.DRAFT, absent_why="")
    seen_from = round_.phase_since if target == Phase.SCORING else None
    step = _go(round_, target, actor, days=days, reason=said, is_reopening=True, seen_from=seen_from)
    changes = {"phase": [step.source, target]} | days
    record(actor=actor, action=AuditAction.REOPEN_PHASE, target=round_, unit=round_.unit, note=said, changes=changes)
    _tell(round_, step, actor)
    return round_


def _reach(round_: RecognitionRound, target: Phase, until: date | None, closing: RoundStep | None) -> dict[str, list[str]]:
    """Give the phase its last day back: the one asked for, or the one it had before it was closed early."""
    name = REOPENED_UNTIL.get(target)
    if name is None:
        return {}
    now = getattr(round_, name)
    then = until or (closing and closing.day_before(name)) or now
    if then < today():
        raise DomainError(f"Ngày cuối mới ({write_day(then)}) không được trước hôm nay.", field="until")
    setattr(round_, name, then)
    check_days(round_.season, RoundPlan.of(round_))
    return {name: [str(now), str(then)]} if then != now else {}


@transaction.atomic
def extend_phase(*, round_id: int, until: date, seen: str = "", actor: User) -> RecognitionRound:
    """A later last day for the phase that goes on, all other days as they are. Raises NotAllowed, DomainError."""
    round_ = lock_run(round_id, actor)
    name = REOPENED_UNTIL.get(Phase(round_.phase))
    if name is None or (seen and seen != round_.phase):
        raise InvalidTransition(f"Đợt xét đang ở bước “{Phase(round_.phase).label.lower()}”.")
    if until <= getattr(round_, name):
        raise DomainError(f"Ngày gia hạn phải sau hạn đang có ({write_day(getattr(round_, name))}).", field="until")
    setattr(round_, name, until)
    return change_round(round_id=round_id, plan=RoundPlan.of(round_), actor=actor)


def _call_meeting(round_: RecognitionRound) -> None:
    """The meeting on the round's day, with every member who sits in the council, to be marked present."""
    meeting, _ = Meeting.objects.get_or_create(round=round_, defaults={"held_on": round_.meet_on})
    members = round_.members.filter(sitting_on(round_.meet_on))
    Attendance.objects.bulk_create(
        [Attendance(meeting=meeting, member=one, name=one.name, task=one.task) for one in members], ignore_conflicts=True
    )


_SUBJECTS = {
    Phase.PREPARING: "đang chuẩn bị",
    Phase.PROPOSING: "nhận hồ sơ đề nghị đến hết ngày {propose_until}",
    Phase.SCORING: "thẩm định độc lập đến hết ngày {score_until}",
    Phase.JOINT: "các phiếu đã nộp, đối chiếu điểm",
    Phase.MEETING: "họp hội đồng ngày {meet_on}",
    Phase.DECIDING: "hội đồng đã biểu quyết xong, chờ quyết định",
    Phase.CLOSED: "đợt xét đã xong",
}


def _tell(round_: RecognitionRound, step: RoundStep, actor: User) -> None:
    """Who has something to do in the phase that begins: the units that may propose, or the council; when it begins again, also
    those who had begun the later one.
    """
    subject = _SUBJECTS[Phase(round_.phase)].format(
        propose_until=write_day(round_.propose_until),
        score_until=write_day(round_.score_until),
        meet_on=write_day(round_.meet_on),
    )
    if step.is_reopening:
        subject = f"mở lại bước “{step.get_target_display().lower()}”, {subject}"
    units = Phase.PROPOSING in (step.target, step.source if step.is_reopening else "")
    units = units or (step.is_reopening and round_.phase == Phase.DECIDING)  # they may appeal again
    council = round_.phase != Phase.PROPOSING or step.is_reopening
    people = [*(_of_units(round_) if units else ()), *(_of_council(round_) if council else ())]
    tell(
        recipients=[person for person in people if person.pk != actor.pk],
        event_key=f"round-step:{step.pk}",
        subject=f"{round_}: {subject}",
        body="\n".join(part for part in (step.reason, f"{actor}, {write_day(today())}.") if part),
        link=link_to("recognition:round", round_.pk),
    )


def _of_units(round_: RecognitionRound) -> list[User]:
    units = [version.unit_id for version in reads.proposing_units(round_)]
    found = holders_of(May.PROPOSE, units, round_.season.cutoff_on, climbs=False)
    return [person for unit in units for person in found[unit]]


def _of_council(round_: RecognitionRound) -> list[User]:
    return [member.user for member in round_.members.filter(removed_at__isnull=True).select_related("user")]
