"""Second factor for the roles that demand one."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from organisation.permissions import roles_of
from organisation.selectors import demanded_roles


class SecondFactorMiddleware:
    """Sends a user whose role demands a second factor, and who has none yet, to the page where one is set up.

    Until then that user sees what a visitor sees: nothing that the role opens, on public pages and files either.
    """

    OPEN = ("account_logout", "account_reauthenticate")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: object, kwargs: object
    ) -> HttpResponse | None:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        demanded = demanded_roles()
        if not demanded or not request.user.is_authenticated:
            return None
        name = request.resolver_match.url_name if request.resolver_match else ""
        if name in self.OPEN or (name or "").startswith("mfa_"):
            return None
        if set(roles_of(request.user)).isdisjoint(demanded) or is_mfa_enabled(request.user):
            return None
        if not getattr(view, "login_required", True):
            request.user = AnonymousUser()
            return None
        messages.warning(request, "Vai trò của đồng chí cần bước xác minh thứ hai. Xin cài đặt trước khi làm việc.")
        return redirect("mfa_index")
