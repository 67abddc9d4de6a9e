"""Papers of a dossier read where one is, page by page as pictures: nothing of a file runs in a browser. HTTP only."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from common.exceptions import FileRefused
from common.files import PaperPage, is_shown_by_page, page_picture, paper_page
from common.id_fields import ids_in
from models_registry.models import Attachment
from recognition.models import Dossier, DossierFile
from recognition.selectors import dossiers as reads
from recognition.views.common import head

KEPT = 3600  # seconds that a browser keeps a page: a file of one id never changes


def _file_or_404(request: HttpRequest, pk: int, file: UUID) -> tuple[Dossier, DossierFile | Attachment]:
    owner = reads.readable_by(request.user, pk)
    found = owner and (reads.paper_of(request.user, owner, file) or reads.evidence_of(owner, file))
    if owner is None or not found or not is_shown_by_page(found.content_type):
        raise Http404
    return owner, found


@require_safe
def page(request: HttpRequest, pk: int, file: UUID) -> HttpResponseBase:
    """One page (`?trang=`), where to turn to; for htmx just that, else on a page of its own."""
    owner, found = _file_or_404(request, pk, file)
    number, shown, error = next(iter(ids_in([request.GET.get("trang", "1")])), 1), None, ""
    try:
        with found.file.open("rb") as stored:
            shown = paper_page(stored, found.content_type, number)
    except FileRefused as refused:
        error = str(refused)
    assert owner.round is not None
    context = head(owner.round, dossier=owner, file=found, shown=shown, error=error, **_around(owner, found, shown))
    template = "recognition/paper_page.html" if request.headers.get("HX-Request") else "recognition/paper.html"
    return render(request, template, context)


def _around(owner: Dossier, found: DossierFile | Attachment, shown: PaperPage | None) -> dict[str, str]:
    """What the paper is, where its file is, where the pages beside this one are."""
    is_paper = isinstance(found, DossierFile)
    here = reverse("recognition:paper-page", args=[owner.pk, found.pk])
    file = (
        reverse("recognition:paper-file", args=[owner.pk, found.pk])
        if is_paper
        else reverse("recognition:dossier-attachment", args=[owner.pk, found.pk, "tep"])
    )
    turns = {
        "before": f"{here}?trang={shown.number - 1}" if shown and shown.number > 1 else "",
        "after": f"{here}?trang={shown.number + 1}" if shown and shown.number < shown.count else "",
    }
    return {"label": found.get_kind_display() if is_paper else str(found), "download": file} | turns


@require_safe
def picture(request: HttpRequest, pk: int, file: UUID, number: int) -> HttpResponseBase:
    """A page as a picture."""
    _, found = _file_or_404(request, pk, file)
    try:
        with found.file.open("rb") as stored:
            data = page_picture(stored, found.content_type, number)
    except FileRefused as refused:
        raise Http404 from refused
    response = HttpResponse(data, content_type="image/webp")
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = f"private, max-age={KEPT}"
    return response
