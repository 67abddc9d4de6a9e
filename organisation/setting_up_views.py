"""Setting up a portal: the steps and where they stand, the levels of the province. HTTP only."""

from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from common.dates import today
from common.exceptions import DomainError
from common.form_errors import labelled
from organisation.forms import TIERS, NewAccountForm, TiersForm
from organisation.permissions import can_administer
from organisation.reauthentication import own_password_first
from organisation.requests import OfficerRequest
from organisation.selectors.units import unit_keyed
from organisation.services import open_account_in_unit, set_up_levels
from organisation.setting_up import level_lines, steps_of, unit_choices


@require_safe
def home(request: OfficerRequest) -> HttpResponseBase:
    """The steps in their order; the first that is to be done has the button."""
    if not can_administer(request.user):
        raise Http404
    steps = steps_of(request.user)
    needed = [step for step in steps if not step.may_wait]
    following = next((step for step in needed if not step.is_done), None)
    context = {"steps": steps, "following": following, "done": sum(step.is_done for step in needed), "needed": len(needed)}
    return render(request, "organisation/setting_up.html", context)


@require_http_methods(["GET", "POST"])
def levels(request: OfficerRequest) -> HttpResponseBase:
    """The levels that there are, and the usual ones to be made at once."""
    if not can_administer(request.user):
        raise Http404
    form = TiersForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        made = set_up_levels(tiers=form.cleaned_data["tiers"], actor=request.user)
        messages.success(request, f"Đã lập {made} cấp." if made else "Các cấp ấy đã có sẵn; không có gì thay đổi.")
        return redirect("setting-up:levels")
    context = {"lines": level_lines(), "tiers": TIERS, "errors": [("so-cap-2", words) for words in form.refusals]}
    return render(request, "organisation/levels.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def account(request: OfficerRequest) -> HttpResponseBase:
    """An account with its first role."""
    if not can_administer(request.user):
        raise Http404
    return _account(request)


@own_password_first
def _account(request: OfficerRequest) -> HttpResponseBase:
    form = NewAccountForm(request.POST if request.method == "POST" else None, units=unit_choices(today()))
    if request.method == "POST" and form.is_valid():
        unit = unit_keyed(form.cleaned_data["unit"])
        assert unit is not None  # the form offers units by their keys
        try:
            user, waits = open_account_in_unit(person=form.person, role=form.cleaned_data["role"], unit=unit, actor=request.user)
        except DomainError as refused:
            form.add_error("username", str(refused))
        else:
            more = " Vai trò chờ người thứ hai xác nhận rồi mới có hiệu lực." if waits else ""
            messages.success(request, f"Đã mở tài khoản {user.username} cho {user}.{more}")
            return redirect("setting-up:home")
    context = {"form": form, "errors": labelled(form)}
    return render(request, "organisation/new_account.html", context, status=422 if form.errors else 200)
