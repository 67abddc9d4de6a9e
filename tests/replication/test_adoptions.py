"""Adoptions, clause by clause."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from common.exceptions import DomainError, NotAllowed
from models_registry.models import EmulationModel, Registration
from organisation.models import AuditEvent
from replication.enums import CampaignAction
from replication.models import Adoption
from replication.selectors.lines import began_on, line_of
from replication.services import (
    end_adoption,
    move_campaign,
)
from replication.validators import ReplicationRefused
from tests.online import person
from tests.replicating import (
    COMMUNE,
    COMMUNES,
    OTHER,
    PROVINCE,
    STAFF,
    adopted,
    errors_of,
    in_lam_dong,
    on,
    opened,
    running,
    source,
)

pytestmark = [pytest.mark.django_db]


def test_a_model_began_when_its_own_words_say() -> None:
    model = source()
    assert began_on(model) == date(2020, 10, 1)  # “10/2020, ở thôn Xuân Điền”
    for words, day in (("08/12/2021, ở xã", date(2021, 12, 8)), ("2019", date(2019, 1, 1)), ("từ lâu", None), ("", None)):
        model.began = words
        first = Registration.objects.filter(model=model).earliest("registered_on").registered_on
        assert began_on(model) == (day or first)


def test_a_unit_takes_a_model_on_in_a_campaign_or_on_its_own() -> None:
    campaign = running()
    first = adopted(campaign_id=campaign.pk)
    assert (first.origin, first.parent, first.depth, first.campaign) == (source(), None, 1, campaign)
    assert first.unit_name == "Đảng ủy xã Hàm Phú" and AuditEvent.objects.filter(action="record-adoption").count() == 1
    own = adopted("phan-thiet/phuong-mui-ne", by=OTHER, method="own", adopted_on="1/11/2023")
    assert (own.campaign, own.depth) == (None, 1)


def test_the_same_place_once_more_is_the_one_that_is_there() -> None:
    first = adopted(place="Thôn 1")
    assert adopted(place="  thôn 1 ") == first
    assert adopted(place="Thôn 2") != first
    campaign = running()
    assert adopted(place="Thôn 1", campaign_id=campaign.pk).campaign == campaign  # and now it is of the campaign
    with pytest.raises(IntegrityError), transaction.atomic():
        Adoption.objects.filter(place_key="thon 2").update(place_key="thon 1")


@pytest.mark.parametrize(
    "changed, field, words",
    [
        ({"adopted_on": ""}, "adopted_on", "chưa ghi"),
        ({"adopted_on": "30/2/2024"}, "adopted_on", "không có thật"),
        ({"adopted_on": "2/4/2024"}, "adopted_on", "chưa tới"),
        ({"adopted_on": "30/9/2020"}, "adopted_on", "mô hình gốc bắt đầu 01/10/2020"),
        ({"who": " "}, "who", "chưa ghi"),
        ({"method": "x"}, "method", "chọn một"),
        ({"place": "x" * 201}, "place", "dài quá 200"),
    ],
)
def test_what_is_wrong_in_an_adoption_is_said_at_its_field(changed: dict[str, str], field: str, words: str) -> None:
    with pytest.raises(ReplicationRefused) as caught:
        adopted(**changed)
    assert list(errors_of(caught)) == [field] and words in errors_of(caught)[field]


def test_what_was_done_before_a_campaign_is_not_of_it() -> None:
    campaign = running()
    with pytest.raises(ReplicationRefused) as caught:
        adopted(campaign_id=campaign.pk, adopted_on="7/12/2023")
    assert "trước ngày phát động (08/12/2023)" in errors_of(caught)["adopted_on"]
    other = opened(title="Khác")
    with pytest.raises(DomainError, match="đang chuẩn bị"):
        adopted(campaign_id=other.pk)
    move_campaign(campaign_id=campaign.pk, action=CampaignAction.CLOSE, actor=person(STAFF))
    with pytest.raises(DomainError, match="đã kết thúc"):
        adopted(campaign_id=campaign.pk)


def test_a_campaign_takes_adoptions_of_its_own_model_only() -> None:
    campaign = running()
    other = EmulationModel.objects.exclude(pk=source().pk).filter(registrations__registered_on__isnull=False).first()
    assert other is not None
    with pytest.raises(DomainError, match="nhân rộng mô hình khác"):
        adopted(model_id=other.pk, campaign_id=campaign.pk)


def test_the_origins_own_unit_does_not_take_it_on_but_its_hamlets_do() -> None:
    with pytest.raises(ReplicationRefused) as caught:
        adopted("ham-thuan-bac/xa-ham-hiep")
    assert "nơi có mô hình gốc" in errors_of(caught)["unit"]
    assert adopted("ham-thuan-bac/xa-ham-hiep", by=COMMUNE, place="Thôn Đại Lộc", adopted_on="1/3/2021").depth == 1


def test_who_writes_for_a_unit() -> None:
    with pytest.raises(NotAllowed):
        adopted(by=OTHER)
    with pytest.raises(NotAllowed):
        adopted(by=COMMUNE)  # another commune's
    assert adopted(by=PROVINCE).recorded_by == person(PROVINCE)


def test_a_unit_of_another_day_is_refused() -> None:
    in_lam_dong()
    for who in (STAFF, PROVINCE):  # who held a role in the unit, or above it, writes on for it; and who does above its heir
        with on(2026, 3, 1), pytest.raises(ReplicationRefused) as caught:
            adopted(by=who, adopted_on="1/2/2026")
        assert "không hoạt động vào ngày 01/02/2026" in errors_of(caught)["adopted_on"]
        with on(2026, 3, 1):
            assert adopted(by=who).adopted_on == date(2024, 1, 15)
    with on(2026, 3, 1), pytest.raises(NotAllowed):
        adopted(by=OTHER)


def test_learning_from_who_learned_keeps_the_whole_line() -> None:
    first = adopted()
    second = adopted(COMMUNES[1], parent_id=first.pk, adopted_on="1/2/2024")
    assert (second.parent, second.depth, second.origin) == (first, 2, source())
    with pytest.raises(ReplicationRefused) as caught:
        adopted(COMMUNES[2], parent_id=second.pk, adopted_on="31/1/2024")
    assert "mô hình gốc bắt đầu 01/02/2024" in errors_of(caught)["adopted_on"]
    with pytest.raises(DomainError, match="không thuộc mô hình này"):
        adopted(COMMUNES[2], parent_id=999999)


def test_an_adoption_ends_on_a_day_for_a_reason() -> None:
    one = adopted()
    for ended_on, why, field in (("", "Hết kinh phí", "ended_on"), ("1/4/2024", " ", "why"), ("14/1/2024", "x", "ended_on")):
        with pytest.raises(ReplicationRefused) as caught:
            end_adoption(adoption_id=one.pk, ended_on=ended_on, why=why, actor=person(STAFF))
        assert list(errors_of(caught)) == [field]
    ended = end_adoption(adoption_id=one.pk, ended_on="20/3/2024", why="Hết kinh phí", actor=person(STAFF))
    assert ended.ended_on == date(2024, 3, 20)
    assert [len(line_of(source(), day).nodes) for day in (date(2024, 3, 19), date(2024, 3, 20))] == [1, 0]
    assert adopted(adopted_on="25/3/2024") != one  # and may begin anew
