"""Commendations proposed for recognised models, their decision, the conference; introductions to the centre."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max

from common.dates import today, write_day
from common.exceptions import DomainError, NotAllowed
from common.text import clean, clean_lines, quoted
from models_registry.enums import SubjectKind
from models_registry.models import Registration, Season
from organisation.audit import record
from organisation.models import Unit, User
from organisation.selectors.units import unit_on
from recognition.audit_actions import AuditAction
from recognition.enums import Award, DraftState, Purpose, Verdict
from recognition.models import (
    CentralIntroduction,
    Commendation,
    Conference,
    ConferenceEntry,
    DecisionDraft,
    DraftLine,
    Recognition,
)
from recognition.permissions import can_run
from recognition.services.conferences import ConferenceFacts
from recognition.services.honours import refresh_honours


def _lock_body(unit: Unit, actor: User) -> None:
    if not can_run(actor, unit):
        raise NotAllowed("Vai trò của đồng chí không làm việc này cho đơn vị.")
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)


@transaction.atomic
def propose_commendations(*, unit: Unit, recognition_ids: Sequence[int], award: str, actor: User) -> list[Commendation]:
    """Propose an award for who made each of the recognised models; one that is proposed already stays. Raises DomainError."""
    _lock_body(unit, actor)
    if award not in Award.values:
        raise DomainError("Xin chọn giấy khen hay bằng khen.")
    rows = Recognition.objects.filter(pk__in=list(recognition_ids), revoked_on__isnull=True).select_related("registration")
    made = []
    for one in rows.filter(decision__issuer=unit):
        recipient = one.subject or one.registration.place_name or one.registration.unit_name
        new, _ = Commendation.objects.get_or_create(
            recognition=one,
            award=award,
            recipient=recipient,
            defaults={
                "unit": unit,
                "recipient_kind": one.registration.subject_kind,
                "reason": f"Có thành tích trong thực hiện mô hình {quoted(one.title)}.",
                "proposed_on": today(),
                "proposed_by": actor,
            },
        )
        made.append(new)
    if not made:
        raise DomainError("Xin chọn ít nhất một mô hình còn hiệu lực công nhận của đơn vị.")
    record(
        actor=actor,
        action=AuditAction.PROPOSE_COMMENDATIONS,
        target=unit,
        unit=unit,
        note=f"{len(made)} {Award(award).label.lower()}",
    )
    return made


def _lock_open(commendation_id: int, actor: User) -> Commendation:
    _lock_body(Unit.objects.get(pk=Commendation.objects.values_list("unit", flat=True).get(pk=commendation_id)), actor)
    found = Commendation.objects.select_for_update(of=("self",)).select_related("unit", "decision").get(pk=commendation_id)
    if found.decision:
        raise DomainError(f"Đã khen thưởng theo Quyết định số {found.decision}; không sửa được nữa.")
    if DraftLine.objects.filter(commendation=found).exists():
        raise DomainError("Đề nghị này đang ở một dự thảo quyết định; sửa ở dự thảo, hoặc bỏ dự thảo trước.")
    return found


@transaction.atomic
def write_commendation(*, commendation_id: int, recipient: str, recipient_kind: str, reason: str, actor: User) -> Commendation:
    """Who is to be commended, for what; until it is decided."""
    found = _lock_open(commendation_id, actor)
    name, why = clean(recipient)[:300], clean_lines(reason)[:2000]
    if not name:
        raise DomainError("Xin ghi tập thể, cá nhân.", field="recipient")
    if not why:
        raise DomainError("Xin ghi thành tích.", field="reason")
    if recipient_kind not in SubjectKind.values:
        raise DomainError("Xin chọn tập thể hay cá nhân.")
    same = Commendation.objects.filter(recognition=found.recognition_id, award=found.award, recipient=name).exclude(pk=found.pk)
    if same.exists():
        raise DomainError(f"“{name}” đã được đề nghị {found.get_award_display().lower()} cho mô hình này.", field="recipient")
    found.recipient, found.recipient_kind, found.reason = name, recipient_kind, why
    found.save()
    record(actor=actor, action=AuditAction.WRITE_COMMENDATION, target=found, unit=found.unit)
    return found


@transaction.atomic
def drop_commendation(*, commendation_id: int, actor: User) -> None:
    """Take back what is not decided yet."""
    found = _lock_open(commendation_id, actor)
    record(actor=actor, action=AuditAction.DROP_COMMENDATION, target=found, unit=found.unit)
    found.delete()


@transaction.atomic
def begin_commendation_draft(*, unit: Unit, actor: User) -> DecisionDraft:
    """A draft over all that is proposed and not decided; which of the unit's bodies signs is chosen in it."""
    drafts = DecisionDraft.objects.select_for_update(of=("self",)).filter(unit=unit, purpose=Purpose.COMMEND)
    open_one = drafts.exclude(state=DraftState.PUBLISHED).first()  # the draft before the unit, as publishing locks them
    _lock_body(unit, actor)
    waiting = Commendation.objects.filter(unit=unit, decision__isnull=True, recognition__revoked_on__isnull=True)
    fresh = waiting.exclude(pk__in=DraftLine.objects.filter(draft=open_one).values("commendation")) if open_one else waiting
    if not waiting:
        raise DomainError("Chưa có đề nghị khen thưởng nào chờ quyết định.")
    body = unit_on(unit, today())
    draft = open_one or DecisionDraft.objects.create(
        purpose=Purpose.COMMEND,
        unit=unit,
        level=body.level,
        prepared_by=actor,
        benefits="Mức tiền thưởng kèm theo thực hiện theo quy định hiện hành.",
        duties="Các đơn vị liên quan và các tập thể, cá nhân có tên trong danh sách chịu trách nhiệm thi hành Quyết định này.",
    )
    before = draft.lines.count()
    DraftLine.objects.bulk_create(
        DraftLine(draft=draft, commendation=one, verdict=Verdict.COMMEND, subject=one.recipient, reason=one.reason, position=n)
        for n, one in enumerate(fresh, start=before)
    )
    if open_one and len(draft.lines.all()) > before:  # what was checked has changed
        draft.state, draft.checked_by, draft.checked_at, draft.version = DraftState.PREPARING, None, None, draft.version + 1
        draft.save()
    draft.writers.add(actor)
    record(actor=actor, action=AuditAction.BEGIN_DECISION, target=draft, unit=unit)
    return draft


