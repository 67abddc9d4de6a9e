"""The way of a registration: sent, returned, accepted, withdrawn, reopened. Whatever a person does to its `state` is done here.

A paper that says it was withdrawn (`texts.withdraw`) and a register that is stored bring a state with them; what was sent twice in a
season is set aside by `repeats`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from common.addresses import link_to
from common.dates import today, write_day
from common.exceptions import DomainError
from common.text import clean, clean_lines, quoted
from models_registry.audit_actions import AuditAction
from models_registry.boxes import BOXES
from models_registry.enums import SENT, Action, Kind, LinkState, State
from models_registry.marking import Marks, marked_boxes
from models_registry.models import (
    EmulationModel,
    PendingMarks,
    Registration,
    RegistrationSheet,
    RegistrationStep,
    ReturnMark,
    ReturnReason,
    Takeback,
)
from models_registry.permissions import can_write, check
from models_registry.selectors.checking import acting_place, last_sending
from models_registry.selectors.scope import visible_to
from models_registry.selectors.sheets import answers_of_line, due_on, first_sent_on, sheet_context, taken_until
from models_registry.selectors.similar import Similar, similar
from models_registry.services.catalogue import refresh_counts, take_latest
from models_registry.services.checking import as_it_was, model_as_it_was
from models_registry.services.continuity import plain_match, settle_typed, units_to_search
from models_registry.services.handing import check_carried, move_to_heir
from models_registry.services.lines import begin_model, place_in, stand_at
from models_registry.services.locks import lock_registration
from models_registry.services.repeats import ask_repeats
from models_registry.services.seasons import check_time
from models_registry.transitions import next_state
from models_registry.validators import read_sheet
from notifications.services import mark_resolved, tell
from organisation.audit import record
from organisation.models import Reader, User
from organisation.roles import May
from organisation.selectors.people import holders

LONG_ALIKE = 0.5  # from this likeness on, a model of the same place needs the officer's word that it is another


class SheetIncomplete(DomainError):
    """The sheet cannot be sent or accepted; `errors` says what is wrong at which field."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(f"Còn {len(errors)} chỗ phải sửa trước khi gửi.")
        self.errors = errors


class SimilarUnanswered(DomainError):
    """Models with a like title at the same place that the officer has not yet called different; `hits` are they."""

    def __init__(self, hits: list[Similar]) -> None:
        super().__init__("Có mô hình gần giống tại nơi này. Xin ghi khác ở chỗ nào, hoặc duy trì mô hình cũ.")
        self.hits = hits


@dataclass(frozen=True)
class Mark:
    """A box to mend and why: the id of a listed reason, own words, or both."""

    box: int
    reason_id: int | None = None
    words: str = ""


def marks_of(marks: Marks) -> list[Mark]:
    """The boxes that a checker marked on a page."""
    listed = {number: marks.get(f"ly-do-{number}", "") for number in marked_boxes(marks)}
    return [Mark(n, int(why) if why.isdigit() else None, marks.get(f"loi-{n}", "")) for n, why in listed.items()]


class SentAgain(DomainError):
    """What was looked at is not what waits any more: the unit has sent it again."""

    def __init__(self) -> None:
        super().__init__("Đơn vị vừa gửi lại đăng ký này. Các mục đã đánh dấu vẫn giữ; xin xem phần mới sửa rồi quyết định.")


