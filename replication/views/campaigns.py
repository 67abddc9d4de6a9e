"""Campaigns: the list, opening and changing one, its units, its board. HTTP only."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from common.dates import no_such_day, read_day, today, write_day
from common.exceptions import DomainError, NotAllowed
from common.files import receive
from common.forms import pressed
from common.responses import sent_file, word
from common.text import clean
from models_registry.models import EmulationModel
from models_registry.selectors import model_named
from models_registry.views.common import address, excel, given, labelled, page_links
from organisation.permissions import units_where
from organisation.requests import OfficerRequest
from organisation.roles import May
from organisation.selectors.units import versions_on
from organisation.tree import tree_for
from papers.selectors import head_of
from replication import services
from replication.enums import CampaignAction, CampaignState
from replication.exports.campaigns import (
    ADOPTION_COLUMNS,
    BOARD_COLUMNS,
    CAMPAIGN_COLUMNS,
    LATE_COLUMNS,
    directive_words,
    write_table_4,
)
from replication.forms import CampaignForm, CampaignStepForm, QuantitiesForm, SourceForm, TargetsForm
from replication.models import ReplicationCampaign
from replication.permissions import can_lead, can_see_paper
from replication.selectors import campaigns as reads
from replication.services import CampaignTyped
from replication.transitions import possible

PAGE = 50
EXPORTED = 500  # campaigns in one file
_FIELDS = (
    "title", "directive_kind", "directive_number", "directive_on", "directive_issuer", "directive_signer",
    "starts_on", "ends_on", "what", "counting_unit", "reason", "own_what",
)  # fmt: skip


@require_safe
def home(request: OfficerRequest) -> HttpResponseBase:
    """The campaigns that one may see, newest first."""
    state = request.GET.get("tt", "")
    asked = {"tt": state if state in CampaignState.values else "", "q": clean(request.GET.get("q", ""))[:80]}
    found = reads.listed(request.user, asked["tt"], asked["q"])
    if kind := request.GET.get("tai", ""):
        return _download_all(request, kind, reads.boards_of(found[:EXPORTED], today()))
    page = Paginator(found, PAGE).get_page(request.GET.get("trang"))
    context = {
        "page": page,
        "boards": reads.boards_of(page.object_list, today()),
        "links": page_links(page, asked),
        "asked": asked,
        "states": CampaignState.choices,
        "may_lead": bool(reads.leading_bodies(request.user)),
        "may_suggest": bool(units_where(request.user, May.SEE_BOARD)),
        "excel": address(asked, tai="xlsx"),
        "word": address(asked, tai="docx") if reads.leading_bodies(request.user) else "",
    }
    return render(request, "replication/home.html", context)


def _download_all(request: OfficerRequest, kind: str, boards: list[reads.Board]) -> HttpResponseBase:
    day, is_demo = today(), any(board.campaign.is_illustrative for board in boards)
    if kind == "xlsx":
        title = f"Chiến dịch nhân rộng, tính đến ngày {write_day(day)}"
        return excel("chien-dich-nhan-rong", title, CAMPAIGN_COLUMNS, boards, illustrative=is_demo)
    bodies = reads.leading_bodies(request.user)
    if kind != "docx" or not bodies:
        raise Http404
    head = head_of(bodies[0], day, request.GET.get("co-quan", ""))
    return word(write_table_4(boards, head, bodies[0], day), "bieu-4-nhan-rong.docx")


@require_safe
def late(request: OfficerRequest) -> HttpResponseBase:
    """The units that are late, in all running campaigns."""
    if not units_where(request.user, May.SEE_BOARD):
        raise Http404
    found = reads.late_lines(request.user, today())
    if request.GET.get("tai") == "xlsx":
        is_demo = any(board.campaign.is_illustrative for board, _ in found)
        title = f"Đơn vị chậm nhân rộng, tính đến ngày {write_day(today())}"
        return excel("don-vi-cham-nhan-rong", title, LATE_COLUMNS, found, illustrative=is_demo)
    page = Paginator(found, PAGE).get_page(request.GET.get("trang"))
    units = len({line.unit_id for _, line in found})
    context = {"page": page, "links": page_links(page, {}), "units": units, "day": today()}
    return render(request, "replication/late.html", context)


@require_http_methods(["GET", "POST"])
def open_one(request: OfficerRequest) -> HttpResponseBase:
    """Choose the source model, then write the campaign."""
    bodies = reads.leading_bodies(request.user)
    if not bodies:
        raise Http404
    asked = SourceForm(request.POST if request.method == "POST" else request.GET)
    slug = asked.cleaned_data["slug"] if asked.is_valid() else ""
    source = model_named(request.user, slug)
    if source is None:
        words = clean(request.GET.get("q", ""))[:200]
        page = Paginator(reads.possible_sources(words), 20).get_page(request.GET.get("trang"))
        context = {"page": page, "links": page_links(page, {"q": words}), "q": words}
        return render(request, "replication/choose.html", context)
    initial = {
        "directive_kind": "CV",
        "starts_on": write_day(today()),
        "directive_issuer": versions_on([bodies[0].pk], today())[bodies[0].pk].name,
    }
    measures = reads.own_measures(source)
    initial["own_what"] = reads.own_what_of(source) or (measures[-1].what if measures else "")
    form = CampaignForm(*given(request), measures=measures, user=request.user, initial=initial)
    made = _saved(request, form, partial(services.open_campaign, unit=bodies[0], source_id=source.pk))
    if made:
        messages.success(request, "Đã lập chiến dịch. Chọn đơn vị làm theo, rồi phát động.")
        return redirect("replication:targets", pk=made.pk)
    return _form(request, form, source, None)


def _saved(request: OfficerRequest, form: CampaignForm, save: Callable[..., ReplicationCampaign]) -> ReplicationCampaign | None:
    """The campaign as its form was sent; None where it was not, or what it says was refused, which the form then tells."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        saved = save(typed=CampaignTyped(**form.texts(*_FIELDS)), file=form.sent, actor=request.user)
    except DomainError as refused:
        form.refuse_all(refused)
        return None
    form.release_file()
    return saved


