"""The council's pages: seats given and ended, who scores what, by hand and evenly; what each refusal says."""

import re
from datetime import date
from typing import Any

import pytest

from common.exceptions import NotAllowed
from organisation.models import User
from recognition.enums import Phase
from recognition.models import Assignment, CouncilMember, RecognitionRound, ScoreSheet
from recognition.selectors.council import assignment_board
from recognition.services import (
    assign,
    assign_evenly,
    declare_conflict,
    remove_member,
    save_scores,
    seat_member,
    unassign,
)
from tests.online import person
from tests.pages import entered, last_message, refused
from tests.rounds import COMMUNE, DISTRICT_LEADER, DISTRICT_STAFF, JUDGES, proposed, rows, seat, typed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media", "september")]
STAFF = DISTRICT_STAFF


def at(round_: RecognitionRound, page: str = "hoi-dong") -> str:
    return f"/lam-viec/dot-xet/{round_.pk}/{page}/"


@pytest.mark.stage("proposing")
def test_a_seat_is_given_on_the_page(stage: Any) -> None:
    form = {"username": "hamthuanbac.lanhdao", "task": "deputy", "ends_on": "31/12/2023"}
    response = entered(STAFF).post(at(stage), form)
    assert (response.status_code, response["Location"]) == (302, at(stage))
    assert last_message(response) == "Đã thêm Lãnh đạo Huyện ủy Hàm Thuận Bắc vào hội đồng."
    member = seat(stage, "hamthuanbac.lanhdao")
    assert (member.task, member.starts_on, member.ends_on) == ("deputy", date(2023, 9, 10), date(2023, 12, 31))


@pytest.mark.stage("proposing")
@pytest.mark.parametrize(
    "form, field, words",
    [
        (
            {"username": "khong.co", "task": "member"},
            "username",
            "Không có tài khoản này. Nhờ quản trị lập tài khoản trước.",
        ),
        ({"username": DISTRICT_LEADER, "task": "chair"}, "task", "Hội đồng đã có Chủ tịch."),
        ({"username": "", "task": "member"}, "username", "Tên đăng nhập: chưa ghi."),
        (
            {"username": DISTRICT_LEADER, "task": "member", "ends_on": "31/9"},
            "ends_on",
            "Ngày “31/9” không có thật; viết ngày/tháng/năm.",
        ),
    ],
    ids=["no-account", "second-chair", "no-name", "no-day"],
)
def test_what_keeps_a_seat_from_being_given_stands_at_its_field(stage: Any, form: dict[str, str], field: str, words: str) -> None:
    response = entered(STAFF).post(at(stage), form)
    assert (response.status_code, response.context["errors"]) == (422, [(f"id_{field}", words)])
    assert CouncilMember.objects.filter(round=stage).count() == len(JUDGES)


@pytest.mark.stage("proposing")
def test_a_seat_is_for_a_known_task_and_an_account_that_is_open(stage: Any) -> None:
    with refused("Không có nhiệm vụ ấy trong hội đồng."):
        seat_member(round_id=stage.pk, user=person(DISTRICT_LEADER), task="guest", actor=person(STAFF))
    User.objects.filter(username=DISTRICT_LEADER).update(is_active=False)
    with refused("Tài khoản này đã khóa."):
        seat_member(round_id=stage.pk, user=person(DISTRICT_LEADER), task="member", actor=person(STAFF))


@pytest.mark.stage("proposing")
def test_a_seat_ends_on_the_page_with_a_reason(stage: Any) -> None:
    staff, member = entered(STAFF), seat(stage, JUDGES[1])
    silent = staff.post(at(stage), {"thoi": str(member.pk), "ly-do": " "})
    assert silent.context["errors"] == [(f"ly_{member.pk}", "Xin ghi lý do thôi tham gia.")]
    assert seat(stage, JUDGES[1]).removed_at is None
    response = staff.post(at(stage), {"thoi": str(member.pk), "ly-do": "Nghỉ hưu"})
    assert last_message(response) == "Đã ghi thôi tham gia. Điểm đã nộp vẫn giữ và được đánh dấu."
    member = seat(stage, JUDGES[1])
    assert (member.removed_why, member.removed_at is None) == ("Nghỉ hưu", False)
    again = remove_member(member_id=member.pk, why="Lý do khác", actor=person(STAFF))  # a second tap
    assert (again.removed_why, again.removed_at) == ("Nghỉ hưu", member.removed_at)
    for wrong in ("", "x", "999999"):
        assert staff.post(at(stage), {"thoi": wrong, "ly-do": "Nghỉ hưu"}).status_code == 404


