"""Nối với năm trước: which earlier model a registration carries on, what was sent twice; joining and parting models. HTTP only."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from common.exceptions import DomainError, NotAllowed
from common.numbers import write_number
from common.text import quoted
from models_registry import selectors, services
from models_registry.enums import LinkState
from models_registry.line_forms import AnswerForm, FoundForm, JoinForm, LookAgainForm, PlaceForm
from models_registry.models import EmulationModel, ModelJoin, Registration, Season
from models_registry.permissions import can_join
from models_registry.selectors import continuity as links
from models_registry.selectors import repeats as twice
from models_registry.views.common import address, by_post, given, links_found, page_links, season_or_404
from organisation.grouping import told_apart
from organisation.models import UnitVersion
from organisation.permissions import units_where
from organisation.requests import OfficerRequest
from organisation.roles import May
from organisation.selectors.units import versions_on

TWICE = "hai-lan"
_TABS = (("cho-xac-nhan", "Có phải là…?"), ("da-noi", "Đã nối"), ("khong-co", "Không có năm trước"))
QUESTIONS = 20  # a page of them
HITS = 20  # models that a search for another one lists


def _season(request: OfficerRequest) -> Season:
    year = request.GET.get("nam", "")
    season = season_or_404(int(year)) if year.isascii() and year.isdecimal() and len(year) == 4 else selectors.current_season()
    if season is None or not units_where(request.user, May.IMPORT_REGISTER):
        raise Http404
    return season


@dataclass(frozen=True)
class QuestionsPage:
    """A season's registrations by what is known of the year before, unit by unit."""

    seasons: list[tuple[str, str]]
    tabs: list[tuple[str, int, str, bool]]
    tab: str
    units: list[tuple[str, str]]
    unit: UnitVersion | None
    asked: dict[str, str]
    pager: Page[Registration]
    rows: list[tuple[Registration, Registration | None, str]]
    """(a registration, the one of an earlier year that it carries on, its unit's name)"""
    links: list[tuple[int | None, str]]
    back: str


@require_safe
def questions(request: OfficerRequest) -> HttpResponseBase:
    """What is open, what is linked, what has nothing before it, what was sent twice: of a season, unit by unit."""
    season = _season(request)
    counts = links.question_counts(request.user, season)
    units = versions_on(counts, season.last_day)
    listed = sorted(units.values(), key=lambda version: (version.unit.position, version.unit.key))
    chosen = next((version for version in listed if version.unit.key == request.GET.get("don-vi", "")), None)
    repeats = twice.repeats(request.user, season, chosen.unit_id if chosen else None)
    tab = next((slug for slug in (*links.TABS, TWICE) if slug == request.GET.get("xem")), _TABS[0][0])
    asked = {"nam": str(season.year), "don-vi": chosen.unit.key if chosen else "", "xem": tab}
    if tab == TWICE:
        rows = repeats
    else:
        rows = links.questions(request.user, season, links.TABS[tab], chosen.unit_id if chosen else None)
    pager = Paginator(rows, QUESTIONS).get_page(request.GET.get("trang"))
    origins = links.origins_of(pager) if tab == "da-noi" else {}
    names = told_apart(listed)
    shown = [counts[chosen.unit_id]] if chosen else list(counts.values())
    page = QuestionsPage(
        seasons=[(str(one.year), str(one.year)) for one in selectors.seasons()],
        tabs=_tabs(asked, shown, pager.paginator.count if tab == TWICE else repeats.count()),
        tab=tab,
        units=[(version.unit.key, _unit_words(names[version.unit_id], counts[version.unit_id])) for version in listed],
        unit=chosen,
        asked=asked,
        pager=pager,
        rows=[(row, origins.get(row.pk), units[row.unit_id].name if row.unit_id in units else row.unit_name) for row in pager],
        links=page_links(pager, asked),
        back=address(asked, trang=request.GET.get("trang", "")).removeprefix("?"),
    )
    context = {"page": page, "season": season, "illustrative": season.is_illustrative}
    return render(request, "work/links.html", context)


