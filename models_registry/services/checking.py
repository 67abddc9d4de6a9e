"""What a checker does beside deciding: marks are kept until they are sent, a decision is taken back within its time."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from common.addresses import link_to
from common.exceptions import DomainError, NotAllowed
from common.text import quoted
from common.transitions import InvalidTransition
from models_registry.audit_actions import AuditAction
from models_registry.enums import DECIDED, Action, State
from models_registry.marking import NOTE, OTHER, Marks, joined
from models_registry.models import (
    CheckingHabit,
    Continuity,
    EmulationModel,
    PendingMarks,
    Registration,
    RegistrationSheet,
    RegistrationStep,
    Repeat,
    Takeback,
)
from models_registry.permissions import can_check, can_write, check, has_written
from models_registry.selectors.checking import last_sending
from models_registry.services.catalogue import latest_again, refresh_counts
from models_registry.services.lines import derive
from models_registry.services.locks import lock_registration
from models_registry.services.repeats import built_on
from models_registry.transitions import UNDO_WITHIN, next_state
from notifications.services import mark_resolved, take_back, tell
from organisation.audit import record
from organisation.models import User, Visitor


@dataclass(frozen=True)
class Kept:
    """What became of marks that were saved: `texts` stand now; `conflicts` is what another tab wrote where this one wrote otherwise,
    which stands; `others` are the texts of another tab that this one does not show.
    """

    texts: Marks
    conflicts: Marks
    others: Marks
    at: datetime


@transaction.atomic
def keep_marks(*, registration_id: int, texts: Marks, base: Marks, actor: User) -> Kept:
    """Keep one's own marks until they are sent; `base` is what this tab showed of them before. Raises NotAllowed, InvalidTransition."""
    registration = Registration.objects.select_related("season", "unit", "place", "handover").get(pk=registration_id)
    check(Action.RETURN, actor, registration)
    next_state(registration.state, Action.RETURN)
    sending, now = last_sending(registration), timezone.now()
    kept, is_new = PendingMarks.objects.select_for_update(of=("self",)).get_or_create(
        registration=registration, checker=actor, defaults={"texts": texts, "sending": sending, "saved_at": now}
    )
    if is_new:
        return Kept(texts, {}, {}, kept.saved_at)
    stood = kept.texts
    kept.texts, conflicts = joined(base, texts, stood)
    kept.sending, kept.saved_at = sending, now
    kept.save()
    others = {name: text for name, text in kept.texts.items() if texts.get(name, "") != text and name not in conflicts}
    return Kept(kept.texts, conflicts, others, kept.saved_at)


@transaction.atomic
def use_keys(*, actor: User, has_keys: bool) -> None:
    CheckingHabit.objects.update_or_create(user=actor, defaults={"has_keys": has_keys})


def note_opened(*, registration: Registration, reader: Visitor) -> None:
    """The unit has opened what was decided: from now on the decision stands. A reader who checks is not the unit, but for one who
    wrote in it.
    """
    decided = registration.state in (State.RETURNED, State.ACCEPTED)
    if not decided or registration.state_since < timezone.now() - UNDO_WITHIN:
        return
    if has_written(reader, registration) or (can_write(reader, registration) and not can_check(reader, registration)):
        fresh = Takeback.objects.filter(step__registration=registration, opened_at=None, undone_at=None)
        fresh.exclude(step__actor=reader.pk).update(opened_at=timezone.now())


def as_it_was(registration: Registration, sheet: RegistrationSheet) -> dict[str, Any]:
    """What accepting is about to change, for a Takeback. The model is told by `model_as_it_was` once it is known which it is."""
    return {"row": _values(registration, ROW), "accepted": sheet.accepted, "models": []}


def model_as_it_was(model: EmulationModel | None) -> list[dict[str, Any]]:
    return [{"pk": model.pk} | _values(model, MODEL)] if model and model.pk else []


ROW = (
    "title",
    "subject",
    "place_id",
    "place_name",
    "hamlet",
    "field_id",
    "kind",
    "subject_kind",
    "content",
    "registered_on",
    "model_id",
    "is_latest",
    "identity_key",
)
MODEL = ("title", "identity_key", "unit_id", "why", "how", "cost", "outcome", "spread", "began")


def _values(thing: Any, names: tuple[str, ...]) -> dict[str, Any]:
    values = {name: getattr(thing, name) for name in names}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


