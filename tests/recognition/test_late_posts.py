"""A form that is sent from a page opened before its phase closed: why it was not taken, where things stand, nothing typed lost."""

import html
import re
from datetime import date
from typing import Any

import pytest

from models_registry.models import Registration
from recognition.models import Appeal, Decision, Dossier, RecognitionRound
from recognition.services import close_voting, open_voting
from tests.online import person, sent
from tests.pages import entered
from tests.rounds import COMMUNE, DISTRICT_STAFF, on, rows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
WORDS = "Chữ viết sau khi trang khác đã đóng"


def said(response: Any) -> str:
    return re.sub(r"\s+", " ", html.unescape(response.content.decode()))


def move(round_: RecognitionRound, phase: str) -> None:
    RecognitionRound.objects.filter(pk=round_.pk).update(phase=phase)


def test_a_return_of_what_another_accepted_keeps_its_words() -> None:
    row = sent()
    Registration.objects.filter(pk=row.pk).update(state="withdrawn", withdrawn_on=date(2023, 9, 1))
    answer = entered("hamthuanbac.chuyenvien").post(
        f"/lam-viec/dang-ky/{row.pk}/xet/", {"viec": "tra-lai", "ly-do-3": "khac", "loi-3": WORDS, "loi": "Xin gửi lại sớm"}
    )
    assert answer.status_code == 409
    assert f"<b>Mục 3:</b> {WORDS}" in said(answer) and "<b>Lời chung:</b> Xin gửi lại sớm" in said(answer)


@pytest.mark.stage("proposing")
def test_a_proposal_keeps_what_was_chosen(stage: Any) -> None:
    (row,) = rows(1)
    move(stage, "scoring")
    answer = entered(COMMUNE).post(
        f"/lam-viec/dot-xet/{stage.pk}/de-nghi/", {"viec": "them", "chon": str(row.pk), "ly-do": WORDS}
    )
    assert answer.status_code == 422
    assert "Đợt xét đang ở bước “thẩm định độc lập”, không nhận đề nghị." in said(answer)
    assert re.search(rf'value="{row.pk}"[^>]* checked', said(answer)) and f'href="/lam-viec/dot-xet/{stage.pk}/"' in said(answer)
    assert not Dossier.objects.filter(registration=row).exists()


@pytest.mark.stage("scoring", count=1)
def test_a_dossier_sent_back_too_late_keeps_why(stage: Any) -> None:
    round_, (dossier,) = stage
    Dossier.objects.filter(pk=dossier.pk).update(state="sent")
    move(round_, "meeting")
    answer = entered(DISTRICT_STAFF).post(
        f"/lam-viec/ho-so/{dossier.pk}/buoc/", {"viec": "tra-lai", "ly-do": WORDS, "thieu-evidence": "Thiếu ảnh"}
    )
    assert answer.status_code == 409
    assert f"<b>Lý do:</b> {WORDS}" in said(answer) and "<b>Minh chứng:</b> Thiếu ảnh" in said(answer)
    assert f'href="/lam-viec/dot-xet/{round_.pk}/">Xem đợt xét đang ở bước nào' in said(answer)
    assert "chỗ cần sửa" not in said(answer)  # there is nothing to mend


@pytest.mark.stage("scoring", count=1)
def test_scores_of_a_phase_that_is_over_stay_on_the_page(stage: Any) -> None:
    round_, (dossier,) = stage
    first = round_.criteria.criteria.first()
    move(round_, "meeting")
    answer = entered("hoidong1").post(
        f"/lam-viec/dot-xet/{round_.pk}/cham/{dossier.pk}/", {"viec": "nop", f"p{first.pk}": "7,25", f"n{first.pk}": WORDS}
    )
    assert answer.status_code == 409
    assert (
        "đang ở bước “họp hội đồng”, không chấm được" in said(answer) and 'value="7,25"' in said(answer) and WORDS in said(answer)
    )
    assert f'href="/lam-viec/dot-xet/{round_.pk}/">Xem đợt xét đang ở bước nào' in said(answer)
    assert "Điểm vừa ghi chưa lưu được." in said(answer)  # the foot says nothing of what was saved before


@pytest.mark.stage("meeting", count=1)
def test_a_vote_after_the_count_shows_what_was_chosen_and_where_the_result_is(stage: Any) -> None:
    round_, (dossier,) = stage
    with on(10, 5):
        open_voting(round_id=round_.pk, actor=person(DISTRICT_STAFF))
        close_voting(round_id=round_.pk, even_so=True, actor=person(DISTRICT_STAFF))
        answer = entered("hoidong1").post(f"/lam-viec/dot-xet/{round_.pk}/bieu-quyet/", {f"h{dossier.pk}": "against"})
    assert answer.status_code == 409
    assert re.search(r'value="against" checked', said(answer))
    assert "Đã đóng biểu quyết, phiếu vừa chọn không ghi được nữa; còn trên trang." in said(answer)
    assert "Sửa được đến khi đóng biểu quyết" not in said(answer)
    assert said(answer).count(f'href="/lam-viec/dot-xet/{round_.pk}/hop/">trang họp hội đồng') == 1


@pytest.mark.stage("published", count=1, against=(1,))
def test_an_appeal_past_its_day_keeps_its_words(stage: Any) -> None:
    decision, (dossier,) = stage
    assert isinstance(decision, Decision)
    answer = entered(COMMUNE).post(f"/lam-viec/ho-so/{dossier.pk}/kien-nghi/", {"loi": WORDS})
    assert answer.status_code == 409
    assert WORDS in said(answer) and f'href="/lam-viec/dot-xet/{decision.round_id}/">Xem' in said(answer)
    assert not Appeal.objects.exists()
