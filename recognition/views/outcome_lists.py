"""Lists of outcomes: sent, read, reviewed, stored, undone, thrown away. HTTP only."""

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from common.antivirus import scan
from common.dates import write_day
from common.exceptions import DomainError, NotAllowed
from common.forms import pressed
from common.numbers import write_number
from common.text import clean
from models_registry.list_mapping_page import ListMappingForm, ListMappingPage
from models_registry.registers.lists.mapping import ListMapping
from models_registry.views.common import given, labelled, page_links, season_or_404
from organisation.selectors.units import unit_on
from recognition import services
from recognition.enums import ListState
from recognition.forms.outcomes import OutcomeDecisionForm, OutcomeListForm, RememberForm, ReviewForm, RowForm
from recognition.lists import OUTCOMES
from recognition.models import OutcomeList
from recognition.selectors import outcome_lists as reads
from recognition.views.common import PAGE, actor_of


def list_or_404(request: HttpRequest, pk: UUID) -> OutcomeList:
    return get_object_or_404(reads.lists_visible_to(request.user), pk=pk)


@require_http_methods(["GET", "POST"])
def outcome_lists(request: HttpRequest, year: int) -> HttpResponseBase:
    """Ask for a list of a season, and show those that were sent."""
    season = season_or_404(year)
    issuers = reads.issuers_for(request.user, season)
    if not issuers:
        raise Http404
    form = OutcomeListForm(*given(request), issuers=issuers, user=request.user)
    if request.method == "POST" and form.is_valid() and (file := form.sent):
        issuer = next(version.unit for version in issuers if version.unit.key == form.cleaned_data["issuer"])
        try:
            sent = services.send_list(file=file, season=season, issuer=issuer, actor=actor_of(request))
        except DomainError as refused:
            form.add_error("file", str(refused))
        else:
            form.release_file()
            return redirect("recognition:outcome-mapping" if sent.error else "recognition:outcome-list", pk=sent.pk)
    if form.errors:
        form.keep_file(scan)
    page = Paginator(reads.lists_visible_to(request.user, season), PAGE).get_page(request.GET.get("trang"))
    names = {version.unit_id: version.name for version in issuers}
    context = {
        "season": season,
        "form": form,
        "errors": labelled(form),
        "page": page,
        "rows": [(one, names.get(one.issuer_id, one.issuer.key)) for one in page],
        "links": page_links(page, {}),
        "illustrative": season.is_illustrative,
    }
    return render(request, "recognition/outcome_lists.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def outcome_list(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Review a list: its decision, its rows; keep what was chosen (`giu`), store it (`nap`)."""
    found = list_or_404(request, pk)
    issuers = reads.issuers_for(request.user, found.season)
    decision = OutcomeDecisionForm(given(request)[0], issuers=issuers, initial=_decision(found))
    rows = ReviewForm(given(request)[0])
    if rows.is_valid():
        try:
            if not found.is_open or decision.is_valid():
                return _act(request, found, decision, rows)
        except NotAllowed as refused:
            raise PermissionDenied(str(refused)) from refused
        except DomainError as refused:
            messages.error(request, str(refused))
            return redirect(_here(rows, found))
    narrowed = request.GET.get("xem", "")
    review = reads.review_of(found, narrowed, request.GET.get("trang", ""))
    context = {
        "list": found,
        "season": found.season,
        "illustrative": found.season.is_illustrative,
        "issuer_name": unit_on(found.issuer, found.issuer.day_within(found.season.last_day)).name,
        "review": review,
        "decision": decision,
        "errors": labelled(decision),
        "links": page_links(review.page, {"xem": narrowed}),
        "asked": request.GET.urlencode(),
    }
    return render(request, "recognition/outcome_list.html", context, status=422 if decision.errors else 200)


def _decision(found: OutcomeList) -> dict[str, str]:
    day = write_day(found.decided_on) if found.decided_on else ""
    return {"issuer": found.issuer.key, "number": found.number, "decided_on": day}


def _here(rows: ReviewForm, found: OutcomeList) -> str:
    asked = rows.cleaned_data["asked"][:200]
    return reverse("recognition:outcome-list", args=[found.pk]) + (f"?{asked}" if asked else "")


def _act(request: HttpRequest, found: OutcomeList, decision: OutcomeDecisionForm, rows: ReviewForm) -> HttpResponseBase:
    """Keep what differs from what the page had shown; then, where nothing did, store."""
    changed = 0
    if found.is_open:
        wanted = decision.cleaned_data
        changed = services.change_list(
            list_id=found.pk,
            choices=rows.choices(),
            number=wanted["number"],
            decided_on=wanted["decided_on"],
            issuer=decision.body,
            actor=actor_of(request),
        )
    if pressed(request) != "nap":
        said = f"Đã giữ {write_number(changed)} thay đổi và đọc lại danh sách." if changed else "Chưa có gì đổi."
        messages.info(request, said)
        return redirect(_here(rows, found))
    if changed:
        messages.warning(request, "Cổng đã giữ những gì vừa chọn và đọc lại. Xin xem rồi bấm nạp.")
        return redirect(_here(rows, found))
    stored = services.store_list(list_id=found.pk, shown=rows.cleaned_data["shown"], actor=actor_of(request))
    if stored.is_other:
        messages.warning(
            request, "Chưa nạp: sổ năm vừa có thay đổi hoặc danh sách còn chỗ phải sửa. Cổng đã đọc lại, xin xem rồi bấm nạp."
        )
        return redirect(_here(rows, found))
    messages.success(request, "Đã nạp danh sách." if stored.counts else "Danh sách này đã nạp trước đó.")
    return redirect("recognition:outcome-list", pk=found.pk)


@require_http_methods(["GET", "POST"])
def outcome_row(request: HttpRequest, pk: UUID, row: int) -> HttpResponseBase:
    """Search the registration that a row is."""
    found = list_or_404(request, pk)
    if not found.is_open:
        raise Http404
    sought = get_object_or_404(found.rows, pk=row)
    back = reverse("recognition:outcome-list", args=[pk])
    form = RowForm(given(request)[0])
    if form.is_valid():
        try:
            choices = {sought.pk: form.cleaned_data["registration"]}
            services.change_list(list_id=found.pk, choices=choices, actor=actor_of(request))
        except NotAllowed as refused:
            raise PermissionDenied(str(refused)) from refused
        except DomainError as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, f"Đã giữ lựa chọn cho dòng {sought.row}.")
        return redirect(back)
    text = clean(request.GET.get("q", ""))[:100]
    context = {"list": found, "season": found.season, "row": sought, "q": text, "rows": reads.searched(found, text), "back": back}
    return render(request, "recognition/outcome_row.html", context)


