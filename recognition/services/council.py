"""The council: who sits in it, what concerns whom, who scores what."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from common.dates import today, write_day
from common.exceptions import DomainError, NotAllowed
from common.text import clean
from organisation.audit import record
from organisation.models import User
from recognition.audit_actions import AuditAction
from recognition.enums import CouncilTask, DossierState, MeetingState, Phase, SheetState
from recognition.models import (
    Assignment,
    BallotResult,
    CouncilMember,
    DeclaredConflict,
    Dossier,
    Meeting,
    OpenVote,
    ScoreSheet,
    SecondLook,
    SecretCast,
)
from recognition.models.council import sitting_on
from recognition.selectors.council import conflicts_of, proposed_assignments
from recognition.services.rounds import lock_round, lock_run


@transaction.atomic
def seat_member(*, round_id: int, user: User, task: str, ends_on: date | None = None, actor: User) -> CouncilMember:
    """Give a person a seat until a day, or another task. One who was removed comes back to the seat. Raises DomainError."""
    round_ = lock_run(round_id, actor)
    if task not in CouncilTask.values:
        raise DomainError("Không có nhiệm vụ ấy trong hội đồng.")
    if not user.is_active:
        raise DomainError("Tài khoản này đã khóa.")
    if ends_on and ends_on < today():
        raise DomainError(f"Nhiệm kỳ đến {write_day(ends_on)} đã hết.")
    others = round_.members.filter(task=CouncilTask.CHAIR, removed_at__isnull=True).exclude(user=user)
    if task == CouncilTask.CHAIR and others.exists():
        raise DomainError("Hội đồng đã có Chủ tịch.")
    member, made = CouncilMember.objects.get_or_create(
        round=round_, user=user, defaults={"name": str(user), "task": task, "starts_on": today(), "ends_on": ends_on}
    )
    if not made:
        member.task, member.ends_on, member.removed_at, member.removed_why = task, ends_on, None, ""
        member.save(update_fields=["task", "ends_on", "removed_at", "removed_why"])
    record(actor=actor, action=AuditAction.SEAT_MEMBER, target=member, unit=round_.unit, note=CouncilTask(task).label)
    return member


@transaction.atomic
def remove_member(*, member_id: int, why: str, actor: User) -> CouncilMember:
    """End a member's seat, with a reason. Scores that were given stay, marked as a removed member's; what was not begun is free."""
    round_ = lock_run(CouncilMember.objects.values_list("round_id", flat=True).get(pk=member_id), actor)
    member = CouncilMember.objects.select_for_update().get(pk=member_id)
    said = clean(why)
    if not said:
        raise DomainError("Xin ghi lý do thôi tham gia.", field="why")
    if member.removed_at:
        return member
    if Meeting.objects.filter(round=round_, state=MeetingState.VOTING).exists():
        raise DomainError("Hội đồng đang biểu quyết; đóng biểu quyết rồi mới ghi thôi tham gia.")
    member.removed_at, member.removed_why = timezone.now(), said
    member.save(update_fields=["removed_at", "removed_why"])
    begun = ScoreSheet.objects.filter(member=member).exclude(state=SheetState.DRAFT).values("dossier")
    Assignment.objects.filter(member=member).exclude(dossier__in=begun).delete()
    record(actor=actor, action=AuditAction.REMOVE_MEMBER, target=member, unit=round_.unit, note=said)
    return member


@transaction.atomic
def declare_conflict(*, round_id: int, dossier_id: int, reason: str, actor: User) -> DeclaredConflict:
    """A member's own word that a dossier concerns them: it is taken away, and so is what they wrote in it. On record."""
    round_ = lock_round(round_id)
    member = round_.members.filter(user=actor.pk, removed_at__isnull=True).first()
    dossier = Dossier.objects.filter(pk=dossier_id, round=round_).first()
    if member is None or dossier is None:
        raise NotAllowed("Đồng chí không ở trong hội đồng của đợt xét này.")
    said = clean(reason)[:300]
    if len(said) < 5:
        raise DomainError("Xin ghi liên quan thế nào, vài chữ là đủ.", field="reason")
    _check_not_voted(member, dossier)
    conflict, _ = DeclaredConflict.objects.get_or_create(member=member, dossier=dossier, defaults={"reason": said})
    _never_sent(member.pk, dossier.pk).delete()  # one that was handed in is kept, and counts no more
    Assignment.objects.filter(member=member, dossier=dossier).delete()
    open_looks = SecondLook.objects.filter(sheet__member=member, sheet__dossier=dossier, answered_at__isnull=True)
    open_looks.update(answer="Thành viên có liên quan nên thôi chấm.", answered_at=timezone.now())
    record(actor=actor, action=AuditAction.DECLARE_CONFLICT, target=dossier, unit=round_.unit, note=said)
    return conflict


