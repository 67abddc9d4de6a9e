"""Reads of checking: the queue of what waits, and all that a checker looks at in one registration."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Exists, OuterRef

from common.dates import today
from models_registry.boxes import BOXES, Box
from models_registry.enums import Action, State
from models_registry.marking import OTHER, Marks
from models_registry.models import (
    Attachment,
    CheckingHabit,
    DifferenceNote,
    OutputMeasure,
    PendingMarks,
    Registration,
    RegistrationStep,
    ReturnReason,
    Takeback,
)
from models_registry.permissions import acting_day, has_written, heir_of
from models_registry.selectors import board as boards
from models_registry.selectors import sheets, timeline
from models_registry.selectors.measures import newest_measures
from models_registry.selectors.scope import own_units
from models_registry.selectors.similar import Similar, similar
from organisation.models import Reader, Unit, User, Visitor
from organisation.roles import May
from organisation.selectors.people import holders
from organisation.tree import unit_tree

AROUND = 25  # named before the open one and after it; the board has the rest
MEASURES = 12


@dataclass(frozen=True)
class Waiting:
    """One line of the queue."""

    pk: int
    title: str
    where: str
    waited: int
    is_late: bool
    is_again: bool
    """Whether it was returned and sent again."""


@dataclass(frozen=True)
class Queue:
    """What waits to be checked within the board's filters, oldest first, as seen from the one that is open."""

    total: int
    lines: tuple[Waiting, ...] = ()
    position: int = 0
    """Where the open one stands, from 1; 0 when it is not among them."""
    previous: int | None = None
    following: int | None = None
    more_before: int = 0
    more_after: int = 0

    @property
    def next_up(self) -> int | None:
        """Which one comes up when the open one is decided: the one after it, else the oldest of the others."""
        return self.following or next((line.pk for line in self.lines if line.pk != self._open), None)

    @property
    def _open(self) -> int | None:
        at = self.position - 1 - self.more_before
        return self.lines[at].pk if self.position else None


def queue_of(user: Reader, board: boards.Board, wanted: boards.BoardFilter, current: int | None = None) -> Queue:
    """Two queries, and one for the words of a search."""
    rows = boards.board_rows(board, replace(wanted, states=(State.SUBMITTED,))).filter(own_units(user, May.CHECK_REGISTRATION))
    rows = rows.order_by("state_since", "pk")
    ids = list(rows.values_list("pk", flat=True))
    at = ids.index(current) if current in ids else None
    first = max((at or 0) - AROUND, 0)
    shown = ids[first : (at or 0) + AROUND + 1]
    back = RegistrationStep.objects.filter(registration=OuterRef("pk"), action=Action.RETURN, takeback__undone_at=None)
    found = rows.filter(pk__in=shown).annotate(is_again=Exists(back))
    lines = []
    for row in found.values_list("pk", "title", "place_name", "unit_name", "state_since", "is_again", named=True):
        waited = sheets.waited_days(row.state_since)
        is_late = boards.is_late(board.season, waited)
        lines.append(Waiting(row.pk, row.title, row.place_name or row.unit_name, waited, is_late, row.is_again))
    return Queue(
        total=len(ids),
        lines=tuple(lines),
        position=at + 1 if at is not None else 0,
        previous=ids[at - 1] if at else None,
        following=next(iter(ids[at + 1 : at + 2]), None) if at is not None else next(iter(ids), None),
        more_before=first,
        more_after=len(ids) - first - len(shown),
    )


@dataclass(frozen=True)
class Answer:
    """What stands in one field of a box: `pieces` (kind same, gone or new; text) where it changed since it was sent before."""

    label: str
    text: str
    pieces: tuple[tuple[str, str], ...] = ()

    @property
    def is_long(self) -> bool:
        return len(self.text) > 80 or "\n" in self.text


@dataclass(frozen=True)
class CheckBox:
    """One of the nine boxes: what the unit wrote, what became of what was asked there, what the checker marks."""

    box: Box
    answers: tuple[Answer, ...] = ()
    reasons: tuple[ReturnReason, ...] = ()
    asked: str = ""
    """What the last return asked to mend here."""
    reason: str = ""
    words: str = ""
    error: str = ""
    other_said: str = ""
    """What another tab of the same person wrote here meanwhile."""

    @property
    def has_changed(self) -> bool:
        return any(answer.pieces for answer in self.answers)

    @property
    def is_marked(self) -> bool:
        return bool(self.reason or self.words)

    @property
    def in_a_row(self) -> bool:
        """Whether its answers are short enough to stand beside each other."""
        return len(self.answers) > 1 and not any(answer.is_long for answer in self.answers)


@dataclass(frozen=True)
class CheckPage:
    """All that the page shows of one registration."""

    registration: Registration
    sending: int
    """The step by which it was sent last: what a decision is about."""
    sent_at: datetime | None
    sent_times: int
    returned_times: int
    sent_before: datetime | None
    """When it was sent, or opened again, before that."""
    returned_at: datetime | None
    waited: int
    is_late: bool
    boxes: tuple[CheckBox, ...]
    note: str
    similar: tuple[Similar, ...]
    differences: tuple[DifferenceNote, ...]
    photos: tuple[Attachment, ...]
    papers: tuple[Attachment, ...]
    measures: tuple[OutputMeasure, ...]
    more_measures: int
    events: tuple[timeline.Event, ...]
    is_own: bool
    others: tuple[User, ...]
    """Who else may decide, where the person wrote in it."""

    @property
    def files(self) -> int:
        return len(self.photos) + len(self.papers)

    @property
    def may_mark(self) -> bool:
        return not self.is_own

    @property
    def marked(self) -> list[int]:
        return [one.box.number for one in self.boxes if one.is_marked]

    @property
    def mended(self) -> list[int]:
        return [one.box.number for one in self.boxes if one.asked and one.has_changed]

    @property
    def unmended(self) -> list[int]:
        return [one.box.number for one in self.boxes if one.asked and not one.has_changed]

    @property
    def changed(self) -> list[int]:
        """What changed without being asked for."""
        return [one.box.number for one in self.boxes if one.has_changed and not one.asked]

    @property
    def kept(self) -> int:
        return sum(not one.has_changed and not one.asked for one in self.boxes)


