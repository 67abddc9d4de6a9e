"""What a body calls the best of what it recognises. HTTP only."""

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from common.exceptions import DomainError
from common.forms import pressed
from models_registry import selectors as registry
from models_registry.views.common import given
from organisation.models import Unit
from organisation.permissions import unit_of
from recognition import services
from recognition.forms.commendations import GradeEndForm, GradeForm
from recognition.permissions import can_set_criteria
from recognition.selectors import decisions as reads
from recognition.views.common import actor_of


@require_http_methods(["GET", "POST"])
def grades(request: HttpRequest) -> HttpResponseBase:
    """The grades of the body, with how often each was given; a new one, the last day of one."""
    body = unit_of(request.user)
    if body is None or not can_set_criteria(request.user, body):
        raise Http404
    is_end = pressed(request, "muc") == "muc"
    form = GradeEndForm(request.POST) if is_end else GradeForm(given(request)[0])
    if form.is_valid():
        try:
            if is_end:
                _end(request, body, form)
            else:
                made = services.declare_grade(unit=body, actor=actor_of(request), **form.cleaned_data)
                messages.success(request, f"Đã khai mức “{made}”.")
        except DomainError as refused:
            form.refuse(refused)
        else:
            return redirect("recognition:grades")
    ending = str(form["grade"].value() or "") if is_end else ""
    context = {
        "grades": reads.grades_of(body),
        "form": GradeForm() if is_end else form,
        "ending": ending,
        "typed_end": form.data.get("den", ""),
        "errors": [(f"den-{ending}" if field == "den" else field, words) for field, words in form.faults],
        "season": registry.working_season(request.user),
    }
    return render(request, "recognition/grades.html", context, status=422 if form.errors else 200)


def _end(request: HttpRequest, body: Unit, form: GradeEndForm | GradeForm) -> None:
    grade = get_object_or_404(body.grades, pk=form.cleaned_data["grade"])
    services.end_grade(grade_id=grade.pk, valid_until=form.cleaned_data["valid_until"], actor=actor_of(request))
    messages.success(request, f"Mức “{grade}” thôi dùng sau ngày đã ghi; công nhận đã có giữ nguyên.")
