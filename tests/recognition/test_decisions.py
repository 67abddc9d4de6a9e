"""Decisions: prepared from the ranking, checked by another, published once, never edited; refusals, appeals, amendments."""

import io
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.db.utils import DatabaseError
from django.test import Client
from django.utils import timezone
from docx import Document

from common.exceptions import DomainError, NotAllowed
from common.remember import forget
from models_registry.models import Registration
from notifications.models import Message
from papers.models import Letterhead, PaperNumber
from recognition.enums import Purpose
from recognition.models import Appeal, Decision, DecisionDraft, DecisionFile, Recognition
from recognition.selectors.decisions import outcome_of, undecided
from recognition.services import (
    DraftTyped,
    LineTyped,
    add_signed,
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
from reports.selectors import tally
from tests.online import person
from tests.photos import PDF
from tests.rounds import (
    COMMUNE,
    DISTRICT_LEADER,
    DISTRICT_STAFF,
    drafted,
    on,
    published,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media", "september")]
STAFF, LEADER = DISTRICT_STAFF, DISTRICT_LEADER


def words_of(draft: DecisionDraft, **changes: Any) -> dict[str, Any]:
    """What `write_draft` takes: the draft as it is, but for the changes."""
    actor = changes.pop("actor", None) or person(STAFF)
    given = {"suffix": draft.suffix, "number": draft.number, "decided_on": draft.decided_on} | changes
    return {"draft_id": draft.pk, "typed": DraftTyped(**given), "actor": actor}


@pytest.mark.stage("voted", against=(1,), count=3)
def test_a_draft_takes_over_ranking_and_votes_with_reasons(stage: Any) -> None:
    (round_, dossiers) = stage
    move_cut(round_id=round_.pk, above=2, actor=person(STAFF))
    with on(10, 6):
        draft = begin_draft(round_id=round_.pk, actor=person(STAFF))
        assert begin_draft(round_id=round_.pk, actor=person(STAFF)) == draft  # a second tap
    assert [(line.dossier, line.verdict, line.reason) for line in draft.lines.all()] == [
        (dossiers[0], "recognise", ""),
        (dossiers[1], "refuse", "Hội đồng tán thành 0/3, không đủ để thông qua."),
        (dossiers[2], "refuse", "Xếp thứ 3/3, ngoài số 2 mô hình được chọn."),
    ]


@pytest.mark.stage("voted", against=(1,))
def test_what_is_missing_is_named_before_it_is_checked(stage: Any) -> None:
    (round_, (_, two)) = stage
    with on(10, 10):
        draft = begin_draft(round_id=round_.pk, actor=person(STAFF))
        assert "Chưa ghi ngày quyết định." in problems_of(draft)
        early = write_draft(**words_of(draft, suffix="HU", number=61, decided_on=date(2023, 10, 4)))
        assert problems_of(early) == ["Ngày quyết định 04/10/2023 trước ngày họp hội đồng 05/10/2023."]
        assert "ở tương lai" in problems_of(write_draft(**words_of(early, decided_on=date(2023, 10, 11))))[0]
        lines = {line.pk: LineTyped("recognise") for line in draft.lines.all()}
        voted_down = write_draft(**words_of(early, decided_on=date(2023, 10, 10), lines=lines))
        assert problems_of(voted_down) == [
            f"“{two.registration.title}”: hội đồng không thông qua (0/3); công nhận thì phải ghi lý do."
        ]
        lines = {line.pk: LineTyped("refuse") for line in draft.lines.all()}
        assert len(problems_of(write_draft(**words_of(voted_down, lines=lines)))) == 2  # refusals without a reason
        with pytest.raises(DomainError, match="cần ghi lý do"):
            check_draft(draft_id=draft.pk, actor=person(LEADER))
        with pytest.raises(DomainError, match="chọn lại kết luận"):
            write_draft(**words_of(draft, lines={line.pk: LineTyped("revoke") for line in draft.lines.all()}))


@pytest.mark.stage("voted", count=1)
def test_nobody_checks_what_they_prepared_and_a_change_asks_for_a_new_check(stage: Any) -> None:
    (round_, _) = stage
    with on(10, 10):
        draft = drafted(round_)
        with pytest.raises(NotAllowed):
            check_draft(draft_id=draft.pk, actor=person(STAFF))
        with pytest.raises(InvalidTransition, match="đang soạn"):
            publish(draft_id=draft.pk, actor=person(LEADER))
        check_draft(draft_id=draft.pk, actor=person(LEADER))
        changed = write_draft(**words_of(draft, number=62))
        assert (changed.state, changed.checked_by) == ("preparing", None)


@pytest.mark.stage("voted", count=1)
def test_a_decision_of_an_advising_board_says_whose_board_it_is(stage: Any) -> None:
    (round_, _) = stage
    Letterhead.objects.create(
        unit=round_.unit,
        suffix="BDVHU",
        valid_from=date(2023, 1, 1),
        body_name="Ban Dân vận",
        superior_name="Huyện ủy Hàm Thuận Bắc",
        place="Hàm Thuận Bắc",
        signer_title="TRƯỞNG BAN",
        signer_name="Người ký",
        term="2020-2025",
    )
    with on(10, 10):
        draft = drafted(round_)
        DecisionDraft.objects.filter(pk=draft.pk).update(suffix="BDVHU")
        check_draft(draft_id=draft.pk, actor=person(LEADER))
        decision = publish(draft_id=draft.pk, actor=person(LEADER))
    assert (decision.number, decision.issuer_name) == ("61-QĐ/BDVHU", "Ban Dân vận Huyện ủy Hàm Thuận Bắc")


def test_publishing_writes_number_paper_recognitions_and_tells_the_unit(season: Any) -> None:
    before = tally(season, date(2023, 10, 9)), tally(season, date(2023, 10, 10))
    decision, (one, two) = published(2, against=(1,))
    assert (decision.number, decision.decided_on, decision.issuer_name) == (
        "61-QĐ/HU",
        date(2023, 10, 10),
        "Huyện ủy Hàm Thuận Bắc",
    )
    found = Recognition.objects.get(decision=decision)
    assert (found.registration, found.title, found.level) == (one.registration, one.registration.title, one.round.level)  # type: ignore[union-attr]
    after = tally(season, date(2023, 10, 9)), tally(season, date(2023, 10, 10))
    gained = [new.district_recognised - old.district_recognised for old, new in zip(before, after, strict=True)]
    assert gained == [0, 1]
    assert Registration.objects.get(pk=one.registration_id).honour_rank >= 2
    refusal = outcome_of(two)
    assert refusal and (refusal.verdict, "0/3" in refusal.reason) == ("refuse", True)
    told = dict(
        Message.objects.filter(recipient=person(COMMUNE), event_key__startswith="decision:").values_list("subject", "body")
    )
    assert set(told) == {f"Công nhận: “{one.registration.title}”", f"Không công nhận: “{two.registration.title}”"}
    word = DecisionFile.objects.get(decision=decision, kind="word")
    with word.file.open("rb") as file:
        document = Document(io.BytesIO(file.read()))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "Điều 1. Công nhận 1 mô hình “Dân vận khéo” cấp huyện năm 2023" in text
    assert "(kèm theo Quyết định số 61-QĐ/HU, ngày 10/10/2023 của Huyện ủy Hàm Thuận Bắc)" in text
    assert "Căn cứ Kế hoạch số 10-KH/HU, ngày 01/3/2023;" in text
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert one.registration.title in cells and two.registration.title not in cells
    assert any(cell.endswith(" (Không có)") for cell in cells)  # beside the title of a field that is empty
    assert any("Số 61-QĐ/HU" in cell for cell in cells)


@pytest.mark.stage("published", count=1, against=(1,))
def test_a_second_leader_is_told_that_it_is_done() -> None:
    with on(10, 10), pytest.raises(InvalidTransition, match="đã ban hành: 61-QĐ/HU"):
        publish(draft_id=DecisionDraft.objects.get().pk, actor=person(LEADER))
    assert Decision.objects.filter(published_at__isnull=False).count() == 1


@pytest.mark.stage("published")
def test_a_number_is_given_once_in_a_term_and_the_next_is_told() -> None:
    round_, _ = one_refused_and_upheld()
    with on(10, 12):
        draft = drafted(round_, day=date(2023, 10, 12), number=61)
        with pytest.raises(DomainError, match=r"Số 61 đã có ở Quyết định ngày 10/10/2023\. Số tiếp theo là 475"):
            check_draft(draft_id=draft.pk, actor=person(LEADER))  # 474 came with the list of outcomes
        DecisionDraft.objects.filter(pk=draft.pk).update(state="checked", checked_at=timezone.now())
        with pytest.raises(DomainError):
            publish(draft_id=draft.pk, actor=person(LEADER))
        assert PaperNumber.objects.count() == 1 and DecisionFile.objects.count() == 1  # nothing is left of the attempt
        write_draft(**words_of(DecisionDraft.objects.get(pk=draft.pk), number=None))
        check_draft(draft_id=draft.pk, actor=person(LEADER))
        assert publish(draft_id=draft.pk, actor=person(LEADER)).number == "475-QĐ/HU"


def one_refused_and_upheld() -> tuple[Any, Any]:
    """The same round, with one more dossier that was put off: here two refused whose appeal is upheld."""
    from recognition.models import DraftLine, RecognitionRound

    round_ = RecognitionRound.objects.get()
    line = DraftLine.objects.filter(draft__round=round_).last()
    assert line and line.dossier
    Recognition.objects.filter(registration=line.dossier.registration).delete()
    line.verdict = "refuse"
    line.reason = "Thử"
    line.save()
    with on(10, 11):
        appeal(dossier_id=line.dossier.pk, words="Xin xem lại kết quả đã đo được", actor=person(COMMUNE))
        answer_appeal(dossier_id=line.dossier.pk, is_upheld=True, answer="Đã xem lại", actor=person(LEADER))
    return round_, line.dossier


@pytest.mark.stage("published", count=1, against=(1,))
def test_a_published_decision_is_never_edited(stage: Any) -> None:
    (decision, _) = stage
    for name, value in (("number", "99-QĐ/HU"), ("decided_on", date(2023, 11, 1)), ("signer", "Người khác")):
        with pytest.raises(DatabaseError), transaction.atomic():
            Decision.objects.filter(pk=decision.pk).update(**{name: value})
    assert Decision.objects.get(pk=decision.pk).number == "61-QĐ/HU"


@pytest.mark.stage("published", count=1)
def test_one_recognition_per_model_level_and_season(stage: Any) -> None:
    (decision, (one,)) = stage
    other = Decision.objects.create(
        number="9-QĐ/HU", decided_on=date(2023, 11, 1), issuer=decision.issuer, issuer_name="x", level=decision.level
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        Recognition.objects.create(registration=one.registration, decision=other, level=decision.level, title="x")


@pytest.mark.stage("published", count=1)
def test_withdrawal_names_the_old_decision_and_tallies_follow_the_dates(season: Any, stage: Any) -> None:
    (decision, _) = stage
    found = Recognition.objects.get(decision=decision)
    with on(11, 20):
        draft = begin_amendment(
            decision_id=decision.pk, purpose=Purpose.WITHDRAW, recognition_ids=[found.pk], actor=person(STAFF)
        )
        assert "Quyết định số 61-QĐ/HU, ngày 10/10/2023" in draft.grounds
        line = draft.lines.get()
        write_draft(**words_of(draft, suffix="HU", decided_on=date(2023, 11, 20)))
        assert any("cần ghi lý do" in words for words in problems_of(draft))
        early = write_draft(
            **words_of(draft, suffix="HU", decided_on=date(2023, 10, 9), lines={line.pk: LineTyped("revoke", "Kê khai sai")})
        )
        assert any("trước ngày của quyết định được nêu" in words for words in problems_of(early))
        write_draft(**words_of(draft, suffix="HU", decided_on=date(2023, 11, 20)))
        check_draft(draft_id=draft.pk, actor=person(LEADER))
        withdrawal = publish(draft_id=draft.pk, actor=person(LEADER))
    found.refresh_from_db()
    assert (found.revoked_on, found.revoked_by, withdrawal.amends) == (date(2023, 11, 20), withdrawal, decision)
    days = [tally(season, day).district_recognised for day in (date(2023, 11, 19), date(2023, 11, 20))]
    assert days[0] - days[1] == 1
    assert Decision.objects.get(pk=decision.pk).number == "61-QĐ/HU"


@pytest.mark.stage("published", count=1)
def test_a_correction_keeps_what_was_and_counts_once(season: Any, stage: Any) -> None:
    (decision, (one,)) = stage
    found, before = Recognition.objects.get(decision=decision), tally(season, date(2023, 12, 31)).district_recognised
    with on(11, 20):
        draft = begin_amendment(decision_id=decision.pk, purpose=Purpose.CORRECT, recognition_ids=[found.pk], actor=person(STAFF))
        line = draft.lines.get()
        lines = {line.pk: LineTyped("retitle", title="Tên ghi đúng của mô hình", subject="Chi bộ thôn 1")}
        write_draft(**words_of(draft, suffix="HU", decided_on=date(2023, 11, 20), lines=lines))
        check_draft(draft_id=draft.pk, actor=person(LEADER))
        correction = publish(draft_id=draft.pk, actor=person(LEADER))
    new = Recognition.objects.get(registration=one.registration, revoked_on__isnull=True)
    assert (new.title, new.decision, new.level) == ("Tên ghi đúng của mô hình", correction, found.level)
    assert Recognition.objects.get(pk=found.pk).title == one.registration.title
    assert tally(season, date(2023, 12, 31)).district_recognised == before


@pytest.mark.stage("published", against=(1,))
def test_a_unit_appeals_once_until_the_last_day_and_is_answered(stage: Any) -> None:
    (decision, (one, two)) = stage
    with on(10, 21), pytest.raises(DomainError, match="Hết hạn kiến nghị: đến hết ngày 20/10/2023"):
        appeal(dossier_id=two.pk, words="Xin xem lại kết quả", actor=person(COMMUNE))
    with on(10, 20):
        with pytest.raises(DomainError, match="không được công nhận"):
            appeal(dossier_id=one.pk, words="Xin xem lại kết quả", actor=person(COMMUNE))
        with pytest.raises(NotAllowed):
            appeal(dossier_id=two.pk, words="Xin xem lại kết quả", actor=person("phanthiet.chuyenvien"))
        appeal(dossier_id=two.pk, words="Xin xem lại kết quả đo được", actor=person(COMMUNE))
        with pytest.raises(DomainError, match="một lần"):
            appeal(dossier_id=two.pk, words="Xin xem lại lần nữa", actor=person(COMMUNE))
        with pytest.raises(DomainError, match="chưa trả lời"):
            advance(round_id=decision.round_id, actor=person(STAFF))  # type: ignore[arg-type]
        with pytest.raises(DomainError, match="lời trả lời"):
            answer_appeal(dossier_id=two.pk, is_upheld=True, answer=" ", actor=person(LEADER))
        assert list(undecided(decision.round)) == []  # type: ignore[arg-type]
        answer_appeal(dossier_id=two.pk, is_upheld=True, answer="Kết quả đã xác minh", actor=person(LEADER))
        assert list(undecided(decision.round)) == [two]  # type: ignore[arg-type]
        with pytest.raises(DomainError, match="đã trả lời"):
            answer_appeal(dossier_id=two.pk, is_upheld=False, answer="Đổi ý", actor=person(LEADER))
    assert Appeal.objects.get().is_upheld is True
    assert Message.objects.filter(recipient=person(COMMUNE), subject__contains="chấp nhận, sẽ xét lại").exists()


@pytest.mark.stage("published", count=1, against=(1,))
def test_a_signed_scan_is_replaced_and_both_are_kept(stage: Any) -> None:
    (decision, _) = stage
    for data in (PDF, PDF, PDF + b"\n%2"):
        add_signed(decision_id=decision.pk, file=SimpleUploadedFile("qd.pdf", data), actor=person(LEADER))
    signed = DecisionFile.objects.filter(decision=decision, kind="signed")
    assert [one.replaced_at is None for one in signed.order_by("sent_at")] == [False, True]
    with pytest.raises(NotAllowed):
        add_signed(decision_id=decision.pk, file=SimpleUploadedFile("qd.pdf", PDF), actor=person(COMMUNE))


@pytest.mark.stage("voted", count=1)
def test_a_unit_that_ended_between_is_told_through_its_heir(stage: Any) -> None:
    from organisation.models import Unit as UnitRow
    from organisation.models import UnitSuccession, UnitVersion
    from recognition.selectors.decisions import ended_units

    (round_, (one,)) = stage
    commune, heir = one.unit, UnitRow.objects.get(key="ham-thuan-bac/xa-ham-liem")
    assert commune is not None
    UnitVersion.objects.filter(unit=commune).update(valid_to=date(2023, 10, 8))
    UnitSuccession.objects.filter(predecessor=commune).delete()
    UnitSuccession.objects.create(predecessor=commune, successor=heir, effective_on=date(2023, 10, 8), kind="merge")
    forget()
    from tests.rounds import role

    role("duclinh.chuyenvien", "can-bo-co-so", "ham-thuan-bac/xa-ham-liem")
    with on(10, 10):
        draft = drafted(round_)
        assert [line.dossier for line in ended_units(draft, date(2023, 10, 10))] == [one]
        check_draft(draft_id=draft.pk, actor=person(LEADER))
        decision = publish(draft_id=draft.pk, actor=person(LEADER))
    assert Recognition.objects.get(decision=decision).registration.place_name == one.registration.place_name
    assert Message.objects.filter(
        recipient=person("duclinh.chuyenvien"), event_key__startswith=f"decision:{decision.pk}"
    ).exists()


@pytest.mark.stage("published", against=(1,))
def test_pages_of_a_decision(client: Client, stage: Any) -> None:
    (decision, (one, two)) = stage
    with on(10, 12):
        client.force_login(person(COMMUNE), backend="django.contrib.auth.backends.ModelBackend")
        page = client.get(f"/lam-viec/quyet-dinh/{decision.pk}/").content.decode()
        assert one.registration.title in page and two.registration.title in page and "Bản đã ký (PDF" not in page
        dossier = client.get(f"/lam-viec/ho-so/{two.pk}/").content.decode()
        assert "Không được công nhận" in dossier and "đến hết ngày" in dossier and "20/10/2023" in dossier
        sent = client.post(f"/lam-viec/ho-so/{two.pk}/kien-nghi/", {"loi": "Xin xem lại kết quả đo được"})
        assert sent.status_code == 302 and Appeal.objects.count() == 1
        client.force_login(person("duclinh.chuyenvien"), backend="django.contrib.auth.backends.ModelBackend")
        assert client.get(f"/lam-viec/quyet-dinh/{decision.pk}/").status_code == 404
