"""Who may do what in replication. When it is possible stands in `transitions`."""

from common.dates import today
from models_registry.models import EmulationModel, Registration
from models_registry.permissions import can_measure
from organisation.models import Reader, Unit
from organisation.permissions import may_still, units_where
from organisation.roles import May
from organisation.tree import tree_for
from replication.models import Adoption, ReplicationCampaign, StudyVisit


def can_lead(user: Reader, unit: Unit) -> bool:
    """Open and lead campaigns of just this unit."""
    return unit.pk in units_where(user, May.LEAD_CAMPAIGN)


def can_record(user: Reader, unit: Unit) -> bool:
    """Write down what this unit took on and counted."""
    return may_still(user, May.RECORD_ADOPTION, unit)


def can_see_inside(user: Reader, adoption: Adoption) -> bool:
    """Who does it, what proves it: for the unit, those above it, its heirs, and the body whose campaign it is of."""
    if adoption.campaign and can_lead(user, adoption.campaign.unit):
        return True
    return adoption.unit_id in tree_for(user).answered_for(units_where(user, May.SEE_BOARD), today())


def can_see_paper(user: Reader, campaign: ReplicationCampaign) -> bool:
    """The campaign's directive as a file: its body and those below and above it, and who carries on what any of these did."""
    held, tree = units_where(user, May.SEE_BOARD), tree_for(user)
    if not held.isdisjoint(tree.line_then(campaign.unit_id, today())):
        return True
    return not tree.answered_for(held, today()).isdisjoint(tree.below_then([campaign.unit_id], today()))


def can_write_how_to(user: Reader, model: EmulationModel) -> bool:
    """Who writes, or checks, the model's newest registration: those who do it, and the unit above."""
    row = Registration.objects.in_register().filter(model=model).select_related("season", "unit", "place")
    newest = row.order_by("-season__year").first()
    return newest is not None and can_measure(user, newest)


def can_see_visit_inside(user: Reader, visit: StudyVisit) -> bool:
    """Names, telephone and words between the two: for both sides, those above them, and their heirs."""
    reach = tree_for(user).answered_for(units_where(user, May.SEE_BOARD), today())
    return not reach.isdisjoint((visit.host_id, visit.visitor_id))
