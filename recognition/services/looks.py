"""Asking a member to look again at scores, while scores are compared; the member keeps or changes them, with a word."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db import transaction
from django.utils import timezone

from common.addresses import link_to
from common.dates import today, write_day
from common.exceptions import DomainError, NotAllowed
from common.text import clean_lines
from notifications.services import tell
from organisation.audit import record
from organisation.models import User
from recognition.audit_actions import AuditAction
from recognition.enums import DossierState, Phase, SheetKind, SheetState
from recognition.models import Dossier, LookedScore, RecognitionRound, Score, ScoreSheet, SecondLook
from recognition.permissions import can_serve
from recognition.selectors.council import conflicts_of, interests_of
from recognition.services.rounds import lock_round
from recognition.services.scoring import COMMENT_LIMIT, SavedScores, Typed, lock_given, save_scores


@dataclass(frozen=True)
class LookPlan:
    """What is asked: which scores of one dossier, why, until when."""

    score_ids: frozenset[int]
    reason: str
    until: date


@transaction.atomic
def ask_second_look(*, dossier_id: int, plan: LookPlan, actor: User) -> list[SecondLook]:
    """Ask the members whose scores these are to look again: one request a member. By who serves the council and has no interest
    in the dossier; nobody asks themselves. Raises NotAllowed, DomainError.
    """
    round_, dossier = _lock(dossier_id, actor)
    reason = clean_lines(plan.reason)[:COMMENT_LIMIT]
    if not plan.score_ids:
        raise DomainError("Chưa chọn ô điểm nào.")
    if not reason:
        raise DomainError("Xin ghi vì sao đề nghị xem lại.")
    if not today() <= plan.until <= round_.meet_on:
        raise DomainError(f"Ngày trả lời phải từ hôm nay đến ngày họp {write_day(round_.meet_on)}.")
    scores = Score.objects.filter(pk__in=plan.score_ids, sheet__dossier=dossier, sheet__kind=SheetKind.MEMBER)
    chosen = list(scores.filter(sheet__state=SheetState.SENT).select_related("sheet__member__user").order_by("sheet", "position"))
    if len(chosen) < len(plan.score_ids):
        raise DomainError("Có ô không còn ở phiếu đã nộp. Xin mở lại trang rồi chọn.")
    conflicts = conflicts_of(round_, dossier=dossier)
    asked = []
    for sheet, of_sheet in groupby(chosen, key=lambda score: score.sheet):
        _check_may_be_asked(sheet, conflicts, actor)
        asked.append(_ask(sheet, list(of_sheet), reason, plan.until, actor))
    for look in asked:
        _tell_member(round_, dossier, look)
    said = ", ".join(str(look.sheet.member) for look in asked)
    changes = {"scores": len(chosen)}
    record(
        actor=actor,
        action=AuditAction.ASK_SECOND_LOOK,
        target=round_,
        unit=round_.unit,
        note=f"hồ sơ {dossier.number}: {said}",
        changes=changes,
    )
    return asked


def _lock(dossier_id: int, actor: User) -> tuple[RecognitionRound, Dossier]:
    dossier = Dossier.objects.select_related("registration").filter(pk=dossier_id, round__isnull=False).first()
    if dossier is None or dossier.round_id is None:
        raise NotAllowed("Hồ sơ này không thuộc đợt xét nào trên cổng.")
    round_ = lock_round(dossier.round_id)
    if not can_serve(actor, round_):
        raise NotAllowed("Vai trò của đồng chí không đề nghị xem lại điểm.")
    if interests_of(actor, round_, dossier):
        raise NotAllowed("Đồng chí có liên quan đến hồ sơ này nên không đề nghị xem lại điểm.")
    if round_.phase != Phase.JOINT or dossier.state != DossierState.COMPLETE:
        raise DomainError("Chỉ đề nghị xem lại khi đợt xét đang đối chiếu điểm.")
    return round_, dossier


def _check_may_be_asked(sheet: ScoreSheet, conflicts: Mapping[tuple[int, int], str], actor: User) -> None:
    member = sheet.member
    assert member is not None
    if member.user_id == actor.pk:
        raise DomainError("Đồng chí không tự đề nghị mình; điểm của mình sửa thẳng ở phiếu.")
    if not member.sits_on(today()) or (member.pk, sheet.dossier_id) in conflicts:
        raise DomainError(f"{member} không còn chấm hồ sơ này.")
    if sheet.looks.filter(answered_at__isnull=True).exists():
        raise DomainError(f"{member} còn một đề nghị chưa trả lời ở hồ sơ này.")


def _ask(sheet: ScoreSheet, scores: list[Score], reason: str, until: date, actor: User) -> SecondLook:
    look = SecondLook.objects.create(sheet=sheet, reason=reason, until=until, asked_by=actor, asked_name=str(actor))
    LookedScore.objects.bulk_create(LookedScore(look=look, score=score, before=score.points or 0) for score in scores)
    return look


def _tell_member(round_: RecognitionRound, dossier: Dossier, look: SecondLook) -> None:
    assert look.sheet.member is not None
    tell(
        recipients=[look.sheet.member.user],
        event_key=f"second-look:{look.pk}",
        subject=f"Đề nghị xem lại điểm hồ sơ {dossier.number}, trước hết ngày {write_day(look.until)}",
        body=look.reason,
        link=link_to("recognition:sheet", round_.pk, dossier.pk),
    )


@transaction.atomic
def answer_second_look(*, look_id: int, typed: Mapping[int, Typed], words: str, actor: User) -> SavedScores:
    """The member's answer: the scores asked about as they stand in `typed`, with a word. Other scores of the sheet stay. Where a
    score cannot be kept (`refused`, `others`) nothing is. Raises NotAllowed, DomainError.
    """
    found = SecondLook.objects.filter(pk=look_id, sheet__member__user=actor.pk).select_related("sheet__dossier").first()
    if found is None or found.sheet.dossier.round_id is None:
        raise NotAllowed("Đề nghị này không gửi cho đồng chí.")
    round_id, dossier_id = found.sheet.dossier.round_id, found.sheet.dossier_id
    round_, _, dossier = lock_given(round_id, dossier_id, actor)
    look = SecondLook.objects.select_related("sheet").get(pk=look_id)
    said = clean_lines(words)[:COMMENT_LIMIT]
    if look.answered_at:
        raise DomainError("Đề nghị này đã trả lời.")
    if round_.phase != Phase.JOINT or look.sheet.state != SheetState.SENT:
        raise DomainError("Chỉ trả lời khi đợt xét đang đối chiếu điểm và phiếu đã nộp.")
    if not said:
        raise DomainError("Xin ghi vài chữ: vì sao giữ điểm, hoặc vì sao sửa.")
    asked = {one.score.criterion_id: one for one in look.scores.select_related("score")}
    chosen = {pk: one for pk, one in typed.items() if pk in asked}
    saved = save_scores(round_id=round_id, dossier_id=dossier_id, typed=chosen, actor=actor)
    if saved.refused or saved.others:
        transaction.set_rollback(True)
        return saved
    for one in asked.values():
        one.score.refresh_from_db()
        one.after = one.score.points
        one.save(update_fields=["after"])
    look.answer, look.answered_at = said, timezone.now()
    look.save(update_fields=["answer", "answered_at"])
    record(actor=actor, action=AuditAction.ANSWER_SECOND_LOOK, target=round_, unit=round_.unit, note=f"hồ sơ {dossier.number}")
    if look.asked_by:
        tell(
            recipients=[look.asked_by],
            event_key=f"second-look-answered:{look.pk}",
            subject=f"{look.sheet.member} đã trả lời đề nghị xem lại điểm hồ sơ {dossier.number}",
            body=said,
            link=link_to("recognition:scores", round_.pk, dossier.pk),
        )
    return saved
