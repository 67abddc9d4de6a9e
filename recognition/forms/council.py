"""What is typed of a council: its seats, who scores what."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms

from common.forms import DayField
from recognition.enums import CouncilTask


class SeatForm(forms.Form):
    """A seat in the council."""

    username = forms.CharField(
        label="Tên đăng nhập", max_length=150, widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"})
    )
    task = forms.ChoiceField(label="Nhiệm vụ", choices=CouncilTask.choices, initial=CouncilTask.MEMBER)
    ends_on = DayField(label="Đến hết ngày", required=False, help_text="Để trống nếu đến khi xong đợt xét.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
