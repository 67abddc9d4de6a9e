"""The line of a register: the columns that follow from others, and the model that a first line begins."""

import secrets
from typing import Any

from django.utils.text import slugify

from common.text import compare_key, fold, search_text, sort_key
from common.trigrams import mask
from models_registry.models import TITLE_LIMIT, EmulationModel

DERIVED = ("search_text", "sort_key", "title_key", "title_mask")


def derived(*, title: str, subject: str, place_name: str, unit_name: str) -> dict[str, Any]:
    """What a registration is found, compared and sorted by."""
    return {
        "search_text": search_text(title, subject, place_name, unit_name),
        "sort_key": sort_key(title),
        "title_key": compare_key(title)[:TITLE_LIMIT],
        "title_mask": mask(compare_key(title)),
    }


def begin_model(*, title: str, unit_id: int, identity: str) -> EmulationModel:
    """A new model, not yet saved. Titles repeat within a unit and over the years: the address has a part of its own."""
    own = secrets.token_hex(5)
    slug = f"{slugify(fold(title))[:110].strip('-') or 'mo-hinh'}-{own}"
    return EmulationModel(slug=slug, title=title, unit_id=unit_id, identity_key=identity)
