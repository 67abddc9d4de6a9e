"""Registers sent as files: preview, confirming, mending, undoing, history. HTTP only."""

from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from common.exceptions import DomainError, NotAllowed
from common.exports import XLSX
from common.numbers import write_number
from models_registry import selectors, services
from models_registry.enums import ImportState, Kind, LinkState, SubjectKind
from models_registry.forms import QuestionsForm
from models_registry.models import RegisterImport
from models_registry.registers.handing_out import empty_register, marked_register
from models_registry.registers.reading import index_of, letter
from models_registry.registers.refusing import RegisterUnreadable
from models_registry.selectors import continuity as links
from models_registry.selectors import repeats as twice
from models_registry.views.common import PAGE, by_post, page_links, season_or_404
from organisation.models import UnitVersion
from organisation.selectors import unit_on


def _import(request: HttpRequest, pk: UUID) -> RegisterImport:
    return get_object_or_404(selectors.imports_visible_to(request.user), pk=pk)


@require_safe
def import_result(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    found = _import(request, pk)
    report = found.report
    rejected = Paginator(report.get("rejected", []), PAGE).get_page(request.GET.get("trang"))
    preview = Paginator(report.get("preview", []), PAGE).get_page(request.GET.get("xem"))
    context: dict[str, Any] = {
        "import": found,
        "unit_name": unit_on(found.unit, found.season.last_day).name,
        "report": report,
        "valid": report.get("created", 0) + report.get("updated", 0) + report.get("unchanged", 0),
        "changes": report.get("created", 0) + report.get("updated", 0),
        "outcome": _outcome(report),
        "mended": sum(len(cells) for cells in found.mends.values()),
        "rejected": rejected,
        "preview": preview,
        "mendable": _mendable(rejected, found) if found.state == "read" else [],
        "set_aside": [(code, _ASIDE[code], count) for code, count in report.get("set_aside", {}).items()],
        "set_aside_codes": [*_ASIDE, "other_unit"],
        "may_undo": found.state == "stored",
        "links": _links(request, found),
        "illustrative": found.season.is_illustrative,
        "others": _others(request, found),
    }
    return render(request, "work/import.html", context)


def _others(request: HttpRequest, found: RegisterImport) -> list[UnitVersion]:
    """The units whose register it may be by its title, of those for which this person may upload."""
    keys = found.report.get("other_unit", {}).get("units", [])
    return (
        [version for version in selectors.importable_units(request.user, found.season) if version.unit.key in keys]
        if keys
        else []
    )


_ASIDE = {
    "row_hidden": "dòng đang ẩn (do lọc hoặc giấu dòng)",
    "row_struck": "dòng bị gạch ngang",
    "sheet_hidden": "dòng ở trang đang ẩn",
}
ASKED = 50  # questions of an upload on its page


def _links(request: HttpRequest, found: RegisterImport) -> dict[str, Any]:
    """What rows carry on: as it was read, to be answered before storing; once stored, as it is now."""
    told = found.report.get("continuity") or {}
    if found.state == ImportState.STORED:
        rows = links.questions(request.user, found.season, [LinkState.OPEN], found.unit_id).filter(imported_by=found)
        again = twice.repeats(request.user, found.season, found.unit_id).filter(imported_by=found)
        return {"told": told, "rows": rows[:ASKED], "again": again[:ASKED], "back": f"lan={found.pk}", "is_stored": True}
    questions = told.get("questions", [])[:ASKED]
    form = QuestionsForm(questions=questions, known=found.answers or {})
    return {"told": told, "asked": form.asked(questions), "more": told.get("open", 0) - len(questions)}


@by_post("models_registry:import", "pk")
def import_answers(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Which earlier models the rows of a register that was read carry on, said before it is stored."""
    found = _import(request, pk)
    questions = (found.report.get("continuity") or {}).get("questions", [])[:ASKED]
    form = QuestionsForm(request.POST, questions=questions, known={})
    try:
        if not form.is_valid():
            raise DomainError("Có câu trả lời không còn trong các gợi ý. Xin xem lại.")
        services.answer_import(import_id=found.pk, answers=form.answers(), sources=form.sources, actor=request.user)
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.info(request, f"Đã giữ {len(form.answers())} câu trả lời; nạp sổ thì cổng nối theo đó.")
    return redirect(reverse("models_registry:import", args=[pk]) + "#noi")


_OUTCOME = (
    ("created", "đăng ký mới"),
    ("updated", "đăng ký đổi"),
    ("unchanged", "đăng ký giữ nguyên"),
    ("rejected_total", "dòng sai không nạp"),
)


def _outcome(report: dict[str, Any]) -> str:
    return ", ".join(f"{write_number(report[name])} {words}" for name, words in _OUTCOME if report.get(name))


def _mendable(rejected: Any, found: RegisterImport) -> list[dict[str, Any]]:
    """The refused rows of a page with a box for each cell at fault.

    A cell whose words come from a list is chosen from it; a cross that is missing, among its columns.
    """
    headings = {sheet["name"]: sheet.get("columns", {}) for sheet in found.report.get("understood", [])}
    lists = {
        "field": [field.name for field in selectors.fields()],
        "kind": [kind.label for kind in Kind],
        "subject_kind": [kind.label for kind in SubjectKind],
        "place": [version.place for version in selectors.places_within(found.unit, found.season)],
    }
    rows = []
    for row in rejected:
        boxes = []
        for flaw in [row, *row.get("more", [])]:
            first, _, last = flaw["column"].partition(":")
            if last:
                columns = [letter(at) for at in range(index_of(first), index_of(last) + 1)]
                named = [(column, headings.get(row["sheet"], {}).get(column, column)) for column in columns]
                boxes.append({"columns": named, "message": flaw["message"]})
            elif first:
                box = {"column": first, "value": flaw["value"], "message": flaw["message"]}
                boxes.append(box | {"options": lists.get(flaw.get("choose", ""))})
            else:
                boxes.append({"message": flaw["message"]})
        rows.append({"place": f"{row['sheet']}!{row['row']}", "boxes": boxes} | row)
    return rows


@by_post("models_registry:import", "pk")
def import_mend(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """What was typed over refused cells: `o|sheet!row|column` is a text, `x|sheet!row` the column that gets the cross; `nhan`: which
    rows set aside count.
    """
    found = _import(request, pk)
    mends: dict[str, dict[str, str]] = {}
    for name in request.POST:
        text = request.POST.get(name, "")
        kind, _, rest = name.partition("|")
        if kind == "o":
            place, _, column = rest.rpartition("|")
            mends.setdefault(place, {})[column] = text
        elif kind == "x" and text:
            columns, _, chosen = text.partition("|")
            crosses = mends.setdefault(rest, {})
            crosses |= {column: "x" if column == chosen else "" for column in columns.split(",")}
    try:
        services.mend_import(import_id=found.pk, mends=mends, takes=request.POST.getlist("nhan"), actor=request.user)
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.info(request, "Cổng đã giữ các ô vừa sửa và dòng vừa nhận, đang đọc lại sổ.")
    return redirect("models_registry:import", pk=pk)


@require_safe
def import_marked(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The upload with its errors marked in it."""
    found = _import(request, pk)
    if not found.report.get("rejected") or not found.file:
        raise Http404
    try:
        file = marked_register(Path(found.file.path), found.report["rejected"], found.mends, Path(found.file_name).stem)
    except RegisterUnreadable as error:
        raise Http404 from error
    name = f"{Path(found.file_name).stem}-can-sua.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


@require_http_methods(["GET", "POST"])
def import_undo(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Undo a whole upload, after a page that says what will happen."""
    found = _import(request, pk)
    if found.state != "stored":
        raise Http404
    error = services.what_stands_on(found)
    if request.method == "POST":
        try:
            taken, back = services.undo_import(import_id=found.pk, actor=request.user)
        except NotAllowed as refused:
            raise PermissionDenied(str(refused)) from refused
        except DomainError as refused:
            error = str(refused)
        else:
            messages.success(request, f"Đã hủy: bỏ {taken} đăng ký mới, khôi phục {back} đăng ký đã đổi.")
            return redirect("models_registry:import", pk=pk)
    context = {"import": found, "season": found.season, "report": found.report, "error": error}
    return render(request, "work/import_undo.html", context, status=409 if request.method == "POST" else 200)


@require_safe
def template(request: HttpRequest, year: int) -> HttpResponseBase:
    """An empty register of a unit to fill in."""
    season = season_or_404(year)
    units = {version.unit.key: version for version in selectors.importable_units(request.user, season)}
    chosen = units.get(request.GET.get("don-vi", "")) or next(iter(units.values()), None)
    if chosen is None:
        raise Http404
    file = empty_register(
        title=f"{chosen.name}: đăng ký mô hình “Dân vận khéo” năm {season}",
        fields=[field.name for field in selectors.fields()],
        places=[version.place or version.name for version in selectors.places_within(chosen.unit, season)],
        first=season.opens_on,
        last=season.closes_on,
    )
    name = f"mau-so-{season}-{chosen.unit.key}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


@require_safe
def import_progress(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The moving part of the page, asked for by htmx; when the work has ended it has the page loaded anew."""
    found = _import(request, pk)
    response = render(request, "work/import_progress.html", {"import": found})
    if not found.is_under_way:
        response["HX-Refresh"] = "true"
    return response


@by_post("models_registry:import", "pk")
def import_confirm(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    found = _import(request, pk)
    answer = request.POST.get("cua", "")
    try:
        if answer in found.report.get("other_unit", {}).get("units", []):
            services.readdress_import(import_id=found.pk, unit_key=answer, actor=request.user)
            return redirect("models_registry:import", pk=pk)
        services.confirm_import(
            import_id=found.pk,
            accept_valid=request.POST.get("chi-dong-dung") == "1",
            is_of_unit=answer == found.unit.key,
            actor=request.user,
        )
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("models_registry:import", pk=pk)


@by_post("models_registry:import", "pk")
def import_cancel(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    found = _import(request, pk)
    if services.cancel_import(import_id=found.pk, actor=request.user):
        messages.info(request, "Đã dừng. Chưa nạp gì vào sổ năm.")
    else:
        messages.warning(request, "Việc đã xong trước khi dừng.")
    return redirect("models_registry:import", pk=pk)


@require_safe
def history(request: HttpRequest, year: int) -> HttpResponseBase:
    """All uploads of a season, or of one unit in it, newest first."""
    season = season_or_404(year)
    units = {version.unit.key: version for version in selectors.importable_units(request.user, season)}
    key = request.GET.get("don-vi", "")
    if not units or (key and key not in units):
        raise Http404
    found = selectors.imports_visible_to(request.user).filter(season=season)
    if key:
        found = found.filter(unit=units[key].unit)
    page = Paginator(selectors.without_reports(found), PAGE).get_page(request.GET.get("trang"))
    names = {version.unit_id: version.name for version in units.values()}
    context = {
        "season": season,
        "page": page,
        "rows": [(one, names.get(one.unit_id, one.unit.key)) for one in page],
        "links": page_links(page, {"don-vi": key}),
        "unit": units.get(key),
    }
    return render(request, "work/imports.html", context)
