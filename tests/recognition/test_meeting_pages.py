"""The meeting's pages: planned, opened, voted on, closed, concluded by hand of the secretary; what each refusal says."""

from datetime import date
from typing import Any

import pytest

from common.exceptions import DomainError, NotAllowed
from organisation.models import AuditEvent
from recognition.models import Attendance, BallotResult, DeclaredConflict, Meeting, OpenVote, RecognitionRound
from recognition.services import (
    close_voting,
    conclude,
    open_voting,
    seat_member,
)
from recognition.services.meetings import present_members
from tests.online import person
from tests.pages import entered, last_message, refusal_on, refused
from tests.rounds import COMMUNE, DISTRICT_LEADER, DISTRICT_STAFF, JUDGES, on, plan, seat, vote

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media", "meeting_day")]
STAFF = DISTRICT_STAFF


def at(round_: RecognitionRound, page: str) -> str:
    return f"/lam-viec/dot-xet/{round_.pk}/{page}/"


def plan_form(round_: RecognitionRound, present: tuple[str, ...] = JUDGES, **other: str) -> dict[str, str]:
    """What the page sends: day, place, how to vote, who is there and why not."""
    form = {
        "held_on": "06/10/2023",
        "place": "Phòng họp số 2",
        "way": "both",
        "ballot": "secret",
        "quorum": "half",
        "needed": "two-thirds",
    }
    for name in JUDGES:
        member = seat(round_, name)
        form[f"ly-{member.pk}"] = "" if name in present else "Đi học"
        if name in present:
            form[f"co-{member.pk}"] = "on"
    return form | other


@pytest.mark.stage("meeting")
def test_the_page_saves_day_place_ballot_and_who_is_there(stage: Any) -> None:
    (round_, _) = stage
    response = entered(STAFF).post(at(round_, "hop"), plan_form(round_, JUDGES[:2]))
    assert (response.status_code, response["Location"], last_message(response)) == (302, at(round_, "hop"), "Đã lưu cuộc họp.")
    meeting = Meeting.objects.get(round=round_)
    planned = (meeting.held_on, meeting.place, meeting.way, meeting.ballot, meeting.quorum, meeting.needed, meeting.state)
    assert planned == (date(2023, 10, 6), "Phòng họp số 2", "both", "secret", "half", "two-thirds", "preparing")
    there = Attendance.objects.filter(meeting=meeting).order_by("member").values_list("name", "is_present", "why")
    assert list(there) == [
        ("Thành viên hội đồng 1", True, ""),
        ("Thành viên hội đồng 2", True, ""),
        ("Thành viên hội đồng 3", False, "Đi học"),
    ]


@pytest.mark.stage("meeting")
@pytest.mark.parametrize("button", [{}, {"viec": "mo"}], ids=["save", "open"])
def test_a_day_that_is_no_day_is_shown_again_and_nothing_is_saved(stage: Any, button: dict[str, str]) -> None:
    (round_, _) = stage
    response = entered(STAFF).post(at(round_, "hop"), plan_form(round_, JUDGES[:1], held_on="31/02/2023", **button))
    assert (response.status_code, response.context["errors"]) == (
        422,
        [("id_held_on", "Ngày “31/02/2023” không có thật; viết ngày/tháng/năm.")],
    )
    meeting = Meeting.objects.get(round=round_)
    assert (meeting.held_on, meeting.place, meeting.state) == (date(2023, 10, 5), "Hội trường Huyện ủy", "preparing")


@pytest.mark.stage("meeting")
def test_opening_saves_the_plan_first_and_keeps_what_was_ticked_when_it_is_refused(stage: Any) -> None:
    (round_, _) = stage
    staff = entered(STAFF)
    few = staff.post(at(round_, "hop"), plan_form(round_, JUDGES[:1], viec="mo", held_on="05/10/2023"))
    assert (few.status_code, refusal_on(few)) == (409, "Chưa đủ người để họp: có mặt 1/3, cần quá nửa số thành viên.")
    assert [typed for _, typed in few.context["people"]] == [(True, ""), (False, "Đi học"), (False, "Đi học")]
    opened = staff.post(at(round_, "hop"), plan_form(round_, JUDGES[:2], viec="mo", held_on="05/10/2023"))
    assert (opened.status_code, last_message(opened)) == (302, "Đã mở biểu quyết.")
    meeting = Meeting.objects.get(round=round_)
    assert (meeting.state, meeting.held_on, meeting.ballot) == ("voting", date(2023, 10, 5), "secret")
    assert AuditEvent.objects.filter(action="open-voting").latest("pk").note == "có mặt 2/3"


