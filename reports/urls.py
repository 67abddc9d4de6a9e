from django.urls import path

from reports.views import files, overview, report, writing

app_name = "reports"
urlpatterns = [
    path("", overview.home, name="home"),
    path("da-gui/", overview.sent, name="sent"),
    path("<id:pk>/", report.report, name="report"),
    path("<id:pk>/tien-do/", report.progress, name="progress"),
    path("<id:pk>/viet/<slug:section>/", writing.write, name="write"),
    path("<id:pk>/chot/", writing.freeze, name="freeze"),
    path("<id:pk>/dem-lai/", report.recount, name="recount"),
    path("<id:pk>/dang-ky/", files.rows, name="rows"),
    path("<id:pk>/tep/<slug:name>/", files.file, name="file"),
]
