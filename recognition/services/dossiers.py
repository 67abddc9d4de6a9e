"""Dossiers: proposed, filled with papers, sent, returned paper by paper, taken as complete, taken back."""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from common.addresses import link_to
from common.dates import today
from common.exceptions import DomainError, NotAllowed
from common.text import clean, clean_lines, quoted
from models_registry.models import Registration
from models_registry.permissions import acting_day
from notifications.services import mark_resolved, tell
from organisation.audit import record
from organisation.models import Unit, User
from organisation.roles import May
from organisation.selectors.people import holders
from organisation.selectors.units import unit_on
from organisation.tree import unit_tree
from recognition.audit_actions import AuditAction
from recognition.enums import DossierAction, DossierState, MeetingState, PaperKind, Phase, SheetKind
from recognition.models import Assignment, Dossier, DossierStep, Meeting, Packet, PaperFlaw, RecognitionRound, ScoreSheet
from recognition.permissions import can_prepare, can_propose, can_run, proposing_now
from recognition.selectors import dossiers as reads
from recognition.selectors.packets import others_to_send
from recognition.selectors.rounds import why_closed
from recognition.services.rounds import lock_round
from recognition.transitions import next_state

SUMMARY_LIMIT = 5000
REASON_LIMIT = 1000


class DossierIncomplete(DomainError):
    """The dossier cannot be sent yet; `missing` are the lines of the checklist that lack something."""

    def __init__(self, missing: list[reads.ChecklistLine]) -> None:
        named = ", ".join(line.kind.label for line in missing)
        super().__init__(f"Hồ sơ còn thiếu: {named}.")
        self.missing = missing


def lock_dossier(dossier_id: int) -> tuple[RecognitionRound, Dossier]:
    """The dossier's round, then the dossier, both locked."""
    round_id = Dossier.objects.values_list("round_id", flat=True).get(pk=dossier_id)
    if round_id is None:
        raise DomainError("Hồ sơ này nạp từ danh sách, không thuộc đợt xét nào trên cổng.")
    round_ = lock_round(round_id)
    locked = Dossier.objects.select_for_update(of=("self",)).select_related(
        "registration__season", "registration__unit", "registration__place", "unit", "level", "packet"
    )
    dossier = locked.get(pk=dossier_id)
    dossier.round = round_
    return round_, dossier


@transaction.atomic
def begin_dossier(*, round_id: int, registration_id: int, reason: str = "", actor: User) -> Dossier:
    """Propose an accepted registration in a round, in its unit's packet in hand. A second tap finds the first one's dossier.

    A round that takes what a lower level recognised needs a reason for one that was not. Raises NotAllowed, DomainError.
    """
    round_ = lock_round(round_id)
    registration = Registration.objects.select_related("season", "unit", "place", "handover").get(pk=registration_id)
    return begin_in(round_, registration, reason, actor)


def begin_in(round_: RecognitionRound, registration: Registration, reason: str, actor: User) -> Dossier:
    """`begin_dossier` inside the caller's transaction, the round locked."""
    if not can_propose(actor, registration, round_):
        raise NotAllowed("Vai trò của đồng chí không đề nghị cho đơn vị này.")
    known = Dossier.objects.filter(registration=registration, level=round_.level, withdrawn_on__isnull=True).first()
    if known:
        if known.round_id != round_.pk:
            raise DomainError("Mô hình này đã được đề nghị ở một đợt khác của cấp này.")
        return known
    if not reads.candidates(actor, round_).filter(pk=registration.pk).exists():
        raise DomainError("Chỉ đề nghị được đăng ký đã nhận vào sổ của năm này, chưa rút.")
    unit = Unit.objects.get(pk=proposing_now(registration, round_, unit_tree()))
    check_in_time(round_, unit, is_new=round_.phase == Phase.SCORING)
    said = clean_lines(reason)[:REASON_LIMIT]
    if reads.needs_lower_recognition(round_) and not said and reads.recognised_below(registration, round_) is None:
        raise DomainError("Mô hình chưa được công nhận ở cấp dưới trong năm này. Muốn đề nghị, xin ghi lý do.", field="reason")
    packet = _packet_in_hand(round_, unit, actor)
    number = (Dossier.objects.filter(round=round_).aggregate(last=Max("number"))["last"] or 0) + 1
    dossier = Dossier.objects.create(
        registration=registration,
        level=round_.level,
        round=round_,
        unit=unit,
        unit_name=packet.unit_name,
        packet=packet,
        number=number,
        state=DossierState.PREPARING,
        reason=said,
    )
    dossier.writers.add(actor)
    record(actor=actor, action=AuditAction.BEGIN_DOSSIER, target=dossier, unit=unit)
    return dossier


