"""The council of a round: seats, who scores what. HTTP only."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from common.dates import today
from common.exceptions import DomainError
from common.forms import pressed
from common.id_fields import ids_in
from models_registry.views.common import given, labelled, page_links
from organisation.selectors.people import user_named
from recognition import services
from recognition.enums import CouncilTask, Phase
from recognition.forms.council import EACH, AssignForm, RemovalForm, SeatForm
from recognition.models import CouncilMember, RecognitionRound
from recognition.selectors import council as reads
from recognition.views.common import actor_of, head, run_or_404

LINES = 100  # dossiers on a page of assignments


@require_http_methods(["GET", "POST"])
def council(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Who sits in the council; giving and ending seats."""
    found = run_or_404(request, pk)
    removal = RemovalForm(request.POST)
    removes = pressed(request, REMOVE) == REMOVE
    if removes and _remove(request, found, removal):
        return redirect("recognition:council", pk=pk)
    form = SeatForm(*(given(request) if not removes else (None, None)))
    if form.is_valid() and (member := _seat(request, found, form)):
        messages.success(request, f"Đã thêm {member} vào hội đồng.")
        return redirect("recognition:council", pk=pk)
    page = Paginator(reads.progress_of(found), LINES).get_page(request.GET.get("trang"))
    leaving = removal.cleaned_data["member"] if removes else None
    context = head(
        found,
        form=form,
        errors=[(f"ly_{leaving}" if place else "", words) for place, words in removal.faults] if removes else labelled(form),
        leaving=leaving,
        why=removal["why"].value() or "",
        progress=page.object_list,
        page=page,
        links=page_links(page, {}),
        tasks=CouncilTask.choices,
    )
    return render(request, "recognition/council.html", context, status=422 if context["errors"] else 200)


REMOVE = "thoi"


def _remove(request: HttpRequest, found: RecognitionRound, form: RemovalForm) -> bool:
    """Whether the seat ended; where it did not, the form says why."""
    form.full_clean()
    member = get_object_or_404(found.members, pk=form.cleaned_data["member"])
    try:
        services.remove_member(member_id=member.pk, why=form.cleaned_data["why"], actor=actor_of(request))
    except DomainError as refused:
        form.refuse(refused)
        return False
    messages.success(request, "Đã ghi thôi tham gia. Điểm đã nộp vẫn giữ và được đánh dấu.")
    return True


def _seat(request: HttpRequest, found: RecognitionRound, form: SeatForm) -> CouncilMember | None:
    """Give the seat; None where that is refused, which the form then says."""
    asked = form.cleaned_data
    user = user_named(asked["username"])
    if user is None:
        form.add_error("username", "Không có tài khoản này. Nhờ quản trị lập tài khoản trước.")
        return None
    try:
        return services.seat_member(
            round_id=found.pk, user=user, task=asked["task"], ends_on=asked["ends_on"], actor=actor_of(request)
        )
    except DomainError as refused:
        form.add_error("task", str(refused))
        return None


@require_http_methods(["GET", "POST"])
def assignments(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Who scores what: by hand, by group, or evenly as proposed."""
    found = run_or_404(request, pk)
    form, shown = AssignForm(given(request)[0]), AssignForm(request.GET)
    form.full_clean()
    shown.full_clean()
    per_dossier = (form.is_bound and form.cleaned_data["each"]) or shown.cleaned_data["each"] or EACH
    if form.is_bound:
        try:
            _assign(request, pk, per_dossier, form)
        except DomainError as refused:
            form.refuse(refused)
            return _assignments_page(request, found, per_dossier, form)
        at = ids_in([request.GET.get("trang", "")])
        return redirect(f"{request.path}?so={per_dossier}" + (f"&trang={at[0]}" if at else ""))
    return _assignments_page(request, found, per_dossier)


def _assignments_page(
    request: HttpRequest, found: RecognitionRound, per_dossier: int, form: AssignForm | None = None
) -> HttpResponseBase:
    """With what was typed and ticked, where nothing came of it."""
    board = reads.assignment_board(found)
    page = Paginator(board, LINES).get_page(request.GET.get("trang"))
    proposed = reads.proposed_assignments(found, per_dossier)
    context = head(
        found,
        page=page,
        links=page_links(page, {"so": str(per_dossier)}),
        members=list(reads.members_of(found)),
        proposed=proposed,
        per_dossier=per_dossier,
        may_assign=found.phase in (Phase.PROPOSING, Phase.SCORING),
        late=[(member, line.dossier) for line in board for member, state, _ in line.given if state in ("", "draft")]
        if found.phase == Phase.SCORING and today() > found.score_until
        else [],
        errors=form.faults if form else [],
        typed=form.data if form else {},
        ticked=set(form.cleaned_data.get("members", ()) if form else ()),
        picked=set(form.cleaned_data.get("dossiers", ()) if form else ()),
    )
    return render(request, "recognition/assignments.html", context, status=409 if form else 200)


def _assign(request: HttpRequest, pk: int, per_dossier: int, form: AssignForm) -> None:
    what, asked = pressed(request, "cap"), form.cleaned_data
    if what == "chia-deu":
        made = services.assign_evenly(round_id=pk, per_dossier=per_dossier, actor=actor_of(request))
        messages.success(request, f"Đã phân công thêm {made} lượt chấm." if made else "Không còn gì để phân công thêm.")
    elif what == "cap":
        if asked["pair"] is None:
            raise Http404
        member, dossier = asked["pair"]
        services.unassign(round_id=pk, member_id=member, dossier_id=dossier, actor=actor_of(request))
        messages.success(request, "Đã bỏ phân công.")
    elif what == "vang":
        if asked["missing"] is None:
            raise DomainError("Xin chọn phiếu chưa nộp.", field="ai")
        member, dossier = asked["missing"]
        services.mark_missing(round_id=pk, member_id=member, dossier_id=dossier, why=asked["why"], actor=actor_of(request))
        messages.success(request, "Đã ghi vắng, không đánh giá.")
    elif what == "giao":
        if not asked["members"] or not asked["dossiers"]:
            raise DomainError("Xin chọn ít nhất một người và một hồ sơ.", field="nguoi")
        made, refused = services.assign(
            round_id=pk, member_ids=asked["members"], dossier_ids=asked["dossiers"], actor=actor_of(request)
        )
        messages.success(request, f"Đã phân công thêm {made} lượt chấm.")
        for words in refused[:20]:
            messages.warning(request, f"Không giao: {words}.")
    else:
        raise Http404
