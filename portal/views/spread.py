"""Who learned it from whom: the line of a model, and all lines. HTTP only."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common.bars import Bar, bars
from common.dates import today
from models_registry.models import EmulationModel
from models_registry.views.common import page_links
from organisation.permissions import units_where
from organisation.roles import May
from organisation.selectors.names import lowest_level_on
from portal import charts
from portal.selectors.spread import spread_map, spread_models
from portal.views.models import of_model
from replication.exports.campaigns import directive_words
from replication.exports.how_to import print_sheet
from replication.models import Adoption
from replication.permissions import can_write_how_to
from replication.selectors.campaigns import campaigns_of, newest_with_counts, with_counts
from replication.selectors.how_to import sheet_of
from replication.selectors.lines import Line, adoption_behind, line_of
from replication.selectors.visits import made_to

PAGE = 50


@dataclass(frozen=True)
class LinePage:
    """A model's line: its tree, its sums and years, its map, and every adopter."""

    model: EmulationModel
    line: Line
    tree: charts.Tree
    tree_label: str
    rows: Page[Any]
    links: list[tuple[int | None, str]]
    parents: Mapping[int, Adoption]
    years: list[Bar]
    places: str
    """What the units of the lowest level are called, where some are counted."""
    map: charts.Map | None
    map_caption: str
    campaigns: list[dict[str, Any]]
    visits: int
    may_record: bool


@of_model
def line(request: HttpRequest, model: EmulationModel, illustrative: bool) -> HttpResponseBase:
    """A model's whole line: tree, sums, years, map, every adopter."""
    behind = adoption_behind(model)
    if behind:
        return redirect("portal:line", slug=behind.origin.slug)
    found = line_of(model, today())
    rows = Paginator(found.nodes, PAGE).get_page(request.GET.get("trang"))
    units, places, counts = spread_map(found)
    lowest = lowest_level_on(found.day).said_counted
    page = LinePage(
        places=lowest,
        map_caption=_("Diện tích vòng tròn theo số nơi làm theo; chấm nhỏ là %(places)s.") % {"places": lowest},
        model=model,
        line=found,
        tree=charts.tree(found.roots),
        tree_label=f"{_('Cây nhân rộng từ')} {found.home_name}: {len(found.nodes)} {_('nơi,')} {found.depth} {_('đời')}",
        rows=rows,
        links=page_links(rows, {}),
        parents=found.teachers,
        years=bars([(str(year), "", number, 0) for year, number in found.by_year]),
        map=charts.district_map(units, places, counts, only_counted=True) if counts else None,
        campaigns=[{"campaign": one, "directive": directive_words(one)} for one in with_counts(campaigns_of(model))[:10]],
        visits=made_to(model),
        may_record=bool(units_where(request.user, May.RECORD_ADOPTION)),
    )
    return render(request, "portal/line.html", {"page": page, "illustrative": illustrative})


@of_model
def how_to(request: HttpRequest, model: EmulationModel, illustrative: bool) -> HttpResponseBase:
    """What a newcomer needs to copy a model."""
    context = {
        "model": model,
        "sheet": sheet_of(model),
        "address": request.build_absolute_uri(request.path),
        "illustrative": illustrative,
        "may_record": bool(units_where(request.user, May.RECORD_ADOPTION)),
        "may_write": can_write_how_to(request.user, model),
    }
    return render(request, "portal/how_to.html", context)


@of_model
def how_to_pdf(request: HttpRequest, model: EmulationModel, illustrative: bool) -> HttpResponseBase:
    """The same as one A4 sheet."""
    response = HttpResponse(print_sheet(sheet_of(model)), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="cach-lam-{model.slug}.pdf"'
    return response


@login_not_required
@require_safe
def lines(request: HttpRequest) -> HttpResponseBase:
    """The models that were taken on most, and the campaigns."""
    page = Paginator(spread_models(request.user), 20).get_page(request.GET.get("trang"))
    context = {
        "page": page,
        "links": page_links(page, {}),
        "campaigns": newest_with_counts(20),
    }
    return render(request, "portal/lines.html", context)
