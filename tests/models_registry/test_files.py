"""Photos and papers of a registration: taken in once, made ready, seen by whom they may be seen."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from common import jobs
from common.exceptions import DomainError, NotAllowed
from common.files import FileRefused
from common.models import Job
from models_registry.models import Attachment, Registration, ThrownDraft
from models_registry.models.thrown import DRAFT_KEPT
from models_registry.services import (
    Description,
    add_attachment,
    describe_attachment,
    discard_draft,
    empty_bin,
    remove_attachment,
    restore_draft,
)
from organisation.models import AuditEvent
from tests.online import Action, accepted, begin, do, fill, person
from tests.photos import PDF, photo

pytestmark = pytest.mark.django_db
WRITER = "hamhiep.canbo"


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return Path(settings.MEDIA_ROOT)


def send(row: Registration, data: bytes = b"", name: str = "anh.jpg", by: str = WRITER) -> Attachment:
    return add_attachment(registration_id=row.pk, file=SimpleUploadedFile(name, data or photo()), actor=person(by))


def make_ready() -> None:
    for job in Job.objects.filter(kind="prepare_photo", state="queued"):
        jobs.run(job.pk)


def files_on_disk(media: Path) -> list[str]:
    return sorted(path.suffix for path in media.rglob("*") if path.is_file())


def test_a_photo_is_made_ready_and_what_was_sent_is_gone(media: Path) -> None:
    one = send(begin())
    assert (one.state, files_on_disk(media)) == ("waiting", [".jpg"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.db.transaction.on_commit", lambda work, **_: work())
        make_ready()
    one.refresh_from_db()
    assert (one.state, one.file.name, sorted(one.variants)) == ("ready", "", ["1600", "400", "800"])
    assert files_on_disk(media) == [".webp"] * 3
    job = Job.objects.get(kind="prepare_photo")
    assert (job.state, job.progress, job.total) == ("done", 3, 3)
    jobs.run(job.pk)
    assert files_on_disk(media) == [".webp"] * 3


def test_the_same_file_again_is_the_same_row() -> None:
    row, data = begin(), photo()
    assert send(row, data).pk == send(row, data, "khac.jpg").pk
    assert row.attachments.count() == 1


def test_a_spoiled_photo_says_so() -> None:
    row = begin()
    one = send(row, photo("JPEG", 3000, 2000)[:9000])
    make_ready()
    one.refresh_from_db()
    assert (one.state, "giữa chừng" in one.error) == ("failed", True)


@pytest.mark.parametrize("name, data", [("anh.jpg", b"<svg></svg>"), ("bao-cao.pdf", b"MZ\x90"), ("a.docx", b"PK\x03\x04x")])
def test_the_name_does_not_matter_the_content_does(name: str, data: bytes) -> None:
    with pytest.raises(FileRefused):
        send(begin(), data, name)
    assert send(begin(), PDF, "../../etc/passwd.exe").file_name == "passwd.exe"
    assert Attachment.objects.get().file.name.endswith(".pdf")


def test_at_most_thirty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models_registry.services.attachments.MOST_FILES", 2)
    row = begin()
    send(row, PDF + b"1", "1.pdf"), send(row, PDF + b"2", "2.pdf")
    with pytest.raises(DomainError, match="tối đa 2"):
        send(row, PDF + b"3", "3.pdf")


@pytest.mark.parametrize("name", ["duclinh.chuyenvien", "hoidong1", "hamthuanbac.lanhdao"])
def test_who_may_not_send(name: str) -> None:
    with pytest.raises(NotAllowed):
        send(begin(), by=name)


def test_private_until_registered_and_allowed_then_public_then_gone(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    row = fill(begin())
    one = send(row)
    make_ready()
    address = f"/tep/{one.pk}/400/"

    def seen(name: str = "") -> int:
        browser = Client()
        if name:
            browser.force_login(person(name))
        return browser.get(address).status_code

    assert (seen(), seen(WRITER), seen("duclinh.chuyenvien"), seen("tinh.chuyenvien")) == (404, 200, 404, 200)
    do(row, Action.SUBMIT, WRITER)
    do(row, Action.ACCEPT, "hamthuanbac.chuyenvien")
    assert seen() == 404
    describe_attachment(
        attachment_id=one.pk, said=Description(caption="Lò", may_be_shown=True, is_cover=True), actor=person(WRITER)
    )
    response = client.get(address)
    assert (response.status_code, response["Content-Type"]) == (200, "image/webp")
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert client.get(f"/tep/{one.pk}/1234/").status_code == 404
    assert client.get(f"/tep/{one.pk}/tep/").status_code == 404
    do(row, Action.WITHDRAW, WRITER, "Thôi")
    assert (seen(), seen(WRITER)) == (404, 200)


def test_a_paper_is_never_public_and_comes_as_a_download() -> None:
    row = accepted()
    one = send(row, PDF, "biên bản.pdf")
    for shown, cover in ((True, False), (False, True)):
        with pytest.raises(DomainError, match="Chỉ ảnh mới công khai"):
            describe_attachment(
                attachment_id=one.pk, said=Description(caption="", may_be_shown=shown, is_cover=cover), actor=person(WRITER)
            )
    assert Client().get(f"/tep/{one.pk}/tep/").status_code == 404
    browser = Client()
    browser.force_login(person(WRITER))
    response = browser.get(f"/tep/{one.pk}/tep/")
    assert response["Content-Disposition"].startswith("attachment")


def test_order_cover_and_removal(media: Path, django_capture_on_commit_callbacks: Any) -> None:
    row = begin()
    first, second, third = (send(row, photo("JPEG", 40 + n, 30), f"{n}.jpg") for n in (1, 2, 3))
    me = person(WRITER)
    describe_attachment(attachment_id=third.pk, said=Description(caption="Ba", is_cover=True, position=0), actor=me)
    describe_attachment(attachment_id=first.pk, said=Description(caption="Một", is_cover=True), actor=me)
    assert list(row.attachments.values_list("file_name", "is_cover")) == [("3.jpg", False), ("1.jpg", True), ("2.jpg", False)]
    with django_capture_on_commit_callbacks(execute=True):
        remove_attachment(attachment_id=second.pk, actor=me)
    assert files_on_disk(media) == [".jpg", ".jpg"]
    with pytest.raises(DomainError, match="đã được xóa"):
        remove_attachment(attachment_id=second.pk, actor=me)
    assert AuditEvent.objects.filter(action="remove-file").count() == 1
    with django_capture_on_commit_callbacks(execute=True):
        discard_draft(registration_id=row.pk, actor=me)
    assert files_on_disk(media) == [".jpg", ".jpg"]  # they wait in the bin
    with django_capture_on_commit_callbacks(execute=True):
        restore_draft(draft_id=row.pk, actor=me)
    assert list(row.attachments.values_list("file_name", "caption")) == [("3.jpg", "Ba"), ("1.jpg", "Một")]
    discard_draft(registration_id=row.pk, actor=me)
    ThrownDraft.objects.update(thrown_at=timezone.now() - DRAFT_KEPT - timedelta(seconds=1))
    with django_capture_on_commit_callbacks(execute=True):
        assert (empty_bin(), empty_bin()) == (1, 0)
    assert files_on_disk(media) == []
    assert default_storage.location == str(media)


def test_files_by_the_page(client: Client) -> None:
    row = begin()
    client.force_login(person(WRITER))
    address = f"/lam-viec/dang-ky/{row.pk}/tep/"
    response = client.post(
        address, {"tep": [SimpleUploadedFile("a.jpg", photo()), SimpleUploadedFile("b.svg", b"<svg/>")]}, follow=True
    )
    assert "b.svg: Cổng không nhận ảnh SVG" in response.content.decode()
    assert row.attachments.count() == 1
    response = client.post(address, {"tep": SimpleUploadedFile("b.svg", b"<svg/>")}, headers={"X-Files": "1"})
    assert (response.status_code, "SVG" in response.content.decode()) == (422, True)
    html = client.get(f"{address}danh-sach/").content.decode()
    assert 'data-busy-files="1"' in html
    one = row.attachments.get()
    described = {"chu-thich": "Con đường", "mo-ta": "Ba người trồng hoa", "cong-khai": "1", "anh-bia": "1", "thu-tu": "abc"}
    html = client.post(f"{address}{one.pk}/", described, follow=True).content.decode()
    assert "Thứ tự “abc” không phải một số" in html
    one.refresh_from_db()
    assert (one.caption, one.alternative, one.may_be_shown, one.is_cover) == ("Con đường", "Ba người trồng hoa", True, True)
    assert "mất hẳn khỏi cổng" in client.post(f"{address}{one.pk}/", {"viec": "xoa"}).content.decode()
    assert row.attachments.count() == 1
    client.post(f"{address}{one.pk}/", {"viec": "xoa", "xac-nhan": "1"})
    assert row.attachments.count() == 0


def test_a_second_run_that_comes_late_does_not_harm_the_first(media: Path) -> None:
    """Both runs read the row while it waits; the one that ends second must not take the first one's files."""
    from models_registry.services import attachments as module

    one = send(begin())
    variants = module.photo_variants
    inner: list[bool] = []

    def overtaken(sent: Any) -> Any:
        made = list(variants(sent))
        if not inner:
            inner.append(True)
            job = Job.objects.get(kind="prepare_photo")
            module.prepare_photo(attachment_id=one.pk, progress=jobs.Progress(job.pk))
        return made

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "photo_variants", overtaken)
        patch.setattr(jobs.Progress, "__call__", lambda self, *a, **k: None)
        module.prepare_photo(attachment_id=one.pk, progress=jobs.Progress(Job.objects.get(kind="prepare_photo").pk))
    one.refresh_from_db()
    assert one.state == "ready"
    assert all(default_storage.exists(made["path"]) for made in one.variants.values())
    browser = Client()
    browser.force_login(person(WRITER))
    assert browser.get(f"/tep/{one.pk}/400/").status_code == 200
    default_storage.delete(one.variants["400"]["path"])
    assert browser.get(f"/tep/{one.pk}/400/").status_code == 404


