"""Adoptions: writing one down, its page with what was counted, its unit's own registration. HTTP only."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from common.dates import today, write_day
from common.exceptions import DomainError, FileRefused, NotAllowed
from common.files import receive
from common.forms import pressed
from common.numbers import write_number
from common.responses import sent_file
from models_registry.models import EmulationModel, Registration
from models_registry.selectors import models_visible_to, working_season
from models_registry.views.common import given, labelled, page_links
from organisation.permissions import units_where
from organisation.requests import OfficerRequest
from organisation.roles import May
from replication import services
from replication.enums import CampaignState, Method
from replication.forms import AdoptedForm, AdoptionForm, EndForm, OutputForm, TieForm
from replication.models import Adoption, AdoptionOutput, ReplicationCampaign, StudyVisit
from replication.permissions import can_record, can_see_inside
from replication.selectors import adoptions as reads
from replication.selectors.campaigns import campaigns_visible_to, running_of
from replication.selectors.visits import visits_made
from replication.validators import ReplicationRefused

PAGE = 50


@require_safe
def own(request: OfficerRequest) -> HttpResponseBase:
    """What one's own units, and those below them, took on."""
    page = Paginator(reads.own_adoptions(request.user), PAGE).get_page(request.GET.get("trang"))
    context = {
        "page": page,
        "links": page_links(page, {}),
        "may_record": bool(reads.writing_units(request.user)),
        "may_suggest": bool(units_where(request.user, May.SEE_BOARD)),
    }
    return render(request, "replication/own.html", context)


def _asked(
    request: OfficerRequest,
) -> tuple[EmulationModel, ReplicationCampaign | None, Adoption | None, StudyVisit | None]:
    """(the model, the campaign or None, whom it is learned from or None, the visit or None) that the address names."""
    form = AdoptedForm(request.POST if request.method == "POST" else request.GET)
    if not form.is_valid():
        raise Http404
    asked = form.cleaned_data
    campaign = get_object_or_404(campaigns_visible_to(request.user), pk=asked["campaign"]) if asked["campaign"] else None
    parent = get_object_or_404(reads.adoptions_visible_to(request.user), pk=asked["parent"]) if asked["parent"] else None
    visit = get_object_or_404(visits_made(request.user), pk=asked["visit"]) if asked["visit"] else None
    if visit:
        return visit.model, campaign, parent or visit.at, visit
    if slug := asked["slug"][:150]:
        model = get_object_or_404(models_visible_to(request.user), slug=slug)
    elif parent or campaign:
        model = parent.origin if parent else campaign.source  # type: ignore[union-attr]
    else:
        raise Http404
    return model, campaign, parent, None


@require_http_methods(["GET", "POST"])
def record(request: OfficerRequest) -> HttpResponseBase:
    """A unit takes a model on: in a campaign or on its own, from the model's own place or from another that had."""
    units = reads.writing_units(request.user)
    if not units:
        raise Http404
    model, campaign, parent, visit = _asked(request)
    offered = running_of(request.user, model) if campaign is None else []
    method = Method.VISIT if visit else Method.DIRECTIVE if campaign else ""
    unit_key = visit.visitor.key if visit else request.GET.get("don-vi", "")
    initial = {"adopted_on": write_day(today()), "method": method, "unit": unit_key}
    form = AdoptionForm(*given(request), units=units, initial=initial)
    if request.method == "POST" and form.is_valid():
        chosen = next((one.unit for one in units if one.unit.key == form.cleaned_data["unit"]), None)
        if chosen is None:
            form.add_error("unit", "Chọn đơn vị làm theo.")
        else:
            try:
                made, is_new = services.record_adoption(
                    model_id=model.pk,
                    unit=chosen,
                    typed=form.adoption(parent=parent, campaign=campaign, visit=visit),
                    actor=request.user,
                )
            except ReplicationRefused as refused:
                form.refuse(refused)
            except NotAllowed as refused:
                raise Http404 from refused
            except DomainError as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(
                    request,
                    "Đã ghi nơi làm. Ghi kết quả đếm được khi có."
                    if is_new
                    else "Nơi này đã được ghi từ trước; đây là trang của nó.",
                )
                return redirect("replication:adoption", pk=made.pk)
    context = {
        "form": form,
        "model": model,
        "campaign": campaign,
        "parent": parent,
        "visit": visit,
        "offered": offered,
        "errors": labelled(form),
    }
    return render(request, "replication/record.html", context, status=422 if form.errors else 200)


def _adoption_or_404(request: OfficerRequest, pk: int) -> Adoption:
    return get_object_or_404(reads.adoptions_visible_to(request.user), pk=pk)


@dataclass(frozen=True)
class AdoptionPage:
    """An adopter: what was counted there, whom it taught, and what this reader may write down."""

    adoption: Adoption
    outputs: Iterable[AdoptionOutput]
    form: OutputForm
    end_form: EndForm
    is_ending: bool
    may_write: bool
    inside: bool
    """Whether names, sources and reasons are shown."""
    learn_url: str
    children: Iterable[Adoption]
    may_register: bool
    tieable: list[Registration]
    """The unit's own registrations of the model, any of which may be this one."""


