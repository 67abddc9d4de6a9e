"""The figures of a season as of a day, over the years, and the lists behind each number. HTTP only."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common.bars import Bar, bars
from common.dates import read_day, today, write_day
from common.exports import XLSX
from models_registry import selectors as registry
from models_registry.exports import DEMO_NOTE, REGISTRATION_COLUMNS
from models_registry.models import Field, Registration, Season, Theme
from organisation.grouping import NAMED_AT_MOST, UnitGroup, grouped
from organisation.models import Unit, UnitVersion
from organisation.naming import LevelName, head_level_on
from organisation.selectors.names import own_level_on
from organisation.selectors.units import reporting_units, unit_keyed, unit_on
from portal import filters
from portal.exports.figures import tables
from portal.exports.tables import csv_response, xlsx_file
from portal.selectors.vocabulary import unit_teller, vocabulary
from portal.selectors.years import YearLine, years
from portal.templatetags.look import said_day
from portal.views.by_unit import COLUMNS, ByUnit, by_unit, origins_of
from portal.views.downloads import sheet
from reports.exports.tally import tally_columns
from reports.figures import FIGURES, Figure, counted_day, usual_day, why_earlier
from reports.selectors import Tally, UnitTally, listed, tally


def without(lines: list[UnitTally]) -> str:
    """', trừ Đức Linh': the units that did nothing are named while they are few."""
    if not lines or len(lines) > NAMED_AT_MOST:
        return ""
    names = [line.unit.short_name for line in lines]
    return _(", trừ %s") % (_(" và ").join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0])


def figures_href(season: Season, day: date) -> str:
    return f"{reverse('portal:figures')}?{urlencode({'nam': season.year, 'ngay': day.isoformat()})}"


def list_href(season: Season, day: date, figure: str, unit: str = "", **more: str | list[str]) -> str:
    asked: dict[str, Any] = {"nam": season.year, "ngay": day.isoformat(), "so": figure, "don-vi": unit} | {
        name.replace("_", "-"): value for name, value in more.items()
    }
    return f"{reverse('portal:figure-list')}?{urlencode({name: value for name, value in asked.items() if value}, doseq=True)}"


Link = tuple[str, int, str]
"""(words, number, the list that it counts)"""


@dataclass(frozen=True)
class FiguresPage:
    """A season's figures as of a day, each with the list that it counts, and beside those of other seasons."""

    season: Season
    seasons: Sequence[Season]
    day: date
    typed_day: str
    after_season: str
    marks: list[tuple[date, str, bool]]
    """(a day that is often asked for, its address, whether it is the one)"""
    tally: Tally
    later: Tally | None
    """What was decided above the units up to now, where the day is earlier."""
    own_level: str
    own_head: str
    totals: list[tuple[int, str]]
    groups: list[tuple[str, list[dict[str, Any]]]]
    """The units by level; empty where they are many."""
    many: ByUnit | None
    bars: list[Bar]
    fields: list[Link]
    themes: list[Link]
    without: str
    without_recognition: str
    links: dict[str, str]
    later_links: dict[str, str]
    address: str
    excel: str
    files: dict[str, list[tuple[str, str]]]
    years: list[dict[str, Any]]
    year_bars: list[Bar]


