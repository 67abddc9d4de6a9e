"""The joint view of scores: standings, one dossier's scores side by side, papers, giving a sheet back. HTTP only."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from common.dates import today, write_day
from common.exceptions import DomainError, NotAllowed
from common.id_fields import ids_in
from common.responses import word
from models_registry.views.common import excel, given, page_links
from papers.selectors import letterheads_on
from recognition import services
from recognition.enums import TOGETHER, Phase
from recognition.exports.lists import STANDING_COLUMNS
from recognition.exports.scores import write_score_summary, write_sheets
from recognition.forms.fields import ReasonForm
from recognition.forms.scoring import LookForm
from recognition.permissions import can_follow, can_run, can_serve
from recognition.selectors import council as councils
from recognition.selectors import scoring as reads
from recognition.selectors.score_table import table_of
from recognition.selectors.standing_list import ORDERS, listed_as, turns_of
from recognition.views.common import PAGE, actor_of, head, round_or_404

SCORED = (Phase.SCORING, *TOGETHER)
SHEETS = 400  # score sheets in one Word file: what a council of seven makes of fifty dossiers


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
    asked = {"q": request.GET.get("q", "").strip()[:200], "xep": request.GET.get("xep", "")[:10]}
    page = Paginator(listed_as(listed, asked["q"], asked["xep"]), PAGE).get_page(request.GET.get("trang"))
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
        links=page_links(page, asked | ({"vach": text} if may_cut and above != found.cut_after else {})),
        asked=asked,
        orders=[(name, label) for name, (label, _) in ORDERS.items()],
        total=len(listed),
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


@require_http_methods(["GET", "POST"])
def scores(request: HttpRequest, pk: int, dossier: int) -> HttpResponseBase:
    """One dossier's scores, criterion by member; asking members to look again."""
    found = round_or_404(request, pk)
    if found.phase not in TOGETHER:
        raise Http404
    listed, seat, _ = reads.standings_of(request.user, found)
    standing = next((one for one in listed if one.dossier.pk == dossier), None)
    if standing is None or not (seat or can_follow(request.user, found)):
        raise Http404
    standing.dossier.round = found
    may_ask = found.phase == Phase.JOINT and can_serve(request.user, found)
    may_ask = may_ask and not councils.interests_of(request.user, found, standing.dossier)
    errors: list[tuple[str, str]] = []
    form = LookForm(given(request)[0], initial={"han": write_day(found.meet_on)})
    if form.is_bound:
        if not may_ask:
            raise Http404
        errors = _ask(request, form, dossier)
        if not errors:
            messages.success(request, "Đã gửi đề nghị xem lại; thành viên thấy ở “Việc của tôi”.")
            return redirect("recognition:scores", pk=pk, dossier=dossier)
    context = head(
        found,
        dossier=standing.dossier,
        standing=standing,
        turns=turns_of(listed, standing, found.spread_limit),
        table=table_of(request.user, found, standing.dossier),
        rules=found.criteria,
        may_ask=may_ask,
        chosen=form.chosen,
        words=form["loi"].value() or "",
        until=form["han"].value() or "",
        errors=errors,
    )
    return render(request, "recognition/scores.html", context, status=422 if errors else 200)


def _ask(request: HttpRequest, form: LookForm, dossier: int) -> list[tuple[str, str]]:
    """What is wrong: (field, words); empty once it was asked."""
    if not form.is_valid():
        return [(name, str(words)) for name, said in form.errors.items() for words in said]
    try:
        services.ask_second_look(dossier_id=dossier, plan=form.plan(), actor=actor_of(request))
    except (NotAllowed, DomainError) as refused:
        return [("", str(refused))]
    return []


@require_safe
def sheets_word(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Score sheets as one Word file: all that one may see, or those of one dossier; while all score alone, one's own."""
    found = round_or_404(request, pk)
    if found.phase not in SCORED:
        raise Http404
    asked = ids_in([request.GET.get("ho-so", "")])
    sheets = reads.sheets_to_print(request.user, found, dossier=asked[0] if asked else None, is_own="cua-toi" in request.GET)
    pages = Paginator(sheets, SHEETS)
    if not pages.count:
        raise Http404
    if pages.num_pages > 1:
        messages.error(request, f"Có {pages.count} phiếu, quá {SHEETS} phiếu một tệp. Xin mở từng hồ sơ rồi tải phiếu.")
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
    one = get_object_or_404(reads.member_sheets(found), pk=sheet)
    form = ReasonForm(given(request)[0])
    if form.is_bound:
        try:
            services.reopen_sheet(sheet_id=sheet, why=form.said, actor=actor_of(request))
        except DomainError as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"Đã mở lại phiếu của {one.member}.")
            return redirect("recognition:round", pk=pk)
    context = head(found, sheet=one, reason=form.said, errors=form.faults)
    return render(request, "recognition/reopen.html", context, status=422 if form.errors else 200)
