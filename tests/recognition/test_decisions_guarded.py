"""Who keeps hands off a decision, what is left open, what a list may not rewrite, how an amendment grows."""

import io
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import DatabaseError
from django.test import Client
from docx import Document

from common.exceptions import DomainError, NotAllowed
from recognition.enums import Purpose
from recognition.models import DecisionDraft, DecisionFile, Recognition
from recognition.selectors.decisions import undecided
from recognition.services import (
    DraftTyped,
    LineTyped,
    advance,
    answer_appeal,
    appeal,
    begin_amendment,
    begin_draft,
    check_draft,
    move_cut,
    problems_of,
    publish,
    write_draft,
)
from recognition.transitions import InvalidTransition
from tests.online import person
from tests.rounds import (
    COMMUNE,
    DISTRICT_LEADER,
    DISTRICT_STAFF,
    drafted,
    on,
)

pytestmark = [pytest.mark.both, pytest.mark.django_db, pytest.mark.usefixtures("media", "september")]
STAFF, LEADER = DISTRICT_STAFF, DISTRICT_LEADER


def words_of(draft: DecisionDraft, **changes: Any) -> dict[str, Any]:
    """What `write_draft` takes: the draft as it is, but for the changes."""
    actor = changes.pop("actor", None) or person(STAFF)
    given = {"suffix": draft.suffix, "number": draft.number, "decided_on": draft.decided_on} | changes
    return {"draft_id": draft.pk, "typed": DraftTyped(**given), "actor": actor}


@pytest.mark.stage("meeting")
def test_who_has_an_interest_sees_neither_votes_nor_draft_and_does_not_decide(client: Client, stage: Any) -> None:
    from recognition.services import declare_conflict, seat_member
    from tests.rounds import JUDGES, close_voting, open_voting, plan, vote

    (round_, (one, two)) = stage
    member = seat_member(round_id=round_.pk, user=person(LEADER), task="deputy", actor=person(STAFF))
    plan(round_)
    declare_conflict(round_id=round_.pk, dossier_id=two.pk, reason="Người nhà làm mô hình", actor=person(LEADER))
    with on(10, 5):
        open_voting(round_id=round_.pk, actor=person(STAFF))
        for judge in JUDGES:
            vote(round_, judge, {one: "for", two: "against"})
        close_voting(round_id=round_.pk, actor=person(STAFF))
        client.force_login(person(LEADER), backend="django.contrib.auth.backends.ModelBackend")
        page = client.get(f"/lam-viec/dot-xet/{round_.pk}/hop/").content.decode()
        assert one.registration.title in page and two.registration.title not in page
        assert client.get(f"/lam-viec/dot-xet/{round_.pk}/bien-ban/").status_code == 404
        advance(round_id=round_.pk, actor=person(STAFF))
    with on(10, 10):
        client.force_login(person(LEADER), backend="django.contrib.auth.backends.ModelBackend")
        draft = drafted(round_)
        assert client.get(f"/lam-viec/du-thao/{draft.pk}/").status_code == 302
        assert client.get(f"/lam-viec/du-thao/{draft.pk}/ban-word/").status_code == 404
        with pytest.raises(NotAllowed, match="có liên quan"):
            check_draft(draft_id=draft.pk, actor=person(LEADER))
    assert member.task == "deputy"


@pytest.mark.stage("voted", count=1)
def test_every_writer_of_a_draft_is_kept_from_approving_it(stage: Any) -> None:
    from tests.rounds import role

    (round_, _) = stage
    role(LEADER, "chuyen-vien-huyen", "ham-thuan-bac")  # a leader who also writes
    with on(10, 10):
        draft = drafted(round_)
        write_draft(**words_of(draft, actor=person(LEADER)))
        write_draft(**words_of(draft))
        with pytest.raises(NotAllowed, match="đã soạn"):
            check_draft(draft_id=draft.pk, actor=person(LEADER))


@pytest.mark.stage("voted", count=1)
def test_nobody_approves_or_overwrites_what_they_have_not_seen(stage: Any) -> None:
    (round_, _) = stage
    with on(10, 10):
        draft = drafted(round_)
        with pytest.raises(InvalidTransition, match="vừa được người khác sửa"):
            check_draft(draft_id=draft.pk, seen=draft.version - 1, actor=person(LEADER))
        with pytest.raises(InvalidTransition, match="vừa được người khác sửa"):
            write_draft(**words_of(draft, seen=draft.version - 1))
        check_draft(draft_id=draft.pk, seen=draft.version, actor=person(LEADER))


