"""From phase to phase: the page that says what is lost, and the one that opens a phase again. HTTP only."""

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from common.dates import VIETNAM, write_day
from common.exceptions import DomainError
from models_registry.views.common import given
from recognition import services
from recognition.enums import Phase
from recognition.forms.rounds import AdvanceForm, ReopenForm, Way
from recognition.models import RecognitionRound
from recognition.selectors.ahead import Ahead, ahead_of
from recognition.selectors.phases import last_step, stands_on
from recognition.transitions import PREVIOUS_PHASE
from recognition.views.common import actor_of, head, run_or_404


@require_http_methods(["GET", "POST"])
def advance(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What the next phase means and what would be lost; three ways, of which the last alone leaves this one.

    The button carries its way (`lam`): where another one is chosen above it, nothing is done and its button comes.
    """
    found = run_or_404(request, pk)
    ahead = ahead_of(found)
    if ahead is None:
        return redirect("recognition:round", pk=pk)
    form, errors = AdvanceForm(given(request)[0]), list[tuple[str, str]]()
    form.is_valid()
    way = form.chosen("cach", Way.REMIND if ahead.has_ways else Way.GO_ON)
    does = form.chosen("lam", "" if ahead.has_ways else Way.GO_ON)
    if form.is_bound and (does == way or not ahead.has_ways):
        try:
            return _do(request, found, ahead, way, form)
        except DomainError as refused:
            errors = [("den-ngay" if refused.field == "until" else "", str(refused))]
            found = run_or_404(request, pk)  # as it is by now
            ahead = ahead_of(found) or ahead
    context = head(found, ahead=ahead, way=way, errors=errors, typed=form.chosen("until", ""))
    return render(request, "recognition/advance.html", context, status=409 if errors else 200)


def _do(request: HttpRequest, found: RecognitionRound, ahead: Ahead, way: str, form: AdvanceForm) -> HttpResponseBase:
    seen = form.chosen("tu", "")
    if way == Way.REMIND:
        return redirect(reverse("recognition:remind", args=[found.pk]))
    if way == Way.EXTEND:
        until = form.last_day()
        services.extend_phase(round_id=found.pk, until=until, seen=seen, actor=actor_of(request))
        messages.success(request, f"Đã gia hạn đến hết ngày {write_day(until)}. Đợt xét vẫn ở bước này.")
    else:
        services.advance(round_id=found.pk, actor=actor_of(request), seen=seen, losing=form.losing)
        messages.success(request, f"Đợt xét đã sang bước “{ahead.following.label.lower()}”.")
    return redirect("recognition:round", pk=found.pk)


@require_http_methods(["GET", "POST"])
def reopen(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Back to the phase before: why, until when; or what stands in the way."""
    found = run_or_404(request, pk)
    target = PREVIOUS_PHASE.get(Phase(found.phase))
    if target is None:
        return redirect("recognition:round", pk=pk)
    closing = last_step(found)
    until_name = services.REOPENED_UNTIL.get(target, "")
    planned = (closing and closing.day_before(until_name)) or getattr(found, until_name) if until_name else None
    form = ReopenForm(given(request)[0], initial={"until": write_day(planned) if planned else ""})
    if form.is_bound:
        try:
            day, seen = form.last_day() if until_name else None, str(form["tu"].value() or "")
            services.reopen_phase(round_id=pk, reason=form.said, until=day, seen=seen, actor=actor_of(request))
        except DomainError as refused:
            form.refuse(refused)
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
        reason=form.said,
        until=form["until"].value() or "",
        errors=form.faults,
    )
    return render(request, "recognition/reopen_phase.html", context, status=409 if form.errors else 200)
