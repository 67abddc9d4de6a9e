"""What keeps an uploaded register from being taken, stored, mended, undone; rows that are on their way online."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from common import jobs
from common.exceptions import NotAllowed
from common.models import Job
from common.sizes import FILE_LIMIT
from models_registry.models import RegisterImport, Registration
from models_registry.selectors.mending import Change, Chosen
from models_registry.services import (
    cancel_import,
    confirm_import,
    discard_import,
    import_register,
    mend_cells,
    mend_many,
    read_import,
    restore_import,
    take_set_aside,
    undo_edit,
    undo_import,
    upload_register,
)
from tests import registers as made
from tests.online import HAM_THUAN_BAC, WHOLE, person, sent
from tests.pages import refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("new_season")]
OFFICER, OTHER = "phanthiet.chuyenvien", "hamthuanbac.chuyenvien"


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def work() -> None:
    for job in Job.objects.filter(state="queued"):
        jobs.run(job.pk)


def uploaded(tmp_path: Path, new_season: Any, unit: Any, *lines: list[Any], by: str = OFFICER) -> RegisterImport:
    path = made.xlsx(tmp_path / "so.xlsx", [made.HEAD, *(lines or (made.row("Một"),))])
    file = SimpleUploadedFile("so.xlsx", path.read_bytes())
    upload = upload_register(file=file, season=new_season, unit=unit("phan-thiet"), actor=person(by))
    work()
    upload.refresh_from_db()
    return upload


def stored(tmp_path: Path, new_season: Any, unit: Any, *lines: list[Any]) -> RegisterImport:
    upload = uploaded(tmp_path, new_season, unit, *lines)
    confirm_import(import_id=upload.pk, accept_valid=False, actor=person(OFFICER))
    work()
    upload.refresh_from_db()
    return upload


def test_another_districts_officer_does_nothing_with_an_upload(tmp_path: Path, new_season: Any, unit: Any) -> None:
    words, other = "Vai trò của đồng chí không nạp sổ cho đơn vị này.", person(OTHER)
    with refused(words, NotAllowed):
        uploaded(tmp_path, new_season, unit, by=OTHER)
    upload = uploaded(tmp_path, new_season, unit)
    with refused(words, NotAllowed):
        confirm_import(import_id=upload.pk, accept_valid=True, actor=other)
    with refused(words, NotAllowed):
        mend_cells(import_id=upload.pk, typed={}, shown={}, actor=other)
    with refused(words, NotAllowed):
        mend_many(import_id=upload.pk, chosen=Chosen(is_all=True), change=Change("note", "x"), words="", actor=other)
    with refused(words, NotAllowed):
        undo_edit(import_id=upload.pk, edit_id=1, actor=other)
    with refused(words, NotAllowed):
        take_set_aside(import_id=upload.pk, takes=["row_hidden"], actor=other)
    with refused(words, NotAllowed):
        discard_import(import_id=upload.pk, actor=other)
    with refused(words, NotAllowed):
        restore_import(import_id=upload.pk, actor=other)
    with refused(words, NotAllowed):
        cancel_import(import_id=upload.pk, actor=other)
    with refused(words, NotAllowed):
        undo_import(import_id=upload.pk, actor=other)
    upload.refresh_from_db()
    assert (upload.state, Registration.objects.filter(season=new_season).count()) == ("read", 0)


def test_a_file_above_twenty_megabytes_is_not_kept(new_season: Any, unit: Any) -> None:
    file = SimpleUploadedFile("so.xlsx", b"x")
    file.size = FILE_LIMIT + 1
    with refused("Tệp lớn hơn 20 MB. Xin chia sổ thành nhiều tệp."):
        upload_register(file=file, season=new_season, unit=unit("phan-thiet"), actor=person(OFFICER))
    assert RegisterImport.objects.filter(season=new_season).count() == 0


def test_a_ward_keeps_no_register_of_its_own(new_season: Any, unit: Any) -> None:
    with refused("Đơn vị này không lập sổ đăng ký của năm ấy."):
        upload_register(
            file=SimpleUploadedFile("so.xlsx", b"x"),
            season=new_season,
            unit=unit("phan-thiet/phuong-mui-ne"),
            actor=person(OFFICER),
        )


def test_a_register_that_was_read_is_not_read_again(tmp_path: Path, new_season: Any, unit: Any) -> None:
    upload = uploaded(tmp_path, new_season, unit)
    Path(upload.file.path).unlink()
    read_import(import_id=upload.pk, tell=lambda *told, **more: None)
    upload.refresh_from_db()
    assert (upload.state, upload.report["rows"]) == ("read", 1)


def test_a_row_that_waits_online_is_not_put_beside_it(tmp_path: Path, season: Any, unit: Any) -> None:
    waiting = sent()
    line = made.row(WHOLE["title"], subject=WHOLE["subject"], place="Xã Hàm Hiệp", day="15/3/2023", field="Văn hóa - xã hội")
    path = made.xlsx(tmp_path / "so.xlsx", [made.HEAD, line])
    report = import_register(path=path, season=season, unit=unit(HAM_THUAN_BAC), actor=None, dry_run=True)
    assert [(row["code"], row["value"]) for row in report.rejected] == [("online_pending", waiting.title)]
    assert report.created == 0


def test_an_undo_does_not_make_two_of_one(tmp_path: Path, new_season: Any, unit: Any) -> None:
    stored(tmp_path, new_season, unit, made.row("Một"), made.row("Hai"), made.row("Ba"))
    old = Registration.objects.get(season=new_season, title="Một").identity_key
    moved = stored(tmp_path, new_season, unit, made.row("Một", place="Phường Phú Thủy"), made.row("Hai"), made.row("Ba"))
    assert moved.report["updated"] == 1
    Registration.objects.filter(season=new_season, title="Hai").update(identity_key=old)
    with refused("Không hủy được: trong sổ đã có đăng ký khác trùng với “Một” trước khi đổi."):
        undo_import(import_id=moved.pk, actor=person(OFFICER))
    moved.refresh_from_db()
    assert moved.state == "stored"


def test_a_row_without_a_subject_is_corrected_by_title_and_place(tmp_path: Path, new_season: Any, unit: Any) -> None:
    others = [made.row("Hai"), made.row("Ba")]
    stored(tmp_path, new_season, unit, made.row("Một", subject=""), *others)
    moved = stored(tmp_path, new_season, unit, made.row("Một", subject="", place="Phường Phú Thủy"), *others)
    assert (moved.report["created"], moved.report["updated"]) == (0, 1)
    assert Registration.objects.get(season=new_season, title="Một").place_name == "Phường Phú Thủy"
