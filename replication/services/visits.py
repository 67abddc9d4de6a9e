"""Study visits: asked, answered, made and told. Each step tells the other side."""

import hashlib
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from common.addresses import link_to
from common.dates import today, write_day
from common.exceptions import DomainError, NotAllowed
from common.files import shrunk_photo
from common.text import clean, clean_lines, quoted
from models_registry.models import EmulationModel
from models_registry.selectors import models_visible_to
from notifications.services import tell
from organisation.audit import record
from organisation.models import Unit, User
from organisation.roles import May
from organisation.selectors.people import holders
from organisation.selectors.units import unit_on, versions_on
from organisation.tree import unit_tree
from replication.audit_actions import AuditAction
from replication.enums import VisitAction, VisitState
from replication.models import Adoption, StudyPhoto, StudyVisit
from replication.permissions import can_record
from replication.selectors.lines import began_on, home_of
from replication.selectors.visits import OPEN
from replication.services.locks import lock_line
from replication.transitions import next_visit_state
from replication.validators import check, read_count, read_date, read_time

PHOTOS = 20
AHEAD = timedelta(days=366)  # how far ahead a visit is asked for
LINES = 4000


@dataclass(frozen=True)
class VisitAsked:
    """What the request says, as typed."""

    wanted_on: str
    people: str
    purpose: str
    contact: str


@dataclass(frozen=True)
class VisitAnswered:
    """The host's word on when and where, as typed."""

    planned_on: str
    planned_at: str = ""
    meeting_place: str = ""
    answer: str = ""


@dataclass(frozen=True)
class VisitTold:
    """What the visitors tell afterwards, as typed."""

    visited_on: str
    people: str
    party: str
    learned: str


@transaction.atomic
def ask_visit(
    *, model_id: int, visitor: Unit, typed: VisitAsked, at_id: int | None = None, actor: User
) -> tuple[StudyVisit, bool]:
    """Ask to come to where a model is done, its own place or an adopter's (`at_id`): (the visit, whether it is new). Asked
    once more while the first is open, it is the first. Raises NotAllowed, ReplicationRefused, DomainError.
    """
    model, at, host = _host_of(model_id, at_id, visitor, today(), actor)
    errors: dict[str, str] = {}
    people = _people(typed.people, errors)
    wanted, wrong = read_date(typed.wanted_on, "Muốn đến ngày")
    if wanted is None:
        errors["wanted_on"] = wrong or "Muốn đến ngày: chưa ghi."
    elif not today() <= wanted <= today() + AHEAD:
        errors["wanted_on"] = "Muốn đến ngày: từ hôm nay đến một năm tới. Chuyến đã đi thì ghi ở “Ghi chuyến đã đi”."
    purpose, contact = clean_lines(typed.purpose), clean(typed.contact)
    _limit(errors, "purpose", "Muốn học gì", purpose, 2000)
    _limit(errors, "contact", "Người liên hệ", contact, 150)
    check(errors)
    assert wanted is not None
    known = StudyVisit.objects.filter(model=model, host=host, visitor=visitor, state__in=OPEN).first()
    if known:
        return known, False
    visit = StudyVisit.objects.create(
        model=model,
        at=at,
        host=host,
        host_name=_name(host, today()),
        visitor=visitor,
        visitor_name=_name(visitor, today()),
        wanted_on=wanted,
        people=people,
        purpose=purpose,
        contact=contact,
        asked_by=actor,
    )
    record(actor=actor, action=AuditAction.ASK_VISIT, target=visit, unit=visitor, note=str(model))
    said = [f"Muốn đến ngày {write_day(wanted)}" + (f", {people} người." if people else "."), purpose]
    _tell(visit, host, f"{visit.visitor_name} xin đến học {quoted(model.title[:150])}", "\n".join(said), actor)
    return visit, True


