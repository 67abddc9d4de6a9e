"""What several views of rounds do."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse

from common.exports import DOCX
from recognition.models import RecognitionRound
from recognition.permissions import can_run
from recognition.selectors import rounds as reads

PAGE = 50


def round_or_404(request: HttpRequest, pk: int) -> RecognitionRound:
    found = reads.rounds_visible_to(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def run_or_404(request: HttpRequest, pk: int) -> RecognitionRound:
    """The round, for who runs it."""
    found = round_or_404(request, pk)
    if not can_run(request.user, found.unit):
        raise Http404
    return found


def head(round_: RecognitionRound, **more: Any) -> dict[str, Any]:
    """What every page of a round shows in its head."""
    return {"round": round_, "season": round_.season, "illustrative": round_.season.is_illustrative} | more


def of_its_round(round_: RecognitionRound | None) -> dict[str, Any]:
    """For a page about a decision: its round and season, where it has one."""
    return head(round_) if round_ else {"round": None, "season": None, "illustrative": False}


def word(data: bytes, name: str) -> HttpResponse:
    """A Word file made now."""
    response = HttpResponse(data, content_type=DOCX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def sent_file(file: Any, name: str, content_type: str) -> FileResponse:
    """A stored file. Nothing in it runs in a browser."""
    response = FileResponse(file.open("rb"), as_attachment=True, filename=name, content_type=content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
