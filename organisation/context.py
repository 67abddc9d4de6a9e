from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from common.dates import today
from organisation.naming import said_province
from organisation.permissions import can_administer, units_where
from organisation.roles import May


def place_of_work(request: HttpRequest) -> dict[str, Any]:
    """The province as it is called today, and which doors a page shows. Nothing is asked of the database before it is used."""
    user = getattr(request, "user", None)
    return {
        "province": SimpleLazyObject(lambda: said_province(today())),
        "may_administer": SimpleLazyObject(lambda: can_administer(user)),
        "may_keep_papers": SimpleLazyObject(lambda: bool(units_where(user, May.KEEP_PAPERS))),
    }
