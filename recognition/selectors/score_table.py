"""One dossier's scores, criterion by member: who is far from the mean, where the members are far apart."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from common.numbers import write_number
from organisation.models import Visitor
from recognition.enums import SheetKind, SheetState
from recognition.models import CouncilMember, CriteriaSet, Dossier, RecognitionRound, Score, ScoreSheet
from recognition.selectors.council import conflicts_of
from recognition.selectors.looks import Look, looks_of
from recognition.selectors.scoring import ThreeScores, sheets_visible_to, three_scores

MARKS = {"low2": "rất thấp", "low1": "thấp", "high1": "cao", "high2": "rất cao"}


def mark_of(points: Decimal, average: Decimal, maximum: Decimal, rules: CriteriaSet) -> str:
    """'low2', 'low1', 'high1', 'high2', or '' near the mean: the distance as a share of the maximum, by the set's own shares."""
    share = abs(points - average) * 100 / maximum
    if share < rules.off_share:
        return ""
    return ("low" if points < average else "high") + ("2" if share >= rules.far_share else "1")


def is_wide(points: list[Decimal], maximum: Decimal, rules: CriteriaSet) -> bool:
    """Whether the lowest and the highest are apart by the set's share of the maximum."""
    return len(points) > 1 and (max(points) - min(points)) * 100 >= rules.wide_share * maximum


@dataclass(frozen=True)
class Cell:
    """One member's score of one criterion."""

    member: CouncilMember
    score: Score | None = None
    mark: str = ""
    gap: str = ""
    is_low: bool = False
    is_asked: bool = False

    @property
    def word(self) -> str:
        return MARKS.get(self.mark, "")

    @property
    def may_ask(self) -> bool:
        """Low scores and very high ones are those that may be looked at again."""
        return self.score is not None and not self.is_asked and (self.is_low or self.mark in ("low1", "low2", "high2"))


@dataclass(frozen=True)
class Row:
    """One criterion over all members."""

    scores: ThreeScores
    cells: tuple[Cell, ...]
    spread: Decimal | None
    is_wide: bool


@dataclass(frozen=True)
class Column:
    """One member's sheet; `total` is None where the member is absent."""

    sheet: ScoreSheet
    member: CouncilMember
    total: Decimal | None
    is_under: bool


@dataclass(frozen=True)
class ScoreTable:
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    remarks: tuple[tuple[str, str], ...]
    """(where, what was said)"""
    looks: tuple[Look, ...]


def table_of(user: Visitor, round_: RecognitionRound, dossier: Dossier) -> ScoreTable:
    """What the user may see of a dossier's scores. A fixed number of queries."""
    aside = {member for member, _ in conflicts_of(round_, dossier=dossier)}
    visible = sheets_visible_to(user, round_).filter(dossier=dossier, kind=SheetKind.MEMBER).exclude(state=SheetState.DRAFT)
    sheets = list(visible.exclude(member__in=aside).select_related("member__user").prefetch_related("scores").order_by("member"))
    by_sheet = {sheet.pk: {score.criterion_id: score for score in sheet.scores.all()} for sheet in sheets}
    looks, least = looks_of(*sheets), round_.criteria.minimum_total
    asked = {(one.row.sheet_id, pk) for one in looks if one.is_open for pk in one.criteria}
    columns = tuple(_column(sheet, by_sheet[sheet.pk], least) for sheet in sheets)
    rows = tuple(_row(line, columns, by_sheet, asked, round_.criteria) for line in three_scores(dossier))
    said = [
        (f"Tiêu chí {row.scores.criterion.position} · {cell.member}, {write_number(cell.score.points)}", cell.score.comment)
        for row in rows
        for cell in row.cells
        if cell.score and cell.score.comment
    ]
    said += [(f"Nhận xét chung · {one.member}", one.sheet.remark) for one in columns if one.sheet.remark]
    return ScoreTable(columns, rows, tuple(said), tuple(looks))


def _column(sheet: ScoreSheet, scores: Mapping[int, Score], least: Decimal) -> Column:
    assert sheet.member is not None
    if sheet.state != SheetState.SENT:
        return Column(sheet, sheet.member, None, False)
    total = sum((one.points * one.weight for one in scores.values() if one.points is not None), Decimal(0))
    return Column(sheet, sheet.member, total, total < least)


def _row(
    line: ThreeScores,
    columns: tuple[Column, ...],
    by_sheet: Mapping[int, Mapping[int, Score]],
    asked: set[tuple[int, int]],
    rules: CriteriaSet,
) -> Row:
    criterion, cells = line.criterion, []
    for column in columns:
        score = by_sheet[column.sheet.pk].get(criterion.pk) if column.total is not None else None
        if score is None or score.points is None:
            cells.append(Cell(column.member))
            continue
        average = score.points if line.members is None else line.members
        gap = score.points - average
        cells.append(
            Cell(
                column.member,
                score,
                mark_of(score.points, average, criterion.maximum, rules),
                ("+" if gap > 0 else "−") + write_number(abs(gap)),
                criterion.minimum is not None and score.points < criterion.minimum,
                (column.sheet.pk, criterion.pk) in asked,
            )
        )
    points = [cell.score.points for cell in cells if cell.score and cell.score.points is not None]
    spread = max(points) - min(points) if points else None
    return Row(line, tuple(cells), spread, is_wide(points, criterion.maximum, rules))
