"""What is typed of scores."""

from collections.abc import Iterable

from django import forms

from common.forms import DayField
from recognition.services import LookPlan


class LookForm(forms.Form):
    """A request to members to look again at scores; which ones is chosen in the table beside it."""

    loi = forms.CharField(max_length=2000, error_messages={"required": "Xin ghi vì sao đề nghị xem lại."})
    han = DayField(label="Trả lời trước hết ngày")

    def plan(self, score_ids: Iterable[int]) -> LookPlan:
        """What was asked for, of a form that is valid."""
        return LookPlan(frozenset(score_ids), self.cleaned_data["loi"], self.cleaned_data["han"])
