"""The season at a glance: what is due, what is made, who has sent; asking for a report. HTTP only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from common.dates import today, write_day
from common.exceptions import DomainError, NotAllowed
from common.forms import pressed
from common.text import fold
from models_registry.models import Season
from models_registry.selectors import season_of, seasons, working_season
from models_registry.views.common import page_links
from organisation.models import Unit, UnitVersion
from organisation.permissions import units_where
from organisation.requests import OfficerRequest
from organisation.roles import May
from organisation.selectors.units import unit_on
from organisation.tree import tree_for
from reports import services
from reports.forms import AskedReportForm
from reports.kinds import ReportKind, kinds
from reports.models import Report
from reports.permissions import can_write
from reports.selectors import reading
from reports.selectors.overview import Due, overview
from reports.selectors.sent import matrix
from reports.views.common import PAGE


@dataclass(frozen=True)
class ReportsPage:
    """A season's reports: when each is due, which are made, and the form that asks for one."""

    seasons: QuerySet[Season]
    unit: UnitVersion
    whole: bool
    """Whether it is read by the body to which all units report."""
    due: list[Due]
    rows: Page[Report]
    links: list[tuple[int | None, str]]
    offered: list[tuple[str, str]]
    may_write: bool
    typed: Mapping[str, Any]
    day: str
    today: date


@require_http_methods(["GET", "POST"])
def home(request: OfficerRequest) -> HttpResponseBase:
    """What is due, what is made, who has sent; asking for a report of any day."""
    unit = reading.unit_worked_for(request.user)
    if unit is None or not units_where(request.user, May.SEE_BOARD):
        raise Http404
    form = AskedReportForm(request.POST)
    form.is_valid()
    season, errors, status = _season(request, form.cleaned_data["year"]), [], 200
    if request.method == "POST":
        try:
            return _ask(request, form, season, unit)
        except NotAllowed as refused:
            raise Http404 from refused
        except DomainError as refused:
            place = "loai" if "kind" in form.errors else "ngay"
            errors, status = [(place if can_write(request.user, unit) else "", str(refused))], 422
    day = tree_for(request.user).last_day(unit.pk, min(today(), season.last_day))
    whole = unit_on(unit, day).level.gathers_registers
    rows = Paginator(reading.listed(request.user, season), PAGE).get_page(request.GET.get("trang"))
    page = ReportsPage(
        seasons=seasons(),
        unit=unit_on(unit, day),
        whole=whole,
        due=overview(season, unit, today(), whole=whole),
        rows=rows,
        links=page_links(rows, {"nam": str(season.year)}),
        offered=_offered(season),
        may_write=can_write(request.user, unit),
        typed=form.data,
        day=form["day"].value() or "",
        today=today(),
    )
    return render(request, "reports/home.html", {"page": page, "season": season, "errors": errors}, status=status)


@require_safe
def sent(request: OfficerRequest) -> HttpResponseBase:
    """Which unit has sent which report: for the body to which they report."""
    unit, season = reading.unit_worked_for(request.user), _season(request)
    day = tree_for(request.user).last_day(unit.pk, min(today(), season.last_day)) if unit else today()
    if unit is None or not units_where(request.user, May.SEE_BOARD) or not unit_on(unit, day).level.gathers_registers:
        raise Http404
    due = [one for one in overview(season, unit, today(), whole=True) if one.total]
    asked = {name: request.GET.get(name, "")[:80] for name in ("q", "loai", "thieu")}
    shown = [one for one in due if asked["loai"] in ("", one.kind.slug)]
    words = fold(asked["q"])
    lines = [
        line
        for line in matrix(shown)
        if words in fold(f"{line.name} {line.version.short_name}") and (asked["thieu"] != "1" or line.missing)
    ]
    page = Paginator(lines, PAGE).get_page(request.GET.get("trang"))
    given = {name: value for name, value in asked.items() if value} | {"nam": str(season.year)}
    context = {
        "season": season,
        "unit": unit_on(unit, day),
        "due": shown,
        "kinds": sorted({one.kind.slug: one.kind.name for one in due}.items()),
        "asked": asked,
        "page": page,
        "links": page_links(page, given),
    }
    return render(request, "reports/sent.html", context)


def _offered(season: Season) -> list[tuple[str, str]]:
    """(kind, what its report is called when no day is named), as the form offers them."""
    year, cutoff = season.year, season.cutoff_on
    open_ones = [kind for kind in kinds() if max(kind.due(year, cutoff)) >= season.opens_on]
    open_ones.sort(key=lambda kind: -len(kind.due(year, cutoff)))  # what is written most often first
    return [(one.slug, one.titled(year, cutoff, one.own_day(year, cutoff, season.opens_on, today()))) for one in open_ones]


def _ask(request: OfficerRequest, form: AskedReportForm, season: Season, unit: Unit) -> HttpResponseBase:
    if not form.is_valid():
        raise DomainError(form.error)
    kind = form.cleaned_data["kind"]
    day = form.cleaned_data["day"] or kind.own_day(season.year, season.cutoff_on, season.opens_on, today())
    if pressed(request) == "nhac":
        return _remind(request, kind, season, unit, day, sends=form.cleaned_data["sends"])
    made, is_new = services.ask_report(kind=kind.slug, season=season, unit=unit, day=day, actor=request.user)
    if made.as_of < day:
        until = write_day(made.as_of)
        messages.info(request, f"Năm {season} kết thúc ngày {until}: báo cáo tính đến ngày ấy, theo các đơn vị của năm ấy.")
    if not is_new:
        messages.success(request, "Báo cáo của ngày ấy đã có; đây là trang của nó.")
    return redirect("reports:report", pk=made.pk)


def _remind(request: OfficerRequest, kind: ReportKind, season: Season, unit: Unit, day: date, *, sends: bool) -> HttpResponseBase:
    """Whom it would go to and what it says; sent only from there (`gui`)."""
    due = next((one for one in overview(season, unit, today(), whole=True) if (one.kind, one.day) == (kind, day)), None)
    missing = due.missing if due else []
    if missing and not sends:
        context = {"season": season, "kind": kind, "day": day, "missing": missing}
        context["called"] = kind.titled(season.year, season.cutoff_on, day)
        return render(request, "reports/remind.html", context)
    units = [one.unit for one in missing]
    told = services.remind_missing(kind=kind, season=season, day=day, units=units, actor=request.user)
    messages.success(
        request, f"Đã nhắc {told} người ở các đơn vị chưa gửi." if told else "Hôm nay đã nhắc rồi, hoặc chưa có ai nhận tin."
    )
    return redirect(f"{reverse('reports:home')}?nam={season.year}")


def _season(request: OfficerRequest, sent: str = "") -> Season:
    """The season that the address names, else the one that was sent, else the one that one works in."""
    year = request.GET.get("nam", sent)
    found = season_of(int(year)) if year.isascii() and year.isdecimal() and len(year) == 4 else working_season(request.user)
    if found is None:
        raise Http404
    return found
