"""Open data: the page that explains it, and its files. HTTP only."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from common.exports import ROW_LIMIT, XLSX
from models_registry import selectors as registry
from models_registry.exports import DEMO_NOTE
from models_registry.models import Season
from portal.exports.datasets import DATA_SETS, DataSet
from portal.exports.tables import csv_response, json_lines, xlsx_file
from portal.selectors.texts import licence

FORMS = ("csv", "json", "xlsx")


@login_not_required
@require_safe
def open_data(request: HttpRequest) -> HttpResponseBase:
    seasons = list(registry.seasons())
    context = {
        "seasons": seasons,
        "sets": DATA_SETS.values(),
        "forms": FORMS,
        "licence": licence(),
        "illustrative": any(season.is_illustrative for season in seasons),
    }
    return render(request, "portal/open_data.html", context)


@login_not_required
@require_safe
def download(request: HttpRequest, year: int, what: str, form: str) -> HttpResponseBase:
    season, chosen = registry.season_of(year), DATA_SETS.get(what)
    if season is None or chosen is None or form not in FORMS:
        raise Http404
    name = f"{chosen.slug}-{season}.{form}"
    if form == "xlsx":
        return _xlsx(season, chosen, name)
    rows = chosen.rows(season)
    if form == "csv":
        return csv_response(f"{chosen.slug}-{season}", chosen.columns, rows)
    lines = json_lines(_head(season, chosen), chosen.columns, rows)
    response = StreamingHttpResponse(lines, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _head(season: Season, chosen: DataSet) -> dict[str, Any]:
    note = {"note": DEMO_NOTE} if season.is_illustrative else {}
    return {
        "season": season.year,
        "set": chosen.slug,
        "cutoff_on": season.cutoff_on.isoformat(),
        "licence": licence(),
    } | note


def _xlsx(season: Season, chosen: DataSet, name: str) -> HttpResponseBase:
    notes = [DEMO_NOTE] if season.is_illustrative else []
    notes.append(f"Giấy phép, từ điển dữ liệu: trang Dữ liệu mở. Tệp Excel ghi nhiều nhất {ROW_LIMIT} dòng; tệp CSV ghi đủ.")
    rows = (row for _, row in zip(range(ROW_LIMIT), chosen.rows(season), strict=False))
    file = xlsx_file(f"{chosen.title} năm {season}", chosen.columns, rows, notes)
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)