def _tabs(asked: dict[str, str], shown: list[Counter[str]], repeats: int) -> list[tuple[str, int, str, bool]]:
    """(label, how many, address, whether it is shown); what was sent twice only where there is some."""
    numbers = [(slug, label, sum(count[state] for count in shown for state in links.TABS[slug])) for slug, label in _TABS]
    if repeats or asked["xem"] == TWICE:
        numbers.append((TWICE, "Gửi hai lần", repeats))
    return [(label, number, address(asked, xem=slug), slug == asked["xem"]) for slug, label, number in numbers]


def _unit_words(name: str, count: Any) -> str:
    waiting = count[LinkState.OPEN]
    return f"{name} ({write_number(waiting)} chờ)" if waiting else name


def _back(request: OfficerRequest) -> HttpResponseBase:
    """The page as it was: the upload's, or the page of questions with what it knows."""
    upload, asked = PlaceForm(request.POST).place()
    if upload:
        return redirect(reverse("models_registry:import", args=[upload]) + "#noi")
    query = address(asked)
    return redirect(reverse("models_registry:links") + (query if query != "?" else ""))


Act = Callable[[int], str]


def _answered(request: OfficerRequest, row: Registration, acts: dict[str, Act]) -> HttpResponseBase:
    """Do what was answered: an act is given what was chosen and says what was done."""
    form = AnswerForm(request.POST)
    try:
        if not form.is_valid():
            raise DomainError(f"{quoted(row)}: {form.error}")
        messages.success(request, acts[form.cleaned_data["viec"]](form.cleaned_data["goi_y"]))
    except NotAllowed as error:
        raise Http404 from error
    except DomainError as error:
        messages.error(request, str(error))
    return _back(request)


