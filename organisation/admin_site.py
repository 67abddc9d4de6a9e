from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from organisation.permissions import can_administer


class HouseAdminSite(AdminSite):
    """The administrators' pages: for the administering role only, behind the portal's own login. Others get 404."""

    site_header = "Quản trị cổng Dân vận khéo"
    site_title = "Quản trị"
    index_title = "Đơn vị, tài khoản, danh mục"
    site_url = "/lam-viec/"
    final_catch_all_view = False

    def has_permission(self, request: HttpRequest) -> bool:
        return can_administer(request.user)

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Only the house's own lists: those that packages bring along ask Django's permissions, which nobody here has."""
        if getattr(admin_class, "is_of_the_house", False):
            super().register(model_or_iterable, admin_class, **options)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        inner: Callable[..., HttpResponse] = super().admin_view(view, cacheable)

        @wraps(inner)
        def not_there_for_others(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.user.is_authenticated and not self.has_permission(request):
                raise Http404
            return inner(request, *args, **kwargs)

        return not_there_for_others

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if request.user.is_authenticated:
            raise Http404
        return redirect(f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}")
