"""What a visitor may ask of the portal: another language, that something be corrected or taken away. HTTP only."""

import secrets

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from common.addresses import is_path
from models_registry.views.common import labelled
from organisation.naming import said_province
from portal import services
from portal.forms import RequestForm
from portal.limits import asks_too_often
from portal.selectors.stories import request_coded


@login_not_required
@require_safe
@never_cache
def language(request: HttpRequest, code: str) -> HttpResponseBase:
    """The language of the public pages from now on, kept in this browser; back to the page one came from."""
    if code not in dict(settings.LANGUAGES):
        raise Http404
    there = request.GET.get("ve", "/")
    response = redirect(there if is_path(there) else "portal:home")
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def ask(request: HttpRequest) -> HttpResponseBase:
    """The form; what was sent goes to its own page, which only who knows the code opens."""
    form = RequestForm(request.POST if request.method == "POST" else None, initial={"page": request.GET.get("trang", "")[:300]})
    if request.method == "POST" and form.is_valid():
        given = {name: value for name, value in form.cleaned_data.items() if name != "website"}
        if form.cleaned_data["website"]:  # a machine: it is thanked, nothing is kept
            return redirect("portal:asked", code=secrets.token_hex(8))
        if not asks_too_often(request):
            return redirect("portal:asked", code=services.send_request(**given).code)
        form.add_error(None, _("Từ đường mạng này đã gửi nhiều yêu cầu trong một giờ. Chữ đã gõ còn nguyên; xin gửi lại sau."))
    context = {"form": form, "errors": labelled(form)}
    return render(request, "portal/ask.html", context, status=422 if form.errors else 200)


@login_not_required
@require_safe
@never_cache
def asked(request: HttpRequest, code: str) -> HttpResponseBase:
    """Where a request stands, and its answer; says neither who sent it nor what it says."""
    found = request_coded(code)
    board = said_province(timezone.localdate(found.answered_at)).board if found and found.answered_at else ""
    response = render(
        request, "portal/asked.html", {"found": found, "code": code[:40], "board": board}, status=200 if found else 404
    )
    response["X-Robots-Tag"] = "noindex"
    return response
