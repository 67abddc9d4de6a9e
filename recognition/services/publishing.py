"""A checked draft becomes a decision, in one transaction; the signed scan comes later."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from common.addresses import link_to
from common.dates import today, write_day
from common.exceptions import DomainError, NotAllowed
from common.exports import DOCX
from common.files import PDF, PHOTOS, receive
from common.text import quoted
from common.transitions import InvalidTransition
from models_registry.permissions import acting_day
from notifications.services import tell
from organisation.audit import record
from organisation.models import Unit, User
from organisation.roles import May
from organisation.selectors.people import holders
from organisation.selectors.units import unit_on
from organisation.tree import unit_tree
from papers.exports import number_text
from papers.models import Letterhead
from papers.services import NewPaper, take_number
from papers.signing import signatures_of
from recognition.audit_actions import AuditAction
from recognition.enums import DraftState, Phase, Purpose, Verdict
from recognition.exports.values import write_decision
from recognition.models import (
    Decision,
    DecisionDraft,
    DecisionFile,
    DraftLine,
    Recognition,
)
from recognition.permissions import can_decide, can_run
from recognition.selectors.decisions import earlier_recognitions, next_decision_number
from recognition.selectors.issuers import name_with_committee
from recognition.services.drafts import check_decider, check_seen, lock_draft
from recognition.services.honours import refresh_honours
from recognition.services.problems import letterhead_of, problems_of
from recognition.services.rounds import lock_round


def publish(*, draft_id: int, seen: int | None = None, actor: User) -> Decision:
    """Number, paper, recognitions, refusals and withdrawals in one transaction. A second leader is told that it is done.

    Raises NotAllowed, InvalidTransition, DomainError with all that keeps it from being published.
    """
    kept: list[Any] = []
    try:
        with transaction.atomic():
            transaction.on_commit(kept.clear)  # first of all: what fails after the commit takes no paper with it
            decision = _publish(draft_id, seen, actor, kept)
        kept.clear()
        return decision
    finally:
        for file in kept:  # the paper of a decision that did not come about
            file.storage.delete(file.name)


def _publish(draft_id: int, seen: int | None, actor: User, kept: list[Any]) -> Decision:
    round_id = DecisionDraft.objects.values_list("round_id", flat=True).get(pk=draft_id)
    round_ = lock_round(round_id) if round_id else None
    draft = lock_draft(draft_id, DraftState.CHECKED)
    if round_ and draft.purpose == Purpose.RECOGNISE and round_.phase != Phase.DECIDING:
        raise InvalidTransition(f"Đợt xét đang ở bước “{Phase(round_.phase).label.lower()}”, không ban hành được nữa.")
    check_decider(draft, actor)
    check_seen(draft, seen)
    if problems := problems_of(draft):
        raise DomainError(" ".join(problems))
    head, day = letterhead_of(draft), draft.decided_on
    assert head is not None and day is not None
    _lock_units(draft)
    decision = _numbered(draft, head, day, actor)
    draft.lines.filter(verdict=Verdict.LATER).delete()
    lines = list(
        draft.lines.select_related(
            "dossier__registration__season",
            "dossier__unit",
            "recognition__registration__season",
            "commendation__recognition__registration__season",
            "grade",
        )
    )
    touched = _apply(decision, lines)
    word = _word_of(decision, write_decision(draft, head), actor)
    kept.append(word.file)
    word.save()
    refresh_honours(touched)
    record(actor=actor, action=AuditAction.PUBLISH_DECISION, target=decision, unit=draft.unit, note=str(decision))
    _tell_units(draft, decision, lines, actor)
    return decision


def _numbered(draft: DecisionDraft, head: Letterhead, day: date, actor: User) -> Decision:
    """The decision that a draft becomes, under its number."""
    subject = f"{draft.get_purpose_display()} mô hình “Dân vận khéo”"
    number = draft.number or next_decision_number(head, day)
    paper = take_number(paper=NewPaper(head, "QĐ", day, subject, number), actor=actor)
    decision = Decision.objects.create(
        number=number_text(head, "QĐ", paper.number),
        decided_on=day,
        issuer=draft.unit,
        issuer_name=name_with_committee(head, unit_on(draft.unit, day)),
        level=draft.level,
        signer=head.signer_name,
        purpose=draft.purpose,
        round=draft.round,
        amends=draft.amends,
        paper=paper,
        published_at=timezone.now(),
        recorded_by=actor,
    )
    draft.state, draft.decision, draft.number = DraftState.PUBLISHED, decision, paper.number
    draft.save(update_fields=["state", "decision", "number"])
    return decision


def _word_of(decision: Decision, paper: bytes, actor: User) -> DecisionFile:
    """Its paper, stored; the row is not yet."""
    word = DecisionFile(decision=decision, kind=DecisionFile.Kind.WORD, content_type=DOCX, sent_by=actor, digest="")
    word.file_name = f"quyet-dinh-{decision.number.replace('/', '-')}.docx"
    word.file.save(f"{word.pk}.docx", ContentFile(paper), save=False)
    return word


def _lock_units(draft: DecisionDraft) -> None:
    """The registers' units and the issuer, in the order in which every writer of a register locks them."""
    rows = draft.lines.values_list("dossier__registration__unit", "recognition__registration__unit")
    units = {pk for pair in rows for pk in pair if pk} | {draft.unit_id}
    list(Unit.objects.select_for_update(no_key=True).filter(pk__in=units).order_by("pk"))


