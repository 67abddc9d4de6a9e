"""News, stories, guides, the yearly booklets. HTTP only."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from models_registry.views.common import address, page_links
from portal.enums import StoryKind
from portal.selectors.booklets import booklet_of, booklets
from portal.selectors.stories import models_of, stories_told, stories_visible_to

PAGE = 20


@login_not_required
@require_safe
def index(request: HttpRequest) -> HttpResponseBase:
    asked = request.GET.get("loai", "")
    chosen = asked if asked in StoryKind.values else ""
    page = Paginator(stories_told(chosen), PAGE).get_page(request.GET.get("trang"))
    context = {
        "page": page,
        "links": page_links(page, {"loai": chosen}),
        "chosen": chosen,
        "kinds": [(label, address({"loai": kind}), kind == chosen) for kind, label in [("", "Tất cả"), *StoryKind.choices]],
    }
    return render(request, "portal/stories.html", context)


@login_not_required
@require_safe
def story(request: HttpRequest, slug: str) -> HttpResponseBase:
    """One story; drafts are shown to who may write them."""
    found = get_object_or_404(stories_visible_to(request.user), slug=slug)
    context = {
        "story": found,
        "models": models_of(found, request.user),
        "is_draft": not found.is_told,
    }
    return render(request, "portal/story.html", context)


@login_not_required
@require_safe
def booklet_index(request: HttpRequest) -> HttpResponseBase:
    listed = list(booklets()[:50])
    return render(
        request, "portal/booklets.html", {"booklets": listed, "illustrative": any(one.season.is_illustrative for one in listed)}
    )


@login_not_required
@require_safe
def booklet(request: HttpRequest, year: int) -> HttpResponseBase:
    found = booklet_of(year)
    if found is None or not found.file.storage.exists(found.file.name or ""):
        raise Http404
    response = FileResponse(
        found.file.open("rb"), as_attachment=True, filename=f"so-tay-{year}.pdf", content_type="application/pdf"
    )
    response["Cache-Control"] = "public, no-cache"
    return response
