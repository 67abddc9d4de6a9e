"""The units: a list with a search, and a page for each, also of those that are no more. HTTP only."""

from datetime import date

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common.dates import today
from common.text import clean
from organisation.selectors.names import lowest_level_on
from portal import charts, filters
from portal.permissions import can_give_contact
from portal.selectors import units
from portal.selectors.places import places_of
from portal.selectors.vocabulary import vocabulary
from portal.templatetags.look import said_day

PAGE = 60


@login_not_required
@require_safe
def index(request: HttpRequest) -> HttpResponseBase:
    """The units that report in a season, or now; with words, every unit whose name has them."""
    words = vocabulary()
    year = request.GET.get("nam", "")
    season = next((one for one in words.seasons if str(one.year) == year), None)
    newest = words.seasons[0] if words.seasons else None
    day = today() if year == "nay" or newest is None else min(today(), (season or newest).cutoff_on)
    typed = clean(request.GET.get("q", ""))[:100]
    lines = units.all_units(day, typed)
    asked = {"nam": year if year == "nay" or season else "", "q": typed}
    page = filters.page(request.GET.get("trang", "1"), len(lines), PAGE, lambda **more: filters.address(asked | more))
    shown = lines[page.start : page.stop]
    context = {
        "lines": shown,
        "page": page,
        "total": len(lines),
        "q": typed,
        "day": day,
        "years": [
            *(
                (str(one.year), filters.address(asked | {"nam": str(one.year)}), one == (season or newest) and year != "nay")
                for one in words.seasons
            ),
            ("Hiện nay", filters.address(asked | {"nam": "nay"}), year == "nay"),
        ],
        "map_caption": _("Đơn vị ngày %(day)s; số mô hình đang có trên cổng; chấm nhỏ là %(places)s.")
        % {"day": said_day(day), "places": lowest_level_on(day).said_counted},
        "map": None if typed or not any(line.models for line in shown) else _map(shown, day),
        "illustrative": any(one.is_illustrative for one in words.seasons),
    }
    return render(request, "portal/units.html", context)


def _map(lines: list[units.UnitLine], day: date) -> charts.Map | None:
    placed = [line.version for line in lines if line.version.latitude is not None]
    numbers = {line.version.unit_id: line.models for line in lines}
    return charts.district_map(
        placed,
        places_of(placed, day),
        numbers,
        lambda unit: reverse("portal:unit", args=[unit.unit.key]),
        crowd_href=lambda _unit: reverse("portal:map"),
    )


@login_not_required
@require_safe
def unit(request: HttpRequest, key: str) -> HttpResponseBase:
    """One unit: what it was and is, its figures by year, its models, the units below it, what it learned from others."""
    page = units.unit_page(request.user, key, today(), vocabulary())
    if page is None:
        raise Http404
    return render(
        request,
        "portal/unit.html",
        {
            "page": page,
            "unit": page.version.unit,
            "version": page.version,
            "where": _where(page),
            "illustrative": page.is_illustrative,
            "may_give_contact": can_give_contact(request.user, page.version.unit),
        },
    )


def _where(page: units.UnitPage) -> str:
    """The sentence under a unit's name: its place, the unit above it, until when it was there."""
    place, above = page.version.place, ""
    if page.parent:
        above = f"{_(', trực thuộc') if place else _('Trực thuộc')} {page.parent.name}"
    until = f"{_(', đến hết ngày')} {said_day(page.ended)}" if page.ended else ""
    return f"{place}{above}{until}."