def _form(
    request: OfficerRequest, form: CampaignForm, source: EmulationModel, campaign: ReplicationCampaign | None
) -> HttpResponse:
    if form.errors:
        form.keep_file(receive)
    context = {
        "form": form,
        "source": source,
        "campaign": campaign,
        "is_recognised": reads.is_recognised(source),
        "errors": labelled(form),
    }
    return render(request, "replication/form.html", context, status=422 if form.errors else 200)


def _campaign_or_404(request: OfficerRequest, pk: int) -> ReplicationCampaign:
    return get_object_or_404(reads.campaigns_visible_to(request.user), pk=pk)


def _led_or_404(request: OfficerRequest, pk: int) -> ReplicationCampaign:
    found = _campaign_or_404(request, pk)
    if not can_lead(request.user, found.unit):
        raise Http404
    return found


@require_http_methods(["GET", "POST"])
def edit(request: OfficerRequest, pk: int) -> HttpResponseBase:
    found = _led_or_404(request, pk)
    now = {name: getattr(found, name) for name in _FIELDS if name not in ("what", "counting_unit", "own_what")}
    now |= {name: write_day(now[name]) for name in ("directive_on", "starts_on", "ends_on")}
    if found.counted:
        counted = found.counted
        now |= {"what": counted.what, "counting_unit": counted.counting_unit, "own_what": counted.own_what}
    form = CampaignForm(*given(request), measures=reads.own_measures(found.source), user=request.user, initial=now)
    if _saved(request, form, partial(services.change_campaign, campaign_id=pk)):
        messages.success(request, "Đã lưu chiến dịch.")
        return redirect("replication:campaign", pk=pk)
    return _form(request, form, found.source, found)


_DONE = {
    CampaignAction.START: "Đã phát động; các đơn vị được giao đã được báo.",
    CampaignAction.CLOSE: "Đã kết thúc chiến dịch. Kết quả của từng nơi vẫn ghi tiếp được.",
    CampaignAction.REOPEN: "Đã mở lại chiến dịch.",
}


@dataclass(frozen=True)
class CampaignPage:
    """A campaign as of a day: what was asked of each unit and what came of it, and what this reader may do."""

    campaign: ReplicationCampaign
    directive: str
    board: reads.Board
    rows: Page[Any]
    links: list[tuple[int | None, str]]
    day_typed: str
    day_error: str
    actions: Collection[str]
    may_lead: bool
    may_record: bool
    may_read: bool
    """Whether the directive can be opened."""
    excel: str
    excel_places: str
    word: str
    error: str
    note: str


