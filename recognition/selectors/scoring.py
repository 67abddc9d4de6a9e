"""Reads of scores. In the independent phase a member's scores are the member's alone, by every door."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from statistics import mean
from typing import Any

from django.db.models import Count, Q, QuerySet, prefetch_related_objects

from organisation.models import Visitor
from recognition.enums import ALONE, DossierState, SheetKind, SheetState
from recognition.models import BallotResult, CouncilMember, Criterion, Dossier, RecognitionRound, Score, ScoreSheet
from recognition.permissions import can_follow
from recognition.selectors.council import Council, conflicts_of, council_of, kept_back_from


def sheets_visible_to(user: Visitor, round_: RecognitionRound) -> QuerySet[ScoreSheet]:
    """Sheets of a round: one's own always; from the joint phase on, to members and leaders, those of the dossiers in which they
    have no interest.
    """
    return ScoreSheet.objects.filter(_seen_by(user, round_, council_of(round_)), dossier__round=round_)


def _seen_by(user: Visitor, round_: RecognitionRound, council: Council) -> Q:
    seat = council.seat_of(user)
    own = Q(member=seat.pk) if seat else Q(pk__in=[])
    if round_.phase in ALONE or not (seat or can_follow(user, round_)):
        return own & Q(kind=SheetKind.MEMBER)
    return ~Q(dossier__in=council.kept_back_from(user)) & (own | _FINISHED)


def sheets_to_print(
    user: Visitor, round_: RecognitionRound, *, dossier: int | None = None, is_own: bool = False
) -> QuerySet[ScoreSheet]:
    """The members' sheets handed in that the user may see, by dossier, with all that is printed of them; those of one dossier, or
    one's own. A judge's scores of a dossier in which an interest came to light later are not among them.
    """
    conflicts = conflicts_of(round_)
    mine = Q(pk__in=[])
    for member, judged in conflicts:
        mine |= Q(member=member, dossier=judged)
    sent = sheets_visible_to(user, round_).filter(kind=SheetKind.MEMBER, state=SheetState.SENT).exclude(mine)
    sent = sent.filter(dossier=dossier) if dossier else sent
    sent = sent.filter(member__user=user.pk) if is_own else sent
    return sent.select_related("member", "dossier__registration").prefetch_related("scores").order_by("dossier__number", "pk")


def member_sheets(round_: RecognitionRound) -> QuerySet[ScoreSheet]:
    """The sheets of a round's members."""
    sheets = ScoreSheet.objects.filter(kind=SheetKind.MEMBER, dossier__round=round_)
    return sheets.select_related("member", "dossier__registration")


def judged_by(user: Visitor, round_: RecognitionRound) -> QuerySet[Dossier]:
    """The dossiers of a round but for those in which the user has an interest."""
    kept_back = kept_back_from(user, round_)
    return Dossier.objects.filter(round=round_).exclude(pk__in=kept_back).select_related("registration", "unit")


_FINISHED = Q(state__in=[SheetState.SENT, SheetState.ABSENT])


@dataclass
class Standing:
    """One dossier among the others: the totals of its sheets, what they come to, where that puts it."""

    dossier: Dossier
    sheets: list[tuple[int, CouncilMember, Decimal]] = field(default_factory=list)
    """(sheet id, member, total)"""
    absent: int = 0
    given: int = 0
    low: list[str] = field(default_factory=list)
    """Criteria whose mean is under the least."""
    knocked_out: list[str] = field(default_factory=list)
    """Those of them that alone decide."""
    drops_extremes: bool = False
    own: Decimal | None = None
    official: Decimal | None = None
    minimum: Decimal = Decimal(0)
    rank: int = 0
    place: int = 0
    """Where it stands among all of the round: 1 for the first, each once, also where two share a rank."""
    is_tied: bool = False
    band: str = ""
    ballot: BallotResult | None = None

    @property
    def totals(self) -> list[Decimal]:
        return sorted(total for _, _, total in self.sheets)

    @property
    def highest(self) -> Decimal | None:
        return self.totals[-1] if self.sheets else None

    @property
    def lowest(self) -> Decimal | None:
        return self.totals[0] if self.sheets else None

    @property
    def mean(self) -> Decimal | None:
        kept = counted({pk: total for pk, _, total in self.sheets}, self.drops_extremes)
        values = [total for pk, _, total in self.sheets if pk in kept]
        return mean(values).quantize(Decimal("0.01"), ROUND_HALF_UP) if values else None

    @property
    def score(self) -> Decimal | None:
        """What it is ranked by: the official total where there is one, else the members' mean."""
        return self.mean if self.official is None else self.official

    @property
    def spread(self) -> Decimal:
        return self.totals[-1] - self.totals[0] if self.sheets else Decimal(0)

    @property
    def is_under(self) -> bool:
        """Under the least total, or without a score."""
        return self.score is None or self.score < self.minimum

    @property
    def is_eligible(self) -> bool:
        return not (self.is_under or self.low)


