"""Commendations by their own body, the conference, introductions to the centre with their days, renewal in a later season."""

import io
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from docx import Document

from common.exceptions import DomainError, NotAllowed
from organisation.models import AuditEvent, Unit
from papers.services import save_letterhead
from recognition.models import CentralIntroduction, Commendation, Conference, Decision, DecisionFile, Recognition
from recognition.selectors import introduced_by
from recognition.selectors.decisions import earlier_recognitions
from recognition.services import (
    ConferenceFacts,
    DraftTyped,
    add_entries,
    begin_commendation_draft,
    check_draft,
    drop_commendation,
    drop_entry,
    introduce,
    move_entry,
    open_conference,
    propose_commendations,
    publish,
    withdraw_introduction,
    write_commendation,
    write_conference,
    write_draft,
    write_story,
)
from reports.selectors import tally
from tests.online import person
from tests.pages import refused
from tests.rounds import COMMUNE, DISTRICT_LEADER, DISTRICT_STAFF, PROVINCE_STAFF, on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media", "september")]
STAFF, LEADER = DISTRICT_STAFF, DISTRICT_LEADER


def body() -> Unit:
    return Unit.objects.get(key="ham-thuan-bac")


def proposed(decision: Decision) -> list[Commendation]:
    ids = list(decision.recognitions.values_list("pk", flat=True))
    with on(10, 20):
        return propose_commendations(unit=body(), recognition_ids=ids, award="giay-khen", actor=person(STAFF))


@pytest.mark.stage("published")
def test_a_commendation_is_proposed_once_and_changed_until_it_is_decided(stage: Any) -> None:
    one, two = proposed(stage[0])
    again = propose_commendations(unit=body(), recognition_ids=[one.recognition_id], award="giay-khen", actor=person(STAFF))
    assert again == [one]
    given: dict[str, Any] = {"commendation_id": one.pk, "actor": person(STAFF)}
    with pytest.raises(DomainError, match="thành tích"):
        write_commendation(recipient="Chi bộ thôn", recipient_kind="collective", reason=" ", **given)
    changed = write_commendation(recipient="Đồng chí Trưởng thôn", recipient_kind="individual", reason="Vận động tốt", **given)
    assert (changed.recipient, changed.recipient_kind) == ("Đồng chí Trưởng thôn", "individual")
    drop_commendation(commendation_id=two.pk, actor=person(STAFF))
    assert Commendation.objects.get() == one
    for act in ("x", ""):
        with pytest.raises(DomainError):
            propose_commendations(unit=body(), recognition_ids=[one.recognition_id], award=act, actor=person(STAFF))
    with pytest.raises(NotAllowed):
        propose_commendations(unit=body(), recognition_ids=[one.recognition_id], award="bang-khen", actor=person(COMMUNE))


@pytest.mark.stage("published")
def test_the_states_own_body_decides_in_its_own_layout(stage: Any) -> None:
    one, _ = proposed(stage[0])
    write_commendation(
        commendation_id=one.pk, recipient="Ông Trưởng thôn", recipient_kind="individual", reason="Tốt", actor=person(STAFF)
    )
    save_letterhead(
        unit=body(),
        actor=None,
        suffix="UBND",
        valid_from=date(2021, 1, 1),
        layout="state",
        body_name="Ủy ban nhân dân huyện Hàm Thuận Bắc",
        superior_name="",
        place="Hàm Thuận Bắc",
        authority="TM. ỦY BAN NHÂN DÂN",
        signer_title="CHỦ TỊCH",
        signer_name="Người ký",
        term="",
        recipients="Như Điều 3",
    )
    with on(10, 25):
        draft = begin_commendation_draft(unit=body(), actor=person(STAFF))
        assert begin_commendation_draft(unit=body(), actor=person(STAFF)) == draft and draft.lines.count() == 2
        with pytest.raises(DomainError, match="dự thảo"):
            drop_commendation(commendation_id=one.pk, actor=person(STAFF))
        write_draft(
            draft_id=draft.pk, typed=DraftTyped(suffix="UBND", number=None, decided_on=date(2023, 10, 25)), actor=person(STAFF)
        )
        check_draft(draft_id=draft.pk, actor=person(LEADER))
        decision = publish(draft_id=draft.pk, actor=person(LEADER))
    assert (decision.number, decision.purpose) == ("01/QĐ-UBND", "commend")
    assert set(Commendation.objects.values_list("decision", flat=True)) == {decision.pk}
    with DecisionFile.objects.get(decision=decision).file.open("rb") as file:
        document = Document(io.BytesIO(file.read()))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert "Tặng giấy khen cho 2 tập thể, cá nhân" in text and "Ông Trưởng thôn" in cells
    assert any("Độc lập - Tự do - Hạnh phúc" in cell for cell in cells)
    with pytest.raises(DomainError, match="không sửa được nữa"):
        write_commendation(commendation_id=one.pk, recipient="A", recipient_kind="individual", reason="B", actor=person(STAFF))
    with pytest.raises(DomainError, match="Chưa có đề nghị"):
        begin_commendation_draft(unit=body(), actor=person(STAFF))


