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
from organisation.permissions import needs_second_step


class NamesMiddleware:
    """What things are called is read at most once for a page, however many of its lines say it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with names_of_request():
            return self.get_response(request)


class _FirstOfAll:
    """One thing that some users must do first: public pages and files take them for visitors, the others lead to where it is done."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: object, kwargs: object
    ) -> HttpResponse | None:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        user: Any = request.user
        if not getattr(view, "login_required", True):  # asked only where the page asks who is there
            request.user = SimpleLazyObject(lambda: AnonymousUser() if self.concerns(user) else user)  # type: ignore[assignment]
            return None
        name = (request.resolver_match.url_name if request.resolver_match else "") or ""
        if name == "account_logout" or not self.concerns(user):
            return None
        return self.lead(request, user, name)

    def concerns(self, user: Any) -> bool:
        raise NotImplementedError

    def lead(self, request: HttpRequest, user: Any, name: str) -> HttpResponse | None:
        """The answer instead of the page of that name; None where it is a page on which the thing is done."""
        raise NotImplementedError


class OwnPasswordMiddleware(_FirstOfAll):
    """A password that an administrator set opens nothing but the page on which its owner chooses another; where it waits for a
    second person, not even that.
    """

    def concerns(self, user: Any) -> bool:
        return user.is_authenticated and user.password_set_by_id is not None

    def lead(self, request: HttpRequest, user: Any, name: str) -> HttpResponse | None:
        if user.password_waits:
            return render(request, "account/password_waits.html", {"user": AnonymousUser()}, status=403)
        if name == "account_change_password":
            return None
        messages.warning(request, "Mật khẩu này do quản trị đặt. Xin chọn mật khẩu của riêng đồng chí trước khi làm việc.")
        return redirect("account_change_password")


class SecondFactorMiddleware(_FirstOfAll):
    """Leads a user whose role demands a second factor, and who has none yet, to the page where one is set up."""

    def concerns(self, user: Any) -> bool:
        return user.is_authenticated and needs_second_step(user) and not is_mfa_enabled(user)

    def lead(self, request: HttpRequest, user: Any, name: str) -> HttpResponse | None:
        if name == "account_reauthenticate" or name.startswith("mfa_"):
            return None
        messages.warning(request, "Vai trò của đồng chí cần bước xác minh thứ hai. Xin cài đặt trước khi làm việc.")
        return redirect("mfa_index")
