"""What units that ended left over, assigned to the units that carry it on. HTTP only."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from models_registry import services
from models_registry.permissions import can_extend
from models_registry.selectors.heirs import assignable_units, to_assign
from models_registry.views.common import PAGE, page_links, read_ids, season_or_404
from organisation.grouping import unit_choices


@require_http_methods(["GET", "POST"])
def assign(request: HttpRequest, year: int) -> HttpResponseBase:
    """The registrations of a season that nobody carries on by itself; which unit carries on the chosen ones."""
    season = season_or_404(year)
    if not can_extend(request.user):
        raise Http404
    units = assignable_units(request.user)
    chosen = read_ids(request.POST.getlist("chon"))
    target = next((version for version in units if version.unit.key == request.POST.get("den", "")), None)
    errors = []
    if request.method == "POST":
        errors += [] if chosen else [("", "Chưa chọn đăng ký nào.")]
        errors += [] if target else [("den", "Chưa chọn đơn vị làm tiếp.")]
        if target and not errors:
            number = services.assign(registration_ids=chosen, unit=target.unit, actor=request.user)
            messages.success(request, f"Đã giao {number} đăng ký cho {target.name}.")
            return redirect("models_registry:assign", year=year)
    page = Paginator(to_assign(request.user, season), PAGE).get_page(request.GET.get("trang"))
    context = {
        "season": season,
        "page": page,
        "rows": [(row, row.pk in chosen) for row in page],
        "links": page_links(page, {}),
        "units": unit_choices(units),
        "den": request.POST.get("den", ""),
        "errors": errors,
    }
    return render(request, "work/assign.html", context, status=422 if errors else 200)
