from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from organisation.permissions import can_administer, can_edit_themes, roles_of, units_where
from organisation.roles import ROLES, May
from organisation.selectors import place_of_work as place


def place_of_work(request: HttpRequest) -> dict[str, Any]:
    """For the masthead at work: the unit, the role, which doors to show. Nothing is asked of the database before it is used."""
    user = getattr(request, "user", None)
    return {
        "work_unit": SimpleLazyObject(lambda: place(user)),
        "work_role": SimpleLazyObject(lambda: next((ROLES[key].name for key in roles_of(user)), str(user))),
        "may_administer": SimpleLazyObject(lambda: can_administer(user)),
        "may_see_board": SimpleLazyObject(lambda: bool(units_where(user, May.SEE_BOARD))),
        "may_keep_papers": SimpleLazyObject(lambda: bool(units_where(user, May.KEEP_PAPERS))),
        "may_keep_portal": SimpleLazyObject(lambda: bool(units_where(user, May.KEEP_PORTAL))),
        "may_edit_themes": SimpleLazyObject(lambda: can_edit_themes(user)),
    }
