from django.urls import path

from models_registry.views import board, files, imports, lists, registration, sheets, work

app_name = "models_registry"
urlpatterns = [
    path("", work.work, name="work"),
    path("nam/<int:year>/", board.board, name="board"),
    path("nam/<int:year>/hang-loat/", board.many, name="many"),
    path("nam/<int:year>/nhac/", board.remind, name="remind"),
    path("nam/<int:year>/gia-han/", lists.extensions, name="extensions"),
    path("nam/<int:year>/dang-ky/", sheets.start, name="start"),
    path("nam/<int:year>/chep/", sheets.carry_on, name="carry-on"),
    path("dang-ky/<int:pk>/", registration.registration, name="registration"),
    path("dang-ky/<int:pk>/viet/", sheets.write, name="write"),
    path("dang-ky/<int:pk>/luu/", sheets.save, name="save"),
    path("dang-ky/<int:pk>/giong/", sheets.alike, name="alike"),
    path("dang-ky/<int:pk>/khac/", sheets.different, name="different"),
    path("dang-ky/<int:pk>/gui/", sheets.send, name="send"),
    path("dang-ky/<int:pk>/xet/", registration.check, name="check"),
    path("dang-ky/<int:pk>/rut/", registration.withdraw, name="withdraw"),
    path("dang-ky/<int:pk>/mo-lai/", registration.reopen, name="reopen"),
    path("dang-ky/<int:pk>/xoa/", registration.discard, name="discard"),
    path("dang-ky/<int:pk>/chu-de/", registration.tag, name="tag"),
    path("dang-ky/<int:pk>/ket-qua/", registration.output, name="output"),
    path("dang-ky/<int:pk>/ket-qua/<int:measure>/bo/", registration.output_remove, name="output-remove"),
    path("dang-ky/<int:pk>/tep/", files.add, name="files-add"),
    path("dang-ky/<int:pk>/tep/danh-sach/", files.listed, name="files"),
    path("dang-ky/<int:pk>/tep/<uuid:attachment>/", files.change, name="file-change"),
    path("mo-hinh/<slug:slug>/lich-su/", registration.history, name="history"),
    path("nam/<int:year>/cac-lan-nap/", imports.history, name="imports"),
    path("nam/<int:year>/nap-so/", imports.upload, name="upload"),
    path("nap-so/<uuid:pk>/", imports.import_result, name="import"),
    path("nap-so/<uuid:pk>/tien-do/", imports.import_progress, name="import-progress"),
    path("nap-so/<uuid:pk>/xac-nhan/", imports.import_confirm, name="import-confirm"),
    path("nap-so/<uuid:pk>/dung/", imports.import_cancel, name="import-cancel"),
    path("chu-de/", lists.themes, name="themes"),
]
