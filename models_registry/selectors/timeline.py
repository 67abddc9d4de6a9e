"""The history of a registration and of its model, for those who may see it. Apps above add what they know."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

from common.dates import VIETNAM, day_begins, today
from common.text import quoted
from models_registry.enums import Action, LinkState
from models_registry.models import (
    EmulationModel,
    Handover,
    HandoverAgain,
    OutputMeasure,
    Registration,
    RegistrationStep,
    Repeat,
    YearVerdict,
)
from models_registry.selectors.scope import own_units, visible_to
from models_registry.sources import source_in_words
from organisation.models import Reader
from organisation.roles import May
from organisation.selectors.units import versions_on


@dataclass(frozen=True)
class Event:
    """Something that happened: when (`has_time` False: only the day is known), what, by whom, the words that go with it."""

    at: datetime
    what: str
    who: str = ""
    words: tuple[str, ...] = field(default_factory=tuple)
    look: str = "registered"
    has_time: bool = True


Source = Callable[[list[int]], Iterable[Event]]
_sources: list[Source] = []


def tells(source: Source) -> Source:
    """Register what an app above knows of registrations: a function from their ids to events."""
    _sources.append(source)
    return source


_STEPS = {
    Action.SUBMIT: ("Gửi", "waiting"),
    Action.RETURN: ("Trả lại để sửa", "returned"),
    Action.ACCEPT: ("Nhận vào sổ", "accepted"),
    Action.WITHDRAW: ("Rút", "withdrawn"),
    Action.REOPEN: ("Mở lại để sửa", "returned"),
    Action.UNDO: ("Hoàn tác, chờ xét tiếp", "waiting"),
}


def of_registration(registration: Registration) -> list[Event]:
    """All that happened to one registration, newest first."""
    return _newest_first([registration], own={registration.pk}, measures=[])


def of_model(user: Reader, model: EmulationModel) -> list[Event]:
    """The whole history of a model over the years, newest first; the steps, with who did them and why, of the years that
    are of the user's own units. Empty for who has none of them.
    """
    own = set(Registration.objects.filter(own_units(user, May.SEE_BOARD), model=model).values_list("pk", flat=True))
    if not own:
        return []
    rows = list(visible_to(user).filter(model=model).select_related("season", "imported_by__uploaded_by"))
    return _newest_first(rows, own=own, measures=list(model.measures.all()))


def _newest_first(rows: list[Registration], own: set[int], measures: list[OutputMeasure]) -> list[Event]:
    ids = [row.pk for row in rows]
    years = {row.pk: str(row.season) for row in rows}
    steps = list(RegistrationStep.objects.filter(registration__in=own).prefetch_related("marks"))
    told = {(step.registration_id, step.action) for step in steps}
    events = [event for row in rows for event in _of_line(row, told)]
    events += [_of_step(step, years[step.registration_id] if len(rows) > 1 else "") for step in steps]
    events += [
        Event(
            day_begins(one.as_of),
            f"{one.what}: {one.qualifier} {one}".replace(":  ", ": "),
            one.source,
            look="registered",
            has_time=False,
        )
        for one in measures
    ]
    handed: list[Handover | HandoverAgain] = list(Handover.objects.filter(registration__in=ids).select_related("given_by"))
    handed += HandoverAgain.objects.filter(handover__in=ids).select_related("given_by") if handed else ()
    names = versions_on([one.unit_id for one in handed], today()) if handed else {}
    events += [Event(one.given_at, f"Giao cho {names[one.unit_id].name} làm tiếp", str(one.given_by)) for one in handed]
    events += _judged(ids)
    aside = [row.pk for row in rows if row.withdrawn_on and row.registered_on is None]
    events += _set_aside(aside) if aside else []
    for source in _sources:
        events += source(ids)
    return sorted(events, key=lambda event: event.at, reverse=True)


def _judged(ids: list[int]) -> list[Event]:
    """Year-end verdicts that count or counted, on the day of which they speak."""
    found = YearVerdict.objects.filter(registration__in=ids, confirmed_at__isnull=False).select_related("confirmed_by")
    return [
        Event(
            day_begins(one.as_of),
            f"Đánh giá: {one.get_verdict_display().lower()}",
            str(one.confirmed_by),
            tuple(words for words in (one.reason, one.evidence) if words),
            has_time=False,
        )
        for one in found
    ]


def _set_aside(ids: list[int]) -> list[Event]:
    """What turned out to be sent twice in its season."""
    found = Repeat.objects.filter(registration__in=ids, state=LinkState.CONFIRMED).select_related("earlier", "decided_by")
    told = [(one.decided_at, one.earlier, one.decided_by) for one in found]
    return [
        Event(at, f"Là một với {quoted(earlier)} ({earlier.unit_name}): tính một lần", str(by), look="withdrawn")
        for at, earlier, by in told
        if at
    ]


def _of_line(row: Registration, told: set[tuple[int, str]]) -> Iterable[Event]:
    """What a line of a register says by itself, where no step (`told`) says it."""
    if row.registered_on and (row.pk, Action.ACCEPT) not in told:
        words = _brought_by(row)
        kind = row.get_kind_display().lower()
        yield Event(day_begins(row.registered_on), f"Đăng ký năm {row.season}: {kind}", row.unit_name, words, "registered", False)
    if row.registered_on and row.withdrawn_on and (row.pk, Action.WITHDRAW) not in told:
        yield Event(day_begins(row.withdrawn_on), f"Rút khỏi năm {row.season}", row.unit_name, (), "withdrawn", False)


def _brought_by(row: Registration) -> tuple[str, ...]:
    """Which file a line came with, who sent it and when."""
    source = row.imported_by
    if source is None:
        return ()
    who = f", {source.uploaded_by}" if source.uploaded_by else ""
    when = f", lúc {timezone.localtime(source.stored_at, VIETNAM):%H:%M %d/%m/%Y}" if source.stored_at else ""
    return (f"Nạp từ tệp {source.file_name}, {source_in_words(row.imported_from)}{who}{when}",)


def _of_step(step: RegistrationStep, year: str) -> Event:
    what, look = _STEPS[Action(step.action)]
    marks = tuple(str(mark) for mark in step.marks.all())
    words = (*marks, step.note) if step.note else marks
    return Event(step.at, f"{what} (năm {year})" if year else what, step.actor_name, words, look)