@transaction.atomic
def record_visit(*, model_id: int, visitor: Unit, typed: VisitTold, at_id: int | None = None, actor: User) -> StudyVisit:
    """Write down a visit that was made without having been asked for here. The same day once more is the one that is there."""
    errors: dict[str, str] = {}
    day, people, party, learned = _told(typed, errors)
    check(errors)
    assert day is not None
    model, at, host = _host_of(model_id, at_id, visitor, day, actor)
    _check_there(model, at, host, visitor, day)
    known = StudyVisit.objects.filter(model=model, host=host, visitor=visitor, visited_on=day).first()
    if known:
        return known
    visit = StudyVisit.objects.create(
        model=model,
        at=at,
        host=host,
        host_name=_name(host, day),
        visitor=visitor,
        visitor_name=_name(visitor, day),
        state=VisitState.DONE,
        wanted_on=day,
        visited_on=day,
        people=people,
        party=party,
        learned=learned,
        asked_by=actor,
    )
    record(actor=actor, action=AuditAction.TELL_VISIT, target=visit, unit=visitor, note=str(model))
    return visit


def _host_of(
    model_id: int, at_id: int | None, visitor: Unit, day: date, actor: User
) -> tuple[EmulationModel, Adoption | None, Unit]:
    """(the model where the line begins, the adopter that is visited or None, the unit that has it; who carries that one on acts
    for it). The model's row is locked: two requests of one unit come one after the other.
    """
    if not can_record(actor, visitor):
        raise NotAllowed("Vai trò của đồng chí không xin tham quan cho đơn vị này.")
    model = models_visible_to(actor).filter(pk=model_id).first()
    if model is None:
        raise DomainError("Mô hình không còn trên cổng.")
    origin, behind = lock_line(model.pk)
    at = Adoption.objects.filter(pk=at_id, origin=origin).first() if at_id else behind
    if at_id and at is None:
        raise DomainError("Nơi muốn đến không thuộc mô hình này.")
    home = at.unit_id if at else home_of(origin)[0]
    heir = unit_tree().heirs([home], day)[home]
    if visitor.pk in (home, heir):
        check({"unit": "Đây là mô hình của chính đơn vị đồng chí. Chọn đơn vị khác đến học."})
    return origin, at, Unit.objects.get(pk=home)


def _name(unit: Unit, day: date) -> str:
    """The name of who carries a unit on, on a day."""
    heir = unit_tree().heirs([unit.pk], day)[unit.pk]
    return versions_on([heir], day)[heir].name


def lock_visit(visit_id: int) -> StudyVisit:
    locked = StudyVisit.objects.select_for_update(of=("self",)).select_related("model", "host", "visitor")
    return locked.get(pk=visit_id)


def _check_side(actor: User, unit: Unit, words: str) -> None:
    if not can_record(actor, unit):
        raise NotAllowed(f"Vai trò của đồng chí không {words}.")


@transaction.atomic
def agree_visit(*, visit_id: int, typed: VisitAnswered, actor: User) -> StudyVisit:
    """The host names day, hour and place; once more it moves them. Raises NotAllowed, InvalidTransition, ReplicationRefused."""
    visit = lock_visit(visit_id)
    _check_side(actor, visit.host, "trả lời thay đơn vị đón")
    state = next_visit_state(visit.state, VisitAction.AGREE)
    errors: dict[str, str] = {}
    day, wrong = read_date(typed.planned_on, "Ngày hẹn")
    if day is None:
        errors["planned_on"] = wrong or "Ngày hẹn: chưa ghi."
    elif not today() <= day <= today() + AHEAD:
        errors["planned_on"] = "Ngày hẹn: từ hôm nay đến một năm tới."
    at, wrong = read_time(typed.planned_at, "Giờ hẹn")
    errors |= {"planned_at": wrong} if wrong else {}
    place, words = clean(typed.meeting_place), clean_lines(typed.answer)
    _limit(errors, "meeting_place", "Nơi đón", place, 300, needed=False)
    _limit(errors, "answer", "Lời nhắn", words, 2000, needed=False)
    check(errors)
    now = {"planned_on": day, "planned_at": at, "meeting_place": place, "answer": words}
    if visit.state == state and all(getattr(visit, name) == value for name, value in now.items()):
        return visit
    before = {name: getattr(visit, name) for name in now}
    for name, value in now.items():
        setattr(visit, name, value)
    _step(visit, state, actor, {name: [str(before[name] or ""), str(now[name] or "")] for name in now})
    when = f"{_hour(at)}ngày {write_day(day)}" if day else ""
    _tell(visit, visit.visitor, f"{visit.host_name} hẹn đón {when}", "\n".join(part for part in (place, words) if part), actor)
    return visit


