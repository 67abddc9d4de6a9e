"""What is sent about messages and reminders."""

from typing import ClassVar
from uuid import UUID, uuid4

from django import forms

from common.forms import ListField, NamedForm
from notifications.models import MailChoice


class MailChoiceForm(forms.Form):
    """How one wants one's messages by mail."""

    how = forms.ChoiceField(
        choices=MailChoice.How.choices,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Không có cách nhận thư ấy."),
    )


class ReminderForm(NamedForm):
    """Whom to remind (`ai`), in which words (`loi`); the key by which what is sent twice goes once (`lan`)."""

    names: ClassVar = {"to": "ai", "words": "loi", "key": "lan"}

    to = ListField()
    words = forms.CharField(required=False, strip=False)
    key = forms.CharField(required=False)

    def clean_key(self) -> UUID:
        return key_in(self.cleaned_data["key"])


def key_in(text: str) -> UUID:
    """The key that was sent; a new one where none was."""
    try:
        return UUID(text)
    except ValueError:
        return uuid4()
