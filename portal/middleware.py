"""At the door: what no page can use is turned away before anything reads it, and pages of officers are kept by no cache."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

LARGEST_BODY = 25 * 1024 * 1024  # a register of 20 MB and its form
OFFICERS = ("/lam-viec/", "/tai-khoan/", "/dang-nhap/")


class DoorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        if "%00" in query or "\x00" in query or "\x00" in request.path:
            return render(request, "400.html", status=400)  # PostgreSQL stores no NUL
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length) > LARGEST_BODY:
            return render(request, "413.html", status=413)
        response = self.get_response(request)
        if request.path.startswith(OFFICERS):
            add_never_cache_headers(response)
        return response

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        """What is sent may hold no NUL either. Read here, as the check against forgery is about to."""
        try:
            sent = request.POST.lists()
        except UnreadablePostError:  # the browser went away
            return None
        has_nul = any("\x00" in text for name, texts in sent for text in (name, *texts))
        return render(request, "400.html", status=400) if has_nul else None
