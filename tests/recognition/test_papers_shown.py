"""Papers read beside the criteria, page by page; a packet opened from the page of its round; candidates by their verdict."""

from datetime import date
from io import BytesIO
from typing import Any

import pypdfium2
import pytest
from django.core.files.base import ContentFile

from models_registry.services import say_verdicts
from recognition.enums import PaperKind
from recognition.models import DossierFile, Packet, RecognitionRound
from recognition.services import declare_conflict, send_packet
from tests.online import person
from tests.pages import entered
from tests.photos import photo
from tests.rounds import COMMUNE, DISTRICT_LEADER, DISTRICT_STAFF, JUDGES, proposed, rows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media", "september")]
ONE, OTHER_STAFF = JUDGES[0], "duclinh.chuyenvien"


def pages(number: int) -> bytes:
    """A PDF of empty pages."""
    document, out = pypdfium2.PdfDocument.new(), BytesIO()
    for _ in range(number):
        document.new_page(595, 842)
    document.save(out)
    return out.getvalue()


def added(dossier: Any, data: bytes, content_type: str = "application/pdf") -> DossierFile:
    file = DossierFile(
        dossier=dossier, kind=PaperKind.ACHIEVEMENT, file_name="bao-cao", content_type=content_type, size=len(data)
    )
    file.file.save("bao-cao", ContentFile(data))
    return file


@pytest.mark.stage("scoring")
def test_a_paper_is_turned_page_by_page_without_leaving_the_criteria(stage: Any) -> None:
    round_, (first, _) = stage
    file, judge = added(first, pages(3)), entered(ONE)
    here = f"/lam-viec/ho-so/{first.pk}/xem/{file.pk}/"
    sheet = judge.get(f"/lam-viec/dot-xet/{round_.pk}/cham/{first.pk}/").content.decode()
    assert f'hx-get="{here}"' in sheet
    second = judge.get(f"{here}?trang=2", headers={"HX-Request": "true"}).content.decode()
    assert "Trang 2/3" in second and f"{here}2/" in second and "<html" not in second
    assert f'hx-get="{here}?trang=1"' in second and f'hx-get="{here}?trang=3"' in second
    last = judge.get(f"{here}?trang=3").content.decode()  # without a script, a page of its own
    assert "<html" in last and "?trang=4" not in last
    picture = judge.get(f"{here}2/")
    assert (picture["Content-Type"], picture.content[:4]) == ("image/webp", b"RIFF")
    assert picture["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert judge.get(f"{here}4/").status_code == 404
    assert "Tệp không có trang 9." in judge.get(f"{here}?trang=9").content.decode()


@pytest.mark.stage("scoring")
def test_a_scan_that_is_a_photo_is_one_page_and_word_is_a_file(stage: Any) -> None:
    round_, (first, second) = stage
    scan = added(first, photo("JPEG", 200, 300), "image/jpeg")
    judge = entered(ONE)
    here = f"/lam-viec/ho-so/{first.pk}/xem/{scan.pk}/"
    assert "Trang 1/1" in judge.get(here).content.decode()
    assert judge.get(f"{here}1/").content[:4] == b"RIFF"
    word = added(second, b"PK", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
    sheet = judge.get(f"/lam-viec/dot-xet/{round_.pk}/cham/{second.pk}/").content.decode()
    assert f"/ho-so/{second.pk}/tep/{word.pk}/" in sheet and f"/xem/{word.pk}/" not in sheet
    assert judge.get(f"/lam-viec/ho-so/{second.pk}/xem/{word.pk}/").status_code == 404


@pytest.mark.stage("scoring")
def test_a_page_is_closed_to_who_may_not_read_the_paper(stage: Any) -> None:
    """Another unit, the province, and a member who has said that the dossier concerns them."""
    round_, (first, second) = stage
    file = added(first, pages(1))
    here = f"/lam-viec/ho-so/{first.pk}/xem/{file.pk}/"
    assert entered(COMMUNE).get(f"{here}1/").status_code == 200
    for name in (OTHER_STAFF, "quantri"):
        assert [entered(name).get(address).status_code for address in (here, f"{here}1/")] == [404, 404], name
    assert entered(ONE).get(f"/lam-viec/ho-so/{second.pk}/xem/{file.pk}/").status_code == 404  # a paper of another dossier
    declare_conflict(round_id=round_.pk, dossier_id=first.pk, reason="Người nhà", actor=person(ONE))
    assert [entered(ONE).get(address).status_code for address in (here, f"{here}1/")] == [404, 404]


@pytest.mark.stage("proposing")
def test_a_packet_is_opened_from_the_page_of_its_round(stage: RecognitionRound) -> None:
    dossier = proposed(stage, rows(1)[0])
    packet = Packet.objects.get(round=stage)
    at, link = f"/lam-viec/dot-xet/{stage.pk}/", f"/lam-viec/de-nghi/{packet.pk}/"
    own = entered(COMMUNE).get(at).content.decode()
    assert link in own and "đang soạn, chưa gửi" in own
    assert link not in entered(OTHER_STAFF).get(at).content.decode()
    send_packet(packet_id=packet.pk, actor=person(COMMUNE))
    for name, page in ((DISTRICT_STAFF, ""), (DISTRICT_LEADER, ""), (DISTRICT_STAFF, "don-vi/"), (COMMUNE, "")):
        assert link in entered(name).get(f"{at}{page}").content.decode(), (name, page)
    assert dossier.packet_id == packet.pk and link not in entered(ONE).get(at).content.decode()


@pytest.mark.stage("proposing")
def test_candidates_are_narrowed_by_their_year_end_verdict(stage: RecognitionRound) -> None:
    first, second, third = rows(3)
    leader = person(DISTRICT_LEADER)
    for row, verdict in ((first, "effective"), (second, "paused")):
        (said,) = say_verdicts(
            registration_ids=[row.pk], verdict=verdict, as_of=date(2023, 9, 10), reason="Theo dõi", evidence="", actor=leader
        )
        assert not said.error
    at = f"/lam-viec/dot-xet/{stage.pk}/de-nghi/"

    def listed(slug: str) -> set[int]:
        response = entered(COMMUNE).get(at, {"dg": slug})
        return {row.registration.pk for row in response.context["rows"]} & {first.pk, second.pk, third.pk}

    assert [listed(slug) for slug in ("hieu-qua", "tam-dung", "ket-thuc", "chua")] == [{first.pk}, {second.pk}, set(), {third.pk}]
    assert "Cuối năm: tạm dừng" in entered(COMMUNE).get(at, {"dg": "tam-dung"}).content.decode()
