"""The threads at the boxes of a registration. HTTP only."""

from typing import Any

from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from common.exceptions import DomainError
from models_registry import services
from models_registry.boxes import BOXES
from models_registry.permissions import can_comment
from models_registry.selectors.comments import takes_comments, threads_of
from models_registry.small_forms import CommentForm
from models_registry.views.sheets import registration_or_404
from organisation.requests import OfficerRequest


@require_http_methods(["GET", "POST"])
def comments(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """All threads of a registration on one page; where it was said on another page, back to its box there."""
    found = registration_or_404(request, pk)
    if not can_comment(request.user, found):
        raise Http404
    context: dict[str, Any] = {"typed": {}}
    if request.method == "POST":
        form = CommentForm(request.POST)
        form.full_clean()
        box, words, page = (form.cleaned_data[name] for name in ("box", "words", "back"))
        try:
            services.comment_box(registration_id=pk, box=box, words=words, actor=request.user)
        except DomainError as error:
            context = {"errors": [(f"td-loi-{box}" if error.field else "", str(error))], "typed": {box: words}}
        else:
            messages.success(request, f"Đã gửi lời trao đổi về mục {box}.")
            asked = f"?muc={box}" if page == "write" else ""
            return redirect(f"{reverse(f'models_registry:{page}', args=[pk])}{asked}#trao-doi-{box}")
    context |= {
        "registration": found,
        "season": found.season,
        "boxes": BOXES,
        "threads": threads_of(request.user, found),
        "may_comment": takes_comments(found),
        "illustrative": found.is_illustrative,
    }
    return render(request, "work/comments.html", context, status=422 if "errors" in context else 200)
