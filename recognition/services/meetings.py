"""The council's meeting: who is there, official scores, the cut line, votes, the result."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from common.dates import today, write_day
from common.exceptions import DomainError, NotAllowed
from common.text import clean, clean_lines
from organisation.audit import record
from organisation.models import User
from recognition.audit_actions import AuditAction
from recognition.enums import Ballot, Choice, DossierState, MeetingState, MeetingWay, Phase, Share, SheetKind, SheetState
from recognition.models import (
    Attendance,
    BallotResult,
    CouncilMember,
    Dossier,
    Meeting,
    OpenVote,
    RecognitionRound,
    Score,
    SecretBox,
    SecretCast,
)
from recognition.models.council import sitting_on
from recognition.permissions import can_serve, seat_of
from recognition.selectors.council import conflicts_of, interests_of
from recognition.selectors.meetings import ballots_left
from recognition.selectors.scoring import result_of, three_scores
from recognition.services.rounds import lock_round, lock_run
from recognition.services.scoring import SavedScores, Typed, begin_sheet
from recognition.validators import read_points

_SHARES = {Share.MORE_THAN_HALF: Fraction(1, 2), Share.TWO_THIRDS: Fraction(2, 3), Share.THREE_QUARTERS: Fraction(3, 4)}


def reaches(share: str, part: int, whole: int) -> bool:
    """Whether the part is the share of the whole: half must be passed, the others reached."""
    if not whole:
        return False
    asked, got = _SHARES[Share(share)], Fraction(part, whole)
    return got > asked if share == Share.MORE_THAN_HALF else got >= asked


def lock_meeting(round_id: int, actor: User) -> tuple[RecognitionRound, Meeting]:
    """The round and its meeting, locked, for who serves the council. Raises NotAllowed, DomainError."""
    round_ = lock_round(round_id)
    if not can_serve(actor, round_):
        raise NotAllowed("Vai trò của đồng chí không điều hành cuộc họp này.")
    meeting = Meeting.objects.select_for_update().filter(round=round_).first()
    if meeting is None or round_.phase != Phase.MEETING:
        raise DomainError(f"Đợt xét đang ở bước “{Phase(round_.phase).label.lower()}”, không phải bước họp hội đồng.")
    return round_, meeting


@dataclass(frozen=True)
class MeetingPlan:
    """A meeting of the council, how it votes, and who is there."""

    held_on: date
    place: str
    way: str
    ballot: str
    quorum: str
    needed: str
    present: Mapping[int, tuple[bool, str]]
    """{member id: (present, why not)}"""

    def check(self, round_: RecognitionRound) -> None:
        """Raise DomainError with the first thing that cannot be."""
        if self.held_on < round_.score_until:
            raise DomainError(f"Ngày họp không được trước ngày cuối thẩm định ({write_day(round_.score_until)}).")
        chosen = ((self.way, MeetingWay), (self.ballot, Ballot), (self.quorum, Share), (self.needed, Share))
        if any(value not in known.values for value, known in chosen):
            raise DomainError("Xin chọn lại hình thức họp và cách biểu quyết.")


@transaction.atomic
def plan_meeting(*, round_id: int, plan: MeetingPlan, actor: User) -> Meeting:
    """Day, place, how to vote, who is there: until voting opens. Raises DomainError."""
    round_, meeting = lock_meeting(round_id, actor)
    if meeting.state != MeetingState.PREPARING:
        raise DomainError("Đã mở biểu quyết nên không sửa được thành phần, cách biểu quyết nữa.")
    plan.check(round_)
    meeting.held_on, meeting.place, meeting.way = plan.held_on, clean(plan.place)[:200], plan.way
    meeting.ballot, meeting.quorum, meeting.needed = plan.ballot, plan.quorum, plan.needed
    meeting.save()
    for member in round_.members.filter(sitting_on(plan.held_on)):
        is_there, why = plan.present.get(member.pk, (False, ""))
        Attendance.objects.update_or_create(
            meeting=meeting,
            member=member,
            defaults={
                "name": member.name,
                "task": member.task,
                "is_present": is_there,
                "why": "" if is_there else clean(why)[:300],
            },
        )
    record(actor=actor, action=AuditAction.PLAN_MEETING, target=round_, unit=round_.unit)
    return meeting


def present_members(meeting: Meeting) -> list[CouncilMember]:
    """Those who are there and still sit in the council."""
    there = Attendance.objects.filter(meeting=meeting, is_present=True, member__removed_at__isnull=True)
    return [one.member for one in there.select_related("member__user") if one.member.sits_on(meeting.held_on)]


@transaction.atomic
def open_voting(*, round_id: int, actor: User) -> Meeting:
    """Let the council vote, once a quorum is there. Raises DomainError with who is there and how many must be."""
    round_, meeting = lock_meeting(round_id, actor)
    if meeting.state != MeetingState.PREPARING:
        return meeting
    if today() < meeting.held_on:
        raise DomainError(f"Cuộc họp ghi ngày {write_day(meeting.held_on)}; đến ngày ấy mới mở biểu quyết.")
    seats, present = round_.members.filter(sitting_on(meeting.held_on)).count(), present_members(meeting)
    if not reaches(meeting.quorum, len(present), seats):
        asked = Share(meeting.quorum).label
        raise DomainError(f"Chưa đủ người để họp: có mặt {len(present)}/{seats}, cần {asked} số thành viên.")
    meeting.state, meeting.opened_at = MeetingState.VOTING, timezone.now()
    meeting.save(update_fields=["state", "opened_at"])
    if meeting.ballot == Ballot.SECRET:
        judged = Dossier.objects.filter(round=round_, state=DossierState.COMPLETE)
        SecretBox.objects.bulk_create([SecretBox(meeting=meeting, dossier=one) for one in judged])
    record(actor=actor, action=AuditAction.OPEN_VOTING, target=round_, unit=round_.unit, note=f"có mặt {len(present)}/{seats}")
    return meeting


@transaction.atomic
def cast_votes(*, round_id: int, choices: Mapping[int, str], actor: User) -> int:
    """The actor's votes ({dossier id: choice}). Open: a changed vote is a new row. Secret: each once. Returns how many are new.

    Raises NotAllowed for who may not vote, DomainError with the dossier that cannot be voted on.
    """
    round_ = lock_round(round_id)
    meeting = Meeting.objects.select_for_update().filter(round=round_).first()
    member = seat_of(actor, round_)
    if member is None:
        raise NotAllowed("Đồng chí không còn trong hội đồng của đợt xét này.")
    if meeting and meeting.state == MeetingState.CLOSED:
        raise DomainError("Đã đóng biểu quyết, phiếu vừa chọn không ghi được nữa; còn trên trang.")
    if meeting is None or meeting.state != MeetingState.VOTING:
        raise DomainError("Hội đồng chưa mở biểu quyết. Phiếu vừa chọn còn trên trang.")
    if not Attendance.objects.filter(meeting=meeting, member=member, is_present=True).exists():
        raise NotAllowed("Thư ký ghi đồng chí vắng mặt nên không biểu quyết.")
    aside = conflicts_of(round_, member=member)
    judged = {one.pk: one for one in Dossier.objects.filter(round=round_, state=DossierState.COMPLETE)}
    for dossier_id, choice in choices.items():
        if dossier_id not in judged or choice not in Choice.values:
            raise DomainError("Có lựa chọn không thuộc đợt xét này. Xin tải lại trang.")
        if (member.pk, dossier_id) in aside:
            raise NotAllowed(f"Đồng chí có liên quan đến hồ sơ {judged[dossier_id].number} nên đứng ngoài.")
    cast = _cast_secretly if meeting.ballot == Ballot.SECRET else _cast_openly
    new = cast(meeting, member, judged, choices)
    if new:  # never what was voted
        record(actor=actor, action=AuditAction.VOTE, target=round_, unit=round_.unit, changes={"votes": new})
    return new


def _cast_openly(meeting: Meeting, member: CouncilMember, judged: dict[int, Dossier], choices: Mapping[int, str]) -> int:
    standing = {one.dossier_id: one for one in OpenVote.objects.filter(member=member, meeting=meeting, replaced_at__isnull=True)}
    now, new = timezone.now(), 0
    for dossier_id, choice in choices.items():
        before = standing.get(dossier_id)
        if before and before.choice == choice:
            continue
        if before:
            before.replaced_at = now
            before.save(update_fields=["replaced_at"])
        OpenVote.objects.create(meeting=meeting, dossier=judged[dossier_id], member=member, choice=choice, at=now)
        new += 1
    return new


_BOXES = {Choice.FOR: "in_favour", Choice.AGAINST: "against", Choice.BLANK: "blank"}


def _cast_secretly(meeting: Meeting, member: CouncilMember, judged: dict[int, Dossier], choices: Mapping[int, str]) -> int:
    done = set(SecretCast.objects.filter(meeting=meeting, member=member).values_list("dossier_id", flat=True))
    again = sorted(judged[pk].number or 0 for pk in choices if pk in done)
    if again:
        named = ", ".join(str(number) for number in again)
        raise DomainError(f"Phiếu kín chỉ bỏ một lần; đồng chí đã bỏ cho hồ sơ {named}.")
    for dossier_id, choice in choices.items():
        SecretCast.objects.create(meeting=meeting, dossier=judged[dossier_id], member=member)
        name = _BOXES[Choice(choice)]
        SecretBox.objects.filter(dossier=dossier_id).update(**{name: F(name) + 1})
    return len(choices)


@transaction.atomic
def close_voting(*, round_id: int, even_so: bool = False, actor: User) -> Meeting:
    """Count, and keep the result as it stands. Who has not voted is named first; `even_so` closes all the same."""
    round_, meeting = lock_meeting(round_id, actor)
    if meeting.state == MeetingState.CLOSED:
        return meeting
    if meeting.state != MeetingState.VOTING:
        raise DomainError("Chưa mở biểu quyết.")
    left = {member: number for member, number in ballots_left(meeting) if number}
    if left and not even_so:
        named = ", ".join(f"{member} (còn {number})" for member, number in left.items())
        raise DomainError(f"Chưa biểu quyết hết: {named}.")
    if left and meeting.ballot == Ballot.SECRET:
        _check_stays_secret(meeting)
    conflicts, present = conflicts_of(round_), present_members(meeting)
    counts = _count(meeting, {one.pk for one in present}, conflicts)
    secretly = set(SecretCast.objects.filter(meeting=meeting).values_list("member_id", "dossier_id"))
    for one in result_of(round_):
        pk = one.dossier.pk
        aside = [who for who in present if (who.pk, pk) in conflicts and (who.pk, pk) not in secretly]
        votes = counts.get(pk, {})
        in_favour, voters = votes.get(Choice.FOR, 0), len(present) - len(aside)
        BallotResult.objects.create(
            meeting=meeting,
            dossier=one.dossier,
            in_favour=in_favour,
            against=votes.get(Choice.AGAINST, 0),
            blank=votes.get(Choice.BLANK, 0),
            voters=voters,
            aside=[{"name": str(member), "why": conflicts[member.pk, pk]} for member in aside],
            score=one.score,
            rank=one.rank,
            passed=reaches(meeting.needed, in_favour, voters),
        )
    meeting.state, meeting.closed_at = MeetingState.CLOSED, timezone.now()
    meeting.save(update_fields=["state", "closed_at"])
    note = f"chưa biểu quyết: {', '.join(str(one) for one in left)}" if left else ""
    record(actor=actor, action=AuditAction.CLOSE_VOTING, target=round_, unit=round_.unit, note=note)
    return meeting


def _check_stays_secret(meeting: Meeting) -> None:
    """A box with one or two votes would tell who voted what."""
    cast: dict[int, int] = {}
    for dossier_id in SecretCast.objects.filter(meeting=meeting).values_list("dossier_id", flat=True):
        cast[dossier_id] = cast.get(dossier_id, 0) + 1
    if any(number < 3 for number in cast.values()):
        raise DomainError("Có hồ sơ mới một, hai người bỏ phiếu kín; đóng lúc này là lộ phiếu. Xin đợi đủ người.")


def _count(meeting: Meeting, present: set[int], conflicts: Mapping[tuple[int, int], str]) -> dict[int, dict[str, int]]:
    """dossier id -> choice -> votes; an open vote of who turned out to have an interest does not count."""
    counts: dict[int, dict[str, int]] = {}
    if meeting.ballot == Ballot.SECRET:
        for box in SecretBox.objects.filter(meeting=meeting):
            counts[box.dossier_id] = {choice: getattr(box, name) for choice, name in _BOXES.items()}
        return counts
    votes = OpenVote.objects.filter(meeting=meeting, replaced_at__isnull=True)
    for dossier_id, member_id, choice in votes.values_list("dossier", "member", "choice"):
        if member_id in present and (member_id, dossier_id) not in conflicts:
            of_one = counts.setdefault(dossier_id, {})
            of_one[choice] = of_one.get(choice, 0) + 1
    return counts


@transaction.atomic
def conclude(*, round_id: int, words: str, actor: User) -> Meeting:
    """The council's conclusion in its own words, for the minutes; until decisions are prepared."""
    round_, meeting = lock_meeting(round_id, actor)
    meeting.conclusion = clean_lines(words)[:5000]
    meeting.save(update_fields=["conclusion"])
    record(actor=actor, action=AuditAction.CONCLUDE_MEETING, target=round_, unit=round_.unit)
    return meeting


