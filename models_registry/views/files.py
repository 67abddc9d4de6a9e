"""Photos and papers: sending, describing, taking away, handing out through a check of who may see them. HTTP only."""

from hashlib import sha256
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from common.exceptions import DomainError, NotAllowed
from common.forms import pressed
from models_registry import selectors, services
from models_registry.file_forms import FileForm, FilePlaceForm
from models_registry.models import Attachment
from models_registry.permissions import can_write
from models_registry.selectors import sheets
from models_registry.views.common import by_post
from models_registry.views.sheets import registration_or_404
from organisation.requests import OfficerRequest


@by_post("models_registry:registration", "pk")
def add(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """Take files in. Asked by a script (htmx) it answers with the list, else it goes back to the page."""
    found = registration_or_404(request, pk)
    if not can_write(request.user, found):
        raise Http404
    errors = []
    for file in request.FILES.getlist("tep"):
        try:
            services.add_attachment(registration_id=pk, file=file, actor=request.user)
        except NotAllowed as error:
            return HttpResponse(str(error), status=403, content_type="text/plain; charset=utf-8")
        except DomainError as error:
            errors.append(f"{file.name}: {error}")
    if not request.FILES:
        errors.append("Chưa chọn tệp nào.")
    if request.headers.get("X-Files"):
        status = 422 if errors else 200
        return HttpResponse("\n".join(errors), status=status, content_type="text/plain; charset=utf-8")
    for words in errors:
        messages.error(request, words)
    return _back(request, found.pk)


def _back(request: OfficerRequest, pk: int) -> HttpResponseBase:
    form = FilePlaceForm(request.POST)
    if form.is_valid() and (box := form.cleaned_data["box"]):
        response = redirect("models_registry:write", pk=pk)
        response["Location"] += f"?muc={box}#anh-tep"
        return response
    response = redirect("models_registry:registration", pk=pk)
    response["Location"] += "?o=anh-tep#anh-tep"  # what was done is told there, where one is looking
    return response


@require_safe
def listed(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """The list of files, asked for again while photos are being made ready."""
    found = registration_or_404(request, pk)
    context = {
        "registration": found,
        "attachments": list(sheets.attachments_of(found)),
        "may_files": can_write(request.user, found),
    }
    return render(request, "work/files_list.html", context)


def _own(request: OfficerRequest, pk: int, attachment: UUID) -> Attachment:
    found = registration_or_404(request, pk)
    return get_object_or_404(sheets.attachments_of(found), pk=attachment)


@by_post("models_registry:registration", "pk")
def change(request: OfficerRequest, pk: int, attachment: UUID) -> HttpResponseBase:
    """Describe a file, or take it away."""
    one = _own(request, pk, attachment)
    try:
        if pressed(request, "xac-nhan") == "xoa":  # asked about first
            return render(request, "work/file_remove.html", {"registration": one.registration, "attachment": one})
        if pressed(request) == "lai":
            services.retry_photo(attachment_id=one.pk, actor=request.user)
        elif pressed(request) == "xoa":
            services.remove_attachment(attachment_id=one.pk, actor=request.user)
            messages.success(request, f"Đã xóa “{one}”.")
        else:
            form = FileForm(request.POST)
            form.is_valid()
            services.describe_attachment(attachment_id=one.pk, said=form.description(), actor=request.user)
            messages.success(request, "Đã lưu ảnh, tệp.")
            if form.unread:
                messages.warning(request, f"Thứ tự “{form.unread[:20]}” không phải một số, nên giữ chỗ cũ.")
    except NotAllowed as error:
        raise Http404 from error
    except DomainError as error:
        messages.error(request, str(error))
    return _back(request, pk)


@login_not_required
@require_safe
def serve_attachment(request: HttpRequest, attachment: UUID, variant: str) -> HttpResponseBase:
    """A file, to whom it is visible; to all others it is not there. Nothing in it runs in a browser."""
    return answer_file(request, get_object_or_404(selectors.attachments_visible_to(request.user), pk=attachment), variant)


def answer_file(request: HttpRequest, found: Attachment, variant: str) -> HttpResponseBase:
    """The file itself, to whoever was found to see it."""
    if found.kind == Attachment.Kind.PHOTO:
        name = found.variants.get(variant, {}).get("path", "")
    else:
        name = found.file.name if variant == "tep" else ""
    if not name or not default_storage.exists(name):
        raise Http404
    etag = f'"{sha256(name.encode()).hexdigest()[:32]}"'
    response: HttpResponseBase | None = None
    if not request.user.is_authenticated:
        response = get_conditional_response(request, etag=etag)
    if response is None and found.kind == Attachment.Kind.PHOTO:
        response = FileResponse(default_storage.open(name), content_type="image/webp")
    elif response is None:
        response = FileResponse(
            default_storage.open(name), as_attachment=True, filename=found.file_name, content_type=found.content_type
        )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    if request.user.is_authenticated:
        response["Cache-Control"] = "private, no-store"
    else:  # asked for each time: a photo that was taken back is gone at once
        response["Cache-Control"], response["ETag"] = "public, no-cache", etag
    return response
