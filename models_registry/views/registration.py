"""A registration's page, the outputs measured of it and the themes that it serves. HTTP only."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from common.dates import write_day
from common.exceptions import DomainError, NotAllowed
from models_registry import selectors, services
from models_registry.permissions import can_join, can_measure
from models_registry.selectors import pages, timeline
from models_registry.small_forms import MeasureForm, ThemesForm
from models_registry.verdict_forms import VerdictForm
from models_registry.views.common import PAGE, by_post, page_links
from models_registry.views.sheets import registration_or_404
from organisation.requests import OfficerRequest

MEASURES, EVENTS = 12, 30  # shown at once on a registration's page


@require_safe
def registration(request: OfficerRequest, pk: int) -> HttpResponseBase:
    found = registration_or_404(request, pk)
    services.note_opened(registration=found, reader=request.user)
    return registration_page(request, found)


def registration_page(request: OfficerRequest, found: Any, *, status: int = 200, **more: Any) -> HttpResponseBase:
    return render(request, "work/registration.html", _context(request, found, **more), status=status)


def _context(request: OfficerRequest, found: Any, **more: Any) -> dict[str, Any]:
    measures = Paginator(selectors.newest_measures(found), MEASURES).get_page(request.GET.get("do"))
    events = Paginator(timeline.of_registration(found), EVENTS).get_page(request.GET.get("su"))
    newest = next(iter(measures), None)
    return {
        "registration": found,
        "season": found.season,
        "page": pages.registration_page(request.user, found),
        "events": events,
        "event_links": page_links(events, {}, "su"),
        "measures": measures,
        "measure_links": page_links(measures, {}, "do"),
        "output": {"what": newest.what, "counting_unit": newest.counting_unit} if newest else {},
        "verdict_form": VerdictForm(season=found.season),
        "illustrative": found.is_illustrative,
        "tells_below": request.GET.get("o", "") in ("anh-tep", "ket-qua", "danh-gia"),
    } | more


@by_post("models_registry:registration", "pk")
def output(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """Record a measured output."""
    found = registration_or_404(request, pk)
    form = MeasureForm(request.POST)
    form.is_valid()
    try:
        measure, before = services.record_output(registration_id=pk, typed=form.measure(), actor=request.user)
    except NotAllowed as error:
        raise Http404 from error
    except services.OutputRefused as refused:
        context = _context(request, found, output=form.cleaned_data, output_errors=refused.errors)
        context["errors"] = [(f"id_{name}", words) for name, words in refused.errors.items()]
        return render(request, "work/registration.html", context, status=422)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        day = write_day(measure.as_of)
        messages.success(
            request, f"Đã sửa số đo ngày {day}: {before} thành {measure}." if before else f"Đã ghi {measure}, {day}."
        )
    return _at(pk, "ket-qua")


def _at(pk: int, section: str) -> HttpResponseBase:
    """Back to the part of the page where something was done: what came of it is told there."""
    response = redirect("models_registry:registration", pk=pk)
    response["Location"] += f"?o={section}#{section}"
    return response


@require_http_methods(["GET", "POST"])
def output_remove(request: OfficerRequest, pk: int, measure: int) -> HttpResponseBase:
    """Take a measured value away, after a page that says so."""
    found = registration_or_404(request, pk)
    if not can_measure(request.user, found):
        raise Http404
    one = selectors.measure_of(found, measure)
    error = "" if one else "Số đo này không còn."
    if request.method == "POST":
        try:
            services.remove_output(measure_id=measure, registration_id=pk, actor=request.user)
        except DomainError as refused:
            error = str(refused)
        else:
            messages.success(request, "Đã bỏ số đo này; nhật ký vẫn giữ.")
            return redirect("models_registry:registration", pk=pk)
    context = {
        "registration": found,
        "season": found.season,
        "heading": "Bỏ một số đo",
        "what": f"{one.what}: {one}, tính đến {write_day(one.as_of)}. Số này không còn trong chuỗi; nhật ký vẫn giữ."
        if one
        else "",
        "button": "Bỏ số đo",
        "errors": [("", error)] if error else [],
    }
    return render(request, "work/confirm.html", context, status=409 if error else 200)


@by_post("models_registry:registration", "pk")
def tag(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """The themes that the registration serves."""
    registration_or_404(request, pk)
    notes = ThemesForm(request.POST).notes
    try:
        changed = services.tag_themes(registration_id=pk, notes=notes, actor=request.user)
    except NotAllowed as error:
        raise Http404 from error
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Đã lưu chủ đề." if changed else "Không có gì thay đổi.")
    return redirect("models_registry:registration", pk=pk)


@require_safe
def history(request: OfficerRequest, slug: str) -> HttpResponseBase:
    """A model's whole life, as far as this person may see it: for officers."""
    model = get_object_or_404(selectors.models_visible_to(request.user), slug=slug)
    events = timeline.of_model(request.user, model)
    if not events:
        raise Http404
    page = Paginator(events, PAGE).get_page(request.GET.get("trang"))
    context = {"model": model, "page": page, "links": page_links(page, {}), "may_join": can_join(request.user, [model])}
    return render(request, "work/history.html", context)