@login_not_required
@require_safe
def figures(request: HttpRequest) -> HttpResponseBase:
    season, day, errors = _season_and_day(request)
    if season is None:
        return render(request, "portal/empty.html", {"errors": errors})
    words = vocabulary()
    found = tally(season, day, fields=words.fields)
    last = today()  # what is decided above the units may come after the year
    over, later = years(words.seasons, today(), (season, last))
    if (form := request.GET.get("tai", "")) in ("xlsx", "csv"):
        return _table(request.GET.get("bang", "don-vi"), form, found, over)
    many = by_unit(found, request.GET, partial(list_href, season, day))
    page = FiguresPage(
        season=season,
        seasons=words.seasons,
        day=day,
        after_season=_after_season(request, season, day) if not errors else "",
        typed_day=request.GET.get("ngay", "") if errors else write_day(day),
        tally=found,
        later=later if day < last else None,
        own_level=found.own_level.said_level,
        own_head=_("%(who)s công nhận") % {"who": found.own_level.said_tier},
        groups=[] if many else _groups(found, season, day),
        many=many,
        totals=[(getattr(found, name), list_href(season, day, slug)) for name, slug in COLUMNS],
        address=figures_href(season, day),
        fields=[
            (_(one.name), found.by_field.get(one.name, 0), list_href(season, day, "dang-ky", linh_vuc=one.slug))
            for one in words.fields
        ],
        themes=[(label, number, list_href(season, day, "dang-ky", chu_de=str(pk))) for pk, label, number in found.themes],
        bars=[] if many else _unit_bars(found, season, day),
        marks=_marks(season, day),
        without=without(found.not_proposing),
        without_recognition=without(found.not_recognising),
        links={slug.replace("-", "_"): list_href(season, day, slug) for slug in FIGURES},
        later_links={slug.replace("-", "_"): list_href(season, last, slug) for slug in FIGURES},
        excel=f"{figures_href(season, day)}&tai=xlsx",
        files=_files(figures_href(season, day)),
        years=[_year(line) for line in over],
        year_bars=_year_bars(over),
    )
    context = {"page": page, "errors": errors, "illustrative": season.is_illustrative}
    return render(request, "portal/figures.html", context)


def _marks(season: Season, day: date) -> list[tuple[date, str, bool]]:
    """(a day that is often asked for, its address, whether it is the one) of each."""
    now = today()
    marks = {date(season.year, 3, 31), date(season.year, 6, 30), season.cutoff_on, season.last_day, min(now, season.last_day)}
    return [(mark, figures_href(season, mark), mark == day) for mark in sorted(marks) if season.opens_on <= mark <= now]


def _unit_bars(found: Tally, season: Season, day: date) -> list[Bar]:
    href = partial(list_href, season, day, "dang-ky")
    return bars([(line.unit.name, href(line.unit.unit.key), line.new, line.maintained) for line in found.units])


def _year_bars(over: list[YearLine]) -> list[Bar]:
    href = figures_href
    rows = [(str(one.season), href(one.season, one.counted.as_of), one.counted.new, one.counted.maintained) for one in over]
    return bars(rows, as_given=True)


def _files(address: str) -> dict[str, list[tuple[str, str]]]:
    """table -> (a format, where it is downloaded) of each."""
    return {
        slug.replace("-", "_"): [
            (form.upper() if form == "csv" else "Excel", f"{address}&bang={slug}&tai={form}") for form in ("csv", "xlsx")
        ]
        for slug in ("don-vi", "linh-vuc", "chu-de", "nam")
    }


def _year(line: YearLine) -> dict[str, Any]:
    """A season's row in the table of years: each number with the list that it counts."""
    counted, final, season = line.counted, line.final, line.season
    cells = [(getattr(counted, name), list_href(season, counted.as_of, slug)) for name, slug in YEAR_COLUMNS]
    cells += [
        (final.province_recognised, list_href(season, final.as_of, "cap-tinh")),
        (final.central_introduced, list_href(season, final.as_of, "trung-uong")),
    ]
    return {"season": season, "counted": counted, "final": final, "cells": cells}


YEAR_COLUMNS = (
    ("registered", "dang-ky"),
    ("new", "moi"),
    ("maintained", "duy-tri"),
    ("district_recognised", "cap-huyen"),
    ("province_proposed", "de-nghi"),
)


