"""What a body calls the best of what it recognises. HTTP only."""

from datetime import date

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from common.dates import read_day
from common.exceptions import DomainError
from models_registry import selectors as registry
from models_registry.views.common import read_ids
from organisation.permissions import unit_of
from recognition import services
from recognition.permissions import can_set_criteria


@require_http_methods(["GET", "POST"])
def grades(request: HttpRequest) -> HttpResponseBase:
    """The grades of the body, with how often each was given; a new one, the last day of one."""
    body = unit_of(request.user)
    if body is None or not can_set_criteria(request.user, body):
        raise Http404
    error = ""
    if request.method == "POST":
        try:
            if "muc" in request.POST:
                found = get_object_or_404(body.grades, pk=next(iter(read_ids([request.POST["muc"]])), 0))
                services.end_grade(grade_id=found.pk, valid_until=_day(request, "den"), actor=request.user)
                messages.success(request, f"Mức “{found}” thôi dùng sau ngày đã ghi; công nhận đã có giữ nguyên.")
            else:
                made = services.declare_grade(
                    unit=body, name=request.POST.get("ten", ""), valid_from=_day(request, "tu"), actor=request.user
                )
                messages.success(request, f"Đã khai mức “{made}”.")
        except DomainError as refused:
            error = str(refused)
        else:
            return redirect("recognition:grades")
    context = {
        "grades": body.grades.annotate(given=Count("recognitions")),
        "typed": request.POST if error else {},
        "error": error,
        "season": registry.working_season(request.user),
    }
    return render(request, "recognition/grades.html", context, status=422 if error else 200)


def _day(request: HttpRequest, name: str) -> date:
    text = request.POST.get(name, "").strip()
    day = read_day(text)
    if day is None:
        raise DomainError(f"Ngày “{text[:20]}” không có thật; viết ngày/tháng/năm.")
    return day
