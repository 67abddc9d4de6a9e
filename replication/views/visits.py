"""Study visits: asking, answering, telling; photos; the calendar. HTTP only."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from common.dates import today, write_day
from common.exceptions import DomainError, FileRefused, NotAllowed
from common.forms import pressed
from common.numbers import write_number
from models_registry.models import EmulationModel
from models_registry.selectors import models_visible_to
from models_registry.views.common import given, labelled, page_links
from organisation.models import Unit
from organisation.permissions import units_where
from organisation.requests import OfficerRequest
from organisation.roles import May
from replication import services
from replication.enums import VisitAction, VisitState
from replication.exports.visits import write_calendar
from replication.forms import (
    PhotoForm,
    Typed,
    VisitAnswerForm,
    VisitedForm,
    VisitRecordForm,
    VisitRequestForm,
    VisitToldForm,
    WhyForm,
)
from replication.models import Adoption, StudyPhoto, StudyVisit
from replication.permissions import can_record, can_see_visit_inside
from replication.selectors import visits as reads
from replication.selectors.adoptions import adoptions_visible_to, writing_units
from replication.selectors.lines import home_of
from replication.services import VisitAnswered, VisitAsked, VisitTold
from replication.transitions import visit_actions
from replication.validators import ReplicationRefused

PAGE = 50
CALENDAR_MOST = 500


@require_safe
def home(request: OfficerRequest) -> HttpResponseBase:
    """The visits to and of one's units."""
    state = request.GET.get("tt", "")
    asked = {"tt": state if state in VisitState.values else ""}
    page = Paginator(reads.listed(request.user, asked["tt"]), PAGE).get_page(request.GET.get("trang"))
    context = {
        "page": page,
        "links": page_links(page, asked),
        "asked": asked,
        "states": VisitState.choices,
        "may_ask": bool(writing_units(request.user)),
        "may_suggest": bool(units_where(request.user, May.SEE_BOARD)),
    }
    return render(request, "replication/visits.html", context)


@require_safe
def calendar(request: OfficerRequest) -> HttpResponseBase:
    """All of one's visits, past ones of late too, for a calendar."""
    return _ics(write_calendar(reads.in_calendar(request.user)[:CALENDAR_MOST]), "tham-quan")


