"""The registrations behind a figure, and the papers. HTTP only."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from common.exports import DOCX, ROW_LIMIT, XLSX
from common.responses import sent_file
from models_registry.exports import REGISTRATION_COLUMNS
from models_registry.selectors import fields
from models_registry.views.common import address, excel, page_links
from organisation.requests import OfficerRequest
from organisation.selectors.units import unit_keyed, unit_on
from papers.word.filling import TemplateRefused
from reports.counted import unpack_ids
from reports.enums import ReportState
from reports.exports.files import paper_of
from reports.figures import FIGURES
from reports.models import Report
from reports.selectors import reading
from reports.selectors.evidence import adoptions_in, campaigns_in, facts_about
from reports.selectors.reconciling import rows_behind
from reports.views.common import PAGE, report_or_404

PDF = "application/pdf"
TYPES = {"docx": DOCX, "xlsx": XLSX, "pdf": PDF}


@require_safe
def rows(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """Exactly the registrations behind a figure, of a unit, of a field; or behind a finding."""
    found = report_or_404(request, pk)
    if found.facts is None:
        raise Http404
    asked = {
        name: request.GET.get(name, "")[:200]
        for name in ("so", "don-vi", "linh-vuc", "chu-de", "cho", "ky", "so-sanh", "nhan-rong")
    }
    if asked["nhan-rong"]:
        return _places(request, found, asked["nhan-rong"])
    title, ids = _behind(found, asked)
    if request.GET.get("tai") == "xlsx":
        whole = in_order(ids[:ROW_LIMIT], with_gone=False)
        return excel(f"dang-ky-da-dem-{pk}", title, REGISTRATION_COLUMNS, whole, illustrative=found.season.is_illustrative)
    page = Paginator(ids, PAGE).get_page(request.GET.get("trang"))
    context = {
        "report": found,
        "kind": reading.kind_for(found),
        "title": title,
        "page": page,
        "rows": list(in_order(list(page), with_gone=True)),
        "facts": facts_about(page, found.as_of) if asked["cho"] else {},
        "links": page_links(page, {name: value for name, value in asked.items() if value}),
        "excel": address({name: value for name, value in asked.items() if value}, tai="xlsx"),
    }
    return render(request, "reports/rows.html", context)


def _places(request: OfficerRequest, found: Report, which: str) -> HttpResponseBase:
    """The places that took a model on, or the campaigns, that the text counts."""
    packed = reading.facts_in(found).spread.rows.get(which)
    if packed is None:
        raise Http404
    page = Paginator(unpack_ids(packed), PAGE).get_page(request.GET.get("trang"))
    listed = campaigns_in(page) if which == "chien-dich" else adoptions_in(page)
    context = {
        "report": found,
        "page": page,
        "noun": "chiến dịch nhân rộng" if which == "chien-dich" else "nơi làm theo các mô hình",
        "in_span": which == "noi-lam-moi",
        "span": reading.facts_in(found).label,
        "rows": listed,
        "links": page_links(page, {"nhan-rong": which}),
    }
    return render(request, "reports/places.html", context)


STEP = 500


def in_order(ids: list[int], *, with_gone: bool) -> Iterator[Any]:
    """Those registrations in the order of the ids, some at a time; `with_gone`: None for one that is no longer in the register."""
    for start in range(0, len(ids), STEP):
        wanted = ids[start : start + STEP]
        there = {row.pk: row for row in rows_behind(wanted)}
        for pk in wanted:
            if with_gone or pk in there:
                yield there.get(pk)


def _behind(found: Report, asked: dict[str, str]) -> tuple[str, list[int]]:
    if asked["cho"]:
        problem = next((one for one in found.problems if one["key"] == asked["cho"]), None)
        if problem is None:
            raise Http404
        return problem["words"], problem["ids"]
    figure = FIGURES.get(asked["so"])
    if figure is None:
        raise Http404
    facts = reading.facts_in(found)
    what = figure.said(facts.own_level, facts.head)
    if theme := asked["chu-de"]:
        packed = facts.theme_rows.get(theme)
        if packed is None:
            raise Http404
        return f"{found.unit_name}: {what}, chủ đề “{theme}”", unpack_ids(packed)
    if asked["ky"] and (packed := facts.arrived_rows.get(figure.slug)):
        return f"{found.unit_name}: {what}, {facts.label}", unpack_ids(packed)
    if asked["so-sanh"] and facts.before and facts.before.units:
        return f"{found.unit_name}: {what}, {', '.join(facts.before.areas)}", reading.compared_rows(
            found, facts.before, figure.slug
        )
    unit = unit_keyed(asked["don-vi"]) if asked["don-vi"] else None
    about = next((one for one in fields() if one.name == asked["linh-vuc"]), None)
    if (asked["don-vi"] and unit is None) or (asked["linh-vuc"] and about is None):
        raise Http404
    ids = reading.counted_in(found).of(figure.slug, (unit.pk,) if unit else None, about.pk if about else None)
    where = unit_on(unit, found.as_of).short_name if unit else found.unit_name
    return f"{where}: {what}{f', {about.name.lower()}' if about else ''}", ids


@require_safe
def file(request: OfficerRequest, pk: int, name: str) -> HttpResponseBase:
    """A paper of the report: the frozen one as it was kept, a draft's as it stands now."""
    found = report_or_404(request, pk)
    if name not in TYPES or found.facts is None:
        raise Http404
    called = f"{found.kind}-{found.as_of:%Y%m%d}.{name}"
    if found.state == ReportState.FROZEN:
        return sent_file(getattr(found, name), called, TYPES[name])
    try:
        data = paper_of(found, name)
    except TemplateRefused as refused:
        messages.error(request, str(refused))
        return redirect("reports:report", pk=pk)
    response = HttpResponse(data, content_type=TYPES[name])
    response["Content-Disposition"] = f'attachment; filename="{called}"'
    response["Cache-Control"] = "private, no-store"
    return response
