"""Scoring: what one is given, the page of one dossier, saving by itself, the joint view. HTTP only."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from common.dates import VIETNAM, today
from common.exceptions import DomainError, NotAllowed
from common.responses import word
from models_registry.selectors import series_of
from models_registry.views.common import by_post, excel, page_links, read_ids
from papers.selectors import letterheads_on
from recognition import services
from recognition.enums import TOGETHER, Phase, SheetKind, SheetState
from recognition.exports.lists import STANDING_COLUMNS
from recognition.exports.scores import write_score_summary, write_sheets
from recognition.models import CouncilMember, Dossier, RecognitionRound, ScoreSheet
from recognition.permissions import can_follow, can_run, can_serve, is_secretary, seat_of
from recognition.selectors import council as councils
from recognition.selectors import dossiers as dossier_reads
from recognition.selectors import scoring as reads
from recognition.selectors.visits import visits_of
from recognition.services import Typed
from recognition.views.common import PAGE, head, round_or_404

SCORED = (Phase.SCORING, *TOGETHER)
SHEETS = 400  # score sheets in one Word file: what a council of seven makes of fifty dossiers


def _seat_or_404(request: HttpRequest, pk: int) -> tuple[RecognitionRound, CouncilMember]:
    found = round_or_404(request, pk)
    seat = seat_of(request.user, found)
    if seat is None or found.phase not in SCORED:
        raise Http404
    return found, seat


@require_safe
def mine(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The dossiers that a member is given, with how far each sheet is."""
    found, seat = _seat_or_404(request, pk)
    page = Paginator(dossier_reads.dossiers_of_member(seat), PAGE).get_page(request.GET.get("trang"))
    states = reads.states_of(seat)
    rows = [(one, states.get(one.pk)) for one in page]
    kept_back = len([1 for (member_id, _) in councils.conflicts_of(found, member=seat) if member_id == seat.pk])
    context = head(
        found,
        seat=seat,
        page=page,
        links=page_links(page, {}),
        rows=rows,
        done=sum(state in (SheetState.SENT, SheetState.ABSENT) for state in states.values()),
        may_print=SheetState.SENT in states.values(),
        kept_back=kept_back,
        days_left=(found.score_until - today()).days,
    )
    return render(request, "recognition/mine.html", context)


def _given_or_404(request: HttpRequest, pk: int, dossier: int) -> tuple[RecognitionRound, CouncilMember, Dossier]:
    found, seat = _seat_or_404(request, pk)
    return found, seat, get_object_or_404(dossier_reads.dossiers_of_member(seat), pk=dossier)


@require_http_methods(["GET", "POST"])
def sheet(request: HttpRequest, pk: int, dossier: int) -> HttpResponseBase:
    """One dossier beside its criteria; saving, handing in, being absent, having an interest."""
    found, seat, given = _given_or_404(request, pk, dossier)
    if request.method == "GET":
        return _page(request, found, seat, given)
    try:
        return _act(request, found, seat, given)
    except services.SheetRefused as refused:
        return _page(request, found, seat, given, errors=refused.errors, status=422)
    except (NotAllowed, DomainError) as error:
        return _page(request, found, seat, given, error=str(error), posted=request.POST, status=409)


def _act(request: HttpRequest, found: RecognitionRound, seat: CouncilMember, given: Dossier) -> HttpResponseBase:
    """Do what the page's button says: save, hand in, not judge, have an interest."""
    what = request.POST.get("viec", "nop")
    ids: dict[str, Any] = {"round_id": found.pk, "dossier_id": given.pk, "actor": request.user}
    if what in ("lien-quan", "vang"):
        why = request.POST.get("ly-do", "")
        if what == "vang":
            services.mark_absent(why=why, **ids)
            messages.success(request, f"Đã ghi không đánh giá hồ sơ {given.number}.")
        else:
            services.declare_conflict(reason=why, **ids)
            messages.success(request, f"Đã ghi: đồng chí thôi chấm hồ sơ {given.number}. Điểm đã ghi ở hồ sơ này đã bỏ.")
        return redirect("recognition:scoring", pk=found.pk)
    saved = services.save_scores(typed=_typed(request, given), remark=request.POST.get("nhan-xet", ""), **ids)
    if saved.refused:
        return _page(request, found, seat, given, errors=saved.refused, posted=request.POST, status=422)
    if what == "luu":
        messages.success(request, "Đã lưu.")
        return redirect("recognition:sheet", pk=found.pk, dossier=given.pk)
    services.send_sheet(**ids)
    messages.success(request, f"Đã nộp phiếu hồ sơ {given.number}.")
    following = reads.next_given(seat, given)
    if following is None:
        return redirect("recognition:scoring", pk=found.pk)
    return redirect("recognition:sheet", pk=found.pk, dossier=following.pk)