def _hour(at: time | None) -> str:
    return f"{at.hour} giờ{f' {at.minute:02d}' if at.minute else ''} " if at else ""


def _check_why(words: str, most: int) -> None:
    check({"why": "Lý do: chưa ghi."} if not words else {"why": f"Lý do: dài quá {most} ký tự."} if len(words) > most else {})


@transaction.atomic
def decline_visit(*, visit_id: int, why: str, actor: User) -> StudyVisit:
    """The host cannot have them, and says why."""
    visit = lock_visit(visit_id)
    _check_side(actor, visit.host, "trả lời thay đơn vị đón")
    state = next_visit_state(visit.state, VisitAction.DECLINE)
    words = clean_lines(why)
    _check_why(words, 2000)
    visit.answer = words
    _step(visit, state, actor)
    _tell(visit, visit.visitor, f"{visit.host_name} chưa đón được", words, actor)
    return visit


@transaction.atomic
def cancel_visit(*, visit_id: int, why: str, actor: User) -> StudyVisit:
    """The visitors do not come, and say why."""
    visit = lock_visit(visit_id)
    _check_side(actor, visit.visitor, "thôi chuyến này thay đơn vị đến học")
    state = next_visit_state(visit.state, VisitAction.CANCEL)
    words = clean(why)
    _check_why(words, 300)
    visit.cancelled_why = words
    _step(visit, state, actor)
    _tell(visit, visit.host, f"{visit.visitor_name} thôi không đến", words, actor)
    return visit


@transaction.atomic
def tell_visit(*, visit_id: int, typed: VisitTold, actor: User) -> StudyVisit:
    """What the visitors learned, and when they were there; once more it is amended, the earlier words stay on record."""
    visit = lock_visit(visit_id)
    _check_side(actor, visit.visitor, "ghi thay đơn vị đến học")
    state = next_visit_state(visit.state, VisitAction.TELL)
    errors: dict[str, str] = {}
    day, people, party, learned = _told(typed, errors)
    check(errors)
    assert day is not None
    _check_there(visit.model, visit.at, visit.host, visit.visitor, day)
    now = {"visited_on": day, "people": people, "party": party, "learned": learned}
    changes = {
        name: [str(getattr(visit, name) or ""), str(value or "")] for name, value in now.items() if getattr(visit, name) != value
    }
    was_done = visit.state == VisitState.DONE
    if was_done and not changes:
        return visit
    for name, value in now.items():
        setattr(visit, name, value)
    _step(visit, state, actor, changes, answers=False)
    if not was_done:
        _tell(visit, visit.host, f"{visit.visitor_name} đã đến học và ghi lại", learned[:500], actor)
    return visit


def _told(typed: VisitTold, errors: dict[str, str]) -> tuple[date | None, int | None, str, str]:
    day, wrong = read_date(typed.visited_on, "Đã đến ngày")
    if day is None:
        errors["visited_on"] = wrong or "Đã đến ngày: chưa ghi."
    elif day > today():
        errors["visited_on"] = f"Đã đến ngày: {write_day(day)} chưa tới."
    people = _people(typed.people, errors)
    party, learned = clean(typed.party), clean_lines(typed.learned)
    _limit(errors, "party", "Đoàn gồm ai", party, 300, needed=False)
    _limit(errors, "learned", "Đã học được gì", learned, LINES)
    return day, people, party, learned


def _check_there(model: EmulationModel, at: Adoption | None, host: Unit, visitor: Unit, day: date) -> None:
    """A visit is made to something that has begun, between units (or who carries them on) that are there."""
    first, tree, wrong = at.adopted_on if at else began_on(model), unit_tree(), ""
    if first and day < first:
        wrong = f"nơi đến học bắt đầu làm từ {write_day(first)}."
    for unit in (host, visitor):
        if not tree.exists(tree.heirs([unit.pk], day)[unit.pk], day):
            wrong = f"{unit_on(unit, day).name} chưa hoạt động vào ngày {write_day(day)}."
    check({"visited_on": f"Đã đến ngày: {wrong}"} if wrong else {})


