from django.urls import path

from portal.views import help as views

app_name = "help"
urlpatterns = [
    path("", views.home, name="home"),
    path("lam-quen/dong/", views.end_tour, name="end-tour"),
    path("<slug:slug>/", views.manual, name="manual"),
]
