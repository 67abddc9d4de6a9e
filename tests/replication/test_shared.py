"""What several bodies share: one line's way of counting, what belonged to units that ended, what is for insiders alone."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common.exceptions import DomainError
from models_registry.models import OutputMeasure, Registration
from notifications.models import Message
from organisation.models import AuditEvent
from replication.enums import CampaignAction
from replication.models import CountedOutput, StudyVisit
from replication.selectors.lines import line_of
from replication.selectors.visits import visits_visible_to
from replication.services import VisitAsked, VisitTold, add_targets, ask_visit, link_registration, move_campaign, record_visit
from replication.validators import ReplicationRefused
from tests.online import person
from tests.replicating import COMMUNES, OTHER, STAFF, adopted, counted, merged, officer, opened, running, source, unit

pytestmark = [pytest.mark.django_db]


def test_another_campaign_does_not_change_how_a_line_is_counted() -> None:
    first = opened(own_what="lò đốt rác ở xã Hàm Hiệp")
    OutputMeasure.objects.create(
        model=source(), what="hộ tham gia", counting_unit="hộ", quantity=500, as_of=date(2024, 2, 1), as_of_precision="day"
    )
    before = line_of(source(), date(2024, 4, 1)).totals
    with pytest.raises(ReplicationRefused, match="chiến dịch khác đang tính"):
        opened(title="Chiến dịch thứ hai", own_what="hộ tham gia")
    assert CountedOutput.objects.get().own_what == first.counted.own_what == "lò đốt rác ở xã Hàm Hiệp"  # type: ignore[union-attr]
    assert line_of(source(), date(2024, 4, 1)).totals == before


def test_the_form_offers_how_the_line_is_counted_by_now(client: Client) -> None:
    opened(own_what="lò đốt rác ở xã Hàm Hiệp")
    OutputMeasure.objects.create(
        model=source(), what="hộ tham gia", counting_unit="hộ", quantity=500, as_of=date(2024, 2, 1), as_of_precision="day"
    )
    client.force_login(person(STAFF))
    form = client.get(reverse("replication:open"), {"mo-hinh": source().slug}).context["form"]
    assert form["own_what"].value() == "lò đốt rác ở xã Hàm Hiệp"


def test_changing_how_it_counts_is_on_record() -> None:
    from replication.services import change_campaign
    from tests.replicating import campaign_typed

    one = opened(own_what="")
    change_campaign(campaign_id=one.pk, typed=campaign_typed(own_what="lò đốt rác ở xã Hàm Hiệp"), actor=person(STAFF))
    event = AuditEvent.objects.filter(action="change-campaign").latest("pk")
    assert event.changes == {"own_what": ["", "lò đốt rác ở xã Hàm Hiệp"]}


def test_the_visits_of_a_unit_that_ended_stay_with_those_above_it() -> None:
    told = VisitTold("1/3/2024", "5", "Chi hội", "Đã xem lò")
    visit = record_visit(model_id=source().pk, visitor=unit(COMMUNES[0]), typed=told, actor=person(STAFF))
    merged(COMMUNES[0], COMMUNES[1])
    assert list(visits_visible_to(person(STAFF))) == [visit]
    assert not visits_visible_to(person(OTHER)).exists()


def test_the_heir_of_a_unit_that_ended_is_told_of_its_campaign() -> None:
    campaign = opened()
    add_targets(
        campaign_id=campaign.pk, unit_ids=[unit(COMMUNES[0]).pk], on=date(2023, 12, 8), quantity=None, actor=person(STAFF)
    )
    merged(COMMUNES[0], COMMUNES[1])
    heir = officer("nguoi.noi", COMMUNES[1])
    move_campaign(campaign_id=campaign.pk, action=CampaignAction.START, actor=person(STAFF))
    assert Message.objects.filter(recipient=heir).count() == 1


def test_starting_a_campaign_asks_as_much_of_the_database_for_many_units_as_for_one() -> None:
    numbers = []
    for keys in (COMMUNES[:1], COMMUNES):
        campaign = opened(title=f"Chiến dịch {len(keys)}")
        ids = [unit(key).pk for key in keys]
        add_targets(campaign_id=campaign.pk, unit_ids=ids, on=date(2023, 12, 8), quantity=None, actor=person(STAFF))
        with CaptureQueriesContext(connection) as ran:
            move_campaign(campaign_id=campaign.pk, action=CampaignAction.START, actor=person(STAFF))
        numbers.append(len(ran))
    assert numbers[0] == numbers[1]


@pytest.mark.parametrize("day, said", [("01/01/1976", "bắt đầu làm từ"), ("1/9/2020", "bắt đầu làm từ")])
def test_no_visit_to_what_had_not_begun(day: str, said: str) -> None:
    with pytest.raises(ReplicationRefused, match=said):
        record_visit(model_id=source().pk, visitor=unit(COMMUNES[0]), typed=VisitTold(day, "5", "", "Học"), actor=person(STAFF))
    asked, _ = ask_visit(
        model_id=source().pk, visitor=unit(COMMUNES[0]), typed=VisitAsked("15/4/2024", "5", "Xem lò", "Lan"), actor=person(STAFF)
    )
    assert asked.state == "asked" and StudyVisit.objects.count() == 1


def test_what_cannot_be_tied_is_told(client: Client) -> None:
    one = adopted()
    client.force_login(person(STAFF))
    answer = client.post(f"/lam-viec/nhan-rong/noi/{one.pk}/", {"viec": "noi", "dang-ky": "99999999"})
    assert answer.status_code == 404
    theirs = Registration.objects.filter(place__key=COMMUNES[0], season__year=2023, model__isnull=False).earliest("pk")
    Registration.objects.filter(pk=theirs.pk).update(state="withdrawn", withdrawn_on=theirs.registered_on)
    with pytest.raises(DomainError, match="đã rút"):
        link_registration(adoption_id=one.pk, registration_id=theirs.pk, actor=person(STAFF))


def test_the_board_knows_no_day_to_come(client: Client) -> None:
    campaign = running()
    client.force_login(person(STAFF))
    for more in ("", "&tai=docx", "&tai=xlsx"):
        answer = client.get(f"/lam-viec/nhan-rong/{campaign.pk}/?ngay=31/12/2099{more}")
        assert answer.status_code == 422 and "chưa tới" in answer.content.decode()


def test_who_counted_is_for_insiders(client: Client) -> None:
    one = adopted()
    counted(one, "12", source="Bà Lê Thị Bưởi, 0912345678")
    for name, sees in ((STAFF, True), (OTHER, False), ("hoidong1", False)):
        client.force_login(person(name))
        answer = client.get(f"/lam-viec/nhan-rong/noi/{one.pk}/")
        assert answer.status_code == 200 and ("Bưởi" in answer.content.decode()) is sees
