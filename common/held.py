"""Files that came with a form in which something else was wrong: held for who sent them until that is put right."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from common.models import HeldFile
from common.text import clean

KEPT = timedelta(days=2)
"""How long a file is held for a form that nobody sends again."""


def hold_file(*, file: UploadedFile, actor: Any, check: Callable[[UploadedFile], Any]) -> HeldFile:
    """Keep the file as it came. `check` looks it over; raises what that raises."""
    check(file)
    file.seek(0)
    held = HeldFile(file_name=clean(Path(file.name or "").name)[-200:] or "tep", size=file.size or 0, sent_by=actor)
    held.file.save(f"{held.pk}", file, save=False)
    held.save()
    return held


def held_for(user: Any, pk: UUID) -> HeldFile | None:
    return HeldFile.objects.filter(pk=pk, sent_by=user).first()


def let_go(held: HeldFile) -> None:
    """Delete what went its way, or is wanted no more. May run twice."""
    file = held.file
    HeldFile.objects.filter(pk=held.pk).delete()
    transaction.on_commit(lambda: file.storage.delete(str(file.name)))


def forget_held() -> int:
    """Delete the files of forms that nobody sent again within KEPT. Returns how many; may run twice."""
    old = list(HeldFile.objects.filter(sent_at__lt=timezone.now() - KEPT))
    for held in old:
        let_go(held)
    return len(old)
