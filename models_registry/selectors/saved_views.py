"""What of a board is one person's: the views that were saved, the letterhead under which a list goes out."""

from urllib.parse import urlencode

from common.dates import today
from models_registry.models import SavedView
from organisation.models import Reader, Unit, Visitor
from organisation.permissions import units_where
from organisation.roles import May
from organisation.tree import tree_for
from papers.models import Letterhead
from papers.selectors import head_of


def saved_views(user: Visitor) -> list[tuple[int, str, str]]:
    """(id, name, the address that it stands for), by name."""
    return [(one.pk, one.name, f"?{urlencode(one.asked)}") for one in SavedView.objects.filter(owner=user.pk)]


def own_head(user: Reader) -> Letterhead | None:
    """Of the first of the units whose board the person follows by a role of their own."""
    unit = Unit.objects.filter(pk__in=units_where(user, May.SEE_BOARD)).order_by("position", "key").first()
    return head_of(unit, tree_for(user).last_day(unit.pk, today())) if unit else None
