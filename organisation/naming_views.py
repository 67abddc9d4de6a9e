"""What the province, its levels and the roles are called, and from which day on. HTTP only."""

from typing import Any

from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from common.exceptions import DomainError
from common.form_errors import labelled
from organisation.forms import NAME_FORMS
from organisation.naming import Dated
from organisation.permissions import can_administer
from organisation.requests import OfficerRequest
from organisation.selectors.names import name_groups, name_row
from organisation.services import save_name


@require_safe
def home(request: OfficerRequest) -> HttpResponseBase:
    if not can_administer(request.user):
        raise Http404
    return render(request, "organisation/names.html", {"groups": name_groups()})


@require_http_methods(["GET", "POST"])
def add(request: OfficerRequest, kind: str) -> HttpResponseBase:
    """A new name; the form begins with the words of the row that it is to follow, without its day."""
    form_class = _form_or_404(request, kind)
    source = request.GET.get("theo", "")
    copied = name_row(form_class.Meta.model, int(source)) if source.isascii() and source.isdecimal() else None
    initial = {name: request.GET[name] for name in ("level", "role") if name in request.GET}
    if copied:
        initial = {name: field.value_from_object(copied) for name, field in _fields(copied) if name != "valid_from"}
    return _form(
        request,
        form_class(request.POST if request.method == "POST" else None, initial=initial),
        f"Ghi {form_class.Meta.model._meta.verbose_name} mới",
    )


@require_http_methods(["GET", "POST"])
def correct(request: OfficerRequest, kind: str, pk: int) -> HttpResponseBase:
    form_class = _form_or_404(request, kind)
    row = name_row(form_class.Meta.model, pk)
    if row is None:
        raise Http404
    return _form(
        request, form_class(request.POST if request.method == "POST" else None, instance=row), f"Sửa {row._meta.verbose_name}"
    )


def _form_or_404(request: OfficerRequest, kind: str) -> Any:
    if not can_administer(request.user) or kind not in NAME_FORMS:
        raise Http404
    return NAME_FORMS[kind]


def _fields(row: Dated) -> list[tuple[str, Any]]:
    return [(field.name, field) for field in row._meta.concrete_fields]


def _form(request: OfficerRequest, form: Any, title: str) -> HttpResponseBase:
    if request.method == "POST" and form.is_valid():
        try:
            renamed = save_name(row=form.instance, actor=request.user)
        except DomainError as refused:
            form.add_error("valid_from", str(refused))
        else:
            also = f" Đơn vị mang tên cũ cũng là {renamed.name} từ ngày ấy." if renamed else ""
            messages.success(request, f"Đã lưu. Có hiệu lực trong chừng một phút.{also}")
            return redirect("naming:home")
    context = {"form": form, "title": title, "errors": labelled(form, whole="valid_from")}
    return render(request, "organisation/name.html", context, status=422 if form.errors else 200)