def _packet_in_hand(round_: RecognitionRound, unit: Unit, actor: User) -> Packet:
    """The unit's packet that was not sent yet, begun where there is none; its list changes now."""
    mine = Packet.objects.filter(round=round_, unit=unit)
    packet = mine.filter(sent_at__isnull=True).first()
    if packet is None:
        number = (mine.aggregate(last=Max("number"))["last"] or 0) + 1
        name = unit_on(unit, acting_day(round_.season)).name
        return Packet.objects.create(round=round_, unit=unit, unit_name=name, number=number, made_by=actor)
    packet.listed_at = timezone.now()
    packet.save(update_fields=["listed_at"])
    return packet


@transaction.atomic
def write_dossier(*, dossier_id: int, summary: str, actor: User) -> Dossier:
    """The unit's own words on what was achieved."""
    _, dossier = lock_dossier(dossier_id)
    check_may_write(dossier, actor)
    text = clean_lines(summary)
    if len(text) > SUMMARY_LIMIT:
        raise DomainError(f"Tóm tắt dài quá {SUMMARY_LIMIT} ký tự.", field="summary")
    dossier.summary = text
    dossier.save(update_fields=["summary"])
    dossier.writers.add(actor)
    record(actor=actor, action=AuditAction.WRITE_DOSSIER, target=dossier, unit=dossier.unit)
    return dossier


def check_may_write(dossier: Dossier, actor: User) -> None:
    if not can_prepare(actor, dossier):
        raise NotAllowed("Vai trò của đồng chí không lập hồ sơ của đơn vị này.")
    if not dossier.is_editable:
        raise DomainError(f"Hồ sơ đang ở trạng thái “{dossier.get_state_display().lower()}” nên không sửa được.")


@transaction.atomic
def change_dossier(
    *, dossier_id: int, action: DossierAction, actor: User, note: str = "", flaws: Mapping[str, str] | None = None
) -> Dossier:
    """Do one action: who, when, change, step, audit, messages after the commit.

    `flaws` ({paper kind: what to complete}) goes with a return. Raises NotAllowed, InvalidTransition, DossierIncomplete,
    DomainError.
    """
    round_, dossier = lock_dossier(dossier_id)
    if action == DossierAction.SEND:
        _check_goes_alone(dossier)
    step, wanted = change_in(round_, dossier, action, actor, note=note, flaws=flaws)
    _tell(round_, dossier, step, wanted, actor)
    return dossier


def _check_goes_alone(dossier: Dossier) -> None:
    """A dossier that was never sent goes with those that its unit proposes together."""
    if others := others_to_send(dossier):
        raise DomainError(f"Hồ sơ này ở trong đề nghị chung với {others} hồ sơ khác. Xin gửi cả đề nghị.")


def change_in(
    round_: RecognitionRound,
    dossier: Dossier,
    action: DossierAction,
    actor: User,
    *,
    note: str = "",
    flaws: Mapping[str, str] | None = None,
) -> tuple[DossierStep, dict[str, str]]:
    """`change_dossier` inside the caller's transaction, round and dossier locked; nobody is told. The step, what to complete."""
    _check_who(action, dossier, round_, actor)
    target = next_state(dossier.state, action, round_.phase)
    said = clean_lines(note)
    wanted = {kind: clean(words) for kind, words in (flaws or {}).items() if kind in PaperKind.values and clean(words)}
    if action == DossierAction.WITHDRAW and not said:
        raise DomainError("Xin ghi lý do rút.", field="reason")
    if action == DossierAction.RETURN and not (said or wanted):
        raise DomainError("Xin ghi giấy tờ nào phải bổ sung, hoặc ghi lý do trả lại.", field="reason")
    if action == DossierAction.SEND:
        _check_can_be_sent(round_, dossier)
        dossier.proposed_on = dossier.proposed_on or today()
        dossier.writers.add(actor)
        Packet.objects.filter(dossiers=dossier, sent_at__isnull=True).update(sent_at=timezone.now())
    if action == DossierAction.COMPLETE and dossier.registration.withdrawn_on:
        raise DomainError("Đăng ký đã rút nên không đưa vào thẩm định được.")
    if action == DossierAction.WITHDRAW:
        if Meeting.objects.filter(round=round_).exclude(state=MeetingState.PREPARING).exists():
            raise DomainError("Hội đồng đã biểu quyết nên không rút hồ sơ được nữa.")
        dossier.withdrawn_on = max(today(), dossier.proposed_on or today())
        scored = ScoreSheet.objects.filter(dossier=dossier, kind=SheetKind.MEMBER).values("member")
        Assignment.objects.filter(dossier=dossier).exclude(member__in=scored).delete()
    before, dossier.state, dossier.state_since = dossier.state, target, timezone.now()
    dossier.save()
    step = DossierStep.objects.create(dossier=dossier, action=action, actor=actor, actor_name=str(actor), note=said)
    PaperFlaw.objects.bulk_create(PaperFlaw(step=step, kind=kind, words=words[:500]) for kind, words in wanted.items())
    record(
        actor=actor,
        action=AuditAction(f"{action}-dossier"),
        target=dossier,
        unit=dossier.unit,
        note=said,
        changes={"state": [before, target]},
    )
    return step, wanted


