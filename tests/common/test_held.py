"""A file that came with a form which was refused: held for who sent it, once, for a short time."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from common.exceptions import FileRefused
from common.files import receive
from common.held import forget_held, held_for, hold_file, let_go
from common.models import HeldFile
from tests.online import person
from tests.photos import PDF

pytestmark = pytest.mark.django_db
WHO, OTHER = "hamthuanbac.chuyenvien", "phanthiet.chuyenvien"


def hold(content: bytes = PDF) -> HeldFile:
    return hold_file(file=SimpleUploadedFile("cong-van.pdf", content), actor=person(WHO), check=receive)


def test_it_is_given_back_as_it_came_and_to_who_sent_it_alone() -> None:
    held = hold()
    again = held_for(person(WHO), held.pk)
    assert again and receive(again.as_sent()).name == "cong-van.pdf" and again.as_sent().read() == PDF
    assert held_for(person(OTHER), held.pk) is None


def test_what_is_no_paper_is_not_held() -> None:
    with pytest.raises(FileRefused, match="Cổng không nhận tệp chương trình"):
        hold(b"MZ")
    assert not HeldFile.objects.exists()


def test_what_nobody_sends_again_is_forgotten_with_its_file(django_capture_on_commit_callbacks: Any) -> None:
    old, recent = hold(), hold()
    HeldFile.objects.filter(pk=old.pk).update(sent_at=timezone.now() - timedelta(days=3))
    with django_capture_on_commit_callbacks(execute=True):
        assert (forget_held(), forget_held()) == (1, 0)
    assert list(HeldFile.objects.all()) == [recent]
    assert not default_storage.exists(str(old.file.name)) and default_storage.exists(str(recent.file.name))
    with django_capture_on_commit_callbacks(execute=True):
        let_go(recent)
        let_go(recent)
    assert not default_storage.exists(str(recent.file.name))
