"""The meeting clause by clause, up to its votes: what is kept of a plan, who counts, what is refused and in which words, what is
left on record.
"""

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from common.exceptions import NotAllowed
from organisation.models import AuditEvent
from recognition.enums import DossierState
from recognition.models import Attendance, CouncilMember, Dossier, Meeting, OpenVote, SecretBox, SecretCast
from recognition.selectors import meetings as reads
from recognition.services import MeetingPlan, cast_votes, close_voting, conclude, open_voting, plan_meeting
from recognition.services.meetings import present_members
from tests.meetings import closed, last, meet, opened, taken_back
from tests.online import person
from tests.pages import refused
from tests.rounds import DISTRICT_LEADER, JUDGES, on, plan, seat, vote
from tests.rounds import DISTRICT_STAFF as STAFF

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media", "meeting_day")]


def test_who_was_there_is_named_so() -> None:
    assert [str(Attendance(name="Bà Ba", is_present=there)) for there in (True, False)] == ["Bà Ba: có mặt", "Bà Ba: vắng"]


# --- the plan


@pytest.mark.stage("meeting")
def test_a_plan_is_kept_as_it_was_given(stage: Any) -> None:
    (round_, _) = stage
    one, two, three = (seat(round_, name) for name in JUDGES)
    Attendance.objects.all().delete()
    plan_given = MeetingPlan(
        held_on=round_.score_until,
        place="  Nhà  văn hóa " + "x" * 200,
        way="online",
        ballot="secret",
        quorum="half",
        needed="three-quarters",
        present={one.pk: (True, "nói gì cũng bỏ"), two.pk: (False, " Ốm  nặng " + "x" * 300)},
    )
    made = plan_meeting(round_id=round_.pk, plan=plan_given, actor=person(STAFF))
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
    with refused("Ngày họp không được trước ngày cuối thẩm định (10/09/2023)."):
        plan(round_, held_on=date(2023, 9, 9))
    given = {"held_on": date(2023, 10, 5), "place": "", "way": "there", "ballot": "open", "quorum": "half", "needed": "half"}
    with refused("Vai trò của đồng chí không điều hành cuộc họp này.", NotAllowed):
        plan_meeting(round_id=round_.pk, plan=MeetingPlan(present={}, **given), actor=person(DISTRICT_LEADER))  # type: ignore[arg-type]
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
    with refused("Hội đồng chưa mở biểu quyết. Phiếu vừa chọn còn trên trang."):
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
    with refused("Đã đóng biểu quyết, phiếu vừa chọn không ghi được nữa; còn trên trang."):
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
    Dossier.objects.filter(pk=two.pk).update(state=DossierState.WITHDRAWN, withdrawn_on=date(2023, 10, 1))
    assert paper(JUDGES[1], [two.pk]) == [(one, "", False, False)]
    assert [left for _, left in reads.ballots_left(meet(round_))] == [0, 1, 1]


@pytest.mark.stage("meeting", ballot="secret")
def test_a_secret_ballot_paper_says_that_and_not_what_one_voted(stage: Any) -> None:
    (round_, (one, two)) = stage
    opened(round_)
    vote(round_, JUDGES[0], {one: "for"})
    lines = reads.ballot_paper(meet(round_), seat(round_, JUDGES[0]), [one.pk, two.pk])
    assert [(line.dossier, line.choice, line.is_cast) for line in lines] == [(one, "", True), (two, "", False)]


@pytest.mark.stage("voted", count=1)
def test_once_the_round_decides_the_meeting_is_over(stage: Any) -> None:
    round_, _ = stage
    before = Meeting.objects.values().get(round=round_)
    for act in (
        lambda: plan(round_, held_on=date(2023, 10, 6)),
        lambda: open_voting(round_id=round_.pk, actor=person(STAFF)),
        lambda: close_voting(round_id=round_.pk, actor=person(STAFF)),
        lambda: conclude(round_id=round_.pk, words="Khác", actor=person(STAFF)),
    ):
        with refused("Đợt xét đang ở bước “ra quyết định”, không phải bước họp hội đồng."):
            act()
    assert Meeting.objects.values().get(round=round_) == before
