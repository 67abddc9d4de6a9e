"""What the catalogue keeps beside each registration of its honours."""

from collections.abc import Iterable

from models_registry.services import set_honours
from recognition.selectors import standing_ranks


def refresh_honours(registration_ids: Iterable[int]) -> None:
    """Keep beside each registration the rank of its highest honour that stands."""
    ids = list(registration_ids)
    ranks = dict.fromkeys(ids, 0) | standing_ranks(ids)
    set_honours(ranks)
