"""The demo's drawn pictures as photos of models that they suit, by the ordinary service; each caption says what it is."""

from django.core.files.uploadedfile import SimpleUploadedFile

from models_registry.models import Registration
from models_registry.services import Description, add_attachment, describe_attachment
from portal.demo.files import DEMO, Row, rows_of

FOLDER = DEMO / "pictures"
EACH = 2  # models that a picture is shown at


def show_pictures() -> int:
    """Give each picture to the models of its titles that are first in lists. Returns how many photos were added."""
    return sum(_show(row) for row in rows_of(FOLDER / "pictures.csv"))


def _show(row: Row) -> int:
    titles = row["titles"].split(" | ")
    listed = Registration.objects.in_register().filter(is_latest=True, withdrawn_on__isnull=True, title__in=titles)
    data = (FOLDER / row["file"]).read_bytes()
    chosen = listed.order_by("-honour_rank", "-season__year", "pk")[:EACH]
    for registration in chosen:
        file = SimpleUploadedFile(row["file"], data)
        photo = add_attachment(registration_id=registration.pk, file=file, actor=None)
        is_first = not registration.attachments.filter(is_cover=True).exists()
        describe_attachment(
            attachment_id=photo.pk,
            said=Description(caption=row["caption"], alternative=row["alternative"], may_be_shown=True, is_cover=is_first),
            actor=None,
        )
    return len(chosen)
