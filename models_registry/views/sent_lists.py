"""Lists of units and of people out of a file: sent, columns by hand, rows reviewed and mended, stored. HTTP only."""

import json
from collections.abc import Callable
from functools import wraps
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from common.exceptions import DomainError
from common.exports import XLSX, Column, write_xlsx
from common.forms import pressed
from common.numbers import write_number
from models_registry import services
from models_registry.enums import ListOf
from models_registry.list_forms import ForgetForm, ListReviewForm
from models_registry.list_mapping_page import ListMappingForm, ListMappingPage
from models_registry.models import SentList
from models_registry.registers.lists.mapping import ListMapping
from models_registry.selectors import lists as reads
from models_registry.selectors import setting_up
from models_registry.upload_forms import FileForm
from models_registry.views.common import PAGE, given, labelled, page_links
from organisation.permissions import can_administer
from organisation.reauthentication import own_password_first
from organisation.requests import OfficerRequest
from organisation.setting_up import level_lines, list_rows

assert setting_up  # registers its steps
View = Callable[..., HttpResponseBase]
TITLES = {ListOf.UNITS: "Nạp đơn vị từ tệp", ListOf.PEOPLE: "Mở tài khoản từ tệp"}
_STALE = "Có ô vừa sửa chưa đọc lại: cổng đã giữ và đọc lại. Xin xem rồi bấm ghi."


def administers(view: View) -> View:
    """For who administers; where accounts are opened, after their own password."""
    asking = own_password_first(view)

    @wraps(view)
    def inner(request: OfficerRequest, of: str, **arguments: Any) -> HttpResponseBase:
        if not can_administer(request.user):
            raise Http404
        return (asking if of == ListOf.PEOPLE else view)(request, of=of, **arguments)

    return inner


def list_or_404(request: OfficerRequest, of: str, pk: UUID) -> SentList:
    return get_object_or_404(reads.sent_lists_visible_to(request.user, of), pk=pk)