_BEFORE_RESULT = (Phase.JOINT, Phase.MEETING)


@transaction.atomic
def move_cut(*, round_id: int, above: int | None, actor: User) -> RecognitionRound:
    """How many dossiers stand above the line, by hand; None takes the line away. Advice: votes and decisions are not bound."""
    round_ = lock_run(round_id, actor)
    if round_.phase not in (*_BEFORE_RESULT, Phase.DECIDING):
        raise DomainError("Vạch chọn đặt được từ bước đối chiếu điểm đến khi ra quyết định.")
    most = Dossier.objects.filter(round=round_, state=DossierState.COMPLETE).count()
    if above is not None and not 0 <= above <= most:
        raise DomainError(f"Vạch chọn phải từ 0 đến {most}.")
    before, round_.cut_after = round_.cut_after, above
    round_.save(update_fields=["cut_after"])
    record(actor=actor, action=AuditAction.MOVE_CUT, target=round_, unit=round_.unit, changes={"above": [before, above]})
    return round_


@transaction.atomic
def save_official(*, dossier_id: int, typed: Mapping[int, Typed], actor: User) -> SavedScores:
    """The official scores of a dossier; one that differs from the members' mean carries its reason. All empty takes them away.

    Raises NotAllowed, DomainError; `refused` names each criterion that could not be kept, then nothing is.
    """
    round_id = Dossier.objects.values_list("round_id", flat=True).get(pk=dossier_id)
    if round_id is None:
        raise DomainError("Hồ sơ này không thuộc đợt xét nào trên cổng.")
    round_ = lock_round(round_id)
    dossier = Dossier.objects.select_related("registration").get(pk=dossier_id)
    dossier.round = round_
    if not can_serve(actor, round_):
        raise NotAllowed("Vai trò của đồng chí không ghi điểm chính thức.")
    voting = Meeting.objects.filter(round=round_).exclude(state=MeetingState.PREPARING).exists()
    if round_.phase not in _BEFORE_RESULT or voting:
        raise DomainError("Điểm chính thức ghi từ bước đối chiếu điểm đến trước khi mở biểu quyết.")
    if dossier.state != DossierState.COMPLETE or interests_of(actor, round_, dossier):
        raise NotAllowed("Đồng chí có liên quan đến hồ sơ này nên không ghi điểm chính thức.")
    sheet = begin_sheet(round_, dossier, SheetKind.OFFICIAL)
    if not any(one.points.strip() for one in typed.values()):
        dropped = {score.name: str(score.points) for score in sheet.scores.all() if score.points is not None}
        sheet.delete()
        record(actor=actor, action=AuditAction.DROP_OFFICIAL, target=dossier, unit=round_.unit, changes=dropped)
        return SavedScores(sheet, timezone.now())
    saved, means = SavedScores(sheet, timezone.now()), {one.criterion.pk: one.members for one in three_scores(dossier)}
    scores = list(sheet.scores.select_for_update())
    then = {score.criterion_id: str(score.points) for score in scores}
    for score in scores:
        one = typed.get(score.criterion_id, Typed())
        points, wrong = read_points(one.points, score.maximum, step=Decimal("0.01"))
        score.points, score.comment = points, clean_lines(one.comment)[:2000]
        if points is None:
            saved.refused[score.criterion_id] = wrong or f"{score.name}: chưa có điểm."
        elif points != means.get(score.criterion_id) and not score.comment:
            saved.refused[score.criterion_id] = f"{score.name}: khác trung bình của các thành viên, xin ghi lý do."
    if saved.refused:
        transaction.set_rollback(True)
        return saved
    Score.objects.bulk_update(scores, ["points", "comment"])
    sheet.state, sheet.sent_at, sheet.saved_at = SheetState.SENT, saved.at, saved.at
    sheet.save(update_fields=["state", "sent_at", "saved_at"])
    moved = {one.name: [then[one.criterion_id], str(one.points)] for one in scores if then[one.criterion_id] != str(one.points)}
    record(actor=actor, action=AuditAction.SAVE_OFFICIAL, target=dossier, unit=round_.unit, changes=moved)
    return saved
