"""Scores: written by one member alone, handed in, changed in the joint phase with the earlier ones kept, reopened on record."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from common.dates import today, write_day
from common.exceptions import DomainError, NotAllowed
from common.numbers import write_number
from common.text import clean, clean_lines
from organisation.audit import record
from organisation.models import User
from recognition.audit_actions import AuditAction
from recognition.enums import DossierState, Phase, SheetKind, SheetState
from recognition.models import Assignment, CouncilMember, Dossier, RecognitionRound, Score, ScoreChange, ScoreSheet
from recognition.permissions import can_serve, seat_of
from recognition.selectors import sheets as reads
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
    base: "Typed | None" = None
    """What stood there when it was typed over; None for whoever does not know."""


@dataclass
class SavedScores:
    """What came of a save: when, and what could not be kept ({criterion id: why}); the rest is."""

    sheet: ScoreSheet
    at: datetime
    refused: dict[int, str] = field(default_factory=dict)
    others: dict[int, tuple[str, str]] = field(default_factory=dict)
    """What another page of the same member wrote meanwhile, and stays: {criterion id: (points, words)}."""


def lock_given(round_id: int, dossier_id: int, actor: User) -> tuple[RecognitionRound, CouncilMember, Dossier]:
    """The round, the actor's seat and the dossier, for scoring now. Raises NotAllowed, DomainError."""
    round_ = lock_round(round_id)
    member = seat_of(actor, round_)
    if member is None:
        raise NotAllowed("Đồng chí không còn trong hội đồng của đợt xét này. Điểm đã ghi vẫn được giữ.")
    dossier = Dossier.objects.filter(pk=dossier_id, round=round_).select_related("registration").first()
    if dossier is None or not Assignment.objects.filter(member=member, dossier=dossier).exists():
        raise NotAllowed("Hồ sơ này không giao cho đồng chí chấm.")
    if conflicts_of(round_, member, dossier):
        raise NotAllowed("Đồng chí có liên quan đến hồ sơ này nên không chấm.")
    if dossier.state != DossierState.COMPLETE:
        raise DomainError(f"Hồ sơ đang ở trạng thái “{dossier.get_state_display().lower()}” nên không chấm được.")
    if round_.phase not in (Phase.SCORING, Phase.JOINT):
        raise DomainError(
            f"Đợt xét đang ở bước “{Phase(round_.phase).label.lower()}”, không chấm được. Chữ vừa viết còn trên trang."
        )
    if dossier.registration.withdrawn_on:
        raise DomainError("Đăng ký của hồ sơ này đã rút nên không chấm nữa.")
    if last := reads.late_since(round_, ScoreSheet.objects.filter(member=member, dossier=dossier).first()):
        what = "thẩm định" if round_.phase == Phase.SCORING else "đối chiếu điểm"
        raise DomainError(f"Đã hết hạn {what}: đến hết ngày {write_day(last)}. Chữ vừa viết còn trên trang.")
    return round_, member, dossier


def _wrong(round_: RecognitionRound, scores: Iterable[Score]) -> dict[int, str]:
    """What keeps a sheet from standing as handed in: {criterion id: words}."""
    errors: dict[int, str] = {}
    least = {criterion.pk: criterion.minimum for criterion in round_.criteria.criteria.all()}
    for score in scores:
        minimum = least.get(score.criterion_id)
        if score.points is None:
            errors[score.criterion_id] = f"{score.name}: chưa có điểm."
        elif minimum is not None and score.points < minimum and not score.comment:
            errors[score.criterion_id] = f"{score.name}: dưới mức tối thiểu, xin ghi nhận xét."
    return errors


def _read(typed: Typed, score: Score) -> tuple[Decimal | None, str]:
    return read_points(typed.points, score.maximum)[0], clean_lines(typed.comment)[:COMMENT_LIMIT]


def _stands_otherwise(score: Score, base: Typed) -> bool:
    """Whether a score is no longer what a page showed when it was typed over."""
    return (score.points, score.comment) != _read(base, score)


