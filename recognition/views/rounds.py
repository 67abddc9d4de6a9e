"""Rounds: the list, opening one, its page, the next phase, more time, criteria. HTTP only."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from common.dates import today, write_day
from common.exceptions import DomainError
from common.numbers import read_number, write_number
from models_registry import selectors as registry
from models_registry.views.common import by_post, given, labelled, page_links, season_or_404
from organisation.permissions import unit_of, units_where
from organisation.roles import May
from organisation.selectors import versions_on
from recognition import services
from recognition.enums import TOGETHER, DossierState, PaperKind, Phase
from recognition.forms import RoundExtensionForm, RoundForm
from recognition.models import CriteriaSet
from recognition.permissions import can_follow, can_run, can_set_criteria, seat_of
from recognition.selectors import council as councils
from recognition.selectors import dossiers as reads
from recognition.selectors import meetings
from recognition.selectors import rounds as round_reads
from recognition.selectors.sealed import while_sealed
from recognition.transitions import NEXT_PHASE
from recognition.validators import BandLine, CriterionLine
from recognition.views.common import PAGE, head, round_or_404, run_or_404


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
        asked = form.cleaned_data
        chosen = asked.pop("unit")
        unit = next(version.unit for version in units if version.unit.key == chosen)
        try:
            made = services.open_round(season=season, unit=unit, actor=request.user, **asked)
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
    sets = CriteriaSet.objects.filter(pk__in=[found.criteria_id, *(one.pk for one in round_reads.criteria_sets(request.user))])
    form = RoundForm(*given(request), units=units, sets=sets, initial=now)
    if request.method == "POST" and form.is_valid():
        asked = {name: value for name, value in form.cleaned_data.items() if name != "unit"}
        try:
            services.change_round(round_id=pk, actor=request.user, **asked)
        except DomainError as error:
            form.add_error("propose_from", str(error))
        else:
            messages.success(request, "Đã lưu đợt xét.")
            return redirect("recognition:round", pk=pk)
    context = head(found, form=form, errors=labelled(form))
    return render(request, "recognition/open.html", context, status=422 if form.errors else 200)


@require_safe
def round_page(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One round: where it stands, its dossiers, what this person can do next."""
    found = round_or_404(request, pk)
    shown = reads.dossiers_in(request.user, found)
    state = request.GET.get("tt", "")
    state = state if state in DossierState.values else ""
    page = Paginator(shown.filter(state=state) if state else shown, PAGE).get_page(request.GET.get("trang"))
    counts = reads.count_states(shown)
    may_follow = can_follow(request.user, found)
    sealed, sealed_more = while_sealed(found) if may_follow else ([], 0)
    may_run, seat = can_run(request.user, found.unit), seat_of(request.user, found)
    units = {version.unit_id: version for version in round_reads.proposing_units(found)} if may_follow else {}
    proposed = reads.counts_by_unit(found) if units else {}
    quotas = dict(found.quotas.values_list("unit", "number")) if units else {}
    context = head(
        found,
        page=page,
        links=page_links(page, {"tt": state}),
        state=state,
        counts=[(value, DossierState(value).label, number) for value, number in counts.items()],
        total=sum(counts.values()),
        phases=_phases(found),
        may_run=may_run,
        may_follow=may_follow,
        sealed=sealed,
        sealed_more=sealed_more,
        may_propose=found.phase == Phase.PROPOSING and bool(units_where(request.user, May.PROPOSE)),
        seat=seat,
        following=NEXT_PHASE.get(Phase(found.phase)) if may_run else None,
        progress=councils.progress_of(found) if may_run and found.phase in (Phase.SCORING, *TOGETHER) else [],
        members=list(councils.members_of(found)) if may_run else [],
        units=[(version, proposed.get(unit_id, 0), quotas.get(unit_id)) for unit_id, version in units.items()],
        missing=[version for unit_id, version in units.items() if not proposed.get(unit_id)],
        days_left=(found.propose_until - today()).days,
        is_together=found.phase in TOGETHER,
        has_met=found.phase in (Phase.MEETING, Phase.DECIDING, Phase.CLOSED),
        voting=found.phase == Phase.MEETING and meetings.is_voting(found),
    )
    return render(request, "recognition/round.html", context)