@pytest.mark.stage("proposing")
def test_only_who_runs_the_round_comes_to_the_councils_pages(stage: Any) -> None:
    for name in (COMMUNE, DISTRICT_LEADER, JUDGES[0], "phanthiet.chuyenvien"):
        visitor = entered(name)
        assert [visitor.get(at(stage, page)).status_code for page in ("hoi-dong", "phan-cong")] == [404, 404]
        assert visitor.post(at(stage), {"username": name, "task": "member"}).status_code == 404
    assert CouncilMember.objects.filter(round=stage).count() == len(JUDGES)


def given_to(round_: RecognitionRound) -> dict[str, list[int | None]]:
    """username -> the numbers of the dossiers that they score."""
    found = Assignment.objects.filter(dossier__round=round_).order_by("member", "dossier__number")
    by_member: dict[str, list[int | None]] = {}
    for name, number in found.values_list("member__user__username", "dossier__number"):
        by_member.setdefault(name, []).append(number)
    return by_member


@pytest.mark.stage("scoring")
def test_dossiers_are_taken_from_a_member_and_given_back_on_the_page(stage: Any) -> None:
    (round_, (first, second)) = stage
    staff, address, member = entered(STAFF), at(round_, "phan-cong"), seat(round_, JUDGES[2])
    taken = staff.post(f"{address}?trang=1", {"cap": f"{member.pk}-{first.pk}", "so": "2"})
    assert (taken["Location"], last_message(taken)) == (f"{address}?so=2&trang=1", "Đã bỏ phân công.")
    assert given_to(round_) == {JUDGES[0]: [1, 2], JUDGES[1]: [1, 2], JUDGES[2]: [2]}
    gone = staff.post(address, {"cap": f"{member.pk}-{first.pk}"})
    assert (gone.status_code, gone.context["errors"]) == (409, [("", "Hồ sơ này không giao cho người ấy.")])
    assert staff.post(address, {"cap": str(member.pk)}).status_code == 404
    form = {"viec": "giao", "nguoi": str(member.pk), "ho-so": [str(first.pk), str(second.pk)]}
    assert last_message(staff.post(address, form)) == "Đã phân công thêm 1 lượt chấm."
    assert given_to(round_)[JUDGES[2]] == [1, 2]


@pytest.mark.stage("scoring")
def test_the_rest_is_given_out_evenly_on_the_page(stage: Any) -> None:
    (round_, (first, _)) = stage
    staff, address = entered(STAFF), at(round_, "phan-cong")
    unassign(round_id=round_.pk, member_id=seat(round_, JUDGES[0]).pk, dossier_id=first.pk, actor=person(STAFF))
    unassign(round_id=round_.pk, member_id=seat(round_, JUDGES[1]).pk, dossier_id=first.pk, actor=person(STAFF))
    assert last_message(staff.post(address, {"viec": "chia-deu", "so": "2"})) == "Đã phân công thêm 1 lượt chấm."
    assert last_message(staff.post(address, {"viec": "chia-deu", "so": "2"})) == "Không còn gì để phân công thêm."
    assert sum(1 in numbers for numbers in given_to(round_).values()) == 2


@pytest.mark.stage("scoring")
def test_what_is_missing_or_unknown_on_the_page_gives_out_nothing(stage: Any) -> None:
    (round_, (first, _)) = stage
    staff, address, member = entered(STAFF), at(round_, "phan-cong"), seat(round_, JUDGES[0])
    before = given_to(round_)
    for form, place, words in (
        ({"viec": "giao", "nguoi": str(member.pk)}, "nguoi", "Xin chọn ít nhất một người và một hồ sơ."),
        ({"viec": "giao", "ho-so": str(first.pk)}, "nguoi", "Xin chọn ít nhất một người và một hồ sơ."),
        ({"viec": "vang", "ai": ""}, "ai", "Xin chọn phiếu chưa nộp."),
    ):
        response = staff.post(address, form)
        assert (response.status_code, response.context["errors"]) == (409, [(place, words)])
        checked = re.findall(r'name="(ho-so|nguoi)"[^>]*value="(\d+)"[^>]*\schecked', response.content.decode())
        assert dict(checked) == {name: value for name, value in form.items() if name in ("ho-so", "nguoi")}
    assert staff.post(address, {"viec": "xoa-het"}).status_code == 404
    assert given_to(round_) == before


