"""The demo of today: the seasons after the first, up to this year's, and its people's work."""

from models_registry.models import Season
from organisation.models import User
from portal.demo import accounts
from portal.demo.seasons import load_later_seasons


def is_loaded() -> bool:
    """Whether there is anything at all: the demo is loaded into an empty database only."""
    return Season.objects.exists() or User.objects.exists()


def load_living() -> int:
    """All after the first season. Returns how much was new; begun again where it was cut off."""
    made = load_later_seasons()
    made += accounts.open_accounts(first=False)
    accounts.head_papers(first=False)
    return made
