"""For machines: robots.txt, security.txt and its page, whether the portal lives (`/healthz`) and can serve (`/readyz`)."""

from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from common.dates import today
from portal.selectors.texts import security_contacts

PROBE = "readyz"
STANDS = timedelta(days=180)  # what security.txt says of itself; RFC 9116 asks for less than a year


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    context = {"sitemap": request.build_absolute_uri(reverse("sitemap"))}
    return render(request, "portal/robots.txt", context, content_type="text/plain; charset=utf-8")


@login_not_required
@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Where faults in security are reported, for machines (RFC 9116)."""
    contacts = security_contacts()
    if not contacts:
        raise Http404  # a file without a contact would be none
    lines = [f"Contact: {uri}" for uri in contacts]
    lines += [
        f"Expires: {today() + STANDS:%Y-%m-%d}T00:00:00Z",
        "Preferred-Languages: vi, en",
        f"Canonical: {request.build_absolute_uri(reverse('portal:security-txt'))}",
        f"Policy: {request.build_absolute_uri(reverse('portal:security'))}",
    ]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


@login_not_required
@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """The same for people: where to report, what to leave alone, what happens then."""
    return render(request, "portal/security.html", {"contacts": [(uri, _shown(uri)) for uri in security_contacts()]})


def _shown(uri: str) -> str:
    return uri if uri.startswith("https:") else uri.partition(":")[2]


@login_not_required
@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Whether what every page needs answers: the database and the shared cache. 503 where one does not."""
    found = {"database": _database(), "cache": _cache()}
    return JsonResponse(found, status=200 if all(found.values()) else 503)


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return bool(cursor.fetchone())
    except DatabaseError:
        return False


def _cache() -> bool:
    try:
        cache.set(PROBE, "1", 60)
        return bool(cache.get(PROBE) == "1")
    except Exception:  # noqa: BLE001  each backend has errors of its own; whichever it is, the cache does not answer
        return False
