"""Checking registrations: the queue of what waits, one registration beside its reasons, accepting, returning, taking back. HTTP only."""

import json
from typing import Any

from django.contrib import messages
from django.http import Http404, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from common.dates import VIETNAM
from common.exceptions import DomainError, NotAllowed
from common.forms import pressed
from common.id_fields import ids_in
from common.text import quoted
from common.transitions import InvalidTransition
from models_registry import services
from models_registry.check_forms import KeysForm, MarkingForm, UndoForm
from models_registry.enums import Action
from models_registry.marking import NOTE, Marks, marked_boxes, typed_in, unsaid_boxes
from models_registry.models import Registration
from models_registry.permissions import can_check
from models_registry.selectors import checking
from models_registry.selectors.checking import Queue, check_page, queue_of
from models_registry.selectors.comments import threads_of
from models_registry.selectors.compared import compared
from models_registry.transitions import can_happen
from models_registry.views.asking import Asked, asked_of, can_check_board
from models_registry.views.common import by_post, season_or_404
from models_registry.views.registration import registration_page
from models_registry.views.sheets import registration_or_404
from organisation.requests import OfficerRequest

ACTS = {"nhan": Action.ACCEPT, "tra-lai": Action.RETURN}
JUST_DONE = "vua"  # the step that was just done, in the address of the page that follows it


@require_safe
def queue(request: OfficerRequest, year: int) -> HttpResponseBase:
    """The oldest that waits within the board's filters; a page that says so where nothing does."""
    season = season_or_404(year)
    asked = asked_of(request, season)
    if not can_check_board(request.user, asked.board):
        raise Http404
    found = queue_of(request.user, asked.board, asked.wanted)
    done = _just_done(request)
    if found.following:
        return redirect(_at(found.following, asked.query, done.step_id if done else None))
    context = {"season": season, "asked": asked, "done": done, "query": asked.query, "illustrative": season.is_illustrative}
    return render(request, "work/check_none.html", context)


def _at(pk: int, query: str, done: int | None = None) -> str:
    return reverse("models_registry:check", args=[pk]) + _with(query, done)


def _with(query: str, done: int | None) -> str:
    return f"{query}{'&' if query else '?'}{JUST_DONE}={done}" if done else query


def _just_done(request: OfficerRequest) -> Any:
    ids = ids_in([request.GET.get(JUST_DONE, "")])
    return checking.takeback_of(request.user, ids[0]) if ids else None


