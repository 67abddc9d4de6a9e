"""Reads of measured outputs."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from models_registry.models import OutputMeasure, Registration


def measures_of(model_ids: Iterable[int]) -> dict[int, Any]:
    """model id -> its newest measured output."""
    return {m.model_id: m for m in OutputMeasure.objects.filter(model__in=list(model_ids)).order_by("as_of")}


def series_of(registration: Registration) -> QuerySet[OutputMeasure]:
    """The measured outputs of a registration's model, by what and day."""
    measures = (
        OutputMeasure.objects.filter(model=registration.model_id) if registration.model_id else OutputMeasure.objects.none()
    )
    return measures.select_related("evidence").order_by("what", "as_of", "pk")


def newest_measures(registration: Registration) -> QuerySet[OutputMeasure]:
    """The same, the newest first."""
    return series_of(registration).order_by("-as_of", "-pk")


def measure_of(registration: Registration, pk: int) -> OutputMeasure | None:
    return series_of(registration).filter(pk=pk).first()
