"""Rounds: the list, opening one, its page with the list of dossiers, its units and rules, more time. HTTP only."""

from collections import defaultdict

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from common.dates import today, write_day
from common.exceptions import DomainError
from common.numbers import write_number
from models_registry import selectors as registry
from models_registry.views.common import address, by_post, excel, given, labelled, page_links, season_or_404
from organisation.grouping import find
from organisation.selectors.units import versions_on
from recognition import services
from recognition.enums import TOGETHER, PaperKind, Phase
from recognition.exports.lists import list_columns
from recognition.forms.rounds import QuotasForm, RoundExtensionForm, RoundForm
from recognition.models import Packet, RecognitionRound
from recognition.permissions import can_follow
from recognition.selectors import dossiers as reads
from recognition.selectors import round_list as lists
from recognition.selectors import round_page as pages
from recognition.selectors import rounds as round_reads
from recognition.selectors.packets import open_packets
from recognition.selectors.sealed import while_sealed
from recognition.views.common import PAGE, actor_of, head, round_or_404, run_or_404

PAGED_FROM = 60  # dossiers; fewer stand on one page


@require_safe
def rounds(request: HttpRequest) -> HttpResponseBase:
    """The rounds that one may see, newest year first."""
    page = Paginator(round_reads.rounds_visible_to(request.user), PAGE).get_page(request.GET.get("trang"))
    season = registry.working_season(request.user)
    may_open = season is not None and bool(round_reads.bodies_run_by(request.user, season))
    return render(
        request,
        "recognition/rounds.html",
        {"page": page, "links": page_links(page, {}), "season": season, "may_open": may_open, "today": today()},
    )


@require_http_methods(["GET", "POST"])
def open_one(request: HttpRequest, year: int) -> HttpResponseBase:
    season = season_or_404(year)
    units = round_reads.bodies_run_by(request.user, season)
    if not units:
        raise Http404
    services.ensure_criteria()
    initial = {"papers": [kind.value for kind in PaperKind] if any(unit.level.gathers_registers for unit in units) else []}
    form = RoundForm(*given(request), units=units, sets=round_reads.criteria_sets(request.user), initial=initial)
    if request.method == "POST" and form.is_valid():
        unit = next(version.unit for version in units if version.unit.key == form.cleaned_data["unit"])
        try:
            made = services.open_round(season=season, unit=unit, plan=form.plan(), actor=actor_of(request))
        except DomainError as error:
            form.add_error("propose_from", str(error))
        else:
            messages.success(request, "Đã lập đợt xét. Lập hội đồng, rồi mở nhận đề nghị.")
            return redirect("recognition:round", pk=made.pk)
    context = {"form": form, "season": season, "errors": labelled(form)}
    return render(request, "recognition/open.html", context, status=422 if form.errors else 200)


_KEPT = ("basis", "propose_from", "propose_until", "score_until", "meet_on", "decide_by", "criteria", "papers", "quota_total")


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A round's days and rules, as far as its phase lets them change."""
    found = run_or_404(request, pk)
    now = {name: getattr(found, name) for name in _KEPT} | {"unit": found.unit.key, "drops_extremes": found.drops_extremes}
    now |= {name: write_day(now[name]) for name in _KEPT if name.endswith(("_from", "_until", "_on", "_by"))}
    now["spread_limit"] = write_number(found.spread_limit)
    units = list(versions_on([found.unit_id], found.propose_from).values())
    form = RoundForm(*given(request), units=units, sets=round_reads.criteria_for(request.user, found), initial=now)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_round(round_id=pk, plan=form.plan(), actor=actor_of(request))
        except DomainError as error:
            form.add_error("propose_from", str(error))
        else:
            messages.success(request, "Đã lưu đợt xét.")
            return redirect("recognition:round", pk=pk)
    context = head(found, form=form, errors=labelled(form))
    return render(request, "recognition/open.html", context, status=422 if form.errors else 200)