def test_a_photo_whose_work_broke_off_is_made_ready_by_sending_it_again_or_by_the_button(client: Client) -> None:
    row, data = begin(), photo()
    one = send(row, data)
    client.force_login(person(WRITER))
    listed = f"/lam-viec/dang-ky/{row.pk}/tep/danh-sach/"
    for again in (
        lambda: send(row, data),
        lambda: client.post(f"/lam-viec/dang-ky/{row.pk}/tep/{one.pk}/", {"viec": "lai"}),
    ):
        Job.objects.filter(kind="prepare_photo").update(state="failed", finished_at=timezone.now())
        html = client.get(listed).content.decode()
        assert 'data-busy-files=""' in html and "Xử lý lại" in html
        again()
        assert 'data-busy-files="1"' in client.get(listed).content.decode()
    make_ready()
    one.refresh_from_db()
    assert (one.state, row.attachments.count()) == ("ready", 1)


def test_a_photo_that_cannot_be_read_leaves_nothing_behind(
    media: Path, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, data = begin(), photo()
    one = send(row, data)

    def broken(sent: Any) -> Any:
        raise FileRefused("Ảnh hỏng.")

    with django_capture_on_commit_callbacks(execute=True), monkeypatch.context() as patch:
        patch.setattr("models_registry.services.attachments.photo_variants", broken)
        make_ready()
    one.refresh_from_db()
    assert (one.state, one.error, files_on_disk(media)) == ("failed", "Ảnh hỏng.", [])
    again = send(row, data)
    make_ready()
    again.refresh_from_db()
    assert (again.pk, again.state) == (one.pk, "ready")