def _check_not_voted(member: CouncilMember, dossier: Dossier) -> None:
    """A vote that was given stays; who has an interest says so before."""
    if SecretCast.objects.filter(member=member, dossier=dossier).exists() or (
        OpenVote.objects.filter(member=member, dossier=dossier).exists() or BallotResult.objects.filter(dossier=dossier).exists()
    ):
        raise DomainError("Hồ sơ này đã biểu quyết. Xin báo Thư ký ghi vào biên bản.")


def _never_sent(member_id: int, dossier_id: int) -> QuerySet[ScoreSheet]:
    return ScoreSheet.objects.filter(member=member_id, dossier=dossier_id, state=SheetState.DRAFT, sent_at__isnull=True)


def _check_assigns(phase: str) -> None:
    if phase not in (Phase.PROPOSING, Phase.SCORING):
        raise DomainError("Chỉ phân công khi đang nhận đề nghị hoặc đang thẩm định độc lập.")


@transaction.atomic
def assign(*, round_id: int, member_ids: Iterable[int], dossier_ids: Iterable[int], actor: User) -> tuple[int, list[str]]:
    """Give dossiers to members: (how many are new, who could not be given what and why)."""
    round_ = lock_run(round_id, actor)
    _check_assigns(round_.phase)
    members = list(round_.members.filter(sitting_on(today()), pk__in=list(member_ids)))
    dossiers = list(Dossier.objects.filter(round=round_, pk__in=list(dossier_ids)).select_related("registration"))
    conflicts, refused, made = conflicts_of(round_), [], 0
    for member in members:
        for dossier in dossiers:
            why = conflicts.get((member.pk, dossier.pk))
            if why:
                refused.append(f"{member}, hồ sơ {dossier.number}: {why}")
            elif dossier.state != DossierState.COMPLETE:
                refused.append(f"Hồ sơ {dossier.number}: {dossier.get_state_display().lower()}, chưa đủ giấy tờ")
            else:
                _, new = Assignment.objects.get_or_create(member=member, dossier=dossier, defaults={"assigned_by": actor})
                made += new
    if made:
        record(actor=actor, action=AuditAction.ASSIGN, target=round_, unit=round_.unit, changes={"assigned": made})
    return made, list(dict.fromkeys(refused))


@transaction.atomic
def assign_evenly(*, round_id: int, per_dossier: int, actor: User) -> int:
    """What the portal proposes, confirmed by a person. Returns how many are new."""
    round_ = lock_run(round_id, actor)
    _check_assigns(round_.phase)
    proposed = proposed_assignments(round_, per_dossier)
    Assignment.objects.bulk_create(
        [Assignment(member=member, dossier=dossier, assigned_by=actor) for member, dossier in proposed], ignore_conflicts=True
    )
    record(actor=actor, action=AuditAction.ASSIGN, target=round_, unit=round_.unit, changes={"assigned": len(proposed)})
    return len(proposed)


@transaction.atomic
def unassign(*, round_id: int, member_id: int, dossier_id: int, actor: User) -> None:
    """Take a dossier from a member who has not handed in its sheet. Raises DomainError."""
    round_ = lock_run(round_id, actor)
    _check_assigns(round_.phase)
    given = Assignment.objects.filter(member=member_id, member__round=round_, dossier=dossier_id, dossier__round=round_).first()
    if given is None:
        raise DomainError("Hồ sơ này không giao cho người ấy.")
    drafts = _never_sent(member_id, dossier_id)
    if ScoreSheet.objects.filter(member=member_id, dossier=dossier_id).exclude(pk__in=drafts.values("pk")).exists():
        raise DomainError("Phiếu đã từng nộp hoặc đã ghi vắng nên không bỏ phân công được.")
    drafts.delete()
    given.delete()
    record(actor=actor, action=AuditAction.UNASSIGN, target=round_, unit=round_.unit, note=f"hồ sơ {dossier_id}")
