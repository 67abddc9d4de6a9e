from django.urls import path

from papers import views

app_name = "papers"
urlpatterns = [
    path("", views.home, name="home"),
    path("danh-muc/", views.catalogue, name="catalogue"),
    path("mau/<slug:slug>/", views.template, name="template"),
    path("mau/<slug:slug>/tep/", views.template_file, name="template-file"),
]
