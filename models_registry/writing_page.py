"""What stands on the page of one box of a registration that is being written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from common.dates import today
from models_registry.boxes import BOXES, FIELDS, READ, Box, written
from models_registry.enums import Kind, State, SubjectKind
from models_registry.models import Attachment, Registration, RegistrationSheet
from models_registry.selectors import fields as fields_of_work
from models_registry.selectors import sheets
from models_registry.selectors.similar import Similar, similar
from models_registry.sheet_fields import SheetField, sheet_fields
from models_registry.validators import SheetReading, read_sheet
from organisation.grouping import unit_choices


@dataclass(frozen=True)
class Step:
    """One of the nine in the list beside the box."""

    box: Box
    look: str
    words: str
    shape: str
    is_current: bool


@dataclass(frozen=True)
class Conflict:
    """A field that was saved elsewhere meanwhile: the text typed here and the one that stands."""

    name: str
    label: str
    mine: str
    stands: str


@dataclass(frozen=True)
class WritingPage:
    """`bases`: the texts that stand, which those typed are sent with; `errors`: (id of the element, words)."""

    registration: Registration
    sheet: RegistrationSheet
    box: Box
    fields: list[SheetField]
    bases: list[tuple[str, str]]
    errors: list[tuple[str, str]]
    conflicts: list[Conflict]
    steps: list[Step]
    marks: Mapping[int, Any]
    returned: Any
    mended: int
    due: date
    taken_until: date
    similar: list[Similar]
    saved_by_reader: bool
    attachments: list[Attachment]
    may_files: bool
    done: int
    """How many boxes hold: what must be there is, and all of it can be read."""
    has_unread: bool
    """Whether a day or number of this box is kept as it was typed and is none."""

    @property
    def mark(self) -> Any:
        return self.marks.get(self.box.number)

    @property
    def days_left(self) -> int:
        return (self.due - today()).days

    @property
    def following(self) -> int | None:
        return following(self.box, self.marks)


def writing_page(
    reader: Any,
    registration: Registration,
    box: Box,
    *,
    typed: Mapping[str, str] | None = None,
    tells_errors: bool = False,
    conflicts: Mapping[str, tuple[str, str]] | None = None,
) -> WritingPage:
    """The page of a box; `typed` stands over what is stored."""
    marks, stored = sheets.open_marks(registration), registration.sheet.answers
    context = sheets.sheet_context(registration)
    reading = read_sheet(stored, context)
    answers = stored | dict(typed or {})
    choices, fixed = _choices(reader, registration, carries_on=context.carries_on)
    wrong = {one.name: reading.errors[one.name] for one in box.fields if one.name in reading.errors}
    shown = wrong if tells_errors else {}
    unread = {name: words for name, words in wrong.items() if stored.get(name) and FIELDS[name].shape in READ}
    fields = sheet_fields(box, answers, choices, errors=unread | shown, is_open=not marks or box.number in marks, fixed=fixed)
    returned = sheets.last_return(registration) if registration.state == State.RETURNED else None
    holding = _holding(stored, reading)
    return WritingPage(
        registration=registration,
        sheet=registration.sheet,
        box=box,
        fields=[one for one in fields if one.field.name != "changed" or one.value or answers.get("kind") == Kind.MAINTAINED],
        bases=[(one.name, stored.get(one.name, "")) for one in box.fields],
        errors=[(f"id_{name}" + ("_0" if name in choices and name != "place" else ""), words) for name, words in shown.items()],
        conflicts=conflicts_of(conflicts or {}),
        steps=_steps(box, holding, marks, reading.errors, stored),
        marks=marks,
        returned=returned,
        mended=len(set(marks) & touched(registration)) if returned else 0,
        due=sheets.due_on(registration),
        taken_until=sheets.taken_until(registration),
        similar=similar(reader, registration.title, to=registration) if box.number == 1 else [],
        saved_by_reader=registration.sheet.saved_by_id == reader.pk,
        attachments=list(registration.attachments.select_related("job")),
        may_files=True,
        done=len(holding),
        has_unread=bool(unread),
    )


def _holding(stored: dict[str, str], reading: SheetReading) -> set[int]:
    """The boxes in which what must be there is, and all of it can be read."""
    return {number for number in written(stored) if not any(one.name in reading.errors for one in BOXES[number - 1].fields)}


def _choices(
    reader: Any, registration: Registration, *, carries_on: bool
) -> tuple[dict[str, list[tuple[str, str]]], frozenset[str]]:
    """({field: what may be chosen}, the fields of which there is but one choice)."""
    places = unit_choices(sheets.place_choices(reader, registration), by_place=True)
    choices = {
        "field": [(field.slug, field.name) for field in fields_of_work()],
        "subject_kind": list(SubjectKind.choices),
        "kind": list(Kind.choices),
        "place": places,
    }
    fixed = {"place"} if len(places) == 1 and registration.place_id else set()
    return choices, frozenset(fixed | ({"kind"} if carries_on else set()))


def _steps(
    current: Box, holding: set[int], marks: Mapping[int, Any], errors: Mapping[str, str], stored: Mapping[str, str]
) -> list[Step]:
    steps = []
    for box in BOXES:
        begun = any(stored.get(one.name) for one in box.fields if one.name not in ("kind", "place"))
        if box.number in marks:
            looks = ("bad", "trả lại", "arrow-return-left")
        elif box.number in holding:
            looks = ("ok", "đã viết", "check-circle-fill")
        elif begun and any(one.name in errors for one in box.fields):
            looks = ("err", "chưa xong", "exclamation-circle-fill")
        else:
            looks = ("", "chưa viết", "circle")
        steps.append(Step(box, *looks, is_current=box.number == current.number))
    return steps


def touched(registration: Registration) -> set[int]:
    """The boxes that differ from what was sent last."""
    sent, answers = sheets.sent_last(registration), registration.sheet.answers
    return {box.number for box in BOXES if any(answers.get(one.name, "") != sent.get(one.name, "") for one in box.fields)}


def following(box: Box, marks: Mapping[int, Any]) -> int | None:
    """The next box that is open."""
    return next((one.number for one in BOXES if one.number > box.number and (not marks or one.number in marks)), None)


def conflicts_of(conflicts: Mapping[str, tuple[str, str]]) -> list[Conflict]:
    return [Conflict(name, FIELDS[name].label, mine, stands) for name, (mine, stands) in conflicts.items()]
