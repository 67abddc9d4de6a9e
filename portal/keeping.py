"""Public pages kept for a while, for visitors alone; and a limit for those that ask too fast."""

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control

from common.dates import VIETNAM
from common.fresh import MARK, renew
from organisation.lockout import address_of
from portal.language import chosen

logger = logging.getLogger(__name__)

NAMESPACES = {"portal", "api"}
LARGEST = 512 * 1024  # bytes of a page that is kept
_ENCODINGS = ("zstd", "br", "gzip")
_GONE = {"content-length", "date", "server"}

Next = Callable[[HttpRequest], HttpResponseBase]


def is_visitor(request: HttpRequest) -> bool:
    """Somebody without a session, and without a message that waits: sees what everybody sees."""
    return not request.COOKIES.keys() & {settings.SESSION_COOKIE_NAME, "messages"}


class PublicCacheMiddleware:
    """Keeps what visitors are shown, whole, for settings.PUBLIC_CACHE_SECONDS, or until anything is written.

    A page is kept with the mark that stood before it was made: what was committed meanwhile renews the mark, and the page is
    never shown. One question to the cache for a page that is there.
    """

    def __init__(self, get_response: Next) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not settings.PUBLIC_CACHE_SECONDS or request.method != "GET" or not is_visitor(request):
            return self._get_response(request)
        key = _key(request)
        try:
            found = cache.get_many([MARK, key])
        except Exception:  # each backend has errors of its own; whichever it is, the page is made anew
            logger.warning("cache unreachable, page made anew", exc_info=True)
            return self._get_response(request)
        mark, kept = found.get(MARK), found.get(key)
        if mark and kept and kept[0] == mark:
            return _again(request, *kept[1:])
        if not mark:
            renew()  # kept from the next visit on
        response = self._get_response(request)
        if mark and _may_be_kept(request, response):
            assert isinstance(response, HttpResponse)
            patch_cache_control(response, no_cache=True, public=True)  # browsers keep it, and ask whether it still holds
            headers = [(name, value) for name, value in response.items() if name.lower() not in _GONE]
            _keep(key, (mark, response.status_code, headers, response.content))
        return response


def _keep(key: str, page: tuple[Any, ...]) -> None:
    try:
        cache.set(key, page, settings.PUBLIC_CACHE_SECONDS)
    except Exception:  # full, or gone: the page was made and is shown
        logger.warning("cache takes nothing", exc_info=True)


def _key(request: HttpRequest) -> str:
    accepted = request.headers.get("Accept-Encoding", "")
    encoding = next((one for one in _ENCODINGS if one in accepted), "")
    asked = "|".join(
        (
            request.scheme or "",
            request.get_host(),
            request.get_full_path(),
            encoding,
            chosen(request),
            request.headers.get("Accept", ""),
        )
    )
    return f"page:{sha256(asked.encode()).hexdigest()}"


def _may_be_kept(request: HttpRequest, response: HttpResponseBase) -> bool:
    match = request.resolver_match
    is_public = match is not None and match.namespace in NAMESPACES
    private = "no-store" in response.get("Cache-Control", "")
    whole = response.status_code == 200 and isinstance(response, HttpResponse) and not response.cookies
    return bool(is_public and whole and not private and len(response.content) <= LARGEST)  # type: ignore[attr-defined]


def _again(request: HttpRequest, status: int, headers: list[tuple[str, str]], content: bytes) -> HttpResponseBase:
    response = HttpResponse(content, status=status)
    for name, value in headers:
        response[name] = value
    etag = response.get("ETag")
    return (get_conditional_response(request, etag=etag, response=response) if etag else None) or response


class RateLimitMiddleware:
    """At most settings.PUBLIC_RATE pages a minute are made for one address without a session: kept ones do not count."""

    def __init__(self, get_response: Next) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not settings.PUBLIC_RATE or not is_visitor(request):
            return self._get_response(request)
        now = time.time()
        left = 60 - int(now) % 60
        if _count(f"rate:{address_of(request)}:{int(now) // 60}") > settings.PUBLIC_RATE:
            return _refused(request, left)
        return self._get_response(request)


REQUESTS = 5  # to correct something, from one address within an hour


def asks_too_often(request: HttpRequest) -> bool:
    """Whether requests to correct come from the visitor's address faster than people write them; counts this one."""
    return _count(f"ask:{address_of(request)}:{int(time.time()) // 3600}", 3600) > REQUESTS


CHECKS = 20  # files held against a certificate, from one address within an hour


def checks_too_often(request: HttpRequest) -> bool:
    """Whether files to look at come from the visitor's address faster than people have them; counts this one."""
    return _count(f"check:{address_of(request)}:{int(time.time()) // 3600}", 3600) > CHECKS


def _count(key: str, seconds: int = 120) -> int:
    try:
        cache.add(key, 0, seconds)
        return int(cache.incr(key))
    except Exception:  # the limit protects; without the cache it must not be what stops the portal
        logger.warning("cache unreachable, nobody is limited", exc_info=True)
        return 0


def _refused(request: HttpRequest, left: int) -> HttpResponseBase:
    words: dict[str, Any] = {"minutes": 1, "until": timezone.localtime(timezone.now() + timedelta(seconds=left), VIETNAM)}
    if request.path.startswith("/api/"):
        response: HttpResponse = JsonResponse({"detail": f"Gửi quá nhiều lần; xin đợi {left} giây."}, status=429)
    else:
        response = render(request, "429.html", words, status=429)
    response["Retry-After"] = str(left)
    return response