def counted(totals: Mapping[int, Decimal], drops_extremes: bool) -> set[int]:
    """Of {sheet id: total} the sheets that make the means, of the total and of each criterion: without the one with the highest
    and the one with the lowest total where the round says so and five are there.
    """
    order = sorted(totals, key=lambda pk: (totals[pk], pk))
    return set(order[1:-1] if drops_extremes and len(order) >= 5 else order)


def standings(user: Visitor, round_: RecognitionRound) -> list[Standing]:
    """The dossiers of a round with what the user may see of their scores, best first. A fixed number of queries."""
    return standings_of(user, round_)[0]


def standings_of(user: Visitor, round_: RecognitionRound) -> tuple[list[Standing], CouncilMember | None, bool]:
    """(standings, the user's seat, whether they are of the whole round). Who has an interest sees the other dossiers alone, at
    the rank that they have among all: 1, 3, 4.
    """
    council = council_of(round_)
    kept_back, seat = council.kept_back_from(user), council.seat_of(user)
    sees_all = round_.phase not in ALONE and (seat is not None or can_follow(user, round_))
    order = _ranked(round_, council, _FINISHED if sees_all else _seen_by(user, round_, council))
    return [one for one in order if one.dossier.pk not in kept_back], seat, not kept_back


def result_of(round_: RecognitionRound) -> list[Standing]:
    """The whole round, best first, for the portal's own papers and counts."""
    return _ranked(round_, council_of(round_), _FINISHED)


def _ranked(round_: RecognitionRound, council: Council, seen: Q) -> list[Standing]:
    prefetch_related_objects([round_.criteria], "criteria", "bands")
    criteria, bands = list(round_.criteria.criteria.all()), sorted(round_.criteria.bands.all(), key=lambda one: one.from_total)
    dossiers = Dossier.objects.filter(round=round_, state=DossierState.COMPLETE)
    listed = dossiers.select_related("registration__unit", "registration__field", "unit", "ballot")
    found = {
        one.pk: Standing(
            one,
            given=one.given,
            drops_extremes=round_.drops_extremes,
            minimum=round_.criteria.minimum_total,
            ballot=getattr(one, "ballot", None),
        )
        for one in listed.annotate(given=Count("assignments"))
    }
    means = _read_scores(ScoreSheet.objects.filter(seen | ~Q(kind=SheetKind.MEMBER), dossier__in=dossiers), council, found)
    for pk, one in found.items():
        below = [c for c in criteria if c.minimum is not None and means[pk].get(c.pk, c.minimum) < c.minimum]
        one.low, one.knocked_out = [c.name for c in below], [c.name for c in below if c.is_knockout]
        score = one.score
        one.band = next((b.name for b in reversed(bands) if score is not None and score >= b.from_total), "")
    order = sorted(
        found.values(),
        key=lambda one: (bool(one.knocked_out), -(one.score if one.score is not None else Decimal(-1)), one.dossier.number or 0),
    )
    for place, one in enumerate(order, start=1):
        before = order[place - 2] if place > 1 else None
        same = before and (before.score, bool(before.knocked_out)) == (one.score, bool(one.knocked_out))
        one.place, one.rank = place, before.rank if before and same else place
    shared = Counter(one.rank for one in order)
    for one in order:
        one.is_tied = shared[one.rank] > 1
    return order


_SHEET = ("pk", "kind", "member", "dossier", "state", "scores__criterion", "scores__points", "scores__weight")


def _read_scores(sheets: QuerySet[ScoreSheet], council: Council, found: dict[int, Standing]) -> dict[int, dict[int, Decimal]]:
    """Put the totals of all sheets into the standings (one query). Returns dossier id -> criterion id -> what counts there:
    the members' mean, or the official points.
    """
    members = {one.pk: one for one in council.members}
    totals: dict[tuple[int, int, str, int], Decimal] = defaultdict(Decimal)
    points_of: dict[tuple[int, int], dict[int, Decimal]] = defaultdict(dict)
    official: dict[int, dict[int, Decimal]] = defaultdict(dict)
    absent: set[tuple[int, int]] = set()
    for pk, kind, member, dossier, state, criterion, points, weight in sheets.order_by("pk").values_list(*_SHEET):
        if (member, dossier) in council.conflicts:
            continue  # an interest that came to light after the sheet was handed in
        if state == SheetState.ABSENT:
            absent.add((pk, dossier))
        elif state == SheetState.SENT and points is not None:
            totals[pk, dossier, kind, member] += points * weight
            if kind == SheetKind.MEMBER:
                points_of[pk, dossier][criterion] = points
            elif kind == SheetKind.OFFICIAL:
                official[dossier][criterion] = points
    for _, dossier in absent:
        found[dossier].absent += 1
    for (pk, dossier, kind, member), total in totals.items():
        if kind == SheetKind.MEMBER:
            found[dossier].sheets.append((pk, members[member], total))
        elif kind == SheetKind.OFFICIAL:
            found[dossier].official = total
        else:
            found[dossier].own = total
    return {
        pk: means_of(
            {sheet: points_of[sheet, pk] for sheet, _, _ in one.sheets},
            counted({sheet: total for sheet, _, total in one.sheets}, one.drops_extremes),
        )
        | official[pk]
        for pk, one in found.items()
    }


