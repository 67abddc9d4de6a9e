from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from organisation.permissions import can_administer, units_where
from organisation.roles import May


def place_of_work(request: HttpRequest) -> dict[str, Any]:
    """Which doors a page shows. Nothing is asked of the database before it is used."""
    user = getattr(request, "user", None)
    return {
        "may_administer": SimpleLazyObject(lambda: can_administer(user)),
        "may_keep_papers": SimpleLazyObject(lambda: bool(units_where(user, May.KEEP_PAPERS))),
    }
