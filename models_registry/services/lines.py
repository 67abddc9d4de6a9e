"""The line of a register: the columns that follow from others, and the model that a first line begins."""

import secrets
from typing import Any

from django.utils.text import slugify

from common.text import compare_key, fold, search_text, sort_key
from common.trigrams import mask
from models_registry.models import TITLE_LIMIT, EmulationModel, Registration
from models_registry.registers.hamlets import hamlet_in
from models_registry.registers.reading import identity_of
from models_registry.registers.vocabulary import Place
from models_registry.validators import SheetContext

MOST_BESIDE = 20  # registrations of one title, place and doer that keep an identity of their own when they are mended
DERIVED = ("search_text", "sort_key", "title_key", "title_mask")


def derived(*, title: str, subject: str, place_name: str, unit_name: str) -> dict[str, Any]:
    """What a registration is found, compared and sorted by."""
    return {
        "search_text": search_text(title, subject, place_name, unit_name),
        "sort_key": sort_key(title),
        "title_key": compare_key(title)[:TITLE_LIMIT],
        "title_mask": mask(compare_key(title)),
    }


def place_in(values: dict[str, Any], context: SheetContext) -> Place:
    """Where a sheet that was read says that the model is: as a register says it with a place and a hamlet."""
    key = values.get("place") or ""
    place_id, name = context.places.get(key, (None, ""))
    place, hamlet = Place(place_id, key, name), values.get("hamlet") or ""
    return place.at(hamlet_in(hamlet) or hamlet) if hamlet else place


def stand_at(registration: Registration, place: Place) -> None:
    """Put a registration at a place, with the columns that follow from title, subject and place. Where it stood there already,
    the words of its register stay.
    """
    if not registration.place_name or (registration.place_id, registration.hamlet or "") != (place.unit_id, place.hamlet):
        registration.place_name = place.name[:200]
    registration.place_id, registration.hamlet = place.unit_id, place.hamlet or None
    said = registration.title, place.key, registration.subject
    if registration.identity_key not in {identity_of(*said, nth) for nth in range(2, MOST_BESIDE)}:
        registration.identity_key = identity_of(*said)
    derive(registration)


def derive(registration: Registration) -> None:
    """Bring up what the registration is found, compared and sorted by."""
    for name, value in derived(
        title=registration.title,
        subject=registration.subject,
        place_name=f"{registration.place_name} {registration.hamlet or ''}",
        unit_name=registration.unit_name,
    ).items():
        setattr(registration, name, value)


def begin_model(*, title: str, unit_id: int, identity: str) -> EmulationModel:
    """A new model, not yet saved. Titles repeat within a unit and over the years: the address has a part of its own."""
    own = secrets.token_hex(5)
    slug = f"{slugify(fold(title))[:110].strip('-') or 'mo-hinh'}-{own}"
    return EmulationModel(slug=slug, title=title, unit_id=unit_id, identity_key=identity)
