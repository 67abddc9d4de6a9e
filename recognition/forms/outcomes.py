"""What is sent of a list of outcomes."""

from datetime import date
from typing import Any

from django import forms

from common.dates import read_day
from models_registry.forms import FileForm
from organisation.models import UnitVersion


class OutcomeListForm(FileForm):
    """A list of outcomes, and whose decision it is."""

    issuer = forms.ChoiceField(label="Cơ quan ban hành", error_messages={"required": "Chưa chọn cơ quan ban hành."})
    field_order = ("issuer", "file")

    def __init__(self, *args: Any, issuers: list[UnitVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["issuer"].choices = issuer_choices(issuers)  # type: ignore[attr-defined]


class OutcomeDecisionForm(forms.Form):
    """The decision that speaks for the rows of a list that name none."""

    issuer = forms.ChoiceField(label="Cơ quan ban hành")
    number = forms.CharField(label="Số quyết định", max_length=60, required=False)
    decided_on = forms.CharField(label="Ngày quyết định", max_length=40, required=False)

    def __init__(self, *args: Any, issuers: list[UnitVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["issuer"].choices = issuer_choices(issuers)  # type: ignore[attr-defined]

    def clean_decided_on(self) -> date | None:
        words = self.cleaned_data["decided_on"].strip()
        day = read_day(words) if words else None
        if words and day is None:
            raise forms.ValidationError(f"Ngày “{words}” không có thật hoặc không đọc được; viết ngày/tháng/năm.")
        return day


def issuer_choices(issuers: list[UnitVersion]) -> list[tuple[str, str]]:
    first = [("", "Chọn cơ quan")] if len(issuers) > 1 else []
    return first + [(version.unit.key, version.name) for version in issuers]
