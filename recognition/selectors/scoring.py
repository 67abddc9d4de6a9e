"""Reads of scores. In the independent phase a member's scores are the member's alone, by every door."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from statistics import mean
from typing import Any

from django.db.models import Q, QuerySet

from common.numbers import write_number
from recognition.enums import DossierState, Phase, SheetKind, SheetState
from recognition.models import CouncilMember, Dossier, RecognitionRound, Score, ScoreSheet
from recognition.permissions import can_follow, seat_of
from recognition.selectors.council import conflicts_of, kept_back_from
from recognition.selectors.dossiers import dossiers_of_member


def sheets_visible_to(user: Any, round_: RecognitionRound) -> QuerySet[ScoreSheet]:
    """Sheets of a round: one's own always; from the joint phase on, to members and leaders, those of the dossiers in which they
    have no interest.
    """
    seat, sheets = seat_of(user, round_), ScoreSheet.objects.filter(dossier__round=round_)
    own = Q(member=seat.pk) if seat else Q(pk__in=[])
    if round_.phase in (Phase.PREPARING, Phase.PROPOSING, Phase.SCORING) or not (seat or can_follow(user, round_)):
        return sheets.filter(own, kind=SheetKind.MEMBER)
    return sheets.exclude(dossier__in=kept_back_from(user, round_)).filter(
        own | Q(state__in=[SheetState.SENT, SheetState.ABSENT])
    )


def sheet_of(member: CouncilMember, dossier: Dossier) -> ScoreSheet | None:
    return ScoreSheet.objects.filter(member=member, dossier=dossier).prefetch_related("scores__changes").first()


def own_sheet(dossier: Dossier) -> ScoreSheet | None:
    """The unit's own scores."""
    return ScoreSheet.objects.filter(dossier=dossier, kind=SheetKind.OWN).prefetch_related("scores__changes").first()


@dataclass(frozen=True)
class Line:
    """One criterion of the scoring page, with what stands there."""

    criterion_id: int
    position: int
    name: str
    maximum: Decimal
    minimum: Decimal | None
    weight: Decimal
    value: Decimal | None
    points: str
    comment: str
    is_low: bool
    own: Decimal | None = None
    earlier: list[str] = field(default_factory=list)


def lines_of(dossier: Dossier, sheet: ScoreSheet | None) -> list[Line]:
    """The criteria with the sheet's scores: by the names and maxima of the sheet where it has them."""
    assert dossier.round is not None
    kept = {score.criterion_id: score for score in sheet.scores.all()} if sheet else {}
    own_scores = Score.objects.filter(sheet__dossier=dossier, sheet__kind=SheetKind.OWN, sheet__state=SheetState.SENT)
    own = dict(own_scores.values_list("criterion", "points"))
    lines = []
    for criterion in dossier.round.criteria.criteria.all():
        score = kept.get(criterion.pk)
        points = score.points if score else None
        lines.append(
            Line(
                criterion.pk,
                criterion.position,
                score.name if score else criterion.name,
                score.maximum if score else criterion.maximum,
                criterion.minimum,
                score.weight if score else criterion.weight,
                points,
                write_number(points),
                score.comment if score else "",
                is_low=points is not None and criterion.minimum is not None and points < criterion.minimum,
                own=own.get(criterion.pk),
                earlier=[write_number(one.points) or "trống" for one in score.changes.all()] if score and sheet else [],
            )
        )
    return lines


def total_of(lines: list[Line]) -> Decimal:
    """The total by weight of what is scored so far."""
    return sum((line.value * line.weight for line in lines if line.value is not None), Decimal(0))


def states_of(member: CouncilMember) -> dict[int, str]:
    """dossier id -> where the member's sheet stands, of what the member is given now."""
    given = dossiers_of_member(member).order_by().values("pk")
    return dict(ScoreSheet.objects.filter(member=member, dossier__in=given).values_list("dossier", "state"))


def next_given(member: CouncilMember, after: Dossier) -> Dossier | None:
    """The next dossier that the member has not finished, after this one and then from the first."""
    states = states_of(member)
    left = [one for one in dossiers_of_member(member) if states.get(one.pk) not in (SheetState.SENT, SheetState.ABSENT)]
    later = [one for one in left if (one.number or 0) > (after.number or 0)]
    return next(iter(later or left), None)


@dataclass
class Standing:
    """One dossier in the joint view: the totals of its sheets, their mean and spread, criteria whose mean is under the least."""

    dossier: Dossier
    sheets: list[tuple[int, CouncilMember, Decimal]] = field(default_factory=list)
    """(sheet id, member, total)"""
    absent: int = 0
    given: int = 0
    low: list[str] = field(default_factory=list)
    drops_extremes: bool = False

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
    def counted(self) -> list[Decimal]:
        """The totals that make the mean: without the highest and the lowest where the round says so and five are there."""
        values = self.totals
        return values[1:-1] if self.drops_extremes and len(values) >= 5 else values

    @property
    def mean(self) -> Decimal | None:
        values = self.counted
        return mean(values).quantize(Decimal("0.01"), ROUND_HALF_UP) if values else None

    @property
    def spread(self) -> Decimal:
        return self.totals[-1] - self.totals[0] if self.sheets else Decimal(0)


def standings(user: Any, round_: RecognitionRound) -> list[Standing]:
    """The dossiers of a round with what the user may see of their scores, best mean first. A fixed number of queries."""
    conflicts, kept_back = conflicts_of(round_), kept_back_from(user, round_)
    dossiers = Dossier.objects.filter(round=round_, state=DossierState.COMPLETE).exclude(pk__in=kept_back)
    found = {
        one.pk: Standing(one, drops_extremes=round_.drops_extremes)
        for one in dossiers.select_related("registration__unit", "unit")
    }
    for pk in dossiers.filter(assignments__isnull=False).values_list("pk", flat=True):
        found[pk].given += 1
    sheets = sheets_visible_to(user, round_).filter(dossier__in=found, kind=SheetKind.MEMBER)
    by_criterion: dict[tuple[int, int], list[Decimal]] = defaultdict(list)
    for sheet in sheets.select_related("member").prefetch_related("scores"):
        if (sheet.member_id, sheet.dossier_id) in conflicts:
            continue  # an interest that came to light after the sheet was handed in
        if sheet.state == SheetState.ABSENT:
            found[sheet.dossier_id].absent += 1
        elif sheet.state == SheetState.SENT and sheet.member:
            scores = [score for score in sheet.scores.all() if score.points is not None]
            total = sum((score.points * score.weight for score in scores if score.points is not None), Decimal(0))
            found[sheet.dossier_id].sheets.append((sheet.pk, sheet.member, total))
            for score in scores:
                if score.points is not None:
                    by_criterion[sheet.dossier_id, score.criterion_id].append(score.points)
    for criterion in round_.criteria.criteria.all():
        for (dossier_id, criterion_id), points in by_criterion.items():
            if criterion_id == criterion.pk and criterion.minimum is not None and mean(points) < criterion.minimum:
                found[dossier_id].low.append(criterion.name)
    return sorted(found.values(), key=lambda one: (-(one.mean if one.mean is not None else Decimal(-1)), one.dossier.number or 0))
