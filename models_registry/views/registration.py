"""A registration's page and what is done to it: checking, withdrawing, reopening, outputs, themes. HTTP only."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from common.dates import today, write_day
from common.exceptions import DomainError, NotAllowed
from models_registry import selectors, services
from models_registry.boxes import BOXES
from models_registry.enums import Action, State
from models_registry.permissions import can_check, can_join, can_measure, can_write
from models_registry.selectors import board as boards
from models_registry.selectors import sheets, timeline
from models_registry.transitions import can_happen
from models_registry.views.common import PAGE, by_post, page_links, read_ids
from models_registry.views.sheets import registration_or_404

MEASURES, EVENTS = 12, 30  # shown at once on a registration's page


@require_safe
def registration(request: HttpRequest, pk: int) -> HttpResponseBase:
    found = registration_or_404(request, pk)
    services.note_opened(registration=found, reader=request.user)
    return registration_page(request, found)


def registration_page(request: HttpRequest, found: Any, *, status: int = 200, **more: Any) -> HttpResponseBase:
    return render(request, "work/registration.html", _context(request, found, **more), status=status)


def _context(request: HttpRequest, found: Any, **more: Any) -> dict[str, Any]:
    sheet = getattr(found, "sheet", None)
    shown = sheets.shown_answers(sheet, found)
    may_write, may_check = can_write(request.user, found), can_check(request.user, found)
    is_open = found.state != State.WITHDRAWN
    due = sheets.due_on(found) if found.is_editable else None
    tags = {tag.theme_id: tag for tag in found.theme_tags.all()}
    measures = Paginator(selectors.series_of(found).order_by("-as_of", "-pk"), MEASURES).get_page(request.GET.get("do"))
    events = Paginator(timeline.of_registration(found), EVENTS).get_page(request.GET.get("su"))
    newest, waited = next(iter(measures), None), sheets.waited_days(found.state_since)
    return {
        "registration": found,
        "heir": sheets.heir_name(found),
        "season": found.season,
        "boxes": [(box, [(one, shown[one.name]) for one in box.fields if shown.get(one.name)]) for box in BOXES] if sheet else [],
        "events": events,
        "event_links": page_links(events, {}, "su"),
        "returned": sheets.last_return(found) if found.state == State.RETURNED else None,
        "may_edit": may_write and found.is_editable,
        "may_check": may_check and can_happen(found.state, Action.ACCEPT),
        "may_reopen": may_check and can_happen(found.state, Action.REOPEN),
        "may_withdraw": may_write and can_happen(found.state, Action.WITHDRAW),
        "may_discard": may_write and found.state == State.DRAFT,
        "may_measure": is_open and bool(found.registered_on) and can_measure(request.user, found),
        "may_files": is_open and may_write,
        "may_tag": is_open and (may_write or may_check),
        "attachments": list(found.attachments.select_related("job")),
        "measures": measures,
        "measure_links": page_links(measures, {}, "do"),
        "output": {"what": newest.what, "counting_unit": newest.counting_unit} if newest else {},
        "themes": [(theme, tags.get(theme.pk)) for theme in selectors.themes(found.season.period) if theme.label],
        "waited": waited,
        "is_late": found.state == State.SUBMITTED and boards.is_late(found.season, waited),
        "due": due,
        "days_left": (due - today()).days if due else None,
        "taken_until": sheets.taken_until(found) if due else None,
        "illustrative": found.is_illustrative,
    } | more


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


def _cannot(request: HttpRequest, found: Any, what: str) -> HttpResponseBase:
    messages.warning(request, f"{what}: không làm được, đăng ký đang ở trạng thái “{found.get_state_display().lower()}”.")
    return redirect("models_registry:registration", pk=found.pk)


def _confirmed(request: HttpRequest, pk: int, action: Action) -> HttpResponseBase:
    found = registration_or_404(request, pk)
    allowed = can_write if action == Action.WITHDRAW else can_check
    if not allowed(request.user, found):
        raise Http404
    if request.method == "GET" and not can_happen(found.state, action):
        return _cannot(request, found, CONFIRM[action][0])
    error = ""
    if request.method == "POST":
        try:
            services.change_state(
                registration_id=pk,
                action=action,
                actor=request.user,
                note=request.POST.get("ly-do", ""),
            )
        except DomainError as refused:
            error = str(refused)
        else:
            messages.success(request, f"{CONFIRM[action][4]} “{found.title}”.")
            return redirect("models_registry:registration", pk=pk)
    heading, what, label, button, _ = CONFIRM[action]
    context = {
        "registration": found,
        "season": found.season,
        "heading": heading,
        "what": what,
        "label": label,
        "button": button,
        "error": error,
        "typed": request.POST.get("ly-do", ""),
    }
    return render(request, "work/confirm.html", context, status=422 if error else 200)


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponseBase:
    return _confirmed(request, pk, Action.WITHDRAW)


@require_http_methods(["GET", "POST"])
def reopen(request: HttpRequest, pk: int) -> HttpResponseBase:
    return _confirmed(request, pk, Action.REOPEN)


@require_http_methods(["GET", "POST"])
def discard(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Throw a draft away, after a page that says so."""
    found = registration_or_404(request, pk)
    if not can_write(request.user, found):
        raise Http404
    if request.method == "GET" and found.state != State.DRAFT:
        return _cannot(request, found, "Xóa bản nháp")
    error = ""
    if request.method == "POST":
        try:
            services.discard_draft(registration_id=pk, actor=request.user)
        except DomainError as refused:
            error = str(refused)
        else:
            messages.success(request, "Đã xóa bản nháp.")
            return redirect("models_registry:work")
    context = {
        "registration": found,
        "season": found.season,
        "heading": "Xóa bản nháp",
        "what": "Bản nháp và mọi ảnh, tệp trong đó mất hẳn, không lấy lại được.",
        "label": "",
        "button": "Xóa bản nháp",
        "error": error,
    }
    return render(request, "work/confirm.html", context, status=422 if error else 200)


