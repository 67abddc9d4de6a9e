"""Scores: written by one member alone, handed in, changed in the joint phase with the earlier ones kept, reopened on record."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from common.dates import today, write_day
from common.exceptions import DomainError, NotAllowed
from common.text import clean, clean_lines
from organisation.audit import record
from recognition.enums import DossierState, Phase, SheetKind, SheetState
from recognition.models import Assignment, CouncilMember, Dossier, RecognitionRound, Score, ScoreChange, ScoreSheet
from recognition.permissions import seat_of
from recognition.selectors.council import conflicts_of
from recognition.services.dossiers import check_may_write, lock_dossier
from recognition.services.rounds import lock_round, lock_run
from recognition.validators import read_points

COMMENT_LIMIT = 2000


class SheetRefused(DomainError):
    """The sheet cannot be handed in; `errors` says what is wrong at which criterion ({criterion id, or 0: words})."""

    def __init__(self, errors: dict[int, str]) -> None:
        super().__init__(f"Còn {len(errors)} chỗ phải sửa trước khi nộp.")
        self.errors = errors


@dataclass(frozen=True)
class Typed:
    """What was typed for one criterion."""

    points: str = ""
    comment: str = ""


@dataclass
class SavedScores:
    """What came of a save: when, and what could not be kept ({criterion id: why}); the rest is."""

    sheet: ScoreSheet
    at: datetime
    refused: dict[int, str] = field(default_factory=dict)


def _lock(round_id: int, dossier_id: int, actor: Any) -> tuple[RecognitionRound, CouncilMember, Dossier]:
    """The round, the actor's seat and the dossier, for scoring now. Raises NotAllowed, DomainError."""
    round_ = lock_round(round_id)
    member = seat_of(actor, round_)
    if member is None:
        raise NotAllowed("Đồng chí không còn trong hội đồng của đợt xét này. Điểm đã ghi vẫn được giữ.")
    dossier = Dossier.objects.filter(pk=dossier_id, round=round_).select_related("registration").first()
    if dossier is None or not Assignment.objects.filter(member=member, dossier=dossier).exists():
        raise NotAllowed("Hồ sơ này không giao cho đồng chí chấm.")
    if (member.pk, dossier.pk) in conflicts_of(round_, member=member):
        raise NotAllowed("Đồng chí có liên quan đến hồ sơ này nên không chấm.")
    if dossier.state != DossierState.COMPLETE:
        raise DomainError(f"Hồ sơ đang ở trạng thái “{dossier.get_state_display().lower()}” nên không chấm được.")
    if round_.phase not in (Phase.SCORING, Phase.JOINT):
        raise DomainError(
            f"Đợt xét đang ở bước “{Phase(round_.phase).label.lower()}”, không chấm được. Chữ vừa viết còn trên trang."
        )
    if round_.phase == Phase.SCORING and today() > round_.score_until:
        raise DomainError(f"Đã hết hạn thẩm định: đến hết ngày {write_day(round_.score_until)}. Chữ vừa viết còn trên trang.")
    return round_, member, dossier


@transaction.atomic
def save_scores(
    *, round_id: int, dossier_id: int, typed: Mapping[int, Typed], remark: str | None = None, actor: Any
) -> SavedScores:
    """Keep what was typed in the actor's own sheet; what cannot be a score is told and the rest kept.

    In the joint phase each changed score keeps the one before it. Raises NotAllowed, DomainError.
    """
    round_, member, dossier = _lock(round_id, dossier_id, actor)
    sheet = _sheet(round_, member, dossier)
    if sheet.state != SheetState.DRAFT and round_.phase == Phase.SCORING:
        raise DomainError("Phiếu này đã nộp hoặc ghi vắng. Cần sửa, xin Thư ký mở lại phiếu.")
    saved = SavedScores(sheet, timezone.now())
    scores = {score.criterion_id: score for score in sheet.scores.select_for_update()}
    for criterion_id, one in typed.items():
        score = scores.get(criterion_id)
        if score is None:
            continue
        points, wrong = read_points(one.points, score.maximum)
        if wrong:
            saved.refused[criterion_id] = wrong
            points = score.points
        if sheet.state == SheetState.SENT and points is None:
            saved.refused[criterion_id] = "Phiếu đã nộp nên không để trống điểm."
            points = score.points
        comment = clean_lines(one.comment)[:COMMENT_LIMIT]
        if (points, comment) == (score.points, score.comment):
            continue
        if round_.phase == Phase.JOINT:
            ScoreChange.objects.create(score=score, points=score.points, comment=score.comment)
        score.points, score.comment = points, comment
        score.save(update_fields=["points", "comment"])
    if remark is not None:
        sheet.remark = clean_lines(remark)[:COMMENT_LIMIT]
    sheet.saved_at = saved.at
    sheet.save(update_fields=["remark", "saved_at"])
    return saved


