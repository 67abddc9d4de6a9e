"""The page after too many wrong passwords: which user name, from this machine, until when."""

import re
from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network
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
    """The visitor's address: what the last of settings.PROXY_COUNT trusted proxies saw, else the connection's own.

    Of IPv6 the first 64 bits: whoever has one address has all of that network. What is no address counts for nothing.
    """
    seen = [part for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    own = _address(request.META.get("REMOTE_ADDR", ""))
    if settings.PROXY_COUNT and len(seen) >= settings.PROXY_COUNT:
        return _address(seen[-settings.PROXY_COUNT]) or own
    return own


def _address(text: str) -> str:
    """Read an address as proxies write it: with a port, in brackets, an IPv4 one as IPv6."""
    bare = re.sub(r"^\[(.*)\](:\d+)?$|^([\d.]+):\d+$", r"\1\3", text.strip())
    try:
        found = ip_address(bare.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or ip_network((found, 64), strict=False).network_address)
    return str(found)


def locked_out(request: HttpRequest, original: HttpResponse | None = None, credentials: object = None) -> HttpResponse:
    wait = get_cool_off(request) or timedelta(minutes=15)
    minutes = max(1, int(wait.total_seconds() // 60))
    until = timezone.localtime(timezone.now() + wait, VIETNAM)
    response = render(request, "429.html", {"minutes": minutes, "until": until, "login": True}, status=429)
    response["Retry-After"] = str(int(wait.total_seconds()))
    return response
