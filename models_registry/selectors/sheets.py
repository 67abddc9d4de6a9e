"""Reads of registrations written online: where one may write, what a sheet is read against, its way so far."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import SequenceMatcher
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from common.dates import VIETNAM, today
from models_registry.boxes import BOXES, FIELDS
from models_registry.enums import Action, Kind, State, SubjectKind
from models_registry.models import (
    Attachment,
    Field,
    Registration,
    RegistrationSheet,
    RegistrationStep,
    ReturnMark,
    ReturnReason,
    Season,
)
from models_registry.permissions import acting_day, heir_of
from models_registry.selectors.heirs import given_to
from models_registry.selectors.scope import own_units
from models_registry.selectors.seasons import Deadlines, seasons_for, window_of
from models_registry.selectors.verdicts import ended
from models_registry.validators import SheetContext
from organisation.models import Reader, Unit, UnitVersion, Visitor
from organisation.permissions import may, units_where
from organisation.roles import May
from organisation.selectors.units import versions_on
from organisation.tree import tree_for, unit_tree


def registrations(user: Reader) -> QuerySet[Registration]:
    """Registrations of the user's own units, in whatever state, with all that their page and their rules need.

    What stands in a register is public, but not its working copy, its steps and its files.
    """
    mine = Registration.objects.filter(own_units(user, May.SEE_BOARD))
    return mine.select_related("season", "unit", "place", "model", "field", "sheet", "sheet__saved_by", "handover")


def registration_of(user: Reader, pk: int) -> Registration | None:
    return registrations(user).filter(pk=pk).first()


def attachments_of(registration: Registration) -> QuerySet[Attachment]:
    return registration.attachments.select_related("job")


def writing_units(user: Reader, season: Season) -> list[UnitVersion]:
    """The units for which the user writes registrations of the season: where the role is held, if they exist then."""
    day, tree = acting_day(season), tree_for(user)
    held = [pk for pk in units_where(user, May.WRITE_REGISTRATION) if tree.exists(pk, day) and tree.reporting(pk, day)]
    return list(tree.were(held, day).values())


def heir_name(registration: Registration) -> str:
    """The name of the unit that continues a registration whose unit ended; empty while that exists, and if none does."""
    tree = unit_tree()
    if tree.exists(registration.place_id or registration.unit_id, today()):
        return ""
    heir = heir_of(registration, tree)
    return versions_on([heir], today())[heir].name if heir else ""


def place_choices(user: Reader, registration: Registration) -> list[UnitVersion]:
    """The places of the registration's unit that this user writes for, as they are now, or were when the unit ended; an heir
    writes for those that it follows.
    """
    tree, held = tree_for(user), units_where(user, May.WRITE_REGISTRATION)
    day = tree.last_day(registration.unit_id, acting_day(registration.season))
    places = tree.right_below(registration.unit_id, day)
    if may(user, May.WRITE_REGISTRATION, registration.unit, day):
        return places
    own = tree.below(held, day) | tree.with_followed(held, today())
    return [version for version in places if version.unit_id in own]


def sheet_context(registration: Registration) -> SheetContext:
    """What the sheet of this registration is read against. Three queries."""
    season = registration.season
    places = _places(registration)
    return SheetContext(
        opens_on=season.opens_on,
        last_day=season.last_day,
        begins_until=window_of(season, registration.place or registration.unit).begins_until,
        fields=dict(Field.objects.values_list("slug", "pk")),
        places={version.unit.key: (version.unit_id, version.place or version.name) for version in places},
        carries_on=_carries_on(registration),
    )


def _places(registration: Registration) -> list[UnitVersion]:
    """The places of its unit, as they are now, or were when the unit ended."""
    tree = unit_tree()
    return tree.right_below(registration.unit_id, tree.last_day(registration.unit_id, acting_day(registration.season)))


def _carries_on(registration: Registration) -> bool:
    """Whether its model stood in a register of an earlier season."""
    if not registration.model_id:
        return False
    earlier = Registration.objects.in_register().filter(model=registration.model_id)
    return earlier.filter(season__year__lt=registration.season.year).exists()


def answers_of_line(registration: Registration) -> dict[str, str]:
    """A sheet's answers as far as a line of a register can give them."""
    return {
        "title": registration.title,
        "field": registration.field.slug if registration.field else "",
        "subject_kind": registration.subject_kind,
        "subject": registration.subject,
        "kind": registration.kind,
        "method": registration.content,
        "place": registration.place.key if registration.place else "",
        "hamlet": registration.hamlet or "",
    }


def open_marks(registration: Registration) -> dict[int, ReturnMark]:
    """box number -> what the last return asked to mend there; empty when it named no box, or nothing was returned."""
    if registration.state != State.RETURNED:
        return {}
    last = last_return(registration)
    return {mark.box: mark for mark in last.marks.all()} if last else {}


