"""The public pages. HTTP only: read the address, ask a selector, show."""

import re
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from common.bars import bars
from common.dates import read_day, today, write_day
from common.exports import ROW_LIMIT, XLSX, Column, write_xlsx
from models_registry import selectors as registry
from models_registry.exports import DEMO_NOTE, REGISTRATION_COLUMNS
from models_registry.models import Season
from portal import charts, filters, selectors
from recognition.selectors.certificates import verified
from reports.exports.tally import tally_columns
from reports.figures import FIGURES
from reports.selectors import Tally, UnitTally, listed, tally


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponseBase:
    found = selectors.home(request.user, today())
    if found is None:
        return render(request, "portal/empty.html")
    facts = _facts(found)
    counts = {unit.unit_id: number for unit, number in found.units}
    on_map = [unit for unit, _ in found.units]
    ranked = sorted(found.units, key=lambda item: -item[1])
    context = {
        "home": found,
        "season": found.season,
        "illustrative": found.season.is_illustrative,
        "facts": zip(facts, charts.flow([fact["number"] for fact in facts], found.counted.new), strict=True),
        "map": charts.district_map(on_map, found.places, counts),
        "placed": [item for item in ranked if item[0].latitude is not None],
        "unplaced": [item for item in ranked if item[0].latitude is None],
        "figures_href": _figures_href(found.season, found.counted.as_of),
        "top_slug": found.featured[0].honours[0][0] if found.featured and found.featured[0].honours else "",
    }
    return render(request, "portal/home.html", context)


def _facts(found: selectors.Home) -> list[dict[str, Any]]:
    """The five facts of a season: number, words, small words, the list that it counts."""
    season, at_cutoff, at_end = found.season, found.counted, found.final
    return [
        {
            "number": at_cutoff.total,
            "words": "mô hình đăng ký cấp huyện",
            "new": at_cutoff.new,
            "maintained": at_cutoff.maintained,
            "small": f"Tính đến {write_day(at_cutoff.as_of)}",
            "href": _list_href(season, at_cutoff.as_of, "dang-ky"),
        },
        {
            "number": at_cutoff.district_recognised,
            "words": "được cấp huyện công nhận",
            "small": f"{at_cutoff.recognising_units}/{len(at_cutoff.reporting)} đơn vị đã công nhận",
            "href": _list_href(season, at_cutoff.as_of, "cap-huyen"),
        },
        {
            "number": at_cutoff.province_proposed,
            "words": "được đề nghị lên tỉnh",
            "small": f"{at_cutoff.proposing_units}/{len(at_cutoff.reporting)} đơn vị{_without(at_cutoff.not_proposing)}",
            "href": _list_href(season, at_cutoff.as_of, "de-nghi"),
        },
        {
            "number": at_end.province_recognised,
            "words": "được tỉnh công nhận",
            "small": f"{at_end.province_collective} tập thể, {at_end.province_individual} cá nhân",
            "href": _list_href(season, at_end.as_of, "cap-tinh"),
        },
        {
            "number": at_end.central_introduced,
            "words": "được giới thiệu Trung ương",
            "small": f"Đến {write_day(at_end.as_of)}",
            "href": _list_href(season, at_end.as_of, "trung-uong"),
        },
    ]


NAMED_AT_MOST = 4


