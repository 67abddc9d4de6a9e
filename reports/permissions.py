"""Who may do what with reports. When it is possible stands in `transitions`."""

from common.dates import today
from organisation.models import Reader, Unit
from organisation.permissions import units_where
from organisation.roles import May
from organisation.tree import tree_for


def can_write(user: Reader, unit: Unit) -> bool:
    """Have reports of just this unit made, write in them, answer for them: a body's reports are its own."""
    return unit.pk in units_where(user, May.WRITE_REPORT)


def can_freeze(user: Reader, unit: Unit) -> bool:
    """Freeze and correct the reports of just this unit."""
    return unit.pk in units_where(user, May.FREEZE_REPORT)


def can_see_dashboard(user: Reader) -> bool:
    """Who follows a body to which several units report, or reported until it ended."""
    tree = tree_for(user)
    return any(tree.gathers(pk, tree.last_day(pk, today())) for pk in units_where(user, May.SEE_BOARD))
