from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from notifications.selectors import count_unread


def unread_messages(request: HttpRequest) -> dict[str, Any]:
    """How many messages are unread, for the masthead at work; asked of the database only where it is shown."""
    user = getattr(request, "user", None)
    return {"unread_messages": SimpleLazyObject(lambda: count_unread(user))}
