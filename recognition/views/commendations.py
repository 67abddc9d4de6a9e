"""Commendations, conferences, introductions to the centre. HTTP only."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from common.exceptions import DomainError, NotAllowed
from common.forms import pressed
from models_registry import selectors as registry
from models_registry.enums import SubjectKind
from models_registry.views.common import excel, given, page_links
from organisation.permissions import unit_of
from recognition import services
from recognition.exports.lists import COMMENDATION_COLUMNS
from recognition.forms.commendations import CommendationForm
from recognition.forms.conferences import NewConferenceForm
from recognition.permissions import can_run
from recognition.selectors import commendations as reads
from recognition.views.common import PAGE, actor_of


@require_http_methods(["GET", "POST"])
def commendations(request: HttpRequest) -> HttpResponseBase:
    """What is proposed and what was decided; changing, taking back, preparing the decision."""
    body = unit_of(request.user)
    found = reads.commendations_visible_to(request.user)
    if body is None or not (can_run(request.user, body) or reads.sees_commendations(request.user)):
        raise Http404
    may_run = can_run(request.user, body)
    errors, form = list[tuple[str, str]](), CommendationForm(given(request)[0])
    if form.is_bound:
        if not may_run:
            raise Http404
        try:
            if pressed(request, "soan") == "soan":
                return redirect("recognition:draft", pk=services.begin_commendation_draft(unit=body, actor=actor_of(request)).pk)
            _change(request, form)
        except NotAllowed as refused:
            raise Http404 from refused
        except DomainError as refused:
            errors = [(form.place_of(refused.field), str(refused))]
        else:
            return redirect("recognition:commendations")
    if request.GET.get("tai") == "xlsx":
        return excel("khen-thuong", "Khen thưởng mô hình “Dân vận khéo”", COMMENDATION_COLUMNS, found, illustrative=False)
    page = Paginator(found, PAGE).get_page(request.GET.get("trang"))
    context = {
        "page": page,
        "links": page_links(page, {}),
        "may_run": may_run,
        "waiting": reads.count_undecided(request.user),
        "kinds": SubjectKind.choices,
        "errors": errors,
        "typed": form.data,
    }
    return render(request, "recognition/commendations.html", context, status=409 if errors else 200)


def _change(request: HttpRequest, form: CommendationForm) -> None:
    form.full_clean()
    proposal = get_object_or_404(reads.commendations_visible_to(request.user), pk=form.cleaned_data["proposal"]).pk
    if pressed(request, "bo") == "bo":
        services.drop_commendation(commendation_id=proposal, actor=actor_of(request))
        messages.success(request, "Đã bỏ đề nghị.")
        return
    services.write_commendation(commendation_id=proposal, actor=actor_of(request), **form.changes())
    messages.success(request, "Đã lưu đề nghị.")


@require_http_methods(["GET", "POST"])
def conferences(request: HttpRequest) -> HttpResponseBase:
    """The conferences of one's body; opening one."""
    body = unit_of(request.user)
    found = reads.conferences_visible_to(request.user)
    if body is None or not (can_run(request.user, body) or reads.sees_conferences(request.user)):
        raise Http404
    seasons = reads.seasons_to_honour(body, registry.working_season(request.user))
    season, form = seasons[0][0] if seasons else None, NewConferenceForm(given(request)[0], seasons=seasons)
    if form.is_bound and (not can_run(request.user, body) or season is None):
        raise Http404
    if form.is_valid():
        assert season is not None
        chosen = next((one for one, _ in seasons if one.year == form.cleaned_data.get("year")), season)
        try:
            made = services.open_conference(unit=body, season=chosen, facts=form.facts(), actor=actor_of(request))
        except DomainError as refused:
            form.refuse(refused)
        else:
            return redirect("recognition:conference", pk=made.pk)
    page = Paginator(found, PAGE).get_page(request.GET.get("trang"))
    context = {
        "page": page,
        "links": page_links(page, {}),
        "may_run": can_run(request.user, body),
        "season": season,
        "has_seasons": len(seasons) > 1,
        "errors": form.faults,
        "form": form,
    }
    return render(request, "recognition/conferences.html", context, status=422 if form.faults else 200)
