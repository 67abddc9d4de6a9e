"""A unit's one word against a refusal, and the answer."""

from django.db import transaction

from common.addresses import link_to
from common.dates import today, write_day
from common.exceptions import DomainError, NotAllowed
from common.text import clean_lines, quoted
from models_registry.permissions import acting_day
from notifications.services import tell
from organisation.audit import record
from organisation.models import User
from organisation.roles import May
from organisation.selectors.people import holders
from recognition.audit_actions import AuditAction
from recognition.enums import Phase, Verdict
from recognition.models import Appeal
from recognition.permissions import can_decide, can_prepare
from recognition.selectors.council import interests_of
from recognition.selectors.decisions import appeal_until, outcome_of
from recognition.services.dossiers import lock_dossier


@transaction.atomic
def appeal(*, dossier_id: int, words: str, actor: User) -> Appeal:
    """Once, until the last day: the unit asks to have a refusal looked at again. Raises NotAllowed, DomainError."""
    round_, dossier = lock_dossier(dossier_id)
    if not can_prepare(actor, dossier):
        raise NotAllowed("Vai trò của đồng chí không kiến nghị thay đơn vị này.")
    line = outcome_of(dossier)
    if line is None or line.verdict != Verdict.REFUSE:
        raise DomainError("Chỉ kiến nghị khi hồ sơ không được công nhận.")
    if Appeal.objects.filter(line__dossier=dossier).exists():
        raise DomainError("Đơn vị đã kiến nghị về hồ sơ này; mỗi hồ sơ kiến nghị một lần.")
    until, said = appeal_until(line), clean_lines(words)[:4000]
    if today() > until:
        raise DomainError(f"Hết hạn kiến nghị: đến hết ngày {write_day(until)}.")
    if round_.phase == Phase.CLOSED:
        raise DomainError("Đợt xét đã xong nên không nhận kiến nghị nữa.")
    if len(said) < 10:
        raise DomainError("Xin ghi kiến nghị điều gì và vì sao.", field="words")
    made = Appeal.objects.create(line=line, words=said, sent_on=today(), sent_by=actor)
    record(actor=actor, action=AuditAction.APPEAL, target=dossier, unit=dossier.unit, note=said)
    tell(
        recipients=[
            one
            for act in (May.RUN_ROUND, May.DECIDE)
            for one in holders(act, round_.unit, acting_day(round_.season), climbs=False)
        ],
        event_key=f"appeal:{made.pk}",
        subject=f"Kiến nghị về hồ sơ {dossier.number}: {quoted(dossier.registration.title[:180])}",
        body=said,
        link=link_to("recognition:dossier", dossier.pk),
    )
    return made


@transaction.atomic
def answer_appeal(*, dossier_id: int, is_upheld: bool, answer: str, actor: User) -> Appeal:
    """The body's answer, with its reason. Upheld, the dossier stands for the next decision again."""
    round_, dossier = lock_dossier(dossier_id)
    if not can_decide(actor, round_.unit):
        raise NotAllowed("Vai trò của đồng chí không trả lời kiến nghị của đợt xét này.")
    found = Appeal.objects.select_for_update().filter(line__dossier=dossier).first()
    if found is None:
        raise DomainError("Hồ sơ này không có kiến nghị.")
    if found.sent_by_id == actor.pk or interests_of(actor, round_, dossier):
        raise NotAllowed("Đồng chí có liên quan đến hồ sơ này nên không trả lời kiến nghị.")
    if found.answered_on:
        raise DomainError(f"Kiến nghị đã trả lời ngày {write_day(found.answered_on)}.")
    said = clean_lines(answer)[:4000]
    if not said:
        raise DomainError("Xin ghi lời trả lời để đơn vị biết lý do.", field="words")
    found.answer, found.is_upheld, found.answered_on, found.answered_by = said, is_upheld, today(), actor
    found.save()
    record(
        actor=actor, action=AuditAction.ANSWER_APPEAL, target=dossier, unit=round_.unit, note=said, changes={"upheld": is_upheld}
    )
    assert dossier.unit is not None
    result = "chấp nhận, sẽ xét lại" if is_upheld else "giữ nguyên kết luận"
    tell(
        recipients=holders(May.PROPOSE, dossier.unit, acting_day(round_.season)),
        event_key=f"appeal-answer:{found.pk}",
        subject=f"Trả lời kiến nghị ({result}): {quoted(dossier.registration.title[:150])}",
        body=said,
        link=link_to("recognition:dossier", dossier.pk),
    )
    return found