@transaction.atomic
def change_state(
    *, registration_id: int, action: Action, actor: User, note: str = "", marks: Iterable[Mark] = (), sending: int | None = None
) -> Registration:
    """Do one action of the workflow: who, when, change, step, audit, messages after the commit. `sending`: the step by which what
    is decided about was sent.

    Raises NotAllowed, InvalidTransition, SheetIncomplete, SimilarUnanswered, SentAgain, DomainError.
    """
    also = units_to_search(registration_id) if action == Action.ACCEPT else ()
    registration = lock_registration(registration_id, also)
    check(action, actor, registration)
    target = next_state(registration.state, action)
    if sending is not None and sending != last_sending(registration).pk:
        raise SentAgain
    note, wanted = clean_lines(note), list(marks)
    if action in (Action.WITHDRAW, Action.REOPEN) and not note:
        raise DomainError("Xin ghi lý do.", field="reason")
    if action == Action.RETURN and not (note or wanted):
        raise DomainError("Xin chọn ít nhất một mục phải sửa, hoặc ghi lý do trả lại.")
    kept, since = _DO[action](registration, actor), registration.state_since
    before, registration.state, registration.state_since = registration.state, target, timezone.now()
    registration.save()
    if action == Action.ACCEPT:
        settle_typed(registration, actor)
        ask_repeats(registration.season, registration.unit)
    is_decision = action in (Action.ACCEPT, Action.RETURN)
    step = RegistrationStep.objects.create(
        registration=registration,
        action=action,
        actor=actor,
        actor_name=str(actor),
        note=note,
        snapshot={} if is_decision else kept,
    )
    if is_decision:
        Takeback.objects.create(step=step, before=kept | {"state_since": since.isoformat()})
        PendingMarks.objects.filter(registration=registration, checker=actor).delete()
    _mark(step, wanted)
    _count(registration, action)
    mark_resolved(link=link_to("models_registry:registration", registration.pk))
    registration.refresh_from_db(fields=["is_latest"])
    changes = {"state": [before, target]}
    record(
        actor=actor,
        action=AuditAction(f"{action}-registration"),
        target=registration,
        unit=registration.unit,
        note=note,
        changes=changes,
    )
    _tell(registration, step, actor)
    return registration


def _submit(registration: Registration, actor: User) -> dict[str, Any]:
    check_carried(registration, actor, May.WRITE_REGISTRATION)
    sheet = RegistrationSheet.objects.get(registration=registration)
    if registration.state == State.DRAFT:
        move_to_heir(registration, sheet)
        check_time(registration.season, registration.place or registration.unit)
    elif today() > (until := taken_until(registration)):
        raise DomainError(f"Đã hết hạn sửa và gửi lại: đến hết ngày {write_day(until)}. Xin đề nghị cấp trên gia hạn.")
    sheet.writers.add(actor)
    errors = read_sheet(sheet.answers, sheet_context(registration)).errors
    if errors:
        raise SheetIncomplete(errors)
    if twin := twin_of(registration):
        raise DomainError(_TWIN.format(title=quoted(twin.title), state=twin.get_state_display().lower()))
    unanswered = unanswered_similar(actor, registration)
    if unanswered:
        raise SimilarUnanswered(unanswered)
    return dict(sheet.answers)


_TWIN = (
    "Năm nay đã có một đăng ký cùng tên, địa bàn và người thực hiện: {title} ({state}). "
    "Cùng một việc thì không đăng ký lần nữa; đã rút nhầm thì xin mở lại đăng ký ấy; việc khác thì xin đặt tên khác."
)


def twin_of(registration: Registration) -> Registration | None:
    """The registration of the same season and unit with the same title, place and doer that stands in the register or is sent."""
    same = Registration.objects.filter(season=registration.season, unit=registration.unit, identity_key=registration.identity_key)
    there = same.filter(Q(registered_on__isnull=False) | Q(state__in=SENT))
    return there.exclude(pk=registration.pk).first()


def unanswered_similar(user: Reader, registration: Registration) -> list[Similar]:
    """Like titles at the same place that need a word before sending; what a mass organisation runs there first. What a maintained
    one may carry on from an earlier year is no rival: it is linked, or asked about, once it is accepted.
    """
    answered = set(registration.differences.values_list("other", flat=True))
    hits = similar(user, registration.title, to=registration)
    if registration.kind == Kind.MAINTAINED:
        hits = [hit for hit in hits if hit.row.season.year >= registration.season.year]
    return [
        hit for hit in hits if hit.is_same_place and (hit.is_movement or hit.ratio >= LONG_ALIKE) and hit.row.pk not in answered
    ]


def _return(registration: Registration, actor: User) -> dict[str, Any]:
    return {}


