"""Nối với năm trước: which earlier model a maintained registration carries on; joining and parting models. HTTP only."""

from typing import Any
from urllib.parse import parse_qsl

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from common.exceptions import DomainError, NotAllowed
from common.numbers import write_number
from models_registry import selectors, services
from models_registry.enums import LinkState
from models_registry.models import EmulationModel, Season
from models_registry.permissions import can_join
from models_registry.selectors import continuity as links
from models_registry.views.common import address, by_post, page_links, read_ids, season_or_404
from organisation.grouping import told_apart
from organisation.permissions import units_where
from organisation.roles import May
from organisation.selectors import versions_on

_TABS = (("cho-xac-nhan", "Có phải là…?"), ("da-noi", "Đã nối"), ("khong-co", "Không có năm trước"))
_PARAMETERS = ("nam", "don-vi", "xem", "trang")
QUESTIONS = 20  # a page of them
HITS = 20  # models that a search for another one lists


def _season(request: HttpRequest) -> Season:
    year = request.GET.get("nam", "")
    season = season_or_404(int(year)) if year.isascii() and year.isdecimal() and len(year) == 4 else selectors.current_season()
    if season is None or not units_where(request.user, May.IMPORT_REGISTER):
        raise Http404
    return season


@require_safe
def questions(request: HttpRequest) -> HttpResponseBase:
    """What is open, what is linked, what has nothing before it: of a season, unit by unit."""
    season = _season(request)
    counts = links.question_counts(request.user, season)
    units = versions_on(counts, season.last_day)
    listed = sorted(units.values(), key=lambda version: (version.unit.position, version.unit.key))
    chosen = next((version for version in listed if version.unit.key == request.GET.get("don-vi", "")), None)
    tab = next((slug for slug, _ in _TABS if slug == request.GET.get("xem")), _TABS[0][0])
    asked = {"nam": str(season.year), "don-vi": chosen.unit.key if chosen else "", "xem": tab}
    rows = links.questions(request.user, season, links.TABS[tab], chosen.unit_id if chosen else None)
    page = Paginator(rows, QUESTIONS).get_page(request.GET.get("trang"))
    origins = links.origins_of(page) if tab == "da-noi" else {}
    names = told_apart(listed)
    shown = [counts[chosen.unit_id]] if chosen else list(counts.values())
    context = {
        "season": season,
        "seasons": [(str(one.year), str(one.year)) for one in selectors.seasons()],
        "tabs": [
            (label, sum(count[state] for count in shown for state in links.TABS[slug]), address(asked, xem=slug), slug == tab)
            for slug, label in _TABS
        ],
        "tab": tab,
        "units": [(version.unit.key, _unit_words(names[version.unit_id], counts[version.unit_id])) for version in listed],
        "unit": chosen,
        "asked": asked,
        "page": page,
        "rows": [(row, origins.get(row.pk), units[row.unit_id].name) for row in page],
        "links": page_links(page, asked),
        "back": address(asked, trang=request.GET.get("trang", "")).removeprefix("?"),
        "illustrative": season.is_illustrative,
    }
    return render(request, "work/links.html", context)


def _unit_words(name: str, count: Any) -> str:
    waiting = count[LinkState.OPEN]
    return f"{name} ({write_number(waiting)} chờ)" if waiting else name


def _back(request: HttpRequest) -> HttpResponseBase:
    """The page as it was; only what it knows."""
    typed = dict(parse_qsl(request.POST.get("ve", "")[:500]))
    query = address({name: typed[name] for name in _PARAMETERS if name in typed})
    return redirect(reverse("models_registry:links") + (query if query != "?" else ""))