@pytest.mark.stage("proposing")
def test_who_cannot_be_given_a_dossier_is_named_with_the_reason(stage: Any) -> None:
    waiting = proposed(stage, rows(1)[0])
    member = seat_member(round_id=stage.pk, user=person(COMMUNE), task="member", actor=person(STAFF))
    form = {"viec": "giao", "nguoi": [str(seat(stage, JUDGES[0]).pk), str(member.pk)], "ho-so": str(waiting.pk)}
    response = entered(STAFF).post(at(stage, "phan-cong"), form)
    assert last_message(response) == f"Không giao: {person(COMMUNE)}, hồ sơ 1: đã lập hoặc gửi hồ sơ này."
    ids = [seat(stage, JUDGES[0]).pk, member.pk]
    assert assign(round_id=stage.pk, member_ids=ids, dossier_ids=[waiting.pk], actor=person(STAFF)) == (
        0,
        [
            "Hồ sơ 1: đang chuẩn bị, chưa đủ giấy tờ",
            f"{person(COMMUNE)}, hồ sơ 1: đã lập hoặc gửi hồ sơ này",
        ],
    )
    assert given_to(stage) == {}


@pytest.mark.stage("scored")
def test_after_scoring_nothing_is_given_out_any_more(stage: Any) -> None:
    (round_, (first, _)) = stage
    ids = {"round_id": round_.pk, "actor": person(STAFF)}
    words = "Chỉ phân công khi đang nhận đề nghị hoặc đang thẩm định độc lập."
    with refused(words):
        assign(member_ids=[seat(round_, JUDGES[0]).pk], dossier_ids=[first.pk], **ids)
    with refused(words):
        assign_evenly(per_dossier=2, **ids)
    with refused(words):
        unassign(member_id=seat(round_, JUDGES[0]).pk, dossier_id=first.pk, **ids)


@pytest.mark.stage("scoring")
def test_who_sits_in_no_council_declares_nothing(stage: Any) -> None:
    (round_, (first, _)) = stage
    with refused("Đồng chí không ở trong hội đồng của đợt xét này.", NotAllowed):
        declare_conflict(round_id=round_.pk, dossier_id=first.pk, reason="Người nhà", actor=person(DISTRICT_LEADER))
    with refused("Đồng chí không ở trong hội đồng của đợt xét này.", NotAllowed):
        declare_conflict(round_id=round_.pk, dossier_id=999999, reason="Người nhà", actor=person(JUDGES[0]))


@pytest.mark.stage("scoring")
def test_the_board_names_who_stands_aside_and_why_while_they_sit(stage: Any) -> None:
    (round_, (first, second)) = stage
    for judge in JUDGES[:2]:
        declare_conflict(round_id=round_.pk, dossier_id=first.pk, reason="Người nhà làm mô hình", actor=person(judge))
    remove_member(member_id=seat(round_, JUDGES[1]).pk, why="Nghỉ hưu", actor=person(STAFF))
    board = {line.dossier: [(str(member), why) for member, why in line.kept_back] for line in assignment_board(round_)}
    assert board == {first: [("Thành viên hội đồng 1", "Người nhà làm mô hình")], second: []}


@pytest.mark.stage("scoring", count=1)
def test_a_declared_interest_throws_away_what_was_begun(stage: Any) -> None:
    (round_, (only,)) = stage
    save_scores(round_id=round_.pk, dossier_id=only.pk, typed=typed(round_, (9,) * 7), actor=person(JUDGES[0]))
    declare_conflict(round_id=round_.pk, dossier_id=only.pk, reason="Người nhà", actor=person(JUDGES[0]))
    assert (ScoreSheet.objects.filter(dossier=only).count(), given_to(round_)) == (0, {JUDGES[1]: [1], JUDGES[2]: [1]})
    assert RecognitionRound.objects.get(pk=round_.pk).phase == Phase.SCORING