def _table(slug: str, form: str, found: Tally, over: list[YearLine]) -> HttpResponseBase:
    """One table of the figures page as a file; the units' as Excel has the columns of the reports."""
    table = tables(found, over).get(slug)
    if table is None:
        raise Http404
    season, day = found.season, found.as_of
    name = f"so-lieu-{slug}-{season}-{day:%Y%m%d}"
    title = f"Số liệu mô hình “Dân vận khéo” năm {season}, tính đến {write_day(day)}: {table.title.lower()}"
    if form == "csv":
        return csv_response(name, table.columns, table.rows)
    if slug == "don-vi":
        return sheet(name, title, tally_columns(found), found.units, season)
    notes = [DEMO_NOTE] if season.is_illustrative else []
    file = xlsx_file(title, table.columns, table.rows, notes, has_total=table.adds_up)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)


def _groups(found: Tally, season: Season, day: date) -> list[tuple[str, list[dict[str, Any]]]]:
    """The table's lines under the names of their levels; each number with the list that it counts."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for line in found.units:
        key = line.unit.unit.key
        cells = [(getattr(line, name), list_href(season, day, slug, key)) for name, slug in COLUMNS]
        level = line.unit.level.names_on(day).said_name if line.reports else _("Không còn báo cáo vào ngày này")
        groups.setdefault(level, []).append({"unit": line.unit, "cells": cells, "from": origins_of([line])})
    return list(groups.items())


def _season_and_day(request: HttpRequest, *, is_above: bool = False) -> tuple[Season | None, date, list[tuple[str, str]]]:
    """The season and day asked for; what cannot be read is told beside its field and answered with the cut-off day."""
    errors: list[tuple[str, str]] = []
    year = request.GET.get("nam", "").strip()
    words = vocabulary()
    season = next((one for one in words.seasons if str(one.year) == year), None)
    if year and season is None:
        errors.append(("nam", _("Không có số liệu năm “%s”.") % year[:20]))
    season = season or words.newest
    typed = request.GET.get("ngay", "").strip()[:40]
    day = read_day(typed) if typed else None
    if typed and day is None:
        said = {"typed": typed, "day": write_day(season.cutoff_on if season else today())}
        errors.append(("ngay", _("Ngày “%(typed)s” không có thật; viết ngày/tháng/năm, ví dụ %(day)s.") % said))
    elif day and season and day < season.opens_on:
        errors.append(
            ("ngay", _("Năm %(year)s bắt đầu nhận đăng ký từ %(day)s.") % {"year": season, "day": said_day(season.opens_on)})
        )
        day = None
    if day is None:
        day = usual_day(season) if season else today()
    return season, min(day, today()) if season is None or is_above else counted_day(season, day), errors


def _after_season(request: HttpRequest, season: Season, day: date) -> str:
    """Why the answer is as of another day than the one that was asked for; empty where it is not."""
    asked = read_day(request.GET.get("ngay", "").strip()[:40])
    return why_earlier(season, asked, day, said_day) if asked else ""


def _decided_later(season: Season, day: date) -> str:
    """What a list as of a day after the season holds; empty for a day within it."""
    if day <= season.last_day:
        return ""
    said = _("Đăng ký của năm %(year)s, kể cả quyết định ban hành sau ngày %(day)s.")
    return said % {"year": season, "day": said_day(season.last_day)}


Named = TypeVar("Named")


def _groups_named(keys: list[str], day: date) -> list[UnitGroup]:
    """The groups of units with these keys; 404 for what is none."""
    groups = [group for group in grouped(reporting_units(day), day) if group.key in keys] if keys else []
    if len(groups) != len(set(keys)):
        raise Http404
    return groups


def _named_or_404(name: str, read: Callable[[str], Named | None]) -> Named | None:
    """What a name of the address stands for; 404 where it stands for nothing."""
    found = read(name) if name else None
    if name and found is None:
        raise Http404
    return found


@dataclass(frozen=True)
class _Asked:
    """The list behind a figure, as its address asks for it."""

    figure: Figure
    season: Season
    day: date
    unit: Unit | None
    field: Field | None
    theme: Theme | None
    groups: list[UnitGroup]

    @cached_property
    def version(self) -> UnitVersion | None:
        return unit_on(self.unit, self.day) if self.unit else None

    @cached_property
    def own(self) -> LevelName:
        """What the units that it counts are called, and the honour that they give."""
        return self.version.level.names_on(self.day) if self.version else own_level_on(self.day)

    @cached_property
    def head(self) -> LevelName:
        return head_level_on(self.day)

    @property
    def units(self) -> list[int]:
        """Whose registrations it holds; none for everybody's."""
        return [self.unit.pk] if self.unit else [version.unit_id for group in self.groups for version in group.units]

    @property
    def where(self) -> str:
        if self.version:
            return self.version.name
        return ", ".join(group.title for group in self.groups) or _("Toàn {tinh}").format(tinh=self.head.said_place)

    @property
    def title(self) -> str:
        """What it is called as a file."""
        within = f"{', lĩnh vực ' + self.field.name if self.field else ''}{f', chủ đề {self.theme}' if self.theme else ''}"
        return f"{self.where}: {self.figure.said(self.own.honour, self.head.place)}{within}"

    @property
    def label(self) -> str:
        return _(self.figure.label).format(cap=self.own.said_level, tinh=self.head.said_place)


