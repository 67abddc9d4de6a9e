"""Dossiers: proposing, the page with its checklist, papers, every step. HTTP only."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from common.dates import today
from common.exceptions import DomainError, NotAllowed
from common.forms import pressed
from common.responses import sent_file
from common.text import quoted
from models_registry.selectors import newest_measures
from models_registry.views.common import by_post, given
from recognition import services
from recognition.enums import COMMON_PAPERS, DossierAction, DossierState, PaperKind, Phase
from recognition.forms.dossiers import AppealForm, DossierForm, PaperForm
from recognition.forms.scoring import ScoresForm
from recognition.models import Dossier
from recognition.permissions import can_decide, can_follow, can_prepare, can_read_lists, can_run, can_visit
from recognition.selectors import decisions, packets, sheets, visits, ways
from recognition.selectors import dossiers as reads
from recognition.selectors.rounds import propose_until, why_closed
from recognition.transitions import can_happen
from recognition.views.common import actor_of, head


def _dossier_or_404(request: HttpRequest, pk: int) -> Dossier:
    found = reads.readable_by(request.user, pk)
    if found is None:
        raise Http404
    return found


@require_safe
def dossier(request: HttpRequest, pk: int) -> HttpResponseBase:
    found = _dossier_or_404(request, pk)
    return render(request, "recognition/dossier.html", _context(request, found))


def _context(request: HttpRequest, found: Dossier, **more: Any) -> dict[str, Any]:
    assert found.round is not None and found.unit is not None
    round_ = found.round
    may_prepare, may_run = can_prepare(request.user, found), can_run(request.user, round_.unit)
    lines = reads.checklist(found)
    until = propose_until(round_, found.unit)
    typed = more.get("typed") or {}
    own = _own(found, ScoresForm(typed or None))

    is_new = found.state == DossierState.PREPARING
    closed = why_closed(round_, found.unit, is_new=is_new) if may_prepare and found.is_editable else ""

    def may(action: DossierAction, who: bool) -> bool:
        return who and can_happen(found.state, action, round_.phase)

    return (
        head(
            round_,
            dossier=found,
            registration=found.registration,
            lines=lines,
            missing=[line for line in lines if line.is_missing],
            state=ways.states_of([found])[found.pk],
            events=ways.way_of(found) if may_prepare or may_run else [],
            own=own,
            has_own=any(points for _, points in own),
            summary=typed.get("tom-tat", found.summary),
            flaws=DossierForm(typed).flaws(),
            upheld=typed.get("ket-qua") == AppealForm.UPHELD,
            measures=list(newest_measures(found.registration)[:6]),
            may_write=may_prepare and found.is_editable,
            closed_kinds=() if can_read_lists(request.user, found) else COMMON_PAPERS,
            closed=closed,
            may_send=not closed and may(DossierAction.SEND, may_prepare),
            may_withdraw=may(DossierAction.WITHDRAW, may_prepare),
            may_discard=may_prepare and found.state == "preparing",
            may_return=may(DossierAction.RETURN, may_run),
            may_complete=may(DossierAction.COMPLETE, may_run),
            until=until,
            days_left=(until - today()).days,
            visits=visits.visits_of(request.user, found),
            may_visit=can_visit(request.user, round_),
            typed={},
            may_open_packet=bool(found.packet_id and packets.readable_by(request.user, found.packet_id)),
            others_to_send=packets.others_to_send(found) if may_prepare else 0,
            **_result(request, found, may_prepare=may_prepare, may_run=may_run),
        )
        | more
    )


def _result(request: HttpRequest, found: Dossier, *, may_prepare: bool, may_run: bool) -> dict[str, Any]:
    """What became of the dossier, or where it is; the appeal and who may do what with it. For the unit and the body alone."""
    assert found.round is not None
    may_decide = can_decide(request.user, found.round.unit)
    if not (may_prepare or may_run or may_decide or can_follow(request.user, found.round)):
        return {}
    line = decisions.outcome_of(found)
    if line is None:
        return {"where": _WHERE.get(Phase(found.round.phase), "") if found.state == "complete" else ""}
    there = decisions.appeal_of(found)
    until = decisions.appeal_until(line) if line.verdict == "refuse" else None
    open_still = until is not None and today() <= until and found.round.phase != Phase.CLOSED
    return {
        "outcome": line,
        "appeal": there,
        "appeal_until": until,
        "may_appeal": may_prepare and there is None and open_still,
        "may_answer": may_decide,
        "recognition": decisions.recognition_of(found),
        "may_open_decision": decisions.sees_decision_of(request.user, line),
    }


_WHERE = {
    Phase.PROPOSING: "Hồ sơ đã đủ giấy tờ, chờ đợt xét thôi nhận đề nghị.",
    Phase.SCORING: "Hồ sơ đang được thẩm định độc lập.",
    Phase.JOINT: "Hội đồng đang đối chiếu điểm.",
    Phase.MEETING: "Hồ sơ chờ họp hội đồng.",
    Phase.DECIDING: "Hội đồng đã biểu quyết, chờ quyết định.",
}


_PLACES = {"tom-tat": "id_tom_tat", "rut": "ly_rut", "tra-lai": "loi_chung", "tra-loi": "tra_loi"}
"""The element of the page where a button's words are typed."""


def dossier_page(request: HttpRequest, found: Dossier, *, refused: DomainError, typed: Any) -> HttpResponseBase:
    """The dossier's page with what could not be done, and what was typed."""
    place = _PLACES.get(pressed(request), "kien_nghi") if refused.field else ""
    context = _context(request, found, errors=[(place, str(refused))], typed=typed)
    context["unsent"] = _unsent(context, typed)
    return render(request, "recognition/dossier.html", context, status=409)