def _typed(request: HttpRequest, given: Dossier) -> dict[int, Typed]:
    assert given.round is not None
    return {
        criterion.pk: Typed(request.POST.get(f"p{criterion.pk}", ""), request.POST.get(f"n{criterion.pk}", ""))
        for criterion in given.round.criteria.criteria.all()
        if f"p{criterion.pk}" in request.POST
    }


def _page(
    request: HttpRequest,
    found: RecognitionRound,
    seat: CouncilMember,
    given: Dossier,
    *,
    errors: dict[int, str] | None = None,
    error: str = "",
    posted: Any = None,
    status: int = 200,
) -> HttpResponse:
    kept = reads.sheet_of(seat, given)
    lines = reads.lines_of(given, kept)
    shown = [
        (
            line,
            posted.get(f"p{line.criterion_id}", line.points) if posted else line.points,
            posted.get(f"n{line.criterion_id}", line.comment) if posted else line.comment,
            (errors or {}).get(line.criterion_id, ""),
        )
        for line in lines
    ]
    states = reads.states_of(seat)
    context = head(
        found,
        seat=seat,
        dossier=given,
        registration=given.registration,
        sheet=kept,
        lines=shown,
        total=reads.total_of(lines),
        top=found.criteria.top,
        errors=[(f"id_p{pk}", words) for pk, words in (errors or {}).items()],
        error=error,
        visits=visits_of(request.user, given),
        may_visit=False,
        papers=[line for line in dossier_reads.checklist(given) if line.has],
        measures=list(series_of(given.registration).order_by("-as_of")[:6]),
        given=dossier_reads.dossiers_of_member(seat).count(),
        done=sum(state in (SheetState.SENT, SheetState.ABSENT) for state in states.values()),
        is_open=found.phase in (Phase.SCORING, Phase.JOINT)
        and (kept is None or kept.state == SheetState.DRAFT or (found.phase == Phase.JOINT and kept.state == SheetState.SENT)),
        remark=posted.get("nhan-xet", kept.remark if kept else "") if posted else (kept.remark if kept else ""),
        why=posted.get("ly-do", "") if posted else "",
        act=posted.get("viec", "") if posted else "",
        days_left=(found.score_until - today()).days,
    )
    return render(request, "recognition/sheet.html", context, status=status)


@by_post("recognition:sheet", "pk", "dossier")
def save(request: HttpRequest, pk: int, dossier: int) -> HttpResponseBase:
    """Saving by itself: the line that says when, and what could not be kept."""
    given = get_object_or_404(dossier_reads.dossiers_of_seats(request.user), pk=dossier, round=pk)
    try:
        saved = services.save_scores(
            round_id=pk,
            dossier_id=dossier,
            typed=_typed(request, given),
            remark=request.POST.get("nhan-xet") if "nhan-xet" in request.POST else None,
            actor=request.user,
        )
    except (NotAllowed, DomainError) as error:
        return render(request, "recognition/saved.html", {"refused": str(error)}, status=409)
    lines = reads.lines_of(given, reads.sheet_of(saved.sheet.member, given) if saved.sheet.member else None)
    context = {
        "at": timezone.localtime(saved.at, VIETNAM),
        "wrong": [
            (line.criterion_id, line.name, saved.refused[line.criterion_id])
            for line in lines
            if line.criterion_id in saved.refused
        ],
        "total": reads.total_of(lines),
        "top": given.round.criteria.top if given.round else 0,
    }
    return render(request, "recognition/saved.html", context)