@transaction.atomic
def save_scores(
    *, round_id: int, dossier_id: int, typed: Mapping[int, Typed], remark: str | None = None, actor: User
) -> SavedScores:
    """Keep what was typed in the actor's own sheet; what cannot be a score is told and the rest kept. Where another page wrote
    meanwhile, what it wrote stays and is told (`others`); what this page did not touch is left alone.

    In the joint phase each changed score keeps the one before it. Raises NotAllowed, DomainError.
    """
    round_, member, dossier = lock_given(round_id, dossier_id, actor)
    sheet = begin_sheet(round_, dossier, SheetKind.MEMBER, member)
    if sheet.state == SheetState.ABSENT or (sheet.state == SheetState.SENT and round_.phase == Phase.SCORING):
        raise DomainError("Phiếu này đã nộp hoặc ghi vắng. Cần sửa, xin Thư ký mở lại phiếu.")
    saved = SavedScores(sheet, timezone.now())
    scores = {score.criterion_id: score for score in sheet.scores.select_for_update()}
    for criterion_id, one in typed.items():
        score = scores.get(criterion_id)
        if score is None:
            continue
        points, wrong = read_points(one.points, score.maximum)
        comment = clean_lines(one.comment)[:COMMENT_LIMIT]
        if one.base and _stands_otherwise(score, one.base):
            if (points, comment) not in ((score.points, score.comment), _read(one.base, score)):
                saved.others[criterion_id] = (write_number(score.points), score.comment)
            continue
        if wrong:
            saved.refused[criterion_id] = wrong
            points = score.points
        if (points, comment) == (score.points, score.comment):
            continue
        before = ScoreChange(score=score, points=score.points, comment=score.comment)
        score.points, score.comment = points, comment
        if sheet.state == SheetState.SENT and (wrong_now := _wrong(round_, [score])):
            saved.refused |= wrong_now  # what was handed in stays whole
            continue
        if round_.phase == Phase.JOINT:
            before.save()
        score.save(update_fields=["points", "comment"])
    if remark is not None:
        sheet.remark = clean_lines(remark)[:COMMENT_LIMIT]
    sheet.saved_at = saved.at
    sheet.save(update_fields=["remark", "saved_at"])
    return saved


@transaction.atomic
def save_own_scores(*, dossier_id: int, typed: Mapping[int, Typed], actor: User) -> SavedScores:
    """The unit's own scores, which stand beside the council's. What cannot be a score is told and the rest kept."""
    round_, dossier = lock_dossier(dossier_id)
    check_may_write(dossier, actor)
    saved = SavedScores(begin_sheet(round_, dossier, SheetKind.OWN), timezone.now())
    for score in saved.sheet.scores.select_for_update():
        if (one := typed.get(score.criterion_id)) is None:
            continue
        points, wrong = read_points(one.points, score.maximum)
        if wrong:
            saved.refused[score.criterion_id] = wrong
        elif points != score.points:
            score.points = points
            score.save(update_fields=["points"])
    dossier.writers.add(actor)
    saved.sheet.state, saved.sheet.sent_at, saved.sheet.saved_at = SheetState.SENT, saved.at, saved.at
    saved.sheet.save(update_fields=["state", "sent_at", "saved_at"])
    record(actor=actor, action=AuditAction.OWN_SCORES, target=dossier, unit=dossier.unit)
    return saved


def begin_sheet(round_: RecognitionRound, dossier: Dossier, kind: SheetKind, member: CouncilMember | None = None) -> ScoreSheet:
    """A sheet, locked; a new one has the round's criteria as they are when it is begun."""
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
def send_sheet(*, round_id: int, dossier_id: int, actor: User) -> ScoreSheet:
    """Hand a sheet in: every criterion scored, a word where one is under its least. Twice is as good as once."""
    round_, member, dossier = lock_given(round_id, dossier_id, actor)
    sheet = begin_sheet(round_, dossier, SheetKind.MEMBER, member)
    if sheet.state == SheetState.SENT:
        return sheet
    if sheet.state == SheetState.ABSENT:
        raise DomainError("Phiếu này ghi vắng. Xin Thư ký mở lại phiếu rồi chấm.")
    if errors := _wrong(round_, sheet.scores.all()):
        raise SheetRefused(errors)
    sheet.state, sheet.sent_at = SheetState.SENT, timezone.now()
    sheet.save(update_fields=["state", "sent_at"])
    record(actor=actor, action=AuditAction.SEND_SHEET, target=round_, unit=round_.unit, note=f"hồ sơ {dossier.number}")
    return sheet


