"""Opening a season: the form, what would go wrong, a last look, the season. HTTP only."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from common.dates import write_day
from common.exceptions import DomainError
from models_registry import selectors, services
from models_registry.forms import SeasonForm
from models_registry.selectors.opening import NewSeason, next_season, plan_of
from models_registry.views.common import labelled
from organisation.models import User
from organisation.permissions import can_administer, can_open_season


@require_http_methods(["GET", "POST"])
def open_season(request: HttpRequest) -> HttpResponseBase:
    """`viec`: nothing sees the form; `xem` the last look before it; `mo` opens; `sua` goes back to the form."""
    if not can_open_season(request.user):
        raise Http404
    what = request.POST.get("viec", "xem")
    proposed, last = next_season(), selectors.seasons().first()
    form = SeasonForm(request.POST if request.method == "POST" else None, initial=proposed.__dict__, last=last)
    is_right = request.method == "GET" or form.is_valid()
    new = proposed if request.method == "GET" else form.typed
    plan = plan_of(new) if new else None
    is_right = is_right and plan is not None and plan.is_possible
    if request.method == "POST" and is_right and new and plan and what == "mo":
        return _open(request, new, told=plan.told if form.cleaned_data["tells"] else ())
    is_last_look = request.method == "POST" and is_right and what == "xem"
    page = "work/open_season_last_look.html" if is_last_look else "work/open_season.html"
    status = 422 if request.method == "POST" and not is_right else 200
    context = {
        "form": form,
        "new": new,
        "last": last,
        "plan": plan,
        "errors": labelled(form),
        "may_move": can_administer(request.user),
    }
    return render(request, page, context, status=status)


def _open(request: HttpRequest, new: NewSeason, *, told: Iterable[User]) -> HttpResponseBase:
    try:
        season, is_new = services.open_season(**new.__dict__, told=told, actor=request.user)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("models_registry:open-season")
    if is_new:
        messages.success(request, f"Đã mở năm {season}: nhận đăng ký từ ngày {write_day(season.opens_on)}.")
    else:
        messages.warning(request, f"Năm {season} vừa được mở trước đó; không mở lần thứ hai.")
    if season in selectors.seasons_of(request.user):
        return redirect("models_registry:board", year=season.year)
    return redirect("models_registry:work")
