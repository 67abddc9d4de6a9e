from django import forms

from notifications.models import MailChoice


class MailChoiceForm(forms.Form):
    """How one wants one's messages by mail."""

    how = forms.ChoiceField(
        choices=MailChoice.How.choices,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Không có cách nhận thư ấy."),
    )
