"""Choosing what a unit proposes: the list of its registrations, chosen on all pages of it. HTTP only."""

from collections.abc import Sequence
from dataclasses import replace

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from common.exceptions import DomainError, NotAllowed
from common.forms import pressed
from common.text import quoted
from models_registry.views.common import address, page_links
from organisation.permissions import units_where
from organisation.roles import May
from recognition import services
from recognition.forms.candidates import CandidatesForm
from recognition.models import RecognitionRound
from recognition.selectors import candidates as reads
from recognition.selectors.dossiers import needs_lower_recognition
from recognition.selectors.packets import shares_of
from recognition.selectors.rounds import given_longer, takes_candidates_of
from recognition.views.common import PAGE, actor_of, head, round_or_404

FIRST = "chon"
"""The first model of the page that can be chosen."""
REASON = "ly-do"


@require_http_methods(["GET", "POST"])
def candidates(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The list; what is chosen goes along in the address. Adding puts it into the packets in hand."""
    found = round_or_404(request, pk)
    if not units_where(request.user, May.PROPOSE):
        raise Http404
    is_sent, takes = pressed(request) == "them", takes_candidates_of(request.user, found)
    closed = f"Đợt xét đang ở bước “{found.get_phase_display().lower()}”, không nhận đề nghị."
    if not takes and not is_sent:
        messages.warning(request, closed)
        return redirect("recognition:round", pk=pk)
    if request.method != "POST":
        return _page(request, found, reads.Asked.read(request.GET))
    form = CandidatesForm(request.POST)
    form.full_clean()
    asked = form.asked()
    if not takes:
        return _page(request, found, asked, errors=[("", closed)], reason=form.cleaned_data["reason"], is_closed=True)
    if is_sent:
        return _add(request, found, asked, form.cleaned_data["reason"])
    moved = address(asked.parameters, trang=form.cleaned_data["page"][:6])
    return redirect(reverse("recognition:candidates", args=[pk]) + moved)


def _add(request: HttpRequest, found: RecognitionRound, asked: reads.Asked, reason: str) -> HttpResponseBase:
    if not asked.chosen:
        return _page(request, found, asked, errors=[(FIRST, "Chưa chọn mô hình nào.")], reason=reason)
    try:
        chosen = services.choose(round_id=found.pk, registration_ids=asked.chosen, reason=reason, actor=actor_of(request))
    except NotAllowed as refused:
        raise Http404 from refused
    except DomainError as refused:
        return _page(request, found, asked, errors=[("", str(refused))], reason=reason)
    left = replace(asked, chosen=tuple(row.pk for row, _ in chosen.refused))
    if chosen.refused:
        errors = [
            (REASON if why.field == "reason" else f"chon-{row.pk}", f"{quoted(row.title)}: {why}") for row, why in chosen.refused
        ]
        return _page(request, found, left, added=len(chosen.dossiers), errors=errors, reason=reason)
    messages.success(request, f"Đã thêm {len(chosen.dossiers)} mô hình vào đề nghị.")
    if len(chosen.packets) == 1:
        return redirect("recognition:packet", pk=chosen.packets[0])
    return redirect("recognition:candidates", pk=found.pk)


def _page(
    request: HttpRequest,
    found: RecognitionRound,
    asked: reads.Asked,
    *,
    errors: Sequence[tuple[str, str]] = (),
    added: int = 0,
    reason: str = "",
    is_closed: bool = False,
) -> HttpResponseBase:
    page = Paginator(reads.listed(request.user, found, asked), PAGE).get_page(request.GET.get("trang"))
    rows = reads.candidates_on(request.user, found, page)
    shown = {row.registration.pk for row in rows}
    boxes = [f"chon-{row.registration.pk}" for row in rows if not row.why_not]
    places = {FIRST: boxes[0] if boxes else "", REASON: REASON, **{box: box for box in boxes}}
    context = head(
        found,
        page=page,
        links=page_links(page, {}),
        rows=rows,
        asked=asked,
        elsewhere=sum(number not in shown for number in asked.chosen),
        choices=reads.choices_of(request.user, found),
        shares=shares_of(request.user, found),
        later=given_longer(request.user, found),
        needs_reason=needs_lower_recognition(found),
        errors=[(places.get(at, ""), words) for at, words in errors],
        is_closed=is_closed,
        lacks_reason=any(at == REASON for at, _ in errors),
        added=added,
        reason=reason,
    )
    return render(request, "recognition/candidates.html", context, status=422 if errors else 200)