def _apply(decision: Decision, lines: Sequence[DraftLine]) -> set[int]:
    """Write what the lines say as dated facts. Returns the registrations that were touched."""
    rows = [line.dossier.registration for line in lines if line.dossier and line.verdict == Verdict.RECOGNISE]
    renewed, touched = earlier_recognitions(rows, decision.level_id), set[int]()
    for line in lines:
        if line.dossier and line.verdict == Verdict.RECOGNISE:
            row = line.dossier.registration
            Recognition.objects.create(
                registration=row,
                decision=decision,
                level=decision.level,
                title=line.title or row.title,
                subject=line.subject or row.subject,
                renews=renewed.get(row.model_id or 0),
                grade=line.grade,
                graded_in=decision if line.grade else None,
            )
            touched.add(row.pk)
        elif line.commendation and line.verdict == Verdict.COMMEND:
            line.commendation.decision = decision
            line.commendation.recipient, line.commendation.reason = line.subject, line.reason  # as the decision says
            line.commendation.save(update_fields=["decision", "recipient", "reason"])
        elif line.recognition and line.verdict == Verdict.GRADE:
            Recognition.objects.filter(pk=line.recognition.pk).update(grade=line.grade, graded_in=decision)
        elif line.recognition and line.verdict == Verdict.UNGRADE:
            taken = {"ungraded_on": decision.decided_on, "ungraded_by": decision}
            Recognition.objects.filter(pk=line.recognition.pk).update(**taken)
        elif line.recognition and line.verdict in (Verdict.REVOKE, Verdict.RETITLE):
            old = Recognition.objects.select_for_update().get(pk=line.recognition.pk)
            old.revoked_on, old.revoked_by = decision.decided_on, decision
            old.save(update_fields=["revoked_on", "revoked_by"])
            touched.add(old.registration_id)
            if line.verdict == Verdict.RETITLE:
                Recognition.objects.create(
                    registration_id=old.registration_id,
                    decision=decision,
                    level=old.level,
                    title=line.title,
                    subject=line.subject or old.subject,
                    renews=old.renews,
                    grade=old.grade,
                    graded_in=old.graded_in,
                    ungraded_on=old.ungraded_on,
                    ungraded_by=old.ungraded_by,
                )
    return touched


def _tell_units(draft: DecisionDraft, decision: Decision, lines: Sequence[DraftLine], actor: User) -> None:
    """Each unit what became of its models; of a unit that ended, those who follow it."""
    people: dict[int, list[User]] = {}
    for line in lines:
        held = line.recognition or (line.commendation.recognition if line.commendation else None)
        row = line.dossier.registration if line.dossier else held.registration if held else None
        assert row is not None  # the database holds a line to one of the three
        place = (line.dossier.unit if line.dossier else None) or row.place or row.unit
        if place.pk not in people:
            people[place.pk] = _people(place, row)
        body = [
            f"Quyết định số {decision}, ngày {write_day(decision.decided_on)}",
            line.reason,
            f"Cần khắc phục: {line.mend}" if line.mend else "",
        ]
        tell(
            recipients=[one for one in people[place.pk] if one.pk != actor.pk],
            event_key=f"decision:{decision.pk}:{line.pk}",
            subject=f"{_said(line)}: {quoted(row.title[:180])}",
            body="\n".join(part for part in body if part),
            link=link_to("recognition:dossier", line.dossier.pk)
            if line.dossier
            else link_to("recognition:decision", decision.pk),
        )


def _said(line: DraftLine) -> str:
    return f"{line.get_verdict_display()}, {line.grade}" if line.grade else line.get_verdict_display()


def _people(unit: Any, row: Any) -> list[User]:
    found = holders(May.PROPOSE, unit, acting_day(row.season))
    if found and unit_tree().exists(unit.pk, today()):
        return found
    heirs = [heir for heir in unit.successions.select_related("successor") if heir.effective_on <= today()]
    return found + [one for heir in heirs for one in holders(May.PROPOSE, heir.successor, today())]


def add_signed(*, decision_id: int, file: "UploadedFile[bytes]", actor: User) -> DecisionFile:
    """The signed copy of a published decision, with what its signatures say. One that another replaces is kept beside it."""
    sent = receive(file, unnamed="ban-ky", taken=(PDF, *PHOTOS))
    signatures = signatures_of(sent)
    with transaction.atomic():
        decision = Decision.objects.select_for_update(of=("self",)).select_related("issuer").get(pk=decision_id)
        if not (can_run(actor, decision.issuer) or can_decide(actor, decision.issuer)):
            raise NotAllowed("Vai trò của đồng chí không gửi bản ký của quyết định này.")
        there = decision.files.filter(kind=DecisionFile.Kind.SIGNED, replaced_at__isnull=True).first()
        if there and there.digest == sent.digest:
            return there
        if there:
            there.replaced_at = timezone.now()
            there.save(update_fields=["replaced_at"])
        made = DecisionFile(
            decision=decision,
            kind=DecisionFile.Kind.SIGNED,
            file_name=sent.name,
            content_type=sent.kind.content_type,
            digest=sent.digest,
            signatures=signatures,
            sent_by=actor,
        )
        made.file.save(f"{made.pk}{sent.kind.suffix}", sent.content, save=False)
        made.save()
        record(actor=actor, action=AuditAction.ADD_SIGNED, target=decision, unit=decision.issuer, note=made.file_name)
    return made
