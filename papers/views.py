"""Letterheads and Word files of one's own body. HTTP only."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from common.dates import today
from common.exceptions import DomainError, NotAllowed
from common.exports import DOCX
from common.form_errors import labelled
from common.forms import pressed
from organisation.models import Unit
from organisation.permissions import units_where
from organisation.requests import OfficerRequest
from organisation.roles import May
from papers import selectors, services
from papers.enums import Layout
from papers.forms import EndForm, FormRecordForm, LetterheadForm
from papers.kinds import HEAD_FIELDS, HEAD_LISTS, PaperForm, known_form, known_forms
from papers.permissions import body_headed_by, body_kept_by
from papers.word.layouts import build, profile_on

PAGE = 50


def _body_or_404(request: OfficerRequest) -> Unit:
    body = body_kept_by(request.user)
    if body is None:
        raise Http404
    return body


@require_http_methods(["GET", "POST"])
def home(request: OfficerRequest) -> HttpResponseBase:
    """Letterheads of the body, newest first, and the papers that the portal writes."""
    body = body_headed_by(request.user)
    if body is None:
        raise Http404
    heads = list(selectors.letterheads_visible_to(request.user))
    copied = next((one for one in heads if str(one.pk) == request.GET.get("theo", "")), None)
    is_sent = request.method == "POST"
    initial = {} if heads or is_sent else selectors.first_head(body, today())
    form = LetterheadForm(request.POST if is_sent else None, instance=None if is_sent else copied, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.save_letterhead(unit=body, actor=request.user, **form.cleaned_data)
        except DomainError as error:
            form.add_error("valid_from", str(error))
        else:
            messages.success(request, "Đã lưu thể thức giấy tờ.")
            return redirect("papers:home")
    own = {one.form: one for one in selectors.templates_in_force(request.user)}
    now = {one.pk for one in selectors.letterheads_on(body, today())}
    context = {
        "heads": [(one, one.pk in now) for one in heads],
        "form": form,
        "copied": copied,
        "kinds": [(kind, own.get(kind.slug)) for kind in known_forms()] if body_kept_by(request.user) else [],
        "errors": labelled(form),
    }
    return render(request, "papers/home.html", context, status=422 if form.errors else 200)


def _kind_or_404(slug: str) -> PaperForm:
    kind = known_form(slug)
    if kind is None:
        raise Http404
    return kind


@require_http_methods(["GET", "POST"])
def template(request: OfficerRequest, slug: str) -> HttpResponseBase:
    """One kind of paper: what may stand in its Word file, the file in force, another one instead."""
    body, kind = _body_or_404(request), _kind_or_404(slug)
    error = ""
    if request.method == "POST":
        try:
            if pressed(request, "bo") == "bo":
                services.drop_template(unit=body, form=slug, actor=request.user)
                messages.success(request, "Đã trở lại mẫu của cổng.")
                return redirect("papers:template", slug=slug)
            file = request.FILES.get("tep")
            if file is None:
                raise DomainError("Chưa chọn tệp nào.")
            made, asked = services.keep_template(unit=body, form=slug, file=file, actor=request.user)
        except DomainError as refused:
            error = str(refused)
        else:
            messages.success(request, f"Đã nhận {made.file_name}: {len(asked.names)} tên ô, tất cả đều đúng.")
            if asked.missing:
                messages.warning(request, f"Mẫu không có: {', '.join(asked.missing)}. Giấy in ra sẽ thiếu phần ấy.")
            return redirect("papers:template", slug=slug)
    lists = HEAD_LISTS | dict(kind.lists)
    context = {
        "kind": kind,
        "own": selectors.template_of(body, slug),
        "fields": list((HEAD_FIELDS | dict(kind.fields)).items()),
        "lists": [(name, list(fields.items())) for name, fields in lists.items()],
        "needed": kind.needed,
        "errors": [("tep", error)] if error else [],
    }
    return render(request, "papers/template.html", context, status=422 if error else 200)


@require_safe
def template_file(request: OfficerRequest, slug: str) -> HttpResponseBase:
    """The Word file in force, to open and change in Word."""
    body, kind = _body_or_404(request), _kind_or_404(slug)
    own = selectors.template_of(body, slug)
    if own:
        return FileResponse(own.file.open("rb"), as_attachment=True, filename=own.file_name, content_type=DOCX)
    heads = selectors.letterheads_on(body, today())
    layout = heads[0].layout if heads else Layout.PARTY
    response = HttpResponse(build(kind, profile_on(layout, today())), content_type=DOCX)
    response["Content-Disposition"] = f'attachment; filename="mau-{slug}.docx"'
    return response


@require_http_methods(["GET", "POST"])
def catalogue(request: OfficerRequest) -> HttpResponseBase:
    """The prescribed forms and from when until when each is used; entering one, ending one."""
    if not units_where(request.user, May.SEE_BOARD) | units_where(request.user, May.KEEP_PAPERS):
        raise Http404
    body = body_kept_by(request.user)
    ends = pressed(request, "ket-thuc") == "ket-thuc"
    ending = EndForm(request.POST)
    form = FormRecordForm(request.POST if request.method == "POST" and not ends else None)
    error, refused_row = "", 0
    if request.method == "POST":
        if body is None:
            raise Http404
        if ends:
            ending.is_valid()
            refused_row = ending.cleaned_data["record"]
            error = _end_form(request, ending)
        elif form.is_valid():
            try:
                services.enter_form(unit=body, actor=request.user, **form.cleaned_data)
            except DomainError as refused:
                form.add_error(None, str(refused))
        if not error and not form.errors:
            messages.success(request, "Đã ghi.")
            return redirect("papers:catalogue")
    page = Paginator(selectors.forms_visible_to(request.user), PAGE).get_page(request.GET.get("trang"))
    names = {one.slug: one.name for one in known_forms()}
    context = {
        "page": page,
        "rows": [(one, names.get(one.form, ""), one.is_on(today())) for one in page],
        "links": [(n if isinstance(n, int) else None, f"?trang={n}") for n in page.paginator.get_elided_page_range(page.number)],
        "body": body,
        "form": form,
        "error": error,
        "refused_row": refused_row,
        "typed_day": ending["last_day"].value() or "",
        "errors": labelled(form, whole="number"),
        "today": today(),
    }
    return render(request, "papers/catalogue.html", context, status=422 if error or form.errors else 200)


def _end_form(request: OfficerRequest, form: EndForm) -> str:
    """What is wrong with ending a prescribed form, in words; empty when it is ended."""
    pk = form.cleaned_data["record"]
    if pk is None:
        raise Http404
    get_object_or_404(selectors.forms_visible_to(request.user), pk=pk)
    if form.errors:
        return form.error
    try:
        services.end_form(record_id=pk, last_day=form.cleaned_data["last_day"], actor=request.user)
    except NotAllowed as refused:
        raise Http404 from refused
    except DomainError as refused:
        return str(refused)
    return ""
