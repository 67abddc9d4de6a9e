"""The order of a conference and its stories, one at a time."""

from typing import Any

from django.db import transaction

from common.exceptions import NotAllowed
from common.text import clean_lines
from organisation.audit import record
from organisation.models import Unit
from recognition.models import Conference, ConferenceEntry
from recognition.permissions import can_run

STORY_LIMIT = 6000


def _lock_entry(entry_id: int, actor: Any) -> tuple[Conference, ConferenceEntry]:
    """The conference, locked after its unit, and the entry."""
    conference_id = ConferenceEntry.objects.values_list("conference", flat=True).get(pk=entry_id)
    unit = Unit.objects.get(conferences=conference_id)
    if not can_run(actor, unit):
        raise NotAllowed("Vai trò của đồng chí không làm việc này cho đơn vị.")
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    found = Conference.objects.select_for_update(of=("self",)).get(pk=conference_id)
    return found, ConferenceEntry.objects.get(pk=entry_id)


@transaction.atomic
def move_entry(*, entry_id: int, position: int, actor: Any) -> ConferenceEntry:
    """To a place in the order, counted from 1; the others make room. A place beyond either end is that end."""
    found, moved = _lock_entry(entry_id, actor)
    rows = [one for one in found.entries.order_by("position", "pk") if one.pk != moved.pk]
    rows.insert(min(max(position, 1), len(rows) + 1) - 1, moved)
    for place, one in enumerate(rows, start=1):
        one.position = place
    ConferenceEntry.objects.bulk_update(rows, ["position"])
    record(actor=actor, action="move-conference-entry", target=found, unit=found.unit, note=f"{moved.pk}: {moved.position}")
    return moved


@transaction.atomic
def write_story(*, entry_id: int, story: str, actor: Any) -> ConferenceEntry:
    """The story of one model."""
    found, entry = _lock_entry(entry_id, actor)
    entry.story = clean_lines(story)[:STORY_LIMIT]
    entry.save(update_fields=["story"])
    record(actor=actor, action="write-conference-story", target=found, unit=found.unit, note=str(entry.pk))
    return entry


@transaction.atomic
def drop_entry(*, entry_id: int, actor: Any) -> None:
    """Out of the list, with its story; the others close up."""
    found, entry = _lock_entry(entry_id, actor)
    entry.delete()
    rows = list(found.entries.order_by("position", "pk"))
    for place, one in enumerate(rows, start=1):
        one.position = place
    ConferenceEntry.objects.bulk_update(rows, ["position"])
    record(actor=actor, action="drop-conference-entry", target=found, unit=found.unit, note=str(entry_id))
