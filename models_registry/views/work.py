"""Việc của tôi: what waits for me, by deadline. HTTP only."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from common.dates import today, write_weekday
from models_registry import selectors
from models_registry.selectors import tasks
from organisation.permissions import can_administer


@require_safe
def work(request: HttpRequest) -> HttpResponseBase:
    season = selectors.working_season(request.user)
    if season is None and can_administer(request.user):
        return redirect("setting-up:home")
    if season is None:
        return render(request, "work/nothing.html")
    mine = tasks.tasks_of(request.user, season)
    if mine is None:
        return render(request, "work/nothing.html", {"season": season})
    asked = request.GET.get("viec", "")
    mine.kind = asked if asked in [kind for kind, _, _ in mine.kinds] else ""
    context = {"season": season, "mine": mine, "today": write_weekday(today()), "illustrative": season.is_illustrative}
    return render(request, "work/mine.html", context)
