"""What helps to learn a model: suggestions for a unit, the sheet on how to copy it. HTTP only."""

from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from common.dates import today
from common.exceptions import NotAllowed
from models_registry.selectors import fields as all_fields
from models_registry.selectors import models_visible_to
from models_registry.views.common import given, labelled
from organisation.grouping import unit_choices
from organisation.requests import OfficerRequest
from replication import services
from replication.forms import HowToForm, RevisionForm
from replication.permissions import can_write_how_to
from replication.selectors.adoptions import seen_units, writing_units
from replication.selectors.how_to import PARTS, sheet_of
from replication.selectors.suggestions import suggestions_for
from replication.services import StaleHowTo
from replication.validators import ReplicationRefused


@require_safe
def suggestions(request: OfficerRequest) -> HttpResponseBase:
    """Models that would suit one of the user's units, each with its reasons."""
    units = seen_units(request.user)
    if not units:
        raise Http404
    key, slug = request.GET.get("don-vi", ""), request.GET.get("linh-vuc", "")
    unit = next((one for one in units if one.unit.key == key), None) if key else units[0]
    fields = list(all_fields())
    field = next((one for one in fields if one.slug == slug), None) if slug else None
    if unit is None or (slug and field is None):
        raise Http404
    found, profile = suggestions_for(unit, today(), field)
    context = {
        "unit": unit,
        "units": unit_choices(units),
        "fields": fields,
        "field": field,
        "found": found,
        "profile": profile,
        "may_record": any(one.unit_id == unit.unit_id for one in writing_units(request.user)),
    }
    return render(request, "replication/suggestions.html", context)


@require_http_methods(["GET", "POST"])
def how_to(request: OfficerRequest, slug: str) -> HttpResponseBase:
    """Write how to copy a model."""
    model = get_object_or_404(models_visible_to(request.user), slug=slug)
    if not can_write_how_to(request.user, model):
        raise Http404
    sheet = sheet_of(model)
    initial = {part.name: words for part, words in sheet.parts}
    form = HowToForm(*given(request), initial=initial)
    theirs, seen, status = None, sheet.revision, 200
    if request.method == "POST" and form.is_valid():
        revision = RevisionForm(request.POST)
        seen = revision.cleaned_data["seen"] if revision.is_valid() else -1
        try:
            services.save_how_to(
                model_id=model.pk, texts=form.texts(*(part.name for part in PARTS)), seen=seen, actor=request.user
            )
        except ReplicationRefused as refused:
            form.refuse(refused)
            status = 422
        except StaleHowTo as refused:
            form.add_error(None, str(refused))
            theirs = [(part, getattr(refused.current, part.name)) for part in PARTS]
            seen, status = refused.current.revision, 409
        except NotAllowed as refused:
            raise Http404 from refused
        else:
            messages.success(request, "Đã lưu cách làm theo; trang và tờ A4 đã đổi.")
            return redirect("portal:how-to", slug=model.slug)
    context = {"form": form, "model": model, "seen": seen, "theirs": theirs, "errors": labelled(form)}
    return render(request, "replication/how_to.html", context, status=status)