@require_http_methods(["GET", "POST"])
@administers
def upload(request: OfficerRequest, of: str) -> HttpResponseBase:
    """Ask for the file, list what was sent and how lists are read; `bo-nho`: forget one of those."""
    forgotten = ForgetForm(request.POST)
    if forgotten.is_valid() and (kept := forgotten.cleaned_data["remembered"]):
        known = get_object_or_404(reads.lists_of_administrators(request.user), pk=kept)
        services.forget_list(remembered_id=known.pk, actor=request.user)
        messages.success(request, "Đã bỏ cách đọc này. Lần nạp sau cổng lại tự đoán.")
        return redirect(f"{of}:upload")
    form = FileForm(*given(request))
    if request.method == "POST" and form.is_valid():
        try:
            sent = services.send_list(file=form.cleaned_data["file"], of=of, actor=request.user)
        except DomainError as refused:
            form.add_error("file", str(refused))
        else:
            return redirect(f"{of}:columns" if sent.error else f"{of}:review", pk=sent.pk)
    page = Paginator(reads.sent_lists_visible_to(request.user, of), PAGE).get_page(request.GET.get("trang"))
    context = {
        "of": of,
        "title": TITLES[ListOf(of)],
        "form": form,
        "columns": reads.COLUMNS_OF[ListOf(of)],
        "levels": level_lines() if of == ListOf.UNITS else [],
        "roles": reads.choices_of(of).get("role", []),
        "errors": labelled(form),
        "page": page,
        "rows": [(sent, reverse(f"{of}:review", args=[sent.pk])) for sent in page],
        "links": page_links(page, {}),
        "remembered": reads.lists_of_administrators(request.user, of)[:PAGE],
        "template": reverse(f"{of}:list"),
    }
    return render(request, "work/sent_lists.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@administers
def review(request: OfficerRequest, of: str, pk: UUID) -> HttpResponseBase:
    """`viec`: `giu` keeps what was typed over cells, `ghi` stores what is right, `mat-khau` sets new initial passwords."""
    sent = list_or_404(request, of, pk)
    if request.method == "POST":
        form = ListReviewForm(request.POST)
        form.full_clean()
        try:
            return _act(request, sent, form)
        except DomainError as refused:
            messages.error(request, str(refused))
            return redirect(_here(form, sent))
    asked = {name: value for name in ("xem", "sua", "trang") if (value := request.GET.get(name, ""))}
    shown = reads.review_list(sent, asked.get("xem", ""), asked.get("sua", ""), asked.get("trang", ""))
    return render(
        request,
        "work/sent_list.html",
        _context(sent)
        | {
            "review": shown,
            "links": page_links(shown.page, {"xem": asked.get("xem", "")}),
            "asked": request.GET.urlencode(),
            "silent": reads.count_silent(sent),
            "undo_page": reverse("people:undo", args=[sent.pk]) if services.undoing_of(sent) else "",
        },
    )


def _context(sent: SentList) -> dict[str, Any]:
    return {
        "list": sent,
        "title": TITLES[ListOf(sent.of)],
        "above": reverse(f"{sent.of}:upload"),
        "columns_page": reverse(f"{sent.of}:columns", args=[sent.pk]),
        "discard_page": reverse(f"{sent.of}:discard", args=[sent.pk]),
        "here": reverse(f"{sent.of}:review", args=[sent.pk]),
    }


def _here(form: ListReviewForm, sent: SentList) -> str:
    asked = form.cleaned_data["back"]
    return reverse(f"{sent.of}:review", args=[sent.pk]) + (f"?{asked}" if asked else "")


def _act(request: OfficerRequest, sent: SentList, form: ListReviewForm) -> HttpResponseBase:
    if pressed(request) == "mat-khau" and sent.of == ListOf.PEOPLE:
        return _hand_out(request, sent, services.renew_passwords(list_id=sent.pk, actor=request.user))
    changed = services.mend_list(list_id=sent.pk, typed=form.typed, actor=request.user)
    if pressed(request) != "ghi":
        said = f"Đã giữ {write_number(changed)} ô vừa sửa và đọc lại." if changed else "Chưa ô nào được sửa."
        messages.info(request, said)
        return redirect(_here(form, sent))
    if changed:
        messages.warning(request, _STALE)
        return redirect(_here(form, sent))
    stored, left, handed = services.store_sent(list_id=sent.pk, shown=form.cleaned_data["shown"], actor=request.user)
    what = "đơn vị" if sent.of == ListOf.UNITS else "dòng"
    more = f" Còn {write_number(left)} dòng chưa ghi được: sửa ở trang của danh sách rồi ghi tiếp." if left else ""
    said = f"Đã ghi {write_number(stored)} {what}.{more}" if stored else f"Không có gì thay đổi.{more}"
    messages.success(request, said)
    if handed:
        return _hand_out(request, sent, handed)
    return redirect(f"{sent.of}:review", pk=sent.pk) if left else redirect("setting-up:home")


def _hand_out(request: OfficerRequest, sent: SentList, handed: services.Handed) -> HttpResponseBase:
    """The initial passwords, this once: nobody can read them again."""
    return render(request, "work/sent_list_passwords.html", _context(sent) | {"handed": handed})


@require_http_methods(["GET", "POST"])
@administers
def columns(request: OfficerRequest, of: str, pk: UUID) -> HttpResponseBase:
    """`viec`: `xem` shows the table as it is read with what was chosen, `doc` has the file read so."""
    sent, kind = list_or_404(request, of, pk), reads.KINDS[ListOf(of)]
    form = ListMappingForm(request.POST, kind) if request.method == "POST" else None
    mapping = form.mapping if form else ListMapping.from_json(sent.mapping, kind)
    page = ListMappingPage(services.read_sent(sent, mapping), mapping, kind, form, choices=reads.choices_of(of))
    is_last = pressed(request) == "doc"
    errors = [*(form.errors if form else []), *(page.missing if is_last else [])]
    back = reverse(f"{of}:review", args=[pk])
    if is_last and not errors:
        try:
            services.map_list(list_id=sent.pk, mapping=mapping, remember=form is not None and form.remembers, actor=request.user)
        except DomainError as refused:
            messages.error(request, str(refused))
            return redirect(f"{of}:upload")
        messages.success(request, "Đã đọc lại danh sách.")
        return redirect(back)
    context = {
        "page": page,
        "errors": errors,
        "kept": json.dumps(mapping.to_json(), ensure_ascii=False),
        "file_name": sent.file_name,
        "nav": "admin",
        "above": reverse(f"{of}:upload"),
        "above_words": TITLES[ListOf(of)],
        "back": back,
        "read_words": "Đọc danh sách",
        "remembers": form.remembers if form else True,
        "remembered_for": "các danh sách có tiêu đề này",
        "remembered_page": reverse(f"{of}:upload") + "#da-nho",
    }
    return render(request, "work/mapping.html", context, status=422 if is_last and errors else 200)


@require_http_methods(["GET", "POST"])
@administers
def discard(request: OfficerRequest, of: str, pk: UUID) -> HttpResponseBase:
    """Throw a list away, after a page that says what that means."""
    sent = list_or_404(request, of, pk)
    if request.method == "POST":
        services.drop_list(list_id=sent.pk, actor=request.user)
        messages.success(request, f"Đã bỏ danh sách {sent.file_name}.")
        return redirect(f"{of}:upload")
    return render(request, "work/sent_list_discard.html", _context(sent))


@require_http_methods(["GET", "POST"])
@administers
def undo(request: OfficerRequest, of: str, pk: UUID) -> HttpResponseBase:
    """Take back the accounts and roles of a list, after a page that names what goes and what stays."""
    sent = list_or_404(request, of, pk)
    undoing = services.undoing_of(sent)
    if undoing is None:
        raise Http404
    if request.method == "POST":
        try:
            done = services.undo_sent(list_id=sent.pk, actor=request.user)
        except DomainError as refused:
            messages.error(request, str(refused))
        else:
            stays = f" Còn giữ vì đã có người vào: {', '.join(user.username for user in done.used)}." if done.used else ""
            closed, ended = write_number(len(done.closed)), write_number(len(done.ended))
            messages.success(request, f"Đã hủy: đóng {closed} tài khoản chưa dùng, kết thúc {ended} vai trò thêm.{stays}")
        return redirect("people:review", pk=pk)
    return render(request, "work/sent_list_undo.html", _context(sent) | {"undoing": undoing})


@require_safe
@administers
def template(request: OfficerRequest, of: str) -> HttpResponseBase:
    """A list in the form in which it comes back: of units as they stand, in a new portal an empty one to fill in; of people empty."""
    listed = reads.COLUMNS_OF[ListOf(of)]
    columns = [Column(one.heading, one.width, itemgetter(one.name)) for one in listed]
    notes = [f"{one.heading}: {one.hint}." for one in listed if one.hint]
    if of == ListOf.UNITS:
        levels = "; ".join(f"{line.called.name} ({line.level.key})" for line in level_lines())
        notes.insert(0, f"Cấp, ghi tên hoặc mã trong ngoặc: {levels}.")
        file, name = write_xlsx("Danh sách đơn vị", columns, list_rows(), notes=notes), "danh-sach-don-vi"
    else:
        notes.insert(0, f"Vai trò: {'; '.join(reads.choices_of(of)['role'])}.")
        file, name = write_xlsx("Danh sách tài khoản", columns, [], notes=notes), "danh-sach-tai-khoan"
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)
