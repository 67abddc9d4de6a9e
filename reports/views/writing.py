"""An officer's words, and freezing. HTTP only."""

from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from common.dates import today
from common.exceptions import DomainError, NotAllowed
from common.forms import pressed
from organisation.requests import OfficerRequest
from papers.selectors import letterheads_on
from reports import services
from reports.enums import ReportState
from reports.exports.files import papers_of
from reports.forms import FreezeForm, WordsForm
from reports.permissions import can_freeze, can_write
from reports.selectors import reading, recounting
from reports.selectors.chips import chips_of
from reports.selectors.overview import coverage
from reports.services.freezing import freeze_blockers
from reports.validators import TextRefused
from reports.views.common import report_or_404, shown_of


@require_http_methods(["GET", "POST"])
def write(request: OfficerRequest, pk: int, section: str) -> HttpResponseBase:
    """An officer's words for one part, with the figures in braces."""
    found = report_or_404(request, pk)
    part = next((one for one in reading.kind_for(found).sections if one.key == section), None)
    if part is None or found.facts is None or found.state != ReportState.DRAFT or not can_write(request.user, found.unit):
        raise Http404
    facts = reading.facts_in(found)
    first = reading.first_wording(part, facts)
    now = found.texts.get(section, first)
    typed, seen, error, theirs, status = now, now, "", "", 200
    form = WordsForm(request.POST)
    if request.method == "POST" and form.is_valid():
        typed, seen = form.cleaned_data["text"], form.cleaned_data["seen"]
    if request.method == "POST" and pressed(request) != "xem":
        text = None if pressed(request) == "lai" else typed
        try:
            services.write_text(report_id=pk, section=section, text=text, seen=seen, actor=request.user)
        except services.StaleText as refused:
            error, theirs, seen, status = str(refused), refused.current, refused.current, 409
        except TextRefused as refused:
            error, status = str(refused), 422
        except NotAllowed as refused:
            raise Http404 from refused
        except DomainError as refused:
            error, status = str(refused), 409
        else:
            messages.success(request, f"Đã lưu phần “{part.heading}”.")
            return redirect(f"{reverse('reports:report', args=[pk])}#phan-{section}")
    context = {
        "report": found,
        "kind": reading.kind_for(found),
        "section": part,
        "first": first,
        "typed": typed,
        "seen": seen,
        "error": error,
        "theirs": theirs,
        "chips": chips_of(facts),
        "preview": ["".join(piece.text for piece in line) for line in reading.read_as(typed, facts)],
    }
    return render(request, "reports/write.html", context, status=status)


@require_http_methods(["GET", "POST"])
def freeze(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """The second confirmation: the figures once more, what stands in the way, and the button."""
    found = report_or_404(request, pk)
    if not can_freeze(request.user, found.unit) or found.facts is None:
        raise Http404
    if found.state == ReportState.FROZEN:
        return redirect("reports:report", pk=pk)
    error, status = "", 200
    if request.method == "POST":
        form = FreezeForm(request.POST)
        try:
            if not form.is_valid():
                raise DomainError(form.error)
            confirmed = {name: form.cleaned_data[name] for name in ("build", "suffix", "seen")}
            services.freeze_report(report_id=pk, papers=papers_of, actor=request.user, **confirmed)
        except NotAllowed as refused:
            raise Http404 from refused
        except DomainError as refused:
            error, status = str(refused), 409
            found = report_or_404(request, pk)
        else:
            messages.success(request, "Đã chốt. Báo cáo không đổi nữa.")
            return redirect("reports:report", pk=pk)
    context = {
        "report": found,
        "kind": reading.kind_for(found),
        "stops": freeze_blockers(found),
        "changed": [one for one in recounting.beside(found) if one.is_changed],
        "seen": reading.seen_of(found),
        "heads": letterheads_on(found.unit, today()),
        "error": error,
        "page": shown_of(found),
    }
    if reading.facts_in(found).whole:
        context["sent"], context["missing"] = coverage(found)
    return render(request, "reports/freeze.html", context, status=status)
