"""A packet: its dossiers and papers, the unit's meeting, numbers, sent or taken back as a whole. HTTP only."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from common.dates import today, write_day
from common.exceptions import DomainError, NotAllowed
from common.forms import pressed
from common.responses import sent_file
from common.text import quoted
from models_registry.views.common import by_post, given, labelled
from papers.permissions import can_head
from papers.selectors import letterheads_on
from recognition import services
from recognition.enums import COMMON_PAPERS, IN_ROUND, DossierAction, DossierState, PaperKind, Phase
from recognition.forms.fields import ReasonForm
from recognition.forms.packets import NumberingForm, PacketPaperForm, SeenDossiersForm, UnitMeetingForm
from recognition.models import Packet
from recognition.permissions import can_prepare_for
from recognition.selectors import packets as reads
from recognition.selectors.rounds import propose_until, why_closed
from recognition.transitions import can_happen
from recognition.views.common import actor_of, head

FILES_AT_MOST = 20


def _packet_or_404(request: HttpRequest, pk: int) -> Packet:
    found = reads.readable_by(request.user, pk)
    if found is None:
        raise Http404
    return found


def _own_or_404(request: HttpRequest, pk: int) -> Packet:
    found = _packet_or_404(request, pk)
    if not can_prepare_for(request.user, found.unit, found.round.season):
        raise Http404
    return found


@require_safe
def packet(request: HttpRequest, pk: int) -> HttpResponseBase:
    return _page(request, _packet_or_404(request, pk))


def _page(request: HttpRequest, found: Packet, *, status: int = 200, **more: Any) -> HttpResponseBase:
    parts, until = reads.parts_of(found), propose_until(found.round, found.unit)
    may_prepare = can_prepare_for(request.user, found.unit, found.round.season)
    is_open = found.sent_at is None or any(row.dossier.state == DossierState.RETURNED for row in parts.rows)
    closed = _why_closed(found, parts) if may_prepare and is_open else ""
    takes_new = not why_closed(found.round, found.unit, is_new=found.round.phase == Phase.SCORING)
    heads = letterheads_on(found.unit, today()) if may_prepare else []
    if "errors" in more and not (may_prepare and is_open):  # the forms are no longer there
        more["errors"] = [("", words) for _, words in more["errors"]]
    context = head(
        found.round,
        packet=found,
        parts=parts,
        may_write=may_prepare and is_open,
        may_add=may_prepare and found.sent_at is None and takes_new,
        may_withdraw=may_prepare
        and found.round.phase not in (Phase.DECIDING, Phase.CLOSED)
        and any(row.dossier.state in IN_ROUND for row in parts.rows),
        closed=closed,
        until=until,
        days_left=(until - today()).days,
        heads=heads,
        may_head=may_prepare and can_head(request.user, found.unit),
        kinds=[(kind.value, kind.label) for kind in COMMON_PAPERS],
        meeting=_meeting_form(found, parts),
        numbering=_numbering_form(heads) if heads and found.proposal_number is None else None,
    )
    return render(request, "recognition/packet.html", context | more, status=status)


def _why_closed(found: Packet, parts: reads.PacketParts) -> str:
    """Why what it has to send may not be sent today."""
    is_new = any(row.dossier.state == DossierState.PREPARING for row in parts.to_send)
    return why_closed(found.round, found.unit, is_new=is_new) if parts.to_send else ""


_MEETING = ("met_at", "members", "present", "votes_for", "votes_of", "chair", "secretary")


def _meeting_form(found: Packet, parts: reads.PacketParts, data: Any = None) -> UnitMeetingForm:
    initial = {name: getattr(found, name) for name in _MEETING} | {"met_on": write_day(found.met_on) if found.met_on else ""}
    return UnitMeetingForm(data, dossiers=[row.dossier for row in parts.rows], initial=initial)


def _numbering_form(heads: list[Any], data: Any = None) -> NumberingForm:
    return NumberingForm(data, suffixes=[one.suffix for one in heads], initial={"day": write_day(today())})


@by_post("recognition:packet", "pk")
def meeting(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Write down the unit's meeting."""
    found = _own_or_404(request, pk)
    form = _meeting_form(found, reads.parts_of(found), given(request)[0])
    if form.is_valid():
        try:
            services.record_meeting(packet_id=pk, meeting=form.meeting(), actor=actor_of(request))
        except DomainError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "Đã ghi cuộc họp xét.")
            return _at(pk, "hop")
    return _page(request, found, status=422, meeting=form, errors=labelled(form))