@require_http_methods(["GET", "POST"])
def check(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """One registration to accept or return, beside the queue."""
    found = registration_or_404(request, pk)
    if not can_check(request.user, found):
        raise Http404
    asked = _asked_or_none(request, found)
    if request.method == "POST":
        return _decide(request, found, asked)
    if not can_happen(found.state, Action.ACCEPT):
        return redirect("models_registry:registration", pk=pk)
    kept = checking.pending_marks(request.user, found)
    marks = kept.texts if kept else {}
    is_older = kept is not None and bool(marks) and kept.sending_id != checking.last_sending(found).pk
    return _page(request, found, asked, marks, kept=kept, kept_is_older=is_older)


def _asked_or_none(request: OfficerRequest, found: Registration) -> Asked | None:
    """None for who checks what stands on no board of their own."""
    try:
        return asked_of(request, found.season)
    except Http404:
        return None


def _queue(request: OfficerRequest, found: Registration, asked: Asked | None) -> Queue:
    return queue_of(request.user, asked.board, asked.wanted, current=found.pk) if asked else Queue(0)


def _page(
    request: OfficerRequest, found: Registration, asked: Asked | None, marks: Marks, *, status: int = 200, **more: Any
) -> HttpResponseBase:
    errors: dict[int, str] = more.pop("errors_of", {})
    conflicts: Marks = more.pop("conflicts", {})
    context = {
        "page": check_page(request.user, found, marks, errors=errors, conflicts=conflicts),
        "base": json.dumps(marks | conflicts, ensure_ascii=False),
        "threads": threads_of(request.user, found),
        "registration": found,
        "season": found.season,
        "queue": _queue(request, found, asked),
        "query": asked.query if asked else "",
        "done": _just_done(request),
        "has_keys": checking.has_keys(request.user),
        "errors": [(f"loi-{number}", words) for number, words in errors.items()],
        "illustrative": found.is_illustrative,
    }
    return render(request, "work/check.html", context | more, status=status)


def _decide(request: OfficerRequest, found: Registration, asked: Asked | None) -> HttpResponseBase:
    """Keep what is marked, then do what was asked, if it can be done."""
    act, form = pressed(request), MarkingForm(request.POST)
    marks = form.marks
    if act not in (*ACTS, "xem-lai") or not form.is_valid():
        raise Http404
    base, sending = form.cleaned_data["base"], form.cleaned_data["sending"]
    try:
        kept = services.keep_marks(registration_id=found.pk, texts=marks, base=base, actor=request.user)
    except InvalidTransition:  # told of what was pressed
        return _done(request, found, asked, ACTS.get(act, Action.RETURN), marks, sending=sending)
    shown = kept.texts | {name: marks[name] for name in kept.conflicts if name in marks}
    if kept.conflicts or kept.others:
        return _page(request, found, asked, shown, status=409, conflicts=kept.conflicts, other_tab=True)
    if act == "xem-lai":
        return _page(request, found, asked, marks)
    if act == "tra-lai" and (unsaid := unsaid_boxes(marks)):
        told = {number: f"Mục {number}: xin ghi rõ cần sửa gì." for number in unsaid}
        return _page(request, found, asked, marks, status=422, errors_of=told)
    if act == "nhan" and marked_boxes(marks) and not form.cleaned_data["drops_marks"]:
        context = {"registration": found, "season": found.season, "marks": marks, "marked": marked_boxes(marks)}
        context |= {"base": json.dumps(marks, ensure_ascii=False), "sending": sending or ""}
        return render(request, "work/check_accept.html", context | {"query": asked.query if asked else ""})
    return _done(request, found, asked, ACTS[act], marks, sending=sending)


def _done(
    request: OfficerRequest, found: Registration, asked: Asked | None, action: Action, marks: Marks, *, sending: int | None
) -> HttpResponseBase:
    """Do it, and on to the next of the queue."""
    before, given = _queue(request, found, asked), marks if action == Action.RETURN else {}
    try:
        services.change_state(
            registration_id=found.pk,
            action=action,
            actor=request.user,
            note=given.get(NOTE, ""),
            marks=services.marks_of(given),
            sending=sending,
        )
    except InvalidTransition as error:
        now = registration_or_404(request, found.pk)
        return registration_page(request, now, error=str(error), unsent=typed_in(marks), status=409)
    except DomainError as error:
        return _page(request, registration_or_404(request, found.pk), asked, marks, status=409, error=str(error))
    query, step = asked.query if asked else "", checking.last_step(found).pk
    if before.next_up:
        return redirect(_at(before.next_up, query, step))
    return redirect(reverse("models_registry:queue", args=[found.season.year]) + _with(query, step))


@by_post("models_registry:registration", "pk")
def save(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """Keep marks while they are made. Answers what another tab wrote."""
    found = registration_or_404(request, pk)
    if not can_check(request.user, found):
        raise Http404
    form = MarkingForm(request.POST)
    form.is_valid()
    marks = form.marks
    try:
        kept = services.keep_marks(registration_id=pk, texts=marks, base=form.cleaned_data["base"], actor=request.user)
    except DomainError as error:
        return JsonResponse({"refused": str(error)}, status=409)
    told = {
        "at": f"{timezone.localtime(kept.at, VIETNAM):%H:%M}",
        "base": marks | kept.conflicts,
        "conflicts": kept.conflicts,
        "others": marked_boxes(kept.others),
    }
    return JsonResponse(told)


@by_post("models_registry:registration", "pk")
def undo(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """Take the decision just made back, and return to what it was about."""
    found = registration_or_404(request, pk)
    if not can_check(request.user, found):
        raise Http404
    form = UndoForm(request.POST)
    form.is_valid()
    try:
        services.undo_check(step_id=form.cleaned_data["step"] or 0, actor=request.user)
    except NotAllowed as error:
        raise Http404 from error
    except DomainError as error:
        messages.warning(request, f"{quoted(found.title)}: {error}")
        return redirect("models_registry:registration", pk=pk)
    messages.success(request, f"Đã hoàn tác. {quoted(found.title)} lại chờ xét như trước.")
    return redirect(_at(pk, form.cleaned_data["query"]))


@require_safe
def compare(request: OfficerRequest, pk: int, other: int) -> HttpResponseBase:
    """A registration beside another one, where they differ marked; for whoever sees its nine boxes."""
    found = registration_or_404(request, pk)
    shown = compared(request.user, found, other)
    if shown is None:
        raise Http404
    context = {
        "registration": found,
        "season": found.season,
        "compared": shown,
        "is_checking": can_check(request.user, found) and can_happen(found.state, Action.ACCEPT),
        "query": request.GET.urlencode(),
        "illustrative": found.is_illustrative,
    }
    return render(request, "work/compare.html", context)


@require_http_methods(["GET", "POST"])
def keys(request: OfficerRequest) -> HttpResponseBase:
    """The keys of the checking page; each person may do without them."""
    if request.method == "POST":
        form = KeysForm(request.POST)
        services.use_keys(actor=request.user, has_keys=form.is_valid() and form.cleaned_data["has_keys"])
        messages.success(request, "Đã lưu.")
        return redirect("models_registry:keys")
    return render(request, "work/keys.html", {"has_keys": checking.has_keys(request.user)})
