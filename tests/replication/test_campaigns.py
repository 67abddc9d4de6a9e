"""Campaigns, clause by clause, and how their units stand."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from common.exceptions import DomainError, NotAllowed
from common.files import FileRefused
from models_registry.models import Registration
from models_registry.transitions import InvalidTransition
from notifications.models import Message
from organisation.models import AuditEvent
from recognition.models import Recognition
from replication.enums import CampaignAction, CampaignState
from replication.models import ReplicationCampaign
from replication.selectors.campaigns import campaigns_visible_to
from replication.services import (
    add_targets,
    change_campaign,
    drop_target,
    move_campaign,
    open_campaign,
)
from replication.validators import ReplicationRefused
from tests import replicating
from tests.online import person
from tests.photos import PDF
from tests.replicating import (
    COMMUNE,
    COMMUNES,
    OTHER,
    PROVINCE,
    STAFF,
    campaign_typed,
    errors_of,
    opened,
    running,
    source,
    unit,
)

pytestmark = [pytest.mark.django_db]


def test_a_campaign_is_opened_by_the_body_that_leads_it() -> None:
    campaign = opened()
    assert (campaign.state, campaign.unit_name, campaign.is_recognised) == ("planned", "Huyện ủy Hàm Thuận Bắc", True)
    assert str(campaign.counted) == "lò đốt rác (lò)"
    for who in (COMMUNE, OTHER, "hamthuanbac.lanhdao", "hoidong1"):
        with pytest.raises(NotAllowed):
            opened(by=who)
    assert AuditEvent.objects.filter(action="open-campaign", target_id=str(campaign.pk)).count() == 1


@pytest.mark.parametrize(
    "changed, field, words",
    [
        ({"title": " "}, "title", "Tên chiến dịch: chưa ghi."),
        ({"title": "x" * 301}, "title", "dài quá 300"),
        ({"directive_kind": "??"}, "directive_kind", "chọn một"),
        ({"directive_on": "31/2/2024"}, "directive_on", "không có thật"),
        ({"directive_on": "2/4/2024"}, "directive_on", "chưa tới"),
        ({"directive_issuer": ""}, "directive_issuer", "chưa ghi"),
        ({"starts_on": ""}, "starts_on", "chưa ghi"),
        ({"starts_on": "1/9/2020"}, "starts_on", "mô hình gốc bắt đầu 01/10/2020"),
        ({"ends_on": "7/12/2023"}, "ends_on", "phải từ 08/12/2023 trở đi"),
        ({"what": ""}, "what", "chưa ghi"),
        ({"counting_unit": "x" * 31}, "counting_unit", "dài quá 30"),
    ],
)
def test_what_is_wrong_in_a_campaign_is_said_at_its_field(changed: dict[str, str], field: str, words: str) -> None:
    with pytest.raises(ReplicationRefused) as caught:
        opened(**changed)
    assert list(errors_of(caught)) == [field] and words in errors_of(caught)[field]
    assert not ReplicationCampaign.objects.exists()


def test_a_source_that_was_not_recognised_needs_a_reason() -> None:
    model = Registration.objects.filter(recognitions__isnull=True, model__isnull=False, unit__key="ham-thuan-bac").first()
    assert model is not None and model.model is not None
    given = {"unit": unit("ham-thuan-bac"), "source_id": model.model.pk, "actor": person(STAFF)}
    with pytest.raises(ReplicationRefused) as caught:
        open_campaign(typed=campaign_typed(), **given)
    assert errors_of(caught) == {"reason": "Mô hình gốc chưa được công nhận: xin ghi lý do chọn."}
    made = open_campaign(typed=campaign_typed(reason="Làm tốt, nhiều nơi hỏi"), **given)
    assert (made.is_recognised, made.reason) == (False, "Làm tốt, nhiều nơi hỏi")
    with pytest.raises(IntegrityError), transaction.atomic():
        ReplicationCampaign.objects.filter(pk=made.pk).update(reason="")


def test_a_withdrawn_recognition_is_none() -> None:
    held = Recognition.objects.filter(registration__model=source())
    for one in held:
        one.revoked_on, one.revoked_by = date(2024, 1, 1), one.decision
        one.save()
    with pytest.raises(ReplicationRefused) as caught:
        opened()
    assert list(errors_of(caught)) == ["reason"]


def test_a_directive_is_taken_by_its_content() -> None:
    given = {"unit": unit("ham-thuan-bac"), "source_id": source().pk, "actor": person(STAFF), "typed": campaign_typed()}
    with pytest.raises(FileRefused):
        open_campaign(file=SimpleUploadedFile("cong-van.pdf", b"MZ not a paper"), **given)
    made = open_campaign(file=SimpleUploadedFile("cong-van.pdf", PDF), **given)
    assert (made.directive_name, made.directive_type) == ("cong-van.pdf", "application/pdf")


def test_units_are_asked_by_name_or_as_a_whole_subtree_of_a_day() -> None:
    campaign, staff = opened(), person(STAFF)
    ids: dict[str, Any] = {"campaign_id": campaign.pk, "quantity": None, "actor": staff}
    day = date(2023, 12, 8)
    assert add_targets(unit_ids=[unit(key).pk for key in COMMUNES], on=day, **ids) == 4
    assert add_targets(unit_ids=[unit(COMMUNES[0]).pk], on=day, **(ids | {"quantity": Decimal(30)})) == 0
    assert campaign.targets.get(unit__key=COMMUNES[0]).quantity == 30
    from organisation.tree import unit_tree

    below = unit_tree().below([campaign.unit_id], day) - {campaign.unit_id}
    assert add_targets(unit_ids=below, on=day, **ids) == len(below) - 5  # four are asked already, one is where it began
    assert not campaign.targets.filter(unit__key="ham-thuan-bac/xa-ham-hiep").exists()
    assert campaign.targets.get(unit__key=COMMUNES[0]).quantity == 30  # an empty box takes no number away
    with pytest.raises(DomainError, match="thuộc cơ quan phát động"):
        add_targets(unit_ids=[unit("phan-thiet").pk], on=day, **ids)
    with pytest.raises(DomainError, match="còn hoạt động"):
        add_targets(unit_ids=[unit(COMMUNES[0]).pk], on=date(2026, 1, 1), **ids)
    with pytest.raises(DomainError, match="lớn hơn 0"):
        add_targets(unit_ids=[unit(COMMUNES[0]).pk], on=day, **(ids | {"quantity": Decimal(0)}))
    drop_target(campaign_id=campaign.pk, unit_id=unit(COMMUNES[1]).pk, actor=staff)
    assert campaign.targets.count() == len(below) - 2
    with pytest.raises(NotAllowed):
        add_targets(unit_ids=below, on=day, **(ids | {"actor": person(OTHER)}))


def test_a_campaign_is_started_closed_and_opened_again() -> None:
    campaign, staff = opened(), person(STAFF)
    with pytest.raises(DomainError, match="Chưa giao cho đơn vị nào"):
        move_campaign(campaign_id=campaign.pk, action=CampaignAction.START, actor=staff)
    ids = [unit(COMMUNES[0]).pk]
    asked = replicating.officer("can.bo.xa", COMMUNES[0])
    with pytest.raises(DomainError, match="mô hình gốc"):
        add_targets(
            campaign_id=campaign.pk,
            unit_ids=[unit("ham-thuan-bac/xa-ham-hiep").pk],
            on=date(2023, 12, 8),
            quantity=None,
            actor=staff,
        )
    add_targets(campaign_id=campaign.pk, unit_ids=ids, on=date(2023, 12, 8), quantity=Decimal("1250.5"), actor=staff)
    with pytest.raises(InvalidTransition):
        move_campaign(campaign_id=campaign.pk, action=CampaignAction.CLOSE, actor=staff)
    move_campaign(campaign_id=campaign.pk, action=CampaignAction.START, actor=staff)
    told = Message.objects.get(recipient=asked, subject__startswith="Nhân rộng: “Toàn huyện học")
    assert told.body.endswith("\nChỉ tiêu: 1.250,5.")
    with pytest.raises(InvalidTransition):
        move_campaign(campaign_id=campaign.pk, action=CampaignAction.START, actor=staff)
    closed = move_campaign(campaign_id=campaign.pk, action=CampaignAction.CLOSE, note="Đạt.", actor=staff)
    assert (closed.state, closed.closing_note) == (CampaignState.CLOSED, "Đạt.")
    with pytest.raises(DomainError, match="đã kết thúc"):
        add_targets(campaign_id=campaign.pk, unit_ids=ids, on=date(2023, 12, 8), quantity=None, actor=staff)
    assert move_campaign(campaign_id=campaign.pk, action=CampaignAction.REOPEN, actor=staff).state == CampaignState.RUNNING


def test_while_it_runs_its_first_day_and_what_is_counted_stay() -> None:
    campaign = running()
    for changed in ({"starts_on": "1/1/2024"}, {"counting_unit": "hộ"}):
        with pytest.raises(DomainError, match="giữ ngày bắt đầu và cách đếm"):
            change_campaign(campaign_id=campaign.pk, typed=campaign_typed(**changed), actor=person(STAFF))
    later = change_campaign(campaign_id=campaign.pk, typed=campaign_typed(ends_on="31/12/2024"), actor=person(STAFF))
    assert later.ends_on == date(2024, 12, 31)
    event = AuditEvent.objects.get(action="change-campaign")
    assert event.changes == {"ends_on": ["2024-06-30", "2024-12-31"]}


def test_what_is_prepared_is_seen_by_its_body_and_those_above() -> None:
    campaign = opened()
    seen = {who: campaigns_visible_to(person(who)).filter(pk=campaign.pk).exists() for who in (STAFF, PROVINCE, OTHER, COMMUNE)}
    assert seen == {STAFF: True, PROVINCE: True, OTHER: False, COMMUNE: False}
    ReplicationCampaign.objects.update(state="running")
    assert all(campaigns_visible_to(person(who)).filter(pk=campaign.pk).exists() for who in (STAFF, PROVINCE, OTHER, COMMUNE))
