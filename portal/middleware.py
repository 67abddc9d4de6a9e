"""At the door: what no page can use is turned away before anything reads it; what was made for one person is kept by no shared
cache; headers that stand on whatever is answered.
"""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict, UnreadablePostError
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers, patch_cache_control

from common.call_stack import in_one_chunk
from portal.tours import PARAMETER

_SENDS = re.compile(r"/lam-viec/(nam/\d{4}/nap-so|lan-gui/[0-9a-f-]{36}/them)/")
FOR_OTHER_SITES = re.compile(r"/(api|feed|du-lieu-mo)/|/mo-hinh/[^/]+/chia-se\.png$")  # open data, pictures that links show
# Names that Chromium does not know on every system (bluetooth, web-share) it calls errors on each page; they are left out.
USED_HERE = ("clipboard-write", "publickey-credentials-create", "publickey-credentials-get")
NOT_USED = (
    *("accelerometer", "autoplay", "browsing-topics", "camera", "clipboard-read", "display-capture"),
    *("encrypted-media", "fullscreen", "geolocation", "gyroscope", "hid", "idle-detection", "local-fonts", "magnetometer"),
    *("microphone", "midi", "otp-credentials", "payment", "picture-in-picture", "screen-wake-lock", "serial", "sync-xhr"),
    *("usb", "window-management", "xr-spatial-tracking"),
)
PERMISSIONS = ", ".join([*(f"{name}=()" for name in NOT_USED), *(f"{name}=(self)" for name in USED_HERE)])
OFFICERS = ("/lam-viec/", "/tai-khoan/", "/dang-nhap/")


class HeadersMiddleware:
    """What browsers may do with an answer of any kind: no feature of theirs that no page uses, no use on other sites but of what
    is meant for them. Before all others, so that none answers without it, and all are called with room.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    @in_one_chunk
    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response["Permissions-Policy"] = PERMISSIONS
        is_shared = FOR_OTHER_SITES.match(request.path)
        response["Cross-Origin-Resource-Policy"] = "cross-origin" if is_shared else "same-origin"
        return response


class RequestGuard:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = _turned_away(request) or self.get_response(request)
        is_asset = request.path.startswith(settings.STATIC_URL) and response.status_code < 400
        if request.path.startswith(OFFICERS):
            add_never_cache_headers(response)
        elif settings.SESSION_COOKIE_NAME in request.COOKIES and not is_asset:
            _keep_for_one(response)
        return response

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        """What is sent may hold no NUL either. Read here, as the check against forgery is about to."""
        try:
            sent = request.POST.lists()
        except UnreadablePostError:  # the browser went away
            return None
        has_nul = any("\x00" in text for name, texts in sent for text in (name, *texts))
        return render(request, "400.html", status=400) if has_nul else None


class TourMiddleware:
    """Where a page of the first day's tour sends on to another, its step goes there too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "GET" and response.status_code == 302 and PARAMETER in request.GET:
            leads_to = urlsplit(response["Location"])
            if leads_to.path.startswith("/lam-viec/"):
                query = QueryDict(leads_to.query, mutable=True)
                query[PARAMETER] = request.GET[PARAMETER]
                response["Location"] = leads_to._replace(query=query.urlencode()).geturl()
        return response


def _turned_away(request: HttpRequest) -> HttpResponse | None:
    query = request.META.get("QUERY_STRING", "")
    if "%00" in query or "\x00" in query or "\x00" in request.path:
        return render(request, "400.html", status=400)  # PostgreSQL stores no NUL
    length = request.META.get("CONTENT_LENGTH") or "0"
    largest = _largest_body(request)
    if not re.fullmatch("[0-9]{1,12}", length) or int(length) > largest:
        told = {"megabytes": largest // 1024 // 1024, "is_send": largest == settings.LARGEST_SEND}
        return render(request, "413.html", told, status=413)
    return None


def _largest_body(request: HttpRequest) -> int:
    sends = _SENDS.fullmatch(request.path) and settings.SESSION_COOKIE_NAME in request.COOKIES
    return settings.LARGEST_SEND if sends else settings.LARGEST_BODY


def _keep_for_one(response: HttpResponse) -> None:
    """Whoever signed in sees a public page otherwise than visitors do: only their own browser may keep it, and asks each time."""
    patch_cache_control(response, private=True)
    if "max-age" not in response["Cache-Control"]:
        patch_cache_control(response, no_cache=True)