@transaction.atomic
def mark_absent(*, round_id: int, dossier_id: int, why: str, actor: User) -> ScoreSheet:
    """The member does not judge this dossier, for a reason."""
    round_, member, dossier = lock_given(round_id, dossier_id, actor)
    said = clean(why)[:300]
    if not said:
        raise DomainError("Xin ghi lý do vắng hoặc không đánh giá.", field="reason")
    sheet = begin_sheet(round_, dossier, SheetKind.MEMBER, member)
    if sheet.state == SheetState.SENT:
        raise DomainError("Phiếu này đã nộp.")
    sheet.state, sheet.absent_why = SheetState.ABSENT, said
    sheet.save(update_fields=["state", "absent_why"])
    record(actor=actor, action=AuditAction.MARK_ABSENT, target=round_, unit=round_.unit, note=f"hồ sơ {dossier.number}")
    return sheet


@transaction.atomic
def mark_missing(*, round_id: int, member_id: int, dossier_id: int, why: str, actor: User) -> ScoreSheet:
    """Note that a member did not judge a dossier, once the last day is past: by who runs the round, so that it can go on."""
    round_ = lock_run(round_id, actor)
    given = Assignment.objects.filter(member=member_id, member__round=round_, dossier=dossier_id, dossier__round=round_)
    assignment = given.select_related("member", "dossier").first()
    if assignment is None or round_.phase != Phase.SCORING:
        raise DomainError("Hồ sơ này không giao cho người ấy, hoặc đợt xét không ở bước thẩm định.")
    if today() <= round_.score_until:
        raise DomainError(f"Còn hạn thẩm định đến hết ngày {write_day(round_.score_until)}; xin nhắc thành viên.")
    if not clean(why):
        raise DomainError("Xin ghi lý do.", field="why")
    sheet = begin_sheet(round_, assignment.dossier, SheetKind.MEMBER, assignment.member)
    if sheet.state == SheetState.SENT:
        raise DomainError("Phiếu này đã nộp.")
    sheet.state, sheet.absent_why = SheetState.ABSENT, clean(why)[:300]
    sheet.save(update_fields=["state", "absent_why"])
    said = f"{assignment.member}, hồ sơ {assignment.dossier.number}"
    record(actor=actor, action=AuditAction.MARK_MISSING, target=round_, unit=round_.unit, note=said)
    return sheet


@transaction.atomic
def reopen_sheet(*, sheet_id: int, why: str, actor: User) -> ScoreSheet:
    """Give a member's sheet back, with a reason, on record: by who runs the round, or who is its council's secretary; nobody
    their own. It may be handed in again whatever the day.
    """
    round_id = ScoreSheet.objects.values_list("dossier__round_id", flat=True).get(pk=sheet_id)
    assert round_id is not None
    round_ = lock_round(round_id)
    if not can_serve(actor, round_):
        raise NotAllowed("Vai trò của đồng chí không mở lại phiếu của đợt xét này.")
    if round_.phase not in (Phase.SCORING, Phase.JOINT):
        raise DomainError(f"Đợt xét đang ở bước “{Phase(round_.phase).label.lower()}”, không mở lại phiếu được nữa.")
    said = clean(why)
    if not said:
        raise DomainError("Xin ghi lý do mở lại phiếu.", field="reason")
    sheet = ScoreSheet.objects.select_for_update().get(pk=sheet_id)
    member = CouncilMember.objects.filter(sheets=sheet).first()
    if member is None:
        raise DomainError("Điểm đơn vị tự chấm không mở lại ở đây; trả lại hồ sơ để đơn vị sửa.")
    if member.user_id == actor.pk:
        raise NotAllowed("Đồng chí không tự mở lại phiếu của mình.")
    if sheet.state == SheetState.DRAFT:
        return sheet
    sheet.state, sheet.absent_why = SheetState.DRAFT, ""
    sheet.sent_at = sheet.sent_at or timezone.now()
    sheet.save(update_fields=["state", "sent_at", "absent_why"])
    record(actor=actor, action=AuditAction.REOPEN_SHEET, target=round_, unit=round_.unit, note=f"{sheet.member}: {said}")
    return sheet
