"""Reads of a council: who has an interest in what, who was given what, how far each is."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import CharField, Q, QuerySet, Value

from common.dates import today
from models_registry.enums import Action
from models_registry.permissions import season_days
from organisation.models import Membership, User, Visitor
from organisation.selectors.confirming import counts_as_over_results
from organisation.tree import unit_tree
from recognition.enums import CouncilTask, DossierState, Phase, SheetState
from recognition.models import (
    Assignment,
    CouncilMember,
    DeclaredConflict,
    Dossier,
    RecognitionRound,
    ScoreSheet,
)
from recognition.models.council import sitting_on


def members_of(round_: RecognitionRound) -> QuerySet[CouncilMember]:
    """Those who sit in the council now."""
    return round_.members.filter(sitting_on(today())).select_related("user")


def secretaries_of(round_: RecognitionRound) -> list[CouncilMember]:
    return list(members_of(round_).filter(task=CouncilTask.SECRETARY))


@counts_as_over_results
def sits_in_a_council(user: User) -> bool:
    """Whether the account holds a seat, now or later, in a round that is not over."""
    seats = CouncilMember.objects.filter(user=user, removed_at__isnull=True).exclude(round__phase=Phase.CLOSED)
    return seats.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today())).exists()


@dataclass(frozen=True)
class Council:
    """All who sit or sat in a council, and whom they may not judge."""

    members: list[CouncilMember]
    conflicts: dict[tuple[int, int], str]

    def kept_back_from(self, user: Visitor) -> set[int]:
        """The dossiers in which the user has an interest, by any seat that the user holds or held."""
        mine = {one.pk for one in self.members if one.user_id == user.pk}
        return {dossier for member, dossier in self.conflicts if member in mine}

    def seat_of(self, user: Visitor) -> CouncilMember | None:
        """The seat that the user holds today."""
        return next((one for one in self.members if one.user_id == user.pk and one.sits_on(today())), None)


def council_of(round_: RecognitionRound) -> Council:
    """The council of a round with all its conflicts. Four queries."""
    members = list(round_.members.select_related("user"))
    return Council(members, _conflicts(round_, members))


def conflicts_of(
    round_: RecognitionRound, member: CouncilMember | None = None, dossier: Dossier | None = None
) -> dict[tuple[int, int], str]:
    """(member id, dossier id) -> why the member neither sees nor scores it: declared, or found by rule. A fixed number of
    queries. Of one dossier, only that is read.

    By rule: the member wrote or sent the registration or a paper of the dossier; the member works, or worked this season, in
    the unit that proposes, in the model's place, or in a unit below these; the body that organises judges what is its own.
    """
    return _conflicts(round_, [member] if member else list(round_.members.select_related("user")), dossier)


def _conflicts(
    round_: RecognitionRound, members: list[CouncilMember], dossier: Dossier | None = None
) -> dict[tuple[int, int], str]:
    seats = {one.user_id: one.pk for one in members}
    return {(seats[user], pk): why for (user, pk), why in _interests([round_], list(seats), dossier).items()}


def _interests(
    rounds: Sequence[RecognitionRound], users: Sequence[int], only: Dossier | None = None
) -> dict[tuple[int, int], str]:
    """(user id, dossier id) -> why, of the dossiers of the rounds. A fixed number of queries."""
    there = Dossier.objects.filter(round__in=rounds, **({"pk": only.pk} if only else {}))
    dossiers: dict[int, list[tuple[int, int, int | None]]] = defaultdict(list)
    for at, *dossier in there.values_list("round", "pk", "registration__unit", "registration__place"):
        dossiers[at or 0].append((dossier[0], dossier[1], dossier[2]))
    worked, found = _worked_in(rounds, users), dict[tuple[int, int], str]()
    for round_ in rounds:
        judged_by = _units_below(round_, {round_.unit_id})[round_.unit_id] - {round_.unit_id}
        below = _units_below(round_, {unit for _, *units in dossiers[round_.pk] for unit in units if unit})
        for user_id, unit_id in worked[round_.pk]:
            for pk, unit, place in dossiers[round_.pk]:
                proposing = [one for one in (place, unit) if one and one in judged_by]  # a body judges what is its own
                if any(unit_id in below[one] for one in proposing):
                    found[user_id, pk] = "thuộc đơn vị đề nghị"
    acts = _acts(there.order_by(), users)
    for why in (_SENT, _WROTE, ""):  # what a member says themselves goes before what they wrote, and this before their unit
        found |= {(user, pk): said or why for user, pk, rule, said in acts if rule == why}
    return found


_WROTE, _SENT = "đã viết hoặc gửi đăng ký này", "đã lập hoặc gửi hồ sơ này"


def _acts(there: QuerySet[Dossier], users: Sequence[int]) -> list[tuple[int, int, str, str]]:
    """(user, dossier, rule or '', reason declared): who wrote or sent what, and what members declared, in one query."""

    def acts(who: str, rule: str, **given: Any) -> QuerySet[Any]:
        rows = there.filter(**{f"{who}__in": users}, **given)
        return rows.values_list(who, "pk", Value(rule, CharField()), Value("", CharField()))

    wrote = acts("registration__sheet__writers", _WROTE)
    sent = acts("registration__steps__actor", _WROTE, registration__steps__action=Action.SUBMIT)
    declared = DeclaredConflict.objects.filter(member__user__in=users, dossier__in=there).order_by()
    said = declared.values_list("member__user", "dossier", Value("", CharField()), "reason")
    return list(wrote.union(sent, acts("writers", _SENT), said, all=True))


def interests_of(user: Visitor, round_: RecognitionRound, dossier: Dossier | None = None) -> set[int]:
    """The dossiers in which a person has an interest, with a seat or without: what they wrote, sent, declared, or their unit's.
    Of one dossier, only that is read.
    """
    return interests_in([round_], user, dossier)


def interests_in(rounds: Sequence[RecognitionRound], user: Visitor, dossier: Dossier | None = None) -> set[int]:
    """`interests_of` for several rounds at once. A fixed number of queries."""
    return {pk for _, pk in _interests(rounds, [user.pk or 0], dossier)}


def kept_back_from(user: Visitor, round_: RecognitionRound) -> set[int]:
    """The dossiers of a round in which the user has an interest, by any seat that the user holds or held in its council."""
    return interests_of(user, round_) if round_.members.filter(user=user.pk).exists() else set()


def _units_below(round_: RecognitionRound, units: set[int]) -> dict[int, frozenset[int]]:
    tree, days = unit_tree(), season_days(round_.season)
    return {unit: frozenset().union(*(tree.below([unit], day) for day in tree.distinct(days))) for unit in units}


def _worked_in(rounds: Sequence[RecognitionRound], users: Sequence[int]) -> dict[int, set[tuple[int, int]]]:
    """Round id -> (user, unit) of memberships at any time of its season, and of those held since."""
    since = {one.pk: one.season.opens_on for one in rounds}
    held = Membership.objects.confirmed().ending(min(since.values(), default=date.max)).filter(user__in=users)
    found = list(held.values_list("user_id", "unit_id", "ends_on"))
    return {pk: {(user, unit) for user, unit, ends_on in found if not ends_on or ends_on >= day} for pk, day in since.items()}


@dataclass(frozen=True)
class MemberProgress:
    """How far one member is: given, handed in, absent; of the scores themselves nothing."""

    member: CouncilMember
    given: int
    sent: int
    absent: int
    kept_back: int

    @property
    def left(self) -> int:
        return self.given - self.sent - self.absent


def progress_of(round_: RecognitionRound) -> list[MemberProgress]:
    """Each member's progress, removed ones last. A fixed number of queries."""
    given: dict[int, set[int]] = defaultdict(set)
    complete = Assignment.objects.filter(member__round=round_, dossier__state=DossierState.COMPLETE)
    for member_id, dossier_id in complete.values_list("member", "dossier"):
        given[member_id].add(dossier_id)
    states: dict[tuple[int | None, int], str] = {}
    sheets = ScoreSheet.objects.filter(member__round=round_)
    for member_id, dossier_id, state in sheets.values_list("member", "dossier", "state"):
        states[member_id, dossier_id] = state
    conflicts = conflicts_of(round_)
    progress = []
    for member in round_.members.select_related("user").order_by("removed_at", "pk"):
        kept_back = {dossier for (member_id, dossier) in conflicts if member_id == member.pk}
        mine = given[member.pk] - kept_back
        sent = sum(states.get((member.pk, one)) == SheetState.SENT for one in mine)
        absent = sum(states.get((member.pk, one)) == SheetState.ABSENT for one in mine)
        progress.append(MemberProgress(member, len(mine), sent, absent, len(kept_back)))
    return progress


