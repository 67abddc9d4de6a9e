"""Two at the same instant, with threads on PostgreSQL: publishing, voting against closing, numbering, sending a visit, phases."""

from collections import Counter
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from common import jobs
from common.exceptions import DomainError
from models_registry.transitions import InvalidTransition
from papers.models import PaperNumber
from recognition.models import (
    BallotResult,
    Certificate,
    Decision,
    Dossier,
    DossierFile,
    DossierStep,
    Meeting,
    OpenVote,
    RecognitionRound,
    RoundReminder,
    RoundStep,
    Score,
    ScoreSheet,
    SecondLook,
    SiteVisit,
)
from recognition.services import (
    LookPlan,
    Typed,
    VisitFindings,
    add_common_paper,
    advance,
    ask_certificates,
    ask_second_look,
    cast_votes,
    check_draft,
    choose,
    close_voting,
    open_voting,
    plan_visit,
    publish,
    reopen_phase,
    save_scores,
    send_packet,
    send_reminders,
    send_sheet,
    send_visit,
)
from tests.online import person
from tests.photos import PDF
from tests.rounds import (
    DISTRICT_LEADER,
    DISTRICT_STAFF,
    FULL,
    JUDGES,
    drafted,
    meeting,
    on,
    proposing,
    published,
    role,
    rows,
    score,
    scored,
    scoring,
    typed,
    vote,
    voted,
)
from tests.threads import at_once

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("media", "transactional_db", "september"),
]
STAFF, LEADER = DISTRICT_STAFF, DISTRICT_LEADER


@pytest.fixture(autouse=True)
def _clean(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs.current_app, "send_task", lambda name, args: None)


def test_two_leaders_publish_one_decision() -> None:
    round_, _ = voted(2)
    with on(10, 10):
        second = role("duclinh.chuyenvien", "lanh-dao-huyen", "ham-thuan-bac")
        draft = drafted(round_)
        check_draft(draft_id=draft.pk, actor=person(LEADER))
        first = person(LEADER)
        results = at_once(*[lambda who=who: publish(draft_id=draft.pk, actor=who) for who in (first, second)])
    kinds = Counter(type(one) for one in results)
    assert kinds == {Decision: 1, InvalidTransition: 1}
    assert (Decision.objects.filter(published_at__isnull=False).count(), PaperNumber.objects.count()) == (1, 1)
    assert "đã ban hành" in str(next(one for one in results if isinstance(one, InvalidTransition)))


def test_a_vote_while_voting_closes_counts_or_is_told() -> None:
    round_, (one, two) = meeting()
    with on(10, 5):
        open_voting(round_id=round_.pk, actor=person(STAFF))
        for judge in JUDGES[:2]:
            vote(round_, judge, {one: "for", two: "for"})
        late, staff = person(JUDGES[2]), person(STAFF)
        results = at_once(
            lambda: cast_votes(round_id=round_.pk, choices={one.pk: "for", two.pk: "for"}, actor=late),
            lambda: close_voting(round_id=round_.pk, even_so=True, actor=staff).state,
        )
    counted = set(BallotResult.objects.values_list("in_favour", flat=True))
    assert results[1] == "closed" and Meeting.objects.get().state == "closed"
    assert counted == ({3} if results[0] == 2 else {2})
    assert OpenVote.objects.filter(member__user=late).count() == (2 if results[0] == 2 else 0)


def test_a_double_tap_votes_once() -> None:
    round_, (one, two) = meeting(ballot="secret")
    with on(10, 5):
        open_voting(round_id=round_.pk, actor=person(STAFF))
        who = person(JUDGES[0])
        choices = {one.pk: "for", two.pk: "against"}
        results = at_once(*[lambda: cast_votes(round_id=round_.pk, choices=choices, actor=who)] * 3)
    assert sorted(str(type(found).__name__) for found in results) == ["DomainError", "DomainError", "int"]
    assert (one.box.in_favour, two.box.against) == (1, 1)


def test_certificates_asked_for_twice_are_numbered_once() -> None:
    decision, _ = published(3, against=())
    with on(10, 11):
        staff, leader = person(STAFF), person(LEADER)
        results = at_once(*[lambda who=who: ask_certificates(decision_id=decision.pk, actor=who).pk for who in (staff, leader)])
    assert len(set(results)) == 1
    assert sorted(Certificate.objects.values_list("paper__number", flat=True)) == [1, 2, 3]


def test_a_visit_sent_twice_at_once_is_kept_once() -> None:
    _, (dossier,) = scoring(1)
    visit = plan_visit(dossier_id=dossier.pk, planned_on=date(2023, 9, 10), visitors="Đoàn", actor=person(STAFF))
    key, staff = uuid4(), person(STAFF)
    findings = VisitFindings(visited_on=date(2023, 9, 10), people_met="Trưởng thôn", verdict="as-claimed")
    results = at_once(*[lambda: send_visit(visit_id=visit.pk, key=key, findings=findings, actor=staff).pk] * 3)
    assert results == [visit.pk] * 3 and SiteVisit.objects.get().key == key


def test_two_officers_go_on_to_the_next_phase_once() -> None:
    round_, (only,) = scoring(1)
    for judge in JUDGES:
        score(round_, only, judge)
    second = role("duclinh.chuyenvien", "chuyen-vien-huyen", "ham-thuan-bac")
    given = {"round_id": round_.pk, "seen": "scoring"}
    results = at_once(*[lambda who=who: advance(actor=who, **given).phase for who in (person(STAFF), second)])
    assert Counter(type(one) for one in results)[InvalidTransition] == 1 and "joint" in results
    assert RoundStep.objects.filter(round=round_, target="joint").count() == 1


