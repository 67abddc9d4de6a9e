from django.urls import path

from organisation import views

app_name = "organisation"
urlpatterns = [
    path("", views.waiting, name="waiting"),
    path("<id:pk>/", views.role, name="waiting-role"),
    path("mat-khau/<id:pk>/", views.password, name="waiting-password"),
]
