from typing import Any

from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from organisation.permissions import can_administer


class HouseAdminSite(AdminSite):
    """The administrators' pages: only for the role that administers, by the portal's own login. To others it is not there."""

    site_header = "Quản trị cổng Dân vận khéo"
    site_title = "Quản trị"
    index_title = "Đơn vị, tài khoản, danh mục"
    site_url = "/lam-viec/"

    def has_permission(self, request: HttpRequest) -> bool:
        return can_administer(request.user)

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if request.user.is_authenticated:
            raise Http404
        return redirect(f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}")
