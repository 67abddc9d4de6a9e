"""Files handed to a browser so that nothing in them runs there and nobody between keeps them."""

from typing import Any

from django.http import FileResponse, HttpResponse

from common.exports import DOCX


def word(data: bytes, name: str) -> HttpResponse:
    """A Word file made now."""
    response = HttpResponse(data, content_type=DOCX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def sent_file(file: Any, name: str, content_type: str) -> FileResponse:
    """A stored file."""
    response = FileResponse(file.open("rb"), as_attachment=True, filename=name, content_type=content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
