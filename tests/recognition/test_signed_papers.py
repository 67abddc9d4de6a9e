"""Papers that are sent with a digital signature say who signed and whether it holds; that it does not is no reason to refuse them."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.exceptions import FileRefused
from recognition.enums import PaperKind
from recognition.models import DecisionFile, DossierFile
from recognition.services import add_signed
from tests.online import person
from tests.pages import entered, plain
from tests.photos import PDF, office, photo
from tests.rounds import COMMUNE, DISTRICT_LEADER, on, paper, proposed, proposing, rows
from tests.signing import SIGNED, SIGNER, keyring, read_here, signed_pdf

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media", "own_loop")]
BY_WHOM = f"Ký số: {SIGNER} (Tỉnh ủy Bình Thuận) , lúc 10:00 11/10/2023 ."


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    read_here(monkeypatch)


def changed() -> bytes:
    return signed_pdf().replace(b"300 200 ]", b"300 900 ]", 1)


def page_of(decision: Any) -> str:
    return f"/lam-viec/quyet-dinh/{decision.pk}/"


def said_of(decision: Any, data: bytes, name: str = "qd.pdf") -> str:
    """What the page of the decision says beside the signed copy that was sent."""
    with on(10, 11):
        add_signed(decision_id=decision.pk, file=SimpleUploadedFile(name, data), actor=person(DISTRICT_LEADER))
        page = entered(DISTRICT_LEADER).get(page_of(decision)).content.decode()
    words = plain(page)
    return words.partition("Bản đã ký, 11/10/2023")[2].partition("quyet-dinh-")[0].strip()


@pytest.mark.stage("published", count=1)
def test_a_signed_copy_says_who_signed_and_that_it_holds(stage: Any) -> None:
    words = said_of(stage[0], signed_pdf())
    assert words.startswith(f"Còn nguyên vẹn {BY_WHOM}")
    assert words.endswith("Chưa đối chiếu nơi cấp chứng thư. Giờ ký theo máy người ký. Chưa kiểm tra thu hồi.")


@pytest.mark.stage("published", count=1)
def test_a_signed_copy_is_judged_by_the_roots_of_its_day(stage: Any, settings: Any, tmp_path: Path) -> None:
    settings.SIGNING_KEYS = keyring(tmp_path)
    assert "Chứng thư do nơi được tin cậy cấp." in said_of(stage[0], signed_pdf())
    kept = DecisionFile.objects.get(kind="signed")
    (found,) = kept.signed or []
    assert (found.signer, found.at, found.is_trusted, found.was_valid) == (SIGNER, SIGNED, True, True)


@pytest.mark.stage("published", count=1)
def test_a_signature_that_does_not_hold_is_told_and_the_copy_kept(stage: Any) -> None:
    words = said_of(stage[0], changed())
    assert words.startswith(f"Chữ ký KHÔNG còn khớp nội dung {BY_WHOM} Nội dung bị đổi, hoặc bị thêm vào, sau khi ký.")
    assert DecisionFile.objects.filter(kind="signed", replaced_at__isnull=True).count() == 1


@pytest.mark.stage("published", count=1)
@pytest.mark.parametrize(("name", "data"), [("qd.pdf", PDF), ("qd.jpg", photo(width=60, height=40))])
def test_a_scan_says_that_it_has_no_signature(stage: Any, name: str, data: bytes) -> None:
    assert said_of(stage[0], data, name) == "Bản quét, không có chữ ký số"


@pytest.mark.stage("published", count=1)
def test_a_copy_whose_signature_cannot_be_read_is_kept(stage: Any) -> None:
    words = said_of(stage[0], b"%PDF-1.7\n/ByteRange hong")
    assert words == "Không đọc được chữ ký số Tệp hỏng, hoặc chữ ký thuộc kiểu cổng không biết."


@pytest.mark.stage("published", count=1)
def test_of_what_was_sent_before_nothing_is_said_and_an_office_file_is_no_signed_copy(stage: Any) -> None:
    with pytest.raises(FileRefused, match="Word"):
        said_of(stage[0], office("word/document.xml"), "qd.docx")
    said_of(stage[0], PDF)
    DecisionFile.objects.update(signatures=None)
    with on(10, 11):
        assert "chữ ký số" not in entered(DISTRICT_LEADER).get(page_of(stage[0])).content.decode()


@pytest.mark.stage("published", count=1)
def test_more_signed_copies_ask_the_database_no_more(stage: Any) -> None:
    counts = []
    for data in (signed_pdf(), changed(), PDF):
        said_of(stage[0], data)
        client = entered(DISTRICT_LEADER)
        with on(10, 11), CaptureQueriesContext(connection) as queries:
            client.get(page_of(stage[0]))
        counts.append(len(queries))
    assert counts[0] == counts[2] and DecisionFile.objects.filter(kind="signed").count() == 3


def test_a_signed_paper_of_a_dossier_says_so_too() -> None:
    with on(9, 10):
        dossier = proposed(proposing(), rows(1)[0])
        paper(dossier, PaperKind.PROPOSAL, data=signed_pdf())
        paper(dossier, PaperKind.MINUTES)
        paper(dossier, PaperKind.SUMMARY, data=office("xl/workbook.xml"), name="bieu.xlsx")
        page = entered(COMMUNE).get(f"/lam-viec/ho-so/{dossier.pk}/").content.decode()
    words = plain(page)
    assert f"Còn nguyên vẹn {BY_WHOM}" in words and words.count("Không có chữ ký số") == 1
    kept = dict(DossierFile.objects.filter(packet=dossier.packet).values_list("kind", "signatures"))
    assert (len(kept["proposal"]), kept["minutes"], kept["summary"]) == (1, [], None)