@require_http_methods(["GET", "POST"])
def outcome_mapping(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """`viec`: `xem` shows the table as it is read with what was chosen, `doc` has the file read so."""
    found = list_or_404(request, pk)
    if not found.is_open or not found.file:
        return redirect("recognition:outcome-list", pk=pk)
    form = ListMappingForm(request.POST, OUTCOMES) if request.method == "POST" else None
    mapping = form.mapping if form else ListMapping.from_json(found.mapping, OUTCOMES)
    try:
        sample = services.read_sent_list(found, mapping)
    except DomainError as refused:
        messages.error(request, str(refused))
        return redirect("recognition:outcome-list", pk=pk)
    page = ListMappingPage(sample, mapping, OUTCOMES, form)
    remember = RememberForm(given(request)[0])
    remembers, is_last = bool(remember["remembers"].value()), pressed(request) == "doc"
    errors = [*(form.errors if form else []), *(page.missing if is_last else [])]
    if is_last and not errors:
        services.map_list(list_id=found.pk, mapping=mapping, remember=remembers, actor=actor_of(request))
        messages.success(request, "Đã đọc lại danh sách.")
        return redirect("recognition:outcome-list", pk=pk)
    context: dict[str, Any] = {
        "page": page,
        "errors": errors,
        "kept": json.dumps(mapping.to_json(), ensure_ascii=False),
        "file_name": found.file_name,
        "nav": "rounds",
        "above": reverse("recognition:outcome-lists", args=[found.season.year]),
        "above_words": f"Nạp danh sách kết quả năm {found.season}",
        "back": reverse("recognition:outcome-list", args=[pk]),
        "read_words": "Đọc danh sách",
        "remembers": remembers,
        "remembered_for": "danh sách của cơ quan này có tiêu đề ấy",
        "remembered_page": reverse("models_registry:remembered"),
    }
    return render(request, "work/mapping.html", context, status=422 if is_last and errors else 200)


@require_http_methods(["GET", "POST"])
def outcome_undo(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Take back what a list wrote, after a page that says what that is."""
    found = list_or_404(request, pk)
    if found.state != ListState.STORED:
        raise Http404
    return _ask_first(request, found, "undo")


@require_http_methods(["GET", "POST"])
def outcome_discard(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Throw a list away, after a page that says what that means."""
    found = list_or_404(request, pk)
    if not found.is_open:
        raise Http404
    return _ask_first(request, found, "discard")


def _ask_first(request: HttpRequest, found: OutcomeList, act: str) -> HttpResponseBase:
    error = ""
    if request.method == "POST":
        try:
            if act == "undo":
                done = services.undo_list(list_id=found.pk, actor=actor_of(request))
                messages.success(request, f"Đã hủy lần nạp: trả lại {write_number(done)} việc đã ghi.")
            else:
                services.discard_list(list_id=found.pk, actor=actor_of(request))
                messages.success(request, "Đã bỏ danh sách, chưa ghi gì.")
        except NotAllowed as refused:
            raise PermissionDenied(str(refused)) from refused
        except DomainError as refused:
            error = str(refused)
        else:
            return redirect("recognition:outcome-lists", year=found.season.year)
    context = {"list": found, "season": found.season, "act": act, "error": error, "written": len(found.undo)}
    return render(request, "recognition/outcome_last_look.html", context, status=409 if error else 200)
