from django.urls import path

from portal.views import pages, spread

app_name = "portal"
urlpatterns = [
    path("", pages.home, name="home"),
    path("mo-hinh/", pages.catalogue, name="catalogue"),
    path("mo-hinh/<slug:slug>/", pages.model, name="model"),
    path("mo-hinh/<slug:slug>/lan-toa/", spread.line, name="line"),
    path("mo-hinh/<slug:slug>/cach-lam/", spread.how_to, name="how-to"),
    path("mo-hinh/<slug:slug>/cach-lam.pdf", spread.how_to_pdf, name="how-to-pdf"),
    path("nhan-rong/", spread.lines, name="lines"),
    path("xac-minh/", pages.verify_any, name="verify-any"),
    path("xac-minh/<slug:code>/", pages.verify, name="verify"),
    path("so-lieu/", pages.figures, name="figures"),
    path("so-lieu/danh-sach/", pages.figure_list, name="figure-list"),
]
