"""Writing a registration: begin one, save what was typed, carry last year's on."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from common.dates import write_day
from common.exceptions import DomainError, NotAllowed
from common.numbers import write_number
from common.text import clean, clean_lines, compare_key, quoted
from models_registry.audit_actions import AuditAction
from models_registry.boxes import BOX_OF, FIELDS, HARD_LIMIT, READ
from models_registry.enums import Kind, State
from models_registry.models import (
    SUBJECT_LIMIT,
    TITLE_LIMIT,
    Registration,
    RegistrationSheet,
    Season,
)
from models_registry.permissions import acting_day, can_write
from models_registry.registers.vocabulary import Place
from models_registry.selectors.sheets import answers_of_line, carriable, left_drafts, open_marks, place_choices, sheet_context
from models_registry.services.catalogue import refresh_counts
from models_registry.services.continuity import keep_copied
from models_registry.services.lines import place_in, stand_at
from models_registry.services.locks import lock_registration
from models_registry.services.seasons import check_window
from models_registry.validators import read_sheet, readable_boxes
from organisation.audit import record
from organisation.models import Unit, User
from organisation.permissions import may
from organisation.roles import May
from organisation.selectors.units import unit_on
from organisation.tree import unit_tree

CARRIED_AT_ONCE = 200


class RoleLost(NotAllowed):
    """The person could write here when the page was opened, and cannot any more."""


@dataclass
class Saved:
    """What came of a save; what one field cannot keep does not hold up the others.

    `conflicts`: {field: (the text sent, the text that stands)} that was written elsewhere; `refused`: {field: why}; `unread`:
    {field: why} for days and numbers that are kept as typed and are none; `stood_by`: the id of who had saved before; `done`: the
    boxes that are written now.
    """

    at: datetime
    changed: list[str] = field(default_factory=list)
    conflicts: dict[str, tuple[str, str]] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)
    stood_by: int | None = None
    done: set[int] = field(default_factory=set)


@transaction.atomic
def begin_registration(*, season_id: int, unit: Unit, actor: User) -> Registration:
    """A new draft of a unit. A second tap finds the first one's draft, as long as nothing is written in it."""
    season = Season.objects.get(pk=season_id)
    day = acting_day(season)
    if not may(actor, May.WRITE_REGISTRATION, unit, day):
        raise NotAllowed("Vai trò của đồng chí không viết đăng ký cho đơn vị này.")
    above = Unit.objects.select_for_update(no_key=True).get(pk=check_window(season, unit))
    place = unit if unit != above else None
    mine = Registration.objects.filter(season=season, unit=above, place=place, state=State.DRAFT, model__isnull=True)
    untouched = mine.filter(sheet__version=0, sheet__saved_by=actor).first()
    if untouched:
        return untouched
    answers = {"kind": Kind.NEW.value} | ({"place": place.key} if place else {})
    begun = _begin(season, above, place, answers, actor)
    refresh_counts(season_ids=[season.pk], unit_ids=[above.pk])
    return begun


@transaction.atomic
def begin_maintained(*, season_id: int, unit: Unit, answers: dict[str, str], actor: User) -> Registration:
    """A draft of a unit for a model that it took on from elsewhere: maintained or replicated, filled with what is known of it.

    Raises NotAllowed, DomainError where the season takes none from the unit today.
    """
    season = Season.objects.get(pk=season_id)
    if not may(actor, May.WRITE_REGISTRATION, unit, acting_day(season)):
        raise NotAllowed("Vai trò của đồng chí không viết đăng ký cho đơn vị này.")
    above = Unit.objects.select_for_update(no_key=True).get(pk=check_window(season, unit))
    place = unit if unit != above else None
    known = {name: clean_lines(text) for name, text in answers.items() if name in FIELDS and text}
    known |= {"kind": Kind.MAINTAINED.value, "place": place.key if place else ""}
    begun = _begin(season, above, place, known, actor)
    RegistrationSheet.objects.get(registration=begun).writers.add(actor)
    refresh_counts(season_ids=[season.pk], unit_ids=[above.pk])
    return begun


def _begin(season: Season, unit: Unit, place: Unit | None, answers: dict[str, str], actor: User, **given: Any) -> Registration:
    registration = Registration(
        season=season,
        unit=unit,
        place=place,
        state=State.DRAFT,
        is_latest=False,
        unit_name=unit_on(unit, acting_day(season)).name,
        **given,
    )
    _mirror(registration, answers)
    registration.save()
    sheet = RegistrationSheet.objects.create(registration=registration, answers=answers, saved_by=actor)
    if given:
        sheet.writers.add(actor)
    record(actor=actor, action=AuditAction.BEGIN_REGISTRATION, target=registration, unit=unit)
    return registration


