"""Who learned it from whom: the line of a model, and all lines. HTTP only."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from common.dates import today
from models_registry import selectors as registry
from models_registry.views.common import page_links
from organisation.permissions import units_where
from organisation.roles import May
from portal import charts, selectors
from replication.selectors.campaigns import campaigns_visible_to, with_counts
from replication.selectors.lines import adoption_behind, line_of

PAGE = 50


@login_not_required
@require_safe
def line(request: HttpRequest, slug: str) -> HttpResponseBase:
    """A model's whole line: tree, sums, years, map, every adopter."""
    model = get_object_or_404(registry.models_visible_to(request.user), slug=slug)
    behind = adoption_behind(model)
    if behind:
        return redirect("portal:line", slug=behind.origin.slug)
    found = line_of(model, today())
    page = Paginator(found.nodes, PAGE).get_page(request.GET.get("trang"))
    units, places, counts = selectors.spread_map(found)
    context = {
        "model": model,
        "line": found,
        "tree": charts.tree(found.roots),
        "page": page,
        "links": page_links(page, {}),
        "parents": {node.adoption.pk: node.adoption for node in found.nodes},
        "years": charts.bars([(str(year), "", number, 0) for year, number in found.by_year]),
        "map": charts.district_map(units, places, counts) if counts else None,
        "illustrative": selectors.is_illustrative(model),
        "may_record": bool(units_where(request.user, May.RECORD_ADOPTION)),
    }
    return render(request, "portal/line.html", context)


@login_not_required
@require_safe
def lines(request: HttpRequest) -> HttpResponseBase:
    """The models that were taken on most, and the campaigns."""
    page = Paginator(selectors.spread_models(request.user), 20).get_page(request.GET.get("trang"))
    context = {
        "page": page,
        "links": page_links(page, {}),
        "campaigns": list(with_counts(campaigns_visible_to(None)).order_by("state", "-starts_on", "-pk")[:20]),
    }
    return render(request, "portal/lines.html", context)
