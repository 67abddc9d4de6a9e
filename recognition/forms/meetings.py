"""What is typed of a council's meeting."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms

from common.forms import DayField
from recognition.enums import Ballot, MeetingWay, Share


class MeetingForm(forms.Form):
    """A council's meeting; who is there stands beside it."""

    held_on = DayField(label="Ngày họp")
    place = forms.CharField(label="Địa điểm", required=False, max_length=200)
    way = forms.ChoiceField(label="Hình thức", choices=MeetingWay.choices)
    ballot = forms.ChoiceField(label="Cách biểu quyết", choices=Ballot.choices)
    quorum = forms.ChoiceField(label="Họp khi có mặt", choices=Share.choices)
    needed = forms.ChoiceField(label="Thông qua khi tán thành", choices=Share.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