def _mirror(registration: Registration, answers: dict[str, str]) -> None:
    """Bring the line up to the sheet, as far as the sheet can be read; only while it does not stand in the register."""
    context = sheet_context(registration)
    values = read_sheet(answers, context).values
    registration.title = clean(answers.get("title", ""))[:TITLE_LIMIT]
    registration.subject = clean(answers.get("subject", ""))[:SUBJECT_LIMIT]
    registration.field_id = values.get("field")
    registration.kind = values.get("kind") or ""
    registration.subject_kind = values.get("subject_kind") or ""
    registration.content = values.get("method") or ""
    unread = Place(registration.place_id, answers.get("place", ""), registration.place_name, registration.hamlet or "")
    stand_at(registration, place_in(values, context) if "place" in values else unread)


@transaction.atomic
def save_sheet(*, registration_id: int, texts: dict[str, str], bases: dict[str, str], actor: User) -> Saved:
    """Save fields of a sheet ({name: text}), each typed over the text in `bases` (over an empty one where none is given).

    A field that was changed elsewhere meanwhile is not overwritten but told. Raises RoleLost, DomainError.
    """
    registration = lock_registration(registration_id)
    _check_may_write(registration, actor)
    sheet = RegistrationSheet.objects.select_for_update().get(registration=registration)
    marks = open_marks(registration)
    saved = Saved(at=sheet.saved_at, stood_by=sheet.saved_by_id)
    answers = dict(sheet.answers)
    for name, raw in texts.items():
        if name not in FIELDS:
            continue
        new, old = clean_lines(raw), answers.get(name, "")
        if new == old:
            continue
        if marks and BOX_OF[name] not in marks:
            saved.refused[name] = "Mục này không mở để sửa."
        elif len(new) > HARD_LIMIT:
            saved.refused[name] = f"Dài quá {write_number(HARD_LIMIT)} ký tự."
        elif name == "place" and not _may_choose(registration, new, actor):
            saved.refused[name] = "Đồng chí không viết đăng ký cho nơi đã chọn."
        elif clean_lines(bases.get(name, "")) != old:
            saved.conflicts[name] = (new, old)
        else:
            answers[name] = new
            saved.changed.append(name)
    if saved.changed:
        _store(registration, sheet, answers, actor)
        saved.at = sheet.saved_at
        told = {name for name in saved.changed if answers[name] and FIELDS[name].shape in READ}
        errors = read_sheet(answers, sheet_context(registration)).errors if told else {}
        saved.unread = {name: errors[name] for name in told if name in errors}
    saved.done = readable_boxes(answers)
    return saved


def _check_may_write(registration: Registration, actor: User) -> None:
    if not can_write(actor, registration):
        raise RoleLost("Vai trò của đồng chí ở đơn vị này đã hết, nên chưa lưu được. Bài viết vẫn còn trên màn hình.")
    if not registration.is_editable:
        raise DomainError(f"Đăng ký đang ở trạng thái “{registration.get_state_display().lower()}” nên không sửa được.")


def _may_choose(registration: Registration, key: str, actor: User) -> bool:
    """Whether the actor writes for this place; for none, whether for the whole unit."""
    if not key:
        return may(actor, May.WRITE_REGISTRATION, registration.unit, acting_day(registration.season))
    return key in {version.unit.key for version in place_choices(actor, registration)}


def _store(registration: Registration, sheet: RegistrationSheet, answers: dict[str, str], actor: User) -> None:
    before = (registration.place_id, registration.field_id)
    sheet.answers, sheet.version = answers, sheet.version + 1
    sheet.saved_at, sheet.saved_by = timezone.now(), actor
    sheet.save()
    sheet.writers.add(actor)
    if registration.registered_on is None:
        _mirror(registration, answers)
        registration.save()
        if before != (registration.place_id, registration.field_id):
            refresh_counts(season_ids=[registration.season_id], unit_ids=[registration.unit_id])


