"""Every address of the house. A new one needs its line in tests/access_matrix.py."""

from allauth.account import views as account
from allauth.mfa.base import views as second_step
from allauth.mfa.webauthn import views as passkey
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.sitemaps import views as sitemaps
from django.urls import include, path, register_converter

from common.converters import IdConverter, UnitKeyConverter
from models_registry import list_urls
from models_registry.views.files import serve_attachment
from organisation.views import moving
from portal.limits import refused
from portal.sitemaps import SITEMAPS
from reports.views.dashboard import overview

register_converter(IdConverter, "id")
register_converter(UnitKeyConverter, "unit")

urlpatterns = [
    path("", include("portal.urls")),
    path("api/v1/", include("portal.api_urls")),
    path("sitemap.xml", login_not_required(sitemaps.index), {"sitemaps": SITEMAPS}, name="sitemap"),
    path(
        "sitemap-<slug:section>.xml",
        login_not_required(sitemaps.sitemap),
        {"sitemaps": SITEMAPS},
        name="django.contrib.sitemaps.views.sitemap",
    ),
    path("lam-viec/quan-tri/ten-goi/", include("organisation.naming_urls")),
    path("lam-viec/quan-tri/thiet-lap/", include("organisation.setting_up_urls")),
    path("lam-viec/quan-tri/don-vi/", include(list_urls.units)),
    path("lam-viec/quan-tri/nguoi/", include(list_urls.people)),
    path("lam-viec/quan-tri/", admin.site.urls),
    path("lam-viec/chuyen-don-vi/", moving, name="move-accounts"),
    path("lam-viec/vai-tro-cho/", include("organisation.urls")),
    path("lam-viec/cong/", include("portal.desk_urls")),
    path("lam-viec/huong-dan/", include("portal.help_urls")),
    path("lam-viec/tin/", include("notifications.urls")),
    path("lam-viec/giay-to/", include("papers.urls")),
    path("lam-viec/nhan-rong/", include("replication.urls")),
    path("lam-viec/bao-cao/", include("reports.urls")),
    path("lam-viec/tong-quan/", overview, name="dashboard"),
    path("lam-viec/", include("models_registry.urls")),
    path("lam-viec/", include("recognition.urls")),
    path("tep/<uuid:attachment>/<slug:variant>/", serve_attachment, name="file"),
    path("dang-nhap/", account.login, name="account_login"),
    path("dang-xuat/", account.logout, name="account_logout"),
    path("tai-khoan/bi-khoa/", account.account_inactive, name="account_inactive"),
    path("tai-khoan/xac-nhan/", account.reauthenticate, name="account_reauthenticate"),
    path("tai-khoan/mat-khau/", account.password_change, name="account_change_password"),
    # Steps of logging in: the visitor is not logged in yet, and the package does not say so to LoginRequiredMiddleware.
    path("tai-khoan/bao-mat/authenticate/", login_not_required(second_step.authenticate), name="mfa_authenticate"),
    path("tai-khoan/bao-mat/webauthn/login/", login_not_required(passkey.login_webauthn), name="mfa_login_webauthn"),
    path("tai-khoan/bao-mat/", include("allauth.mfa.urls")),
]

handler429 = refused  # of allauth's own limits
