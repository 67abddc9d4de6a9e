"""Writing a registration: beginning one, its nine boxes, saving by itself, sending. HTTP only."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from common.dates import VIETNAM, today
from common.exceptions import DomainError, NotAllowed
from common.text import quoted
from common.transitions import InvalidTransition
from models_registry import selectors, services
from models_registry.boxes import BOXES, FIELDS, Box, BoxField
from models_registry.enums import Action
from models_registry.models import Registration, Season
from models_registry.permissions import can_write
from models_registry.selectors import sheets
from models_registry.selectors.comments import takes_comments, threads_of
from models_registry.selectors.similar import Similar, similar
from models_registry.validators import read_sheet
from models_registry.views.common import PAGE, by_post, page_links, season_or_404
from models_registry.writing_forms import CarryOnForm, DifferentForm, SheetForm, StartForm
from models_registry.writing_page import conflicts_of, following, touched, writing_page
from organisation.models import UnitVersion
from organisation.requests import OfficerRequest
from organisation.tree import tree_for

DRAFTS = 20  # that earlier years left over, the newest first


def registration_or_404(request: OfficerRequest, pk: int) -> Registration:
    return get_object_or_404(sheets.registrations(request.user), pk=pk)


@dataclass(frozen=True)
class StartPage:
    """Where a registration begins: from nothing, from a draft that an earlier year left over, from a model of the year before."""

    units: list[UnitVersion]
    rows: Page[Registration]
    links: list[tuple[int | None, str]]
    before: Season | None
    years_before: tuple[int, ...]
    drafts: QuerySet[Registration]
    until: date
    days_left: int
    is_open: bool


@require_http_methods(["GET", "POST"])
def start(request: OfficerRequest, year: int) -> HttpResponseBase:
    """Begin a registration: a new one, or models of the last season carried on."""
    season = season_or_404(year)
    units = sheets.writing_units(request.user, season)
    if not units:
        raise Http404
    if request.method == "POST":
        form = StartForm(request.POST)
        key = form.cleaned_data["unit"] if form.is_valid() else ""
        chosen = next((version.unit for version in units if version.unit.key == key), None)
        if chosen is None:
            raise Http404
        try:
            made = services.begin_registration(season_id=season.pk, unit=chosen, actor=request.user)
        except DomainError as error:
            messages.error(request, str(error))
            return redirect("models_registry:start", year=year)
        return redirect("models_registry:write", pk=made.pk)
    year_before = request.GET.get("tu", "")
    is_year = year_before.isascii() and year_before.isdecimal() and len(year_before) == 4
    offered = sheets.carriable(request.user, season, int(year_before) if is_year else None)
    rows = Paginator(offered.rows, PAGE).get_page(request.GET.get("trang"))
    deadlines = selectors.Deadlines(tree_for(request.user))
    until = max(deadlines.of(season, version.unit_id) for version in units)
    page = StartPage(
        units=units,
        rows=rows,
        links=page_links(rows, {"tu": year_before}),
        before=offered.before,
        years_before=offered.years,
        drafts=sheets.left_drafts(request.user, season).rows[:DRAFTS],
        until=until,
        days_left=(until - today()).days,
        is_open=season.opens_on <= today() <= until,
    )
    return render(request, "work/start.html", {"page": page, "season": season, "illustrative": season.is_illustrative})


@by_post("models_registry:start", "year")
def carry_on(request: OfficerRequest, year: int) -> HttpResponseBase:
    season = season_or_404(year)
    if not sheets.writing_units(request.user, season):
        raise Http404
    form = CarryOnForm(request.POST)
    form.is_valid()
    ids, changed = form.cleaned_data["rows"], form.cleaned_data["changed"]
    try:
        made = services.carry_on(season_id=season.pk, registration_ids=ids, changed=changed, actor=request.user)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("models_registry:start", year=year)
    if len(made) == 1:
        return redirect("models_registry:write", pk=made[0].pk)
    if made:
        messages.success(request, f"Đã chép {len(made)} mô hình sang năm {season}. Xem lại từng bản rồi gửi.")
        return redirect("models_registry:work")
    messages.warning(request, "Chưa chép mô hình nào: xin chọn ít nhất một, chưa đăng ký trong năm.")
    return redirect("models_registry:start", year=year)


@by_post("models_registry:start", "year")
def move_draft(request: OfficerRequest, year: int) -> HttpResponseBase:
    """Go on in this season with a draft that an earlier one left over."""
    season = season_or_404(year)
    if not sheets.writing_units(request.user, season):
        raise Http404
    form = CarryOnForm(request.POST)
    chosen = next(iter(form.cleaned_data["rows"]), 0) if form.is_valid() else 0
    try:
        moved = services.move_draft(registration_id=chosen, season_id=season.pk, actor=request.user)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("models_registry:start", year=year)
    messages.success(request, f"Đã chuyển thành bản nháp năm {season}. Xem lại các ngày trong bài rồi gửi.")
    return redirect("models_registry:write", pk=moved.pk)


def _box(request: OfficerRequest, first: int = 1) -> Box:
    number = request.GET.get("muc", str(first))
    return BOXES[int(number) - 1] if number in {str(box.number) for box in BOXES} else BOXES[0]


@require_http_methods(["GET", "POST"])
def write(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """One box of the sheet. Without a script the button saves it; with one it was saved while typing."""
    if request.method == "POST":
        return _save_box(request, pk)
    registration = registration_or_404(request, pk)
    if not (registration.is_editable and can_write(request.user, registration)):
        return redirect("models_registry:registration", pk=pk)
    services.note_opened(registration=registration, reader=request.user)
    return _page(request, registration, tells_errors=request.GET.get("sai") == "1")


def _save_box(request: OfficerRequest, pk: int) -> HttpResponseBase:
    form = SheetForm(request.POST, [one.name for one in _box(request).fields])
    typed = form.texts
    registration = sheets.registration_of(request.user, pk)
    if registration is None or not can_write(request.user, registration):
        return role_lost(request, pk, typed)
    try:
        saved = services.save_sheet(registration_id=pk, texts=typed, bases=form.bases, actor=request.user)
    except NotAllowed:
        return role_lost(request, pk, typed)
    except DomainError as error:
        return _not_saved(request, registration_or_404(request, pk), typed, str(error))
    registration = registration_or_404(request, pk)
    if saved.refused:
        why = " ".join(f"{FIELDS[name].label}: {words}" for name, words in saved.refused.items())
        return _not_saved(request, registration, {name: typed[name] for name in saved.refused}, why)
    if saved.conflicts:
        mine = {name: text for name, (text, _) in saved.conflicts.items()}
        return _page(request, registration, typed=mine, conflicts=saved.conflicts, status=409)
    return _go_on(request, registration, form)


def _not_saved(request: OfficerRequest, registration: Registration, typed: dict[str, str], why: str) -> HttpResponseBase:
    """What could not be stored stays on the page: in its boxes while they can be written in, else to be copied."""
    if registration.is_editable and set(typed) <= {one.name for one in _box(request).fields} and _is_open(request, registration):
        messages.error(request, why)
        return _page(request, registration, typed=typed, status=422)
    return render(request, "work/kept.html", _kept(registration, typed, why), status=409)


def _is_open(request: OfficerRequest, registration: Registration) -> bool:
    marks = sheets.open_marks(registration)
    return not marks or _box(request).number in marks


def _go_on(request: OfficerRequest, registration: Registration, form: SheetForm) -> HttpResponseBase:
    """After a save: back to what is wrong in this box, else to the next box that is open, else to sending."""
    if form.cleaned_data["onward"] == "sau":
        return redirect("models_registry:work")
    box = _box(request)
    reading = read_sheet(registration.sheet.answers, sheets.sheet_context(registration))
    if any(one.name in reading.errors for one in box.fields):
        return _page(request, registration, tells_errors=True, status=422)
    onward = following(box, sheets.open_marks(registration))
    if onward is None:
        return redirect("models_registry:send", pk=registration.pk)
    response = redirect("models_registry:write", pk=registration.pk)
    response["Location"] += f"?muc={onward}"
    return response


def _kept(registration: Registration | None, typed: dict[str, str], why: str) -> dict[str, Any]:
    return {
        "registration": registration,
        "why": why,
        "typed": [(FIELDS[name].label, text) for name, text in typed.items() if text],
    }


def role_lost(request: OfficerRequest, pk: int, typed: dict[str, str]) -> HttpResponseBase:
    """Whoever wrote here and may not any more is told so, with the text kept on the page; to others it is not there."""
    if not sheets.has_ever_written(request.user, pk):
        raise Http404
    why = "Vai trò của đồng chí ở đơn vị này đã hết từ sau khi mở trang, nên cổng chưa lưu phần vừa viết."
    return render(request, "work/kept.html", _kept(None, typed, why), status=403)


def _page(request: OfficerRequest, registration: Registration, *, status: int = 200, **more: Any) -> HttpResponse:
    box = _box(request, min(sheets.open_marks(registration), default=1))
    page = writing_page(request.user, registration, box, **more)
    context = {
        "page": page,
        "thread": threads_of(request.user, registration).get(box.number, []),
        "may_comment": takes_comments(registration),
        "illustrative": registration.is_illustrative,
        "season": registration.season,
    }
    return render(request, "work/write.html", context, status=status)


@by_post("models_registry:write", "pk")
def save(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """Saving by itself: fields typed, each with the text it was typed over. Answers with the line that says when."""
    registration = sheets.registration_of(request.user, pk)
    form = SheetForm(request.POST)
    if not form.is_of(request.user):
        return _told(request, {"refused": "Trang này do người khác mở; xin mở lại trang rồi viết."}, 409)
    if registration is None or not can_write(request.user, registration):
        if not sheets.has_ever_written(request.user, pk):
            raise Http404
        return _told(request, {"refused": "Vai trò của đồng chí ở đơn vị này đã hết nên cổng chưa lưu."}, 403)
    try:
        saved = services.save_sheet(
            registration_id=pk,
            texts=form.texts,
            bases=form.bases,
            actor=request.user,
        )
    except DomainError as error:
        return _told(request, {"refused": str(error)}, 403 if isinstance(error, NotAllowed) else 409)
    context = {
        "at": timezone.localtime(saved.at, VIETNAM),
        "conflicts": conflicts_of(saved.conflicts),
        "by_reader": saved.stood_by == request.user.pk,
        "not_kept": [(name, FIELDS[name].label, why) for name, why in saved.refused.items()],
        "unread": saved.unread.values(),
    }
    response = _told(request, context, 409 if saved.conflicts or saved.refused else 200)
    told = {
        "conflicts": {name: theirs for name, (_, theirs) in saved.conflicts.items()},
        "refused": list(saved.refused),
        "unread": saved.unread,
        "done": sorted(saved.done),
    }
    response["HX-Trigger"] = json.dumps({"draft:saved": told})
    return response


def _told(request: OfficerRequest, context: dict[str, Any], status: int) -> HttpResponse:
    response = render(request, "work/saved.html", context, status=status)
    response["X-Draft"] = "1"
    return response


@require_safe
def alike(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """Models with a like title, while the title is being typed."""
    registration = registration_or_404(request, pk)
    hits = similar(request.user, request.GET.get("title", "")[:500], to=registration)
    return render(request, "work/similar.html", {"similar": hits, "registration": registration, "is_typing": True})


@by_post("models_registry:send", "pk")
def different(request: OfficerRequest, pk: int) -> HttpResponseBase:
    registration_or_404(request, pk)
    form = DifferentForm(request.POST)
    form.is_valid()
    try:
        services.say_different(registration_id=pk, actor=request.user, **form.cleaned_data)
    except NotAllowed as error:
        raise Http404 from error
    except InvalidTransition as error:
        messages.error(request, str(error))
        return redirect("models_registry:registration", pk=pk)
    except DomainError as error:
        return _review(request, registration_or_404(request, pk), reason=form.cleaned_data["reason"], reason_error=str(error))
    return redirect("models_registry:send", pk=pk)


@require_http_methods(["GET", "POST"])
def send(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """All nine boxes once more, what is still wrong, then sending."""
    registration = registration_or_404(request, pk)
    if request.method == "POST":
        try:
            services.change_state(registration_id=pk, action=Action.SUBMIT, actor=request.user)
        except NotAllowed:
            return role_lost(request, pk, {})
        except (services.SheetIncomplete, services.SimilarUnanswered):
            pass  # the page says what is open
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, f"Đã gửi {quoted(registration.title)}. Khi có trả lời, cổng báo ở “Tin”.")
            return redirect("models_registry:registration", pk=pk)
        registration = registration_or_404(request, pk)
    if not (registration.is_editable and can_write(request.user, registration)):
        return redirect("models_registry:registration", pk=pk)
    return _review(request, registration)


@dataclass(frozen=True)
class SendPage:
    """A sheet as it would be sent, and what is still wrong in it."""

    boxes: list[tuple[Box, list[tuple[BoxField, str, str]], bool]]
    """(a box, its fields with their text and what is wrong, whether it may be changed)"""
    wrong: list[tuple[str, str]]
    untouched: list[int]
    """Boxes that were to be mended and are as they were."""
    unanswered: list[Similar]
    due: date
    days_left: int
    taken_until: date
    refused: bool
    """Whether sending it was tried just now."""


def _review(request: OfficerRequest, registration: Registration, **more: Any) -> HttpResponse:
    """All nine boxes with what is still wrong in them."""
    reading = read_sheet(registration.sheet.answers, sheets.sheet_context(registration))
    shown = sheets.shown_answers(registration.sheet, registration)
    due, marks = sheets.due_on(registration), sheets.open_marks(registration)
    errors = reading.errors
    page = SendPage(
        boxes=[
            (
                box,
                [(one, shown.get(one.name, ""), errors.get(one.name, "")) for one in box.fields],
                not marks or box.number in marks,
            )
            for box in BOXES
        ],
        wrong=[(f"?muc={box.number}&sai=1", errors[one.name]) for box in BOXES for one in box.fields if one.name in errors],
        untouched=sorted(set(marks) - touched(registration)),
        unanswered=services.unanswered_similar(request.user, registration),
        due=due,
        days_left=(due - today()).days,
        taken_until=sheets.taken_until(registration),
        refused=request.method == "POST",
    )
    context = {
        "page": page,
        "registration": registration,
        "season": registration.season,
        "illustrative": registration.is_illustrative,
    }
    return render(request, "work/send.html", context | more, status=422 if request.method == "POST" else 200)
