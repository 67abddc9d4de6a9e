"""Year-end verdicts: what stood on a day, what the list of a season's verdicts shows."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date

from django.db.models import Count, Prefetch, Q, QuerySet

from common.dates import today
from models_registry.enums import State, Verdict
from models_registry.models import Registration, Season, YearVerdict
from models_registry.selectors.board import Board, BoardFilter, board_rows

NONE, PROPOSED = "chua", "cho"
SLUGS = {"hieu-qua": Verdict.EFFECTIVE, "can-cung-co": Verdict.STRENGTHEN, "tam-dung": Verdict.PAUSED, "ket-thuc": Verdict.ENDED}
CHOICES = (
    (NONE, "Chưa đánh giá"),
    (PROPOSED, "Chờ xác nhận"),
    *((slug, verdict.label) for slug, verdict in SLUGS.items()),
)
"""What a list is narrowed to, with its words."""


def verdicts_on(day: date) -> QuerySet[YearVerdict]:
    """The confirmed verdicts that stood on a day."""
    standing = Q(until__isnull=True) | Q(until__gt=day)
    return YearVerdict.objects.filter(standing, confirmed_at__isnull=False, as_of__lte=day)


def ended() -> QuerySet[YearVerdict]:
    """What stands of models that came to their end: they are not offered for another year."""
    return YearVerdict.objects.filter(verdict=Verdict.ENDED, confirmed_at__isnull=False, until__isnull=True)


def latest_day(season: Season) -> date:
    """The last day that a verdict of a season may speak of."""
    return min(today(), season.ends_on)


def with_verdicts(rows: QuerySet[Registration]) -> QuerySet[Registration]:
    """With what `standing` and `proposed` read. One query more, whatever their number."""
    open_ones = YearVerdict.objects.filter(until__isnull=True).select_related("said_by", "confirmed_by")
    return rows.prefetch_related(Prefetch("verdicts", open_ones, to_attr="open_verdicts"))


def standing(row: Registration) -> YearVerdict | None:
    """The verdict that counts, of a row of `with_verdicts`."""
    return next((one for one in row.open_verdicts if one.confirmed_at), None)  # type: ignore[attr-defined]


def proposed(row: Registration) -> YearVerdict | None:
    """The unit's own verdict that is not confirmed yet."""
    return next((one for one in row.open_verdicts if not one.confirmed_at), None)  # type: ignore[attr-defined]


def judged_rows(board: Board, wanted: BoardFilter, verdict: str = "") -> QuerySet[Registration]:
    """What can be judged of a board, by a name of SLUGS, NONE or PROPOSED; in the order of units and names."""
    rows = board_rows(board, replace(wanted, states=(State.ACCEPTED,))).order_by("unit__position", "sort_key", "pk")
    return with_verdicts(judged_as(rows, verdict))


def judged_as(rows: QuerySet[Registration], verdict: str) -> QuerySet[Registration]:
    """Those of a verdict by a name of SLUGS, NONE or PROPOSED; all without one."""
    stands = YearVerdict.objects.filter(until__isnull=True)
    if verdict == NONE:
        return rows.exclude(pk__in=stands.values("registration"))
    if verdict == PROPOSED:
        return rows.filter(pk__in=stands.filter(confirmed_at__isnull=True).values("registration"))
    if verdict:
        kept = stands.filter(confirmed_at__isnull=False, verdict=SLUGS[verdict])
        return rows.filter(pk__in=kept.values("registration"))
    return rows


@dataclass
class VerdictCounts:
    """How many of a list there are, by a name of SLUGS, NONE and PROPOSED."""

    total: int = 0
    numbers: Counter[str] = field(default_factory=Counter)


def count_verdicts(board: Board, wanted: BoardFilter) -> VerdictCounts:
    """Three queries."""
    rows = judged_rows(board, wanted).order_by()
    counts = VerdictCounts(rows.count())
    open_ones = YearVerdict.objects.filter(until__isnull=True, registration__in=rows.values("pk"))
    told = open_ones.order_by().values_list("verdict").annotate(said=Count("pk"), confirmed=Count("confirmed_at"))
    counts.numbers[NONE] = counts.total - open_ones.values("registration").distinct().count()
    slugs = {verdict: slug for slug, verdict in SLUGS.items()}
    for verdict, said, confirmed in told:
        counts.numbers[slugs[Verdict(verdict)]] = confirmed
        counts.numbers[PROPOSED] += said - confirmed
    return counts