@by_post("recognition:packet", "pk")
def number(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Take the numbers of the papers."""
    found = _own_or_404(request, pk)
    form = _numbering_form(letterheads_on(found.unit, today()), given(request)[0])
    if form.is_valid():
        try:
            services.number_papers(packet_id=pk, numbering=form.numbering(), actor=actor_of(request))
        except DomainError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "Đã lấy số. Lập lại bản Word để số có trên giấy.")
            return _at(pk, "giay-to")
    return _page(request, found, status=422, numbering=form, errors=labelled(form))


@by_post("recognition:packet", "pk")
def papers(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Drop files, make a draft, say what a file is, leave one out."""
    _own_or_404(request, pk)
    form = PacketPaperForm(*given(request))
    form.full_clean()
    what, file, kind = pressed(request), form.file_id, form.cleaned_data["kind"]
    try:
        if what == "lap":
            made = services.make_paper(packet_id=pk, kind=kind, actor=actor_of(request))
            messages.success(request, f"Đã lập bản thảo {made.get_kind_display().lower()}. Ký xong, thả bản quét vào đây.")
        elif what == "chia" and file:
            made = services.sort_paper(packet_id=pk, file_id=file, kind=kind, actor=actor_of(request))
            messages.success(request, f"{made.file_name}: {made.get_kind_display().lower()}.")
        elif what == "bo" and file:
            services.drop_paper(packet_id=pk, file_id=file, actor=actor_of(request))
            messages.success(request, "Đã bỏ tệp.")
        else:
            _take(request, pk, form.cleaned_data["dropped"])
    except NotAllowed as refused:
        raise Http404 from refused
    except DomainError as refused:
        messages.error(request, str(refused))
    return _at(pk, "giay-to")


def _take(request: HttpRequest, pk: int, files: list["UploadedFile[bytes]"]) -> None:
    """Files that were dropped together: each is taken or refused by itself."""
    if not files:
        messages.error(request, "Chưa chọn tệp nào.")
    for file in files[:FILES_AT_MOST]:
        try:
            made = services.add_common_paper(packet_id=pk, file=file, actor=actor_of(request))
        except NotAllowed:
            raise
        except DomainError as refused:
            messages.error(request, f"{file.name}: {refused}")
        else:
            named = PaperKind(made.kind).label.lower() if made.kind else "chưa rõ là giấy gì, xin chọn ở dưới"
            messages.success(request, f"{made.file_name}: {named}{' (bản thảo, chưa ký)' if made.is_draft else ''}.")
    for file in files[FILES_AT_MOST:]:
        messages.error(request, f"{file.name}: mỗi lần nhận {FILES_AT_MOST} tệp, xin gửi tiếp tệp này.")


def _at(pk: int, section: str) -> HttpResponseBase:
    response = redirect("recognition:packet", pk=pk)
    response["Location"] += f"?o={section}#{section}"
    return response


@require_http_methods(["GET", "POST"])
def send(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Ask, then send all of it."""
    found, error, form = _own_or_404(request, pk), "", SeenDossiersForm(given(request)[0])
    if form.is_valid():
        try:
            sent = services.send_packet(packet_id=pk, actor=actor_of(request), seen=set(form.cleaned_data["seen"]))
        except DomainError as refused:
            error = str(refused)
        else:
            messages.success(request, f"Đã gửi {len(sent)} hồ sơ đến {found.round.unit_name}.")
            return redirect("recognition:packet", pk=pk)
    parts = reads.parts_of(found)
    closed = _why_closed(found, parts)
    context = head(found.round, packet=found, parts=parts, closed=closed, error="" if error == closed else error)
    return render(request, "recognition/packet_send.html", context, status=409 if error else 200)


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Ask why, then take all of it back."""
    found, form = _own_or_404(request, pk), ReasonForm(given(request)[0])
    if form.is_bound:
        try:
            taken = services.withdraw_packet(packet_id=pk, reason=form.said, actor=actor_of(request))
        except DomainError as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"Đã rút {len(taken)} hồ sơ.")
            return redirect("recognition:packet", pk=pk)
    sent = [row for row in reads.parts_of(found).rows if row.dossier.state in IN_ROUND]
    context = head(found.round, packet=found, sent=sent, errors=form.faults, reason=form.said)
    return render(request, "recognition/packet_withdraw.html", context, status=409 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def take_out(request: HttpRequest, pk: int, dossier: int) -> HttpResponseBase:
    """Ask, then take a dossier that was never sent out of the packet, with its own papers."""
    found = _own_or_404(request, pk)
    one, error = get_object_or_404(found.dossiers, pk=dossier), ""
    if request.method == "POST":
        try:
            services.discard_dossier(dossier_id=one.pk, actor=actor_of(request))
        except DomainError as refused:
            error = str(refused)
        else:
            messages.success(request, f"Đã bỏ {quoted(one.registration.title)} ra khỏi đề nghị.")
            return redirect("recognition:packet", pk=pk)
    may_withdraw = can_happen(one.state, DossierAction.WITHDRAW, found.round.phase)
    own = reads.count_papers(one)
    context = head(found.round, packet=found, dossier=one, own=own, error=error, may_withdraw=may_withdraw)
    return render(request, "recognition/packet_take_out.html", context, status=409 if error else 200)


@require_safe
def serve_attachment(request: HttpRequest, pk: int, file: UUID) -> HttpResponseBase:
    """A paper of the packet. Nothing in it runs in a browser."""
    found = get_object_or_404(_packet_or_404(request, pk).files, pk=file)
    return sent_file(found.file, found.file_name, found.content_type)
