"""Who changes what another may do is asked for their own password, or second step, first."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest
from django.http.response import HttpResponseBase

View = Callable[..., HttpResponseBase]


def own_password_first(view: View) -> View:
    """Send away to give it, unless that was done within settings.ACCOUNT_REAUTHENTICATION_TIMEOUT.

    What was sent waits in the session and is done afterwards; passwords do not wait there, and are asked for again.
    """
    asking: View = reauthentication_required(view)

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return asking(request, *args, **kwargs)
        except ReauthenticationRequired:
            kept = request.POST.copy()
            for name in [name for name in kept if "password" in name]:
                del kept[name]
            request.POST = kept  # type: ignore[assignment]
            raise

    return inner
