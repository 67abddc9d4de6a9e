"""Reads of a council: who has an interest in what, who was given what, how far each is."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from models_registry.enums import Action
from models_registry.models import RegistrationSheet, RegistrationStep
from models_registry.permissions import season_days
from organisation.models import Membership
from organisation.tree import unit_tree
from recognition.enums import DossierState, SheetState
from recognition.models import (
    Assignment,
    CouncilMember,
    DeclaredConflict,
    Dossier,
    RecognitionRound,
    ScoreSheet,
)


def members_of(round_: RecognitionRound) -> QuerySet[CouncilMember]:
    """Those who sit in the council now."""
    return round_.members.filter(removed_at__isnull=True).select_related("user")


def conflicts_of(round_: RecognitionRound, member: CouncilMember | None = None) -> dict[tuple[int, int], str]:
    """(member id, dossier id) -> why the member neither sees nor scores it: declared, or found by rule. A fixed number of
    queries.

    By rule: the member wrote or sent the registration or a paper of the dossier; the member works, or worked this season, in
    the unit that proposes, in the model's place, or in a unit below these.
    """
    members = [member] if member else list(round_.members.select_related("user"))
    seats = {one.user_id: one.pk for one in members}
    dossiers = list(
        Dossier.objects.filter(round=round_).values_list("pk", "registration", "registration__unit", "registration__place")
    )
    of_registration: dict[int, list[int]] = defaultdict(list)  # one that was withdrawn may stand beside the one made anew
    for dossier, registration, _, _ in dossiers:
        of_registration[registration].append(dossier)
    found: dict[tuple[int, int], str] = {}
    for user_id, registration in _writers(list(of_registration), list(seats)):
        found |= {(seats[user_id], dossier): "đã viết hoặc gửi đăng ký này" for dossier in of_registration[registration]}
    for user_id, dossier in _senders(round_, list(seats)):
        found[seats[user_id], dossier] = "đã lập hoặc gửi hồ sơ này"
    below = _units_below(round_, {unit for _, _, unit, place in dossiers for unit in (unit, place) if unit})
    for user_id, unit_id in _worked_in(round_, list(seats)):
        for dossier, _, unit, place in dossiers:
            if unit_id in below[place or unit] or (unit != round_.unit_id and unit_id in below[unit]):
                found.setdefault((seats[user_id], dossier), "thuộc đơn vị đề nghị")
    declared = DeclaredConflict.objects.filter(member__in=seats.values())
    found |= {(member_id, dossier): reason for member_id, dossier, reason in declared.values_list("member", "dossier", "reason")}
    return found


def kept_back_from(user: Any, round_: RecognitionRound) -> set[int]:
    """The dossiers of a round in which the user has an interest, by any seat that the user holds or held in its council."""
    kept_back: set[int] = set()
    for member in round_.members.filter(user=user.pk):
        kept_back.update(dossier for _, dossier in conflicts_of(round_, member=member))
    return kept_back


def _writers(registrations: list[int], users: list[int]) -> set[tuple[int, int]]:
    sheets = RegistrationSheet.objects.filter(registration__in=registrations, writers__in=users)
    sent = RegistrationStep.objects.filter(registration__in=registrations, actor__in=users, action=Action.SUBMIT)
    return {*sheets.values_list("writers", "registration"), *sent.values_list("actor_id", "registration")}


def _senders(round_: RecognitionRound, users: list[int]) -> set[tuple[int, int]]:
    wrote = Dossier.writers.through.objects.filter(dossier__round=round_, user__in=users)
    return set(wrote.values_list("user_id", "dossier_id"))


def _units_below(round_: RecognitionRound, units: set[int]) -> dict[int, frozenset[int]]:
    tree, days = unit_tree(), season_days(round_.season)
    return {unit: frozenset().union(*(tree.below([unit], day) for day in tree.distinct(days))) for unit in units}


def _worked_in(round_: RecognitionRound, users: list[int]) -> set[tuple[int, int]]:
    """(user, unit) of memberships at any time of the season, and of those held since."""
    since = round_.season.opens_on
    held = Membership.objects.filter(user__in=users).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=since))
    return set(held.values_list("user_id", "unit_id"))


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
