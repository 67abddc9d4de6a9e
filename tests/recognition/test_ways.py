"""Where a dossier stands follows from what was decided, wherever it is shown; its way runs to the end."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine

from organisation.models import Level
from recognition.enums import Purpose
from recognition.models import CentralIntroduction, Dossier, Recognition
from recognition.selectors.round_list import Asked, narrowed, rows_of
from recognition.selectors.ways import states_of, way_of
from recognition.services import DraftTyped, answer_appeal, appeal, begin_amendment, check_draft, publish, write_draft
from tests.online import person
from tests.pages import entered
from tests.rounds import COMMUNE, DISTRICT_LEADER, DISTRICT_STAFF, on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media", "september")]


def now(dossiers: list[Dossier]) -> list[str]:
    found = states_of(Dossier.objects.filter(pk__in=[one.pk for one in dossiers]).select_related("round").order_by("number"))
    return list(found.values())


@pytest.mark.stage("voted", against=(1,))
def test_until_it_is_decided_a_dossier_stands_as_before(stage: Any) -> None:
    assert now(stage[1]) == ["complete", "complete"]


@pytest.mark.stage("published", against=(1,))
def test_a_refused_dossier_is_nowhere_complete(stage: Any) -> None:
    decision, dossiers = stage
    assert now(dossiers) == ["recognised", "refused"]
    with on(10, 10):
        rows = rows_of(person(DISTRICT_STAFF), decision.round)
        assert [row.state_name for row in rows] == ["Được công nhận", "Không công nhận"]
        assert [row.dossier for row in narrowed(rows, Asked(chip="refused"))] == dossiers[1:]
        page = entered(DISTRICT_STAFF).get(f"/lam-viec/ho-so/{dossiers[1].pk}/").content.decode()
        assert "Đủ hồ sơ</span>" not in page.partition("<h1")[0] and "Không công nhận" in page.partition("<h1")[0]


@pytest.mark.stage("published", against=(1,))
def test_an_upheld_appeal_waits_again_and_a_withdrawn_recognition_is_over(stage: Any) -> None:
    decision, dossiers = stage
    with on(10, 11):
        appeal(dossier_id=dossiers[1].pk, words="Xin xem lại", actor=person(COMMUNE))
        assert now(dossiers) == ["recognised", "refused"]
        answer_appeal(dossier_id=dossiers[1].pk, is_upheld=True, answer="Đã xem lại", actor=person(DISTRICT_LEADER))
        assert now(dossiers) == ["recognised", "again"]
        held = Recognition.objects.get(decision=decision)
        draft = begin_amendment(
            decision_id=decision.pk, purpose=Purpose.WITHDRAW, recognition_ids=[held.pk], actor=person(DISTRICT_STAFF)
        )
        draft.lines.update(reason="Kê khai sai")
        write_draft(
            draft_id=draft.pk,
            typed=DraftTyped(suffix="HU", number=None, decided_on=date(2023, 10, 11)),
            actor=person(DISTRICT_STAFF),
        )
        check_draft(draft_id=draft.pk, actor=person(DISTRICT_LEADER))
        publish(draft_id=draft.pk, actor=person(DISTRICT_LEADER))
    assert now(dossiers) == ["revoked", "again"]
    assert [event.what for event in way_of(dossiers[0])] == ["Thu hồi công nhận", "Được công nhận", "Nhận đủ hồ sơ", "Gửi"]
    assert [event.what for event in way_of(dossiers[1])] == [
        "Chấp nhận kiến nghị, xét lại",
        "Kiến nghị",
        "Không công nhận",
        "Nhận đủ hồ sơ",
        "Gửi",
    ]


@pytest.mark.stage("published", against=(1,))
def test_what_only_has_a_day_follows_what_was_done_on_that_day(stage: Any) -> None:
    decision, (_, refused) = stage
    with time_machine.travel(decision.published_at + timedelta(minutes=1), tick=False):
        appeal(dossier_id=refused.pk, words="Xin xem lại", actor=person(COMMUNE))
        answer_appeal(dossier_id=refused.pk, is_upheld=False, answer="Đã đủ số đo", actor=person(DISTRICT_LEADER))
    assert [event.what for event in way_of(refused)][:3] == ["Giữ nguyên kết luận", "Kiến nghị", "Không công nhận"]


@pytest.mark.stage("published")
def test_the_way_of_what_the_province_recognised_goes_on_to_the_centre_and_back(stage: Any) -> None:
    decision, (first, _) = stage
    first.level = Level.objects.get(gathers_registers=True)
    one = CentralIntroduction.objects.create(
        registration=first.registration, introduced_on=date(2023, 12, 1), paper="Công văn 5", programme="Toàn quốc"
    )
    (found,) = [event for event in way_of(first) if "Trung ương" in event.what]
    assert (found.what, found.who, found.words, found.look) == ("Giới thiệu Trung ương", "Công văn 5", ("Toàn quốc",), "central")
    one.withdrawn_on, one.withdrawn_paper, one.withdrawn_why = date(2023, 12, 9), "Công văn 6", "Kê khai sai"
    one.save()
    back, _ = (event for event in way_of(first) if "Trung ương" in event.what)
    assert (back.what, back.who, back.words) == ("Rút giới thiệu Trung ương", "Công văn 6", ("Kê khai sai",))
    first.level = decision.level
    assert not any("Trung ương" in event.what for event in way_of(first))
