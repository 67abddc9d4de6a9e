"""How many pages one may have made: a visitor by address, who is signed in by account. A cookie that one makes up changes nothing."""

import logging
import re
import time
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.cache import cache
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from common.dates import VIETNAM
from organisation.lockout import address_of
from organisation.models import User

logger = logging.getLogger(__name__)

FILE_COSTS = 10  # pages: what a list as Excel or CSV costs to make
REQUESTS = 5  # to correct something, from one address within an hour
CHECKS = 20  # files held against a certificate, likewise
SIGNING_IN = ("/dang-nhap/", "/tai-khoan/")  # counted by themselves: an office whose address has asked too much can still sign in
SESSION_FORM = re.compile(r"[a-z0-9]{32}")  # as Django makes them
ASKED_AGAIN = 60  # seconds after which the database is asked again whether a session still holds
REMEMBERED = 8 * 3600  # seconds for which a session that held is not counted against its address meanwhile

Next = Callable[[HttpRequest], HttpResponseBase]


def account_of(request: HttpRequest) -> int:
    """Whose session stands behind a request, as CallerMiddleware found; 0 is a visitor. Counts pages, opens nothing."""
    return getattr(request, "caller_account", 0)


def has_message(request: HttpRequest) -> bool:
    """Whether a message of ours waits in the browser: it is signed."""
    storage = CookieStorage(request)
    try:
        return bool(storage.signer.unsign(request.COOKIES.get(storage.cookie_name, "")))  # type: ignore[attr-defined]
    except BadSignature:
        return False


class CallerMiddleware:
    """Finds out who asks before anything is made or looked up.

    The database is asked about a session that is not known only within what its address may have made; what cannot be a
    session's key is dropped (PostgreSQL refuses a NUL).
    """

    def __init__(self, get_response: Next) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        if key and not SESSION_FORM.fullmatch(key):
            del request.COOKIES[settings.SESSION_COOKIE_NAME]
            key = ""
        if not (settings.PUBLIC_RATE or settings.USER_RATE or settings.PUBLIC_CACHE_SECONDS):
            return self._get_response(request)
        if key:
            account, asked_at = _remembered(key)
            if time.time() - asked_at > ASKED_AGAIN:
                if not account and (wait := _count_address(request)):
                    return refused(request, wait)
                account = _account_behind(key)
                _remember(key, account)
            request.caller_account = account  # type: ignore[attr-defined]
        response = self._get_response(request)
        new = response.cookies.get(settings.SESSION_COOKIE_NAME)
        user = getattr(request, "user", None)
        if new and new.value and user and user.is_authenticated:
            _remember(new.value, user.pk)  # who has just signed in is known at the next page
        return response


def _account_behind(key: str) -> int:
    """The account that a session signs in, 0 where it does not: ended, made up, of an account that is closed or has another password."""
    session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    user = User.objects.filter(pk=session[SESSION_KEY], is_active=True).first() if SESSION_KEY in session else None
    if user and constant_time_compare(session.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash()):
        return user.pk
    return 0


def _session_mark(key: str) -> str:
    return f"caller:{sha256(key.encode()).hexdigest()}"


def _remembered(key: str) -> tuple[int, float]:
    """The account behind a session, and when the database was asked about it."""
    try:
        return cache.get(_session_mark(key)) or (0, 0.0)
    except Exception:  # each backend has errors of its own; whichever it is, the database knows
        logger.warning("cache unreachable, sessions are looked up", exc_info=True)
        return 0, 0.0


def _remember(key: str, account: int) -> None:
    try:
        cache.set(_session_mark(key), (account, time.time()), REMEMBERED if account else ASKED_AGAIN)
    except Exception:
        logger.warning("cache takes nothing", exc_info=True)


class RateLimitMiddleware:
    """At most settings.PUBLIC_RATE pages a minute are made for one address, settings.USER_RATE for one account: kept ones do
    not count.
    """

    def __init__(self, get_response: Next) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        account = account_of(request)
        wait = _over(request, f"account:{account}", settings.USER_RATE) if account else _count_address(request)
        return refused(request, wait) if wait else self._get_response(request)


def _count_address(request: HttpRequest) -> int:
    """Count a request against its address, once; how many seconds it has to wait, 0 where it need not."""
    if getattr(request, "is_counted", False):
        return 0
    request.is_counted = True  # type: ignore[attr-defined]
    what = "sign-in" if request.path.startswith(SIGNING_IN) else "page"
    return _over(request, f"{what}:{address_of(request)}", settings.PUBLIC_RATE)


def _over(request: HttpRequest, who: str, rate: int) -> int:
    now = int(time.time())
    is_file = "tai" in request.GET or request.path.endswith((".xlsx", ".csv", ".json"))
    cost = FILE_COSTS if is_file else 1
    return 60 - now % 60 if rate and _count(f"rate:{who}:{now // 60}", by=cost) > rate else 0


def asks_too_often(request: HttpRequest) -> bool:
    """Whether requests to correct come from the visitor's address faster than people write them; counts this one."""
    return _count(f"ask:{address_of(request)}:{int(time.time()) // 3600}", 3600) > REQUESTS


def checks_too_often(request: HttpRequest) -> bool:
    """Whether files to look at come from the visitor's address faster than people have them; counts this one."""
    return _count(f"check:{address_of(request)}:{int(time.time()) // 3600}", 3600) > CHECKS


def _count(key: str, seconds: int = 120, by: int = 1) -> int:
    try:
        cache.add(key, 0, seconds)
        return int(cache.incr(key, by))
    except Exception:  # the limit protects; without the cache it must not be what stops the portal
        logger.warning("cache unreachable, nobody is limited", exc_info=True)
        return 0


def refused(request: HttpRequest, wait: int = 60) -> HttpResponse:
    """The page of who asks too fast: until when to wait. Also what allauth shows for its own limits (danvan.urls.handler429)."""
    until = timezone.localtime(timezone.now() + timedelta(seconds=wait), VIETNAM)
    words: dict[str, Any] = {"minutes": 1, "until": until, "account": account_of(request)}
    if request.path.startswith("/api/"):
        response: HttpResponse = JsonResponse({"detail": f"Gửi quá nhiều lần; xin đợi {wait} giây."}, status=429)
    else:
        response = render(request, "429.html", words, status=429)
    response["Retry-After"] = str(wait)
    return response