def _accept(registration: Registration, actor: User) -> dict[str, Any]:
    """Bring the sheet into the register's line: from now on it counts, from the day it was first sent; sent
    later, in the time that was granted, from the last of the season's year. Returns what takes it back."""
    check_carried(registration, actor, May.CHECK_REGISTRATION)
    sheet = RegistrationSheet.objects.select_for_update().get(registration=registration)
    before, context = as_it_was(registration, sheet), sheet_context(registration)
    reading = read_sheet(sheet.answers, context)
    if reading.errors:
        raise DomainError(f"Chưa nhận được: {next(iter(reading.errors.values()))} Xin trả lại để đơn vị sửa.")
    values = reading.values
    registration.title, registration.subject, registration.content = values["title"], values["subject"], values["method"]
    registration.field_id, registration.kind = values["field"], values["kind"]
    registration.subject_kind = values["subject_kind"]
    stand_at(registration, place_in(values, context))
    if twin := twin_of(registration):
        raise DomainError(_TWIN.format(title=quoted(twin.title), state=twin.get_state_display().lower()))
    if registration.model_id is None and registration.kind == Kind.MAINTAINED:
        registration.model = plain_match(registration)
    before["models"] = model_as_it_was(registration.model)
    _settle_model(registration, values)
    sent_on = first_sent_on(registration) or today()
    registration.registered_on = registration.registered_on or min(sent_on, registration.season.ends_on)
    sheet.accepted = dict(sheet.answers)
    sheet.save(update_fields=["accepted"])
    return before


_TEXTS = {"why": "situation", "how": "method", "cost": "resources", "outcome": "outputs", "spread": "upkeep"}


def _settle_model(registration: Registration, values: dict[str, Any]) -> None:
    """The model that the registration begins or carries on; its page says what was accepted, unless it quotes a source."""
    if registration.model_id is None:
        model = begin_model(title=registration.title, unit_id=registration.unit_id, identity=registration.identity_key)
        registration.is_latest = True
    else:
        model = EmulationModel.objects.select_for_update().get(pk=registration.model_id)
        newer = Registration.objects.in_register().filter(model=model, season__year__gt=registration.season.year)
        if newer.exists():  # the model's page shows its newest year
            registration.model = model
            return
        model.title, model.identity_key = registration.title, registration.identity_key
    if not model.source:
        for name, answer in _TEXTS.items():
            setattr(model, name, values[answer] or "")
        model.began = model.began or write_day(values["starts_on"])
    model.save()
    registration.model = model


def _withdraw(registration: Registration, actor: User) -> dict[str, Any]:
    registration.withdrawn_on = max(today(), registration.registered_on or today())
    return {}


def _reopen(registration: Registration, actor: User) -> dict[str, Any]:
    """Give a registration back for mending; its line stays in the register as it was until it is accepted again.

    One that was withdrawn stands again as if it never had been; the steps and the audit trail keep both.
    """
    check_carried(registration, actor, May.CHECK_REGISTRATION)
    if repeat := registration.repeats.filter(state=LinkState.CONFIRMED).select_related("earlier").first():
        said = f"Đăng ký này đã ghi là một với {quoted(repeat.earlier)} ({repeat.earlier.unit_name})."
        raise DomainError(f"{said} Hai việc khác nhau thì xin gỡ ở trang “Nối với năm trước”, phần “Gửi hai lần”.")
    registration.withdrawn_on = None
    sheet, made = RegistrationSheet.objects.get_or_create(registration=registration)
    if made:
        sheet.answers = sheet.accepted = answers_of_line(registration)
    else:
        line = answers_of_line(registration)  # an import may have corrected the line since
        sheet.answers = sheet.accepted | line
    sheet.version += 1
    sheet.save()
    return dict(sheet.answers)  # what the next sending is compared with


_DO = {
    Action.SUBMIT: _submit,
    Action.RETURN: _return,
    Action.ACCEPT: _accept,
    Action.WITHDRAW: _withdraw,
    Action.REOPEN: _reopen,
}


def _mark(step: RegistrationStep, marks: list[Mark]) -> None:
    listed = ReturnReason.objects.in_bulk([mark.reason_id for mark in marks if mark.reason_id])
    made = []
    for mark in marks:
        reason = listed.get(mark.reason_id or 0)
        if not 1 <= mark.box <= len(BOXES):
            raise DomainError("Phiếu chỉ có chín mục.")
        if not (reason or clean(mark.words)):
            raise DomainError(f"Mục {mark.box}: xin chọn lý do hoặc ghi rõ cần sửa gì.")
        made.append(
            ReturnMark(
                step=step,
                box=mark.box,
                reason=reason,
                reason_words=reason.words if reason else "",
                words=clean_lines(mark.words),
            )
        )
    ReturnMark.objects.bulk_create(made)


