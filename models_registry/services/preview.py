"""What a register will change, in the words of its reader."""

from typing import Any

from django.contrib.admin.utils import label_for_field

from common.dates import read_day, write_day
from models_registry.enums import Kind, SubjectKind
from models_registry.models import Field, Registration, Season
from models_registry.registers.reading import ReadRow
from models_registry.selectors.continuity import Book
from organisation.selectors import versions_on

TOLD = 200  # letters of a value that are shown
EMPTY = "trống"
KEPT_QUESTIONS = 500  # questions that an upload keeps for its page


class ChangeWords:
    """Puts changed columns into words: [what, as it stands, as it will be]."""

    def __init__(self, season: Season) -> None:
        self._day = season.last_day
        self._fields = dict(Field.objects.values_list("pk", "name"))
        self._places: dict[int, str] = {}

    def of(self, row: ReadRow, changes: dict[str, Any]) -> list[list[str]]:
        told = []
        for name, (old, new) in changes.items():
            label = str(label_for_field(name.removesuffix("_id"), Registration))
            after = row.place.name if name == "place_id" else self._word(name, new)
            told.append([label, (self._word(name, old) or EMPTY)[:TOLD], (after or EMPTY)[:TOLD]])
        return told

    def _word(self, name: str, value: Any) -> str:
        if name == "place_id":
            return self._place(value)
        if name == "field_id":
            return self._fields.get(value, "")
        if name in ("kind", "subject_kind"):
            return str(dict(Kind.choices if name == "kind" else SubjectKind.choices).get(value, ""))
        if name == "registered_on":
            day = read_day(value or "")
            return write_day(day) if day else ""
        return str(value or "")

    def _place(self, unit_id: int | None) -> str:
        if unit_id and unit_id not in self._places:
            self._places[unit_id] = versions_on([unit_id], self._day)[unit_id].place
        return self._places[unit_id] if unit_id else ""


def preview_links(book: Book, rows: list[ReadRow], preview: list[dict[str, Any]]) -> dict[str, Any]:
    """What the maintained rows will carry on: numbers and questions; each row of the preview is told what it is linked to."""
    asking = [book.later(n, row.title, row.subject, row.place.unit_id, row.place.name) for n, row in enumerate(rows)]
    decisions = book.decide(asking)
    known = Registration.objects.select_related("season").in_bulk(
        {one.pk for found in decisions.values() for one in (found.link, *(it.earlier for it in found.proposals)) if one}
    )
    shown = {row["source"]: row for row in preview}
    questions = []
    for n, found in decisions.items():
        row = rows[n]
        if found.link:
            shown.get(row.source, {})["link"] = _told(known[found.link.pk])
        elif found.proposals:
            offered = [_told(known[it.earlier.pk]) | {"score": it.score, "reason": it.reason.label} for it in found.proposals]
            asked = {"source": row.source, "title": row.title, "subject": row.subject, "place": row.place.name}
            questions.append(asked | {"offered": offered})
        shown.get(row.source, {}).setdefault("link", None)
    linked = sum(found.link is not None for found in decisions.values())
    counts = {"linked": linked, "open": len(questions), "none": len(rows) - linked - len(questions)}
    return counts | {"questions": questions[:KEPT_QUESTIONS]}


def _told(row: Registration) -> dict[str, Any]:
    return {"season": row.season.year, "title": row.title, "subject": row.subject, "place": row.place_name, "unit": row.unit_name}
