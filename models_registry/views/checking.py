"""Checking registrations: the queue of what waits, one registration beside its reasons, accepting and returning. HTTP only."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from common.exceptions import DomainError
from models_registry import services
from models_registry.enums import Action
from models_registry.marking import NOTE, Marks, marked_boxes, read_marks, unsaid_boxes
from models_registry.models import Registration
from models_registry.permissions import can_check
from models_registry.selectors.checking import Queue, check_page, queue_of
from models_registry.transitions import InvalidTransition, can_happen
from models_registry.views.asking import Asked, asked_of, can_check_board
from models_registry.views.common import season_or_404
from models_registry.views.registration import registration_page
from models_registry.views.sheets import registration_or_404

ACTS = {"nhan": Action.ACCEPT, "tra-lai": Action.RETURN}


@require_safe
def queue(request: HttpRequest, year: int) -> HttpResponseBase:
    """The oldest that waits within the board's filters; a page that says so where nothing does."""
    season = season_or_404(year)
    asked = asked_of(request, season)
    if not can_check_board(request.user, asked.board):
        raise Http404
    found = queue_of(request.user, asked.board, asked.wanted)
    if found.following:
        return redirect(_at(found.following, asked.query))
    context = {"season": season, "asked": asked, "illustrative": season.is_illustrative}
    return render(request, "work/check_none.html", context)


def _at(pk: int, query: str) -> str:
    return reverse("models_registry:check", args=[pk]) + query


@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One registration to accept or return, beside the queue."""
    found = registration_or_404(request, pk)
    if not can_check(request.user, found):
        raise Http404
    asked = _asked_or_none(request, found)
    if request.method == "POST":
        return _decide(request, found, asked)
    if not can_happen(found.state, Action.ACCEPT):
        return redirect("models_registry:registration", pk=pk)
    return _page(request, found, asked, {})


def _asked_or_none(request: HttpRequest, found: Registration) -> Asked | None:
    """None for who checks what stands on no board of their own."""
    try:
        return asked_of(request, found.season)
    except Http404:
        return None


def _queue(request: HttpRequest, found: Registration, asked: Asked | None) -> Queue:
    return queue_of(request.user, asked.board, asked.wanted, current=found.pk) if asked else Queue(0)


def _page(
    request: HttpRequest, found: Registration, asked: Asked | None, marks: Marks, *, status: int = 200, **more: Any
) -> HttpResponseBase:
    errors: dict[int, str] = more.pop("errors_of", {})
    shown = check_page(request.user, found, marks, errors=errors)
    context = {
        "page": shown,
        "registration": found,
        "season": found.season,
        "queue": _queue(request, found, asked),
        "query": asked.query if asked else "",
        "errors": [(f"loi-{number}", words) for number, words in errors.items()],
        "illustrative": found.is_illustrative,
    }
    return render(request, "work/check.html", context | more, status=status)


def _decide(request: HttpRequest, found: Registration, asked: Asked | None) -> HttpResponseBase:
    marks, act = read_marks(request.POST), request.POST.get("viec", "")
    if act == "xem-lai":
        return _page(request, found, asked, marks)
    action = ACTS.get(act)
    if action is None:
        raise Http404
    if action == Action.RETURN and (unsaid := unsaid_boxes(marks)):
        told = {number: f"Mục {number}: xin ghi rõ cần sửa gì." for number in unsaid}
        return _page(request, found, asked, marks, status=422, errors_of=told)
    if action == Action.ACCEPT and marked_boxes(marks) and "bo-dau" not in request.POST:
        context = {"registration": found, "season": found.season, "marks": marks, "marked": marked_boxes(marks)}
        return render(request, "work/check_accept.html", context | {"query": asked.query if asked else ""})
    return _done(request, found, asked, action, marks)


def _done(request: HttpRequest, found: Registration, asked: Asked | None, action: Action, marks: Marks) -> HttpResponseBase:
    """Do it, and on to the next of the queue."""
    before, given = _queue(request, found, asked), marks if action == Action.RETURN else {}
    try:
        services.change_state(
            registration_id=found.pk,
            action=action,
            actor=request.user,
            note=given.get(NOTE, ""),
            marks=services.marks_of(given),
        )
    except InvalidTransition as error:
        return registration_page(request, registration_or_404(request, found.pk), error=str(error), status=409)
    except DomainError as error:
        return _page(request, registration_or_404(request, found.pk), asked, marks, status=409, error=str(error))
    said = "Đã nhận" if action == Action.ACCEPT else "Đã trả lại"
    messages.success(request, f"{said} “{found.title}”.")
    query = asked.query if asked else ""
    if before.next_up:
        return redirect(_at(before.next_up, query))
    return redirect(reverse("models_registry:queue", args=[found.season.year]) + query)
