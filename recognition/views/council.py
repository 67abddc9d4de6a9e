"""The council of a round: seats, who scores what. HTTP only."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from common.dates import today
from common.exceptions import DomainError
from models_registry.views.common import given, labelled, page_links, read_ids
from organisation.selectors import user_named
from recognition import services
from recognition.enums import CouncilTask, Phase
from recognition.forms.council import SeatForm
from recognition.selectors import council as reads
from recognition.views.common import head, run_or_404

LINES = 100  # dossiers on a page of assignments


@require_http_methods(["GET", "POST"])
def council(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Who sits in the council; giving and ending seats."""
    found = run_or_404(request, pk)
    is_removal = request.method == "POST" and "thoi" in request.POST
    form = SeatForm(*((None, None) if is_removal else given(request)))
    try:
        if is_removal:
            ids = read_ids([request.POST.get("thoi", "")])
            if not ids or not found.members.filter(pk=ids[0]).exists():
                raise Http404
            services.remove_member(member_id=ids[0], why=request.POST.get("ly-do", ""), actor=request.user)
            messages.success(request, "Đã ghi thôi tham gia. Điểm đã nộp vẫn giữ và được đánh dấu.")
            return redirect("recognition:council", pk=pk)
        if request.method == "POST" and form.is_valid():
            user = user_named(form.cleaned_data["username"])
            if user is None:
                form.add_error("username", "Không có tài khoản này. Nhờ quản trị lập tài khoản trước.")
            else:
                member = services.seat_member(
                    round_id=pk,
                    user=user,
                    task=form.cleaned_data["task"],
                    ends_on=form.cleaned_data["ends_on"],
                    actor=request.user,
                )
                messages.success(request, f"Đã thêm {member} vào hội đồng.")
                return redirect("recognition:council", pk=pk)
    except DomainError as error:
        if is_removal:
            messages.error(request, str(error))
            return redirect("recognition:council", pk=pk)
        form.add_error("task", str(error))
    page = Paginator(reads.progress_of(found), LINES).get_page(request.GET.get("trang"))
    context = head(
        found,
        form=form,
        errors=labelled(form),
        progress=page.object_list,
        page=page,
        links=page_links(page, {}),
        tasks=CouncilTask.choices,
    )
    return render(request, "recognition/council.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def assignments(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Who scores what: by hand, by group, or evenly as proposed."""
    found = run_or_404(request, pk)
    each = request.POST.get("so", "") or request.GET.get("so", "3")
    per_dossier = int(each) if each.isdecimal() and len(each) < 3 and int(each) else 3
    if request.method == "POST":
        try:
            _assign(request, pk, per_dossier)
        except DomainError as error:
            messages.error(request, str(error))
        at = read_ids([request.GET.get("trang", "")])
        return redirect(f"{request.path}?so={per_dossier}" + (f"&trang={at[0]}" if at else ""))
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
    )
    return render(request, "recognition/assignments.html", context)


def _assign(request: HttpRequest, pk: int, per_dossier: int) -> None:
    what = "bo" if "cap" in request.POST else request.POST.get("viec", "")
    if what == "chia-deu":
        made = services.assign_evenly(round_id=pk, per_dossier=per_dossier, actor=request.user)
        messages.success(request, f"Đã phân công thêm {made} lượt chấm." if made else "Không còn gì để phân công thêm.")
    elif what == "bo":
        member, _, dossier = request.POST.get("cap", "").partition("-")
        ids = read_ids([member, dossier])
        if len(ids) != 2:
            raise Http404
        services.unassign(round_id=pk, member_id=ids[0], dossier_id=ids[1], actor=request.user)
        messages.success(request, "Đã bỏ phân công.")
    elif what == "vang":
        member, _, dossier = request.POST.get("ai", "").partition("-")
        ids = read_ids([member, dossier])
        if len(ids) != 2:
            raise DomainError("Xin chọn phiếu chưa nộp.")
        why = request.POST.get("ly-do", "")
        services.mark_missing(round_id=pk, member_id=ids[0], dossier_id=ids[1], why=why, actor=request.user)
        messages.success(request, "Đã ghi vắng, không đánh giá.")
    elif what == "giao":
        members, dossiers = read_ids(request.POST.getlist("nguoi")), read_ids(request.POST.getlist("ho-so"))
        if not members or not dossiers:
            raise DomainError("Xin chọn ít nhất một người và một hồ sơ.")
        made, refused = services.assign(round_id=pk, member_ids=members, dossier_ids=dossiers, actor=request.user)
        messages.success(request, f"Đã phân công thêm {made} lượt chấm.")
        for words in refused[:20]:
            messages.warning(request, f"Không giao: {words}.")
    else:
        raise Http404