_OF_UNIT = frozenset({DossierAction.SEND, DossierAction.WITHDRAW})


def _check_who(action: DossierAction, dossier: Dossier, round_: RecognitionRound, actor: User) -> None:
    if action in _OF_UNIT and not can_prepare(actor, dossier):
        raise NotAllowed("Vai trò của đồng chí không gửi hoặc rút hồ sơ của đơn vị này.")
    if action not in _OF_UNIT and not can_run(actor, round_.unit):
        raise NotAllowed("Vai trò của đồng chí không xem xét hồ sơ của đợt này.")


def check_in_time(round_: RecognitionRound, unit: Unit, *, is_new: bool) -> None:
    """Raise DomainError when the unit may not send today; `is_new`: something that was never sent."""
    if words := why_closed(round_, unit, is_new=is_new):
        raise DomainError(words)


def _check_can_be_sent(round_: RecognitionRound, dossier: Dossier) -> None:
    assert dossier.unit is not None
    check_in_time(round_, dossier.unit, is_new=dossier.state == DossierState.PREPARING)
    if dossier.registration.withdrawn_on:
        raise DomainError("Đăng ký đã rút nên không đề nghị được nữa.")
    missing = [line for line in reads.checklist(dossier) if line.is_missing]
    if missing:
        raise DossierIncomplete(missing)


_SAID = {
    DossierAction.SEND: "Hồ sơ đề nghị: {title}",
    DossierAction.RETURN: "Hồ sơ trả lại để bổ sung: {title}",
    DossierAction.COMPLETE: "Hồ sơ đã đủ: {title}",
    DossierAction.WITHDRAW: "Đã rút hồ sơ: {title}",
}


def _tell(round_: RecognitionRound, dossier: Dossier, step: DossierStep, flaws: Mapping[str, str], actor: User) -> None:
    """Those who lead the round, when the unit acts; the unit, when they do."""
    day = acting_day(round_.season)
    link = link_to("recognition:dossier", dossier.pk)
    mark_resolved(link=link)
    assert dossier.unit is not None
    of_unit = step.action in _OF_UNIT
    people = holders(May.RUN_ROUND, round_.unit, day, climbs=False) if of_unit else holders(May.PROPOSE, dossier.unit, day)
    lines = [str(round_), *(f"{PaperKind(kind).label}: {words}" for kind, words in flaws.items()), step.note]
    tell(
        recipients=[person for person in people if person.pk != actor.pk],
        event_key=f"dossier:{step.pk}",
        subject=_SAID[DossierAction(step.action)].format(title=quoted(dossier.registration.title[:200])),
        body="\n".join(line for line in lines if line),
        link=link,
    )


@transaction.atomic
def discard_dossier(*, dossier_id: int, actor: User) -> None:
    """Throw away a dossier that was never sent, with its papers."""
    _, dossier = lock_dossier(dossier_id)
    if not can_prepare(actor, dossier):
        raise NotAllowed("Vai trò của đồng chí không lập hồ sơ của đơn vị này.")
    if dossier.state != DossierState.PREPARING or dossier.steps.exists():
        raise DomainError("Chỉ xóa được hồ sơ chưa gửi lần nào. Hồ sơ đã gửi thì rút, có lý do.")
    for one in dossier.files.all():
        transaction.on_commit(lambda name=one.file.name, storage=one.file.storage: storage.delete(name))  # type: ignore[misc]
    record(actor=actor, action=AuditAction.DISCARD_DOSSIER, target=dossier, unit=dossier.unit)
    Packet.objects.filter(dossiers=dossier).update(listed_at=timezone.now())
    dossier.delete()