@require_http_methods(["GET", "POST"])
def adoption(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """One adopter: what was counted day by day, its own registration, whom it taught; writing all that down."""
    found = _adoption_or_404(request, pk)
    may_write = can_record(request.user, found.unit)
    forms: dict[str, Any] = {"ket-qua": OutputForm(user=request.user), "thoi": EndForm()}
    refusals, status, what = list[tuple[str, str]](), 200, pressed(request)
    if request.method == "POST":
        if not may_write:
            raise Http404
        if what == "ket-qua":
            forms[what] = OutputForm(request.POST, request.FILES, user=request.user)
        elif what == "thoi":
            forms[what] = EndForm(request.POST)
        try:
            return _act(request, found, what, forms)
        except ReplicationRefused as refused:
            forms[what].refuse(refused)
            status = 422
        except FileRefused as refused:
            forms[what].refuse_all(refused)
            status = 422
        except NotAllowed as refused:
            raise Http404 from refused
        except DomainError as refused:
            refusals, status = [("dang-ky" if refused.field else "", str(refused))], 409
            if what == "ket-qua":
                forms[what] = _seen_now(request, found)
        if what == "ket-qua":
            forms[what].keep_file(receive)
    else:
        forms["ket-qua"] = OutputForm(user=request.user, initial=_last(found) | {"as_of": write_day(today())})
    season = working_season(request.user)
    page = AdoptionPage(
        adoption=found,
        outputs=reads.outputs_of(found),
        form=forms["ket-qua"],
        end_form=forms["thoi"],
        is_ending=what == "thoi",
        may_write=may_write,
        inside=can_see_inside(request.user, found),
        learn_url=_learn_url(found),
        children=reads.children_of(found),
        may_register=may_write and not found.registration and not found.ended_on and season is not None,
        tieable=list(reads.tieable(request.user, found)[:10]) if may_write and not found.registration else [],
    )
    errors = refusals + labelled(forms["ket-qua"]) + labelled(forms["thoi"])
    context = {"page": page, "season": season, "errors": errors}
    return render(request, "replication/adoption.html", context, status=status)


def _learn_url(found: Adoption) -> str:
    """Where a place that learned from this one is written down: in the same campaign while it runs."""
    running = found.campaign if found.campaign and found.campaign.state == CampaignState.RUNNING else None
    asked = {"hoc-tu": found.pk} | ({"chien-dich": running.pk} if running else {})
    return f"{reverse('replication:record')}?{urlencode(asked)}"


def _last(found: Adoption) -> dict[str, str]:
    """What the unit, the campaign, or else the line counts: so that it need not be typed again."""
    counted = reads.counted_by(found)
    return {"what": counted.what, "counting_unit": counted.counting_unit} if counted else {}


def _seen_now(request: OfficerRequest, found: Adoption) -> OutputForm:
    """The form as it was typed, knowing the number that stands now: sent once more it takes that one's place."""
    form = OutputForm(request.POST, request.FILES, user=request.user)
    form.is_valid()
    there = services.standing_output(found, **form.texts("what", "counting_unit", "as_of"))
    typed = {name: form.data.get(name) for name in form.data}
    form.data = typed | {"seen": write_number(there.quantity) if there else ""}
    return form


def _act(request: OfficerRequest, found: Adoption, what: str, forms: dict[str, Any]) -> HttpResponseBase:
    ids: dict[str, Any] = {"adoption_id": found.pk, "actor": request.user}
    if what in forms:
        forms[what].is_valid()
    if what == "ket-qua":
        form = forms[what]
        made, before = services.record_output(typed=form.output(), file=form.sent, **ids)
        form.release_file()
        said = f", thay cho {before}" if before else ""
        messages.success(request, f"Đã ghi {made} đến ngày {write_day(made.as_of)}{said}.")
    elif what == "thoi":
        services.end_adoption(**forms[what].texts("ended_on", "why"), **ids)
        messages.success(request, "Đã ghi thôi làm. Các số đã ghi vẫn giữ.")
    elif what == "dang-ky":
        season = working_season(request.user)
        if season is None:
            raise DomainError("Chưa có năm thi đua nào đang mở.")
        made_row = services.register_adoption(season_id=season.pk, **ids)
        messages.success(request, "Đã lập bản nháp đăng ký duy trì, nhân rộng. Xem lại chín mục rồi gửi.")
        return redirect("models_registry:write", pk=made_row.pk)
    elif what == "noi":
        tie = TieForm(request.POST)
        if not tie.is_valid() or tie.cleaned_data["registration"] is None:
            raise DomainError("Chọn đăng ký để nối.", field="registration")
        services.link_registration(registration_id=tie.cleaned_data["registration"], **ids)
        messages.success(request, "Đã nối với đăng ký của đơn vị.")
    else:
        raise Http404
    return redirect("replication:adoption", pk=found.pk)


@require_safe
def evidence(request: OfficerRequest, pk: int, output: int) -> HttpResponseBase:
    """What proves a number: for the unit, those above it and the campaign's body."""
    found = _adoption_or_404(request, pk)
    if not can_see_inside(request.user, found):
        raise Http404
    one = get_object_or_404(found.outputs, pk=output)
    if not one.file:
        raise Http404
    return sent_file(one.file, one.file_name, one.file_type)
