"""A model's own page and its picture for sharing; how every address of a model finds it. HTTP only."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from common.dates import today
from common.numbers import write_number
from models_registry import selectors as registry
from models_registry.models import EmulationModel
from organisation.permissions import units_where
from organisation.roles import May
from portal import charts
from portal.exports.share import share_picture
from portal.permissions import can_give_contact
from portal.selectors.models import model_page
from portal.structured import model_data, summary

View = Callable[..., HttpResponseBase]


def of_model(view: View) -> View:
    """For everything at a model's address: open to all; the view is given the model, and whether its details are made up.

    An address that the model had leads on for good (301). A model of which no registration stands any more is gone (410),
    with a way on.
    """

    @login_not_required
    @require_safe
    @wraps(view)
    def inner(request: HttpRequest, slug: str) -> HttpResponseBase:
        found = registry.model_at(request.user, slug)
        if found.moved_to and request.resolver_match:
            there = reverse(request.resolver_match.view_name, args=[found.moved_to])
            query = request.META.get("QUERY_STRING", "")
            return redirect(f"{there}?{query}" if query else there, permanent=True)
        if found.model is None:
            raise Http404
        if not found.stands:
            years = list(registry.model_years(request.user, found.model))
            context = {"model": found.model, "row": years[0], "years": years}
            return render(request, "portal/gone.html", context, status=410)
        return view(request, found.model, found.is_illustrative)

    return inner


@dataclass(frozen=True)
class Sharing:
    """What a link to a model carries to where it is shared."""

    address: str
    picture: str
    summary: str
    data: dict[str, Any]
    """For search engines."""


@of_model
def model(request: HttpRequest, found: EmulationModel, illustrative: bool) -> HttpResponseBase:
    page = model_page(request.user, found)
    chart = None
    if len(page.series) > 1:
        values = [
            (float(m.as_of.toordinal()), float(m.quantity), write_number(m.quantity), f"{m.as_of:%m/%Y}") for m in page.series
        ]
        chart = charts.line(values)
    address = request.build_absolute_uri(found.get_absolute_url())
    picture = request.build_absolute_uri(reverse("portal:share-picture", args=[found.slug]))
    asked_about = page.newest.place or page.newest.unit
    sharing = Sharing(address, picture, summary(page), model_data(page, address, picture))
    context = {
        "page": page,
        "model": found,
        "measure": page.series[-1] if page.series else None,
        "chart": chart,
        "illustrative": illustrative,
        "sharing": sharing,
        "printed_on": today(),
        "asked_about": asked_about,
        "may_give_contact": can_give_contact(request.user, asked_about),
        "may_record": bool(units_where(request.user, May.RECORD_ADOPTION)),
    }
    return render(request, "portal/model.html", context)


@of_model
def picture(request: HttpRequest, found: EmulationModel, illustrative: bool) -> HttpResponseBase:
    """What a link to the model shows where it is shared, 1200 x 630 points."""
    response = HttpResponse(share_picture(model_page(request.user, found)), content_type="image/png")
    response["Cache-Control"] = "public, max-age=3600"
    return response
