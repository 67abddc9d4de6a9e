"""Reads of adoptions: those of one's own units, what one may see of one, for which units one writes."""

from django.db.models import QuerySet

from common.dates import today
from models_registry.models import Registration
from models_registry.selectors import own_units
from organisation.models import Reader, UnitVersion
from organisation.permissions import units_where
from organisation.roles import May
from organisation.selectors.units import versions_on
from organisation.tree import tree_for
from replication.models import Adoption, AdoptionOutput, CountedOutput

_WITH = ("origin", "unit", "campaign", "parent", "registration__season", "recorded_by")


def adoptions_visible_to(user: Reader) -> QuerySet[Adoption]:
    """That a unit took a model on is a public fact; who does it and what proves it is not (`permissions.can_see_inside`)."""
    return Adoption.objects.select_related(*_WITH)


def own_adoptions(user: Reader) -> QuerySet[Adoption]:
    """Those of the user's units, of those below them, and of those that they follow; newest first."""
    reach = tree_for(user).answered_for(units_where(user, May.SEE_BOARD), today())
    return adoptions_visible_to(user).filter(unit__in=reach).order_by("-adopted_on", "-pk")


def writing_units(user: Reader) -> list[UnitVersion]:
    """The units for which the user may write adoptions, in official order; one that ended as it was at its end."""
    return _in_order(user, May.RECORD_ADOPTION)


def seen_units(user: Reader) -> list[UnitVersion]:
    """The user's units and all below them, in official order."""
    return _in_order(user, May.SEE_BOARD)


def _in_order(user: Reader, act: May) -> list[UnitVersion]:
    reach = tree_for(user).below_then(units_where(user, act), today())
    found = versions_on(reach, today()).values()
    return sorted(found, key=lambda version: (-version.level.rank, version.unit.position, version.unit.key))


def outputs_of(adoption: Adoption) -> list[AdoptionOutput]:
    """All values, the newest first."""
    return list(adoption.outputs.select_related("counted", "recorded_by").order_by("-as_of", "-pk"))


def children_of(adoption: Adoption) -> list[Adoption]:
    """Who took the model on from this place, the first ones."""
    return list(adoption.children.select_related("unit").order_by("adopted_on", "pk")[:20])


def counted_by(adoption: Adoption) -> CountedOutput | None:
    """What the unit, the campaign, or else the line counts."""
    last = adoption.outputs.select_related("counted").order_by("-as_of").first()
    if last:
        return last.counted
    return adoption.campaign.counted if adoption.campaign else adoption.origin.counted_outputs.first()


def tieable(user: Reader, adoption: Adoption) -> QuerySet[Registration]:
    """Registrations of the adopter that may be its own of this model: in a register, without an origin yet."""
    there = Registration.objects.in_register().filter(own_units(user, May.WRITE_REGISTRATION), withdrawn_on__isnull=True)
    here = there.filter(place=adoption.unit_id) | there.filter(unit=adoption.unit_id, place__isnull=True)
    return (
        here.select_related("season")
        .exclude(model=adoption.origin_id)
        .exclude(model__registrations__adoption__isnull=False)
        .order_by("-season__year", "title")
    )