def _asked_list(request: HttpRequest) -> _Asked:
    """404 where the address names what is not there."""
    figure = FIGURES.get(request.GET.get("so", "dang-ky"))
    is_above = figure is not None and figure.is_above and not request.GET.keys() & {"don-vi", "nhom"}
    season, day, errors = _season_and_day(request, is_above=is_above)
    if season is None or figure is None or errors:
        raise Http404
    return _Asked(
        figure,
        season,
        day,
        unit=_named_or_404(request.GET.get("don-vi", ""), unit_keyed),
        field=_named_or_404(request.GET.get("linh-vuc", ""), registry.field_named),
        theme=_named_or_404(request.GET.get("chu-de", ""), partial(registry.theme_numbered, season.period)),
        groups=_groups_named(request.GET.getlist("nhom"), day),
    )


KEPT_IN_ADDRESS = ("nam", "ngay", "so", "don-vi", "linh-vuc", "chu-de")


def _address(request: HttpRequest, **more: str) -> str:
    """Where the same list is, on another page or as a file."""
    kept: dict[str, Any] = {name: value for name in KEPT_IN_ADDRESS if (value := request.GET.get(name))}
    kept |= {name: value for name, value in {"nhom": request.GET.getlist("nhom"), **more}.items() if value}
    return f"?{urlencode(kept, doseq=True)}"


@dataclass(frozen=True)
class FigureListPage:
    """A page of the registrations behind a figure."""

    day: date
    after_season: str
    label: str
    where: str
    field: Field | None
    theme: Theme | None
    total: int
    rows: list[Registration]
    units: dict[int, str]
    """registration id -> its unit as it is said beside the others"""
    pager: filters.Page
    back: str
    excel: str


@login_not_required
@require_safe
def figure_list(request: HttpRequest) -> HttpResponseBase:
    asked = _asked_list(request)
    figure, season, day = asked.figure, asked.season, asked.day
    rows = listed(request.user, figure, season, day, units=asked.units, field=asked.field, theme=asked.theme)
    if request.GET.get("tai") == "xlsx":
        return sheet(f"danh-sach-{figure.slug}-{season}", asked.title, REGISTRATION_COLUMNS, rows, season)
    total = rows.count()
    pager = filters.page(request.GET.get("trang", "1"), total, 50, partial(_address, request))
    shown, told = list(rows[pager.start : pager.stop]), unit_teller()
    page = FigureListPage(
        day=day,
        after_season=_decided_later(season, day) or _after_season(request, season, day),
        label=asked.label,
        where=asked.where,
        field=asked.field,
        theme=asked.theme,
        total=total,
        rows=shown,
        units={row.pk: told(row) for row in shown},
        pager=pager,
        back=figures_href(season, day),
        excel=_address(request, tai="xlsx"),
    )
    context = {"page": page, "season": season, "illustrative": season.is_illustrative}
    return render(request, "portal/figure_list.html", context)