@require_safe
def standings(request: HttpRequest, pk: int) -> HttpResponseBase:
    """All that was scored, ranked, once the joint phase has begun; the cut line, to who runs the round."""
    found = round_or_404(request, pk)
    if found.phase not in TOGETHER:
        raise Http404
    listed, seat, is_whole = reads.standings_of(request.user, found)
    if not (seat or can_follow(request.user, found)):
        raise Http404
    if request.GET.get("tai") == "xlsx":
        title = f"Bảng điểm, xếp hạng: {found}"
        return excel(f"xep-hang-{found.season}", title, STANDING_COLUMNS, listed, illustrative=found.season.is_illustrative)
    page = Paginator(listed, PAGE).get_page(request.GET.get("trang"))
    may_cut = can_run(request.user, found.unit) and found.phase != Phase.CLOSED and is_whole
    text = request.GET.get("vach", "").strip()
    is_number = text.isascii() and text.isdecimal() and len(text) < 5
    cut_error = ""
    if may_cut and text and not (is_number and int(text) <= len(listed)):
        cut_error = f"“{text[:12]}” không phải một số từ 0 đến {len(listed)}."
    above = int(text) if may_cut and text and not cut_error else found.cut_after if is_whole else None
    context = head(
        found,
        seat=seat,
        page=page,
        links=page_links(page, {"vach": text} if may_cut and above != found.cut_after else {}),
        may_run=(can_run(request.user, found.unit) or is_secretary(seat)) and found.phase == Phase.JOINT,
        top=found.criteria.top,
        minimum=found.criteria.minimum_total,
        wide=[one for one in listed if one.spread > found.spread_limit],
        may_cut=may_cut,
        above=above,
        cut_typed=text if cut_error else "",
        cut_error=cut_error,
        effect=reads.cut_effect(listed, above) if above is not None and can_follow(request.user, found) else None,
        is_saved=above == found.cut_after,
        voted=any(one.ballot for one in listed),
        heads=letterheads_on(found.unit, today()),
        is_whole=is_whole,
        sheets=sum(len(one.sheets) for one in listed),
        most=SHEETS,
    )
    return render(request, "recognition/standings.html", context, status=422 if cut_error else 200)


@require_safe
def sheets_word(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Score sheets as one Word file: all that one may see, or those of one dossier; while all score alone, one's own."""
    found = round_or_404(request, pk)
    if found.phase not in SCORED:
        raise Http404
    sheets = reads.sheets_to_print(request.user, found)
    if ids := read_ids([request.GET.get("ho-so", "")]):
        sheets = sheets.filter(dossier=ids[0])
    if "cua-toi" in request.GET:
        sheets = sheets.filter(member__user=request.user.pk)
    number = sheets.count()
    if not number:
        raise Http404
    if number > SHEETS:
        messages.error(request, f"Có {number} phiếu, quá {SHEETS} phiếu một tệp. Xin mở từng hồ sơ rồi tải phiếu.")
        return redirect("recognition:standings", pk=pk)
    return word(write_sheets(found, sheets, request.GET.get("co-quan", "")), f"phieu-cham-{found.season}.docx")


@require_safe
def summary_word(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The summary of scores as Word, to who sees the whole round."""
    found = round_or_404(request, pk)
    if found.phase not in TOGETHER:
        raise Http404
    listed, seat, is_whole = reads.standings_of(request.user, found)
    if not (seat or can_follow(request.user, found)) or not is_whole:
        raise Http404
    members = councils.members_of(found)
    data = write_score_summary(found, listed, members, request.GET.get("co-quan", ""))
    return word(data, f"tong-hop-diem-{found.season}.docx")


@require_http_methods(["GET", "POST"])
def reopen(request: HttpRequest, pk: int, sheet: int) -> HttpResponseBase:
    """Give a sheet back to its member, with a reason, after a page that says so."""
    found = round_or_404(request, pk)
    if not can_serve(request.user, found):
        raise Http404
    one = get_object_or_404(
        ScoreSheet.objects.filter(kind=SheetKind.MEMBER).select_related("member", "dossier__registration"),
        pk=sheet,
        dossier__round=found,
    )
    error = ""
    if request.method == "POST":
        try:
            services.reopen_sheet(sheet_id=sheet, why=request.POST.get("ly-do", ""), actor=request.user)
        except (NotAllowed, DomainError) as refused:
            error = str(refused)
        else:
            messages.success(request, f"Đã mở lại phiếu của {one.member}.")
            return redirect("recognition:round", pk=pk)
    return render(request, "recognition/reopen.html", head(found, sheet=one, error=error), status=422 if error else 200)