@pytest.mark.stage("meeting")
def test_closing_names_who_has_not_voted_and_closes_all_the_same_when_told(stage: Any) -> None:
    (round_, (first, second)) = stage
    staff = entered(STAFF)
    early = staff.post(at(round_, "hop"), {"viec": "dong"})
    assert (early.status_code, refusal_on(early)) == (409, "Chưa mở biểu quyết.")
    open_voting(round_id=round_.pk, actor=person(STAFF))
    for judge in JUDGES[:2]:
        vote(round_, judge, {first: "for", second: "for"})
    missing = staff.post(at(round_, "hop"), {"viec": "dong"})
    assert (missing.status_code, refusal_on(missing)) == (409, "Chưa biểu quyết hết: Thành viên hội đồng 3 (còn 2).")
    assert Meeting.objects.get(round=round_).state == "voting"
    closed = staff.post(at(round_, "hop"), {"viec": "dong", "du-thieu": "1"})
    assert (closed.status_code, last_message(closed)) == (302, "Đã đóng biểu quyết và kiểm phiếu.")
    assert [str(result) for result in BallotResult.objects.order_by("dossier")] == ["2/3", "2/3"]
    assert close_voting(round_id=round_.pk, actor=person(STAFF)).closed_at is not None  # a second tap
    assert open_voting(round_id=round_.pk, actor=person(STAFF)).state == "closed"
    assert BallotResult.objects.count() == 2


@pytest.mark.stage("meeting")
def test_the_conclusion_is_kept_in_the_councils_own_words(stage: Any) -> None:
    (round_, _) = stage
    response = entered(STAFF).post(at(round_, "hop"), {"viec": "ket-luan", "ket-luan": " Thống nhất.\n\nGiao  Thường trực. "})
    assert (response.status_code, last_message(response)) == (302, "Đã lưu kết luận của hội đồng.")
    assert Meeting.objects.get(round=round_).conclusion == "Thống nhất.\n\nGiao Thường trực."


@pytest.mark.stage("meeting")
def test_who_does_not_serve_the_council_neither_plans_nor_opens(stage: Any) -> None:
    (round_, _) = stage
    assert entered(COMMUNE).get(at(round_, "hop")).status_code == 404
    for name in (DISTRICT_LEADER, JUDGES[1]):
        reader = entered(name)
        assert reader.get(at(round_, "hop")).context["may_serve"] is False
        assert reader.post(at(round_, "hop"), plan_form(round_)).status_code == 404
    assert entered(STAFF).post(at(round_, "hop"), {"viec": "hoan"}).status_code == 404
    assert Meeting.objects.get(round=round_).place == "Hội trường Huyện ủy"
    with refused("Vai trò của đồng chí không điều hành cuộc họp này.", NotAllowed):
        conclude(round_id=round_.pk, words="Xong", actor=person(JUDGES[1]))


@pytest.mark.stage("voted")
def test_after_its_phase_the_meeting_stays_as_it_was(stage: Any) -> None:
    (round_, _) = stage
    response = entered(STAFF).post(at(round_, "hop"), {"viec": "ket-luan", "ket-luan": "Khác"})
    assert (response.status_code, refusal_on(response)) == (
        409,
        "Đợt xét đang ở bước “ra quyết định”, không phải bước họp hội đồng.",
    )
    assert Meeting.objects.get(round=round_).conclusion == "Thống nhất danh sách."


@pytest.mark.stage("meeting")
def test_a_ballot_or_share_that_does_not_exist_is_refused(stage: Any) -> None:
    (round_, _) = stage
    for wrong in ({"way": "by-post"}, {"ballot": "loud"}, {"quorum": "all"}, {"needed": "none"}):
        with refused("Xin chọn lại hình thức họp và cách biểu quyết."):
            plan(round_, **wrong)


