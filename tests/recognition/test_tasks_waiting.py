"""What waits for a person in rounds: dossiers to go on with, to look at, ballots, drafts, appeals, each with its day."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from models_registry.models import Registration
from models_registry.selectors.tasks import sourced_tasks
from recognition.enums import DossierAction, DossierState
from recognition.models import CouncilMember, DeclaredConflict, Dossier, Meeting, RecognitionRound
from recognition.services import appeal, check_draft, open_voting, plan_visit
from tests.online import person
from tests.rounds import COMMUNE, DISTRICT_LEADER, DISTRICT_STAFF, JUDGES, do, drafted, on, proposed, rows, seat, vote

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media", "september")]
STAFF, LEADER = DISTRICT_STAFF, DISTRICT_LEADER


def waiting(name: str) -> list[tuple[date, str, str]]:
    return [(task.due, task.title, str(task.href)) for task in sourced_tasks(person(name)) if task.kind == "dot-xet"]


@pytest.mark.stage("proposing")
def test_a_dossier_waits_for_its_unit_then_for_who_runs_the_round(stage: Any) -> None:
    address = f"/lam-viec/dot-xet/{stage.pk}/"
    first, second = rows(2)
    do(proposed(stage, first), DossierAction.SEND, COMMUNE)
    proposed(stage, second)
    assert (date(2023, 9, 20), "Làm tiếp 1 hồ sơ đề nghị", address) in waiting(COMMUNE)
    assert (date(2023, 9, 13), "Xem 1 hồ sơ mới gửi", f"{address}?tt=sent") in waiting(STAFF)
    assert waiting(JUDGES[0]) == []


@pytest.mark.stage("proposing")
def test_models_that_nobody_proposed_wait_while_the_round_takes_them(stage: Any) -> None:
    def left(name: str = COMMUNE) -> list[tuple[date, str, str]]:
        return [one for one in waiting(name) if one[1].startswith("Chọn đề nghị")]

    (until, title, href) = left()[0]
    number = int(title.split()[3])
    assert (until, href) == (date(2023, 9, 20), f"/lam-viec/dot-xet/{stage.pk}/de-nghi/")
    proposed(stage, rows(1)[0])
    assert left()[0][1] == f"Chọn đề nghị: {number - 1} mô hình chưa đề nghị"
    with on(9, 21):
        assert left() == [] and not any("Làm tiếp" in title for _, title, _ in waiting(COMMUNE))
    assert left(JUDGES[0]) == []


@pytest.mark.stage("published", against=(0, 1))
def test_a_refusal_waits_for_its_unit_while_it_may_appeal(stage: Any) -> None:
    (_, refused) = stage
    with on(10, 12):
        (task,) = waiting(COMMUNE)
        assert task[1] == "2 hồ sơ không được công nhận: xem lý do, kiến nghị nếu cần"
        appeal(dossier_id=refused[0].pk, words="Xin xem lại kết quả đo được", actor=person(COMMUNE))
        (task,) = waiting(COMMUNE)
        assert task[1].startswith("1 hồ sơ") and task[2] == f"/lam-viec/ho-so/{refused[1].pk}/"
        until = task[0]
    with on(until.month, until.day + 1):
        assert waiting(COMMUNE) == []


@pytest.mark.stage("meeting")
def test_an_open_ballot_waits_for_who_is_there_until_all_is_voted(stage: Any) -> None:
    (round_, dossiers) = stage
    with on(10, 5):
        assert waiting(JUDGES[0]) == []
        open_voting(round_id=round_.pk, actor=person(STAFF))
        vote(round_, JUDGES[0], {dossiers[0]: "for"})
        address = f"/lam-viec/dot-xet/{round_.pk}/bieu-quyet/"
        assert waiting(JUDGES[0]) == [(date(2023, 10, 5), "Biểu quyết 1 hồ sơ", address)]
        vote(round_, JUDGES[0], {dossiers[1]: "against"})
        assert waiting(JUDGES[0]) == []


@pytest.mark.stage("scoring")
def test_sheets_wait_for_a_member_in_time_then_the_round_for_who_runs_it(stage: Any) -> None:
    (round_, _) = stage
    address = f"/lam-viec/dot-xet/{round_.pk}/"
    assert waiting(JUDGES[0]) == [(date(2023, 9, 30), "Chấm 2 hồ sơ được giao", f"{address}cham/")]
    assert waiting(STAFF) == []
    with on(10, 1):
        assert waiting(JUDGES[0]) == []
        assert waiting(STAFF) == [(date(2023, 9, 30), f"{round_}: hết hạn bước “thẩm định độc lập”", address)]


@pytest.mark.stage("scoring", count=1)
def test_a_visit_that_was_made_waits_for_its_findings(stage: Any) -> None:
    (round_, (dossier,)) = stage
    with on(9, 12):
        assert waiting(STAFF) == []
        visit = plan_visit(dossier_id=dossier.pk, planned_on=date(2023, 9, 14), visitors="Ban Dân vận", actor=person(STAFF))
        assert waiting(STAFF) == []
    with on(9, 15):
        title = f"Ghi kết quả khảo sát: “{dossier.registration.title}”"
        assert waiting(STAFF) == [(date(2023, 9, 14), title, f"/lam-viec/khao-sat/{visit.pk}/")]
        assert waiting(COMMUNE) == waiting(LEADER) == []
        member = CouncilMember.objects.create(round=round_, user=person(STAFF), name="Người của Ban", starts_on=date(2023, 9, 1))
        conflict = DeclaredConflict.objects.create(member=member, dossier=dossier, reason="Người nhà")
        assert waiting(STAFF) == []
        conflict.delete()


def another_ballot(like: RecognitionRound, row: Registration) -> Dossier:
    """A dossier in a further round whose ballot is open, with the first judge in its council and there."""
    meeting, member = Meeting.objects.get(round=like), seat(like, JUDGES[0])
    attendance = meeting.attendances.get(member=member)
    like.pk, like.number = None, RecognitionRound.objects.count() + 1
    like.save(force_insert=True)
    member.pk, member.round = None, like
    member.save(force_insert=True)
    meeting.pk, meeting.round = None, like
    meeting.save(force_insert=True)
    attendance.pk, attendance.meeting, attendance.member = None, meeting, member
    attendance.save(force_insert=True)
    return Dossier.objects.create(
        round=like,
        registration=row,
        level=like.level,
        unit=row.unit,
        number=1,
        state=DossierState.COMPLETE,
        proposed_on=date(2023, 9, 10),
    )


@pytest.mark.stage("meeting", count=1)
def test_three_open_ballots_cost_as_many_queries_as_one(stage: Any) -> None:
    (round_, dossiers) = stage
    counted = list[tuple[int, int]]()
    with on(10, 5):
        open_voting(round_id=round_.pk, actor=person(STAFF))
        sourced_tasks(person(JUDGES[0]))  # remembers the tree of units
        for further in ([], rows(3)[1:]):
            added = [another_ballot(RecognitionRound.objects.get(pk=round_.pk), row) for row in further]
            user = person(JUDGES[0])
            with CaptureQueriesContext(connection) as asked:
                counted.append((sum(task.title == "Biểu quyết 1 hồ sơ" for task in sourced_tasks(user)), len(asked)))
        assert [number for number, _ in counted] == [1, 3] and counted[0][1] == counted[1][1]
        DeclaredConflict.objects.create(member=seat(added[0].round, JUDGES[0]), dossier=added[0], reason="Người nhà")
        vote(round_, JUDGES[0], {dossiers[0]: "for"})
        assert [href for _, _, href in waiting(JUDGES[0])] == [f"/lam-viec/dot-xet/{added[1].round_id}/bieu-quyet/"]


@pytest.mark.stage("voted", count=1)
def test_a_draft_waits_for_its_leader_and_not_for_who_wrote_it(stage: Any) -> None:
    (round_, _) = stage
    with on(10, 10):
        draft = drafted(round_)
        address = f"/lam-viec/du-thao/{draft.pk}/"
        assert waiting(LEADER) == [(date(2023, 10, 12), "Duyệt dự thảo quyết định", address)]
        check_draft(draft_id=draft.pk, actor=person(LEADER))
        assert waiting(LEADER) == [(date(2023, 10, 12), "Ban hành quyết định đã kiểm tra", address)]
        draft.writers.add(person(LEADER))
        assert waiting(LEADER) == []


@pytest.mark.stage("published", against=(1,))
def test_an_appeal_waits_for_the_leader_to_answer(stage: Any) -> None:
    (_, (_, refused_one)) = stage
    with on(10, 12):
        appeal(dossier_id=refused_one.pk, words="Xin xem lại kết quả đo được", actor=person(COMMUNE))
        title = f"Trả lời kiến nghị: “{refused_one.registration.title}”"
        (task,) = waiting(LEADER)
        assert task[1:] == (title, f"/lam-viec/ho-so/{refused_one.pk}/")