def _count(registration: Registration, action: Action) -> None:
    seasons, units = {registration.season_id}, {registration.unit_id}
    if action == Action.ACCEPT and registration.model_id:
        take_latest([registration.model_id])
        for season_id, unit_id in Registration.objects.filter(model=registration.model_id).values_list("season_id", "unit_id"):
            seasons.add(season_id)
            units.add(unit_id)
    refresh_counts(season_ids=seasons, unit_ids=units)


_SAID = {
    Action.SUBMIT: "Chờ xét: {title}",
    Action.RETURN: "Trả lại để sửa: {title}",
    Action.ACCEPT: "Đã nhận: {title}",
    Action.WITHDRAW: "Đã rút: {title}",
    Action.REOPEN: "Mở lại để sửa: {title}",
}


def concerned(registration: Registration, *, checks: bool) -> Iterable[User]:
    """Who is told of a registration: those who check it; or those who wrote it, where nobody did those who write for its place."""
    day, unit, place = acting_place(registration)
    if checks:
        return holders(May.CHECK_REGISTRATION, unit, day)
    sheet = getattr(registration, "sheet", None)
    wrote = [person for person in sheet.writers.filter(is_active=True) if can_write(person, registration)] if sheet else []
    return wrote or holders(May.WRITE_REGISTRATION, place or unit, day)


def _tell(registration: Registration, step: RegistrationStep, actor: User) -> None:
    """A message to whom the step concerns: those who check, when the writer acts; those who wrote, when the checker does."""
    people = concerned(registration, checks=step.action in (Action.SUBMIT, Action.WITHDRAW))
    wrong = "\n".join(str(mark) for mark in step.marks.all())
    lines = [f"{registration.place_name or registration.unit_name}. {actor}, {write_day(today())}.", wrong, step.note]
    if registration.state == State.RETURNED:
        lines.append(f"Sửa và gửi lại đến hết ngày {write_day(due_on(registration))}.")
    tell(
        recipients=[person for person in people if person.pk != actor.pk],
        event_key=f"step:{step.pk}",
        subject=_SAID[Action(step.action)].format(title=quoted(registration.title[:200])),
        body="\n".join(line for line in lines if line),
        link=link_to("models_registry:registration", registration.pk),
    )


@dataclass(frozen=True)
class Done:
    """One of many: what became of it; `error` empty when it went well."""

    registration_id: int
    title: str
    error: str = ""


def change_many(
    *, registration_ids: Iterable[int], action: Action, actor: User, note: str = "", marks: Iterable[Mark] = ()
) -> list[Done]:
    """Do one action to many, each in a transaction of its own: one that fails stops no other and is named with its reason."""
    marks, done = list(marks), []
    for pk in dict.fromkeys(registration_ids):
        title = Registration.objects.filter(pk=pk).values_list("title", flat=True).first() or ""
        try:
            change_state(registration_id=pk, action=action, actor=actor, note=note, marks=marks)
        except DomainError as error:
            done.append(Done(pk, title, str(error)))
        else:
            done.append(Done(pk, title))
    return done


@transaction.atomic
def say_different(*, registration_id: int, others: Iterable[int], reason: str, actor: User) -> int:
    """Keep the officer's word that this is not the same thing as the others, and why. Returns how many were new."""
    registration = lock_registration(registration_id)
    check(Action.SUBMIT, actor, registration)
    next_state(registration.state, Action.SUBMIT)
    said = clean(reason)
    if len(said) < 5:
        raise DomainError("Xin ghi khác ở chỗ nào, vài chữ là đủ.")
    if len(said) > 500:
        raise DomainError("Lý do dài quá 500 ký tự.")
    made = 0
    for other in visible_to(actor).filter(pk__in=list(others)).exclude(pk=registration.pk):
        _, new = registration.differences.get_or_create(other=other, defaults={"reason": said, "said_by": actor})
        made += new
    if made:
        record(actor=actor, action=AuditAction.SAY_DIFFERENT, target=registration, unit=registration.unit, note=said)
    return made
