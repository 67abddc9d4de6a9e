"""The map: the province by unit, a unit by its communes; nearer and farther are addresses. HTTP only."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common.dates import today
from organisation.grouping import MANY, told_apart
from organisation.models import UnitVersion
from organisation.naming import said_province
from organisation.selectors.names import lowest_level_on
from portal import charts, filters
from portal.selectors.maps import MapPage, Place, map_page
from portal.selectors.vocabulary import Vocabulary, vocabulary

Choice = tuple[str, str, bool]
"""(words, address, whether it is the one)"""


@dataclass(frozen=True)
class MapShown:
    """The map of all units, or of the places within one, and what it may be narrowed to."""

    found: MapPage
    map_title: str
    map_caption: str
    map: charts.Map | None
    is_near: bool
    placed: list[tuple[Place, str, str]]
    """(a place, where it leads, its name) of each that has a point on the map"""
    folded: list[tuple[Place, str, str]]
    unplaced: list[tuple[Place, str, str]]
    whole: str
    listed: str
    fields: list[Choice]
    years: list[Choice]
    not_understood: list[str]


@login_not_required
@require_safe
def whole(request: HttpRequest) -> HttpResponseBase:
    words = vocabulary(request.GET.get("nam", ""))
    asked = filters.read(request.GET, words)
    season = next((one for one in words.seasons if one.pk == asked.filter.season), next(iter(words.seasons), None))
    day = min(today(), season.cutoff_on) if season else today()
    found = map_page(request.user, asked.filter, words, day)
    catalogue = reverse("portal:catalogue")

    def nearer(unit: UnitVersion) -> str:
        if found.inside is None:
            return asked.href(don_vi=unit.unit.key)
        return catalogue + asked.href(don_vi=unit.unit.key)

    def around(unit: UnitVersion) -> str:
        return asked.href(gan=unit.unit.key)

    drawn = charts.district_map([place.version for place in found.placed], _land(found), found.counts, nearer, crowd_href=around)
    near = drawn.around(request.GET.get("gan", "")) if drawn else ()
    if near:
        found.narrow(near)
        drawn = charts.district_map(list(near), [], found.counts, nearer)
    names = told_apart((place.version for place in found.places), short=True)
    placed = [(place, nearer(place.version), names[place.version.unit_id]) for place in found.placed]
    place = said_province(day)
    caption = _("Diện tích vòng tròn theo số mô hình; chấm nhỏ là %(places)s.") % {"places": lowest_level_on(day).said_counted}
    page = MapShown(
        found=found,
        map_title=place.map_title or _("Mô hình ở đâu"),
        map_caption=f"{caption} {place.map_note}".strip(),
        map=drawn,
        is_near=bool(near),
        placed=placed[:MANY],
        folded=placed[MANY:],
        unplaced=[
            (place, catalogue + asked.href(don_vi=place.version.unit.key), names[place.version.unit_id])
            for place in found.unplaced
        ],
        whole=asked.href(don_vi=""),
        listed=catalogue + asked.href(),
        fields=_fields(asked, words),
        years=_years(asked, words),
        not_understood=asked.not_understood,
    )
    context = {"page": page, "illustrative": any(one.is_illustrative for one in words.seasons)}
    return render(request, "portal/map.html", context)


def _land(found: MapPage) -> list[UnitVersion]:
    """The places within the units, or the units themselves where they are the lowest."""
    return found.land or [place.version for place in found.placed]


def _fields(asked: filters.Asked, words: Vocabulary) -> list[Choice]:
    chosen = asked.filter.field
    return [(one.name, asked.href(linh_vuc="" if one.pk == chosen else one.slug), one.pk == chosen) for one in words.fields]


def _years(asked: filters.Asked, words: Vocabulary) -> list[Choice]:
    chosen = asked.filter.season
    return [(str(one.year), asked.href(nam="" if one.pk == chosen else str(one.year)), one.pk == chosen) for one in words.seasons]
