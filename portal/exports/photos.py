"""Photos of models in what is printed."""

from django.core.files.storage import default_storage

from models_registry.models import Attachment

SIZE = "800"  # of `common.files.WIDTHS`: sharp on a page of A5, small in a document


def photo_bytes(photo: Attachment) -> list[int]:
    """The bytes of a photo as Typst takes them; none where its file is gone."""
    try:
        with default_storage.open(photo.variants[SIZE]["path"]) as file:
            return list(file.read())
    except OSError:
        return []
