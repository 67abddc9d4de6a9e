"""The map: the province by unit, a unit by its communes; nearer and farther are addresses. HTTP only."""

from typing import Any

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
from portal.selectors.maps import MapPage, map_page
from portal.selectors.vocabulary import Vocabulary, vocabulary


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
    context = {
        "found": found,
        "map_title": place.map_title or _("Mô hình ở đâu"),
        "map_caption": f"{caption} {place.map_note}".strip(),
        "map": drawn,
        "is_near": bool(near),
        "placed": placed[:MANY],
        "folded": placed[MANY:],
        "unplaced": [
            (place, catalogue + asked.href(don_vi=place.version.unit.key), names[place.version.unit_id])
            for place in found.unplaced
        ],
        "whole": asked.href(don_vi=""),
        "listed": catalogue + asked.href(),
        **_choices(asked, words),
        "not_understood": asked.not_understood,
        "illustrative": any(one.is_illustrative for one in words.seasons),
    }
    return render(request, "portal/map.html", context)


def _land(found: MapPage) -> list[UnitVersion]:
    """The places within the units, or the units themselves where they are the lowest."""
    return found.land or [place.version for place in found.placed]


def _choices(asked: filters.Asked, words: Vocabulary) -> dict[str, Any]:
    """The fields and years that the map may be narrowed to: (label, address, whether it is the one)."""
    field, season = asked.filter.field, asked.filter.season
    return {
        "fields": [(one.name, asked.href(linh_vuc="" if one.pk == field else one.slug), one.pk == field) for one in words.fields],
        "years": [
            (str(one.year), asked.href(nam="" if one.pk == season else str(one.year)), one.pk == season) for one in words.seasons
        ],
    }
