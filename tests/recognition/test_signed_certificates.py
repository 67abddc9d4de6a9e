"""Certificates signed with the issuer's key; the proof page says by whom, and whether a file that somebody holds is the one issued."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from common import jobs
from common.models import Job
from common.sizes import FILE_LIMIT
from organisation.models import AuditEvent
from papers import pens
from papers.keys import Keyring
from portal.views import proofs
from recognition.models import Certificate, CertificateBatch, Decision
from recognition.services import ask_certificates
from tests.online import person
from tests.pages import plain
from tests.rounds import DISTRICT_STAFF, on
from tests.signing import SIGNED, SIGNER, gap_of, issued, keyring, read_here, root, signed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media", "september", "own_loop"), pytest.mark.stage("published")]
AT = datetime(2023, 10, 11, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _quiet(september: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs.current_app, "send_task", lambda name, args: None)
    cache.clear()
    read_here(monkeypatch)


@pytest.fixture
def ring(settings: Any, tmp_path: Path) -> Keyring:
    settings.SIGNING_KEYS = keyring(tmp_path)
    return settings.SIGNING_KEYS


def printed(decision: Decision, *, day: int = 11, state: str = "done") -> list[Certificate]:
    with on(10, day):
        batch = ask_certificates(decision_id=decision.pk, actor=person(DISTRICT_STAFF))
        assert batch.job is not None
        jobs.run(batch.job.pk)
    assert Job.objects.get(pk=batch.job.pk).state == state, Job.objects.get(pk=batch.job.pk).error
    return list(Certificate.objects.order_by("paper__number"))


def content(one: Certificate) -> bytes:
    with one.file.open("rb") as file:
        return file.read()


def check(client: Client, one: Certificate, data: bytes, name: str = "giay.pdf") -> tuple[int, str]:
    """What the proof page answers for a file: its status, the words after its heading, without spaces and tags."""
    answer = client.post(f"/xac-minh/{one.code}/", {"file": SimpleUploadedFile(name, data)})
    words = re.sub(r"<[^>]+>", " ", answer.content.decode().partition("Kiểm tra tệp đang có")[2])
    return answer.status_code, " ".join(words.split())


# Printed and signed


def test_each_certificate_is_signed_and_says_by_whom(ring: Keyring, stage: Any) -> None:
    for one in printed(stage[0]):
        data = content(one)
        assert (one.signer, one.signed_at, one.earlier) == (SIGNER, AT, [])
        assert data.count(b"/ByteRange") == 1 and (one.digest, len(one.signed_with)) == (
            pens.hashlib.sha256(data).hexdigest(),
            64,
        )
    with CertificateBatch.objects.get().file.open("rb") as file:
        assert b"/ByteRange" not in file.read()  # for the printer
    assert AuditEvent.objects.get(action="sign-certificates").note == f"2 giấy, {SIGNER}"


def test_without_a_key_of_the_issuer_nothing_is_signed(ring: Keyring, settings: Any, stage: Any) -> None:
    (key,) = ring.keys
    settings.SIGNING_KEYS = Keyring((type(key)("duc-linh", key.since, key.pkcs12, key.passphrase),))
    (one, _) = printed(stage[0])
    assert (one.signer, one.signed_at, one.digest, one.signed_with) == ("", None, "", "")
    assert b"/ByteRange" not in content(one)
    assert not AuditEvent.objects.filter(action="sign-certificates").exists()


def test_a_new_print_remembers_the_digest_of_the_one_before(ring: Keyring, settings: Any, stage: Any) -> None:
    first = printed(stage[0])[0].digest
    again = printed(stage[0], day=12)[0]
    assert again.earlier == [first] and again.digest != first
    settings.SIGNING_KEYS = Keyring()
    unsigned = printed(stage[0], day=13)[0]
    assert (unsigned.earlier, unsigned.digest, unsigned.signed_at) == ([first, again.digest], "", None)


def test_a_key_that_does_not_open_fails_the_print_and_keeps_what_was(ring: Keyring, stage: Any) -> None:
    before = printed(stage[0])[0]
    ring.keys[0].passphrase.write_text("khac")  # type: ignore[union-attr]
    after = printed(stage[0], day=12, state="failed")[0]
    assert (after.file.name, after.digest, after.earlier) == (before.file.name, before.digest, [])
    assert "Không mở được khóa ký ky.p12" in Job.objects.order_by("-created_at")[0].error


def test_a_key_that_fails_on_the_way_leaves_the_rest_unsigned(ring: Keyring, stage: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    sign, left = pens.Pen.sign, [1]

    def once(self: pens.Pen, *args: Any, **kwargs: Any) -> Any:
        if not left:
            raise pens.SigningFailed("Máy xử lý không thấy thẻ ký.")
        left.pop()
        return sign(self, *args, **kwargs)

    monkeypatch.setattr(pens.Pen, "sign", once)
    one, two = printed(stage[0], state="failed")
    assert (one.signer, bool(one.file), two.signer, two.digest, bool(two.file)) == (SIGNER, True, "", "", False)
    assert Job.objects.get().error == "Máy xử lý không thấy thẻ ký."


def test_an_ended_certificate_fails_the_print(settings: Any, tmp_path: Path, stage: Any) -> None:
    settings.SIGNING_KEYS = keyring(tmp_path, issued(SIGNER, root(), ends=datetime(2023, 10, 1, tzinfo=UTC)))
    printed(stage[0], state="failed")
    assert "đã hết hạn ngày 01/10/2023; xin quản trị thay khóa ký" in Job.objects.get().error


def test_a_certificate_that_ends_soon_is_told_after_the_print(settings: Any, client: Client, tmp_path: Path, stage: Any) -> None:
    settings.SIGNING_KEYS = keyring(tmp_path, issued(SIGNER, root(), ends=datetime(2023, 11, 1, tzinfo=UTC)))
    printed(stage[0])
    with on(10, 11):
        client.force_login(person(DISTRICT_STAFF), backend="django.contrib.auth.backends.ModelBackend")
        page = client.get(f"/lam-viec/quyet-dinh/{stage[0].pk}/giay/").content.decode()
    assert f"Chứng thư số của {SIGNER} hết hạn ngày 01/11/2023; xin gia hạn." in page
    assert f"Ký số: {SIGNER}" in page and "ký số bằng khóa của đơn vị" in page


def test_the_database_keeps_who_when_and_what_together(ring: Keyring, stage: Any) -> None:
    (one, _) = printed(stage[0])
    for change in ({"signer": ""}, {"signed_at": None}, {"digest": ""}, {"signed_with": ""}, {"file": ""}):
        with pytest.raises(IntegrityError, match="certificate_is_signed_whole"), transaction.atomic():
            Certificate.objects.filter(pk=one.pk).update(**change)


# The proof page


def test_the_page_says_who_signed_when_and_the_digest(ring: Keyring, client: Client, stage: Any) -> None:
    (one, _) = printed(stage[0])
    page = client.get(f"/xac-minh/{one.code}/")
    text = plain(page.content.decode())
    assert f"Tệp PDF mang chữ ký số của {SIGNER} , ký lúc 10:00 11/10/2023" in text and one.digest in text
    assert "không còn đúng như lúc ký" not in text and "no-store" in page["Cache-Control"]


def test_the_page_of_an_unsigned_one_says_so_and_takes_no_file(client: Client, stage: Any) -> None:
    (one, _) = printed(stage[0])
    assert "Tệp PDF của giấy này không ký số" in client.get(f"/xac-minh/{one.code}/").content.decode()
    assert check(client, one, content(one))[0] == 404
    assert client.post("/xac-minh/khong-co/").status_code == 404


def test_the_page_asks_the_database_once(ring: Keyring, client: Client, stage: Any, django_assert_num_queries: Any) -> None:
    (one, _) = printed(stage[0])
    client.get("/")  # what things are called is remembered from page to page
    with django_assert_num_queries(1):
        client.get(f"/xac-minh/{one.code}/")
    with django_assert_num_queries(1):
        check(client, one, content(one))


@pytest.mark.parametrize("gone", [False, True])
def test_a_file_that_changed_on_the_server_is_told(ring: Keyring, client: Client, stage: Any, gone: bool) -> None:
    (one, _) = printed(stage[0])
    path = Path(one.file.path)
    if gone:
        path.unlink()
    else:
        path.write_bytes(path.read_bytes() + b"\n")
    assert "Tệp cổng đang giữ không còn đúng như lúc ký" in client.get(f"/xac-minh/{one.code}/").content.decode()


# A file that somebody holds


def test_the_file_that_was_issued_is_known(ring: Keyring, client: Client, stage: Any) -> None:
    (one, _) = printed(stage[0])
    status, words = check(client, one, content(one))
    assert status == 200 and words.startswith("Đúng là tệp cổng đã cấp Tệp giống từng byte với tệp đã ký.")
    assert f"Còn nguyên vẹn Ký số: {SIGNER} (Tỉnh ủy Bình Thuận) , lúc 10:00 11/10/2023" in words
    for said in ("Cùng chứng thư số đã ký giấy này.", "Chứng thư do nơi được tin cậy cấp.", "Chưa kiểm tra thu hồi."):
        assert said in words


def test_the_file_of_an_earlier_print_is_known(ring: Keyring, client: Client, settings: Any, stage: Any) -> None:
    before = content(printed(stage[0])[0])
    one = printed(stage[0], day=12)[0]
    assert check(client, one, before)[1].startswith("Đúng là bản cổng đã cấp trước đây")
    settings.SIGNING_KEYS = Keyring()
    one = printed(stage[0], day=13)[0]  # and printed once more, without a key
    assert check(client, one, before)[1].startswith("Đúng là bản cổng đã cấp trước đây")


@pytest.mark.parametrize(
    ("where", "said"),
    [
        (lambda first, start: 2000, "Chữ ký KHÔNG còn khớp nội dung"),
        (lambda first, start: first + 40, "Không đọc được chữ ký số"),
        (lambda first, start: start - 9, "Chữ ký KHÔNG còn khớp nội dung"),
        (lambda first, start: -3, "Không đọc được chữ ký số"),
    ],
    ids=["content", "signature", "padding", "end"],
)
def test_a_changed_byte_shows(ring: Keyring, client: Client, stage: Any, where: Any, said: str) -> None:
    (one, _) = printed(stage[0])
    data = bytearray(content(one))
    data[where(*gap_of(bytes(data)))] ^= 4
    status, words = check(client, one, bytes(data))
    assert status == 200 and words.startswith("KHÔNG phải tệp cổng đã cấp cho mã này") and said in words


def test_an_appended_update_shows(ring: Keyring, client: Client, stage: Any) -> None:
    (one, _) = printed(stage[0])
    data = content(one)
    words = check(client, one, data + data[data.rindex(b"xref\n0") :])[1]
    assert words.startswith("KHÔNG phải tệp cổng đã cấp cho mã này") and "Ký số" in words and "giống từng byte" not in words


def test_another_certificate_is_not_this_one(ring: Keyring, client: Client, stage: Any) -> None:
    one, two = printed(stage[0])
    words = check(client, one, content(two))[1]
    assert words.startswith("KHÔNG phải tệp cổng đã cấp") and "Cùng chứng thư số đã ký giấy này." in words


def test_a_forger_who_takes_the_signers_name_is_told_apart(ring: Keyring, client: Client, tmp_path: Path, stage: Any) -> None:
    (one, _) = printed(stage[0])
    (tmp_path / "gia").mkdir()
    forged = signed(tmp_path / "gia", issued(SIGNER, issued("CA giả")), at=SIGNED).data
    words = check(client, one, forged)[1]
    assert words.startswith("KHÔNG phải tệp cổng đã cấp") and f"chứng thư phải xem lại Ký số: {SIGNER}" in words
    assert "KHÔNG phải chứng thư số đã ký giấy này." in words and "Chứng thư KHÔNG do nơi được tin cậy cấp." in words


def test_a_file_without_a_signature_is_told(ring: Keyring, client: Client, stage: Any) -> None:
    (one, _) = printed(stage[0])
    with CertificateBatch.objects.get().file.open("rb") as file:
        words = check(client, one, file.read())[1]
    assert words.startswith("KHÔNG phải tệp cổng đã cấp") and "Tệp này không có chữ ký số" in words


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "Tệp rỗng, không có dữ liệu."),
        (b"\xff\xd8\xff\xe0 anh chup giay", "Tệp này không phải PDF. Xin chọn tệp PDF đã nhận"),
        (b"%PDF-1.7\n" + bytes(FILE_LIMIT), "Tệp quá 20 MB."),
    ],
)
def test_what_is_no_file_to_look_at_is_told(ring: Keyring, client: Client, stage: Any, data: bytes, said: str) -> None:
    (one, _) = printed(stage[0])
    status, words = check(client, one, data)
    assert status == 422 and said in words


def test_no_file_at_all_is_told(ring: Keyring, client: Client, stage: Any) -> None:
    (one, _) = printed(stage[0])
    answer = client.post(f"/xac-minh/{one.code}/")
    assert answer.status_code == 422 and "Chưa chọn tệp nào." in answer.content.decode()


def test_nothing_of_a_file_is_kept(ring: Keyring, client: Client, settings: Any, stage: Any) -> None:
    (one, _) = printed(stage[0])
    before = sorted(settings.MEDIA_ROOT.rglob("*"))
    check(client, one, content(one) + bytes(2 * 1024 * 1024))
    assert sorted(settings.MEDIA_ROOT.rglob("*")) == before


def test_a_form_of_another_site_is_refused(ring: Keyring, stage: Any) -> None:
    (one, _) = printed(stage[0])
    assert Client(enforce_csrf_checks=True).post(f"/xac-minh/{one.code}/").status_code == 403


def test_who_checks_faster_than_people_do_waits(
    ring: Keyring, client: Client, stage: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (one, _) = printed(stage[0])
    monkeypatch.setattr("portal.limits.CHECKS", 1)
    assert check(client, one, content(one))[0] == 200
    status, words = check(client, one, content(one))
    assert status == 422 and "đã kiểm tra nhiều tệp trong một giờ" in words and "Đúng là" not in words


def test_files_are_looked_at_one_at_a_time(ring: Keyring, client: Client, stage: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (one, _) = printed(stage[0])
    monkeypatch.setattr(proofs, "PATIENCE", 0.01)
    with proofs._ONE_AT_A_TIME:
        status, words = check(client, one, content(one))
    assert status == 422 and "Cổng đang kiểm tra tệp khác" in words
    assert check(client, one, content(one))[0] == 200


def test_it_is_all_said_in_english_too(ring: Keyring, client: Client, stage: Any) -> None:
    (one, _) = printed(stage[0])
    client.cookies["ngon-ngu"] = "en"
    words = re.sub(
        r"<[^>]+>",
        " ",
        client.post(f"/xac-minh/{one.code}/", {"file": SimpleUploadedFile("a.pdf", content(one))}).content.decode(),
    )
    for said in ("This is the file that was issued", "Signed by", "The same digital certificate", "Check the file that you have"):
        assert said in words