def _phases(found: Any) -> list[tuple[Phase, Any, str]]:
    """(phase, its last day, done, now or later)."""
    days = {
        Phase.PROPOSING: found.propose_until,
        Phase.SCORING: found.score_until,
        Phase.MEETING: found.meet_on,
        Phase.DECIDING: found.decide_by,
    }
    order = list(Phase)
    at = order.index(Phase(found.phase))
    return [(phase, days.get(phase), "done" if n < at else "now" if n == at else "later") for n, phase in enumerate(order)]


@require_http_methods(["GET", "POST"])
def advance(request: HttpRequest, pk: int) -> HttpResponseBase:
    """To the next phase, after a page that says what it means."""
    found = run_or_404(request, pk)
    following = NEXT_PHASE.get(Phase(found.phase))
    if following is None:
        return redirect("recognition:round", pk=pk)
    error = ""
    if request.method == "POST":
        try:
            services.advance(round_id=pk, actor=request.user, seen=request.POST.get("tu", ""))
        except DomainError as refused:
            error = str(refused)
        else:
            messages.success(request, f"Đợt xét đã sang bước “{following.label.lower()}”.")
            return redirect("recognition:round", pk=pk)
    context = head(found, following=following, what=_MEANS[following], error=error)
    return render(request, "recognition/advance.html", context, status=409 if error else 200)


_MEANS = {
    Phase.PROPOSING: "Các đơn vị được báo và gửi hồ sơ từ hôm nay. Bộ tiêu chí và giấy tờ phải có giữ như lúc này.",
    Phase.SCORING: "Thôi nhận đề nghị mới. Thành viên hội đồng được báo và chấm độc lập: không ai thấy điểm, nhận xét của người khác.",
    Phase.JOINT: "Các phiếu đã nộp mở cho cả hội đồng xem. Điểm sửa từ đây giữ cả điểm trước.",
    Phase.MEETING: "Thôi sửa điểm. Thư ký ghi người có mặt, mở biểu quyết; thành viên có mặt biểu quyết từng hồ sơ.",
    Phase.DECIDING: "Soạn quyết định từ bảng xếp hạng và kết quả biểu quyết; lãnh đạo kiểm tra rồi ban hành.",
    Phase.CLOSED: "Đợt xét thôi nhận kiến nghị. Quyết định đã ban hành vẫn thu hồi, đính chính được bằng quyết định khác.",
}


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
            services.grant_round_extension(round_id=pk, unit=unit, actor=request.user, **asked)
        except DomainError as error:
            form.add_error("until", str(error))
        else:
            messages.success(request, "Đã gia hạn.")
            return redirect("recognition:round-extensions", pk=pk)
    page = Paginator(found.extensions.select_related("unit", "granted_by"), PAGE).get_page(request.GET.get("trang"))
    names = versions_on([one.unit_id for one in page], found.propose_from) if page else {}
    granted = [(one, names[one.unit_id].name) for one in page]
    context = head(found, form=form, page=page, links=page_links(page, {}), granted=granted, errors=labelled(form))
    return render(request, "recognition/extensions.html", context, status=422 if form.errors else 200)