def conference(season: Any) -> Conference:
    return open_conference(
        unit=body(),
        season=season,
        facts=ConferenceFacts("Hội nghị tuyên dương 2023", date(2023, 11, 15), ""),
        actor=person(STAFF),
    )


@pytest.mark.stage("published")
def test_a_conference_has_an_order_and_a_story_for_each(season: Any) -> None:
    Recognition.objects.exclude(decision__number="61-QĐ/HU").filter(decision__issuer=body()).delete()
    found = conference(season)
    assert conference(season) == found
    first, second = found.entries.all()
    move_entry(entry_id=first.pk, position=9, actor=person(STAFF))
    write_story(entry_id=first.pk, story="Câu chuyện một", actor=person(STAFF))
    assert [(one.pk, one.position) for one in found.entries.all()] == [(second.pk, 1), (first.pk, 2)]
    assert found.entries.get(pk=first.pk).story == "Câu chuyện một"
    drop_entry(entry_id=second.pk, actor=person(STAFF))
    assert [(one.pk, one.position) for one in found.entries.all()] == [(first.pk, 1)]
    assert add_entries(conference_id=found.pk, recognition_ids=[second.recognition_id], actor=person(STAFF)) == 1
    for act in (move_entry, write_story, drop_entry):
        given = {"position": 1} if act is move_entry else {"story": "x"} if act is write_story else {}
        with pytest.raises(NotAllowed):
            act(entry_id=first.pk, actor=person(LEADER), **given)


@pytest.mark.stage("published")
def test_pages(client: Client, season: Any, stage: Any) -> None:
    (decision, _) = stage
    ids = [str(pk) for pk in decision.recognitions.values_list("pk", flat=True)]
    with on(10, 20):
        client.force_login(person(STAFF), backend="django.contrib.auth.backends.ModelBackend")
        assert client.post(f"/lam-viec/quyet-dinh/{decision.pk}/", {"viec": "bang-khen", "mo-hinh": ids}).status_code == 302
        page = client.get("/lam-viec/khen-thuong/").content.decode()
        assert "Soạn quyết định cho 2 đề nghị" in page
        one = Commendation.objects.first()
        assert one is not None
        wrong = client.post("/lam-viec/khen-thuong/", {"de-nghi": one.pk, "nguoi": "Tên mới", "loai": "x", "thanh-tich": "y"})
        assert wrong.status_code == 409 and "Tên mới" in wrong.content.decode()
        assert client.post("/lam-viec/khen-thuong/", {"soan": "1"})["Location"].startswith("/lam-viec/du-thao/")
        sent = {"ten": "Hội nghị", "ngay": "31/2/2023"}
        assert client.post("/lam-viec/hoi-nghi/", sent).status_code == 422
        opened = client.post("/lam-viec/hoi-nghi/", sent | {"ngay": "15/11/2023"})
        assert opened.status_code == 302
        printed = client.get(f"{opened['Location']}in/").content.decode()
        assert printed.count('class="sheet"') == 1 + Conference.objects.get().entries.count()
        client.force_login(person("duclinh.chuyenvien"), backend="django.contrib.auth.backends.ModelBackend")
        assert client.get(opened["Location"]).status_code == 404


def provincial() -> Recognition:
    there = Recognition.objects.filter(level__gathers_registers=True, registration__central_introduction__isnull=True)
    found = there.select_related("decision", "registration").first()
    assert found is not None
    return found


def test_an_introduction_counts_from_its_day_to_the_day_it_is_withdrawn(season: Any) -> None:
    one = provincial()
    with on(12, 28):
        before = tally(season, date(2023, 12, 27)).central_introduced
        given: dict[str, Any] = {"programme": "Đợt 2", "actor": person(PROVINCE_STAFF)}
        with pytest.raises(DomainError, match="phải từ ngày công nhận"):
            introduce(recognition_ids=[one.pk], introduced_on=date(2023, 1, 1), **given)
        with pytest.raises(NotAllowed):
            introduce(recognition_ids=[one.pk], introduced_on=date(2023, 12, 20), programme="", actor=person(STAFF))
        assert introduce(recognition_ids=[one.pk], introduced_on=date(2023, 12, 20), **given) == 1
        assert introduce(recognition_ids=[one.pk], introduced_on=date(2023, 12, 20), **given) == 0
        assert tally(season, date(2023, 12, 27)).central_introduced == before + 1
        assert one.registration_id not in introduced_by(date(2023, 12, 19)).values_list("registration", flat=True)
        with pytest.raises(DomainError, match="lý do"):
            withdraw_introduction(
                registration_id=one.registration_id, withdrawn_on=date(2023, 12, 26), why=" ", actor=person(PROVINCE_STAFF)
            )
        withdraw_introduction(
            registration_id=one.registration_id, withdrawn_on=date(2023, 12, 26), why="Trùng", actor=person(PROVINCE_STAFF)
        )
    days = [tally(season, day).central_introduced for day in (date(2023, 12, 25), date(2023, 12, 26))]
    assert days == [before + 1, before]
    with pytest.raises(IntegrityError), transaction.atomic():
        CentralIntroduction.objects.filter(registration=one.registration).update(withdrawn_why="")


