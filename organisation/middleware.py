"""Who must first choose a password, or set up a second factor, sees what a visitor sees until then."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import SimpleLazyObject

from organisation.naming import names_of_request
from organisation.permissions import roles_of
from organisation.selectors import demanded_roles


class NamesMiddleware:
    """What things are called is read at most once for a page, however many of its lines say it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with names_of_request():
            return self.get_response(request)


class OwnPasswordMiddleware:
    """A password that an administrator set opens nothing but the page on which its owner chooses another; where it waits for a
    second person, not even that.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: object, kwargs: object
    ) -> HttpResponse | None:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        user = request.user
        if not getattr(view, "login_required", True):  # asked only where the page asks who is there
            request.user = SimpleLazyObject(lambda: AnonymousUser() if _must_choose(user) else user)  # type: ignore[assignment]
            return None
        name = request.resolver_match.url_name if request.resolver_match else ""
        if not _must_choose(user) or name == "account_logout":
            return None
        if user.password_waits:  # type: ignore[union-attr]
            return render(request, "account/password_waits.html", {"user": AnonymousUser()}, status=403)
        if name == "account_change_password":
            return None
        messages.warning(request, "Mật khẩu này do quản trị đặt. Xin chọn mật khẩu của riêng đồng chí trước khi làm việc.")
        return redirect("account_change_password")


def _must_choose(user: Any) -> bool:
    return user.is_authenticated and user.password_set_by_id is not None


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
