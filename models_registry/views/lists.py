"""Small lists that officers keep: themes of the period, extensions of a season. HTTP only."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from common.exceptions import DomainError, NotAllowed
from common.forms import pressed
from models_registry import selectors, services
from models_registry.forms import ExtensionForm, NewThemeForm, ThemeFormSet
from models_registry.permissions import acting_day, can_extend
from models_registry.small_forms import TakeBackForm
from models_registry.views.common import PAGE, given, labelled, page_links, season_or_404
from organisation.permissions import can_edit_themes
from organisation.requests import OfficerRequest
from organisation.selectors.units import extendable_units, versions_on


@require_http_methods(["GET", "POST"])
def themes(request: OfficerRequest) -> HttpResponseBase:
    if not can_edit_themes(request.user):
        raise Http404
    season = selectors.working_season(request.user)
    if season is None:
        raise Http404
    is_new = pressed(request, "them") == "them"
    formset = ThemeFormSet(None if is_new else given(request)[0], queryset=selectors.themes(season.period))
    form = NewThemeForm(request.POST if is_new else None)
    if is_new and form.is_valid():
        try:
            services.add_theme(period_id=season.period_id, actor=request.user, **form.cleaned_data)
        except DomainError as error:
            form.add_error("label", str(error))
        else:
            messages.success(request, "Đã thêm chủ đề.")
            return redirect("models_registry:themes")
    elif request.method == "POST" and not is_new and formset.is_valid():
        labels = {form.instance.pk: form.cleaned_data["label"] for form in formset.initial_forms}
        changed = services.name_themes(period_id=season.period_id, labels=labels, actor=request.user)
        messages.success(request, f"Đã lưu {changed} chủ đề." if changed else "Không có gì thay đổi.")
        return redirect("models_registry:themes")
    errors = [("", str(words)) for words in formset.non_form_errors()] if formset.is_bound else []
    errors += [fault for one in (form, *formset) for fault in labelled(one)]
    context = {"formset": formset, "form": form, "season": season, "errors": errors}
    return render(request, "work/themes.html", context, status=422 if request.method == "POST" else 200)


@require_http_methods(["GET", "POST"])
def extensions(request: OfficerRequest, year: int) -> HttpResponseBase:
    """More time for one unit: who has it, until when, why; and granting it."""
    season = season_or_404(year)
    if not can_extend(request.user):
        raise Http404
    back = TakeBackForm(request.POST)
    if back.is_valid() and back.cleaned_data["extension"]:
        one = get_object_or_404(selectors.extensions(request.user, season), pk=back.cleaned_data["extension"])
        try:
            services.take_back_extension(extension_id=one.pk, actor=request.user)
        except NotAllowed as error:
            raise Http404 from error
        messages.success(request, "Đã bỏ gia hạn này. Hạn của đơn vị trở lại như trước khi gia hạn.")
        return redirect("models_registry:extensions", year=year)
    units = extendable_units(request.user, acting_day(season))
    form = ExtensionForm(*given(request), units=units, initial={"unit": request.GET.get("don-vi", "")})
    if request.method == "POST" and form.is_valid():
        unit = next(version.unit for version in units if version.unit.key == form.cleaned_data["unit"])
        try:
            services.grant_extension(
                season_id=season.pk,
                unit=unit,
                until=form.cleaned_data["until"],
                reason=form.cleaned_data["reason"],
                actor=request.user,
            )
        except DomainError as error:
            form.add_error("until", str(error))
        else:
            messages.success(request, "Đã gia hạn.")
            return redirect("models_registry:extensions", year=year)
    page = Paginator(selectors.extensions(request.user, season), PAGE).get_page(request.GET.get("trang"))
    names = versions_on([one.unit_id for one in page], acting_day(season)) if page else {}
    below = {version.unit_id for version in units}
    context = {
        "season": season,
        "form": form,
        "granted": [(one, names[one.unit_id].name, not one.taken_back_at and one.unit_id in below) for one in page],
        "page": page,
        "links": page_links(page, {}),
        "errors": labelled(form),
    }
    return render(request, "work/extensions.html", context, status=422 if form.errors else 200)
