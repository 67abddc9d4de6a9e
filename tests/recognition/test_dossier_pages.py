"""A dossier on its pages, from the list of what may be proposed to being thrown away; what each refusal says."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Q

from common.exceptions import NotAllowed
from common.remember import forget
from models_registry.services import withdraw
from organisation.models import Unit, UnitSuccession, UnitVersion
from recognition.enums import DossierAction
from recognition.models import Dossier, DossierFile, RecognitionRound
from recognition.permissions import can_prepare, seat_of
from recognition.selectors.rounds import rounds_visible_to
from recognition.services import (
    advance,
    assign,
    begin_dossier,
    discard_dossier,
    grant_round_extension,
    open_voting,
    write_dossier,
)
from tests.online import person
from tests.pages import entered, last_message, plain, refusal_on, refused
from tests.photos import PDF
from tests.rounds import COMMUNE, DISTRICT_LEADER, DISTRICT_STAFF, JUDGES, complete, do, on, opened, proposed, role, rows, seat

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media", "september")]
STAFF = DISTRICT_STAFF


def at(dossier: Dossier, page: str = "") -> str:
    return f"/lam-viec/ho-so/{dossier.pk}/{page}"


@pytest.mark.stage("proposing")
def test_a_registration_is_proposed_on_the_page(stage: Any) -> None:
    commune, address, row = entered(COMMUNE), f"/lam-viec/dot-xet/{stage.pk}/de-nghi/", rows(1)[0]
    assert row in list(commune.get(address, {"q": row.title}).context["page"])
    for wrong in ("", "x", "999999"):
        nothing = commune.post(address, {"viec": "them", "chon": wrong})
        assert nothing.status_code == (422 if wrong != "999999" else 302)
    made = commune.post(address, {"viec": "them", "chon": str(row.pk), "ly-do": "Tốt"})
    dossier = Dossier.objects.get(round=stage)
    assert (made["Location"], dossier.registration, dossier.reason, dossier.number) == (
        f"/lam-viec/de-nghi/{dossier.packet_id}/",
        row,
        "Tốt",
        1,
    )
    assert entered(JUDGES[0]).get(address).status_code == 404
    assert entered("phanthiet.chuyenvien").post(address, {"viec": "them", "chon": str(row.pk)}).status_code == 404


@pytest.mark.stage("proposing")
def test_before_its_first_day_a_round_takes_no_proposal(stage: Any) -> None:
    RecognitionRound.objects.filter(pk=stage.pk).update(propose_from=date(2023, 9, 11))
    response = entered(COMMUNE).post(f"/lam-viec/dot-xet/{stage.pk}/de-nghi/", {"viec": "them", "chon": str(rows(1)[0].pk)})
    assert (response.status_code, [words.rpartition(": ")[2] for _, words in response.context["errors"]]) == (
        422,
        ["Đợt xét nhận đề nghị từ ngày 11/09/2023."],
    )
    assert Dossier.objects.filter(round=stage).count() == 0


@pytest.mark.stage("scored")
def test_after_scoring_a_round_takes_no_proposal(stage: Any) -> None:
    (round_, _) = stage
    response = entered(COMMUNE).get(f"/lam-viec/dot-xet/{round_.pk}/de-nghi/")
    assert (response["Location"], last_message(response)) == (
        f"/lam-viec/dot-xet/{round_.pk}/",
        "Đợt xét đang ở bước “đối chiếu điểm”, không nhận đề nghị.",
    )
    with refused("Đợt xét đang ở bước “đối chiếu điểm”, không nhận đề nghị."):
        begin_dossier(round_id=round_.pk, registration_id=rows(3)[2].pk, actor=person(COMMUNE))


@pytest.mark.stage("proposing")
def test_what_may_not_be_proposed_is_told(stage: Any) -> None:
    first, second = rows(2)
    ids = {"round_id": stage.pk, "actor": person(COMMUNE)}
    withdraw(registration=first, withdrawn_on=date(2023, 9, 9), actor=None)
    with refused("Chỉ đề nghị được đăng ký đã nhận vào sổ của năm này, chưa rút."):
        begin_dossier(registration_id=first.pk, **ids)
    begin_dossier(registration_id=second.pk, **ids)
    other = opened(basis="Đợt 2")
    Dossier.objects.filter(round=stage).update(round=other, packet=None)
    with refused("Mô hình này đã được đề nghị ở một đợt khác của cấp này."):
        begin_dossier(registration_id=second.pk, **ids)


@pytest.mark.stage("proposing")
def test_a_unit_that_ended_sends_nothing(stage: Any) -> None:
    dossier, heir = proposed(stage, rows(1)[0]), Unit.objects.get(key="ham-thuan-bac/xa-ham-liem")
    UnitVersion.objects.filter(unit=dossier.unit).update(valid_to=date(2023, 9, 5))
    UnitSuccession.objects.filter(predecessor=dossier.unit).delete()
    UnitSuccession.objects.create(predecessor=dossier.unit, successor=heir, effective_on=date(2023, 9, 5), kind="merge")
    forget()
    role("duclinh.chuyenvien", "can-bo-co-so", heir.key)
    with refused("Đơn vị đề nghị đã kết thúc. Hồ sơ giữ nguyên; xin đơn vị kế thừa đề nghị."):
        do(dossier, DossierAction.SEND, "duclinh.chuyenvien")
    assert Dossier.objects.get(pk=dossier.pk).state == "preparing"


@pytest.mark.stage("proposing")
def test_the_summary_is_written_up_to_its_limit(stage: Any) -> None:
    dossier, commune = proposed(stage, rows(1)[0]), entered(COMMUNE)
    saved = commune.post(at(dossier, "buoc/"), {"viec": "tom-tat", "tom-tat": " 60 hộ trồng hoa. "})
    assert (saved["Location"], last_message(saved)) == (at(dossier), "Đã lưu tóm tắt.")
    long = commune.post(at(dossier, "buoc/"), {"viec": "tom-tat", "tom-tat": "x" * 5001})
    assert (long.status_code, refusal_on(long)) == (409, "Tóm tắt dài quá 5000 ký tự.")
    assert "x" * 5001 in long.content.decode()  # what was typed is still there to be shortened
    assert Dossier.objects.get(pk=dossier.pk).summary == "60 hộ trồng hoa."
    with refused("Vai trò của đồng chí không lập hồ sơ của đơn vị này.", NotAllowed):
        write_dossier(dossier_id=dossier.pk, summary="Khác", actor=person(DISTRICT_LEADER))


@pytest.mark.stage("proposing")
def test_papers_are_sent_on_the_page(stage: Any) -> None:
    dossier, commune = proposed(stage, rows(1)[0]), entered(COMMUNE)
    address, back = at(dossier, "giay-to/"), at(dossier) + "?o=giay-to#giay-to"
    sent = commune.post(address, {"loai": "evidence", "tep": SimpleUploadedFile("to-1.pdf", PDF)})
    assert (sent["Location"], last_message(sent)) == (back, "Đã nhận minh chứng: to-1.pdf.")
    assert last_message(commune.post(address, {"loai": "evidence"})) == "Chưa chọn tệp nào."
    common = commune.post(address, {"loai": "proposal", "tep": SimpleUploadedFile("to-2.pdf", PDF)})
    assert last_message(common) == "Đã nhận tờ trình: to-2.pdf."
    files = DossierFile.objects.filter(Q(dossier=dossier) | Q(packet=dossier.packet)).order_by("kind")
    kept = files.values_list("kind", "file_name", "packet")
    assert list(kept) == [("evidence", "to-1.pdf", None), ("proposal", "to-2.pdf", dossier.packet_id)]
    assert entered(DISTRICT_LEADER).post(address, {"loai": "proposal"}).status_code == 404


@pytest.mark.stage("proposing")
def test_a_dossier_never_sent_is_thrown_away_on_the_page(stage: Any) -> None:
    dossier, commune = proposed(stage, rows(1)[0]), entered(COMMUNE)
    assert commune.post(at(dossier, "buoc/"), {"viec": "doi-ten"}).status_code == 404
    with refused("Vai trò của đồng chí không lập hồ sơ của đơn vị này.", NotAllowed):
        discard_dossier(dossier_id=dossier.pk, actor=person(DISTRICT_LEADER))
    gone = commune.post(at(dossier, "buoc/"), {"viec": "xoa"})
    assert (gone["Location"], last_message(gone)) == (f"/lam-viec/de-nghi/{dossier.packet_id}/", "Đã xóa hồ sơ chưa gửi.")
    assert Dossier.objects.filter(round=stage).count() == 0


@pytest.mark.stage("proposing")
def test_only_who_runs_the_round_takes_a_dossier_as_complete(stage: Any) -> None:
    sent = do(proposed(stage, rows(1)[0]), DossierAction.SEND, COMMUNE)
    assert entered(COMMUNE).post(at(sent, "buoc/"), {"viec": "du"}).status_code == 404
    with refused("Vai trò của đồng chí không xem xét hồ sơ của đợt này.", NotAllowed):
        do(sent, DossierAction.COMPLETE, COMMUNE)
    withdraw(registration=sent.registration, withdrawn_on=date(2023, 9, 10), actor=None)
    with refused("Đăng ký đã rút nên không đưa vào thẩm định được."):
        do(sent, DossierAction.COMPLETE, STAFF)
    assert Dossier.objects.get(pk=sent.pk).state == "sent"


@pytest.mark.stage("meeting")
def test_nothing_is_withdrawn_once_the_council_votes(stage: Any) -> None:
    (round_, (first, _)) = stage
    with on(10, 5):
        open_voting(round_id=round_.pk, actor=person(STAFF))
        with refused("Hội đồng đã biểu quyết nên không rút hồ sơ được nữa."):
            do(first, DossierAction.WITHDRAW, COMMUNE, "Rút")
    assert Dossier.objects.get(pk=first.pk).state == "complete"


def test_a_dossier_out_of_a_list_has_no_way_on_the_portal() -> None:
    listed = Dossier.objects.filter(round=None)[0]
    assert can_prepare(person(STAFF), listed) is False
    with refused("Hồ sơ này nạp từ danh sách, không thuộc đợt xét nào trên cổng."):
        do(listed, DossierAction.WITHDRAW, STAFF, "Rút")


@pytest.mark.stage("proposing")
def test_who_is_not_logged_in_has_no_seat_and_sees_no_round(stage: Any) -> None:
    from django.contrib.auth.models import AnonymousUser

    assert seat_of(AnonymousUser(), stage) is None
    assert list(rounds_visible_to(AnonymousUser())) == []


@pytest.mark.stage("proposing")
def test_more_time_is_for_units_of_the_round(stage: Any) -> None:
    with refused("Đơn vị này không đề nghị trong đợt xét này."):
        grant_round_extension(
            round_id=stage.pk, unit=Unit.objects.get(key="duc-linh"), until=date(2023, 9, 25), reason="Bão", actor=person(STAFF)
        )


@pytest.mark.stage("proposing")
def test_a_dossier_nobody_scores_keeps_the_round_from_going_on(stage: Any) -> None:
    complete(stage, rows(1)[0])
    with refused("Còn 1 hồ sơ chưa phân công cho ai chấm."):
        advance(round_id=stage.pk, actor=person(STAFF))
    assign(
        round_id=stage.pk,
        member_ids=[seat(stage, JUDGES[0]).pk],
        dossier_ids=[Dossier.objects.get(round=stage).pk],
        actor=person(STAFF),
    )
    assert advance(round_id=stage.pk, actor=person(STAFF)).phase == "scoring"


def test_a_round_whose_days_to_propose_are_over_does_not_open() -> None:
    round_ = opened()
    with on(9, 21), refused("Hạn nhận đề nghị đã qua. Xin sửa ngày, hoặc lập đợt khác."):
        advance(round_id=round_.pk, actor=person(STAFF))
    assert RecognitionRound.objects.get(pk=round_.pk).phase == "preparing"


@pytest.mark.stage("scoring", count=1)
def test_no_link_leads_a_reader_of_the_dossier_to_a_packet_that_is_not_theirs(stage: Any) -> None:
    _, (dossier,) = stage
    packet = f"/lam-viec/de-nghi/{dossier.packet_id}/"
    for name, status in ((JUDGES[1], 404), (COMMUNE, 200), (STAFF, 200)):
        client = entered(name)
        assert client.get(packet).status_code == status
        assert (packet in client.get(at(dossier)).content.decode()) == (status == 200)


@pytest.mark.stage("proposing")
def test_who_looks_dossiers_over_goes_from_one_to_the_next(stage: RecognitionRound) -> None:
    first, second, third = [do(proposed(stage, row), DossierAction.SEND, COMMUNE) for row in rows(3)]
    staff = entered(DISTRICT_STAFF)

    def looked_at(dossier: Dossier, **form: str) -> str:
        return staff.post(f"/lam-viec/ho-so/{dossier.pk}/buoc/", form)["Location"]

    assert looked_at(second, viec="du") == f"/lam-viec/ho-so/{third.pk}/"
    assert looked_at(third, viec="tra-lai", **{"ly-do": "Thiếu số đo"}) == f"/lam-viec/ho-so/{first.pk}/"
    assert looked_at(first, viec="du") == f"/lam-viec/ho-so/{first.pk}/"  # nothing waits any more


@pytest.mark.stage("scoring", count=1)
def test_a_unit_that_did_not_score_itself_is_said_to_have_not(stage: Any) -> None:
    _, (only,) = stage
    page = plain(entered(STAFF).get(f"/lam-viec/ho-so/{only.pk}/").content.decode())
    assert "Đơn vị không tự chấm." in page and "– / 10" not in page
