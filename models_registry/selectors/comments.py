"""What writer and checker said to each other at the boxes of a registration."""

from collections import defaultdict

from models_registry.enums import SENT
from models_registry.models import BoxComment, Registration
from models_registry.permissions import can_comment
from organisation.models import Reader


def takes_comments(registration: Registration) -> bool:
    """Once it was sent there are two who talk; what was withdrawn is done with."""
    return registration.state in SENT


def threads_of(user: Reader, registration: Registration) -> dict[int, list[BoxComment]]:
    """box number -> what was said there, oldest first; nothing for others than its writers and checkers. One query."""
    found: dict[int, list[BoxComment]] = defaultdict(list)
    if can_comment(user, registration):
        for one in registration.comments.all():
            found[one.box].append(one)
    return dict(found)
