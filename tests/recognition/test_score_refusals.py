"""What keeps a sheet from being scored, handed in, given back: each clause with its sentence; totals with absent members."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from common.exceptions import NotAllowed
from notifications.models import Message
from recognition.enums import DossierAction
from recognition.models import Meeting, RecognitionRound, Score, ScoreSheet
from recognition.selectors.scoring import result_of, three_scores
from recognition.services import (
    RoundPlan,
    Typed,
    advance,
    change_round,
    mark_absent,
    mark_missing,
    remind_rounds,
    reopen_sheet,
    save_own_scores,
    save_scores,
)
from recognition.services.scoring import begin_sheet
from tests.online import person
from tests.pages import refused
from tests.rounds import COMMUNE, DISTRICT_STAFF, JUDGES, do, on, proposed, rows, score, seat, typed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media", "september")]
STAFF, ONE, TWO, THREE = DISTRICT_STAFF, *JUDGES
FULL = (10, 18, 13, 22, 9, 8, 8)


def sheet_of(judge: str) -> ScoreSheet:
    return ScoreSheet.objects.get(member__user__username=judge)


@pytest.mark.stage("scoring", count=1)
def test_an_interest_told_by_the_office_keeps_a_member_from_scoring(stage: Any) -> None:
    """The dossier is still given to the member: what the portal finds out stands before what was assigned."""
    (round_, (only,)) = stage
    only.writers.add(person(ONE))
    with refused("Đồng chí có liên quan đến hồ sơ này nên không chấm.", NotAllowed):
        score(round_, only, ONE)
    assert ScoreSheet.objects.filter(dossier=only).count() == 0


@pytest.mark.stage("scoring", count=1)
def test_a_dossier_that_was_withdrawn_is_not_scored(stage: Any) -> None:
    (round_, (only,)) = stage
    score(round_, only, ONE)
    do(only, DossierAction.WITHDRAW, COMMUNE, "Rút")
    with refused("Hồ sơ đang ở trạng thái “đã rút” nên không chấm được."):
        save_scores(round_id=round_.pk, dossier_id=only.pk, typed={}, actor=person(ONE))


@pytest.mark.stage("meeting", count=1)
def test_before_the_meeting_scoring_ends(stage: Any) -> None:
    (round_, (only,)) = stage
    with refused("Đợt xét đang ở bước “họp hội đồng”, không chấm được. Chữ vừa viết còn trên trang."):
        save_scores(round_id=round_.pk, dossier_id=only.pk, typed={}, actor=person(ONE))
    with refused("Đợt xét đang ở bước “họp hội đồng”, không mở lại phiếu được nữa."):
        reopen_sheet(sheet_id=sheet_of(ONE).pk, why="Nhầm", actor=person(STAFF))


@pytest.mark.stage("scoring", count=1)
def test_points_for_an_unknown_criterion_are_left_out(stage: Any) -> None:
    (round_, (only,)) = stage
    saved = save_scores(round_id=round_.pk, dossier_id=only.pk, typed={999_999: Typed("9")}, actor=person(ONE))
    assert (saved.refused, Score.objects.filter(sheet=saved.sheet, points__isnull=False).count()) == ({}, 0)


@pytest.mark.stage("scoring", count=1)
def test_a_sheet_handed_in_is_not_marked_absent_by_anyone(stage: Any) -> None:
    (round_, (only,)) = stage
    score(round_, only, ONE)
    with refused("Phiếu này đã nộp."):
        mark_absent(round_id=round_.pk, dossier_id=only.pk, why="Ốm", actor=person(ONE))
    ids = {"round_id": round_.pk, "dossier_id": only.pk, "why": "Không nộp", "actor": person(STAFF)}
    with on(10, 1):
        with refused("Phiếu này đã nộp."):
            mark_missing(member_id=seat(round_, ONE).pk, **ids)
        with refused("Hồ sơ này không giao cho người ấy, hoặc đợt xét không ở bước thẩm định."):
            mark_missing(member_id=999_999, **ids)
    assert sheet_of(ONE).state == "sent"


@pytest.mark.stage("scoring", count=1)
def test_a_sheet_is_given_back_once_and_the_units_own_not_at_all(stage: Any) -> None:
    (round_, (only,)) = stage
    score(round_, only, ONE)
    given_back = reopen_sheet(sheet_id=sheet_of(ONE).pk, why="Cộng nhầm", actor=person(STAFF))
    again = reopen_sheet(sheet_id=sheet_of(ONE).pk, why="Cộng nhầm", actor=person(STAFF))  # a second tap
    assert (again.state, again.sent_at) == ("draft", given_back.sent_at)
    own = begin_sheet(round_, only, "own")
    with refused("Điểm đơn vị tự chấm không mở lại ở đây; trả lại hồ sơ để đơn vị sửa."):
        reopen_sheet(sheet_id=own.pk, why="Cộng nhầm", actor=person(STAFF))


@pytest.mark.stage("scored", count=1)
def test_a_sheet_that_was_given_back_keeps_the_council_from_meeting(stage: Any) -> None:
    (round_, (only,)) = stage
    reopen_sheet(sheet_id=sheet_of(TWO).pk, why="Cộng nhầm", actor=person(STAFF))
    with refused("Còn phiếu mở lại chưa nộp: Thành viên hội đồng 2, hồ sơ 1."):
        advance(round_id=round_.pk, actor=person(STAFF))
    score(round_, only, TWO)
    assert advance(round_id=round_.pk, actor=person(STAFF)).phase == "meeting"


@pytest.mark.stage("proposing")
def test_own_points_that_were_not_typed_stay(stage: Any) -> None:
    dossier = proposed(stage, rows(1)[0])
    given = typed(stage, FULL)
    save_own_scores(dossier_id=dossier.pk, typed=given, actor=person(COMMUNE))
    first = next(iter(given))
    save_own_scores(dossier_id=dossier.pk, typed={first: Typed("9")}, actor=person(COMMUNE))
    assert [line.own for line in three_scores(dossier)] == [Decimal(points) for points in (9, *FULL[1:])]


@pytest.mark.stage("scoring", count=1)
def test_totals_are_of_who_judged_the_absent_are_counted_beside_them(stage: Any) -> None:
    (round_, (only,)) = stage
    score(round_, only, ONE, points=FULL, comment="Đạt")
    score(round_, only, TWO, points=(9, *FULL[1:]), comment="Đạt")
    mark_absent(round_id=round_.pk, dossier_id=only.pk, why="Ốm", actor=person(THREE))
    own = begin_sheet(round_, only, "own")
    Score.objects.filter(sheet=own).update(points=Decimal(5))
    ScoreSheet.objects.filter(pk=own.pk).update(state="sent", sent_at=timezone.now())
    advance(round_id=round_.pk, actor=person(STAFF))
    (standing,) = result_of(RecognitionRound.objects.get(pk=round_.pk))
    assert (standing.mean, standing.official, standing.own, standing.absent) == (Decimal("87.5"), None, Decimal(35), 1)


@pytest.mark.stage("scored", count=1)
def test_a_new_day_of_the_meeting_moves_the_meeting_that_was_called(stage: Any) -> None:
    (round_, _) = stage
    round_ = advance(round_id=round_.pk, actor=person(STAFF))
    moved = round_.meet_on.replace(day=6)
    change_round(round_id=round_.pk, plan=replace(RoundPlan.of(round_), meet_on=moved), actor=person(STAFF))
    assert Meeting.objects.get(round=round_).held_on == moved


@pytest.mark.stage("scored", count=1)
def test_a_sheet_of_who_turned_out_to_have_an_interest_counts_no_more(stage: Any) -> None:
    (round_, (only,)) = stage
    only.writers.add(person(ONE))
    score_of_two = ScoreSheet.objects.get(member__user__username=TWO)
    Score.objects.filter(sheet=score_of_two, position=1).update(points=Decimal(8))
    assert three_scores(only)[0].members == Decimal(9)  # of 8 and 10; the third sheet's 10 is left out
    (standing,) = result_of(round_)
    assert {member.user.username for _, member, _ in standing.sheets} == {TWO, THREE}


@pytest.mark.stage("proposing")
def test_a_unit_is_reminded_of_each_dossier_that_it_has_not_sent(stage: Any) -> None:
    with on(9, 10):
        first, second = (proposed(stage, row) for row in rows(2))
    with on(9, 13):
        remind_rounds()
    subjects = Message.objects.filter(recipient=person(COMMUNE), event_key__startswith="remind-dossier:")
    assert sorted(subjects.values_list("subject", flat=True)) == sorted(
        f"Hồ sơ chưa gửi: “{dossier.registration.title}”, hạn đến hết ngày 20/09/2023" for dossier in (first, second)
    )
