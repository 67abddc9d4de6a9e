"""The meeting clause by clause: what is kept of a plan, who counts, what is refused and in which words, what is left on record."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from common.exceptions import DomainError, NotAllowed
from organisation.models import AuditEvent
from recognition.enums import Choice, DossierState, Phase
from recognition.models import (
    Attendance,
    BallotResult,
    CouncilMember,
    Dossier,
    Meeting,
    OpenVote,
    RecognitionRound,
    ScoreSheet,
    SecretBox,
    SecretCast,
)
from recognition.selectors import meetings as reads
from recognition.selectors.scoring import three_scores
from recognition.services import Typed, cast_votes, close_voting, conclude, move_cut, open_voting, plan_meeting, save_official
from recognition.services.meetings import present_members
from tests.online import person
from tests.pages import refused
from tests.rounds import DISTRICT_LEADER, DISTRICT_STAFF, JUDGES, on, plan, seat, vote

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media", "meeting_day")]
STAFF = DISTRICT_STAFF


def opened(round_: RecognitionRound) -> Meeting:
    return open_voting(round_id=round_.pk, actor=person(STAFF))


def closed(round_: RecognitionRound, even_so: bool = False) -> Meeting:
    return close_voting(round_id=round_.pk, even_so=even_so, actor=person(STAFF))


def meet(round_: RecognitionRound) -> Meeting:
    return Meeting.objects.get(round=round_)


def last(action: str, **filters: Any) -> AuditEvent:
    return AuditEvent.objects.filter(action=action, **filters).latest("pk")


def taken_back(dossier: Dossier) -> None:
    Dossier.objects.filter(pk=dossier.pk).update(state=DossierState.WITHDRAWN, withdrawn_on=date(2023, 10, 1))


@pytest.mark.parametrize(
    "in_favour, voters, said",
    [(6, 7, "85,7"), (1, 3, "33,3"), (2, 3, "66,7"), (3, 3, "100"), (0, 3, "0"), (0, 0, "0"), (1, 1000, "0,1")],
)
def test_the_share_in_favour_has_one_decimal_after_a_comma(in_favour: int, voters: int, said: str) -> None:
    result = BallotResult(in_favour=in_favour, voters=voters)
    assert (result.percent, str(result)) == (said, f"{in_favour}/{voters}")


def test_who_was_there_is_named_so() -> None:
    assert [str(Attendance(name="Bà Ba", is_present=there)) for there in (True, False)] == ["Bà Ba: có mặt", "Bà Ba: vắng"]


# --- the plan


@pytest.mark.stage("meeting")
def test_a_plan_is_kept_as_it_was_given(stage: Any) -> None:
    (round_, _) = stage
    one, two, three = (seat(round_, name) for name in JUDGES)
    Attendance.objects.all().delete()
    made = plan_meeting(
        round_id=round_.pk,
        held_on=round_.score_until,
        place="  Nhà  văn hóa " + "x" * 200,
        way="online",
        ballot="secret",
        quorum="half",
        needed="three-quarters",
        present={one.pk: (True, "nói gì cũng bỏ"), two.pk: (False, " Ốm  nặng " + "x" * 300)},
        actor=person(STAFF),
    )
    kept = meet(round_)
    assert kept == made
    assert (kept.held_on, kept.place) == (round_.score_until, ("Nhà văn hóa " + "x" * 200)[:200])
    assert (kept.way, kept.ballot, kept.quorum, kept.needed) == ("online", "secret", "half", "three-quarters")
    assert list(Attendance.objects.filter(meeting=kept).values_list("member", "name", "task", "is_present", "why")) == [
        (one.pk, one.name, "chair", True, ""),
        (two.pk, two.name, "member", False, ("Ốm nặng " + "x" * 300)[:300]),
        (three.pk, three.name, "member", False, ""),
    ]
    said = last("plan-meeting")
    assert (said.actor, said.target_id, said.unit) == (person(STAFF), str(round_.pk), round_.unit)


@pytest.mark.stage("meeting")
def test_a_member_whose_term_does_not_reach_the_day_is_not_asked_to_come(stage: Any) -> None:
    (round_, _) = stage
    Attendance.objects.all().delete()
    CouncilMember.objects.filter(pk=seat(round_, JUDGES[1]).pk).update(ends_on=date(2023, 10, 4))
    plan(round_)
    assert [one.member for one in Attendance.objects.all()] == [seat(round_, JUDGES[0]), seat(round_, JUDGES[2])]


@pytest.mark.stage("meeting")
@pytest.mark.parametrize("name", ["way", "ballot", "quorum", "needed"])
def test_each_choice_of_a_plan_is_one_of_those_that_there_are(stage: Any, name: str) -> None:
    (round_, _) = stage
    with refused("Xin chọn lại hình thức họp và cách biểu quyết."):
        plan(round_, **{name: "khac"})


@pytest.mark.stage("meeting")
def test_a_plan_is_refused_before_its_time_after_it_and_from_others(stage: Any) -> None:
    (round_, _) = stage
    with refused("Ngày họp không được trước ngày cuối thẩm định (30/09/2023)."):
        plan(round_, held_on=date(2023, 9, 29))
    given = {"held_on": date(2023, 10, 5), "place": "", "way": "there", "ballot": "open", "quorum": "half", "needed": "half"}
    with refused("Vai trò của đồng chí không điều hành cuộc họp này.", NotAllowed):
        plan_meeting(round_id=round_.pk, present={}, actor=person(DISTRICT_LEADER), **given)  # type: ignore[arg-type]
    opened(round_)
    with refused("Đã mở biểu quyết nên không sửa được thành phần, cách biểu quyết nữa."):
        plan(round_)


@pytest.mark.stage("scored")
def test_there_is_no_meeting_before_its_phase(stage: Any) -> None:
    (round_, _) = stage
    for act in (plan, opened, closed):
        with refused("Đợt xét đang ở bước “đối chiếu điểm”, không phải bước họp hội đồng."):
            act(round_)


# --- voting opens


@pytest.mark.stage("meeting", present=JUDGES[:1])
def test_a_quorum_is_of_those_who_sit_on_the_day(stage: Any) -> None:
    (round_, _) = stage
    with refused("Chưa đủ người để họp: có mặt 1/3, cần từ hai phần ba số thành viên."):
        opened(round_)
    absent = CouncilMember.objects.filter(pk__in=[seat(round_, name).pk for name in JUDGES[1:]])
    absent.update(ends_on=date(2023, 10, 4))
    assert opened(round_).state == "voting"
    assert last("open-voting").note == "có mặt 1/1"


@pytest.mark.stage("meeting")
def test_who_left_the_council_is_there_no_more(stage: Any) -> None:
    (round_, _) = stage
    one, two, three = (seat(round_, name) for name in JUDGES)
    assert present_members(meet(round_)) == [one, two, three]
    CouncilMember.objects.filter(pk=one.pk).update(removed_at=timezone.now(), removed_why="Chuyển công tác")
    CouncilMember.objects.filter(pk=two.pk).update(ends_on=date(2023, 10, 4))
    assert present_members(meet(round_)) == [three]
    assert reads.ballots_left(meet(round_)) == [(three, 2)]
    assert [one.member for one in reads.attendances(meet(round_))] == [two, three]
    Meeting.objects.update(state="voting", opened_at=timezone.now())
    assert [one.member for one in reads.attendances(meet(round_))] == [one, two, three]  # as it was when voting opened


@pytest.mark.stage("meeting")
def test_voting_opens_on_the_day_and_once(stage: Any) -> None:
    (round_, _) = stage
    with on(10, 4), refused("Cuộc họp ghi ngày 05/10/2023; đến ngày ấy mới mở biểu quyết."):
        opened(round_)
    assert (reads.is_voting(round_), reads.meeting_of(round_)) == (False, meet(round_))
    first = opened(round_)
    assert (first.state, first.opened_at, first.closed_at, reads.is_voting(round_)) == ("voting", timezone.now(), None, True)
    assert meet(round_).opened_at == first.opened_at
    with on(10, 6):
        assert opened(round_).opened_at == first.opened_at  # a second tap
    said = AuditEvent.objects.filter(action="open-voting", target_id=str(round_.pk))
    assert [(event.actor, event.unit, event.note) for event in said] == [(person(STAFF), round_.unit, "có mặt 3/3")]
    assert not SecretBox.objects.exists()


@pytest.mark.stage("meeting", ballot="secret")
def test_a_secret_ballot_has_a_box_for_each_dossier_that_is_judged(stage: Any) -> None:
    (round_, (one, two)) = stage
    taken_back(two)
    opened(round_)
    boxes = SecretBox.objects.values_list("meeting", "dossier", "in_favour", "against", "blank")
    assert list(boxes) == [(meet(round_).pk, one.pk, 0, 0, 0)]


# --- votes


@pytest.mark.stage("meeting", present=JUDGES[:2])
def test_a_vote_is_refused_in_words(stage: Any) -> None:
    (round_, (one, two)) = stage
    not_open = "Hội đồng chưa mở, hoặc đã đóng biểu quyết. Phiếu vừa chọn còn trên trang."
    with refused(not_open):
        vote(round_, JUDGES[0], {one: "for"})
    opened(round_)
    with refused("Đồng chí không còn trong hội đồng của đợt xét này.", NotAllowed):
        cast_votes(round_id=round_.pk, choices={one.pk: "for"}, actor=person(DISTRICT_LEADER))
    with refused("Thư ký ghi đồng chí vắng mặt nên không biểu quyết.", NotAllowed):
        vote(round_, JUDGES[2], {one: "for"})
    unknown = "Có lựa chọn không thuộc đợt xét này. Xin tải lại trang."
    with refused(unknown):
        cast_votes(round_id=round_.pk, choices={999_999: "for"}, actor=person(JUDGES[0]))
    with refused(unknown):
        vote(round_, JUDGES[0], {one: "maybe"})
    one.writers.add(person(JUDGES[0]))
    with refused(f"Đồng chí có liên quan đến hồ sơ {one.number} nên đứng ngoài.", NotAllowed):
        vote(round_, JUDGES[0], {one: "for"})
    taken_back(two)
    with refused(unknown):
        vote(round_, JUDGES[1], {one: "for", two: "for"})
    assert not OpenVote.objects.exists() and not AuditEvent.objects.filter(action="vote").exists()
    closed(round_, even_so=True)
    with refused(not_open):
        vote(round_, JUDGES[1], {one: "for"})


@pytest.mark.stage("meeting")
def test_only_what_is_new_of_an_open_vote_is_kept_and_the_earlier_one_says_until_when(stage: Any) -> None:
    (round_, (one, two)) = stage
    opened(round_)
    member, first = seat(round_, JUDGES[0]), timezone.now()
    assert vote(round_, JUDGES[0], {one: "for"}) == 1
    said = last("vote")
    assert (said.actor, said.target_id, said.unit, said.changes) == (
        person(JUDGES[0]),
        str(round_.pk),
        round_.unit,
        {"votes": 1},
    )
    with on(10, 5, hour=4):
        later = timezone.now()
        assert vote(round_, JUDGES[0], {one: "for"}) == 0
        assert vote(round_, JUDGES[1], {one: "for"}) == 1
        assert AuditEvent.objects.filter(action="vote").count() == 2  # nothing new is not on record
        assert vote(round_, JUDGES[0], {one: "for", two: "blank"}) == 1
        assert vote(round_, JUDGES[0], {one: "against", two: "blank"}) == 1
    rows = OpenVote.objects.filter(member=member).values_list("meeting", "dossier", "choice", "at", "replaced_at")
    assert set(rows) == {
        (meet(round_).pk, one.pk, "for", first, later),
        (meet(round_).pk, one.pk, "against", later, None),
        (meet(round_).pk, two.pk, "blank", later, None),
    }


@pytest.mark.stage("meeting", ballot="secret")
def test_a_secret_vote_is_cast_once_and_the_second_names_the_dossiers(stage: Any) -> None:
    (round_, (one, two)) = stage
    opened(round_)
    assert vote(round_, JUDGES[0], {two: "for", one: "blank"}) == 2
    with refused(f"Phiếu kín chỉ bỏ một lần; đồng chí đã bỏ cho hồ sơ {one.number}, {two.number}."):
        vote(round_, JUDGES[0], {two: "for", one: "for"})
    assert vote(round_, JUDGES[1], {one: "against"}) == 1
    assert {box.dossier: (box.in_favour, box.against, box.blank) for box in SecretBox.objects.all()} == {
        one: (0, 1, 1),
        two: (1, 0, 0),
    }
    first, second, _ = (seat(round_, name).pk for name in JUDGES)
    assert set(SecretCast.objects.values_list("meeting", "member", "dossier")) == {
        (meet(round_).pk, first, one.pk),
        (meet(round_).pk, first, two.pk),
        (meet(round_).pk, second, one.pk),
    }
    assert [(str(member), left) for member, left in reads.ballots_left(meet(round_))] == [
        ("Thành viên hội đồng 1", 0),
        ("Thành viên hội đồng 2", 1),
        ("Thành viên hội đồng 3", 2),
    ]


@pytest.mark.stage("meeting")
def test_the_ballot_paper_holds_ones_own_open_votes_in_the_order_asked_for(stage: Any) -> None:
    (round_, (one, two)) = stage
    opened(round_)
    vote(round_, JUDGES[0], {one: "for"})
    vote(round_, JUDGES[0], {one: "against"})
    vote(round_, JUDGES[1], {two: "for"})
    two.writers.add(person(JUDGES[0]))

    def paper(name: str, order: list[int]) -> list[tuple[Any, ...]]:
        lines = reads.ballot_paper(meet(round_), seat(round_, name), order)
        return [(line.dossier, line.choice, line.is_cast, bool(line.aside)) for line in lines]

    assert paper(JUDGES[0], [two.pk, 999_999]) == [(two, "", False, True), (one, "against", True, False)]
    assert paper(JUDGES[1], [one.pk, two.pk]) == [(one, "", False, False), (two, "for", True, False)]
    for change in ({"round": None}, {"round": round_, "state": DossierState.WITHDRAWN, "withdrawn_on": date(2023, 10, 1)}):
        Dossier.objects.filter(pk=two.pk).update(**change)  # of another round, then taken back
        assert paper(JUDGES[1], [two.pk]) == [(one, "", False, False)]
    assert [left for _, left in reads.ballots_left(meet(round_))] == [0, 1, 1]


@pytest.mark.stage("meeting", ballot="secret")
def test_a_secret_ballot_paper_says_that_and_not_what_one_voted(stage: Any) -> None:
    (round_, (one, two)) = stage
    opened(round_)
    vote(round_, JUDGES[0], {one: "for"})
    lines = reads.ballot_paper(meet(round_), seat(round_, JUDGES[0]), [one.pk, two.pk])
    assert [(line.dossier, line.choice, line.is_cast) for line in lines] == [(one, "", True), (two, "", False)]


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