def proposed_assignments(round_: RecognitionRound, per_dossier: int) -> list[tuple[CouncilMember, Dossier]]:
    """An even spread for a person to confirm: each complete dossier to `per_dossier` members without an interest in it, those
    who have fewest first. What is assigned already counts.
    """
    members = list(members_of(round_))
    dossiers = list(
        Dossier.objects.filter(round=round_, state=DossierState.COMPLETE).select_related("registration").order_by("number")
    )
    conflicts = conflicts_of(round_)
    there = set(Assignment.objects.filter(member__round=round_).values_list("member", "dossier"))
    load = {member.pk: sum(one == member.pk for one, _ in there) for member in members}
    proposed: list[tuple[CouncilMember, Dossier]] = []
    for dossier in dossiers:
        has = sum((member.pk, dossier.pk) in there for member in members)
        free = [one for one in members if (one.pk, dossier.pk) not in conflicts and (one.pk, dossier.pk) not in there]
        for member in sorted(free, key=lambda one: (load[one.pk], one.pk))[: max(0, per_dossier - has)]:
            load[member.pk] += 1
            proposed.append((member, dossier))
    return proposed


@dataclass(frozen=True)
class AssignmentLine:
    """One complete dossier: who scores it, how far they are, who has an interest in it."""

    dossier: Dossier
    given: list[tuple[CouncilMember, str, int]]
    """(member, state of the sheet or '', its id or 0)"""
    kept_back: list[tuple[CouncilMember, str]]


def assignment_board(round_: RecognitionRound) -> list[AssignmentLine]:
    """All complete dossiers of a round with their members. A fixed number of queries."""
    members = {member.pk: member for member in round_.members.select_related("user")}
    dossiers = Dossier.objects.filter(round=round_, state=DossierState.COMPLETE)
    sheets = {
        (member_id, dossier_id): (state, pk)
        for member_id, dossier_id, state, pk in ScoreSheet.objects.filter(member__in=members).values_list(
            "member", "dossier", "state", "pk"
        )
    }
    given: dict[int, list[tuple[CouncilMember, str, int]]] = defaultdict(list)
    for member_id, dossier_id in Assignment.objects.filter(member__in=members).values_list("member", "dossier"):
        given[dossier_id].append((members[member_id], *sheets.get((member_id, dossier_id), ("", 0))))
    kept_back: dict[int, list[tuple[CouncilMember, str]]] = defaultdict(list)
    for (member_id, dossier_id), why in conflicts_of(round_).items():
        if members[member_id].removed_at is None:
            kept_back[dossier_id].append((members[member_id], why))
    listed = dossiers.select_related("registration", "unit").order_by("number")
    return [AssignmentLine(one, given[one.pk], kept_back[one.pk]) for one in listed]
