"""Registers sent as files: progress, stopping, throwing away, undoing, history. HTTP only."""

from pathlib import Path
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from common.exceptions import DomainError, NotAllowed
from common.exports import XLSX
from common.forms import pressed
from models_registry import selectors, services
from models_registry.enums import ImportState
from models_registry.models import ROWS_KEPT, RegisterImport
from models_registry.registers.handing_out import empty_register, marked_register
from models_registry.registers.refusing import RegisterUnreadable
from models_registry.views.common import PAGE, by_post, page_links, season_or_404
from organisation.requests import OfficerRequest


def import_or_404(request: OfficerRequest, pk: UUID) -> RegisterImport:
    return get_object_or_404(selectors.imports_visible_to(request.user), pk=pk)


@require_safe
def import_marked(request: OfficerRequest, pk: UUID) -> HttpResponseBase:
    """The upload with its errors marked in it."""
    found = import_or_404(request, pk)
    refused = selectors.refused_for_file(found)
    if not refused or not found.file:
        raise Http404
    try:
        mends = selectors.mends_by_column(found)
        parted = selectors.parted_for_file(found)
        file = marked_register(Path(found.file.path), refused, mends, Path(found.file_name).stem, parted)
    except RegisterUnreadable as error:
        raise Http404 from error
    name = f"{Path(found.file_name).stem}-can-sua.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


@require_http_methods(["GET", "POST"])
def import_undo(request: OfficerRequest, pk: UUID) -> HttpResponseBase:
    """Undo a whole upload, after a page that says what will happen."""
    found = import_or_404(request, pk)
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
def template(request: OfficerRequest, year: int) -> HttpResponseBase:
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
def import_progress(request: OfficerRequest, pk: UUID) -> HttpResponseBase:
    """The moving part of the page, asked for by htmx; when the work has ended it has the page reloaded."""
    found = import_or_404(request, pk)
    response = render(request, "work/import_progress.html", {"import": found})
    if not found.is_under_way:
        response["HX-Refresh"] = "true"
    return response


@by_post("models_registry:import", "pk")
def import_cancel(request: OfficerRequest, pk: UUID) -> HttpResponseBase:
    found = import_or_404(request, pk)
    if services.cancel_import(import_id=found.pk, actor=request.user):
        messages.info(request, "Đã dừng. Chưa nạp gì vào sổ năm.")
    else:
        messages.warning(request, "Việc đã xong trước khi dừng.")
    return redirect("models_registry:import", pk=pk)


@require_http_methods(["GET", "POST"])
def import_discard(request: OfficerRequest, pk: UUID) -> HttpResponseBase:
    """Throw an upload away, after a page that says what that means; or take it back."""
    found = import_or_404(request, pk)
    if found.state in (ImportState.STORED, ImportState.UNDONE):
        raise Http404
    error = ""
    if request.method == "POST":
        act = services.restore_import if pressed(request) == "lay-lai" else services.discard_import
        try:
            act(import_id=found.pk, actor=request.user)
        except NotAllowed as refused:
            raise PermissionDenied(str(refused)) from refused
        except DomainError as refused:
            error = str(refused)
        else:
            return redirect("models_registry:import", pk=pk)
    elif found.state == ImportState.DISCARDED:
        return redirect("models_registry:import", pk=pk)
    context = {"import": found, "rows": found.report.get("rows", 0), "error": error, "until": ROWS_KEPT.days}
    return render(request, "work/import_discard.html", context, status=409 if error else 200)


@require_safe
def history(request: OfficerRequest, year: int) -> HttpResponseBase:
    """All uploads of a season, or of one unit in it, newest first."""
    season = season_or_404(year)
    units = {version.unit.key: version for version in selectors.importable_units(request.user, season)}
    key = request.GET.get("don-vi", "")
    if not units or (key and key not in units):
        raise Http404
    found = selectors.imports_of(request.user, season, units[key].unit if key else None)
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
