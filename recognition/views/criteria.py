"""The sets of criteria of a body, by version. HTTP only."""

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from common.exceptions import DomainError
from models_registry import selectors as registry
from models_registry.views.common import given
from organisation.permissions import unit_of
from recognition import services
from recognition.forms.criteria import CriteriaForm
from recognition.permissions import can_set_criteria
from recognition.selectors import rounds as round_reads
from recognition.views.common import actor_of


@require_http_methods(["GET", "POST"])
def criteria(request: HttpRequest) -> HttpResponseBase:
    """The sets of criteria; saving makes the next version, rounds keep theirs."""
    body = unit_of(request.user)
    if body is None or not can_set_criteria(request.user, body):
        raise Http404
    services.ensure_criteria()
    sets = list(round_reads.criteria_sets(request.user))
    chosen = next((one for one in sets if str(one.pk) == request.GET.get("bo", "")), sets[0])
    form = CriteriaForm(given(request)[0], kept=chosen)
    if form.is_valid():
        try:
            made = services.save_criteria(actor=actor_of(request), unit=body, **form.cleaned_data)
        except DomainError as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"Đã lưu {made}. Đợt xét đã lập giữ bản cũ.")
            return redirect(f"{request.path}?bo={made.pk}")
    context = {
        "sets": sets,
        "chosen": chosen,
        "typed": form.typed,
        "errors": form.faults,
        "season": registry.working_season(request.user),
    }
    return render(request, "recognition/criteria.html", context, status=422 if form.errors else 200)