@transaction.atomic
def carry_on(*, season_id: int, registration_ids: Iterable[int], changed: str = "", actor: User) -> list[Registration]:
    """Carry registrations of earlier seasons on as maintained drafts: the same model, its text, what changed since.

    One that was taken on meanwhile, or is not offered to this person, is left out.
    """
    season = Season.objects.get(pk=season_id)
    wanted = set(registration_ids)
    offered = carriable(actor, season)
    units = sorted({unit.pk for unit, _ in offered.now.values()})
    list(Unit.objects.select_for_update(no_key=True).filter(pk__in=units).order_by("pk"))
    made = []
    for row in offered.every.filter(pk__in=wanted).prefetch_related("model__measures")[:CARRIED_AT_ONCE]:
        unit, place = offered.where(row)
        check_window(season, place or unit)
        answers = _known_of(row) | {
            "kind": Kind.MAINTAINED.value,
            "place": place.key if place else "",
            "changed": clean_lines(changed)[:1000],
        }
        answers["subject"] = _named_today(answers.get("subject", ""), row, place or unit, season)
        _drop_of_the_year(answers)
        copied = _begin(season, unit, place, answers, actor, model=row.model)
        keep_copied(copied, actor)
        made.append(copied)
    refresh_counts(season_ids=[season.pk], unit_ids={one.unit_id for one in made})
    return made


def _known_of(row: Registration) -> dict[str, str]:
    """All that is known of a registration as answers: its sheet as it was accepted, its line where the sheet says nothing; of whom it
    was for and what came of it what the line's place and the measures say.
    """
    sheet = getattr(row, "sheet", None)
    answers = answers_of_line(row) | {name: text for name, text in (sheet.accepted if sheet else {}).items() if text}
    measures = row.model.measures.all() if row.model else ()
    newest = {one.what: one for one in sorted(measures, key=lambda one: one.as_of)}
    counted = [f"{what}: {one.qualifier} {one}, đến {write_day(one.as_of)}" for what, one in newest.items()]
    known = {"audience": ", ".join(part for part in (row.hamlet, row.place_name) if part), "outputs": "\n".join(counted)}
    return {name: clean_lines(text.replace(":  ", ": ")) for name, text in known.items() if text} | {
        name: text for name, text in answers.items() if text
    }


def _named_today(subject: str, row: Registration, home: Unit, season: Season) -> str:
    """The doer; where it was the unit itself and that has ended, the unit that took over."""
    tree, before = unit_tree(), row.place_id or row.unit_id
    was = tree.were([before], row.season.last_day)[before].name
    is_unit = before != home.pk and compare_key(subject) == compare_key(was)
    return tree.were([home.pk], acting_day(season))[home.pk].name if is_unit else subject


def _drop_of_the_year(answers: dict[str, str]) -> None:
    for name in ("assessed_on", "target_quantity", "target_what", "target_on"):
        answers.pop(name, None)


@transaction.atomic
def move_draft(*, registration_id: int, season_id: int, actor: User) -> Registration:
    """Make a draft that an earlier season left over one of this season, with its text and files, where its unit stands now.

    Raises NotAllowed, DomainError where it was sent, thrown away or moved meanwhile, or the season takes none from the unit today.
    """
    season = Season.objects.get(pk=season_id)
    offered = left_drafts(actor, season)
    if not (found := offered.rows.filter(pk=registration_id).first()):
        raise DomainError("Bản nháp này không còn: đã gửi, đã xóa hoặc đã chuyển rồi.")
    unit, place = offered.where(found)
    registration = lock_registration(registration_id, also=[unit.pk])
    if registration.state != State.DRAFT or registration.season_id != found.season_id:
        raise DomainError("Bản nháp này vừa được gửi, hoặc vừa được chuyển.")
    check_window(season, place or unit)
    if registration.model and registration.model.registrations.filter(season=season).exists():
        raise DomainError(
            f"Mô hình {quoted(registration.model)} đã có đăng ký năm {season}. Xóa bản nháp này nếu không dùng nữa."
        )
    before, left = registration.season, registration.unit_id
    registration.season, registration.unit, registration.place = season, unit, place
    registration.unit_name = unit_on(unit, acting_day(season)).name
    sheet = RegistrationSheet.objects.select_for_update().get(registration=registration)
    answers = sheet.answers | {"place": place.key if place else ""}
    _drop_of_the_year(answers)
    _store(registration, sheet, answers, actor)
    record(
        actor=actor, action=AuditAction.MOVE_DRAFT, target=registration, unit=unit, changes={"season": [str(before), str(season)]}
    )
    refresh_counts(season_ids=[before.pk, season.pk], unit_ids=[left, unit.pk])
    return registration
