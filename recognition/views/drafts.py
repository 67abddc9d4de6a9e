"""A draft of a decision: written, checked, shown as it will be on paper, published after its last page. HTTP only."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from common.dates import VIETNAM, today
from common.exceptions import DomainError
from common.forms import pressed
from common.responses import word
from common.text import clean
from models_registry.views.common import by_post, given, page_links
from papers.exports import number_text
from papers.models import Letterhead
from papers.selectors import head_of, letterhead_on, letterheads_on, template_of
from recognition import services
from recognition.enums import DraftState, Purpose
from recognition.exports.values import decision_preview, form_of, write_decision
from recognition.forms.drafts import DraftForm, PublishForm, ReturnForm, SeenForm
from recognition.models import DecisionDraft
from recognition.permissions import can_decide, can_run
from recognition.selectors import decisions as reads
from recognition.selectors.council import kept_back_from
from recognition.selectors.draft_page import OFFERED, Row, checks_of, effects_of, groups_of, kinds_of, unwritten
from recognition.views.common import actor_of, of_its_round

SAVE = "luu"


def _draft_or_404(request: HttpRequest, pk: int) -> DecisionDraft:
    return get_object_or_404(reads.drafts_visible_to(request.user), pk=pk)


@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A draft: written by who runs the round, checked and published by a leader."""
    found = _draft_or_404(request, pk)
    if found.decision_id:
        if request.method == "POST":
            messages.warning(request, f"Đã ban hành trước đó: Quyết định số {found.decision}.")
        return redirect("recognition:decision", pk=found.decision_id)
    if _has_interest(request, found):
        messages.warning(request, "Đồng chí có liên quan đến hồ sơ trong dự thảo này nên không xem, không duyệt.")
        return redirect("recognition:decisions", pk=found.round_id)
    if request.method == "GET":
        return _draft_page(request, found)
    form: SeenForm = DraftForm(request.POST, draft=found) if pressed(request) == SAVE else ReturnForm(request.POST)
    try:
        return _act_on_draft(request, found, form)
    except DomainError as refused:
        return _draft_page(request, _draft_or_404(request, pk), form, refused=refused)


def _act_on_draft(request: HttpRequest, found: DecisionDraft, form: SeenForm) -> HttpResponseBase:
    what = pressed(request)
    ids: dict[str, Any] = {"draft_id": found.pk, "actor": actor_of(request)}
    may_run, may_decide = can_run(request.user, found.unit), can_decide(request.user, found.unit)
    if (what in (SAVE, "bo") and not may_run) or (what in ("kiem-tra", "tra-lai") and not may_decide):
        raise Http404
    if form.error:
        raise DomainError(form.error)
    if isinstance(form, DraftForm):
        services.write_draft(typed=form.typed(), **ids)
        messages.success(request, "Đã lưu dự thảo.")
    elif what == "bo":
        services.discard_draft(**ids)
        messages.success(request, "Đã bỏ dự thảo; chưa có gì được ban hành.")
        return redirect("recognition:decisions", pk=found.round_id) if found.round_id else redirect("recognition:rounds")
    elif what == "kiem-tra":
        services.check_draft(seen=form.cleaned_data["seen"], **ids)
        messages.success(request, "Đã ghi: kiểm tra xong. Có thể ban hành.")
    elif what == "tra-lai":
        services.send_back(why=form.cleaned_data["why"], **ids)
        messages.success(request, "Đã trả lại người soạn.")
    else:
        raise Http404
    return redirect("recognition:draft", pk=found.pk)


def _texts(found: DecisionDraft) -> dict[str, str]:
    return {"can-cu": found.grounds, "xet": found.request, "dieu-2": found.benefits, "dieu-3": found.duties}


def _has_interest(request: HttpRequest, found: DecisionDraft) -> bool:
    """Whether a member of the council, past or present, has an interest in what the draft tells scores and votes of."""
    if found.round is None:
        return False
    return reads.names_dossiers(found, kept_back_from(request.user, found.round))


@by_post("recognition:draft", "pk")
def draft_save(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Saving by itself: when it was, and what could not be kept."""
    found = _draft_or_404(request, pk)
    if not can_run(request.user, found.unit) or _has_interest(request, found):
        raise Http404
    form = DraftForm(request.POST, draft=found)
    refusals = form.refusals
    try:
        saved = services.write_draft(draft_id=pk, typed=form.typed(), actor=actor_of(request))
    except DomainError as error:
        return render(request, "recognition/draft_saved.html", {"error": str(error)}, status=409)
    context = {"draft": saved, "at": timezone.localtime(timezone.now(), VIETNAM), "refusals": refusals}
    return render(request, "recognition/draft_saved.html", context | {"problems": services.problems_of(saved)})


@require_http_methods(["GET", "POST"])
def draft_publish(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What publishing will do, to whom, and that it cannot be taken back; then it is done."""
    found = _draft_or_404(request, pk)
    if found.decision_id:
        messages.warning(request, f"Đã ban hành trước đó: Quyết định số {found.decision}.")
        return redirect("recognition:decision", pk=found.decision_id)
    if not can_decide(request.user, found.unit) or _has_interest(request, found):
        raise Http404
    form = PublishForm(given(request)[0])
    if form.is_valid():
        try:
            made = services.publish(draft_id=pk, seen=form.cleaned_data["seen"], actor=actor_of(request))
        except DomainError as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"Đã ban hành {made}. Các đơn vị đã được báo.")
            return redirect("recognition:decision", pk=made.pk)
    context = _publish_context(found) | {"errors": form.faults, "signed": form["is_signed"].value()}
    return render(request, "recognition/draft_publish.html", context, status=409 if form.errors else 200)


