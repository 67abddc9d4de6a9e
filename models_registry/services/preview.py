"""What a register will change, in the words of its reader."""

from typing import Any

from django.contrib.admin.utils import label_for_field

from common.dates import read_day, write_day
from models_registry.enums import Kind, RowLink, SubjectKind
from models_registry.models import Field, Registration, Season
from models_registry.registers.continuity import Proposal
from models_registry.registers.reading import ReadRow
from models_registry.selectors.continuity import Book, told_of
from models_registry.selectors.repeats import already_sent, standing_in
from models_registry.services.import_rows import KeptRows
from organisation.selectors.units import versions_on

TOLD = 200  # letters of a value that are shown
EMPTY = "trống"
KEPT_QUESTIONS = 500  # questions that a report tells


class ChangeWords:
    """Puts changed columns into words: [part of the row, what, as it stands, as it will be]."""

    def __init__(self, season: Season) -> None:
        self._day = season.last_day
        self._fields = dict(Field.objects.values_list("pk", "name"))
        self._places: dict[int, str] = {}

    def of(self, row: ReadRow, changes: dict[str, Any]) -> list[list[str]]:
        told = []
        for name, (old, new) in changes.items():
            part = name.removesuffix("_id")
            if part == "sheet":
                told.append([part, "phiếu chín mục", f"{old} mục" if old else EMPTY, f"{new} mục"])
                continue
            label = str(label_for_field(part, Registration))
            after = row.place.name if name == "place_id" else self._word(name, new)
            told.append([part, label, (self._word(name, old) or EMPTY)[:TOLD], (after or EMPTY)[:TOLD]])
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


def preview_links(book: Book, rows: list[ReadRow], kept: KeptRows | None) -> dict[str, Any]:
    """What the maintained of the new rows will carry on, and what a unit that ended sent before: in numbers; each row that is kept
    is told what it will be linked to, or what it may be.
    """
    later = [book.later(n, row.title, row.subject, row.place.unit_id, row.place.name) for n, row in enumerate(rows)]
    asking = [one for one in later if rows[one.pk].kind == Kind.MAINTAINED]
    decisions, standing = book.decide(asking), standing_in(book.season)
    repeats = already_sent(book, standing, later) if standing and book.unit.pk not in standing.ended else {}
    links = [found.link.pk for found in decisions.values() if found.link]
    offered = {n: found.proposals for n, found in decisions.items() if not found.link and found.proposals}
    counts: dict[str, Any] = {"linked": len(links), "open": len(offered), "none": len(asking) - len(links) - len(offered)}
    proposed = [it.earlier.pk for proposals in (*offered.values(), *repeats.values()) for it in proposals]
    known = Registration.objects.select_related("season").in_bulk([*links, *proposed])
    twice = [_question(rows[n], proposals, known) for n, proposals in repeats.items()]
    counts |= {"twice": twice[:KEPT_QUESTIONS]} if twice else {}
    if kept is None:
        return counts | {"questions": [_question(rows[n], it, known) for n, it in offered.items()][:KEPT_QUESTIONS]}
    told: dict[str, tuple[str, dict[str, Any]]] = {}
    for n, found in decisions.items():
        if found.link:
            told[rows[n].source] = (RowLink.LINKED, {"linked": told_of(known[found.link.pk])})
        else:
            likely = _question(rows[n], found.proposals, known)["offered"]
            told[rows[n].source] = (RowLink.ASKED, {"offered": likely}) if likely else (RowLink.NONE, {})
    kept.links(told)
    return counts


def _question(row: ReadRow, proposals: list[Proposal], known: dict[int, Registration]) -> dict[str, Any]:
    offered = [told_of(known[it.earlier.pk]) | {"score": it.score, "reason": it.reason.label} for it in proposals]
    return {"source": row.source, "title": row.title, "subject": row.subject, "place": row.place.name, "offered": offered}