@transaction.atomic
def undo_check(*, step_id: int, actor: User) -> Registration:
    """Take one's own acceptance or return back: the registration waits again as it did, with what was marked.

    Raises NotAllowed, InvalidTransition, DomainError where the time is over, the unit has opened it or something hangs on it.
    """
    step = RegistrationStep.objects.filter(pk=step_id, actor=actor, takeback__isnull=False).first()
    if step is None:
        raise NotAllowed("Chỉ người vừa xét hoàn tác được.")
    registration = lock_registration(step.registration_id)
    check(Action.UNDO, actor, registration)
    takeback = Takeback.objects.select_for_update(of=("self",)).select_related("step").get(pk=step.pk)
    before = registration.state
    if takeback.undone_at or registration.steps.exclude(pk=step.pk).filter(at__gte=step.at).exists():
        raise InvalidTransition("Việc này đã hoàn tác, hoặc đăng ký đã đi bước tiếp theo.")
    target = next_state(before, Action.UNDO)
    if takeback.opened_at:
        raise DomainError("Đơn vị đã mở xem nên không hoàn tác được nữa. Cần sửa thì dùng “Mở lại để sửa”.")
    if not takeback.is_open:
        raise DomainError("Đã quá 10 phút nên không hoàn tác được nữa. Cần sửa thì dùng “Mở lại để sửa”.")
    registration.state = target
    registration.state_since = parse_datetime(takeback.before["state_since"]) or step.at
    seasons, units = {registration.season_id}, {registration.unit_id}
    if step.action == Action.ACCEPT:
        seasons_more, units_more = _take_out(registration, takeback.before)
        seasons, units = seasons | seasons_more, units | units_more
    registration.save()
    takeback.undone_at = timezone.now()
    takeback.save(update_fields=["undone_at"])
    refresh_counts(season_ids=seasons, unit_ids=units)
    _mark_again(registration, step, actor)
    made = RegistrationStep.objects.create(registration=registration, action=Action.UNDO, actor=actor, actor_name=str(actor))
    record(
        actor=actor,
        action=AuditAction.UNDO_CHECK_REGISTRATION,
        target=registration,
        unit=registration.unit,
        changes={"state": [before, target]},
    )
    _tell_undone(registration, step, made, actor)
    return registration


def _take_out(registration: Registration, before: dict[str, Any]) -> tuple[set[int], set[int]]:
    """Take what was accepted out of the register again. Returns the seasons and units in which that changes counts."""
    if built := _built_since(registration, before):
        raise DomainError(f"Không hoàn tác được: {built}. Cần sửa thì dùng “Mở lại để sửa”.")
    model, row = registration.model, dict(before["row"])
    row["registered_on"] = date.fromisoformat(row["registered_on"]) if row["registered_on"] else None
    Continuity.objects.filter(registration=registration, is_by_hand=False).exclude(state__in=DECIDED).delete()
    if row["registered_on"] is None:
        registration.repeats.all().delete()
    for name, value in row.items():
        setattr(registration, name, value)
    derive(registration)
    registration.save()
    RegistrationSheet.objects.filter(registration=registration).update(accepted=before["accepted"])
    for old in before["models"]:
        EmulationModel.objects.filter(pk=old["pk"]).update(**{name: old[name] for name in MODEL})
    if model is None:
        return set(), set()
    EmulationModel.objects.filter(pk=model.pk, registrations__isnull=True).delete()
    latest_again([model.pk])
    rows = list(Registration.objects.filter(model=model.pk).values_list("season", "unit"))
    return {season for season, _ in rows}, {unit for _, unit in rows}


def _built_since(registration: Registration, before: dict[str, Any]) -> str:
    """What hangs on the acceptance already, in words."""
    if built := built_on(registration):
        return f"đã có {built}"
    if Continuity.objects.filter(registration=registration, is_by_hand=True).exists():
        return "đã có người quyết định đăng ký nối với mô hình nào"
    if Repeat.objects.filter(registration=registration, state__in=DECIDED).exists():
        return "đã có người trả lời đăng ký có phải gửi hai lần"
    model = registration.model
    if model is None or model.pk in [old["pk"] for old in before["models"]]:
        return ""
    for relation in EmulationModel._meta.related_objects:
        rows = relation.related_model._default_manager.filter(**{relation.field.name: model})
        if relation.related_model is Registration:
            rows = rows.exclude(pk=registration.pk)
        if rows.exists():
            return f"mô hình đã có {relation.related_model._meta.verbose_name}"
    return ""


def _mark_again(registration: Registration, step: RegistrationStep, actor: User) -> None:
    """What was returned is marked again as it was, not sent."""
    texts = {NOTE: step.note} if step.note else {}
    for mark in step.marks.all():
        texts[f"ly-do-{mark.box}"] = str(mark.reason_id or OTHER)
        texts |= {f"loi-{mark.box}": mark.words} if mark.words else {}
    if texts:
        told = {"texts": texts, "sending": last_sending(registration), "saved_at": timezone.now()}
        PendingMarks.objects.update_or_create(registration=registration, checker=actor, defaults=told)


def _tell_undone(registration: Registration, step: RegistrationStep, made: RegistrationStep, actor: User) -> None:
    """Nobody is left with a message about what was taken back; who had it by mail, or read it, is told so."""
    link = link_to("models_registry:registration", registration.pk)
    people = take_back(event_key=f"step:{step.pk}")
    mark_resolved(link=link)
    tell(
        recipients=people,
        event_key=f"step:{made.pk}",
        subject=f"Rút lại tin trước: {quoted(registration.title[:200])} vẫn đang chờ xét",
        body=f"{actor} đã hoàn tác bước “{step.get_action_display().lower()}”.",
        link=link,
    )
