"""What the columns of an upload are, said by hand; how a unit's registers are remembered. HTTP only."""

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from common.dates import today
from common.exceptions import DomainError, NotAllowed
from common.forms import pressed
from models_registry import selectors, services
from models_registry.mapping_forms import MappingForm, words_for
from models_registry.mapping_page import STEP, MappingPage, first_shown
from models_registry.models import RegisterImport, RememberedMapping
from models_registry.registers.mapping import Mapping, MappingInvalid
from models_registry.registers.reading import index_of
from models_registry.registers.refusing import RegisterUnreadable
from models_registry.selectors import lists
from models_registry.selectors.mapping import context_for, sampled, token_now, token_of, with_same_head
from models_registry.selectors.scope import remembered_visible_to
from models_registry.views.common import PAGE, page_links
from organisation.permissions import units_where
from organisation.requests import OfficerRequest
from organisation.roles import May
from organisation.selectors.units import unit_on, versions_on


@require_http_methods(["GET", "POST"])
def columns(request: OfficerRequest, pk: UUID) -> HttpResponseBase:
    """`viec`: `xem` shows the table as it is read with what was chosen, `doc` has the file read so."""
    upload = get_object_or_404(selectors.imports_visible_to(request.user), pk=pk)
    if not upload.may_be_mapped:
        messages.info(request, "Sổ này đang được xử lý hoặc đã nạp, không đổi cách đọc được nữa.")
        return redirect("models_registry:import", pk=pk)
    try:
        return _columns(request, upload)
    except RegisterUnreadable as error:
        messages.error(request, str(error))
        return redirect("models_registry:import", pk=pk)


def _columns(request: OfficerRequest, upload: RegisterImport) -> HttpResponseBase:
    context = context_for(upload.season, upload.unit)
    form = MappingForm(request.POST, context) if request.method == "POST" else None
    mapping = form.mapping if form else _kept(upload)
    sheet = form.to_sheet if form else request.GET.get("trang", "")
    first = first_shown(form.data) if form else 0
    sample = sampled(upload, mapping, first + STEP)  # a row more than the page shows
    places = [version.place for version in selectors.places_within(upload.unit, upload.season)]
    page = MappingPage(
        sample,
        mapping,
        context,
        places,
        sheet=sheet,
        first=first,
        faults=form.errors if form else (),
        typed_day=form.typed_day if form else "",
    )
    same = _with_same_head(upload, page, request.user)
    is_last = pressed(request) == "doc"
    errors = [*(form.errors if form else []), *(page.missing if is_last and form and not form.errors else [])]
    seen = (form.seen if form else "") or token_of(upload)
    changed = ""
    if form and is_last and not errors:
        try:
            others = _read_again(request, upload, form, page, seen=seen, same=same)
        except services.MappingChanged as error:
            changed, seen = str(error), token_now(upload)
        else:
            more = f" và {others} tệp khác có cùng hàng tiêu đề" if others else ""
            messages.info(request, f"Cổng đã giữ cách đọc, đang đọc lại sổ{more}.")
            return redirect("models_registry:import", pk=upload.pk)
    asked = _of_upload(upload) | {
        "page": page,
        "errors": list(dict.fromkeys(errors)),
        "changed": changed,
        "seen": seen,
        "kept": json.dumps(mapping.to_json(), ensure_ascii=False),
        "remembers": form.remembers if form else True,
        "same": same,
        "also": bool(form and form.also),
    }
    status = 409 if changed else 422 if errors and is_last else 200  # what is only looked at is shown, faults and all
    return render(request, "work/mapping.html", asked, status=status)


def _of_upload(upload: RegisterImport) -> dict[str, Any]:
    """What the page says of the upload itself."""
    board = reverse("models_registry:board", args=[upload.season.year])
    unit_name = unit_on(upload.unit, upload.season.last_day).name
    return {
        "import": upload,
        "file_name": upload.file_name,
        "above": f"{board}?don-vi={upload.unit.key}",
        "above_words": f"Năm {upload.season}",
        "back": reverse("models_registry:import", args=[upload.pk]),
        "remembered_page": reverse("models_registry:remembered"),
        "remembered_for": unit_name,
        "season": upload.season,
        "unit_name": unit_name,
        "total": upload.report.get("rows", 0),
        "illustrative": upload.season.is_illustrative,
    }


