"""Reads of a member's own sheets: the page of one dossier, how far each is, which comes next."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet, prefetch_related_objects

from common.dates import today
from common.numbers import write_number
from recognition.enums import Phase, SheetKind, SheetState
from recognition.models import (
    Band,
    CouncilMember,
    CriteriaSet,
    Criterion,
    Dossier,
    RecognitionRound,
    Score,
    ScoreSheet,
    SecondLook,
)
from recognition.selectors.dossiers import dossiers_of_member


def sheet_of(member: CouncilMember, dossier: Dossier) -> ScoreSheet | None:
    return ScoreSheet.objects.filter(member=member, dossier=dossier).prefetch_related("scores__changes").first()


def own_sheet(dossier: Dossier) -> ScoreSheet | None:
    """The unit's own scores."""
    return ScoreSheet.objects.filter(dossier=dossier, kind=SheetKind.OWN).prefetch_related("scores__changes").first()


def criteria_of(round_: RecognitionRound) -> list[int]:
    """The ids of the criteria by which a round scores."""
    return list(round_.criteria.criteria.values_list("pk", flat=True))


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
    own: Decimal | None = None
    earlier: tuple[str, ...] = ()
    guides: tuple[tuple[str, str], ...] = ()

    @property
    def is_low(self) -> bool:
        return self.value is not None and self.minimum is not None and self.value < self.minimum


def lines_of(dossier: Dossier, sheet: ScoreSheet | None) -> list[Line]:
    """The criteria with the sheet's scores: by the names and maxima of the sheet where it has them. Three queries."""
    assert dossier.round is not None
    kept = {score.criterion_id: score for score in sheet.scores.all()} if sheet else {}
    own_scores = Score.objects.filter(sheet__dossier=dossier, sheet__kind=SheetKind.OWN, sheet__state=SheetState.SENT)
    own = dict(own_scores.values_list("criterion", "points"))
    return [
        _line(criterion, kept.get(criterion.pk), own.get(criterion.pk))
        for criterion in dossier.round.criteria.criteria.prefetch_related("guides")
    ]


def _line(criterion: Criterion, score: Score | None, own: Decimal | None) -> Line:
    points = score.points if score else None
    return Line(
        criterion.pk,
        criterion.position,
        score.name if score else criterion.name,
        score.maximum if score else criterion.maximum,
        criterion.minimum,
        score.weight if score else criterion.weight,
        points,
        write_number(points),
        score.comment if score else "",
        own,
        tuple(write_number(one.points) or "trống" for one in score.changes.all()) if score else (),
        tuple(guides_of(criterion)),
    )


def guides_of(criterion: Criterion) -> list[tuple[str, str]]:
    """What points mean, the best first: [("9–10", ...), ("5 đến dưới 9", ...), ("dưới 5", ...)]."""
    said, above = [], ""
    for guide in criterion.guides.all():
        first = write_number(guide.from_points)
        if not above:
            span = f"{first}–{write_number(criterion.maximum)}"
        else:
            span = f"{first} đến dưới {above}" if guide.from_points else f"dưới {above}"
        said.append((span, guide.words))
        above = first
    return said


def total_of(lines: list[Line]) -> Decimal:
    """The total by weight of what is scored so far."""
    return sum((line.value * line.weight for line in lines if line.value is not None), Decimal(0))


def band_of(criteria: CriteriaSet, total: Decimal) -> str:
    """The name of the band that a total falls in; '' where the set has none."""
    return next((band.name for band in reversed(bands_of(criteria)) if total >= band.from_total), "")


def bands_of(criteria: CriteriaSet) -> list[Band]:
    """The bands, the lowest first; asked for once."""
    prefetch_related_objects([criteria], "bands")
    return sorted(criteria.bands.all(), key=lambda band: band.from_total)


