"""Official scores and the cut line on their pages: who gives them, until when, what a difference needs."""

from decimal import Decimal
from typing import Any

import pytest

from common.exceptions import NotAllowed
from recognition.models import CouncilMember, Dossier, RecognitionRound
from recognition.selectors.scoring import three_scores
from recognition.services import Typed, declare_conflict, move_cut, open_voting, save_official
from tests.online import person
from tests.pages import entered, last_message, refusal_on, refused
from tests.rounds import COMMUNE, DISTRICT_LEADER, DISTRICT_STAFF, JUDGES, on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media", "meeting_day")]
STAFF = DISTRICT_STAFF


def at(round_: RecognitionRound, page: str) -> str:
    return f"/lam-viec/dot-xet/{round_.pk}/{page}/"


@pytest.mark.stage("scored")
def test_official_scores_on_the_page_say_what_differs(stage: Any) -> None:
    (round_, (first, second)) = stage
    staff, address = entered(STAFF), at(round_, f"diem/{second.pk}")
    points = {line.criterion.pk: str(line.members).split(".")[0] for line in three_scores(second)}
    form = {f"p{pk}": text for pk, text in points.items()}
    changed = next(iter(points))
    wrong = staff.post(address, form | {f"p{changed}": "9"})
    name = three_scores(second)[0].criterion.name
    words = f"{name}: khác trung bình của các thành viên, xin ghi lý do."
    assert (wrong.status_code, wrong.context["errors"]) == (422, [(f"id_p{changed}", words)])
    assert next(points for _, points, _, _ in wrong.context["lines"]) == "9"
    saved = staff.post(address, form | {f"p{changed}": "9", f"n{changed}": "Đã xem tận nơi"})
    assert (saved.status_code, saved["Location"], last_message(saved)) == (302, address, "Đã lưu điểm chính thức.")
    line = three_scores(second)[0]
    assert (line.members, line.official, line.reason) == (Decimal(10), Decimal(9), "Đã xem tận nơi")
    assert three_scores(first)[0].official is None


@pytest.mark.stage("scored")
def test_who_does_not_serve_reads_the_three_scores_and_gives_none(stage: Any) -> None:
    (round_, (first, _)) = stage
    address = at(round_, f"diem/{first.pk}")
    assert entered(COMMUNE).get(address).status_code == 404
    for name in (DISTRICT_LEADER, JUDGES[0]):
        reader = entered(name)
        assert [line.members for line, *_ in reader.get(address).context["lines"]][:3] == [Decimal(10), Decimal(18), Decimal(13)]
        assert reader.post(address, {}).status_code == 404
    assert {line.official for line in three_scores(first)} == {None}


@pytest.mark.stage("meeting")
def test_official_scores_end_when_voting_opens(stage: Any) -> None:
    (round_, (first, _)) = stage
    open_voting(round_id=round_.pk, actor=person(STAFF))
    response = entered(STAFF).post(at(round_, f"diem/{first.pk}"), {})
    assert (response.status_code, refusal_on(response)) == (
        409,
        "Điểm chính thức ghi từ bước đối chiếu điểm đến trước khi mở biểu quyết.",
    )


@pytest.mark.stage("scored")
def test_a_secretary_with_an_interest_gives_no_official_scores(stage: Any) -> None:
    (round_, (first, _)) = stage
    secretary = CouncilMember.objects.get(round=round_, user__username=JUDGES[2])
    CouncilMember.objects.filter(pk=secretary.pk).update(task="secretary")
    with on(9, 10):
        declare_conflict(round_id=round_.pk, dossier_id=first.pk, reason="Chị gái làm mô hình", actor=person(JUDGES[2]))
    with refused("Đồng chí có liên quan đến hồ sơ này nên không ghi điểm chính thức.", NotAllowed):
        save_official(dossier_id=first.pk, typed={}, actor=person(JUDGES[2]))


def test_a_dossier_out_of_a_list_takes_no_official_scores() -> None:
    listed = Dossier.objects.filter(round=None).first()
    assert listed is not None
    with refused("Hồ sơ này không thuộc đợt xét nào trên cổng."):
        save_official(dossier_id=listed.pk, typed={1: Typed("9")}, actor=person(STAFF))


@pytest.mark.stage("scored", count=3)
def test_the_cut_line_on_the_page(stage: Any) -> None:
    (round_, _) = stage
    staff, address = entered(STAFF), at(round_, "vach")
    for typed, said, kept in (
        ("hai", "“hai” không phải một số.", None),
        ("4", "Vạch chọn phải từ 0 đến 3.", None),
        ("2", "Đã đặt vạch sau 2 hồ sơ.", 2),
        ("", "Đã bỏ vạch chọn.", None),
    ):
        response = staff.post(address, {"vach": typed})
        assert (response["Location"], last_message(response)) == (at(round_, "diem"), said)
        assert RecognitionRound.objects.get(pk=round_.pk).cut_after == kept
    assert entered(DISTRICT_LEADER).post(address, {"vach": "1"}).status_code == 404


@pytest.mark.stage("proposing")
def test_no_cut_line_before_the_scores_are_compared(stage: Any) -> None:
    with on(9, 10), refused("Vạch chọn đặt được từ bước đối chiếu điểm đến khi ra quyết định."):
        move_cut(round_id=stage.pk, above=1, actor=person(STAFF))
