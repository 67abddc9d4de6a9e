"""One report: its words and figures, how far it is, what came or went since it was frozen. HTTP only."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from common.exceptions import DomainError, NotAllowed
from common.forms import NamedForm, pressed
from models_registry.views.common import page_links
from organisation.requests import OfficerRequest
from reports import services
from reports.enums import ReportState
from reports.figures import FIGURES
from reports.forms import CorrectionForm, FindingForm, QuotedForm, QuotedRowForm
from reports.models import Report
from reports.permissions import can_freeze, can_write
from reports.selectors import reading, recounting
from reports.views.common import PAGE, report_or_404, shown_of

FORMS: dict[str, type[NamedForm]] = {
    "tra-loi": FindingForm,
    "trich": QuotedForm,
    "bo-trich": QuotedRowForm,
    "dinh-chinh": CorrectionForm,
}


@require_http_methods(["GET", "POST"])
def report(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """One report: its words and figures, what is to be looked at, its files; recounting, answering, correcting."""
    found = report_or_404(request, pk)
    may_write, may_freeze = can_write(request.user, found.unit), can_freeze(request.user, found.unit)
    errors, status = list[tuple[str, str]](), 200
    forms = {what: form(request.POST) for what, form in FORMS.items()}
    if request.method == "POST":
        if not (may_write or may_freeze):
            raise Http404
        try:
            return _act(request, found, forms)
        except NotAllowed as refused:
            raise Http404 from refused
        except DomainError as refused:
            errors, status = _faults(forms.get(pressed(request)), refused), 409
            found = report_or_404(request, pk)
    corrections = reading.corrections_of(found)
    context: dict[str, Any] = {
        "report": found,
        "kind": reading.kind_for(found),
        "may_write": may_write and found.state == ReportState.DRAFT,
        "may_quote": may_write,
        "may_freeze": may_freeze and found.state == ReportState.DRAFT,
        "may_correct": (may_write or may_freeze) and found.state == ReportState.FROZEN and not corrections,
        "corrections": corrections,
        "errors": errors,
        "typed": forms[pressed(request)].data if pressed(request) in forms else {},
        "steps": services.STEPS,
        "page": shown_of(found) if found.facts is not None else None,
    }
    return render(request, "reports/report.html", context, status=status)


def _faults(form: NamedForm | None, refused: DomainError) -> list[tuple[str, str]]:
    if form is None:
        return [("", str(refused))]
    if not form.errors:
        form.refuse(refused)
    return form.faults


def _act(request: OfficerRequest, found: Report, forms: dict[str, NamedForm]) -> HttpResponseBase:
    what = pressed(request)
    form: Any = forms.get(what)
    if form and not form.is_valid():
        raise DomainError(form.error)
    ids: dict[str, Any] = {"report_id": found.pk, "actor": request.user}
    if what == "dem-lai":
        services.rebuild_report(**ids)
    elif what == "dung":
        services.stop_building(**ids)
        messages.success(request, "Đã dừng.")
    elif what == "tra-loi":
        services.answer_finding(**form.cleaned_data, **ids)
        messages.success(request, "Đã ghi trả lời.")
    elif what == "trich":
        services.keep_quoted(season=found.season, unit=found.unit, as_of=found.as_of, quoted=form.quoted(), actor=request.user)
        messages.success(request, "Đã ghi số trích, đặt cạnh số của cổng.")
    elif what == "bo-trich":
        services.drop_quoted(quoted_id=form.cleaned_data["row"] or 0, actor=request.user)
    elif what == "dinh-chinh":
        made = services.correct_report(why=form.cleaned_data["why"], **ids)
        messages.success(request, "Đã lập bản đính chính; cổng đang đếm lại.")
        return redirect("reports:report", pk=made.pk)
    elif what == "bo":
        services.drop_draft(**ids)
        messages.success(request, "Đã bỏ bản nháp.")
        return redirect(f"{reverse('reports:home')}?nam={found.season}")
    else:
        raise Http404
    return redirect("reports:report", pk=found.pk)


@require_safe
def progress(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """How far the building is; when it is over, the page is reloaded."""
    found = report_or_404(request, pk)
    response = render(
        request,
        "reports/progress.html",
        {"report": found, "steps": services.STEPS, "may_write": can_write(request.user, found.unit)},
    )
    if not (found.job and found.job.is_open):
        response["HX-Refresh"] = "true"
    return response


@require_safe
def recount(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """A frozen report beside a count of the same day made now, and what came or went since."""
    found = report_or_404(request, pk)
    if found.state != ReportState.FROZEN:
        raise Http404
    figure = request.GET.get("so", "")[:30]
    if figure and figure not in FIGURES:
        raise Http404
    compared = recounting.beside(found)
    page = Paginator(recounting.moved_ids(compared, figure), PAGE).get_page(request.GET.get("trang"))
    context = {
        "report": found,
        "kind": reading.kind_for(found),
        "compared": compared,
        "changed": any(one.is_changed for one in compared),
        "figure": next((beside for beside in compared if beside.slug == figure), None),
        "page": page,
        "moved": recounting.moved(found, compared, list(page)),
        "acts": recounting.ACTS,
        "links": page_links(page, {"so": figure} if figure else {}),
        "now": timezone.now(),
    }
    return render(request, "reports/recount.html", context)
