"""When a conference is, its order, and its stories, one at a time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, time

from django.db import transaction

from common.exceptions import DomainError, NotAllowed
from common.text import clean, clean_lines
from organisation.audit import record
from organisation.models import Unit, User
from recognition.audit_actions import AuditAction
from recognition.models import BallotResult, Conference, ConferenceEntry
from recognition.permissions import can_run

STORY_LIMIT = 6000


@dataclass(frozen=True)
class ConferenceFacts:
    """What a conference is called, when and where it is."""

    name: str
    held_on: date
    place: str
    starts_at: time | None = None


Ranks = dict[tuple[int, int], int]
"""(registration, level) -> its rank in the last ballot there"""


def _rank(entry: ConferenceEntry, ranks: Ranks) -> tuple[int, ...]:
    one = entry.recognition
    return (ranks.get((one.registration_id, one.level_id), 1_000_000),)


def _unit(entry: ConferenceEntry, _ranks: Ranks) -> tuple[int, ...]:
    row = entry.recognition.registration
    return (row.unit.position, row.place.position if row.place else -1)


def _field(entry: ConferenceEntry, _ranks: Ranks) -> tuple[int, ...]:
    field = entry.recognition.registration.field
    return (field.position if field else 1_000_000,)


ORDERS: dict[str, tuple[str, Callable[[ConferenceEntry, Ranks], tuple[int, ...]]]] = {
    "hang": ("thứ hạng hội đồng biểu quyết", _rank),
    "don-vi": ("đơn vị", _unit),
    "linh-vuc": ("lĩnh vực", _field),
}
"""In which orders a whole list is put: what it is called, the key of an entry."""


def _lock(conference_id: int, actor: User) -> Conference:
    """The conference, locked after its unit."""
    unit = Unit.objects.get(conferences=conference_id)
    if not can_run(actor, unit):
        raise NotAllowed("Vai trò của đồng chí không làm việc này cho đơn vị.")
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    return Conference.objects.select_for_update(of=("self",)).get(pk=conference_id)


def _lock_entry(entry_id: int, actor: User) -> tuple[Conference, ConferenceEntry]:
    found = _lock(ConferenceEntry.objects.values_list("conference", flat=True).get(pk=entry_id), actor)
    return found, ConferenceEntry.objects.get(pk=entry_id)


def _place(rows: Sequence[ConferenceEntry]) -> None:
    for place, one in enumerate(rows, start=1):
        one.position = place
    ConferenceEntry.objects.bulk_update(rows, ["position"])


@transaction.atomic
def write_conference(*, conference_id: int, facts: ConferenceFacts, actor: User) -> Conference:
    """What it is called, when and where it is. Raises DomainError for a name that the unit's season has already."""
    found, title = _lock(conference_id, actor), clean(facts.name)[:200]
    if not title:
        raise DomainError("Xin đặt tên hội nghị.", field="name")
    same = Conference.objects.filter(unit=found.unit_id, season=found.season_id, name=title).exclude(pk=found.pk)
    if same.exists():
        raise DomainError(f"Năm này đã có “{title}”; xin đặt tên khác.", field="name")
    found.name, found.held_on, found.starts_at = title, facts.held_on, facts.starts_at
    found.place = clean(facts.place)[:200]
    found.save(update_fields=["name", "held_on", "starts_at", "place"])
    record(actor=actor, action=AuditAction.WRITE_CONFERENCE, target=found, unit=found.unit)
    return found


@transaction.atomic
def arrange_entries(*, conference_id: int, by: str, actor: User) -> list[int]:
    """Put the whole list in one of the ORDERS; what is alike stays as it stood. Returns the ids in the order before."""
    found, (words, key) = _lock(conference_id, actor), ORDERS[by]
    listed = found.entries.select_related(
        "recognition__registration__unit", "recognition__registration__place", "recognition__registration__field"
    )
    rows = list(listed.order_by("position", "pk"))
    before = [one.pk for one in rows]
    of_these = BallotResult.objects.filter(dossier__registration__in=[one.recognition.registration_id for one in rows])
    told = of_these.order_by("pk").values_list("dossier__registration", "dossier__level", "rank")
    ranks = {(registration, level): rank for registration, level, rank in told}
    _place(sorted(rows, key=lambda one: key(one, ranks)))
    record(actor=actor, action=AuditAction.ARRANGE_CONFERENCE, target=found, unit=found.unit, note=words)
    return before


@transaction.atomic
def restore_order(*, conference_id: int, order: Sequence[int], actor: User) -> None:
    """As it stood before; entries that came since stand at the end."""
    found = _lock(conference_id, actor)
    places = {pk: place for place, pk in enumerate(order)}
    rows = sorted(found.entries.order_by("position", "pk"), key=lambda one: places.get(one.pk, len(places)))
    _place(rows)
    record(actor=actor, action=AuditAction.ARRANGE_CONFERENCE, target=found, unit=found.unit, note="trở lại như trước")


@transaction.atomic
def move_entry(*, entry_id: int, position: int, actor: User) -> ConferenceEntry:
    """To a place in the order, counted from 1; the others make room. A place beyond either end is that end."""
    found, moved = _lock_entry(entry_id, actor)
    rows = [one for one in found.entries.order_by("position", "pk") if one.pk != moved.pk]
    rows.insert(min(max(position, 1), len(rows) + 1) - 1, moved)
    _place(rows)
    record(
        actor=actor, action=AuditAction.MOVE_CONFERENCE_ENTRY, target=found, unit=found.unit, note=f"{moved.pk}: {moved.position}"
    )
    return moved


@transaction.atomic
def write_story(*, entry_id: int, story: str, actor: User) -> ConferenceEntry:
    """The story of one model."""
    found, entry = _lock_entry(entry_id, actor)
    text = clean_lines(story)[:STORY_LIMIT]
    if text == entry.story:
        return entry
    entry.story = text
    entry.save(update_fields=["story"])
    record(actor=actor, action=AuditAction.WRITE_CONFERENCE_STORY, target=found, unit=found.unit, note=str(entry.pk))
    return entry


@transaction.atomic
def drop_entry(*, entry_id: int, actor: User) -> None:
    """Out of the list, with its story; the others close up."""
    found, entry = _lock_entry(entry_id, actor)
    entry.delete()
    _place(list(found.entries.order_by("position", "pk")))
    record(actor=actor, action=AuditAction.DROP_CONFERENCE_ENTRY, target=found, unit=found.unit, note=str(entry_id))