@transaction.atomic
def save_own_scores(*, dossier_id: int, typed: Mapping[int, Typed], actor: Any) -> SavedScores:
    """The unit's own scores, which stand beside the council's. What cannot be a score is told and the rest kept."""
    round_, dossier = lock_dossier(dossier_id)
    check_may_write(dossier, actor)
    saved = SavedScores(_begun(round_, dossier, None), timezone.now())
    for score in saved.sheet.scores.select_for_update():
        if (one := typed.get(score.criterion_id)) is None:
            continue
        points, wrong = read_points(one.points, score.maximum)
        if wrong:
            saved.refused[score.criterion_id] = wrong
        elif points != score.points:
            score.points = points
            score.save(update_fields=["points"])
    saved.sheet.state, saved.sheet.sent_at, saved.sheet.saved_at = SheetState.SENT, saved.at, saved.at
    saved.sheet.save(update_fields=["state", "sent_at", "saved_at"])
    record(actor=actor, action="own-scores", target=dossier, unit=dossier.unit)
    return saved


def _sheet(round_: RecognitionRound, member: CouncilMember, dossier: Dossier) -> ScoreSheet:
    return _begun(round_, dossier, member)


def _begun(round_: RecognitionRound, dossier: Dossier, member: CouncilMember | None) -> ScoreSheet:
    """A member's sheet, or without one the unit's own, with the round's criteria as they are when it is begun."""
    kind = SheetKind.MEMBER if member else SheetKind.OWN
    sheet, made = ScoreSheet.objects.select_for_update().get_or_create(member=member, dossier=dossier, kind=kind)
    if made:
        Score.objects.bulk_create(
            Score(
                sheet=sheet,
                criterion=criterion,
                position=criterion.position,
                name=criterion.name,
                maximum=criterion.maximum,
                weight=criterion.weight,
            )
            for criterion in round_.criteria.criteria.all()
        )
    return sheet


@transaction.atomic
def send_sheet(*, round_id: int, dossier_id: int, actor: Any) -> ScoreSheet:
    """Hand a sheet in: every criterion scored, a word where one is under its least. Twice is as good as once."""
    round_, member, dossier = _lock(round_id, dossier_id, actor)
    sheet = _sheet(round_, member, dossier)
    if sheet.state == SheetState.SENT:
        return sheet
    if sheet.state == SheetState.ABSENT:
        raise DomainError("Phiếu này ghi vắng. Xin Thư ký mở lại phiếu rồi chấm.")
    errors: dict[int, str] = {}
    least = {criterion.pk: criterion.minimum for criterion in round_.criteria.criteria.all()}
    for score in sheet.scores.all():
        minimum = least.get(score.criterion_id)
        if score.points is None:
            errors[score.criterion_id] = f"{score.name}: chưa có điểm."
        elif minimum is not None and score.points < minimum and not score.comment:
            errors[score.criterion_id] = f"{score.name}: dưới mức tối thiểu, xin ghi nhận xét."
    if errors:
        raise SheetRefused(errors)
    sheet.state, sheet.sent_at = SheetState.SENT, timezone.now()
    sheet.save(update_fields=["state", "sent_at"])
    record(actor=actor, action="send-sheet", target=round_, unit=round_.unit, note=f"hồ sơ {dossier.number}")
    return sheet


@transaction.atomic
def mark_absent(*, round_id: int, dossier_id: int, why: str, actor: Any) -> ScoreSheet:
    """The member does not judge this dossier, for a reason."""
    round_, member, dossier = _lock(round_id, dossier_id, actor)
    said = clean(why)[:300]
    if not said:
        raise DomainError("Xin ghi lý do vắng hoặc không đánh giá.")
    sheet = _sheet(round_, member, dossier)
    if sheet.state == SheetState.SENT:
        raise DomainError("Phiếu này đã nộp.")
    sheet.state, sheet.absent_why = SheetState.ABSENT, said
    sheet.save(update_fields=["state", "absent_why"])
    record(actor=actor, action="mark-absent", target=round_, unit=round_.unit, note=f"hồ sơ {dossier.number}: {said}")
    return sheet


@transaction.atomic
def reopen_sheet(*, sheet_id: int, why: str, actor: Any) -> ScoreSheet:
    """Give a sheet back to its member, with a reason, on record: by the secretary, who is who runs the round or holds that task."""
    dossier_id = ScoreSheet.objects.values_list("dossier_id", flat=True).get(pk=sheet_id)
    round_id = Dossier.objects.values_list("round_id", flat=True).get(pk=dossier_id)
    assert round_id is not None
    round_ = lock_run(round_id, actor)
    said = clean(why)
    if not said:
        raise DomainError("Xin ghi lý do mở lại phiếu.")
    sheet = ScoreSheet.objects.select_for_update().get(pk=sheet_id)
    if sheet.state == SheetState.DRAFT:
        return sheet
    sheet.state, sheet.sent_at, sheet.absent_why = SheetState.DRAFT, None, ""
    sheet.save(update_fields=["state", "sent_at", "absent_why"])
    record(actor=actor, action="reopen-sheet", target=round_, unit=round_.unit, note=f"{sheet.member}: {said}")
    return sheet