def check_page(
    user: Visitor,
    registration: Registration,
    marks: Marks,
    *,
    errors: Mapping[int, str] | None = None,
    conflicts: Marks | None = None,
) -> CheckPage:
    """What one who checks sees: the same number of queries for every registration."""
    steps = sheets.steps_of(registration)
    sent = [step for step in steps if step.action == Action.SUBMIT]
    bases = [step for step in steps if step.action in (Action.SUBMIT, Action.REOPEN)]
    returns = [step for step in steps if step.action in (Action.RETURN, Action.REOPEN) and not step.was_undone]
    asked = {mark.box: str(mark) for mark in returns[-1].marks.all()} if returns else {}
    files = list(registration.attachments.select_related("job"))
    measures, is_own = list(newest_measures(registration)), has_written(user, registration)
    waited = sheets.waited_days(registration.state_since)
    return CheckPage(
        registration=registration,
        sending=sent[-1].pk if sent else 0,
        sent_at=sent[-1].at if sent else None,
        sent_times=len(sent),
        returned_times=len(returns),
        sent_before=bases[-2].at if len(bases) > 1 else None,
        returned_at=returns[-1].at if returns else None,
        waited=waited,
        is_late=boards.is_late(registration.season, waited),
        boxes=tuple(_boxes(registration, asked, marks, errors or {}, conflicts or {})),
        note=marks.get("loi", ""),
        similar=tuple(similar(user, registration.title, to=registration)),
        differences=tuple(registration.differences.select_related("other", "said_by")),
        photos=tuple(one for one in files if one.kind == Attachment.Kind.PHOTO),
        papers=tuple(one for one in files if one.kind == Attachment.Kind.PAPER),
        measures=tuple(measures[:MEASURES]),
        more_measures=max(len(measures) - MEASURES, 0),
        events=tuple(timeline.of_registration(registration)),
        is_own=is_own,
        others=tuple(_others(registration)) if is_own else (),
    )


def _boxes(
    registration: Registration, asked: dict[int, str], marks: Marks, errors: Mapping[int, str], conflicts: Marks
) -> Iterable[CheckBox]:
    shown = sheets.shown_answers(getattr(registration, "sheet", None), registration)
    changes = {change.name: tuple(change.pieces) for change in sheets.changes_since_last(registration)}
    for one in boxes_to_mark(marks, errors, conflicts):
        answers = (Answer(field.label, shown.get(field.name, ""), changes.get(field.name, ())) for field in one.box.fields)
        said = tuple(answer for answer in answers if answer.text or answer.pieces)
        yield replace(one, answers=said, asked=asked.get(one.box.number, ""))


def boxes_to_mark(marks: Marks, errors: Mapping[int, str], conflicts: Marks | None = None) -> Iterable[CheckBox]:
    """The nine boxes with the reasons that may be chosen, as far as they are marked. One query."""
    offered, others = list(sheets.reasons()), conflicts or {}
    said_by = {str(one.pk): one.words for one in offered} | {OTHER: "lý do khác"}
    for box in BOXES:
        why, words = f"ly-do-{box.number}", f"loi-{box.number}"
        yield CheckBox(
            box,
            reasons=tuple(one for one in offered if one.box in (box.number, None)),
            reason=marks.get(why, ""),
            words=marks.get(words, ""),
            error=errors.get(box.number, ""),
            other_said="; ".join(said for said in (said_by.get(others.get(why, ""), ""), others.get(words, "")) if said),
        )


def last_sending(registration: Registration) -> RegistrationStep:
    """The step by which it was sent last."""
    return registration.steps.filter(action=Action.SUBMIT).latest("at", "pk")


def acting_place(registration: Registration) -> tuple[date, Unit, Unit | None]:
    """(day, unit, place) by which is asked who acts for a registration: its own in its season, or the unit that carries it on."""
    day, unit, place = acting_day(registration.season), registration.unit, registration.place
    if not unit_tree().exists(unit.pk, day) and (heir := heir_of(registration, unit_tree())):
        return today(), Unit.objects.get(pk=heir), None
    return day, unit, place


def _others(registration: Registration) -> list[User]:
    """Who else may check it: those who have not written in it."""
    day, unit, _ = acting_place(registration)
    wrote = set(registration.sheet.writers.values_list("pk", flat=True))
    return [person for person in holders(May.CHECK_REGISTRATION, unit, day) if person.pk not in wrote]


def last_step(registration: Registration) -> RegistrationStep:
    return registration.steps.latest("at", "pk")


def pending_marks(user: Visitor, registration: Registration) -> PendingMarks | None:
    """What this person marked and has not sent."""
    return PendingMarks.objects.filter(registration=registration, checker=user.pk).first()


def takeback_of(user: Visitor, step_id: int) -> Takeback | None:
    """The person's own decision, as it can or cannot be taken back."""
    found = Takeback.objects.filter(step=step_id, step__actor=user.pk)
    return found.select_related("step__registration").prefetch_related("step__marks").first()


def has_keys(user: Visitor) -> bool:
    """Whether the person checks by single keys."""
    return not CheckingHabit.objects.filter(user=user.pk, has_keys=False).exists()
