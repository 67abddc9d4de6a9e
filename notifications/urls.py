from django.urls import path

from notifications import views

app_name = "notifications"
urlpatterns = [
    path("", views.messages, name="list"),
    path("da-doc/", views.read_all, name="read-all"),
    path("nhan-thu/", views.mail_choice, name="mail-choice"),
    path("<id:pk>/", views.follow, name="follow"),
]
