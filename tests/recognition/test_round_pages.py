"""A round on its pages: opened, given more time, moved on to its end; who sees scores and sheets when."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from recognition.models import RecognitionRound, RoundExtension, ScoreSheet
from recognition.services import advance, ensure_criteria
from tests.online import person
from tests.pages import entered, last_message, refusal_on
from tests.rounds import COMMUNE, DISTRICT_LEADER, DISTRICT_STAFF, JUDGES, score

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media", "september")]
STAFF = DISTRICT_STAFF
DAYS = {
    "propose_from": "11/9/2023",
    "propose_until": "20/9/2023",
    "score_until": "30/9/2023",
    "meet_on": "5/10/2023",
    "decide_by": "12/10/2023",
}


def at(round_: RecognitionRound, page: str = "") -> str:
    return f"/lam-viec/dot-xet/{round_.pk}/{page}"


def form_of(**other: str) -> dict[str, str]:
    return (
        {"unit": "ham-thuan-bac", "criteria": str(ensure_criteria().pk), "basis": "KH 10", "spread_limit": "7,5"} | DAYS | other
    )


def test_a_round_is_opened_on_the_page() -> None:
    staff = entered(STAFF)
    opened = staff.post("/lam-viec/dot-xet/mo/2023/", form_of(quota_total="12"))
    made = RecognitionRound.objects.latest("pk")
    assert (opened["Location"], last_message(opened)) == (at(made), "Đã lập đợt xét. Lập hội đồng, rồi mở nhận đề nghị.")
    assert (made.unit.key, made.propose_from, made.decide_by, made.quota_total, made.spread_limit, made.phase) == (
        "ham-thuan-bac",
        date(2023, 9, 11),
        date(2023, 10, 12),
        12,
        Decimal("7.5"),
        "preparing",
    )
    assert entered(COMMUNE).get("/lam-viec/dot-xet/mo/2023/").status_code == 404
    assert staff.get("/lam-viec/dot-xet/mo/1999/").status_code == 404


@pytest.mark.parametrize(
    "changed, field, words",
    [
        (
            {"propose_until": "10/9/2023"},
            "propose_from",
            "Nhận đề nghị đến hết ngày (10/09/2023) phải từ nhận đề nghị từ ngày (11/09/2023) trở đi.",
        ),
        ({"spread_limit": "nhiều"}, "spread_limit", "Chênh lệch điểm phải xem lại: viết một số như 7 hoặc 7,5."),
        ({"spread_limit": ""}, "spread_limit", "Chênh lệch điểm phải xem lại: chưa ghi."),
        ({"meet_on": ""}, "meet_on", "Họp hội đồng ngày: chưa ghi."),
    ],
    ids=["days", "number", "no-number", "no-day"],
)
def test_what_keeps_a_round_from_being_opened_stands_at_its_field(changed: dict[str, str], field: str, words: str) -> None:
    before = RecognitionRound.objects.count()
    response = entered(STAFF).post("/lam-viec/dot-xet/mo/2023/", form_of(**changed))
    assert (response.status_code, response.context["errors"]) == (422, [(f"id_{field}", words)])
    assert RecognitionRound.objects.count() == before


@pytest.mark.stage("proposing")
def test_a_unit_is_given_more_time_on_the_page(stage: Any) -> None:
    staff, address = entered(STAFF), at(stage, "gia-han/")
    form = {"unit": "ham-thuan-bac/xa-ham-hiep", "until": "25/9/2023", "reason": "Bão số 3"}
    late = staff.post(address, form | {"until": "1/10/2023"})
    words = "Gia hạn không quá ngày cuối thẩm định (30/09/2023)."
    assert (late.status_code, late.context["errors"]) == (422, [("id_until", words)])
    given = staff.post(address, form)
    assert (given["Location"], last_message(given)) == (address, "Đã gia hạn.")
    extension = RoundExtension.objects.get(round=stage)
    assert (extension.unit.key, extension.until, extension.reason) == (form["unit"], date(2023, 9, 25), "Bão số 3")
    assert entered(DISTRICT_LEADER).get(address).status_code == 404


@pytest.mark.stage("published", count=1)
def test_a_round_is_closed_on_the_page_and_goes_no_further(stage: Any) -> None:
    round_ = stage[0].round
    staff, address = entered(STAFF), at(round_, "chuyen-buoc/")
    stale = staff.post(address, {"tu": "meeting"})
    assert (stale.status_code, refusal_on(stale)) == (409, "Đợt xét đã sang bước “ra quyết định”.")
    assert last_message(staff.post(address, {"tu": "deciding"})) == "Đợt xét đã sang bước “đã xong”."
    assert staff.get(address)["Location"] == at(round_)


@pytest.mark.stage("scoring", count=1)
def test_a_member_is_led_from_the_round_to_what_is_given_to_judge(stage: Any) -> None:
    round_, _ = stage
    page = entered(JUDGES[0]).get(f"/lam-viec/dot-xet/{round_.pk}/").content.decode()
    assert "Hồ sơ để chấm có trang riêng" in page and "0 hồ sơ" not in page


@pytest.mark.stage("scoring", count=1)
def test_the_last_sheet_leads_back_to_the_list(stage: Any) -> None:
    (round_, (only,)) = stage
    judge, address = entered(JUDGES[0]), at(round_, f"cham/{only.pk}/")
    ids = list(round_.criteria.criteria.values_list("pk", flat=True))
    form = {f"p{pk}": text for pk, text in zip(ids, ("10", "18", "13", "22", "9", "8", "8"), strict=True)}
    saved = judge.post(address, form | {"viec": "luu"})
    assert (saved["Location"], last_message(saved)) == (address, "Đã lưu.")
    assert ScoreSheet.objects.get(dossier=only).state == "draft"
    handed_in = judge.post(address, form)
    assert (handed_in["Location"], last_message(handed_in)) == (at(round_, "cham/"), "Đã nộp phiếu hồ sơ 1.")
    assert ScoreSheet.objects.get(dossier=only).state == "sent"


@pytest.mark.stage("scoring", count=1)
def test_scores_are_ranked_for_the_council_and_its_body_once_they_are_compared(stage: Any) -> None:
    (round_, (only,)) = stage
    assert entered(STAFF).get(at(round_, "diem/")).status_code == 404
    for judge in JUDGES:
        score(round_, only, judge)
    advance(round_id=round_.pk, actor=person(STAFF))
    assert [entered(name).get(at(round_, "diem/")).status_code for name in (STAFF, JUDGES[0], COMMUNE)] == [200, 200, 404]


@pytest.mark.stage("scored", count=1)
def test_ones_own_sheets_alone_are_printed_when_asked_for(stage: Any) -> None:
    (round_, _) = stage
    judge, address = entered(JUDGES[0]), at(round_, "phieu-cham/")
    assert judge.get(address, {"cua-toi": ""})["Content-Disposition"] == 'attachment; filename="phieu-cham-2023.docx"'
    assert entered(STAFF).get(address, {"cua-toi": ""}).status_code == 404  # has none


@pytest.mark.stage("proposing")
def test_no_sheets_before_scoring(stage: Any) -> None:
    assert entered(STAFF).get(at(stage, "phieu-cham/")).status_code == 404
