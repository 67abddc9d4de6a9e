"""The tour of the first day."""

from organisation.models import User
from portal.models import TourEnd


def end_tour(user: User) -> None:
    """Offer it no more. It can still be walked from the page of manuals."""
    TourEnd.objects.get_or_create(user=user)
