"""Whom to remind, in which words."""

from typing import ClassVar
from uuid import UUID, uuid4

from django import forms

from common.forms import NamedForm
from recognition.forms.fields import ListField, text_field


class ReminderForm(NamedForm):
    """Whom to remind (`ai`), in which words (`loi`); the key by which what is sent twice goes once (`lan`)."""

    names: ClassVar = {"to": "ai", "words": "loi", "key": "lan"}

    to = ListField()
    words = text_field()
    key = forms.CharField(required=False)

    def clean_key(self) -> UUID:
        return key_in(self.cleaned_data["key"])


def key_in(text: str) -> UUID:
    """The key that was sent; a new one where none was."""
    try:
        return UUID(text)
    except ValueError:
        return uuid4()
