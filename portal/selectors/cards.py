"""Registrations as the lists of the public pages show them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from models_registry import selectors as registry
from models_registry.enums import Kind, SubjectKind
from models_registry.models import OutputMeasure
from organisation.models import Level
from organisation.naming import names
from portal.selectors.vocabulary import unit_teller
from recognition import selectors as recognition


@dataclass
class Card:
    """One line of a list: a registration with the honours that stand and the newest measured result."""

    row: Any
    """A Registration, or one of `registry.card_page`."""
    honours: list[tuple[str, str]] = field(default_factory=list)
    measure: OutputMeasure | None = None
    cover: registry.Cover | None = None
    unit: str = ""
    """The unit's name, where it is told from another of that name."""

    @property
    def who(self) -> str:
        unit = self.unit or self.row.unit_name
        return f"{self.row.subject} · {unit}" if self.row.subject else unit

    @property
    def kinds(self) -> str:
        return f"{_(_SUBJECT_KINDS[self.row.subject_kind])} · {_(_KINDS[self.row.kind])}"


_KINDS = {kind.value: kind.label.lower() for kind in Kind}

_SUBJECT_KINDS = {kind.value: kind.label for kind in SubjectKind}


def cards(rows: Iterable[Any], levels: list[Level], until: int | None = None, *, with_covers: bool = False) -> list[Card]:
    """Cards for one page of rows: two more queries, three with covers, whatever the number of rows. Honours are those of each row's model in all
    seasons, or in those until a year.
    """
    listed = list(rows)
    highest = max((level.rank for level in levels), default=0)
    measures = registry.measures_of(row.model_id for row in listed)
    honoured = [row for row in listed if row.honour_rank]
    honours = _honours(honoured, highest, until) if honoured else {}
    covers = registry.covers_of(row.model_id for row in listed) if with_covers else {}
    told = unit_teller()
    return [
        Card(row, honours.get(row.model_id, []), measures.get(row.model_id), covers.get(row.model_id), told(row))
        for row in listed
    ]


def _honours(rows: list[Any], highest: int, until: int | None) -> dict[int, list[tuple[str, str]]]:
    """model id -> (look, words) of each standing honour, the highest first, of one level the newest first."""
    found: dict[int, list[tuple[int, int, str, str]]] = defaultdict(list)
    for row in rows:
        if row.honour_rank == highest:
            found[row.model_id].append((highest, 0, "central", _("Giới thiệu Trung ương")))
    for model, year, rank, is_province, level, decided_on, grade in recognition.standing_honours(row.model_id for row in rows):
        if until is None or year <= until:
            name = names().of_level(level, decided_on).said_honour
            name = f"{name}, {grade}" if grade else name
            found[model].append((rank, year, "province" if is_province else "committee", f"{name} {year}"))
    return {pk: [(look, words) for *_, look, words in sorted(named, reverse=True)] for pk, named in found.items()}