@pytest.mark.stage("published", count=1)
def test_a_model_recognised_again_renews_its_earlier_recognition(new_season: Any, stage: Any) -> None:
    from models_registry.services import carry_on

    (decision, (one,)) = stage
    before = Recognition.objects.get(decision=decision)
    with time_machine.travel(datetime(2024, 2, 1, 3, tzinfo=UTC), tick=False):
        (later,) = carry_on(season_id=new_season.pk, registration_ids=[one.registration_id], actor=person(COMMUNE))
    assert later.model == one.registration.model
    assert earlier_recognitions([later], decision.level_id) == {later.model_id: before}
    assert earlier_recognitions([one.registration], decision.level_id) == {}


# --- what a review found


@pytest.mark.stage("published")
def test_what_was_checked_is_checked_again_when_more_is_proposed_and_what_is_in_a_draft_is_changed_there(stage: Any) -> None:
    one, two = proposed(stage[0])
    drop_commendation(commendation_id=two.pk, actor=person(STAFF))
    with on(10, 25):
        draft = begin_commendation_draft(unit=body(), actor=person(STAFF))
        typed = DraftTyped(suffix="HU", number=None, decided_on=date(2023, 10, 25))
        write_draft(draft_id=draft.pk, typed=typed, actor=person(STAFF))
        check_draft(draft_id=draft.pk, actor=person(LEADER))
        with pytest.raises(DomainError, match="dự thảo"):
            write_commendation(
                commendation_id=one.pk, recipient="Khác", recipient_kind="individual", reason="Khác", actor=person(STAFF)
            )
        propose_commendations(unit=body(), recognition_ids=[two.recognition_id], award="giay-khen", actor=person(STAFF))
        again = begin_commendation_draft(unit=body(), actor=person(STAFF))
        assert (again.pk, again.state, again.lines.count(), again.version) == (draft.pk, "preparing", 2, 2)


@pytest.mark.stage("published")
def test_a_model_whose_recognition_was_withdrawn_is_not_commended(stage: Any) -> None:
    from recognition.services import problems_of, revoke

    one, two = proposed(stage[0])
    later = type(one.recognition.decision).objects.create(
        number="77-QĐ/HU", decided_on=date(2023, 10, 22), issuer=body(), issuer_name="x", level=one.recognition.level
    )
    revoke(recognition_id=one.recognition_id, decision=later, actor=None)
    with on(10, 25):
        draft = begin_commendation_draft(unit=body(), actor=person(STAFF))
        assert [line.commendation for line in draft.lines.all()] == [two]
        revoke(recognition_id=two.recognition_id, decision=later, actor=None)
        assert any("đã bị thu hồi công nhận" in words for words in problems_of(draft))


@pytest.mark.stage("published", count=1)
def test_a_conference_has_a_name_of_its_own_and_a_story_is_written_once(season: Any) -> None:
    one = conference(season)
    two = open_conference(
        unit=body(), season=season, facts=ConferenceFacts("Hội nghị hai", date(2023, 11, 16), ""), actor=person(STAFF)
    )
    day = {"conference_id": two.pk, "actor": person(STAFF)}
    with refused("Xin đặt tên hội nghị."):
        write_conference(facts=ConferenceFacts("  ", date(2023, 11, 16), ""), **day)
    with refused(f"Năm này đã có “{one.name}”; xin đặt tên khác."):
        write_conference(facts=ConferenceFacts(f" {one.name} ", date(2023, 11, 16), ""), **day)
    assert write_conference(facts=ConferenceFacts("Hội nghị hai", date(2023, 11, 17), "Hội trường"), **day).place == "Hội trường"
    entry = two.entries.all()[0]
    for _ in range(2):
        write_story(entry_id=entry.pk, story="Câu chuyện", actor=person(STAFF))
    assert AuditEvent.objects.filter(action="write-conference-story").count() == 1
