"""Looking again: true ranks with a gap, marks by the set's shares, requests and their answers, two pages of one member."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from common.exceptions import DomainError, NotAllowed
from notifications.models import Message
from recognition.models import CriteriaSet, LookedScore, Score, SecondLook
from recognition.selectors.ahead import ahead_of
from recognition.selectors.phases import stands_on
from recognition.selectors.score_table import is_wide, mark_of
from recognition.selectors.scoring import standings
from recognition.selectors.standing_list import turns_of
from recognition.services import (
    LookPlan,
    Typed,
    answer_second_look,
    ask_second_look,
    declare_conflict,
    reopen_sheet,
    save_scores,
)
from tests.online import person
from tests.pages import entered, refused
from tests.rounds import DISTRICT_LEADER, DISTRICT_STAFF, JUDGES, seat

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media", "september")]
STAFF, ONE, TWO, THREE = DISTRICT_STAFF, *JUDGES
UNTIL = date(2023, 9, 20)


def first_score(judge: str, dossier: Any) -> Score:
    return Score.objects.get(sheet__member__user__username=judge, sheet__dossier=dossier, position=1)


def ask(dossier: Any, *judges: str, by: str = STAFF, reason: str = "Số đo đã xác nhận lại") -> list[SecondLook]:
    plan = LookPlan(frozenset(first_score(judge, dossier).pk for judge in judges), reason, UNTIL)
    return ask_second_look(dossier_id=dossier.pk, plan=plan, actor=person(by))


@pytest.mark.stage("scored", count=3)
def test_who_has_an_interest_sees_true_ranks_with_a_gap(stage: Any) -> None:
    (round_, (_, second, _)) = stage
    declare_conflict(round_id=round_.pk, dossier_id=second.pk, reason="Chị gái làm mô hình", actor=person(ONE))
    assert [(one.rank, one.place) for one in standings(person(ONE), round_)] == [(1, 1), (3, 3)]
    assert [one.rank for one in standings(person(TWO), round_)] == [1, 2, 3]
    html = entered(ONE).get(f"/lam-viec/dot-xet/{round_.pk}/diem/").content.decode()
    assert second.registration.title not in html
    assert entered(ONE).get(f"/lam-viec/dot-xet/{round_.pk}/bang-diem/{second.pk}/").status_code == 404


@pytest.mark.stage("scored", count=3)
def test_dossiers_far_apart_are_gone_through_widest_first(stage: Any) -> None:
    (round_, (first, second, third)) = stage
    for dossier, points in ((second, 3), (third, 1)):
        Score.objects.filter(sheet__dossier=dossier, sheet__member__user__username=ONE, position=4).update(points=points)
    listed = {one.dossier.pk: one for one in standings(person(STAFF), round_)}
    row, limit = list(listed.values()), Decimal(5)
    turns = turns_of(row, listed[third.pk], limit)
    assert (turns.among_wide, turns.place, turns.number, turns.before, turns.after) == (True, 1, 2, None, listed[second.pk])
    alone = turns_of(row, listed[first.pk], limit)
    assert (alone.among_wide, alone.place, alone.number) == (False, 1, 3)
    page = entered(STAFF).get(f"/lam-viec/dot-xet/{round_.pk}/bang-diem/{third.pk}/").content.decode()
    assert f"Sau: hồ sơ {second.number}" in page


@pytest.mark.stage("scored", count=3)
def test_equal_scores_share_a_rank_and_the_next_keeps_its_place(stage: Any) -> None:
    (round_, (_, second, _)) = stage
    Score.objects.filter(sheet__dossier=second, position=2).update(points=Decimal(18))
    assert [(one.rank, one.is_tied) for one in standings(person(STAFF), round_)] == [(1, True), (1, True), (3, False)]


@pytest.mark.parametrize(
    ("points", "mark"), [("8.5", ""), ("8", "low1"), ("7", "low2"), ("9.5", ""), ("10", "high1"), ("11", "high2")]
)
def test_a_score_is_marked_by_its_share_of_the_maximum(points: str, mark: str) -> None:
    assert mark_of(Decimal(points), Decimal(9), Decimal(10), CriteriaSet()) == mark
    assert mark_of(Decimal(points), Decimal(9), Decimal(10), CriteriaSet(off_share=50, far_share=60)) == ""


def test_scores_are_far_apart_from_the_sets_share_on() -> None:
    assert is_wide([Decimal(5), Decimal("7.5")], Decimal(10), CriteriaSet())
    assert not is_wide([Decimal(5), Decimal(7)], Decimal(10), CriteriaSet())
    assert not is_wide([Decimal(5)], Decimal(10), CriteriaSet())


@pytest.mark.stage("scored", count=1)
def test_a_member_is_asked_and_keeps_or_changes_with_a_word(stage: Any) -> None:
    (_, (only,)) = stage
    one, two = ask(only, ONE, TWO)
    judge = entered(ONE)
    assert "Xem lại điểm hồ sơ 1" in judge.get("/lam-viec/").content.decode()
    assert Message.objects.filter(event_key=f"second-look:{one.pk}", recipient=person(ONE)).count() == 1
    criterion = first_score(ONE, only).criterion_id
    changed = {criterion: Typed("9", "Đã xem lại")}
    with refused("Xin ghi vài chữ: vì sao giữ điểm, hoặc vì sao sửa."):
        answer_second_look(look_id=one.pk, typed=changed, words=" ", actor=person(ONE))
    with pytest.raises(NotAllowed):
        answer_second_look(look_id=one.pk, typed=changed, words="Sửa", actor=person(TWO))
    answer_second_look(look_id=one.pk, typed=changed, words="Số đo đúng", actor=person(ONE))
    answer_second_look(look_id=two.pk, typed={}, words="Giữ", actor=person(TWO))
    looked = LookedScore.objects.order_by("look").values_list("before", "after")
    assert list(looked) == [(Decimal(10), Decimal(9)), (Decimal(10), Decimal(10))]
    with refused("Đề nghị này đã trả lời."):
        answer_second_look(look_id=one.pk, typed={}, words="Nữa", actor=person(ONE))
    assert "Xem lại điểm hồ sơ 1" not in judge.get("/lam-viec/").content.decode()


@pytest.mark.stage("scored", count=1)
def test_an_answer_that_cannot_be_kept_changes_nothing(stage: Any) -> None:
    (_, (only,)) = stage
    (look,) = ask(only, ONE)
    criterion = first_score(ONE, only).criterion_id
    saved = answer_second_look(look_id=look.pk, typed={criterion: Typed("25")}, words="Sửa", actor=person(ONE))
    assert list(saved.refused) == [criterion]
    look.refresh_from_db()
    assert (look.answered_at, first_score(ONE, only).points) == (None, Decimal(10))


@pytest.mark.stage("scored", count=1)
def test_who_may_not_ask_and_what_may_not_be_asked(stage: Any) -> None:
    (round_, (only,)) = stage
    for name in (DISTRICT_LEADER, ONE):
        with pytest.raises(NotAllowed):
            ask(only, TWO, by=name)
    with refused("Xin ghi vì sao đề nghị xem lại."):
        ask(only, TWO, reason=" ")
    round_.members.filter(user=person(ONE)).update(task="secretary")
    with refused("Đồng chí không tự đề nghị mình; điểm của mình sửa thẳng ở phiếu."):
        ask(only, ONE, by=ONE)
    ask(only, TWO, by=ONE)
    with pytest.raises(DomainError, match="còn một đề nghị chưa trả lời"):
        ask(only, TWO)


@pytest.mark.stage("meeting", count=1)
def test_nobody_is_asked_once_the_scores_are_closed(stage: Any) -> None:
    (_, (only,)) = stage
    with refused("Chỉ đề nghị xem lại khi đợt xét đang đối chiếu điểm."):
        ask(only, ONE)


@pytest.mark.stage("scored", count=1)
def test_an_unanswered_request_is_told_before_going_on_and_keeps_scoring_closed(stage: Any) -> None:
    (round_, (only,)) = stage
    ask(only, ONE)
    ahead = ahead_of(round_)
    assert ahead is not None and not ahead.stops
    assert ahead.unanswered.startswith("1 đề nghị xem lại điểm chưa trả lời: Thành viên hội đồng 1, hồ sơ 1.")
    assert stands_on(round_) == "1 đề nghị xem lại điểm đã gửi."


@pytest.mark.both
@pytest.mark.stage("scored", count=1)
def test_the_database_keeps_a_request_as_it_was_asked_and_answered(stage: Any) -> None:
    (_, (only,)) = stage
    (look,) = ask(only, ONE)
    for change in ({"reason": "Khác"}, {"answer": "Không có lúc"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SecondLook.objects.filter(pk=look.pk).update(**change)
    answer_second_look(look_id=look.pk, typed={}, words="Giữ", actor=person(ONE))
    with pytest.raises(IntegrityError), transaction.atomic():
        SecondLook.objects.filter(pk=look.pk).update(answer="Sửa lời")
    with pytest.raises(IntegrityError), transaction.atomic():
        LookedScore.objects.filter(look=look).update(after=3)


@pytest.mark.stage("scoring", count=1)
def test_two_pages_of_one_member_take_nothing_from_each_other(stage: Any) -> None:
    (round_, (only,)) = stage
    ids = {"round_id": round_.pk, "dossier_id": only.pk, "actor": person(ONE)}
    first, second = list(round_.criteria.criteria.values_list("pk", flat=True))[:2]
    save_scores(typed={first: Typed("9", base=Typed())}, **ids)
    stale = save_scores(typed={first: Typed("", base=Typed()), second: Typed("17", base=Typed())}, **ids)
    assert (stale.others, [one.points for one in stale.sheet.scores.all()][:2]) == ({}, [9, 17])
    both = save_scores(typed={first: Typed("7", base=Typed())}, **ids)
    assert both.others == {first: ("9", "")}
    said = save_scores(typed={first: Typed("7", base=Typed("9"))}, **ids)
    assert (said.others, said.sheet.scores.first().points) == ({}, 7)  # type: ignore[union-attr]


@pytest.mark.stage("scored", count=1)
def test_the_office_asks_on_the_page_and_the_member_answers_on_theirs(stage: Any) -> None:
    (round_, (only,)) = stage
    address, cell = f"/lam-viec/dot-xet/{round_.pk}/bang-diem/{only.pk}/", first_score(ONE, only).pk
    staff, judge = entered(STAFF), entered(ONE)
    wrong = staff.post(address, {"o": str(cell), "loi": "Số đo", "han": "31/2/2023"})
    assert wrong.status_code == 422 and "Số đo" in wrong.content.decode()
    assert staff.post(address, {"o": str(cell), "loi": "Số đo", "han": "20/09/2023"}).status_code == 302
    assert judge.post(address, {"o": str(cell), "loi": "Số đo", "han": "20/09/2023"}).status_code == 404
    sheet = f"/lam-viec/dot-xet/{round_.pk}/cham/{only.pk}/"
    html = judge.get(sheet).content.decode()
    closed = 2 * (round_.criteria.criteria.count() - 1) + 1  # points and remarks of the other criteria, the remark on all
    assert "Trả lời đề nghị" in html and len(re.findall(r"\breadonly\b", html)) == closed
    answer = {"viec": "tra-loi", "de-nghi": str(SecondLook.objects.get().pk), "tra-loi": "Giữ điểm"}
    assert judge.post(sheet, answer).status_code == 302
    assert "Giữ điểm" in staff.get(address).content.decode()


@pytest.mark.stage("scored", count=3)
def test_standings_are_searched_and_sorted_with_the_rank_among_all(stage: Any) -> None:
    (round_, _) = stage
    staff, address = entered(STAFF), f"/lam-viec/dot-xet/{round_.pk}/diem/"
    assert [(one.dossier.number, one.rank) for one in staff.get(address, {"q": "3"}).context["page"]] == [(3, 3)]
    assert [one.rank for one in staff.get(address, {"xep": "so"}).context["page"]] == [1, 2, 3]
    assert list(staff.get(address, {"q": "không có đâu"}).context["page"]) == []


@pytest.mark.stage("scoring", count=1)
def test_the_page_says_what_points_mean(stage: Any) -> None:
    (round_, (only,)) = stage
    html = entered(ONE).get(f"/lam-viec/dot-xet/{round_.pk}/cham/{only.pk}/").content.decode()
    assert "<dt>9–10</dt>" in html and "<dt>5 đến dưới 9</dt>" in html and "<dt>dưới 5</dt>" in html


@pytest.mark.stage("scored", count=1)
def test_a_request_names_scores_that_stand_and_a_day_before_the_meeting(stage: Any) -> None:
    (round_, (only,)) = stage
    pk = first_score(ONE, only).pk

    def asked(*scores: int, until: date = UNTIL, dossier: int = only.pk, by: str = STAFF) -> list[SecondLook]:
        return ask_second_look(dossier_id=dossier, plan=LookPlan(frozenset(scores), "Số đo", until), actor=person(by))

    with refused("Chưa chọn ô điểm nào."):
        asked()
    for day in (date(2023, 9, 9), date(2023, 10, 6)):
        with refused("Ngày trả lời phải từ hôm nay đến ngày họp 05/10/2023."):
            asked(pk, until=day)
    with refused("Có ô không còn ở phiếu đã nộp. Xin mở lại trang rồi chọn."):
        asked(pk, 999_999)
    with refused("Hồ sơ này không thuộc đợt xét nào trên cổng.", NotAllowed):
        asked(pk, dossier=999_999)
    round_.members.filter(user=person(TWO)).update(task="secretary")
    declare_conflict(round_id=round_.pk, dossier_id=only.pk, reason="Người nhà", actor=person(TWO))
    with refused("Đồng chí có liên quan đến hồ sơ này nên không đề nghị xem lại điểm.", NotAllowed):
        asked(pk, by=TWO)
    with refused(f"{seat(round_, TWO)} không còn chấm hồ sơ này."):
        asked(first_score(TWO, only).pk)
    assert not SecondLook.objects.exists()


@pytest.mark.stage("scored", count=1)
def test_a_request_is_answered_while_scores_are_compared_and_the_asker_told(stage: Any) -> None:
    (_, (only,)) = stage
    one, two = ask(only, ONE, TWO)
    for look, judge in ((one, ONE), (two, TWO)):
        answer_second_look(look_id=look.pk, typed={}, words="Giữ", actor=person(judge))
    told = Message.objects.filter(event_key__startswith="second-look-answered:")
    assert {(message.recipient.username, message.event_key, message.body) for message in told} == {
        (STAFF, f"second-look-answered:{look.pk}", "Giữ") for look in (one, two)
    }
    (late,) = ask(only, THREE)
    reopen_sheet(sheet_id=late.sheet_id, why="Cộng nhầm", actor=person(STAFF))
    with refused("Chỉ trả lời khi đợt xét đang đối chiếu điểm và phiếu đã nộp."):
        answer_second_look(look_id=late.pk, typed={}, words="Giữ", actor=person(THREE))
