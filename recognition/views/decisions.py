"""Decisions: of a round, a published one with its files, appeals. HTTP only."""

from collections.abc import Collection
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from common.dates import today, write_day
from common.exceptions import DomainError, NotAllowed
from common.forms import pressed
from common.responses import sent_file
from common.text import clean
from models_registry.selectors import season_of, working_season
from models_registry.views.common import address, by_post, excel, given, page_links
from recognition import services
from recognition.enums import Award, DraftState, Phase, Purpose
from recognition.exports.lists import DECISION_COLUMNS, RECOGNITION_COLUMNS
from recognition.forms.decisions import ChosenForm, SignedForm
from recognition.forms.dossiers import AppealForm
from recognition.models import Decision, Recognition
from recognition.permissions import can_decide, can_follow, can_run, outcome_units
from recognition.selectors import decisions as reads
from recognition.selectors.dossiers import readable_by
from recognition.views.common import PAGE, actor_of, head, of_its_round, round_or_404
from recognition.views.dossiers import dossier_page


@require_http_methods(["GET", "POST"])
def of_round(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The decisions of a round, and what is not decided yet."""
    found = round_or_404(request, pk)
    if not can_follow(request.user, found) or found.phase not in (Phase.DECIDING, Phase.CLOSED):
        raise Http404
    may_run = can_run(request.user, found.unit)
    if request.method == "POST":
        if not may_run:
            raise Http404
        try:
            made = services.begin_draft(round_id=pk, actor=actor_of(request))
        except DomainError as error:
            messages.error(request, str(error))
            return redirect("recognition:decisions", pk=pk)
        return redirect("recognition:draft", pk=made.pk)
    drafts = reads.drafts_of(request.user, found)
    context = head(
        found,
        drafts=drafts,
        undecided=reads.count_undecided(found),
        may_begin=may_run
        and found.phase == Phase.DECIDING
        and not any(one.state != DraftState.PUBLISHED and one.purpose == Purpose.RECOGNISE for one in drafts),
    )
    return render(request, "recognition/decisions.html", context)


@require_safe
def all_decisions(request: HttpRequest) -> HttpResponseBase:
    """The decisions of all rounds and years that one may see, those that came with a list too."""
    asked = {"nam": request.GET.get("nam", "")[:4], "q": clean(request.GET.get("q", ""))[:60]}
    found = reads.listed_decisions(request.user, year=asked["nam"], text=asked["q"])
    if request.GET.get("tai") == "xlsx":
        return excel("quyet-dinh", "Quyết định về mô hình “Dân vận khéo”", DECISION_COLUMNS, found, illustrative=False)
    page = Paginator(found, PAGE).get_page(request.GET.get("trang"))
    context = {
        "page": page,
        "links": page_links(page, asked),
        "asked": asked,
        "years": reads.years_of_decisions(request.user),
        "excel": address(asked, tai="xlsx"),
        "upload_year": _upload_year(request, asked["nam"]),
    }
    return render(request, "recognition/all_decisions.html", context)


def _upload_year(request: HttpRequest, asked: str) -> int | None:
    """The season for which a list of outcomes may be sent from here: of the year asked for, else the one worked in."""
    if not outcome_units(request.user):
        return None
    season = season_of(int(asked)) if asked.isascii() and asked.isdecimal() else None
    season = season or working_season(request.user)
    return season.year if season else None


@require_http_methods(["GET", "POST"])
def decision(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A published decision: what it says, its files, what was withdrawn or corrected since; a signed scan, an amendment."""
    found = get_object_or_404(reads.decisions_visible_to(request.user), pk=pk)
    may_run = can_run(request.user, found.issuer)
    may_send = may_run or can_decide(request.user, found.issuer)
    if request.method == "POST":
        try:
            return _act_on_decision(request, found, may_run=may_run, may_send=may_send)
        except NotAllowed as refused:
            raise Http404 from refused
        except DomainError as refused:
            return _decision_page(request, found, may_run=may_run, may_send=may_send, refused=refused)
    return _decision_page(request, found, may_run=may_run, may_send=may_send)


def _decision_page(
    request: HttpRequest, found: Decision, *, may_run: bool, may_send: bool, refused: DomainError | None = None
) -> HttpResponseBase:
    """The page of a decision; with what was refused, and the models that were ticked then."""
    named, ticked = reads.named_in(found), ChosenForm.of(given(request)[0]).cleaned_data["chosen"]
    if request.GET.get("tai") == "xlsx":
        title = f"Mô hình trong Quyết định số {found}, ngày {write_day(found.decided_on)}"
        shown = bool(found.round and found.round.season.is_illustrative)
        return excel(f"quyet-dinh-{found.pk}", title, RECOGNITION_COLUMNS, named, illustrative=shown)
    page = Paginator(named, PAGE).get_page(request.GET.get("trang"))
    refusals = Paginator(reads.refusals_of(request.user, found), PAGE).get_page(request.GET.get("trang-kcn"))
    commended = Paginator(reads.commended_in(request.user, found), PAGE).get_page(request.GET.get("trang-khen"))
    revocations = Paginator(reads.revoked_by(found), PAGE).get_page(request.GET.get("trang-thoi"))
    context = {
        "decision": found,
        **of_its_round(found.round),
        "page": page,
        "links": page_links(page, {}),
        "revocations": revocations,
        "revocation_links": page_links(revocations, {}, "trang-thoi"),
        "refused": refusals,
        "refused_links": page_links(refusals, {}, "trang-kcn"),
        "files": reads.files_of(found) if may_send else [],
        "amended": reads.amendments_of(found),
        "commended": commended,
        "commended_links": page_links(commended, {}, "trang-khen"),
        "may_grade": may_run and found.purpose in (Purpose.RECOGNISE, Purpose.CORRECT) and reads.has_grades(found.issuer),
        "may_ungrade": may_run and reads.has_graded(found),
        "may_introduce": (may_introduce := may_run and found.level.gathers_registers),
        "may_take_back": may_introduce and reads.has_introduced(found),
        "today": today(),
        "may_run": may_run,
        "may_send": may_send,
        "ticked": ticked,
        "errors": [(_place(request, list(page), ticked), str(refused))] if refused else [],
    }
    return render(request, "recognition/decision.html", context, status=422 if refused else 200)


def _place(request: HttpRequest, listed: list[Recognition], ticked: Collection[int]) -> str:
    """The element of the page to go to: the box of the file, else the first model that was, or may be, ticked."""
    if pressed(request) == "ban-ky":
        return "tep"
    open_ones = [one.pk for one in listed if not one.revoked_on]
    return next((f"mh_{pk}" for pk in [*(pk for pk in open_ones if pk in ticked), *open_ones]), "")


def _act_on_decision(request: HttpRequest, found: Decision, *, may_run: bool, may_send: bool) -> HttpResponseBase:
    what = pressed(request)
    if what == "ban-ky" and may_send:
        form = SignedForm(*given(request))
        if form.error:
            raise DomainError(form.error)
        services.add_signed(decision_id=found.pk, file=form.cleaned_data["file"], actor=actor_of(request))
        messages.success(request, "Đã nhận bản ký. Bản trước, nếu có, vẫn giữ.")
        return redirect("recognition:decision", pk=found.pk)
    if what in Award.values and may_run:
        services.propose_commendations(
            unit=found.issuer, recognition_ids=_chosen(request, found), award=what, actor=actor_of(request)
        )
        return redirect("recognition:commendations")
    purposes = {
        "thu-hoi": Purpose.WITHDRAW,
        "dinh-chinh": Purpose.CORRECT,
        "ghi-muc": Purpose.GRADE,
        "thu-hoi-muc": Purpose.UNGRADE,
    }
    if what in purposes and may_run:
        ids = _chosen(request, found)
        made = services.begin_amendment(
            decision_id=found.pk, purpose=purposes[what], recognition_ids=ids, actor=actor_of(request)
        )
        return redirect("recognition:draft", pk=made.pk)
    raise Http404


def _chosen(request: HttpRequest, found: Decision) -> list[int]:
    """The recognitions that were ticked; all that stand, of every page, where that was ticked."""
    form = ChosenForm.of(given(request)[0])
    return reads.standing_in(found) if form.cleaned_data["is_all"] else form.cleaned_data["chosen"]


@require_safe
def serve_attachment(request: HttpRequest, pk: int, file: UUID) -> HttpResponseBase:
    """A file of a decision, for the body's own people."""
    found = get_object_or_404(reads.decisions_visible_to(request.user), pk=pk)
    if not (can_run(request.user, found.issuer) or can_decide(request.user, found.issuer)):
        raise Http404
    one = get_object_or_404(found.files, pk=file)
    return sent_file(one.file, one.file_name, one.content_type)


@by_post("recognition:dossier", "pk")
def appeal(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The unit's word against a refusal; the body's answer."""
    found = readable_by(request.user, pk)
    if found is None:
        raise Http404
    form = AppealForm(request.POST)
    form.full_clean()
    words = form.cleaned_data["words"]
    try:
        if pressed(request) == "tra-loi":
            services.answer_appeal(dossier_id=pk, is_upheld=form.is_upheld, answer=words, actor=actor_of(request))
            messages.success(request, "Đã trả lời đơn vị.")
        else:
            services.appeal(dossier_id=pk, words=words, actor=actor_of(request))
            messages.success(request, "Đã gửi kiến nghị.")
    except NotAllowed as refused:
        raise Http404 from refused
    except DomainError as refused:
        return dossier_page(request, found, refused=refused, typed=form.data)
    response = redirect("recognition:dossier", pk=pk)
    response["Location"] += "#ket-qua"
    return response