@by_post("models_registry:links")
def answer(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Link to the one that was chosen, to none of them, or take back what was decided."""
    row = get_object_or_404(links.linkable(request.user).filter(continuity__isnull=False), pk=pk)
    act = request.POST.get("viec", "")
    try:
        if act == "noi":
            chosen = read_ids([request.POST.get("goi-y", "")])
            if not chosen:
                raise DomainError(f"“{row}”: xin chọn một mô hình trong các gợi ý, hoặc bấm “Không phải”.")
            services.confirm_link(registration_id=pk, proposal_id=chosen[0], actor=request.user)
            messages.success(request, f"Đã nối “{row}” với mô hình của năm trước.")
        elif act == "khong":
            services.refuse_link(registration_id=pk, actor=request.user)
            messages.success(request, f"Đã ghi: “{row}” không phải mô hình nào được gợi ý.")
        elif act == "go":
            services.undo_link(registration_id=pk, actor=request.user)
            messages.success(request, f"“{row}” trở lại chờ xác nhận.")
        else:
            raise DomainError("Chưa chọn việc nào.")
    except NotAllowed as error:
        raise Http404 from error
    except DomainError as error:
        messages.error(request, str(error))
    return _back(request)


@by_post("models_registry:links")
def look_again(request: HttpRequest) -> HttpResponseBase:
    """Look once more for a unit: registers of earlier years may have come since."""
    season = _season_sent(request)
    counts = links.question_counts(request.user, season)
    unit = next((v.unit for v in versions_on(counts, season.last_day).values() if v.unit.key == request.POST.get("don-vi")), None)
    if unit is None:
        raise Http404
    found = services.look_again(season=season, unit=unit, actor=request.user)
    messages.success(
        request, f"Đã tìm lại: {found['linked']} nối thêm, {found['open']} chờ xác nhận, {found['none']} không thấy."
    )
    return _back(request)


def _season_sent(request: HttpRequest) -> Season:
    years = read_ids([request.POST.get("nam", "")])
    return season_or_404(years[0] if years else 0)


@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Join another model to this one, or part it: for who may in all its units."""
    model = get_object_or_404(selectors.models_visible_to(request.user), slug=slug)
    if not can_join(request.user, [model]):
        raise Http404
    error = ""
    if request.method == "POST":
        try:
            return _joined(request, model)
        except NotAllowed as refused:
            raise Http404 from refused
        except DomainError as refused:
            error = str(refused)
    years = list(selectors.model_years(request.user, model))
    other = _other(request, model)
    words = request.GET.get("q", "").strip()[:200]
    hits = selectors.search(selectors.in_register(request.user).filter(is_latest=True).exclude(model=model), words)
    context = {
        "model": model,
        "years": years,
        "later": [str(row.season.year) for row in years][:-1],
        "joins": links.joins_of(model),
        "q": words,
        "hits": hits.select_related("model", "season")[:HITS] if words else [],
        "other": other,
        "other_years": list(selectors.model_years(request.user, other)) if other else [],
        "hindrance": services.what_keeps_apart(model, other) if other else "",
        "error": error,
        "typed": request.POST,
    }
    return render(request, "work/join.html", context, status=409 if error else 200)


def _other(request: HttpRequest, model: EmulationModel) -> EmulationModel | None:
    slug = request.POST.get("kia") or request.GET.get("kia", "")
    found = selectors.models_visible_to(request.user).filter(slug=slug[:150]).exclude(pk=model.pk).first() if slug else None
    return found if found and can_join(request.user, [found]) else None


def _joined(request: HttpRequest, model: EmulationModel) -> HttpResponseBase:
    act, reason = request.POST.get("viec"), request.POST.get("ly-do", "")
    if act == "nhap" and (other := _other(request, model)):
        services.join_models(kept_id=model.pk, joined_id=other.pk, reason=reason, actor=request.user)
        messages.success(request, f"Đã nhập “{other}” vào mô hình này.")
    elif act == "tach" and (year := read_ids([request.POST.get("tu-nam", "")])):
        made = services.part_model(model_id=model.pk, year=year[0], reason=reason, actor=request.user)
        messages.success(request, f"Từ năm {year[0]} là mô hình riêng: “{made}”.")
    elif act == "tach-lai" and (joined := read_ids([request.POST.get("lan", "")])):
        get_object_or_404(links.joins_of(model), pk=joined[0])
        parted = services.undo_join(join_id=joined[0], actor=request.user)
        messages.success(request, f"Đã tách lại “{parted}”.")
    else:
        raise DomainError("Xin chọn mô hình kia, hoặc năm mà từ đó là mô hình khác.")
    return redirect("models_registry:join", slug=model.slug)
