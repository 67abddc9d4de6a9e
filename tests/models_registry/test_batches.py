"""Many registers sent together: each finds its unit, is asked about where that is not sure, and is stored alone."""

import io
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client

from common import jobs
from common.models import Job
from models_registry import services
from models_registry.models import BatchFile, RegisterImport, Registration, Season, UploadBatch
from models_registry.registers import unzipping
from models_registry.selectors.batches import Progress, board_of
from organisation.models import AuditEvent, User
from organisation.services import give_role
from tests import registers as made
from tests.models_registry.conftest import HEIR, PROVINCE, unit_of
from tests.online import person

BACKEND = "django.contrib.auth.backends.ModelBackend"
SEND = "/lam-viec/nam/2026/nap-so/"


@pytest.fixture(autouse=True)
def _no_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs.current_app, "send_task", lambda name, args: None)


@pytest.fixture
def officer(client: Client, season_2026: Season) -> Iterator[Client]:
    with time_machine.travel("2026-05-04 10:00+07:00"):
        client.force_login(User.objects.get(username=PROVINCE), backend=BACKEND)
        yield client


def file(tmp_path: Path, name: str, title: str, *rows: Any) -> SimpleUploadedFile:
    lines = [made.row(row, subject="UBND xã", place="", day="15/3/2026") if isinstance(row, str) else row for row in rows]
    path = made.xlsx(tmp_path / "x.xlsx", [*([[title]] if title else []), made.HEAD, *lines])
    return SimpleUploadedFile(name, path.read_bytes())


def work() -> None:
    """Do what waits, as workers would, with what that asks for."""
    while waiting := list(Job.objects.filter(state="queued")):
        for job in waiting:
            jobs.run(job.pk)


def send(client: Client, *files: Any) -> UploadBatch:
    response = client.post(SEND, {"unit": "", "file": list(files)})
    assert response.status_code == 302, response.content.decode()
    work()
    return UploadBatch.objects.get(pk=response["Location"].rstrip("/").rpartition("/")[2])


def told(batch: UploadBatch) -> dict[str, tuple[str, str, str]]:
    """name -> (state, doubt, unit)"""
    return {
        one.name: (one.state, one.doubt, one.unit.key.removeprefix("2025/") if one.unit else "")
        for one in batch.files.select_related("unit")
    }


def page(client: Client, batch: UploadBatch, rest: str = "") -> str:
    response = client.get(f"/lam-viec/lan-gui/{batch.pk}/{rest}")
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def titles() -> list[str]:
    return sorted(Registration.objects.filter(season__year=2026).values_list("title", flat=True))


def test_from_many_files_to_the_registers(officer: Client, tmp_path: Path) -> None:
    wrong = made.row("Sai", subject="UBND xã", place="", day="15/3/2026", field="Thể thao")
    batch = send(
        officer,
        file(tmp_path, "a.xlsx", "ĐẢNG ỦY XÃ TÂN LẬP", "Một", "Hai", wrong),
        file(tmp_path, "xa la da.xlsx", "", "Ba"),
        file(tmp_path, "tan thanh.xlsx", "ĐẢNG ỦY XÃ HÀM LIÊM", "Bốn"),
        file(tmp_path, "Book1.xlsx", "", "Năm"),
        file(tmp_path, "so.xlsx", "ĐẢNG ỦY XÃ HÀM HIỆP", "Sáu"),
        SimpleUploadedFile("anh.xlsx", b"\x89PNG"),
    )
    assert told(batch) == {
        "a.xlsx": ("imported", "", "xa-tan-lap"),
        "xa la da.xlsx": ("imported", "", "xa-la-da"),
        "tan thanh.xlsx": ("asks", "differ", ""),
        "Book1.xlsx": ("asks", "unknown", ""),
        "so.xlsx": ("asks", "heir", ""),
        "anh.xlsx": ("refused", "", ""),
    }
    html = page(officer, batch)
    for words in (
        'Cần xem <span class="num">4</span>',
        "Tiêu đề ghi “ĐẢNG ỦY XÃ HÀM LIÊM”, tên tệp ghi “tan thanh”",
        "Ghi cho đơn vị kế tục?",
        "Không nhận ra",
        "Tệp là ảnh",
        "Tiêu đề khớp.",
        "Xem tiếp 2 tệp",
    ):
        assert words in html
    files = {one.name: one for one in batch.files.all()}
    answers = {f"dv-{files['tan thanh.xlsx'].pk}": "2025/xa-tan-thanh", f"doi-{files['Book1.xlsx'].pk}": "2025/xa-tuy-phong"}
    response = officer.post(f"/lam-viec/lan-gui/{batch.pk}/", answers | {"tiep": "1"})
    assert response["Location"].endswith("/nap/")
    work()
    html = page(officer, batch, "nap/")
    assert "Nạp 5 dòng đúng của 4 tệp?" in html
    assert '<b class="num">1</b> dòng bị từ chối' in html
    assert titles() == []
    for _ in range(2):  # a second tap
        officer.post(f"/lam-viec/lan-gui/{batch.pk}/nap/")
    assert Job.objects.filter(kind="store_registers").count() == 4
    work()
    assert titles() == ["Ba", "Bốn", "Hai", "Một", "Năm"]
    assert 'Đã nạp <span class="num">4</span>' in page(officer, batch)
    assert set(AuditEvent.objects.filter(target_id=str(batch.pk)).values_list("action", flat=True)) == {
        "send-registers",
        "store-registers",
    }