def means_of(points: Mapping[int, Mapping[int, Decimal]], kept: set[int]) -> dict[int, Decimal]:
    """criterion id -> mean of {sheet id: {criterion id: points}} over the sheets that count."""
    lists: dict[int, list[Decimal]] = defaultdict(list)
    for pk in kept:
        for criterion, value in points[pk].items():
            lists[criterion].append(value)
    return {criterion: mean(values) for criterion, values in lists.items()}


@dataclass(frozen=True)
class ThreeScores:
    """One criterion as the unit, the members and the council as such score it."""

    criterion: Criterion
    own: Decimal | None
    members: Decimal | None
    """The members' mean, to two places."""
    official: Decimal | None
    reason: str


def three_scores(dossier: Dossier) -> list[ThreeScores]:
    """The three columns side by side, criterion by criterion."""
    assert dossier.round is not None
    conflicts = {member for member, _ in conflicts_of(dossier.round, dossier=dossier)}
    members: dict[int, dict[int, Decimal]] = defaultdict(dict)
    totals: dict[int, Decimal] = defaultdict(Decimal)
    alone: dict[str, dict[int, tuple[Decimal, str]]] = {SheetKind.OWN: {}, SheetKind.OFFICIAL: {}}
    nothing: tuple[Decimal | None, str] = (None, "")
    rows = Score.objects.filter(sheet__dossier=dossier, points__isnull=False, sheet__state=SheetState.SENT)
    for sheet, kind, member, criterion, points, weight, comment in rows.values_list(
        "sheet", "sheet__kind", "sheet__member", "criterion", "points", "weight", "comment"
    ):
        value = points or Decimal(0)
        if kind != SheetKind.MEMBER:
            alone[kind][criterion] = value, comment
        elif member not in conflicts:
            members[sheet][criterion] = value
            totals[sheet] += value * weight
    means = means_of(members, counted(totals, dossier.round.drops_extremes))
    lines = []
    for one in dossier.round.criteria.criteria.all():
        official, reason = alone[SheetKind.OFFICIAL].get(one.pk, nothing)
        average = means[one.pk].quantize(Decimal("0.01"), ROUND_HALF_UP) if one.pk in means else None
        lines.append(ThreeScores(one, alone[SheetKind.OWN].get(one.pk, nothing)[0], average, official, reason))
    return lines


@dataclass
class CutEffect:
    """Who would stand above a line: by unit, field and kind of subject (name, above, of how many)."""

    above: int
    units: list[tuple[str, int, int]]
    fields: list[tuple[str, int, int]]
    subjects: list[tuple[str, int, int]]
    doubtful: list[Standing]
    """Above the line although under a minimum, or voted down."""
    tied: list[Standing]
    """Below the line with the same score as the last above it."""


def tied_below(order: list[Standing], above: int) -> list[Standing]:
    """Those below a line that score just what the last one above it does."""
    if not 0 < above < len(order):
        return []
    last = order[above - 1]
    return [one for one in order[above:] if one.rank == last.rank]


def cut_effect(order: list[Standing], above: int) -> CutEffect:
    """What a line after the first `above` does."""
    top = order[: max(0, above)]

    def split(key: Any) -> list[tuple[str, int, int]]:
        all_of, chosen = Counter(key(one) for one in order), Counter(key(one) for one in top)
        return [
            (name, chosen[name], number) for name, number in sorted(all_of.items(), key=lambda item: (-chosen[item[0]], item[0]))
        ]

    return CutEffect(
        len(top),
        split(lambda one: one.dossier.registration.unit_name),
        split(lambda one: one.dossier.registration.field.name),
        split(lambda one: one.dossier.registration.get_subject_kind_display()),
        [one for one in top if not one.is_eligible or (one.ballot and not one.ballot.passed)],
        tied_below(order, above),
    )
