"""The locks that every writer of a line takes first, always in one order: units, models, campaign, adoption."""

from collections.abc import Iterable

from common.dates import today
from common.exceptions import DomainError, NotAllowed
from models_registry.models import EmulationModel
from models_registry.services import lock_models
from organisation.models import User
from organisation.tree import unit_tree
from replication.models import Adoption, ReplicationCampaign
from replication.permissions import can_lead, can_record
from replication.selectors.lines import adoption_behind

MOVED = "Mô hình vừa được nối vào đường nhân rộng khác. Những gì đã gõ còn trên trang; xin bấm lại."


def lock_line(model_id: int) -> tuple[EmulationModel, Adoption | None]:
    """(where the line begins that a model belongs to, locked; the adoption that the model came of). Raises DomainError where
    the model was tied into another line while one waited for the lock.
    """
    before = adoption_behind(model_id)
    locked = lock_models([model_id, before.origin_id if before else model_id])
    behind = adoption_behind(model_id)
    origin = behind.origin_id if behind else model_id
    if origin not in locked:
        raise DomainError(MOVED)
    return locked[origin], behind


def lock_adoption(adoption_id: int, actor: User, *, also: Iterable[int] = ()) -> Adoption:
    """The adoption, its line (and the models `also`) locked, for who writes for its unit. Raises NotAllowed, DomainError."""
    unit_id, origin_id = Adoption.objects.values_list("unit_id", "origin_id").get(pk=adoption_id)
    tree, day = unit_tree(), today()
    heir = tree.heirs([unit_id], day)[unit_id]
    registers = (tree.reporting(unit_id, tree.last_day(unit_id, day)), tree.reporting(heir, day))
    lock_models([origin_id, *also], units=[unit_id, *(one for one in registers if one)])
    found = Adoption.objects.select_for_update(of=("self",)).select_related("unit", "origin", "registration")
    adoption = found.get(pk=adoption_id)
    if not can_record(actor, adoption.unit):
        raise NotAllowed("Vai trò của đồng chí không ghi nhân rộng cho đơn vị này.")
    if adoption.origin_id != origin_id:
        raise DomainError(MOVED)
    return adoption


def lock_campaign(campaign_id: int, actor: User) -> ReplicationCampaign:
    """The campaign, locked, for who leads it. Raises NotAllowed."""
    locked = ReplicationCampaign.objects.select_for_update(of=("self",)).select_related("unit", "source", "counted")
    campaign = locked.get(pk=campaign_id)
    if not can_lead(actor, campaign.unit):
        raise NotAllowed("Vai trò của đồng chí không điều hành chiến dịch này.")
    return campaign