def test_a_files_unit_is_typed_and_what_names_nobody_stays_with_its_reason(officer: Client, tmp_path: Path) -> None:
    batch = send(officer, file(tmp_path, "Book1.xlsx", "", "Một"), file(tmp_path, "Book2.xlsx", "", "Hai"))
    files = {one.name: one for one in batch.files.all()}
    first, second = (f"doi-{files[name].pk}" for name in ("Book1.xlsx", "Book2.xlsx"))
    response = officer.post(f"/lam-viec/lan-gui/{batch.pk}/", {first: "la da", second: "xã nào đó", "tiep": "1"})
    html = " ".join(response.content.decode().split())
    assert response.status_code == 422
    assert "“xã nào đó” không có trong các đơn vị" in html and 'value="xã nào đó"' in html and f'href="#{second}"' in html
    work()
    assert told(batch) == {"Book1.xlsx": ("imported", "unknown", "xa-la-da"), "Book2.xlsx": ("asks", "unknown", "")}
    several = officer.post(f"/lam-viec/lan-gui/{batch.pk}/", {second: "thuan"}).content.decode()
    assert "là tên của" in several and "Xin ghi đủ tên" in several
    officer.post(f"/lam-viec/lan-gui/{batch.pk}/", {second: "Không nạp tệp này"})
    assert told(batch)["Book2.xlsx"][0] == "dropped"