SameHead = list[tuple[RegisterImport, str]]


def _read_again(
    request: OfficerRequest, upload: RegisterImport, form: MappingForm, page: MappingPage, *, seen: str, same: SameHead
) -> int:
    """Keep how the file is read and have it read so; how many others with the same head go with it."""
    try:
        return services.map_import(
            import_id=upload.pk,
            mapping=form.mapping,
            seen=seen,
            remember=page.to_remember if form.remembers else None,
            also=[one.pk for one, _ in same if str(one.pk) in form.also],
            read_as=page.read_as,
            actor=request.user,
        )
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error


def _with_same_head(upload: RegisterImport, page: MappingPage, user: Any) -> SameHead:
    """(an upload that can be read as this one, its unit's name)"""
    found = with_same_head(upload, page.read_as.head, user)
    names = versions_on({one.unit_id for one in found}, upload.season.last_day) if found else {}
    return [(one, names[one.unit_id].name if one.unit_id in names else "") for one in found]


def _kept(upload: RegisterImport) -> Mapping:
    try:
        return Mapping.from_json(upload.mapping)
    except MappingInvalid:
        return Mapping()


def _has_remembered(user: Any) -> bool:
    return bool(units_where(user, May.IMPORT_REGISTER)) or lists.has_remembered_lists(user)


@require_safe
def remembered(request: OfficerRequest) -> HttpResponseBase:
    """How registers are remembered, of the units whose registers this person may upload, and lists of outcomes; the newest first."""
    if not _has_remembered(request.user):
        raise Http404
    page = Paginator(remembered_visible_to(request.user), PAGE).get_page(request.GET.get("trang"))
    of_lists = lists.lists_of_units(request.user)
    other = Paginator(of_lists, PAGE).get_page(request.GET.get("trang-ds"))
    units = {kept.unit_id for kept in page} | {kept.unit_id for kept in other if kept.unit_id}
    names = versions_on(units, today()) if units else {}
    context = {
        "page": page,
        "rows": [(kept, names[kept.unit_id].name, _said(kept)) for kept in page],
        "links": page_links(page, {}),
        "lists_page": other,
        "lists": [(kept, names[kept.unit_id].name, lists.said_of(kept)) for kept in other if kept.unit_id],
        "lists_links": page_links(other, {}, "trang-ds"),
    }
    return render(request, "work/mapping_remembered.html", context)


def _said(kept: RememberedMapping) -> list[tuple[str, str]]:
    """(a column's head, what it is) of what is used."""
    try:
        (said,) = Mapping.from_json(kept.mapping).sheets
    except (MappingInvalid, ValueError):
        return []

    def head(column: str) -> str:
        at = index_of(column)
        return kept.head[at] if at < len(kept.head) and kept.head[at] else f"cột {column}"

    used: list[Any] = [(head(column), words_for(uses)) for column, uses in said.columns.items() if uses]
    return used + [(" + ".join(map(head, join.columns)), words_for([join.use])) for join in said.joins]


@require_http_methods(["GET", "POST"])
def forget(request: OfficerRequest, pk: int) -> HttpResponseBase:
    kept = get_object_or_404(remembered_visible_to(request.user), pk=pk)
    if request.method == "POST":
        try:
            services.forget_mapping(mapping_id=kept.pk, actor=request.user)
        except DomainError as error:
            messages.warning(request, str(error))
        else:
            messages.success(request, "Đã bỏ cách đọc này. Lần nạp sau cổng lại tự đoán.")
        return redirect("models_registry:remembered")
    return render(request, "work/mapping_forget.html", {"kept": kept, "said": _said(kept)})


@require_http_methods(["GET", "POST"])
def forget_list(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """The same for a list of outcomes."""
    kept = get_object_or_404(lists.lists_of_units(request.user), pk=pk)
    if request.method == "POST":
        services.forget_list(remembered_id=kept.pk, actor=request.user)
        messages.success(request, "Đã bỏ cách đọc này. Lần nạp sau cổng lại tự đoán.")
        return redirect("models_registry:remembered" if _has_remembered(request.user) else "models_registry:work")
    return render(request, "work/mapping_forget.html", {"kept": kept, "said": lists.said_of(kept), "is_list": True})
