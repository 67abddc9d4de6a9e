from django.http import HttpRequest

from organisation.models import User


class OfficerRequest(HttpRequest):
    """A request of somebody who has entered: every view that does not say `login_not_required` gets one."""

    user: User


def officer_of(request: HttpRequest) -> User:
    """Who sent it, where the signature of a view is given: in the administration."""
    assert isinstance(request.user, User)
    return request.user
