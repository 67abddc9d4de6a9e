"""Public pages kept for a while, for visitors alone."""

import logging
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control

from common.cache_version import MARK, renew
from portal.language import chosen
from portal.limits import account_of, has_message

logger = logging.getLogger(__name__)

NAMESPACES = {"portal", "api"}
LARGEST = 512 * 1024  # bytes of a page that is kept
_ENCODINGS = ("zstd", "br", "gzip")
_GONE = {"content-length", "date", "server"}

Next = Callable[[HttpRequest], HttpResponseBase]


class PublicCacheMiddleware:
    """Keeps what visitors are shown, whole, for settings.PUBLIC_CACHE_SECONDS, or until anything is written.

    A page is kept with the mark that stood before it was made: what was committed meanwhile renews the mark, and the page is
    never shown. One question to the cache for a page that is there.
    """

    def __init__(self, get_response: Next) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        for_one = account_of(request) or has_message(request)
        if not settings.PUBLIC_CACHE_SECONDS or request.method != "GET" or for_one:
            return self._get_response(request)
        key = _key(request)
        try:
            found = cache.get_many([MARK, key])
        except Exception:  # each backend has errors of its own; whichever it is, the page is rendered again
            logger.warning("cache unreachable, page rendered again", exc_info=True)
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
