"""What a season that is open rests on: its words, and its file. HTTP only."""

from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from common.exceptions import DomainError
from common.responses import sent_file
from models_registry import selectors, services
from models_registry.forms import BasisForm
from models_registry.models import Season
from models_registry.views.common import given, hold_paper, labelled, season_or_404
from organisation.permissions import can_open_season
from organisation.requests import OfficerRequest


def _readable_or_404(request: OfficerRequest, year: int) -> Season:
    season = season_or_404(year)
    if season not in selectors.seasons_of(request.user) and not can_open_season(request.user):
        raise Http404
    return season


@require_http_methods(["GET", "POST"])
def basis(request: OfficerRequest, year: int) -> HttpResponseBase:
    """The paper that a season rests on; who may open seasons writes it."""
    season, may_write = _readable_or_404(request, year), can_open_season(request.user)
    if request.method == "POST" and not may_write:
        raise Http404
    paper = selectors.basis_paper(season)
    form = BasisForm(*given(request), initial={"basis": season.basis}, has_paper=paper is not None)
    if form.is_bound:
        hold_paper(form, request.user)
    if form.is_valid():
        words, held = form.cleaned_data["basis"], form.held.pk if form.held else None
        try:
            services.record_basis(season_id=season.pk, words=words, paper=held, actor=request.user)
        except DomainError as error:
            form.add_error("basis_file", str(error))
        else:
            messages.success(request, "Đã lưu văn bản căn cứ.")
            return redirect("models_registry:basis", year=year)
    context = {
        "season": season,
        "paper": paper,
        "form": form if may_write else None,
        "errors": labelled(form),
        "is_own": season in selectors.seasons_of(request.user),
    }
    return render(request, "work/basis.html", context, status=422 if form.is_bound else 200)


@require_safe
def basis_file(request: OfficerRequest, year: int) -> HttpResponseBase:
    paper = selectors.basis_paper(_readable_or_404(request, year))
    if paper is None:
        raise Http404
    return sent_file(paper.file, paper.file_name, paper.content_type)
