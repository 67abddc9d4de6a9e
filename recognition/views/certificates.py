"""Certificates of a decision, the batch that makes them, layouts of stock. HTTP only."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from common.dates import today
from common.exceptions import DomainError
from common.files import PDF
from common.forms import pressed
from common.jobs import cancel
from common.responses import sent_file
from models_registry.views.common import given, page_links
from organisation.models import Unit
from papers.permissions import body_kept_by, can_keep
from papers.signing import has_key
from recognition import services
from recognition.exports.certificates import SAMPLE, print_sample
from recognition.forms.certificates import LayoutForm, PrintForm
from recognition.models import Decision
from recognition.permissions import can_decide, can_run
from recognition.selectors import certificates as reads
from recognition.selectors.decisions import decisions_visible_to
from recognition.views.common import PAGE, actor_of, of_its_round


def _decision_or_404(request: HttpRequest, pk: int) -> Decision:
    """The decision, for those who print its certificates."""
    found = get_object_or_404(decisions_visible_to(request.user), pk=pk)
    if not (can_run(request.user, found.issuer) or can_decide(request.user, found.issuer)):
        raise Http404
    return found


@require_http_methods(["GET", "POST"])
def of_decision(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The certificates of a decision: numbers, files, having them made, how far that is."""
    found = _decision_or_404(request, pk)
    batch = reads.last_batch(found)
    if request.method == "POST":
        if pressed(request) == "dung":
            if batch and batch.job and cancel(batch.job.pk):
                messages.success(request, "Đã dừng. Giấy đã in xong vẫn giữ; số đã cấp không đổi.")
            return redirect("recognition:certificates", pk=pk)
        form = PrintForm(request.POST)
        try:
            if form.is_valid():
                services.ask_certificates(decision_id=pk, stock=form.cleaned_data["phoi"], actor=actor_of(request))
        except DomainError as error:
            messages.error(request, str(error))
        return redirect("recognition:certificates", pk=pk)
    page = Paginator(reads.certificates_of(found), PAGE).get_page(request.GET.get("trang"))
    context = {
        "decision": found,
        **of_its_round(found.round),
        "page": page,
        "links": page_links(page, {}),
        "batch": batch,
        "stocks": reads.stocks_of(found.issuer),
        "may_keep": can_keep(request.user, found.issuer),
        "will_sign": has_key(found.issuer.key, today()),
    }
    return render(request, "recognition/certificates.html", context)


@require_safe
def progress(request: HttpRequest, pk: int) -> HttpResponseBase:
    """How far the batch is; when it ends, the page is asked for anew."""
    found = _decision_or_404(request, pk)
    batch = reads.last_batch(found)
    response = render(request, "recognition/batch.html", {"decision": found, "batch": batch})
    if batch is None or batch.job is None or not batch.job.is_open:
        response["HX-Refresh"] = "true"
    return response


@require_safe
def one_file(request: HttpRequest, pk: int, certificate: int) -> HttpResponseBase:
    found = get_object_or_404(reads.certificates_of(_decision_or_404(request, pk)), pk=certificate)
    if not found.file:
        raise Http404
    return sent_file(found.file, f"giay-cong-nhan-{found.paper.number:03d}.pdf", PDF.content_type)


@require_safe
def all_files(request: HttpRequest, pk: int, batch: UUID) -> HttpResponseBase:
    """All certificates of a batch in one file, for the printer."""
    found = get_object_or_404(_decision_or_404(request, pk).batches, pk=batch)
    if not found.file:
        raise Http404
    return sent_file(found.file, f"giay-cong-nhan-{pk}.pdf", PDF.content_type)


def _body_or_404(request: HttpRequest) -> Unit:
    body = body_kept_by(request.user)
    if body is None:
        raise Http404
    return body


@require_http_methods(["GET", "POST"])
def layouts(request: HttpRequest) -> HttpResponseBase:
    """The stocks of a body and where the blocks stand on each."""
    body = _body_or_404(request)
    kept = list(reads.layouts_visible_to(request.user))
    chosen = next((layout for layout in kept if str(layout.pk) == request.GET.get("phoi", "")), None)
    form = LayoutForm(given(request)[0], kept=chosen)
    if form.is_valid():
        try:
            saved = services.save_layout(unit=body, layout=form.layout(), actor=actor_of(request))
        except DomainError as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"Đã lưu phôi “{saved}”. In thử rồi dịch từng mm nếu lệch.")
            return redirect(f"{request.path}?phoi={saved.pk}")
    context = {
        "layouts": kept,
        "chosen": chosen,
        "sample": {key: text.split("\n")[0] for key, text in SAMPLE.items()},
        "form": form,
        "fields": form.blocks,
        "errors": form.faults,
    }
    return render(request, "recognition/layouts.html", context, status=422 if form.errors else 200)


@require_safe
def sample(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A test page of a stock, with outlines and a ruler."""
    _body_or_404(request)
    found = get_object_or_404(reads.layouts_visible_to(request.user), pk=pk)
    response = HttpResponse(print_sample(found), content_type=PDF.content_type)
    response["Content-Disposition"] = 'attachment; filename="in-thu.pdf"'
    return response
