"""The review of an upload that was read: its table, mends of one row and of many, answers, confirming. HTTP only."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from common.exceptions import DomainError, NotAllowed
from common.numbers import write_number
from models_registry import selectors, services
from models_registry.enums import ImportState
from models_registry.models import RegisterImport
from models_registry.review_forms import ConfirmForm, EarlierForm, ManyForm, Posted, UndoEditForm, posted
from models_registry.selectors import continuity as links
from models_registry.selectors import repeats as twice
from models_registry.selectors.mending import holders, planned, rows_at, stands
from models_registry.selectors.since import changes_since, mark_of_page
from models_registry.sources import source_in_words
from models_registry.views.common import by_post, links_found, page_links
from models_registry.views.imports import import_or_404
from organisation.models import UnitVersion
from organisation.requests import OfficerRequest
from organisation.selectors.units import unit_on

ASKED = 50  # questions of a stored upload on its page
AGAIN = 200  # rows that others changed and that come back with a save
HITS = 20  # models that a search lists
EXAMPLES = 20  # cells of a mend of many that are shown before it is done
_ASIDE = {
    "row_hidden": "dòng đang ẩn (do lọc hoặc giấu dòng)",
    "row_struck": "dòng bị gạch ngang",
    "row_overprinted": "dòng in chồng chữ lên nhau",
    "sheet_hidden": "dòng ở trang đang ẩn",
}
_OUTCOME = (
    ("created", "đăng ký mới"),
    ("updated", "đăng ký đổi"),
    ("unchanged", "đăng ký giữ nguyên"),
    ("rejected_total", "dòng sai không nạp"),
)


@require_safe
def import_result(request: OfficerRequest, pk: UUID) -> HttpResponseBase:
    found = import_or_404(request, pk)
    asked = {name: value for name in ("xem", "trang", "sua") if (value := request.GET.get(name, ""))}
    review = selectors.review_of(found, asked)
    report = found.report
    context: dict[str, Any] = {
        "import": found,
        "review": review,
        "links": page_links(review.page, {"xem": asked.get("xem", "")}),
        "unit_name": unit_on(found.unit, found.season.last_day).name,
        "outcome": ", ".join(f"{write_number(report[name])} {words}" for name, words in _OUTCOME if report.get(name)),
        "set_aside": [(code, _ASIDE[code], count) for code, count in report.get("set_aside", {}).items()],
        "open_links": _open_links(request, found),
        "others": _others(request, found),
        "other_year": _other_year(request, found),
        "mark": mark_of_page(found),
        "illustrative": found.season.is_illustrative,
    }
    return render(request, "work/import.html", context)


def _others(request: OfficerRequest, found: RegisterImport) -> list[UnitVersion]:
    """The units whose register it may be by its title, of those for which this person may upload."""
    keys = found.report.get("other_unit", {}).get("units", [])
    mine = selectors.importable_units(request.user, found.season) if keys else []
    return [version for version in mine if version.unit.key in keys]


def _other_year(request: OfficerRequest, found: RegisterImport) -> dict[str, Any]:
    """Of which year the register seems to be instead, and where it is sent then, by who may."""
    told: dict[str, Any] = found.report.get("other_year", {})
    season = next((one for one in selectors.seasons_for(request.user) if one.year == told["year"]), None) if told else None
    units = selectors.importable_units(request.user, season) if season else []
    if not units or season is None:
        return told
    of_unit = f"?don-vi={found.unit.key}" if found.unit_id in {version.unit_id for version in units} else ""
    return told | {"href": reverse("models_registry:upload", args=[season.year]) + of_unit}


def _open_links(request: OfficerRequest, found: RegisterImport) -> dict[str, Any]:
    """Of a stored upload: which of its rows still wait for an answer what they carry on."""
    if found.state != ImportState.STORED:
        return {}
    rows, again = links.questions_of(request.user, found), twice.repeats_of(request.user, found)
    return {"rows": rows[:ASKED], "again": again[:ASKED], "back": f"lan={found.pk}"}


@by_post("models_registry:import", "pk")
def import_mend(request: OfficerRequest, pk: UUID) -> HttpResponseBase:
    """Cells typed over and questions answered; of one row where a script sends it, else of the whole page."""
    found = import_or_404(request, pk)
    given, before = posted(request.POST), mark_of_page(found)
    try:
        if given.takes:
            services.take_set_aside(import_id=found.pk, takes=given.takes, actor=request.user)
            messages.info(request, "Cổng đang đọc lại sổ với các dòng vừa nhận.")
            return redirect("models_registry:import", pk=pk)
        done = _keep(request, found, given)
        if given.joins:
            edit = services.take_as_one(import_id=found.pk, source=given.joins, actor=request.user)
            messages.success(request, f"{edit.words}. Cổng đang đọc lại sổ; muốn như trước thì bấm Hoàn tác ở trên bảng.")
            return redirect(reverse("models_registry:import", args=[pk]) + given.back)
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    except DomainError as error:
        if request.headers.get("HX-Request"):
            return HttpResponse(str(error), status=409, content_type="text/plain; charset=utf-8")
        messages.error(request, str(error))
        return redirect("models_registry:import", pk=pk)
    if request.headers.get("HX-Request"):
        return _rows_again(request, found, given, done, before)
    _say(request, given, done)
    if since := changes_since(found, given.since, before).words:
        messages.warning(request, f"Trong lúc trang mở: {'; '.join(since)}. Chữ của đồng chí vẫn được giữ.")
    return redirect(reverse("models_registry:import", args=[pk]) + given.back)


def _keep(request: OfficerRequest, found: RegisterImport, given: Posted) -> services.Mended:
    if given.answered:
        services.answer_import(import_id=found.pk, answers=given.answers, sources=given.answered, actor=request.user)
    if not given.typed:
        return services.Mended()
    return services.mend_cells(import_id=found.pk, typed=given.typed, shown=given.shown, actor=request.user)


def _rows_again(
    request: OfficerRequest, found: RegisterImport, given: Posted, done: services.Mended, before: int
) -> HttpResponse:
    """The rows that changed, those too that others changed since the page was made, the numbers, and a word for who listens."""
    fresh = import_or_404(request, found.pk)
    since = changes_since(fresh, given.since, before)
    sources = {*given.again, *given.typed, *given.answered, *done.sources, *sorted(since.sources)[:AGAIN]}
    overwritten = {(source, part): before for source, part, before in done.overwritten}
    rows = selectors.rows_again(fresh, sources, given.open_row, overwritten)
    review = selectors.review_of(fresh, given.seen)
    context = {"import": fresh, "review": review, "rows": rows, "overwritten": done.overwritten}
    context |= {"since": since.words, "mark": mark_of_page(fresh)}
    response = render(request, "work/import_rows_again.html", context)
    response["X-Review"] = "1"
    return response


def _say(request: OfficerRequest, given: Posted, done: services.Mended) -> None:
    if done.sources:
        messages.success(request, f"Đã giữ và đọc lại {write_number(len(done.sources))} dòng vừa sửa.")
    if given.answers:
        messages.success(request, f"Đã giữ {write_number(len(given.answers))} câu trả lời; nạp sổ thì cổng nối theo đó.")
    if not done.sources and not given.answered:
        messages.info(request, "Chưa ô nào được sửa.")
    for source, part, before in done.overwritten:
        label = selectors.LABELS[part].lower()
        said = f"{source_in_words(source)}: {label} vừa được người khác sửa thành “{before}”; cổng giữ chữ của đồng chí."
        messages.warning(request, said)


@require_http_methods(["GET", "POST"])
def import_earlier(request: OfficerRequest, pk: UUID) -> HttpResponseBase:
    """Search all earlier models that a row may carry on, for another one than was found."""
    found, form = import_or_404(request, pk), EarlierForm(request.POST if request.method == "POST" else request.GET)
    if not form.is_valid():
        raise Http404
    asked, back = form.cleaned_data, reverse("models_registry:import", args=[pk])
    row = next(iter(rows_at(found, [asked["dong"]])), None)
    if found.state != ImportState.READ or row is None or not row.link:
        messages.warning(request, "Dòng này không còn chờ nối với năm trước: sổ vừa được xử lý hoặc đọc lại.")
        return redirect(back)
    if request.method == "POST":
        try:
            answers = {row.source: int(asked["dang_ky"] or -1)}
            services.answer_import(import_id=pk, answers=answers, sources=[row.source], actor=request.user)
            messages.success(request, f"Đã giữ: dòng {row.row} nối với mô hình vừa chọn; nạp sổ thì cổng nối theo đó.")
            return redirect(f"{back}?{asked['ve']}")
        except NotAllowed as error:
            raise PermissionDenied(str(error)) from error
        except DomainError as error:
            messages.error(request, str(error))
    title, typed = stands(row, found.mends, "title"), asked["q"] or ("" if "q" in form.data else None)
    words, hits = links.search_free(links.Book(found.season, found.unit), typed, title)
    page = Paginator(hits, HITS).get_page(request.GET.get("trang"))
    held = {earlier: sources[0].rpartition("!")[2] for earlier, sources in holders(found, [hit.pk for hit in page]).items()}
    known = {"dong": row.source, "ve": asked["ve"]}
    context = {"import": found, "row": row, "title": title, "subject": stands(row, found.mends, "subject")}
    context |= {"held": held} | links_found(page, words, known)
    context |= {"back": f"{back}?{asked['ve']}", "unit_name": unit_on(found.unit, found.season.last_day).name}
    return render(request, "work/import_find.html", context)


@require_http_methods(["GET", "POST"])
def import_many(request: OfficerRequest, pk: UUID) -> HttpResponseBase:
    """One value for a column of many rows, or words replaced in it: first what it would change, then done; or taken back."""
    found = import_or_404(request, pk)
    if found.state != ImportState.READ:
        raise Http404
    back = reverse("models_registry:import", args=[pk])
    lists = selectors.lists_of(found)
    is_sent = ManyForm.is_sent(request.POST)
    form, undoing = ManyForm(request.POST if is_sent else None, lists=lists), UndoEditForm(request.POST)
    chosen = form.chosen(request.POST if request.method == "POST" else request.GET)
    plan = None
    try:
        if undoing.is_valid() and (edit := undoing.cleaned_data["edit"]):
            count = services.undo_edit(import_id=found.pk, edit_id=edit, actor=request.user)
            messages.success(request, f"Đã hoàn tác {write_number(count)} ô.")
            return redirect(back)
        if is_sent and form.is_valid():
            plan = planned(found, chosen, form.change())
            if form.cleaned_data["lam"] and plan.cells:
                services.mend_many(
                    import_id=found.pk, chosen=chosen, change=form.change(), words=form.words(plan), actor=request.user
                )
                messages.success(request, f"{form.words(plan)}.")
                return redirect(back)
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    except DomainError as error:
        messages.error(request, str(error))
        return redirect(back)
    examples = [(*source.rpartition("!")[::2], *texts) for source, texts in list(plan.cells.items())[:EXAMPLES]] if plan else []
    context = {"import": found, "form": form, "chosen": chosen, "plan": plan, "examples": examples, "lists": lists}
    context |= {"count": len(chosen.sources) or None, "words": form.words(plan) if plan else ""}
    return render(request, "work/import_many.html", context, status=422 if form.errors else 200)


@by_post("models_registry:import", "pk")
def import_confirm(request: OfficerRequest, pk: UUID) -> HttpResponseBase:
    """Store what was read. Cells that were typed over and not sent yet are kept first and shown before anything is stored."""
    found = import_or_404(request, pk)
    form, given = ConfirmForm(request.POST), posted(request.POST)
    form.full_clean()
    answer = form.cleaned_data["answer"]
    try:
        if found.state == ImportState.READ and _keep(request, found, given).sources:
            messages.warning(request, "Có ô vừa sửa chưa đọc lại: cổng đã giữ và đọc lại. Xin xem rồi bấm nạp.")
            return redirect("models_registry:import", pk=pk)
        if answer in found.report.get("other_unit", {}).get("units", []):
            services.readdress_import(import_id=found.pk, unit_key=answer, actor=request.user)
            return redirect("models_registry:import", pk=pk)
        services.confirm_import(
            import_id=found.pk,
            accept_valid=form.cleaned_data["accepts_valid"],
            is_of_unit=answer == found.unit.key,
            actor=request.user,
        )
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("models_registry:import", pk=pk)
