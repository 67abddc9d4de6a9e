from django.urls import path

from models_registry import views

app_name = "models_registry"
urlpatterns = [
    path("", views.work, name="work"),
    path("nam/<int:year>/", views.board, name="board"),
    path("nam/<int:year>/nap-so/", views.upload, name="upload"),
    path("nap-so/<uuid:pk>/", views.import_result, name="import"),
    path("nap-so/<uuid:pk>/tien-do/", views.import_progress, name="import-progress"),
    path("nap-so/<uuid:pk>/xac-nhan/", views.import_confirm, name="import-confirm"),
    path("nap-so/<uuid:pk>/dung/", views.import_cancel, name="import-cancel"),
    path("chu-de/", views.themes, name="themes"),
]
