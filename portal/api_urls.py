from django.urls import path
from drf_spectacular.views import SpectacularAPIView

from portal import api

app_name = "api"
urlpatterns = [
    path("", api.Root.as_view(), name="root"),
    path("schema/", SpectacularAPIView.as_view(authentication_classes=[], permission_classes=[]), name="schema"),
    path("nam/", api.Seasons.as_view(), name="seasons"),
    path("linh-vuc/", api.Fields.as_view(), name="fields_of_work"),
    path("don-vi/", api.Units.as_view(), name="units"),
    path("dang-ky/", api.Registrations.as_view(), name="registrations"),
    path("mo-hinh/<slug:slug>/", api.Model.as_view(), name="model"),
    path("so-lieu/", api.Figures.as_view(), name="figures"),
]
