"""A member's own sheets: what one is given, one dossier beside its criteria, not judging it. HTTP only."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from common.dates import VIETNAM, today
from common.exceptions import DomainError, NotAllowed
from common.forms import pressed
from models_registry.selectors.checking import has_keys
from models_registry.views.common import by_post, page_links
from models_registry.views.common import given as fields_of
from models_registry.views.files import answer_file
from recognition import services
from recognition.enums import TOGETHER, Phase, SheetState
from recognition.forms.fields import ReasonForm
from recognition.forms.scoring import SheetForm
from recognition.models import CouncilMember, Dossier, RecognitionRound
from recognition.permissions import can_run, seat_of
from recognition.selectors import council as councils
from recognition.selectors import dossiers as dossier_reads
from recognition.selectors import sheets as reads
from recognition.selectors.looks import looks_of
from recognition.selectors.sheet_page import Shown, dossier_shown, shown_lines
from recognition.services import SavedScores, Typed
from recognition.views.common import PAGE, actor_of, head, round_or_404

SCORED = (Phase.SCORING, *TOGETHER)


@dataclass(frozen=True)
class Refusal:
    """What was typed and could not be kept, with why; what another page wrote meanwhile."""

    status: int = 200
    form: SheetForm = field(default_factory=SheetForm)
    error: str = ""
    errors: Mapping[int, str] = field(default_factory=dict)
    others: Mapping[int, tuple[str, str]] = field(default_factory=dict)


def _seat_or_404(request: HttpRequest, pk: int) -> tuple[RecognitionRound, CouncilMember]:
    found = round_or_404(request, pk)
    seat = seat_of(request.user, found)
    if seat is None or found.phase not in SCORED:
        raise Http404
    return found, seat


@require_safe
def mine(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The dossiers that a member is given, with how far each sheet is; narrowed by that."""
    found, seat = _seat_or_404(request, pk)
    my, chip = reads.sheets_of(seat), request.GET.get("tt", "")
    chip = chip if chip in reads.CHIPS else ""
    page = Paginator([one for one in my.given if chip in ("", one.chip)], PAGE).get_page(request.GET.get("trang"))
    kept_back = len([1 for (member_id, _) in councils.conflicts_of(found, member=seat) if member_id == seat.pk])
    context = head(
        found,
        seat=seat,
        my=my,
        page=page,
        chip=chip,
        links=page_links(page, {"tt": chip}),
        may_print=any(one.state == SheetState.SENT for one in my.given),
        kept_back=kept_back,
        days_left=(found.score_until - today()).days,
    )
    return render(request, "recognition/mine.html", context)


def _given_or_404(request: HttpRequest, pk: int, dossier: int) -> tuple[RecognitionRound, CouncilMember, Dossier]:
    found, seat = _seat_or_404(request, pk)
    return found, seat, get_object_or_404(dossier_reads.dossiers_of_member(seat), pk=dossier)


@require_http_methods(["GET", "POST"])
def sheet(request: HttpRequest, pk: int, dossier: int) -> HttpResponseBase:
    """One dossier beside its criteria: saving, handing in, answering a request to look again."""
    found, seat, given = _given_or_404(request, pk, dossier)
    if request.method == "GET":
        return _page(request, found, seat, given)
    form = SheetForm(request.POST)
    try:
        return _act(request, found, seat, given, form)
    except services.SheetRefused as refused:
        return _page(request, found, seat, given, Refusal(422, errors=refused.errors))
    except (NotAllowed, DomainError) as error:
        return _page(request, found, seat, given, Refusal(409, form, str(error)))


def _act(request: HttpRequest, found: RecognitionRound, seat: CouncilMember, given: Dossier, form: SheetForm) -> HttpResponseBase:
    """Do what the page's button says: save, hand in, answer."""
    what = pressed(request)
    form.full_clean()
    ids: dict[str, Any] = {"round_id": found.pk, "dossier_id": given.pk, "actor": actor_of(request)}
    if what == "tra-loi":
        look, words = form.cleaned_data["look"], form.cleaned_data["answer"]
        saved = services.answer_second_look(look_id=look, typed=_typed(form, given), words=words, actor=actor_of(request))
    else:
        saved = services.save_scores(typed=_typed(form, given), remark=form.remark or "", **ids)
    if saved.refused or saved.others:
        refusal = Refusal(422 if saved.refused else 409, form, errors=saved.refused, others=saved.others)
        return _page(request, found, seat, given, refusal)
    if what == "tra-loi":
        messages.success(request, f"Đã trả lời đề nghị xem lại, hồ sơ {given.number}.")
    elif what == "luu":
        messages.success(request, "Đã lưu.")
    else:
        services.send_sheet(**ids)
        messages.success(request, f"Đã nộp phiếu hồ sơ {given.number}.")
        return _on(found, seat, given)
    return redirect("recognition:sheet", pk=found.pk, dossier=given.pk)


def _on(found: RecognitionRound, seat: CouncilMember, given: Dossier) -> HttpResponseBase:
    """To the top of the next dossier that waits; to the list where none does."""
    following = reads.sheets_of(seat).next_after(given)
    if following is None:
        return redirect("recognition:scoring", pk=found.pk)
    return redirect(f"{reverse('recognition:sheet', args=[found.pk, following.pk])}#noi-dung")


def _typed(form: SheetForm, given: Dossier) -> dict[int, Typed]:
    assert given.round is not None
    return form.scores(reads.criteria_of(given.round))


