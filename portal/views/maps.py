"""The map: the province by unit, a unit by its communes; nearer and farther are addresses. HTTP only."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common.dates import today
from organisation.models import UnitVersion
from organisation.naming import said_province
from organisation.selectors import lowest_level_on
from portal import charts, filters, selectors
from portal.selectors.maps import map_page


@login_not_required
@require_safe
def whole(request: HttpRequest) -> HttpResponseBase:
    words = selectors.vocabulary(request.GET.get("nam", ""))
    asked = filters.read(request.GET, words)
    season = next((one for one in words.seasons if one.pk == asked.filter.season), next(iter(words.seasons), None))
    day = min(today(), season.cutoff_on) if season else today()
    found = map_page(request.user, asked.filter, words, day)
    catalogue = reverse("portal:catalogue")

    def nearer(unit: UnitVersion) -> str:
        if found.inside is None:
            return asked.href(don_vi=unit.unit.key)
        return catalogue + asked.href(don_vi=unit.unit.key)

    place = said_province(day)
    caption = _("Diện tích vòng tròn theo số mô hình; chấm nhỏ là %(places)s.") % {"places": lowest_level_on(day).said_counted}
    context = {
        "found": found,
        "map_title": place.map_title or _("Mô hình ở đâu"),
        "map_caption": f"{caption} {place.map_note}".strip(),
        "map": charts.district_map([place.version for place in found.placed], found.land, found.counts, nearer),
        "placed": [(place, nearer(place.version)) for place in found.placed],
        "unplaced": [(place, catalogue + asked.href(don_vi=place.version.unit.key)) for place in found.unplaced],
        "whole": asked.href(don_vi=""),
        "listed": catalogue + asked.href(),
        "fields": [
            (one.name, asked.href(linh_vuc="" if one.pk == asked.filter.field else one.slug), one.pk == asked.filter.field)
            for one in words.fields
        ],
        "years": [
            (str(one.year), asked.href(nam="" if one.pk == asked.filter.season else str(one.year)), one.pk == asked.filter.season)
            for one in words.seasons
        ],
        "not_understood": asked.not_understood,
        "illustrative": any(one.is_illustrative for one in words.seasons),
    }
    return render(request, "portal/map.html", context)