@pytest.mark.stage("published", count=1)
def test_a_list_of_outcomes_does_not_rewrite_what_was_published(season: Any, tmp_path: Any, stage: Any) -> None:
    from recognition.services import COLUMNS, import_outcomes

    (decision, (one,)) = stage
    row = one.registration
    line = ["ham-thuan-bac", row.title, row.subject, "", "", "99-QĐ/HU", "01/11/2023", "", "", "", ""]
    path = tmp_path / "outcomes.csv"
    path.write_text(",".join(COLUMNS) + "\n" + ",".join(f'"{cell}"' for cell in line) + "\n", encoding="utf-8")
    report = import_outcomes(path=path, season=season, actor=None)
    assert [found["code"] for found in report.rejected] == ["published_here"]
    assert Recognition.objects.get(registration=row, revoked_on__isnull=True).decision == decision
    with pytest.raises(DatabaseError), transaction.atomic():
        Recognition.objects.filter(decision=decision).update(title="Khác")


@pytest.mark.stage("published", against=(1,))
def test_a_round_closes_when_nothing_is_left_open(stage: Any) -> None:
    (decision, (_, two)) = stage
    round_id = decision.round_id
    assert round_id is not None
    with on(10, 20), pytest.raises(DomainError, match="kiến nghị đến hết ngày 20/10/2023"):
        advance(round_id=round_id, actor=person(STAFF))
    with on(10, 20):
        appeal(dossier_id=two.pk, words="Xin xem lại kết quả đo được", actor=person(COMMUNE))
        answer_appeal(dossier_id=two.pk, is_upheld=True, answer="Đã xác minh", actor=person(LEADER))
        with pytest.raises(DomainError, match="Còn 1 hồ sơ chưa có quyết định"):
            advance(round_id=round_id, actor=person(STAFF))
        draft = begin_draft(round_id=round_id, actor=person(STAFF))
        with pytest.raises(DomainError, match="chưa có quyết định"):
            advance(round_id=round_id, actor=person(STAFF))
        lines = {line.pk: LineTyped("refuse", "Xem lại vẫn chưa đạt") for line in draft.lines.all()}
        write_draft(**words_of(draft, suffix="HU", number=None, decided_on=date(2023, 10, 20), lines=lines))
        check_draft(draft_id=draft.pk, actor=person(LEADER))
        second = publish(draft_id=draft.pk, actor=person(LEADER))
        assert not undecided(second.round).exists()  # type: ignore[arg-type]
        assert advance(round_id=round_id, actor=person(STAFF)).phase == "closed"
    with DecisionFile.objects.get(decision=second, kind="word").file.open("rb") as file:
        text = "\n".join(paragraph.text for paragraph in Document(io.BytesIO(file.read())).paragraphs)
    assert "Không công nhận 1 mô hình" in text and "Công nhận 0" not in text


@pytest.mark.stage("published", against=(1,))
def test_who_sent_an_appeal_does_not_answer_it(stage: Any) -> None:
    from tests.rounds import role

    (_, (_, two)) = stage
    role(LEADER, "chuyen-vien-huyen", "ham-thuan-bac")
    with on(10, 12):
        appeal(dossier_id=two.pk, words="Xin xem lại kết quả đo được", actor=person(LEADER))
        for who in (LEADER, STAFF):
            with pytest.raises(NotAllowed):
                answer_appeal(dossier_id=two.pk, is_upheld=True, answer="Được", actor=person(who))


@pytest.mark.stage("voted", count=3)
def test_a_tie_at_the_line_is_left_to_people(stage: Any) -> None:
    from recognition.models import Score

    (round_, dossiers) = stage
    Score.objects.filter(sheet__dossier=dossiers[2], position=2).update(points=17)  # as the second
    move_cut(round_id=round_.pk, above=2, actor=person(STAFF))
    with on(10, 6):
        draft = begin_draft(round_id=round_.pk, actor=person(STAFF))
    assert [line.verdict for line in draft.lines.all()] == ["recognise", "recognise", "later"]


@pytest.mark.stage("published")
def test_an_amendment_takes_further_models_and_names_what_is_elsewhere(stage: Any) -> None:
    (decision, _) = stage
    first, second = Recognition.objects.filter(decision=decision)
    with on(11, 20):
        given: dict[str, Any] = {"decision_id": decision.pk, "actor": person(STAFF)}
        draft = begin_amendment(purpose=Purpose.WITHDRAW, recognition_ids=[first.pk], **given)
        assert begin_amendment(purpose=Purpose.WITHDRAW, recognition_ids=[second.pk], **given) == draft
        assert draft.lines.count() == 2
        with pytest.raises(DomainError, match="đang ở một dự thảo khác"):
            begin_amendment(purpose=Purpose.CORRECT, recognition_ids=[first.pk], **given)
        other = begin_amendment(purpose=Purpose.WITHDRAW, recognition_ids=[first.pk], **given)
        assert other == draft


@pytest.mark.stage("published", count=1)
def test_a_correction_that_changes_nothing_is_refused(stage: Any) -> None:
    (decision, _) = stage
    with on(11, 20):
        found = Recognition.objects.get(decision=decision)
        draft = begin_amendment(decision_id=decision.pk, purpose=Purpose.CORRECT, recognition_ids=[found.pk], actor=person(STAFF))
        write_draft(**words_of(draft, suffix="HU", decided_on=date(2023, 11, 20)))
        assert any("chưa đổi gì" in words for words in problems_of(draft))
