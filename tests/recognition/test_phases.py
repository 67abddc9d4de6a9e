"""A phase is never left by accident: what would be lost is said, what was closed too early opens again, days follow."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from common.exceptions import DomainError, NotAllowed
from models_registry.transitions import InvalidTransition
from notifications.models import Message
from organisation.models import AuditEvent
from recognition.enums import Phase, SheetState
from recognition.models import DecisionDraft, Meeting, RecognitionRound, RoundStep, ScoreSheet
from recognition.selectors.ahead import ahead_of
from recognition.selectors.phases import blockers_of, next_offered, stands_on
from recognition.services import (
    RoundPlan,
    advance,
    appeal,
    assign_evenly,
    begin_draft,
    change_round,
    extend_phase,
    open_voting,
    reopen_phase,
    save_official,
    save_scores,
)
from tests.online import person
from tests.pages import refused
from tests.rounds import (
    COMMUNE,
    DISTRICT_LEADER,
    DISTRICT_STAFF,
    JUDGES,
    PROVINCE_STAFF,
    complete,
    on,
    opened,
    plan,
    proposed,
    rows,
    score,
    typed,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media", "september")]
STAFF = DISTRICT_STAFF


def forward(round_: RecognitionRound, **other: Any) -> RecognitionRound:
    return advance(round_id=round_.pk, actor=person(STAFF), **other)


def back(round_: RecognitionRound, by: str = STAFF, reason: str = "Bấm nhầm", until: date | None = None) -> RecognitionRound:
    return reopen_phase(round_id=round_.pk, reason=reason, until=until, seen=round_.phase, actor=person(by))


def now(round_: RecognitionRound) -> RecognitionRound:
    return RecognitionRound.objects.get(pk=round_.pk)


# --- closed early: the days follow


@pytest.mark.stage("scored", count=1)
def test_a_council_may_meet_once_scoring_was_closed_before_its_last_day(stage: Any) -> None:
    """Scoring was planned to 30/9 and closed on 10/9: the meeting was refused until 30/9, and no day could be moved."""
    round_ = forward(stage[0])
    assert round_.score_until == date(2023, 9, 10)
    plan(round_, held_on=date(2023, 9, 12))
    with on(9, 12):
        assert open_voting(round_id=round_.pk, actor=person(STAFF)).state == "voting"


@pytest.mark.stage("scored", count=1)
def test_the_meeting_moves_with_its_day_after_an_early_close(stage: Any) -> None:
    round_ = forward(stage[0])
    plan = replace(RoundPlan.of(round_), meet_on=date(2023, 9, 14))
    moved = change_round(round_id=round_.pk, plan=plan, actor=person(STAFF))
    assert moved.meet_on == Meeting.objects.get(round=round_).held_on == date(2023, 9, 14)


@pytest.mark.stage("scoring", count=1)
def test_a_phase_closed_early_ends_on_that_day_on_record(stage: Any) -> None:
    round_ = stage[0]
    step = RoundStep.objects.get(round=round_, target=Phase.SCORING)
    assert (round_.propose_until, step.days) == (date(2023, 9, 10), {"propose_until": ["2023-09-20", "2023-09-10"]})


@pytest.mark.stage("proposing")
def test_a_phase_closed_after_its_last_day_keeps_it(stage: Any) -> None:
    complete(stage, rows(1)[0])
    with on(9, 25):
        assign_evenly(round_id=stage.pk, per_dossier=3, actor=person(STAFF))
        assert forward(stage).propose_until == date(2023, 9, 20)


# --- opened again


@pytest.mark.stage("scoring", count=1)
def test_a_phase_closed_too_early_opens_again_with_its_day_on_record(stage: Any) -> None:
    round_ = back(stage[0])
    assert (round_.phase, round_.propose_until) == (Phase.PROPOSING, date(2023, 9, 20))
    step = RoundStep.objects.get(round=round_, is_reopening=True)
    assert (step.source, step.target, step.reason, step.actor_name) == ("scoring", "proposing", "Bấm nhầm", str(person(STAFF)))
    event = AuditEvent.objects.get(action="reopen-phase")
    assert event.note == "Bấm nhầm" and event.changes["phase"] == ["scoring", "proposing"]
    told = Message.objects.filter(event_key=f"round-step:{step.pk}")
    assert {COMMUNE, *JUDGES} <= set(told.values_list("recipient__username", flat=True))
    assert "mở lại bước “nhận đề nghị”" in told[0].subject


@pytest.mark.stage("scoring", count=1)
def test_who_was_told_of_a_phase_is_told_again_when_it_comes_again(stage: Any) -> None:
    round_ = forward(back(stage[0]))
    steps = RoundStep.objects.filter(round=round_, target=Phase.SCORING)
    assert [Message.objects.filter(event_key=f"round-step:{step.pk}").count() for step in steps] == [3, 3]


@pytest.mark.stage("scoring", count=1)
def test_reopening_asks_for_a_reason_and_a_day_to_come(stage: Any) -> None:
    for given, words in (
        ({"reason": " "}, "ghi lý do"),
        ({"until": date(2023, 9, 9)}, "trước hôm nay"),
        ({"until": date(2023, 10, 1)}, "trở đi"),
    ):
        with pytest.raises(DomainError, match=words):
            back(stage[0], **given)
    with pytest.raises(NotAllowed):
        back(stage[0], by=PROVINCE_STAFF)
    with pytest.raises(NotAllowed):
        back(stage[0], by=DISTRICT_LEADER)
    assert now(stage[0]).phase == Phase.SCORING


def test_the_first_phase_has_none_before_it() -> None:
    with pytest.raises(InvalidTransition):
        back(opened())


@pytest.mark.stage("proposing")
def test_preparation_opens_again_until_a_dossier_is_begun(stage: Any) -> None:
    assert stands_on(stage) == ""
    proposed(stage, rows(1)[0])
    with pytest.raises(DomainError, match="1 hồ sơ đã lập"):
        back(stage)


@pytest.mark.stage("scoring", count=1)
def test_a_sheet_handed_in_keeps_proposals_closed(stage: Any) -> None:
    round_, (only,) = stage
    score(round_, only, JUDGES[0])
    with pytest.raises(DomainError, match="1 phiếu đã nộp"):
        back(round_)


@pytest.mark.stage("scored", count=1)
def test_scores_changed_side_by_side_keep_the_independent_phase_closed(stage: Any) -> None:
    round_, (only,) = stage
    assert stands_on(round_) == ""
    save_scores(
        round_id=round_.pk,
        dossier_id=only.pk,
        typed=typed(round_, (9, 18, 13, 22, 9, 8, 8), "Đạt"),
        actor=person(JUDGES[0]),
    )
    with pytest.raises(DomainError, match="1 điểm đã sửa"):
        back(round_)


@pytest.mark.stage("scored", count=1)
def test_official_scores_keep_the_independent_phase_closed(stage: Any) -> None:
    round_, (only,) = stage
    save_official(dossier_id=only.pk, typed=typed(round_, (9, 17, 12, 21, 8, 7, 7), "Thống nhất"), actor=person(STAFF))
    with pytest.raises(DomainError, match="điểm chính thức"):
        back(round_)


@pytest.mark.stage("scored", count=1)
def test_the_independent_phase_opened_again_says_since_when_scores_were_seen(stage: Any) -> None:
    round_ = back(stage[0])
    step = RoundStep.objects.get(round=round_, is_reopening=True)
    assert step.seen_from == RoundStep.objects.get(round=round_, target=Phase.JOINT).at


@pytest.mark.stage("meeting", count=1)
def test_a_meeting_goes_back_until_voting_opens(stage: Any) -> None:
    assert back(stage[0]).phase == Phase.JOINT
    round_ = forward(stage[0])
    assert Meeting.objects.get(round=round_).place == "Hội trường Huyện ủy"  # as it was planned
    with on(10, 5):
        open_voting(round_id=round_.pk, actor=person(STAFF))
        with pytest.raises(DomainError, match="đã mở biểu quyết"):
            back(now(round_))


@pytest.mark.stage("voted", count=1)
def test_the_meeting_opens_again_until_a_decision_is_drafted(stage: Any) -> None:
    with on(10, 6):
        assert back(stage[0]).phase == Phase.MEETING
        assert forward(stage[0]).phase == Phase.DECIDING
        begin_draft(round_id=stage[0].pk, actor=person(STAFF))
        with pytest.raises(DomainError, match="dự thảo quyết định"):
            back(now(stage[0]))
    assert DecisionDraft.objects.count() == 1


@pytest.mark.stage("published", count=1)
def test_a_round_that_is_done_opens_again_for_appeals(stage: Any) -> None:
    with on(10, 25):
        round_ = forward(stage[0].round)
        assert back(round_).phase == Phase.DECIDING


def test_a_step_on_record_is_never_edited() -> None:
    round_ = forward(opened())
    with pytest.raises(DatabaseError, match="never edited"), transaction.atomic():
        RoundStep.objects.filter(round=round_).update(reason="khác")


# --- what going on would lose


@pytest.mark.stage("scoring", count=2)
def test_sheets_not_handed_in_count_as_absent_once_that_was_asked_for(stage: Any) -> None:
    round_, (one, two) = stage
    for judge in JUDGES:
        score(round_, one, judge)
    score(round_, two, JUDGES[0])
    with pytest.raises(DomainError, match=r"Còn \d+ phiếu chưa nộp"):
        forward(round_)
    with pytest.raises(DomainError, match="2 phiếu chưa nộp, trang đồng chí xem ghi 1"):
        forward(round_, losing=1)
    went_on = forward(round_, losing=2)
    absent = ScoreSheet.objects.filter(state=SheetState.ABSENT, dossier__round=round_)
    assert went_on.phase == Phase.JOINT and absent.count() == 2
    assert set(absent.values_list("absent_why", flat=True)) == {"Chưa nộp khi đợt xét sang bước đối chiếu điểm"}
    assert AuditEvent.objects.get(action="advance-round", changes__phase=["scoring", "joint"]).changes["absent"] == 2


@pytest.mark.stage("scoring", count=1)
def test_what_was_counted_as_absent_is_open_again_with_the_phase(stage: Any) -> None:
    round_, (only,) = stage
    score(round_, only, JUDGES[0])
    save_scores(round_id=round_.pk, dossier_id=only.pk, typed=typed(round_, (5, 9, 7, 11, 5, 4, 4)), actor=person(JUDGES[1]))
    back(forward(round_, losing=2))
    states = dict(ScoreSheet.objects.filter(dossier=only).values_list("member__user__username", "state"))
    assert states == {JUDGES[0]: "sent", JUDGES[1]: "draft", JUDGES[2]: "draft"}
    score(round_, only, JUDGES[1])  # the last day is the planned one again


@pytest.mark.stage("scoring", count=2)
def test_a_dossier_is_never_left_without_a_sheet(stage: Any) -> None:
    round_, (one, _) = stage
    score(round_, one, JUDGES[0])
    with pytest.raises(DomainError, match="Hồ sơ 2 chưa có phiếu nào"):
        forward(round_, losing=5)


@pytest.mark.stage("proposing")
def test_what_stops_and_what_is_lost_is_told_apart(stage: Any) -> None:
    complete(stage, rows(1)[0])
    found = blockers_of(stage)
    assert [(one.stops, one.key) for one in found] == [(True, "unassigned"), (False, "silent")]
    assert "chưa đề nghị" in found[1].words


# --- the end


@pytest.mark.stage("published", count=2, against=(1,))
def test_the_end_is_not_offered_while_a_unit_may_appeal(stage: Any) -> None:
    decision, dossiers = stage
    round_ = now(decision.round)
    assert next_offered(round_) is None
    with on(10, 15):
        appeal(dossier_id=dossiers[1].pk, words="Xin xem lại", actor=person(COMMUNE))
        assert next_offered(round_) is None
    with on(10, 25):
        assert next_offered(round_) is None  # the appeal waits for an answer


@pytest.mark.stage("scoring", count=2)
def test_a_member_with_an_interest_and_one_who_left_are_not_counted_as_absent(stage: Any) -> None:
    round_, (one, two) = stage
    for dossier in (one, two):
        score(round_, dossier, JUDGES[0])
    score(round_, two, JUDGES[1])
    one.writers.add(person(JUDGES[1]))
    round_.members.filter(user=person(JUDGES[2])).update(starts_on=date(2023, 9, 1), ends_on=date(2023, 9, 9))
    went_on = forward(round_)
    assert went_on.phase == Phase.JOINT and not ScoreSheet.objects.filter(state=SheetState.ABSENT).exists()


# --- a later last day


@pytest.mark.stage("scoring", count=1)
def test_the_phase_that_goes_on_is_given_a_later_last_day(stage: Any) -> None:
    round_ = now(stage[0])
    more: dict[str, Any] = {"round_id": round_.pk, "actor": person(STAFF)}
    with refused("Ngày gia hạn phải sau hạn đang có (30/09/2023)."):
        extend_phase(until=date(2023, 9, 30), **more)
    with refused("Đợt xét đang ở bước “thẩm định độc lập”.", InvalidTransition):
        extend_phase(until=date(2023, 10, 2), seen=Phase.PROPOSING, **more)
    with refused("Họp hội đồng ngày (05/10/2023) phải từ thẩm định đến hết ngày (06/10/2023) trở đi."):
        extend_phase(until=date(2023, 10, 6), **more)
    extend_phase(until=date(2023, 10, 2), seen=Phase.SCORING, **more)
    assert (now(round_).score_until, now(round_).meet_on) == (date(2023, 10, 2), date(2023, 10, 5))
    with refused("Đợt xét đã sang bước “thẩm định độc lập”.", InvalidTransition):
        reopen_phase(reason="Nhầm", seen=Phase.JOINT, **more)


@pytest.mark.stage("scored", count=1)
def test_scores_that_are_compared_have_no_last_day_to_move(stage: Any) -> None:
    with refused("Đợt xét đang ở bước “đối chiếu điểm”.", InvalidTransition):
        extend_phase(round_id=stage[0].pk, until=date(2023, 10, 2), actor=person(STAFF))


# --- what stands before the next phase


@pytest.mark.stage("proposing")
def test_before_scoring_it_is_said_who_is_silent_and_what_they_lose(stage: Any) -> None:
    complete(stage, rows(1)[0])
    ahead = ahead_of(stage)
    assert ahead is not None
    silent = len(ahead.waiting)
    assert silent and (ahead.following, ahead.units, ahead.sheets, ahead.has_ways) == (Phase.SCORING, silent + 1, 0, True)
    assert ahead.going_on == "Chuyển bước luôn"
    lost = f"{silent} đơn vị trên đây không còn đề nghị trong đợt này"
    for day, rest, said in (
        (10, "còn 10 ngày", f"{lost}; hạn 20/09/2023 thôi áp dụng."),
        (20, "hôm nay là ngày cuối", f"{lost}; hạn 20/09/2023 thôi áp dụng."),
        (22, "quá hạn 2 ngày", f"{lost}."),
    ):
        with on(9, day):
            assert (ahead.headline, ahead.lost) == (f"{silent}/{silent + 1} đơn vị chưa gửi đủ, {rest}", said)


@pytest.mark.stage("scoring", count=1)
def test_before_scores_are_compared_it_is_said_which_sheets_count_as_absent(stage: Any) -> None:
    round_, (only,) = stage
    score(round_, only, JUDGES[0])
    ahead = ahead_of(round_)
    assert ahead is not None and ahead.going_on == "Chuyển bước, 2 phiếu tính vắng"
    assert ahead.headline == "Còn 2 phiếu của 2 thành viên chưa nộp, còn 20 ngày"
    assert ahead.lost.startswith("2 phiếu ghi “vắng, chưa nộp”")


@pytest.mark.stage("published", count=1)
def test_after_the_last_phase_there_is_none(stage: Any) -> None:
    with on(10, 25):
        assert ahead_of(forward(stage[0].round)) is None