def _ics(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return response


def _whom(request: OfficerRequest) -> tuple[EmulationModel, Adoption | None]:
    """(the model, the adopter to be visited or None) that the address names."""
    form = VisitedForm(request.POST if request.method == "POST" else request.GET)
    if not form.is_valid():
        raise Http404
    place, slug = form.cleaned_data["at"], form.cleaned_data["slug"][:150]
    at = get_object_or_404(adoptions_visible_to(request.user), pk=place) if place else None
    if at and not slug:
        return at.origin, at
    return get_object_or_404(models_visible_to(request.user), slug=slug), at


@require_http_methods(["GET", "POST"])
def ask(request: OfficerRequest) -> HttpResponseBase:
    """Ask to come and learn a model where it is done."""
    return _begin(request, VisitRequestForm, "replication/visit_ask.html", _asked)


@require_http_methods(["GET", "POST"])
def record(request: OfficerRequest) -> HttpResponseBase:
    """Write down a visit that was made already."""
    return _begin(request, VisitRecordForm, "replication/visit_record.html", _recorded)


def _begin(request: OfficerRequest, kind: Any, template: str, act: Any) -> HttpResponseBase:
    units = writing_units(request.user)
    if not units:
        raise Http404
    model, at = _whom(request)
    form = kind(*given(request), units=units, initial={"unit": request.GET.get("don-vi", "")})
    if request.method == "POST" and form.is_valid():
        chosen = next((one.unit for one in units if one.unit.key == form.cleaned_data["unit"]), None)
        if chosen is None:
            form.add_error("unit", "Chọn đơn vị đến học.")
        else:
            try:
                made = act(request, form, model, at, chosen)
            except ReplicationRefused as refused:
                form.refuse(refused)
            except NotAllowed as refused:
                raise Http404 from refused
            except DomainError as refused:
                form.add_error(None, str(refused))
            else:
                return redirect("replication:visit", pk=made.pk)
    where = str(at) if at else home_of(model)[1]
    context = {"form": form, "model": model, "at": at, "where": where, "errors": labelled(form)}
    return render(request, template, context, status=422 if form.errors else 200)


def _asked(request: OfficerRequest, form: Typed, model: EmulationModel, at: Adoption | None, unit: Unit) -> StudyVisit:
    typed = VisitAsked(**form.texts("wanted_on", "people", "purpose", "contact"))
    made, is_new = services.ask_visit(
        model_id=model.pk, visitor=unit, typed=typed, at_id=at.pk if at else None, actor=request.user
    )
    said = f"Đã gửi lời xin đến học; {made.host_name} được báo." if is_new else "Đã xin từ trước; đây là trang của chuyến ấy."
    messages.success(request, said)
    return made


def _recorded(request: OfficerRequest, form: Typed, model: EmulationModel, at: Adoption | None, unit: Unit) -> StudyVisit:
    typed = VisitTold(**form.texts("visited_on", "people", "party", "learned"))
    made = services.record_visit(model_id=model.pk, visitor=unit, typed=typed, at_id=at.pk if at else None, actor=request.user)
    messages.success(request, "Đã ghi chuyến tham quan. Thêm ảnh ở dưới, nếu có.")
    return made


def _visit_or_404(request: OfficerRequest, pk: int) -> StudyVisit:
    return get_object_or_404(reads.visits_visible_to(request.user), pk=pk)


_FORMS = {"hen": VisitAnswerForm, "tu-choi": WhyForm, "thoi": WhyForm, "ghi": VisitToldForm}


@dataclass(frozen=True)
class VisitPage:
    """A study visit: what was asked, answered, learned, and what this reader may do next."""

    visit: StudyVisit
    who_came: str
    forms: dict[str, Any]
    """button -> the form that it sends"""
    acted: str
    """The button that was pressed."""
    inside: bool
    may_agree: bool
    may_cancel: bool
    may_tell: bool
    due: bool
    """Whether the day that was agreed on has come."""
    may_photo: bool
    may_adopt: bool
    photos: Iterable[StudyPhoto]
    adoptions: Iterable[Adoption]


@require_http_methods(["GET", "POST"])
def visit(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """One visit: what was asked, answered, learned; each side's next step."""
    found = _visit_or_404(request, pk)
    hosts, visits = can_record(request.user, found.host), can_record(request.user, found.visitor)
    forms = _fresh(found)
    what, refusals, status = pressed(request), list[tuple[str, str]](), 200
    if request.method == "POST":
        if not (hosts or visits):
            raise Http404
        if what in _FORMS:
            forms[what] = _FORMS[what](request.POST)
            forms[what].is_valid()
        try:
            return _act(request, found, what, forms)
        except ReplicationRefused as refused:
            forms[what].refuse(refused)
            status = 422
        except NotAllowed as refused:
            raise Http404 from refused
        except DomainError as refused:
            refusals, status = [("anh" if refused.field else "", str(refused))], 409
            found = _visit_or_404(request, pk)
    actions = visit_actions(found.state)
    page = VisitPage(
        visit=found,
        who_came=_who_came(request, found),
        forms=forms,
        acted=what,
        inside=can_see_visit_inside(request.user, found),
        may_agree=hosts and VisitAction.AGREE in actions,
        may_cancel=visits and VisitAction.CANCEL in actions,
        may_tell=visits and VisitAction.TELL in actions,
        due=found.state == VisitState.AGREED and found.planned_on is not None and found.planned_on <= today(),
        may_photo=(hosts or visits) and found.state == VisitState.DONE,
        may_adopt=visits and found.state == VisitState.DONE,
        photos=reads.photos_of(found),
        adoptions=reads.adoptions_after(found),
    )
    context = {"page": page, "errors": refusals + (labelled(forms[what]) if what in forms else [])}
    return render(request, "replication/visit.html", context, status=status)


def _who_came(request: OfficerRequest, found: StudyVisit) -> str:
    """The end of the sentence that says when the visitors came."""
    people = f", {write_number(found.people)} người" if found.people else ""
    party = f": {found.party}" if found.party and can_see_visit_inside(request.user, found) else ""
    return f"{people}{party}."


def _fresh(found: StudyVisit) -> dict[str, Any]:
    day = found.planned_on or found.wanted_on
    answer = {
        "planned_on": write_day(day) if day >= today() else "",
        "planned_at": f"{found.planned_at:%H:%M}" if found.planned_at else "",
        "meeting_place": found.meeting_place,
        "answer": found.answer,
    }
    told = {
        "visited_on": write_day(found.visited_on or min(day, today())),
        "people": found.people or "",
        "party": found.party,
        "learned": found.learned,
    }
    return {
        "hen": VisitAnswerForm(initial=answer),
        "tu-choi": WhyForm(prefix=None),
        "thoi": WhyForm(prefix=None),
        "ghi": VisitToldForm(initial=told),
    }


def _act(request: OfficerRequest, found: StudyVisit, what: str, forms: dict[str, Any]) -> HttpResponseBase:
    ids: dict[str, Any] = {"visit_id": found.pk, "actor": request.user}
    form: Any = forms.get(what)
    if what == "hen":
        services.agree_visit(typed=VisitAnswered(**form.texts("planned_on", "planned_at", "meeting_place", "answer")), **ids)
        messages.success(request, f"Đã hẹn; {found.visitor_name} được báo.")
    elif what == "tu-choi":
        services.decline_visit(why=form.texts("why")["why"], **ids)
        messages.success(request, f"Đã trả lời; {found.visitor_name} được báo.")
    elif what == "thoi":
        services.cancel_visit(why=form.texts("why")["why"], **ids)
        messages.success(request, f"Đã thôi chuyến này; {found.host_name} được báo.")
    elif what == "ghi":
        services.tell_visit(typed=VisitTold(**form.texts("visited_on", "people", "party", "learned")), **ids)
        messages.success(request, "Đã ghi. Thêm ảnh ở dưới, nếu có.")
    elif what == "anh":
        files = request.FILES.getlist("anh")
        if not files:
            raise DomainError("Chưa chọn ảnh nào.", field="photos")
        refused = []
        for file in files:  # one that is refused keeps no other out: a browser sends them once
            try:
                services.add_study_photo(file=file, **ids)
            except FileRefused as error:
                refused.append(str(error))
        if refused:
            raise DomainError(" ".join([f"Đã thêm {len(files) - len(refused)} ảnh.", *refused]), field="photos")
        messages.success(request, f"Đã thêm {len(files)} ảnh.")
    elif what == "xoa-anh":
        chosen = PhotoForm(request.POST)
        if not chosen.is_valid():
            raise Http404
        services.remove_study_photo(photo_id=chosen.cleaned_data["photo"], **ids)
        messages.success(request, "Đã xóa ảnh.")
    else:
        raise Http404
    return redirect("replication:visit", pk=found.pk)


@require_safe
def one_calendar(request: OfficerRequest, pk: int) -> HttpResponseBase:
    return _ics(write_calendar([_visit_or_404(request, pk)]), f"tham-quan-{pk}")


@require_safe
def photo(request: OfficerRequest, pk: int, photo: UUID) -> HttpResponseBase:
    """A photo, to those who see the visit."""
    one = get_object_or_404(_visit_or_404(request, pk).photos, pk=photo)
    response = FileResponse(one.file.open("rb"), content_type="image/webp")
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