def test_a_sheet_handed_in_while_the_phase_closes_stands_or_is_told() -> None:
    round_, (only,) = scoring(1)
    score(round_, only, JUDGES[0])
    score(round_, only, JUDGES[1])
    late, staff = person(JUDGES[2]), person(STAFF)
    save_scores(round_id=round_.pk, dossier_id=only.pk, typed=typed(round_, FULL), actor=late)
    results = at_once(
        lambda: send_sheet(round_id=round_.pk, dossier_id=only.pk, actor=late).state,
        lambda: advance(round_id=round_.pk, actor=staff, seen="scoring", losing=1).phase,
    )
    sheet = ScoreSheet.objects.get(member__user=late)
    assert results[1] == "joint"
    assert (results[0] == "sent" and sheet.state == "sent") or ("ghi vắng" in str(results[0]) and sheet.state == "absent")


def test_voting_that_opens_while_the_phase_before_is_opened_again_is_one_of_the_two() -> None:
    round_, _ = meeting()
    with on(10, 5):
        staff = person(STAFF)
        second = role("duclinh.chuyenvien", "chuyen-vien-huyen", "ham-thuan-bac")
        results = at_once(
            lambda: open_voting(round_id=round_.pk, actor=staff).state,
            lambda: reopen_phase(round_id=round_.pk, reason="Nhầm", actor=second).phase,
        )
    phase, state = RecognitionRound.objects.get(pk=round_.pk).phase, Meeting.objects.get().state
    assert (phase, state) in {("meeting", "voting"), ("joint", "preparing")}
    assert sum(isinstance(one, DomainError) for one in results) == 1


def test_reopening_while_someone_votes_is_refused() -> None:
    round_, (one, two) = meeting()
    with on(10, 5):
        open_voting(round_id=round_.pk, actor=person(STAFF))
        judge, staff = person(JUDGES[0]), person(STAFF)
        results = at_once(
            lambda: cast_votes(round_id=round_.pk, choices={one.pk: "for", two.pk: "for"}, actor=judge),
            lambda: reopen_phase(round_id=round_.pk, reason="Nhầm", actor=staff).phase,
        )
    assert results[0] == 2 and isinstance(results[1], DomainError)


def test_a_reminder_tapped_twice_goes_once() -> None:
    round_, _ = scoring(1)
    given: dict[str, Any] = {"keys": [f"tv-{one.pk}" for one in round_.members.all()], "words": "Xin chấm", "key": uuid4()}
    staff = person(STAFF)
    results = at_once(*[lambda: len(send_reminders(round_id=round_.pk, actor=staff, **given))] * 3)
    assert results == [3] * 3 and RoundReminder.objects.count() == 3


def test_two_officers_who_choose_and_send_at_once_make_one_packet() -> None:
    round_ = proposing(papers=("proposal",))
    second = role("duclinh.chuyenvien", "can-bo-co-so", "ham-thuan-bac/xa-ham-hiep")
    ids, people = [row.pk for row in rows(3)], (person("hamhiep.canbo"), second)
    results = at_once(
        *[lambda who=who: choose(round_id=round_.pk, registration_ids=ids, reason="", actor=who).packets for who in people]
    )
    assert results[0] == results[1] and Dossier.objects.filter(round=round_).count() == 3
    (packet_id,) = results[0]
    files = [SimpleUploadedFile("to trinh.pdf", PDF + bytes([n])) for n in range(2)]
    at_once(
        *[
            lambda who=who, file=file: add_common_paper(packet_id=packet_id, file=file, actor=who)
            for who, file in zip(people, files, strict=True)
        ]
    )
    kept = DossierFile.objects.filter(packet=packet_id, replaced_at=None)
    assert sorted(kept.values_list("kind", flat=True)) == ["", "proposal"]  # the later one waits to be told apart
    sent = at_once(*[lambda who=who: len(send_packet(packet_id=packet_id, actor=who)) for who in people])
    assert Counter(type(one) for one in sent) == {int: 1, DomainError: 1} and 3 in sent
    assert DossierStep.objects.filter(dossier__round=round_, action="send").count() == 3


def test_two_pages_of_one_member_that_save_at_once_keep_both() -> None:
    round_, (only,) = scoring(1)
    me, ids = person(JUDGES[0]), list(round_.criteria.criteria.values_list("pk", flat=True))[:2]
    at_once(
        *[
            lambda pk=pk: (
                save_scores(round_id=round_.pk, dossier_id=only.pk, typed={pk: Typed("8,5", base=Typed())}, actor=me).others
            )
            for pk in ids
        ]
    )
    points = ScoreSheet.objects.get(member__user=me).scores.filter(criterion__in=ids).values_list("points", flat=True)
    assert [float(one) for one in points if one is not None] == [8.5, 8.5]


def test_asking_again_while_the_phase_closes_is_done_or_told() -> None:
    round_, (only,) = scored(1)
    score_id = Score.objects.filter(sheet__dossier=only, sheet__member__user__username=JUDGES[0]).first().pk  # type: ignore[union-attr]
    plan = LookPlan(frozenset([score_id]), "Số đo", date(2023, 9, 20))
    staff, second = person(STAFF), role("duclinh.chuyenvien", "chuyen-vien-huyen", "ham-thuan-bac")
    asked, phase = at_once(
        lambda: len(ask_second_look(dossier_id=only.pk, plan=plan, actor=staff)),
        lambda: advance(round_id=round_.pk, actor=second, seen="joint").phase,
    )
    assert phase == "meeting"
    assert asked == SecondLook.objects.count() == 1 or ("đối chiếu điểm" in str(asked) and not SecondLook.objects.exists())
