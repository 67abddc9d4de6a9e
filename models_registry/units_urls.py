from django.urls import path

from models_registry.views import units as views

app_name = "units"
urlpatterns = [
    path("nap/", views.upload, name="upload"),
    path("nap/ghi/", views.store, name="store"),
    path("nap/danh-sach.xlsx", views.download, name="list"),
]
