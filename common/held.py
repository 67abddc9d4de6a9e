"""Files that came with a form in which something else was wrong: held for who sent them until that is put right."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from common.models import HeldFile
from common.text import clean

if TYPE_CHECKING:
    from organisation.models import User, Visitor

KEPT = timedelta(days=2)
"""How long a file is held for a form that nobody sends again."""
AT_MOST = 5
"""How many are held for one person: forms are put right one by one, so the oldest goes for a further one."""


def hold_file(
    *,
    file: "UploadedFile[bytes]",
    actor: "User",
    check: Callable[["UploadedFile[bytes]"], Any],
    instead_of: HeldFile | None = None,
) -> HeldFile:
    """Keep the file as it came, `instead_of` the one that was held for its form. `check` looks it over; raises what that raises."""
    check(file)
    file.seek(0)
    held = HeldFile(file_name=clean(Path(file.name or "").name)[-200:] or "tep", size=file.size or 0, sent_by=actor)
    held.file.save(f"{held.pk}", file, save=False)
    try:
        with transaction.atomic():
            held.save()
            further = HeldFile.objects.filter(sent_by=actor).order_by("-sent_at", "pk")[AT_MOST:]
            for one in [*further, *([instead_of] if instead_of else [])]:
                discard(one)
    except BaseException:  # a file without its row would never be swept
        held.file.storage.delete(str(held.file.name))
        raise
    return held


def held_for(user: "Visitor", pk: UUID) -> HeldFile | None:
    return HeldFile.objects.filter(pk=pk, sent_by=user.pk).first()


def discard(held: HeldFile) -> None:
    """Delete a file that has been stored, or is no longer wanted. Idempotent."""
    file = held.file
    HeldFile.objects.filter(pk=held.pk).delete()
    transaction.on_commit(lambda: file.storage.delete(str(file.name)))


def forget_held() -> int:
    """Delete the files of forms that nobody sent again within KEPT. Returns how many. Idempotent."""
    old = list(HeldFile.objects.filter(sent_at__lt=timezone.now() - KEPT))
    for held in old:
        discard(held)
    return len(old)
