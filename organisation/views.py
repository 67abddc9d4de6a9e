"""What administrators did and a second person confirms: the list, and one role or password. HTTP only."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from common.exceptions import DomainError
from common.forms import pressed
from organisation.forms import MoveForm, ReasonForm
from organisation.permissions import can_administer
from organisation.reauthentication import own_password_first
from organisation.requests import OfficerRequest
from organisation.selectors.confirming import WaitingLine, may_confirm, waiting_for
from organisation.selectors.ended import accounts_to_move
from organisation.services import confirm_password, confirm_role, move_accounts, refuse_password, refuse_role

PAGE = 50


@require_safe
def waiting(request: OfficerRequest) -> HttpResponseBase:
    if not may_confirm(request.user):
        raise Http404
    page = Paginator(waiting_for(request.user), PAGE).get_page(request.GET.get("trang"))
    links = [(number, f"?trang={number}") for number in page.paginator.page_range]
    return render(request, "organisation/waiting.html", {"page": page, "links": links})


@require_http_methods(["GET", "POST"])
def moving(request: OfficerRequest) -> HttpResponseBase:
    """Accounts of units that ended, each with its heir: which to move, a look at the list, then the moving."""
    if not can_administer(request.user):
        raise Http404
    return _move(request)


@own_password_first
def _move(request: OfficerRequest) -> HttpResponseBase:
    moves = accounts_to_move()
    form = MoveForm(request.POST if request.method == "POST" else None, moves=moves)
    if form.is_valid():
        going = form.going()
        if form.cleaned_data["viec"] != "chuyen":
            return render(request, "organisation/moving_last_look.html", {"going": going})
        wanted = {(move.user.pk, move.unit.unit_id): heir.unit_id for move, heir in going}
        moved, waiting = move_accounts(wanted=wanted, actor=request.user)
        said = f"Đã chuyển {moved} tài khoản." + (f" {waiting} vai trò chờ người thứ hai xác nhận." if waiting else "")
        messages.success(request, said)
        return redirect("move-accounts")
    page = Paginator(moves, PAGE).get_page(request.GET.get("trang"))
    links = [(number, f"?trang={number}") for number in page.paginator.page_range]
    rows = [(move, form.is_chosen(move), form.field_of(move)) for move in page]
    errors = [
        ("" if name in ("chon", "__all__") else f"id_{name}", words) for name, told in form.errors.items() for words in told
    ]
    context = {"page": page, "links": links, "errors": errors, "rows": rows}
    return render(request, "organisation/moving.html", context, status=422 if errors else 200)


@require_http_methods(["GET", "POST"])
def role(request: OfficerRequest, pk: int) -> HttpResponseBase:
    line = next((line for line in waiting_for(request.user) if line.role == pk), None)
    return _decide(request, line, confirm=(confirm_role, refuse_role), membership_id=pk)


@require_http_methods(["GET", "POST"])
def password(request: OfficerRequest, pk: int) -> HttpResponseBase:
    line = next((line for line in waiting_for(request.user) if line.role is None and line.holder.pk == pk), None)
    return _decide(request, line, confirm=(confirm_password, refuse_password), user_id=pk)


def _decide(request: OfficerRequest, line: WaitingLine | None, **given: Any) -> HttpResponseBase:
    if line is None:
        raise Http404
    return _confirm_or_refuse(request, line, **given)


@own_password_first
def _confirm_or_refuse(request: OfficerRequest, line: WaitingLine, *, confirm: Any, **given: int) -> HttpResponseBase:
    form = ReasonForm(request.POST)
    reason, error = form.cleaned_data["reason"] if form.is_valid() else "", ""
    refuses = pressed(request) == "tu-choi"
    if request.method == "POST":
        yes, no = confirm
        try:
            if refuses:
                no(reason=reason, actor=request.user, **given)
            else:
                yes(actor=request.user, **given)
        except DomainError as refused:
            error = str(refused)
        else:
            messages.success(request, f"Đã {'từ chối' if refuses else 'xác nhận'} {line.what} của {line.holder}.")
            return redirect("organisation:waiting")
    context = {"line": line, "reason": reason, "error": error, "lacks_reason": refuses and not reason}
    return render(request, "organisation/waiting_one.html", context, status=422 if error else 200)