def _people(text: str, errors: dict[str, str]) -> int | None:
    people, wrong = read_count(text, "Số người", 1000)
    if wrong:
        errors["people"] = wrong
    return people


def _limit(errors: dict[str, str], name: str, label: str, text: str, most: int, *, needed: bool = True) -> None:
    if needed and not text:
        errors[name] = f"{label}: chưa ghi."
    elif len(text) > most:
        errors[name] = f"{label}: dài quá {most} ký tự."


def _step(
    visit: StudyVisit, state: VisitState, actor: User, changes: dict[str, list[str]] | None = None, *, answers: bool = True
) -> None:
    before, visit.state = visit.state, state
    visit.revision += 1
    if answers and state in (VisitState.AGREED, VisitState.DECLINED):
        visit.answered_by, visit.answered_at = actor, timezone.now()
    visit.save()
    unit = visit.host if state in (VisitState.AGREED, VisitState.DECLINED) else visit.visitor
    record(
        actor=actor,
        action=AuditAction(f"visit-{state.value}"),
        target=visit,
        unit=unit,
        changes={"state": [before, state.value]} | (changes or {}),
    )


def _tell(visit: StudyVisit, unit: Unit, subject: str, body: str, actor: User) -> None:
    tree = unit_tree()
    heir = Unit.objects.get(pk=tree.heirs([unit.pk], today())[unit.pk])
    people = holders(May.RECORD_ADOPTION, heir, today())
    people = people or holders(May.RECORD_ADOPTION, unit, tree.last_day(unit.pk, today()))
    tell(
        recipients=[one for one in people if one.pk != actor.pk],
        event_key=f"study-visit:{visit.pk}:{visit.revision}",
        subject=subject[:300],
        body=body,
        link=link_to("replication:visit", visit.pk),
    )


def add_study_photo(*, visit_id: int, file: "UploadedFile[bytes]", actor: User) -> StudyPhoto:
    """A photo of the visit, by either side; the same one again is the one that is there. Raises FileRefused, DomainError."""
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    with transaction.atomic():
        there = _photo_there(visit_id, digest.hexdigest(), actor)
    if there:
        return there
    data = shrunk_photo(file)  # outside of the lock: it takes its time
    with transaction.atomic():
        there = _photo_there(visit_id, digest.hexdigest(), actor)
        if there:
            return there
        visit = StudyVisit.objects.get(pk=visit_id)
        made = StudyPhoto(visit=visit, digest=digest.hexdigest(), sent_by=actor)
        made.file.save(f"{made.pk}.webp", ContentFile(data), save=False)
        made.save()
        record(actor=actor, action=AuditAction.ADD_STUDY_PHOTO, target=visit, unit=visit.visitor)
    return made


def _photo_there(visit_id: int, digest: str, actor: User) -> StudyPhoto | None:
    visit = lock_visit(visit_id)
    if not (can_record(actor, visit.visitor) or can_record(actor, visit.host)):
        raise NotAllowed("Vai trò của đồng chí không thêm ảnh cho chuyến này.")
    if visit.state != VisitState.DONE:
        raise DomainError("Ghi “đã học được gì” trước, rồi thêm ảnh.")
    there = visit.photos.filter(digest=digest).first()
    if there is None and visit.photos.count() >= PHOTOS:
        raise DomainError(f"Mỗi chuyến giữ nhiều nhất {PHOTOS} ảnh.")
    return there


@transaction.atomic
def remove_study_photo(*, visit_id: int, photo_id: Any, actor: User) -> None:
    """Take a photo away; its file goes once this is committed."""
    visit = lock_visit(visit_id)
    if not (can_record(actor, visit.visitor) or can_record(actor, visit.host)):
        raise NotAllowed("Vai trò của đồng chí không xóa ảnh của chuyến này.")
    photo = visit.photos.filter(pk=photo_id).first()
    if photo is None:
        raise DomainError("Ảnh này đã được xóa.")
    storage, name = photo.file.storage, str(photo.file.name)
    photo.delete()
    record(actor=actor, action=AuditAction.REMOVE_STUDY_PHOTO, target=visit, unit=visit.visitor)
    transaction.on_commit(lambda: storage.delete(name))