def last_return(registration: Registration) -> RegistrationStep | None:
    steps = registration.steps.filter(action__in=[Action.RETURN, Action.REOPEN], takeback__undone_at__isnull=True)
    return steps.select_related("actor").prefetch_related("marks").order_by("-at", "-pk").first()


def steps_of(registration: Registration) -> list[RegistrationStep]:
    """The whole way, first step first."""
    return list(registration.steps.select_related("actor", "takeback").prefetch_related("marks").order_by("at", "pk"))


def has_ever_written(user: Visitor, registration_id: int) -> bool:
    """Whether the user wrote in the sheet of this registration, whatever the user may do today."""
    return RegistrationSheet.objects.filter(pk=registration_id, writers=user.pk).exists()


def sent_last(registration: Registration) -> dict[str, str]:
    """The answers as they were sent last; empty when nothing was sent."""
    sent = registration.steps.filter(action=Action.SUBMIT).order_by("-at", "-pk")
    return sent.values_list("snapshot", flat=True).first() or {}


def first_sent_on(registration: Registration) -> date | None:
    """The day in Vietnam on which it was sent for the first time."""
    first = registration.steps.filter(action=Action.SUBMIT).order_by("at", "pk").values_list("at", flat=True).first()
    return timezone.localtime(first, VIETNAM).date() if first else None


def due_on(registration: Registration, deadlines: Deadlines | None = None) -> date:
    """The day until which it is to be sent: the unit's deadline; what was returned is due in the season's days for mending."""
    if registration.state != State.RETURNED:
        return _unit_deadline(registration, deadlines)
    return registration.season.mend_until(timezone.localtime(registration.state_since, VIETNAM).date())


def taken_until(registration: Registration, deadlines: Deadlines | None = None) -> date:
    """The last day on which it is taken at all: one that was returned, late too, as long as its unit may send."""
    return max(due_on(registration, deadlines), _unit_deadline(registration, deadlines))


def _unit_deadline(registration: Registration, deadlines: Deadlines | None) -> date:
    deadlines = deadlines or Deadlines(unit_tree())
    return deadlines.of(registration.season, registration.place_id or registration.unit_id)


def reasons() -> QuerySet[ReturnReason]:
    return ReturnReason.objects.filter(is_offered=True)


@dataclass(frozen=True)
class Change:
    """One field that differs between two sendings: pieces (kind, text) with kind same, gone or new."""

    name: str
    label: str
    box: int
    pieces: list[tuple[str, str]] = field(default_factory=list)


def changes_since_last(registration: Registration) -> list[Change]:
    """What the writer changed between the last two sendings, word by word; empty for a first sending."""
    steps = registration.steps.filter(action__in=[Action.SUBMIT, Action.REOPEN]).order_by("-at", "-pk")
    sent = list(steps.values_list("snapshot", flat=True)[:2])
    if len(sent) < 2 or sent[0] == sent[1]:
        return []
    new, old = in_words(registration, *sent)
    return [
        Change(one.name, one.label, box.number, pieces_of(old.get(one.name, ""), new.get(one.name, "")))
        for box in BOXES
        for one in box.fields
        if old.get(one.name, "") != new.get(one.name, "")
    ]


def unmended_boxes(registration: Registration) -> list[int]:
    """Of a registration that was sent again: the boxes that the last return marked and in which nothing changed."""
    last = last_return(registration)
    marked = [mark.box for mark in last.marks.all()] if last else []
    changed = {change.box for change in changes_since_last(registration)} if marked else set()
    return [box for box in marked if box not in changed]


def pieces_of(old: str, new: str) -> list[tuple[str, str]]:
    """(kind, text): same, gone or new, word by word; lines stay lines."""
    before, after = (re.findall(r"\S+\s*", text) for text in (old, new))
    was, now = ([word.rstrip(" ") for word in words] for words in (before, after))
    pieces = []
    for what, a, b, c, d in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if what == "equal":
            pieces.append(("same", "".join(after[c:d])))
            continue
        if gone := "".join(before[a:b]).rstrip():
            pieces += [("gone", gone), ("same", " ")]
        if added := "".join(after[c:d]):
            pieces += [("new", added.rstrip()), ("same", added[len(added.rstrip()) :] or " ")]
    return pieces


def shown_answers(sheet: RegistrationSheet | None, registration: Registration) -> dict[str, str]:
    """The sheet's answers, or what a register's line says of them, in the words of its reader."""
    return in_words(registration, sheet.answers if sheet else answers_of_line(registration))[0]


