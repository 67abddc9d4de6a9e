"""What is asked about on a page of its own before it is done to a registration: withdrawing, reopening, throwing a draft away. HTTP only."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from common.exceptions import DomainError
from common.text import quoted
from models_registry import services
from models_registry.enums import Action, State
from models_registry.models.thrown import DRAFT_KEPT
from models_registry.permissions import can_check, can_write
from models_registry.selectors.scope import thrown_visible_to
from models_registry.small_forms import BinForm, ReasonForm
from models_registry.transitions import can_happen
from models_registry.views.common import PAGE, given, page_links
from models_registry.views.sheets import registration_or_404
from organisation.requests import OfficerRequest

CONFIRM = {  # what a page of its own asks before it is done: heading, what will happen, label of the reason, button, and afterwards
    Action.WITHDRAW: (
        "Rút đăng ký",
        "Đăng ký thôi tính vào số liệu từ hôm nay, vẫn còn trong lịch sử. Rút nhầm thì đơn vị xét đăng ký mở lại được.",
        "Lý do rút",
        "Rút đăng ký",
        "Đã rút đăng ký",
    ),
    Action.REOPEN: (
        "Mở lại để sửa",
        "Đơn vị được sửa và gửi lại. Trong lúc ấy sổ và trang công khai giữ bản đã nhận.",
        "Lý do mở lại",
        "Mở lại",
        "Đã mở lại để sửa:",
    ),
}


def _cannot(request: OfficerRequest, found: Any, what: str) -> HttpResponseBase:
    messages.warning(request, f"{what}: không làm được, đăng ký đang ở trạng thái “{found.get_state_display().lower()}”.")
    return redirect("models_registry:registration", pk=found.pk)


def _confirmed(request: OfficerRequest, pk: int, action: Action) -> HttpResponseBase:
    found = registration_or_404(request, pk)
    allowed = can_write if action == Action.WITHDRAW else can_check
    if not allowed(request.user, found):
        raise Http404
    if request.method == "GET" and not can_happen(found.state, action):
        return _cannot(request, found, CONFIRM[action][0])
    form = ReasonForm(given(request)[0])
    if form.is_valid():
        try:
            services.change_state(registration_id=pk, action=action, actor=request.user, note=form.cleaned_data["reason"])
        except DomainError as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"{CONFIRM[action][4]} {quoted(found.title)}.")
            return redirect("models_registry:registration", pk=pk)
    heading, what, label, button, _ = CONFIRM[action]
    context = {
        "registration": found,
        "season": found.season,
        "heading": heading,
        "what": what,
        "label": label,
        "button": button,
        "errors": form.faults,
        "typed": form["reason"].value() or "",
    }
    return render(request, "work/confirm.html", context, status=422 if form.faults else 200)


@require_http_methods(["GET", "POST"])
def withdraw(request: OfficerRequest, pk: int) -> HttpResponseBase:
    return _confirmed(request, pk, Action.WITHDRAW)


@require_http_methods(["GET", "POST"])
def reopen(request: OfficerRequest, pk: int) -> HttpResponseBase:
    return _confirmed(request, pk, Action.REOPEN)


@require_http_methods(["GET", "POST"])
def discard(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """Throw a draft away, after a page that says so."""
    found = registration_or_404(request, pk)
    if not can_write(request.user, found):
        raise Http404
    if request.method == "GET" and found.state != State.DRAFT:
        return _cannot(request, found, "Xóa bản nháp")
    errors = []
    if request.method == "POST":
        try:
            services.discard_draft(registration_id=pk, actor=request.user)
        except DomainError as refused:
            errors = [("", str(refused))]
        else:
            messages.success(request, f"Đã bỏ {quoted(found)} vào thùng rác.")
            return redirect("models_registry:bin")
    context = {
        "registration": found,
        "season": found.season,
        "heading": "Xóa bản nháp",
        "what": f"Bản nháp cùng ảnh, tệp vào thùng rác. Trong {DRAFT_KEPT.days} ngày lấy lại được, sau đó mất hẳn.",
        "label": "",
        "button": "Xóa bản nháp",
        "errors": errors,
    }
    return render(request, "work/confirm.html", context, status=422 if errors else 200)


@require_http_methods(["GET", "POST"])
def thrown(request: OfficerRequest) -> HttpResponseBase:
    """The bin: drafts that were thrown away, until when each can be taken back; taking one back."""
    mine = thrown_visible_to(request.user)
    if request.method == "POST":
        form = BinForm(request.POST)
        found = get_object_or_404(mine, pk=form.cleaned_data["draft"] if form.is_valid() else None)
        try:
            restored = services.restore_draft(draft_id=found.pk, actor=request.user)
        except DomainError as error:
            messages.error(request, str(error))
            return redirect("models_registry:bin")
        messages.success(request, f"Đã lấy lại {quoted(restored)}.")
        return redirect("models_registry:registration", pk=restored.pk)
    page = Paginator(mine, PAGE).get_page(request.GET.get("trang"))
    context = {"page": page, "links": page_links(page, {}), "days": DRAFT_KEPT.days}
    return render(request, "work/bin.html", context)
