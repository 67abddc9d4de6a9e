"""What the open API gives: all that stands or stood in a register, as everybody may read it."""

from typing import Any

from django.db.models import Q, QuerySet

from models_registry import selectors as registry
from models_registry.models import EmulationModel, OutputMeasure, Registration
from models_registry.selectors.verdicts import with_verdicts
from recognition import selectors as recognition
from recognition.models import Recognition


def registrations(
    *,
    year: int | None = None,
    field: str | None = None,
    kind: str | None = None,
    subject_kind: str | None = None,
    unit: str | None = None,
    stands: bool = False,
    words: str = "",
) -> QuerySet[Registration]:
    """Registrations of a year, a field, a kind, a unit or a place; `stands`: without those that were withdrawn."""
    rows = registry.in_register(None).select_related("model", "season", "field", "unit", "place")
    named: dict[str, Any] = {"season__year": year, "field__slug": field, "kind": kind, "subject_kind": subject_kind}
    rows = rows.filter(**{column: value for column, value in named.items() if value is not None})
    if unit is not None:
        rows = rows.filter(Q(unit__key=unit) | Q(place__key=unit))
    if stands:
        rows = rows.filter(withdrawn_on__isnull=True)
    return registry.search(with_verdicts(rows), words)


def years_of(model: EmulationModel) -> list[Registration]:
    return list(with_verdicts(registry.model_years(None, model).select_related("model", "place")))


def measures_of(model: EmulationModel) -> list[OutputMeasure]:
    return list(model.measures.all())


def recognitions_of(years: list[Registration]) -> list[Recognition]:
    return list(recognition.honours_of(row.pk for row in years).select_related("registration__season"))
