"""The meeting: official scores, the cut line, who is there, votes, minutes. HTTP only."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from common.dates import write_day
from common.exceptions import DomainError, NotAllowed
from common.forms import pressed
from common.numbers import write_number
from common.responses import word
from models_registry.views.common import by_post, given, labelled
from papers.selectors import letterheads_on
from recognition import services
from recognition.enums import TOGETHER, Choice, MeetingState, Phase
from recognition.exports.values import write_minutes
from recognition.forms.meetings import BallotForm, ClosingForm, ConclusionForm, CutForm, MeetingForm
from recognition.forms.scoring import ScoresForm
from recognition.models import Dossier, Meeting, RecognitionRound
from recognition.permissions import can_follow, can_serve, seat_of
from recognition.selectors import council as councils
from recognition.selectors import meetings as reads
from recognition.selectors import scoring
from recognition.views.common import actor_of, head, round_or_404


def _met_or_404(request: HttpRequest, pk: int) -> tuple[RecognitionRound, Meeting]:
    """The round and its meeting, for the council and the body's own people."""
    found = round_or_404(request, pk)
    meeting = reads.meeting_of(found)
    if meeting is None or not (seat_of(request.user, found) or can_follow(request.user, found)):
        raise Http404
    meeting.round = found
    return found, meeting


