"""The meeting: official scores, the cut line, who is there, votes, minutes. HTTP only."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from common.dates import write_day
from common.exceptions import DomainError, NotAllowed
from common.numbers import write_number
from common.responses import word
from models_registry.views.common import by_post, given, labelled, read_ids
from papers.selectors import letterheads_on
from recognition import services
from recognition.enums import TOGETHER, Choice, MeetingState, Phase
from recognition.exports.values import write_minutes
from recognition.forms.meetings import MeetingForm
from recognition.models import Dossier, Meeting, RecognitionRound
from recognition.permissions import can_follow, can_serve, seat_of
from recognition.selectors import council as councils
from recognition.selectors import meetings as reads
from recognition.selectors import scoring
from recognition.services import Typed
from recognition.views.common import head, round_or_404


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
    form = (
        MeetingForm(*given(request))
        if _is_plan(request)
        else MeetingForm(
            initial={name: getattr(one, name) for name in ("place", "way", "ballot", "quorum", "needed")}
            | {"held_on": write_day(one.held_on)}
        )
    )
    error = ""
    if request.method == "POST":
        if not may_serve:
            raise Http404
        try:
            done = _act_on_meeting(request, pk, form)
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
        people=[(who, _typed_presence(request, who)) for who in people],
        present=sum(who.is_present for who in people),
        form=form,
        errors=labelled(form) if form.is_bound else [],
        error=error,
        may_serve=may_serve and found.phase == Phase.MEETING,
        left=left,
        waiting=sum(number > 0 for _, number in left),
        results=[row for row in reads.results_of(one) if row.dossier_id not in kept_back],
        changed=[row for row in reads.earlier_votes(one) if row.dossier_id not in kept_back],
        may_have_minutes=not kept_back,
        heads=letterheads_on(found.unit, one.held_on),
        seat=seat_of(request.user, found),
        words=request.POST.get("ket-luan", one.conclusion),
    )
    return render(request, "recognition/meeting.html", context, status=409 if error else 422 if context["errors"] else 200)


def _is_plan(request: HttpRequest) -> bool:
    """Whether day, place and who is there were sent: to be saved, or saved before voting opens."""
    return request.method == "POST" and request.POST.get("viec", "mo") == "mo"


def _typed_presence(request: HttpRequest, who: Any) -> tuple[bool, str]:
    if _is_plan(request):
        return f"co-{who.member_id}" in request.POST, request.POST.get(f"ly-{who.member_id}", "")
    return who.is_present, who.why


def _act_on_meeting(request: HttpRequest, pk: int, form: MeetingForm) -> str:
    """What was done, in words; empty where the form has errors."""
    what = request.POST.get("viec", "")
    if what == "mo":
        if not form.is_valid():
            return ""
        _plan(request, pk, form)
        services.open_voting(round_id=pk, actor=request.user)
        return "Đã mở biểu quyết."
    if what == "dong":
        services.close_voting(round_id=pk, even_so="du-thieu" in request.POST, actor=request.user)
        return "Đã đóng biểu quyết và kiểm phiếu."
    if what == "ket-luan":
        services.conclude(round_id=pk, words=request.POST.get("ket-luan", ""), actor=request.user)
        return "Đã lưu kết luận của hội đồng."
    if what:
        raise Http404
    if not form.is_valid():
        return ""
    _plan(request, pk, form)
    return "Đã lưu cuộc họp."


def _plan(request: HttpRequest, pk: int, form: MeetingForm) -> None:
    present = {
        int(name[3:]): (f"co-{name[3:]}" in request.POST, request.POST.get(name, ""))
        for name in request.POST
        if name.startswith("ly-") and name[3:].isascii() and name[3:].isdecimal() and len(name) < 20
    }
    services.plan_meeting(round_id=pk, present=present, actor=request.user, **form.cleaned_data)


@require_http_methods(["GET", "POST"])
def vote(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A member's ballot paper."""
    found, one = _met_or_404(request, pk)
    seat = seat_of(request.user, found)
    if seat is None or one.state == MeetingState.PREPARING:
        raise Http404
    error = ""
    if request.method == "POST":
        try:
            if "lien-quan" in request.POST:
                _declare(request, pk)
            else:
                new = services.cast_votes(round_id=pk, choices=_choices(request), actor=request.user)
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
            request.POST.get(f"h{line.dossier.pk}", line.choice or ("for" if filled and line.dossier.pk in above else "")),
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


def _choices(request: HttpRequest) -> dict[int, str]:
    return {
        int(name[1:]): str(value)
        for name, value in request.POST.items()
        if name[:1] == "h" and name[1:].isascii() and name[1:].isdecimal() and len(name) < 18
    }


def _declare(request: HttpRequest, pk: int) -> None:
    """An interest said at the ballot; what was chosen for the others stays on the page."""
    ids = read_ids([request.POST.get("lien-quan", "")])
    if not ids:
        raise Http404
    services.declare_conflict(round_id=pk, dossier_id=ids[0], reason=request.POST.get(f"lq-{ids[0]}", ""), actor=request.user)
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
    text = request.POST.get("vach", "").strip()
    if text and not (text.isascii() and text.isdecimal() and len(text) < 5):
        messages.error(request, f"“{text[:12]}” không phải một số.")
        return redirect("recognition:standings", pk=pk)
    try:
        services.move_cut(round_id=found.pk, above=int(text) if text else None, actor=request.user)
    except NotAllowed as refused:
        raise Http404 from refused
    except DomainError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"Đã đặt vạch sau {text} hồ sơ." if text else "Đã bỏ vạch chọn.")
    return redirect("recognition:standings", pk=pk)


@require_http_methods(["GET", "POST"])
def official(request: HttpRequest, pk: int, dossier: int) -> HttpResponseBase:
    """One dossier's scores side by side: the unit's own, the members', the official ones; giving the official ones."""
    found = round_or_404(request, pk)
    seat = seat_of(request.user, found)
    if found.phase not in TOGETHER or not (seat or can_follow(request.user, found)):
        raise Http404
    there = Dossier.objects.filter(round=found).exclude(pk__in=councils.kept_back_from(request.user, found))
    one = get_object_or_404(there.select_related("registration", "unit"), pk=dossier)
    one.round = found
    may_serve = can_serve(request.user, found) and found.phase in (Phase.JOINT, Phase.MEETING)
    refused: dict[int, str] = {}
    error = ""
    if request.method == "POST":
        if not may_serve:
            raise Http404
        try:
            refused = _save_official(request, one)
        except (DomainError, NotAllowed) as problem:
            error = str(problem)
        if not refused and not error:
            messages.success(request, "Đã lưu điểm chính thức.")
            return redirect("recognition:official", pk=pk, dossier=dossier)
    lines = [
        (
            line,
            request.POST.get(f"p{line.criterion.pk}", write_number(line.official)),
            request.POST.get(f"n{line.criterion.pk}", line.reason),
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


def _save_official(request: HttpRequest, one: Dossier) -> dict[int, str]:
    ids = [line.criterion.pk for line in scoring.three_scores(one)]
    typed = {pk: Typed(request.POST.get(f"p{pk}", ""), request.POST.get(f"n{pk}", "")) for pk in ids}
    return services.save_official(dossier_id=one.pk, typed=typed, actor=request.user).refused
