"""The page after too many wrong passwords: which user name, from this machine, until when."""

from datetime import timedelta
from typing import Any

from axes.helpers import get_cool_off
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from common.dates import VIETNAM


def name_tried(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """The user name that mistakes are counted for: the form calls it `login`, the backends `username`."""
    return (credentials or {}).get("username") or request.POST.get("login", "")


def address_of(request: HttpRequest) -> str:
    """The visitor's address: what the last of settings.PROXY_COUNT trusted proxies saw, else the connection's own."""
    seen = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    if settings.PROXY_COUNT and len(seen) >= settings.PROXY_COUNT:
        return seen[-settings.PROXY_COUNT]
    return request.META.get("REMOTE_ADDR", "")


def locked_out(request: HttpRequest, original: HttpResponse | None = None, credentials: object = None) -> HttpResponse:
    wait = get_cool_off(request) or timedelta(minutes=15)
    minutes = max(1, int(wait.total_seconds() // 60))
    until = timezone.localtime(timezone.now() + wait, VIETNAM)
    response = render(request, "429.html", {"minutes": minutes, "until": until, "login": True}, status=429)
    response["Retry-After"] = str(int(wait.total_seconds()))
    return response
