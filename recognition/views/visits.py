"""Site visits: planning, the form for the telephone, photos. HTTP only."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from common.dates import today, write_day
from common.exceptions import DomainError, NotAllowed
from common.files import check_photo
from models_registry.views.common import by_post, given
from recognition import services
from recognition.enums import VisitVerdict
from recognition.forms.visits import VisitForm, VisitPlanForm, VisitSenderForm
from recognition.models import SiteVisit
from recognition.permissions import can_visit
from recognition.selectors import visits as reads
from recognition.selectors.dossiers import readable_by
from recognition.views.common import actor_of, head


@require_http_methods(["GET", "POST"])
def of_dossier(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The visits of a dossier; planning one."""
    found = readable_by(request.user, pk)
    if found is None or found.round is None or not can_visit(request.user, found.round):
        raise Http404
    form = VisitPlanForm(given(request)[0], initial={"planned_on": write_day(today())})
    if form.is_valid():
        try:
            made = services.plan_visit(dossier_id=pk, actor=actor_of(request), **form.cleaned_data)
        except DomainError as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Đã hẹn khảo sát; đơn vị được báo. Mở sẵn trang này trên điện thoại trước khi đi.")
            return redirect("recognition:visit", pk=made.pk)
    context = head(
        found.round,
        dossier=found,
        registration=found.registration,
        visits=reads.visits_of(request.user, found),
        may_visit=True,
        errors=form.faults,
        form=form,
    )
    return render(request, "recognition/visits.html", context, status=422 if form.errors else 200)


def _visit_or_404(request: HttpRequest, pk: int) -> SiteVisit:
    return get_object_or_404(reads.visits_visible_to(request.user), pk=pk)


@require_http_methods(["GET", "POST"])
def visit(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The form of one visit, made for a telephone; what was sent, once it is."""
    found = _visit_or_404(request, pk)
    form = VisitForm(*given(request), user=actor_of(request), initial={"key": uuid4(), "visited_on": write_day(today())})
    if form.is_valid():
        try:
            _send(form, pk)
        except NotAllowed as refused:
            raise Http404 from refused
        except DomainError as refused:
            form.refuse(refused)
        else:
            if request.headers.get("X-Visit"):
                return JsonResponse({"sent": True})
            messages.success(request, "Đã gửi kết quả khảo sát.")
            return redirect("recognition:visit", pk=pk)
    if form.error and not request.headers.get("X-Visit"):
        _keep_photos(form, found)
    if form.error and request.headers.get("X-Visit"):
        return JsonResponse({"error": form.error}, status=409)
    round_ = found.dossier.round
    assert round_ is not None
    context = head(
        round_,
        visit=found,
        dossier=found.dossier,
        registration=found.dossier.registration,
        key=form["key"].value() or uuid4(),
        checks=form.lines(reads.claims_of(found.dossier)),
        verdicts=VisitVerdict.choices,
        errors=form.faults,
        typed=form.data,
        day=form["visited_on"].value(),
        photos=reads.photos_of(found),
        done=reads.checks_of(found),
    )
    return render(request, "recognition/visit.html", context, status=409 if form.error else 200)


def _send(form: VisitForm, pk: int) -> None:
    """Send the findings, then the photos: all are looked at first, since a visit that is sent is not opened again."""
    photos = form.cleaned_data["photos"]
    for file in photos:
        check_photo(file)
    services.remove_visit_photos(visit_id=pk, keys=form.cleaned_data["dropped"], actor=form.user)
    services.send_visit(visit_id=pk, key=form.cleaned_data["key"], findings=form.findings(), actor=form.user)
    for file in photos:
        services.add_visit_photo(visit_id=pk, key=uuid4(), file=file, actor=form.user)


def _keep_photos(form: VisitForm, visit: SiteVisit) -> None:
    """Keep the photos of findings that are refused: a browser without scripts sends them along, and only once."""
    if visit.sent_at:
        return
    for file in form.cleaned_data.get("photos", ()):
        try:
            services.add_visit_photo(visit_id=visit.pk, key=uuid4(), file=file, actor=form.user)
        except NotAllowed as refused:
            raise Http404 from refused
        except DomainError as refused:
            if str(refused) not in form.refusals:
                form.add_error(None, str(refused))


@by_post("recognition:visit", "pk")
def add_photo(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One photo, by the key that the telephone gave it."""
    _visit_or_404(request, pk)
    form = VisitSenderForm(*given(request), user=actor_of(request))
    if not form.is_valid():
        return JsonResponse({"error": form.error}, status=409)
    photos = form.cleaned_data["photos"]
    if not photos:
        return JsonResponse({"error": "Chưa chọn ảnh nào."}, status=409)
    try:
        services.add_visit_photo(visit_id=pk, key=form.cleaned_data["key"], file=photos[-1], actor=actor_of(request))
    except NotAllowed as error:
        raise Http404 from error
    except DomainError as error:
        return JsonResponse({"error": str(error)}, status=409)
    return JsonResponse({"sent": True})


@require_safe
def photo(request: HttpRequest, pk: int, key: UUID) -> HttpResponseBase:
    """A photo of a visit, to whom its dossier is visible."""
    found = reads.photo_of(request.user, pk, key)
    if found is None:
        raise Http404
    with found.file.open("rb") as file:
        response = HttpResponse(file.read(), content_type="image/webp")
    response["Cache-Control"] = "private, max-age=3600"
    return response
