from django.urls import path

from organisation import naming_views as views

app_name = "naming"
urlpatterns = [
    path("", views.home, name="home"),
    path("<slug:kind>/moi/", views.add, name="add"),
    path("<slug:kind>/<id:pk>/", views.correct, name="correct"),
]