@transaction.atomic
def open_conference(*, unit: Unit, season: Season, facts: ConferenceFacts, actor: User) -> Conference:
    """A conference, with every model that the unit recognised in the season and that stands, collectives first."""
    _lock_body(unit, actor)
    title = clean(facts.name)[:200]
    if not title:
        raise DomainError("Xin đặt tên hội nghị.", field="name")
    made, new = Conference.objects.get_or_create(
        unit=unit,
        season=season,
        name=title,
        defaults={"held_on": facts.held_on, "starts_at": facts.starts_at, "place": clean(facts.place)[:200]},
    )
    if new:
        standing = Recognition.objects.filter(decision__issuer=unit, registration__season=season, revoked_on__isnull=True)
        rows = standing.select_related("registration__model").order_by("-registration__subject_kind", "title")
        ordered = sorted(rows, key=lambda one: one.registration.subject_kind == SubjectKind.INDIVIDUAL)
        ConferenceEntry.objects.bulk_create(
            ConferenceEntry(conference=made, recognition=one, position=n, story=_story(one))
            for n, one in enumerate(ordered, start=1)
        )
        record(actor=actor, action=AuditAction.OPEN_CONFERENCE, target=made, unit=unit)
    return made


def _story(one: Recognition) -> str:
    """A first text out of what the model says of itself; nothing is made up."""
    model = one.registration.model
    parts = [model.why, model.how, model.outcome] if model else []
    return "\n".join(part for part in parts if part) or one.registration.content


@transaction.atomic
def add_entries(*, conference_id: int, recognition_ids: Sequence[int], actor: User) -> int:
    """Further models to the end of the list. Returns how many are new."""
    found = Conference.objects.select_for_update(of=("self",)).select_related("unit").get(pk=conference_id)
    _lock_body(found.unit, actor)
    last = found.entries.aggregate(last=Max("position"))["last"] or 0
    rows = Recognition.objects.filter(pk__in=list(recognition_ids), decision__issuer=found.unit, revoked_on__isnull=True)
    new = rows.exclude(pk__in=found.entries.values("recognition")).select_related("registration__model")
    made = [
        ConferenceEntry(conference=found, recognition=one, position=last + n, story=_story(one)) for n, one in enumerate(new, 1)
    ]
    ConferenceEntry.objects.bulk_create(made)
    return len(made)