def _unsent(context: dict[str, Any], typed: Any) -> list[tuple[str, str]]:
    """What was typed into a form that the page has no more: (what it is, the words)."""
    appeal = context.get("appeal")
    has_appeal = context.get("may_appeal") or (context.get("may_answer") and appeal and not appeal.answered_on)
    has_flaws = context["may_return"]
    fields = [
        ("tom-tat", "Tóm tắt", context["may_write"]),
        ("ly-do", "Lý do", context["may_withdraw"] if typed.get("viec") == "rut" else has_flaws),
        *((f"thieu-{kind}", kind.label, has_flaws) for kind in PaperKind),
        ("loi", "Kiến nghị, trả lời", has_appeal),
    ]
    return [(name, words) for key, name, is_there in fields if not is_there and (words := typed.get(key, "").strip())]


@by_post("recognition:dossier", "pk")
def add_paper(request: HttpRequest, pk: int) -> HttpResponseBase:
    found = _dossier_or_404(request, pk)
    if not can_prepare(request.user, found):
        raise Http404
    form = PaperForm(*given(request))
    form.full_clean()
    file = form.cleaned_data.get("file")
    if file is None:
        messages.error(request, "Chưa chọn tệp nào.")
        return _at(pk, "giay-to")
    try:
        made = services.add_paper(dossier_id=pk, kind=form.cleaned_data["kind"], file=file, actor=actor_of(request))
    except NotAllowed as error:
        raise Http404 from error
    except DomainError as error:
        messages.error(request, f"{file.name}: {error}")
    else:
        messages.success(request, f"Đã nhận {made.get_kind_display().lower()}: {made.file_name}.")
    return _at(pk, "giay-to")


def _at(pk: int, section: str) -> HttpResponseBase:
    response = redirect("recognition:dossier", pk=pk)
    response["Location"] += f"?o={section}#{section}"
    return response


@by_post("recognition:dossier", "pk")
def change(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Write the summary, send, return, take as complete, take back, throw away."""
    found = _dossier_or_404(request, pk)
    what, form = pressed(request), DossierForm(request.POST)
    form.full_clean()
    typed = form.cleaned_data
    try:
        if what == "tom-tat":
            services.write_dossier(dossier_id=pk, summary=typed["summary"], actor=actor_of(request))
            messages.success(request, "Đã lưu tóm tắt.")
            return redirect("recognition:dossier", pk=pk)
        if what == "tu-cham":
            return _score_oneself(request, found)
        if what == "xoa":
            return _discard(request, found)
        action = _ACTIONS.get(what)
        if action is None:
            raise Http404
        services.change_dossier(dossier_id=pk, action=action, actor=actor_of(request), note=typed["note"], flaws=form.flaws())
    except NotAllowed as error:
        raise Http404 from error
    except DomainError as error:
        return dossier_page(request, _dossier_or_404(request, pk), refused=error, typed=form.data)
    messages.success(request, f"{_DONE[action]} hồ sơ {quoted(found.registration.title)}.")
    is_looked_at = action in (DossierAction.COMPLETE, DossierAction.RETURN)
    return redirect("recognition:dossier", pk=(is_looked_at and reads.next_to_look_at(found)) or pk)


def _discard(request: HttpRequest, found: Dossier) -> HttpResponseBase:
    services.discard_dossier(dossier_id=found.pk, actor=actor_of(request))
    messages.success(request, "Đã xóa hồ sơ chưa gửi.")
    if found.packet_id:
        return redirect("recognition:packet", pk=found.packet_id)
    return redirect("recognition:round", pk=found.round_id)


def _own(found: Dossier, form: ScoresForm) -> list[tuple[sheets.Line, str]]:
    """The criteria with the unit's own points, as typed where they could not be kept."""
    lines = sheets.lines_of(found, sheets.own_sheet(found))
    return [(line, form.points_of(line.criterion_id, line.points)) for line in lines]


def _score_oneself(request: HttpRequest, found: Dossier) -> HttpResponseBase:
    form = ScoresForm(request.POST)
    names = {line.criterion_id: line.name for line, _ in _own(found, form)}
    saved = services.save_own_scores(dossier_id=found.pk, typed=form.scores(names), actor=actor_of(request))
    if saved.refused:
        errors = [(f"id_p{pk}", f"{names[pk]}: {words}") for pk, words in saved.refused.items()]
        context = _context(request, found, errors=errors, typed=form.data)
        return render(request, "recognition/dossier.html", context, status=422)
    messages.success(request, "Đã lưu điểm đơn vị tự chấm.")
    return _at(found.pk, "tu-cham")


_ACTIONS = {
    "gui": DossierAction.SEND,
    "tra-lai": DossierAction.RETURN,
    "du": DossierAction.COMPLETE,
    "rut": DossierAction.WITHDRAW,
}
_DONE = {
    DossierAction.SEND: "Đã gửi",
    DossierAction.RETURN: "Đã trả lại",
    DossierAction.COMPLETE: "Đã nhận đủ",
    DossierAction.WITHDRAW: "Đã rút",
}


@require_safe
def serve_attachment(request: HttpRequest, pk: int, file: UUID) -> HttpResponseBase:
    """A paper, to whom its dossier is visible; the common ones, which speak of other units' models too, to fewer. Nothing in it
    runs in a browser.
    """
    found = reads.paper_of(request.user, _dossier_or_404(request, pk), file)
    if found is None:
        raise Http404
    return sent_file(found.file, found.file_name, found.content_type)
