"""A file that came with a form which was refused: held for who sent it, once, for a short time."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.utils import timezone

from common.exceptions import FileRefused
from common.files import receive
from common.held import AT_MOST, discard, forget_held, held_for, hold_file
from common.models import HeldFile
from tests.online import person
from tests.photos import PDF

pytestmark = pytest.mark.django_db
WHO, OTHER = "hamthuanbac.chuyenvien", "phanthiet.chuyenvien"


def hold(content: bytes = PDF, instead_of: HeldFile | None = None, who: str = WHO) -> HeldFile:
    file = SimpleUploadedFile("cong-van.pdf", content)
    return hold_file(file=file, actor=person(who), check=receive, instead_of=instead_of)


def is_kept(held: HeldFile) -> tuple[bool, bool]:
    """Whether its row and its file are there."""
    return HeldFile.objects.filter(pk=held.pk).exists(), default_storage.exists(str(held.file.name))


def test_it_is_given_back_as_it_came_and_to_who_sent_it_alone() -> None:
    held = hold()
    again = held_for(person(WHO), held.pk)
    assert again and receive(again.as_sent()).name == "cong-van.pdf" and again.as_sent().read() == PDF
    assert held_for(person(OTHER), held.pk) is None


def test_what_is_no_paper_is_not_held() -> None:
    with pytest.raises(FileRefused, match="Cổng không nhận tệp chương trình"):
        hold(b"MZ")
    assert not HeldFile.objects.exists()


def test_the_file_that_takes_its_place_has_it_go_at_once(django_capture_on_commit_callbacks: Any) -> None:
    first = hold()
    with pytest.raises(FileRefused):
        hold(b"MZ", instead_of=first)
    assert is_kept(first) == (True, True)
    with django_capture_on_commit_callbacks(execute=True):
        second = hold(instead_of=first)
    assert (is_kept(first), is_kept(second)) == ((False, False), (True, True))


def test_the_oldest_goes_once_a_person_has_too_many(django_capture_on_commit_callbacks: Any) -> None:
    others = hold(who=OTHER)
    with django_capture_on_commit_callbacks(execute=True):
        kept = [hold() for _ in range(AT_MOST + 2)]
    assert [is_kept(one) for one in kept] == [(False, False)] * 2 + [(True, True)] * AT_MOST
    assert is_kept(others) == (True, True)


def test_no_file_stays_whose_row_could_not_be_written(monkeypatch: Any) -> None:
    written: list[HeldFile] = []

    def fails(held: HeldFile) -> None:
        written.append(held)
        raise OperationalError("no room")

    monkeypatch.setattr(HeldFile, "save", fails)
    with pytest.raises(OperationalError):
        hold()
    assert is_kept(written[0]) == (False, False)


def test_what_nobody_sends_again_is_forgotten_with_its_file(django_capture_on_commit_callbacks: Any) -> None:
    old, recent = hold(), hold()
    HeldFile.objects.filter(pk=old.pk).update(sent_at=timezone.now() - timedelta(days=3))
    with django_capture_on_commit_callbacks(execute=True):
        assert (forget_held(), forget_held()) == (1, 0)
    assert list(HeldFile.objects.all()) == [recent]
    assert (is_kept(old), is_kept(recent)) == ((False, False), (True, True))
    with django_capture_on_commit_callbacks(execute=True):
        discard(recent)
        discard(recent)
    assert is_kept(recent) == (False, False)
