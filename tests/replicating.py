"""Replication for tests: a line begun at Hàm Hiệp, campaigns of Hàm Thuận Bắc."""

from datetime import UTC, date, datetime
from typing import Any

import time_machine

from common.remember import forget
from models_registry.models import EmulationModel
from organisation.models import Unit, UnitSuccession, UnitVersion, User
from organisation.services import give_role
from replication.enums import CampaignAction
from replication.models import Adoption, AdoptionOutput, ReplicationCampaign
from replication.services import (
    AdoptionTyped,
    CampaignTyped,
    OutputTyped,
    add_targets,
    move_campaign,
    open_campaign,
    record_adoption,
    record_output,
)
from tests.online import person

STAFF, COMMUNE, PROVINCE, OTHER = "hamthuanbac.chuyenvien", "hamhiep.canbo", "tinh.chuyenvien", "phanthiet.chuyenvien"
SLUG = "lo-dot-rac-ho-gia-dinh-ham-hiep"
MERGED_ON = date(2024, 3, 8)
HTB_DAY = date(2023, 12, 8)  # the day of the directive
COMMUNES = (
    "ham-thuan-bac/xa-ham-phu",
    "ham-thuan-bac/xa-ham-tri",
    "ham-thuan-bac/xa-thuan-hoa",
    "ham-thuan-bac/thi-tran-ma-lam",
)


def on(year: int, month: int, day: int) -> Any:
    """A moment of a day, in UTC."""
    return time_machine.travel(datetime(year, month, day, 3, tzinfo=UTC), tick=False)


def unit(key: str) -> Unit:
    return Unit.objects.get(key=key)


def source() -> EmulationModel:
    return EmulationModel.objects.get(slug=SLUG)


def campaign_typed(**other: str) -> CampaignTyped:
    given = {
        "title": "Toàn huyện học lò đốt rác Hàm Hiệp",
        "directive_kind": "CV",
        "directive_number": "",
        "directive_on": "8/12/2023",
        "directive_issuer": "Ban Thường vụ Huyện ủy Hàm Thuận Bắc",
        "starts_on": "8/12/2023",
        "ends_on": "30/6/2024",
        "what": "lò đốt rác",
        "counting_unit": "lò",
    } | other
    return CampaignTyped(**given)


def opened(by: str = STAFF, body: str = "ham-thuan-bac", **other: str) -> ReplicationCampaign:
    return open_campaign(unit=unit(body), source_id=source().pk, typed=campaign_typed(**other), actor=person(by))


def running(keys: tuple[str, ...] = COMMUNES, quantity: Any = None, **other: str) -> ReplicationCampaign:
    campaign = opened(**other)
    ids = [unit(key).pk for key in keys]
    add_targets(campaign_id=campaign.pk, unit_ids=ids, on=date(2023, 12, 8), quantity=quantity, actor=person(STAFF))
    return move_campaign(campaign_id=campaign.pk, action=CampaignAction.START, actor=person(STAFF))


def adopted(key: str = COMMUNES[0], by: str = STAFF, **other: Any) -> Adoption:
    typed: dict[str, Any] = {"adopted_on": "15/1/2024", "who": "Chi hội Nông dân", "method": "visit", "place": ""}
    names = (*typed, "parent_id", "campaign_id", "visit_id")
    typed |= {name: other.pop(name) for name in list(other) if name in names}
    given: dict[str, Any] = {"model_id": source().pk} | other
    return record_adoption(unit=unit(key), typed=AdoptionTyped(**typed), actor=person(by), **given)[0]


def counted(adoption: Adoption, quantity: str, as_of: str = "1/3/2024", by: str = STAFF, **other: Any) -> AdoptionOutput:
    given = {"what": "lò đốt rác", "counting_unit": "lò"} | other
    return record_output(adoption_id=adoption.pk, typed=OutputTyped(quantity=quantity, as_of=as_of, **given), actor=person(by))[0]


def officer(name: str, key: str, since: date = date(2023, 1, 1)) -> User:
    """A new person who holds the role of a commune's officer in a unit."""
    made = User.objects.create_user(name)
    give_role(user=made, unit=unit(key), role="can-bo-co-so", starts_on=since, actor=None)
    return made


def merged(key: str, heir: str) -> None:
    """A commune merges into another on 8/3/2024."""
    UnitVersion.objects.filter(unit__key=key, valid_to__isnull=True).update(valid_to=MERGED_ON)
    UnitVersion.objects.filter(unit__key=key, valid_to__gt=MERGED_ON).update(valid_to=MERGED_ON)
    UnitSuccession.objects.filter(predecessor__key=key).delete()
    UnitSuccession.objects.create(predecessor=unit(key), successor=unit(heir), effective_on=MERGED_ON, kind="merge")
    forget()


def errors_of(caught: Any) -> dict[str, str]:
    """What a refusal says, by field."""
    return dict(caught.value.errors)


def in_lam_dong() -> None:
    """The province's officer goes on in the province that its own was merged into."""
    give_role(user=person(PROVINCE), role="chuyen-vien-tinh", unit=unit("lam-dong"), starts_on=date(2025, 7, 1), actor=None)