def test_a_zip_and_files_beside_it_count_one_by_one(officer: Client, tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("Đợt 1/xã La Dạ.xlsx", file(tmp_path, "x", "", "Một").read())
        archive.writestr("__MACOSX/._a", b"x")
        archive.writestr("../a.xlsx", b"x")
    batch = send(officer, SimpleUploadedFile("so.zip", out.getvalue()), file(tmp_path, "tân lập.xlsx", "", "Hai"))
    assert told(batch) == {
        "so.zip": ("opened", "", ""),
        "tân lập.xlsx": ("imported", "", "xa-tan-lap"),
        "Đợt 1/xã La Dạ.xlsx": ("imported", "", "xa-la-da"),
        "../a.xlsx": ("refused", "", ""),
    }
    assert '>Tất cả <span class="num">3</span>' in page(officer, batch)
    assert RegisterImport.objects.get(unit__key="2025/xa-la-da").file_name == "xã La Dạ.xlsx"


def test_a_file_that_is_too_large_and_one_too_many_stop_no_other(
    officer: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services.batches, "FILE_LIMIT", 20_000)
    monkeypatch.setattr(unzipping, "MOST_FILES", 1)
    large = SimpleUploadedFile("to.xlsx", b"0" * 20_001)
    batch = send(officer, large, file(tmp_path, "la da.xlsx", "", "Một"), file(tmp_path, "tan lap.xlsx", "", "Hai"))
    assert [(one.name, one.state, one.error[:14]) for one in batch.files.all()] == [
        ("to.xlsx", "refused", "Tệp lớn hơn 20"),
        ("la da.xlsx", "imported", ""),
        ("tan lap.xlsx", "refused", "Mỗi lần gửi đế"),
    ]


def test_two_files_of_one_unit_are_asked_about_and_stored_in_their_order(officer: Client, tmp_path: Path) -> None:
    first = file(tmp_path, "tan lap.xlsx", "", "Một", "Hai")
    later = file(tmp_path, "tan lap bo sung.xlsx", "", made.row("Một", subject="UBND xã", place="", day="20/3/2026"), "Ba")
    batch = send(officer, first, later)
    assert "Hai tệp một đơn vị" in page(officer, batch)
    assert services.store_batch(batch_id=batch.pk, actor=batch.sent_by)[0] == 0
    one = batch.files.first()
    assert one is not None
    officer.post(f"/lam-viec/lan-gui/{batch.pk}/", {f"dv-{one.pk}": "gop"})
    officer.post(f"/lam-viec/lan-gui/{batch.pk}/nap/")
    assert Job.objects.filter(kind="store_registers").count() == 1
    work()
    assert titles() == ["Ba", "Hai", "Một"]
    assert Registration.objects.get(title="Một", season__year=2026).registered_on.isoformat() == "2026-03-20"  # type: ignore[union-attr]
    html = page(officer, batch, "huy/")
    assert "1 tệp không hủy được" in html
    officer.post(f"/lam-viec/lan-gui/{batch.pk}/huy/")  # the later first, and then the first can go
    assert titles() == []


def test_of_two_files_one_alone_may_be_taken(officer: Client, tmp_path: Path) -> None:
    batch = send(
        officer, file(tmp_path, "tan lap.xlsx", "", "Một"), file(tmp_path, "tan lap 2.xlsx", "ĐẢNG ỦY XÃ TÂN LẬP", "Hai")
    )
    first, second = batch.files.all()
    officer.post(f"/lam-viec/lan-gui/{batch.pk}/", {f"dv-{first.pk}": f"chi:{second.pk}"})
    officer.post(f"/lam-viec/lan-gui/{batch.pk}/nap/")
    work()
    assert titles() == ["Hai"]
    assert [state for state, *_ in told(batch).values()] == ["dropped", "imported"]


def test_files_are_merged_only_where_each_has_a_right_row(officer: Client, tmp_path: Path) -> None:
    wrong = made.row("Hai", subject="UBND xã", place="", day="15/3/2026", field="Thể thao")
    batch = send(
        officer, file(tmp_path, "tan lap.xlsx", "", "Một"), file(tmp_path, "tan lap 2.xlsx", "ĐẢNG ỦY XÃ TÂN LẬP", wrong)
    )
    html = page(officer, batch)
    assert 'value="gop"' not in html
    assert "“tan lap 2.xlsx” chưa có dòng nào đọc đúng nên chưa gộp được." in html
    assert html.count('value="chi:') == 1
    first = batch.files.get(name="tan lap.xlsx")
    response = officer.post(f"/lam-viec/lan-gui/{batch.pk}/", {f"dv-{first.pk}": "gop"}, follow=True)
    assert "chưa gộp được" in response.content.decode()
    assert not batch.files.filter(goes_with=True).exists()


def test_another_officer_of_the_same_unit_goes_on_with_a_send(officer: Client, client: Client, tmp_path: Path) -> None:
    batch = send(officer, file(tmp_path, "la da.xlsx", "", "Một"), file(tmp_path, "x.xlsx", "", "Hai"))
    colleague = person("hoidong3")
    give_role(user=colleague, role="chuyen-vien-tinh", unit=unit_of("lam-dong"), starts_on=date(2025, 7, 1), actor=None)
    client.force_login(colleague, backend=BACKEND)
    sender = str(batch.sent_by)
    assert f"{sender} gửi lúc" in page(client, batch)
    assert sender in client.get("/lam-viec/nam/2026/lan-gui/").content.decode()
    assert f", {sender} gửi" in client.get("/lam-viec/").content.decode()
    one = batch.files.get(name="x.xlsx")
    client.post(f"/lam-viec/lan-gui/{batch.pk}/", {f"doi-{one.pk}": "2025/xa-tan-lap"})
    work()
    client.post(f"/lam-viec/lan-gui/{batch.pk}/nap/")
    work()
    assert titles() == ["Hai", "Một"]
    assert RegisterImport.objects.get(file_name="x.xlsx").uploaded_by == colleague
    client.post(f"/lam-viec/lan-gui/{batch.pk}/huy/")
    assert titles() == []


def test_a_changed_unit_is_read_anew_and_not_once_it_is_stored(officer: Client, tmp_path: Path) -> None:
    batch = send(officer, file(tmp_path, "la da.xlsx", "", "Một"), file(tmp_path, "tan lap.xlsx", "", "Hai"))
    one = batch.files.get(name="la da.xlsx")
    officer.post(f"/lam-viec/lan-gui/{batch.pk}/", {f"doi-{one.pk}": "2025/xa-ham-liem"})
    work()
    assert told(batch)["la da.xlsx"] == ("imported", "", "xa-ham-liem")
    assert "Đơn vị chọn bằng tay." in page(officer, batch)
    officer.post(f"/lam-viec/lan-gui/{batch.pk}/nap/")
    response = officer.post(f"/lam-viec/lan-gui/{batch.pk}/", {f"doi-{one.pk}": "2025/xa-la-da"}, follow=True)
    assert "không đổi đơn vị được nữa" in response.content.decode()
    work()
    assert Registration.objects.get(title="Một", season__year=2026).unit.key == "2025/xa-ham-liem"


def test_stopping_keeps_nothing_and_what_is_thrown_away_waits_nowhere(
    officer: Client, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    officer.post(SEND, {"file": [file(tmp_path, "la da.xlsx", "", "Một"), file(tmp_path, "tan lap.xlsx", "", "Hai")]})
    batch = UploadBatch.objects.get()
    paths = [Path(one.file.path) for one in batch.files.all()]
    assert officer.get(f"/lam-viec/lan-gui/{batch.pk}/tien-do/").headers.get("HX-Refresh") is None
    with django_capture_on_commit_callbacks(execute=True):
        officer.post(f"/lam-viec/lan-gui/{batch.pk}/dung/")
    work()
    assert [one.state for one in batch.files.all()] == ["dropped", "dropped"]
    assert not RegisterImport.objects.filter(season=batch.season).exists()
    assert not any(path.exists() for path in paths)
    second = send(officer, file(tmp_path, "la da.xlsx", "", "Một"), SimpleUploadedFile("x.xlsx", b"x"))
    assert "Xem 1 tệp của lần gửi" in officer.get("/lam-viec/").content.decode()
    assert "2 tệp, 1 dòng chưa ghi vào sổ" in page(officer, second, "bo/")
    officer.post(f"/lam-viec/lan-gui/{second.pk}/bo/")
    assert "của lần gửi" not in officer.get("/lam-viec/").content.decode()
    assert officer.post(f"/lam-viec/lan-gui/{second.pk}/nap/", follow=True).status_code == 200
    assert titles() == []


def test_a_file_of_another_unit_is_said_to_be_not_theirs_in_its_own_words(
    client: Client, officer: Client, tmp_path: Path
) -> None:
    batch = send(officer, file(tmp_path, "la da.xlsx", "", "Một"))
    work()
    officer.logout()
    ward = _ward_officer()
    client.force_login(ward, backend=BACKEND)
    assert client.get(f"/lam-viec/lan-gui/{batch.pk}/").status_code == 404
    own = send(client, file(tmp_path, "a.xlsx", "ĐẢNG ỦY XÃ LA DẠ", "Một"), file(tmp_path, "phuong binh thuan.xlsx", "", "Hai"))
    assert told(own)["a.xlsx"][:2] == ("asks", "not-yours")
    html = page(client, own)
    assert "Không phải sổ của đơn vị đồng chí" in html
    assert "Tiêu đề ghi “ĐẢNG ỦY XÃ LA DẠ”" in html
    assert "Đảng ủy xã La Dạ" not in html
    forged = {f"doi-{own.files.get(name='a.xlsx').pk}": "2025/xa-la-da"}
    response = client.post(f"/lam-viec/lan-gui/{own.pk}/", forged)
    assert response.status_code == 422 and "không có trong các đơn vị mà đồng chí được nạp sổ" in response.content.decode()


def _ward_officer() -> User:
    account = person("hamhiep.canbo")
    give_role(user=account, role="chuyen-vien-huyen", unit=unit_of(HEIR), starts_on=date(2025, 7, 1), actor=None)
    return account


def test_one_file_of_one_unit_goes_straight_to_its_review(officer: Client, tmp_path: Path) -> None:
    response = officer.post(SEND, {"unit": "2025/xa-la-da", "file": file(tmp_path, "Book1.xlsx", "", "Một")})
    assert response["Location"].startswith("/lam-viec/nap-so/")


def test_a_file_whose_unit_is_found_while_its_page_is_read(officer: Client, tmp_path: Path) -> None:
    response = officer.post(SEND, {"unit": "", "file": [file(tmp_path, "a.xlsx", "ĐẢNG ỦY XÃ TÂN LẬP", "Một")]})
    is_settled = False

    def settles(execute: Any, sql: str, *rest: Any) -> Any:
        nonlocal is_settled
        found = execute(sql, *rest)
        if "n_rows" in sql or 'FROM "models_registry_batchfile"' in sql:
            is_settled, done = True, is_settled
            if not done:
                work()
        return found

    batch = UploadBatch.objects.get(pk=response["Location"].rstrip("/").rpartition("/")[2])
    with connection.execute_wrapper(settles):
        board = board_of(batch, person(PROVINCE))
    assert is_settled
    assert [line.word for line in board.lines] == ["Đang đọc"]


def test_a_second_run_of_a_job_changes_nothing(officer: Client, tmp_path: Path) -> None:
    batch = send(officer, file(tmp_path, "la da.xlsx", "", "Một"), file(tmp_path, "x.xlsx", "", "Hai"))
    for one in batch.files.all():
        services.look_at_file(file_id=one.pk)
    assert RegisterImport.objects.filter(season=batch.season).count() == 1
    officer.post(f"/lam-viec/lan-gui/{batch.pk}/nap/")
    work()
    services.store_imports(import_ids=[one.imported_id for one in batch.files.all() if one.imported_id], tell=lambda n: None)
    assert titles() == ["Một"]


def test_a_file_that_fails_says_why_and_the_others_go_on(officer: Client, tmp_path: Path) -> None:
    batch = send(officer, file(tmp_path, "la da.xlsx", "", "Một"), file(tmp_path, "tan lap.xlsx", "", "Hai"))
    broken = batch.files.get(name="la da.xlsx")
    officer.post(f"/lam-viec/lan-gui/{batch.pk}/nap/")
    Path(broken.file.path).write_bytes(b"\x89PNG")
    work()
    assert titles() == ["Hai"]
    assert "Tệp là ảnh" in page(officer, batch)


@pytest.mark.usefixtures("nothing_kept")
def test_pages_need_as_many_queries_for_three_files_as_for_one(officer: Client, tmp_path: Path) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    names = ["la da.xlsx", "tan lap.xlsx", "ham liem.xlsx", "Book1.xlsx"]
    one = send(officer, *[file(tmp_path, name, "", "Một") for name in names[::3]])
    three = send(
        officer, *[file(tmp_path, name, "", "Một") for name in names[:3]], *[file(tmp_path, f"Book{n}.xlsx", "") for n in "12"]
    )
    for rest in ("", "?xem=het", "nap/", "tien-do/", "bo/"):
        numbers = []
        for batch in (one, three):
            with CaptureQueriesContext(connection) as queries:
                page(officer, batch, rest)
            numbers.append(len(queries))
        assert numbers[0] == numbers[1] <= 22, rest
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            assert officer.get("/lam-viec/nam/2026/lan-gui/").status_code == 200
        numbers.append(len(queries))
        send(officer, file(tmp_path, "la da.xlsx", "", "Một"), file(tmp_path, "b.xlsx", "", "Một"))
    assert numbers[-1] == numbers[-2]


@pytest.mark.both
@pytest.mark.parametrize(
    "values",
    [{"state": "imported"}, {"state": "refused"}, {"state": "asks"}, {"state": "thinking"}],
)
def test_the_database_knows_what_a_file_of_a_send_may_be(season_2026: Season, values: dict[str, str]) -> None:
    batch = UploadBatch.objects.create(season=season_2026, sent_by=User.objects.get(username=PROVINCE))
    with pytest.raises(IntegrityError), transaction.atomic():
        BatchFile.objects.create(batch=batch, position=1, name="a", **values)


def test_looking_for_units_is_half_of_the_way() -> None:
    assert [Progress(4, seen, done, 0).share for seen, done in ((0, 0), (4, 0), (4, 1), (4, 4))] == [0, 0.5, 0.625, 1]
    assert Progress(0, 0, 0, 0).share == 1