@require_http_methods(["GET", "POST"])
def campaign(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """The board: each unit against what was asked, what came of it; starting and closing."""
    found = _campaign_or_404(request, pk)
    may_lead = can_lead(request.user, found.unit)
    error, form = "", CampaignStepForm(given(request)[0])
    if request.method == "POST":
        if not may_lead or not form.is_valid():
            raise Http404
        action = form.cleaned_data["action"]
        try:
            services.move_campaign(campaign_id=pk, actor=request.user, **form.cleaned_data)
        except DomainError as refused:
            error = str(refused)
            found = _campaign_or_404(request, pk)
        else:
            messages.success(request, _DONE[action])
            return redirect("replication:campaign", pk=pk)
    typed = request.GET.get("ngay", "").strip()
    day = read_day(typed) if typed else today()
    day_error = "" if day else no_such_day(typed)
    if day and day > today():
        day_error, day = f"Ngày {write_day(day)} chưa tới; số liệu chỉ có đến hôm nay.", None
    board = reads.board_of(found, day or today())
    if (kind := request.GET.get("tai", "")) and not day_error:
        return _download(request, kind, board)
    rows = Paginator(board.lines, PAGE).get_page(request.GET.get("trang"))
    asked = {"ngay": typed if day else ""}
    page = CampaignPage(
        campaign=found,
        directive=directive_words(found),
        board=board,
        rows=rows,
        links=page_links(rows, asked),
        day_typed=typed,
        day_error=day_error,
        actions=possible(found.state) if may_lead else [],
        may_lead=may_lead,
        may_record=bool(units_where(request.user, May.RECORD_ADOPTION)) and found.state == CampaignState.RUNNING,
        may_read=bool(found.directive_file) and can_see_paper(request.user, found),
        excel=address(asked, tai="xlsx"),
        excel_places=address(asked, tai="noi"),
        word=address(asked, tai="docx"),
        error=error,
        note=form["note"].value() or "",
    )
    return render(request, "replication/campaign.html", {"page": page}, status=409 if error else 422 if day_error else 200)


def _download(request: OfficerRequest, kind: str, board: reads.Board) -> HttpResponseBase:
    found = board.campaign
    title = f"{found.title}, tính đến ngày {write_day(board.day)}"
    if kind == "xlsx":
        return excel(f"nhan-rong-{found.pk}", title, BOARD_COLUMNS, board.lines, illustrative=found.is_illustrative)
    if kind == "noi":
        return excel(f"noi-nhan-rong-{found.pk}", title, ADOPTION_COLUMNS, board.rows, illustrative=found.is_illustrative)
    if kind != "docx":
        raise Http404
    head = head_of(found.unit, board.day, request.GET.get("co-quan", ""))
    return word(write_table_4([board], head, found.unit, board.day), f"bieu-4-nhan-rong-{found.pk}.docx")


@require_http_methods(["GET", "POST"])
def targets(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """Who is asked, and for how much: chosen one by one, or all below the body."""
    found = _led_or_404(request, pk)
    errors, targets = list[tuple[str, str]](), reads.targets_of(found)
    more, quantities = (
        TargetsForm(request.POST if request.method == "POST" else request.GET),
        QuantitiesForm(request.POST, targets=targets),
    )
    if request.method == "POST":
        try:
            done = _change_targets(request, found, more, quantities)
        except NotAllowed as refused:
            raise Http404 from refused
        except DomainError as refused:
            errors = [("don-vi" if refused.field == "units" else refused.field, str(refused))]
        else:
            messages.success(request, done)
            return redirect("replication:targets", pk=pk)
    day = _listing_day(request, found, more)
    reach = tree_for(request.user).below([found.unit_id], day) - {found.unit_id}
    listed = reads.others_below(reach - {one.unit_id for one in targets}, day)
    page = Paginator(listed, 100).get_page(request.GET.get("trang"))
    context = {
        "campaign": found,
        "asked": quantities.shown,
        "page": page,
        "links": page_links(page, {}),
        "day": day,
        "below": len(reach),
        "errors": errors,
        "quantity": more["quantity"].value() or "",
        "chosen": set(more.cleaned_data["units"]),
        "is_open": found.state != CampaignState.CLOSED,
    }
    return render(request, "replication/targets.html", context, status=409 if errors else 200)


def _listing_day(request: OfficerRequest, found: ReplicationCampaign, form: TargetsForm) -> date:
    """The day whose units are offered: the one asked for, else today; not after the campaign, nor after its body's end."""
    last = tree_for(request.user).last_day(found.unit_id, min(today(), max(found.ends_on, found.starts_on)))
    form.is_valid()
    asked = form.cleaned_data["day"]
    return min(asked, last) if asked and asked.year >= 1975 else last


def _change_targets(request: OfficerRequest, found: ReplicationCampaign, more: TargetsForm, form: QuantitiesForm) -> str:
    """What was done, in words. Raises DomainError."""
    what, actor = pressed(request), request.user
    if what == "bo":
        more.is_valid()
        if more.cleaned_data["dropped"] is None:
            raise Http404
        services.drop_target(campaign_id=found.pk, unit_id=more.cleaned_data["dropped"], actor=actor)
        return "Đã bỏ đơn vị khỏi danh sách giao. Kết quả đơn vị đã ghi vẫn giữ."
    if what == "chi-tieu":
        if not form.is_valid():
            raise DomainError(form.error, field=form.faults[0][0])
        services.set_quantities(campaign_id=found.pk, quantities=form.quantities(), seen=form.seen(), actor=actor)
        return "Đã lưu chỉ tiêu."
    if not more.is_valid():
        raise DomainError(more.error, field=more.faults[0][0])
    day, ids, quantity = _listing_day(request, found, more), more.cleaned_data["units"], more.cleaned_data["quantity"]
    if what == "tat-ca":
        ids = sorted(tree_for(actor).below([found.unit_id], day) - {found.unit_id})
    new = services.add_targets(campaign_id=found.pk, unit_ids=ids, on=day, quantity=quantity, actor=actor)
    again = "đã ghi chỉ tiêu mới" if quantity is not None else "chỉ tiêu cũ giữ nguyên"
    return f"Đã giao thêm {new} đơn vị." if new else f"Các đơn vị ấy đã được giao từ trước; {again}."


@require_safe
def directive(request: OfficerRequest, pk: int) -> HttpResponseBase:
    found = _campaign_or_404(request, pk)
    if not found.directive_file or not can_see_paper(request.user, found):
        raise Http404
    return sent_file(found.directive_file, found.directive_name, found.directive_type)
