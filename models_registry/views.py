"""The workplace: the season's board, uploading a register, themes. HTTP only."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.dates import today
from common.exceptions import DomainError, NotAllowed
from common.exports import ROW_LIMIT, XLSX, write_xlsx
from models_registry import selectors, services
from models_registry.exports import DEMO_NOTE, REGISTRATION_COLUMNS
from models_registry.forms import ThemeFormSet, UploadForm
from models_registry.models import RegisterImport, Season
from models_registry.permissions import can_import_register
from organisation.models import UnitVersion
from organisation.permissions import can_edit_themes
from organisation.selectors import board_units, children, importable_units, unit_on

PAGE = 50


def _season(year: int) -> Season:
    season = selectors.season_of(year)
    if season is None:
        raise Http404
    return season


@require_safe
def work(request: HttpRequest) -> HttpResponseBase:
    season = selectors.newest_season()
    if season and board_units(request.user, season.cutoff_on).exists():
        return redirect("models_registry:board", year=season.year)
    return render(request, "work/nothing.html")


@require_safe
def board(request: HttpRequest, year: int) -> HttpResponseBase:
    """All units of a province officer, or one unit's register (`?don-vi=`); what one may not see is not there."""
    season = _season(year)
    units = list(board_units(request.user, season.cutoff_on))
    key = request.GET.get("don-vi", "")
    chosen = next((version for version in units if version.unit.key == key), None)
    if not units or (key and chosen is None):
        raise Http404
    if chosen is None and len(units) > 1:
        return _cover(request, season, units)
    return _register(request, season, chosen or units[0], len(units) > 1)


def _cover(request: HttpRequest, season: Season, units: list[UnitVersion]) -> HttpResponseBase:
    lines = selectors.season_cover(request.user, units, season)
    waiting = [version for version, count, _ in lines if not count]
    context = {
        "season": season,
        "lines": lines,
        "total": sum(count for _, count, _ in lines),
        "sent": len(lines) - len(waiting),
        "waiting": waiting,
        "may_import": bool(importable_units(request.user, season.last_day)),
        "days_left": (season.cutoff_on - today()).days,
        "illustrative": season.is_illustrative,
    }
    return render(request, "work/cover.html", context)


STATES = (("", "Tất cả", None), ("dang-giu", "Đã nhận", False), ("da-rut", "Đã rút", True))


