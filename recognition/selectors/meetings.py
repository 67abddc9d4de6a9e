"""Reads of a meeting: who is there, how far voting is, one's own votes. What was voted is not told before voting is closed."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import QuerySet

from organisation.models import Visitor
from recognition.enums import Ballot, DossierState, MeetingState
from recognition.models import (
    Attendance,
    BallotResult,
    CouncilMember,
    Dossier,
    Meeting,
    OpenVote,
    RecognitionRound,
    SecretCast,
)
from recognition.selectors.council import conflicts_of, interests_in


def meeting_of(round_: RecognitionRound) -> Meeting | None:
    return Meeting.objects.filter(round=round_).first()


def is_voting(round_: RecognitionRound) -> bool:
    return Meeting.objects.filter(round=round_, state=MeetingState.VOTING).exists()


def attendances(meeting: Meeting) -> list[Attendance]:
    """Who was asked to come, as they were named then; before voting opens, without those who left the council."""
    found = Attendance.objects.filter(meeting=meeting).select_related("member__user")
    opened = meeting.state != MeetingState.PREPARING
    return [one for one in found if opened or one.member.removed_at is None]


def _voted(meeting: Meeting) -> set[tuple[int, int]]:
    """(member id, dossier id) that have been voted on."""
    if meeting.ballot == Ballot.SECRET:
        return set(SecretCast.objects.filter(meeting=meeting).values_list("member_id", "dossier_id"))
    standing = OpenVote.objects.filter(meeting=meeting, replaced_at__isnull=True)
    return set(standing.values_list("member_id", "dossier_id"))


def ballots_left(meeting: Meeting) -> list[tuple[CouncilMember, int]]:
    """Each present member, with how many dossiers they have yet to vote on. A fixed number of queries."""
    conflicts, voted = conflicts_of(meeting.round), _voted(meeting)
    judged = list(Dossier.objects.filter(round=meeting.round, state=DossierState.COMPLETE).values_list("pk", flat=True))
    there = Attendance.objects.filter(meeting=meeting, is_present=True, member__removed_at__isnull=True)
    left = []
    for one in there.select_related("member__user"):
        if not one.member.sits_on(meeting.held_on):
            continue
        open_ones = [pk for pk in judged if (one.member_id, pk) not in conflicts and (one.member_id, pk) not in voted]
        left.append((one.member, len(open_ones)))
    return left


def votes_left(user: Visitor, there: QuerySet[Attendance]) -> list[tuple[Meeting, int]]:
    """The open ballots at which the user is, with how many dossiers the user has yet to vote on. A fixed number of queries."""
    found = [one for one in there.select_related("meeting__round__season", "member") if one.member.sits_on(one.meeting.held_on)]
    rounds, seats = [one.meeting.round for one in found], [one.member_id for one in found]
    aside = interests_in(rounds, user)
    standing = OpenVote.objects.filter(member__in=seats, replaced_at__isnull=True).order_by()
    cast = SecretCast.objects.filter(member__in=seats).order_by()
    voted = set(standing.values_list("dossier", flat=True).union(cast.values_list("dossier", flat=True)))
    judged = Dossier.objects.filter(round__in=rounds, state=DossierState.COMPLETE).values_list("round", "pk")
    left = Counter(at for at, pk in judged if pk not in aside and pk not in voted)
    return [(one.meeting, left[one.meeting.round_id]) for one in found]


@dataclass(frozen=True)
class VoteLine:
    """One dossier on a member's ballot paper."""

    dossier: Dossier
    choice: str
    """What the member voted in an open ballot; empty in a secret one."""
    is_cast: bool
    aside: str
    """Why the member stands aside; empty for who votes."""


def ballot_paper(meeting: Meeting, member: CouncilMember, order: list[int]) -> list[VoteLine]:
    """All dossiers in the given order of their ids, with the member's own votes. A fixed number of queries."""
    conflicts = conflicts_of(meeting.round, member=member)
    mine = OpenVote.objects.filter(meeting=meeting, member=member, replaced_at__isnull=True)
    choices = dict(mine.values_list("dossier", "choice")) if meeting.ballot == Ballot.OPEN else {}
    cast = {pk for who, pk in _voted(meeting) if who == member.pk}
    dossiers = Dossier.objects.filter(round=meeting.round, state=DossierState.COMPLETE).select_related("registration")
    found = {one.pk: one for one in dossiers}
    listed = [found[pk] for pk in order if pk in found] + [one for pk, one in found.items() if pk not in order]
    return [VoteLine(one, choices.get(one.pk, ""), one.pk in cast, conflicts.get((member.pk, one.pk), "")) for one in listed]


def results_of(meeting: Meeting) -> list[BallotResult]:
    """What the council said, by rank; nothing before voting is closed."""
    if meeting.state != MeetingState.CLOSED:
        return []
    with_rows = meeting.results.select_related("dossier__registration__unit", "dossier__registration__field", "dossier__unit")
    return list(with_rows.order_by("rank", "dossier__number"))


def earlier_votes(meeting: Meeting) -> list[OpenVote]:
    """Votes of an open ballot that were changed, once it is closed."""
    if meeting.state != MeetingState.CLOSED or meeting.ballot != Ballot.OPEN:
        return []
    return list(meeting.open_votes.filter(replaced_at__isnull=False).select_related("member", "dossier"))