def in_words(registration: Registration, *every: dict[str, str]) -> list[dict[str, str]]:
    """Answers with names instead of slugs and keys; empty ones are left out. Two queries."""
    said = {
        "field": dict(Field.objects.values_list("slug", "name")),
        "subject_kind": dict(SubjectKind.choices),
        "kind": dict(Kind.choices),
        "place": {version.unit.key: version.place or version.name for version in _places(registration)},
    }
    named = [{name: said[name].get(text, "") if name in said else text for name, text in answers.items()} for answers in every]
    return [{name: text for name, text in answers.items() if name in FIELDS and text} for answers in named]


@dataclass(frozen=True)
class CarryOn:
    """What may be carried on from one season, the last in which the units had any where none is chosen: its rows, and where a
    place's or unit's rows stand now.
    """

    before: Season | None
    rows: QuerySet[Registration]
    now: dict[int, tuple[Unit, Unit | None]]
    """id of the place, or of the unit where there is none, or to which it was assigned -> (reporting unit, place) of this season."""
    every: QuerySet[Registration] = field(default_factory=Registration.objects.none)
    """Of all years that may be chosen."""
    years: tuple[int, ...] = ()

    def where(self, row: Any) -> tuple[Unit, Unit | None]:
        return self.now[row.given or row.place_id or row.unit_id]


def carriable(user: Reader, season: Season, year: int | None = None) -> CarryOn:
    """Registrations of the last season in which the user's units, or units that these follow, had any, or of a year: standing, their
    model not yet registered this season and not judged to have ended; of an earlier year than the last those that no later one
    carried on.
    """
    if not any(one.year < season.year for one in seasons_for(user)):
        return CarryOn(None, Registration.objects.none(), {})
    now = _stands_now(user, season)
    rows = _of_before(Registration.objects.in_register().filter(withdrawn_on__isnull=True), season, now)
    years = list(Season.objects.filter(pk__in=rows.order_by().values("season")).order_by("-year"))
    before = next((one for one in years if one.year == year), years[0] if years else None)
    rows = rows.filter(_is_left(season))
    last = Q(season=years[0]) if years else Q()
    every = rows.filter(last | Q(is_latest=True)).select_related("model", "field", "unit", "place", "season", "sheet")
    every = every.order_by("unit__position", "place__position", "sort_key", "pk")
    return CarryOn(before, every.filter(season=before), now, every, tuple(one.year for one in years))


def number_carriable(user: Reader, season: Season) -> int:
    """How many `carriable` offers of the last season in which the user's units had any. One query."""
    rows = _of_before(Registration.objects.in_register().filter(withdrawn_on__isnull=True), season, _stands_now(user, season))
    counted = dict(rows.order_by().values_list("season__year").annotate(left=Count("pk", filter=_is_left(season))))
    return counted[max(counted)] if counted else 0


def _is_left(season: Season) -> Q:
    """The condition of registrations whose model is not yet registered in a season, and was not judged to have ended."""
    again = Registration.objects.filter(season=season, model=OuterRef("model"))
    return ~Exists(again) & ~Exists(ended().filter(registration=OuterRef("pk")))


def left_drafts(user: Reader, season: Season) -> CarryOn:
    """The drafts that earlier seasons left over, of the user's units and of units that these follow."""
    now = _stands_now(user, season)
    rows = _of_before(Registration.objects.filter(state=State.DRAFT, sheet__isnull=False), season, now)
    rows = rows.filter(handover__isnull=True).select_related("season", "sheet")
    return CarryOn(None, rows.order_by("-season__year", "sort_key", "pk"), now)


def _stands_now(user: Reader, season: Season) -> dict[int, tuple[Unit, Unit | None]]:
    """`CarryOn.now` of the units for which the user writes."""
    day, tree = acting_day(season), tree_for(user)
    ids = tree.below(units_where(user, May.WRITE_REGISTRATION), day)
    every = ids | {above for pk in ids if (above := tree.reporting(pk, day))}
    units = {pk: version.unit for pk, version in tree.were(every, day).items()}
    now: dict[int, tuple[Unit, Unit | None]] = {}
    for pk in ids:
        above = tree.reporting(pk, day)
        if above:
            now[pk] = (units[above], units[pk] if pk != above else None)
    return now | {old: now[pk] for pk in sorted(now) for old in tree.with_followed([pk], day) if old not in now}


def _of_before(rows: QuerySet[Registration], season: Season, now: dict[int, tuple[Unit, Unit | None]]) -> QuerySet[Registration]:
    """Those of earlier seasons that stand at these units; `given` is the unit that one was assigned to."""
    rows = rows.filter(season__year__lt=season.year).annotate(given=given_to(today()))
    is_placed = Q(place__in=now) | Q(place__isnull=True, unit__in=now)
    return rows.filter(Q(given__in=now) | (is_placed & Q(given__isnull=True)))


def waited_days(since: datetime) -> int:
    """Days in Vietnam since a moment."""
    return (today() - timezone.localtime(since, VIETNAM).date()).days
