"""The officers' manuals, searched and read where one works. HTTP only."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from models_registry.views.common import page_links
from portal.manuals import manuals, search
from portal.navigation import first_step
from portal.services.tours import end_tour as end

PAGE = 20
LONGEST = 200  # characters of a question


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("q", "")[:LONGEST].strip()
    page = Paginator(search(asked), PAGE).get_page(request.GET.get("trang"))
    context = {
        "asked": asked,
        "page": page,
        "links": page_links(page, {"q": asked}),
        "manuals": manuals().values(),
        "tour": first_step(request.user),
    }
    return render(request, "portal/help/home.html", context)


@require_safe
def manual(request: HttpRequest, slug: str) -> HttpResponse:
    if slug not in manuals():
        raise Http404
    return render(request, "portal/help/manual.html", {"manual": manuals()[slug], "manuals": manuals().values()})


@require_http_methods(["GET", "POST"])
def end_tour(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        end(request.user)  # type: ignore[arg-type]
        messages.success(request, "Đã đóng phần làm quen. Muốn xem lại, mở “Hướng dẫn”.")
    return redirect("models_registry:work")