def may_write(round_: RecognitionRound, sheet: ScoreSheet | None) -> bool:
    """Whether a sheet takes scores in this phase: until it is handed in, and in the joint phase again."""
    if round_.phase not in (Phase.SCORING, Phase.JOINT):
        return False
    state = sheet.state if sheet else SheetState.DRAFT
    return state == SheetState.DRAFT or (round_.phase == Phase.JOINT and state == SheetState.SENT)


def late_since(round_: RecognitionRound, sheet: ScoreSheet | None) -> date | None:
    """The last day, once it is past; a sheet that was given back is taken all the same."""
    is_given_back = sheet is not None and sheet.state == SheetState.DRAFT and sheet.sent_at is not None
    last = round_.last_day
    return last if last and today() > last and not is_given_back else None


@dataclass(frozen=True)
class Given:
    """A dossier that a member is given, with how far the member is."""

    dossier: Dossier
    state: str = ""
    """Of the member's sheet; '' before it is begun."""
    is_asked: bool = False
    """Whether the member is asked to look again and has not answered."""

    @property
    def is_done(self) -> bool:
        return self.state in (SheetState.SENT, SheetState.ABSENT) and not self.is_asked

    @property
    def chip(self) -> str:
        return "xem-lai" if self.is_asked else _CHIP_OF[self.state]

    @property
    def word(self) -> str:
        return CHIPS[self.chip].lower()


CHIPS = {
    "chua-cham": "Chưa chấm",
    "dang-cham": "Đang chấm",
    "xem-lai": "Đề nghị xem lại",
    "da-nop": "Đã nộp",
    "khong-danh-gia": "Không đánh giá",
}
_CHIP_OF = {"": "chua-cham", SheetState.DRAFT: "dang-cham", SheetState.SENT: "da-nop", SheetState.ABSENT: "khong-danh-gia"}


@dataclass(frozen=True)
class MySheets:
    """All that a member is given in a round, by number. Of it the page shows where one is and what is left."""

    given: tuple[Given, ...]

    @property
    def done(self) -> int:
        return sum(one.state in (SheetState.SENT, SheetState.ABSENT) for one in self.given)

    @property
    def counts(self) -> list[tuple[str, str, int]]:
        """(chip, its words, how many), of those that there are."""
        found = [one.chip for one in self.given]
        return [(chip, label, found.count(chip)) for chip, label in CHIPS.items() if chip in found]

    def place_of(self, dossier: Dossier) -> int:
        """1 for the first; 0 for what is not given."""
        return next((place for place, one in enumerate(self.given, start=1) if one.dossier.pk == dossier.pk), 0)

    def beside(self, dossier: Dossier) -> tuple[Dossier | None, Dossier | None]:
        """(the one before, the one after)"""
        at = self.place_of(dossier) - 1
        before = self.given[at - 1].dossier if at > 0 else None
        return before, self.given[at + 1].dossier if 0 <= at < len(self.given) - 1 else None

    def next_after(self, dossier: Dossier) -> Dossier | None:
        """The next that still waits for the member: after this one, then from the first."""
        left = [one.dossier for one in self.given if not one.is_done and one.dossier.pk != dossier.pk]
        later = [one for one in left if (one.number or 0) > (dossier.number or 0)]
        return next(iter(later or left), None)


def sheets_of(member: CouncilMember) -> MySheets:
    """What a member is given, with how far each sheet is. A fixed number of queries."""
    states = dict(ScoreSheet.objects.filter(member=member).values_list("dossier", "state"))
    asked = set(open_looks(member).values_list("sheet__dossier", flat=True))
    return MySheets(tuple(Given(one, states.get(one.pk, ""), one.pk in asked) for one in dossiers_of_member(member)))


def open_looks(member: CouncilMember) -> QuerySet[SecondLook]:
    """Requests to look again that the member has not answered and still can."""
    return SecondLook.objects.filter(
        sheet__member=member, answered_at__isnull=True, sheet__state=SheetState.SENT, sheet__dossier__round__phase=Phase.JOINT
    )
