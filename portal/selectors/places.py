"""Units by their keys and places with a point."""

from collections.abc import Iterable
from datetime import date

from django.db.models import F

from common.remember import remembered
from organisation.models import UnitVersion
from organisation.selectors.units import reporting_units


@remembered()
def placed_reporting(day: date) -> list[UnitVersion]:
    """The units that report on a day and have a point."""
    return [version for version in reporting_units(day) if version.latitude is not None]


@remembered()
def _placed_in(unit_ids: tuple[int, ...], day: date) -> list[UnitVersion]:
    """The units right below these that have a point."""
    return list(UnitVersion.objects.on(day).filter(parent__in=unit_ids, latitude__isnull=False))


def place_named(key: str) -> UnitVersion | None:
    """Any unit by its key, as it last was."""
    found = UnitVersion.objects.filter(unit__key=key).select_related("unit")
    return found.order_by(F("valid_from").desc(nulls_last=True)).first()


def places_of(units: Iterable[UnitVersion], day: date) -> list[UnitVersion]:
    """The units right below these that have a point."""
    return _placed_in(tuple(one.unit_id for one in units), day)
