"""Uploading a register: read in the background, shown, confirmed, stored; nothing before it is confirmed."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from common import jobs
from common.models import Job
from models_registry.models import RegisterImport, Registration
from organisation.models import AuditEvent
from tests import registers as made


@pytest.fixture
def officer(client: Client, user: Any, new_season: Any) -> Client:
    client.force_login(user("phanthiet.chuyenvien"), backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture(autouse=True)
def _no_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs.current_app, "send_task", lambda name, args: None)


def send(client: Client, path: Path) -> Any:
    with path.open("rb") as file:
        return client.post("/lam-viec/nam/2024/nap-so/", {"unit": "phan-thiet", "file": file})


def work() -> None:
    """Do what waits, as a worker would."""
    for job in Job.objects.filter(state="queued"):
        jobs.run(job.pk)


def test_from_the_file_to_the_board(officer: Client, tmp_path: Path) -> None:
    response = send(officer, made.xlsx(tmp_path / "so.xlsx", [made.HEAD, made.row("Một"), made.row("Hai")]))
    address = response["Location"]
    upload = RegisterImport.objects.get(file_name="so.xlsx")
    assert (upload.state, upload.job.state) == ("reading", "queued")
    assert "Đang chờ máy xử lý" in officer.get(address).content.decode()
    assert "HX-Refresh" not in officer.get(f"{address}tien-do/")
    work()
    assert officer.get(f"{address}tien-do/")["HX-Refresh"] == "true"
    html = officer.get(address).content.decode()
    assert "Nạp 2 dòng" in html
    assert "Tiêu đề ở dòng 1. Chữ Unicode." in html
    assert not Registration.objects.filter(season__year=2024).exists()
    officer.post(f"{address}xac-nhan/")
    officer.post(f"{address}xac-nhan/")  # a second tap
    assert Job.objects.filter(kind="store_register").count() == 1
    work()
    html = officer.get(address).content.decode()
    assert "2 đăng ký mới." in html and "Nạp 2 dòng" not in html
    board = officer.get("/lam-viec/nam/2024/").content.decode()
    assert "Một" in board
    assert "so.xlsx" in officer.get("/lam-viec/nam/2024/cac-lan-nap/").content.decode()
    assert set(AuditEvent.objects.filter(target_id=str(upload.pk)).values_list("action", flat=True)) == {
        "upload-register",
        "import-register",
    }


def test_wrong_rows_are_shown_and_hold_the_rest_back_until_told(officer: Client, tmp_path: Path) -> None:
    lines = [made.row("Đúng"), made.row("Sai", field="Thể thao"), made.row("")]
    address = send(officer, made.xlsx(tmp_path / "so.xlsx", [made.HEAD, *lines]))["Location"]
    work()
    html = officer.get(address).content.decode()
    assert "2 dòng bị từ chối không ghi" in html and "Nạp 1 dòng đúng" in html
    assert "Lĩnh vực “Thể thao” không có" in html
    assert "Chưa có tên mô hình." in html
    officer.post(f"{address}xac-nhan/")
    assert "sửa tệp rồi gửi lại" in officer.get(address).content.decode()
    officer.post(f"{address}xac-nhan/", {"chi-dong-dung": "1"})
    work()
    assert list(Registration.objects.filter(season__year=2024).values_list("title", flat=True)) == ["Đúng"]


def test_a_register_without_one_right_row_offers_none_to_store(officer: Client, tmp_path: Path) -> None:
    address = send(officer, made.xlsx(tmp_path / "so.xlsx", [made.HEAD, made.row("Sai", field="Thể thao")]))["Location"]
    work()
    html = officer.get(address).content.decode()
    assert "Chưa dòng nào đúng" in html and "Gửi tệp đã sửa" in html
    assert "/xac-nhan/" not in html


@pytest.mark.parametrize("name", ["hoidong1", "quantri"])
def test_who_has_no_board_gets_no_link_to_one(client: Client, user: Any, name: str) -> None:
    client.force_login(user(name))
    html = client.get("/lam-viec/").content.decode()
    assert "Hiện không có gì chờ đồng chí" in html
    assert "/lam-viec/nam/" not in html


def test_a_register_that_holds_nothing_new(officer: Client, tmp_path: Path) -> None:
    path = made.xlsx(tmp_path / "so.xlsx", [made.HEAD, made.row("Một")])
    for _ in range(2):
        address = send(officer, path)["Location"]
        work()
        html = officer.get(address).content.decode()
        officer.post(f"{address}xac-nhan/", {})
        work()
    assert "Không có gì mới" in html


def test_a_file_that_is_no_register_is_told_on_its_page(officer: Client, tmp_path: Path) -> None:
    path = tmp_path / "so.xlsx"
    path.write_bytes(b"not a sheet at all")
    address = send(officer, path)["Location"]
    work()
    assert "Tệp không phải bảng tính" in officer.get(address).content.decode()


@pytest.mark.parametrize(
    "name, content, words",
    [("so.xlsx", b"", "Tệp rỗng"), (None, b"", "Chưa chọn tệp")],
)
def test_what_the_form_refuses(officer: Client, tmp_path: Path, name: str | None, content: bytes, words: str) -> None:
    data: dict[str, Any] = {"unit": "phan-thiet"}
    if name:
        (tmp_path / name).write_bytes(content)
        data["file"] = (tmp_path / name).open("rb")
    response = officer.post("/lam-viec/nam/2024/nap-so/", data)
    html = response.content.decode()
    assert response.status_code == 422
    assert words in html
    assert 'href="#id_file"' in html


def test_the_stored_file_has_no_name_to_guess_and_no_address(officer: Client, tmp_path: Path) -> None:
    send(officer, made.xlsx(tmp_path / "../so.xlsx" if False else tmp_path / "sổ bí mật.xlsx", [made.HEAD, made.row()]))
    upload = RegisterImport.objects.get(season__year=2024)
    assert upload.file_name == "sổ bí mật.xlsx"
    assert str(upload.pk) in upload.file.name
    assert officer.get(f"/media/{upload.file.name}").status_code == 404


def test_storing_twice_stores_once(officer: Client, tmp_path: Path) -> None:
    from models_registry.services import store_import

    address = send(officer, made.xlsx(tmp_path / "so.xlsx", [made.HEAD, made.row()]))["Location"]
    work()
    officer.post(f"{address}xac-nhan/")
    upload = RegisterImport.objects.get(season__year=2024)
    for _ in range(2):
        store_import(import_id=upload.pk, tell=lambda n: None)
    assert Registration.objects.filter(season__year=2024).count() == 1
    assert AuditEvent.objects.filter(action="import-register", target_id=str(upload.pk)).count() == 1


@pytest.mark.usefixtures("nothing_kept")
def test_the_board_needs_as_many_queries_for_three_as_for_one(
    officer: Client, tmp_path: Path, new_season: Any, unit: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from models_registry.services import import_register

    numbers = []
    for count in (1, 3):
        path = made.xlsx(tmp_path / f"{count}.xlsx", [made.HEAD, *(made.row(f"Mô hình {n}") for n in range(count))])
        import_register(path=path, season=new_season, unit=unit("phan-thiet"), actor=None)
        with CaptureQueriesContext(connection) as queries:
            assert officer.get("/lam-viec/nam/2024/").status_code == 200
        numbers.append(len(queries))
    assert numbers[0] == numbers[1] <= 21


def test_themes_are_four_empty_labels_that_an_officer_fills(client: Client, user: Any, season: Any) -> None:
    client.force_login(user("tinh.chuyenvien"), backend="django.contrib.auth.backends.ModelBackend")
    themes = list(season.period.themes.all())
    assert [(theme.plan, theme.label) for theme in themes] == [("Kế hoạch 189 (30/3/2020)", "")] * 4
    data = {"form-TOTAL_FORMS": "4", "form-INITIAL_FORMS": "4"}
    for n, theme in enumerate(themes):
        data |= {f"form-{n}-id": str(theme.pk), f"form-{n}-label": "Không  xả rác" if n == 0 else ""}
    response = client.post("/lam-viec/chu-de/", data, follow=True)
    assert "Đã lưu 1 chủ đề" in response.content.decode()
    assert [theme.label for theme in season.period.themes.all()] == ["Không xả rác", "", "", ""]
    assert AuditEvent.objects.get(action="name-theme").changes == {"label": ["", "Không xả rác"]}


def test_reading_and_storing_can_be_stopped(officer: Client, tmp_path: Path) -> None:
    address = send(officer, made.xlsx(tmp_path / "so.xlsx", [made.HEAD, made.row()]))["Location"]
    assert "Đã dừng" in officer.post(f"{address}dung/", follow=True).content.decode()
    work()
    assert "Đã dừng theo yêu cầu" in officer.get(address).content.decode()
    address = send(officer, made.xlsx(tmp_path / "so.xlsx", [made.HEAD, made.row()]))["Location"]
    work()
    officer.post(f"{address}xac-nhan/")
    officer.post(f"{address}dung/")
    work()
    assert not Registration.objects.filter(season__year=2024).exists()
    officer.post(f"{address}xac-nhan/")
    work()
    assert Registration.objects.filter(season__year=2024).count() == 1
    assert "Việc đã xong trước khi dừng" in officer.post(f"{address}dung/", follow=True).content.decode()