@by_post("models_registry:registration", "pk")
def output(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Record a measured output."""
    found = registration_or_404(request, pk)
    names = ("what", "counting_unit", "quantity", "as_of", "source", "qualifier")
    typed = {name: request.POST.get(name, "") for name in names}
    try:
        measure, before = services.record_output(
            registration_id=pk, typed=typed, evidence_id=request.POST.get("evidence", ""), actor=request.user
        )
    except NotAllowed as error:
        raise Http404 from error
    except services.OutputRefused as refused:
        context = _context(request, found, output=typed, output_errors=refused.errors)
        context["errors"] = [(f"id_{name}", words) for name, words in refused.errors.items()]
        return render(request, "work/registration.html", context, status=422)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        day = write_day(measure.as_of)
        messages.success(
            request, f"Đã sửa số đo ngày {day}: {before} thành {measure}." if before else f"Đã ghi {measure}, {day}."
        )
    return _at(pk, "ket-qua")


def _at(pk: int, section: str) -> HttpResponseBase:
    """Back to the part of the page where something was done: what came of it is told there."""
    response = redirect("models_registry:registration", pk=pk)
    response["Location"] += f"?o={section}#{section}"
    return response


@require_http_methods(["GET", "POST"])
def output_remove(request: HttpRequest, pk: int, measure: int) -> HttpResponseBase:
    """Take a measured value away, after a page that says so."""
    found = registration_or_404(request, pk)
    if not can_measure(request.user, found):
        raise Http404
    one = selectors.series_of(found).filter(pk=measure).first()
    error = "" if one else "Số đo này không còn."
    if request.method == "POST":
        try:
            services.remove_output(measure_id=measure, registration_id=pk, actor=request.user)
        except DomainError as refused:
            error = str(refused)
        else:
            messages.success(request, "Đã bỏ số đo này; nhật ký vẫn giữ.")
            return redirect("models_registry:registration", pk=pk)
    context = {
        "registration": found,
        "season": found.season,
        "heading": "Bỏ một số đo",
        "what": f"{one.what}: {one}, tính đến {write_day(one.as_of)}. Số này không còn trong chuỗi; nhật ký vẫn giữ."
        if one
        else "",
        "button": "Bỏ số đo",
        "error": error,
    }
    return render(request, "work/confirm.html", context, status=409 if error else 200)


@by_post("models_registry:registration", "pk")
def tag(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The themes that the registration serves."""
    registration_or_404(request, pk)
    notes = {key: request.POST.get(f"chu-de-{key}", "") for key in read_ids(request.POST.getlist("chu-de"))}
    try:
        changed = services.tag_themes(registration_id=pk, notes=notes, actor=request.user)
    except NotAllowed as error:
        raise Http404 from error
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Đã lưu chủ đề." if changed else "Không có gì thay đổi.")
    return redirect("models_registry:registration", pk=pk)


@require_safe
def history(request: HttpRequest, slug: str) -> HttpResponseBase:
    """A model's whole life, as far as this person may see it: for officers."""
    model = get_object_or_404(selectors.models_visible_to(request.user), slug=slug)
    events = timeline.of_model(request.user, model)
    if not events:
        raise Http404
    page = Paginator(events, PAGE).get_page(request.GET.get("trang"))
    context = {"model": model, "page": page, "links": page_links(page, {}), "may_join": can_join(request.user, [model])}
    return render(request, "work/history.html", context)
