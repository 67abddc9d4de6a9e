"""A unit's word against a refusal and its answer, on the dossier's page; what keeps a round from closing."""

from datetime import date
from typing import Any

import pytest

from models_registry.services import withdraw
from recognition.models import Appeal, Decision, Dossier, Meeting, Recognition, RecognitionRound
from recognition.services import (
    advance,
    appeal,
    check_draft,
    problems_of,
    publish,
)
from recognition.transitions import InvalidTransition
from tests.online import person
from tests.pages import entered, last_message, refusal_on, refused
from tests.rounds import COMMUNE, DISTRICT_LEADER, DISTRICT_STAFF, drafted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media", "decision_day")]
STAFF, LEADER = DISTRICT_STAFF, DISTRICT_LEADER


def at(dossier: Dossier) -> str:
    return f"/lam-viec/ho-so/{dossier.pk}/kien-nghi/"


@pytest.mark.stage("published", against=(1,))
def test_a_unit_appeals_and_the_leader_answers_on_the_dossiers_page(stage: Any) -> None:
    (_, (_, refused_one)) = stage
    commune, leader = entered(COMMUNE), entered(LEADER)
    none = leader.post(at(refused_one), {"viec": "tra-loi", "ket-qua": "chap-nhan", "loi": "Được"})
    assert refusal_on(none) == "Hồ sơ này không có kiến nghị."
    short = commune.post(at(refused_one), {"loi": "Chưa rõ"})
    assert refusal_on(short) == "Xin ghi kiến nghị điều gì và vì sao."
    assert Appeal.objects.count() == 0
    sent = commune.post(at(refused_one), {"loi": "Xin xem lại kết quả đo được"})
    assert (sent["Location"], last_message(sent)) == (f"/lam-viec/ho-so/{refused_one.pk}/#ket-qua", "Đã gửi kiến nghị.")
    assert commune.post(at(refused_one), {"viec": "tra-loi", "loi": "Được"}).status_code == 404
    bare = leader.post(at(refused_one), {"viec": "tra-loi", "ket-qua": "chap-nhan", "loi": " "})
    assert refusal_on(bare) == "Xin ghi lời trả lời để đơn vị biết lý do."
    assert 'id="kq_nhan" value="chap-nhan" checked' in " ".join(bare.content.decode().split())
    answered = leader.post(at(refused_one), {"viec": "tra-loi", "ket-qua": "giu-nguyen", "loi": "Số liệu chưa có minh chứng"})
    assert last_message(answered) == "Đã trả lời đơn vị."
    made = Appeal.objects.get()
    assert (made.words, made.answer, made.is_upheld, made.answered_on) == (
        "Xin xem lại kết quả đo được",
        "Số liệu chưa có minh chứng",
        False,
        date(2023, 10, 10),
    )
    assert entered("duclinh.chuyenvien").post(at(refused_one), {"loi": "Của đơn vị khác"}).status_code == 404


@pytest.mark.stage("published", against=(1,))
def test_a_round_that_is_closed_takes_no_appeal(stage: Any) -> None:
    (decision, (_, refused_one)) = stage
    RecognitionRound.objects.filter(pk=decision.round_id).update(phase="closed")
    with refused("Đợt xét đã xong nên không nhận kiến nghị nữa."):
        appeal(dossier_id=refused_one.pk, words="Xin xem lại kết quả đo được", actor=person(COMMUNE))


@pytest.mark.stage("published", count=1)
def test_a_closed_round_goes_no_further(stage: Any) -> None:
    (decision, _) = stage
    advance(round_id=decision.round_id, actor=person(STAFF))
    with refused("Đợt xét đang ở bước “đã xong”, chưa chuyển tiếp được.", InvalidTransition):
        advance(round_id=decision.round_id, actor=person(STAFF))
    assert RecognitionRound.objects.get(pk=decision.round_id).phase == "closed"


@pytest.mark.stage("voted")
def test_a_draft_names_a_model_that_is_recognised_already_and_one_that_was_withdrawn(stage: Any) -> None:
    (round_, (first, second)) = stage
    draft = drafted(round_)
    old = Decision.objects.create(
        number="7-QĐ/HU", decided_on=date(2023, 9, 30), issuer=round_.unit, issuer_name="Huyện ủy", level=round_.level
    )
    Recognition.objects.create(registration=first.registration, decision=old, level=round_.level, title="Tên")
    withdraw(registration=second.registration, withdrawn_on=date(2023, 10, 9), actor=None)
    assert problems_of(draft) == [
        f"“{first.registration.title}” đã được công nhận ở cấp này trong năm thi đua, theo Quyết định số 7-QĐ/HU.",
        f"“{second.registration.title}”: đăng ký đã rút ngày 09/10/2023.",
    ]


@pytest.mark.stage("voted", count=1)
def test_a_decision_is_not_dated_before_the_council_had_voted(stage: Any) -> None:
    """The meeting was on the fifth; its votes were closed on the seventh only."""
    (round_, _) = stage
    draft = drafted(round_, day=date(2023, 10, 6))
    assert problems_of(draft) == []
    meeting = Meeting.objects.get(round=round_)
    Meeting.objects.filter(pk=meeting.pk).update(closed_at=meeting.closed_at.replace(day=7))
    assert problems_of(draft) == ["Ngày quyết định 06/10/2023 trước ngày hội đồng biểu quyết xong 07/10/2023."]


@pytest.mark.stage("voted", count=1)
def test_nothing_is_published_once_the_round_is_closed(stage: Any) -> None:
    (round_, _) = stage
    draft = drafted(round_)
    check_draft(draft_id=draft.pk, actor=person(LEADER))
    RecognitionRound.objects.filter(pk=round_.pk).update(phase="closed")
    with refused("Đợt xét đang ở bước “đã xong”, không ban hành được nữa.", InvalidTransition):
        publish(draft_id=draft.pk, actor=person(LEADER))
    assert Decision.objects.filter(round=round_).count() == 0