@by_post("models_registry:links")
def answer(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """Link to the one that was chosen, to none of them, or take back what was decided."""
    row = get_object_or_404(links.asked_about(request.user), pk=pk)

    def link(chosen: int) -> str:
        services.confirm_link(registration_id=pk, proposal_id=chosen, actor=request.user)
        return f"Đã nối {quoted(row)} với mô hình của năm trước."

    def refuse(_: int) -> str:
        services.refuse_link(registration_id=pk, actor=request.user)
        return f"Đã ghi: {quoted(row)} không phải mô hình nào được gợi ý."

    def undo(_: int) -> str:
        services.undo_link(registration_id=pk, actor=request.user)
        return f"{quoted(row)} trở lại chờ xác nhận."

    return _answered(request, row, {"noi": link, "khong": refuse, "go": undo})


@require_http_methods(["GET", "POST"])
def find(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """Search all earlier models that a registration may carry on, for one that was not proposed."""
    row = get_object_or_404(links.asked_about(request.user), pk=pk)
    if request.method == "POST":
        form = FoundForm(request.POST)
        try:
            if not form.is_valid():
                raise DomainError(form.error)
            services.link_found(registration_id=pk, earlier_id=form.cleaned_data["dang_ky"], actor=request.user)
            messages.success(request, f"Đã nối {quoted(row)} với mô hình của năm trước.")
            return _back(request)
        except DomainError as error:
            messages.error(request, str(error))
    asked = request.GET["q"].strip()[:200] if "q" in request.GET else None
    words, hits = links.search_free(links.Book(row.season, row.unit), asked, row.title)
    page = Paginator(hits, HITS).get_page(request.GET.get("trang"))
    known = {"ve": request.GET.get("ve", "")}
    context = {"row": row, "back": known["ve"], **links_found(page, words, known)}
    return render(request, "work/link_find.html", context)


@by_post("models_registry:links")
def answer_twice(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """Say that a registration was sent before, by a unit that ended; that it is another; or take that back."""
    row = get_object_or_404(twice.answerable(request.user), pk=pk)

    def same(chosen: int) -> str:
        earlier = services.confirm_repeat(repeat_id=chosen, actor=request.user)
        return f"Đã ghi là một với {quoted(earlier)} của {earlier.unit_name}: tính một lần."

    def other(_: int) -> str:
        services.refuse_repeats(registration_id=pk, actor=request.user)
        return f"Đã ghi: {quoted(row)} là đăng ký khác, tính riêng."

    def undo(chosen: int) -> str:
        services.undo_repeat(repeat_id=chosen, actor=request.user)
        return f"{quoted(row)} trở lại sổ như trước, chờ trả lời."

    return _answered(request, row, {"noi": same, "khong": other, "go": undo})


@by_post("models_registry:links")
def look_again(request: OfficerRequest) -> HttpResponseBase:
    """Look once more for a unit: registers of earlier years may have come since."""
    form = LookAgainForm(request.POST)
    if not form.is_valid():
        raise Http404
    season = season_or_404(form.cleaned_data["nam"])
    counts = links.question_counts(request.user, season)
    key = form.cleaned_data["don_vi"]
    unit = next((version.unit for version in versions_on(counts, season.last_day).values() if version.unit.key == key), None)
    if unit is None:
        raise Http404
    found = services.look_again(season=season, unit=unit, actor=request.user)
    messages.success(
        request, f"Đã tìm lại: {found['linked']} nối thêm, {found['open']} chờ xác nhận, {found['none']} không thấy."
    )
    return _back(request)


@dataclass(frozen=True)
class JoinPage:
    """A model with its years, the one that is to be joined to it, and where it may be parted."""

    model: EmulationModel
    years: list[Registration]
    later: list[str]
    """The years from which on it may be parted."""
    joins: Iterable[ModelJoin]
    q: str
    hits: Iterable[Registration]
    other: EmulationModel | None
    other_years: list[Registration]
    blocker: str
    """What keeps the two apart; empty where nothing does."""
    form: JoinForm


@require_http_methods(["GET", "POST"])
def join(request: OfficerRequest, slug: str) -> HttpResponseBase:
    """Join another model to this one, or part it: for who may in all its units."""
    model = get_object_or_404(selectors.models_visible_to(request.user), slug=slug)
    if not can_join(request.user, [model]):
        raise Http404
    form, error = JoinForm(given(request)[0]), ""
    if request.method == "POST":
        try:
            return _joined(request, model, form)
        except NotAllowed as refused:
            raise Http404 from refused
        except DomainError as refused:
            error = str(refused)
    years = list(selectors.model_years(request.user, model))
    other = _other(request, model, form["kia"].value() or request.GET.get("kia", ""))
    words = request.GET.get("q", "").strip()[:200]
    page = JoinPage(
        model=model,
        years=years,
        later=[str(row.season.year) for row in years][:-1],
        joins=links.joins_of(model),
        q=words,
        hits=links.search_others(request.user, model, words)[:HITS] if words else [],
        other=other,
        other_years=list(selectors.model_years(request.user, other)) if other else [],
        blocker=services.what_keeps_apart(model, other) if other else "",
        form=form,
    )
    return render(request, "work/join.html", {"page": page, "error": error}, status=409 if error else 200)


def _other(request: OfficerRequest, model: EmulationModel, slug: str) -> EmulationModel | None:
    found = selectors.model_named(request.user, slug)
    return found if found and found != model and can_join(request.user, [found]) else None


def _joined(request: OfficerRequest, model: EmulationModel, form: JoinForm) -> HttpResponseBase:
    if not form.is_valid():
        raise DomainError(form.error)
    sent = form.cleaned_data
    if sent["viec"] == "nhap":
        other = _other(request, model, sent["kia"])
        if other is None:
            raise DomainError("Xin chọn mô hình kia.")
        services.join_models(kept_id=model.pk, joined_id=other.pk, reason=sent["ly_do"], actor=request.user)
        messages.success(request, f"Đã nhập {quoted(other)} vào mô hình này.")
    elif sent["viec"] == "tach":
        made = services.part_model(model_id=model.pk, year=sent["tu_nam"], reason=sent["ly_do"], actor=request.user)
        messages.success(request, f"Từ năm {sent['tu_nam']} là mô hình riêng: {quoted(made)}.")
    else:
        get_object_or_404(model.joins, pk=sent["lan"])
        parted = services.undo_join(join_id=sent["lan"], actor=request.user)
        messages.success(request, f"Đã tách lại {quoted(parted)}.")
    return redirect("models_registry:join", slug=model.slug)
