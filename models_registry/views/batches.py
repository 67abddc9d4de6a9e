"""Many registers sent together: sending, what was recognised, storing, undoing. HTTP only."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from common.exceptions import DomainError, NotAllowed
from models_registry import selectors, services
from models_registry.models import UploadBatch
from models_registry.selectors import batches as sends
from models_registry.upload_forms import BatchForm, SendForm
from models_registry.views.common import PAGE, by_post, given, labelled, page_links, season_or_404
from organisation.grouping import unit_choices
from organisation.requests import OfficerRequest

FILES_A_PAGE, SURE_FIRST = 20, 5
CHIPS = (
    ("can", "Cần xem", sends.NEEDS),
    ("sai", "Có thể sai đơn vị", (sends.WRONG,)),
    ("chua", "Chưa chắc", (sends.UNSURE,)),
    ("hong", "Không mở được", (sends.BROKEN,)),
    ("doc", "Đang đọc, đang nạp", (sends.READING,)),
    ("chac", "Chắc chắn", (sends.SURE,)),
    ("xong", "Đã nạp", (sends.DONE,)),
    ("bo", "Không nạp", (sends.LEFT,)),
)
EVERYTHING = (sends.WRONG, sends.UNSURE, sends.BROKEN, sends.READING, sends.SURE, sends.DONE, sends.LEFT)


@require_http_methods(["GET", "POST"])
def upload(request: OfficerRequest, year: int) -> HttpResponseBase:
    """One register goes straight to its review where its unit is known; several, or a zip, to the page of their send."""
    season = season_or_404(year)
    units = selectors.importable_units(request.user, season)
    if not units:
        raise Http404
    initial = {"unit": key} if (key := request.GET.get("don-vi", "")) else {}
    form = SendForm(*given(request), units=units, initial=initial)
    if request.method == "POST" and form.is_valid():
        files, key = form.cleaned_data["file"], form.cleaned_data["unit"]
        unit = next((version.unit for version in units if version.unit.key == key), None)
        try:
            if len(files) == 1 and unit and not files[0].name.lower().endswith(".zip"):
                kept = services.upload_register(file=files[0], season=season, unit=unit, actor=request.user)
                return redirect("models_registry:import", pk=kept.pk)
            sent = services.send_files(files=files, season=season, actor=request.user)
            return redirect("models_registry:batch", pk=sent.pk)
        except DomainError as error:
            form.add_error("file", str(error))
    sent_before = sends.batches_of(request.user, season)
    context = {"form": form, "season": season, "errors": labelled(form), "many": len(units) > 1, "before": sent_before[:1]}
    return render(request, "work/upload.html", context, status=422 if form.errors else 200)


def _batch(request: OfficerRequest, pk: UUID) -> UploadBatch:
    """A send of this person, who may still import for somebody."""
    found = get_object_or_404(sends.batches_visible_to(request.user), pk=pk)
    if not selectors.importable_units(request.user, found.season):
        raise Http404
    return found


@require_http_methods(["GET", "POST"])
def batch(request: OfficerRequest, pk: UUID) -> HttpResponseBase:
    """The files of a send; what is answered of them is done before going on."""
    found = _batch(request, pk)
    return _answer(request, found) if request.method == "POST" else _page(request, found)


@dataclass(frozen=True)
class BatchPage:
    """The files of a send: those that are looked at, those that are sure, and what is typed of them."""

    board: sends.BatchBoard
    chips: list[tuple[str, str, int]]
    asked: str
    total: int
    pager: Page[sends.FileLine]
    lines: list[sends.FileLine]
    links: list[tuple[int | None, str]]
    sure: list[sends.FileLine]
    """The first of those whose unit is sure."""
    sure_total: int
    sure_rows: int
    ready_rows: int
    needs: int
    done: int
    options: list[tuple[str, str]]
    form: BatchForm | None


def _page(
    request: OfficerRequest, found: UploadBatch, form: BatchForm | None = None, errors: Sequence[tuple[str, str]] = ()
) -> HttpResponseBase:
    """The page of a send; `form`: with what was typed there and is no answer; `errors`: what else is wrong, and where."""
    board = sends.board_of(found, request.user)
    counts = board.counts
    chips = [(slug, words, number) for slug, words, groups in CHIPS if (number := sum(counts[group] for group in groups))]
    asked = request.GET.get("xem", "")
    groups = next((groups for slug, _, groups in CHIPS if slug == asked), EVERYTHING if asked == "het" else sends.NEEDS)
    pager = Paginator(board.of(*groups), FILES_A_PAGE).get_page(request.GET.get("trang"))
    sure = [] if asked in ("chac", "het") else board.of(sends.SURE)
    page = BatchPage(
        board=board,
        chips=chips,
        asked=asked or "can",
        total=len(board.lines),
        pager=pager,
        lines=list(pager),
        links=page_links(pager, {"xem": asked}),
        sure=sure[:SURE_FIRST],
        sure_total=len(sure),
        sure_rows=sum((line.counts or {}).get("rows", 0) for line in sure),
        ready_rows=board.total("rows"),
        needs=sum(counts[group] for group in sends.NEEDS),
        done=counts[sends.DONE],
        options=unit_choices(board.units),
        form=form,
    )
    wrong = [*errors, *((f"doi-{pk}", words) for pk, words in (form.unclear.items() if form else ()))]
    context = {
        "page": page,
        "batch": found,
        "season": found.season,
        "progress": sends.progress_of(found),
        "errors": wrong,
        "title": "Đã bỏ lần gửi" if found.discarded_at else f"Nạp sổ đăng ký năm {found.season}: {len(board.lines)} tệp",
    }
    return render(request, "work/batch.html", context, status=422 if wrong else 200)


def _answer(request: OfficerRequest, found: UploadBatch) -> HttpResponseBase:
    units = selectors.importable_units(request.user, found.season)
    form = BatchForm(request.POST, units=units, day=found.season.last_day)
    try:
        done, refused = services.answer_batch(batch_id=found.pk, answers=form.answers, actor=request.user)
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("models_registry:batch", pk=found.pk)
    for words in refused:
        messages.error(request, words)
    if done:
        messages.info(request, f"Đã giữ câu trả lời của {done} tệp.")
    if form.unclear:
        return _page(request, found, form)
    if form.goes_on and not refused:
        return redirect("models_registry:batch-store", pk=found.pk)
    return redirect(reverse("models_registry:batch", args=[found.pk]) + _same_view(request))


def _same_view(request: OfficerRequest) -> str:
    asked = request.GET.get("xem", "")
    return f"?xem={asked}" if asked in {slug for slug, *_ in CHIPS} | {"het"} else ""


@require_safe
def progress(request: OfficerRequest, pk: UUID) -> HttpResponseBase:
    """The moving part of the page, asked for by htmx; when the work has ended it has the page reloaded."""
    found = _batch(request, pk)
    told = sends.progress_of(found)
    response = render(request, "work/batch_progress.html", {"batch": found, "progress": told})
    if not told.goes_on:
        response["HX-Refresh"] = "true"
    return response


@by_post("models_registry:batch", "pk")
def add(request: OfficerRequest, pk: UUID) -> HttpResponseBase:
    """More files to a send."""
    found = _batch(request, pk)
    form = SendForm(request.POST, request.FILES, units=selectors.importable_units(request.user, found.season))
    if not form.is_valid():
        return _page(request, found, errors=labelled(form))
    try:
        services.send_files(files=form.cleaned_data["file"], season=found.season, actor=request.user, batch_id=found.pk)
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("models_registry:batch", pk=pk)


@require_http_methods(["GET", "POST"])
def store(request: OfficerRequest, pk: UUID) -> HttpResponseBase:
    """What storing all right rows will do; then that."""
    found = _batch(request, pk)
    if request.method == "POST":
        try:
            number, left = services.store_batch(batch_id=found.pk, actor=request.user)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            for words in left:
                messages.error(request, words)
            if number:
                messages.success(request, f"Đang nạp {number} tệp, mỗi tệp một lượt.")
        return redirect(reverse("models_registry:batch", args=[pk]) + "?xem=het")
    board = sends.board_of(found, request.user)
    page = Paginator(board.ready, PAGE).get_page(request.GET.get("trang"))
    sums = {name: board.total(name) for name in (*sends.COUNTED, sends.UNLINKED)}
    context = {
        "batch": found,
        "season": found.season,
        "page": page,
        "links": page_links(page, {}),
        "sums": sums,
        "right": sums["created"] + sums["updated"] + sums["unchanged"],
        "number": len(board.ready),
        "stays": len(board.of(*sends.NEEDS)),
    }
    return render(request, "work/batch_store.html", context)


@by_post("models_registry:batch", "pk")
def stop(request: OfficerRequest, pk: UUID) -> HttpResponseBase:
    return _thrown_away(request, _batch(request, pk), "Đã dừng. Chưa nạp gì vào sổ năm.")


@require_http_methods(["GET", "POST"])
def discard(request: OfficerRequest, pk: UUID) -> HttpResponseBase:
    """Throw a send away, after a page that says what goes."""
    found = _batch(request, pk)
    if request.method == "POST":
        return _thrown_away(request, found, "Đã bỏ lần gửi. Những gì đã nạp trước đó thì còn.")
    board = sends.board_of(found, request.user)
    context: dict[str, Any] = {
        "batch": found,
        "season": found.season,
        "number": len(board.lines) - board.counts[sends.DONE] - board.counts[sends.LEFT],
        "stored": board.counts[sends.DONE],
        "rows": sum((line.counts or {}).get("rows", 0) for line in board.lines if line.group != sends.DONE),
    }
    return render(request, "work/batch_discard.html", context)


def _thrown_away(request: OfficerRequest, found: UploadBatch, words: str) -> HttpResponseBase:
    try:
        services.discard_batch(batch_id=found.pk, actor=request.user)
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    except DomainError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, words)
    return redirect("models_registry:upload", year=found.season.year)


@require_http_methods(["GET", "POST"])
def undo(request: OfficerRequest, pk: UUID) -> HttpResponseBase:
    """Undo all that a send stored, after a page that names what cannot be."""
    found = _batch(request, pk)
    if request.method == "POST":
        done, left = services.undo_batch(batch_id=found.pk, actor=request.user)
        for words in left:
            messages.warning(request, words)
        if done:
            messages.success(request, f"Đã hủy lần nạp của {done} tệp.")
        return redirect(reverse("models_registry:batch", args=[pk]) + "?xem=het")
    stored = sends.stored_in(found)
    if not stored:
        raise Http404
    held = [(one, why) for one in stored if one.imported and (why := services.what_stands_on(one.imported))]
    context = {"batch": found, "season": found.season, "number": len(stored) - len(held), "held": held}
    return render(request, "work/batch_undo.html", context)


@require_safe
def listed(request: OfficerRequest, year: int) -> HttpResponseBase:
    """A person's sends of a season, newest first."""
    season = season_or_404(year)
    if not selectors.importable_units(request.user, season):
        raise Http404
    page = Paginator(sends.batches_of(request.user, season), PAGE).get_page(request.GET.get("trang"))
    return render(request, "work/batches.html", {"season": season, "page": page, "links": page_links(page, {})})