@require_http_methods(["GET", "POST"])
def meeting(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Day, place, who is there; opening and closing the vote; the conclusion."""
    found, one = _met_or_404(request, pk)
    may_serve = can_serve(request.user, found)
    people = reads.attendances(one)
    button = pressed(request)
    sent = given(request)[0]
    plan = MeetingForm(sent if button in _PLAN else None, initial=_kept(one))
    conclusion = ConclusionForm(sent if button == CONCLUDE else None, initial={"words": one.conclusion})
    error = ""
    if request.method == "POST":
        if not may_serve:
            raise Http404
        try:
            done = _act_on_meeting(request, pk, plan, conclusion)
        except NotAllowed as refused:
            raise Http404 from refused
        except DomainError as refused:
            error = str(refused)
        else:
            if done:
                messages.success(request, done)
                return redirect("recognition:meeting", pk=pk)
    kept_back = councils.kept_back_from(request.user, found)
    left = reads.ballots_left(one) if one.state == MeetingState.VOTING else []
    context = head(
        found,
        meeting=one,
        people=[(who, plan.presence_of(who.member_id) if plan.is_bound else (who.is_present, who.why)) for who in people],
        present=sum(who.is_present for who in people),
        form=plan,
        errors=labelled(plan),
        error=error,
        may_serve=may_serve and found.phase == Phase.MEETING,
        left=left,
        waiting=sum(number > 0 for _, number in left),
        results=[row for row in reads.results_of(one) if row.dossier_id not in kept_back],
        changed=[row for row in reads.earlier_votes(one) if row.dossier_id not in kept_back],
        may_have_minutes=not kept_back,
        heads=letterheads_on(found.unit, one.held_on),
        seat=seat_of(request.user, found),
        words=conclusion["words"].value() or "",
    )
    return render(request, "recognition/meeting.html", context, status=409 if error else 422 if context["errors"] else 200)


OPEN, CLOSE, CONCLUDE = "mo", "dong", "ket-luan"
_PLAN = ("", OPEN)
"""The buttons that send day, place and who is there: to be saved, or saved before voting opens."""


def _kept(one: Meeting) -> dict[str, Any]:
    kept = {name: getattr(one, name) for name in ("place", "way", "ballot", "quorum", "needed")}
    return kept | {"held_on": write_day(one.held_on)}


def _act_on_meeting(request: HttpRequest, pk: int, plan: MeetingForm, conclusion: ConclusionForm) -> str:
    """Return what was done, in words; empty where the form has errors."""
    button, actor = pressed(request), actor_of(request)
    if button in _PLAN:
        if not plan.is_valid():
            return ""
        services.plan_meeting(round_id=pk, plan=plan.plan(), actor=actor)
        if button != OPEN:
            return "Đã lưu cuộc họp."
        services.open_voting(round_id=pk, actor=actor)
        return "Đã mở biểu quyết."
    if button == CLOSE:
        closing = ClosingForm(request.POST)
        closing.full_clean()
        services.close_voting(round_id=pk, even_so=closing.cleaned_data["even_so"], actor=actor)
        return "Đã đóng biểu quyết và kiểm phiếu."
    if button == CONCLUDE and conclusion.is_valid():
        services.conclude(round_id=pk, words=conclusion.cleaned_data["words"], actor=actor)
        return "Đã lưu kết luận của hội đồng."
    raise Http404


@require_http_methods(["GET", "POST"])
def vote(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A member's ballot paper."""
    found, one = _met_or_404(request, pk)
    seat = seat_of(request.user, found)
    if seat is None or one.state == MeetingState.PREPARING:
        raise Http404
    error = ""
    form = BallotForm(given(request)[0])
    if form.is_valid():
        try:
            if pressed(request, STAND_ASIDE) == STAND_ASIDE:
                _declare(request, pk, form)
            else:
                new = services.cast_votes(round_id=pk, choices=form.choices(), actor=actor_of(request))
                messages.success(request, f"Đã ghi {new} phiếu." if new else "Không có phiếu nào thay đổi.")
                return redirect("recognition:vote", pk=pk)
        except (DomainError, NotAllowed) as refused:
            error = str(refused)
    order = scoring.standings(request.user, found)
    above = {line.dossier.pk for line in scoring.result_of(found)[: found.cut_after or 0]} if found.cut_after else set()
    paper = reads.ballot_paper(one, seat, [line.dossier.pk for line in order])
    scores = {line.dossier.pk: line for line in order}
    filled = request.GET.get("chon") == "tren-vach"
    lines = [
        (
            line,
            scores.get(line.dossier.pk),
            form.choice_of(line.dossier.pk, line.choice or ("for" if filled and line.dossier.pk in above else "")),
            form.interest_in(line.dossier.pk),
        )
        for line in paper
    ]
    context = head(
        found,
        meeting=one,
        lines=lines,
        choices=Choice.choices,
        is_open=one.state == MeetingState.VOTING
        and any(who.member_id == seat.pk and who.is_present for who in reads.attendances(one)),
        done=sum(line.is_cast for line in paper),
        to_vote=sum(not line.aside for line in paper),
        above=len(above),
        error=error,
    )
    return render(request, "recognition/vote.html", context, status=409 if error else 200)


STAND_ASIDE = "lien-quan"


def _declare(request: HttpRequest, pk: int, form: BallotForm) -> None:
    """An interest said at the ballot; what was chosen for the others stays on the page."""
    dossier = form.cleaned_data["aside"]
    if not dossier:
        raise Http404
    services.declare_conflict(round_id=pk, dossier_id=dossier, reason=form.interest_in(dossier), actor=actor_of(request))
    messages.success(request, "Đã ghi: đồng chí đứng ngoài hồ sơ ấy. Các lựa chọn khác còn trên trang, chưa ghi.")


@require_safe
def minutes(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The minutes as Word, once voting is closed."""
    found, one = _met_or_404(request, pk)
    if one.state != MeetingState.CLOSED or councils.kept_back_from(request.user, found):
        raise Http404  # the minutes tell the votes on every dossier
    return word(write_minutes(found, request.GET.get("co-quan", "")), f"bien-ban-hop-hoi-dong-{found.season}.docx")


@by_post("recognition:standings", "pk")
def cut(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Put the line after so many dossiers, or take it away."""
    found = round_or_404(request, pk)
    form = CutForm(request.POST)
    if not form.is_valid():
        messages.error(request, form.error)
        return redirect("recognition:standings", pk=pk)
    above = form.cleaned_data["above"]
    try:
        services.move_cut(round_id=found.pk, above=above, actor=actor_of(request))
    except NotAllowed as refused:
        raise Http404 from refused
    except DomainError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "Đã bỏ vạch chọn." if above is None else f"Đã đặt vạch sau {above} hồ sơ.")
    return redirect("recognition:standings", pk=pk)


@require_http_methods(["GET", "POST"])
def official(request: HttpRequest, pk: int, dossier: int) -> HttpResponseBase:
    """One dossier's scores side by side: the unit's own, the members', the official ones; giving the official ones."""
    found = round_or_404(request, pk)
    seat = seat_of(request.user, found)
    if found.phase not in TOGETHER or not (seat or can_follow(request.user, found)):
        raise Http404
    one = get_object_or_404(scoring.judged_by(request.user, found), pk=dossier)
    one.round = found
    may_serve = can_serve(request.user, found) and found.phase in (Phase.JOINT, Phase.MEETING)
    refused: dict[int, str] = {}
    error, form = "", ScoresForm(given(request)[0])
    if form.is_bound:
        if not may_serve:
            raise Http404
        try:
            refused = _save_official(request, one, form)
        except (DomainError, NotAllowed) as problem:
            error = str(problem)
        if not refused and not error:
            messages.success(request, "Đã lưu điểm chính thức.")
            return redirect("recognition:official", pk=pk, dossier=dossier)
    lines = [
        (
            line,
            form.points_of(line.criterion.pk, write_number(line.official)),
            form.words_of(line.criterion.pk, line.reason),
            refused.get(line.criterion.pk, ""),
        )
        for line in scoring.three_scores(one)
    ]
    standing = next((row for row in scoring.standings(request.user, found) if row.dossier.pk == one.pk), None)
    context = head(
        found,
        dossier=one,
        registration=one.registration,
        lines=lines,
        standing=standing,
        may_serve=may_serve,
        errors=[(f"id_p{key}", words) for key, words in refused.items()],
        error=error,
    )
    return render(request, "recognition/official.html", context, status=422 if refused else 409 if error else 200)


def _save_official(request: HttpRequest, one: Dossier, form: ScoresForm) -> dict[int, str]:
    typed = form.scores(line.criterion.pk for line in scoring.three_scores(one))
    return services.save_official(dossier_id=one.pk, typed=typed, actor=actor_of(request)).refused