def _page(
    request: HttpRequest,
    found: RecognitionRound,
    seat: CouncilMember,
    given: Dossier,
    refusal: Refusal | None = None,
) -> HttpResponse:
    refusal = refusal or Refusal()
    form = refusal.form
    kept, my = reads.sheet_of(seat, given), reads.sheets_of(seat)
    looks = looks_of(kept) if kept and found.phase != Phase.SCORING else []
    look = next((one for one in looks if one.is_open), None)
    asked = look.criteria if look else frozenset()
    lines = shown_lines(reads.lines_of(given, kept), form.data, refusal.errors, refusal.others, asked)
    before, after = my.beside(given)
    late_since = reads.late_since(found, kept) if reads.may_write(found, kept) else None
    context = head(
        found,
        seat=seat,
        dossier=given,
        sheet=kept,
        lines=lines,
        shown=dossier_shown(request.user, given),
        my=my,
        place=my.place_of(given),
        before=before,
        after=after,
        next_up=my.next_after(given),
        looks=looks,
        look=look,
        answer=form["answer"].value() or "",
        errors=[(f"id_p{pk}", words) for pk, words in refusal.errors.items()],
        has_others=bool(refusal.others),
        error=refusal.error,
        is_open=reads.may_write(found, kept)
        and (not late_since or form.is_bound),  # what was typed can be sent once the day is moved
        may_step_aside=reads.may_write(found, kept),
        late_since=late_since,
        may_move=can_run(request.user, found.unit),
        secretaries=councils.secretaries_of(found) if late_since else [],
        remark=(form.remark or "") if form.is_bound else kept.remark if kept else "",
        days_left=(found.score_until - today()).days,
        has_keys=has_keys(request.user),
        bands=json.dumps([[band.name, float(band.from_total)] for band in reads.bands_of(found.criteria)]),
        **_sums(found, lines),
    )
    return render(request, "recognition/sheet.html", context, status=refusal.status)


def _sums(found: RecognitionRound, lines: list[Shown]) -> dict[str, Any]:
    """What the foot of the page says: the total, its band once all is scored, what is missing, what is under its least."""
    total, missing = reads.total_of([one.line for one in lines]), [one.line for one in lines if one.line.value is None]
    return {
        "total": total,
        "top": found.criteria.top,
        "band": "" if missing else reads.band_of(found.criteria, total),
        "missing": missing,
        "low": [one.line for one in lines if one.line.is_low],
    }


@by_post("recognition:sheet", "pk", "dossier")
def save(request: HttpRequest, pk: int, dossier: int) -> HttpResponseBase:
    """Saving by itself: the line that says when, and what could not be kept."""
    given = get_object_or_404(dossier_reads.dossiers_of_seats(request.user), pk=dossier, round=pk)
    try:
        form = SheetForm(request.POST)
        saved = services.save_scores(
            round_id=pk, dossier_id=dossier, typed=_typed(form, given), remark=form.remark, actor=actor_of(request)
        )
    except (NotAllowed, DomainError) as error:
        return render(request, "recognition/saved.html", {"refused": str(error)}, status=409)
    return render(request, "recognition/saved.html", _told(given, saved))


def _told(given: Dossier, saved: SavedScores) -> dict[str, Any]:
    assert given.round is not None and saved.sheet.member is not None
    lines = reads.lines_of(given, reads.sheet_of(saved.sheet.member, given))
    return {
        "at": timezone.localtime(saved.at, VIETNAM),
        "lines": lines,
        "wrong": [(one, saved.refused[one.criterion_id]) for one in lines if one.criterion_id in saved.refused],
        "others": [one for one in lines if one.criterion_id in saved.others],
    } | _sums(given.round, [Shown(one) for one in lines])


@require_http_methods(["GET", "POST"])
def absent(request: HttpRequest, pk: int, dossier: int) -> HttpResponseBase:
    """Not judging a dossier, for a reason, after a page that says what that means."""
    found, seat, given = _given_or_404(request, pk, dossier)
    kept = reads.sheet_of(seat, given)
    is_closed = not reads.may_write(found, kept) or reads.late_since(found, kept) or (kept and kept.state == SheetState.SENT)
    if request.method == "GET" and is_closed:
        return redirect("recognition:sheet", pk=pk, dossier=dossier)
    form = ReasonForm(fields_of(request)[0])
    if form.is_bound:
        try:
            services.mark_absent(round_id=pk, dossier_id=dossier, why=form.said, actor=actor_of(request))
        except DomainError as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"Đã ghi không đánh giá hồ sơ {given.number}.")
            return _on(found, seat, given)
    context = head(found, dossier=given, sheet=kept, why=form.said, errors=form.faults)
    return render(request, "recognition/absent.html", context, status=409 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def interest(request: HttpRequest, pk: int, dossier: int) -> HttpResponseBase:
    """Saying that a dossier concerns oneself, after a page that says what that means."""
    found, seat, given = _given_or_404(request, pk, dossier)
    form = ReasonForm(fields_of(request)[0])
    if form.is_bound:
        try:
            services.declare_conflict(round_id=pk, dossier_id=dossier, reason=form.said, actor=actor_of(request))
        except DomainError as refused:
            form.refuse(refused)
        else:
            said = "Điểm chưa nộp ở hồ sơ này đã bỏ; phiếu đã nộp không tính nữa."
            messages.success(request, f"Đã ghi: đồng chí thôi chấm hồ sơ {given.number}. {said}")
            return _on(found, seat, given)
    context = head(found, dossier=given, sheet=reads.sheet_of(seat, given), why=form.said, errors=form.faults)
    return render(request, "recognition/interest.html", context, status=409 if form.errors else 200)


@require_safe
def attachment(request: HttpRequest, pk: int, file: UUID, variant: str) -> HttpResponseBase:
    """A photo or file of the registration, to whom its dossier is visible."""
    found = dossier_reads.readable_by(request.user, pk)
    if found is None:
        raise Http404
    return answer_file(request, get_object_or_404(found.registration.attachments, pk=file), variant)
