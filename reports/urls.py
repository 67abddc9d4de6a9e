from django.urls import path

from reports import views

app_name = "reports"
urlpatterns = [
    path("", views.home, name="home"),
    path("<id:pk>/", views.report, name="report"),
    path("<id:pk>/tien-do/", views.progress, name="progress"),
    path("<id:pk>/viet/<slug:section>/", views.write, name="write"),
    path("<id:pk>/chot/", views.freeze, name="freeze"),
    path("<id:pk>/dem-lai/", views.recount, name="recount"),
    path("<id:pk>/dang-ky/", views.rows, name="rows"),
    path("<id:pk>/tep/<slug:name>/", views.file, name="file"),
]
