"""Models that would suit a unit, each with its reasons (how they are weighed: docs/decisions/0025)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from math import asin, cos, radians, sin, sqrt
from typing import Any

from django.db.models import Count, Max, Q

from common.text import quoted
from common.trigrams import grams
from models_registry.models import Field, Registration
from organisation.models import UnitVersion
from organisation.naming import LevelName
from organisation.selectors.names import honours_of
from organisation.selectors.units import versions_on
from organisation.tree import unit_tree
from replication.models import Adoption
from replication.selectors.lines import live_on

CANDIDATES = 600  # recognised models that are weighed, the highest and newest first
SHOWN = 30
OWN = 40  # own titles that they are compared with
ALIKE, SAME = 0.3, 0.85  # from here on a title is near to an own one; from here on it is the same thing
NEAR = 15.0  # km: an adoption within it is near by
CLOSE = 30.0  # km: easy to visit


@dataclass(frozen=True)
class Suggestion:
    """A model that suits: by its newest registration, with the reasons and what they weigh."""

    row: Registration
    reasons: list[str]
    points: float


@dataclass(frozen=True)
class Profile:
    """What the page says of a unit: its fields, its kind of place."""

    fields: list[Field]
    kind: str


def suggestions_for(unit: UnitVersion, day: date, field: Field | None = None) -> tuple[list[Suggestion], Profile]:
    """Recognised models of the unit's own fields (or of one that was chosen) that nobody there or near by has taken on; the
    best first. A fixed number of queries.
    """
    tree = unit_tree()
    mine = tree.answered_for([unit.unit_id], day)
    own = list(
        Registration.objects.in_register()
        .filter(Q(place__in=mine) | Q(unit__in=mine, place__isnull=True))
        .select_related("field")
        .order_by("-season__year", "-pk")[: OWN * 5]
    )
    fields = [field] if field else [one for one, _ in Counter(row.field for row in own if row.field).most_common()]
    versions = {one.unit_id: one for one in UnitVersion.objects.on(day).select_related("level")}
    near = mine | {pk for pk, other in versions.items() if _is_near(unit, other)}
    carried = tree.heirs(Adoption.objects.values_list("unit", flat=True).distinct(), day)
    near_then = near | {pk for pk, heir in carried.items() if heir in near}
    taken = Adoption.objects.filter(live_on(day), unit__in=near_then).values("origin")
    standing = Q(model__registrations__recognitions__isnull=False, model__registrations__recognitions__revoked_on__isnull=True)
    rows = (
        Registration.objects.in_register()
        .filter(is_latest=True, withdrawn_on__isnull=True, **({"field__in": fields} if fields else {}))
        .exclude(Q(place__in=mine) | Q(unit__in=mine))
        .exclude(model__in=taken)
        .annotate(
            best=Max("model__registrations__recognitions__level__rank", filter=standing),
            honoured=Max("model__registrations__season__year", filter=standing),
        )
        .filter(best__isnull=False)
        .select_related("model", "field", "season")
        .order_by("-best", "-honoured", "pk")[:CANDIDATES]
    )
    found: list[Any] = list(rows)
    homes = versions_on([row.place_id or row.unit_id for row in found], day)
    spread = dict(
        Adoption.objects.filter(live_on(day), origin__in=[row.model_id for row in found])
        .values_list("origin")
        .annotate(number=Count("pk"))
    )
    levels = {year: honours_of(date(year, 12, 31)) for year in {row.honoured for row in found}}
    scale = _Scale(unit, levels, [(row.title, grams(row.title_key)) for row in own[:OWN]], spread, by_field=bool(fields))
    weighed = [one for row in found if (one := scale.weigh(row, homes.get(row.place_id or row.unit_id)))]
    weighed.sort(key=lambda one: (-one.points, -one.row.season.year, one.row.pk))
    return weighed[:SHOWN], Profile(fields, unit.place_kind)


@dataclass(frozen=True)
class _Scale:
    """What a candidate is weighed against."""

    unit: UnitVersion
    levels: dict[int, dict[int, LevelName]]
    titles: list[tuple[str, set[str]]]
    spread: dict[int, int]
    by_field: bool

    def weigh(self, row: Registration, home: UnitVersion | None) -> Suggestion | None:
        """The candidate with its reasons; None for what the unit does already."""
        like, title = _nearest(row, self.titles)
        if like >= SAME:
            return None
        best, year = row.best, row.honoured  # type: ignore[attr-defined]
        points, reasons = float(best), [f"Được công nhận {self.levels[year][best].honour} năm {year}"]
        if self.by_field and row.field:
            reasons.append(f"Cùng lĩnh vực {row.field.name.lower()}")
        if home and self.unit.place_kind and home.place_kind == self.unit.place_kind:
            points += 2
            reasons.append(f"Cùng là {self.unit.place_kind.lower()}")
        if like >= ALIKE:
            points += 4 * like
            reasons.append(f"Gần với việc đơn vị đã làm: {quoted(title)}")
        if places := self.spread.get(row.model_id or 0, 0):
            points += 1
            reasons.append(f"Đã có {places} nơi làm theo")
        away = _kilometres(self.unit, home) if home else None
        if away is not None and away <= CLOSE:
            points += 1
            reasons.append(f"Cách khoảng {max(round(away), 1)} km, tiện đến xem")
        return Suggestion(row, reasons, points)


def _nearest(row: Registration, titles: Iterable[tuple[str, set[str]]]) -> tuple[float, str]:
    """(likeness, title) of the own title that is most like this one: pg_trgm's measure of the folded titles."""
    here, best = grams(row.title_key), (0.0, "")
    for title, there in titles:
        if here and there:
            best = max(best, (len(here & there) / len(here | there), title))
    return best


def _is_near(unit: UnitVersion, other: UnitVersion) -> bool:
    away = _kilometres(unit, other)
    if away is None:
        return bool(unit.parent_id) and other.parent_id == unit.parent_id and other.level_id == unit.level_id
    return away <= NEAR and other.level_id == unit.level_id


def _kilometres(one: UnitVersion, other: UnitVersion) -> float | None:
    """The great circle between two units; None where either has no coordinates."""
    if one.latitude is None or one.longitude is None or other.latitude is None or other.longitude is None:
        return None
    lat1, lon1, lat2, lon2 = (radians(float(x)) for x in (one.latitude, one.longitude, other.latitude, other.longitude))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371.0 * asin(sqrt(half))
