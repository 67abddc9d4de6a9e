"""What units that ended left over, assigned to the units that carry it on. HTTP only."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from models_registry import services
from models_registry.line_forms import AssignForm
from models_registry.permissions import can_extend
from models_registry.selectors.heirs import assignable_units, left_by, to_assign
from models_registry.views.common import PAGE, given, labelled, page_links, season_or_404
from organisation.requests import OfficerRequest


@require_http_methods(["GET", "POST"])
def assign(request: OfficerRequest, year: int) -> HttpResponseBase:
    """The registrations of a season that nobody carries on by itself; which unit carries on the chosen ones."""
    season = season_or_404(year)
    if not can_extend(request.user):
        raise Http404
    form = AssignForm(given(request)[0], units=assignable_units(request.user))
    left = to_assign(request.user, season)
    if form.is_valid():
        target, ids = form.unit(), form.cleaned_data["chon"]
        if form.cleaned_data["viec"] != "giao":
            going = list(to_assign(request.user, season, among=ids))
            names = left_by(going)
            context = {"season": season, "target": target, "going": [(row, names[row.pk]) for row in going]}
            return render(request, "work/assign_last_look.html", context)
        number = services.assign(registration_ids=ids, unit=target.unit, actor=request.user)
        messages.success(request, f"Đã giao {number} đăng ký cho {target.name}.")
        return redirect("models_registry:assign", year=year)
    chosen = set(form["chon"].value() or ())
    page = Paginator(left, PAGE).get_page(request.GET.get("trang"))
    names = left_by(page)
    context = {
        "season": season,
        "page": page,
        "rows": [(row, str(row.pk) in chosen, names[row.pk]) for row in page],
        "links": page_links(page, {}),
        "form": form,
        "errors": [(place if page.object_list else "", words) for place, words in labelled(form)],
    }
    return render(request, "work/assign.html", context, status=422 if form.errors else 200)
