"""The meeting clause by clause, from its result on: how votes are counted, where the cut line stands, which scores are official."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from common.exceptions import DomainError, NotAllowed
from organisation.models import AuditEvent
from recognition.enums import Choice, Phase
from recognition.models import BallotResult, CouncilMember, Dossier, RecognitionRound, ScoreSheet
from recognition.selectors import meetings as reads
from recognition.selectors.scoring import three_scores
from recognition.services import Typed, close_voting, conclude, move_cut, save_official
from tests.meetings import closed, last, meet, opened, taken_back
from tests.online import person
from tests.pages import refused
from tests.rounds import DISTRICT_LEADER, JUDGES, on, plan, seat, vote
from tests.rounds import DISTRICT_STAFF as STAFF

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media", "meeting_day")]


@pytest.mark.parametrize(
    "in_favour, voters, said",
    [(6, 7, "85,7"), (1, 3, "33,3"), (2, 3, "66,7"), (3, 3, "100"), (0, 3, "0"), (0, 0, "0"), (1, 1000, "0,1")],
)
def test_the_share_in_favour_has_one_decimal_after_a_comma(in_favour: int, voters: int, said: str) -> None:
    result = BallotResult(in_favour=in_favour, voters=voters)
    assert (result.percent, str(result)) == (said, f"{in_favour}/{voters}")


# --- the result


@pytest.mark.stage("meeting")
def test_voting_that_was_not_opened_is_not_closed_and_is_closed_once(stage: Any) -> None:
    (round_, dossiers) = stage
    with refused("Chưa mở biểu quyết."):
        closed(round_)
    opened(round_)
    for judge in JUDGES:
        vote(round_, judge, dict.fromkeys(dossiers, "for"))
    with refused("Vai trò của đồng chí không điều hành cuộc họp này.", NotAllowed):
        close_voting(round_id=round_.pk, actor=person(JUDGES[0]))
    assert reads.results_of(meet(round_)) == []
    with on(10, 5, hour=5):
        first = closed(round_)
        assert (first.state, first.closed_at) == ("closed", timezone.now())
    assert (meet(round_).state, meet(round_).closed_at) == ("closed", first.closed_at)
    assert closed(round_).closed_at == first.closed_at
    said = AuditEvent.objects.filter(action="close-voting", target_id=str(round_.pk))
    assert [(event.actor, event.unit, event.note) for event in said] == [(person(STAFF), round_.unit, "")]
    assert BallotResult.objects.count() == 2


@pytest.mark.stage("meeting")
def test_each_vote_is_counted_where_it_was_cast_and_a_missing_one_is_nobodys(stage: Any) -> None:
    (round_, (one, two)) = stage
    opened(round_)
    vote(round_, JUDGES[0], {one: "for", two: "against"})
    vote(round_, JUDGES[0], {one: "blank"})
    vote(round_, JUDGES[1], {one: "for", two: "against"})
    vote(round_, JUDGES[2], {one: "for"})
    with refused("Chưa biểu quyết hết: Thành viên hội đồng 3 (còn 1)."):
        closed(round_)
    closed(round_, even_so=True)
    assert last("close-voting").note == "chưa biểu quyết: Thành viên hội đồng 3"
    values = [
        (r.dossier, r.in_favour, r.against, r.blank, r.voters, r.aside, r.score, r.rank, r.passed)
        for r in reads.results_of(meet(round_))
    ]
    assert values == [
        (one, 2, 0, 1, 3, [], Decimal(88), 1, True),
        (two, 0, 2, 0, 3, [], Decimal(87), 2, False),
    ]
    changed = reads.earlier_votes(meet(round_))
    assert [(row.member, row.dossier, row.choice) for row in changed] == [(seat(round_, JUDGES[0]), one, "for")]


@pytest.mark.stage("meeting")
def test_a_conclusion_is_five_thousand_letters_at_most_and_on_record(stage: Any) -> None:
    (round_, _) = stage
    made = conclude(round_id=round_.pk, words=" " + "x" * 5001, actor=person(STAFF))
    assert made.conclusion == meet(round_).conclusion == "x" * 5000
    said = last("conclude-meeting")
    assert (said.actor, said.target_id, said.unit) == (person(STAFF), str(round_.pk), round_.unit)


@pytest.mark.stage("meeting")
def test_all_who_have_not_voted_are_named_on_record(stage: Any) -> None:
    (round_, _) = stage
    opened(round_)
    closed(round_, even_so=True)
    assert last("close-voting").note == "chưa biểu quyết: Thành viên hội đồng 1, Thành viên hội đồng 2, Thành viên hội đồng 3"


@pytest.mark.stage("meeting")
def test_what_is_needed_is_the_meetings_own_share(stage: Any) -> None:
    (round_, (one, two)) = stage
    plan(round_, quorum="half", needed="three-quarters")
    opened(round_)
    for judge in JUDGES:
        vote(round_, judge, {one: "for" if judge != JUDGES[2] else "against", two: "for"})
    closed(round_)
    assert {r.dossier: (str(r), r.passed) for r in reads.results_of(meet(round_))} == {one: ("2/3", False), two: ("3/3", True)}


@pytest.mark.stage("meeting")
def test_the_vote_of_who_left_before_the_end_counts_no_more(stage: Any) -> None:
    (round_, (one, two)) = stage
    opened(round_)
    for judge in JUDGES:
        vote(round_, judge, {one: "for", two: "for"})
    CouncilMember.objects.filter(pk=seat(round_, JUDGES[2]).pk).update(removed_at=timezone.now(), removed_why="Chuyển công tác")
    closed(round_)
    assert [str(result) for result in reads.results_of(meet(round_))] == ["2/2", "2/2"]


@pytest.mark.stage("meeting", ballot="secret")
def test_a_secret_vote_stays_in_the_box_though_an_interest_came_out_later(stage: Any) -> None:
    (round_, (one, two)) = stage
    opened(round_)
    two.writers.add(person(JUDGES[2]))
    for judge in JUDGES:
        vote(round_, judge, {one: "blank"} | ({two: "for"} if judge != JUDGES[2] else {}))
    one.writers.add(person(JUDGES[0]))
    closed(round_)
    results = {r.dossier: (str(r), r.blank, [who["name"] for who in r.aside], r.passed) for r in reads.results_of(meet(round_))}
    assert results == {one: ("0/3", 3, [], False), two: ("2/2", 0, ["Thành viên hội đồng 3"], True)}
    assert reads.earlier_votes(meet(round_)) == []


@pytest.mark.stage("meeting", ballot="secret")
@pytest.mark.parametrize("judges", [1, 2])
def test_a_box_with_one_or_two_votes_is_not_opened(stage: Any, judges: int) -> None:
    (round_, (one, two)) = stage
    opened(round_)
    for judge in JUDGES[:judges]:
        vote(round_, judge, {one: "for", two: "for"})
    vote(round_, JUDGES[2], {one: "for"})
    with refused("Có hồ sơ mới một, hai người bỏ phiếu kín; đóng lúc này là lộ phiếu. Xin đợi đủ người."):
        closed(round_, even_so=True)
    assert meet(round_).state == "voting" and not BallotResult.objects.exists()


@pytest.mark.stage("meeting", ballot="secret")
def test_boxes_of_three_votes_are_opened_though_one_dossier_has_none(stage: Any) -> None:
    (round_, (one, _)) = stage
    opened(round_)
    for judge in JUDGES:
        vote(round_, judge, {one: "for"})
    closed(round_, even_so=True)
    assert [str(result) for result in reads.results_of(meet(round_))] == ["3/3", "0/3"]


# --- the cut line


@pytest.mark.stage("scored")
def test_the_cut_line_stands_from_none_to_all_and_is_on_record(stage: Any) -> None:
    (round_, (_, two)) = stage
    for above in (0, 2):
        assert move_cut(round_id=round_.pk, above=above, actor=person(STAFF)).cut_after == above
        assert RecognitionRound.objects.get(pk=round_.pk).cut_after == above
    said = last("move-cut")
    assert (said.actor, said.target_id, said.unit, said.changes) == (
        person(STAFF),
        str(round_.pk),
        round_.unit,
        {"above": [0, 2]},
    )
    for above in (-1, 3):
        with refused("Vạch chọn phải từ 0 đến 2."):
            move_cut(round_id=round_.pk, above=above, actor=person(STAFF))
    taken_back(two)
    with refused("Vạch chọn phải từ 0 đến 1."):
        move_cut(round_id=round_.pk, above=2, actor=person(STAFF))


@pytest.mark.stage("scored")
@pytest.mark.parametrize("phase", list(Phase))
def test_the_cut_line_is_moved_from_the_joint_phase_to_the_decision(stage: Any, phase: Phase) -> None:
    (round_, _) = stage
    RecognitionRound.objects.filter(pk=round_.pk).update(phase=phase)
    if phase in ("joint", "meeting", "deciding"):
        assert move_cut(round_id=round_.pk, above=1, actor=person(STAFF)).cut_after == 1
        return
    with pytest.raises(DomainError):
        move_cut(round_id=round_.pk, above=1, actor=person(STAFF))


# --- official scores


def means(dossier: Dossier) -> dict[int, Typed]:
    return {line.criterion.pk: Typed(f"{line.members:.2f}".replace(".", ",")) for line in three_scores(dossier)}


@pytest.mark.stage("scored")
def test_official_scores_as_the_members_gave_need_no_words_and_are_on_record(stage: Any) -> None:
    (round_, (one, _)) = stage
    typed, (first, *_) = means(one), three_scores(one)
    now = timezone.now()
    saved = save_official(dossier_id=one.pk, typed=typed, actor=person(STAFF))
    assert (saved.refused, saved.at) == ({}, now)
    sheet = ScoreSheet.objects.get(dossier=one, kind="official")
    assert (sheet.state, sheet.sent_at, sheet.saved_at) == ("sent", now, now)
    said = last("save-official")
    assert (said.actor, said.target_id, said.unit) == (person(STAFF), str(one.pk), round_.unit)
    assert len(said.changes) == 7 and said.changes[first.criterion.name] == ["None", "10.00"]
    changed = {first.criterion.pk: Typed("9,25", "  Đã xem\n\n\n lại " + "x" * 2000)}
    save_official(dossier_id=one.pk, typed=typed | changed, actor=person(STAFF))
    moved = last("save-official").changes
    assert list(moved) == [first.criterion.name] and moved[first.criterion.name][1] == "9.25"
    line = three_scores(one)[0]
    assert (line.official, line.reason[:6], len(line.reason)) == (Decimal("9.25"), "Đã xem", 2000)
    assert save_official(dossier_id=one.pk, typed={}, actor=person(STAFF)).at == now
    dropped = last("drop-official")
    assert (dropped.actor, dropped.target_id, dropped.unit) == (person(STAFF), str(one.pk), round_.unit)
    assert len(dropped.changes) == 7 and dropped.changes[first.criterion.name] == "9.25"
    assert not ScoreSheet.objects.filter(dossier=one, kind="official").exists()


@pytest.mark.stage("scored")
def test_each_official_score_that_cannot_be_kept_is_named_and_none_is(stage: Any) -> None:
    (_, (one, _)) = stage
    a, b, c, d, *_ = (line.criterion for line in three_scores(one))
    wrong = {a.pk: Typed(" "), b.pk: Typed("20,5", "Hay"), c.pk: Typed("13,255", "Hay"), d.pk: Typed("20")}
    typed = {pk: text for pk, text in (means(one) | wrong).items() if pk != a.pk}
    saved = save_official(dossier_id=one.pk, typed=typed, actor=person(STAFF))
    assert saved.refused == {
        a.pk: f"{a.name}: chưa có điểm.",
        b.pk: "20,5 quá điểm tối đa 20.",
        c.pk: "“13,255” không phải số điểm; viết 7 hoặc 7,5.",
        d.pk: f"{d.name}: khác trung bình của các thành viên, xin ghi lý do.",
    }
    assert not ScoreSheet.objects.filter(dossier=one, kind="official").exists()
    assert not AuditEvent.objects.filter(action="save-official").exists()


@pytest.mark.stage("scored")
def test_official_scores_are_refused_in_words(stage: Any) -> None:
    (round_, (one, two)) = stage
    with refused("Vai trò của đồng chí không ghi điểm chính thức.", NotAllowed):
        save_official(dossier_id=one.pk, typed=means(one), actor=person(DISTRICT_LEADER))
    taken_back(two)
    with refused("Đồng chí có liên quan đến hồ sơ này nên không ghi điểm chính thức.", NotAllowed):
        save_official(dossier_id=two.pk, typed=means(one), actor=person(STAFF))
    for phase in ("scoring", "deciding"):
        RecognitionRound.objects.filter(pk=round_.pk).update(phase=phase)
        with refused("Điểm chính thức ghi từ bước đối chiếu điểm đến trước khi mở biểu quyết."):
            save_official(dossier_id=one.pk, typed=means(one), actor=person(STAFF))


@pytest.mark.stage("meeting")
def test_official_scores_may_still_be_given_while_the_meeting_is_prepared(stage: Any) -> None:
    (round_, (one, _)) = stage
    assert save_official(dossier_id=one.pk, typed=means(one), actor=person(STAFF)).refused == {}
    opened(round_)
    with refused("Điểm chính thức ghi từ bước đối chiếu điểm đến trước khi mở biểu quyết."):
        save_official(dossier_id=one.pk, typed=means(one), actor=person(STAFF))
    assert {choice.value for choice in Choice} == {"for", "against", "blank"}
