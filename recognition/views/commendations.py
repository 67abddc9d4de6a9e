"""Commendations, conferences, introductions to the centre. HTTP only."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from common.dates import read_day, today, write_day
from common.exceptions import DomainError, NotAllowed
from models_registry import selectors as registry
from models_registry.enums import SubjectKind
from models_registry.views.common import excel, page_links, read_ids
from organisation.permissions import unit_of
from recognition import services
from recognition.exports.lists import COMMENDATION_COLUMNS
from recognition.models import Conference
from recognition.permissions import can_run
from recognition.selectors import commendations as reads
from recognition.views.common import PAGE


@require_http_methods(["GET", "POST"])
def commendations(request: HttpRequest) -> HttpResponseBase:
    """What is proposed and what was decided; changing, taking back, preparing the decision."""
    body = unit_of(request.user)
    found = reads.commendations_visible_to(request.user)
    if body is None or not (can_run(request.user, body) or found.exists()):
        raise Http404
    may_run = can_run(request.user, body)
    error = ""
    if request.method == "POST":
        if not may_run:
            raise Http404
        try:
            if "soan" in request.POST:
                return redirect("recognition:draft", pk=services.begin_commendation_draft(unit=body, actor=request.user).pk)
            _change(request)
        except NotAllowed as refused:
            raise Http404 from refused
        except DomainError as refused:
            error = str(refused)
        else:
            return redirect("recognition:commendations")
    if request.GET.get("tai") == "xlsx":
        return excel("khen-thuong", "Khen thưởng mô hình “Dân vận khéo”", COMMENDATION_COLUMNS, found, illustrative=False)
    page = Paginator(found, PAGE).get_page(request.GET.get("trang"))
    context = {
        "page": page,
        "links": page_links(page, {}),
        "may_run": may_run,
        "waiting": found.filter(decision__isnull=True).count(),
        "kinds": SubjectKind.choices,
        "error": error,
        "typed": request.POST if error else {},
    }
    return render(request, "recognition/commendations.html", context, status=409 if error else 200)


def _change(request: HttpRequest) -> None:
    ids = read_ids([request.POST.get("de-nghi", "")])
    if not ids or not reads.commendations_visible_to(request.user).filter(pk=ids[0]).exists():
        raise Http404
    if "bo" in request.POST:
        services.drop_commendation(commendation_id=ids[0], actor=request.user)
        messages.success(request, "Đã bỏ đề nghị.")
        return
    services.write_commendation(
        commendation_id=ids[0],
        recipient=request.POST.get("nguoi", ""),
        recipient_kind=request.POST.get("loai", ""),
        reason=request.POST.get("thanh-tich", ""),
        actor=request.user,
    )
    messages.success(request, "Đã lưu đề nghị.")


@require_http_methods(["GET", "POST"])
def conferences(request: HttpRequest) -> HttpResponseBase:
    """The conferences of one's body; opening one."""
    body = unit_of(request.user)
    found = reads.conferences_visible_to(request.user)
    if body is None or not (can_run(request.user, body) or found.exists()):
        raise Http404
    season, error = registry.working_season(request.user), ""
    if request.method == "POST":
        if not can_run(request.user, body) or season is None:
            raise Http404
        day = read_day(request.POST.get("ngay", "").strip())
        try:
            if day is None:
                raise DomainError(f"Ngày “{request.POST.get('ngay', '')[:20]}” không có thật; viết ngày/tháng/năm.")
            made = services.open_conference(
                unit=body,
                season=season,
                name=request.POST.get("ten", ""),
                held_on=day,
                place=request.POST.get("noi", ""),
                actor=request.user,
            )
        except DomainError as refused:
            error = str(refused)
        else:
            return redirect("recognition:conference", pk=made.pk)
    page = Paginator(found, PAGE).get_page(request.GET.get("trang"))
    context = {
        "page": page,
        "links": page_links(page, {}),
        "may_run": can_run(request.user, body),
        "season": season,
        "error": error,
        "typed": request.POST,
    }
    return render(request, "recognition/conferences.html", context, status=422 if error else 200)


def _conference_or_404(request: HttpRequest, pk: int) -> Conference:
    return get_object_or_404(reads.conferences_visible_to(request.user), pk=pk)


@require_http_methods(["GET", "POST"])
def conference(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The order of a conference and the story of each model."""
    found = _conference_or_404(request, pk)
    may_run = can_run(request.user, found.unit)
    if request.method == "POST":
        if not may_run:
            raise Http404
        if "them" in request.POST:
            new = services.add_entries(
                conference_id=pk, recognition_ids=read_ids(request.POST.getlist("mo-hinh")), actor=request.user
            )
            messages.success(request, f"Đã thêm {new} mô hình.")
        else:
            services.write_conference(conference_id=pk, actor=request.user, **_entries(request))
            messages.success(request, "Đã lưu thứ tự và câu chuyện.")
        return redirect("recognition:conference", pk=pk)
    context = _shown(found) | {"may_run": may_run, "missing": list(reads.missing_from(found)[:200])}
    return render(request, "recognition/conference.html", context)


def _shown(found: Conference) -> dict[str, Any]:
    return {
        "conference": found,
        "season": found.season,
        "illustrative": found.season.is_illustrative,
        "entries": list(reads.entries_of(found)),
    }


def _entries(request: HttpRequest) -> dict[str, Any]:
    entries = {}
    for name, text in request.POST.items():
        ids = read_ids([name.removeprefix("tt-")]) if name.startswith("tt-") else []
        place = str(text).strip()
        if ids and place.isascii() and place.isdecimal() and len(place) < 5:
            entries[ids[0]] = (int(place), request.POST.get(f"chuyen-{ids[0]}", ""))
    return {"entries": entries, "dropped": read_ids(request.POST.getlist("bo"))}


@require_safe
def conference_print(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The list and the stories for paper: a sheet for each model."""
    found = _conference_or_404(request, pk)
    return render(request, "recognition/conference_print.html", _shown(found) | {"printed_on": write_day(today())})
