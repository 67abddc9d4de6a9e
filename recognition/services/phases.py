"""One phase of a round after the other: what each needs first, whom it tells."""

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from common.dates import today, write_day
from common.exceptions import DomainError
from notifications.services import tell
from organisation.audit import record
from organisation.roles import May
from organisation.selectors import holders
from recognition.enums import DossierState, DraftState, MeetingState, Phase, SheetKind, SheetState, Verdict
from recognition.models import (
    Appeal,
    Attendance,
    Dossier,
    DraftLine,
    Meeting,
    RecognitionRound,
    ScoreSheet,
)
from recognition.models.council import sitting_on
from recognition.selectors import rounds as reads
from recognition.selectors.council import progress_of
from recognition.selectors.decisions import appeal_until, undecided
from recognition.services.rounds import lock_run
from recognition.transitions import InvalidTransition, next_phase


@transaction.atomic
def advance(*, round_id: int, actor: Any, seen: str = "") -> RecognitionRound:
    """To the next phase, once what it needs is there. `seen` is the phase that the page was opened in: when another one has
    begun meanwhile, nothing is done. Raises InvalidTransition, DomainError with what is missing.
    """
    round_ = lock_run(round_id, actor)
    if seen and seen != round_.phase:
        raise InvalidTransition(f"Đợt xét đã sang bước “{Phase(round_.phase).label.lower()}”.")
    target = next_phase(round_.phase)
    _READY[target](round_)
    if target == Phase.MEETING:
        _call_meeting(round_)
    before, round_.phase, round_.phase_since = round_.phase, target, timezone.now()
    round_.save(update_fields=["phase", "phase_since"])
    record(actor=actor, action="advance-round", target=round_, unit=round_.unit, changes={"phase": [before, target]})
    _tell(round_, actor)
    return round_


def _ready_to_open(round_: RecognitionRound) -> None:
    if today() > round_.propose_until:
        raise DomainError("Hạn nhận đề nghị đã qua. Xin lập đợt khác với ngày mới.")


def _ready_to_score(round_: RecognitionRound) -> None:
    _check_none_waits(round_)
    if not Dossier.objects.filter(round=round_, state=DossierState.COMPLETE).exists():
        raise DomainError("Chưa có hồ sơ nào đủ giấy tờ để thẩm định.")
    if not round_.members.filter(removed_at__isnull=True).exists():
        raise DomainError("Hội đồng chưa có thành viên nào.")
    _check_all_assigned(round_)


def _check_none_waits(round_: RecognitionRound) -> None:
    waiting = Dossier.objects.filter(round=round_, state__in=[DossierState.SENT, DossierState.RETURNED]).count()
    if waiting:
        raise DomainError(f"Còn {waiting} hồ sơ chờ xem hoặc đang bổ sung. Xin nhận đủ, hoặc để đơn vị rút.")


def _check_all_assigned(round_: RecognitionRound) -> None:
    without = Dossier.objects.filter(round=round_, state=DossierState.COMPLETE, assignments__isnull=True).count()
    if without:
        raise DomainError(f"Còn {without} hồ sơ chưa phân công cho ai chấm.")


def _ready_to_compare(round_: RecognitionRound) -> None:
    _check_none_waits(round_)
    _check_all_assigned(round_)
    late = [one for one in progress_of(round_) if one.left and one.member.sits_on(today())]
    if late:
        named = ", ".join(f"{one.member} ({one.left})" for one in late)
        raise DomainError(f"Còn phiếu chưa nộp: {named}. Xin nhắc, hoặc ghi vắng có lý do.")


def _ready_to_meet(round_: RecognitionRound) -> None:
    begun = Q(kind=SheetKind.MEMBER, state=SheetState.DRAFT, sent_at__isnull=False, member__removed_at__isnull=True)
    open_ones = ScoreSheet.objects.filter(begun, dossier__round=round_, dossier__state=DossierState.COMPLETE)
    named = [f"{sheet.member}, hồ sơ {sheet.dossier.number}" for sheet in open_ones.select_related("member", "dossier")]
    if named:
        raise DomainError(f"Còn phiếu mở lại chưa nộp: {'; '.join(named)}.")


def _ready_to_decide(round_: RecognitionRound) -> None:
    if not Meeting.objects.filter(round=round_, state=MeetingState.CLOSED).exists():
        raise DomainError("Hội đồng chưa biểu quyết xong.")


def _ready_to_close(round_: RecognitionRound) -> None:
    left = undecided(round_).count()
    if left:
        raise DomainError(f"Còn {left} hồ sơ chưa có quyết định.")
    if Appeal.objects.filter(line__draft__round=round_, answered_on__isnull=True).exists():
        raise DomainError("Còn kiến nghị của đơn vị chưa trả lời.")
    refusals = DraftLine.objects.filter(draft__round=round_, draft__state=DraftState.PUBLISHED, verdict=Verdict.REFUSE)
    open_ones = refusals.exclude(dossier__in=Appeal.objects.values("line__dossier")).select_related(
        "draft__decision", "draft__round"
    )
    until = max((appeal_until(line) for line in open_ones), default=None)
    if until and today() <= until:
        raise DomainError(f"Đơn vị còn được kiến nghị đến hết ngày {write_day(until)}.")


_READY = {
    Phase.PROPOSING: _ready_to_open,
    Phase.SCORING: _ready_to_score,
    Phase.JOINT: _ready_to_compare,
    Phase.MEETING: _ready_to_meet,
    Phase.DECIDING: _ready_to_decide,
    Phase.CLOSED: _ready_to_close,
}


def _call_meeting(round_: RecognitionRound) -> None:
    """The meeting on the round's day, with every member who sits in the council, to be marked present."""
    meeting, _ = Meeting.objects.get_or_create(round=round_, defaults={"held_on": round_.meet_on})
    members = round_.members.filter(sitting_on(round_.meet_on))
    Attendance.objects.bulk_create(
        [Attendance(meeting=meeting, member=one, name=one.name, task=one.task) for one in members], ignore_conflicts=True
    )


_SUBJECTS = {
    Phase.JOINT: "các phiếu đã nộp, đối chiếu điểm",
    Phase.MEETING: "họp hội đồng ngày {meet_on}",
    Phase.DECIDING: "hội đồng đã biểu quyết xong, chờ quyết định",
    Phase.CLOSED: "đợt xét đã xong",
}


def _tell(round_: RecognitionRound, actor: Any) -> None:
    """Who has something to do in the phase that begins: the units that may propose, then the council."""
    if round_.phase == Phase.PROPOSING:
        people = [
            person
            for version in reads.proposing_units(round_)
            for person in holders(May.PROPOSE, version.unit, round_.season.cutoff_on, climbs=False)
        ]
        subject = f"{round_}: nhận hồ sơ đề nghị đến hết ngày {write_day(round_.propose_until)}"
    else:
        people = [member.user for member in round_.members.filter(removed_at__isnull=True).select_related("user")]
        if round_.phase == Phase.SCORING:
            subject = f"{round_}: thẩm định độc lập đến hết ngày {write_day(round_.score_until)}"
        else:
            subject = f"{round_}: {_SUBJECTS[Phase(round_.phase)]}".format(meet_on=write_day(round_.meet_on))
    tell(
        recipients=[person for person in people if person.pk != actor.pk],
        event_key=f"round:{round_.pk}:{round_.phase}",
        subject=subject,
        body=f"{actor}, {write_day(today())}.",
        link=reverse("recognition:round", args=[round_.pk]),
    )