@require_safe
def round_page(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One round: where it stands, what the next phase waits for, its dossiers; `?tai=xlsx` gives the list that is shown."""
    found = round_or_404(request, pk)
    asked, rows = lists.Asked.read(request.GET), lists.rows_of(request.user, found)
    shown = lists.in_order(lists.narrowed(rows, asked), asked)
    columns = lists.shown_columns(found, rows)
    if request.GET.get("tai") == "xlsx":
        return _excel(found, columns, shown)
    page_of = pages.page_of(request.user, found)
    sealed, sealed_more = while_sealed(found) if page_of.may_follow else ([], 0)
    page = Paginator(shown, PAGE if len(shown) >= PAGED_FROM else PAGED_FROM).get_page(request.GET.get("trang"))
    parameters = asked.parameters
    heads = [
        (name, lists.COLUMNS[name][0], address(parameters, xep=f"-{name}" if asked.by == name else name), _sorted(name, asked.by))
        for name in columns
    ]
    choices, packets = lists.choices_of(rows, asked), open_packets(request.user, found)
    context = head(
        found,
        shown=page_of,
        packets={one.packet.pk for one in packets},
        own_packets=[one for one in packets if one.is_own],
        sealed=sealed,
        sealed_more=sealed_more,
        asked=asked,
        heads=heads,
        columns=columns,
        page=page,
        links=page_links(page, parameters),
        choices=choices,
        chips=[(name, label, number, address(parameters, tt=name)) for name, label, number in choices.chips],
        every=address(parameters, tt=""),
        excel=address(parameters, tai="xlsx"),
        total=len(rows),
        may_propose=round_reads.takes_candidates_of(request.user, found),
        is_together=found.phase in TOGETHER,
        has_sheets=found.phase in (Phase.SCORING, *TOGETHER),
        has_met=found.phase in (Phase.MEETING, Phase.DECIDING, Phase.CLOSED),
        tab="dossiers",
    )
    return render(request, "recognition/round.html", context)


def _sorted(name: str, by: str) -> str:
    return {name: "ascending", f"-{name}": "descending"}.get(by, "")


def _excel(found: RecognitionRound, columns: list[str], rows: list[lists.Row]) -> HttpResponseBase:
    name = f"ho-so-{found.unit.key.replace('/', '-')}-{found.season}-dot-{found.number}"
    return excel(name, f"Hồ sơ, {found}", list_columns(columns), rows, illustrative=found.season.is_illustrative)


@require_safe
def units(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The units that may propose: how many each sent, how many it is advised to."""
    found = round_or_404(request, pk)
    if not can_follow(request.user, found):
        raise Http404
    return _units_page(request, found)


def _units_page(request: HttpRequest, found: RecognitionRound, form: QuotasForm | None = None) -> HttpResponseBase:
    """A page of them, those whose name was looked for; with what was typed, where it cannot be kept."""
    text = form.text if form else request.GET.get("q", "").strip()[:80]
    every = round_reads.proposing_units(found)
    looked_for, _ = find(every, text, found.season.cutoff_on)
    page = Paginator(looked_for, PAGE).get_page(form.page if form else request.GET.get("trang"))
    proposed, advised = reads.counts_by_unit(found), reads.quotas_of(found)
    sent: dict[int, list[Packet]] = defaultdict(list)
    for one in open_packets(request.user, found):
        sent[one.packet.unit_id].append(one.packet)
    listed = [
        (
            version,
            proposed.get(version.unit_id, 0),
            form.typed_of(version.unit_id) if form else advised.get(version.unit_id),
            sent[version.unit_id],
        )
        for version in page
    ]
    context = head(
        found,
        units=listed,
        text=text,
        page=page,
        links=page_links(page, {"q": text}),
        missing=[version for version in every if not proposed.get(version.unit_id)],
        shown=pages.page_of(request.user, found),
        errors=form.faults if form else [],
        tab="units",
    )
    return render(request, "recognition/round_units.html", context, status=422 if form else 200)


@require_safe
def rules(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The days, criteria, papers of a round, and its way so far."""
    found = round_or_404(request, pk)
    steps = round_reads.steps_of(found) if can_follow(request.user, found) else []
    shown = pages.page_of(request.user, found)
    return render(request, "recognition/rules.html", head(found, shown=shown, steps=steps, tab="rules"))


@require_http_methods(["GET", "POST"])
def extensions(request: HttpRequest, pk: int) -> HttpResponseBase:
    """More time for one unit to propose: who has it, until when, why; and granting it."""
    found = run_or_404(request, pk)
    units = round_reads.proposing_units(found)
    form = RoundExtensionForm(*given(request), units=units)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        chosen = asked.pop("unit")
        unit = next(version.unit for version in units if version.unit.key == chosen)
        try:
            services.grant_round_extension(round_id=pk, unit=unit, actor=actor_of(request), **asked)
        except DomainError as error:
            form.add_error("until", str(error))
        else:
            messages.success(request, "Đã gia hạn.")
            return redirect("recognition:round-extensions", pk=pk)
    page = Paginator(round_reads.extensions_of(found), PAGE).get_page(request.GET.get("trang"))
    names = versions_on([one.unit_id for one in page], found.propose_from) if page else {}
    granted = [(one, names[one.unit_id].name, False) for one in page]
    context = head(found, form=form, page=page, links=page_links(page, {}), granted=granted, errors=labelled(form))
    return render(request, "recognition/extensions.html", context, status=422 if form.errors else 200)


@by_post("recognition:round-units", "pk")
def quotas(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Advice on how many each unit may propose: `ct-<unit id>`, empty for none."""
    found = run_or_404(request, pk)
    form = QuotasForm(request.POST, units=round_reads.proposing_units(found))
    if not form.is_valid():
        return _units_page(request, found, form)
    services.set_quotas(round_id=pk, quotas=form.quotas(), actor=actor_of(request))
    messages.success(request, "Đã lưu chỉ tiêu tham khảo của từng đơn vị.")
    return redirect(reverse("recognition:round-units", args=[pk]) + address({"q": form.text}, trang=form.page))
