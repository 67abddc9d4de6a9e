"""What keeps an uploaded register from being taken, stored, mended, undone; rows that are on their way online."""

from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from common import jobs
from common.exceptions import NotAllowed
from common.models import Job
from common.sizes import FILE_LIMIT
from models_registry.models import Field, RegisterImport, Registration, RememberedMapping
from models_registry.registers.mapping import Mapping, SheetMapping
from models_registry.selectors.mapping import token_of
from models_registry.selectors.mending import Change, Chosen
from models_registry.services import (
    ImportOptions,
    cancel_import,
    confirm_import,
    discard_import,
    forget_mapping,
    import_register,
    map_import,
    mend_cells,
    mend_many,
    read_import,
    readdress_import,
    restore_import,
    take_set_aside,
    undo_edit,
    undo_import,
    upload_register,
)
from models_registry.services.preview import ChangeWords
from organisation.models import AuditEvent, UnitVersion
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


def read_now(upload: RegisterImport) -> RegisterImport:
    work()
    return RegisterImport.objects.get(pk=upload.pk)


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
    report = import_register(path=path, season=season, unit=unit(HAM_THUAN_BAC), actor=None, options=ImportOptions(dry_run=True))
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


def test_an_upload_is_thrown_away_and_taken_back_once(tmp_path: Path, new_season: Any, unit: Any) -> None:
    upload = uploaded(tmp_path, new_season, unit)
    ids: dict[str, Any] = {"import_id": upload.pk, "actor": person(OFFICER)}
    restore_import(**ids)  # it stands
    for _ in range(2):
        discard_import(**ids)
    restore_import(**ids)
    actions = AuditEvent.objects.filter(target_id=str(upload.pk)).order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["upload-register", "discard-import", "restore-import"]
    with refused("Chưa chọn loại dòng nào để nhận."):
        take_set_aside(import_id=read_now(upload).pk, takes=["row_of_ours"], actor=person(OFFICER))
    assert RegisterImport.objects.get(pk=upload.pk).state == "read"


def test_a_register_goes_to_a_unit_that_its_title_may_mean_and_to_no_other(tmp_path: Path, new_season: Any, unit: Any) -> None:
    upload = uploaded(tmp_path, new_season, unit)
    ids: dict[str, Any] = {"import_id": upload.pk, "unit_key": HAM_THUAN_BAC}
    upload.report |= {"other_unit": {"name": "Huyện ủy Đức Linh", "units": ["duc-linh"]}}
    upload.save()
    with refused("Sổ này đang được xử lý hoặc đã nạp, không đổi đơn vị được nữa."):
        readdress_import(actor=person(OFFICER), **ids)
    upload.report["other_unit"]["units"].append(HAM_THUAN_BAC)
    upload.save()
    with refused("Vai trò của đồng chí không nạp sổ cho đơn vị này.", NotAllowed):
        readdress_import(actor=person(OFFICER), **ids)
    assert RegisterImport.objects.get(pk=upload.pk).unit.key == "phan-thiet"


def test_how_a_register_is_read_is_said_by_who_may_upload_it_while_it_waits(tmp_path: Path, new_season: Any, unit: Any) -> None:
    upload = uploaded(tmp_path, new_season, unit)
    said: dict[str, Any] = {"import_id": upload.pk, "mapping": Mapping(), "seen": token_of(upload)}
    with refused("Vai trò của đồng chí không nạp sổ cho đơn vị này.", NotAllowed):
        map_import(actor=person(OTHER), **said)
    confirm_import(import_id=upload.pk, accept_valid=False, actor=person(OFFICER))
    with refused("Sổ này đang được xử lý hoặc đã nạp, không đổi cách đọc được nữa."):
        map_import(actor=person(OFFICER), **said)
    assert RegisterImport.objects.get(pk=upload.pk).state == "storing"


def test_of_uploads_that_are_read_alike_those_that_somebody_said_by_hand_stay(tmp_path: Path, new_season: Any, unit: Any) -> None:
    first, second, by_hand = (uploaded(tmp_path, new_season, unit) for _ in range(3))
    RegisterImport.objects.filter(pk=by_hand.pk).update(mapped_by=person(OFFICER))
    sheet = SheetMapping(row=1, rows=1)
    also, token = [second.pk, by_hand.pk], token_of(first)
    done = map_import(import_id=first.pk, mapping=Mapping((sheet,)), seen=token, also=also, read_as=sheet, actor=person(OFFICER))
    assert done == 1
    states = RegisterImport.objects.filter(pk__in=[first.pk, second.pk, by_hand.pk]).order_by("created_at")
    assert list(states.values_list("state", flat=True)) == ["reading", "reading", "read"]


def test_a_way_of_reading_is_forgotten_once_by_who_has_it(unit: Any) -> None:
    kept = RememberedMapping.objects.create(unit=unit("phan-thiet"), head_key="0" * 32, mapping={}, made_by=person(OFFICER))
    with refused("Vai trò của đồng chí không nạp sổ cho đơn vị này.", NotAllowed):
        forget_mapping(mapping_id=kept.pk, actor=person(OTHER))
    forget_mapping(mapping_id=kept.pk, actor=person(OFFICER))
    with refused("Cách đọc này đã được bỏ trước đó."):
        forget_mapping(mapping_id=kept.pk, actor=person(OFFICER))


def test_cells_of_rows_that_the_file_sets_aside_and_of_no_column_are_not_typed_over(
    tmp_path: Path, new_season: Any, unit: Any
) -> None:
    upload = uploaded(tmp_path, new_season, unit, made.row("Một"), made.row("Hai"))
    first, second = upload.rows.order_by("row")
    first.told |= {"flaws": [{"code": "row_hidden"}]}
    first.save()
    typed: Any = {first.source: {"title": "Ba"}, second.source: {"??": "x", "title": "Hai", "note": None}}
    done = mend_cells(import_id=upload.pk, typed=typed, shown={}, actor=person(OFFICER))
    upload.refresh_from_db()
    assert (done.sources, upload.mends) == (set(), {})


def test_changes_of_a_row_are_told_in_words(season: Any) -> None:
    row: Any = SimpleNamespace(place=SimpleNamespace(name="Xã Hàm Hiệp"))
    place = UnitVersion.objects.get(unit__key="ham-thuan-bac/xa-ham-hiep", valid_to=date(2025, 7, 1))
    field = Field.objects.get(slug="kinh-te")
    changes: dict[str, Any] = {
        "sheet": [0, 3],
        "title": ["", "x" * 300],
        "place_id": [place.unit_id, None],
        "field_id": [None, field.pk],
        "kind": ["new", "maintained"],
        "subject_kind": ["collective", "individual"],
        "registered_on": [None, "2023-03-15"],
    }
    told = {part: (before, after) for part, _, before, after in ChangeWords(season).of(row, changes)}
    assert told == {
        "sheet": ("trống", "3 mục"),
        "title": ("trống", "x" * 200),
        "place": (place.place, "Xã Hàm Hiệp"),
        "field": ("trống", field.name),
        "kind": ("Đăng ký mới", "Duy trì, nhân rộng"),
        "subject_kind": ("Tập thể", "Cá nhân"),
        "registered_on": ("trống", "15/03/2023"),
    }
    assert ChangeWords(season).of(row, {"sheet": [2, 9]})[0][2:] == ["2 mục", "9 mục"]
