from typing import Any

from crispy_forms.helper import FormHelper
from django import forms

from papers.models import Letterhead


class LetterheadForm(forms.ModelForm):
    """The head and signature of a body's papers from a day on."""

    class Meta:
        model = Letterhead
        fields = [
            "suffix",
            "valid_from",
            "layout",
            "body_name",
            "superior_name",
            "place",
            "authority",
            "signer_title",
            "signer_name",
            "term",
            "recipients",
            "spelling",
        ]
        widgets = {
            "recipients": forms.Textarea(attrs={"rows": 3}),
            "valid_from": forms.TextInput(attrs={"inputmode": "numeric", "placeholder": "ngày/tháng/năm"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
