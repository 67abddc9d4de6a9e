from django.urls import path

from portal import views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("mo-hinh/", views.catalogue, name="catalogue"),
    path("mo-hinh/<slug:slug>/", views.model, name="model"),
    path("xac-minh/", views.verify_any, name="verify-any"),
    path("xac-minh/<slug:code>/", views.verify, name="verify"),
    path("so-lieu/", views.figures, name="figures"),
    path("so-lieu/danh-sach/", views.figure_list, name="figure-list"),
]
