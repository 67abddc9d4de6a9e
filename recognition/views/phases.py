"""From phase to phase: the page that says what is lost, and the one that opens a phase again. HTTP only."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from common.dates import VIETNAM, how_to_write, read_day, write_day
from common.exceptions import DomainError
from recognition import services
from recognition.enums import Phase
from recognition.models import RecognitionRound
from recognition.selectors.ahead import Ahead, ahead_of
from recognition.selectors.phases import last_step, stands_on
from recognition.transitions import PREVIOUS_PHASE
from recognition.views.common import head, run_or_404

REMIND, EXTEND, GO_ON = "nhac", "gia-han", "chuyen"
WAYS = (REMIND, EXTEND, GO_ON)


@require_http_methods(["GET", "POST"])
def advance(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What the next phase means and what would be lost; three ways, of which the last alone leaves this one.

    The button carries its way (`lam`): where another one is chosen above it, nothing is done and its button comes.
    """
    found = run_or_404(request, pk)
    ahead = ahead_of(found)
    if ahead is None:
        return redirect("recognition:round", pk=pk)
    chosen = request.POST.get("cach", "")
    way, error = chosen if chosen in WAYS else REMIND if ahead.has_ways else GO_ON, ""
    does = request.POST.get("lam", "" if ahead.has_ways else GO_ON)
    if request.method == "POST" and (does == way or not ahead.has_ways):
        try:
            return _do(request, found, ahead, way)
        except DomainError as refused:
            error = str(refused)
            found.refresh_from_db()
            ahead = ahead_of(found) or ahead
    typed = request.POST.get("den-ngay", "")
    context = head(found, ahead=ahead, way=way, error=error, typed=typed)
    return render(request, "recognition/advance.html", context, status=409 if error else 200)


def _do(request: HttpRequest, found: RecognitionRound, ahead: Ahead, way: str) -> HttpResponseBase:
    if way == REMIND:
        return redirect(reverse("recognition:remind", args=[found.pk]))
    if way == EXTEND:
        until = _day(request.POST.get("den-ngay", ""))
        services.extend_phase(round_id=found.pk, until=until, seen=request.POST.get("tu", ""), actor=request.user)
        messages.success(request, f"Đã gia hạn đến hết ngày {write_day(until)}. Đợt xét vẫn ở bước này.")
    else:
        losing = request.POST.get("vang", "0")
        number = int(losing) if losing.isascii() and losing.isdecimal() and len(losing) < 7 else 0
        services.advance(round_id=found.pk, actor=request.user, seen=request.POST.get("tu", ""), losing=number)
        messages.success(request, f"Đợt xét đã sang bước “{ahead.following.label.lower()}”.")
    return redirect("recognition:round", pk=found.pk)


def _day(text: str) -> date:
    day = read_day(text)
    if day is None:
        raise DomainError(f"Đến hết ngày: {how_to_write()}.")
    return day


@require_http_methods(["GET", "POST"])
def reopen(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Back to the phase before: why, until when; or what stands in the way."""
    found = run_or_404(request, pk)
    target = PREVIOUS_PHASE.get(Phase(found.phase))
    if target is None:
        return redirect("recognition:round", pk=pk)
    closing, error = last_step(found), ""
    until_name = services.REOPENED_UNTIL.get(target, "")
    planned = (closing and closing.day_before(until_name)) or getattr(found, until_name) if until_name else None
    reason, until = request.POST.get("ly-do", ""), request.POST.get("den-ngay", write_day(planned) if planned else "")
    if request.method == "POST":
        try:
            day, seen = _day(until) if until_name else None, request.POST.get("tu", "")
            services.reopen_phase(round_id=pk, reason=reason, until=day, seen=seen, actor=request.user)
        except DomainError as refused:
            error = str(refused)
        else:
            messages.success(request, f"Đã mở lại bước “{target.label.lower()}”; những người liên quan được báo.")
            return redirect("recognition:round", pk=pk)
    context = head(
        found,
        target=target,
        in_the_way=stands_on(found),
        has_until=bool(until_name),
        absent=len(closing.absent) if closing else 0,
        since=timezone.localtime(found.phase_since, VIETNAM),
        reason=reason,
        until=until,
        error=error,
    )
    return render(request, "recognition/reopen_phase.html", context, status=409 if error else 200)