@pytest.mark.stage("meeting")
def test_a_member_whose_term_ended_before_the_day_is_not_counted_as_there(stage: Any) -> None:
    (round_, dossiers) = stage
    with on(9, 10):
        seat_member(round_id=round_.pk, user=person(JUDGES[2]), task="member", ends_on=date(2023, 9, 30), actor=person(STAFF))
    open_voting(round_id=round_.pk, actor=person(STAFF))
    assert [str(member) for member in present_members(Meeting.objects.get(round=round_))] == [
        "Thành viên hội đồng 1",
        "Thành viên hội đồng 2",
    ]
    for judge in JUDGES[:2]:
        vote(round_, judge, dict.fromkeys(dossiers, "for"))
    close_voting(round_id=round_.pk, actor=person(STAFF))  # nobody is waited for
    assert {str(result) for result in BallotResult.objects.all()} == {"2/2"}


@pytest.mark.stage("meeting")
def test_a_vote_sent_twice_is_nothing_new(stage: Any) -> None:
    (round_, (first, second)) = stage
    judge = entered(JUDGES[0])
    assert judge.get(at(round_, "bieu-quyet")).status_code == 404  # not open yet
    open_voting(round_id=round_.pk, actor=person(STAFF))
    choices = {f"h{first.pk}": "for", f"h{second.pk}": "blank"}
    assert last_message(judge.post(at(round_, "bieu-quyet"), choices)) == "Đã ghi 2 phiếu."
    assert last_message(judge.post(at(round_, "bieu-quyet"), choices)) == "Không có phiếu nào thay đổi."
    assert entered(STAFF).get(at(round_, "bieu-quyet")).status_code == 404  # runs the round, has no seat
    assert sorted(OpenVote.objects.values_list("dossier", "choice")) == [(first.pk, "for"), (second.pk, "blank")]
    assert AuditEvent.objects.filter(action="vote").count() == 1


@pytest.mark.stage("meeting")
def test_an_interest_said_at_the_ballot_keeps_the_other_choices_on_the_page(stage: Any) -> None:
    (round_, (first, second)) = stage
    judge = entered(JUDGES[0])
    open_voting(round_id=round_.pk, actor=person(STAFF))
    assert judge.post(at(round_, "bieu-quyet"), {"lien-quan": "x"}).status_code == 404
    typed = {"lien-quan": str(first.pk), f"lq-{first.pk}": "Anh", f"h{second.pk}": "against"}
    short = judge.post(at(round_, "bieu-quyet"), typed)
    assert (short.status_code, refusal_on(short)) == (409, "Xin ghi liên quan thế nào, vài chữ là đủ.")
    kept = [part for part in short.content.decode().split("<details")[1:] if 'value="Anh"' in part]
    assert [f'name="lq-{first.pk}"' in part and " open>" in part.split("<summary")[0] for part in kept] == [True]
    told = judge.post(at(round_, "bieu-quyet"), typed | {f"lq-{first.pk}": "Anh ruột làm mô hình"})
    assert told.status_code == 200
    lines = {line.dossier: (line.aside, choice) for line, _, choice, _ in told.context["lines"]}
    assert lines == {first: ("Anh ruột làm mô hình", ""), second: ("", "against")}
    assert DeclaredConflict.objects.get().dossier == first
    assert OpenVote.objects.count() == 0


@pytest.mark.stage("meeting", ballot="secret")
def test_a_secret_ballot_does_not_close_while_a_box_would_tell_who_voted_what(stage: Any) -> None:
    (round_, dossiers) = stage
    open_voting(round_id=round_.pk, actor=person(STAFF))
    for judge in JUDGES[:2]:
        vote(round_, judge, dict.fromkeys(dossiers, "for"))
    with pytest.raises(DomainError, match="đóng lúc này là lộ phiếu"):
        close_voting(round_id=round_.pk, even_so=True, actor=person(STAFF))
    vote(round_, JUDGES[2], {dossiers[0]: "for"})
    with pytest.raises(DomainError, match="đóng lúc này là lộ phiếu"):  # the second box holds two still
        close_voting(round_id=round_.pk, even_so=True, actor=person(STAFF))
    assert BallotResult.objects.count() == 0