def _publish_context(found: DecisionDraft) -> dict[str, Any]:
    chosen = _letterhead(found)
    number = found.number or reads.next_decision_number(chosen, found.decided_on or today())
    problems = services.problems_of(found)
    if found.state == DraftState.PREPARING:
        problems.append("Dự thảo chưa có người kiểm tra, hoặc đã sửa sau khi kiểm tra.")
    name, effects = number_text(chosen, "QĐ", number), effects_of(found)
    return {
        "draft": found,
        **of_its_round(found.round),
        "head": chosen,
        "number": name,
        "effects": effects,
        "problems": problems,
        "unwritten": unwritten(found),
        "checks": [] if problems else checks_of(found, name, effects),
    }


def _letterhead(found: DecisionDraft) -> Letterhead:
    return letterhead_on(found.unit, found.suffix, found.decided_on or today()) or head_of(found.unit, today())


def _draft_page(
    request: HttpRequest, found: DecisionDraft, form: SeenForm | None = None, *, refused: DomainError | None = None
) -> HttpResponseBase:
    """The page of a draft; with what was typed where it was refused (`form`)."""
    lines = reads.lines_of(found)
    page = Paginator(lines, 200).get_page(request.GET.get("trang"))
    day = found.decided_on or today()
    heads = letterheads_on(found.unit, day)
    chosen = letterhead_on(found.unit, found.suffix, day) or (heads[0] if heads else None)
    typed: Mapping[str, Any] = form.data if isinstance(form, DraftForm) else {}
    offered = OFFERED[Purpose(found.purpose)]
    counts = [(value.label, sum(line.verdict == value for line in lines)) for value in offered]
    asked = clean(request.GET.get("q", ""))[:80]
    every, kind = [Row.of(line, typed) for line in page], request.GET.get("xem", "")[:20]
    rows = [row for row in every if row.has(asked) and row.is_of(kind)]
    context = {
        "draft": found,
        **of_its_round(found.round),
        "page": page,
        "links": page_links(page, {}),
        "asked": asked,
        "kind": kind,
        "kinds": kinds_of(found, every),
        "every": len(every),
        "found": len(rows),
        "groups": groups_of(found, rows),
        "unreasoned": [row for row in every if row.lacks_reason],
        "offered": offered,
        "heads": heads,
        "grades": reads.grades_offered(found.unit) if found.purpose in (Purpose.RECOGNISE, Purpose.GRADE) else [],
        "chosen": chosen,
        "next_number": reads.next_decision_number(chosen, day) if chosen else None,
        "typed": typed,
        "seen": typed.get("ban", found.version),
        "texts": {key: typed.get(key, value) for key, value in _texts(found).items()},
        "suffix": typed.get("co-quan", chosen.suffix if chosen else ""),
        "problems": services.problems_of(found),
        "unwritten": unwritten(found),
        "ended": reads.ended_units(found, day),
        "may_run": can_run(request.user, found.unit),
        "may_decide": can_decide(request.user, found.unit)
        and found.prepared_by_id != request.user.pk
        and not reads.has_written(request.user, found),
        "counts": [(label, number) for label, number in counts if number],
        "errors": _faults(form, refused) if form and refused else [],
        "paper": decision_preview(found, _letterhead(found)),
        "has_own_form": template_of(found.unit, form_of(found).slug) is not None,
        "is_returning": isinstance(form, ReturnForm) and pressed(request) == "tra-lai",
        "returning": (form["why"].value() or "") if isinstance(form, ReturnForm) else "",
    }
    return render(request, "recognition/draft.html", context, status=409 if refused else 200)


def _faults(form: SeenForm, refused: DomainError) -> list[tuple[str, str]]:
    """What is wrong with what was sent, else what a service refused of it."""
    if not form.errors:
        form.refuse(refused)
    return form.faults


@require_safe
def draft_word(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The draft as Word, as it stands now."""
    found = _draft_or_404(request, pk)
    if _has_interest(request, found):
        raise Http404
    return word(write_decision(found, _letterhead(found)), "du-thao-quyet-dinh.docx")