def _register(request: HttpRequest, season: Season, version: UnitVersion, is_one_of_many: bool) -> HttpResponseBase:
    asked = {name: value for name in ("don-vi", "q", "xa", "lv", "tt") if (value := request.GET.get(name, "").strip())}
    places = {place.unit.key: place for place in children(version.unit, season.cutoff_on)}
    fields = {field.slug: field for field in selectors.fields()}
    place, field = places.get(asked.get("xa", "")), fields.get(asked.get("lv", ""))
    state = next((state for state in STATES if state[0] == asked.get("tt", "")), STATES[0])
    wanted = selectors.BoardFilter(
        words=asked.get("q", ""),
        place=place.unit_id if place else None,
        field=field.pk if field else None,
        withdrawn=state[2],
    )
    rows = selectors.board_rows(request.user, version.unit, season, wanted)
    if request.GET.get("tai") == "xlsx":
        listed = rows[:ROW_LIMIT].iterator(chunk_size=2000)
        title = f"{version.name}: đăng ký mô hình “Dân vận khéo” năm {season}"
        file = write_xlsx(title, REGISTRATION_COLUMNS, listed, notes=[DEMO_NOTE] if season.is_illustrative else [])
        name = f"dang-ky-{season}-{version.unit.key.rpartition('/')[2]}.xlsx"
        return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)
    counts = selectors.board_counts(request.user, version.unit, season)
    page = Paginator(rows, PAGE).get_page(request.GET.get("trang"))

    def href(**changes: str) -> str:
        kept = {name: value for name, value in (asked | {k.replace("_", "-"): v for k, v in changes.items()}).items() if value}
        return "?" + urlencode(kept)

    context = {
        "season": season,
        "unit": version,
        "is_one_of_many": is_one_of_many,
        "counts": counts,
        "cover": [
            (place, standing, withdrawn, href(xa=place.unit.key))
            for place, standing, withdrawn in selectors.board_cover(request.user, version.unit, season)
        ],
        "tabs": [
            (label, counts[{None: "all", False: "standing", True: "withdrawn"}[value]], href(tt=slug), slug == state[0])
            for slug, label, value in STATES
        ],
        "page": page,
        "links": [
            (n if isinstance(n, int) else None, href(trang=str(n))) for n in page.paginator.get_elided_page_range(page.number)
        ],
        "asked": asked,
        "places": places.values(),
        "fields": fields.values(),
        "may_import": can_import_register(request.user, version.unit, season),
        "imports": selectors.recent_imports(request.user, version.unit, season),
        "days_left": (season.cutoff_on - today()).days,
        "excel": href(tai="xlsx"),
        "illustrative": season.is_illustrative,
    }
    return render(request, "work/board.html", context)


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, year: int) -> HttpResponseBase:
    season = _season(year)
    units = list(importable_units(request.user, season.last_day)) or list(importable_units(request.user, season.opens_on))
    if not units:
        raise Http404
    initial = {"unit": key} if (key := request.GET.get("don-vi", "")) else {}
    form = UploadForm(request.POST or None, request.FILES or None, units=units, season=season, initial=initial)
    if request.method == "POST" and form.is_valid():
        unit = next(version.unit for version in units if version.unit.key == form.cleaned_data["unit"])
        try:
            kept = services.upload_register(file=form.cleaned_data["file"], season=season, unit=unit, actor=request.user)
        except DomainError as error:
            form.add_error("file", str(error))
        else:
            return redirect("models_registry:import", pk=kept.pk)
    context = {
        "form": form,
        "season": season,
        "errors": [(f"id_{name}", words[0]) for name, words in form.errors.items()],
    }
    return render(request, "work/upload.html", context, status=422 if form.errors else 200)


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
        "rejected": rejected,
        "preview": preview,
        "illustrative": found.season.is_illustrative,
    }
    return render(request, "work/import.html", context)


@require_safe
def import_progress(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The moving part of the page, asked for by htmx; when the work has ended it has the page loaded anew."""
    found = _import(request, pk)
    response = render(request, "work/import_progress.html", {"import": found})
    if not found.is_under_way:
        response["HX-Refresh"] = "true"
    return response


@require_POST
def import_confirm(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    found = _import(request, pk)
    try:
        services.confirm_import(import_id=found.pk, accept_valid=request.POST.get("chi-dong-dung") == "1", actor=request.user)
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("models_registry:import", pk=pk)


@require_POST
def import_cancel(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    found = _import(request, pk)
    if services.cancel_import(import_id=found.pk, actor=request.user):
        messages.info(request, "Đã dừng. Chưa nạp gì vào sổ năm.")
    else:
        messages.warning(request, "Việc đã xong trước khi dừng.")
    return redirect("models_registry:import", pk=pk)


@require_http_methods(["GET", "POST"])
def themes(request: HttpRequest) -> HttpResponseBase:
    if not can_edit_themes(request.user):
        raise Http404
    season = selectors.newest_season()
    if season is None:
        raise Http404
    formset = ThemeFormSet(request.POST or None, queryset=selectors.themes(season.period))
    if request.method == "POST" and formset.is_valid():
        labels = {form.instance.pk: form.cleaned_data["label"] for form in formset.initial_forms}
        changed = services.name_themes(period_id=season.period_id, labels=labels, actor=request.user)
        messages.success(request, f"Đã lưu {changed} chủ đề." if changed else "Không có gì thay đổi.")
        return redirect("models_registry:themes")
    return render(request, "work/themes.html", {"formset": formset, "season": season})