@by_post("recognition:round", "pk")
def quotas(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Advice on how many each unit may propose: `ct-<unit id>`, empty for none."""
    found = run_or_404(request, pk)
    asked: dict[int, int | None] = {}
    for version in round_reads.proposing_units(found):
        text = request.POST.get(f"ct-{version.unit_id}", "").strip()
        if text and not (text.isascii() and text.isdecimal() and len(text) < 5):
            messages.error(request, f"{version.short_name}: “{text[:12]}” không phải một số; chưa lưu chỉ tiêu nào.")
            return redirect("recognition:round", pk=pk)
        asked[version.unit_id] = int(text) if text else None
    services.set_quotas(round_id=pk, quotas=asked, actor=request.user)
    messages.success(request, "Đã lưu chỉ tiêu tham khảo của từng đơn vị.")
    return redirect("recognition:round", pk=pk)


@require_http_methods(["GET", "POST"])
def criteria(request: HttpRequest) -> HttpResponseBase:
    """The sets of criteria; saving makes the next version, rounds keep theirs."""
    body = unit_of(request.user)
    if body is None or not can_set_criteria(request.user, body):
        raise Http404
    services.ensure_criteria()
    sets = list(round_reads.criteria_sets(request.user))
    chosen = next((one for one in sets if str(one.pk) == request.GET.get("bo", "")), sets[0])
    typed, error = _typed(request) if request.method == "POST" else _of(chosen), ""
    if request.method == "POST":
        try:
            made = services.save_criteria(actor=request.user, unit=body, **_read(typed))
        except DomainError as refused:
            error = str(refused)
        else:
            messages.success(request, f"Đã lưu {made}. Đợt xét đã lập giữ bản cũ.")
            return redirect(f"{request.path}?bo={made.pk}")
    context = {"sets": sets, "chosen": chosen, "typed": typed, "error": error, "season": registry.working_season(request.user)}
    return render(request, "recognition/criteria.html", context, status=422 if error else 200)


_LINES, _BANDS = 15, 6


def _typed(request: HttpRequest) -> dict[str, Any]:
    def row(prefix: str, n: int, names: tuple[str, ...]) -> dict[str, str]:
        return {name: request.POST.get(f"{prefix}-{n}-{name}", "").strip()[:200] for name in names}

    return {
        "name": request.POST.get("ten", "")[:200],
        "minimum_total": request.POST.get("toi-thieu", "")[:20],
        "lines": [row("tc", n, ("ten", "diem", "he-so", "toi-thieu", "loai")) for n in range(_LINES)],
        "bands": [row("muc", n, ("ten", "tu", "den")) for n in range(_BANDS)],
    }


def _of(chosen: CriteriaSet) -> dict[str, Any]:
    from common.numbers import write_number

    lines = [
        {
            "ten": one.name,
            "diem": write_number(one.maximum),
            "he-so": write_number(one.weight),
            "toi-thieu": write_number(one.minimum),
            "loai": "1" if one.is_knockout else "",
        }
        for one in chosen.criteria.all()
    ]
    bands = [{"ten": b.name, "tu": write_number(b.from_total), "den": write_number(b.to_total)} for b in chosen.bands.all()]
    empty: dict[str, str] = {}
    return {
        "name": chosen.name,
        "minimum_total": write_number(chosen.minimum_total),
        "lines": [*lines, *[empty] * (max(len(lines) + 2, 8) - len(lines))][:_LINES],
        "bands": [*bands, *[empty] * (max(len(bands) + 1, 4) - len(bands))][:_BANDS],
    }


def _read(typed: dict[str, Any]) -> dict[str, Any]:
    """What was typed as lines and bands. Raises DomainError with the first number that is none."""

    def number(text: str, what: str) -> Any:
        found = read_number(text)
        if found is None:
            raise DomainError(f"{what}: “{text}” không phải số; viết 10 hoặc 7,5.")
        return found

    lines = [
        CriterionLine(
            one["ten"],
            number(one["diem"], f"Điểm tối đa của “{one['ten']}”"),
            number(one["he-so"] or "1", f"Hệ số của “{one['ten']}”"),
            number(one["toi-thieu"], f"Tối thiểu của “{one['ten']}”") if one["toi-thieu"] else None,
            bool(one["loai"]),
        )
        for one in typed["lines"]
        if any(one.values())
    ]
    bands = [
        BandLine(one["ten"], number(one["tu"], f"Mức “{one['ten']}”"), number(one["den"], f"Mức “{one['ten']}”"))
        for one in typed["bands"]
        if any(one.values())
    ]
    return {
        "name": typed["name"],
        "lines": lines,
        "bands": bands,
        "minimum_total": number(typed["minimum_total"], "Tổng điểm tối thiểu"),
    }
