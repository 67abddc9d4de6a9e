"""Reminders by hand: chosen, looked at, sent once, each in its own words; who is waited for, since when."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.exceptions import DomainError, NotAllowed
from notifications.models import Message
from notifications.reminding import WORDS_LIMIT, check_words
from organisation.models import AuditEvent
from recognition.models import RecognitionRound, RoundReminder, ScoreSheet
from recognition.selectors.round_list import rows_of
from recognition.selectors.waiting import waiting_members, waiting_units, waiting_within
from recognition.services import answer_appeal, appeal, mark_absent, open_voting, reopen_sheet, send_reminders
from tests.online import person
from tests.pages import entered, last_message, refused
from tests.rounds import COMMUNE, DISTRICT_LEADER, DISTRICT_STAFF, JUDGES, do, on, proposed, rows, score, vote

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media", "september")]
STAFF = DISTRICT_STAFF
HERE = "ham-thuan-bac/xa-ham-hiep"


def at(round_: RecognitionRound, page: str = "nhac/") -> str:
    return f"/lam-viec/dot-xet/{round_.pk}/{page}"


def key_of(round_: RecognitionRound, name: str = JUDGES[0]) -> str:
    return f"tv-{round_.members.get(user__username=name).pk}"


def sent(round_: RecognitionRound) -> list[str]:
    told = Message.objects.filter(event_key__startswith="round-reminder:")
    return sorted(told.values_list("recipient__username", flat=True))


@pytest.mark.stage("scoring")
def test_nothing_goes_out_before_it_was_looked_at(stage: Any) -> None:
    round_, (one, _) = stage
    score(round_, one, JUDGES[0])
    staff, keys = entered(STAFF), [key_of(round_), key_of(round_, JUDGES[1])]
    page = staff.get(at(round_))
    assert [is_chosen for _, is_chosen in page.context["lines"]] == [True] * 3
    given = {"ai": keys, "loi": "Còn {n} hồ sơ, {việc}: {liên kết}", "lan": str(uuid4())}
    looked_at = staff.post(at(round_), given | {"viec": "xem"})
    assert [text.partition(",")[0] for _, text in looked_at.context["previews"]] == ["Còn 2 hồ sơ", "Còn 1 hồ sơ"]
    assert not sent(round_)
    gone = staff.post(at(round_), given | {"viec": "gui"})
    assert last_message(gone) == "Đã nhắc 2 nơi lúc 10:00." and sent(round_) == sorted(JUDGES[:2])
    assert f"/lam-viec/dot-xet/{round_.pk}/cham/" in Message.objects.filter(event_key__startswith="round-reminder:")[0].body
    shown = staff.get(gone["Location"]).content.decode()
    assert "Còn 1 hồ sơ" in shown and "data-copy" in shown
    again = {one.key: is_chosen for one, is_chosen in staff.get(at(round_)).context["lines"]}
    assert again == {key_of(round_, name): name == JUDGES[2] for name in JUDGES}
    assert "Hôm nay đã nhắc" in staff.get(at(round_)).content.decode()


@pytest.mark.stage("scoring")
def test_a_double_tap_sends_once(stage: Any) -> None:
    round_, _ = stage
    given: dict[str, Any] = {"round_id": round_.pk, "keys": [key_of(round_)], "words": "Xin chấm", "key": uuid4()}
    first = send_reminders(actor=person(STAFF), **given)
    assert send_reminders(actor=person(STAFF), **given) == first
    assert (sent(round_), RoundReminder.objects.count()) == ([JUDGES[0]], 1)
    assert AuditEvent.objects.filter(action="remind-round").count() == 1


@pytest.mark.stage("scoring")
def test_a_reminder_is_refused_with_what_is_wrong_and_keeps_what_was_typed(stage: Any) -> None:
    round_, _ = stage
    staff = entered(STAFF)
    for changed, place, words in (
        ({"loi": " "}, "loi", "Xin ghi lời nhắc."),
        ({"loi": "Còn {so}"}, "loi", "Cổng không biết điền gì vào {so}"),
        ({"ai": []}, key_of(round_), "Chưa chọn ai để nhắc."),
    ):
        response = staff.post(at(round_), {"ai": [key_of(round_)], "loi": "Xin chấm giúp", "viec": "xem"} | changed)
        ((at_, told),) = response.context["errors"]
        assert response.status_code == 422 and at_ == place and words in told
        assert response.context["words"] == changed.get("loi", "Xin chấm giúp")


@pytest.mark.stage("scoring", count=1)
def test_who_has_finished_meanwhile_is_left_alone(stage: Any) -> None:
    round_, (only,) = stage
    score(round_, only, JUDGES[0])
    with pytest.raises(DomainError, match="vừa làm xong"):
        send_reminders(round_id=round_.pk, keys=[key_of(round_)], words="Xin chấm", key=uuid4(), actor=person(STAFF))
    with pytest.raises(NotAllowed):
        send_reminders(round_id=round_.pk, keys=[], words="Xin chấm", key=uuid4(), actor=person(DISTRICT_LEADER))


@pytest.mark.stage("proposing")
def test_units_are_waited_for_until_all_is_sent(stage: Any) -> None:
    def of_unit() -> tuple[str, int] | None:
        return next(((one.what, one.number) for one in waiting_units(stage) if "Hàm Hiệp" in one.name), None)

    assert of_unit() == ("chưa đề nghị mô hình nào", 0)
    first, second = rows(2)
    dossier = proposed(stage, first)
    assert of_unit() == ("còn 1 hồ sơ chưa gửi", 1)
    do(dossier, "send", COMMUNE)  # type: ignore[arg-type]
    assert of_unit() is None
    (office,) = waiting_within(stage)
    assert (office.what, office.since) == ("1 hồ sơ mới gửi chưa xem", office.since)
    do(dossier, "return", STAFF, note="Thiếu ảnh")  # type: ignore[arg-type]
    proposed(stage, second)
    assert of_unit() == ("còn 1 hồ sơ phải bổ sung, 1 hồ sơ chưa gửi", 2)


@pytest.mark.stage("scoring")
def test_members_are_waited_for_most_first(stage: Any) -> None:
    round_, (one, _) = stage
    score(round_, one, JUDGES[2])
    assert [line.what for line in waiting_members(round_)] == [f"còn {n}/2 hồ sơ chưa chấm" for n in (2, 2, 1)]


@pytest.mark.stage("scoring")
def test_who_follows_a_round_sees_who_is_waited_for(stage: Any) -> None:
    round_, _ = stage
    assert "Thành viên hội đồng" in entered(DISTRICT_LEADER).get(at(round_, "cho-ai/")).content.decode()
    assert entered(COMMUNE).get(at(round_, "cho-ai/")).status_code == 404


@pytest.mark.stage("proposing")
def test_waiting_takes_as_many_queries_for_one_as_for_three(stage: Any) -> None:
    counts = []
    waiting_units(stage)  # what a process remembers of the units
    for row in rows(3):
        proposed(stage, row)
        with CaptureQueriesContext(connection) as seen:
            waiting_units(stage)
        counts.append(len(seen))
    assert counts[0] == counts[2]


@pytest.mark.stage("scored")
def test_a_sheet_that_was_given_back_waits_for_its_member_until_the_meeting(stage: Any) -> None:
    round_, (one, _) = stage
    assert waiting_members(round_) == [] and waiting_units(round_) == []
    sheet = ScoreSheet.objects.get(dossier=one, member__user__username=JUDGES[1])
    reopen_sheet(sheet_id=sheet.pk, why="Cộng nhầm", actor=person(STAFF))
    (line,) = waiting_members(round_)
    assert (line.key, line.what, line.number, line.until) == (
        key_of(round_, JUDGES[1]),
        "còn 1/1 hồ sơ chưa chấm",
        1,
        round_.meet_on,
    )
    assert [user.username for user in line.people] == [JUDGES[1]]
    assert str(line.href) == at(round_, "cham/") and line.since == date(2023, 9, 10)


@pytest.mark.stage("meeting")
def test_at_the_meeting_ballots_are_waited_for_until_all_are_cast(stage: Any) -> None:
    round_, dossiers = stage
    assert waiting_members(round_) == waiting_within(round_) == []
    with on(10, 5):
        open_voting(round_id=round_.pk, actor=person(STAFF))
        vote(round_, JUDGES[0], dict.fromkeys(dossiers, "for"))
        vote(round_, JUDGES[1], {dossiers[0]: "for"})
        found = {line.people[0].username: (line.what, line.number, line.since, str(line.see)) for line in waiting_within(round_)}
    since, page = date(2023, 10, 5), at(round_, "hop/")
    assert found == {
        JUDGES[1]: ("còn 1 hồ sơ chưa biểu quyết", 1, since, page),
        JUDGES[2]: ("còn 2 hồ sơ chưa biểu quyết", 2, since, page),
    }


@pytest.mark.stage("published", against=(1,))
def test_an_appeal_waits_for_the_leader_until_it_is_answered(stage: Any) -> None:
    decision, dossiers = stage
    with on(10, 11):
        appeal(dossier_id=dossiers[1].pk, words="Xin xem lại", actor=person(COMMUNE))
        (line,) = waiting_within(decision.round)
        assert (line.what, line.since) == (f"kiến nghị về hồ sơ {dossiers[1].number} chưa trả lời", date(2023, 10, 11))
        assert line.name == f"Lãnh đạo {decision.round.unit_name}" and str(line.see) == f"/lam-viec/ho-so/{dossiers[1].pk}/"
        answer_appeal(dossier_id=dossiers[1].pk, is_upheld=False, answer="Giữ", actor=person(DISTRICT_LEADER))
        assert waiting_within(decision.round) == []


@pytest.mark.stage("scoring", count=1)
def test_words_of_a_reminder_have_their_limit(stage: Any) -> None:
    with refused(f"Lời nhắc dài quá {WORDS_LIMIT} ký tự."):
        check_words("x" * (WORDS_LIMIT + 1))
    assert check_words("x" * WORDS_LIMIT) == "x" * WORDS_LIMIT


@pytest.mark.stage("scoring", count=1)
def test_a_member_who_is_absent_is_not_among_those_whose_sheets_are_counted(stage: Any) -> None:
    round_, (only,) = stage
    score(round_, only, JUDGES[0])
    mark_absent(round_id=round_.pk, dossier_id=only.pk, why="Ốm", actor=person(JUDGES[1]))
    (row,) = rows_of(person(STAFF), round_)
    assert (row.sent, row.given, row.lacks_sheets) == (1, 2, True)
    score(round_, only, JUDGES[2])
    (row,) = rows_of(person(STAFF), round_)
    assert (row.sent, row.given, row.lacks_sheets) == (2, 2, False)