def _without(lines: list[UnitTally]) -> str:
    """', trừ Đức Linh': the units that did nothing are named while they are few."""
    if not lines or len(lines) > NAMED_AT_MOST:
        return ""
    names = [line.unit.short_name for line in lines]
    return ", trừ " + (" và ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0])


def _figures_href(season: Season, day: date) -> str:
    return f"{reverse('portal:figures')}?{urlencode({'nam': season.year, 'ngay': day.isoformat()})}"


def _list_href(season: Season, day: date, figure: str, unit: str = "", **more: str) -> str:
    asked = {"nam": season.year, "ngay": day.isoformat(), "so": figure, "don-vi": unit} | {
        name.replace("_", "-"): value for name, value in more.items()
    }
    return f"{reverse('portal:figure-list')}?{urlencode({name: value for name, value in asked.items() if value})}"


@login_not_required
@require_safe
def catalogue(request: HttpRequest) -> HttpResponseBase:
    words = selectors.vocabulary(request.GET.get("nam", ""))
    asked = filters.read(request.GET, words)
    counts, meant = registry.count(request.user, asked.filter), None
    if asked.filter.words and not counts.total:
        meant = registry.near_miss(request.user, asked.filter)
        if meant:
            asked.filter = replace(asked.filter, words=meant.folded)
            counts = registry.count(request.user, asked.filter)
    orders = filters.ordered(asked, counts)
    rows = registry.find(request.user, asked.filter)
    if request.GET.get("tai") == "xlsx":
        return _xlsx("mo-hinh", "Mô hình “Dân vận khéo”", REGISTRATION_COLUMNS, registry.for_export(rows))
    page = registry.card_page(rows, asked.filter.order, filters.cursor(request.GET, asked))
    context = {
        "asked": asked,
        "q": asked.filter.words if meant else asked.given.get("q", ""),
        "typed": asked.given.get("q", ""),
        "meant": meant,
        "counts": counts,
        "limit": registry.COUNT_LIMIT,
        "cards": selectors.cards(page.rows, words.levels),
        "page": page,
        "until": page.start + len(page.rows),
        "first": asked.href() if page.previous else "",
        "previous": asked.href(truoc=page.previous) if page.previous else "",
        "following": asked.href(sau=page.following) if page.following else "",
        "chips": filters.chips(asked, words),
        "facets": filters.facets(asked, words, selectors.count_more(request.user, asked.filter, words, counts)),
        "orders": orders,
        "excel": asked.href(tai="xlsx"),
        "illustrative": any(season.is_illustrative for season in words.seasons),
        "ways_on": _ways_on(asked) if not counts.total else [],
    }
    return render(request, "portal/catalogue.html", context)


SUGGESTED = 6


@login_not_required
@require_safe
def suggest(request: HttpRequest) -> HttpResponseBase:
    """What may be meant by what is being typed: places, fields, models; asked for by the search box's script."""
    typed = request.GET.get("q", "").strip()[:100]
    words = selectors.vocabulary()
    found = selectors.suggest(request.user, typed, words, SUGGESTED) if len(typed) > 1 else []
    response = render(request, "portal/suggest.html", {"found": found, "q": typed})
    response["Cache-Control"] = "public, max-age=60"
    return response


def _ways_on(asked: filters.Asked) -> list[tuple[str, str]]:
    """For a search that found nothing: the same search without its filters, then everything."""
    ways = []
    if asked.filter.words and len(asked.given) > 1:
        ways.append((f"Tìm “{asked.filter.words}”, bỏ các bộ lọc", "?" + urlencode({"q": asked.filter.words})))
    if asked.filter.words:
        rest = {name: value for name, value in asked.given.items() if name != "q"}
        if rest:
            ways.append(("Giữ bộ lọc, bỏ từ khóa", "?" + urlencode(rest)))
    return [*ways, ("Xem tất cả mô hình", "?")]


@login_not_required
@require_safe
def verify_any(request: HttpRequest) -> HttpResponseBase:
    """Where the code of a certificate is typed."""
    code = "".join(request.GET.get("ma", "").split()).lower()
    if code and re.fullmatch(r"[a-z0-9-]{1,40}", code):
        return redirect("portal:verify", code=code)
    return render(request, "portal/verify.html", {"typed": code[:40]}, status=422 if code else 200)


@login_not_required
@require_safe
def verify(request: HttpRequest, code: str) -> HttpResponseBase:
    """What a certificate's code proves: what was recognised, by whom, when, whether it stands; nothing else."""
    proof = verified(code)
    context = {"proof": proof, "typed": "" if proof else code[:40], "illustrative": proof.is_illustrative if proof else False}
    response = render(request, "portal/verify.html", context, status=200 if proof else 404)
    response["X-Robots-Tag"] = "noindex"
    return response


@login_not_required
@require_safe
def figures(request: HttpRequest) -> HttpResponseBase:
    season, day, errors = _season_and_day(request)
    if season is None:
        return render(request, "portal/empty.html", {"errors": errors})
    found = tally(season, day)
    if request.GET.get("tai") == "xlsx":
        title = f"Số liệu mô hình “Dân vận khéo” năm {season}, tính đến {write_day(day)}"
        return _xlsx(f"so-lieu-{season}-{day:%Y%m%d}", title, tally_columns(), found.units, season)
    context = {
        "season": season,
        "seasons": registry.seasons(),
        "day": day,
        "typed_day": request.GET.get("ngay", "") if errors else write_day(day),
        "errors": errors,
        "tally": found,
        "later": tally(season, min(today(), season.last_day)) if day < min(today(), season.last_day) else None,
        "groups": _groups(found, season, day),
        "fields": [
            (name, number, _list_href(season, day, "dang-ky", linh_vuc=slug))
            for (name, number), slug in zip(found.by_field.items(), registry.field_slugs(), strict=True)
        ],
        "themes": [(label, number, _list_href(season, day, "dang-ky", chu_de=str(pk))) for pk, label, number in found.themes],
        "bars": bars(
            [
                (line.unit.name, _list_href(season, day, "dang-ky", line.unit.unit.key), line.new, line.maintained)
                for line in found.units
            ]
        ),
        "marks": [
            (mark, _figures_href(season, mark), mark == day)
            for mark in sorted({date(season.year, 3, 31), date(season.year, 6, 30), season.cutoff_on, season.last_day})
        ],
        "without": _without(found.not_proposing),
        "without_recognition": _without(found.not_recognising),
        "links": {slug.replace("-", "_"): _list_href(season, day, slug) for slug in FIGURES},
        "later_links": {slug.replace("-", "_"): _list_href(season, min(today(), season.last_day), slug) for slug in FIGURES},
        "excel": f"{_figures_href(season, day)}&tai=xlsx",
        "illustrative": season.is_illustrative,
    }
    return render(request, "portal/figures.html", context)


COLUMNS = (
    ("registered", "dang-ky"),
    ("new", "moi"),
    ("maintained", "duy-tri"),
    ("district_recognised", "cap-huyen"),
    ("province_proposed", "de-nghi"),
    ("province_recognised", "cap-tinh"),
)


def _groups(found: Tally, season: Season, day: date) -> list[tuple[str, list[dict[str, Any]]]]:
    """The table's lines under the names of their levels; each number with the list that it counts."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for line in found.units:
        key = line.unit.unit.key
        cells = [(getattr(line, name), _list_href(season, day, slug, key)) for name, slug in COLUMNS]
        level = line.unit.level.name if line.reports else "Không còn báo cáo vào ngày này"
        groups.setdefault(level, []).append({"unit": line.unit, "cells": cells})
    return list(groups.items())


def _season_and_day(request: HttpRequest) -> tuple[Season | None, date, list[tuple[str, str]]]:
    """The season and day asked for; what cannot be read is told beside its field and answered with the cut-off day."""
    errors: list[tuple[str, str]] = []
    year = request.GET.get("nam", "").strip()
    season = registry.season_of(int(year)) if year.isascii() and year.isdigit() and len(year) == 4 else None
    if year and season is None:
        errors.append(("nam", f"Không có số liệu năm “{year[:20]}”."))
    season = season or registry.newest_season()
    typed = request.GET.get("ngay", "").strip()[:40]
    day = read_day(typed) if typed else None
    if typed and day is None:
        errors.append(("ngay", f"Ngày “{typed}” không đọc được. Viết ngày/tháng/năm, ví dụ 15/10/2023."))
    elif day and season and (day < season.opens_on or day.year > season.last_day.year + 10):
        errors.append(("ngay", f"Năm {season} bắt đầu nhận đăng ký từ {write_day(season.opens_on)}."))
        day = None
    if day is None:
        day = season.cutoff_on if season else today()
    return season, day, errors


@login_not_required
@require_safe
def figure_list(request: HttpRequest) -> HttpResponseBase:
    season, day, errors = _season_and_day(request)
    figure = FIGURES.get(request.GET.get("so", "dang-ky"))
    if season is None or figure is None or errors:
        raise Http404
    key, field = request.GET.get("don-vi", ""), request.GET.get("linh-vuc", "")
    unit = selectors.reporting_unit(key) if key else None
    chosen = registry.field_named(field) if field else None
    theme = registry.theme_numbered(season.period, number) if (number := request.GET.get("chu-de", "")) else None
    if (key and unit is None) or (field and chosen is None) or (number and theme is None):
        raise Http404
    rows = listed(request.user, figure, season, day, unit=unit, field=chosen, theme=theme)
    where = selectors.unit_words(unit, day).name if unit else "Toàn tỉnh"
    title = f"{where}: {figure.label}{', lĩnh vực ' + chosen.name if chosen else ''}{f', chủ đề {theme}' if theme else ''}"
    if request.GET.get("tai") == "xlsx":
        return _xlsx(f"danh-sach-{figure.slug}-{season}", title, REGISTRATION_COLUMNS, rows, season)
    total = rows.count()
    asked = {name: value for name in ("nam", "ngay", "so", "don-vi", "linh-vuc", "chu-de") if (value := request.GET.get(name))}
    page = filters.page(
        request.GET.get("trang", "1"),
        total,
        50,
        lambda **more: "?" + urlencode(asked | {k: v for k, v in more.items() if v}),
    )
    context = {
        "season": season,
        "day": day,
        "figure": figure,
        "unit": unit,
        "where": where,
        "field": chosen,
        "theme": theme,
        "total": total,
        "rows": rows[page.start : page.stop],
        "page": page,
        "back": _figures_href(season, day),
        "excel": "?" + urlencode(asked | {"tai": "xlsx"}),
        "illustrative": season.is_illustrative,
    }
    return render(request, "portal/figure_list.html", context)


def _xlsx(name: str, title: str, columns: list[Column], rows: Any, season: Season | None = None) -> FileResponse:
    notes = [DEMO_NOTE] if season is None or season.is_illustrative else []
    if isinstance(rows, QuerySet):
        if rows[ROW_LIMIT : ROW_LIMIT + 1].exists():
            notes.append(f"Danh sách dài hơn {ROW_LIMIT} dòng: tệp chỉ ghi {ROW_LIMIT} dòng đầu. Xin lọc hẹp lại.")
        rows = rows[:ROW_LIMIT].iterator(chunk_size=2000)
    file = write_xlsx(title, columns, rows, notes=notes)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)
