"""Year-end verdicts: of a season's registrations as a list, of one on its page. HTTP only."""

from collections.abc import Collection
from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Page
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from common.exceptions import DomainError
from common.exports import ROW_LIMIT
from common.forms import pressed
from common.text import quoted
from models_registry import selectors, services
from models_registry.check_forms import ChosenForm
from models_registry.enums import State
from models_registry.exports import VERDICT_COLUMNS
from models_registry.models import Registration, Season, YearVerdict
from models_registry.permissions import can_say_verdict
from models_registry.selectors import board as boards
from models_registry.selectors import sheets, verdicts
from models_registry.verdict_forms import VerdictForm
from models_registry.views.asking import Asked, asked_of, can_check_board
from models_registry.views.common import PAGE, CountedPaginator, address, by_post, excel, labelled, page_links
from models_registry.views.registration import registration_page
from models_registry.views.sheets import registration_or_404
from organisation.requests import OfficerRequest

CONFIRMS = "xac-nhan"  # the button that confirms what units said
NAMED = 10  # of those that failed, by name
TABS = (("", "Tất cả"), *verdicts.CHOICES)


@require_http_methods(["GET", "POST"])
def of_season(request: OfficerRequest, year: int) -> HttpResponseBase:
    """The registrations of a board with their verdicts; the chosen ones are judged or confirmed at once."""
    season = next((one for one in selectors.seasons_for(request.user) if one.year == year), None)
    if season is None:
        raise Http404
    found = asked_of(request, season)
    checks = can_check_board(request.user, found.board)
    judges = checks or bool(sheets.writing_units(request.user, season))
    if request.method == "POST":
        if not judges:
            raise Http404
        return _judge(request, season, found, checks=checks)
    if request.GET.get("tai") == "xlsx":
        title = f"Đánh giá cuối năm {season}: {found.board.name}"
        rows = verdicts.judged_rows(found.board, found.wanted, _asked_verdict(request))[:ROW_LIMIT].iterator(chunk_size=2000)
        return excel(f"danh-gia-{season}", title, VERDICT_COLUMNS, rows, illustrative=season.is_illustrative)
    return _list(request, season, found, VerdictForm(season=season), checks=checks, judges=judges)


def _asked_verdict(request: OfficerRequest) -> str:
    asked = request.GET.get("dg", "")
    return asked if asked in dict(TABS) else ""


def _judge(request: OfficerRequest, season: Season, found: Asked, *, checks: bool) -> HttpResponseBase:
    chosen = ChosenForm(request.POST)
    rows = chosen.cleaned_data["rows"][:PAGE] if chosen.is_valid() else []
    ids = [row.pk for row in boards.rows_named(found.board, rows)]
    if pressed(request, CONFIRMS) == CONFIRMS and ids:
        done = services.confirm_verdicts(registration_ids=ids, actor=request.user)
        _tell(request, "Đã xác nhận", done)
        return redirect(request.get_full_path())
    form = VerdictForm(request.POST, season=season)
    if not form.is_valid() or not ids:
        return _list(request, season, found, form, checks=checks, judges=True, chosen=ids, lacks_rows=not ids)
    done = services.say_verdicts(registration_ids=ids, actor=request.user, **form.cleaned_data)
    _tell(request, "Đã ghi đánh giá của", done)
    return redirect(request.get_full_path())


def _tell(request: OfficerRequest, said: str, done: list[services.Done]) -> None:
    failed = [one for one in done if one.error]
    if len(done) > len(failed):
        messages.success(request, f"{said} {len(done) - len(failed)} đăng ký.")
    for one in failed[:NAMED]:
        messages.warning(request, f"Chưa được, {quoted(one.title)}: {one.error}")
    if len(failed) > NAMED:
        messages.warning(request, f"Và {len(failed) - NAMED} đăng ký khác cũng chưa được.")


@dataclass(frozen=True)
class VerdictsPage:
    """A board's registrations with their verdicts, and the form that judges the chosen ones."""

    board: boards.Board
    form: VerdictForm
    tabs: list[tuple[str, int, str, bool]]
    verdict: str
    asked: dict[str, str]
    fields: list[tuple[str, str]]
    places: list[tuple[str, str]]
    unit_key: str
    effective: int
    total: int
    waiting: int
    pager: Page[Registration]
    rows: list[tuple[Registration, YearVerdict | None, YearVerdict | None]]
    """(a registration, the verdict that counts, the one that waits to be confirmed)"""
    links: list[tuple[int | None, str]]
    excel: str
    checks: bool
    """Whether this reader confirms what units say."""
    judges: bool
    chosen: Collection[int]


def _list(
    request: OfficerRequest,
    season: Season,
    found: Asked,
    form: VerdictForm,
    *,
    checks: bool,
    judges: bool,
    chosen: Collection[int] = (),
    lacks_rows: bool = False,
) -> HttpResponseBase:
    verdict, counts = _asked_verdict(request), verdicts.count_verdicts(found.board, found.wanted)
    rows = verdicts.judged_rows(found.board, found.wanted, verdict)
    total = counts.numbers[verdict] if verdict else counts.total
    pager = CountedPaginator(rows, PAGE, total).get_page(request.GET.get("trang"))
    asked = found.texts | ({"dg": verdict} if verdict else {})
    errors = labelled(form) if form.is_bound else []
    if lacks_rows:
        errors.insert(0, ("chon", "Chưa chọn đăng ký nào."))
    page = VerdictsPage(
        board=found.board,
        form=form,
        tabs=[
            (label, counts.numbers[slug] if slug else counts.total, address(asked, dg=slug), slug == verdict)
            for slug, label in TABS
        ],
        verdict=verdict,
        asked=asked,
        fields=[(field.slug, field.name) for field in found.fields.values()],
        places=[(key, version.short_name) for key, version in found.places.items()],
        unit_key=found.texts.get("don-vi", ""),
        effective=counts.numbers["hieu-qua"],
        total=counts.total,
        waiting=counts.numbers[verdicts.PROPOSED],
        pager=pager,
        rows=[(row, verdicts.standing(row), verdicts.proposed(row)) for row in pager],
        links=page_links(pager, asked),
        excel=address(asked, tai="xlsx"),
        checks=checks,
        judges=judges,
        chosen=chosen,
    )
    context = {"page": page, "season": season, "errors": errors, "illustrative": season.is_illustrative}
    return render(request, "work/verdicts.html", context, status=422 if errors else 200)


@by_post("models_registry:registration", "pk")
def of_one(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """Judge one registration on its page, or confirm what its unit said of it."""
    found = registration_or_404(request, pk)
    if not can_say_verdict(request.user, found):
        raise Http404
    form = VerdictForm(None if pressed(request, CONFIRMS) == CONFIRMS else request.POST, season=found.season)
    if form.is_bound and not form.is_valid():
        there = found.state == State.ACCEPTED  # only then the form is on the page
        errors = [(place if there else "", words) for place, words in labelled(form)]
        return registration_page(request, found, status=422, verdict_form=form, errors=errors)
    try:
        if form.is_bound:
            said = services.say_verdict(registration_id=pk, actor=request.user, **form.cleaned_data)
            words = "Đã ghi đánh giá." if said.confirmed_at else "Đã ghi. Đánh giá tính vào số liệu sau khi đơn vị xét xác nhận."
        else:
            services.confirm_verdict(registration_id=pk, actor=request.user)
            words = "Đã xác nhận đánh giá."
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, words)
    response = redirect("models_registry:registration", pk=pk)
    response["Location"] += "?o=danh-gia#danh-gia"
    return response