@transaction.atomic
def introduce(*, recognition_ids: Sequence[int], introduced_on: date, programme: str, paper: str = "", actor: User) -> int:
    """Introduce models that the province recognised, and that stand, to the centre. Returns how many are new."""
    rows = Recognition.objects.filter(pk__in=list(recognition_ids), revoked_on__isnull=True, level__gathers_registers=True)
    found = list(rows.select_related("decision__issuer", "registration__season").order_by("registration__unit", "pk"))
    if not found:
        raise DomainError("Chỉ giới thiệu mô hình đang được cấp tỉnh công nhận. Xin chọn ít nhất một mô hình.")
    for unit in {one.decision.issuer for one in found}:
        if not can_run(actor, unit):
            raise NotAllowed("Vai trò của đồng chí không giới thiệu mô hình của cấp này.")
    units = {one.registration.unit_id for one in found}
    list(Unit.objects.select_for_update(no_key=True).filter(pk__in=units).order_by("pk"))
    new = 0
    for one in found:
        if introduced_on < one.decision.decided_on or introduced_on > today():
            raise DomainError(
                f"Ngày giới thiệu {write_day(introduced_on)} phải từ ngày công nhận {write_day(one.decision.decided_on)} đến hôm nay.",
                field="day",
            )
        _, made = CentralIntroduction.objects.get_or_create(
            registration=one.registration,
            defaults={
                "introduced_on": introduced_on,
                "programme": clean(programme)[:300],
                "paper": clean(paper)[:60],
                "recorded_by": actor,
            },
        )
        if made:
            new += 1
            record(
                actor=actor,
                action=AuditAction.INTRODUCE,
                target=one.registration,
                unit=one.decision.issuer,
                note=clean(programme),
            )
    refresh_honours([one.registration_id for one in found])
    return new


@transaction.atomic
def withdraw_introduction(
    *, registration_id: int, withdrawn_on: date, why: str, paper: str = "", actor: User
) -> CentralIntroduction:
    """An introduction ends on a day, for a reason; it counted until then."""
    row = Registration.objects.select_related("unit").get(pk=registration_id)
    Unit.objects.select_for_update(no_key=True).get(pk=row.unit_id)
    found = CentralIntroduction.objects.select_for_update().get(registration=row)
    held = Recognition.objects.filter(registration=row, level__gathers_registers=True).select_related("decision__issuer").last()
    if held is None or not can_run(actor, held.decision.issuer):
        raise NotAllowed("Vai trò của đồng chí không rút giới thiệu của cấp này.")
    said = clean(why)[:300]
    if not said:
        raise DomainError("Xin ghi lý do rút giới thiệu.", field="words")
    if found.withdrawn_on:
        return found
    if not found.introduced_on <= withdrawn_on <= today():
        raise DomainError(f"Ngày rút phải từ ngày giới thiệu {write_day(found.introduced_on)} đến hôm nay.", field="day")
    found.withdrawn_on, found.withdrawn_why, found.withdrawn_paper = withdrawn_on, said, clean(paper)[:60]
    found.save(update_fields=["withdrawn_on", "withdrawn_why", "withdrawn_paper"])
    record(actor=actor, action=AuditAction.WITHDRAW_INTRODUCTION, target=row, unit=held.decision.issuer, note=said)
    refresh_honours([row.pk])
    return found


@transaction.atomic
def withdraw_introductions(
    *, registration_ids: Sequence[int], withdrawn_on: date, why: str, paper: str = "", actor: User
) -> list[CentralIntroduction]:
    """All of them, or none."""
    given: dict[str, Any] = {"withdrawn_on": withdrawn_on, "why": why, "paper": paper, "actor": actor}
    return [withdraw_introduction(registration_id=pk, **given) for pk in sorted(registration_ids)]
